import Wording

/// A number as an author writes it in running text, with the precision that the writing promises and the way it is written.
///
/// Understood: `0.73`, `-1.5`, `−1.5`, `12,345`, `１２．５`, `61%`, `6‰`, `2.3×`, `2.3 倍`, `≈0.73`, `约 0.73`, `≤0.05`, `1.2e-3`,
/// `1.2×10⁻³`, `10⁻³`, `1.2x10^-3`, `3万`, `1.2亿`.
public struct NumberLiteral: Hashable, Sendable {
  /// That a number is an end that the value does not pass.
  public enum Bound: Hashable, Sendable {
    /// The value is at most this.
    case atMost
    /// The value is at least this.
    case atLeast
  }

  /// The value: percent, per mille, 万 and 亿 applied. Its exponent is the place of the last digit written.
  public let number: DecimalNumber
  /// Whether the author marked it as approximate (`≈`, `约`, `about`, `~`).
  public let isApproximate: Bool
  /// What `≤` or `≥` before it makes of it.
  public let bound: Bound?
  /// How the number is scaled in writing, as a power of ten: −2 for percent, 4 for 万.
  public let writtenPower: Int

  let style: NumberStyle

  private var unit: String? { [-2: "%", -3: "‰", 4: "万", 8: "亿"][writtenPower] }

  /// Reads a literal; blanks around it don't matter.
  ///
  /// - Parameter unitOf: A number whose percent sign or 万 holds for this one too, as in `61–88%`.
  /// - Returns: `nil` where the text is anything else than one number.
  public init?(_ text: some StringProtocol, unitOf other: NumberLiteral? = nil) {
    // Longer than any number; reading on would only take time.
    guard text.utf8.count <= 1_000 else { return nil }
    var scanner = NumberScanner(text)
    scanner.skipBlanks()
    isApproximate = scanner.skip(anyOf: ["≈", "≃", "~", "～", "约", "大约", "about ", "approx. ", "roughly "])
    if isApproximate {
      bound = nil
    } else if scanner.skip(anyOf: ["≤", "⩽", "<", "＜", "不超过", "至多", "at most "]) {
      bound = .atMost
    } else {
      bound = scanner.skip(anyOf: ["≥", "⩾", ">", "＞", "不少于", "至少", "at least "]) ? .atLeast : nil
    }
    scanner.skipBlanks()
    var style = NumberStyle()
    style.prefix = scanner.written(from: 0)
    let sign = scanner.position
    let isNegative = scanner.skip(anyOf: ["-", "−", "–", "－"])
    if isNegative {
      style.minus = scanner.written(from: sign)
    } else if scanner.skip(anyOf: ["+", "＋"]) {
      style.plus = scanner.written(from: sign)
    }
    guard var mantissa = scanner.mantissa(&style) else { return nil }
    let exponentStart = scanner.position
    if mantissa.digits == [1, 0], mantissa.exponent == 0, let exponent = scanner.superscript() {
      guard abs(exponent) <= 400 else { return nil }
      mantissa = DecimalNumber(digits: [1], exponent: exponent)
      style.exponent = .bareTen
    } else if let (mark, exponent) = scanner.exponent() {
      guard abs(exponent) <= 400 else { return nil }
      mantissa = mantissa.scaled(byPowerOfTen: exponent)
      style.exponent = mark
    }
    let suffixStart = style.exponent == nil ? exponentStart : scanner.position
    var power = 0
    scanner.skipBlanks()
    for (word, value) in [("%", -2), ("％", -2), ("‰", -3), ("万", 4), ("亿", 8)]
    where power == 0 && scanner.skip(anyOf: [word]) { power = value }
    scanner.skipBlanks()
    _ = scanner.skip(anyOf: ["×", "倍", "x"])
    scanner.skipBlanks()
    guard scanner.isAtEnd else { return nil }
    style.suffix = scanner.written(from: suffixStart)
    if power == 0, let other, let unit = other.unit {
      power = other.writtenPower
      style.borrowedUnit = unit
    }
    writtenPower = power
    let scaled = mantissa.scaled(byPowerOfTen: power)
    number = isNegative ? scaled.negated : scaled
    self.style = style
  }

  /// The number with the other sign.
  public var negated: NumberLiteral { NumberLiteral(self, number: number.negated) }

  private init(_ other: NumberLiteral, number: DecimalNumber) {
    self.number = number
    isApproximate = other.isApproximate
    bound = other.bound
    writtenPower = other.writtenPower
    style = other.style
  }

  /// Half of the last digit's step: the tolerance that the writing promises.
  public var halfStep: Double {
    DecimalNumber(digits: [5], exponent: number.exponent - 1).doubleValue
  }

  /// Whether a computed value, rounded to the digits written, is this number: half-up or half-even, either will do.
  public func accepts(_ value: Double) -> Bool {
    guard let computed = DecimalNumber(value) else { return false }
    return [.awayFromZero, .toEven].contains { (rule: DecimalNumber.TieRule) in
      let rounded = computed.rounded(toExponent: number.exponent, ties: rule)
      return rounded.digits == number.digits && (rounded.isNegative == number.isNegative || number.isZero)
    }
  }

  /// Reads a text that is to stand where this literal stands, with the unit that it shares.
  package func reading(_ text: String) -> NumberLiteral? { NumberLiteral(text + style.borrowedUnit) }

  /// How many digits behind the point could be taken away.
  package var decimals: Int { style.decimals }

  /// A computed value written as this literal is: same digits after the point, same signs, separators and units.
  public func rewriting(_ value: Double, moreDigits: Int = 0) -> String {
    guard let computed = DecimalNumber(value) else { return NumberFormat.text.string(value) }
    return style.text(computed.scaled(byPowerOfTen: -writtenPower), moreDigits: moreDigits)
  }
}

/// Two numbers that are the ends of a range: `[0.37, 2.72]`, `61–88%`, `0.37 到 2.72`.
struct IntervalLiteral {
  let lower: NumberLiteral
  let upper: NumberLiteral
  /// Where the two stand, in bytes of the text.
  let lowerRange: Range<Int>
  let upperRange: Range<Int>

  private static let separators = [
    ", ", "，", " to ", "到", "至", "…", "...", "..", "—", "–", "～", "~", ",", "、", "-",
  ]

  init?(_ text: String) {
    guard text.utf8.count <= 1_000 else { return nil }
    let blanks = text.prefix { $0 == " " }
    var inner = text.dropFirst(blanks.count)
    for (open, close) in [("[", "]"), ("(", ")"), ("［", "］"), ("（", "）"), ("【", "】")]
    where inner.hasPrefix(open) {
      while inner.last == " " { inner = inner.dropLast() }
      guard inner.hasSuffix(close) else { return nil }
      inner = inner.dropFirst().dropLast()
      break
    }
    for separator in Self.separators {
      for place in inner.ranges(of: separator) {
        let (left, right) = (inner[..<place.lowerBound], inner[place.upperBound...])
        guard let upper = NumberLiteral(right), let lower = NumberLiteral(left, unitOf: upper) else {
          continue
        }
        self.lower = lower
        self.upper = upper
        lowerRange = Self.trimmedRange(left, in: text)
        upperRange = Self.trimmedRange(right, in: text)
        return
      }
    }
    return nil
  }

  private static func trimmedRange(_ part: Substring, in text: String) -> Range<Int> {
    var part = part
    while part.first == " " { part = part.dropFirst() }
    while part.last == " " { part = part.dropLast() }
    let start = text.utf8.distance(from: text.startIndex, to: part.startIndex)
    return start..<start + part.utf8.count
  }
}
