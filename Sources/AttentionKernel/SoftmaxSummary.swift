/// What the rows of a ``SoftmaxEnsemble`` look like, scale by scale.
///
/// Standard errors are those of the trials' means, because rows of one trial share keys; with a single trial they are `nil`.
public struct SoftmaxSummary: Hashable, Sendable {
  /// The ensemble that was sampled.
  public let ensemble: SoftmaxEnsemble

  /// The mean of all scores.
  public let scoreMean: Estimate

  /// The standard deviation of all scores about their mean; near √d.
  ///
  /// Its standard error is that of the trials' standard deviations.
  public let scoreStandardDeviation: Estimate

  /// One entry per scale, in the order asked.
  public let scales: [AtScale]

  /// The measures at one scale: means over all rows, unless said otherwise.
  ///
  /// Units and ranges are those of ``RowStatistics``.
  public struct AtScale: Hashable, Sendable {
    /// The scale.
    public let scale: Scale
    /// The divisor that the scale stands for, with the normalization's factor.
    public let divisor: Double
    /// The scale alone in units of √d.
    public let scaleFactor: Double
    /// Mean entropy, nats.
    public let entropy: Estimate
    /// Mean of e^H.
    public let effectiveKeys: Estimate
    /// Mean of e^H / keys.
    public let effectiveKeysShare: Estimate
    /// Mean of 1/Σp².
    public let participationRatio: Estimate
    /// Mean of the largest weight.
    public let maxProbability: Estimate
    /// Mean of 1 − the largest weight.
    public let remainder: Estimate
    /// Mean Frobenius norm of the softmax Jacobian.
    public let jacobianFrobeniusNorm: Estimate
    /// Mean trace of the softmax Jacobian.
    public let jacobianTrace: Estimate
    /// Mean of ln Σ exp z, nats.
    public let logSumExp: Estimate
    /// Mean of a row's largest logit.
    public let rowLargestLogit: Estimate
    /// Mean of a row's smallest logit.
    public let rowSmallestLogit: Estimate
    /// Mean over trials of the largest logit of the trial's whole score matrix.
    public let trialLargestLogit: Estimate
    /// Mean over trials of the smallest logit of the trial's whole score matrix.
    public let trialSmallestLogit: Estimate
    /// The mean of all logits.
    public let logitMean: Estimate
    /// The standard deviation of all logits, without normalization near 1/scaleFactor.
    public let logitStandardDeviation: Estimate
    /// The mean mass of the k largest weights, in the order of the ensemble's `topCounts`.
    public let topMasses: [TopMass]
    /// The mean number of keys that carry a share, in the order of the ensemble's `masses`.
    public let massKeys: [MassKeys]
    /// Curves over the ranked weights, if asked for.
    public let curves: WeightCurves?
    /// The row of the first query and the first trial's keys, in key order, if there are at most 64 keys.
    public let example: AttentionRow?
  }

  /// The mass of the largest weights.
  public struct TopMass: Hashable, Sendable {
    /// How many weights.
    public let count: Int
    /// Their mass, `0...1`.
    public let mass: Estimate
  }

  /// The number of keys that carry a share of the mass.
  public struct MassKeys: Hashable, Sendable {
    /// The share, above 0 and at most 1.
    public let share: Double
    /// The smallest number of keys that carry it, `1 ... keys`.
    public let keys: Estimate
  }

  init(
    plan: SoftmaxPlan, tally unfinished: SoftmaxTally, under conditions: RunConditions
  ) throws(KernelError) {
    var tally = unfinished
    tally.finishTrial()
    let ensemble = plan.ensemble
    self.ensemble = ensemble

    func rowMean(_ place: Int) -> Estimate {
      Estimate(
        value: tally.rowMeasures[place].mean,
        standardError: tally.trialMeasures[place].meanEstimate.standardError, samples: ensemble.queries)
    }
    let scoreMean = Estimate(
      value: tally.scores.mean, standardError: tally.trialScoreMeans.meanEstimate.standardError,
      samples: tally.scores.count)
    let scoreDeviation = Estimate(
      value: tally.scores.standardDeviation ?? .nan,
      standardError: tally.trialScoreDeviations.meanEstimate.standardError, samples: tally.scores.count)
    self.scoreMean = scoreMean
    scoreStandardDeviation = scoreDeviation

    var results: [AtScale] = []
    for (index, scale) in ensemble.scales.enumerated() {
      let divisor = plan.divisors[index]
      func mean(_ measure: RowMeasure) -> Estimate {
        let estimate = rowMean(plan.place(scale: index, measure))
        return measure.isShare ? plan.fault.share(estimate) : estimate
      }
      var example: AttentionRow?
      if let scores = tally.example { example = try AttentionRow(scores: scores, divisor: divisor) }
      results.append(
        AtScale(
          scale: scale, divisor: divisor,
          scaleFactor: try scale.scaleFactor(headDimension: ensemble.headDimension),
          entropy: mean(.entropy), effectiveKeys: mean(.effectiveKeys),
          effectiveKeysShare: mean(.effectiveKeysShare), participationRatio: mean(.participationRatio),
          maxProbability: mean(.maxProbability), remainder: mean(.remainder),
          jacobianFrobeniusNorm: mean(.jacobianFrobeniusNorm), jacobianTrace: mean(.jacobianTrace),
          logSumExp: mean(.logSumExp), rowLargestLogit: mean(.largestLogit),
          rowSmallestLogit: mean(.smallestLogit),
          trialLargestLogit: tally.trialLargestScores.meanEstimate.divided(by: divisor),
          trialSmallestLogit: tally.trialSmallestScores.meanEstimate.divided(by: divisor),
          logitMean: scoreMean.divided(by: divisor),
          logitStandardDeviation: scoreDeviation.divided(by: divisor),
          topMasses: ensemble.topCounts.enumerated().map {
            TopMass(count: $1, mass: rowMean(plan.place(scale: index, topCount: $0)))
          },
          massKeys: ensemble.masses.enumerated().map {
            MassKeys(share: $1, keys: rowMean(plan.place(scale: index, mass: $0)))
          },
          curves: try plan.curves(of: tally.curveScores, dividingBy: divisor, under: conditions),
          example: example))
    }
    scales = results
  }
}
