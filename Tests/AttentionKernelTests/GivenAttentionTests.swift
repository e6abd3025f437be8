import Testing

@testable import AttentionKernel

@Suite struct `Attention over given numbers` {
  private static func heads(_ count: Int, _ rows: Int, _ columns: Int, seed: UInt64, role: TensorRole)
    -> GivenAttention.Heads
  {
    let numbers = StandardNormals(seed: seed, role: role)(count: count * rows * columns).map { Double($0) }
    return GivenAttention.Heads(heads: count, rows: rows, columns: columns, numbers: numbers)
  }

  private static func random(
    heads: Int = 2, keyHeads: Int = 2, queries: Int = 7, keys: Int = 7, d: Int = 5, isCausal: Bool = false
  ) throws -> GivenAttention {
    try GivenAttention(
      queries: Self.heads(heads, queries, d, seed: 1, role: .queries),
      keys: Self.heads(keyHeads, keys, d, seed: 1, role: .keys),
      values: Self.heads(keyHeads, keys, 3, seed: 1, role: .values), isCausal: isCausal)
  }

  /// The same worked out with NumPy and SciPy in binary64.
  @Test func `a worked example has the weights, entropies and outputs of an independent program`() throws {
    let attention = try GivenAttention(
      queries: GivenAttention.Heads(heads: 1, rows: 3, columns: 2, numbers: [1, 0, 0, 2, 1, 1]),
      keys: GivenAttention.Heads(heads: 1, rows: 3, columns: 2, numbers: [1, 0, 0, 1, 1, 1]),
      values: GivenAttention.Heads(heads: 1, rows: 3, columns: 1, numbers: [10, 20, 30]), isCausal: false)
    let result = try attention.result(at: .rootHeadDimension)
    let weights = [
      0.4011120926797859, 0.1977758146404282, 0.4011120926797859, 0.10838345178479356, 0.44580827410760315,
      0.44580827410760315, 0.2482550782577231, 0.2482550782577231, 0.5034898434845538,
    ]
    #expect(zip(result.weights, weights).allSatisfy { abs($0 - $1) < 1e-14 })
    let entropies = [1.0533629775572444, 0.9611436455197717, 1.0372774374551357]
    #expect(zip(result.rows, entropies).allSatisfy { abs($0.entropy - $1) < 1e-14 })
    let outputs = [20.0, 23.374248223228093, 22.55234765226831]
    #expect(zip(result.outputs, outputs).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: [false, true])
  func `rows sum to 1, see only what they may, and spread as the divisor grows`(isCausal: Bool) throws {
    let attention = try Self.random(isCausal: isCausal)
    let results = try [Scale.none, .rootHeadDimension, .rootHeadDimension(times: 2), .constant(1e9)].map {
      try attention.result(at: $0)
    }
    for result in results {
      for row in 0..<14 {
        let weights = result.weights[(row * 7)..<((row + 1) * 7)]
        #expect(abs(weights.reduce(0, +) - 1) < 1e-14)
        let visible = isCausal ? row % 7 + 1 : 7
        #expect(weights.enumerated().allSatisfy { ($1 > 0) == ($0 < visible) })
        #expect(result.rows[row].keyCount == visible)
      }
    }
    // Entropy rises with the divisor for every row of scores, unless there is only one key.
    for row in 0..<14 where !isCausal || row % 7 > 0 {
      for (flat, flatter) in zip(results, results.dropFirst()) {
        #expect(flat.rows[row].entropy < flatter.rows[row].entropy)
      }
      #expect(abs(results[3].rows[row].effectiveKeys - Double(isCausal ? row % 7 + 1 : 7)) < 1e-6)
    }
    if isCausal { #expect(results[0].weights[0] == 1 && results[0].outputs[0] == attention.values?[0]) }
  }

  @Test func `equal keys share the weight equally, and the output is the mean of the values`() throws {
    let attention = try GivenAttention(
      queries: Self.heads(1, 4, 3, seed: 9, role: .queries),
      keys: GivenAttention.Heads(heads: 1, rows: 5, columns: 3, numbers: [Double](repeating: 0.7, count: 15)),
      values: GivenAttention.Heads(heads: 1, rows: 5, columns: 1, numbers: [1, 2, 3, 4, 5]), isCausal: false)
    let result = try attention.result(at: .none)
    #expect(result.weights.allSatisfy { abs($0 - 0.2) < 1e-15 })
    #expect(result.outputs.allSatisfy { abs($0 - 3) < 1e-14 })
    #expect(result.rows.allSatisfy { abs($0.effectiveKeys - 5) < 1e-13 })
    #expect(result.logitDeviations.allSatisfy { $0 < 1e-15 })
  }

  @Test func `heads that share keys see what they would see with keys of their own`() throws {
    let queries = Self.heads(4, 3, 5, seed: 2, role: .queries)
    let keys = Self.heads(2, 6, 5, seed: 2, role: .keys)
    var own: [Double] = []
    for head in 0..<4 {
      let start = head / 2 * 30
      own += keys.numbers[start..<(start + 30)]
    }
    let shared = try GivenAttention(queries: queries, keys: keys, isCausal: false)
    let separate = try GivenAttention(
      queries: queries, keys: GivenAttention.Heads(heads: 4, rows: 6, columns: 5, numbers: own),
      isCausal: false)
    #expect(try shared.scores() == separate.scores())
    #expect(try shared.result(at: .none) == separate.result(at: .none))
  }

  @Test func `dot products don't depend on the threads, and none is larger than the bound`() throws {
    let queries = Self.heads(4, 9, 5, seed: 2, role: .queries)
    let keys = Self.heads(2, 6, 5, seed: 2, role: .keys)
    let attention = try GivenAttention(queries: queries, keys: keys, isCausal: false)
    var expected: [Double] = []
    for row in 0..<36 {
      for key in 0..<6 {
        let start = (row / 18 * 6 + key) * 5
        expected.append((0..<5).reduce(0) { $0 + queries.numbers[row * 5 + $1] * keys.numbers[start + $1] })
      }
    }
    #expect(try attention.scores(under: RunConditions(threads: 1)) == expected)
    #expect(try attention.scores(under: RunConditions(threads: 3)) == expected)
    #expect(attention.scoreCount == expected.count)
    #expect(expected.allSatisfy { $0.magnitude <= attention.scoreBound })
    // Lengths whose product overflows say nothing: then the products themselves are looked at.
    let huge = GivenAttention.Heads(heads: 1, rows: 1, columns: 2, numbers: [1e200, 0])
    let other = GivenAttention.Heads(heads: 1, rows: 1, columns: 2, numbers: [0, 1e200])
    #expect(try GivenAttention(queries: huge, keys: other, isCausal: false).scoreBound == 0)
  }

  @Test func `given scores do what their queries and keys do`() throws {
    let attention = try Self.random()
    let scores = GivenAttention.Heads(heads: 2, rows: 7, columns: 7, numbers: try attention.scores())
    let given = try GivenAttention(scores: scores, headDimension: 5, isCausal: false)
    #expect(
      try given.result(at: .rootHeadDimension).weights == attention.result(at: .rootHeadDimension).weights)
    let (whole, quarter) = (try given.result(at: .none), try given.result(at: .constant(4)))
    #expect(abs(whole.logitDeviations[0] / quarter.logitDeviations[0] - 4) < 1e-12)
  }

  @Test func `what does not go together is refused before anything is computed`() throws {
    let queries = Self.heads(3, 4, 5, seed: 1, role: .queries)
    for keys in [Self.heads(3, 4, 6, seed: 1, role: .keys), Self.heads(2, 4, 5, seed: 1, role: .keys)] {
      #expect(throws: KernelError.self) { try GivenAttention(queries: queries, keys: keys, isCausal: false) }
    }
    let keys = Self.heads(3, 6, 5, seed: 1, role: .keys)
    #expect(throws: KernelError.self) { try GivenAttention(queries: queries, keys: keys, isCausal: true) }
    for values in [Self.heads(3, 5, 1, seed: 1, role: .values), Self.heads(2, 6, 1, seed: 1, role: .values)] {
      #expect(throws: KernelError.self) {
        try GivenAttention(queries: queries, keys: keys, values: values, isCausal: false)
      }
    }
    let huge = GivenAttention.Heads(heads: 1, rows: 1, columns: 1, numbers: [1e200])
    #expect(throws: KernelError.self) { try GivenAttention(queries: huge, keys: huge, isCausal: false) }
  }
}
