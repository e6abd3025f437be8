internal import CAttention

/// The softmax of the rows of a matrix of scores, in binary32, forward and backward.
///
/// A weight whose logit lies by x below the largest one has a relative error of at most `(1.5 x + 4) · 2⁻²⁴`, and is
/// exactly 0 where its exponential is below 2⁻¹²⁶. A score of −∞ gets no weight; a row of −∞ only, one with +∞ or with
/// something that is not a number becomes not-a-number as a whole. The bits of a row depend on that row only.
public struct SoftmaxRows: Hashable, Sendable {
  /// The number of rows.
  public let rows: Int

  /// The number of keys of a row.
  public let keys: Int

  /// The number that scores are divided by.
  public let divisor: Double

  /// Results of more bytes than this are written past the caches, as reading them back would not find them there.
  private static let largestCached = 16 << 20

  /// Rows of more keys than this are not: their exponentials would not stay in the first-level cache.
  private static let longestStreamed = 4096

  /// Describes matrices of shape `[rows, keys]`.
  ///
  /// - Parameters:
  ///   - rows: At least 1.
  ///   - keys: At least 1.
  ///   - divisor: What scores are divided by to make logits; 2⁻¹⁰⁰ … 2¹⁰⁰.
  /// - Throws: ``KernelError``.
  public init(rows: Int, keys: Int, dividingBy divisor: Double = 1) throws(KernelError) {
    try KernelError.require("rows", rows)
    try KernelError.require("keys", keys)
    guard divisor >= 0x1p-100, divisor <= 0x1p100 else { throw .invalidScale(divisor) }
    guard (8 * Saturating(rows) * Saturating(keys)).value < .max else {
      throw .sizeTooLarge(name: "keys", maximum: .max / 8 / rows)
    }
    self.rows = rows
    self.keys = keys
    self.divisor = divisor
  }

  /// Writes the weights of all rows.
  ///
  /// - Parameters:
  ///   - scores: Shape `[rows, keys]`, row by row.
  ///   - weights: The same shape; the same memory as `scores`, or memory that does not overlap it.
  ///   - conditions: Threads share the rows; cancellation is checked every few of them.
  /// - Throws: ``KernelError/mismatchedShapes(name:expected:actual:)``, ``KernelError/cancelled``.
  public func forward(
    _ scores: UnsafeBufferPointer<Float>, into weights: UnsafeMutableBufferPointer<Float>,
    under conditions: RunConditions = RunConditions()
  ) throws(KernelError) {
    try KernelError.requireShape("scores", count: scores.count, rows: rows, columns: keys)
    try KernelError.requireShape("weights", count: weights.count, rows: rows, columns: keys)
    guard let source = scores.baseAddress, let target = weights.baseAddress else { return }
    let set = conditions.instructionSet.kernels
    let isInPlace = source == UnsafePointer(target)
    let isStreamed = !isInPlace && rows * keys * 4 > Self.largestCached && keys <= Self.longestStreamed
    nonisolated(unsafe) let (input, output) = (source, target)
    try overRows(conditions, scratch: isStreamed ? keys : nil) { (scratch, first, count) in
      attention_softmax_rows(
        set, input + first * keys, count, keys, keys, divisor, output + first * keys, keys, scratch)
    }
  }

  /// Replaces scores by weights.
  ///
  /// - Parameter scores: Shape `[rows, keys]`, row by row.
  /// - Throws: As ``forward(_:into:under:)``.
  public func forward(
    inPlace scores: UnsafeMutableBufferPointer<Float>, under conditions: RunConditions = RunConditions()
  ) throws(KernelError) {
    try forward(UnsafeBufferPointer(scores), into: scores, under: conditions)
  }

  /// Writes the gradients with respect to the scores, `p (g − Σ p g) / divisor`.
  ///
  /// - Parameters:
  ///   - weights: The weights p, shape `[rows, keys]`.
  ///   - weightGradients: The gradients g with respect to them, the same shape.
  ///   - scoreGradients: The same shape; the memory of one of the others, or memory that overlaps neither.
  ///   - conditions: As above.
  /// - Throws: As ``forward(_:into:under:)``.
  public func backward(
    weights: UnsafeBufferPointer<Float>, weightGradients: UnsafeBufferPointer<Float>,
    into scoreGradients: UnsafeMutableBufferPointer<Float>, under conditions: RunConditions = RunConditions()
  ) throws(KernelError) {
    try KernelError.requireShape("weights", count: weights.count, rows: rows, columns: keys)
    try KernelError.requireShape("weightGradients", count: weightGradients.count, rows: rows, columns: keys)
    try KernelError.requireShape("scoreGradients", count: scoreGradients.count, rows: rows, columns: keys)
    guard let weightBase = weights.baseAddress, let gradientBase = weightGradients.baseAddress,
      let target = scoreGradients.baseAddress
    else { return }
    let set = conditions.instructionSet.kernels
    nonisolated(unsafe) let (p, g, output) = (weightBase, gradientBase, target)
    try overRows(conditions, scratch: nil) { (_, first, count) in
      let place = first * keys
      attention_softmax_backward(set, p + place, g + place, count, keys, keys, divisor, output + place)
    }
  }

  /// Returns the weights of scores of shape `[rows, keys]`, row by row.
  ///
  /// A score of −∞ gets no weight, as it does with ``forward(_:into:under:)``.
  ///
  /// - Throws: As ``forward(_:into:under:)``, and ``KernelError/nonFiniteValue(index:)`` for a row without weights, with the
  ///   index of its first score that is infinite or not a number.
  public func callAsFunction(
    _ scores: [Float], under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> Floats {
    try KernelError.requireShape("scores", count: scores.count, rows: rows, columns: keys)
    let weights = try Floats(count: scores.count) { (weights) throws(KernelError) in
      try scores.withUnsafeBufferPointer { (scores) throws(KernelError) in
        try forward(scores, into: weights, under: conditions)
      }
    }
    // A row becomes not-a-number as a whole.
    for start in stride(from: 0, to: scores.count, by: keys) where weights[start].isNaN {
      let row = start..<start + keys
      throw .nonFiniteValue(index: row.first { scores[$0].isNaN || scores[$0] == .infinity } ?? start)
    }
    return weights
  }

  /// Calls `body` with all rows, some at a time, on the threads of the conditions.
  private func overRows(
    _ conditions: RunConditions, scratch: Int?,
    _ body: @Sendable (_ scratch: UnsafeMutablePointer<Float>?, _ first: Int, _ count: Int) -> Void
  ) throws(KernelError) {
    // Where a result may be touched for the first time, threads keep to large pages of their own: two that touch one page
    // at the same time both have it cleared, and one for nothing.
    let floatsAtOnce = rows * keys * 4 > Self.largestCached ? NumberMemory.largePage / 4 : 1 << 17
    let rowsAtOnce = max(1, floatsAtOnce / keys)
    try Parallel.fold(
      count: (rows - 1) / rowsAtOnce + 1, under: conditions, into: (),
      workerState: { scratch.map { AlignedFloats(count: $0) } },
      body: { (memory: inout AlignedFloats?, number) throws(KernelError) in
        let first = number * rowsAtOnce
        body(memory?.base, first, min(rowsAtOnce, rows - first))
      },
      merge: { (_: inout Void, _: Void) in })
  }
}
