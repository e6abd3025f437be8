import AttentionKernel
import SVGChart
import Wording

/// What the gallery's charts are made of: the same on every machine.
enum GalleryData {
  /// Head dimension.
  static let d = 64
  /// Keys.
  static let n = 512
  /// Queries.
  static let queries = 64

  /// The divisors compared, with their factor of √d.
  static let scales: [(name: LocalText, divisor: Double)] = [
    (LocalText("none", "不缩放"), 1), (LocalText(same: "√d"), 8), (LocalText(same: "2√d"), 16),
    (LocalText(same: "3√d"), 24),
  ]

  static let source = LocalText(
    "Gallery · d = 64, 512 keys, 64 queries of independent N(0, 1) entries · seed 7",
    "图例 · d = 64，512 个键，64 个查询，元素独立服从 N(0, 1) · 种子 7")

  static func normals(_ count: Int, seed: UInt64) -> [Double] {
    StandardNormals(seed: seed, role: .logits)(count: count).map { Double($0) }
  }

  /// Scores of every query with every key: q·k has standard deviation √d.
  static let scores: [[Double]] = {
    let all = normals(queries * n, seed: 7)
    return (0..<queries).map { query in all[(query * n)..<((query + 1) * n)].map { 8 * $0 } }
  }()

  static func softmax(_ logits: [Double]) -> [Double] {
    do {
      return try AttentionKernel.softmax(logits)
    } catch {
      preconditionFailure("the gallery's logits are finite: \(error)")
    }
  }

  /// Weights of every query at one divisor.
  static func weights(divisor: Double) -> [[Double]] {
    scores.map { row in softmax(row.map { $0 / divisor }) }
  }

  /// Weights at each of ``scales``, sorted within a query, largest first.
  static let sorted: [[[Double]]] = scales.map { scale in
    weights(divisor: scale.divisor).map { $0.sorted(by: >) }
  }

  static func entropy(_ weights: [Double]) -> Double {
    var sum = 0.0
    for p in weights where p > 0 { sum -= p * ReferenceMath.logarithm(p) }
    return sum
  }

  static func quantile(_ values: [Double], _ share: Double) -> Double {
    let sorted = values.sorted()
    let at = share * Double(sorted.count - 1)
    let below = Int(at)
    return sorted[below] + (sorted[min(below + 1, sorted.count - 1)] - sorted[below]) * (at - Double(below))
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }

  /// A number as titles have it.
  static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6
      ? NumberFormat.decimals(0).string(value) : NumberFormat.text.string(value)
  }

  /// A setting as an axis names it: two digits, without zeros at its end.
  static func name(_ value: Double) -> String {
    let number = DecimalNumber(value)?.rounded(toSignificantDigits: 2).withoutTrailingZeros
    return number?.plainDigits(grouping: ",") ?? ""
  }
}

extension Array {
  /// The values at one place of every row.
  func column<Value>(_ place: Int) -> [Value] where Element == [Value] { map { $0[place] } }
}
