import Experiments
import NotebookModel
import Wording

/// Why a number that agrees may not do so for long: it lies so near to a rounding boundary that another seed, or a digit
/// more, would turn it.
struct Fragility {
  let summary: LocalText
  let label: LocalText
  let help: LocalText

  /// The part of the last digit's step within which a value is near a boundary.
  static let share = 0.02

  /// `nil` for a number that is safe.
  init?(_ number: CheckedNumber, _ literal: NumberLiteral, _ measure: Measure) {
    let error = measure.standardError ?? 0
    let margin = number.tolerance.margin(of: measure.value, for: literal)
    let needed =
      number.tolerance == .asWritten ? max(error, Self.share * 2 * literal.halfStep) : error
    guard margin < needed else { return nil }
    let computed = Verifier.describe(measure, asPercent: literal.writtenPower == -2)
    summary = LocalText(
      "\(number.text) is fragile: the value is \(computed), and a little more or less would be written otherwise",
      "\(number.text) 不稳：算得 \(computed)，再多一点或少一点就得改写")
    label = LocalText("computed: \(computed)", "算得：\(computed)")
    help = Self.help(number, literal, measure)
  }

  private static func help(_ number: CheckedNumber, _ literal: NumberLiteral, _ measure: Measure) -> LocalText
  {
    if number.tolerance == .asWritten {
      for fewer in stride(from: 1, through: literal.decimals, by: 1) {
        let text = literal.rewriting(measure.value, moreDigits: -fewer)
        guard let shorter = literal.reading(text), isSafe(shorter, measure),
          // 0.57 is no 1.
          shorter.number.exponent <= DecimalNumber(measure.value)?.leadingExponent ?? 0
        else { continue }
        return LocalText(
          "write \(text), whose digits are all safe, or take more samples", "写 \(text)，这几位都是稳的；或增加样本")
      }
    }
    // Four errors leave room for another seed: the difference of two has √2 times the error of one.
    let wanted = NumberFormat.significant(1).string(max(4 * (measure.standardError ?? 0), literal.halfStep))
    return LocalText(
      "no digit is safe: take more samples, or allow a margin in the link's title, as in \"±\(wanted)\"",
      "没有一位是稳的：增加样本，或在链接标题里写容差，如 \"±\(wanted)\"")
  }

  private static func isSafe(_ literal: NumberLiteral, _ measure: Measure) -> Bool {
    guard literal.accepts(measure.value) else { return false }
    let needed = max(measure.standardError ?? 0, share * 2 * literal.halfStep)
    return Tolerance.asWritten.margin(of: measure.value, for: literal) >= needed
  }

  /// A value as `notebook fmt` writes it: at most three significant digits, all of them safe where any is.
  ///
  /// Where the link's title says how near the number must be, the digits are chosen so that it is; there may be more then.
  static func safeText(_ value: Double, standardError: Double?, tolerance: Tolerance) -> String {
    let measure = Measure("", unit: "", coordinates: [], value: value, standardError: standardError)
    guard tolerance == .asWritten else { return text(measure, within: tolerance) }
    for digits in [3, 2, 1] {
      let text = NumberFormat.significant(digits).string(value)
      if let literal = NumberLiteral(text), isSafe(literal, measure) { return text }
    }
    return NumberFormat.text.string(value)
  }

  private static func text(_ measure: Measure, within tolerance: Tolerance) -> String {
    func first(of digits: some Sequence<Int>, withRoom room: Double) -> String? {
      for count in digits {
        let text = rounded(measure.value, digits: count, towards: tolerance)
        if let literal = NumberLiteral(text), tolerance.accepts(measure.value, for: literal),
          tolerance.margin(of: measure.value, for: literal) >= room
        {
          return text
        }
      }
      return nil
    }
    // Seventeen digits tell any two values apart.
    return first(of: [3, 2, 1], withRoom: measure.standardError ?? 0) ?? first(of: 3...17, withRoom: 0)
      ?? NumberFormat.significant(17).string(measure.value)
  }

  /// The nearest number of so many digits; where the number is an end that the value does not pass, the nearest beyond it.
  private static func rounded(_ value: Double, digits: Int, towards tolerance: Tolerance) -> String {
    let text = NumberFormat.significant(digits).string(value)
    guard case .bound(let bound) = tolerance, let literal = NumberLiteral(text),
      !tolerance.accepts(value, for: literal)
    else { return text }
    return NumberFormat.significant(digits).string(
      bound == .atMost ? value + literal.halfStep : value - literal.halfStep)
  }
}
