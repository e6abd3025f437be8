/// What one tile of rows contributes.
struct SoftmaxPart: Sendable {
  let trial: Int

  /// One entry per measure of the plan.
  var measures: [Moments]

  /// All scores of the tile.
  var scores = Moments()

  /// The ranked scores of the tile's rows that belong to the curves, row by row.
  var curveScores: [Double] = []

  /// The first row's scores in key order, from the first tile only.
  var example: [Double]?

  /// Takes the extremes of the whole tile for those of each row: a mistake, made on purpose.
  mutating func poolExtremes(_ plan: SoftmaxPlan) {
    for scale in plan.divisors.indices {
      for (measure, extreme) in [(RowMeasure.largestLogit, \Moments.maximum), (.smallestLogit, \.minimum)] {
        let place = plan.place(scale: scale, measure)
        measures[place] = Moments(
          repeatElement(measures[place][keyPath: extreme], count: measures[place].count))
      }
    }
  }
}

/// What all tiles merged so far contribute.
struct SoftmaxTally: Sendable {
  /// Moments over rows: all trials together.
  private(set) var rowMeasures: [Moments]

  /// Moments over the means of finished trials.
  private(set) var trialMeasures: [Moments]

  /// Moments of all scores, and over trials of their mean, deviation, largest and smallest.
  private(set) var scores = Moments()
  private(set) var trialScoreMeans = Moments()
  private(set) var trialScoreDeviations = Moments()
  private(set) var trialLargestScores = Moments()
  private(set) var trialSmallestScores = Moments()

  private(set) var curveScores: [Double] = []
  private(set) var example: [Double]?

  private var current: SoftmaxPart

  init(_ plan: SoftmaxPlan) {
    let none = [Moments](repeating: Moments(), count: plan.measureCount)
    rowMeasures = none
    trialMeasures = none
    current = SoftmaxPart(trial: 0, measures: none)
  }

  mutating func merge(_ part: SoftmaxPart) {
    if part.trial != current.trial {
      finishTrial()
      current = SoftmaxPart(trial: part.trial, measures: rowMeasures.map { _ in Moments() })
    }
    for index in part.measures.indices { current.measures[index].merge(part.measures[index]) }
    current.scores.merge(part.scores)
    curveScores += part.curveScores
    if let example = part.example { self.example = example }
  }

  /// Enters the trial under work into the sums over trials; also to be called after the last tile.
  mutating func finishTrial() {
    for index in current.measures.indices {
      rowMeasures[index].merge(current.measures[index])
      trialMeasures[index].add(current.measures[index].mean)
    }
    scores.merge(current.scores)
    trialScoreMeans.add(current.scores.mean)
    // A trial of one score has no deviation, and so says nothing about how deviations vary.
    if let deviation = current.scores.standardDeviation { trialScoreDeviations.add(deviation) }
    trialLargestScores.add(current.scores.maximum)
    trialSmallestScores.add(current.scores.minimum)
  }
}
