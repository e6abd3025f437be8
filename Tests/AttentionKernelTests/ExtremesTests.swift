import Testing

@testable import AttentionKernel

@Suite struct `Extremes of many scores` {
  @Test func `are those of the first N scores, row by row`() throws {
    let (d, n, trials) = (3, 10, 4)
    let pools = [25, 1, 10, 7, 40]
    let ensemble = try ExtremesEnsemble(headDimension: d, keys: n, pools: pools, trials: trials, seed: 8)
    let summary = try ensemble.run(RunConditions(threads: 2))
    for (pool, size) in zip(summary.pools, pools) {
      var largest = Moments()
      var smallest = Moments()
      var halfRange = Moments()
      for trial in 0..<trials {
        let queries = StandardNormals(seed: 8, role: .queries)(
          count: 4 * d, startingAt: UInt64(trial * 4 * d))
        let keys = StandardNormals(seed: 8, role: .keys)(count: n * d, startingAt: UInt64(trial * n * d))
        let scores = try attentionScores(queries: queries, keys: keys, headDimension: d)[..<size]
        let (low, high) = (scores.min() ?? 0, scores.max() ?? 0)
        largest.add(high)
        smallest.add(low)
        halfRange.add((high - low) / 2)
      }
      #expect(pool.size == size)
      #expect(pool.largest == largest.meanEstimate)
      #expect(pool.smallest == smallest.meanEstimate)
      #expect(pool.halfRange == halfRange.meanEstimate)
      #expect(pool.rangeOfLargest == largest.minimum...largest.maximum)
    }
  }

  @Test func `of one row are those of normal numbers times the query's length`() throws {
    let ensemble = try ExtremesEnsemble(
      headDimension: 16, keys: 256, pools: [32, 256], trials: 2000, seed: 2)
    let summary = try ensemble.run(RunConditions(threads: 2))
    let length = try DotProductTheory(headDimension: 16).expectedQueryLength
    for pool in summary.pools {
      let expected = try DotProductTheory.expectedMaximum(of: pool.size) * length
      let error = try #require(pool.largest.standardError)
      #expect((pool.largest.value - expected).magnitude < 4 * error)
      #expect((pool.smallest.value + expected).magnitude < 4 * error)
      #expect(try ensemble.expectedMaximum(ofPool: pool.size) * 4 > expected)
    }
  }

  @Test func `of a matrix come close to those of as many independent normal numbers`() throws {
    // facts: 4.90 ± 0.02 for a matrix of 1024 × 1024 against 4.86; here 256 × 256.
    let ensemble = try ExtremesEnsemble(headDimension: 256, keys: 256, pools: [65_536], trials: 16, seed: 1)
    let pool = try ensemble.run(RunConditions(threads: 2)).pools[0]
    let expected = try ensemble.expectedMaximum(ofPool: 65_536)
    #expect((expected - 4.2911).magnitude < 1e-4)
    #expect((pool.halfRange.value / 16 - expected).magnitude < 0.25)
  }

  @Test func `grow with the pool and do not depend on threads or instruction set`() throws {
    let ensemble = try ExtremesEnsemble(
      headDimension: 8, keys: 32, pools: [4, 32, 1000, 20_000], trials: 5, seed: 3)
    let one = try ensemble.run(RunConditions(threads: 1, instructionSet: .baseline))
    #expect(try ensemble.run(RunConditions(threads: 3)) == one)
    let sizes = one.pools.map(\.largest.value)
    #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func `need a pool, keys and trials`() {
    for (keys, pools, trials) in [(0, [1], 1), (1, [], 1), (1, [0], 1), (1, [1], 0)] {
      #expect(throws: KernelError.self) {
        try ExtremesEnsemble(headDimension: 4, keys: keys, pools: pools, trials: trials, seed: 0)
      }
    }
  }
}
