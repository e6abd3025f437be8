import Claims
import Diagnostics
import Experiments
import NotebookModel
import SVGChart
import Wording

/// Makes a figure of what a directive asks for.
struct FigureComposer {
  private let directive: CompositionDirective
  private let document: NotebookDocument
  private let results: ExperimentResults
  private let resolver: MeasureResolver
  private(set) var report: Report

  init(
    _ directive: CompositionDirective, in document: NotebookDocument, results: ExperimentResults,
    resolver: MeasureResolver
  ) {
    self.directive = directive
    self.document = document
    self.results = results
    self.resolver = resolver
    report = Report(source: document.source)
  }

  /// The words that every figure may have.
  private struct Words {
    var title: String?
    var subtitle: String?
    var caption: String?
    var aspect: Chart.Aspect?
  }

  /// The figure; `nil` where something is wrong, which is then reported.
  mutating func compose() -> ComposedFigure? {
    let id = directive.id.value
    var reader = MappingReader(
      directive.body, owner: LocalText("figure ‘\(id)’", "图 ‘\(id)’"),
      at: SourceLocation(path: document.path, range: directive.id.range))
    let figures = FigureReader(path: document.path)
    var words = Words()
    words.title = reader.text("title").map(CheckedText.plain)
    words.subtitle = reader.text("subtitle").map(CheckedText.plain)
    words.caption = reader.text("caption").map(CheckedText.plain)
    let aspect: Located<Chart.Aspect>? = figures.choice("aspect", &reader)
    words.aspect = aspect?.value
    let shown = reader.value("show")
    let measures = reader.value("y")
    let curves = reader.value("curves")
    var frames: (title: LocalText?, frames: [ComposedFigure.Frame])?
    var row: ScoreRow?
    let chosen = [("show", shown), ("y", measures), ("curves", curves)].filter { $0.1 != nil }
    switch (shown, measures, curves) {
    case (nil, nil, let curves?):
      let wish = figures.read(&reader, reporting: &report)
      reader.finish()
      report.add(reader.diagnostics)
      let picks = self.picks(curves)
      guard !report.hasErrors, !picks.isEmpty else { return nil }
      let composer = CurveComposer(path: document.path, id: directive.id, wish: wish)
      frames = composer.chart(picks, at: curves.range, reporting: &report).map {
        (nil, [ComposedFigure.Frame(label: LocalText(same: ""), chart: $0)])
      }
    case (let shown?, nil, nil):
      let only = reader.texts("only")
      let perPanel = reader.text("frames")
      let drag = reader.text("drag")
      reader.finish()
      report.add(reader.diagnostics)
      if let figure = moved(shown, only: only) {
        frames =
          split(figure.chart, perPanel)
          ?? (nil, [ComposedFigure.Frame(label: LocalText(same: ""), chart: figure.chart)])
        if let drag { row = dragged(figure.row, drag, isFramed: frames?.title != nil) }
        // The panels of a row that can be dragged are its scales.
        if row != nil { frames?.title = CoordinateWords.name("scale") }
      }
    case (nil, let measures?, nil):
      let wish = figures.read(&reader, reporting: &report)
      reader.finish()
      report.add(reader.diagnostics)
      let list = MeasureList(resolver: resolver, results: results, document: document)
      let named = list.read(measures, reporting: &report, extra: { _ in }).map(\.measure)
      guard !report.hasErrors, !named.isEmpty else { return nil }
      let plan = FigurePlanner(
        frame: MeasureFrame(named), wish: wish, measuresRange: measures.range, id: directive.id)
      frames = plan.charts(source: source(of: named), reporting: &report)
    case (_?, _?, _), (_?, _, _?), (_, _?, _?):
      report.add(reader.diagnostics)
      let names = chosen.map { "‘\($0.0)’" }
      report.refuse(
        LocalText(
          "a figure either shows one of an experiment's, or draws measures, or draws curves",
          "一张图要么展示实验自带的图，要么画度量，要么画曲线"),
        at: chosen[0].1?.range ?? directive.id.range,
        help: LocalText(
          "keep one of \(names.joined(separator: ", "))", "\(names.joined(separator: "、")) 只留一个"))
    case (nil, nil, nil):
      report.add(reader.diagnostics)
      if !reader.diagnostics.hasErrors {
        report.refuse(
          LocalText("figure ‘\(id)’ does not say what to draw", "图 ‘\(id)’ 没有说要画什么"), at: directive.id.range,
          help: LocalText(
            "add ‘y: experiment.measure’, ‘show: experiment.figure’, or ‘curves: experiment.figure[series]’",
            "加上 ‘y: 实验.度量’、‘show: 实验.图名’，或 ‘curves: 实验.图名[系列]’"))
      }
    }
    guard let frames, !report.hasErrors else { return nil }
    return ComposedFigure(
      id: id, framesTitle: frames.title,
      row: row,
      frames: frames.frames.map { ComposedFigure.Frame(label: $0.label, chart: Self.worded($0.chart, words)) }
    )
  }

  private static func worded(_ chart: Chart, _ words: Words) -> Chart {
    var chart = chart
    if let title = words.title { chart.title = LocalText(same: title) }
    if let subtitle = words.subtitle { chart.subtitle = LocalText(same: subtitle) }
    if let caption = words.caption { chart.remarks.append(LocalText(same: caption)) }
    if let aspect = words.aspect { chart.aspect = aspect }
    return chart
  }

  /// The line that says where the values come from.
  private func source(of measures: [NamedMeasure]) -> LocalText {
    var parts: [(english: String, chinese: String)] = []
    var seen: Set<ExperimentKey> = []
    for key in measures.map({ $0.values[0].experiment }) where seen.insert(key).inserted {
      guard let planned = results[key]?.planned else { continue }
      let seed = planned.parameters.entries.first { $0.name == "seed" }?.value.text
      parts.append(
        (
          "‘\(key.id)’ (\(planned.kind.name)\(seed.map { ", seed \($0)" } ?? ""))",
          "‘\(key.id)’（\(planned.kind.name)\(seed.map { "，种子 \($0)" } ?? "")）"
        ))
    }
    return LocalText(
      parts.map(\.english).joined(separator: ", "), parts.map(\.chinese).joined(separator: "，"))
  }

  // MARK: Figures of experiments, moved

  private mutating func moved(_ shown: YAMLValue, only: [Located<String>]?) -> (chart: Chart, row: ScoreRow?)?
  {
    var items = [shown]
    if case .sequence(let list) = shown.content { items = list }
    var charts: [(key: ExperimentKey, chart: Chart)] = []
    var row: ScoreRow?
    for item in items {
      guard let text = item.text else {
        report.add(
          .wrongType,
          LocalText(
            "‘show’ must name figures, not \(item.kindName.english)",
            "‘show’ 要写图名，而不是\(item.kindName.chinese)"), at: item.range)
        continue
      }
      if let (key, figure) = figure(named: text, at: item.range) {
        charts.append((key, figure.chart))
        row = items.count == 1 ? figure.row : nil
      }
    }
    guard !report.hasErrors, var chart = charts.first?.chart else { return nil }
    if charts.count > 1 {
      guard let joined = sideBySide(charts, at: shown.range) else { return nil }
      chart = joined
    }
    if let only { chart = restricted(chart, to: only) }
    return report.hasErrors ? nil : (chart, row)
  }

  private mutating func figure(named text: String, at range: Range<Int>) -> (ExperimentKey, ExperimentFigure)?
  {
    guard let reference = MeasureReference(target: text) ?? MeasureReference(name: text),
      reference.selectors.isEmpty
    else {
      report.refuse(
        LocalText("‘\(text.prefix(60))’ names no figure", "‘\(text.prefix(60))’ 不是图的名字"), at: range,
        help: LocalText(
          "write experiment.figure, such as weights.sorted-curve", "写成 实验.图名，例如 weights.sorted-curve"))
      return nil
    }
    return figure(reference, at: range)
  }

  /// The figure that a reference names, whatever its selectors.
  private mutating func figure(
    _ reference: MeasureReference, at range: Range<Int>
  ) -> (ExperimentKey, ExperimentFigure)? {
    let found: (key: ExperimentKey, result: ExperimentResult)
    do {
      found = try resolver.experiment(of: reference, from: document.path)
    } catch {
      report.add(error, at: range)
      return nil
    }
    if let figure = found.result.outcome.figure(named: reference.measure) {
      return (found.key, figure)
    }
    let kind = found.result.planned.kind
    let drawable = found.result.outcome.outlines.map(\.name)
    if kind.figures.contains(where: { $0.name == reference.measure }) {
      let reason = found.result.planned.experiment.reasonAgainst(figure: reference.measure)
      report.add(
        .unknownFigure,
        LocalText(
          "figure ‘\(reference.measure)’ can't be drawn here" + (reason.map { ": \($0.english)" } ?? ""),
          "这里画不出图 ‘\(reference.measure)’" + (reason.map { "：\($0.chinese)" } ?? "")), at: range)
      return nil
    }
    let nearest = Spelling.nearest(to: reference.measure, among: drawable)
    let misspelling = Misspelling(written: reference.measure, candidates: drawable)
    report.add(
      .unknownFigure,
      LocalText(
        "‘\(found.key.id)’ (\(kind.name)) has no figure called ‘\(reference.measure)’",
        "‘\(found.key.id)’（\(kind.name)）没有叫 ‘\(reference.measure)’ 的图"), at: range,
      label: .didYouMean(nearest),
      help: LocalText(
        "its figures are: \(drawable.joined(separator: ", "))", "它的图有：\(drawable.joined(separator: "、"))"),
      misspelling: misspelling)
    return nil
  }

  // MARK: Series of figures

  /// The series that ‘curves’ names: `weights.sorted-curve[√d]`, `{curve: …, name: …}`, or a list of these.
  private mutating func picks(_ value: YAMLValue) -> [CurveComposer.Pick] {
    var items = [value]
    if case .sequence(let list) = value.content { items = list }
    if items.isEmpty {
      report.refuse(
        LocalText("there is no curve in this list", "这个列表里没有曲线"), at: value.range,
        help: LocalText(
          "write experiment.figure[series], such as weights.sorted-curve[√d]",
          "写成 实验.图名[系列]，例如 weights.sorted-curve[√d]"))
    }
    var picks: [CurveComposer.Pick] = []
    for item in items {
      var written = item.text.map { Located($0, range: item.range) }
      var name: String?
      if written == nil {
        var reader = MappingReader(
          item, owner: LocalText("an entry for a curve", "曲线条目"),
          at: SourceLocation(path: document.path, range: item.range))
        written = reader.requiredText("curve")
        name = reader.text("name").map(CheckedText.plain)
        reader.finish()
        report.add(reader.diagnostics)
      }
      if let written { picks += self.picks(written, name: name) }
    }
    return picks
  }

  private mutating func picks(_ written: Located<String>, name: String?) -> [CurveComposer.Pick] {
    let text = written.value
    guard let reference = MeasureReference(target: text) ?? MeasureReference(name: text) else {
      report.refuse(
        LocalText("‘\(text.prefix(60))’ names no curve", "‘\(text.prefix(60))’ 不是曲线的名字"), at: written.range,
        help: LocalText(
          "write experiment.figure[series], such as weights.sorted-curve[√d]",
          "写成 实验.图名[系列]，例如 weights.sorted-curve[√d]"))
      return []
    }
    guard let (key, figure) = figure(reference, at: written.range) else { return [] }
    let all = FigureSeries.all(of: figure.chart)
    let plain = "\(reference.experiment).\(reference.measure)"
    guard !all.isEmpty else {
      report.refuse(
        LocalText("‘\(plain)’ has no series that could be drawn by itself", "‘\(plain)’ 没有可以单独画的系列"),
        at: written.range, help: LocalText("show it whole: ‘show: \(plain)’", "整张展示：‘show: \(plain)’"))
      return []
    }
    var wanted = reference.selectors.map(\.value)
    if wanted.isEmpty, all.count == 1 { wanted = [all[0].name.english] }
    guard !wanted.isEmpty else {
      report.refuse(
        LocalText(
          "‘\(plain)’ has several series: \(all.map(\.name.english).joined(separator: ", "))",
          "‘\(plain)’ 有几个系列：\(all.map(\.name.chinese).joined(separator: "、"))"), at: written.range,
        help: LocalText(
          "name one: ‘\(plain)[\(all[0].name.english)]’", "指定一个：‘\(plain)[\(all[0].name.chinese)]’"))
      return []
    }
    return wanted.compactMap { word in
      guard let series = all.first(where: { $0.isCalled(word) }) else {
        noSeries(word, at: written.range, among: all.flatMap { [$0.name.english, $0.name.chinese] })
        return nil
      }
      return CurveComposer.Pick(
        experiment: key, figure: reference.measure, chart: figure.chart, series: series,
        name: wanted.count == 1 ? name : nil, range: written.range)
    }
  }

  private mutating func noSeries(_ word: String, at range: Range<Int>, among names: [String]) {
    var known: [String] = []
    for name in names where !known.contains(name) { known.append(name) }
    let nearest = Spelling.nearest(to: word, among: known)
    report.add(
      .invalidFigure,
      LocalText(
        "this figure has no series called ‘\(word.prefix(60))’",
        "这张图没有叫 ‘\(word.prefix(60))’ 的系列"),
      at: range, label: .didYouMean(nearest),
      help: known.isEmpty
        ? LocalText("it has no named series; leave ‘only’ away", "它没有命名的系列；去掉 ‘only’")
        : LocalText(
          "its series are: \(known.joined(separator: ", "))", "它的系列有：\(known.joined(separator: "、"))"),
      misspelling: Misspelling(value: word, candidates: known))
  }

  /// One panel for each of several figures on the same axes.
  private mutating func sideBySide(_ charts: [(key: ExperimentKey, chart: Chart)], at range: Range<Int>)
    -> Chart?
  {
    let first = charts[0].chart
    let fits = charts.allSatisfy {
      $0.chart.facets == nil && $0.chart.x.label == first.x.label && $0.chart.y.label == first.y.label
        && $0.chart.x.kind == first.x.kind && $0.chart.y.kind == first.y.kind
    }
    guard fits else {
      report.refuse(
        LocalText(
          "these figures have different axes, so they can't share one", "这些图的坐标轴不同，不能共用一张图"),
        at: range, help: LocalText("make a figure of each", "各做一张图"))
      return nil
    }
    var chart = first
    chart.layers = []
    chart.notes = []
    chart.facets = Facets(
      columns: min(charts.count, 2),
      panels: charts.map { key, chart in
        Panel(LocalText(same: key.id)) { chart.layers }
      })
    chart.source = LocalText(
      charts.compactMap(\.chart.source?.english).joined(separator: "; "),
      charts.compactMap(\.chart.source?.chinese).joined(separator: "；"))
    return chart
  }

  /// The row whose scale readers may drag; `nil` where that can't be.
  private mutating func dragged(_ row: ScoreRow?, _ drag: Located<String>, isFramed: Bool) -> ScoreRow? {
    if drag.value == "scale", isFramed, let row { return row }
    report.refuse(
      LocalText("there is nothing to drag here", "这里没有可以拖动的东西"), at: drag.range,
      help: LocalText(
        "‘drag: scale’ goes with ‘show: experiment.bars’ and ‘frames: panels’, of an experiment that shows one row",
        "‘drag: scale’ 要和 ‘show: 实验.bars’、‘frames: panels’ 一起用，且该实验展示的是一行"))
    return nil
  }

  /// A frame for each panel of a chart; `nil` where that is not asked for or can't be.
  private mutating func split(
    _ chart: Chart, _ perPanel: Located<String>?
  ) -> (title: LocalText?, frames: [ComposedFigure.Frame])? {
    guard let perPanel else { return nil }
    guard let facets = chart.facets, perPanel.value == "panels",
      (2...ChartStyleSheet.mostFrames).contains(facets.panels.count)
    else {
      report.refuse(
        chart.facets == nil
          ? LocalText("this figure has one panel, which makes no frames", "这张图只有一个分图，分不成帧")
          : LocalText(
            "‘frames’ of a figure that is shown can only be ‘panels’", "展示现成的图时，‘frames’ 只能是 ‘panels’"),
        at: perPanel.range,
        help: LocalText(
          "leave ‘frames’ away, or draw measures with ‘y: experiment.measure’",
          "去掉 ‘frames’，或用 ‘y: 实验.度量’ 来画"))
      return nil
    }
    let title = LocalText("panel", "分图")
    return (
      title,
      facets.panels.map { panel in
        var own = chart
        own.facets = nil
        own.layers += panel.layers
        if let caption = panel.caption {
          own.subtitle = (chart.subtitle.map { $0 + LocalText("; ", "；") } ?? LocalText(same: "")) + caption
        }
        return ComposedFigure.Frame(label: panel.title, chart: own)
      }
    )
  }

  /// The chart with only some of its series; rules and regions stay.
  private mutating func restricted(_ chart: Chart, to names: [Located<String>]) -> Chart {
    let layers = chart.layers + (chart.facets?.panels.flatMap(\.layers) ?? [])
    // A band belongs to the line whose colour it has.
    var keys: Set<Int> = []
    var known: [String] = []
    for layer in layers {
      guard case .line(let line) = layer, line.key != nil else { continue }
      for name in [line.name.english, line.name.chinese] where !known.contains(name) { known.append(name) }
    }
    for name in names {
      let found = layers.compactMap { layer -> Int? in
        guard case .line(let line) = layer else { return nil }
        // `none` is how the scale is written everywhere else.
        let written = name.value == "none" ? "no scaling" : name.value
        return line.name.english == written || line.name.chinese == written ? line.key : nil
      }
      guard found.isEmpty else {
        keys.formUnion(found)
        continue
      }
      noSeries(name.value, at: name.range, among: known)
    }
    func kept(_ layer: Layer) -> Bool { layer.key.map { keys.contains($0) } ?? true }
    var chart = chart
    chart.layers = chart.layers.filter(kept)
    if let facets = chart.facets {
      chart.facets?.panels = facets.panels.map { panel in
        var panel = panel
        panel.layers = panel.layers.filter(kept)
        return panel
      }
    }
    return chart
  }
}
