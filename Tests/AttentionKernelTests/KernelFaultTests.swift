import Testing

@testable import AttentionKernel

@Suite struct DeliberateFaults {
  private func statistics(_ scores: [Double], divisor: Double, with fault: KernelFault?) -> RowStatistics {
    let workspace = RowWorkspace(keyCount: scores.count)
    for (index, score) in scores.enumerated() { workspace.scores[index] = score }
    workspace.sortScores()
    if let fault { return workspace.statistics(dividingBy: divisor, with: fault) }
    return workspace.statistics(dividingBy: divisor)
  }

  private static let scores = [3.0, -1, 0.5, 7.25, -4, 2, 2, 0, 1.5, -0.25]

  @Test func `a row without its mistake agrees with the row that rearranges`() {
    // This fault concerns no row, so what is left is the plain computation.
    let plain = statistics(Self.scores, divisor: 2, with: .excessKurtosis)
    let clever = statistics(Self.scores, divisor: 2, with: nil)
    for measure in RowMeasure.allCases {
      let (a, b) = (measure.value(in: plain), measure.value(in: clever))
      #expect((a - b).magnitude <= 1e-14 * max(1, b.magnitude), "\(measure)")
    }
  }

  @Test func `without the outer product the derivative's trace is 1 and its square norm the sum of squares`()
  {
    let row = statistics(Self.scores, divisor: 2, with: .jacobianWithoutOuterProduct)
    #expect(row.jacobianTrace == 1)
    #expect(
      (row.jacobianFrobeniusNorm * row.jacobianFrobeniusNorm * row.participationRatio - 1).magnitude < 1e-14)
  }

  @Test func `uniform weights have the entropy ln n, in bits log2 n`() {
    let uniform = statistics(Self.scores, divisor: 2, with: .uniformWeights)
    #expect((uniform.entropy - ReferenceMath.logarithm(10)).magnitude < 1e-14)
    let bits = statistics([1, 1, 1, 1, 1, 1, 1, 1], divisor: 1, with: .entropyInBits)
    #expect((bits.entropy - 3).magnitude < 1e-14)
  }

  @Test func `without the maximum taken off, large logits overflow and small ones don't notice`() {
    #expect(statistics([100, 0], divisor: 1, with: .maximumNotSubtracted).entropy.isNaN)
    let small = statistics(Self.scores, divisor: 2, with: .maximumNotSubtracted)
    #expect((small.entropy - statistics(Self.scores, divisor: 2, with: nil).entropy).magnitude < 1e-13)
  }

  @Test func `sampled and exact quantities suffer alike`() throws {
    for fault in [KernelFault.varianceHalved, .queriesNormalised, .scaleDoubled, .excessKurtosis] {
      let summary = try DotProductEnsemble(headDimension: 6, samples: 40_000, seed: 3).run(
        RunConditions(threads: 2, fault: fault))
      let theory = try DotProductTheory(headDimension: 6, fault: fault)
      func agree(_ estimate: Estimate, _ expected: Double) throws {
        let error = try #require(estimate.standardError)
        #expect((estimate.value - expected).magnitude < 5 * error, "\(fault)")
      }
      try agree(summary.standardDeviation, theory.standardDeviation)
      try agree(summary.kurtosis, theory.kurtosis)
      try agree(summary.coverages[0].share, theory.coverage(within: 1))
      let divisor = try Optional(fault).divisor(of: .rootHeadDimension, headDimension: 6)
      #expect(try summary.logits(at: .rootHeadDimension).divisor == divisor)
    }
  }

  @Test func `a dropped key leaves the row of the others`() throws {
    let honest = try SoftmaxEnsemble(
      headDimension: 3, keys: 1, queries: 8, trials: 2, scales: [.none], seed: 1
    ).run(RunConditions())
    let dropped = try SoftmaxEnsemble(
      headDimension: 3, keys: 2, queries: 8, trials: 2, scales: [.none], seed: 1
    ).run(RunConditions(fault: .keyDropped))
    #expect(honest.scales[0].entropy.value == 0)
    #expect(dropped.scales[0].entropy.value == 0)
    #expect(dropped.scales[0].maxProbability.value == 1)
  }

  @Test func `a faulty run is the same with any number of threads`() throws {
    let ensemble = try SoftmaxEnsemble(
      headDimension: 5, keys: 9, queries: 600, trials: 3, scales: [.none, .rootHeadDimension], seed: 5,
      topCounts: [1], masses: [0.9])
    for fault in KernelFault.allCases {
      let one = try ensemble.run(RunConditions(threads: 1, fault: fault))
      let many = try ensemble.run(RunConditions(threads: 3, fault: fault))
      // Described, because not-a-number differs from itself.
      #expect("\(one)" == "\(many)", "\(fault)")
    }
  }
}
