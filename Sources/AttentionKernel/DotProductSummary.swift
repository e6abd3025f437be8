/// What the scores of a ``DotProductEnsemble`` look like.
public struct DotProductSummary: Hashable, Sendable {
  /// The share of scores within a width.
  public struct Coverage: Hashable, Sendable {
    /// The width k, in standard deviations of a score.
    public let width: Double

    /// The share of scores q·k with |q·k| ≤ width · √d, or width / √d with unit length, in `0...1`; also that of logits at
    /// any scale.
    ///
    /// The standard error is binomial, `√(p̃(1 − p̃)/n)` with `p̃ = (hits + 1)/(n + 2)`, so that it is not 0
    /// when all scores lie within.
    public let share: Estimate
  }

  /// The ensemble that was sampled.
  public let ensemble: DotProductEnsemble

  /// The mistake that was made on purpose, if any.
  public let fault: KernelFault?

  /// The mean score, no unit; its expectation is 0.
  public let mean: Estimate

  /// The standard deviation of the scores about their mean; its expectation is near √d, or 1/√d with unit length.
  ///
  /// Standard error by the delta method: `√((m₄ − m₂²)/n) / (2√m₂)`; `nil` for one sample.
  public let standardDeviation: Estimate

  /// The kurtosis, 3 for a normal distribution; near 3 + 6/d, or 3 − 6/(d + 2) with unit length.
  ///
  /// Not-a-number for one sample.
  /// Standard error by the delta method, from sample moments up to the eighth.
  public let kurtosis: Estimate

  /// The shares within the asked widths, in the order asked.
  public let coverages: [Coverage]

  /// The smallest score.
  public let minimum: Double

  /// The largest score.
  public let maximum: Double

  /// The histogram in expected standard deviations of a score, if edges were given.
  public let histogram: Histogram?

  init(ensemble: DotProductEnsemble, unit: Double, tally: DotProductTally, fault: KernelFault? = nil) {
    self.fault = fault
    let moments = tally.moments
    let count = Double(moments.count)
    self.ensemble = ensemble
    minimum = moments.minimum * unit
    maximum = moments.maximum * unit
    histogram = tally.histogram
    mean = moments.meanEstimate.multiplied(by: unit)

    let m2 = moments.m2 / count
    let m4 = moments.m4 / count
    let deviation = moments.standardDeviation
    let deviationError = deviation.map { _ in
      m2 > 0 ? (max(0, m4 - m2 * m2) / (4 * m2 * count)).squareRoot() : 0
    }
    standardDeviation = Estimate(
      value: (deviation ?? .nan) * unit, standardError: deviationError.map { $0 * unit },
      samples: moments.count)

    // Influence of a standardized score y on the kurtosis b: y⁴ − 2b y² − 4g y + b; the error is its
    // standard deviation over √n.
    let b = moments.kurtosis ?? .nan
    let g = moments.skewness ?? .nan
    let standardizedFifth = tally.fifth / count / (m2 * m2 * m2.squareRoot())
    let standardizedSixth = tally.sixth / count / (m2 * m2 * m2)
    let standardizedEighth = tally.eighth / count / (m2 * m2 * m2 * m2)
    let variance =
      standardizedEighth - 4 * b * standardizedSixth - 8 * g * standardizedFifth + 4 * b * b * b - b * b
      + 16 * g * g * (1 + b)
    kurtosis = Estimate(
      value: fault.kurtosis(b),
      standardError: variance.isFinite ? (max(0, variance) / count).squareRoot() : nil,
      samples: moments.count)

    coverages = tally.widths.indices.map { index in
      let hits = Double(tally.within[index])
      let smoothed = (hits + 1) / (count + 2)
      return Coverage(
        width: tally.widths[index],
        share: Estimate(
          value: fault.share(hits / count),
          standardError: (smoothed * (1 - smoothed) / count).squareRoot(),
          samples: moments.count))
    }
  }

  /// The scores divided by a scale.
  public struct Logits: Hashable, Sendable {
    /// The scale.
    public let scale: Scale

    /// The divisor that the scale stands for.
    public let divisor: Double

    /// The divisor in units of √d.
    public let scaleFactor: Double

    /// The mean logit.
    public let mean: Estimate

    /// The standard deviation of the logits; its expectation is that of a score, divided.
    public let standardDeviation: Estimate

    /// The smallest logit.
    public let minimum: Double

    /// The largest logit.
    public let maximum: Double

    /// The histogram with edges in units of logits, if edges were given; the counts are those of the scores.
    public let histogram: Histogram?
  }

  /// Returns the same samples as logits at a scale: exact, nothing is drawn again.
  ///
  /// Kurtosis and coverage (in units of the standard deviation's expectation) do not depend on the scale.
  ///
  /// - Throws: ``KernelError/invalidScale(_:)``.
  public func logits(at scale: Scale) throws(KernelError) -> Logits {
    let divisor = try fault.divisor(of: scale, headDimension: ensemble.headDimension)
    let factor = try fault.scaleFactor(of: scale, headDimension: ensemble.headDimension)
    let unit = ensemble.normalization.scoreDeviation(headDimension: ensemble.headDimension)
    return Logits(
      scale: scale, divisor: divisor, scaleFactor: factor, mean: mean.divided(by: divisor),
      standardDeviation: standardDeviation.divided(by: divisor), minimum: minimum / divisor,
      maximum: maximum / divisor,
      histogram: histogram?.multiplied(by: ensemble.normalization == .none ? 1 / factor : unit / divisor))
  }
}
