import Testing

@testable import AttentionKernel

/// One problem with standard normal inputs.
private struct Problem: Sendable, CustomTestStringConvertible {
  let attention: DotProductAttention
  let queries: [Float]
  let keys: [Float]
  var values: [Float]
  var outputGradients: [Float]

  init(
    heads: Int = 1, queries: Int, keys: Int, d: Int, dv: Int? = nil, scale: Scale = .rootHeadDimension,
    mask: AttentionMask = .none, seed: UInt64 = 4
  ) throws {
    attention = try DotProductAttention(
      heads: heads, queries: queries, keys: keys, headDimension: d, valueDimension: dv, scale: scale,
      mask: mask)
    func normals(_ role: TensorRole, _ count: Int) -> [Float] {
      StandardNormals(seed: seed, role: role)(count: count)
    }
    self.queries = normals(.queries, heads * queries * d)
    self.keys = normals(.keys, heads * keys * d)
    values = normals(.values, heads * keys * attention.valueDimension)
    outputGradients = normals(.logits, heads * queries * attention.valueDimension)
  }

  var testDescription: String {
    "\(attention.heads) × \(attention.queries) × \(attention.keys), d \(attention.headDimension), "
      + "\(attention.valueDimension), \(attention.mask)"
  }

  func outputs(_ conditions: RunConditions = RunConditions()) throws -> DotProductAttention.Outputs {
    try attention.forward(queries: queries, keys: keys, values: values, under: conditions)
  }

  func gradients(_ conditions: RunConditions = RunConditions()) throws -> DotProductAttention.Gradients {
    try attention.backward(
      queries: queries, keys: keys, values: values, outputs: outputs(conditions),
      outputGradients: outputGradients, under: conditions)
  }

  func reference() throws -> DotProductAttention.ReferenceOutputs {
    try attention.reference(
      queries: queries.map(Double.init), keys: keys.map(Double.init), values: values.map(Double.init))
  }

  func referenceGradients() throws -> DotProductAttention.ReferenceGradients {
    try attention.referenceGradients(
      queries: queries.map(Double.init), keys: keys.map(Double.init), values: values.map(Double.init),
      outputGradients: outputGradients.map(Double.init))
  }
}

private func largestError(_ values: [Float], _ reference: [Double]) -> Double {
  zip(values, reference).reduce(0) { max($0, ($1.1 - Double($1.0)).magnitude) }
}

@Suite struct `Attention forward and backward` {
  // MARK: Against references

  /// Largest absolute errors of PyTorch 2.15 (binary32, one thread, AVX-512) on the same inputs, against its own binary64:
  /// outputs, gradients to queries, keys, values; and the last element of each in binary64.
  ///
  ///     y = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
  ///     torch.autograd.grad(y, (q, k, v), g)
  private static let peers: [(problem: [Int], errors: [Double], last: [Double])] = [
    (
      [2, 130, 300, 64, 64, 0], [3.91e-07, 4.09e-07, 3.62e-07, 2.05e-07],
      [-0.109013, -0.175893, -0.003923, -0.112158]
    ),
    (
      [3, 127, 127, 48, 65, 1], [6.93e-07, 7.64e-07, 1.41e-06, 2.48e-06],
      [-0.032739, 0.069726, -0.027080, -0.002355]
    ),
    (
      [1, 200, 64, 130, 100, 1], [6.99e-07, 7.43e-07, 7.75e-07, 1.22e-06],
      [-0.078972, -0.105413, 0.272754, -0.035131]
    ),
    (
      [1, 3, 1000, 64, 16, 0], [6.76e-08, 6.71e-08, 8.11e-09, 1.28e-08],
      [-0.021566, -0.005630, -0.000139, -0.001164]
    ),
    (
      [2, 97, 211, 13, 7, 0], [2.02e-07, 2.88e-07, 2.12e-07, 1.92e-07],
      [-0.086481, 0.016784, 0.017462, 0.002434]
    ),
    (
      [1, 257, 131, 1, 1, 0], [1.15e-07, 5.26e-07, 5.10e-07, 8.66e-07],
      [-0.243421, -0.221291, 0.370458, 0.154530]
    ),
    (
      [4, 32, 32, 64, 64, 0], [5.12e-07, 7.33e-07, 6.10e-07, 6.01e-07],
      [-0.081644, -0.001932, 1.355254, -0.437677]
    ),
  ]

  @Test(arguments: 0..<7)
  func `errors are at most one and a half times those of PyTorch on the same inputs`(number: Int) throws {
    let peer = Self.peers[number]
    let sizes = peer.problem
    let problem = try Problem(
      heads: sizes[0], queries: sizes[1], keys: sizes[2], d: sizes[3], dv: sizes[4],
      mask: sizes[5] == 1 ? .causal : .none)
    let reference = try problem.reference().values
    let referenceGradients = try problem.referenceGradients()
    let gradients = try problem.gradients()
    let pairs = [
      (try problem.outputs().values, reference), (gradients.queries, referenceGradients.queries),
      (gradients.keys, referenceGradients.keys), (gradients.values, referenceGradients.values),
    ]
    for (index, (values, expected)) in pairs.enumerated() {
      let error = largestError(values, expected)
      #expect(error <= 1.5 * peer.errors[index], "\(problem.testDescription), array \(index): \(error)")
      // The reference itself is what PyTorch's binary64 gives.
      #expect(((expected.last ?? .nan) - peer.last[index]).magnitude < 1e-6)
    }
  }

  @Test(arguments: [1, 2, 3, 15, 16, 17, 31, 33, 64, 100, 130])
  func `every dimension agrees with the definition`(d: Int) throws {
    for (queries, keys, mask) in [(1, 1, AttentionMask.none), (7, 13, .none), (65, 129, .causal)] {
      let problem = try Problem(heads: 2, queries: queries, keys: keys, d: d, dv: 131 - d, mask: mask)
      let reference = try problem.referenceGradients()
      let gradients = try problem.gradients()
      #expect(largestError(try problem.outputs().values, try problem.reference().values) < 1e-6)
      // Some units of 2⁻²⁴ of the gradients to the weights, which are sums of up to 130 terms, times keys and queries.
      let unit = Double(131 - d).squareRoot() * 0x1p-20
      #expect(largestError(gradients.queries, reference.queries) < unit)
      #expect(largestError(gradients.keys, reference.keys) < 4 * unit)
      #expect(largestError(gradients.values, reference.values) < 8e-6)
    }
  }

  @Test(arguments: [Scale.none, .rootHeadDimension(times: 2), .headDimension, .constant(1e-3)])
  func `every scale agrees with the definition`(scale: Scale) throws {
    let problem = try Problem(queries: 40, keys: 70, d: 16, scale: scale)
    let outputs = try problem.outputs()
    let reference = try problem.reference()
    // An error of a score of 2⁻²³ is one of a weight of 2⁻²³/divisor.
    let sharpness = max(1, problem.attention.factor)
    #expect(largestError(outputs.values, reference.values) < 3e-6 * sharpness)
    for (sum, expected) in zip(outputs.logSumExponentials, reference.logSumExponentials) {
      #expect((sum - expected).magnitude < 3e-6 * max(sharpness, expected.magnitude))
    }
  }

  @Test func `the reference's gradients are slopes of the reference`() throws {
    let problem = try Problem(heads: 2, queries: 3, keys: 5, d: 4, dv: 3, mask: .causal(firstPosition: 1))
    let gradients = try problem.referenceGradients()
    let inputs = [problem.queries, problem.keys, problem.values].map { $0.map(Double.init) }
    let weights = problem.outputGradients.map(Double.init)
    func loss(_ inputs: [[Double]]) throws -> Double {
      let outputs = try problem.attention.reference(queries: inputs[0], keys: inputs[1], values: inputs[2])
      return zip(outputs.values, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for (array, expected) in [gradients.queries, gradients.keys, gradients.values].enumerated() {
      for element in expected.indices {
        var (above, below) = (inputs, inputs)
        above[array][element] += 1e-5
        below[array][element] -= 1e-5
        let slope = (try loss(above) - loss(below)) / 2e-5
        #expect((slope - expected[element]).magnitude < 1e-9, "array \(array), element \(element)")
      }
    }
  }

  // MARK: Laws

  @Test(arguments: [AttentionMask.none, .causal]) func `the weights of a query sum to 1`(mask: AttentionMask)
    throws
  {
    var problem = try Problem(heads: 2, queries: 150, keys: 333, d: 32, dv: 3, mask: mask)
    problem.values = problem.values.map { _ in 1 }
    for output in try problem.outputs().values {
      #expect((Double(output) - 1).magnitude <= 4e-7 * 333.0.squareRoot())
    }
    for row in try problem.reference().weights.chunks(of: 333) {
      #expect((row.reduce(0, +) - 1).magnitude < 1e-14)
    }
  }

  @Test func `outputs are within the range of the values`() throws {
    let problem = try Problem(queries: 70, keys: 140, d: 8, dv: 1, scale: .none)
    let (low, high) = (problem.values.min() ?? 0, problem.values.max() ?? 0)
    for output in try problem.outputs().values { #expect((low - 1e-6...high + 1e-6).contains(output)) }
  }

  @Test func `a key far above all others gets all the weight, exactly`() throws {
    let attention = try DotProductAttention(queries: 1, keys: 300, headDimension: 1, valueDimension: 20)
    var keys = [Float](repeating: 0, count: 300)
    keys[217] = 1000
    let values = StandardNormals(seed: 1, role: .values)(count: 300 * 20)
    let outputs = try attention.forward(queries: [1], keys: keys, values: values)
    #expect(outputs.values == Array(values[217 * 20..<218 * 20]))
    #expect(outputs.exponentialSums == [1] && outputs.largestScores == [1000])
    let gradients = try attention.backward(
      queries: [1], keys: keys, values: values, outputs: outputs,
      outputGradients: [Float](repeating: 1, count: 20))
    // Of the gradient to the score, the difference of two sums of 20 terms, times the key.
    #expect(gradients.queries[0].magnitude < 1000 * 2e-6 && gradients.keys[217].magnitude < 2e-6)
    #expect(
      gradients.values == [Float](repeating: 0, count: 217 * 20) + [Float](repeating: 1, count: 20)
        + [Float](repeating: 0, count: 82 * 20))
  }

  @Test func `equal keys are averaged`() throws {
    let problem = try Problem(queries: 5, keys: 77, d: 3, dv: 2)
    let keys = [Float](repeating: 0.5, count: 77 * 3)
    let outputs = try problem.attention.forward(queries: problem.queries, keys: keys, values: problem.values)
    for column in 0..<2 {
      let mean = stride(from: column, to: 154, by: 2).reduce(0.0) { $0 + Double(problem.values[$1]) } / 77
      for row in 0..<5 { #expect((Double(outputs.values[row * 2 + column]) - mean).magnitude < 1e-6) }
    }
    #expect(outputs.exponentialSums == [77, 77, 77, 77, 77])
  }

  @Test func `with equal values no score matters`() throws {
    var problem = try Problem(heads: 2, queries: 70, keys: 130, d: 24, dv: 5)
    problem.values = (0..<problem.values.count).map { Float($0 % 5) - 2 }
    let gradients = try problem.gradients()
    // The differences of equal numbers, each a sum of five terms of size up to 8.
    for gradient in gradients.queries + gradients.keys { #expect(gradient.magnitude < 3e-5) }
  }

  @Test(arguments: [AttentionMask.none, .causal(firstPosition: 100)])
  func `the gradients to the values sum to the gradients to the outputs`(mask: AttentionMask) throws {
    let problem = try Problem(queries: 90, keys: 640, d: 8, dv: 4, mask: mask)
    let gradients = try problem.gradients().values
    for column in 0..<4 {
      let sum = stride(from: column, to: gradients.count, by: 4).reduce(0.0) { $0 + Double(gradients[$1]) }
      let expected = stride(from: column, to: 360, by: 4).reduce(0.0) {
        $0 + Double(problem.outputGradients[$1])
      }
      #expect((sum - expected).magnitude < 2e-5)
    }
  }

  @Test func `moving all keys alike moves no weight`() throws {
    // Half-integers, so that the moved keys and scores are exact.
    let problem = try Problem(queries: 30, keys: 200, d: 4, dv: 6)
    let queries = problem.queries.map { ($0 * 4).rounded() / 4 }
    let keys = problem.keys.map { ($0 * 4).rounded() / 4 }
    let there = try problem.attention.forward(queries: queries, keys: keys, values: problem.values)
    let moved = try problem.attention.forward(
      queries: queries, keys: keys.map { $0 + 8 }, values: problem.values)
    #expect(there.values == moved.values && there.exponentialSums == moved.exponentialSums)
  }

  // MARK: Bits

  @Test func `a hidden key changes nothing`() throws {
    let problem = try Problem(heads: 2, queries: 100, keys: 100, d: 17, dv: 9, mask: .causal)
    let whole = try problem.outputs()
    let half = try DotProductAttention(
      heads: 2, queries: 50, keys: 50, headDimension: 17, valueDimension: 9, mask: .causal)
    func halves(_ array: [Float], _ width: Int) -> [Float] {
      Array(array[..<(50 * width)] + array[100 * width..<150 * width])
    }
    let first = try half.forward(
      queries: halves(problem.queries, 17), keys: halves(problem.keys, 17), values: halves(problem.values, 9))
    #expect(first.values == halves(whole.values, 9))
    #expect(first.exponentialSums == halves(whole.exponentialSums, 1))
  }

  @Test func `queries at later positions are the end of the whole`() throws {
    let problem = try Problem(queries: 300, keys: 300, d: 20, dv: 33, mask: .causal)
    let whole = try problem.outputs()
    for first in [0, 1, 64, 130, 299] {
      let tail = try DotProductAttention(
        queries: 300 - first, keys: 300, headDimension: 20, valueDimension: 33,
        mask: .causal(firstPosition: first))
      let outputs = try tail.forward(
        queries: Array(problem.queries[(first * 20)...]), keys: problem.keys, values: problem.values)
      #expect(outputs.values == Array(whole.values[(first * 33)...]), "from \(first)")
    }
  }

  @Test func `columns of the values don't influence each other`() throws {
    let wide = try Problem(queries: 20, keys: 150, d: 9, dv: 37)
    let outputs = try wide.outputs().values
    for dv in [1, 5, 16, 20, 32] {
      let narrow = try DotProductAttention(queries: 20, keys: 150, headDimension: 9, valueDimension: dv)
      let values = wide.values.chunks(of: 37).flatMap { $0.prefix(dv) }
      #expect(
        try narrow.forward(queries: wide.queries, keys: wide.keys, values: values).values
          == outputs.chunks(of: 37).flatMap { $0.prefix(dv) })
    }
  }

  @Test(arguments: InstructionSet.supported, [1, 2, 4])
  func `outputs and gradients have the known bits`(set: InstructionSet, threads: Int) throws {
    var hash = BitHash()
    let problems = [
      try Problem(heads: 2, queries: 70, keys: 150, d: 33, dv: 20),
      try Problem(heads: 1, queries: 130, keys: 1100, d: 8, dv: 3, scale: .none),
      try Problem(heads: 3, queries: 67, keys: 67, d: 16, mask: .causal),
      try Problem(heads: 16, queries: 128, keys: 128, d: 16),
    ]
    for problem in problems {
      let conditions = RunConditions(threads: threads, instructionSet: set)
      let outputs = try problem.outputs(conditions)
      let gradients = try problem.gradients(conditions)
      hash.add(outputs.values)
      hash.add(outputs.largestScores)
      hash.add(outputs.exponentialSums)
      hash.add(gradients.queries)
      hash.add(gradients.keys)
      hash.add(gradients.values)
    }
    #expect(hash.value == 9_443_390_970_160_144_012)
  }

  // MARK: What is refused

  @Test func `sizes, scales and numbers that make no sense are refused`() throws {
    #expect(throws: KernelError.sizeTooSmall(name: "keys", value: 0, minimum: 1)) {
      try DotProductAttention(queries: 1, keys: 0, headDimension: 1)
    }
    #expect(throws: KernelError.invalidScale(0)) {
      try DotProductAttention(queries: 1, keys: 1, headDimension: 1, scale: .constant(0))
    }
    #expect(throws: KernelError.sizeTooSmall(name: "firstPosition", value: -1, minimum: 0)) {
      try DotProductAttention(queries: 1, keys: 1, headDimension: 1, mask: .causal(firstPosition: -1))
    }
    #expect(throws: KernelError.self) {
      try DotProductAttention(heads: .max, queries: .max, keys: .max, headDimension: .max)
    }
    let problem = try Problem(queries: 3, keys: 400, d: 2)
    #expect(throws: KernelError.mismatchedShapes(name: "values", expected: 800, actual: 799)) {
      try problem.attention.forward(
        queries: problem.queries, keys: problem.keys, values: problem.values.dropLast())
    }
    for (index, bad) in [(0, Float.nan), (255, .infinity), (256, -.infinity), (799, .nan)] {
      var keys = problem.keys
      keys[index] = bad
      #expect(throws: KernelError.nonFiniteValue(index: index)) {
        try problem.attention.forward(queries: problem.queries, keys: keys, values: problem.values)
      }
    }
    #expect(throws: KernelError.overflow(name: "scores")) {
      try problem.attention.forward(
        queries: problem.queries.map { $0 * 1e30 }, keys: problem.keys.map { $0 * 1e30 },
        values: problem.values)
    }
  }

  @Test func `a huge first position shows all keys`() throws {
    let open = try Problem(queries: 3, keys: 20, d: 2)
    let late = try Problem(queries: 3, keys: 20, d: 2, mask: .causal(firstPosition: .max))
    #expect(try open.outputs() == late.outputs())
    #expect(try open.reference() == late.reference())
  }

  @Test func `a cancelled pass stops`() throws {
    let problem = try Problem(heads: 4, queries: 64, keys: 128, d: 64)
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: KernelError.cancelled) { try problem.outputs(RunConditions(cancellation: cancellation)) }
  }
}

extension Array {
  /// The elements, `count` at a time.
  func chunks(of count: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
  }
}
