/// One query's scores, logits and weights over its keys: a worked example.
public struct AttentionRow: Hashable, Sendable {
  /// Dot products of the query with each key, shape `[keys]`, no unit.
  public let scores: [Double]

  /// Scores divided by the scale, shape `[keys]`.
  public let logits: [Double]

  /// Attention weights, shape `[keys]`, in `0...1`, summing to 1.
  public let weights: [Double]

  /// What the weights look like as a whole.
  public let statistics: RowStatistics

  /// Computes the row of a query.
  ///
  /// - Parameters:
  ///   - query: Shape `[headDimension]`, not empty.
  ///   - keys: Shape `[keys, headDimension]`, row by row, at least one key.
  ///   - scale: What the scores are divided by.
  /// - Throws: ``KernelError``, before any arithmetic.
  public init(query: [Float], keys: [Float], scale: Scale) throws(KernelError) {
    let divisor = try scale.divisor(headDimension: query.count)
    let scores = try attentionScores(queries: query, keys: keys, headDimension: query.count)
    try self.init(scores: scores, divisor: divisor)
  }

  /// Computes the row of given scores.
  init(scores: [Double], divisor: Double) throws(KernelError) {
    self.scores = scores
    logits = scores.map { $0 / divisor }
    weights = try softmax(logits)
    statistics = try RowStatistics(logits: logits)
  }
}
