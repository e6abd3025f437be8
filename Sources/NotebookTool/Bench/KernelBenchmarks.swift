import AttentionKernel
import Wording

/// The attention kernel's jobs.
///
/// Names, sizes and what is computed are those of `peer_kernel.py`, which times other libraries; the random numbers are
/// each library's own.
enum KernelBenchmarks {
  /// The job that does nothing but multiply-adds.
  static let peakName = "fma_peak"

  /// All jobs, in the order in which they are shown.
  static func all(threads: Int) -> [BenchmarkJob] {
    [
      peak(threads: threads),
      normals(10_000_000, "normal_1e7"),
      normals(100_000_000, "normal_1e8"),
      dotProducts,
      lowPrecision,
    ] + RowBenchmarks.all + StatisticsBenchmarks.all + AttentionBenchmarks.all + TrainingBenchmarks.all
  }

  private static func peak(threads: Int) -> BenchmarkJob {
    let perThread = 100_000_000
    return BenchmarkJob(
      peakName,
      LocalText(
        "fused multiply-adds in registers only: the most that the instruction set can do here",
        "只在寄存器里做融合乘加：该指令集在这台机器上的上限"),
      work: .operations(Double(threads * perThread)),
      input: {},
      run: { (_, conditions) throws in
        try PeakLoad.run(operationsPerThread: perThread, conditions)
      },
      check: { [Double($0)] })
  }

  private static func normals(_ count: Int, _ name: String) -> BenchmarkJob {
    BenchmarkJob(
      name,
      LocalText(
        "\(count) standard normal numbers in binary32, into an array kept between calls",
        "\(count) 个 binary32 标准正态数，写入调用之间保留的数组"),
      work: .samples(Double(count)),
      input: { FloatBuffer(count: count) },
      run: { (buffer, conditions) throws in
        try StandardNormals(seed: 6, role: .logits).fill(buffer.floats, under: conditions)
        return buffer
      },
      check: { buffer in
        [Moments(buffer.floats.prefix(100_000).lazy.map(Double.init)).standardDeviation ?? .nan]
      })
  }

  private static let dotProducts = BenchmarkJob(
    "dots_100000_d1024",
    LocalText(
      "100,000 dot products of independent N(0,1) vectors with d = 1024, sampled in the clock: mean, variance, largest magnitude, shares within 1, 2, 3 √d",
      "10 万个独立 N(0,1) 向量（d = 1024）的点积，含采样：均值、方差、最大绝对值、落在 1、2、3 倍 √d 之内的比例"),
    work: .samples(2 * 100_000 * 1024),
    input: { () throws in
      try DotProductEnsemble(headDimension: 1024, samples: 100_000, seed: 9)
    },
    run: { (ensemble, conditions) throws in try ensemble.run(conditions) },
    check: { summary in
      let deviation = summary.standardDeviation.value
      return [
        summary.mean.value, deviation * deviation, max(-summary.minimum, summary.maximum) / 32,
      ] + summary.coverages.map(\.share.value)
    })
}

extension KernelBenchmarks {
  /// Logits, and the weights that are right.
  fileprivate struct Rows {
    let logits: [Float]
    let weights: [Double]
  }

  private static let lowPrecision = BenchmarkJob(
    "lowprec_4096x512",
    LocalText(
      "softmax of 4096 rows of 512 keys in fp16 and bf16, every step rounded, naive and with the maximum subtracted, compared with binary64",
      "4096 行 512 键的 softmax，fp16 与 bf16，每步舍入，直接算与先减最大值，并与 binary64 比较"),
    work: .samples(4 * 4096 * 512),
    input: { () throws in
      let logits = StandardNormals(seed: 10, role: .logits)(count: 4096 * 512).map { $0 * 8 }
      let weights = try stride(from: 0, to: logits.count, by: 512).flatMap { start in
        try softmax(logits[start..<(start + 512)].map { Double($0) })
      }
      return Rows(logits: logits, weights: weights)
    },
    run: { (rows, conditions) throws in
      let ways = [FloatFormat.binary16, .bfloat16].flatMap { format in
        [false, true].map { RoundedSoftmax(format, subtractsMaximum: $0) }
      }
      return try rows.logits.withUnsafeBufferPointer { logits in
        try rows.weights.withUnsafeBufferPointer { weights in
          try RoundedSoftmax.errors(of: ways, logits, reference: weights, keys: 512, under: conditions)
        }
      }
    },
    check: { errors in
      errors.flatMap { [Double($0.nonFiniteRows) / Double($0.rows), $0.largestError] }
    })
}

/// Memory for floats that stays where it is.
final class FloatBuffer {
  let floats: UnsafeMutableBufferPointer<Float>

  init(count: Int) {
    floats = .allocate(capacity: count)
    floats.initialize(repeating: 0)
  }

  deinit {
    floats.deallocate()
  }
}
