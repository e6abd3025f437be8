/// The largest and the smallest of many scores, for pools of several sizes.
///
/// A trial is one set of keys and as many queries as its largest pool needs. Its scores are read row by row: a pool of N
/// holds the first N of them, so that the smallest pools are parts of one row and the larger ones whole matrices.
/// Element indices are those of ``SoftmaxEnsemble`` with the trials' rows in sequence.
public struct ExtremesEnsemble: Hashable, Sendable {
  /// The number of components d of a query.
  public let headDimension: Int

  /// The number of keys of a row.
  public let keys: Int

  /// The sizes of the pools.
  public let pools: [Int]

  /// The number of independent trials.
  public let trials: Int

  /// Whether queries and keys are given unit length; scores don't depend on anything else that is normalized.
  public let normalization: Normalization

  /// The seed of the normals.
  public let seed: UInt64

  /// Describes an ensemble.
  ///
  /// - Parameters:
  ///   - headDimension: At least 1.
  ///   - keys: At least 1; where every pool is smaller, rows have no more keys than the largest pool.
  ///   - pools: Numbers of scores, each at least 1; at least one pool.
  ///   - trials: At least 1.
  ///   - normalization: ``Normalization/none`` or ``Normalization/unitLength``; a pool is no row of keys.
  ///   - seed: Any number.
  /// - Throws: ``KernelError``, also when an element index or a buffer would exceed `Int.max`.
  public init(
    headDimension: Int, keys: Int, pools: [Int], trials: Int, normalization: Normalization = .none,
    seed: UInt64
  ) throws(KernelError) {
    precondition(normalization == .none || normalization == .unitLength, "a pool is no row of keys")
    try KernelError.require("keys", keys)
    try KernelError.require("pools", pools.count)
    for pool in pools { try KernelError.require("pools", pool) }
    try KernelError.require("trials", trials)
    let largest = pools.max() ?? 1
    let width = min(keys, largest)
    let rows = Saturating((largest - 1) / width + 1) * Saturating(trials)
    // Sizes have the limits of rows of attention.
    _ = try SoftmaxEnsemble(
      headDimension: headDimension, keys: width, queries: rows.value, trials: trials, scales: [], seed: seed)
    self.headDimension = headDimension
    self.keys = width
    self.pools = pools
    self.trials = trials
    self.normalization = normalization
    self.seed = seed
  }

  /// Rows of one trial.
  var rowsPerTrial: Int { ((pools.max() ?? 1) - 1) / keys + 1 }

  /// Returns what this ensemble needs.
  public func cost(threads: Int = 1) -> Cost {
    let d = Saturating(headDimension)
    let n = Saturating(keys)
    let rows = Saturating(rowsPerTrial) * Saturating(trials)
    return Cost(
      workingSetBytes: (Saturating(threads) * (12 * d * (n + 8) + 32 * d + 32 * n + 8192) + 500_000).value,
      operations: (rows * n * (2 * d + 4) + 20 * d * (rows + 16 * n)).value)
  }

  /// Draws the scores and finds their extremes.
  ///
  /// - Parameter conditions: Cancellation is checked every two rows, progress told every 256.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public func run(_ conditions: RunConditions = RunConditions()) throws(KernelError) -> ExtremesSummary {
    let tiling = RowTiling(rows: rowsPerTrial * trials, trials: trials)
    let drawn = try ExtremesEnsemble(
      headDimension: headDimension, keys: keys,
      pools: pools.map { scores(inPool: $0, under: conditions.fault) },
      trials: trials, normalization: normalization, seed: seed)
    let total = try Parallel.fold(
      count: tiling.tileCount, under: conditions,
      into: ExtremesTally(pools: pools.count),
      workerState: { ExtremesWorker(drawn, conditions) },
      body: { (worker, tile) throws(KernelError) in try worker.extremes(of: tiling.tile(tile)) },
      merge: { (total: inout ExtremesTally, part: ExtremesPart) in total.merge(part) })
    return ExtremesSummary(ensemble: self, tally: total, fault: conditions.fault)
  }

  /// How many scores of a trial a pool holds under a fault: 256 pools together, as far as there are so many scores.
  private func scores(inPool size: Int, under fault: KernelFault?) -> Int {
    guard fault == .extremesPooled else { return size }
    return min((Saturating(size) * Saturating(NumericContract.rowsPerChunk)).value, pools.max() ?? size)
  }
}

/// What a tile of rows has for each pool; infinite where it has nothing.
struct ExtremesPart: Sendable {
  let trial: Int
  var largest: [Double]
  var smallest: [Double]

  init(trial: Int, pools: Int) {
    self.trial = trial
    largest = [Double](repeating: -.infinity, count: pools)
    smallest = [Double](repeating: .infinity, count: pools)
  }

  mutating func enter(pool: Int, _ low: Double, _ high: Double) {
    largest[pool] = max(largest[pool], high)
    smallest[pool] = min(smallest[pool], low)
  }

  mutating func merge(_ other: ExtremesPart) {
    for pool in largest.indices { enter(pool: pool, other.smallest[pool], other.largest[pool]) }
  }
}

/// Moments over the finished trials, for each pool.
struct ExtremesTally: Sendable {
  private(set) var largest: [Moments]
  private(set) var smallest: [Moments]
  private(set) var halfRange: [Moments]
  private var current: ExtremesPart

  init(pools: Int) {
    let none = [Moments](repeating: Moments(), count: pools)
    (largest, smallest, halfRange) = (none, none, none)
    current = ExtremesPart(trial: 0, pools: pools)
  }

  mutating func merge(_ part: ExtremesPart) {
    if part.trial != current.trial {
      finishTrial()
      current = ExtremesPart(trial: part.trial, pools: largest.count)
    }
    current.merge(part)
  }

  /// Enters the trial under work; also to be called after the last tile.
  mutating func finishTrial() {
    for pool in largest.indices {
      largest[pool].add(current.largest[pool])
      smallest[pool].add(current.smallest[pool])
      halfRange[pool].add((current.largest[pool] - current.smallest[pool]) / 2)
    }
  }
}

/// One worker's memory and its work on a tile of rows.
private struct ExtremesWorker {
  private let ensemble: ExtremesEnsemble
  private let cancellation: Cancellation
  private let fault: KernelFault?
  private var sampler: RowSampler
  private let rows: [RowWorkspace]

  /// The pools from the smallest on, with their places.
  private let ordered: [(size: Int, place: Int)]

  init(_ ensemble: ExtremesEnsemble, _ conditions: RunConditions) {
    self.ensemble = ensemble
    cancellation = conditions.cancellation
    fault = conditions.fault
    sampler = RowSampler(
      headDimension: ensemble.headDimension, keys: ensemble.keys, seed: ensemble.seed,
      normalization: ensemble.normalization, using: conditions.instructionSet, fault: conditions.fault)
    rows = (0..<2).map { _ in RowWorkspace(keyCount: ensemble.keys) }
    ordered = ensemble.pools.enumerated().map { ($1, $0) }.sorted { $0.size < $1.size }
  }

  mutating func extremes(of tile: RowTiling.Tile) throws(KernelError) -> ExtremesPart {
    _ = sampler.draw(keysOfTrial: tile.trial)
    var part = ExtremesPart(trial: tile.trial, pools: ensemble.pools.count)
    for row in stride(from: tile.rows.lowerBound, to: tile.rows.upperBound, by: 2) {
      if cancellation.isCancelled { throw .cancelled }
      let count = min(2, tile.rows.upperBound - row)
      sampler.scores(ofRow: row, count: count, into: rows[0].scores, rows[1].scores)
      for index in 0..<count {
        enter(rows[index].scores, rowOfTrial: row + index - tile.trial * ensemble.rowsPerTrial, in: &part)
      }
    }
    return part
  }

  /// Enters a row into each pool that reaches it.
  private func enter(_ scores: UnsafePointer<Double>, rowOfTrial row: Int, in part: inout ExtremesPart) {
    let before = row * ensemble.keys
    let seen = fault.keys(ensemble.keys)
    var (low, high) = (Double.infinity, -Double.infinity)
    var done = 0
    for pool in ordered where pool.size > before {
      let end = min(seen, pool.size - before)
      while done < end {
        low = min(low, scores[done])
        high = max(high, scores[done])
        done &+= 1
      }
      part.enter(pool: pool.place, low, high)
    }
  }
}

/// The extremes of an ``ExtremesEnsemble``.
public struct ExtremesSummary: Hashable, Sendable {
  /// The ensemble that was sampled.
  public let ensemble: ExtremesEnsemble

  /// One entry per pool, in the order asked.
  public let pools: [OfPool]

  /// The extremes of the scores of a pool, no unit; means over trials, with their standard errors.
  public struct OfPool: Hashable, Sendable {
    /// The number of scores pooled.
    public let size: Int
    /// The largest score.
    public let largest: Estimate
    /// The smallest score.
    public let smallest: Estimate
    /// Half the distance between the two.
    public let halfRange: Estimate
    /// The least and the greatest of the trials' largest scores.
    public let rangeOfLargest: ClosedRange<Double>
    /// The least and the greatest of the trials' smallest scores.
    public let rangeOfSmallest: ClosedRange<Double>
  }

  init(ensemble: ExtremesEnsemble, tally unfinished: ExtremesTally, fault: KernelFault?) {
    var tally = unfinished
    tally.finishTrial()
    self.ensemble = ensemble
    let isPooled = fault == .extremesPooled
    pools = ensemble.pools.enumerated().map { index, size in
      let (largest, smallest) = (tally.largest[index], tally.smallest[index])
      // The mistake takes one extreme over all trials, too, instead of the mean of each trial's.
      return OfPool(
        size: size, largest: isPooled ? Self.alone(largest.maximum) : largest.meanEstimate,
        smallest: isPooled ? Self.alone(smallest.minimum) : smallest.meanEstimate,
        halfRange: isPooled
          ? Self.alone((largest.maximum - smallest.minimum) / 2) : tally.halfRange[index].meanEstimate,
        rangeOfLargest: Self.range(largest), rangeOfSmallest: Self.range(smallest))
    }
  }

  private static func alone(_ value: Double) -> Estimate {
    Estimate(value: value, standardError: 0, samples: 1)
  }

  private static func range(_ moments: Moments) -> ClosedRange<Double> {
    moments.minimum <= moments.maximum ? moments.minimum...moments.maximum : 0...0
  }
}

extension ExtremesEnsemble {
  /// Returns the expected largest of as many *independent* standard normal numbers as a pool holds, within 10⁻¹².
  ///
  /// A score divided by ``Normalization/scoreDeviation(headDimension:)`` has mean 0 and variance 1, and those of one query
  /// are independent given the query; those of a matrix are not.
  ///
  /// - Parameter fault: A mistake to make on purpose.
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public func expectedMaximum(ofPool size: Int, fault: KernelFault? = nil) throws(KernelError) -> Double {
    var count = size
    if fault == .extremesPooled {
      count = (Saturating(scores(inPool: size, under: fault)) * Saturating(trials)).value
    }
    if fault == .keyDropped { count = size / keys * (keys - 1) + min(keys - 1, size % keys) }
    // What has length 1 has forgotten with which variance it was drawn.
    let deviation = normalization == .unitLength ? 1 : fault.scoreDeviation
    return try DotProductTheory.expectedMaximum(of: max(1, count)) * deviation
  }
}
