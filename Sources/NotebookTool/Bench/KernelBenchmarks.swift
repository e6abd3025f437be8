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
    ]
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
