import AttentionKernel
import Wording

/// `precision`: what softmax does in narrow number formats, with and without subtracting the maximum.
struct Precisions: Experiment {
  static let kind = KindDescription(
    name: "precision",
    summary: LocalText(
      "Softmax in fp16, bf16, fp32 and fp64, naive and with the maximum subtracted: overflow, underflow, errors.",
      "fp16、bf16、fp32、fp64 下的 softmax，直接算与先减最大值：上溢、下溢与误差。"),
    parameters: [
      ParameterDescription(
        "spreads", .numbers(0.01...10_000, atMost: 12), default: .numbers([1, 2, 4, 8, 16, 32, 64, 128]),
        LocalText("standard deviations σ of the normal logits", "正态 logits 的标准差 σ")),
      ParameterDescription(
        "keys", .integer(1...1_048_576), default: .integer(512), LocalText("keys of a row, n", "每行的键数 n")),
      ParameterDescription(
        "queries", .integer(2...10_000_000), default: .integer(2048),
        LocalText("rows in all, a multiple of the trials", "总行数，须是 trials 的倍数")),
      ParameterDescription(
        "trials", .integer(2...65_536), default: .integer(16),
        LocalText(
          "groups that the rows are split into; standard errors come from their differences",
          "把各行分成的组数；标准误由组间差异得出")),
      ParameterDescription(
        "roundsSums", .flag, default: .flag(false),
        LocalText(
          "whether the sum is rounded after every addition, not only once it is finished",
          "求和时是否每加一次就舍入一次，而不只舍入最后的和")),
      .seed,
    ],
    measures: [
      MeasureDescription(
        "overflowLogit", coordinates: ["format"],
        LocalText("the logit from which on e^x is rounded to ∞, exact", "从这个 logit 起 e^x 舍入为 ∞（精确值）")),
      MeasureDescription(
        "underflowLogit", coordinates: ["format"],
        LocalText("the logit below which e^x is rounded to 0, exact", "低于这个 logit 时 e^x 舍入为 0（精确值）")),
      MeasureDescription(
        "largestLogit", coordinates: ["spread"], LocalText("mean of a row's largest logit", "每行最大 logit 的均值")),
      MeasureDescription(
        "smallestLogit", coordinates: ["spread"],
        LocalText("mean of a row's smallest logit", "每行最小 logit 的均值")
      ),
      measure(
        "nonFiniteRows", unit: "share",
        LocalText("share of rows with a weight that is infinite or not a number", "出现无穷或 NaN 权重的行所占比例")),
      measure(
        "emptyRows", unit: "share",
        LocalText(
          "share of rows that are finite but all 0: the sum overflowed, not the exponentials",
          "权重有限但全为 0 的行所占比例：溢出的是和，不是指数")),
      measure(
        "zeroWeights", unit: "share",
        LocalText(
          "share of weights that are exactly 0", "恰好为 0 的权重所占比例")),
      measure(
        "largestError",
        LocalText(
          "largest |p − p′| of a weight, mean over trials; 1 where a row is not finite; p′ is fp64 with the maximum subtracted",
          "权重误差 |p − p′| 的最大值，取各组均值；有行不是有限数时记为 1；p′ 为 fp64 减最大值的结果")),
      measure(
        "misplacedMass", unit: "share",
        LocalText(
          "mean of ½ Σ|p − p′|, the share of the mass on the wrong keys; 1 for a row that is not finite",
          "½ Σ|p − p′| 的均值，即放错了键的质量份额；不是有限数的行记为 1")),
    ],
    figures: [
      FigureDescription(
        "failures",
        LocalText("share of rows that fail against the spread of the logits", "失败的行所占比例随 logits 标准差的变化")),
      FigureDescription(
        "overflow",
        LocalText(
          "a row's largest logit against the spread, with the limits of the formats",
          "每行最大 logit 随标准差的变化，并标出各格式的上限")),
      FigureDescription(
        "errors", LocalText("misplaced mass against the spread of the logits", "放错的质量随 logits 标准差的变化")),
    ],
    faults: [
      .maximumAlwaysSubtracted, .maximumNotSubtracted, .varianceHalved, .sharesCut, .sharesInverted,
      .logitsClipped, .roundedAtTheEnd, .subnormalsFlushed,
    ])

  private static func measure(
    _ name: String, unit: String = "", _ summary: LocalText
  ) -> MeasureDescription {
    MeasureDescription(name, unit: unit, coordinates: ["spread", "format", "method"], summary)
  }

  let ensemble: PrecisionEnsemble

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    let queries = parameters.integer("queries")
    let trials = parameters.integer("trials")
    guard queries % trials == 0 else {
      throw ParameterProblem(
        "queries",
        LocalText("\(queries) rows don't make \(trials) equal groups", "\(queries) 行分不成 \(trials) 个一样大的组"),
        help: LocalText("make it a multiple of ‘trials’", "改成 ‘trials’ 的倍数"))
    }
    do {
      ensemble = try PrecisionEnsemble(
        keys: parameters.integer("keys"), rows: queries / trials, trials: trials,
        spreads: parameters.numbers("spreads").sorted(), roundsSums: parameters.flag("roundsSums"),
        seed: parameters.seed("seed"))
    } catch {
      throw ParameterProblem("spreads", error.words)
    }
  }

  var work: Work {
    Work {
      [
        PrecisionEnsemble.cost(
          keys: ensemble.keys, rows: ensemble.rows, trials: ensemble.trials, spreads: ensemble.spreads.count,
          threads: $0)
      ]
    }
  }

  func reasonAgainst(figure: String) -> LocalText? {
    guard ensemble.spreads.count < 2 else { return nil }
    return LocalText("it needs two spreads or more", "需要至少两个 spreads")
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    let summary = try ensemble.run(conditions)
    let charts = PrecisionCharts(summary: summary)
    let figures =
      ensemble.spreads.count < 2
      ? []
      : [
        ExperimentFigure("failures", charts.failures()), ExperimentFigure("overflow", charts.overflow()),
        ExperimentFigure("errors", charts.errors()),
      ]
    return ExperimentOutcome(measures: measures(summary, conditions.fault), figures: figures)
  }

  private func measures(_ summary: PrecisionEnsemble.Summary, _ fault: KernelFault?) -> [Measure] {
    func logit(_ name: String, _ value: (PrecisionEnsemble.Logits) -> Estimate) -> [Measure] {
      summary.logits.map { Measure(name, coordinates: [Self.coordinate($0.spread)], value($0)) }
    }
    func each(
      _ name: String, _ unit: String, _ value: (PrecisionEnsemble.Outcome) -> Estimate?
    ) -> [Measure] {
      summary.outcomes.compactMap { outcome in
        let coordinates = [
          Self.coordinate(outcome.spread), Self.coordinate(outcome.way.format),
          Coordinate(
            "method", label: outcome.way.subtractsMaximum ? "max-subtracted" : "naive",
            number: outcome.way.subtractsMaximum ? 1 : 0),
        ]
        guard let estimate = value(outcome) else { return nil }
        return Measure(name, unit: unit, coordinates: coordinates, estimate)
      }
    }
    let overflow = FloatFormat.allCases.map {
      Measure(
        "overflowLogit", unit: "", coordinates: [Self.coordinate($0)], value: $0.overflowLogit(under: fault))
    }
    let underflow = FloatFormat.allCases.map {
      Measure(
        "underflowLogit", unit: "", coordinates: [Self.coordinate($0)], value: $0.underflowLogit(under: fault)
      )
    }
    return overflow + underflow + logit("largestLogit", \.largest) + logit("smallestLogit", \.smallest)
      + each("nonFiniteRows", "share", \.nonFiniteRows) + each("emptyRows", "share", \.emptyRows)
      + each("zeroWeights", "share", \.zeroWeights) + each("largestError", "", \.largestError)
      + each("misplacedMass", "share", \.misplacedMass)
  }

  private static func coordinate(_ spread: Double) -> Coordinate {
    Coordinate("spread", spread)
  }

  private static func coordinate(_ format: FloatFormat) -> Coordinate {
    Coordinate("format", label: format.rawValue, number: Double(format.precision))
  }
}
