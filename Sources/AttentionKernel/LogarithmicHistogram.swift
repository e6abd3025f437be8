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
  fileprivate private(set) var first = 0
  fileprivate private(set) var counts: [Double] = []
  fileprivate private(set) var zeros = 0.0
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
    guard let place = place(ofQuantile: probability) else { return 0 }
    let (low, high) = Self.edges(place.bin)
    return low + place.fraction * (high - low)
  }

  /// The bin that a quantile lies in, and how far into it, `0...1`; `nil` where it is 0.
  fileprivate func place(ofQuantile probability: Double) -> (bin: Int, fraction: Double)? {
    let target = probability * total
    var below = zeros
    if counts.isEmpty || (zeros > 0 && target <= zeros) { return nil }
    var last = 0
    for (index, count) in counts.enumerated() where count > 0 {
      if below + count >= target { return (first + index, max(0, target - below) / count) }
      below += count
      last = first + index
    }
    return (last, 1)
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

/// How the share of numbers below each edge of a bin differs from trial to trial.
///
/// The quantile q of all trials together errs by as much as the share F(q) below it does, over the density there. Where
/// trials lie at different places, that is not how much the trials' own quantiles differ.
struct CumulativeSpread: Sendable {
  private var trials = 0.0

  /// The number of the first bin of the window.
  private var first = 0

  /// Σ F and Σ F² over trials, at the upper edge of each bin of the window.
  private var shares: [(sum: Double, squares: Double)] = []

  /// The same for the share of zeros, which is also F at every edge below the window.
  private var zeros = (sum: 0.0, squares: 0.0)

  /// Enters a trial; one without numbers says nothing.
  mutating func add(_ trial: LogarithmicHistogram) {
    guard trial.total > 0 else { return }
    if !trial.counts.isEmpty { grow(toHold: trial.first..<trial.first + trial.counts.count) }
    var below = trial.zeros
    for index in shares.indices {
      let bin = first + index - trial.first
      if trial.counts.indices.contains(bin) { below += trial.counts[bin] }
      let share = below / trial.total
      shares[index].sum += share
      shares[index].squares += share * share
    }
    let share = trial.zeros / trial.total
    zeros.sum += share
    zeros.squares += share * share
    trials += 1
  }

  private mutating func grow(toHold bins: Range<Int>) {
    if shares.isEmpty {
      first = bins.lowerBound
      shares = [(sum: Double, squares: Double)](repeating: zeros, count: bins.count)
      return
    }
    if bins.lowerBound < first {
      shares.insert(contentsOf: repeatElement(zeros, count: first - bins.lowerBound), at: 0)
      first = bins.lowerBound
    }
    // Whatever was entered so far lies below these.
    let missing = bins.upperBound - first - shares.count
    if missing > 0 { shares += repeatElement((sum: trials, squares: trials), count: missing) }
  }

  /// The standard error of the share below a bin's upper edge.
  private func error(at bin: Int) -> Double {
    let share: (sum: Double, squares: Double) =
      bin < first ? zeros : shares.indices.contains(bin - first) ? shares[bin - first] : (trials, trials)
    let squares = share.squares - share.sum * share.sum / trials
    return (max(0, squares) / (trials * (trials - 1))).squareRoot()
  }

  /// A quantile of all trials together, with the error that their differences tell; `nil` for that with one trial.
  func quantileEstimate(_ probability: Double, of all: LogarithmicHistogram, samples: Int) -> Estimate {
    let value = all.quantile(probability)
    guard trials > 1 else { return Estimate(value: value, standardError: nil, samples: samples) }
    let step: Double
    if let place = all.place(ofQuantile: probability) {
      step = (1 - place.fraction) * error(at: place.bin - 1) + place.fraction * error(at: place.bin)
    } else {
      step = error(at: first - 1)
    }
    let high = all.quantile(min(1, probability + step))
    let low = all.quantile(max(0, probability - step))
    return Estimate(value: value, standardError: (high - low) / 2, samples: samples)
  }
}
