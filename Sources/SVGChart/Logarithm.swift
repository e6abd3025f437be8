/// Logarithms for placing marks: IEEE arithmetic only, so the same bits on every platform, unlike a C library's.
enum Logarithm {
  private static let log2OfE = 1.4426950408889634
  private static let log10Of2 = 0.3010299956639812

  /// log₂ x for finite x > 0, error below 2⁻⁴⁸ of the larger of 1 and the result.
  static func base2(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var m = x.significand
    if m > 1.4142135623730951 {
      m /= 2
      exponent += 1
    }
    // ln m = 2 artanh((m − 1)/(m + 1)), |s| < 0.172: eleven terms reach the last bit.
    let s = (m - 1) / (m + 1)
    let square = s * s
    var sum = 1.0 / 23
    sum = sum * square + 1.0 / 21
    sum = sum * square + 1.0 / 19
    sum = sum * square + 1.0 / 17
    sum = sum * square + 1.0 / 15
    sum = sum * square + 1.0 / 13
    sum = sum * square + 1.0 / 11
    sum = sum * square + 1.0 / 9
    sum = sum * square + 1.0 / 7
    sum = sum * square + 1.0 / 5
    sum = sum * square + 1.0 / 3
    sum = sum * square + 1
    return exponent + 2 * s * sum * log2OfE
  }

  /// log₁₀ x for finite x > 0.
  static func base10(_ x: Double) -> Double { base2(x) * log10Of2 }

  /// ⌊log₁₀ x⌋, exact: corrected against the powers themselves.
  static func floorBase10(_ x: Double) -> Int {
    var k = Int(base10(x).rounded(.down))
    if k < 308, powerOf10(k + 1) <= x { k += 1 }
    if powerOf10(k) > x { k -= 1 }
    return k
  }

  /// 10^k, correctly rounded; 0 or ∞ beyond the range of Double.
  static func powerOf10(_ k: Int) -> Double {
    if (0..<small.count).contains(k) { return small[k] }
    if (-22..<0).contains(k) { return 1 / small[-k] }
    return Double("1e\(k)") ?? 0
  }

  private static let small: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
  ]

  /// 2^k by exponent, 0 or ∞ beyond the range.
  static func powerOf2(_ k: Int) -> Double {
    if k > 1023 { return .infinity }
    if k < -1074 { return 0 }
    if k < -1022 { return Double(sign: .plus, exponent: -1022, significand: 1) / Double(1 << (-1022 - k)) }
    return Double(sign: .plus, exponent: k, significand: 1)
  }
}
