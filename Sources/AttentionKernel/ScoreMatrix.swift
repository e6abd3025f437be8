internal import CAttention

/// The matrix of scores of all queries with all keys, in binary32.
///
/// A score is one chain of fused multiply-adds over the components in their order, starting from 0: its bits depend on
/// the query and the key only, not on their neighbors, the sizes, the threads or the instruction set. It errs by at most
/// `headDimension · 2⁻²⁴ · Σ|q k|`, the error usually being far less.
public struct ScoreMatrix: Hashable, Sendable {
  /// The number of rows.
  public let queries: Int

  /// The number of columns.
  public let keys: Int

  /// The number of components of a query and of a key.
  public let headDimension: Int

  /// Describes a matrix of shape `[queries, keys]`.
  ///
  /// - Throws: ``KernelError`` unless all sizes are at least 1 and the arrays can be addressed.
  public init(queries: Int, keys: Int, headDimension: Int) throws(KernelError) {
    try KernelError.require("queries", queries)
    try KernelError.require("keys", keys)
    try KernelError.require("headDimension", headDimension)
    let columns = Saturating(keys) + 32
    guard (8 * columns * Saturating(max(queries, headDimension))).value < .max,
      (8 * Saturating(queries) * Saturating(headDimension)).value < .max
    else { throw .sizeTooLarge(name: "keys", maximum: .max / 8 / max(queries, headDimension)) }
    self.queries = queries
    self.keys = keys
    self.headDimension = headDimension
  }

  /// Writes the scores.
  ///
  /// - Parameters:
  ///   - queries: Shape `[queries, headDimension]`, row by row.
  ///   - keys: Shape `[keys, headDimension]`, row by row.
  ///   - scores: Shape `[queries, keys]`, row by row; must not overlap the others.
  ///   - conditions: Threads share the rows; cancellation is checked every few million products.
  /// - Throws: ``KernelError/mismatchedShapes(name:expected:actual:)`` before any arithmetic;
  ///   ``KernelError/cancelled``. Values are not checked: what is not finite makes scores that are not.
  public func multiply(
    queries queryValues: UnsafeBufferPointer<Float>, keys keyValues: UnsafeBufferPointer<Float>,
    into scores: UnsafeMutableBufferPointer<Float>, under conditions: RunConditions = RunConditions()
  ) throws(KernelError) {
    try KernelError.requireShape("queries", count: queryValues.count, rows: queries, columns: headDimension)
    try KernelError.requireShape("keys", count: keyValues.count, rows: keys, columns: headDimension)
    try KernelError.requireShape("scores", count: scores.count, rows: queries, columns: keys)
    guard let queryBase = queryValues.baseAddress, let keyBase = keyValues.baseAddress,
      let scoreBase = scores.baseAddress
    else { return }
    let set = conditions.instructionSet.kernels
    let panels = AlignedFloats(count: (keys + 31) / 32 * 32 * headDimension)
    attention_pack_panels(set, keyBase, keys, headDimension, headDimension, panels.base)
    // Whole tiles of every instruction set, and not more than a few milliseconds.
    let rowsAtOnce = max(48, min(528, (1 << 24) / (keys * headDimension) / 48 * 48))
    nonisolated(unsafe) let (queryRows, packed, result) = (queryBase, panels.base, scoreBase)
    _ = try Parallel.map(count: (queries + rowsAtOnce - 1) / rowsAtOnce, under: conditions) {
      (number) throws(KernelError) in
      let first = number * rowsAtOnce
      attention_multiply_panels(
        set, queryRows + first * headDimension, min(rowsAtOnce, queries - first), headDimension,
        headDimension,
        packed, keys, result + first * keys, keys, 16)
    }
    withExtendedLifetime(panels) {}
  }

  /// Returns the scores, shape `[queries, keys]`, row by row.
  ///
  /// - Throws: As ``multiply(queries:keys:into:under:)``, and ``KernelError/nonFiniteValue(index:)``.
  public func callAsFunction(
    queries queryValues: [Float], keys keyValues: [Float], under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> [Float] {
    try KernelError.requireFinite(queryValues)
    try KernelError.requireFinite(keyValues)
    var scores = [Float](repeating: 0, count: queries * keys)
    try scores.withUnsafeMutableBufferPointer { (scores) throws(KernelError) in
      try queryValues.withUnsafeBufferPointer { (queryValues) throws(KernelError) in
        try keyValues.withUnsafeBufferPointer { (keyValues) throws(KernelError) in
          try multiply(queries: queryValues, keys: keyValues, into: scores, under: conditions)
        }
      }
    }
    return scores
  }
}
