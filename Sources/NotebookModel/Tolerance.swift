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
  /// The number written is an end that the value does not pass.
  case bound(NumberLiteral.Bound)

  /// Reads a link title: `±0.01`, `1%`, `±1%`, `exact`, `≤`, `≥`.
  ///
  /// - Returns: `nil` where it is none of these.
  public init?(title: String) {
    let text = title.trimmingBlanks
    switch text {
    case "": self = .asWritten
    case "exact", "精确": self = .exact
    case "≤", "<=", "⩽", "at most", "至多", "不超过": self = .bound(.atMost)
    case "≥", ">=", "⩾", "at least", "至少", "不少于": self = .bound(.atLeast)
    default:
      let body = text.hasPrefix("±") ? String(text.dropFirst()) : text
      guard let literal = NumberLiteral(body), !literal.number.isNegative, !literal.isApproximate,
        literal.bound == nil
      else { return nil }
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
    case .bound(.atMost): "≤"
    case .bound(.atLeast): "≥"
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
    case .bound(.atMost): return value <= written + Self.rounding(value, written)
    case .bound(.atLeast): return value >= written - Self.rounding(value, written)
    }
  }

  /// How far an accepted `value` is from being refused: 0 at the edge, infinite where only one value will do.
  public func margin(of value: Double, for literal: NumberLiteral) -> Double {
    let written = literal.number.doubleValue
    let distance = abs(value - written)
    switch self {
    case .asWritten: return max(0, literal.halfStep - distance)
    case .absolute(let margin): return max(0, margin - distance)
    case .relative(let share): return max(0, share * abs(written) - distance)
    case .exact: return .infinity
    case .bound: return distance
    }
  }

  /// What binary fractions may add to the difference of two decimals.
  package static func rounding(_ a: Double, _ b: Double) -> Double {
    4 * max(abs(a), abs(b)).ulp
  }
}
