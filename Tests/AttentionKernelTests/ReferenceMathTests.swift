import Testing

@testable import AttentionKernel

@Suite struct `Elementary functions` {
  /// The largest error of a function over its table, in units of the last place of the reference.
  private func worst(
    _ table: [(x: Double, value: Double)], _ function: (Double) -> Double
  ) -> Double {
    table.map { (function($0.x) - $0.value).magnitude / $0.value.ulp }.max() ?? 0
  }

  @Test func `each function keeps its stated error`() {
    #expect(worst(MathReferences.exponential, ReferenceMath.exponential) <= 1)
    #expect(worst(MathReferences.exponentialMinusOne, ReferenceMath.exponentialMinusOne) <= 3)
    #expect(worst(MathReferences.logarithm, ReferenceMath.logarithm) <= 1)
    #expect(worst(MathReferences.logarithmOfOnePlus, ReferenceMath.logarithmOfOnePlus) <= 1)
    #expect(worst(MathReferences.errorFunction, ReferenceMath.errorFunction) <= 5)
    #expect(worst(MathReferences.complementaryErrorFunction, ReferenceMath.complementaryErrorFunction) <= 8)
  }

  @Test func `special arguments give special values`() {
    #expect(ReferenceMath.exponential(710) == .infinity)
    #expect(ReferenceMath.exponential(-746) == 0)
    #expect(ReferenceMath.exponential(-.infinity) == 0)
    #expect(ReferenceMath.exponential(.infinity) == .infinity)
    #expect(ReferenceMath.exponential(.nan).isNaN)
    #expect(ReferenceMath.exponential(-745) == .leastNonzeroMagnitude)
    #expect(ReferenceMath.exponential(0) == 1)
    #expect(ReferenceMath.logarithm(0) == -.infinity)
    #expect(ReferenceMath.logarithm(-1).isNaN)
    #expect(ReferenceMath.logarithm(1) == 0)
    #expect(ReferenceMath.logarithmOfOnePlus(-1) == -.infinity)
    #expect(ReferenceMath.errorFunction(.infinity) == 1)
    #expect(ReferenceMath.errorFunction(-.infinity) == -1)
    #expect(ReferenceMath.complementaryErrorFunction(-.infinity) == 2)
    #expect(ReferenceMath.complementaryErrorFunction(30) == 0)
  }

  @Test func `the exponential that flushes agrees with the full one above its limit`() {
    for index in 0...700 {
      let x = -Double(index) - 0.37
      #expect(ReferenceMath.flushingExponential(x) == ReferenceMath.exponential(x))
    }
    #expect(ReferenceMath.flushingExponential(-707.6) == 0)
    #expect(ReferenceMath.flushingExponential(-.infinity) == 0)
    #expect(ReferenceMath.flushingExponential(0) == 1)
  }

  @Test func `a logarithm undoes an exponential`() {
    for index in -700...700 {
      let x = Double(index) + 0.123
      #expect(
        (ReferenceMath.logarithm(ReferenceMath.exponential(x)) - x).magnitude <= 0x1p-52 * (1 + x.magnitude))
    }
  }

  @Test func `normal probabilities are symmetric and give the 68–95–99·7 rule`() {
    // erf(k/√2), mpmath, 20 digits.
    let rule = [0.68268949213708589717, 0.95449973610364158560, 0.99730020393673981095]
    for (index, share) in rule.enumerated() {
      let width = Double(index + 1)
      #expect((ReferenceMath.normalCoverage(within: width) - share).magnitude < 1e-15)
      let sum = ReferenceMath.normalProbability(below: width) + ReferenceMath.normalProbability(below: -width)
      #expect((sum - 1).magnitude < 1e-15)
    }
    // Φ(−37.5) = 4.605353009581955e-308 and φ(5) = 1.486719514734297707908e-6 (mpmath).
    #expect((ReferenceMath.normalProbability(below: -37.5) / 4.605353009581955e-308 - 1).magnitude < 1e-14)
    #expect((ReferenceMath.normalDensity(5) / 1.486719514734297707908e-6 - 1).magnitude < 1e-15)
    #expect(ReferenceMath.normalDensity(.infinity) == 0)
  }
}
