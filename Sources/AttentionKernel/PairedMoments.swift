/// Means, variances and the covariance of pairs of numbers, added up one by one.
struct PairedMoments: Hashable, Sendable {
  private(set) var count = 0
  private(set) var meanX = 0.0
  private(set) var meanY = 0.0
  private var squareX = 0.0
  private var squareY = 0.0
  private var product = 0.0

  /// Adds a pair.
  mutating func add(_ x: Double, _ y: Double) {
    count += 1
    let stepX = x - meanX
    let stepY = y - meanY
    meanX += stepX / Double(count)
    meanY += stepY / Double(count)
    squareX += stepX * (x - meanX)
    squareY += stepY * (y - meanY)
    product += stepX * (y - meanY)
  }

  /// Adds the pairs behind other moments, as if they came after these.
  mutating func merge(_ other: PairedMoments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let total = Double(count + other.count)
    let weight = Double(count) * Double(other.count) / total
    let stepX = other.meanX - meanX
    let stepY = other.meanY - meanY
    squareX += other.squareX + stepX * stepX * weight
    squareY += other.squareY + stepY * stepY * weight
    product += other.product + stepX * stepY * weight
    meanX += stepX * Double(other.count) / total
    meanY += stepY * Double(other.count) / total
    count += other.count
  }

  /// The standard error of `meanY / meanX`, to first order, from the differences of the pairs from that ratio.
  ///
  /// `nil` for fewer than two pairs. Not a number where `meanX` is 0.
  var ratioStandardError: Double? {
    guard count > 1 else { return nil }
    let ratio = meanY / meanX
    let spread = squareY - 2 * ratio * product + ratio * ratio * squareX
    return (max(0, spread) / Double(count) / Double(count - 1)).squareRoot() / abs(meanX)
  }
}
