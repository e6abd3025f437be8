import Wording

/// How an author writes a number: what stands around it, its signs, separators, digits and exponent.
struct NumberStyle: Hashable, Sendable {
  enum Exponent: Hashable, Sendable {
    /// `e` or `E`, then an integer.
    case letter(String)
    /// `×10` in some spelling, then superscripts, or `^` and an integer.
    case power(ten: String, isCaret: Bool)
    /// `10⁻³` without a mantissa.
    case bareTen
  }

  /// What stands before sign and digits: `约 `.
  var prefix = ""
  /// The minus as written; `nil` where the number is not negative.
  var minus: String?
  /// The plus as written.
  var plus = ""
  /// Between groups of three digits; `nil` where the number is too short to tell.
  var separator: String?
  var isFullWidth = false
  var point = "."
  /// Digits before and after the point.
  var wholeDigits = 1
  var decimals = 0
  /// What follows the digits: ` %`, `倍`.
  var suffix = ""
  var exponent: Exponent?
  /// A unit that stands behind another number and holds for this one: the percent sign of `61–88%`.
  var borrowedUnit = ""

  /// A number in this style, `moreDigits` more of them after the point.
  func text(_ number: DecimalNumber, moreDigits: Int) -> String {
    let decimals = min(decimals + moreDigits, 60)
    if let exponent { return prefix + scientific(number, exponent, decimals: decimals) + suffix }
    let rounded = number.rounded(toExponent: -decimals)
    return prefix + sign(rounded) + digits(rounded) + suffix
  }

  private func sign(_ number: DecimalNumber) -> String {
    number.isNegative && !number.isZero ? minus ?? (isFullWidth ? "－" : "−") : plus
  }

  private func digits(_ number: DecimalNumber) -> String {
    let plain = number.plainDigits(grouping: "")
    var whole = String(plain.prefix { $0 != "." })
    let fraction = plain.dropFirst(whole.count + 1)
    if wholeDigits == 0, whole == "0", !fraction.isEmpty { whole = "" }
    let separator = separator ?? (isFullWidth ? "，" : ",")
    let groups = whole.count > 4 || whole.count == 4 && self.separator != nil
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if groups, index > 0, (whole.count - index) % 3 == 0 { grouped += separator }
      grouped.append(widened(digit))
    }
    return grouped + (fraction.isEmpty ? "" : point + fraction.map { String(widened($0)) }.joined())
  }

  private func widened(_ digit: Character) -> Character {
    guard isFullWidth, let scalar = digit.unicodeScalars.first,
      let wide = Unicode.Scalar(scalar.value + 0xFEE0)
    else { return digit }
    return Character(wide)
  }

  private func scientific(_ number: DecimalNumber, _ style: Exponent, decimals: Int) -> String {
    if number.isZero { return digits(DecimalNumber(digits: [], exponent: -decimals)) }
    let whole = style == .bareTen ? 1 : max(1, wholeDigits)
    var power = number.leadingExponent - (whole - 1)
    var mantissa = number.scaled(byPowerOfTen: -power).rounded(toExponent: -decimals)
    if mantissa.leadingExponent > whole - 1 {
      // 9.96 became 10.0.
      power += 1
      mantissa = number.scaled(byPowerOfTen: -power).rounded(toExponent: -decimals)
    }
    let text = sign(mantissa) + digits(mantissa)
    switch style {
    case .letter(let letter): return text + letter + String(power)
    case .power(let ten, let isCaret):
      return text + ten + (isCaret ? "^\(power)" : NumberFormat.superscript(power))
    case .bareTen:
      let bare = "10" + NumberFormat.superscript(power)
      return mantissa.withoutTrailingZeros.digits == [1] && decimals == 0
        ? sign(mantissa) + bare : "\(text)×\(bare)"
    }
  }
}

/// Reads a literal from the left. Full-width digits and signs count as their ASCII twins.
struct NumberScanner {
  private let original: [Character]
  private let characters: [Character]
  private(set) var position = 0

  init(_ text: some StringProtocol) {
    original = Array(text)
    characters = original.map { character in
      guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1,
        (0xFF10...0xFF19).contains(scalar.value) || scalar == "．" || scalar == "，",
        let twin = Unicode.Scalar(scalar.value - 0xFEE0)
      else { return character }
      return Character(twin)
    }
  }

  var isAtEnd: Bool { position >= characters.count }

  /// What the author wrote from a position to here.
  func written(from start: Int) -> String { String(original[start..<position]) }

  private func peek(_ offset: Int = 0) -> Character? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  private func isDigit(_ character: Character?) -> Bool {
    character.map { $0.isASCII && $0.isNumber } ?? false
  }

  mutating func skipBlanks() {
    while let next = peek(), [" ", "\u{A0}", "\u{2009}", "\u{202F}", "\u{3000}"].contains(next) {
      position += 1
    }
  }

  mutating func skip(anyOf words: [String]) -> Bool {
    for word in words where characters[position...].starts(with: word) {
      position += word.count
      return true
    }
    return false
  }

  /// Digits with thousands separators in their right places, and a fraction.
  mutating func mantissa(_ style: inout NumberStyle) -> DecimalNumber? {
    var whole = ""
    var groups: [Int] = []
    let start = position
    while let character = peek() {
      if isDigit(character) {
        whole.append(character)
        if !groups.isEmpty { groups[groups.count - 1] += 1 }
      } else if [",", "\u{2009}", "\u{202F}", "_"].contains(character), !whole.isEmpty, isDigit(peek(1)) {
        if groups.isEmpty, whole.count > 3 { return nil }
        groups.append(0)
        style.separator = String(original[position])
      } else {
        break
      }
      position += 1
    }
    guard groups.allSatisfy({ $0 == 3 }) else { return nil }
    // Five digits without a separator say that the author wants none; four say nothing.
    if groups.isEmpty, whole.count > 4 { style.separator = "" }
    var fraction = ""
    if peek() == ".", isDigit(peek(1)) {
      style.point = String(original[position])
      position += 1
      while let digit = peek(), isDigit(digit) {
        fraction.append(digit)
        position += 1
      }
    }
    guard !whole.isEmpty || !fraction.isEmpty, whole.count + fraction.count <= 400 else { return nil }
    style.isFullWidth = original[start..<position].contains { !$0.isASCII && $0.isNumber }
    style.wholeDigits = whole.count
    style.decimals = fraction.count
    return DecimalNumber(plainText: fraction.isEmpty ? whole : "\(whole).\(fraction)")
  }

  /// `e-3`, `×10⁻³`, `x10^-3`.
  mutating func exponent() -> (NumberStyle.Exponent, Int)? {
    let before = position
    if skip(anyOf: ["e", "E"]) {
      let letter = written(from: before)
      if let value = integer() { return (.letter(letter), value) }
    } else {
      skipBlanks()
      if skip(anyOf: ["×", "x", "·", "*"]) {
        skipBlanks()
        if skip(anyOf: ["10"]) {
          let ten = written(from: before)
          let isCaret = skip(anyOf: ["^"])
          if let value = isCaret ? integer() : superscript() {
            return (.power(ten: ten, isCaret: isCaret), value)
          }
        }
      }
    }
    position = before
    return nil
  }

  private mutating func integer() -> Int? {
    let isNegative = skip(anyOf: ["-", "−"])
    if !isNegative { _ = skip(anyOf: ["+"]) }
    let digits = characters[position...].prefix { isDigit($0) }
    guard !digits.isEmpty, let value = Int(String(digits)) else { return nil }
    position += digits.count
    return isNegative ? -value : value
  }

  /// The superscript of a bare `10⁻³`.
  mutating func superscript() -> Int? {
    let before = position
    let isNegative = skip(anyOf: ["⁻"])
    let table: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    var value: Int?
    while let character = peek(), let digit = table.firstIndex(of: character) {
      value = min((value ?? 0) * 10 + digit, 10_000)
      position += 1
    }
    if value == nil { position = before }
    return value.map { isNegative ? -$0 : $0 }
  }
}
