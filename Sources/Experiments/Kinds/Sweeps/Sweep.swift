import AttentionKernel
import NotebookModel
import Wording

/// `sweep`: a measure of another kind, followed over one of its parameters, and where it is largest.
struct Sweep: Experiment {
  static let kind = KindDescription(
    name: "sweep",
    summary: LocalText(
      "A measure of another kind over one of its parameters, or over the scale; with the place of its maximum.",
      "让另一种实验的某个度量随它的一个参数（或 scale）变化，并找出最大值在哪里。"),
    parameters: [
      ParameterDescription("of", .text, default: .absent, LocalText("the kind to sweep", "要扫描的实验种类")),
      ParameterDescription(
        "measure", .text, default: .absent,
        LocalText(
          "one of its measures, with selectors where they are needed: entropy, topMass[5]",
          "它的一个度量，需要时写上条件：entropy、topMass[5]")),
      ParameterDescription(
        "over", .text, default: .absent,
        LocalText(
          "what varies: a number among its parameters; or sigma (scale √d/σ), scaleFactor (scale c√d), scale",
          "让什么变化：它的某个数值参数；或 sigma（scale 为 √d/σ）、scaleFactor（scale 为 c√d）、scale")),
      replicates,
      at(.numbers(SweepGrid.widestRange, atMost: SweepGrid.mostPoints)),
      end("from", .number(SweepGrid.widestRange)), end("to", .number(SweepGrid.widestRange)), points, spacing,
    ],
    measures: [
      MeasureDescription(
        "value", coordinates: ["…", "over"],
        LocalText(
          "the measure at a point, mean over replicates; before the point stand the measure's other coordinates",
          "该度量在一个点上的值，取各次重复的均值；点之前是该度量的其他坐标")),
      MeasureDescription(
        "maximum", coordinates: ["…"],
        LocalText("the largest value between the ends", "两端之间的最大值")),
      MeasureDescription(
        "maximumLocation", coordinates: ["…"], LocalText("where it is largest", "最大值所在的位置")),
      MeasureDescription(
        "minimum", coordinates: ["…"],
        LocalText("the smallest value between the ends", "两端之间的最小值")),
      MeasureDescription(
        "minimumLocation", coordinates: ["…"], LocalText("where it is smallest", "最小值所在的位置")),
    ],
    figures: [
      FigureDescription(
        "curve",
        LocalText(
          "the measure over the points, with the range of the replicates and the maximum marked",
          "该度量随各点变化的曲线，附各次重复的范围，并标出最大值"))
    ],
    example: [
      "of": .text("gradients"), "measure": .text("jacobianFrobeniusNorm"), "over": .text("sigma"),
      "replicates": .integer(6), "from": .number(0.5), "to": .number(8), "points": .integer(9),
      "keys": .integers([8, 24]), "queries": .integers([96]), "seed": .seed(1),
    ])

  static let replicates = ParameterDescription(
    "replicates", .integer(2...4096), default: .integer(8),
    LocalText(
      "runs with other seeds, the same at every point; standard errors come from their differences",
      "换种子重复的次数，各点用同一组种子；标准误由各次之间的差异得出"))
  static let points = ParameterDescription(
    "points", .integer(2...SweepGrid.mostPoints), default: .absent,
    LocalText(
      "how many points; \(SweepGrid.usualPoints) unless given", "点数；不写则为 \(SweepGrid.usualPoints)"))
  static let spacing = ParameterDescription(
    "spacing",
    .choice(
      Choices([
        Choice(
          "log", LocalText("equal ratios, on a logarithmic axis", "等比，坐标轴取对数"),
          alsoCalled: ["logarithmic", "geometric"]),
        Choice(
          "linear", LocalText("equal differences", "等差"), alsoCalled: ["lin", "arithmetic"]),
      ])), default: .choice("log"),
    LocalText("what is equal from point to point, and the axis", "各点之间按什么相等，坐标轴随之"))

  static func at(_ form: ParameterDescription.Form) -> ParameterDescription {
    ParameterDescription(
      "at", form, default: .absent,
      LocalText("the points, in place of from, to and points", "逐个列出各点，代替 from、to、points"))
  }

  static func end(_ name: String, _ form: ParameterDescription.Form) -> ParameterDescription {
    ParameterDescription(
      name, form, default: .absent,
      name == "from" ? LocalText("the first point", "第一个点") : LocalText("the last point", "最后一个点"))
  }

  static let leadingParameters = ["of", "measure", "over"]

  static func remainingParameters(
    after leading: ParameterValues
  ) throws(ParameterProblem) -> RemainingParameters {
    SweepParameters(try SweepSubject(leading)).remaining
  }

  let subject: SweepSubject
  let grid: SweepGrid
  let settings: SweepSettings
  let replicates: Int

  init(_ parameters: ParameterValues) throws(ParameterProblem) {
    subject = try SweepSubject(parameters)
    let completed = SweepParameters(subject).completed(parameters)
    grid = try SweepGrid(completed)
    replicates = subject.seed == nil ? 1 : completed.integer("replicates")
    settings = try SweepSettings(subject, grid, completed)
  }

  /// The kind with the unit, the coordinates and the meaning of the swept measure.
  var kind: KindDescription {
    let curve = settings.curveCoordinates
    let (name, of) = (subject.measure.name, subject.type.kind.name)
    return KindDescription(
      name: Self.kind.name, summary: Self.kind.summary, parameters: Self.kind.parameters,
      measures: Self.kind.measures.map { own in
        let isPoint = own.name == "value"
        let isPlace = own.name.hasSuffix("Location")
        let meaning =
          isPoint
          ? LocalText("\(name) of \(of): ", "\(of) 的 \(name)：") + subject.measure.summary
          : own.summary
            + (isPlace
              ? LocalText(": \(subject.coordinate)", "：\(subject.coordinate)")
              : LocalText(" of \(name)", "：\(name)"))
        return MeasureDescription(
          own.name, unit: isPlace ? "" : subject.measure.unit,
          coordinates: curve + (isPoint ? [subject.coordinate] : []), meaning)
      },
      figures: Self.kind.figures, example: [:])
  }

  var work: Work { settings.work(replicates: replicates) }

  func reasonAgainst(figure: String) -> LocalText? { nil }

  func stage(done: Int, of total: Int) -> LocalText? {
    guard total > 0, done < total else { return nil }
    let run = settings.run(
      min(settings.runCount(replicates) - 1, done * settings.runCount(replicates) / total), replicates)
    var parts = run.setting.coordinates.map { "\($0.name) = \($0.label)" }
    let (first, last) = (run.points[0].machineText, run.points[run.points.count - 1].machineText)
    parts.append("\(subject.coordinate) = \(first == last ? first : "\(first)–\(last)")")
    let words = LocalText(parts.joined(separator: ", "), parts.joined(separator: "，"))
    guard replicates > 1 else { return words }
    return words
      + LocalText(
        ", replicate \(run.replicate + 1) of \(replicates)", "，第 \(run.replicate + 1) 次重复，共 \(replicates) 次")
  }

  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    let count = settings.runCount(replicates)
    var collected = SweepCurves(subject, grid, replicates: replicates)
    for index in 0..<count {
      if conditions.cancellation.isCancelled { throw KernelError.cancelled }
      let run = settings.run(index, replicates)
      let outcome = try settings.experiment(run).run(conditions.part(index, of: count))
      try collected.add(outcome, of: run)
      conditions.progress?(index + 1, count)
    }
    let curves = try collected.curves()
    let report = SweepReport(subject: subject, grid: grid, curves: curves, replicates: replicates)
    return ExperimentOutcome(
      measures: report.measures, figures: [ExperimentFigure("curve", SweepCharts(report, settings).curve())],
      missing: report.missing)
  }
}
