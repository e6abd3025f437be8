/// Rows of random logits whose softmax is computed in several number formats, with and without subtracting the maximum.
///
/// A row's logits are independent normals with the standard deviation of the spread: element
/// `(trial · rows + row) · keys + key` of the stream ``TensorRole/logits``, in binary32, times the spread. All spreads and
/// all formats see the same numbers.
///
/// What is right is binary64 with the maximum subtracted, on the same binary32 logits.
public struct PrecisionEnsemble: Hashable, Sendable {
  /// The number of keys of a row.
  public let keys: Int

  /// The number of rows of a trial.
  public let rows: Int

  /// The number of trials; standard errors come from their differences.
  public let trials: Int

  /// The standard deviations of the logits, in the order of the results.
  public let spreads: [Double]

  /// Whether every addition of a sum is rounded.
  public let roundsSums: Bool

  /// The seed of the normals.
  public let seed: UInt64

  /// Describes an ensemble.
  ///
  /// - Parameters:
  ///   - keys: At least 1.
  ///   - rows: At least 1.
  ///   - trials: At least 2.
  ///   - spreads: Each above 0 and at most 10⁶.
  /// - Throws: ``KernelError``.
  public init(
    keys: Int, rows: Int, trials: Int, spreads: [Double], roundsSums: Bool = false, seed: UInt64
  ) throws(KernelError) {
    try KernelError.require("keys", keys)
    try KernelError.require("rows", rows)
    try KernelError.require("trials", trials, atLeast: 2)
    for spread in spreads where !(spread > 0 && spread <= 1e6) {
      throw .invalidNumber(name: "spreads", value: spread)
    }
    guard (256 * Saturating(keys) * Saturating(rows) * Saturating(trials)).value < .max else {
      throw .sizeTooLarge(name: "rows", maximum: .max / 256 / (Saturating(keys) * Saturating(trials)).value)
    }
    self.keys = keys
    self.rows = rows
    self.trials = trials
    self.spreads = spreads
    self.roundsSums = roundsSums
    self.seed = seed
  }

  /// Returns what an ensemble of these sizes needs; any sizes are allowed, also absurd ones.
  public static func cost(keys: Int, rows: Int, trials: Int, spreads: Int, threads: Int = 1) -> Cost {
    let elements = Saturating(keys) * Saturating(rows) * Saturating(trials)
    let block = Saturating(keys) * Saturating(rowsAtOnce)
    return Cost(
      workingSetBytes: (Saturating(threads) * 40 * block + 65_536).value,
      operations: (80 * elements * Saturating(spreads)).value)
  }

  /// One way to compute a row.
  public struct Way: Hashable, Sendable {
    /// The number format of every step.
    public let format: FloatFormat
    /// Whether the largest logit is subtracted first.
    public let subtractsMaximum: Bool
  }

  /// The ways that are compared: each format, without and with subtracting the maximum.
  public static let ways = FloatFormat.allCases.flatMap { format in
    [false, true].map { Way(format: format, subtractsMaximum: $0) }
  }

  /// What one way gives at one spread.
  public struct Outcome: Hashable, Sendable {
    /// The standard deviation of the logits.
    public let spread: Double
    /// The way to compute.
    public let way: Way
    /// The share of rows with a weight that is infinite or not a number.
    public let nonFiniteRows: Estimate
    /// The share of rows that are finite, but all 0.
    public let emptyRows: Estimate
    /// The share of weights that are exactly 0.
    public let zeroWeights: Estimate
    /// The mean over trials of the largest |p − p'|, 1 where a row is not finite; `nil` for binary64.
    public let largestError: Estimate?
    /// The mean over rows of `½ Σ |p − p'|`, 1 where a row is not finite; `nil` for binary64.
    public let misplacedMass: Estimate?
  }

  /// What a row's logits are like at one spread.
  public struct Logits: Hashable, Sendable {
    /// The standard deviation of the logits.
    public let spread: Double
    /// The mean of a row's largest logit.
    public let largest: Estimate
    /// The mean of a row's smallest logit.
    public let smallest: Estimate
  }

  /// What an ensemble says.
  public struct Summary: Hashable, Sendable {
    /// The ensemble.
    public let ensemble: PrecisionEnsemble
    /// By spread, then in the order of ``PrecisionEnsemble/ways``.
    public let outcomes: [Outcome]
    /// By spread.
    public let logits: [Logits]
  }

  /// Rows that are drawn, computed and compared at a time.
  private static let rowsAtOnce = 64

  /// Draws the rows and computes them in every way.
  ///
  /// - Parameter conditions: Cancellation is checked every 64 rows, progress told too.
  /// - Throws: ``KernelError/cancelled``.
  public func run(_ conditions: RunConditions = RunConditions()) throws(KernelError) -> Summary {
    let blocks = (rows + Self.rowsAtOnce - 1) / Self.rowsAtOnce
    let tallies = try Parallel.fold(
      count: trials * blocks, under: conditions,
      into: [[PrecisionTally]](
        repeating: spreads.map { _ in PrecisionTally() }, count: trials),
      workerState: { PrecisionWorker(self, rowsAtOnce: Self.rowsAtOnce, conditions) },
      body: { (worker, number) throws(KernelError) in
        let first = number % blocks * Self.rowsAtOnce
        let count = min(Self.rowsAtOnce, rows - first)
        return (number / blocks, try worker.tally(trial: number / blocks, first: first, count: count))
      },
      merge: { (total: inout [[PrecisionTally]], part: (trial: Int, tallies: [PrecisionTally])) in
        for index in part.tallies.indices { total[part.trial][index].merge(part.tallies[index]) }
      })
    var outcomes: [Outcome] = []
    var logits: [Logits] = []
    for (index, spread) in spreads.enumerated() {
      let trials = tallies.map { $0[index] }
      logits.append(
        Logits(
          spread: spread, largest: Self.mean(trials.map { $0.largest.mean }, rows: rows),
          smallest: Self.mean(trials.map { $0.smallest.mean }, rows: rows)))
      for (place, way) in Self.ways.enumerated() {
        outcomes.append(outcome(trials.map { $0.errors[place] }, spread, way, conditions.fault))
      }
    }
    return Summary(ensemble: self, outcomes: outcomes, logits: logits)
  }

  private static func mean(_ trials: [Double], rows: Int) -> Estimate {
    let estimate = Moments(trials).meanEstimate
    return Estimate(
      value: estimate.value, standardError: estimate.standardError, samples: trials.count * rows)
  }

  private func outcome(
    _ trials: [RoundedSoftmax.Errors], _ spread: Double, _ way: Way, _ fault: KernelFault?
  ) -> Outcome {
    let mean = { (value: (RoundedSoftmax.Errors) -> Double) in Self.mean(trials.map(value), rows: rows) }
    // Weights of a row become 0 together, as all of them do where the sum overflows: rows are what is drawn.
    let draws = Double(trials.count * rows)
    let share = { (share: (RoundedSoftmax.Errors) -> Double) in fault.share(mean(share).share(of: draws)) }
    let isReference = way.format == .binary64
    return Outcome(
      spread: spread, way: way, nonFiniteRows: share { Double($0.nonFiniteRows) / Double($0.rows) },
      emptyRows: share { Double($0.emptyRows) / Double($0.rows) },
      zeroWeights: share { Double($0.zeroWeights) / Double($0.rows * keys) },
      largestError: isReference ? nil : mean { $0.nonFiniteRows > 0 ? 1 : $0.largestError },
      misplacedMass: isReference
        ? nil : mean { ($0.misplacedMass + Double($0.nonFiniteRows)) / Double($0.rows) })
  }
}

/// What rows of one spread contribute.
struct PrecisionTally: Sendable {
  var errors = [RoundedSoftmax.Errors](
    repeating: RoundedSoftmax.Errors(), count: PrecisionEnsemble.ways.count)
  var largest = Moments()
  var smallest = Moments()

  mutating func merge(_ other: PrecisionTally) {
    for index in errors.indices { errors[index].merge(other.errors[index]) }
    largest.merge(other.largest)
    smallest.merge(other.smallest)
  }
}

/// One worker's memory, and its work on a block of rows.
struct PrecisionWorker {
  private let ensemble: PrecisionEnsemble
  private let conditions: RunConditions
  private let normals: StandardNormals
  private let drawn: AlignedFloats
  private let logits: AlignedFloats
  private var reference: [Double]
  private var naive: [Double]

  init(_ ensemble: PrecisionEnsemble, rowsAtOnce: Int, _ conditions: RunConditions) {
    self.ensemble = ensemble
    var single = conditions
    single.threads = 1
    // Progress is counted in blocks of this ensemble, not in the rows inside of one.
    single.progress = nil
    self.conditions = single
    normals = StandardNormals(seed: ensemble.seed, role: .logits)
    let size = rowsAtOnce * ensemble.keys
    drawn = AlignedFloats(count: size)
    logits = AlignedFloats(count: size)
    reference = [Double](repeating: 0, count: size)
    naive = reference
  }

  /// Computes what rows `first ..< first + count` of a trial contribute, by spread.
  mutating func tally(trial: Int, first: Int, count: Int) throws(KernelError) -> [PrecisionTally] {
    let keys = ensemble.keys
    let size = count * keys
    let buffer = UnsafeMutableBufferPointer(start: drawn.base, count: size)
    normals.fill(
      buffer, startingAt: UInt64((trial * ensemble.rows + first) * keys), using: conditions.instructionSet)
    conditions.fault.distort(buffer, headDimension: keys, role: .logits)
    var tallies: [PrecisionTally] = []
    for spread in ensemble.spreads {
      let factor = Float(spread)
      for index in 0..<size { logits.base[index] = drawn.base[index] * factor }
      tallies.append(try tally(rows: count))
    }
    return tallies
  }

  private mutating func tally(rows: Int) throws(KernelError) -> PrecisionTally {
    let keys = ensemble.keys
    var tally = PrecisionTally()
    for row in 0..<rows {
      let values = UnsafeBufferPointer(start: logits.base + row * keys, count: keys)
      var largest = -Float.infinity
      var smallest = Float.infinity
      for value in values {
        largest = max(largest, value)
        smallest = min(smallest, value)
      }
      tally.largest.add(Double(largest))
      tally.smallest.add(Double(smallest))
      weigh(values, minus: Double(largest), into: &reference, at: row * keys)
      weigh(values, minus: 0, into: &naive, at: row * keys)
    }
    for (index, way) in PrecisionEnsemble.ways.enumerated() {
      if way.format == .binary64 {
        let honest = way.subtractsMaximum ? reference : naive
        let weights = conditions.fault == nil ? honest : faultyWeights(way, rows: rows)
        tally.errors[index] = errors(of: weights, rows: rows)
      } else {
        let rounded = RoundedSoftmax(
          way.format, subtractsMaximum: way.subtractsMaximum, roundsSums: ensemble.roundsSums)
        tally.errors[index] = try errors(of: rounded, rows: rows)
      }
    }
    return tally
  }

  /// The binary64 weights of a way under the fault, from what it leaves of the logits.
  private func faultyWeights(_ way: PrecisionEnsemble.Way, rows: Int) -> [Double] {
    let keys = ensemble.keys
    var weights = way.subtractsMaximum ? reference : naive
    switch conditions.fault {
    case .maximumNotSubtracted?: weights = naive
    case .maximumAlwaysSubtracted?: weights = reference
    case .logitsClipped?:
      // Finite in binary32, and its exponential in binary64.
      let limit = Float(way.format.overflowLogit).nextDown
      for row in 0..<rows {
        let clipped = (0..<keys).map { min(logits.base[row * keys + $0], limit) }
        let largest = way.subtractsMaximum ? Double(clipped.max() ?? 0) : 0
        clipped.withUnsafeBufferPointer { weigh($0, minus: largest, into: &weights, at: row * keys) }
      }
    case .subnormalsFlushed?:
      for index in 0..<(rows * keys) where weights[index] < .leastNormalMagnitude { weights[index] = 0 }
    default: break
    }
    return weights
  }

  /// Writes the weights of a row, in binary64.
  private func weigh(
    _ values: UnsafeBufferPointer<Float>, minus largest: Double, into weights: inout [Double], at start: Int
  ) {
    var total = 0.0
    for (index, value) in values.enumerated() {
      let exponential = ReferenceMath.exponential(Double(value) - largest)
      weights[start + index] = exponential
      total += exponential
    }
    for index in values.indices { weights[start + index] /= total }
  }

  private func errors(of way: RoundedSoftmax, rows: Int) throws(KernelError) -> RoundedSoftmax.Errors {
    let size = rows * ensemble.keys
    let values = UnsafeBufferPointer(start: logits.base, count: size)
    let errors = try reference.withUnsafeBufferPointer { (reference) throws(KernelError) in
      try RoundedSoftmax.errors(
        of: [way], values, reference: UnsafeBufferPointer(rebasing: reference[..<size]), keys: ensemble.keys,
        under: conditions)
    }
    return errors[0]
  }

  /// The errors of binary64 rows, whose differences from the right ones are not counted.
  private func errors(of weights: [Double], rows: Int) -> RoundedSoftmax.Errors {
    let keys = ensemble.keys
    var errors = RoundedSoftmax.Errors()
    errors.rows = rows
    for row in 0..<rows {
      let values = weights[(row * keys)..<((row + 1) * keys)]
      let zeros = values.count { $0 == 0 }
      errors.zeroWeights += zeros
      if values.contains(where: { !$0.isFinite }) {
        errors.nonFiniteRows += 1
      } else if zeros == keys {
        errors.emptyRows += 1
      }
    }
    return errors
  }
}
