/// The distributions at one scale.
struct GradientHistograms: Sendable {
  /// The diagonal entries of J.
  var diagonal = LogarithmicHistogram()

  /// Magnitudes off the diagonal, n of a row's n(n − 1).
  var others = LogarithmicHistogram()

  /// The norms of ∂p/∂q.
  var queryGradients = LogarithmicHistogram()

  mutating func merge(_ other: GradientHistograms) {
    diagonal.merge(other.diagonal)
    others.merge(other.others)
    queryGradients.merge(other.queryGradients)
  }

  /// The distribution of what is counted, for rows of `keys` keys.
  func distribution(of counted: GradientCounted, keys: Int) -> LogarithmicHistogram {
    switch counted {
    case .diagonalEntries: return diagonal
    case .queryGradients: return queryGradients
    case .allEntries:
      var all = diagonal
      // Each entry off the diagonal stands for n − 1.
      all.merge(others, times: Double(keys - 1))
      return all
    }
  }
}

/// What one tile of rows contributes.
struct GradientPart: Sendable {
  let trial: Int

  /// One entry per measure of the plan.
  var measures: [Moments]

  /// One entry per scale, the reference last.
  var histograms: [GradientHistograms]

  /// The compared measures at the reference, and at each scale asked for: pairs over rows.
  var ratios: [PairedMoments]

  init(_ plan: GradientPlan, trial: Int) {
    self.trial = trial
    measures = [Moments](repeating: Moments(), count: plan.measureCount)
    histograms = plan.scales.map { _ in GradientHistograms() }
    ratios = [PairedMoments](
      repeating: PairedMoments(), count: plan.reference * GradientPlan.comparedMeasures.count)
  }

  /// Adds the measures of a row.
  mutating func enter(_ values: [Double], _ plan: GradientPlan) {
    for (place, value) in values.enumerated() { measures[place].add(value) }
    plan.pair(values, into: &ratios)
  }

  mutating func merge(_ other: GradientPart) {
    for index in measures.indices { measures[index].merge(other.measures[index]) }
    for index in histograms.indices { histograms[index].merge(other.histograms[index]) }
    for index in ratios.indices { ratios[index].merge(other.ratios[index]) }
  }
}

extension GradientPlan {
  /// The measures that are compared with the reference.
  static let comparedMeasures: [GradientMeasure] = [.trace, .frobeniusNorm, .spectralNorm, .queryGradient]

  /// The place of a compared measure of a scale among the ratios.
  func ratioPlace(scale: Int, compared index: Int) -> Int {
    scale * Self.comparedMeasures.count + index
  }

  /// Adds one value of each compared measure to the pairs.
  func pair(_ values: [Double], into ratios: inout [PairedMoments]) {
    for (index, measure) in Self.comparedMeasures.enumerated() {
      let denominator = values[place(scale: reference, measure)]
      for scale in 0..<reference {
        ratios[ratioPlace(scale: scale, compared: index)].add(
          denominator, values[place(scale: scale, measure)])
      }
    }
  }
}

/// What all tiles merged so far contribute.
struct GradientTally: Sendable {
  private let plan: GradientPlan

  /// All rows of all finished trials.
  private(set) var rows: GradientPart

  /// Moments over the means of finished trials, and over their largest entries.
  private(set) var trialMeasures: [Moments]
  private(set) var trialLargestEntries: [Moments]

  /// Pairs of the trials' means.
  private(set) var trialRatios: [PairedMoments]

  /// How the trials' distributions differ: by scale, counted.
  private(set) var trialDistributions: [CumulativeSpread]

  private var current: GradientPart

  init(_ plan: GradientPlan) {
    self.plan = plan
    let empty = GradientPart(plan, trial: 0)
    rows = empty
    current = empty
    trialMeasures = empty.measures
    trialRatios = empty.ratios
    trialLargestEntries = plan.scales.map { _ in Moments() }
    trialDistributions = [CumulativeSpread](
      repeating: CumulativeSpread(), count: plan.reference * GradientCounted.allCases.count)
  }

  mutating func merge(_ part: GradientPart) {
    if part.trial != current.trial {
      finishTrial()
      current = GradientPart(plan, trial: part.trial)
    }
    current.merge(part)
  }

  /// Enters the trial under work into the sums over trials; also to be called after the last tile.
  mutating func finishTrial() {
    let means = current.measures.map(\.mean)
    for (index, mean) in means.enumerated() { trialMeasures[index].add(mean) }
    plan.pair(means, into: &trialRatios)
    for scale in plan.scales.indices {
      trialLargestEntries[scale].add(current.measures[plan.place(scale: scale, .largestEntry)].maximum)
    }
    for scale in 0..<plan.reference where !plan.ensemble.quantiles.isEmpty {
      for counted in GradientCounted.allCases {
        trialDistributions[plan.distributionPlace(scale: scale, counted)].add(
          current.histograms[scale].distribution(of: counted, keys: plan.ensemble.keys))
      }
    }
    rows.merge(current)
  }
}

extension GradientPlan {
  /// The place of a distribution among those of all scales.
  func distributionPlace(scale: Int, _ counted: GradientCounted) -> Int {
    scale * GradientCounted.allCases.count + counted.rawValue
  }
}
