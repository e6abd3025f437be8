extension ReferenceMath {
  /// Returns the error function `2/√π ∫₀ˣ exp(−t²) dt` within 5 ulp.
  public static func errorFunction(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    let magnitude = x.magnitude
    if magnitude > 6 { return x < 0 ? -1 : 1 }
    let value = magnitude < 1 ? errorSeries(magnitude) : 1 - errorFraction(magnitude)
    return x < 0 ? -value : value
  }

  /// Returns `1 − errorFunction(x)` within 8 ulp, also where it is tiny.
  public static func complementaryErrorFunction(_ x: Double) -> Double {
    guard !x.isNaN else { return x }
    if x > 27 { return 0 }
    if x < 0 { return 1 + errorFunction(-x) }
    return x < 0.5 ? 1 - errorSeries(x) : errorFraction(x)
  }

  /// Returns the probability that a standard normal number is at most `x`, within 8 ulp.
  public static func normalProbability(below x: Double) -> Double {
    let argument = -x * 0x1.6a09e667f3bcdp-1
    guard x < -1, x > -40 else { return 0.5 * complementaryErrorFunction(argument) }
    // The rounding of the argument must not reach the exponential, which would magnify it by x².
    return 0.5 * errorFraction(argument, exponential: exponentialOfNegatedSquare(-x, half: true))
  }

  /// Returns the density of the standard normal distribution, `exp(−x²/2)/√(2π)`, within 4 ulp.
  public static func normalDensity(_ x: Double) -> Double {
    0x1.9884533d43651p-2 * exponentialOfNegatedSquare(x.magnitude, half: true)
  }

  /// Returns the probability that a standard normal number lies within ±x: erf(x/√2), within 5 ulp.
  public static func normalCoverage(within x: Double) -> Double {
    errorFunction(x * 0x1.6a09e667f3bcdp-1)
  }

  /// `erf x = 2x/√π exp(−x²) Σ (2x²)ⁿ/(2n+1)!!`; all terms are positive, so nothing cancels.
  private static func errorSeries(_ x: Double) -> Double {
    let doubledSquare = 2 * x * x
    var term = 1.0
    var sum = 0.0
    var divisor = 1.0
    while term > 0x1p-60 * (1 + sum) {
      divisor += 2
      term *= doubledSquare / divisor
      sum += term
    }
    let lead = 0x1.20dd750429b6dp+0 * x * exponentialOfNegatedSquare(x, half: false)
    return lead + lead * sum
  }

  /// `erfc x = exp(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …))))`, evaluated from the far end.
  ///
  /// The number of terms makes the neglected rest less than 2⁻⁵⁶ of the value; x ≥ 0.5.
  private static func errorFraction(_ x: Double) -> Double {
    errorFraction(x, exponential: exponentialOfNegatedSquare(x, half: false))
  }

  private static func errorFraction(_ x: Double, exponential: Double) -> Double {
    let terms = Int(14 + 190 / (x * x))
    var tail = x
    for index in stride(from: terms, through: 1, by: -1) {
      tail = x + 0.5 * Double(index) / tail
    }
    return exponential * 0x1.20dd750429b6dp-1 / tail
  }

  /// Returns exp(−x²), or exp(−x²/2), for x ≥ 0 without the error of a rounded square.
  private static func exponentialOfNegatedSquare(_ x: Double, half: Bool) -> Double {
    guard x < 40 else { return 0 }
    // 24 bits are kept, so that the head's square is exact.
    let head = Double(Float(x))
    let factor = half ? 0.5 : 1
    return exponential(-(head * head * factor)) * exponential(-((x - head) * (x + head) * factor))
  }
}
