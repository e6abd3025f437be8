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
      var low = 0
      var high = counts.count  // The bin is in low ..< high.
      while high - low > 1 {
        let middle = (low + high) / 2
        if value < edges[middle] { high = middle } else { low = middle }
      }
      counts[low] += 1
    }
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
