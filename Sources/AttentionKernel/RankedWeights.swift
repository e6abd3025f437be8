/// A row's attention weights from large to small, with the mass that the largest carry together.
public struct RankedWeights: Hashable, Sendable {
  /// Weights in decreasing order, shape `[keys]`, in `0...1`.
  public let weights: [Double]

  /// Entry k − 1 is the mass of the k largest weights, shape `[keys]`, increasing; the last is 1.
  public let cumulativeMass: [Double]

  /// Ranks the softmax weights of logits, shape `[keys]`.
  ///
  /// - Throws: ``KernelError/emptyRow`` or ``KernelError/nonFiniteValue(index:)``, before any arithmetic.
  public init(logits: [Double]) throws(KernelError) {
    try KernelError.requireFinite(logits)
    guard let largest = logits.max() else { throw .emptyRow }
    let exponentials = logits.sorted(by: >).map { ReferenceMath.flushingExponential($0 - largest) }
    var sums: [Double] = []
    sums.reserveCapacity(logits.count)
    var total = 0.0
    for value in exponentials {
      total += value
      sums.append(total)
    }
    weights = exponentials.map { $0 / total }
    cumulativeMass = sums.map { $0 / total }
  }

  /// Returns the mass of the `count` largest weights; of all of them, if there are fewer.
  ///
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)`` for a count below 1.
  public func mass(ofLargest count: Int) throws(KernelError) -> Double {
    try KernelError.require("count", count)
    return cumulativeMass[min(count, cumulativeMass.count) - 1]
  }

  /// Returns the smallest number of keys that carry at least a share of the mass, `1 ... n`.
  ///
  /// - Parameter share: Above 0, at most 1.
  /// - Throws: ``KernelError/invalidShare(_:)``.
  public func keysCarrying(share: Double) throws(KernelError) -> Int {
    guard share > 0, share <= 1 else { throw .invalidShare(share) }
    let index = cumulativeMass.firstIndex { $0 >= share } ?? cumulativeMass.count - 1
    return index + 1
  }
}
