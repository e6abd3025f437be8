import Wording

/// How far a computed value may lie from the number written.
public enum Tolerance: Hashable, Sendable {
  /// What rounds to the digits written.
  case asWritten
  /// So much either way, in the measure's unit.
  case absolute(Double)
  /// Such a share of the number written, either way.
  case relative(Double)
  /// The shortest decimal of the computed value is the number written.
  case exact

  /// Reads a link title: `±0.01`, `1%`, `±1%`, `exact`.
  ///
  /// - Returns: `nil` where it is none of these.
  public init?(title: String) {
    let text = title.trimmingBlanks
    if text.isEmpty {
      self = .asWritten
    } else if text == "exact" || text == "精确" {
      self = .exact
    } else {
      let body = text.hasPrefix("±") ? String(text.dropFirst()) : text
      guard let literal = NumberLiteral(body), !literal.number.isNegative, !literal.isApproximate else {
        return nil
      }
      if literal.writtenPower == -2 {
        self = .relative(literal.number.doubleValue)
      } else if text.hasPrefix("±") {
        self = .absolute(literal.number.doubleValue)
      } else {
        return nil
      }
    }
  }

  /// The link title that means this tolerance; `nil` where no title is needed.
  public var title: String? {
    switch self {
    case .asWritten: nil
    case .absolute(let margin): "±\(Self.shortest(margin))"
    case .relative(let share): "\(Self.shortest(share, power: 2))%"
    case .exact: "exact"
    }
  }

  /// The shortest digits that read back as `value`, in positional notation.
  private static func shortest(_ value: Double, power: Int = 0) -> String {
    DecimalNumber(value)?.withoutTrailingZeros.scaled(byPowerOfTen: power).plainDigits(grouping: "")
      ?? "\(value)"
  }

  /// Whether `value` agrees with what the text says.
  public func accepts(_ value: Double, for literal: NumberLiteral) -> Bool {
    guard value.isFinite else { return false }
    let written = literal.number.doubleValue
    switch self {
    case .asWritten: return literal.accepts(value)
    case .absolute(let margin): return abs(value - written) <= margin + Self.rounding(value, written)
    case .relative(let share):
      return abs(value - written) <= share * abs(written) + Self.rounding(value, written)
    case .exact: return DecimalNumber(value)?.withoutTrailingZeros == literal.number.withoutTrailingZeros
    }
  }

  /// What binary fractions may add to the difference of two decimals.
  package static func rounding(_ a: Double, _ b: Double) -> Double {
    4 * max(abs(a), abs(b)).ulp
  }
}
