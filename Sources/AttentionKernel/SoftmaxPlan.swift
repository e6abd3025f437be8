/// An ensemble with its divisors, and the places of its measures in a flat list.
///
/// For each scale: the measures of ``RowMeasure``, then the top masses, then the key counts of masses.
struct SoftmaxPlan: Sendable {
  let ensemble: SoftmaxEnsemble
  let divisors: [Double]

  /// A mistake to make on purpose.
  let fault: KernelFault?

  /// Measures per scale.
  let stride: Int

  init(_ ensemble: SoftmaxEnsemble, fault: KernelFault? = nil) throws(KernelError) {
    self.ensemble = ensemble
    self.fault = fault
    var divisors: [Double] = []
    for scale in ensemble.scales {
      let divisor = try fault.divisor(of: scale, headDimension: ensemble.headDimension)
      // |score| ≤ 46 d, as no normal exceeds 6.77.
      guard (46 * Double(ensemble.headDimension) / divisor).isFinite else { throw .invalidScale(divisor) }
      divisors.append(divisor)
    }
    self.divisors = divisors
    stride = RowMeasure.allCases.count + ensemble.topCounts.count + ensemble.masses.count
  }

  var measureCount: Int { stride * divisors.count }

  func place(scale: Int, _ measure: RowMeasure) -> Int {
    scale * stride + measure.rawValue
  }

  func place(scale: Int, topCount index: Int) -> Int {
    scale * stride + RowMeasure.allCases.count + index
  }

  func place(scale: Int, mass index: Int) -> Int {
    scale * stride + RowMeasure.allCases.count + ensemble.topCounts.count + index
  }
}

/// The measures of a row that are averaged, in the order of the list.
enum RowMeasure: Int, CaseIterable {
  case entropy, effectiveKeys, effectiveKeysShare, participationRatio, maxProbability, remainder
  case jacobianFrobeniusNorm, jacobianTrace, logSumExp, largestLogit, smallestLogit

  /// Whether it lies in `0...1`.
  var isShare: Bool {
    switch self {
    case .effectiveKeysShare, .maxProbability, .remainder: true
    case .entropy, .effectiveKeys, .participationRatio, .jacobianFrobeniusNorm, .jacobianTrace, .logSumExp,
      .largestLogit, .smallestLogit:
      false
    }
  }

  func value(in statistics: RowStatistics) -> Double {
    switch self {
    case .entropy: statistics.entropy
    case .effectiveKeys: statistics.effectiveKeys
    case .effectiveKeysShare: statistics.effectiveKeysShare
    case .participationRatio: statistics.participationRatio
    case .maxProbability: statistics.maxProbability
    case .remainder: statistics.remainder
    case .jacobianFrobeniusNorm: statistics.jacobianFrobeniusNorm
    case .jacobianTrace: statistics.jacobianTrace
    case .logSumExp: statistics.logSumExp
    case .largestLogit: statistics.largestLogit
    case .smallestLogit: statistics.smallestLogit
    }
  }
}
