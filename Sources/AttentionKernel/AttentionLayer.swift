/// A layer of single-head attention that learns: projections, attention, an output projection, and a loss.
///
/// With inputs X_q of the queries and X_k of the keys (the same ones for self-attention) of each sequence:
/// `Q = X_q Wq`, `K = X_k Wk`, `V = X_k Wv`, `A = softmax(Q Kᵀ / scale) V`, `Y = A Wo`. What the loss is, ``Objective`` says.
///
/// All parameters lie in one array, matrix after matrix in the order of ``Matrix``, each row by row and as far as the layer
/// has it: ``range(of:)`` says where. All arrays of a batch are row by row, sequence after sequence.
///
/// Computed in binary32, losses and softmax of classes in binary64. Sequences are taken about 128 rows at a time
/// (``sequencesPerChunk``), and what chunks add to gradients is added up in their order: bits depend on the inputs and the
/// sizes only, not on the threads or the instruction set.
public struct AttentionLayer: Hashable, Sendable {
  /// What the layer is meant to do.
  public enum Objective: Hashable, Sendable {
    /// Y shall be given numbers; the loss is the mean of the squared differences, over all entries.
    case regression
    /// The logits `Y · readout` of each query shall be largest at a given class, 0 ..< classes; the loss is the mean of
    /// `ln Σ exp(logits) − logit of the class`, in nats.
    case classification(classes: Int)
  }

  /// A matrix of parameters.
  public enum Matrix: Int, CaseIterable, Sendable {
    /// Wq, `[modelDimension, headDimension]`.
    case queryProjection
    /// Wk, `[modelDimension, headDimension]`.
    case keyProjection
    /// Wv, `[modelDimension, valueDimension]`.
    case valueProjection
    /// Wo, `[valueDimension, outputDimension]`.
    case outputProjection
    /// The readout, `[outputDimension, classes]`; no rows without classes.
    case readout

    /// The stream of its first values.
    var role: TensorRole {
      switch self {
      case .queryProjection: .queryProjection
      case .keyProjection: .keyProjection
      case .valueProjection: .valueProjection
      case .outputProjection: .outputProjection
      case .readout: .readout
      }
    }
  }

  /// The components of an input.
  public let modelDimension: Int
  /// The components of an output Y.
  public let outputDimension: Int
  /// What the layer is meant to do.
  public let objective: Objective
  /// The attention of one sequence.
  public let attention: DotProductAttention

  /// Describes a layer.
  ///
  /// - Parameters:
  ///   - queries: Queries of a sequence, at least 1.
  ///   - keys: Keys of a sequence, at least 1.
  ///   - modelDimension: Components of an input, at least 1.
  ///   - headDimension: Components of a query; those of an input unless given.
  ///   - valueDimension: Components of a value; those of a query unless given.
  ///   - outputDimension: Components of an output; those of an input unless given.
  ///   - scale: What scores are divided by, 2⁻¹⁰⁰ … 2¹⁰⁰.
  ///   - mask: Which keys a query sees.
  ///   - objective: What the layer is meant to do.
  /// - Throws: ``KernelError``.
  public init(
    queries: Int, keys: Int, modelDimension: Int, headDimension: Int? = nil, valueDimension: Int? = nil,
    outputDimension: Int? = nil, scale: Scale = .rootHeadDimension, mask: AttentionMask = .none,
    objective: Objective = .regression
  ) throws(KernelError) {
    let outputDimension = outputDimension ?? modelDimension
    try KernelError.require("modelDimension", modelDimension)
    try KernelError.require("outputDimension", outputDimension)
    if case .classification(let classes) = objective {
      try KernelError.require("classes", classes, atLeast: 2)
    }
    attention = try DotProductAttention(
      queries: queries, keys: keys, headDimension: headDimension ?? modelDimension,
      valueDimension: valueDimension ?? headDimension ?? modelDimension, scale: scale, mask: mask)
    self.modelDimension = modelDimension
    self.outputDimension = outputDimension
    self.objective = objective
    for matrix in Matrix.allCases {
      let (rows, columns) = shape(of: matrix)
      guard (64 * (Saturating(rows) + 16) * (Saturating(columns) + 16)).value < .max else {
        throw .sizeTooLarge(name: "modelDimension", maximum: .max / 64)
      }
    }
  }

  // MARK: Parameters

  /// The rows and columns of a matrix.
  public func shape(of matrix: Matrix) -> (rows: Int, columns: Int) {
    switch matrix {
    case .queryProjection, .keyProjection: (modelDimension, attention.headDimension)
    case .valueProjection: (modelDimension, attention.valueDimension)
    case .outputProjection: (attention.valueDimension, outputDimension)
    case .readout: classes.map { (outputDimension, $0) } ?? (0, 0)
    }
  }

  /// Where a matrix lies among the parameters.
  public func range(of matrix: Matrix) -> Range<Int> {
    var start = 0
    for earlier in Matrix.allCases.prefix(matrix.rawValue) {
      let (rows, columns) = shape(of: earlier)
      start += rows * columns
    }
    let (rows, columns) = shape(of: matrix)
    return start..<start + rows * columns
  }

  /// The number of parameters.
  public var parameterCount: Int { range(of: .readout).upperBound }

  /// Parameters as they are before a training: normal with variance 1/rows of their matrix.
  ///
  /// - Parameters:
  ///   - seed: Each matrix draws from a stream of its own.
  ///   - queryKeyGain: What Wq and Wk are multiplied by.
  /// - Returns: `[parameterCount]`.
  public func normalParameters(seed: UInt64, queryKeyGain: Double = 1) -> [Float] {
    Matrix.allCases.flatMap { matrix in
      let (rows, columns) = shape(of: matrix)
      var factor = rows > 0 ? 1 / Double(rows).squareRoot() : 0
      if matrix == .queryProjection || matrix == .keyProjection { factor *= queryKeyGain }
      return StandardNormals(seed: seed, role: matrix.role)(count: rows * columns).map { $0 * Float(factor) }
    }
  }

  // MARK: Sizes

  var classes: Int? {
    if case .classification(let classes) = objective { classes } else { nil }
  }

  /// How many numbers the layer says of a query.
  var resultWidth: Int { classes ?? outputDimension }

  /// How many sequences are computed together; part of the numeric contract.
  public var sequencesPerChunk: Int { max(1, 128 / max(attention.queries, attention.keys)) }

  /// About as many floating-point operations as a forward pass of a sequence needs.
  var forwardOperations: Double {
    let (queries, keys) = (Double(attention.queries), Double(attention.keys))
    let (d, dv) = (Double(attention.headDimension), Double(attention.valueDimension))
    let model = Double(modelDimension)
    let ends = dv * Double(outputDimension) + Double(outputDimension * (classes ?? 0))
    return 2 * (queries * (model * d + ends) + keys * model * (d + dv) + queries * keys * (d + dv))
  }
}

/// Sequences for a layer, with what it is meant to make of them.
public struct AttentionLayerBatch: Hashable, Sendable {
  /// What the layer is meant to make of the sequences.
  public enum Target: Hashable, Sendable {
    /// For regression, `[sequences, queries, outputDimension]`, finite.
    case outputs([Float])
    /// For classification, `[sequences, queries]`, each 0 ..< classes.
    case classes([Int])
  }

  /// The number of sequences.
  public let sequences: Int
  /// What queries are projected from, `[sequences, queries, modelDimension]`, finite.
  public let queryInputs: [Float]
  /// What keys and values are projected from, `[sequences, keys, modelDimension]`, finite.
  public let keyInputs: [Float]
  /// What the layer is meant to make of them.
  public let target: Target

  /// A batch; whether it fits a layer, that layer checks.
  public init(sequences: Int, queryInputs: [Float], keyInputs: [Float], target: Target) {
    self.sequences = sequences
    self.queryInputs = queryInputs
    self.keyInputs = keyInputs
    self.target = target
  }
}

extension AttentionLayer {
  /// How well parameters do on a batch.
  public struct Loss: Hashable, Sendable {
    /// The loss.
    public let value: Double
    /// The queries whose class has the largest logit, the first of equal ones counting; `nil` for regression.
    public let correct: Int?
  }

  /// A loss and its gradients.
  public struct Gradients: Hashable, Sendable {
    /// The loss.
    public let loss: Loss
    /// With respect to the parameters, `[parameterCount]`.
    public let parameters: [Float]
    /// With respect to the inputs of the queries.
    public let queryInputs: [Float]
    /// With respect to the inputs of the keys and values. For self-attention, both add up.
    public let keyInputs: [Float]
  }

  /// Returns the loss of parameters on a batch.
  ///
  /// - Parameters:
  ///   - parameters: `[parameterCount]`, finite.
  ///   - batch: The sequences.
  ///   - conditions: Threads share the sequences; cancellation is checked after each chunk of them.
  /// - Throws: ``KernelError`` before any arithmetic; ``KernelError/overflow(name:)`` where the loss leaves the range of
  ///   numbers; ``KernelError/cancelled``.
  public func loss(
    _ parameters: [Float], _ batch: AttentionLayerBatch, under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> Loss {
    try check(parameters, batch)
    let pass = AttentionLayerPass(self, sequences: batch.sequences, wants: .loss)
    let loss = try pass.run(parameters, batch, under: conditions)
    guard loss.value.isFinite else { throw .overflow(name: "outputs") }
    return loss
  }

  /// Returns the loss of parameters on a batch with its gradients.
  ///
  /// - Parameters: As for ``loss(_:_:under:)``.
  /// - Throws: As ``loss(_:_:under:)``; ``KernelError/overflow(name:)`` for gradients too.
  public func gradients(
    _ parameters: [Float], _ batch: AttentionLayerBatch, under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> Gradients {
    try check(parameters, batch)
    let pass = AttentionLayerPass(self, sequences: batch.sequences, wants: .inputGradients)
    let loss = try pass.run(parameters, batch, under: conditions)
    guard loss.value.isFinite else { throw .overflow(name: "outputs") }
    let gradients = Gradients(
      loss: loss, parameters: pass.gradients.array, queryInputs: pass.queryInputGradients.array,
      keyInputs: pass.keyInputGradients.array)
    guard gradients.parameters.areFinite, gradients.queryInputs.areFinite, gradients.keyInputs.areFinite
    else { throw .overflow(name: "gradients") }
    return gradients
  }

  func check(_ parameters: [Float], _ batch: AttentionLayerBatch) throws(KernelError) {
    try KernelError.requireShape("parameters", count: parameters.count, rows: parameterCount, columns: 1)
    try KernelError.requireFinite(parameters)
    try check(batch)
  }

  func check(_ batch: AttentionLayerBatch) throws(KernelError) {
    let sequences = batch.sequences
    try KernelError.require("sequences", sequences)
    switch (batch.target, objective) {
    case (.outputs, .regression), (.classes, .classification): break
    case (.outputs, .classification): throw .contradiction("outputs", "classification")
    case (.classes, .regression): throw .contradiction("classes", "regression")
    }
    let widest = max(modelDimension, resultWidth, attention.headDimension, attention.valueDimension)
    let rows = Saturating(sequences) * Saturating(max(attention.queries, attention.keys))
    guard (16 * rows * Saturating(widest)).value < .max else {
      throw .sizeTooLarge(name: "sequences", maximum: .max / 16)
    }
    let queryRows = sequences * attention.queries
    try KernelError.requireShape(
      "queryInputs", count: batch.queryInputs.count, rows: queryRows, columns: modelDimension)
    try KernelError.requireShape(
      "keyInputs", count: batch.keyInputs.count, rows: sequences * attention.keys, columns: modelDimension)
    try KernelError.requireFinite(batch.queryInputs)
    try KernelError.requireFinite(batch.keyInputs)
    switch batch.target {
    case .outputs(let outputs):
      try KernelError.requireShape("outputs", count: outputs.count, rows: queryRows, columns: outputDimension)
      try KernelError.requireFinite(outputs)
    case .classes(let values):
      try KernelError.requireShape("classes", count: values.count, rows: queryRows, columns: 1)
      let count = classes ?? 0
      for (index, value) in values.enumerated() where !(0..<count).contains(value) {
        throw .invalidClass(index: index, value: value, classes: count)
      }
    }
  }
}
