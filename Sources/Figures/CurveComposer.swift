import Diagnostics
import Experiments
import NotebookModel
import SVGChart
import Wording

/// One series of a figure that an experiment can draw: what has its colour, in one panel.
struct FigureSeries {
  /// What the figure calls it.
  let name: LocalText
  /// Its marks, with the bands around them.
  let layers: [Layer]

  /// The series of a chart in its order; empty where its marks have none, as a map of cells.
  ///
  /// In small multiples a panel's title tells the series apart.
  static func all(of chart: Chart) -> [FigureSeries] {
    if let facets = chart.facets {
      return facets.panels.compactMap { panel in
        let own = panel.layers.filter { $0.key != nil && $0.isSeries }
        return own.isEmpty ? nil : FigureSeries(name: panel.title, layers: own)
      }
    }
    var keys: [Int] = []
    for layer in chart.layers where layer.isSeries && !layer.isBand {
      if let key = layer.key, !keys.contains(key) { keys.append(key) }
    }
    return keys.compactMap { key in
      let own = chart.layers.filter { $0.key == key && $0.isSeries }
      return own.lazy.compactMap(\.seriesName).first.map { FigureSeries(name: $0, layers: own) }
    }
  }

  /// Whether an author means this series; `none` is how the scale without division is written everywhere else.
  func isCalled(_ word: String) -> Bool {
    let word = word == "none" ? "no scaling" : word
    return name.english == word || name.chinese == word
  }
}

extension Layer {
  /// Whether the layer shows data that a name can pick.
  fileprivate var isSeries: Bool {
    switch self {
    case .line, .band, .steps, .bars, .dots, .interval: true
    case .heat, .rule, .region: false
    }
  }

  fileprivate var isBand: Bool {
    if case .band = self { return true }
    return false
  }

  /// The name of the series that the layer draws; `nil` for what only accompanies one.
  fileprivate var seriesName: LocalText? {
    switch self {
    case .line(let line): line.name
    case .steps(let steps): steps.name
    case .bars(let bars): bars.name
    case .dots(let dots): dots.name
    case .interval(let interval): interval.name
    case .band, .heat, .rule, .region: nil
    }
  }

  /// The same marks as another series: in another colour, under another name, labelled where the plan finds room.
  fileprivate func asSeries(_ key: Int, _ name: LocalText) -> Layer {
    switch self {
    case .line(var line):
      (line.key, line.name, line.label, line.weight) = (key, name, .automatic, .normal)
      return line.layer
    case .band(var band):
      band.key = key
      return band.layer
    case .steps(var steps):
      (steps.key, steps.name, steps.weight) = (key, name, .normal)
      return steps.layer
    case .bars(var bars):
      (bars.key, bars.name) = (key, name)
      return bars.layer
    case .dots(var dots):
      (dots.key, dots.name) = (key, name)
      return dots.layer
    case .interval(var interval):
      (interval.key, interval.name) = (key, name)
      return interval.layer
    case .heat, .rule, .region: return self
    }
  }
}

/// Draws series of experiments' figures together: `curves: [weights.sorted-curve[√d], wide.sorted-curve[√d]]`.
struct CurveComposer {
  let path: String
  let id: Located<String>
  let wish: FigureSpecification

  /// A series that the author picked.
  struct Pick {
    let experiment: ExperimentKey
    let figure: String
    let chart: Chart
    let series: FigureSeries
    /// The author's name for it.
    let name: String?
    let range: Range<Int>
  }

  /// The chart; `nil` where these can't share one, which is then reported.
  func chart(_ picks: [Pick], at range: Range<Int>, reporting report: inout Report) -> Chart? {
    refuseRoles(reporting: &report)
    guard let first = picks.first, share(picks, reporting: &report) else { return nil }
    let isOneFigure = picks.allSatisfy { $0.experiment == first.experiment && $0.figure == first.figure }
    let most = isOneFigure ? FigurePlanner.mostSeries : FigurePlanner.mostNominalSeries
    guard picks.count <= most else {
      report.refuse(
        LocalText(
          "\(picks.count) series in one picture can't be told apart; at most \(most)",
          "\(picks.count) 个系列画在一起无法分辨，至多 \(most) 个"), at: range,
        help: LocalText("make two figures", "做两张图"))
      return nil
    }
    var chart = first.chart
    chart.facets = nil
    chart.notes = []
    chart.colour = picks.count == 1 ? .single : isOneFigure ? .ordered : .nominal
    chart.layers = common(picks)
    for (key, pick) in picks.enumerated() {
      let name = self.name(of: pick, among: picks)
      chart.layers += pick.series.layers.map { $0.asSeries(key, name) }
    }
    let names = picks.map { self.name(of: $0, among: picks) }
    chart.title = LocalText(
      "\(names.map(\.english).joined(separator: ", ")): \(chart.y.title.english) against \(chart.x.title.english)",
      "\(names.map(\.chinese).joined(separator: "、"))：\(chart.y.title.chinese)，按\(chart.x.title.chinese)")
    if !isOneFigure {
      chart.subtitle = nil
      chart.remarks = []
      // What fits one experiment's data need not fit the others'.
      for axis in [\Chart.x, \Chart.y]
      where !picks.allSatisfy({ $0.chart[keyPath: axis] == first.chart[keyPath: axis] }) {
        chart[keyPath: axis].domain = .data
        if !chart[keyPath: axis].kind.isNamed { chart[keyPath: axis].ticks = .automatic }
      }
      var sources: [LocalText] = []
      for source in picks.compactMap(\.chart.source) where !sources.contains(source) {
        sources.append(source)
      }
      chart.source = LocalText(
        sources.map(\.english).joined(separator: "; "), sources.map(\.chinese).joined(separator: "；"))
    }
    apply(wish.xAxis, to: &chart.x, "x", reporting: &report)
    apply(wish.yAxis, to: &chart.y, "y", reporting: &report)
    annotate(&chart, reporting: &report)
    return report.hasErrors ? nil : chart
  }

  /// What only measures have.
  private func refuseRoles(reporting report: inout Report) {
    for (key, written) in [
      ("x", wish.x), ("series", wish.series), ("facets", wish.facets), ("frames", wish.frames),
    ] {
      guard let written else { continue }
      report.refuse(
        LocalText("‘\(key)’ arranges measures; curves have their own x", "‘\(key)’ 用来安排度量；曲线自带横轴"),
        at: written.range,
        help: LocalText(
          "leave ‘\(key)’ away, or draw measures with ‘y: experiment.measure’", "去掉 ‘\(key)’，或用 ‘y: 实验.度量’ 来画"
        ))
    }
    guard wish.mark != nil || wish.error != nil else { return }
    report.refuse(
      LocalText(
        "‘mark’ and ‘error’ are for measures; curves are drawn as their kind has them",
        "‘mark’ 和 ‘error’ 用于度量；曲线按其实验种类的样式画"),
      at: id.range,
      help: LocalText(
        "leave them away, or draw measures with ‘y: experiment.measure’", "去掉它们，或用 ‘y: 实验.度量’ 来画"))
  }

  /// Whether all picked series mean the same by their axes.
  private func share(_ picks: [Pick], reporting report: inout Report) -> Bool {
    let first = picks[0]
    func titles(_ pick: Pick) -> LocalText {
      let (x, y) = (pick.chart.x.title, pick.chart.y.title)
      return LocalText("\(y.english) against \(x.english)", "\(y.chinese)，按\(x.chinese)")
    }
    for pick in picks.dropFirst() {
      let isAlike =
        pick.chart.x.title == first.chart.x.title && pick.chart.y.title == first.chart.y.title
        && pick.chart.x.kind.isCompatible(with: first.chart.x.kind)
        && pick.chart.y.kind.isCompatible(with: first.chart.y.kind)
      guard !isAlike else { continue }
      let (mine, theirs) = (titles(first), titles(pick))
      report.refuse(
        LocalText(
          "these can't share axes: \(first.figure) shows \(mine.english), \(pick.figure) \(theirs.english)",
          "它们不能共用坐标轴：\(first.figure) 是“\(mine.chinese)”，\(pick.figure) 是“\(theirs.chinese)”"),
        at: pick.range, help: LocalText("make a figure of each", "各做一张图"))
      return false
    }
    return true
  }

  /// Rules and regions that mean the same for every series.
  private func common(_ picks: [Pick]) -> [Layer] {
    picks[0].chart.layers.filter { layer in
      switch layer {
      case .rule, .region: picks.allSatisfy { $0.chart.layers.contains(layer) }
      case .line, .band, .steps, .bars, .dots, .interval, .heat: false
      }
    }
  }

  /// The author's name; else that of the series, with its experiment where another one has it too.
  private func name(of pick: Pick, among picks: [Pick]) -> LocalText {
    if let name = pick.name { return LocalText(same: name) }
    let isUnique = picks.count { $0.series.name == pick.series.name } == 1
    let own = pick.series.name
    return isUnique
      ? own : LocalText("\(own.english), \(pick.experiment.id)", "\(own.chinese)，\(pick.experiment.id)")
  }

  private func apply(
    _ wish: FigureSpecification.AxisWish, to axis: inout Axis, _ name: String, reporting report: inout Report
  ) {
    if let label = wish.label {
      axis.label = LocalText(same: label)
      axis.unit = nil
    }
    let wantsNumbers = wish.kind != nil || wish.low != nil || wish.high != nil || wish.includesZero
    if axis.kind.isNamed, wantsNumbers {
      report.refuse(
        LocalText("the \(name) axis of these curves has names, not numbers", "这些曲线的 \(name) 轴上是名称，不是数"),
        at: wish.kind?.range ?? wish.range ?? id.range,
        help: LocalText("only its ‘label’ can be changed", "只能改它的 ‘label’"))
      return
    }
    switch wish.kind?.value {
    case .linear: axis.kind = .linear
    case .log: axis.kind = .log(.ten)
    case .log2: axis.kind = .log(.two)
    case .band:
      report.refuse(
        LocalText("the \(name) axis of these curves has numbers, not names", "这些曲线的 \(name) 轴上是数，不是名称"),
        at: wish.kind?.range ?? id.range,
        help: LocalText("write linear, log or log2", "写 linear、log 或 log2"))
    case nil: break
    }
    if wish.kind != nil {
      axis.domain = .data
      axis.ticks = .automatic
    }
    if wish.includesZero { axis.includesZero = true }
    if let format = wish.format { axis.format = format }
    switch (wish.low, wish.high) {
    case (let low?, let high?): axis.domain = .exact(low: low, high: high)
    case (nil, nil): break
    case (_?, nil), (nil, _?):
      report.refuse(
        LocalText("axis ‘\(name)’ has one end only", "坐标轴 ‘\(name)’ 只给了一端"), at: wish.range ?? id.range,
        help: LocalText("write both ‘from’ and ‘to’", "‘from’ 和 ‘to’ 都要写"))
    }
  }

  private func annotate(_ chart: inout Chart, reporting report: inout Report) {
    for rule in wish.rules {
      let axis = rule.isVertical ? chart.x : chart.y
      guard let place = place(rule.position, on: axis, rule.isVertical ? "x" : "y", reporting: &report) else {
        continue
      }
      let label = rule.label.map { LocalText(same: $0) }
      chart.layers.append(
        rule.isVertical ? Rule(x: place, label: label).layer : Rule(y: place, label: label).layer)
    }
    for note in wish.notes {
      if let x = place(note.x, on: chart.x, "x", reporting: &report),
        let y = place(note.y, on: chart.y, "y", reporting: &report)
      {
        chart.notes.append(Note(LocalText(same: note.text), x: x, y: y))
      }
    }
  }

  /// A place on an axis: a number, a percentage, or one of its names.
  private func place(
    _ written: Located<String>, on axis: Axis, _ name: String, reporting report: inout Report
  )
    -> Double?
  {
    var known: [String] = []
    if case .band(let names) = axis.kind {
      known = names.map(\.english)
      if let index = names.firstIndex(where: { $0.english == written.value || $0.chinese == written.value }) {
        return Double(index)
      }
    } else if let number = NumberLiteral(written.value)?.number.doubleValue, number.isFinite {
      return number
    }
    report.refuse(
      LocalText(
        "‘\(written.value.prefix(40))’ is no place on the \(name) axis",
        "‘\(written.value.prefix(40))’ 不在 \(name) 轴上"), at: written.range,
      help: known.isEmpty
        ? LocalText("write a number", "写一个数")
        : LocalText("write one of: \(known.joined(separator: ", "))", "写其中之一：\(known.joined(separator: "、"))")
    )
    return nil
  }
}

extension Axis.Kind {
  /// Whether places have names.
  fileprivate var isNamed: Bool {
    switch self {
    case .band, .cells: true
    case .linear, .log, .symlog: false
    }
  }

  /// Whether data of both can stand on one axis: numbers on either, names where they are the same.
  fileprivate func isCompatible(with other: Axis.Kind) -> Bool {
    isNamed || other.isNamed ? self == other : true
  }
}
