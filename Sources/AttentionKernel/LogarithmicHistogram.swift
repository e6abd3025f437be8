/// Counts of numbers from 0 on in bins of nearly equal ratio, 64 to a factor of two.
///
/// A number's bin is given by the upper bits of its binary64 form, so that no logarithm is needed. Quantiles are
/// interpolated inside a bin, which is at most 1/64 wide relative to its edge. The window of bins grows with what is
/// counted; zeros have a bin of their own.
public struct LogarithmicHistogram: Hashable, Sendable {
  /// Fraction bits that tell bins apart.
  private static let fractionBits = 6
  private static let shift = UInt64(52 - fractionBits)

  /// The number of bins between a number and its double.
  public static let binsPerOctave = 1 << fractionBits

  /// The number of the first bin of the window.
  private var first = 0
  private var counts: [Double] = []
  private var zeros = 0.0
  private var hasNaN = false

  /// How much was counted.
  public private(set) var total = 0.0

  /// An empty histogram.
  public init() {}

  /// Counts a number, not negative, `times` times; one that is not a number makes every quantile so.
  mutating func add(_ value: Double, times: Double = 1) {
    total += times
    guard value > 0 else {
      if value.isNaN { hasNaN = true }
      zeros += times
      return
    }
    let bin = Int(value.bitPattern >> Self.shift)
    if bin < first || bin >= first + counts.count { grow(toHold: bin) }
    counts[bin - first] += times
  }

  /// Adds the counts of another histogram, each `times` times.
  mutating func merge(_ other: LogarithmicHistogram, times: Double = 1) {
    total += other.total * times
    hasNaN = hasNaN || other.hasNaN
    zeros += other.zeros * times
    guard !other.counts.isEmpty else { return }
    if counts.isEmpty || other.first < first { grow(toHold: other.first) }
    let last = other.first + other.counts.count - 1
    if last >= first + counts.count { grow(toHold: last) }
    for (index, count) in other.counts.enumerated() { counts[other.first + index - first] += count * times }
  }

  private mutating func grow(toHold bin: Int) {
    let margin = 2 * Self.binsPerOctave
    guard !counts.isEmpty else {
      first = max(0, bin - margin)
      counts = [Double](repeating: 0, count: 2 * margin)
      return
    }
    if bin < first {
      let start = max(0, bin - margin)
      counts.insert(contentsOf: repeatElement(0, count: first - start), at: 0)
      first = start
    } else {
      counts += repeatElement(0, count: bin + margin - first - counts.count)
    }
  }

  /// The number below which the share `probability`, `0...1`, of what was counted lies; 0 for an empty histogram.
  public func quantile(_ probability: Double) -> Double {
    if hasNaN { return .nan }
    let target = probability * total
    var below = zeros
    if counts.isEmpty || (zeros > 0 && target <= zeros) { return 0 }
    var last = 0.0
    for (index, count) in counts.enumerated() where count > 0 {
      let (low, high) = Self.edges(first + index)
      if below + count >= target { return low + max(0, target - below) / count * (high - low) }
      below += count
      last = high
    }
    return last
  }

  /// The share of what was counted in each of some wider bins, for a chart.
  ///
  /// - Parameters:
  ///   - bins: How many bins make one of the wider ones; a power of two up to ``binsPerOctave``.
  ///   - least: Wider bins below this number are left out at the low end.
  /// - Returns: Increasing edges, one more than shares; both empty where nothing is left. The shares of what was
  ///   left out are missing from the sum.
  public func shares(every bins: Int, from least: Double) -> (edges: [Double], shares: [Double]) {
    let occupied = counts.indices.filter { counts[$0] > 0 && Self.edges(first + $0).high > least }
    guard let low = occupied.first, let high = occupied.last else { return ([], []) }
    let wide = (first + low) / bins...(first + high) / bins
    var edges = wide.map { Self.edges($0 * bins).low }
    edges.append(Self.edges((wide.upperBound + 1) * bins).low)
    let shares = wide.map { bin in
      (bin * bins..<(bin + 1) * bins).reduce(0) {
        $0 + (counts.indices.contains($1 - first) ? counts[$1 - first] : 0)
      } / total
    }
    return (edges, shares)
  }

  private static func edges(_ bin: Int) -> (low: Double, high: Double) {
    (Double(bitPattern: UInt64(bin) << shift), Double(bitPattern: UInt64(bin + 1) << shift))
  }
}

extension LogarithmicHistogram {
  /// A quantile as an estimate, with the error of `samples` independent numbers: half the distance between the
  /// quantiles one binomial standard deviation of the rank away.
  func quantileEstimate(_ probability: Double, samples: Int) -> Estimate {
    let step = (probability * (1 - probability) / Double(max(1, samples))).squareRoot()
    let high = quantile(min(1, probability + step))
    let low = quantile(max(0, probability - step))
    return Estimate(value: quantile(probability), standardError: (high - low) / 2, samples: samples)
  }
}
