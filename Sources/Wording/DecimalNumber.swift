/// A finite decimal number, exact: ±digits × 10^exponent.
///
/// The program compares and prints numbers as decimals, because that is how a note writes them: "0.73" promises two
/// decimals, and binary fractions can't say that. No Foundation and no locale: the same text everywhere.
public struct DecimalNumber: Hashable, Sendable {
  /// Whether the number is below zero. Zero is never negative.
  public let isNegative: Bool
  /// Significant digits, each `0...9`, without leading zeros; empty for zero. Trailing zeros are kept: they are precision.
  public let digits: [UInt8]
  /// The power of ten of the last digit.
  public let exponent: Int

  /// Builds a number from its parts; leading zeros are dropped.
  public init(isNegative: Bool = false, digits: [UInt8], exponent: Int) {
    let significant = digits.first == 0 ? Array(digits.drop { $0 == 0 }) : digits
    self.digits = significant
    self.exponent = exponent
    self.isNegative = isNegative && !significant.isEmpty
  }

  /// The shortest decimal that reads back as `value`.
  ///
  /// - Returns: `nil` for NaN and the infinities.
  public init?(_ value: Double) {
    guard value.isFinite else { return nil }
    // The standard library prints the shortest digits that round-trip, on every platform alike.
    var text = value.description
    guard let number = text.withUTF8(Self.read) else { return nil }
    self = number
  }

  /// Reads `-12.5`, `.5`, `1e-3`, `1.2E+5`: ASCII digits, one point, one optional exponent.
  ///
  /// - Returns: `nil` where the text is anything else, or its exponent is beyond ±9,999.
  public init?(plainText: some StringProtocol) {
    var text = String(plainText)
    guard let number = text.withUTF8(Self.read) else { return nil }
    self = number
  }

  private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> DecimalNumber? {
    var at = 0
    var negative = false
    if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      negative = sign == UInt8(ascii: "-")
      at = 1
    }
    var digits: [UInt8] = []
    digits.reserveCapacity(bytes.count)
    var exponent = 0
    var sawPoint = false
    while at < bytes.count {
      let byte = bytes[at]
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        digits.append(byte - UInt8(ascii: "0"))
        if sawPoint { exponent -= 1 }
      } else if byte == UInt8(ascii: "."), !sawPoint {
        sawPoint = true
      } else {
        break
      }
      at += 1
    }
    guard !digits.isEmpty else { return nil }
    if at < bytes.count, bytes[at] == UInt8(ascii: "e") || bytes[at] == UInt8(ascii: "E") {
      guard let power = Int(String(decoding: bytes[(at + 1)...], as: UTF8.self)),
        (-9_999...9_999).contains(power)
      else { return nil }
      exponent += power
      at = bytes.count
    }
    guard at == bytes.count else { return nil }
    return DecimalNumber(isNegative: negative, digits: digits, exponent: exponent)
  }

  /// Whether the number is zero.
  public var isZero: Bool { digits.allSatisfy { $0 == 0 } }

  /// The power of ten of the first significant digit; 0 for zero.
  public var leadingExponent: Int { digits.isEmpty ? 0 : exponent + digits.count - 1 }

  /// The same digits times a power of ten.
  public func scaled(byPowerOfTen power: Int) -> DecimalNumber {
    DecimalNumber(isNegative: isNegative, digits: digits, exponent: exponent + power)
  }

  /// The number with the other sign.
  public var negated: DecimalNumber {
    DecimalNumber(isNegative: !isNegative, digits: digits, exponent: exponent)
  }

  /// The nearest `Double`.
  public var doubleValue: Double { Double(machineText) ?? .nan }

  /// How a number exactly between two candidates is rounded.
  public enum TieRule: Sendable {
    /// Away from zero, as taught at school.
    case awayFromZero
    /// To the neighbour whose last digit is even, as IEEE 754 does.
    case toEven
  }

  /// Rounds to a multiple of 10^`target`; digits below are dropped, missing ones are filled with zeros.
  public func rounded(toExponent target: Int, ties: TieRule = .awayFromZero) -> DecimalNumber {
    guard target > exponent else {
      return DecimalNumber(
        isNegative: isNegative,
        digits: digits + [UInt8](repeating: 0, count: digits.isEmpty ? 0 : exponent - target),
        exponent: target)
    }
    let dropped = target - exponent
    guard dropped <= digits.count else { return DecimalNumber(digits: [], exponent: target) }
    var kept = Array(digits.dropLast(dropped))
    let tail = digits.suffix(dropped)
    let first = tail.first ?? 0
    let restIsZero = tail.dropFirst().allSatisfy { $0 == 0 }
    let goesUp: Bool
    if first != 5 || !restIsZero {
      goesUp = first >= 5
    } else {
      goesUp = ties == .awayFromZero || (kept.last ?? 0) % 2 == 1
    }
    if goesUp { Self.increment(&kept) }
    return DecimalNumber(isNegative: isNegative, digits: kept, exponent: target)
  }

  /// Rounds to at most `count` significant digits, `count` ≥ 1.
  public func rounded(toSignificantDigits count: Int, ties: TieRule = .awayFromZero) -> DecimalNumber {
    guard digits.count > count else { return self }
    let result = rounded(toExponent: leadingExponent - count + 1, ties: ties)
    // 9.99 rounds to 10.0, which has one digit more than asked for.
    return result.digits.count > count ? result.rounded(toExponent: result.exponent + 1, ties: ties) : result
  }

  /// The same value without zeros at its end.
  public var withoutTrailingZeros: DecimalNumber {
    if digits.isEmpty { return DecimalNumber(digits: [], exponent: 0) }
    let zeros = digits.reversed().prefix { $0 == 0 }.count
    return DecimalNumber(isNegative: isNegative, digits: digits.dropLast(zeros), exponent: exponent + zeros)
  }

  private static func increment(_ digits: inout [UInt8]) {
    for index in digits.indices.reversed() {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
  }
}

extension DecimalNumber {
  /// Text for machines (JSON, CSV): ASCII, plain from 1e-5 to 1e15, otherwise with an `e`.
  public var machineText: String {
    let sign = isNegative ? "-" : ""
    if isZero { return sign + "0" }
    if (-5..<15).contains(leadingExponent) {
      let zeros = digits.reversed().prefix { $0 == 0 }.count
      return Self.positional(
        digits[..<(digits.count - zeros)], exponent: exponent + zeros, isNegative: isNegative)
    }
    let number = withoutTrailingZeros
    let mantissa = String(number.digits[0]) + (number.digits.count > 1 ? "." : "")
    return sign + mantissa + number.digits.dropFirst().map { String($0) }.joined()
      + "e\(number.leadingExponent)"
  }

  /// The digits without a sign, in positional notation: `0.0012`, `12,345`, `100`.
  ///
  /// - Parameter grouping: Put between groups of three digits before the point, from five digits on; may be empty.
  public func plainDigits(grouping: String) -> String {
    if grouping.isEmpty || leadingExponent < 4 {
      return Self.positional(digits[...], exponent: exponent, isNegative: false)
    }
    let zero = UInt8(ascii: "0")
    let decimals = max(0, -exponent)
    var all = digits.map { $0 + zero }
    if exponent > 0, !all.isEmpty { all += [UInt8](repeating: zero, count: exponent) }
    while all.count <= decimals { all.insert(zero, at: 0) }
    let whole = String(decoding: all.dropLast(decimals), as: UTF8.self)
    let fraction = String(decoding: all.suffix(decimals), as: UTF8.self)
    return Self.grouped(whole, by: grouping) + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// Digits in positional notation, written in one go: most numbers of a page and of its data are.
  private static func positional(_ digits: ArraySlice<UInt8>, exponent: Int, isNegative: Bool) -> String {
    let zero = UInt8(ascii: "0")
    let decimals = max(0, -exponent)
    // At least one digit stands before the point.
    let padding = max(0, decimals + 1 - digits.count)
    let point = padding + digits.count - decimals
    var bytes: [UInt8] = []
    bytes.reserveCapacity(padding + digits.count + max(0, exponent) + 2)
    if isNegative { bytes.append(UInt8(ascii: "-")) }
    for place in 0..<(padding + digits.count) {
      if place == point { bytes.append(UInt8(ascii: ".")) }
      bytes.append(place < padding ? zero : digits[digits.startIndex + place - padding] + zero)
    }
    if exponent > 0, !digits.isEmpty { bytes += repeatElement(zero, count: exponent) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func grouped(_ whole: String, by separator: String) -> String {
    guard !separator.isEmpty, whole.count > 4 else { return whole }
    var result = ""
    for (index, character) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { result += separator }
      result.append(character)
    }
    return result
  }
}

extension Double {
  /// The number at up to twelve significant digits for JSON, CSV and digests; `null` where it is not finite.
  public var machineText: String {
    DecimalNumber(self)?.rounded(toSignificantDigits: 12, ties: .toEven).machineText ?? "null"
  }
}
