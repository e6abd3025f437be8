/// How a number is written for readers: U+2212 minus, thousands commas, `1.2×10⁻⁶` far from 1.
public enum NumberFormat: Codable, Hashable, Sendable {
  /// So many significant digits, trailing zeros kept; scientific outside 10⁻³ … 10⁶.
  case significant(Int)
  /// So many decimals, positional notation always.
  case decimals(Int)
  /// A share as a percentage with so many decimals: 0.6105 is `61.1%` at 1.
  case percent(decimals: Int)

  /// Three significant digits: what running text uses.
  public static let text = NumberFormat.significant(3)

  /// Writes `value`. Not finite: `NaN`, `∞` or `−∞`.
  public func string(_ value: Double) -> String {
    guard let number = DecimalNumber(value) else {
      return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞"
    }
    switch self {
    case .significant(let count): return Self.significantText(number, count: count)
    case .decimals(let count): return Self.signed(number.rounded(toExponent: -count))
    case .percent(let decimals):
      return Self.signed(number.scaled(byPowerOfTen: 2).rounded(toExponent: -decimals)) + "%"
    }
  }

  /// A value with as many digits as its error supports: `0.8279 ± 0.0090`; an exact one with six digits.
  ///
  /// - Parameter asPercent: Whether a share is written as a percentage: `82.79% ± 0.90%`.
  public static func string(_ value: Double, standardError: Double?, asPercent: Bool = false) -> String {
    let power = asPercent ? 2 : 0
    let unit = asPercent ? "%" : ""
    guard let number = DecimalNumber(value)?.scaled(byPowerOfTen: power) else {
      return NumberFormat.significant(6).string(value)
    }
    guard let standardError, standardError > 0,
      let error = DecimalNumber(standardError)?.scaled(byPowerOfTen: power).rounded(toSignificantDigits: 2)
    else { return significantText(number, count: 6) + unit }
    let place = error.leadingExponent - 1
    let rounded = number.rounded(toExponent: place)
    guard (-7...5).contains(place), number.leadingExponent < 6 else {
      return "\(significantText(number, count: 6))\(unit) ± \(significantText(error, count: 2))\(unit)"
    }
    return "\(signed(rounded))\(unit) ± \(signed(error.rounded(toExponent: place)))\(unit)"
  }

  private static func significantText(_ number: DecimalNumber, count: Int) -> String {
    if number.isZero { return "0" }
    let rounded = number.rounded(toExponent: number.leadingExponent - count + 1)
    let leading = rounded.leadingExponent
    guard (-3..<6).contains(leading) else { return scientific(number.rounded(toSignificantDigits: count)) }
    // Whole numbers beyond the asked digits keep their zeros: 12,300, not 1.23×10⁴.
    return signed(rounded.digits.count > count ? rounded.rounded(toExponent: rounded.exponent + 1) : rounded)
  }

  private static func signed(_ number: DecimalNumber) -> String {
    (number.isNegative && !number.isZero ? "−" : "") + number.plainDigits(grouping: ",")
  }

  /// `−1.2×10⁻⁶`; a mantissa of exactly 1 is left out (`10⁻⁶`).
  public static func scientific(_ number: DecimalNumber) -> String {
    let digits = number.withoutTrailingZeros.digits
    guard let first = digits.first else { return "0" }
    let sign = number.isNegative ? "−" : ""
    let power = "10" + superscript(number.leadingExponent)
    if digits == [1] { return sign + power }
    let fraction = digits.dropFirst().map { String($0) }.joined()
    return sign + String(first) + (fraction.isEmpty ? "" : "." + fraction) + "×" + power
  }

  /// An integer in Unicode superscripts: `⁻⁶`.
  public static func superscript(_ value: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let body = String(value.magnitude).utf8.map { digits[Int($0 - UInt8(ascii: "0"))] }
    return (value < 0 ? "⁻" : "") + String(body)
  }
}
