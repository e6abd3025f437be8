import AttentionKernel
import SVGChart
import Wording

/// `exponential-range`: how far apart e^x gets when x lies within a few standard deviations of the logits.
struct ExponentialRanges: Experiment {
  static let kind = KindDescription(
    name: "exponential-range",
    summary: LocalText(
      "The range of e^x for logits within ±kσ, at each scale; exact, on unit-variance queries and keys.",
      "logits 落在 ±kσ 之内时 e^x 的范围，按 scale 给出；精确值，查询与键各分量方差为 1。"),
    parameters: [
      ParameterDescription(
        "headDimension", .integer(1...65_536), default: .integer(64),
        LocalText(
          "components of a query and a key, d; matters only for scales other than c√d",
          "查询和键的分量数 d；只影响 c√d 以外的 scale")),
      .scales(
        default: [.rootHeadDimension, .rootHeadDimension(times: 2), .rootHeadDimension(times: 3)], atMost: 12,
        LocalText("divisors of the dot products", "点积的除数")),
      ParameterDescription(
        "within", .numbers(0.01...10, atMost: 6), default: .numbers([1, 2, 3]),
        LocalText("widths k in standard deviations of the unscaled dot product", "宽度 k，以未缩放点积的标准差为单位")),
    ],
    measures: [
      MeasureDescription(
        "lower", coordinates: ["within", "scale"], LocalText("e^(−kσ), the lower end", "下端 e^(−kσ)")),
      MeasureDescription(
        "upper", coordinates: ["within", "scale"], LocalText("e^(+kσ), the upper end", "上端 e^(+kσ)")),
      MeasureDescription(
        "ratio", coordinates: ["within", "scale"],
        LocalText("upper end divided by lower end, e^(2kσ)", "上端除以下端，e^(2kσ)")),
    ],
    figures: [
      FigureDescription("ranges", LocalText("a row per scale on a logarithmic axis", "每个 scale 一行，对数坐标"))
    ],
    faults: [.scaleDoubled, .scaleIgnored, .rootForgotten, .varianceHalved])

  /// Where a number format ends: e^x beyond is infinite there.
  private static let walls: [(value: Double, label: LocalText)] = [
    (65_504, LocalText("float16 overflows", "float16 溢出")),
    (3.4028234663852886e38, LocalText("float32 overflows", "float32 溢出")),
  ]

  let headDimension: Int
  let scales: [Scale]
  let widths: [Double]

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    headDimension = parameters.integer("headDimension")
    scales = parameters.scales("scales")
    widths = parameters.numbers("within").sorted()
    for scale in scales {
      guard let factor = try? scale.scaleFactor(headDimension: headDimension) else {
        throw ParameterProblem(
          "scales",
          LocalText(
            "\(scale.label) is no divisor at head dimension \(headDimension)",
            "headDimension 为 \(headDimension) 时 \(scale.label) 不能作除数"))
      }
      if widths[widths.count - 1] / factor > 700 {
        throw ParameterProblem(
          "scales",
          LocalText(
            "at scale \(scale.label) e^x exceeds every number format at \(widths[widths.count - 1].machineText)σ",
            "scale 为 \(scale.label) 时，\(widths[widths.count - 1].machineText)σ 处的 e^x 超出所有数字格式"),
          help: LocalText("lower headDimension or ‘within’", "减小 headDimension 或 ‘within’"))
      }
    }
  }

  var work: Work { Work(operations: 1000, memoryBytes: 10_000) }

  func reasonAgainst(figure: String) -> LocalText? { nil }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    var lower: [Measure] = []
    var upper: [Measure] = []
    var ratio: [Measure] = []
    for width in widths {
      for scale in scales {
        let range = try range(width, scale, conditions.fault)
        let coordinates = [Coordinate(within: width), Coordinate(scale, headDimension: headDimension)]
        lower.append(Measure("lower", unit: "", coordinates: coordinates, value: range.lower))
        upper.append(Measure("upper", unit: "", coordinates: coordinates, value: range.upper))
        ratio.append(Measure("ratio", unit: "", coordinates: coordinates, value: range.upper / range.lower))
      }
    }
    return ExperimentOutcome(
      measures: lower + upper + ratio, figures: [ExperimentFigure("ranges", try chart())])
  }

  private func range(_ width: Double, _ scale: Scale, _ fault: KernelFault? = nil) throws -> ExponentialRange
  {
    try ExponentialRange(
      width: width,
      standardDeviation: fault.scoreDeviation / fault.scaleFactor(of: scale, headDimension: headDimension))
  }

  private func chart() throws -> Chart {
    let (inner, outer) = (widths[0], widths[widths.count - 1])
    let outerRanges = try scales.map { try range(outer, $0) }
    let innerRanges = try scales.map { try range(inner, $0) }
    func words(_ range: ExponentialRange) -> String { "\(range.lower.inText) … \(range.upper.inText)" }
    let (first, last) = (outerRanges[0], outerRanges[outerRanges.count - 1])
    let width = "±\(outer.machineText)σ"
    let walls = Self.walls.filter { wall in outerRanges.contains { $0.upper > wall.value / 1000 } }
    return Chart(
      title: scales.count == 1
        ? LocalText("Within \(width), e^x runs from \(words(first))", "\(width) 之内，e^x 从 \(words(first))")
        : LocalText(
          "Within \(width), e^x spans \(words(first)) at \(scales[0].label), \(words(last)) at \(scales[scales.count - 1].label)",
          "\(width) 之内，e^x 的范围：\(scales[0].words.chinese) 为 \(words(first))，\(scales[scales.count - 1].words.chinese) 为 \(words(last))"
        ),
      subtitle: LocalText(
        inner == outer ? "Exact" : "Thin: ±\(outer.machineText)σ, thick: ±\(inner.machineText)σ; exact",
        inner == outer ? "精确值" : "细线：±\(outer.machineText)σ，粗线：±\(inner.machineText)σ；精确值"),
      // Room at both ends: for the widest row's own ends, and for the words behind them.
      x: .log(
        LocalText("e^x", "e^x"),
        domain: .exact(
          low: (outerRanges.map(\.lower).min() ?? 1) / 2, high: (outerRanges.map(\.upper).max() ?? 1) * 12)),
      y: .band(LocalText("scale", "scale"), scales.map(\.words)),
      colour: .single,
      aspect: .strip,
      source: LocalText(
        "exponential-range: σ of the logits = √d / scale", "exponential-range：logits 的 σ = √d / scale")
    ) {
      for wall in walls { Rule(x: wall.value, label: wall.label) }
      Interval(
        LocalText("e^x", "e^x"), .horizontal, at: scales.indices.map { Double($0) },
        low: outerRanges.map(\.lower),
        high: outerRanges.map(\.upper), innerLow: inner == outer ? [] : innerRanges.map(\.lower),
        innerHigh: inner == outer ? [] : innerRanges.map(\.upper), middle: scales.map { _ in 1 },
        labels: outerRanges.map { LocalText(same: words($0)) }, key: 0)
    }
  }
}
