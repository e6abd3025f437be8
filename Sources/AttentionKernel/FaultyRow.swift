extension RowWorkspace {
  /// The statistics of the sorted scores divided by `divisor`, with a mistake in them.
  ///
  /// Plain sums over the weights, nothing rearranged: without a mistake they agree with ``statistics(dividingBy:)``
  /// wherever nothing cancels. Leaves the exponentials behind as that does.
  func statistics(dividingBy divisor: Double, with fault: KernelFault) -> RowStatistics {
    let sees = Optional(fault).keys(keyCount)
    let largest = sees > 0 ? scores[0] / divisor : .nan
    var total = 0.0
    for index in 0..<keyCount {
      exponentials[index] =
        index < sees ? FaultyExponential.value(of: scores[index] / divisor, largest: largest, fault) : 0
      total += exponentials[index]
    }
    var entropy = 0.0
    var squares = 0.0
    var cubes = 0.0
    for index in 0..<sees {
      let weight = exponentials[index] / total
      // A weight that is not a number must not pass for one that is 0.
      if !(weight == 0) { entropy -= weight * ReferenceMath.logarithm(weight) }
      squares += weight * weight
      cubes += weight * weight * weight
    }
    if fault == .entropyInBits { entropy /= ReferenceMath.logarithm(2) }
    let top = sees > 0 ? exponentials[0] / total : .nan
    let hasOuterProduct = fault != .jacobianWithoutOuterProduct
    let norm = hasOuterProduct ? squares - 2 * cubes + squares * squares : squares
    let shift = fault == .maximumNotSubtracted || fault == .uniformWeights ? 0 : largest
    return RowStatistics(
      keyCount: keyCount, entropy: entropy, participationRatio: 1 / squares, maxProbability: top,
      remainder: 1 - top, jacobianFrobeniusNorm: max(0, norm).squareRoot(),
      jacobianTrace: hasOuterProduct ? 1 - squares : 1, logSumExp: shift + ReferenceMath.logarithm(total),
      largestLogit: largest, smallestLogit: sees > 0 ? scores[sees - 1] / divisor : .nan)
  }
}

/// An exponential of a row with a mistake in it.
enum FaultyExponential {
  /// Returns e to the power of a logit, as the mistake has it.
  static func value(of logit: Double, largest: Double, _ fault: KernelFault) -> Double {
    switch fault {
    case .uniformWeights: return 1
    case .maximumNotSubtracted:
      // The range of binary32: 2¹²⁸ overflows, below 2⁻¹⁴⁹ nothing is left.
      return logit > 88.72 ? .infinity : logit < -103.28 ? 0 : ReferenceMath.flushingExponential(logit)
    default: return ReferenceMath.flushingExponential(logit - largest)
    }
  }
}
