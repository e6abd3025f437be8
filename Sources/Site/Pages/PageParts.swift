import AttentionKernel
import Claims
import Diagnostics
import Experiments
import MarkupWriter
import NotebookModel
import SVGChart
import Wording

/// The parts of a page that are made from results: checked numbers, experiments, claims.
struct PageParts {
  let words: PageWords
  let map: SiteMap

  private var language: Language { words.language }

  // MARK: Checked numbers

  /// A number with its evidence: what was computed, from what, shown on hover and on focus.
  func checkedNumber(_ verdict: NumberVerdict, ordinal: Int, from note: String, result: ExperimentResult)
    -> RawMarkup
  {
    let resolved = verdict.resolved
    let measure = resolved.measure
    let id = "number.\(ordinal)"
    let prefix =
      resolved.experiment.note == note
      ? "" : map.pages[resolved.experiment.note].map { Address.encodedPath($0.path) } ?? ""
    var writer = MarkupWriter()
    writer.element("span", ["class": "checked"]) { writer in
      writer.element(
        "a",
        ["href": "\(prefix)#\(Address.encoded(Self.rowID(resolved)))", "aria-describedby": id],
        text: verdict.shownText)
      writer.element("span", ["class": "evidence", "role": "tooltip", "id": id]) { writer in
        writer.text("\(words.computed) ")
        writer.element(
          "b", text: Self.valueText(measure, asPercent: verdict.number.literal?.writtenPower == -2))
        if !measure.unit.isEmpty, measure.unit != "share" { writer.text(" \(measure.unit)") }
        writer.text(measure.samples.map { " · \(words.samples($0))" } ?? " · \(words.exact)")
        writer.void("br")
        writer.element("code", text: "\(resolved.experiment.id).\(measure.text)")
        if let summary = summary(of: measure, in: result) {
          writer.void("br")
          writer.text(summary)
        }
      }
    }
    return writer.markup
  }

  static func rowID(_ resolved: ResolvedMeasure) -> String {
    ([resolved.experiment.id, resolved.measure.name] + resolved.measure.coordinates.map(\.label)).joined(
      separator: ".")
  }

  /// The value with as many digits as its error supports, shares as percentages where the text has them so.
  private static func valueText(_ measure: Measure, asPercent: Bool) -> String {
    NumberFormat.string(
      measure.value, standardError: measure.standardError, asPercent: asPercent && measure.unit == "share")
  }

  private func summary(of measure: Measure, in result: ExperimentResult) -> String? {
    result.planned.kind.measures.first { $0.name == measure.name }?.summary[language]
  }

  // MARK: Experiments

  /// The figures of an experiment, and how they were computed.
  ///
  /// - Throws: `ChartError` where a figure can't be drawn truthfully.
  func experiment(
    _ result: ExperimentResult, directive: ExperimentDirective, firstFigure: Int
  ) throws(ChartError) -> RawMarkup {
    var figures: [RawMarkup] = []
    for (index, name) in result.planned.figures.enumerated() {
      guard var chart = result.outcome.figures.first(where: { $0.name == name })?.chart else {
        preconditionFailure("kind \(result.planned.kind.name) promised the figure \(name) and made none")
      }
      if index < result.planned.titles.count { chart.title = LocalText(same: result.planned.titles[index]) }
      let options = FigureOptions(downloadName: "\(result.planned.key.id)-\(name).csv")
      figures.append(try chart.figureHTML(ordinal: firstFigure + index, language: language, options: options))
    }
    var writer = MarkupWriter()
    writer.element("div", ["class": "experiment", "id": result.planned.key.id]) { writer in
      writer.newline()
      for figure in figures { writer.raw(figure) }
      writer.raw(how(result, directive))
    }
    writer.newline()
    return writer.markup
  }

  private func how(_ result: ExperimentResult, _ directive: ExperimentDirective) -> RawMarkup {
    let key = result.planned.key
    var writer = MarkupWriter()
    writer.element("details", ["class": "how"]) { writer in
      writer.element("summary") { writer in
        writer.text("\(words.howComputed) · ")
        writer.element("code", text: key.id)
      }
      writer.newline()
      writer.element("p", text: result.planned.kind.summary[language])
      writer.element("pre", ["tabindex": "0"]) { $0.element("code", text: directive.source) }
      writer.element("p") { writer in
        writer.text("\(words.runAgain) ")
        writer.element("code", text: "notebook run \(key.note)")
      }
      writer.raw(table(of: result))
    }
    writer.newline()
    return writer.markup
  }

  private func table(of result: ExperimentResult) -> RawMarkup {
    let label = words.evidenceTable(result.planned.key.id)
    var writer = MarkupWriter()
    writer.element("div", ["class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label]) {
      writer in
      writer.element("table") { writer in
        writer.element("thead") { writer in
          writer.element("tr") { writer in
            for name in [words.measure, words.value, words.standardError, words.meaning] {
              writer.element("th", ["scope": "col"], text: name)
            }
          }
        }
        writer.newline()
        writer.element("tbody") { writer in
          for measure in result.outcome.measures { row(measure, in: result, to: &writer) }
        }
      }
    }
    writer.newline()
    return writer.markup
  }

  private func row(_ measure: Measure, in result: ExperimentResult, to writer: inout MarkupWriter) {
    let resolved = ResolvedMeasure(experiment: result.planned.key, measure: measure)
    writer.element("tr", ["id": Self.rowID(resolved)]) { writer in
      writer.element("th", ["scope": "row"]) { $0.element("code", text: measure.text) }
      writer.element(
        "td",
        text: NumberFormat.significant(6).string(measure.value)
          + (measure.unit.isEmpty || measure.unit == "share" ? "" : " \(measure.unit)"))
      writer.element(
        "td", text: measure.standardError.map { NumberFormat.significant(2).string($0) } ?? words.exact)
      writer.element("td", text: summary(of: measure, in: result) ?? "")
    }
    writer.newline()
  }

  // MARK: Claims

  /// Claims with their verdicts and what these rest on.
  func claims(_ verdicts: [ClaimVerdict]) -> RawMarkup {
    var writer = MarkupWriter()
    writer.element("ul", ["class": "claims"]) { writer in
      writer.newline()
      for verdict in verdicts {
        writer.element("li", ["id": verdict.statement.id.value, "class": "is-\(verdict.outcome.rawValue)"]) {
          writer in
          claim(verdict, to: &writer)
        }
        writer.newline()
      }
    }
    writer.newline()
    return writer.markup
  }

  private func claim(_ verdict: ClaimVerdict, to writer: inout MarkupWriter) {
    let statement = verdict.statement
    writer.element("p") { writer in
      writer.element("span", ["class": "verdict"], text: words.verdict(verdict.outcome))
      writer.text(" ")
      if let says = statement.says { writer.text(says) }
      if case .check(let check) = statement.basis, statement.says == nil {
        writer.element("code", text: check.value)
      }
    }
    switch statement.basis {
    case .check(let check):
      writer.element("p", ["class": "computed"]) { writer in
        if statement.says != nil {
          writer.element("code", text: check.value)
          writer.text(" · ")
        }
        writer.text(words.computed + " " + evidence(verdict))
      }
    case .cited(let source):
      writer.element("p", ["class": "computed"]) { writer in
        writer.text(words.source)
        if source.value.hasPrefix("https://") || source.value.hasPrefix("http://") {
          writer.element("a", ["href": source.value], text: source.value)
        } else {
          writer.text(source.value)
        }
      }
    }
    if let because = statement.because {
      writer.element("p", text: "\(words.because)\(language == .chinese ? "：" : ": ")\(because)")
    }
  }

  private func evidence(_ verdict: ClaimVerdict) -> String {
    let experiments = Set(verdict.evidence.map(\.experiment.id))
    let names = Set(verdict.evidence.map(\.measure.name))
    let asPercent = verdict.relation?.writesPercent == true
    var values = verdict.evidence.map { resolved in
      let labels = resolved.measure.coordinates.map(\.label).joined(separator: ", ")
      // What the relation says already need not be said again.
      let name =
        verdict.evidence.count == 1
        ? ""
        : experiments.count > 1
          ? "\(resolved.experiment.id).\(resolved.measure.text) = "
          : names.count > 1 ? "\(resolved.measure.text) = " : labels.isEmpty ? "" : "\(labels): "
      return name + Self.valueText(resolved.measure, asPercent: asPercent)
    }
    for (index, isArithmetic) in (verdict.relation?.arithmeticSides ?? []).enumerated() where isArithmetic {
      let side = verdict.sides[index]
      let text = NumberFormat.string(side.value, standardError: side.standardError, asPercent: asPercent)
      values.append(words.side(text, isLeft: index == 0))
    }
    return values.joined(separator: language == .chinese ? "；" : "; ")
  }
}
