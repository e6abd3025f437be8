/// The largest eigenvalue of a softmax Jacobian `J = diag p − p pᵀ`, which is its spectral norm, `0 ... ½`.
///
/// J is positive semidefinite, a diagonal matrix less a matrix of rank one. Its largest eigenvalue λ lies between the
/// two largest weights and solves `Σ pᵢ²/(pᵢ − λ) = 1`. With q = 1 − p₁ the equation is
/// `p₁ λ/(p₁ − λ) = q + Σ pᵢ²/(λ − pᵢ)`, the sum over all but the largest, where nothing cancels even when
/// nearly all weight is on one key. Each step replaces the sum by `A/(λ − p₂) + B` of the same value and slope,
/// which leaves a quadratic equation.
///
/// Source: Golub, "Some modified matrix eigenvalue problems" (1973), section 5; the steps are those of Li, "Solving
/// secular equations stably and efficiently" (1993).
enum JacobianSpectrum {
  /// Returns the largest eigenvalue, with a relative error of some 10⁻¹⁴.
  ///
  /// - Parameters:
  ///   - ranked: `exp(zⱼ − max)` from large to small, the first being 1; at least one.
  ///   - top: The largest weight, `1/Σ ranked`.
  ///   - rest: 1 − `top`, not computed as that difference.
  static func largestEigenvalue(
    ranked: UnsafeBufferPointer<Double>, top: Double, rest: Double
  ) -> Double {
    guard ranked.count > 1, rest > 0, ranked[1] > 0 else { return 0 }
    let second = ranked[1] * top
    let gap = (1 - ranked[1]) * top
    guard gap > 0 else { return second }
    // Everything below is in y = (λ − p₂)/p₂, which is of the order of 1 however small the weights are.
    let lifted = rest / second
    var y = start(top: top, second: second, rest: lifted, widest: gap / second)
    for _ in 0..<80 {
      let (slope, level) = tail(ranked, at: y)
      let a = 1 + second * level
      let b = top - (lifted + level) * gap + second * slope
      let c = slope * gap
      let root = (b * b + 4 * a * c).squareRoot()
      let next = min(b > 0 ? 2 * c / (b + root) : (root - b) / (2 * a), gap / second)
      let change = abs(next - y)
      y = next
      if change <= 0x1p-51 * (1 + y) { break }
    }
    return second + second * y
  }

  /// The largest eigenvalue of the two largest weights' own block of J: a lower bound. In y.
  private static func start(top: Double, second: Double, rest: Double, widest: Double) -> Double {
    let mean = (top * rest + (1 - second)) / 2
    let half = (top * rest - (1 - second)) / 2
    let bound = mean + (half * half + top * top).squareRoot() - 1
    return min(max(bound, 0x1p-40), widest)
  }

  /// A/p₂² and B/p₂ of the sum over all but the largest weight.
  private static func tail(
    _ ranked: UnsafeBufferPointer<Double>, at y: Double
  ) -> (slope: Double, level: Double) {
    let unit = 1 / ranked[1]
    var slopes = SIMD4<Double>()
    var levels = SIMD4<Double>()
    var index = 1
    while index + 4 <= ranked.count {
      let weight =
        SIMD4(ranked[index], ranked[index &+ 1], ranked[index &+ 2], ranked[index &+ 3]) * unit
      let below = 1 - weight
      let share = weight / (below + y)
      let square = share * share
      slopes += square
      levels += square * below
      index &+= 4
    }
    var slope = (slopes[0] + slopes[1]) + (slopes[2] + slopes[3])
    var level = (levels[0] + levels[1]) + (levels[2] + levels[3])
    while index < ranked.count {
      let weight = ranked[index] * unit
      let below = 1 - weight
      let share = weight / (below + y)
      slope += share * share
      level += share * share * below
      index &+= 1
    }
    return (slope * y * y, level)
  }
}
