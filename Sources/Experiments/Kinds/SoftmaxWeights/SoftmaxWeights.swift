import AttentionKernel
import Wording

/// `softmax`: how attention weights spread over the keys, at several scales of the same scores.
struct SoftmaxWeights: Experiment {
  static let kind = KindDescription(
    name: "softmax",
    summary: LocalText(
      "Attention weights of random queries over random keys: entropy, effective keys, largest weight, per scale.",
      "随机查询对随机键的注意力权重：熵、等效键数、最大权重，按 scale 给出。"),
    parameters: [
      .headDimension, .keys(), .queries(default: 4096), .keySets, .scales().noneWithUnitLength(),
      .normalization(), .learnedScale,
      ParameterDescription(
        "top", .integers(1...1_048_576, atMost: 8), default: .integers([1]),
        LocalText("for topMass: how many of the largest weights", "topMass 所取的最大权重个数")),
      .masses(default: [0.5, 0.9, 0.99]), .seed,
    ],
    measures: [
      MeasureDescription(
        "entropy", unit: "nat", coordinates: ["scale"], LocalText("mean entropy H of a row", "每行熵 H 的均值")),
      MeasureDescription(
        "entropyShare", unit: "share", coordinates: ["scale"],
        LocalText("the same as a share of the largest possible, H / ln n", "熵占最大可能值的比例 H / ln n")),
      MeasureDescription(
        "effectiveKeys", unit: "keys", coordinates: ["scale"], LocalText("mean of e^H", "e^H 的均值")),
      MeasureDescription(
        "effectiveKeysShare", unit: "share", coordinates: ["scale"],
        LocalText("mean of e^H / n", "e^H / n 的均值")),
      MeasureDescription(
        "participationRatio", unit: "keys", coordinates: ["scale"],
        LocalText("mean of 1 / Σp²", "1 / Σp² 的均值")),
      MeasureDescription(
        "maxProbability", unit: "share", coordinates: ["scale"],
        LocalText("mean of the largest weight", "最大权重的均值")),
      MeasureDescription(
        "maxProbabilityRatio", coordinates: ["scale"],
        LocalText("the same in units of the uniform weight 1/n", "最大权重与均匀权重 1/n 之比")),
      MeasureDescription(
        "remainder", unit: "share", coordinates: ["scale"],
        LocalText("mean of 1 − the largest weight, computed without cancellation", "1 − 最大权重的均值，计算中无相消")),
      MeasureDescription(
        "topMass", unit: "share", coordinates: ["scale", "top"],
        LocalText("mean mass of the k largest weights", "最大的 k 个权重之和的均值")),
      MeasureDescription(
        "massKeys", unit: "keys", coordinates: ["scale", "mass"],
        LocalText("mean number of keys that carry a share of the mass", "承载给定质量份额所需键数的均值")),
      MeasureDescription(
        "largestLogit", coordinates: ["scale"], LocalText("mean of a row's largest logit", "每行最大 logit 的均值")),
      MeasureDescription(
        "smallestLogit", coordinates: ["scale"], LocalText("mean of a row's smallest logit", "每行最小 logit 的均值")
      ),
      MeasureDescription(
        "expectedLargestLogit", coordinates: ["scale"],
        LocalText("expectation of a row's largest logit, exact", "每行最大 logit 的期望（精确值）")),
      MeasureDescription(
        "matrixLargestLogit", coordinates: ["scale"],
        LocalText("mean over trials of the largest logit of a trial's whole matrix", "每组整个矩阵的最大 logit，取各组均值")),
      MeasureDescription(
        "matrixSmallestLogit", coordinates: ["scale"],
        LocalText("mean over trials of the smallest logit of a trial's whole matrix", "每组整个矩阵的最小 logit，取各组均值")
      ),
      MeasureDescription(
        "logitStandardDeviation", coordinates: ["scale"],
        LocalText("standard deviation of all logits", "全部 logits 的标准差")),
    ],
    figures: [
      FigureDescription(
        "bars",
        LocalText("the weights of one query at each scale, for up to 16 keys", "一个查询在各 scale 下的权重，至多 16 个键")),
      FigureDescription(
        "sorted-curve", LocalText("weights from the largest to the smallest, with bands", "从大到小的权重曲线，带分位带")),
      FigureDescription(
        "cumulative-mass", LocalText("mass carried by the k largest weights", "最大的 k 个权重承载的质量")),
    ],
    faults: [
      .scaleDoubled, .scaleIgnored, .rootForgotten, .keysFactorForgotten, .logarithmToBaseTwo,
      .uniformWeights, .maximumNotSubtracted,
      .jacobianWithoutOuterProduct, .varianceHalved, .queriesNormalised, .signFlipped, .keyDropped,
      .entropyInBits, .extremesPooled, .sharesCut, .sharesInverted,
    ])

  /// Bars of more keys than this are noise.
  static let mostBars = 16

  let ensemble: SoftmaxEnsemble

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    let keys = parameters.integer("keys")
    let queries = parameters.integer("queries")
    let trials = parameters.integer("trials")
    guard trials <= queries else { throw .tooManyTrials(trials, queries: queries) }
    for count in parameters.integers("top") where count > keys {
      throw ParameterProblem(
        "top",
        LocalText(
          "the \(count) largest of \(keys) weights are asked for", "一共 \(keys) 个权重，却要取最大的 \(count) 个"),
        help: LocalText("at most \(keys)", "最多 \(keys) 个"))
    }
    let (normalization, scales) = try parameters.normalizedScales()
    guard keys >= normalization.leastKeys else { throw .tooFewKeys(for: normalization) }
    do {
      ensemble = try SoftmaxEnsemble(
        headDimension: parameters.integer("headDimension"), keys: keys, queries: queries, trials: trials,
        scales: scales, normalization: normalization, seed: parameters.seed("seed"),
        topCounts: parameters.integers("top"), masses: parameters.numbers("masses"), includesCurves: true)
    } catch {
      throw ParameterProblem("scales", error.words)
    }
  }

  var work: Work { Work { [ensemble.cost(threads: $0)] } }

  func reasonAgainst(figure: String) -> LocalText? {
    guard figure == "bars", ensemble.keys > Self.mostBars else { return nil }
    return LocalText(
      "bars show at most \(Self.mostBars) keys, and there are \(ensemble.keys)",
      "柱状图至多画 \(Self.mostBars) 个键，而这里有 \(ensemble.keys) 个")
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    let summary = try ensemble.run(conditions)
    let charts = SoftmaxCharts(summary: summary)
    var figures = [
      ExperimentFigure("sorted-curve", charts.sortedCurve()),
      ExperimentFigure("cumulative-mass", charts.cumulativeMass()),
    ]
    if ensemble.keys <= Self.mostBars {
      // Readers drag a divisor of plain scores; with a normalization there is something else to multiply by.
      let row = summary.scales[0].example.flatMap {
        ensemble.normalization == .none
          ? ScoreRow(scores: $0.scores, headDimension: ensemble.headDimension) : nil
      }
      figures.append(ExperimentFigure("bars", charts.bars(), row: row))
    }
    return ExperimentOutcome(measures: try measures(summary, conditions.fault), figures: figures)
  }

  private func measures(_ summary: SoftmaxSummary, _ fault: KernelFault?) throws -> [Measure] {
    let keys = Double(ensemble.keys)
    // A single key has no entropy at all: all of the little there can be.
    let mostEntropy = ReferenceMath.logarithm(keys)
    let largestScore = try expectedLargestScore(fault)

    func each(_ name: String, _ unit: String = "", _ value: (SoftmaxSummary.AtScale) -> Estimate) -> [Measure]
    {
      summary.scales.map { Measure(name, unit: unit, coordinates: [coordinate($0)], value($0)) }
    }
    var measures: [Measure] = []
    measures += each("entropy", "nat", \.entropy)
    measures += each("entropyShare", "share") {
      mostEntropy > 0 ? $0.entropy.divided(by: mostEntropy) : .exact(1)
    }
    measures += each("effectiveKeys", "keys", \.effectiveKeys)
    measures += each("effectiveKeysShare", "share", \.effectiveKeysShare)
    measures += each("participationRatio", "keys", \.participationRatio)
    measures += each("maxProbability", "share", \.maxProbability)
    measures += each("maxProbabilityRatio") { $0.maxProbability.divided(by: 1 / keys) }
    measures += each("remainder", "share", \.remainder)
    measures += summary.scales.flatMap { scale in
      scale.topMasses.map {
        Measure(
          "topMass", unit: "share", coordinates: [coordinate(scale), Coordinate("top", $0.count)], $0.mass)
      }
    }
    measures += summary.scales.flatMap { scale in
      scale.massKeys.map { mass in
        Measure(
          "massKeys", unit: "keys", coordinates: [coordinate(scale), Coordinate(mass: mass.share)], mass.keys)
      }
    }
    measures += each("largestLogit", "", \.rowLargestLogit)
    measures += each("smallestLogit", "", \.rowSmallestLogit)
    measures += each("expectedLargestLogit") {
      .exact((fault == .signFlipped ? -1 : 1) * largestScore / $0.divisor)
    }
    measures += each("matrixLargestLogit", "", \.trialLargestLogit)
    measures += each("matrixSmallestLogit", "", \.trialSmallestLogit)
    measures += each("logitStandardDeviation", "", \.logitStandardDeviation)
    return measures
  }

  /// The expectation of a row's largest score: of n normal numbers times the query's length, or of n cosines.
  private func expectedLargestScore(_ fault: KernelFault?) throws -> Double {
    // A fault that drops the only key leaves nothing to be largest.
    let behindExtremes = fault.logitsBehindExtremes(keys: ensemble.keys)
    guard behindExtremes > 0 else { return .nan }
    if ensemble.normalization == .unitLength {
      return try UnitLengthTheory(headDimension: ensemble.headDimension, fault: fault)
        .expectedMaximum(of: behindExtremes)
    }
    return try DotProductTheory(headDimension: ensemble.headDimension, fault: fault).expectedQueryLength
      * DotProductTheory.expectedMaximum(of: behindExtremes)
  }

  private func coordinate(_ scale: SoftmaxSummary.AtScale) -> Coordinate {
    Coordinate(scale.scale, headDimension: ensemble.headDimension)
  }
}
