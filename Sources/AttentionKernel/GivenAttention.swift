/// Attention over given queries, keys and values, or over given scores, in binary64.
///
/// With several heads, each has its own queries; heads of keys and values may be fewer, each then serving as many heads
/// of queries in a row (grouped-query attention), one serving all.
public struct GivenAttention: Hashable, Sendable {
  /// The number of heads.
  public let heads: Int

  /// The number of queries of a head.
  public let queries: Int

  /// The number of keys of a head.
  public let keys: Int

  /// The number of components d of a query; `nil` where scores are given without one.
  public let headDimension: Int?

  /// Dot products, shape `[heads, queries, keys]`.
  public let scores: [Double]

  /// What was done to queries and keys, or is done to logits, besides the division by a scale.
  public let normalization: Normalization

  /// Whether query i sees only keys 0 … i.
  public let isCausal: Bool

  /// The values, shape `[valueHeads, keys, valueDimension]`; `nil` for none.
  public let values: [Double]?

  /// The number of components of a value.
  public let valueDimension: Int

  private let valueHeads: Int

  /// Numbers with three indices: head, position, component.
  public struct Heads: Hashable, Sendable {
    /// How many heads there are.
    public let heads: Int
    /// How many positions a head has.
    public let rows: Int
    /// How many components a position has.
    public let columns: Int
    /// The numbers, component by component, position by position, head by head.
    public let numbers: [Double]

    /// Numbers of a shape.
    ///
    /// - Precondition: There are `heads · rows · columns` of them.
    public init(heads: Int, rows: Int, columns: Int, numbers: [Double]) {
      precondition(heads * rows * columns == numbers.count)
      self.heads = heads
      self.rows = rows
      self.columns = columns
      self.numbers = numbers
    }

    /// Every position divided by its length; one whose numbers are all 0 stays as it is.
    var ofUnitLength: Heads {
      var numbers = numbers
      for start in stride(from: 0, to: numbers.count, by: columns) {
        // Squares of huge or tiny numbers would leave binary64; a power of two lets them stay without rounding.
        let largest = numbers[start..<(start + columns)].map(\.magnitude).max() ?? 0
        guard largest > 0 else { continue }
        let unit = Double(sign: .plus, exponent: largest.exponent, significand: 1)
        let row = numbers[start..<(start + columns)].map { $0 / unit }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        numbers.replaceSubrange(start..<(start + columns), with: row.map { $0 / length })
      }
      return Heads(heads: heads, rows: rows, columns: columns, numbers: numbers)
    }
  }

  /// The most scores that are computed and kept.
  public static let mostScores = 1 << 22

  /// Attention of queries over keys.
  ///
  /// - Throws: ``KernelError`` where shapes don't go together, numbers are not finite, or scores overflow.
  public init(
    queries: Heads, keys: Heads, values: Heads? = nil, normalization: Normalization = .none, isCausal: Bool
  ) throws(KernelError) {
    guard keys.columns == queries.columns else {
      throw .mismatchedShapes(name: "keys", expected: queries.columns, actual: keys.columns)
    }
    guard queries.heads % keys.heads == 0 else {
      throw .mismatchedShapes(name: "keys", expected: queries.heads, actual: keys.heads)
    }
    guard queries.heads * queries.rows <= Self.mostScores / keys.rows else {
      throw .sizeTooLarge(name: "queries", maximum: Self.mostScores / keys.rows / queries.heads)
    }
    try KernelError.requireFinite(queries.numbers)
    try KernelError.requireFinite(keys.numbers)
    let queries = normalization == .unitLength ? queries.ofUnitLength : queries
    let keys = normalization == .unitLength ? keys.ofUnitLength : keys
    let d = queries.columns
    var scores: [Double] = []
    scores.reserveCapacity(queries.heads * queries.rows * keys.rows)
    for head in 0..<queries.heads {
      let keyHead = head / (queries.heads / keys.heads)
      for query in 0..<queries.rows {
        for key in 0..<keys.rows {
          var sum = 0.0
          for component in 0..<d {
            sum +=
              queries.numbers[(head * queries.rows + query) * d + component]
              * keys.numbers[(keyHead * keys.rows + key) * d + component]
          }
          scores.append(sum)
        }
      }
    }
    try self.init(
      scores: Heads(heads: queries.heads, rows: queries.rows, columns: keys.rows, numbers: scores),
      headDimension: d, values: values, normalization: normalization, isCausal: isCausal)
  }

  /// Attention with given scores.
  ///
  /// - Parameter normalization: What the scores are like: with ``Normalization/unitLength``, cosines.
  /// - Throws: As ``init(queries:keys:values:normalization:isCausal:)``.
  public init(
    scores: Heads, headDimension: Int?, values: Heads? = nil, normalization: Normalization = .none,
    isCausal: Bool
  ) throws(KernelError) {
    try KernelError.requireFinite(scores.numbers)
    guard scores.numbers.count <= Self.mostScores else {
      throw .sizeTooLarge(name: "scores", maximum: Self.mostScores)
    }
    if isCausal, scores.rows != scores.columns {
      throw .mismatchedShapes(name: "keys", expected: scores.rows, actual: scores.columns)
    }
    if let values {
      guard values.rows == scores.columns else {
        throw .mismatchedShapes(name: "values", expected: scores.columns, actual: values.rows)
      }
      guard scores.heads % values.heads == 0 else {
        throw .mismatchedShapes(name: "values", expected: scores.heads, actual: values.heads)
      }
      try KernelError.requireFinite(values.numbers)
    }
    heads = scores.heads
    queries = scores.rows
    keys = scores.columns
    self.headDimension = headDimension
    self.scores = scores.numbers
    self.normalization = normalization
    self.isCausal = isCausal
    self.values = values?.numbers
    valueHeads = values?.heads ?? 0
    valueDimension = values?.columns ?? 0
  }

  /// How many keys a query sees.
  public func visibleKeys(ofQuery query: Int) -> Int { isCausal ? query + 1 : keys }

  /// What attention does at one scale.
  public struct Result: Hashable, Sendable {
    /// The scale.
    public let scale: Scale
    /// What the scale divides scores by; a factor of the keys comes on top.
    public let divisor: Double
    /// Attention weights, shape `[heads, queries, keys]`; 0 where a key is not seen.
    public let weights: [Double]
    /// One for each row, head by head.
    public let rows: [RowStatistics]
    /// For each head the root mean square of a row's logits around their mean, over all rows.
    public let logitDeviations: [Double]
    /// Outputs, shape `[heads, queries, valueDimension]`; empty without values.
    public let outputs: [Double]
  }

  /// Computes the weights at a scale.
  ///
  /// - Parameter fault: A mistake to make on purpose.
  /// - Throws: ``KernelError/invalidScale(_:)``; ``KernelError/nonFiniteValue(index:)`` where logits overflow.
  public func result(at scale: Scale, fault: KernelFault? = nil) throws(KernelError) -> Result {
    // Without a head dimension only scales that don't ask for one reach this.
    let divisor = try fault.divisor(of: scale, headDimension: headDimension ?? 1)
    var weights = [Double](repeating: 0, count: scores.count)
    var rows: [RowStatistics] = []
    var deviations: [Double] = []
    for head in 0..<heads {
      var squares = 0.0
      var count = 0
      for query in 0..<queries {
        let start = (head * queries + query) * keys
        let visible = visibleKeys(ofQuery: query)
        // The only key of a row has a factor of ln 1 = 0, and the weight 1 whatever its logit.
        let factor = normalization.factor(keys: visible, fault: fault)
        let seen = scores[start..<(start + visible)].map { factor * (fault == .signFlipped ? -$0 : $0) }
        let logits = seen.map { $0 / divisor }
        try KernelError.requireFinite(logits)
        let row = try Self.row(seen, logits, divisor: divisor, fault: fault)
        weights.replaceSubrange(start..<(start + visible), with: row.weights)
        rows.append(row.statistics)
        squares += Moments(logits).m2
        count += visible
      }
      deviations.append((squares / Double(count)).squareRoot())
    }
    return Result(
      scale: scale, divisor: divisor, weights: weights, rows: rows, logitDeviations: deviations,
      outputs: outputs(of: weights))
  }

  private static func row(
    _ scores: [Double], _ logits: [Double], divisor: Double, fault: KernelFault?
  ) throws(KernelError) -> (weights: [Double], statistics: RowStatistics) {
    guard let fault else { return (try softmax(logits), try RowStatistics(logits: logits)) }
    let workspace = RowWorkspace(keyCount: scores.count)
    for (index, score) in scores.enumerated() { workspace.scores[index] = score }
    workspace.sortScores()
    let statistics = workspace.statistics(dividingBy: divisor, with: fault)
    // What the mistake makes of sorted logits, it makes of them in any order.
    let kept = Optional(fault).keys(scores.count)
    let exponentials = logits.enumerated().map { index, logit in
      index >= kept ? 0 : FaultyExponential.value(of: logit, largest: statistics.largestLogit, fault)
    }
    let total = exponentials.reduce(0, +)
    return (exponentials.map { $0 / total }, statistics)
  }

  private func outputs(of weights: [Double]) -> [Double] {
    guard let values else { return [] }
    var outputs: [Double] = []
    outputs.reserveCapacity(heads * queries * valueDimension)
    for head in 0..<heads {
      let valueHead = head / (heads / valueHeads)
      for query in 0..<queries {
        let start = (head * queries + query) * keys
        for component in 0..<valueDimension {
          var sum = 0.0
          for key in 0..<keys {
            sum += weights[start + key] * values[(valueHead * keys + key) * valueDimension + component]
          }
          outputs.append(sum)
        }
      }
    }
    return outputs
  }
}
