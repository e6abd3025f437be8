import Testing

@testable import AttentionKernel

/// A layer with first parameters and a batch, all normal.
private struct Example: Sendable, CustomTestStringConvertible {
  let layer: AttentionLayer
  let batch: AttentionLayerBatch
  let parameters: [Float]
  let testDescription: String

  init(
    sequences: Int, queries: Int, keys: Int, model: Int, d: Int, dv: Int, output: Int,
    scale: Scale = .rootHeadDimension, mask: AttentionMask = .none,
    objective: AttentionLayer.Objective = .regression
  ) throws {
    layer = try AttentionLayer(
      queries: queries, keys: keys, modelDimension: model, headDimension: d, valueDimension: dv,
      outputDimension: output, scale: scale, mask: mask, objective: objective)
    let rows = sequences * queries
    let target: AttentionLayerBatch.Target =
      if case .classification(let classes) = objective {
        .classes((0..<rows).map { ($0 * $0 + 1) % classes })
      } else {
        .outputs(StandardNormals(seed: 2, role: .targets)(count: rows * output))
      }
    batch = AttentionLayerBatch(
      sequences: sequences, queryInputs: StandardNormals(seed: 2, role: .queryInputs)(count: rows * model),
      keyInputs: StandardNormals(seed: 2, role: .keyInputs)(count: sequences * keys * model), target: target)
    parameters = layer.normalParameters(seed: 2)
    testDescription = "\(sequences) × \(queries) × \(keys), \(model) → \(d), \(dv) → \(output), \(objective)"
  }

  func reference() throws -> AttentionLayer.ReferenceGradients {
    try layer.reference(parameters.map(Double.init), batch)
  }

  static let all: [Example] = {
    do {
      return [
        try Example(sequences: 1, queries: 1, keys: 1, model: 1, d: 1, dv: 1, output: 1),
        try Example(sequences: 3, queries: 4, keys: 5, model: 7, d: 3, dv: 2, output: 6),
        try Example(
          sequences: 2, queries: 3, keys: 4, model: 5, d: 6, dv: 7, output: 8,
          objective: .classification(classes: 3)),
        try Example(
          sequences: 17, queries: 1, keys: 16, model: 32, d: 32, dv: 32, output: 32,
          objective: .classification(classes: 16)),
        try Example(
          sequences: 9, queries: 33, keys: 33, model: 17, d: 20, dv: 15, output: 5, mask: .causal),
        try Example(
          sequences: 2, queries: 70, keys: 300, model: 16, d: 16, dv: 16, output: 16,
          scale: .rootHeadDimension(times: 2)),
      ]
    } catch {
      preconditionFailure("\(error)")
    }
  }()
}

private func rootMeanSquare(_ values: [Double]) -> Double {
  (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
}

@Suite struct `A layer that learns` {
  @Test(arguments: Example.all)
  private func `loss and gradients agree with the definition`(example: Example) throws {
    let reference = try example.reference()
    let gradients = try example.layer.gradients(example.parameters, example.batch)
    #expect((gradients.loss.value - reference.loss).magnitude < 1e-6 * max(1, reference.loss))
    #expect(gradients.loss.correct == reference.correct)
    #expect(try example.layer.loss(example.parameters, example.batch) == gradients.loss)
    let pairs = [
      (gradients.parameters, reference.parameters), (gradients.queryInputs, reference.queryInputs),
      (gradients.keyInputs, reference.keyInputs),
    ]
    for (index, (fast, exact)) in pairs.enumerated() {
      // Some roundings of terms as large as the typical gradient; a single key's weight is 1 and its score moves nothing.
      let unit = max(1e-6, rootMeanSquare(exact))
      let error = zip(fast, exact).reduce(0) { max($0, ($1.1 - Double($1.0)).magnitude) }
      #expect(error < 2e-5 * unit, "array \(index): \(error / unit)")
    }
  }

  @Test(arguments: 0..<5)
  func `the reference's gradients are slopes of the loss`(number: Int) throws {
    let mask = number == 3 ? AttentionMask.causal : .none
    let objective = number == 2 ? AttentionLayer.Objective.classification(classes: 4) : .regression
    let example = try Example(
      sequences: 2, queries: 3, keys: number == 3 ? 3 : 4, model: 3, d: 2, dv: number == 4 ? 1 : 3, output: 2,
      scale: number == 1 ? .none : .rootHeadDimension, mask: mask, objective: objective)
    let exact = try example.reference()
    var arrays = [example.parameters, example.batch.queryInputs, example.batch.keyInputs]
      .map { $0.map(Double.init) }
    func loss() throws -> Double {
      try example.layer.reference(
        arrays[0], example.batch, queryInputs: arrays[1], keyInputs: arrays[2]
      ).loss
    }
    for (array, gradients) in [exact.parameters, exact.queryInputs, exact.keyInputs].enumerated() {
      for index in gradients.indices {
        let before = arrays[array][index]
        arrays[array][index] = before + 1e-5
        let above = try loss()
        arrays[array][index] = before - 1e-5
        let slope = (above - (try loss())) / 2e-5
        arrays[array][index] = before
        #expect((slope - gradients[index]).magnitude < 1e-8, "array \(array), \(index)")
      }
    }
  }

  @Test func `parameters lie one matrix after the other`() throws {
    let layer = try AttentionLayer(
      queries: 1, keys: 2, modelDimension: 3, headDimension: 4, valueDimension: 5, outputDimension: 6,
      objective: .classification(classes: 7))
    let ranges = AttentionLayer.Matrix.allCases.map { layer.range(of: $0) }
    #expect(ranges == [0..<12, 12..<24, 24..<39, 39..<69, 69..<111])
    #expect(layer.parameterCount == 111)
    let plain = try AttentionLayer(queries: 1, keys: 2, modelDimension: 3)
    #expect(plain.range(of: .readout) == 36..<36 && plain.parameterCount == 36)
  }

  @Test func `first parameters have variance 1 over the rows, the gain apart`() throws {
    let layer = try AttentionLayer(queries: 1, keys: 1, modelDimension: 64, headDimension: 100)
    let (plain, gained) = (
      layer.normalParameters(seed: 1), layer.normalParameters(seed: 1, queryKeyGain: 2)
    )
    for matrix in AttentionLayer.Matrix.allCases.dropLast() {
      let range = layer.range(of: matrix)
      let values = plain[range].map(Double.init)
      let expected = 1 / Double(layer.shape(of: matrix).rows).squareRoot()
      #expect((rootMeanSquare(values) / expected - 1).magnitude < 0.05)
      let gain: Float = matrix == .queryProjection || matrix == .keyProjection ? 2 : 1
      #expect(Array(gained[range]) == plain[range].map { $0 * gain })
    }
  }

  @Test func `without a difference between classes the loss is the logarithm of their number`() throws {
    let example = Example.all[2]
    let parameters = [Float](repeating: 0, count: example.layer.parameterCount)
    let loss = try example.layer.loss(parameters, example.batch)
    #expect((loss.value - 1.0986122886681098).magnitude < 1e-15)
    // Of equal logits the first counts.
    guard case .classes(let classes) = example.batch.target else { return }
    #expect(loss.correct == classes.count { $0 == 0 })
  }

  @Test(arguments: InstructionSet.supported, [1, 2, 4])
  func `losses and gradients have the known bits`(set: InstructionSet, threads: Int) throws {
    var hash = BitHash()
    for example in Example.all {
      let gradients = try example.layer.gradients(
        example.parameters, example.batch, under: RunConditions(threads: threads, instructionSet: set))
      hash.add([Float(gradients.loss.value)])
      hash.add(gradients.parameters)
      hash.add(gradients.queryInputs)
      hash.add(gradients.keyInputs)
    }
    #expect(hash.value == 10_719_456_297_648_938_142)
  }

  // MARK: What is refused

  @Test func `sizes, numbers and targets that make no sense are refused`() throws {
    #expect(throws: KernelError.sizeTooSmall(name: "classes", value: 1, minimum: 2)) {
      try AttentionLayer(queries: 1, keys: 1, modelDimension: 1, objective: .classification(classes: 1))
    }
    #expect(throws: KernelError.sizeTooSmall(name: "modelDimension", value: 0, minimum: 1)) {
      try AttentionLayer(queries: 1, keys: 1, modelDimension: 0, headDimension: 1)
    }
    #expect(throws: KernelError.self) {
      try AttentionLayer(queries: 1, keys: 1, modelDimension: 1 << 31, headDimension: 1 << 31)
    }
    let (regression, classes) = (Example.all[1], Example.all[2])
    #expect(throws: KernelError.contradiction("classes", "regression")) {
      try regression.layer.loss(regression.parameters, classes.batch)
    }
    #expect(throws: KernelError.self) {
      try classes.layer.loss(regression.parameters, classes.batch)
    }
    let batch = classes.batch
    for (value, index) in [(3, 2), (-1, 5)] {
      var targets = [Int](repeating: 0, count: 6)
      targets[index] = value
      let bad = AttentionLayerBatch(
        sequences: 2, queryInputs: batch.queryInputs, keyInputs: batch.keyInputs, target: .classes(targets))
      #expect(throws: KernelError.invalidClass(index: index, value: value, classes: 3)) {
        try classes.layer.gradients(classes.parameters, bad)
      }
    }
    for sequences in [0, -1, 3, Int.max] {
      let bad = AttentionLayerBatch(
        sequences: sequences, queryInputs: batch.queryInputs, keyInputs: batch.keyInputs,
        target: batch.target)
      #expect(throws: KernelError.self) { try classes.layer.loss(classes.parameters, bad) }
    }
    var parameters = regression.parameters
    parameters[11] = .nan
    #expect(throws: KernelError.nonFiniteValue(index: 11)) {
      try regression.layer.loss(parameters, regression.batch)
    }
    #expect(throws: KernelError.overflow(name: "outputs")) {
      try regression.layer.loss(regression.parameters.map { $0 * 1e30 }, regression.batch)
    }
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: KernelError.cancelled) {
      try regression.layer.loss(
        regression.parameters, regression.batch, under: RunConditions(cancellation: cancellation))
    }
  }
}
