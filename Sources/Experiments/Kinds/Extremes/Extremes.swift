import AttentionKernel
import SVGChart
import Wording

/// `extremes`: how large the largest logit gets, depending on how many are looked at.
struct Extremes: Experiment {
  static let kind = KindDescription(
    name: "extremes",
    summary: LocalText(
      "The largest and the smallest of many random logits, against how many there are: a row, a matrix, millions.",
      "大量随机 logits 中的最大值与最小值，随个数而变：一行、一个矩阵、上百万个。"),
    parameters: [
      .headDimension,
      .keys(
        default: 1024,
        LocalText("keys of a row; larger pools take several rows over the same keys", "每行的键数；更大的池取同一组键上的多行")),
      ParameterDescription(
        "pooled", .integers(1...1_000_000_000, atMost: 12), default: .integers([512, 4096, 32_768]),
        LocalText("how many logits are looked at", "一次考察多少个 logits")),
      .trials(
        default: 16,
        LocalText(
          "independent trials, each with its own queries and keys; standard errors come from their differences",
          "独立试验的次数，各有自己的查询与键；标准误由试验间差异得出")),
      .scales(default: [.rootHeadDimension, .rootHeadDimension(times: 2)]).noneWithUnitLength(),
      .normalization([.none, .unitLength]), .learnedScale, .seed,
    ],
    measures: [
      MeasureDescription(
        "largestLogit", coordinates: ["scale", "pooled"],
        LocalText("mean over trials of the largest logit of a pool", "池中最大 logit，取各次试验均值")),
      MeasureDescription(
        "smallestLogit", coordinates: ["scale", "pooled"],
        LocalText("mean over trials of the smallest logit of a pool", "池中最小 logit，取各次试验均值")),
      MeasureDescription(
        "halfRange", coordinates: ["scale", "pooled"],
        LocalText("mean over trials of half the distance between the two", "最大与最小之差的一半，取各次试验均值")),
      MeasureDescription(
        "independentMaximum", coordinates: ["scale", "pooled"],
        LocalText(
          "expectation of the largest of as many independent normal numbers of the logits' variance, exact",
          "同样多个独立正态数（方差与 logits 相同）中最大者的期望（精确值）")),
    ],
    figures: [
      FigureDescription(
        "growth",
        LocalText(
          "the extremes against the number of logits, with the expectation", "最大与最小值随 logits 个数的变化，附期望值"))
    ],
    faults: [
      .scaleDoubled, .scaleIgnored, .rootForgotten, .varianceHalved, .queriesNormalised, .signFlipped,
      .keyDropped, .extremesPooled,
    ])

  let ensemble: ExtremesEnsemble
  let scales: [Scale]

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    let normalization: Normalization
    (normalization, scales) = try parameters.normalizedScales()
    do {
      ensemble = try ExtremesEnsemble(
        headDimension: parameters.integer("headDimension"), keys: parameters.integer("keys"),
        pools: parameters.integers("pooled"), trials: parameters.integer("trials"),
        normalization: normalization, seed: parameters.seed("seed"))
    } catch {
      throw ParameterProblem("pooled", error.words)
    }
    do {
      for scale in scales { _ = try scale.divisor(headDimension: ensemble.headDimension) }
    } catch {
      throw ParameterProblem("scales", error.words)
    }
  }

  var work: Work { Work { [ensemble.cost(threads: $0)] } }

  func reasonAgainst(figure: String) -> LocalText? {
    guard ensemble.pools.count < 2 else { return nil }
    return LocalText("it needs two sizes of pools or more", "需要至少两个 pooled 值")
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    let summary = try ensemble.run(conditions)
    let divisors = try scales.map {
      try conditions.fault.divisor(of: $0, headDimension: ensemble.headDimension)
    }
    let expected = try ensemble.pools.map {
      try ensemble.expectedMaximum(ofPool: $0, fault: conditions.fault)
        * scoreDeviation
    }
    var largest: [Measure] = []
    var smallest: [Measure] = []
    var halfRange: [Measure] = []
    var independent: [Measure] = []
    for (scale, divisor) in zip(scales, divisors) {
      for (pool, maximum) in zip(summary.pools, expected) {
        let place = [
          Coordinate(scale, headDimension: ensemble.headDimension), Coordinate("pooled", pool.size),
        ]
        largest.append(Measure("largestLogit", coordinates: place, pool.largest.divided(by: divisor)))
        smallest.append(Measure("smallestLogit", coordinates: place, pool.smallest.divided(by: divisor)))
        halfRange.append(Measure("halfRange", coordinates: place, pool.halfRange.divided(by: divisor)))
        independent.append(
          Measure("independentMaximum", unit: "", coordinates: place, value: maximum / divisor))
      }
    }
    var figures: [ExperimentFigure] = []
    if ensemble.pools.count > 1 {
      figures.append(ExperimentFigure("growth", try growth(summary, divisors)))
    }
    return ExperimentOutcome(measures: largest + smallest + halfRange + independent, figures: figures)
  }

  /// The standard deviation of a score.
  private var scoreDeviation: Double {
    ensemble.normalization.scoreDeviation(headDimension: ensemble.headDimension)
  }

  /// The extremes against the size of the pool: the sampled means in the trials' range, the expectation as a line.
  private func growth(_ summary: ExtremesSummary, _ divisors: [Double]) throws -> Chart {
    let pools = summary.pools.sorted { $0.size < $1.size }
    let sizes = pools.map { Double($0.size) }
    let (least, most) = (pools[0], pools[pools.count - 1])
    let hero = scales.firstIndex(of: .rootHeadDimension) ?? 0
    let low = (least.largest.value / divisors[hero]).inText
    let high = (most.largest.value / divisors[hero]).inText
    let fine = Self.between(least.size, most.size)
    let expected = try fine.map { try ensemble.expectedMaximum(ofPool: $0) }
    var layers: [Layer] = []
    for (key, scale) in scales.enumerated() {
      let divisor = divisors[key]
      let curve = expected.map { $0 * scoreDeviation / divisor }
      let weight: Weight = key == hero ? .hero : .normal
      for (sign, range, mean) in [
        (1.0, \ExtremesSummary.OfPool.rangeOfLargest, \ExtremesSummary.OfPool.largest),
        (-1, \.rangeOfSmallest, \.smallest),
      ] {
        layers.append(
          .interval(
            Interval(
              LocalText("range of the trials", "各次试验的范围"), .vertical, at: sizes,
              low: pools.map { $0[keyPath: range].lowerBound / divisor },
              high: pools.map { $0[keyPath: range].upperBound / divisor }, key: key)))
        layers.append(
          .line(
            Line(
              scale.words, x: fine.map { Double($0) }, y: curve.map { $0 * sign }, key: key, weight: weight,
              label: sign > 0 ? .automatic : .none)))
        layers.append(
          .dots(
            Dots(
              LocalText("sampled", "抽样值"), x: sizes, y: pools.map { $0[keyPath: mean].value / divisor },
              key: key)))
      }
    }
    return Chart(
      title: LocalText(
        "At \(scales[hero].words.english), the largest of \(least.size.grouped) logits is about \(low), of \(most.size.grouped) about \(high)",
        "\(scales[hero].words.chinese) 时，\(least.size.grouped) 个 logits 中最大的约 \(low)，\(most.size.grouped) 个中约 \(high)"
      ),
      subtitle: LocalText(
        "Largest and smallest logit, d = \(ensemble.headDimension). Dots: means of \(ensemble.trials) trials, bars: their range; lines: independent normal numbers, exact",
        "最大与最小 logit，d = \(ensemble.headDimension)。圆点：\(ensemble.trials) 次试验的均值，竖线为其范围；线：独立正态数的精确期望")
        + ensemble.normalization.remark,
      x: .log(LocalText("logits looked at", "考察的 logits 个数"), base: .ten),
      y: .linear(LocalText("logit", "logit"), includesZero: true),
      source: .source(
        "extremes",
        samples:
          "d = \(ensemble.headDimension), rows of \(ensemble.keys.grouped) keys, \(ensemble.trials) trials",
        chineseSamples:
          "d = \(ensemble.headDimension)，每行 \(ensemble.keys.grouped) 个键，\(ensemble.trials) 次试验",
        seed: ensemble.seed)
    ) { layers }
  }

  /// Whole numbers from one to another, each about a fifth larger than the one before, for a smooth curve.
  private static func between(_ low: Int, _ high: Int) -> [Int] {
    var numbers = [low]
    while let last = numbers.last, last < high { numbers.append(min(high, max(last + 1, last / 5 * 6))) }
    return numbers
  }
}
