/// Logits of attention before training, for one way to initialise Wq and Wk: what theory says and what is drawn.
///
/// A trial draws Wq and Wk of one head (and biases where the initialisation has any), and inputs with independent standard
/// normal components, others for queries than for keys. Initialisation `i` of ``Initialization/allCases`` uses elements
/// `(i · trials + trial) · size ..< (i · trials + trial + 1) · size` of each stream, `size` being that of the tensor, so
/// that no two initialisations share a number.
public struct InitializationEnsemble: Hashable, Sendable {
  /// The way to initialise.
  public let initialization: Initialization

  /// The number of components of an input.
  public let modelDimension: Int

  /// The number of heads that share the model dimension.
  public let heads: Int

  /// The number of queries, and of keys, of a trial.
  public let inputs: Int

  /// The number of independent draws of Wq and Wk.
  public let trials: Int

  /// The seed of all numbers.
  public let seed: UInt64

  /// The number of components of a query: ``modelDimension`` divided by ``heads``.
  public var headDimension: Int { modelDimension / heads }

  /// Describes an ensemble.
  ///
  /// - Parameters:
  ///   - modelDimension: A multiple of `heads`.
  ///   - heads: At least 1.
  ///   - inputs: At least 1.
  ///   - trials: At least 2, so that their differences give standard errors.
  /// - Throws: ``KernelError``.
  public init(
    _ initialization: Initialization, modelDimension: Int, heads: Int, inputs: Int, trials: Int, seed: UInt64
  ) throws(KernelError) {
    try KernelError.require("modelDimension", modelDimension)
    try KernelError.require("heads", heads)
    try KernelError.require("inputs", inputs)
    try KernelError.require("trials", trials, atLeast: 2)
    guard modelDimension % heads == 0 else {
      throw .mismatchedShapes(
        name: "modelDimension", expected: (modelDimension / heads + 1) * heads, actual: modelDimension)
    }
    let d = Saturating(modelDimension)
    let largest = Saturating(max(modelDimension / heads, inputs))
    let all = Saturating(trials) * Saturating(Initialization.allCases.count)
    guard (d * largest * all).value < 1 << 60 else {
      throw .sizeTooLarge(name: "trials", maximum: (1 << 60) / (d * largest).value)
    }
    self.initialization = initialization
    self.modelDimension = modelDimension
    self.heads = heads
    self.inputs = inputs
    self.trials = trials
    self.seed = seed
  }

  /// Returns what an ensemble of these sizes needs; any sizes are allowed, also absurd ones.
  public static func cost(
    modelDimension: Int, heads: Int, inputs: Int, trials: Int, threads: Int = 1
  ) -> Cost {
    let model = Saturating(modelDimension)
    let head = Saturating(modelDimension / max(1, heads))
    let rows = Saturating(inputs)
    let products = 2 * rows * model * head + rows * rows * head
    let draws = 2 * model * (head + rows)
    let perWorker = 12 * model * (head + 8) + 16 * model * rows + 32 * rows * head
    return Cost(
      workingSetBytes: (Saturating(threads) * perWorker + 65_536).value,
      operations: (Saturating(trials) * (products + 10 * draws)).value)
  }

  /// What an ensemble says.
  public struct Summary: Hashable, Sendable {
    /// The ensemble.
    public let ensemble: InitializationEnsemble
    /// The exact standard deviation of a logit.
    public let expectedDeviation: Double
    /// The measured one; the error comes from the differences between trials.
    public let deviation: Estimate
    /// The exact standard deviation of a query's component.
    public let expectedQueryDeviation: Double
    /// The measured one.
    public let queryDeviation: Estimate
    /// c, the multiple of √d at which unit-variance queries and keys give the same logits: 1 over the deviation.
    public let scaleFactor: Estimate
  }

  /// Draws the trials.
  ///
  /// - Parameter conditions: Cancellation is checked before each trial, progress told after it.
  /// - Throws: ``KernelError/cancelled``.
  public func run(_ conditions: RunConditions = RunConditions()) throws(KernelError) -> Summary {
    let law = initialization.law(modelDimension: modelDimension, heads: heads, fault: conditions.fault)
    let divisor = try conditions.fault.divisor(of: law.scale, headDimension: headDimension)
    let squares = try Parallel.map(count: trials, under: conditions) { (trial) throws(KernelError) in
      try InitializationWorker(self, law, divisor: divisor, conditions: conditions).meanSquares(trial: trial)
    }
    let expected = try expected(under: conditions.fault)
    let deviation = Self.root(Moments(squares.map(\.logit)))
    return Summary(
      ensemble: self, expectedDeviation: expected.logit, deviation: deviation,
      expectedQueryDeviation: expected.query,
      queryDeviation: Self.root(Moments(squares.map(\.query))),
      scaleFactor: Estimate(
        value: 1 / deviation.value,
        standardError: deviation.standardError.map { $0 / (deviation.value * deviation.value) },
        samples: trials))
  }

  /// Returns the exact standard deviations of a logit and of a query's component.
  ///
  /// The components of a projection are sums of modelDimension independent products, a score is one of headDimension
  /// independent products of such sums; variances of independent terms add up.
  func expected(under fault: KernelFault? = nil) throws(KernelError) -> (logit: Double, query: Double) {
    let law = initialization.law(modelDimension: modelDimension, heads: heads, fault: fault)
    let inputVariance = fault.inputVariance(modelDimension: modelDimension)
    let model = Double(modelDimension)
    let queryVariance = model * law.queryVariance * inputVariance + law.biasVariance
    let keyVariance = model * law.keyVariance * inputVariance + law.biasVariance
    let score = (Double(headDimension) * queryVariance * keyVariance).squareRoot()
    let divisor = try fault.divisor(of: law.scale, headDimension: headDimension)
    return (logit: score / divisor, query: queryVariance.squareRoot())
  }

  /// The root of a mean square; its error by the delta method.
  private static func root(_ squares: Moments) -> Estimate {
    let mean = squares.meanEstimate
    let root = mean.value.squareRoot()
    return Estimate(
      value: root, standardError: mean.standardError.map { $0 / (2 * root) }, samples: mean.samples)
  }
}

/// One trial's memory and arithmetic.
struct InitializationWorker {
  private let ensemble: InitializationEnsemble
  private let law: Initialization.Law
  private let divisor: Double
  private let conditions: RunConditions

  init(
    _ ensemble: InitializationEnsemble, _ law: Initialization.Law, divisor: Double, conditions: RunConditions
  ) {
    self.ensemble = ensemble
    self.law = law
    self.divisor = divisor
    self.conditions = conditions
  }

  /// The mean squares of a trial: their means over trials don't depend on how many numbers a trial has.
  struct MeanSquares: Hashable, Sendable {
    let logit: Double
    let query: Double
  }

  /// Returns the mean squares of a trial's logits and of its queries' components.
  func meanSquares(trial: Int) throws(KernelError) -> MeanSquares {
    let queries = try project(
      .queryInputs, by: .queryProjection, variance: law.queryVariance, bias: .queryBias, trial: trial)
    let keys = try project(
      .keyInputs, by: .keyProjection, variance: law.keyVariance, bias: .keyBias, trial: trial)
    let d = ensemble.headDimension
    var squares = 0.0
    for query in 0..<ensemble.inputs {
      for key in 0..<ensemble.inputs {
        var score = 0.0
        for component in 0..<d { score += queries[query * d + component] * keys[key * d + component] }
        let logit = score / divisor
        squares += logit * logit
      }
    }
    let querySquares = queries.reduce(0) { $0 + $1 * $1 }
    return MeanSquares(
      logit: squares / Double(ensemble.inputs * ensemble.inputs),
      query: querySquares / Double(queries.count))
  }

  /// Returns the projections of the inputs of a trial, shape `[inputs, headDimension]`.
  private func project(
    _ inputRole: TensorRole, by projectionRole: TensorRole, variance: Double, bias biasRole: TensorRole,
    trial: Int
  ) throws(KernelError) -> [Double] {
    let model = ensemble.modelDimension
    let head = ensemble.headDimension
    let inputs = draw(inputRole, count: ensemble.inputs * model, trial: trial, isUniform: false)
    let projection = draw(projectionRole, count: head * model, trial: trial, isUniform: law.isUniform)
    let biases =
      law.biasVariance > 0
      ? draw(biasRole, count: head, trial: trial, isUniform: true) : [Float](repeating: 0, count: head)
    let deviation = variance.squareRoot()
    let biasDeviation = law.biasVariance.squareRoot()
    // The rows of W take the place of keys: a component of the projection is a row's dot product with the input.
    var single = conditions
    single.threads = 1
    single.progress = nil
    let sums = try ScoreMatrix(queries: ensemble.inputs, keys: head, headDimension: model)(
      queries: inputs, keys: projection, under: single)
    return sums.enumerated().map { index, sum in
      deviation * Double(sum) + biasDeviation * Double(biases[index % head])
    }
  }

  private func draw(_ role: TensorRole, count: Int, trial: Int, isUniform: Bool) -> [Float] {
    let place = Initialization.allCases.firstIndex(of: ensemble.initialization) ?? 0
    let first = UInt64(place * ensemble.trials + trial) * UInt64(count)
    return [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      let whole = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      if isUniform {
        StandardUniforms(seed: ensemble.seed, role: role).fill(whole, startingAt: first)
      } else {
        StandardNormals(seed: ensemble.seed, role: role).fill(
          whole, startingAt: first, using: conditions.instructionSet)
      }
      let isInput = role == .queryInputs || role == .keyInputs
      if isInput { conditions.fault.distort(whole, headDimension: ensemble.modelDimension, role: role) }
      initializedCount = count
    }
  }
}
