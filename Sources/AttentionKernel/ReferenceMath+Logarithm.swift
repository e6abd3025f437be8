extension ReferenceMath {
  /// Returns ln x within 1 ulp.
  ///
  /// −∞ at 0, not-a-number below. Source: the method and coefficients of FreeBSD's `e_log.c` (Sun, 1993).
  public static func logarithm(_ x: Double) -> Double {
    guard x > 0 else { return x == 0 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    let (fraction, exponent) = reduced(x)
    return logarithm(ofOnePlus: fraction, exponent: exponent, correction: 0)
  }

  /// Returns ln(1 + x) within 1 ulp, also near 0.
  ///
  /// −∞ at −1, not-a-number below. Source: the idea of FreeBSD's `s_log1p.c` (Sun, 1993).
  public static func logarithmOfOnePlus(_ x: Double) -> Double {
    guard x > -1 else { return x == -1 ? -.infinity : .nan }
    guard x < .infinity else { return x }
    if x.magnitude < 0x1p-54 { return x }
    if x > -0.29, x < 0.41 { return logarithm(ofOnePlus: x, exponent: 0, correction: 0) }
    let sum = 1 + x
    // The rounding error of the sum, relative to it.
    let correction = (x >= 1 ? 1 - (sum - x) : x - (sum - 1)) / sum
    let (fraction, exponent) = reduced(sum)
    return logarithm(ofOnePlus: fraction, exponent: exponent, correction: correction)
  }

  /// Splits `x = (1 + f) · 2ⁿ` with √½ ≤ 1 + f < √2.
  private static func reduced(_ x: Double) -> (fraction: Double, exponent: Double) {
    let isSubnormal = x < 0x1p-1022
    let bits = (isSubnormal ? x * 0x1p54 : x).bitPattern
    let shifted = bits &- 0x3FE6_A09E_667F_3BCD
    let exponent = Int64(bitPattern: shifted) >> 52
    let significand = Double(bitPattern: (shifted & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_667F_3BCD)
    return (significand - 1, Double(exponent) - (isSubnormal ? 54 : 0))
  }

  /// Returns `n ln 2 + ln(1 + f) + correction`.
  ///
  /// With `s = f / (2 + f)`: `ln(1 + f) = f − f²/2 + s (f²/2 + R(s²))`.
  private static func logarithm(ofOnePlus f: Double, exponent: Double, correction: Double) -> Double {
    let s = f / (2 + f)
    let z = s * s
    let w = z * z
    let even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    let odd =
      z
      * (6.666666666666735130e-01
        + w
        * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)))
    let halfSquare = 0.5 * f * f
    let low = s * (halfSquare + (even + odd)) + (exponent * logarithmOfTwoLow + correction)
    return exponent * logarithmOfTwoHigh - ((halfSquare - low) - f)
  }
}
