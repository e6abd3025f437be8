extension ReferenceMath {
  /// Returns Γ(x + ½)/Γ(x) for x > 0, within 4 ulp; no cancellation for large x.
  static func gammaRatio(_ x: Double) -> Double {
    var argument = x
    var factor = 1.0
    while argument < 32 {
      factor *= argument / (argument + 0.5)
      argument += 1
    }
    // Expansion in u = 1/(8x): 1 − u + u²/2 + 5u³/2 − 21u⁴/8 − 399u⁵/8 + 869u⁶/16 + 39325u⁷/16 − …
    let u = 1 / (8 * argument)
    let tail = -399.0 / 8 + u * (869.0 / 16 + u * (39_325.0 / 16 - u * 334_477.0 / 128))
    let series = 1 + u * (-1 + u * (0.5 + u * (2.5 + u * (-21.0 / 8 + u * tail))))
    return factor * argument.squareRoot() * series
  }
}
