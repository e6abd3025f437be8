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
    for fault in [
      KernelFault.varianceHalved, .queriesNormalised, .scaleDoubled, .excessKurtosis, .sharesInverted,
    ] {
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

  @Test func `a pool is taken for as many as there are rows behind it`() throws {
    let ensemble = try ExtremesEnsemble(
      headDimension: 32, keys: 16, pools: [16, 1600, 6400], trials: 20, seed: 4)
    let (honest, pooled) = (
      try ensemble.run(RunConditions(threads: 2)), try ensemble.run(RunConditions(fault: .extremesPooled))
    )
    // 256 rows of 16 scores are 4096; of the larger pools there is one, of all 6400.
    for (pool, scores) in zip(pooled.pools, [4096, 6400, 6400]) {
      let expected = try DotProductTheory.expectedMaximum(of: scores * 20)
      #expect((pool.largest.value / 32.0.squareRoot() - expected).magnitude < 1)
      #expect(try ensemble.expectedMaximum(ofPool: pool.size, fault: .extremesPooled) == expected)
    }
    #expect(pooled.pools.map(\.size) == honest.pools.map(\.size))
    #expect(pooled.pools[0].largest.value > 1.5 * honest.pools[0].largest.value)
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

  @Test func `the factor of the keys is forgotten, or of base 2`() throws {
    #expect((Normalization.logarithm.factor(keys: 8, fault: .logarithmToBaseTwo) - 3).magnitude < 1e-14)
    #expect((Normalization.rootLogarithm.factor(keys: 16, fault: .logarithmToBaseTwo) - 2).magnitude < 1e-14)
    for normalization in Normalization.allCases {
      #expect(normalization.factor(keys: 9, fault: .keysFactorForgotten) == 1)
      let (honest, other) = (
        normalization.factor(keys: 9), normalization.factor(keys: 9, fault: .scaleDoubled)
      )
      #expect(honest == other)
    }
  }

  // MARK: Initialisations

  @Test(arguments: [
    KernelFault.scaleDoubled, .scaleIgnored, .rootForgotten, .varianceHalved, .fanOutForgotten,
    .gainForgotten,
    .varianceAsDeviation, .inputsOfLengthOne,
  ])
  func `initialisations suffer alike where they are drawn and where they are exact`(fault: KernelFault) throws
  {
    for initialization in Initialization.allCases {
      let summary = try InitializationEnsemble(
        initialization, modelDimension: 24, heads: 3, inputs: 12, trials: 200, seed: 1
      ).run(RunConditions(threads: 2, fault: fault))
      for (estimate, expected) in [
        (summary.deviation, summary.expectedDeviation),
        (summary.queryDeviation, summary.expectedQueryDeviation),
      ] {
        let error = try #require(estimate.standardError)
        #expect((estimate.value - expected).magnitude < 5 * error, "\(initialization)")
        #expect(error < 0.1 * expected)
      }
    }
  }

  private func expected(_ initialization: Initialization, model: Int, fault: KernelFault) throws -> Double {
    try InitializationEnsemble(
      initialization, modelDimension: model, heads: 4, inputs: 1, trials: 2, seed: 0
    ).expected(under: fault).logit
  }

  private func expectDeviation(_ deviation: Double, _ rule: Initialization, _ fault: KernelFault) throws {
    let computed = try expected(rule, model: 64, fault: fault)
    #expect((computed / deviation - 1).magnitude < 1e-12, "\(rule)")
  }

  @Test func `without fan-out every Glorot rule is 1/in, and nothing else changes`() throws {
    for rule in [Initialization.glorot, .glorotPerHead, .glorotPacked] {
      try expectDeviation(1, rule, .fanOutForgotten)
    }
    try expectDeviation(2, .he, .fanOutForgotten)
    try expectDeviation(1, .he, .gainForgotten)
    try expectDeviation(0.5, .glorotPacked, .gainForgotten)
  }

  @Test func `with inputs of length 1 the fixed deviation no longer grows with the model dimension`() throws {
    let (small, large) = (
      try expected(.fixed, model: 64, fault: .inputsOfLengthOne),
      try expected(.fixed, model: 4096, fault: .inputsOfLengthOne)
    )
    #expect((small / 0.0004 - 1).magnitude < 1e-12)
    #expect((large / small - 1).magnitude < 1e-12)
  }

  @Test func `a variance taken for a deviation squares the variance of the weights`() throws {
    // d_model · Var², for 1/d_model: 1/d_model.
    try expectDeviation(1.0 / 64, .lecun, .varianceAsDeviation)
  }

  // MARK: Narrow formats

  private static let formats: [FloatFormat] = [.binary16, .bfloat16, .binary32]

  /// Rows of 37 normals, from gentle to hopeless.
  private static let logits = [1, 3.5, 8, 40].flatMap { (spread: Float) in
    StandardNormals(seed: 11, role: .logits)(count: 37 * 8).map { $0 * spread }
  }

  private func weights(
    _ format: FloatFormat, subtractsMaximum: Bool, roundsSums: Bool = false, _ fault: KernelFault?
  ) -> [Float] {
    let rows = Self.logits.count / 37
    var weights = [Float](repeating: .nan, count: Self.logits.count)
    RoundedSoftmax(format, subtractsMaximum: subtractsMaximum, roundsSums: roundsSums).write(
      Self.logits, rows: rows, keys: 37, to: &weights, using: .best, fault: fault)
    return weights
  }

  private func expectSame(_ a: [Float], _ b: [Float], _ what: String) {
    #expect(zip(a, b).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(what)")
  }

  @Test(arguments: formats)
  func `whoever always subtracts, or never, has only one way left`(format: FloatFormat) {
    let (plain, subtracted) = (
      weights(format, subtractsMaximum: false, nil), weights(format, subtractsMaximum: true, nil)
    )
    for flag in [false, true] {
      expectSame(weights(format, subtractsMaximum: flag, .maximumAlwaysSubtracted), subtracted, "always")
      expectSame(weights(format, subtractsMaximum: flag, .maximumNotSubtracted), plain, "never")
    }
  }

  @Test(arguments: formats)
  func `what is rounded at the end is the result of binary32, rounded once`(format: FloatFormat) {
    for flag in [false, true] {
      let wide = weights(.binary32, subtractsMaximum: flag, nil)
      expectSame(
        weights(format, subtractsMaximum: flag, .roundedAtTheEnd), wide.map { format.rounded($0) }, "\(flag)")
    }
  }

  @Test(arguments: formats)
  func `clipped logits never overflow, and those below the limit stay`(format: FloatFormat) {
    let clipped = weights(format, subtractsMaximum: false, .logitsClipped)
    #expect(clipped.allSatisfy { $0.isFinite })
    let plain = weights(format, subtractsMaximum: false, nil)
    #expect(format != .binary16 || plain.contains { !$0.isFinite })
    for row in 0..<(Self.logits.count / 37) {
      let range = row * 37..<(row + 1) * 37
      // A row far enough from the limit is the honest one.
      guard Self.logits[range].allSatisfy({ Double($0) < 0.9 * format.overflowLogit }) else { continue }
      expectSame(Array(clipped[range]), Array(plain[range]), "row \(row)")
    }
  }

  @Test(arguments: formats)
  func `flushed numbers are 0 below the smallest normal one, step by step`(format: FloatFormat) {
    let smallest = Float(sign: .plus, exponent: format.smallestNormalExponent, significand: 1)
    let flush = { (value: Float) in value < smallest ? 0 : value }
    var flushed = 0
    for flag in [false, true] {
      let way = RoundedSoftmax(format, subtractsMaximum: flag)
      let actual = weights(format, subtractsMaximum: flag, .subnormalsFlushed)
      for start in stride(from: 0, to: Self.logits.count, by: 37) {
        var values = Self.logits[start..<start + 37].map { format.rounded($0) }
        let largest = values.max() ?? 0
        if flag { values = values.map { format.rounded($0 - largest) } }
        let exponentials = values.map { flush(format.rounded(RoundedSoftmax.exponential($0))) }
        // The logits of what is left give the same sum, in the same order.
        let left = zip(values, exponentials).map { $1 == 0 ? -Float.infinity : $0 }
        let expected = RoundedSoftmax(way.format, subtractsMaximum: false).referenceWeights(left).map(flush)
        expectSame(Array(actual[start..<start + 37]), expected, "row at \(start)")
        flushed += zip(values, exponentials).count {
          $1 == 0 && format.rounded(RoundedSoftmax.exponential($0)) > 0
        }
      }
    }
    #expect(flushed > 0)
  }
}
