import Wording

/// A number as an author writes it in running text, with the precision that the writing promises.
///
/// Understood: `0.73`, `-1.5`, `−1.5`, `12,345`, `１２．５`, `61%`, `6‰`, `2.3×`, `2.3 倍`, `≈0.73`, `约 0.73`, `1.2e-3`,
/// `1.2×10⁻³`, `10⁻³`, `1.2x10^-3`, `3万`, `1.2亿`.
public struct NumberLiteral: Hashable, Sendable {
  /// The value: percent, per mille, 万 and 亿 applied. Its exponent is the place of the last digit written.
  public let number: DecimalNumber
  /// Whether the author marked it as approximate (`≈`, `约`, `about`, `~`).
  public let isApproximate: Bool
  /// How the number is scaled in writing, as a power of ten: −2 for percent, 4 for 万.
  public let writtenPower: Int

  /// Reads a literal; blanks around it don't matter.
  ///
  /// - Returns: `nil` where the text is anything else than one number.
  public init?(_ text: some StringProtocol) {
    // Longer than any number; reading on would only take time.
    guard text.utf8.count <= 1_000 else { return nil }
    var scanner = Scanner(text)
    isApproximate = scanner.skip(anyOf: ["≈", "≃", "~", "～", "约", "大约", "about ", "approx. ", "roughly "])
    scanner.skipBlanks()
    let isNegative = scanner.skip(anyOf: ["-", "−", "–", "－"])
    if !isNegative { _ = scanner.skip(anyOf: ["+", "＋"]) }
    guard var mantissa = scanner.mantissa() else { return nil }
    var power = 0
    if mantissa.digits == [1, 0], mantissa.exponent == 0, let exponent = scanner.superscript() {
      guard abs(exponent) <= 400 else { return nil }
      mantissa = DecimalNumber(digits: [1], exponent: exponent)
    } else if let exponent = scanner.exponent() {
      guard abs(exponent) <= 400 else { return nil }
      mantissa = mantissa.scaled(byPowerOfTen: exponent)
    }
    scanner.skipBlanks()
    if scanner.skip(anyOf: ["%", "％"]) {
      power = -2
    } else if scanner.skip(anyOf: ["‰"]) {
      power = -3
    } else if scanner.skip(anyOf: ["万"]) {
      power = 4
    } else if scanner.skip(anyOf: ["亿"]) {
      power = 8
    }
    scanner.skipBlanks()
    _ = scanner.skip(anyOf: ["×", "倍", "x"])
    scanner.skipBlanks()
    guard scanner.isAtEnd else { return nil }
    writtenPower = power
    let scaled = mantissa.scaled(byPowerOfTen: power)
    number = isNegative ? scaled.negated : scaled
  }

  /// The number with the other sign.
  public var negated: NumberLiteral {
    NumberLiteral(number: number.negated, isApproximate: isApproximate, writtenPower: writtenPower)
  }

  private init(number: DecimalNumber, isApproximate: Bool, writtenPower: Int) {
    self.number = number
    self.isApproximate = isApproximate
    self.writtenPower = writtenPower
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

  /// A computed value in the style of this literal: same digits after the point, same percent sign.
  public func rewriting(_ value: Double, moreDigits: Int = 0) -> String {
    guard let computed = DecimalNumber(value) else { return NumberFormat.text.string(value) }
    let unit = [-2: "%", -3: "‰", 4: "万", 8: "亿"][writtenPower] ?? ""
    let shown = computed.scaled(byPowerOfTen: -writtenPower)
    let place = number.exponent - writtenPower - moreDigits
    if place < (moreDigits > 0 ? -20 : -12) || place > 6 {
      return NumberFormat.scientific(shown.rounded(toExponent: place)) + unit
    }
    let rounded = shown.rounded(toExponent: place)
    return (rounded.isNegative && !rounded.isZero ? "−" : "") + rounded.plainDigits(grouping: ",") + unit
  }
}

/// Reads a literal from the left. Full-width digits and signs count as their ASCII twins.
private struct Scanner {
  private var rest: [Character]

  init(_ text: some StringProtocol) {
    rest = text.map { character in
      guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1,
        (0xFF10...0xFF19).contains(scalar.value) || scalar == "．" || scalar == "，",
        let twin = Unicode.Scalar(scalar.value - 0xFEE0)
      else { return character }
      return Character(twin)
    }
    skipBlanks()
  }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func skipBlanks() {
    rest = Array(
      rest.drop { $0 == " " || $0 == "\u{A0}" || $0 == "\u{2009}" || $0 == "\u{202F}" || $0 == "\u{3000}" })
  }

  mutating func skip(anyOf words: [String]) -> Bool {
    for word in words where rest.starts(with: word) {
      rest.removeFirst(word.count)
      return true
    }
    return false
  }

  /// Digits with thousands separators in their right places, and a fraction.
  mutating func mantissa() -> DecimalNumber? {
    var whole = ""
    var groups: [Int] = []
    while let character = rest.first {
      if character.isASCII, character.isNumber {
        whole.append(character)
        if !groups.isEmpty { groups[groups.count - 1] += 1 }
      } else if [",", "\u{2009}", "\u{202F}", "_"].contains(character), !whole.isEmpty,
        rest.dropFirst().first?.isNumber == true
      {
        if groups.isEmpty, whole.count > 3 { return nil }
        groups.append(0)
      } else {
        break
      }
      rest.removeFirst()
    }
    guard groups.allSatisfy({ $0 == 3 }) else { return nil }
    var fraction = ""
    if rest.first == ".", rest.dropFirst().first.map({ $0.isASCII && $0.isNumber }) == true {
      rest.removeFirst()
      while let digit = rest.first, digit.isASCII, digit.isNumber {
        fraction.append(digit)
        rest.removeFirst()
      }
    }
    guard !whole.isEmpty || !fraction.isEmpty, whole.count + fraction.count <= 400 else { return nil }
    return DecimalNumber(plainText: fraction.isEmpty ? whole : "\(whole).\(fraction)")
  }

  /// `e-3`, `×10⁻³`, `x10^-3`.
  mutating func exponent() -> Int? {
    let before = rest
    if skip(anyOf: ["e", "E"]) {
      if let value = integer() { return value }
    } else {
      skipBlanks()
      if skip(anyOf: ["×", "x", "·", "*"]) {
        skipBlanks()
        if skip(anyOf: ["10"]), let value = skip(anyOf: ["^"]) ? integer() : superscript() { return value }
      }
    }
    rest = before
    return nil
  }

  private mutating func integer() -> Int? {
    let isNegative = skip(anyOf: ["-", "−"])
    if !isNegative { _ = skip(anyOf: ["+"]) }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let value = Int(String(digits)) else { return nil }
    rest.removeFirst(digits.count)
    return isNegative ? -value : value
  }

  /// The superscript of a bare `10⁻³`.
  mutating func superscript() -> Int? {
    let before = rest
    let isNegative = skip(anyOf: ["⁻"])
    let table: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    var value: Int?
    while let character = rest.first, let digit = table.firstIndex(of: character) {
      value = min((value ?? 0) * 10 + digit, 10_000)
      rest.removeFirst()
    }
    if value == nil { rest = before }
    return value.map { isNegative ? -$0 : $0 }
  }
}
