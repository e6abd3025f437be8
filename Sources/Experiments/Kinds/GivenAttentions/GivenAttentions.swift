import AttentionKernel
import TensorFiles
import Wording

/// `attention`: attention over queries, keys and values that the note gives, number by number or in files.
struct GivenAttentions: Experiment {
  static let kind = KindDescription(
    name: "attention",
    summary: LocalText(
      "Attention over given queries and keys, or given scores: weights as a map, entropy per row and head.",
      "对给定的查询和键（或给定的分数）算注意力：权重热图，每行、每个头的熵。"),
    parameters: [
      ParameterDescription(
        "queries", .tensor(rank: 1...4), default: .absent,
        LocalText(
          "[queries, d] or [heads, queries, d]; one row alone is one query",
          "[查询数, d] 或 [头数, 查询数, d]；只写一行就是一个查询")),
      ParameterDescription(
        "keys", .tensor(rank: 1...4), default: .absent,
        LocalText(
          "[keys, d] or [heads, keys, d]; fewer heads than the queries have are shared",
          "[键数, d] 或 [头数, 键数, d]；头数可以比查询少，由相邻的头共用")),
      ParameterDescription(
        "values", .tensor(rank: 1...4), default: .absent,
        LocalText("[keys, components] or [heads, keys, components]", "[键数, 分量数] 或 [头数, 键数, 分量数]")),
      ParameterDescription(
        "scores", .tensor(rank: 1...4), default: .absent,
        LocalText(
          "unscaled q·k instead of queries and keys: [queries, keys] or [heads, queries, keys]",
          "代替 queries 和 keys 的未缩放点积：[查询数, 键数] 或 [头数, 查询数, 键数]")),
      ParameterDescription(
        "headDimension", .integer(1...65_536), default: .absent,
        LocalText("d of given scores, for scales such as √d", "给定 scores 时的 d，供 √d 之类的 scale 使用")),
      .scales(default: [.rootHeadDimension]).noneWithUnitLength(), .normalization(), .learnedScale,
      ParameterDescription(
        "causal", .flag, default: .flag(false),
        LocalText("whether a query sees only the keys up to its own position", "查询是否只能看到自己位置及之前的键")),
      ParameterDescription(
        "tokens", .texts(atMost: 512), default: .absent,
        LocalText("names of the keys, and of as many queries", "各个键的名字；查询与键一样多时也用作查询的名字")),
    ],
    measures: [
      measure(
        "meanEntropy", "nat", ["scale", "head"], LocalText("mean entropy H of a head's rows", "一个头各行熵 H 的均值")),
      measure(
        "meanEffectiveKeys", "keys", ["scale", "head"], LocalText("mean of e^H", "e^H 的均值")),
      measure(
        "meanMaxProbability", "share", ["scale", "head"],
        LocalText("mean of the largest weight", "最大权重的均值")),
      measure(
        "logitStandardDeviation", "", ["scale", "head"],
        LocalText(
          "root mean square of the logits around the mean of their row", "logits 相对本行均值的均方根")),
      measure(
        "entropy", "nat", ["scale", "head", "query"],
        LocalText("entropy H of a row; for up to 512 rows in all", "一行的熵 H；总行数不超过 512 时给出")),
      measure(
        "effectiveKeys", "keys", ["scale", "head", "query"], LocalText("e^H of a row; likewise", "一行的 e^H；同上")
      ),
      measure(
        "maxProbability", "share", ["scale", "head", "query"],
        LocalText("largest weight of a row; likewise", "一行的最大权重；同上")),
      measure(
        "topKey", "", ["scale", "head", "query"],
        LocalText("which key has it, counted from 1; likewise", "最大权重在第几个键，从 1 数起；同上")),
      measure(
        "score", "", ["head", "query", "key"],
        LocalText(
          "a dot product before scaling, a cosine with unit length; for up to 512 numbers in all",
          "缩放前的点积，取单位长度时是余弦；总数不超过 512 时给出")),
      measure(
        "weight", "share", ["scale", "head", "query", "key"],
        LocalText("an attention weight; for up to 512 numbers in all", "一个注意力权重；总数不超过 512 时给出")),
      measure(
        "output", "", ["scale", "head", "query", "component"],
        LocalText(
          "a component of the weighted sum of the values; for up to 512 numbers in all",
          "值的加权和的一个分量；总数不超过 512 时给出")),
    ],
    figures: [
      FigureDescription(
        "weights", LocalText("the weights as a map, by scale or by head", "权重热图，按 scale 或按头分图")),
      FigureDescription(
        "bars", LocalText("the weights of the first query, for up to 16 keys", "第一个查询的权重柱状图，至多 16 个键")),
      FigureDescription(
        "effective-keys",
        LocalText("effective keys of each query, mean over heads", "每个查询的等效键数，对各头取均值")),
    ],
    example: [
      "queries": .tensor(Tensor(shape: [3, 2], values: [1, 0, 0, 2, 1, 1]), file: nil),
      "keys": .tensor(Tensor(shape: [3, 2], values: [1, 0, 0, 1, 1, 1]), file: nil),
      "values": .tensor(Tensor(shape: [3, 1], values: [10, 20, 30]), file: nil),
      "scales": .scales([.none, .rootHeadDimension]),
    ],
    faults: [
      .scaleDoubled, .scaleIgnored, .rootForgotten, .keysFactorForgotten, .logarithmToBaseTwo,
      .uniformWeights, .maximumNotSubtracted,
      .jacobianWithoutOuterProduct, .signFlipped, .keyDropped, .entropyInBits,
    ])

  private static func measure(
    _ name: String, _ unit: String, _ coordinates: [String], _ summary: LocalText
  ) -> MeasureDescription {
    MeasureDescription(name, unit: unit, coordinates: coordinates, summary)
  }

  /// More single numbers than this are for a figure, not for a list.
  static let mostNumbers = 512
  /// Bars of more keys than this are noise.
  static let mostBars = 16
  /// More small maps than this in one figure can't be read.
  static let mostPanels = 12

  let attention: GivenAttention
  let scales: [Scale]
  let tokens: [String]

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    let normalization: Normalization
    (normalization, scales) = try parameters.normalizedScales()
    attention = try GivenAttentionReader(parameters, normalization).attention()
    tokens = parameters.texts("tokens")
    if !tokens.isEmpty, tokens.count != attention.keys {
      throw ParameterProblem(
        "tokens",
        LocalText(
          "the numbers differ: \(tokens.count) for names, \(attention.keys) for keys",
          "\(attention.keys) 个键却给了 \(tokens.count) 个名字"))
    }
    for scale in scales {
      if attention.headDimension == nil, scale.dependsOnHeadDimension {
        throw ParameterProblem(
          "scales",
          LocalText("the scale \(scale.label) needs a head dimension", "scale \(scale.label) 需要知道 d"),
          help: LocalText("add ‘headDimension’, or divide by a number", "加上 ‘headDimension’，或者直接写除数"))
      }
      let largest =
        try Self.largestScore(attention, dividedBy: scale) * normalization.factor(keys: attention.keys)
      guard let divisor = try? scale.divisor(headDimension: attention.headDimension ?? 1),
        largest.isFinite, (largest / divisor).isFinite
      else {
        throw ParameterProblem(
          "scales", LocalText("scores divided by \(scale.label) overflow", "分数除以 \(scale.label) 之后溢出"))
      }
    }
  }

  /// A bound of the scores that is enough to see that logits don't overflow, or the largest score.
  private static func largestScore(
    _ attention: GivenAttention, dividedBy scale: Scale
  ) throws(ParameterProblem) -> Double {
    let bound = attention.scoreBound
    if let divisor = try? scale.divisor(headDimension: attention.headDimension ?? 1),
      (bound * Double(attention.keys) / divisor).isFinite
    {
      return bound
    }
    do {
      return try attention.scores().reduce(0) { max($0, $1.magnitude) }
    } catch {
      throw ParameterProblem("scales", error.words)
    }
  }

  var work: Work {
    let weights = Double(attention.scoreCount) * Double(scales.count)
    let components = Double((attention.headDimension ?? 1) + attention.valueDimension)
    return Work(operations: weights * (60 + components), memoryBytes: 40 * weights + 1e6)
  }

  /// Panels of the map of weights.
  private var panels: Int { attention.heads > 1 ? attention.heads : scales.count }

  func reasonAgainst(figure: String) -> LocalText? {
    switch figure {
    case "weights" where panels > Self.mostPanels:
      LocalText(
        "a figure shows at most \(Self.mostPanels) heads, and there are \(attention.heads)",
        "一张图至多画 \(Self.mostPanels) 个头，而这里有 \(attention.heads) 个")
    case "bars" where attention.keys > Self.mostBars:
      LocalText(
        "bars show at most \(Self.mostBars) keys, and there are \(attention.keys)",
        "柱状图至多画 \(Self.mostBars) 个键，而这里有 \(attention.keys) 个")
    case "effective-keys" where attention.queries < 2:
      LocalText("it needs two queries or more", "需要至少两个查询")
    default: nil
    }
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    let scores = try attention.scores(under: conditions)
    let results = try scales.map { try attention.result(at: $0, of: scores, fault: conditions.fault) }
    let charts = GivenAttentionCharts(experiment: self, results: results)
    var figures: [ExperimentFigure] = []
    for description in Self.kind.figures where reasonAgainst(figure: description.name) == nil {
      switch description.name {
      case "weights": figures.append(ExperimentFigure("weights", charts.weights()))
      case "bars": figures.append(ExperimentFigure("bars", charts.bars()))
      default: figures.append(ExperimentFigure("effective-keys", charts.effectiveKeys()))
      }
    }
    return ExperimentOutcome(
      measures: headMeasures(results) + rowMeasures(results)
        + numberMeasures(results, of: scores, conditions.fault),
      figures: figures)
  }

  // MARK: - Measures

  private func coordinate(_ result: GivenAttention.Result) -> Coordinate {
    if case .multiplier = result.scale {
      return Coordinate(result.scale, headDimension: attention.headDimension ?? 1)
    }
    return Coordinate("scale", label: result.scale.label, number: result.divisor)
  }

  private func headMeasures(_ results: [GivenAttention.Result]) -> [Measure] {
    func each(
      _ name: String, _ unit: String, _ value: (GivenAttention.Result, Int) -> Double
    ) -> [Measure] {
      results.flatMap { result in
        (0..<attention.heads).map { head in
          Measure(
            name, unit: unit, coordinates: [coordinate(result), Coordinate("head", head + 1)],
            value: value(result, head))
        }
      }
    }
    func mean(_ value: @escaping (RowStatistics) -> Double) -> (GivenAttention.Result, Int) -> Double {
      { result, head in
        let rows = result.rows[(head * attention.queries)..<((head + 1) * attention.queries)]
        return rows.reduce(0) { $0 + value($1) } / Double(rows.count)
      }
    }
    return each("meanEntropy", "nat", mean(\.entropy))
      + each("meanEffectiveKeys", "keys", mean(\.effectiveKeys))
      + each("meanMaxProbability", "share", mean(\.maxProbability))
      + each("logitStandardDeviation", "") { $0.logitDeviations[$1] }
  }

  private func rowMeasures(_ results: [GivenAttention.Result]) -> [Measure] {
    let rows = attention.heads * attention.queries
    guard rows * results.count <= Self.mostNumbers else { return [] }
    func each(
      _ name: String, _ unit: String, _ value: (GivenAttention.Result, Int) -> Double
    ) -> [Measure] {
      results.flatMap { result in
        (0..<rows).map { row in
          Measure(
            name, unit: unit,
            coordinates: [
              coordinate(result), Coordinate("head", row / attention.queries + 1),
              Coordinate("query", row % attention.queries + 1),
            ], value: value(result, row))
        }
      }
    }
    return each("entropy", "nat") { $0.rows[$1].entropy }
      + each("effectiveKeys", "keys") { $0.rows[$1].effectiveKeys }
      + each("maxProbability", "share") { $0.rows[$1].maxProbability }
      + each("topKey", "") { Double(topKey($0, row: $1)) }
  }

  /// The first key with the largest weight of a row, from 1.
  private func topKey(_ result: GivenAttention.Result, row: Int) -> Int {
    let weights = result.weights[(row * attention.keys)..<((row + 1) * attention.keys)]
    let largest = weights.max() ?? 0
    return (weights.firstIndex(of: largest) ?? weights.startIndex) - weights.startIndex + 1
  }

  private func numberMeasures(
    _ results: [GivenAttention.Result], of scores: [Double], _ fault: KernelFault?
  ) -> [Measure] {
    /// The coordinates of each number of an array of shape [heads, queries, columns].
    func each(
      _ name: String, _ unit: String, _ last: String, _ numbers: [Double], _ first: [Coordinate]
    ) -> [Measure] {
      let columns = numbers.count / (attention.heads * attention.queries)
      return numbers.enumerated().map { index, value in
        let row = index / columns
        return Measure(
          name, unit: unit,
          coordinates: first + [
            Coordinate("head", row / attention.queries + 1),
            Coordinate("query", row % attention.queries + 1), Coordinate(last, index % columns + 1),
          ], value: value)
      }
    }
    var measures: [Measure] = []
    if scores.count <= Self.mostNumbers {
      let seen = fault == .signFlipped ? scores.map { -$0 } : scores
      measures += each("score", "", "key", seen, [])
    }
    if scores.count * results.count <= Self.mostNumbers {
      measures += results.flatMap { each("weight", "share", "key", $0.weights, [coordinate($0)]) }
    }
    let outputs = attention.heads * attention.queries * attention.valueDimension
    if outputs > 0, outputs * results.count <= Self.mostNumbers {
      measures += results.flatMap { each("output", "", "component", $0.outputs, [coordinate($0)]) }
    }
    return measures
  }
}

extension Scale {
  /// Whether the divisor depends on d.
  fileprivate var dependsOnHeadDimension: Bool {
    switch self {
    case .none, .constant, .multiplier: false
    case .rootHeadDimension, .headDimension: true
    }
  }
}
