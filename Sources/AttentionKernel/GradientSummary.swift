/// What the rows of a ``GradientEnsemble`` look like, scale by scale.
///
/// Standard errors come from the spread of the trials, because rows of one trial share keys; with a single trial they are
/// `nil`.
public struct GradientSummary: Hashable, Sendable {
  /// The ensemble that was sampled.
  public let ensemble: GradientEnsemble

  /// One entry per scale, in the order asked.
  public let scales: [AtScale]

  /// The measures at one scale: means over all rows, unless said otherwise.
  public struct AtScale: Hashable, Sendable {
    /// The scale.
    public let scale: Scale
    /// The divisor that the scale stands for, with the normalization's factor.
    public let divisor: Double
    /// Mean trace of J, `Σ p(1 − p)`.
    public let trace: Compared
    /// Mean Frobenius norm of J, at most ½.
    public let frobeniusNorm: Compared
    /// Mean spectral norm of J, at most ½.
    public let spectralNorm: Compared
    /// Mean Frobenius norm of ∂p/∂q.
    public let queryGradient: Compared
    /// Root of the mean square of the same norm.
    public let queryGradientRootMeanSquare: Estimate
    /// Mean of a row's largest entry of J, at most ¼; it is the diagonal entry of the largest weight.
    public let largestEntry: Estimate
    /// Mean over trials of the largest entry in any of the trial's rows.
    public let trialLargestEntry: Estimate
    /// What entries and norms are like.
    public let distributions: [Distribution]
    /// The mean number of keys that carry a share, in the order of the ensemble's `masses`.
    public let massKeys: [SoftmaxSummary.MassKeys]

    /// The distribution of what is counted.
    public func distribution(of counted: GradientCounted) -> Distribution {
      distributions[counted.rawValue]
    }
  }

  /// A mean, and its ratio to the same mean at the reference scale.
  public struct Compared: Hashable, Sendable {
    /// The mean.
    public let mean: Estimate
    /// The mean divided by that at the reference; the error is that of paired samples.
    public let ratio: Estimate
  }

  /// How entries or norms are distributed over all rows.
  public struct Distribution: Hashable, Sendable {
    /// The quantiles, in the order of the ensemble's `quantiles`.
    public let quantiles: [Estimate]
    /// The shares inside the intervals of the ensemble's `edges`.
    public let shares: [Estimate]
    /// All counts.
    public let histogram: LogarithmicHistogram
  }

  init(plan: GradientPlan, tally unfinished: GradientTally) throws(KernelError) {
    var tally = unfinished
    tally.finishTrial()
    ensemble = plan.ensemble
    let reader = GradientReader(plan: plan, tally: tally)
    scales = (0..<plan.reference).map(reader.atScale)
  }
}

/// Turns sums into estimates.
private struct GradientReader {
  let plan: GradientPlan
  let tally: GradientTally

  private var ensemble: GradientEnsemble { plan.ensemble }

  func atScale(_ scale: Int) -> GradientSummary.AtScale {
    func mean(_ measure: GradientMeasure) -> Estimate { rowMean(plan.place(scale: scale, measure)) }
    func compared(_ measure: GradientMeasure) -> GradientSummary.Compared {
      GradientSummary.Compared(mean: mean(measure), ratio: ratio(scale: scale, measure))
    }
    return GradientSummary.AtScale(
      scale: plan.scales[scale], divisor: plan.divisors[scale], trace: compared(.trace),
      frobeniusNorm: compared(.frobeniusNorm), spectralNorm: compared(.spectralNorm),
      queryGradient: compared(.queryGradient),
      queryGradientRootMeanSquare: root(mean(.squaredQueryGradient)), largestEntry: mean(.largestEntry),
      trialLargestEntry: tally.trialLargestEntries[scale].meanEstimate,
      distributions: GradientCounted.allCases.map { distribution(scale: scale, $0) },
      massKeys: ensemble.masses.enumerated().map {
        SoftmaxSummary.MassKeys(share: $1, keys: rowMean(plan.place(scale: scale, mass: $0)))
      })
  }

  private func rowMean(_ place: Int) -> Estimate {
    Estimate(
      value: tally.rows.measures[place].mean,
      standardError: tally.trialMeasures[place].meanEstimate.standardError, samples: ensemble.queries)
  }

  private func root(_ square: Estimate) -> Estimate {
    let value = square.value.squareRoot()
    return Estimate(
      value: value, standardError: square.standardError.map { value > 0 ? $0 / (2 * value) : 0 },
      samples: square.samples)
  }

  private func ratio(scale: Int, _ measure: GradientMeasure) -> Estimate {
    guard let index = GradientPlan.comparedMeasures.firstIndex(of: measure) else {
      preconditionFailure("\(measure) is not compared")
    }
    let place = plan.ratioPlace(scale: scale, compared: index)
    let rows = tally.rows.ratios[place]
    // One key has no derivative at any scale: all are alike.
    guard rows.meanX > 0 else { return .exact(1) }
    return Estimate(
      value: rows.meanY / rows.meanX, standardError: tally.trialRatios[place].ratioStandardError,
      samples: ensemble.queries)
  }

  private func distribution(scale: Int, _ counted: GradientCounted) -> GradientSummary.Distribution {
    let all = tally.rows.histograms[scale].distribution(of: counted, keys: ensemble.keys)
    let spread = tally.trialDistributions[plan.distributionPlace(scale: scale, counted)]
    let quantiles = ensemble.quantiles.map {
      spread.quantileEstimate($0, of: all, samples: ensemble.queries)
    }
    let draws = draws(counted)
    let shares = (0..<plan.intervals).map {
      plan.fault.share(rowMean(plan.place(scale: scale, counted, interval: $0)).share(of: draws))
    }
    return GradientSummary.Distribution(quantiles: quantiles, shares: shares, histogram: all)
  }

  /// How many times something was drawn that may lie in an interval. J is symmetric: two entries off its diagonal are one.
  private func draws(_ counted: GradientCounted) -> Double {
    let (rows, keys) = (Double(ensemble.queries), Double(ensemble.keys))
    return switch counted {
    case .queryGradients: rows
    case .diagonalEntries: rows * keys
    case .allEntries: rows * keys * (keys + 1) / 2
    }
  }
}
