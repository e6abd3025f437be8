/// 1/√2, what a sum of two vectors is multiplied by.
private let pairFactor = 0x1.6a09e667f3bcdp-1

/// Embeddings of keys and values, in binary32 or binary64.
private struct RecallEmbeddings<Number: BinaryFloatingPoint & Sendable>: Sendable {
  let width: Int
  /// `[keyVocabulary, width]`.
  var keys: [Number]
  /// `[valueVocabulary, width]`.
  var values: [Number]

  /// What the queries of sequences are projected from, `[sequences, width]`.
  func queryInputs(_ sequences: RecallTask.Sequences) -> [Number] {
    var inputs = [Number](repeating: 0, count: sequences.askedKeys.count * width)
    for (row, key) in sequences.askedKeys.enumerated() {
      for index in 0..<width { inputs[row * width + index] = keys[key * width + index] }
    }
    return inputs
  }

  /// What keys and values are projected from, `[sequences, pairs, width]`.
  func keyInputs(_ sequences: RecallTask.Sequences) -> [Number] {
    let factor = Number(pairFactor)
    var inputs = [Number](repeating: 0, count: sequences.keys.count * width)
    for (row, (key, value)) in zip(sequences.keys, sequences.values).enumerated() {
      for index in 0..<width {
        inputs[row * width + index] = (keys[key * width + index] + values[value * width + index]) * factor
      }
    }
    return inputs
  }

  /// The gradients with respect to the embeddings from those with respect to the inputs, added up in the order of rows.
  func gradients(
    _ sequences: RecallTask.Sequences, queryInputs: UnsafePointer<Number>, keyInputs: UnsafePointer<Number>
  ) -> RecallEmbeddings {
    let factor = Number(pairFactor)
    var gradients = RecallEmbeddings(
      width: width, keys: [Number](repeating: 0, count: keys.count),
      values: [Number](repeating: 0, count: values.count))
    for (row, (key, value)) in zip(sequences.keys, sequences.values).enumerated() {
      for index in 0..<width {
        let gradient = keyInputs[row * width + index] * factor
        gradients.keys[key * width + index] += gradient
        gradients.values[value * width + index] += gradient
      }
    }
    for (row, key) in sequences.askedKeys.enumerated() {
      for index in 0..<width { gradients.keys[key * width + index] += queryInputs[row * width + index] }
    }
    return gradients
  }
}

extension RecallTraining {
  /// The first embeddings.
  fileprivate var embeddings: RecallEmbeddings<Float> {
    func normals(_ role: TensorRole, _ vocabulary: Int) -> [Float] {
      StandardNormals(seed: seed, role: role)(count: vocabulary * modelDimension)
    }
    return RecallEmbeddings(
      width: modelDimension, keys: normals(.keyEmbeddings, task.keyVocabulary),
      values: normals(.valueEmbeddings, task.valueVocabulary))
  }
}

/// What is learned, in the middle of a training.
struct RecallModel {
  /// The parameters of the layer.
  private(set) var matrices: [Float]
  private var embeddings: RecallEmbeddings<Float>
  private var matrixStates: LayerOptimizerStates
  private var keyState: OptimizerState
  private var valueState: OptimizerState

  init(_ training: RecallTraining) throws(KernelError) {
    matrices = training.layer.normalParameters(seed: training.seed, queryKeyGain: training.queryKeyGain)
    embeddings = training.embeddings
    matrixStates = try training.optimizers.states(training.layer)
    keyState = try OptimizerState(training.optimizers.all, count: embeddings.keys.count)
    valueState = try OptimizerState(training.optimizers.all, count: embeddings.values.count)
  }

  func batch(_ sequences: RecallTask.Sequences) -> AttentionLayerBatch {
    AttentionLayerBatch(
      sequences: sequences.answers.count, queryInputs: embeddings.queryInputs(sequences),
      keyInputs: embeddings.keyInputs(sequences), target: .classes(sequences.answers))
  }

  /// Moves everything against the gradients of a pass; returns whether it stayed finite.
  mutating func step(
    _ sequences: RecallTask.Sequences, _ pass: AttentionLayerPass, using set: InstructionSet
  ) -> Bool {
    let gradients = embeddings.gradients(
      sequences, queryInputs: pass.queryInputGradients.base, keyInputs: pass.keyInputGradients.base)
    guard gradients.keys.areFinite, gradients.values.areFinite else { return false }
    matrixStates.move(&matrices, against: pass.gradients, using: set)
    keyState.move(&embeddings.keys, against: gradients.keys, using: set)
    valueState.move(&embeddings.values, against: gradients.values, using: set)
    return matrices.areFinite && embeddings.keys.areFinite && embeddings.values.areFinite
  }
}

/// The held-out sequences of a training, judged some at a time: memory doesn't grow with their number.
struct RecallJudge {
  /// How many sequences are judged together at most; losses of these are added up in their order.
  static let sequencesAtOnce = 1024

  private let training: RecallTraining
  private let pass: AttentionLayerPass
  /// For what is left after the last whole piece; `nil` for nothing.
  private let lastPass: AttentionLayerPass?
  /// The first piece, which usually is all of them.
  private let first: RecallTask.Sequences

  init(_ training: RecallTraining) {
    self.training = training
    let count = min(training.heldOut, Self.sequencesAtOnce)
    pass = AttentionLayerPass(training.layer, sequences: count, wants: .loss)
    let rest = training.heldOut % count
    lastPass = rest == 0 ? nil : AttentionLayerPass(training.layer, sequences: rest, wants: .loss)
    first = training.task.sequences(count, seed: training.seed, role: .heldOutSequences)
  }

  /// Returns how well a model does; `nil` where its loss is not finite.
  func evaluation(
    of model: RecallModel, after steps: Int, under conditions: RunConditions
  ) throws(KernelError) -> RecallTraining.Evaluation? {
    var (loss, correct) = (0.0, 0)
    for start in stride(from: 0, to: training.heldOut, by: pass.sequences) {
      let isWhole = training.heldOut - start >= pass.sequences
      guard let pass = isWhole ? pass : lastPass else { continue }
      let sequences =
        start == 0
        ? first
        : training.task.sequences(
          pass.sequences, startingAt: UInt64(start), seed: training.seed, role: .heldOutSequences)
      let judged = try pass.run(model.matrices, model.batch(sequences), under: conditions)
      guard judged.value.isFinite else { return nil }
      loss += judged.value * Double(pass.sequences)
      correct += judged.correct ?? 0
    }
    let count = Double(training.heldOut)
    return RecallTraining.Evaluation(steps: steps, loss: loss / count, accuracy: Double(correct) / count)
  }
}

/// What is learned, in binary64.
struct ReferenceRecallModel {
  private let layer: AttentionLayer
  private var matrices: [Double]
  private var embeddings: RecallEmbeddings<Double>
  private var matrixStates: ReferenceLayerOptimizerStates
  private var keyState: ReferenceOptimizerState
  private var valueState: ReferenceOptimizerState

  init(_ training: RecallTraining) throws(KernelError) {
    layer = training.layer
    matrices = layer.normalParameters(seed: training.seed, queryKeyGain: training.queryKeyGain)
      .map(Double.init)
    let first = training.embeddings
    embeddings = RecallEmbeddings(
      width: first.width, keys: first.keys.map(Double.init), values: first.values.map(Double.init))
    matrixStates = try training.optimizers.referenceStates(layer)
    keyState = try ReferenceOptimizerState(training.optimizers.all, count: first.keys.count)
    valueState = try ReferenceOptimizerState(training.optimizers.all, count: first.values.count)
  }

  /// Takes one step and returns the loss before it.
  mutating func step(_ sequences: RecallTask.Sequences) throws(KernelError) -> Double {
    let (queryInputs, keyInputs) = (embeddings.queryInputs(sequences), embeddings.keyInputs(sequences))
    // The batch says the classes; its inputs are not looked at, but for their sizes.
    let batch = AttentionLayerBatch(
      sequences: sequences.answers.count, queryInputs: queryInputs.map { Float($0) },
      keyInputs: keyInputs.map { Float($0) }, target: .classes(sequences.answers))
    let found = try layer.reference(matrices, batch, queryInputs: queryInputs, keyInputs: keyInputs)
    let gradients = embeddings.gradients(
      sequences, queryInputs: found.queryInputs, keyInputs: found.keyInputs)
    try matrixStates.move(&matrices, against: found.parameters)
    try keyState.update(&embeddings.keys, gradients: gradients.keys)
    try valueState.update(&embeddings.values, gradients: gradients.values)
    return found.loss
  }
}
