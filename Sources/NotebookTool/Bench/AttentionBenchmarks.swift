import AttentionKernel
import Wording

/// The jobs of attention forward and backward.
enum AttentionBenchmarks {
  static let all: [BenchmarkJob] =
    [512, 2048].map { forward(queries: $0) } + [512, 2048].map { forwardAndBackward(queries: $0) }

  /// Eight heads of dimension 64, as many keys as queries, no mask, scale √d.
  private struct Input {
    let attention: DotProductAttention
    let queries, keys, values, outputGradients: [Float]

    init(queries n: Int) throws {
      attention = try DotProductAttention(heads: 8, queries: n, keys: n, headDimension: 64)
      let count = 8 * n * 64
      queries = StandardNormals(seed: 4, role: .queries)(count: count)
      keys = StandardNormals(seed: 4, role: .keys)(count: count)
      values = StandardNormals(seed: 4, role: .values)(count: count)
      outputGradients = StandardNormals(seed: 5, role: .logits)(count: count)
    }

    func forward(_ conditions: RunConditions) throws -> DotProductAttention.Outputs {
      try attention.forward(queries: queries, keys: keys, values: values, under: conditions)
    }
  }

  private static func operations(_ n: Int) -> Double { 4 * 8 * 64 * Double(n * n) }

  private static func forward(queries n: Int) -> BenchmarkJob {
    BenchmarkJob(
      "sdpa_fwd_h8_n\(n)_d64",
      LocalText(
        "attention of 8 heads, \(n) queries and keys, d = 64, binary32, no mask, scale √d",
        "8 个头的注意力：\(n) 个查询和键，d = 64，binary32，无掩码，缩放 √d"),
      work: .operations(operations(n)),
      input: { try Input(queries: n) },
      run: { input, conditions in try input.forward(conditions).values },
      check: { [standardDeviation($0)] })
  }

  private static func forwardAndBackward(queries n: Int) -> BenchmarkJob {
    BenchmarkJob(
      "sdpa_fwdbwd_h8_n\(n)_d64",
      LocalText(
        "the same with the gradients to queries, keys and values from a given gradient to the outputs",
        "同上，并由给定的输出梯度求查询、键和值的梯度"),
      work: .operations(3.5 * operations(n)),
      input: { try Input(queries: n) },
      run: { input, conditions in
        try input.attention.backward(
          queries: input.queries, keys: input.keys, values: input.values,
          outputs: input.forward(conditions), outputGradients: input.outputGradients, under: conditions)
      },
      check: { [$0.queries, $0.keys, $0.values].map(standardDeviation) })
  }

  private static func standardDeviation(_ values: [Float]) -> Double {
    Moments(values.lazy.map(Double.init)).standardDeviation ?? .nan
  }
}
