extension ReferenceMath {
  /// Returns eˣ within 1 ulp; subnormal results within 1 of their coarser units.
  ///
  /// Infinite above 709.78, 0 below −745.13; not-a-number stays so.
  public static func exponential(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    guard x < 709 else {
      // The largest argument whose result is finite is 0x1.62e42fefa39efp+9.
      return x <= 0x1.62e42fefa39efp+9 ? scaled(x, extra: 1) : .infinity
    }
    if x < -745.14 { return 0 }
    if x < flushingLimit { return scaled(x, extra: -64) }
    return normalExponential(x)
  }

  /// Returns eˣ − 1 within 3 ulp, also near 0.
  public static func exponentialMinusOne(_ x: Double) -> Double {
    if x.magnitude < 0.5 {
      // Taylor series; 17 terms reach 2⁻⁶⁰ at ½.
      var sum = 0.0
      for index in stride(from: 18, through: 2, by: -1) {
        sum = (sum + 1) * x / Double(index)
      }
      return x + x * sum
    }
    return exponential(x) - 1
  }

  /// Below this argument ``softmax(_:)`` and the row statistics take eˣ as 0 (it is less than 2⁻¹⁰²¹).
  static let flushingLimit = -707.5

  /// Returns eˣ for −707.5 ≤ x < 709.4; without branches, so that loops vectorize.
  @inline(__always)
  static func normalExponential(_ x: Double) -> Double {
    // Adding 1.5·2⁵² rounds to an integer, which is then in the low bits.
    let shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52
    return unscaledExponential(x, shifted)
      * Double(bitPattern: (shifted.bitPattern << 52) &+ 0x3FF0_0000_0000_0000)
  }

  /// Returns eˣ for x ≤ 0, 0 below ``flushingLimit``; without branches.
  @inline(__always)
  static func flushingExponential(_ x: Double) -> Double {
    let value = normalExponential(max(x, flushingLimit))
    return x < flushingLimit ? 0 : value
  }

  /// Returns e to the power of what is left of `x` after the whole multiple of ln 2 in `shifted`.
  ///
  /// `eʳ = 1 + r + r² P(r)` for |r| ≤ ln 2 / 2, P of degree 9 through Chebyshev nodes; its error is
  /// 2⁻⁵⁵·⁸. The rounding of `r` is carried along.
  @inline(__always)
  private static func unscaledExponential(_ x: Double, _ shifted: Double) -> Double {
    let multiple = shifted - 0x1.8p52
    let high = x - multiple * logarithmOfTwoHigh  // Exact.
    let low = multiple * logarithmOfTwoLow
    let rest = high - low
    let restError = (high - rest) - low
    let square = rest * rest
    let p01 = 0x1.0000000000001p-1 + rest * 0x1.5555555555556p-3
    let p23 = 0x1.5555555553d37p-5 + rest * 0x1.11111111109a6p-7
    let p45 = 0x1.6c16c1789d1d7p-10 + rest * 0x1.a01a01a7cebcdp-13
    let p67 = 0x1.a019b8ca26fcfp-16 + rest * 0x1.71de0d85293b8p-19
    let p89 = 0x1.2891d4ffbb0f9p-22 + rest * 0x1.af390ba7e6f47p-26
    let series = p01 + square * (p23 + square * (p45 + square * (p67 + square * p89)))
    return 1 + (rest + (restError + square * series))
  }

  /// Returns eˣ near the ends of the range, where 2ⁿ itself is not a normal number.
  private static func scaled(_ x: Double, extra: Int) -> Double {
    let shifted = x * 0x1.71547652b82fep+0 + 0x1.8p52
    let exponent = Int(shifted - 0x1.8p52) - extra
    let value = unscaledExponential(x, shifted)
    let step = Double(sign: .plus, exponent: extra, significand: 1)
    return value * Double(sign: .plus, exponent: exponent, significand: 1) * step
  }
}
