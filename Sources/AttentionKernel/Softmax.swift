/// Turns logits into attention weights: `wᵢ = exp(zᵢ) / Σⱼ exp(zⱼ)`.
///
/// The largest logit is subtracted first, so that nothing overflows; weights below e⁻⁷⁰⁷·⁵ of the largest
/// are exactly 0.
///
/// - Parameter logits: Values before normalization, shape `[keys]`, no unit, any finite numbers.
/// - Returns: Weights, shape `[keys]`, each in `0...1`, summing to 1 within `keys · 2⁻⁵²`.
/// - Throws: ``KernelError/emptyRow`` or ``KernelError/nonFiniteValue(index:)``, before any arithmetic.
///
/// Source: Vaswani et al., "Attention Is All You Need" (2017), equation 1.
public func softmax(_ logits: [Double]) throws(KernelError) -> [Double] {
  try KernelError.requireFinite(logits)
  guard let largest = logits.max() else { throw .emptyRow }
  let exponentials = logits.map { ReferenceMath.flushingExponential($0 - largest) }
  let total = exponentials.reduce(0, +)
  return exponentials.map { $0 / total }
}

/// Returns the scores of queries with keys, each the dot product of a query and a key.
///
/// The products of the binary32 components are exact in binary64 and added in component order.
///
/// - Parameters:
///   - queries: Shape `[queries, headDimension]`, row by row.
///   - keys: Shape `[keys, headDimension]`, row by row.
///   - headDimension: At least 1.
/// - Returns: Scores, shape `[queries, keys]`, row by row; relative to `Σ|qc kc|` they err by at most
///   `headDimension · 2⁻⁵³`.
/// - Throws: ``KernelError``, before any arithmetic.
public func attentionScores(
  queries: [Float], keys: [Float], headDimension: Int
) throws(KernelError) -> [Double] {
  try KernelError.require("headDimension", headDimension)
  let queryCount = queries.count / headDimension
  let keyCount = keys.count / headDimension
  try KernelError.requireShape("queries", count: queries.count, rows: queryCount, columns: headDimension)
  try KernelError.requireShape("keys", count: keys.count, rows: keyCount, columns: headDimension)
  try KernelError.requireFinite(queries)
  try KernelError.requireFinite(keys)
  var scores: [Double] = []
  scores.reserveCapacity(queryCount * keyCount)
  for query in 0..<queryCount {
    for key in 0..<keyCount {
      var sum = 0.0
      for component in 0..<headDimension {
        sum +=
          Double(queries[query * headDimension + component]) * Double(keys[key * headDimension + component])
      }
      scores.append(sum)
    }
  }
  return scores
}
