import AttentionKernel
import Wording

/// The jobs that draw queries and keys and want the statistics of every row of weights at four scales.
enum StatisticsBenchmarks {
  static let all = [
    job("compound", headDimension: 64, keys: 512, queries: 4096),
    job("tiny_stats_64x64_d32", headDimension: 32, keys: 64, queries: 64),
  ]

  /// What the peers compute: entropy, the largest weight, and the Frobenius norm of the Jacobian.
  private static let wanted: [RowMeasure] = [.entropy, .maxProbability, .jacobianFrobeniusNorm]

  private static func job(_ name: String, headDimension: Int, keys: Int, queries: Int) -> BenchmarkJob {
    BenchmarkJob(
      name,
      LocalText(
        "\(queries) queries and \(keys) keys of N(0,1), d = \(headDimension), sampled in the clock: all measures of every row at no scaling, √d, 2√d, 3√d",
        "\(queries) 个查询与 \(keys) 个键，各分量 N(0,1)，d = \(headDimension)，含采样：不缩放、√d、2√d、3√d 下每行的全部度量"),
      work: .elements(Double(4 * queries * keys)),
      input: { () throws in
        try SoftmaxEnsemble(
          headDimension: headDimension, keys: keys, queries: queries, trials: 1,
          scales: [
            .none, .rootHeadDimension, .rootHeadDimension(times: 2), .rootHeadDimension(times: 3),
          ], seed: 7)
      },
      run: { ensemble, conditions in try ensemble.rowMeasures(conditions) },
      check: { measures in
        measures.scales.indices.flatMap { scale in
          wanted.map { Moments(measures($0, scale: scale)).mean }
        }
      })
  }
}
