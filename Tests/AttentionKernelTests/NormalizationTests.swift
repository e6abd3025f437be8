import Testing

@testable import AttentionKernel

private func vector(_ role: TensorRole, _ seed: UInt64, _ range: Range<Int>) -> [Double] {
  StandardNormals(seed: seed, role: role)(count: range.count, startingAt: UInt64(range.lowerBound)).map(
    Double.init)
}

private func dot(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
}

private func unit(_ vector: [Double]) -> [Double] {
  let length = dot(vector, vector).squareRoot()
  return vector.map { $0 / length }
}

@Suite struct `Unit length of queries and keys` {
  private func ensemble(
    d: Int, n: Int, queries: Int = 64, trials: Int = 4, g: [Double], seed: UInt64 = 11,
    precision: Precision = .fast
  ) throws -> SoftmaxEnsemble {
    try SoftmaxEnsemble(
      headDimension: d, keys: n, queries: queries, trials: trials, scales: g.map { .multiplier($0) },
      normalization: .unitLength, seed: seed, precision: precision)
  }

  @Test(arguments: [1, 2, 7, 64], [1, 5, 40]) func `makes scores the cosines of the plain definition`(
    d: Int, n: Int
  ) throws {
    let (seed, g) = (11 as UInt64, 6.0)
    var rows: [RowStatistics] = []
    for row in 0..<64 {
      let query = unit(vector(.queries, seed, row * d..<(row + 1) * d))
      let logits = (0..<n).map { key in
        let start = (row / 16 * n + key) * d
        return g * dot(query, unit(vector(.keys, seed, start..<start + d)))
      }
      rows.append(try RowStatistics(logits: logits))
    }
    for precision in [Precision.fast, .reference] {
      let measures = try ensemble(d: d, n: n, g: [g], precision: precision).rowMeasures()
      for (row, expected) in rows.enumerated() {
        #expect((measures(.entropy, scale: 0)[row] - expected.entropy).magnitude < 3e-5)
        #expect((measures(.largestLogit, scale: 0)[row] - expected.largestLogit).magnitude < 5e-6)
        #expect((measures(.maxProbability, scale: 0)[row] / expected.maxProbability - 1).magnitude < 3e-5)
      }
    }
  }

  @Test(arguments: [
    (1.0, 0.998_750, 0.000_001), (8, 0.922_08, 0.000_06), (10, 0.880_22, 0.000_11), (30, 0.387_5, 0.000_9),
  ])
  func `keeps the share of the entropy that an independent program found for a learned g`(
    g: Double, share: Double, error: Double
  ) throws {
    // H / ln n for d = 64 and 512 keys, by NumPy with other random numbers: 300 sets of keys, 64 queries each.
    let scale = try ensemble(d: 64, n: 512, queries: 2048, trials: 64, g: [g]).run(RunConditions(threads: 2))
      .scales[0]
    let mostEntropy = ReferenceMath.logarithm(512)
    let own = (try #require(scale.entropy.standardError)) / mostEntropy
    #expect(
      (scale.entropy.value / mostEntropy - share).magnitude < 4 * (own * own + error * error).squareRoot())
    #expect(own < 0.004)
  }

  @Test func `forgets how long vectors were`() throws {
    // Components of half the variance, or queries of length √d, are the same directions.
    let ensemble = try ensemble(d: 9, n: 20, g: [1, 12], precision: .reference)
    let honest = try ensemble.run()
    for fault in [KernelFault.varianceHalved, .queriesNormalised] {
      let other = try ensemble.run(RunConditions(fault: fault))
      for (left, right) in zip(honest.scales, other.scales) {
        #expect((left.entropy.value - right.entropy.value).magnitude < 1e-5)
        #expect((left.rowLargestLogit.value - right.rowLargestLogit.value).magnitude < 1e-5)
      }
    }
    let (queries, keys) = (vector(.queries, 1, 0..<12), vector(.keys, 1, 0..<20))
    func weights(_ factor: Double) throws -> [Double] {
      try GivenAttention(
        queries: .init(heads: 1, rows: 3, columns: 4, numbers: queries.map { $0 * factor }),
        keys: .init(heads: 1, rows: 5, columns: 4, numbers: keys.map { $0 / factor }),
        normalization: .unitLength, isCausal: false
      ).result(at: .multiplier(5)).weights
    }
    let plain = try weights(1)
    for factor in [7, 1e-200, 3e250] {
      for (left, right) in zip(plain, try weights(factor)) { #expect((left - right).magnitude < 1e-15) }
    }
  }

  @Test func `with g = √d comes close to a division by √d, the closer the larger d`() throws {
    func difference(_ d: Int) throws -> Double {
      let g = Double(d).squareRoot()
      let normalized = try ensemble(d: d, n: 64, queries: 512, trials: 32, g: [g]).run(
        RunConditions(threads: 2))
      let plain = try SoftmaxEnsemble(
        headDimension: d, keys: 64, queries: 512, trials: 32, scales: [.rootHeadDimension], seed: 11
      ).run(RunConditions(threads: 2))
      return (normalized.scales[0].entropy.value - plain.scales[0].entropy.value).magnitude
    }
    let differences = try [4, 64, 1024].map(difference)
    // By NumPy 0.065, 0.0060 and 0.0004.
    #expect(differences[0] > 0.04)
    #expect(differences[1] < 0.012)
    #expect(differences[2] < 0.003)
  }

  @Test func `is the same with every instruction set and number of threads, in company and alone`() throws {
    let ensemble = try ensemble(d: 37, n: 50, queries: 300, trials: 3, g: [3, 9])
    let one = try ensemble.run(RunConditions(threads: 1, instructionSet: .baseline))
    for set in InstructionSet.allCases where set.isSupported {
      #expect(try ensemble.run(RunConditions(threads: 3, instructionSet: set)) == one)
    }
    var rows = StandardNormals(seed: 3, role: .keys)(count: 300 * 7)
    var alone = Array(rows[290 * 7..<291 * 7])
    UnitLength.apply(InstructionSet.best.kernels, &rows, count: 300, width: 7)
    UnitLength.apply(InstructionSet.baseline.kernels, &alone, count: 1, width: 7)
    #expect(Array(rows[290 * 7..<291 * 7]) == alone)
    let length = alone.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect((length - 1).magnitude < 0x1p-23)
  }

  @Test func `leaves rows of zeros as they are`() throws {
    var rows: [Float] = [0, 0, 3, -4]
    UnitLength.apply(InstructionSet.best.kernels, &rows, count: 2, width: 2)
    #expect(rows == [0, 0, 0.6, -0.8])
    let attention = try GivenAttention(
      queries: .init(heads: 1, rows: 1, columns: 2, numbers: [0, 0]),
      keys: .init(heads: 1, rows: 2, columns: 2, numbers: [1, 2, 3, 4]), normalization: .unitLength,
      isCausal: false)
    #expect(try attention.scores() == [0, 0])
  }
}

@Suite struct `Derivatives under a normalization` {
  /// The Frobenius norm of ∂p/∂q by central differences of the plain definition.
  private func byDifferences(
    _ query: [Double], _ keys: [[Double]], divisor: Double, isUnitLength: Bool
  ) throws -> Double {
    func weights(_ query: [Double]) throws -> [Double] {
      let query = isUnitLength ? unit(query) : query
      return try softmax(keys.map { dot(query, isUnitLength ? unit($0) : $0) / divisor })
    }
    let step = 1e-5
    var sum = 0.0
    for component in query.indices {
      var (above, below) = (query, query)
      above[component] += step
      below[component] -= step
      for (a, b) in zip(try weights(above), try weights(below)) {
        sum += (a - b) / (2 * step) * (a - b) / (2 * step)
      }
    }
    return sum.squareRoot()
  }

  @Test(arguments: [2, 3, 8, 13], [2, 6, 9]) func `are what finite differences give`(d: Int, n: Int) throws {
    for (normalization, scale) in [
      (Normalization.unitLength, Scale.multiplier(1)), (.unitLength, .multiplier(12)),
      (.logarithm, .rootHeadDimension), (.rootLogarithm, .rootHeadDimension(times: 2)),
    ] {
      for seed in 4..<8 as Range<UInt64> {
        let ensemble = try GradientEnsemble(
          headDimension: d, keys: n, queries: 1, trials: 1, scales: [scale], normalization: normalization,
          seed: seed)
        let flat = vector(.keys, seed, 0..<n * d)
        let divisor = try normalization.divisor(of: scale, headDimension: d, keys: n)
        let expected = try byDifferences(
          vector(.queries, seed, 0..<d), (0..<n).map { Array(flat[$0 * d..<($0 + 1) * d]) }, divisor: divisor,
          isUnitLength: normalization == .unitLength)
        let norm = try ensemble.run().scales[0].queryGradient.mean.value
        #expect((norm - expected).magnitude < 1e-8 + 1e-5 * expected, "\(normalization) \(scale)")
      }
    }
  }

  @Test func `vanish for one component, which has no direction to turn to`() throws {
    let summary = try GradientEnsemble(
      headDimension: 1, keys: 5, queries: 40, trials: 4, scales: [.multiplier(3)], normalization: .unitLength,
      seed: 1
    ).run()
    #expect(summary.scales[0].queryGradient.mean.value == 0)
    #expect(summary.scales[0].trace.mean.value > 0)
  }

  @Test func `agree with the rows' own ensemble on what both measure`() throws {
    for normalization in Normalization.allCases {
      let scales: [Scale] = [.rootHeadDimension, .multiplier(4)]
      let gradients = try GradientEnsemble(
        headDimension: 16, keys: 33, queries: 100, trials: 3, scales: scales, normalization: normalization,
        seed: 1
      ).run()
      let rows = try SoftmaxEnsemble(
        headDimension: 16, keys: 33, queries: 100, trials: 3, scales: scales, normalization: normalization,
        seed: 1, precision: .reference
      ).run()
      for (left, right) in zip(gradients.scales, rows.scales) {
        #expect((left.trace.mean.value / right.jacobianTrace.value - 1).magnitude < 1e-12)
        #expect(left.divisor == right.divisor)
      }
    }
  }

  @Test(arguments: [Scale.none, .rootHeadDimension, .rootHeadDimension(times: 2)])
  func `obey Stein's identity: E Σ p z is E σ² tr J, σ being the query's length over the divisor`(
    scale: Scale
  )
    throws
  {
    // Given q, logits are independent and normal with that σ; σ E tr J = E Σ p g follows for each length.
    let (d, n, rows, trials) = (16, 64, 1600, 400)
    let measures = try SoftmaxEnsemble(
      headDimension: d, keys: n, queries: rows, trials: trials, scales: [scale], seed: 21,
      precision: .reference
    ).rowMeasures(RunConditions(threads: 2))
    let divisor = try scale.divisor(headDimension: d)
    let (entropy, total) = (measures(.entropy, scale: 0), measures(.logSumExp, scale: 0))
    let trace = measures(.jacobianTrace, scale: 0)
    var differences = Moments()
    var traces = Moments()
    for trial in 0..<trials {
      var difference = 0.0
      for row in trial * rows / trials..<(trial + 1) * rows / trials {
        let query = vector(.queries, 21, row * d..<(row + 1) * d)
        // ln Σ exp z − H is Σ p z.
        difference += total[row] - entropy[row] - dot(query, query) / (divisor * divisor) * trace[row]
        traces.add(trace[row])
      }
      differences.add(difference / Double(rows / trials))
    }
    let estimate = differences.meanEstimate
    #expect(estimate.value.magnitude < 4 * (try #require(estimate.standardError)))
    // The error is small enough to tell the identity from one with √n, 2σ² or no query length in it.
    #expect(try #require(estimate.standardError) < 0.05 * Double(d) / (divisor * divisor) * traces.mean)
    let gradients = try GradientEnsemble(
      headDimension: d, keys: n, queries: rows, trials: trials, scales: [scale], seed: 21
    ).run(RunConditions(threads: 2))
    #expect((gradients.scales[0].trace.mean.value / traces.mean - 1).magnitude < 1e-12)
  }
}

@Suite struct `Factors of the number of keys` {
  private func share(_ n: Int, _ normalization: Normalization, _ scale: Scale) throws -> Double {
    let summary = try SoftmaxEnsemble(
      headDimension: 256, keys: n, queries: 512, trials: 32, scales: [scale], normalization: normalization,
      seed: 5
    ).run(RunConditions(threads: 2))
    return summary.scales[0].entropy.value / ReferenceMath.logarithm(Double(n))
  }

  @Test func `keep, raise or lower the share of the entropy as the rows grow`() throws {
    let sizes = [16, 128, 1024]
    let none = try sizes.map { try share($0, .none, .rootHeadDimension) }
    let root = try sizes.map { try share($0, .rootLogarithm, .rootHeadDimension(times: 2)) }
    let logarithm = try sizes.map { try share($0, .logarithm, .rootHeadDimension(times: 4)) }
    #expect(none[1] - none[0] > 0.03 && none[2] - none[1] > 0.01)
    #expect(logarithm[0] - logarithm[1] > 0.03 && logarithm[1] - logarithm[2] > 0.03)
    // ln n − σ²/2 with σ = √(ln n)/2 is 7/8 of ln n.
    #expect(root.allSatisfy { ($0 - 0.875).magnitude < 0.02 })
    #expect((root[2] - 0.875).magnitude < 0.004)
  }

  @Test func `are factors of the logits, to the last bit but one`() throws {
    let n = 24
    for normalization in [Normalization.logarithm, .rootLogarithm] {
      func run(_ normalization: Normalization, _ scale: Scale) throws -> SoftmaxSummary.AtScale {
        try SoftmaxEnsemble(
          headDimension: 8, keys: n, queries: 40, trials: 4, scales: [scale], normalization: normalization,
          seed: 2, precision: .reference
        ).run().scales[0]
      }
      let factored = try run(normalization, .constant(3))
      let divided = try run(.none, .constant(3 / normalization.factor(keys: n)))
      #expect((factored.entropy.value - divided.entropy.value).magnitude < 1e-13)
      #expect((factored.rowLargestLogit.value / divided.rowLargestLogit.value - 1).magnitude < 1e-14)
      #expect(factored.scaleFactor != divided.scaleFactor)
    }
  }

  @Test func `count the keys in sight where there is a causal mask`() throws {
    let scores = vector(.logits, 9, 0..<16)
    let attention = try GivenAttention(
      scores: .init(heads: 1, rows: 4, columns: 4, numbers: scores), headDimension: nil,
      normalization: .logarithm, isCausal: true)
    let result = try attention.result(at: .constant(2))
    #expect(result.rows[0].maxProbability == 1)
    for query in 1..<4 {
      let factor = ReferenceMath.logarithm(Double(query + 1)) / 2
      let expected = try softmax(scores[query * 4...query * 5].map { $0 * factor })
      for (key, weight) in expected.enumerated() {
        #expect((result.weights[query * 4 + key] - weight).magnitude < 1e-15)
      }
    }
  }

  @Test func `need two keys, as ln 1 is 0`() {
    for normalization in [Normalization.logarithm, .rootLogarithm] {
      #expect(throws: KernelError.sizeTooSmall(name: "keys", value: 1, minimum: 2)) {
        try SoftmaxEnsemble(
          headDimension: 4, keys: 1, queries: 4, scales: [.none], normalization: normalization, seed: 0)
      }
    }
    #expect(throws: Never.self) {
      try SoftmaxEnsemble(
        headDimension: 4, keys: 1, queries: 4, scales: [.none], normalization: .unitLength, seed: 0)
    }
  }

  @Test func `a planted key keeps its weight under ln n, as in the paper that proposes it`() throws {
    // Nakanishi 2025, figure 1: −2 for all keys but the last, +3 for that; s = 0.43.
    func top(_ n: Int, _ normalization: Normalization, _ scale: Scale) throws -> Double {
      let scores = [Double](repeating: -2, count: n - 1) + [3]
      return try GivenAttention(
        scores: .init(heads: 1, rows: 1, columns: n, numbers: scores), headDimension: nil,
        normalization: normalization, isCausal: false
      ).result(at: scale).rows[0].maxProbability
    }
    // e⁵/(e⁵ + n − 1) against n^(5s)/(n^(5s) + n − 1).
    #expect((try top(16, .none, .none) - 0.908_208_126_7).magnitude < 1e-9)
    #expect((try top(4096, .none, .none) - 0.034_974_949_1).magnitude < 1e-9)
    #expect((try top(16, .logarithm, .multiplier(0.43)) - 0.962_781_321_2).magnitude < 1e-9)
    #expect((try top(4096, .logarithm, .multiplier(0.43)) - 0.999_929_911_0).magnitude < 1e-9)
  }
}

@Suite struct `Theory of unit length` {
  @Test(arguments: [
    (2, 2, 0.405284734569351), (2, 10, 0.929123427305576), (3, 2, 0.333333333333333),
    (3, 100, 0.98019801980198), (16, 2, 0.142079712502511), (16, 32, 0.499862536516329),
    (64, 512, 0.370583516800824), (64, 4096, 0.435040404790141), (1024, 1000, 0.101099891240716),
  ]) func `gives the expected largest cosine that mpmath integrates`(d: Int, n: Int, expected: Double) throws
  {
    #expect((try UnitLengthTheory(headDimension: d).expectedMaximum(of: n) / expected - 1).magnitude < 1e-11)
  }

  @Test(arguments: [
    (2, 1, 0.5), (3, 1, 0.577350269189626), (16, 1, 0.666829864084524), (64, 1, 0.678863968417374),
    (64, 2, 0.955406851216546), (1024, 1, 0.682453019427157), (1024, 3, 0.99733913291003),
    (8, 2.5, 0.998434722046827), (4, 2, 1), (1, 0.9, 0), (1, 1, 1), (7, -1, 0),
  ]) func `gives the coverage that the incomplete beta function gives`(
    d: Int, width: Double, expected: Double
  ) throws {
    #expect((try UnitLengthTheory(headDimension: d).coverage(within: width) - expected).magnitude < 1e-13)
  }

  @Test func `of one component has the two cosines −1 and 1`() throws {
    let theory = try UnitLengthTheory(headDimension: 1)
    for n in 1...6 {
      let expected = 1 - 2 * (1 / Double(1 << n))
      #expect((try theory.expectedMaximum(of: n) - expected).magnitude < 1e-15)
    }
    #expect(theory.kurtosis == 1 && theory.standardDeviation == 1)
  }

  @Test func `approaches the normal distribution from below`() throws {
    for n in [10, 1000, 1_000_000] {
      let normal = try DotProductTheory.expectedMaximum(of: n)
      let ratios = try [16, 256, 65_536].map {
        try UnitLengthTheory(headDimension: $0).expectedMaximum(of: n) * Double($0).squareRoot() / normal
      }
      #expect(ratios[0] < ratios[1] && ratios[1] < ratios[2] && ratios[2] < 1 && ratios[2] > 0.9997)
    }
  }

  @Test(arguments: [1, 2, 16, 64, 1500]) func `agrees with sampled cosines within their errors`(d: Int) throws
  {
    let ensemble = try DotProductEnsemble(
      headDimension: d, samples: 20_000, normalization: .unitLength, seed: 6, coverageWidths: [0.5, 1, 2])
    let summary = try ensemble.run(RunConditions(threads: 2))
    let theory = try UnitLengthTheory(headDimension: d)
    func agrees(_ estimate: Estimate, _ expected: Double) -> Bool {
      (estimate.value - expected).magnitude <= 5 * (estimate.standardError ?? 0) + 1e-12
    }
    #expect(agrees(summary.mean, 0))
    #expect(agrees(summary.standardDeviation, theory.standardDeviation))
    #expect(agrees(summary.kurtosis, theory.kurtosis))
    for coverage in summary.coverages where d > 1 {
      #expect(agrees(coverage.share, theory.coverage(within: coverage.width)))
    }
    #expect(summary.maximum <= 1 + 1e-15 && summary.minimum >= -1 - 1e-15)
    let one = try ensemble.run(RunConditions(threads: 1, instructionSet: .baseline))
    #expect(summary == one)
  }

  @Test func `agrees with the sampled largest logit of a row`() throws {
    for (d, n) in [(2, 8), (16, 64), (64, 512)] {
      let scale = try SoftmaxEnsemble(
        headDimension: d, keys: n, queries: 2000, trials: 500, scales: [.multiplier(10)],
        normalization: .unitLength, seed: 31
      ).run(RunConditions(threads: 2)).scales[0]
      let expected = try UnitLengthTheory(headDimension: d).expectedMaximum(of: n) * 10
      let error = try #require(scale.rowLargestLogit.standardError)
      #expect((scale.rowLargestLogit.value - expected).magnitude < 4 * error)
      #expect(error < 0.02 * expected)
    }
  }
}
