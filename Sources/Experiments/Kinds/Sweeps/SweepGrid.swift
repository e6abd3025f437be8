import AttentionKernel
import Wording

/// The points of a sweep.
struct SweepGrid: Hashable, Sendable {
  /// Increasing, at least two.
  let points: [Double]
  /// Whether ratios count, not differences.
  let spacing: SampledPeak.Spacing
  /// Whether the points are whole numbers.
  let isWhole: Bool
  /// The parameter to blame where a point makes no sense.
  let parameter: String

  /// Wide enough for every divisor that makes sense, and for its inverse; other parameters have their own ranges.
  static let widestRange = 1e-9...1e9
  /// More points than these make no better curve.
  static let mostPoints = 512
  /// Points where a note does not say how many.
  static let usualPoints = 13

  /// Reads `at`, or `from`, `to` and `points`, and `spacing`.
  init(_ values: ParameterValues) throws(ParameterProblem) {
    spacing = values.choice("spacing") == "log" ? .logarithmic : .linear
    if let (points, isWhole) = Self.list(values["at"]) {
      for name in ["from", "to", "points"] where values[name] != .absent {
        throw ParameterProblem(
          name,
          LocalText("‘at’ lists the points already", "‘at’ 已经列出了各个点"),
          help: LocalText("write either ‘at’, or ‘from’ and ‘to’", "‘at’ 与 ‘from’、‘to’ 只写其一"))
      }
      guard points.count > 1 else {
        throw ParameterProblem(
          "at", LocalText("one point makes no curve", "只有一个点，画不成曲线"),
          help: LocalText(
            "give two points or more; a maximum needs four", "至少给两个点；要找最大值，至少四个"))
      }
      self.points = points.sorted()
      self.isWhole = isWhole
      parameter = "at"
    } else {
      let (low, high, isWhole) = try Self.ends(values)
      let count = values["points"] == .absent ? Self.usualPoints : values.integer("points")
      try Self.requirePositive(low, "from", spacing)
      points = try Self.points(low, high, count, spacing, isWhole: isWhole)
      self.isWhole = isWhole
      parameter = "from"
    }
    try Self.requirePositive(points[0], parameter, spacing)
  }

  private static func list(_ value: ParameterValue) -> (points: [Double], isWhole: Bool)? {
    switch value {
    case .integers(let values): (values.map { Double($0) }, true)
    case .numbers(let values): (values, false)
    default: nil
    }
  }

  private static func ends(
    _ values: ParameterValues
  ) throws(ParameterProblem) -> (low: Double, high: Double, isWhole: Bool) {
    func number(_ name: String) -> (value: Double, isWhole: Bool)? {
      switch values[name] {
      case .integer(let value): (Double(value), true)
      case .number(let value): (value, false)
      default: nil
      }
    }
    guard let low = number("from"), let high = number("to") else {
      throw ParameterProblem(
        number("from") == nil ? "from" : "to",
        number("from") == nil && number("to") == nil
          ? LocalText("the sweep has no points", "sweep 没有点")
          : LocalText("‘from’ and ‘to’ belong together", "‘from’ 与 ‘to’ 要一起写"),
        help: LocalText(
          "write ‘from’ and ‘to’, or list the points: ‘at: [1, 2, 4, 8]’",
          "写 ‘from’ 和 ‘to’，或列出各点：‘at: [1, 2, 4, 8]’"), code: .missingKey)
    }
    guard low.value < high.value else {
      throw ParameterProblem(
        "to",
        LocalText(
          "‘to’ must lie above ‘from’: \(high.value.machineText) does not lie above \(low.value.machineText)",
          "‘to’ 必须大于 ‘from’：\(high.value.machineText) 不大于 \(low.value.machineText)"))
    }
    return (low.value, high.value, low.isWhole)
  }

  private static func requirePositive(
    _ value: Double, _ parameter: String, _ spacing: SampledPeak.Spacing
  ) throws(ParameterProblem) {
    guard spacing == .logarithmic, value <= 0 else { return }
    throw ParameterProblem(
      parameter,
      LocalText(
        "a logarithmic sweep needs points above 0; \(value.machineText) is not",
        "按对数间隔扫描，各点都要大于 0，而 \(value.machineText) 不是"),
      help: LocalText("start above 0, or write ‘spacing: linear’", "从大于 0 的数开始，或写 ‘spacing: linear’"))
  }

  private static func points(
    _ low: Double, _ high: Double, _ count: Int, _ spacing: SampledPeak.Spacing, isWhole: Bool
  ) throws(ParameterProblem) -> [Double] {
    let raw = (0..<count).map { index -> Double in
      let share = Double(index) / Double(count - 1)
      if index == 0 { return low }
      if index == count - 1 { return high }
      guard spacing == .logarithmic else { return low + (high - low) * share }
      let (from, to) = (ReferenceMath.logarithm(low), ReferenceMath.logarithm(high))
      return ReferenceMath.exponential(from + (to - from) * share)
    }
    let points = isWhole ? raw.map { $0.rounded() } : readable(raw)
    guard zip(points, points.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw ParameterProblem(
        "points",
        isWhole
          ? LocalText(
            "\(count) points from \(low.machineText) to \(high.machineText) are not \(count) different whole numbers",
            "从 \(low.machineText) 到 \(high.machineText) 的 \(count) 个点取整后有重复")
          : LocalText(
            "\(count) points do not fit between \(low.machineText) and \(high.machineText)",
            "\(low.machineText) 与 \(high.machineText) 之间放不下 \(count) 个点"),
        help: LocalText("ask for fewer points, or list them with ‘at’", "减少点数，或用 ‘at’ 逐个列出"))
    }
    return points
  }

  /// The points between the ends with as few digits as keep their spacing, at least three: notes have to name them.
  private static func readable(_ raw: [Double]) -> [Double] {
    let gap = zip(raw, raw.dropFirst()).map { ($1 - $0) / max(abs($0), abs($1)) }.min() ?? 1
    var digits = 3
    // A tenth of a step at the most is lost to rounding.
    while digits < 12, 1 / power(digits - 1) > gap / 5 {
      digits += 1
    }
    return raw.enumerated().map { index, value in
      guard index > 0, index < raw.count - 1, let number = DecimalNumber(value) else { return value }
      return number.rounded(toSignificantDigits: digits).doubleValue
    }
  }

  private static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { value, _ in value * 10 }
  }
}
