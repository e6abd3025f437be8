import AttentionKernel
import Wording

/// `initialization`: at what logit standard deviation attention starts, by how Wq and Wk are drawn.
struct Initializations: Experiment {
  static let kind = KindDescription(
    name: "initialization",
    summary: LocalText(
      "Standard deviation of the logits before training, by how libraries draw Wq and Wk; exact and measured.",
      "训练开始前 logits 的标准差：各个库初始化 Wq、Wk 的方式各给出多少；精确值与实测值并列。"),
    parameters: [
      ParameterDescription(
        "modelDimension", .integers(1...16_384, atMost: 6), default: .integers([512]),
        LocalText(
          "components of an input, each of variance 1; a multiple of the heads", "输入的分量数，各分量方差为 1；须是头数的倍数")),
      ParameterDescription(
        "heads", .integer(1...1024), default: .integer(8),
        LocalText("heads that share the model dimension", "分摊 modelDimension 的头数")),
      ParameterDescription(
        "inputs", .integer(1...4096), default: .integer(32),
        LocalText("queries, and keys, of a trial", "每次试验的查询数，也是键数")),
      .trials(
        default: 32,
        LocalText(
          "independent draws of Wq and Wk; standard errors come from their differences",
          "独立抽取 Wq、Wk 的次数；标准误由各次之间的差异得出")),
      .seed,
    ],
    measures: [
      measure(
        "logitStandardDeviation",
        LocalText("standard deviation of the logits, measured", "logits 的标准差（实测）")),
      measure(
        "expectedLogitStandardDeviation", LocalText("the same, exact", "logits 标准差的精确值")),
      measure(
        "scaleFactor",
        LocalText(
          "c: unit-variance queries and keys divided by c√d would give the same; measured",
          "c：方差为 1 的查询与键除以 c√d 会得到同样的标准差（实测）")),
      measure("expectedScaleFactor", LocalText("the same, exact", "c 的精确值")),
      measure(
        "queryStandardDeviation",
        LocalText("standard deviation of a query's component, measured", "查询各分量的标准差（实测）")),
      measure(
        "expectedQueryStandardDeviation", LocalText("the same, exact", "查询各分量标准差的精确值")),
    ],
    figures: [
      FigureDescription(
        "logits",
        LocalText(
          "a row per initialisation, with the divisors that would do the same", "每种初始化一行，并标出效果相同的除数")),
      FigureDescription(
        "model-dimension",
        LocalText("standard deviation against the model dimension", "标准差随 modelDimension 的变化")),
    ],
    faults: [
      .scaleDoubled, .scaleIgnored, .rootForgotten, .varianceHalved, .fanOutForgotten, .gainForgotten,
      .varianceAsDeviation, .inputsOfLengthOne,
    ])

  private static func measure(_ name: String, _ summary: LocalText) -> MeasureDescription {
    MeasureDescription(name, coordinates: ["initialization", "modelDimension"], summary)
  }

  let modelDimensions: [Int]
  let heads: Int
  let inputs: Int
  let trials: Int
  let seed: UInt64
  private let ensembles: [InitializationEnsemble]

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    modelDimensions = parameters.integers("modelDimension")
    heads = parameters.integer("heads")
    inputs = parameters.integer("inputs")
    trials = parameters.integer("trials")
    seed = parameters.seed("seed")
    for dimension in modelDimensions where dimension % heads != 0 {
      throw ParameterProblem(
        "modelDimension",
        LocalText(
          "\(dimension) components can't be shared by \(heads) heads", "\(dimension) 个分量没法平均分给 \(heads) 个头"),
        help: LocalText("the model dimension must be a multiple of ‘heads’", "modelDimension 必须是 ‘heads’ 的倍数")
      )
    }
    var ensembles: [InitializationEnsemble] = []
    for initialization in Initialization.allCases {
      for dimension in modelDimensions {
        do {
          ensembles.append(
            try InitializationEnsemble(
              initialization, modelDimension: dimension, heads: heads, inputs: inputs, trials: trials,
              seed: seed))
        } catch {
          throw ParameterProblem("trials", error.words)
        }
      }
    }
    self.ensembles = ensembles
  }

  var work: Work {
    Work { threads in
      modelDimensions.flatMap { dimension in
        Initialization.allCases.map { _ in
          InitializationEnsemble.cost(
            modelDimension: dimension, heads: heads, inputs: inputs, trials: trials, threads: threads)
        }
      }
    }
  }

  func reasonAgainst(figure: String) -> LocalText? {
    guard figure == "model-dimension", modelDimensions.count < 2 else { return nil }
    return LocalText("it needs two model dimensions or more", "需要至少两个 modelDimension")
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    let summaries = try ensembles.map { try $0.run(conditions) }
    let charts = InitializationCharts(experiment: self, summaries: summaries)
    var figures = [ExperimentFigure("logits", charts.logits())]
    if modelDimensions.count > 1 {
      figures.append(ExperimentFigure("model-dimension", charts.modelDimension()))
    }
    return ExperimentOutcome(measures: measures(summaries), figures: figures)
  }

  private func measures(_ summaries: [InitializationEnsemble.Summary]) -> [Measure] {
    func each(_ name: String, _ value: (InitializationEnsemble.Summary) -> Estimate) -> [Measure] {
      summaries.map { summary in
        let place = Initialization.allCases.firstIndex(of: summary.ensemble.initialization) ?? 0
        return Measure(
          name,
          coordinates: [
            Coordinate(
              "initialization", label: summary.ensemble.initialization.rawValue, number: Double(place)),
            Coordinate("modelDimension", summary.ensemble.modelDimension),
          ], value(summary))
      }
    }
    return each("logitStandardDeviation", \.deviation)
      + each("expectedLogitStandardDeviation") { .exact($0.expectedDeviation) }
      + each("scaleFactor", \.scaleFactor)
      + each("expectedScaleFactor") { .exact(1 / $0.expectedDeviation) }
      + each("queryStandardDeviation", \.queryDeviation)
      + each("expectedQueryStandardDeviation") { .exact($0.expectedQueryDeviation) }
  }
}

extension Initialization {
  /// The rule as readers know it.
  var words: LocalText {
    switch self {
    case .lecun: LocalText("LeCun, 1/d_model", "LeCun，1/d_model")
    case .glorot: LocalText("Glorot, square matrix", "Glorot，方阵")
    case .glorotPerHead: LocalText("Glorot, per head", "Glorot，逐头")
    case .glorotPacked: LocalText("PyTorch MultiheadAttention", "PyTorch MultiheadAttention")
    case .he: LocalText("He, 2/d_model", "He，2/d_model")
    case .linear: LocalText("PyTorch Linear", "PyTorch Linear")
    case .fixed: LocalText("N(0, 0.02²): BERT, GPT-2", "N(0, 0.02²)：BERT、GPT-2")
    case .t5: LocalText("T5, no division", "T5，不除")
    }
  }
}
