/// A gradient ensemble with its divisors, and the places of its measures in a flat list.
///
/// For each scale: the measures of ``GradientMeasure``, then the shares of diagonal entries, of all entries and of query
/// gradients in each interval, then the key counts of masses. The reference is the last scale.
struct GradientPlan: Sendable {
  let ensemble: GradientEnsemble

  /// The scales asked for, and the reference behind them.
  let scales: [Scale]
  let divisors: [Double]

  /// A mistake to make on purpose.
  let fault: KernelFault?

  /// Measures per scale.
  let stride: Int

  init(_ ensemble: GradientEnsemble, fault: KernelFault? = nil) throws(KernelError) {
    self.ensemble = ensemble
    self.fault = fault
    scales = ensemble.scales + [ensemble.reference]
    var divisors: [Double] = []
    for scale in scales {
      let divisor = try ensemble.normalization.divisor(
        of: scale, headDimension: ensemble.headDimension, keys: ensemble.keys, fault: fault)
      // |score| ≤ 46 d, as no normal exceeds 6.77.
      guard (46 * Double(ensemble.headDimension) / divisor).isFinite else { throw .invalidScale(divisor) }
      divisors.append(divisor)
    }
    self.divisors = divisors
    stride =
      GradientMeasure.allCases.count + GradientCounted.allCases.count * max(0, ensemble.edges.count - 1)
      + ensemble.masses.count
  }

  var intervals: Int { max(0, ensemble.edges.count - 1) }
  var reference: Int { scales.count - 1 }
  var measureCount: Int { stride * scales.count }

  func place(scale: Int, _ measure: GradientMeasure) -> Int {
    scale * stride + measure.rawValue
  }

  func place(scale: Int, _ counted: GradientCounted, interval: Int) -> Int {
    scale * stride + GradientMeasure.allCases.count + counted.rawValue * intervals + interval
  }

  func place(scale: Int, mass index: Int) -> Int {
    scale * stride + GradientMeasure.allCases.count + GradientCounted.allCases.count * intervals + index
  }
}

/// The measures of a row that are averaged, in the order of the list.
enum GradientMeasure: Int, CaseIterable {
  case trace, frobeniusNorm, spectralNorm, largestEntry, queryGradient, squaredQueryGradient
}

/// What is counted in intervals and has quantiles.
public enum GradientCounted: Int, CaseIterable, Sendable {
  /// The entries `pᵢ(1 − pᵢ)` of J.
  case diagonalEntries
  /// The magnitudes of all entries of J.
  case allEntries
  /// The Frobenius norms of ∂p/∂q, one a query.
  case queryGradients
}
