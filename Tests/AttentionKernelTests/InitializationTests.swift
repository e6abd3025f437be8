import Testing

@testable import AttentionKernel

@Suite struct `Initialisations of the projections` {
  private func run(
    _ initialization: Initialization, model: Int = 24, heads: Int = 3, inputs: Int = 12, trials: Int = 200,
    seed: UInt64 = 1, _ conditions: RunConditions = RunConditions(threads: 2)
  ) throws -> InitializationEnsemble.Summary {
    try InitializationEnsemble(
      initialization, modelDimension: model, heads: heads, inputs: inputs, trials: trials, seed: seed
    ).run(conditions)
  }

  @Test(arguments: Initialization.allCases)
  func `logits and queries spread as their law says, within the error of the trials`(
    initialization: Initialization
  ) throws {
    let summary = try run(initialization)
    let error = try #require(summary.deviation.standardError)
    #expect(abs(summary.deviation.value - summary.expectedDeviation) < 4 * error)
    // An error that says nothing would let everything pass.
    #expect(error < 0.05 * summary.expectedDeviation)
    let queryError = try #require(summary.queryDeviation.standardError)
    #expect(abs(summary.queryDeviation.value - summary.expectedQueryDeviation) < 4 * queryError)
    #expect(abs(summary.scaleFactor.value * summary.deviation.value - 1) < 1e-12)
  }

  /// Standard deviations written out again from the papers and from PyTorch's documentation.
  private static let literature: [(Initialization, model: Int, heads: Int, deviation: Double)] = [
    (.lecun, 512, 8, 1),
    (.glorot, 512, 8, 1),
    (.t5, 512, 8, 1),
    (.glorotPacked, 512, 8, 0.5),
    (.he, 512, 8, 2),
    (.linear, 512, 8, 0.333_984_375),
    (.fixed, 768, 12, 0.3072),
    (.fixed, 384, 12, 0.1536),
    (.fixed, 12_288, 96, 4.9152),
    (.glorotPerHead, 512, 4, 1.6),
    (.glorotPerHead, 512, 8, 1.777_777_777_777_777_7),
    (.glorotPerHead, 768, 12, 1.846_153_846_153_846),
  ]

  @Test func `the exact standard deviation is that of the literature`() throws {
    for row in Self.literature {
      let ensemble = try InitializationEnsemble(
        row.0, modelDimension: row.model, heads: row.heads, inputs: 1, trials: 2, seed: 0)
      #expect(abs(try ensemble.expected().logit - row.deviation) < 1e-12 * row.deviation, "\(row)")
    }
  }

  @Test func `only the fixed standard deviation depends on the model dimension`() throws {
    for initialization in Initialization.allCases {
      let deviations = try [64, 4096].map {
        try InitializationEnsemble(
          initialization, modelDimension: $0, heads: 8, inputs: 1, trials: 2, seed: 0
        ).expected().logit
      }
      let isSame = abs(deviations[1] / deviations[0] - 1) < 0.02
      #expect(isSame == (initialization != .fixed), "\(initialization)")
    }
  }

  @Test func `uniform numbers have mean 0 and variance 1, lie within √3, and start anywhere`() throws {
    let uniforms = StandardUniforms(seed: 7, role: .queryProjection)
    var numbers = [Float](repeating: 0, count: 40_001)
    numbers.withUnsafeMutableBufferPointer { uniforms.fill($0, startingAt: 3) }
    let moments = Moments(numbers.map { Double($0) })
    let bound = 3.0.squareRoot()
    // The mean's standard error is 1/200, that of the variance √(4/5)/200.
    #expect(abs(moments.mean) < 0.02)
    #expect(abs(try #require(moments.variance) - 1) < 0.018)
    #expect(abs(try #require(moments.kurtosis) - 1.8) < 0.03)
    #expect(moments.minimum > -bound && moments.minimum < -0.999 * bound)
    #expect(moments.maximum < bound && moments.maximum > 0.999 * bound)
    for index in [0, 1, 2, 3, 4, 17, 40_000] { #expect(numbers[index] == uniforms[UInt64(index) + 3]) }
  }

  @Test func `no two initialisations share their draws`() throws {
    let lecun = try run(.lecun, trials: 8)
    let he = try run(.he, trials: 8)
    #expect(abs(he.deviation.value - 2 * lecun.deviation.value) > 1e-6)
  }

  @Test func `dimensions that heads can't share are refused`() {
    #expect(throws: KernelError.self) {
      try InitializationEnsemble(.he, modelDimension: 10, heads: 3, inputs: 2, trials: 2, seed: 0)
    }
  }
}
