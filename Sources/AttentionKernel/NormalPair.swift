/// Two standard normal numbers from two random words, by the Box–Muller transform.
///
/// The steps are those of ``NumericContract``, versions 1 and 2.
struct NormalPair {
  let cosine: Float
  let sine: Float

  /// Makes the pair of a radius word and an angle word.
  init(radiusWord: UInt32, angleWord: UInt32) {
    var fused = NativeMultiplyAdd()
    let radius = Self.squaredRadius(of: radiusWord, fused: &fused).squareRoot()
    let direction = Self.direction(of: angleWord, fused: &fused)
    cosine = radius * direction.cosine
    sine = radius * direction.sine
  }

  /// Returns `−2 log u` for the uniform number `u` of a radius word, in 0 … 45.75.
  @inline(__always)
  static func squaredRadius<Fused: FusedMultiplyAdd>(of word: UInt32, fused: inout Fused) -> Float {
    let uniform = Float(word) * 0x1p-32 + 0x1p-33  // The product is exact.
    return -2 * logarithm(uniform, fused: &fused)
  }

  /// Returns the cosine and the sine of an angle word, within 2⁻²³.
  @inline(__always)
  static func direction<Fused: FusedMultiplyAdd>(
    of word: UInt32, fused: inout Fused
  ) -> (cosine: Float, sine: Float) {
    let turn = Float(Int32(bitPattern: word << 2)) * 0x1p-32
    let square = turn * turn

    var series = fused(square, -0x1.2d9b4p-8, 0x1.465ec4p-4)
    series = fused(square, series, -0x1.4abbbap-1)
    series = fused(square, series, 0x1.921fb6p+0)
    let sine = turn * series

    series = fused(square, 0x1.db6492p-11, -0x1.55cb98p-6)
    series = fused(square, series, 0x1.03c1eap-2)
    series = fused(square, series, -0x1.3bd3ccp+0)
    let cosine = fused(square, series, 1)

    // The quadrant's low bit swaps the two; the cosine flips in quadrants 1 and 2, the sine in 2 and 3.
    let swap = UInt32(bitPattern: Int32(bitPattern: word << 1) >> 31)
    let sineSign = word & 0x8000_0000
    let cosineSign = (word ^ (word << 1)) & 0x8000_0000
    let difference = (cosine.bitPattern ^ sine.bitPattern) & swap
    return (
      Float(bitPattern: cosine.bitPattern ^ difference ^ cosineSign),
      Float(bitPattern: sine.bitPattern ^ difference ^ sineSign)
    )
  }

  /// Returns the natural logarithm of `x` for 2⁻³³ ≤ `x` ≤ 1 within 0.9 ulp.
  @inline(__always)
  static func logarithm<Fused: FusedMultiplyAdd>(_ x: Float, fused: inout Fused) -> Float {
    let shifted = x.bitPattern &- 0x3F35_04F3
    let exponent = Float(Int32(bitPattern: shifted) >> 23)
    let fraction = Float(bitPattern: (shifted & 0x007F_FFFF) &+ 0x3F35_04F3) - 1
    let square = fraction * fraction
    var series = fused(fraction, 0x1.204376p-4, -0x1.d7a37p-4)
    series = fused(fraction, series, 0x1.de4a34p-4)
    series = fused(fraction, series, -0x1.fcba9ep-4)
    series = fused(fraction, series, 0x1.23d37ep-3)
    series = fused(fraction, series, -0x1.555cap-3)
    series = fused(fraction, series, 0x1.999d58p-3)
    series = fused(fraction, series, -0x1.fffff8p-3)
    series = fused(fraction, series, 0x1.555554p-2)
    series = series * fraction * square
    // The next products are exact, so that these sums are fused sums.
    series = exponent * -0x1.bd01p-13 + series
    series = -0.5 * square + series
    return exponent * 0x1.63p-1 + (fraction + series)
  }
}
