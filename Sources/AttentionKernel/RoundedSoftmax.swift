internal import CAttention

/// The softmax of rows in a narrow format: every step is rounded to it, of the sum every addition or only the total.
///
/// The steps of a row, R being rounding to the format, each in binary32 before it is rounded:
/// 1. `x = R(logit)`; with ``subtractsMaximum``, `x = R(R(logit) − max R(logit))`.
/// 2. `e = R(eˣ)`, `eˣ` within 1.02 ulp of binary32; infinite or 0 where the format ends, subnormal before that.
/// 3. `s = Σ e`: key 16 v + l goes to lane l of sum v mod 4; sums 0 + 1 and 2 + 3 are added, then those two, then lanes
///    8, 4, 2 and 1 apart. Each addition is rounded if ``roundsSums``, else only the total.
/// 4. `p = R(e/s)`.
///
/// Nothing is caught: a row may overflow, divide by 0, or become not-a-number, as it would there. The bits of a row
/// depend on that row only and are the same on every processor.
public struct RoundedSoftmax: Hashable, Sendable {
  /// The format that steps are rounded to.
  public let format: FloatFormat

  /// Whether a row's largest logit is subtracted from all of them first.
  public let subtractsMaximum: Bool

  /// Whether every addition of the sum is rounded, not only the finished sum.
  public let roundsSums: Bool

  /// A way to compute.
  ///
  /// - Parameter format: Any but binary64.
  public init(_ format: FloatFormat, subtractsMaximum: Bool, roundsSums: Bool = false) {
    precondition(format != .binary64, "binary64 is computed in plain Swift")
    self.format = format
    self.subtractsMaximum = subtractsMaximum
    self.roundsSums = roundsSums
  }

  /// Returns the weights of rows of logits.
  ///
  /// - Parameters:
  ///   - logits: Shape `[rows, keys]`, row by row.
  ///   - keys: At least 1.
  /// - Throws: ``KernelError/mismatchedShapes(name:expected:actual:)``.
  public func weights(
    _ logits: [Float], keys: Int, using set: InstructionSet = .best
  ) throws(KernelError) -> [Float] {
    try KernelError.require("keys", keys)
    try KernelError.requireShape("logits", count: logits.count, rows: logits.count / keys, columns: keys)
    return [Float](unsafeUninitializedCapacity: logits.count) { buffer, count in
      logits.withUnsafeBufferPointer { logits in
        guard let logits = logits.baseAddress, let weights = buffer.baseAddress else { return }
        write(logits, rows: buffer.count / keys, keys: keys, to: weights, using: set)
      }
      count = logits.count
    }
  }

  func write(
    _ logits: UnsafePointer<Float>, rows: Int, keys: Int, to weights: UnsafeMutablePointer<Float>,
    using set: InstructionSet, fault: KernelFault? = nil
  ) {
    if let fault { return write(logits, rows: rows, keys: keys, to: weights, using: set, with: fault) }
    guard let kernel = format.kernel else { return }
    attention_rounded_softmax(
      set.kernels, kernel, subtractsMaximum, roundsSums, logits, rows, keys, weights)
  }

  // MARK: - Errors

  /// How the weights of some rows differ from others.
  public struct Errors: Hashable, Sendable {
    /// How many rows were looked at.
    public internal(set) var rows = 0
    /// Rows with a weight that is infinite or not a number.
    public internal(set) var nonFiniteRows = 0
    /// Finite rows whose weights are all 0.
    public internal(set) var emptyRows = 0
    /// Weights that are exactly 0, in all rows.
    public internal(set) var zeroWeights = 0
    /// The largest difference |p − p'| of a weight, over finite rows.
    public internal(set) var largestError = 0.0
    /// The sum over finite rows of `½ Σ |p − p'|`: the share of the mass that is on the wrong key.
    public internal(set) var misplacedMass = 0.0

    /// No rows.
    public init() {}

    /// Adds the rows behind other errors.
    public mutating func merge(_ other: Errors) {
      rows += other.rows
      nonFiniteRows += other.nonFiniteRows
      emptyRows += other.emptyRows
      zeroWeights += other.zeroWeights
      largestError = max(largestError, other.largestError)
      misplacedMass += other.misplacedMass
    }

    /// Adds rows by what the kernels say of them: not finite, zeros, largest error, sum of errors.
    mutating func add(_ measures: UnsafePointer<Double>, rows count: Int, keys: Int) {
      rows += count
      for row in 0..<count {
        let measures = measures + 4 * row
        let zeros = Int(measures[1])
        zeroWeights += zeros
        guard measures[0] == 0 else {
          nonFiniteRows += 1
          continue
        }
        if zeros == keys { emptyRows += 1 }
        largestError = max(largestError, measures[2])
        misplacedMass += measures[3] / 2
      }
    }
  }

  /// Rows whose weights are held at once, so that they stay in a near cache.
  private static let rowsAtOnce = 16

  /// Computes the weights of rows in several ways and compares them with the right ones; keeps none of them.
  ///
  /// - Parameters:
  ///   - ways: The ways to compute.
  ///   - logits: Shape `[rows, keys]`, row by row.
  ///   - reference: The right weights, of the same shape.
  ///   - keys: At least 1.
  ///   - conditions: Threads share the rows; cancellation is checked every few hundred of them; a fault is made in
  ///     the ways, not in the reference.
  /// - Returns: The errors of each way.
  /// - Throws: ``KernelError/mismatchedShapes(name:expected:actual:)``, ``KernelError/cancelled``.
  public static func errors(
    of ways: [RoundedSoftmax], _ logits: UnsafeBufferPointer<Float>, reference: UnsafeBufferPointer<Double>,
    keys: Int, under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> [Errors] {
    try KernelError.require("keys", keys)
    let rows = logits.count / keys
    try KernelError.requireShape("logits", count: logits.count, rows: rows, columns: keys)
    try KernelError.requireShape("reference", count: reference.count, rows: rows, columns: keys)
    guard let logitBase = logits.baseAddress, let referenceBase = reference.baseAddress else {
      return ways.map { _ in Errors() }
    }
    nonisolated(unsafe) let (input, expected) = (logitBase, referenceBase)
    let set = conditions.instructionSet
    let chunk = max(1, (1 << 17) / keys / rowsAtOnce) * rowsAtOnce
    return try Parallel.fold(
      count: (rows + chunk - 1) / chunk, under: conditions, into: ways.map { _ in Errors() },
      workerState: {
        (
          weights: AlignedFloats(count: rowsAtOnce * keys),
          measures: [Double](repeating: 0, count: 4 * rowsAtOnce)
        )
      },
      body: { (state, number) throws(KernelError) in
        var errors = ways.map { _ in Errors() }
        let end = min(rows, (number + 1) * chunk)
        for first in stride(from: number * chunk, to: end, by: rowsAtOnce) {
          let count = min(rowsAtOnce, end - first)
          for (index, way) in ways.enumerated() {
            way.write(
              input + first * keys, rows: count, keys: keys, to: state.weights.base, using: set,
              fault: conditions.fault)
            attention_weight_errors(
              set.kernels, state.weights.base, expected + first * keys, count, keys, &state.measures)
            errors[index].add(state.measures, rows: count, keys: keys)
          }
        }
        return errors
      },
      merge: { (total: inout [Errors], part: [Errors]) in
        for index in total.indices { total[index].merge(part[index]) }
      })
  }
}
