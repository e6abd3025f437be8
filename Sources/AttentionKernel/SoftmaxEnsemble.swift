/// Attention rows of random queries over random keys, at several scales at once.
///
/// All components are independent standard normal numbers. A trial is one set of keys; the queries are
/// spread over the trials as evenly as possible: the first `queries % trials` trials have one more. Query
/// element index: `row · headDimension + component` with the row counted over all trials; key element
/// index: `(trial · keys + key) · headDimension + component`. Every scale sees the same scores, so scales
/// are compared in pairs.
///
/// Scores stream through in tiles of up to 256 rows; nothing of the size queries × keys is stored.
public struct SoftmaxEnsemble: Hashable, Sendable {
  /// The number of components d of a query.
  public let headDimension: Int

  /// The number of keys n of a row.
  public let keys: Int

  /// The number of rows of all trials together.
  public let queries: Int

  /// The number of independent key sets.
  public let trials: Int

  /// The scales, in the order of the results.
  public let scales: [Scale]

  /// What is done to queries, keys and logits besides.
  public let normalization: Normalization

  /// The seed of the normals.
  public let seed: UInt64

  /// The k for which the mass of the k largest weights is averaged.
  public let topCounts: [Int]

  /// The mass shares for which the number of keys that carry them is averaged.
  public let masses: [Double]

  /// Whether curves over the ranked weights are made.
  public let includesCurves: Bool

  /// The arithmetic of scores and weights.
  public let precision: Precision

  /// The number of trials unless told otherwise.
  public static let defaultTrials = 16

  /// Divisors below this many standard deviations of a score are too small for scores in binary32.
  static let leastFastScaleFactor = 0x1p-8

  /// The most rows whose ranked weights are kept for the curves.
  public static let maximumCurveRows = 1024

  /// The most scores that are kept for the curves; with more than 2,048 keys they bound the rows.
  public static let maximumCurveScores = 1 << 21

  /// Up to this many keys the weights of the first row are part of the result.
  public static let maximumExampleKeys = 64

  /// Describes an ensemble.
  ///
  /// - Parameters:
  ///   - headDimension: At least 1.
  ///   - keys: At least 1.
  ///   - queries: At least 1.
  ///   - trials: `1 ... queries`; `nil` for 16, or as many as there are queries if they are fewer.
  ///   - scales: Any number; none give an empty list of results.
  ///   - normalization: Those that depend on the keys need two of them.
  ///   - seed: Any number.
  ///   - topCounts: Each `1 ... keys`.
  ///   - masses: Shares, each above 0 and at most 1.
  ///   - includesCurves: Whether quantile and mass curves over the ranked weights are made.
  ///   - precision: The arithmetic of scores and weights; random numbers are the same in all.
  /// - Throws: ``KernelError``, also when an element index or a buffer would exceed `Int.max`.
  public init(
    headDimension: Int, keys: Int, queries: Int, trials: Int? = nil, scales: [Scale],
    normalization: Normalization = .none, seed: UInt64,
    topCounts: [Int] = [], masses: [Double] = [], includesCurves: Bool = false, precision: Precision = .fast
  ) throws(KernelError) {
    try KernelError.require("headDimension", headDimension)
    try KernelError.require("keys", keys)
    try KernelError.require("queries", queries)
    let trials = trials ?? min(Self.defaultTrials, queries)
    try KernelError.require("trials", trials)
    guard trials <= queries else { throw .sizeTooLarge(name: "trials", maximum: queries) }
    for scale in scales {
      _ = try normalization.divisor(of: scale, headDimension: headDimension, keys: keys)
    }
    for count in topCounts {
      try KernelError.require("topCounts", count)
      guard count <= keys else { throw .sizeTooLarge(name: "topCounts", maximum: keys) }
    }
    for share in masses where !(share > 0 && share <= 1) { throw .invalidShare(share) }
    let d = Saturating(headDimension)
    // A margin of 2⁸ covers padding and the eight bytes of an element.
    guard (256 * d * Saturating(keys) * Saturating(trials)).value < .max else {
      throw .sizeTooLarge(name: "keys", maximum: .max / 256 / (d * Saturating(trials)).value)
    }
    guard (256 * d * Saturating(queries)).value < .max else {
      throw .sizeTooLarge(name: "queries", maximum: .max / 256 / headDimension)
    }
    self.headDimension = headDimension
    self.keys = keys
    self.queries = queries
    self.trials = trials
    self.scales = scales
    self.normalization = normalization
    self.seed = seed
    self.topCounts = topCounts
    self.masses = masses
    self.includesCurves = includesCurves
    self.precision = precision
  }

  /// Whether weights are sorted; otherwise only the largest is looked for.
  var ranksWeights: Bool { includesCurves || !topCounts.isEmpty || !masses.isEmpty }

  /// Returns what an ensemble of these sizes needs; any sizes are allowed, also absurd ones.
  public static func cost(
    headDimension: Int, keys: Int, queries: Int, scales: Int, includesCurves: Bool = false,
    precision: Precision = .fast, threads: Int = 1
  ) -> Cost {
    let d = Saturating(headDimension)
    let n = Saturating(keys)
    let rows = Saturating(queries)
    let isFast = precision == .fast
    // The keys, in binary64 too unless it is fast; 32 queries twice, the blocks of rows under work with their exponentials,
    // measures of rows and trials.
    let perWorker =
      Saturating(isFast ? 4 : 12) * d * (n + 8) + 256 * d + 224 * n + 4096 + 65_536 * Saturating(scales)
    var bytes = Saturating(threads) * perWorker + 1_000_000
    var operations =
      isFast
      // Sixteen at a time, and as slow as AVX2.
      ? (rows * n * (d + 64 + 32 * Saturating(scales))).sixteenth + d * (rows + 16 * n)
      : rows * n * (2 * d + 30 + 35 * Saturating(scales)) + 20 * d * (rows + 16 * n)
    if includesCurves {
      let kept = Saturating(curveRows(keys: keys, queries: queries)) * n
      bytes = bytes + 16 * kept + 64 * n * Saturating(scales)
      operations = operations + 50 * kept * Saturating(scales)
    }
    return Cost(workingSetBytes: bytes.value, operations: operations.value)
  }

  /// Returns what this ensemble needs.
  public func cost(threads: Int = 1) -> Cost {
    Self.cost(
      headDimension: headDimension, keys: keys, queries: queries, scales: scales.count,
      includesCurves: includesCurves, precision: precision, threads: threads)
  }

  /// The bytes needed at the same time on one thread.
  public var workingSetBytes: Int { cost().workingSetBytes }

  /// The elementary operations needed.
  public var operations: Int { cost().operations }

  /// The number of evenly spaced rows behind the curves; row number i of them is `i · queries / rows`.
  public var curveRows: Int {
    includesCurves ? Self.curveRows(keys: keys, queries: queries) : 0
  }

  private static func curveRows(keys: Int, queries: Int) -> Int {
    max(1, min(maximumCurveRows, max(1, queries), maximumCurveScores / max(1, keys)))
  }

  /// Draws the rows and averages their statistics.
  ///
  /// - Parameter conditions: Cancellation is checked every few milliseconds, progress told every tile of up to 256
  ///   rows.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)``;
  ///   ``KernelError/invalidScale(_:)`` for a scale so small that logits overflow.
  public func run(
    _ conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> SoftmaxSummary {
    let plan = try SoftmaxPlan(self, fault: conditions.fault)
    let total =
      plan.isFast
      ? try total(plan, conditions, worker: { FastSoftmaxWorker(plan, under: conditions) }) {
        (worker, tile) throws(KernelError) in try worker.tally(tile)
      }
      : try total(plan, conditions, worker: { SoftmaxWorker(plan) }) {
        (worker, tile) throws(KernelError) in
        try worker.tally(tile, cancellation: conditions.cancellation)
      }
    return try SoftmaxSummary(plan: plan, tally: total, under: conditions)
  }

  /// Tiles of at most 256 rows, fewer where a row is a lot of work, so that there is work for every thread.
  func tiling() -> RowTiling {
    let work = Saturating(keys) * Saturating(max(16, headDimension))
    return RowTiling(
      rows: queries, trials: trials,
      rowsPerTile: max(32, min(NumericContract.rowsPerChunk, (1 << 25) / work.value / 32 * 32)))
  }

  private func total<Worker>(
    _ plan: SoftmaxPlan, _ conditions: RunConditions, worker: @Sendable () -> Worker,
    tally: @Sendable (inout Worker, RowTiling.Tile) throws(KernelError) -> SoftmaxPart
  ) throws(KernelError) -> SoftmaxTally {
    let tiling = tiling()
    return try Parallel.fold(
      count: tiling.tileCount, under: conditions, into: SoftmaxTally(plan), workerState: worker,
      body: { (worker, tile) throws(KernelError) in try tally(&worker, tiling.tile(tile)) },
      merge: { (total: inout SoftmaxTally, part: SoftmaxPart) in total.merge(part) })
  }
}
