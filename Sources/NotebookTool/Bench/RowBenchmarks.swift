import AttentionKernel
import Wording

/// The jobs on rows of scores: the scores themselves, and their softmax.
enum RowBenchmarks {
  static let all: [BenchmarkJob] =
    [(4096, 512), (65536, 128), (1024, 8192)].flatMap {
      [fresh(rows: $0, keys: $1), kept(rows: $0, keys: $1)]
    }
    + [scores]

  // MARK: Softmax

  private struct Rows {
    let softmax: SoftmaxRows
    let logits: [Float]
    let weights: FloatBuffer

    init(rows: Int, keys: Int) throws {
      softmax = try SoftmaxRows(rows: rows, keys: keys)
      logits = StandardNormals(seed: 1, role: .logits)(count: rows * keys).map { $0 * 8 }
      weights = FloatBuffer(count: rows * keys)
    }

    func run(into weights: UnsafeMutableBufferPointer<Float>, _ conditions: RunConditions) throws {
      try logits.withUnsafeBufferPointer { try softmax.forward($0, into: weights, under: conditions) }
    }

    /// The mean of the rows' largest weights.
    func check(_ weights: some RandomAccessCollection<Float>) -> [Double] {
      var sum = 0.0
      var rest = weights[...]
      while !rest.isEmpty {
        sum += Double(rest.prefix(softmax.keys).max() ?? .nan)
        rest = rest.dropFirst(softmax.keys)
      }
      return [sum / Double(softmax.rows)]
    }
  }

  private static func fresh(rows: Int, keys: Int) -> BenchmarkJob {
    BenchmarkJob(
      "softmax_\(rows)x\(keys)",
      LocalText(
        "softmax of the rows of a binary32 matrix of N(0,1)·8 logits, into a new array each call",
        "对 N(0,1)·8 的 binary32 logits 矩阵逐行求 softmax，每次调用写入新数组"),
      work: .elements(Double(rows * keys)),
      input: { try Rows(rows: rows, keys: keys) },
      run: { input, conditions in (input, try input.softmax(input.logits, under: conditions)) },
      check: { input, weights in input.check(weights) })
  }

  private static func kept(rows: Int, keys: Int) -> BenchmarkJob {
    BenchmarkJob(
      "softmax_\(rows)x\(keys)_kept",
      LocalText("the same into an array kept between calls", "同上，写入调用之间保留的数组"),
      work: .elements(Double(rows * keys)),
      input: { try Rows(rows: rows, keys: keys) },
      run: { input, conditions in
        try input.run(into: input.weights.floats, conditions)
        return input
      },
      check: { $0.check($0.weights.floats) })
  }

  // MARK: Scores

  private static let scores = BenchmarkJob(
    "logits_4096x512x64",
    LocalText(
      "scores of 4096 queries with 512 keys, d = 64, binary32", "4096 个查询与 512 个键的点积，d = 64，binary32"),
    work: .operations(2 * 4096 * 512 * 64),
    input: {
      (
        try ScoreMatrix(queries: 4096, keys: 512, headDimension: 64),
        StandardNormals(seed: 2, role: .queries)(count: 4096 * 64),
        StandardNormals(seed: 2, role: .keys)(count: 512 * 64), FloatBuffer(count: 4096 * 512)
      )
    },
    run: { input, conditions in
      let (matrix, queries, keys, scores) = input
      try queries.withUnsafeBufferPointer { queries in
        try keys.withUnsafeBufferPointer { keys in
          try matrix.multiply(queries: queries, keys: keys, into: scores.floats, under: conditions)
        }
      }
      return scores
    },
    check: { [Moments($0.floats.lazy.map(Double.init)).standardDeviation ?? .nan] })
}
