import Testing

@testable import AttentionKernel

@Suite struct `Attention weights` {
  private func normals(_ count: Int, seed: UInt64, times factor: Double = 1) -> [Double] {
    StandardNormals(seed: seed, role: .logits)(count: count).map { Double($0) * factor }
  }

  @Test(arguments: [1, 2, 7, 64, 513]) func `a row of weights sums to one`(count: Int) throws {
    for factor in [0.1, 1, 8, 300] {
      let weights = try softmax(normals(count, seed: 5, times: factor))
      #expect((weights.reduce(0, +) - 1).magnitude <= Double(count) * 0x1p-52)
      #expect(weights.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
  }

  @Test func `weights do not change when all logits are shifted`() throws {
    let logits = [-10_000.0, 0, 3, 10_000, 9_999]
    #expect(try softmax(logits) == softmax(logits.map { $0 + 5_000 }))
    #expect(try softmax([4.5]) == [1])
    #expect(try softmax([2, 2, 2, 2]) == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func `rows that cannot be normalized are refused`() {
    #expect(throws: KernelError.emptyRow) { try softmax([]) }
    #expect(throws: KernelError.emptyRow) { try RowStatistics(logits: []) }
    #expect(throws: KernelError.emptyRow) { try RankedWeights(logits: []) }
    for value in [Double.infinity, -.infinity, .nan] {
      #expect(throws: KernelError.nonFiniteValue(index: 1)) { try softmax([0, value]) }
      #expect(throws: KernelError.nonFiniteValue(index: 1)) { try RowStatistics(logits: [0, value]) }
      #expect(throws: KernelError.nonFiniteValue(index: 1)) { try RankedWeights(logits: [0, value]) }
    }
  }

  @Test(arguments: MathReferences.rows.indices)
  func `row statistics agree with 700-digit references, saturated rows included`(index: Int) throws {
    let row = MathReferences.rows[index]
    let statistics = try RowStatistics(logits: row.logits)
    func agree(_ value: Double, _ reference: Double) -> Bool {
      (value - reference).magnitude <= 1e-13 * reference.magnitude
    }
    #expect(agree(statistics.entropy, row.entropy))
    #expect(agree(statistics.remainder, row.remainder))
    #expect(agree(statistics.jacobianFrobeniusNorm, row.norm))
    #expect(agree(statistics.jacobianTrace, row.trace))
    #expect(agree(statistics.logSumExp, row.logSumExp))
  }

  @Test(arguments: [1, 2, 3, 17, 100, 1000]) func `equal logits give the uniform row`(count: Int) throws {
    let n = Double(count)
    let statistics = try RowStatistics(logits: [Double](repeating: -3.7, count: count))
    let bound = 1e-14 * n
    #expect((statistics.entropy - ReferenceMath.logarithm(n)).magnitude <= bound)
    #expect((statistics.effectiveKeys - n).magnitude <= bound)
    #expect((statistics.effectiveKeysShare - 1).magnitude <= 1e-14)
    #expect((statistics.participationRatio - n).magnitude <= bound)
    #expect((statistics.maxProbability - 1 / n).magnitude <= 1e-15)
    #expect((statistics.remainder - (n - 1) / n).magnitude <= 1e-15)
    #expect((statistics.jacobianFrobeniusNorm - (n - 1).squareRoot() / n).magnitude <= 1e-15)
    #expect((statistics.jacobianTrace - (n - 1) / n).magnitude <= 1e-15)
  }

  @Test func `row statistics do not depend on the order of the keys, bit for bit`() throws {
    let logits = normals(200, seed: 9, times: 3)
    let statistics = try RowStatistics(logits: logits)
    #expect(try RowStatistics(logits: logits.reversed()) == statistics)
    #expect(try RowStatistics(logits: Array(logits[77...] + logits[..<77])) == statistics)
  }

  @Test func `row statistics are those of the explicit Jacobian`() throws {
    for count in [2, 3, 10, 40] {
      let logits = normals(count, seed: UInt64(count), times: 2)
      let statistics = try RowStatistics(logits: logits)
      let p = try softmax(logits)
      var trace = 0.0
      var squares = 0.0
      for i in 0..<count {
        var rowSum = 0.0
        for j in 0..<count {
          let entry = (i == j ? p[i] : 0) - p[i] * p[j]
          rowSum += entry
          squares += entry * entry
          if i == j { trace += entry }
        }
        #expect(rowSum.magnitude < 1e-15)  // J·1 = 0
      }
      #expect((trace - statistics.jacobianTrace).magnitude < 1e-14)
      #expect((squares.squareRoot() - statistics.jacobianFrobeniusNorm).magnitude < 1e-14)
      #expect((trace - (1 - 1 / statistics.participationRatio)).magnitude < 1e-14)
      let entropy = -p.reduce(0) { $0 + $1 * ReferenceMath.logarithm($1) }
      #expect((entropy - statistics.entropy).magnitude < 1e-13)
      #expect((statistics.maxProbability + statistics.remainder - 1).magnitude < 1e-15)
    }
  }

  @Test func `with two keys the norm, the spectral norm and the trace are 2p(1 − p)`() throws {
    for gap in [0, 0.3, 1, 5, 40, 600] {
      let statistics = try RowStatistics(logits: [gap, 0])
      let expected = 2 * statistics.maxProbability * statistics.remainder
      #expect((statistics.jacobianTrace / expected - 1).magnitude < 1e-14)
      #expect((statistics.jacobianFrobeniusNorm / expected - 1).magnitude < 1e-14)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5]) func `entropy rises with the scale for every score vector`(seed: UInt64)
    throws
  {
    let scores = normals(64, seed: seed, times: 8)
    var entropies: [Double] = []
    for factor in [0.1, 0.125, 0.5, 1, 1.5, 2, 3, 10, 100] {
      entropies.append(try RowStatistics(logits: scores.map { $0 / (8 * factor) }).entropy)
    }
    #expect(zip(entropies, entropies.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `entropy falls with the inverse scale at the rate −β Var(s)`() throws {
    let scores = normals(30, seed: 4)
    let beta = 1.3
    let step = 1e-4
    let above = try RowStatistics(logits: scores.map { $0 * (beta + step) }).entropy
    let below = try RowStatistics(logits: scores.map { $0 * (beta - step) }).entropy
    let p = try softmax(scores.map { $0 * beta })
    let mean = zip(p, scores).reduce(0) { $0 + $1.0 * $1.1 }
    let variance = zip(p, scores).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
    #expect(((above - below) / (2 * step) + beta * variance).magnitude < 1e-7)
  }

  @Test func `no entry or norm of the Jacobian exceeds its bound`() throws {
    for seed in 0..<200 as Range<UInt64> {
      let statistics = try RowStatistics(logits: normals(Int(seed % 9) + 1, seed: seed, times: 4))
      #expect(statistics.jacobianFrobeniusNorm <= 0.5 * (1 + 1e-15))
      #expect(statistics.maxProbability * statistics.remainder <= 0.25)
      #expect(statistics.entropy >= 0)
    }
  }

  @Test(arguments: [0.5, 1.0, 2.0, 3.0])
  func `two keys have the closed-form mean norm and entropy`(scaleFactor: Double) throws {
    // facts: quadrature over normal logits; here by the trapezoid rule over their difference.
    let expected: [Double: (Double, Double)] = [
      0.5: (0.24001, 0.37535), 1: (0.36316, 0.53950), 2: (0.44925, 0.63995), 3: (0.47490, 0.66744),
    ]
    let (norm, entropy) = try #require(expected[scaleFactor])
    var meanNorm = 0.0
    var meanEntropy = 0.0
    for index in -640...640 {
      let x = Double(index) / 64
      let weight = ReferenceMath.normalDensity(x) / 64
      let statistics = try RowStatistics(logits: [x * 2.0.squareRoot() / scaleFactor, 0])
      meanNorm += weight * statistics.jacobianFrobeniusNorm
      meanEntropy += weight * statistics.entropy
    }
    #expect((meanNorm - norm).magnitude < 6e-6)
    #expect((meanEntropy - entropy).magnitude < 6e-6)
  }

  @Test(arguments: [0.5, 1, 3]) func `Stein's identity σ E tr J = E Σ p g holds`(sigma: Double) throws {
    var differences = Moments()
    for trial in 0..<600 {
      let g = StandardNormals(seed: 77, role: .logits)(count: 32, startingAt: UInt64(trial * 32)).map(
        Double.init)
      let logits = g.map { $0 * sigma }
      let pull = zip(try softmax(logits), g).reduce(0) { $0 + $1.0 * $1.1 }
      differences.add(sigma * (try RowStatistics(logits: logits).jacobianTrace) - pull)
    }
    let estimate = differences.meanEstimate
    #expect(estimate.value.magnitude < 4 * (estimate.standardError ?? 0))
  }

  @Test func `ranked weights accumulate to one and count the keys of a share`() throws {
    let ranked = try RankedWeights(logits: [0, 2, 1, -1])
    #expect(zip(ranked.weights, ranked.weights.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(ranked.cumulativeMass.last == 1)
    #expect(try ranked.mass(ofLargest: 1) == ranked.weights[0])
    #expect(try ranked.mass(ofLargest: 99) == 1)
    #expect(try ranked.keysCarrying(share: 0.6) == 1)  // p = 0.644, 0.237, 0.087, 0.032
    #expect(try ranked.keysCarrying(share: 0.88) == 2)
    #expect(try ranked.keysCarrying(share: 1) == 4)
    #expect(throws: KernelError.invalidShare(0)) { try ranked.keysCarrying(share: 0) }
    #expect(throws: KernelError.self) { try ranked.mass(ofLargest: 0) }
  }

  @Test(arguments: [1, 5, 64, 65, 200, 1000]) func `the row sort agrees with the standard library's`(
    count: Int
  ) {
    for step in [0, 0.5, 1e-3] {
      var values = normals(count, seed: 1).map { step == 0 ? $0 : ($0 / step).rounded() * step }
      if step == 1e-3 { values = values.indices.map { 1 + Double($0) * 0x1p-50 } }
      let expected = values.sorted(by: >)
      var spare = values
      values.withUnsafeMutableBufferPointer { values in
        spare.withUnsafeMutableBufferPointer { spare in
          if let base = spare.baseAddress { DescendingSort.sort(values, spare: base) }
        }
      }
      #expect(values == expected)
    }
  }
}

@Suite struct `Scales and scores` {
  @Test func `a scale is a divisor and a multiple of √d`() throws {
    #expect(try Scale.none.divisor(headDimension: 64) == 1)
    #expect(try Scale.none.scaleFactor(headDimension: 64) == 0.125)
    #expect(try Scale.rootHeadDimension.divisor(headDimension: 64) == 8)
    #expect(try Scale.rootHeadDimension(times: 3).divisor(headDimension: 64) == 24)
    #expect(try Scale.rootHeadDimension(times: 3).scaleFactor(headDimension: 7) == 3)
    #expect(try Scale.headDimension.divisor(headDimension: 64) == 64)
    #expect(try Scale.constant(2.5).divisor(headDimension: 64) == 2.5)
  }

  @Test func `a scale that is not above zero is refused`() {
    for value in [0, -1, Double.nan, .infinity] {
      #expect(throws: KernelError.self) { try Scale.constant(value).divisor(headDimension: 4) }
      #expect(throws: KernelError.self) {
        try Scale.rootHeadDimension(times: value).scaleFactor(headDimension: 4)
      }
    }
    #expect(throws: KernelError.sizeTooSmall(name: "headDimension", value: 0, minimum: 1)) {
      try Scale.none.divisor(headDimension: 0)
    }
  }

  @Test func `a worked example has the scores, logits and weights one computes by hand`() throws {
    let row = try AttentionRow(query: [1, 2, 2], keys: [3, 0, 0, 0, 3, 0], scale: .constant(3))
    #expect(row.scores == [3, 6])
    #expect(row.logits == [1, 2])
    #expect((row.weights[1] - 0.7310585786300049).magnitude < 1e-15)
  }

  @Test func `shapes that do not fit and values that are not numbers are refused`() {
    #expect(throws: KernelError.mismatchedShapes(name: "keys", expected: 2, actual: 3)) {
      try attentionScores(queries: [1, 2], keys: [1, 2, 3], headDimension: 2)
    }
    #expect(throws: KernelError.nonFiniteValue(index: 1)) {
      try attentionScores(queries: [1, .nan], keys: [1, 2], headDimension: 2)
    }
    #expect(throws: KernelError.sizeTooSmall(name: "headDimension", value: 0, minimum: 1)) {
      try AttentionRow(query: [], keys: [], scale: .none)
    }
    #expect(throws: KernelError.emptyRow) { try AttentionRow(query: [1], keys: [], scale: .none) }
  }

  @Test(arguments: [1, 7, 8, 9, 33]) func `packed keys give the same bits as plain dot products`(keys: Int)
    throws
  {
    let d = 13
    let keyValues = StandardNormals(seed: 1, role: .keys)(count: keys * d)
    let queryValues = StandardNormals(seed: 1, role: .queries)(count: 2 * d)
    let plain = try attentionScores(queries: queryValues, keys: keyValues, headDimension: d)
    let packed = keyValues.withUnsafeBufferPointer { PackedKeys($0, headDimension: d) }
    let first = RowWorkspace(keyCount: keys)
    let second = RowWorkspace(keyCount: keys)
    queryValues.map(Double.init).withUnsafeBufferPointer { queries in
      guard let base = queries.baseAddress else { return }
      packed.scores(base, base + d, into: first.scores, second.scores)
    }
    #expect((0..<keys).map { first.scores[$0] } == Array(plain[..<keys]))
    #expect((0..<keys).map { second.scores[$0] } == Array(plain[keys...]))
  }

  @Test func `exponentials of logits within k standard deviations have the article's ranges`() throws {
    let range = try ExponentialRange(width: 3, standardDeviation: 0.5)
    #expect((range.lower - 0.22313).magnitude < 5e-6 && (range.upper - 4.48169).magnitude < 5e-6)
    #expect(throws: KernelError.self) { try ExponentialRange(width: -1, standardDeviation: 1) }
  }
}
