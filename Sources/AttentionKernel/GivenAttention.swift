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

  /// Where the dot products come from.
  private enum Source: Hashable {
    case given([Double])
    case products(queries: Heads, keys: Heads)
  }

  private let source: Source

  /// No dot product is larger in magnitude; exact where they are given, else the product of the greatest lengths.
  public let scoreBound: Double

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

    /// The length of the longest position; infinite where squares overflow.
    var greatestLength: Double {
      var greatest = 0.0
      for start in stride(from: 0, to: numbers.count, by: columns) {
        var squares = 0.0
        for index in start..<(start + columns) { squares += numbers[index] * numbers[index] }
        greatest = max(greatest, squares)
      }
      return greatest.squareRoot()
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
    let bound = queries.greatestLength * keys.greatestLength
    var source = Source.products(queries: queries, keys: keys)
    if !bound.isFinite {
      // Only huge components come here; whether their products are finite too must be known before anything runs.
      let scores = try Self.products(queries, keys, under: RunConditions(threads: 1))
      try KernelError.requireFinite(scores)
      source = .given(scores)
    }
    try self.init(
      source, bound: bound, (queries.heads, queries.rows, keys.rows), headDimension: queries.columns,
      values: values, normalization: normalization, isCausal: isCausal)
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
    try self.init(
      .given(scores.numbers), bound: .infinity, (scores.heads, scores.rows, scores.columns),
      headDimension: headDimension, values: values, normalization: normalization, isCausal: isCausal)
  }

  private init(
    _ source: Source, bound: Double, _ shape: (heads: Int, queries: Int, keys: Int), headDimension: Int?,
    values: Heads?, normalization: Normalization, isCausal: Bool
  ) throws(KernelError) {
    if isCausal, shape.queries != shape.keys {
      throw .mismatchedShapes(name: "keys", expected: shape.queries, actual: shape.keys)
    }
    if let values {
      guard values.rows == shape.keys else {
        throw .mismatchedShapes(name: "values", expected: shape.keys, actual: values.rows)
      }
      guard shape.heads % values.heads == 0 else {
        throw .mismatchedShapes(name: "values", expected: shape.heads, actual: values.heads)
      }
      try KernelError.requireFinite(values.numbers)
    }
    (heads, queries, keys) = shape
    self.headDimension = headDimension
    self.source = source
    scoreBound = if case .given(let scores) = source { Self.greatest(scores) } else { bound }
    self.normalization = normalization
    self.isCausal = isCausal
    self.values = values?.numbers
    valueHeads = values?.heads ?? 0
    valueDimension = values?.columns ?? 0
  }

  /// How many dot products there are.
  public var scoreCount: Int { heads * queries * keys }

  /// Dot products, shape `[heads, queries, keys]`: computed here unless they were given.
  ///
  /// - Parameter conditions: Threads share the rows.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public func scores(under conditions: RunConditions = RunConditions()) throws(KernelError) -> [Double] {
    switch source {
    case .given(let scores): scores
    case .products(let queries, let keys): try Self.products(queries, keys, under: conditions)
    }
  }

  private static func greatest(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { max($0, $1.magnitude) }
  }

  private static func products(
    _ queries: Heads, _ keys: Heads, under conditions: RunConditions
  ) throws(KernelError) -> [Double] {
    var conditions = conditions
    // Progress is counted in experiments and their rows; this is a part of a second at most.
    conditions.progress = nil
    let d = queries.columns
    let shared = queries.heads / keys.heads
    let rows = try Parallel.map(count: queries.heads * queries.rows, under: conditions) { row in
      let keyHead = row / queries.rows / shared
      return queries.numbers.withUnsafeBufferPointer { left in
        keys.numbers.withUnsafeBufferPointer { right in
          (0..<keys.rows).map { key in
            var sum = 0.0
            let start = (keyHead * keys.rows + key) * d
            for component in 0..<d { sum += left[row * d + component] * right[start + component] }
            return sum
          }
        }
      }
    }
    return rows.flatMap { $0 }
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
  /// - Parameters:
  ///   - scale: The scale.
  ///   - scores: ``scores(under:)``; `nil` computes them.
  ///   - fault: A mistake to make on purpose.
  /// - Throws: ``KernelError/invalidScale(_:)``; ``KernelError/nonFiniteValue(index:)`` where logits overflow.
  public func result(
    at scale: Scale, of scores: [Double]? = nil, fault: KernelFault? = nil
  ) throws(KernelError) -> Result {
    let scores = if let scores { scores } else { try self.scores() }
    precondition(scores.count == scoreCount)
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
