/// A training of a layer on one batch, the same in every step.
///
/// The bits of a run depend on the batch, the parameters and the settings only, not on the threads or the instruction set.
public struct LayerTraining: Hashable, Sendable {
  /// The layer.
  public let layer: AttentionLayer
  /// The sequences of every step.
  public let batch: AttentionLayerBatch
  /// The parameters before the first step, `[layer.parameterCount]`.
  public let parameters: [Float]
  /// How parameters move.
  public let optimizers: LayerOptimizers
  /// The number of steps.
  public let steps: Int

  /// Describes a training.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - batch: The sequences of every step, which fit the layer.
  ///   - parameters: Those before the first step, `[layer.parameterCount]`, finite.
  ///   - optimizers: How parameters move.
  ///   - steps: At least 1.
  /// - Throws: ``KernelError``.
  public init(
    _ layer: AttentionLayer, batch: AttentionLayerBatch, parameters: [Float], optimizers: LayerOptimizers,
    steps: Int
  ) throws(KernelError) {
    try KernelError.require("steps", steps)
    try layer.check(parameters, batch)
    self.layer = layer
    self.batch = batch
    self.parameters = parameters
    self.optimizers = optimizers
    self.steps = steps
  }

  /// What a training did.
  public struct Run: Hashable, Sendable {
    /// The loss before each step, `[steps]`, or as many as were finite.
    public let losses: [Double]
    /// The parameters after the last step; those after the last good one where the training diverged.
    public let parameters: [Float]
    /// The step, from 1, whose loss or new parameters left the range of binary32; `nil` for a training that did not diverge.
    public let divergedAt: Int?
  }

  /// Trains.
  ///
  /// - Parameter conditions: Threads share the sequences of a step; cancellation is checked in every step, and progress
  ///   told after each.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)`` for threads. A training that
  ///   diverges is a result, not an error.
  public func run(_ conditions: RunConditions = RunConditions()) throws(KernelError) -> Run {
    let pass = AttentionLayerPass(layer, sequences: batch.sequences, wants: .gradients)
    var inner = conditions
    inner.progress = nil
    var parameters = self.parameters
    var groups = try optimizers.states(layer)
    var losses: [Double] = []
    for step in 1...steps {
      let loss = try pass.run(parameters, batch, under: inner).value
      guard loss.isFinite else { return Run(losses: losses, parameters: parameters, divergedAt: step) }
      losses.append(loss)
      var moved = parameters
      groups.move(&moved, against: pass.gradients, using: conditions.instructionSet)
      guard moved.areFinite else { return Run(losses: losses, parameters: parameters, divergedAt: step) }
      parameters = moved
      conditions.progress?(step, steps)
    }
    return Run(losses: losses, parameters: parameters, divergedAt: nil)
  }

  /// Trains as it is defined, in binary64, from the same inputs and parameters; for tests and small examples.
  ///
  /// - Returns: The loss before each step.
  /// - Throws: ``KernelError``, also where the training diverges.
  public func reference() throws(KernelError) -> [Double] {
    var parameters = self.parameters.map(Double.init)
    var groups = try optimizers.referenceStates(layer)
    var losses: [Double] = []
    for _ in 0..<steps {
      let gradients = try layer.reference(parameters, batch)
      losses.append(gradients.loss)
      try groups.move(&parameters, against: gradients.parameters)
    }
    return losses
  }
}

/// The optimizers of a layer's parameters: one, or another one for the projections of queries and keys.
public struct LayerOptimizers: Hashable, Sendable {
  /// For all parameters without another one.
  public let all: Optimizer
  /// For Wq and Wk; `nil` if they are no exception.
  public let queryKey: Optimizer?

  /// Optimizers.
  public init(_ all: Optimizer, queryKey: Optimizer? = nil) {
    self.all = all
    self.queryKey = queryKey
  }

  /// The optimizers under which Wq and Wk that are √k times as large, with a scale k times as large, train alike.
  ///
  /// - Parameter factor: k, above 0.
  /// - Throws: ``KernelError``.
  public func rescaled(forScaleTimes factor: Double) throws(KernelError) -> LayerOptimizers {
    LayerOptimizers(
      all, queryKey: try (queryKey ?? all).rescaled(forParametersTimes: factor.squareRoot()))
  }

  /// Where parameters of each kind lie, and how they move.
  private func groups(_ layer: AttentionLayer) -> [(range: Range<Int>, optimizer: Optimizer)] {
    let queryKeyEnd = layer.range(of: .keyProjection).upperBound
    return [(0..<queryKeyEnd, queryKey ?? all), (queryKeyEnd..<layer.parameterCount, all)]
  }

  func states(_ layer: AttentionLayer) throws(KernelError) -> LayerOptimizerStates {
    var states = LayerOptimizerStates()
    for (range, optimizer) in groups(layer) {
      states.groups.append((range.lowerBound, try OptimizerState(optimizer, count: range.count)))
    }
    return states
  }

  func referenceStates(_ layer: AttentionLayer) throws(KernelError) -> ReferenceLayerOptimizerStates {
    var states = ReferenceLayerOptimizerStates()
    for (range, optimizer) in groups(layer) {
      states.groups.append((range, try ReferenceOptimizerState(optimizer, count: range.count)))
    }
    return states
  }
}

/// What the optimizers of a layer remember.
struct LayerOptimizerStates {
  fileprivate(set) var groups: [(start: Int, state: OptimizerState)] = []

  mutating func move(_ parameters: inout [Float], against gradients: AlignedFloats, using set: InstructionSet)
  {
    parameters.withUnsafeMutableBufferPointer { parameters in
      guard let base = parameters.baseAddress else { return }
      for index in groups.indices {
        let start = groups[index].start
        groups[index].state.move(base + start, against: gradients.base + start, using: set)
      }
    }
  }
}

/// The same in binary64.
struct ReferenceLayerOptimizerStates {
  fileprivate(set) var groups: [(range: Range<Int>, state: ReferenceOptimizerState)] = []

  mutating func move(_ parameters: inout [Double], against gradients: [Double]) throws(KernelError) {
    for index in groups.indices {
      let range = groups[index].range
      var own = Array(parameters[range])
      try groups[index].state.update(&own, gradients: Array(gradients[range]))
      parameters.replaceSubrange(range, with: own)
    }
  }
}
