/// Counts of numbers between given edges.
public struct Histogram: Hashable, Sendable {
  /// Increasing edges, one more than there are bins, in the unit of the counted numbers.
  public let edges: [Double]

  /// Bin i counts `edges[i] ≤ x < edges[i + 1]`; the last bin also its upper edge.
  public private(set) var counts: [Int]

  /// How many numbers lie below the first edge.
  public private(set) var underflow = 0

  /// How many numbers lie above the last edge.
  public private(set) var overflow = 0

  /// Bins per unit where all bins have about the same width, so that a division finds one; else `nil`.
  private let binsPerUnit: Double?

  /// Makes an empty histogram.
  ///
  /// - Throws: ``KernelError/unorderedEdges(index:)`` or ``KernelError/nonFiniteValue(index:)``.
  public init(edges: [Double]) throws(KernelError) {
    try KernelError.requireFinite(edges)
    guard edges.count >= 2 else { throw .unorderedEdges(index: edges.count) }
    for index in 1..<edges.count where edges[index] <= edges[index - 1] {
      throw .unorderedEdges(index: index)
    }
    self.init(increasing: edges, counts: [Int](repeating: 0, count: edges.count - 1))
  }

  private init(increasing edges: [Double], counts: [Int]) {
    self.edges = edges
    self.counts = counts
    let width = (edges[counts.count] - edges[0]) / Double(counts.count)
    let isEven = edges.indices.allSatisfy {
      (edges[$0] - (edges[0] + Double($0) * width)).magnitude < width / 4
    }
    binsPerUnit = isEven ? 1 / width : nil
  }

  /// How many numbers were counted, inside and outside of the edges.
  public var total: Int {
    counts.reduce(underflow + overflow, +)
  }

  /// Counts one number.
  public mutating func add(_ value: Double) {
    if value < edges[0] {
      underflow += 1
    } else if value > edges[edges.count - 1] {
      overflow += 1
    } else {
      counts[bin(of: value)] += 1
    }
  }

  /// The bin of a number between the edges.
  private func bin(of value: Double) -> Int {
    if let binsPerUnit, binsPerUnit.isFinite, !value.isNaN {
      // A bin beside the right one at most; the edges decide.
      let guess = min(counts.count - 1, Int((value - edges[0]) * binsPerUnit))
      if value < edges[guess] { return guess - 1 }
      return guess + 1 < counts.count && value >= edges[guess + 1] ? guess + 1 : guess
    }
    var low = 0
    var high = counts.count  // The bin is in low ..< high.
    while high - low > 1 {
      let middle = (low + high) / 2
      if value < edges[middle] { high = middle } else { low = middle }
    }
    return low
  }

  /// Adds the counts of a histogram with the same edges.
  mutating func merge(_ other: Histogram) {
    precondition(other.counts.count == counts.count)
    for bin in counts.indices { counts[bin] += other.counts[bin] }
    underflow += other.underflow
    overflow += other.overflow
  }

  /// Returns the probability density in each bin, per unit of the numbers; zeros for an empty histogram.
  public var densities: [Double] {
    let total = Double(max(1, total))
    return counts.indices.map { Double(counts[$0]) / (total * (edges[$0 + 1] - edges[$0])) }
  }

  /// Returns the histogram of the same numbers multiplied by `factor` > 0: the edges move, no count changes.
  public func multiplied(by factor: Double) -> Histogram {
    var result = Histogram(increasing: edges.map { $0 * factor }, counts: counts)
    result.underflow = underflow
    result.overflow = overflow
    return result
  }
}
