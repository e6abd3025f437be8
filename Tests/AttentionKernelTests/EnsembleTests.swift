import Testing

@testable import AttentionKernel

@Suite struct `Dot products of random vectors` {
  @Test(arguments: [1, 16, 64]) func `sampled measures agree with theory within their errors`(d: Int) throws {
    let summary = try DotProductEnsemble(headDimension: d, samples: d == 64 ? 4000 : 20_000, seed: 11).run(
      RunConditions(threads: 2))
    let theory = try DotProductTheory(headDimension: d)
    func agrees(_ estimate: Estimate, _ value: Double) -> Bool {
      (estimate.value - value).magnitude < 4 * (estimate.standardError ?? 0)
    }
    #expect(agrees(summary.mean, 0))
    #expect(agrees(summary.standardDeviation, theory.standardDeviation))
    #expect(agrees(summary.kurtosis, theory.kurtosis))
    for coverage in summary.coverages {
      #expect(agrees(coverage.share, theory.coverage(within: coverage.width)))
    }
  }

  @Test func `standard errors are as large as the spread between seeds`() throws {
    var deviations = Moments()
    var kurtoses = Moments()
    var errors = (deviation: 0.0, kurtosis: 0.0)
    let seeds = 60
    for seed in 0..<seeds {
      let summary = try DotProductEnsemble(headDimension: 8, samples: 1000, seed: UInt64(seed)).run()
      deviations.add(summary.standardDeviation.value)
      kurtoses.add(summary.kurtosis.value)
      errors.deviation += (summary.standardDeviation.standardError ?? 0) / Double(seeds)
      errors.kurtosis += (summary.kurtosis.standardError ?? 0) / Double(seeds)
    }
    #expect((errors.deviation / (deviations.standardDeviation ?? 0) - 1).magnitude < 0.3)
    #expect((errors.kurtosis / (kurtoses.standardDeviation ?? 0) - 1).magnitude < 0.5)
  }

  @Test func `the result is the plain definition over the two streams`() throws {
    let d = 5
    let ensemble = try DotProductEnsemble(
      headDimension: d, samples: 700, seed: 3, histogramEdges: [-1, 0, 1])
    let queries = StandardNormals(seed: 3, role: .queries)(count: 700 * d)
    let keys = StandardNormals(seed: 3, role: .keys)(count: 700 * d)
    let scores = (0..<700).map { sample in
      (0..<d).reduce(0.0) { $0 + Double(queries[sample * d + $1]) * Double(keys[sample * d + $1]) }
    }
    let summary = try ensemble.run()
    let unit = 5.0.squareRoot()
    #expect((summary.mean.value - scores.reduce(0, +) / 700).magnitude < 1e-13)
    #expect((summary.maximum - (scores.max() ?? 0)).magnitude < 1e-13)
    #expect(summary.coverages[0].share.value == Double(scores.count { $0.magnitude <= unit }) / 700)
    #expect(
      summary.histogram?.counts == [
        scores.count { $0 >= -unit && $0 < 0 }, scores.count { $0 >= 0 && $0 <= unit },
      ])
  }

  @Test(arguments: InstructionSet.supported)
  func `the instruction set that the conditions name changes nothing`(set: InstructionSet) throws {
    let ensemble = try DotProductEnsemble(headDimension: 7, samples: 600, seed: 4)
    #expect(try ensemble.run(RunConditions(instructionSet: set)) == ensemble.run())
  }

  @Test func `threads and longer vectors than a tile change nothing`() throws {
    let ensemble = try DotProductEnsemble(
      headDimension: 3, samples: 2000, seed: 4, histogramEdges: [-2, 0, 2])
    let one = try ensemble.run(RunConditions(threads: 1))
    for threads in [2, 3, 7] { #expect(try ensemble.run(RunConditions(threads: threads)) == one) }
    let long = try DotProductEnsemble(headDimension: 20_001, samples: 2, seed: 4).run()
    let queries = StandardNormals(seed: 4, role: .queries)(count: 20_001, startingAt: 20_001)
    let keys = StandardNormals(seed: 4, role: .keys)(count: 20_001, startingAt: 20_001)
    let score = zip(queries, keys).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let nearest = min((long.maximum - score).magnitude, (long.minimum - score).magnitude)
    #expect(nearest < 1e-11)
  }

  @Test func `logits at a scale are the same samples divided`() throws {
    let summary = try DotProductEnsemble(
      headDimension: 16, samples: 500, seed: 1, histogramEdges: [-3, -1, 1, 3]
    ).run()
    let logits = try summary.logits(at: .rootHeadDimension(times: 2))
    #expect(logits.divisor == 8 && logits.scaleFactor == 2)
    #expect(logits.standardDeviation.value == summary.standardDeviation.value / 8)
    #expect(logits.maximum == summary.maximum / 8)
    #expect(logits.histogram?.edges == [-1.5, -0.5, 0.5, 1.5])
    #expect(logits.histogram?.counts == summary.histogram?.counts)
  }

  @Test(arguments: [
    (1, 79.10), (16, 69.70), (64, 68.64), (128, 68.46), (1024, 68.29), (1_000_000_000, 68.27),
  ])
  func `exact coverage within √d is the published one`(d: Int, percent: Double) throws {
    let theory = try DotProductTheory(headDimension: d)
    #expect((theory.coverage(within: 1) * 100 - percent).magnitude < 0.005)
    #expect(theory.coverage(within: 0) == 0)
    #expect((theory.coverage(within: 40) - 1).magnitude < 1e-12)
    let difference = theory.probability(below: 1) - theory.probability(below: -1)
    #expect((difference - theory.coverage(within: 1)).magnitude < 1e-13)
  }

  @Test func `coverage and density of one component are those of the Bessel function K₀`() throws {
    let theory = try DotProductTheory(headDimension: 1)
    // mpmath: 2/pi*quad(lambda x: besselk(0, x), [0, 1]) and besselk(0, 0.5)/pi, besselk(0, 3)/pi.
    #expect((theory.coverage(within: 1) - 0.79100633699534767).magnitude < 1e-14)
    #expect((theory.density(at: 0.5) - 0.2942517293486038).magnitude < 1e-14)
    #expect((theory.density(at: -3) - 0.011057927687277844).magnitude < 1e-15)
    #expect(theory.density(at: 0) == .infinity)
  }

  @Test(arguments: [2, 7, 64])
  func `the exact density integrates to one, with variance 1 and kurtosis 3 + 6∕d`(d: Int) throws {
    let theory = try DotProductTheory(headDimension: d)
    var sums = (0.0, 0.0, 0.0)
    let step = 1.0 / 64
    for index in -2000...2000 {
      let x = (Double(index) + 0.5) * step
      let mass = theory.density(at: x) * step
      sums.0 += mass
      sums.1 += mass * x * x
      sums.2 += mass * x * x * x * x
    }
    let tolerance = d == 2 ? 1e-3 : 1e-6  // With d = 2 the density has a corner at 0.
    #expect((sums.0 - 1).magnitude < tolerance)
    #expect((sums.1 - 1).magnitude < tolerance)
    #expect((sums.2 - theory.kurtosis).magnitude < tolerance * 10)
  }

  @Test(arguments: [
    (1, 0), (2, 0.5641895835477563), (3, 0.8462843753216345), (4, 1.0293753730039641),
    (8, 1.4236003060452767),
    (512, 3.0439), (1024, 3.2482), (4096, 3.6261), (1_000_000, 4.8629),
  ])
  func `the expected largest of n normals is the tabulated one`(n: Int, value: Double) throws {
    let tolerance = n > 8 ? 5e-5 : 1e-14
    #expect((try DotProductTheory.expectedMaximum(of: n) - value).magnitude < tolerance)
  }

  @Test func `the expected length of a query is √(2∕π) for one component and near √d for many`() throws {
    #expect(
      (try DotProductTheory(headDimension: 1).expectedQueryLength - 0.7978845608028654).magnitude < 1e-15)
    #expect(
      (try DotProductTheory(headDimension: 2).expectedQueryLength - 1.2533141373155003).magnitude < 1e-15)
    #expect(
      (try DotProductTheory(headDimension: 1_000_000).expectedQueryLength - (1000 - 0.00025)).magnitude < 1e-9
    )
  }
}

@Suite struct `Softmax rows of random keys` {
  private let scales: [Scale] = [
    .none, .rootHeadDimension, .rootHeadDimension(times: 2), .rootHeadDimension(times: 3),
  ]

  @Test func `the result does not depend on the threads`() throws {
    let ensemble = try SoftmaxEnsemble(
      headDimension: 8, keys: 21, queries: 1300, trials: 3, scales: scales, seed: 6, topCounts: [1, 3],
      masses: [0.5, 0.9], includesCurves: true)
    let one = try ensemble.run(RunConditions(threads: 1))
    for threads in [2, 3, 7] { #expect(try ensemble.run(RunConditions(threads: threads)) == one) }
  }

  @Test func `the result is the plain definition over the two streams`() throws {
    let (d, n, rows, trials) = (4, 10, 11, 3)
    let ensemble = try SoftmaxEnsemble(
      headDimension: d, keys: n, queries: rows, trials: trials, scales: [.rootHeadDimension], seed: 2,
      topCounts: [2], masses: [0.9], includesCurves: true, precision: .reference)
    let queries = StandardNormals(seed: 2, role: .queries)(count: rows * d)
    let keys = StandardNormals(seed: 2, role: .keys)(count: trials * n * d)
    var entropy = Moments()
    var perTrial = [Moments](repeating: Moments(), count: trials)
    var mass = 0.0
    var carriers = 0.0
    var largest = [Double](repeating: -.infinity, count: trials)
    for row in 0..<rows {
      let trial = row < 4 ? 0 : row < 8 ? 1 : 2  // 11 rows: 4 + 4 + 3.
      let attention = try AttentionRow(
        query: Array(queries[row * d..<(row + 1) * d]),
        keys: Array(keys[trial * n * d..<(trial + 1) * n * d]),
        scale: .rootHeadDimension)
      entropy.add(attention.statistics.entropy)
      perTrial[trial].add(attention.statistics.entropy)
      let ranked = try RankedWeights(logits: attention.logits)
      mass += try ranked.mass(ofLargest: 2) / Double(rows)
      carriers += Double(try ranked.keysCarrying(share: 0.9)) / Double(rows)
      largest[trial] = max(largest[trial], attention.statistics.largestLogit)
    }
    let summary = try ensemble.run()
    let result = summary.scales[0]
    #expect((result.entropy.value - entropy.mean).magnitude < 1e-14)
    let error = try #require(result.entropy.standardError)
    let expected = try #require(Moments(perTrial.map(\.mean)).meanEstimate.standardError)
    #expect((error - expected).magnitude < 1e-14)
    #expect((result.topMasses[0].mass.value - mass).magnitude < 1e-14)
    #expect((result.massKeys[0].keys.value - carriers).magnitude < 1e-13)
    #expect((result.trialLargestLogit.value - largest.reduce(0, +) / 3).magnitude < 1e-14)
    let curves = try #require(result.curves)
    #expect(curves.rows == rows)
    #expect((curves.meanMass[1] - mass).magnitude < 1e-14)
    #expect((curves.meanMass[n - 1] - 1).magnitude < 1e-14)
    let example = try #require(result.example)
    let first = try AttentionRow(
      query: Array(queries[..<d]), keys: Array(keys[..<(n * d)]), scale: .rootHeadDimension)
    #expect(example == first)
  }

  @Test func `the measured rows agree with the closed forms`() throws {
    let ensemble = try SoftmaxEnsemble(
      headDimension: 64, keys: 512, queries: 128, trials: 16, scales: scales, seed: 1, masses: [0.99])
    let summary = try ensemble.run(RunConditions(threads: 2))
    func near(_ estimate: Estimate, _ value: Double, _ slack: Double) -> Bool {
      (estimate.value - value).magnitude < 4 * (estimate.standardError ?? 0) + slack
    }
    // n = 512, d = 64: shares of effective keys and trace from an independent simulation.
    #expect(near(summary.scales[1].effectiveKeysShare, 0.612, 0.0005))
    #expect(near(summary.scales[2].effectiveKeysShare, 0.883, 0.0005))
    #expect(near(summary.scales[3].effectiveKeysShare, 0.946, 0.0005))
    #expect(near(summary.scales[1].jacobianTrace, 0.995, 0.0005))
    #expect(near(summary.scales[0].massKeys[0].keys, 7, 0.5))
    let theory = try DotProductTheory(headDimension: 64)
    let largest = try theory.expectedQueryLength / 8 * DotProductTheory.expectedMaximum(of: 512)
    #expect(near(summary.scales[1].rowLargestLogit, largest, 0))
    #expect(near(summary.scales[1].rowSmallestLogit, -largest, 0))
    #expect(near(summary.scales[2].logitStandardDeviation, 0.5, 0))
    let entropies = summary.scales.map(\.entropy.value)
    #expect(zip(entropies, entropies.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `rows of one trial share their keys, and don't tell how far their mean may be off`() throws {
    let summary = try SoftmaxEnsemble(
      headDimension: 4, keys: 8, queries: 300, trials: 1, scales: [.none], seed: 1, topCounts: [1]
    ).run().scales[0]
    for estimate in [summary.entropy, summary.topMasses[0].mass, summary.trialLargestLogit] {
      #expect(estimate.standardError == nil)
      #expect(estimate.samples > 0)
    }
    let gradients = try GradientEnsemble(
      headDimension: 4, keys: 8, queries: 300, trials: 1, scales: [.none], seed: 1, edges: [0, 0.1],
      quantiles: [0.5]
    ).run().scales[0]
    let norms = gradients.distribution(of: .queryGradients)
    for estimate in [gradients.trace.mean, gradients.trace.ratio, norms.shares[0], norms.quantiles[0]] {
      #expect(estimate.standardError == nil)
      #expect(estimate.samples == 300)
    }
  }

  @Test func `the quantile curves fall with the rank and rise with the probability`() throws {
    let ensemble = try SoftmaxEnsemble(
      headDimension: 8, keys: 40, queries: 1500, trials: 2, scales: [.rootHeadDimension], seed: 5,
      includesCurves: true)
    let curves = try #require(try ensemble.run().scales[0].curves)
    #expect(curves.rows == SoftmaxEnsemble.maximumCurveRows)
    for curve in curves.quantiles { #expect(zip(curve, curve.dropFirst()).allSatisfy { $0 >= $1 }) }
    for rank in 0..<40 {
      let column = curves.quantiles.map { $0[rank] }
      #expect(zip(column, column.dropFirst()).allSatisfy { $0 <= $1 })
    }
    #expect(zip(curves.meanMass, curves.meanMass.dropFirst()).allSatisfy { $0 <= $1 })
  }

  @Test func `a single key takes all the weight`() throws {
    let summary = try SoftmaxEnsemble(headDimension: 3, keys: 1, queries: 5, scales: scales, seed: 1).run()
    for result in summary.scales {
      #expect(
        result.entropy.value == 0 && result.maxProbability.value == 1
          && result.jacobianFrobeniusNorm.value == 0)
    }
  }

  @Test(arguments: [(1, 1), (255, 1), (256, 1), (257, 1), (1000, 3), (5, 5), (1301, 2), (513, 2)])
  func `tiles cover every row once, in order, none across trials`(rows: Int, trials: Int) {
    let tiling = RowTiling(rows: rows, trials: trials)
    let tiles = (0..<tiling.tileCount).map(tiling.tile)
    #expect(tiles.flatMap { Array($0.rows) } == Array(0..<rows))
    #expect(tiles.allSatisfy { !$0.rows.isEmpty && $0.rows.count <= 256 })
    #expect(tiles.map(\.trial) == tiles.map(\.trial).sorted())
    #expect(Set(tiles.map(\.trial)).count == trials)
  }

  @Test func `a cancelled run throws`() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let ensemble = try SoftmaxEnsemble(headDimension: 2, keys: 2, queries: 1000, scales: scales, seed: 1)
    #expect(throws: KernelError.cancelled) {
      try ensemble.run(RunConditions(threads: 2, cancellation: cancellation))
    }
    let products = try DotProductEnsemble(headDimension: 2, samples: 1000, seed: 1)
    #expect(throws: KernelError.cancelled) { try products.run(RunConditions(cancellation: cancellation)) }
  }

  @Test func `inputs out of range are refused before any work`() {
    func make(
      d: Int = 2, keys: Int = 4, queries: Int = 8, trials: Int? = nil, scales: [Scale] = [.none],
      top: [Int] = [],
      masses: [Double] = []
    ) throws(KernelError) {
      _ = try SoftmaxEnsemble(
        headDimension: d, keys: keys, queries: queries, trials: trials, scales: scales, seed: 1,
        topCounts: top,
        masses: masses)
    }
    for bad in [0, -1, Int.min] {
      #expect(throws: KernelError.sizeTooSmall(name: "headDimension", value: bad, minimum: 1)) {
        try make(d: bad)
      }
      #expect(throws: KernelError.sizeTooSmall(name: "keys", value: bad, minimum: 1)) { try make(keys: bad) }
      #expect(throws: KernelError.sizeTooSmall(name: "queries", value: bad, minimum: 1)) {
        try make(queries: bad)
      }
      #expect(throws: KernelError.self) { try make(trials: bad) }
      #expect(throws: KernelError.self) { try make(top: [bad]) }
      #expect(throws: KernelError.self) { try DotProductEnsemble(headDimension: 1, samples: bad, seed: 1) }
    }
    #expect(throws: KernelError.sizeTooLarge(name: "trials", maximum: 8)) { try make(trials: 9) }
    #expect(throws: KernelError.sizeTooLarge(name: "topCounts", maximum: 4)) { try make(top: [5]) }
    #expect(throws: KernelError.invalidShare(1.5)) { try make(masses: [1.5]) }
    #expect(throws: KernelError.invalidScale(-1)) { try make(scales: [.constant(-1)]) }
    #expect(throws: KernelError.self) { try make(d: .max) }
    #expect(throws: KernelError.self) { try make(keys: .max) }
    #expect(throws: KernelError.self) { try make(queries: .max, trials: .max) }
    #expect(throws: KernelError.self) { try DotProductEnsemble(headDimension: .max, samples: .max, seed: 1) }
  }

  @Test func `the cost of absurd sizes is huge, not a trap`() throws {
    for size in [1_000_000_000_000, Int.max, Int.max - 1, 1, 0, -5, Int.min] {
      let softmax = SoftmaxEnsemble.cost(
        headDimension: size, keys: size, queries: size, scales: 4, includesCurves: true, threads: size)
      let products = DotProductEnsemble.cost(headDimension: size, samples: size, bins: size, threads: size)
      #expect(softmax.operations >= 0 && products.operations >= 0)
      if size > 1_000_000 { #expect(softmax.operations == .max && products.operations == .max) }
    }
    let million = try SoftmaxEnsemble(
      headDimension: 64, keys: 512, queries: 1_000_000, scales: scales, seed: 1, includesCurves: true)
    #expect(million.workingSetBytes < 100_000_000)
    // About 3 s on a thread with AVX-512, 6 s with AVX2; in binary64 some minutes.
    #expect((3_000_000_000...20_000_000_000).contains(million.operations))
    let exact = SoftmaxEnsemble.cost(
      headDimension: 64, keys: 512, queries: 1_000_000, scales: scales.count, precision: .reference)
    #expect(exact.operations > 100_000_000_000)
  }
}
