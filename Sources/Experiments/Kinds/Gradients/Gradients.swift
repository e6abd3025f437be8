import AttentionKernel
import Wording

/// `gradients`: how much attention weights react to their logits and to the query, at several scales of the same scores.
struct Gradients: Experiment {
  static let kind = KindDescription(
    name: "gradients",
    summary: LocalText(
      "Derivatives of random attention weights: the softmax Jacobian ∂p/∂z and the gradient to the query ∂p/∂q, per scale.",
      "随机注意力权重的导数：softmax 的雅可比 ∂p/∂z，以及对查询的梯度 ∂p/∂q，按 scale 给出。"),
    parameters: [
      .headDimension, .keys(), .queries(default: 2048), .keySets, .scales().noneWithUnitLength(),
      .normalization(), .learnedScale,
      ParameterDescription(
        "reference", .scales(atMost: 1), default: .scales([.rootHeadDimension]),
        LocalText(
          "the scale that the ratios compare with; with unit length, that is the first g",
          "各比值所对照的 scale；取单位长度时对照第一个 g")
      ).noneWithUnitLength(),
      ParameterDescription(
        "within", .numbers(0...1e9, atMost: 8), default: .numbers([0.01, 0.1, 0.5]),
        LocalText(
          "increasing edges of the intervals in which entries of J and norms are counted, each interval without its upper edge",
          "统计 J 的元素与梯度范数所用区间的端点，递增；各区间不含上端点")),
      ParameterDescription(
        "quantiles", .numbers(0.0001...0.9999, atMost: 8), default: .numbers([0.05, 0.5, 0.95]),
        LocalText("shares below which the quantiles lie", "分位数对应的比例")),
      .masses(default: [0.99]), .seed,
    ],
    measures: [
      MeasureDescription(
        "jacobianTrace", coordinates: ["scale"],
        LocalText("mean trace of J, Σ p(1 − p), below 1", "J 的迹 Σ p(1 − p) 的均值，小于 1")),
      MeasureDescription(
        "jacobianFrobeniusNorm", coordinates: ["scale"],
        LocalText("mean Frobenius norm of J, at most ½", "J 的 Frobenius 范数的均值，至多 ½")),
      MeasureDescription(
        "jacobianSpectralNorm", coordinates: ["scale"],
        LocalText(
          "mean spectral norm of J, its largest eigenvalue, at most ½", "J 的谱范数（最大特征值）的均值，至多 ½")),
      MeasureDescription(
        "queryGradient", coordinates: ["scale"],
        LocalText(
          "mean Frobenius norm of ∂p/∂q; without normalization that is J K / scale",
          "∂p/∂q 的 Frobenius 范数的均值；无 normalization 时 ∂p/∂q = J K / scale")),
      MeasureDescription(
        "queryGradientRootMeanSquare", coordinates: ["scale"],
        LocalText("root of the mean square of the same norm", "同一范数的均方根")),
      MeasureDescription(
        "jacobianTraceRatio", coordinates: ["scale"],
        LocalText("jacobianTrace, divided by that at the reference scale", "jacobianTrace 与参照 scale 处之比")),
      MeasureDescription(
        "jacobianFrobeniusNormRatio", coordinates: ["scale"],
        LocalText(
          "jacobianFrobeniusNorm, divided by that at the reference scale",
          "jacobianFrobeniusNorm 与参照 scale 处之比")),
      MeasureDescription(
        "jacobianSpectralNormRatio", coordinates: ["scale"],
        LocalText(
          "jacobianSpectralNorm, divided by that at the reference scale",
          "jacobianSpectralNorm 与参照 scale 处之比")),
      MeasureDescription(
        "queryGradientRatio", coordinates: ["scale"],
        LocalText("queryGradient, divided by that at the reference scale", "queryGradient 与参照 scale 处之比")),
      MeasureDescription(
        "largestEntry", coordinates: ["scale"],
        LocalText("mean of a row's largest entry of J, at most ¼", "每行 J 的最大元素的均值，至多 ¼")),
      MeasureDescription(
        "trialLargestEntry", coordinates: ["scale"],
        LocalText(
          "mean over trials of the largest entry in all rows of a trial", "每组所有行中 J 的最大元素，取各组均值")),
      MeasureDescription(
        "entryQuantile", coordinates: ["scale", "entries", "quantile"],
        LocalText(
          "quantile of the magnitudes of the entries of J: those on the diagonal, or all",
          "J 的元素绝对值的分位数：对角（diagonal）或全部（all）")),
      MeasureDescription(
        "entryShare", unit: "share", coordinates: ["scale", "entries", "interval"],
        LocalText(
          "share of the entries of J with a magnitude in the interval: of those on the diagonal, or of all",
          "J 的元素绝对值落在区间内的比例：对角（diagonal）或全部（all）")),
      MeasureDescription(
        "queryGradientQuantile", coordinates: ["scale", "quantile"],
        LocalText("quantile over the queries of the norm of ∂p/∂q", "各查询的 ∂p/∂q 范数的分位数")),
      MeasureDescription(
        "queryGradientShare", unit: "share", coordinates: ["scale", "interval"],
        LocalText("share of the queries whose ∂p/∂q has a norm in the interval", "∂p/∂q 范数落在区间内的查询比例")),
      MeasureDescription(
        "massKeys", unit: "keys", coordinates: ["scale", "mass"],
        LocalText("mean number of keys that carry a share of the mass", "承载给定质量份额所需键数的均值")),
    ],
    figures: [
      FigureDescription(
        "entries", LocalText("how large the diagonal entries of J are, per scale", "各 scale 下 J 对角元素的大小分布")),
      FigureDescription(
        "query-gradient",
        LocalText("the gradient to the query by scale, over all queries", "各 scale 下对查询的梯度在全部查询上的分布")),
      FigureDescription(
        "norms",
        LocalText("trace, Frobenius and spectral norm of J by scale", "各 scale 下 J 的迹、Frobenius 范数与谱范数")),
    ],
    faults: [
      .scaleDoubled, .scaleIgnored, .rootForgotten, .keysFactorForgotten, .logarithmToBaseTwo,
      .uniformWeights, .maximumNotSubtracted,
      .jacobianWithoutOuterProduct, .varianceHalved, .queriesNormalised, .signFlipped, .keyDropped,
      .sharesCut, .sharesInverted,
    ])

  let ensemble: GradientEnsemble

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    let queries = parameters.integer("queries")
    let trials = parameters.integer("trials")
    guard trials <= queries else { throw .tooManyTrials(trials, queries: queries) }
    let edges = parameters.numbers("within")
    guard edges.count > 1 else {
      throw ParameterProblem(
        "within", LocalText("one edge makes no interval", "只有一个端点，构不成区间"),
        help: LocalText("give two edges or more, such as [0.1, 0.5]", "至少给两个端点，例如 [0.1, 0.5]"))
    }
    if let index = edges.indices.dropFirst().first(where: { edges[$0] <= edges[$0 - 1] }) {
      throw ParameterProblem(
        "within",
        LocalText(
          "the edge \(edges[index].machineText) does not lie above \(edges[index - 1].machineText)",
          "端点 \(edges[index].machineText) 不大于 \(edges[index - 1].machineText)"),
        help: LocalText("write the edges in increasing order", "请把端点从小到大写"))
    }
    let (normalization, scales) = try parameters.normalizedScales()
    let keys = parameters.integer("keys")
    guard keys >= normalization.leastKeys else { throw .tooFewKeys(for: normalization) }
    let reference = try Self.reference(parameters, normalization, scales)
    do {
      ensemble = try GradientEnsemble(
        headDimension: parameters.integer("headDimension"), keys: keys, queries: queries, trials: trials,
        scales: scales, reference: reference, normalization: normalization, seed: parameters.seed("seed"),
        edges: edges, quantiles: parameters.numbers("quantiles"), masses: parameters.numbers("masses"))
    } catch {
      throw ParameterProblem("scales", error.words)
    }
  }

  private static func reference(
    _ parameters: ParameterValues, _ normalization: Normalization, _ scales: [Scale]
  ) throws(ParameterProblem) -> Scale {
    let reference = parameters.scales("reference")[0]
    guard normalization == .unitLength else { return reference }
    guard reference == .none else {
      throw ParameterProblem(
        "reference", LocalText("with unit length, g takes the place of the scale", "取单位长度时，g 取代了 scale"),
        help: LocalText(
          "leave ‘reference’ away: the first g is what ratios compare with", "去掉 ‘reference’：各比值对照第一个 g"))
    }
    return scales[0]
  }

  var work: Work { Work { [ensemble.cost(threads: $0)] } }

  func reasonAgainst(figure: String) -> LocalText? {
    guard ensemble.keys == 1 else { return nil }
    return LocalText("the weight of a single key never changes", "只有一个键时权重恒为 1，没有导数可画")
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    let summary = try ensemble.run(conditions)
    var figures: [ExperimentFigure] = []
    if ensemble.keys > 1 {
      let charts = GradientCharts(summary: summary)
      figures.append(ExperimentFigure("entries", charts.entries()))
      figures.append(ExperimentFigure("query-gradient", charts.queryGradient()))
      figures.append(ExperimentFigure("norms", charts.norms()))
    }
    return ExperimentOutcome(measures: measures(summary), figures: figures)
  }

  private func measures(_ summary: GradientSummary) -> [Measure] {
    func coordinate(_ scale: GradientSummary.AtScale) -> Coordinate {
      Coordinate(scale.scale, headDimension: ensemble.headDimension)
    }
    func each(_ name: String, _ value: (GradientSummary.AtScale) -> Estimate) -> [Measure] {
      summary.scales.map { Measure(name, coordinates: [coordinate($0)], value($0)) }
    }
    let intervals = zip(ensemble.edges, ensemble.edges.dropFirst()).map { Coordinate(interval: $0, $1) }
    let quantiles = ensemble.quantiles.map { Coordinate(quantile: $0) }
    let entries = [
      (GradientCounted.diagonalEntries, Coordinate("entries", label: "diagonal", number: 0)),
      (.allEntries, Coordinate("entries", label: "all", number: 1)),
    ]
    var measures: [Measure] = []
    measures += each("jacobianTrace", \.trace.mean)
    measures += each("jacobianFrobeniusNorm", \.frobeniusNorm.mean)
    measures += each("jacobianSpectralNorm", \.spectralNorm.mean)
    measures += each("queryGradient", \.queryGradient.mean)
    measures += each("queryGradientRootMeanSquare", \.queryGradientRootMeanSquare)
    measures += each("jacobianTraceRatio", \.trace.ratio)
    measures += each("jacobianFrobeniusNormRatio", \.frobeniusNorm.ratio)
    measures += each("jacobianSpectralNormRatio", \.spectralNorm.ratio)
    measures += each("queryGradientRatio", \.queryGradient.ratio)
    measures += each("largestEntry", \.largestEntry)
    measures += each("trialLargestEntry", \.trialLargestEntry)
    for scale in summary.scales {
      for (counted, coordinateOfEntries) in entries {
        for (quantile, estimate) in zip(quantiles, scale.distribution(of: counted).quantiles) {
          measures.append(
            Measure(
              "entryQuantile", coordinates: [coordinate(scale), coordinateOfEntries, quantile], estimate))
        }
      }
    }
    for scale in summary.scales {
      for (counted, coordinateOfEntries) in entries {
        for (interval, estimate) in zip(intervals, scale.distribution(of: counted).shares) {
          measures.append(
            Measure(
              "entryShare", unit: "share", coordinates: [coordinate(scale), coordinateOfEntries, interval],
              estimate))
        }
      }
    }
    for scale in summary.scales {
      let norms = scale.distribution(of: .queryGradients)
      for (quantile, estimate) in zip(quantiles, norms.quantiles) {
        measures.append(
          Measure("queryGradientQuantile", coordinates: [coordinate(scale), quantile], estimate))
      }
    }
    for scale in summary.scales {
      let norms = scale.distribution(of: .queryGradients)
      for (interval, estimate) in zip(intervals, norms.shares) {
        measures.append(
          Measure(
            "queryGradientShare", unit: "share", coordinates: [coordinate(scale), interval], estimate))
      }
    }
    measures += summary.scales.flatMap { scale in
      scale.massKeys.map {
        Measure(
          "massKeys", unit: "keys", coordinates: [coordinate(scale), Coordinate(mass: $0.share)], $0.keys)
      }
    }
    return measures
  }
}
