/// Running sums over dot products in expected standard deviations.
struct DotProductTally: Sendable {
  var moments = Moments()

  /// `Σ x⁵`, `Σ x⁶` and `Σ x⁸` about 0, the true mean; for standard errors.
  var fifth = 0.0
  var sixth = 0.0
  var eighth = 0.0

  let widths: [Double]
  var within: [Int]
  var histogram: Histogram?

  init(widths: [Double], edges: [Double]?) throws(KernelError) {
    self.widths = widths
    within = widths.map { _ in 0 }
    if let edges { histogram = try Histogram(edges: edges) }
  }

  mutating func add(_ value: Double) {
    moments.add(value)
    let square = value * value
    let fourth = square * square
    fifth += fourth * value
    sixth += fourth * square
    eighth += fourth * fourth
    for index in widths.indices where value.magnitude <= widths[index] { within[index] += 1 }
    histogram?.add(value)
  }

  mutating func merge(_ other: DotProductTally) {
    moments.merge(other.moments)
    fifth += other.fifth
    sixth += other.sixth
    eighth += other.eighth
    for index in within.indices { within[index] += other.within[index] }
    if let part = other.histogram { histogram?.merge(part) }
  }
}
