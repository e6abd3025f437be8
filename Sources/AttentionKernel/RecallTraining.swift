/// A training on associative recall: embeddings, one layer of single-head attention, a readout; everything is learned.
///
/// With embeddings E_k of keys and E_v of values, a pair is the input `(E_k + E_v)/√2`, and the query's input is the
/// embedding of the key that is asked for. All sizes of a vector are `modelDimension`; embeddings start as N(0, 1), matrices
/// as N(0, 1/modelDimension). Every step sees fresh sequences; held-out ones, the same for all scales and optimizers, judge.
///
/// Equal seeds share first parameters and sequences, so that runs at different scales are paired.
public struct RecallTraining: Hashable, Sendable {
  /// What is to be learned.
  public let task: RecallTask
  /// Components of every vector, d.
  public let modelDimension: Int
  /// What scores are divided by.
  public let scale: Scale
  /// How parameters move.
  public let optimizers: LayerOptimizers
  /// What the first Wq and Wk are multiplied by.
  public let queryKeyGain: Double
  /// The number of steps.
  public let steps: Int
  /// Sequences of a step.
  public let batch: Int
  /// Sequences that judge.
  public let heldOut: Int
  /// How many steps lie between two judgements; after the last step there always is one.
  public let evaluationInterval: Int
  /// The seed of first parameters and sequences.
  public let seed: UInt64

  let layer: AttentionLayer

  /// Describes a training.
  ///
  /// - Parameters:
  ///   - task: What is to be learned.
  ///   - modelDimension: Components of every vector, at least 1.
  ///   - scale: What scores are divided by.
  ///   - optimizers: How parameters move.
  ///   - queryKeyGain: What the first Wq and Wk are multiplied by, finite, not negative.
  ///   - steps: At least 1.
  ///   - batch: Sequences of a step, at least 1.
  ///   - heldOut: Sequences that judge, at least 1.
  ///   - evaluationInterval: Steps between two judgements, at least 1; unless given there is only the last.
  ///   - seed: The seed of first parameters and sequences.
  /// - Throws: ``KernelError``.
  public init(
    _ task: RecallTask, modelDimension: Int, scale: Scale = .rootHeadDimension, optimizers: LayerOptimizers,
    queryKeyGain: Double = 1, steps: Int, batch: Int = 32, heldOut: Int = 1024,
    evaluationInterval: Int? = nil,
    seed: UInt64
  ) throws(KernelError) {
    try KernelError.requireNotNegative("queryKeyGain", queryKeyGain)
    try KernelError.require("steps", steps)
    try KernelError.require("batch", batch)
    try KernelError.require("heldOut", heldOut)
    try KernelError.require("evaluationInterval", evaluationInterval ?? steps)
    layer = try AttentionLayer(
      queries: 1, keys: task.pairs, modelDimension: modelDimension, scale: scale,
      objective: .classification(classes: task.valueVocabulary))
    let numbers = Saturating(batch) * Saturating(task.pairs) * Saturating(modelDimension)
    guard (16 * numbers).value < .max, (65_536 * 16 * Saturating(modelDimension)).value < .max else {
      throw .sizeTooLarge(name: "batch · pairs · modelDimension", maximum: .max / 16)
    }
    self.task = task
    self.modelDimension = modelDimension
    self.scale = scale
    self.optimizers = optimizers
    self.queryKeyGain = queryKeyGain
    self.steps = steps
    self.batch = batch
    self.heldOut = heldOut
    self.evaluationInterval = evaluationInterval ?? steps
    self.seed = seed
  }

  /// The same training in other units: the scale k times as large, Wq and Wk √k times, their optimizer to match.
  ///
  /// Losses and accuracies are those of this training, to the last bit where √k is a power of 2: the constant before √d is
  /// no setting of its own.
  ///
  /// - Parameter factor: k, above 0.
  /// - Throws: ``KernelError``.
  public func inOtherUnits(scaleTimes factor: Double) throws(KernelError) -> RecallTraining {
    try RecallTraining(
      task, modelDimension: modelDimension, scale: scale.times(factor),
      optimizers: optimizers.rescaled(forScaleTimes: factor),
      queryKeyGain: queryKeyGain * factor.squareRoot(),
      steps: steps, batch: batch, heldOut: heldOut, evaluationInterval: evaluationInterval, seed: seed)
  }

  // MARK: Results

  /// How well parameters do on the held-out sequences.
  public struct Evaluation: Hashable, Sendable {
    /// Steps before it.
    public let steps: Int
    /// The mean loss, nats.
    public let loss: Double
    /// The share of sequences whose answer has the largest logit, 0 … 1.
    public let accuracy: Double
  }

  /// What a training did.
  public struct Run: Hashable, Sendable {
    /// The loss of each step's sequences before the step, `[steps]`, or as many as were finite.
    public let losses: [Double]
    /// Judgements, in order.
    public let evaluations: [Evaluation]
    /// The step, from 1, whose loss or new parameters left the range of binary32; `nil` for a training that did not diverge.
    public let divergedAt: Int?

    /// The first judged step from which on the accuracy was at least so much at every judgement; `nil` if there is none.
    ///
    /// - Parameter accuracy: 0 … 1.
    public func steps(toReach accuracy: Double) -> Int? {
      guard divergedAt == nil else { return nil }
      let missed = evaluations.lastIndex { $0.accuracy < accuracy }
      let next = missed.map { $0 + 1 } ?? 0
      return next < evaluations.count ? evaluations[next].steps : nil
    }
  }

  // MARK: Cost

  /// Returns what a run needs.
  ///
  /// Vector instructions do about 50 multiplications and additions in the time of one operation of a ``Cost``.
  ///
  /// - Parameter threads: At least 1.
  public func cost(threads: Int = 1) -> Cost {
    let (d, inputs) = (Saturating(modelDimension), Saturating(task.pairs + 1))
    let parameters =
      Saturating(layer.parameterCount) + Saturating(task.keyVocabulary + task.valueVocabulary) * d
    // Inputs in binary32 with their gradients, choices in 64 bits.
    let sequence = inputs * (8 * d + 32)
    let judged = Saturating(min(heldOut, RecallJudge.sequencesAtOnce))
    // Up to 128 rows of keys, or one sequence.
    let chunk = (128 + inputs) * (64 * d) + 4 * parameters
    let workingSet =
      32 * parameters + (Saturating(batch) + judged) * sequence + 4 * Saturating(threads) * chunk
    let evaluations = Double(steps) / Double(evaluationInterval) + 1
    let operations =
      (3 * Double(steps) * Double(batch) + evaluations * Double(heldOut)) * layer.forwardOperations
      / 50
    return Cost(
      workingSetBytes: workingSet.value, operations: operations < 0x1p62 ? Int(operations) : .max)
  }

  // MARK: Running

  /// Trains.
  ///
  /// - Parameter conditions: Threads share the sequences of a step; cancellation is checked in every step, and progress
  ///   told after each.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)`` for threads. A training that
  ///   diverges is a result, not an error.
  public func run(_ conditions: RunConditions = RunConditions()) throws(KernelError) -> Run {
    var inner = conditions
    inner.progress = nil
    var model = try RecallModel(self)
    let pass = AttentionLayerPass(layer, sequences: batch, wants: .inputGradients)
    let judge = RecallJudge(self)
    var losses: [Double] = []
    var evaluations: [Evaluation] = []
    for step in 1...steps {
      let sequences = task.sequences(batch, startingAt: UInt64(step - 1) &* UInt64(batch), seed: seed)
      let loss = try pass.run(model.matrices, model.batch(sequences), under: inner).value
      guard loss.isFinite else { return Run(losses: losses, evaluations: evaluations, divergedAt: step) }
      losses.append(loss)
      guard model.step(sequences, pass, using: conditions.instructionSet) else {
        return Run(losses: losses, evaluations: evaluations, divergedAt: step)
      }
      if step % evaluationInterval == 0 || step == steps {
        guard let evaluation = try judge.evaluation(of: model, after: step, under: inner) else {
          return Run(losses: losses, evaluations: evaluations, divergedAt: step)
        }
        evaluations.append(evaluation)
      }
      conditions.progress?(step, steps)
    }
    return Run(losses: losses, evaluations: evaluations, divergedAt: nil)
  }

  /// Runs several trainings, each on one thread, as many at a time as the conditions have threads.
  ///
  /// - Parameters:
  ///   - trainings: What to run.
  ///   - conditions: Progress is told after each training; cancellation is checked in every step.
  /// - Returns: What each did, in the order of the trainings; the same as when it runs alone.
  /// - Throws: As ``run(_:)``.
  public static func runs(
    of trainings: [RecallTraining], under conditions: RunConditions
  ) throws(KernelError) -> [Run] {
    var inner = conditions
    inner.threads = 1
    inner.progress = nil
    let single = inner
    return try Parallel.map(count: trainings.count, under: conditions) { (number) throws(KernelError) in
      try trainings[number].run(single)
    }
  }

  /// Trains as it is defined, in binary64, from the same sequences and parameters; for tests and small examples.
  ///
  /// - Returns: The loss before each step.
  /// - Throws: ``KernelError``, also where the training diverges.
  public func reference() throws(KernelError) -> [Double] {
    var model = try ReferenceRecallModel(self)
    var losses: [Double] = []
    for step in 0..<steps {
      let sequences = task.sequences(batch, startingAt: UInt64(step) * UInt64(batch), seed: seed)
      losses.append(try model.step(sequences))
    }
    return losses
  }
}

extension Scale {
  /// The scale whose divisor is `factor` times this one's.
  func times(_ factor: Double) -> Scale {
    switch self {
    case .none: .constant(factor)
    case .rootHeadDimension(let times): .rootHeadDimension(times: times * factor)
    case .headDimension(let times): .headDimension(times: times * factor)
    case .constant(let value): .constant(value * factor)
    case .multiplier(let value): .multiplier(value / factor)
    }
  }
}
