import AttentionKernel
import Wording

/// `dot-products`: what q·k looks like when all components are independent and standard normal.
struct DotProducts: Experiment {
  static let kind = KindDescription(
    name: "dot-products",
    summary: LocalText(
      "Dot products of random queries and keys: spread, shape, and how often they stay within a few √d.",
      "随机查询与键的点积：离散程度、分布形状，以及落在几个 √d 之内的比例。"),
    parameters: [
      .headDimensions,
      ParameterDescription(
        "samples", .integer(100...1_000_000_000), default: .integer(100_000),
        LocalText("independent pairs of a query and a key", "独立的查询—键对数")),
      .scales(LocalText("divisors of the dot products", "点积的除数")).noneWithUnitLength(),
      .normalization([.none, .unitLength]), .learnedScale,
      ParameterDescription(
        "within", .numbers(0.01...10, atMost: 6), default: .numbers([1, 2, 3]),
        LocalText(
          "widths k: how much lies within ±k√d before scaling (±k/√d with unit length), ±kσ after",
          "宽度 k：缩放前落在 ±k√d（取单位长度时为 ±k/√d）、缩放后落在 ±kσ 之内的比例")),
      .seed,
    ],
    measures: [
      MeasureDescription(
        "mean", coordinates: ["scale", "headDimension"], LocalText("mean of the logits", "logits 的均值")),
      MeasureDescription(
        "standardDeviation", coordinates: ["scale", "headDimension"],
        LocalText("standard deviation of the logits", "logits 的标准差")),
      MeasureDescription(
        "expectedStandardDeviation", coordinates: ["scale", "headDimension"],
        LocalText(
          "the same, exact: √d divided by the scale; g/√d with unit length",
          "标准差的精确值：√d 除以 scale；取单位长度时为 g/√d")),
      MeasureDescription(
        "kurtosis", coordinates: ["headDimension"],
        LocalText("kurtosis of the dot products; 3 for a normal distribution", "点积的峰度；正态分布为 3")),
      MeasureDescription(
        "expectedKurtosis", coordinates: ["headDimension"],
        LocalText(
          "the same, exact: 3 + 6/d; 3 − 6/(d + 2) with unit length", "峰度的精确值：3 + 6/d；取单位长度时为 3 − 6/(d + 2)")),
      MeasureDescription(
        "coverage", unit: "share", coordinates: ["within", "headDimension"],
        LocalText(
          "share of the dot products within ±k√d; within ±k/√d with unit length",
          "落在 ±k√d（取单位长度时为 ±k/√d）之内的点积所占比例")),
      MeasureDescription(
        "expectedCoverage", unit: "share", coordinates: ["within", "headDimension"],
        LocalText("the same, exact, by quadrature", "该比例的精确值（数值积分）")),
      MeasureDescription(
        "normalCoverage", unit: "share", coordinates: ["within"],
        LocalText("share of a normal distribution within ±kσ, exact", "正态分布落在 ±kσ 之内的比例（精确值）")),
    ],
    figures: [
      FigureDescription(
        "histogram", LocalText("histograms per scale against the normal density", "各 scale 下的直方图与正态密度对比")),
      FigureDescription(
        "standard-deviation",
        LocalText("standard deviation against the head dimension", "标准差随 d 的变化")),
      FigureDescription(
        "coverage",
        LocalText("share within the first width against the head dimension", "第一个宽度内的比例随 d 的变化")),
    ],
    faults: [
      .scaleDoubled, .scaleIgnored, .rootForgotten, .varianceHalved, .queriesNormalised, .signFlipped,
      .excessKurtosis, .sharesCut, .sharesInverted,
    ])

  /// Histogram edges in units of √d: fifty bins over ±5.
  static let edges = (0...50).map { Double($0 - 25) / 5 }

  let headDimensions: [Int]
  let samples: Int
  let scales: [Scale]
  let normalization: Normalization
  let widths: [Double]
  let seed: UInt64

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    headDimensions = parameters.integers("headDimension")
    samples = parameters.integer("samples")
    (normalization, scales) = try parameters.normalizedScales()
    widths = parameters.numbers("within")
    seed = parameters.seed("seed")
  }

  var work: Work {
    Work { threads in
      headDimensions.map { DotProductEnsemble.cost(headDimension: $0, samples: samples, threads: threads) }
    }
  }

  func reasonAgainst(figure: String) -> LocalText? {
    guard figure != "histogram", headDimensions.count < 2 else { return nil }
    return LocalText("it needs two head dimensions or more", "需要至少两个 headDimension")
  }

  /// What was sampled and what theory says at one head dimension.
  struct Result {
    let headDimension: Int
    let summary: DotProductSummary
    let theory: any ScoreTheory
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    var results: [Result] = []
    for (index, headDimension) in headDimensions.enumerated() {
      let ensemble = try DotProductEnsemble(
        headDimension: headDimension, samples: samples, normalization: normalization, seed: seed,
        coverageWidths: widths, histogramEdges: Self.edges)
      let summary = try ensemble.run(conditions.part(index, of: headDimensions.count))
      results.append(
        Result(
          headDimension: headDimension, summary: summary,
          theory: try theory(headDimension: headDimension, fault: conditions.fault)))
    }
    let charts = DotProductCharts(experiment: self, results: results)
    var figures = [ExperimentFigure("histogram", try charts.histogram())]
    if headDimensions.count > 1 {
      figures.append(ExperimentFigure("standard-deviation", try charts.standardDeviation()))
      figures.append(ExperimentFigure("coverage", try charts.coverage()))
    }
    return ExperimentOutcome(measures: try measures(results, conditions.fault), figures: figures)
  }

  /// What is known exactly at a head dimension.
  func theory(headDimension: Int, fault: KernelFault? = nil) throws(KernelError) -> any ScoreTheory {
    if normalization == .unitLength {
      return try UnitLengthTheory(headDimension: headDimension, fault: fault)
    }
    return try DotProductTheory(headDimension: headDimension, fault: fault)
  }

  private func measures(_ results: [Result], _ fault: KernelFault?) throws -> [Measure] {
    var mean: [Measure] = []
    var deviation: [Measure] = []
    var expectedDeviation: [Measure] = []
    for scale in scales {
      for result in results {
        let logits = try result.summary.logits(at: scale)
        let dimension = Coordinate("headDimension", result.headDimension)
        let coordinates = [Coordinate(scale, headDimension: result.headDimension), dimension]
        mean.append(Measure("mean", coordinates: coordinates, logits.mean))
        deviation.append(Measure("standardDeviation", coordinates: coordinates, logits.standardDeviation))
        expectedDeviation.append(
          Measure(
            "expectedStandardDeviation", unit: "", coordinates: coordinates,
            value: result.theory.standardDeviation / logits.divisor))
      }
    }
    var kurtosis: [Measure] = []
    var expectedKurtosis: [Measure] = []
    for result in results {
      let coordinates = [Coordinate("headDimension", result.headDimension)]
      kurtosis.append(Measure("kurtosis", coordinates: coordinates, result.summary.kurtosis))
      expectedKurtosis.append(
        Measure("expectedKurtosis", unit: "", coordinates: coordinates, value: result.theory.kurtosis))
    }
    var coverage: [Measure] = []
    var expectedCoverage: [Measure] = []
    var normalCoverage: [Measure] = []
    for (index, width) in widths.enumerated() {
      let within = Coordinate(within: width)
      for result in results {
        let coordinates = [within, Coordinate("headDimension", result.headDimension)]
        coverage.append(
          Measure("coverage", unit: "share", coordinates: coordinates, result.summary.coverages[index].share))
        expectedCoverage.append(
          Measure(
            "expectedCoverage", unit: "share", coordinates: coordinates,
            value: result.theory.coverage(within: width)))
      }
      normalCoverage.append(
        Measure(
          "normalCoverage", unit: "share", coordinates: [within],
          value: DotProductTheory.normalCoverage(within: width, fault: fault)))
    }
    return mean + deviation + expectedDeviation + kurtosis + expectedKurtosis + coverage + expectedCoverage
      + normalCoverage
  }
}
