import AttentionKernel
import Claims
import Diagnostics
import Experiments
import Figures
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

  /// A number with its evidence: what was computed, where and from what. It shows on hover and on focus, and stays when
  /// the number is followed.
  func checkedNumber(_ verdict: NumberVerdict, ordinal: Int, from note: String, result: ExperimentResult)
    -> RawMarkup
  {
    let measure = verdict.resolved.measure
    let asPercent = verdict.number.literal?.writtenPower == -2
    var writer = MarkupWriter()
    writer.element("span", ["class": "checked", "id": RecordAnchor.number(ordinal)]) { writer in
      writer.element(
        "a",
        [
          "href": "#\(RecordAnchor.evidence(ordinal))", "aria-describedby": RecordAnchor.evidence(ordinal),
          "data-value": measure.value.machineText,
        ],
        text: verdict.shownText)
      writer.element("span", ["class": "evidence", "id": RecordAnchor.evidence(ordinal)]) { writer in
        evidence(for: measure, asPercent: asPercent, ordinal: ordinal, from: note, result, to: &writer)
      }
    }
    return writer.markup
  }

  private func evidence(
    for measure: Measure, asPercent: Bool, ordinal: Int, from note: String, _ result: ExperimentResult,
    to writer: inout MarkupWriter
  ) {
    let key = result.planned.key
    writer.text("\(words.computed) ")
    writer.element("b", text: Self.valueText(measure, asPercent: asPercent))
    if !measure.unit.isEmpty, measure.unit != "share" { writer.text(" \(measure.unit)") }
    writer.text(measure.samples.map { " · \(words.samples($0))" } ?? " · \(words.exact)")
    writer.void("br")
    if let summary = summary(of: measure, in: result) {
      writer.text(summary)
      writer.void("br")
    }
    let conditions = measure.coordinates.map { "\($0.name) = \($0.label)" }.joined(separator: ", ")
    writer.element("code", text: "\(key.id).\(measure.name)")
    if !conditions.isEmpty { writer.text(" · \(conditions)") }
    writer.void("br")
    writer.text("\(result.planned.kind.name): \(Self.chosenParameters(of: result))")
    writer.void("br")
    let row = ResolvedMeasure(experiment: key, measure: measure)
    writer.element("a", ["href": href(of: row, from: note)], text: words.howComputed)
    writer.element(
      "a", ["class": "close", "href": "#\(RecordAnchor.number(ordinal))", "aria-label": words.close],
      text: "×")
  }

  /// The parameters of an experiment on one line, the seed last as it stands; long lists by their ends, and
  /// nothing of those that were left out.
  static func parameters(of result: ExperimentResult) -> String {
    result.planned.parameters.entries.filter { $0.value != .absent }
      .map { "\($0.name) \($0.value.published.briefText)" }.joined(separator: ", ")
  }

  /// The same without what was left as the kind has it; the page lists all of them once, at its end.
  private static func chosenParameters(of result: ExperimentResult) -> String {
    let defaults = result.planned.kind.parameters
    return result.planned.parameters.entries.filter { entry in
      if case .seed = entry.value { return true }
      return defaults.first { $0.name == entry.name }?.defaultValue != entry.value
    }
    .map { "\($0.name) \($0.value.published.briefText)" }.joined(separator: ", ")
  }

  /// The address of a value's row among the evidence, as seen from a note's page.
  private func href(of resolved: ResolvedMeasure, from note: String) -> String {
    let prefix =
      resolved.experiment.note == note
      ? "" : map.pages[resolved.experiment.note].map { Address.encodedPath($0.path) } ?? ""
    return "\(prefix)#\(Address.encoded(Self.rowID(resolved)))"
  }

  static func rowID(_ resolved: ResolvedMeasure) -> String {
    ([resolved.experiment.id, resolved.measure.name] + resolved.measure.coordinates.map(\.label)).joined(
      separator: ".")
  }

  /// The value with as many digits as its error supports, shares as percentages where the text has them so.
  private static func valueText(_ measure: Measure, asPercent: Bool) -> String {
    NumberFormat.string(
      measure.value.published, standardError: measure.standardError?.published,
      asPercent: asPercent && measure.unit == "share")
  }

  private func summary(of measure: Measure, in result: ExperimentResult) -> String? {
    result.planned.kind.measures.first { $0.name == measure.name }?.summary[language]
  }

  // MARK: Experiments

  /// The figures of an experiment, and how they were computed.
  ///
  /// - Parameter relied: The values that what the site says rests on.
  /// - Throws: `ChartError` where a figure can't be drawn truthfully.
  func experiment(
    _ result: ExperimentResult, directive: ExperimentDirective, page: SiteMap.Page, relied: ReliedMeasures
  ) throws(ChartError) -> RawMarkup {
    var figures: [RawMarkup] = []
    for (name, chart) in result.shownFigures {
      guard let part = page.numbering.parts[PageAnchor.figure(result.planned.key.id, name)] else {
        preconditionFailure("the figure \(name) of \(result.planned.key.id) was not counted")
      }
      var options = FigureOptions(
        downloadName: "\(result.planned.key.id)-\(name)", label: part.label, id: part.anchor)
      options.dataAddress = Address.encodedPath(FigureData.path(page, result.planned.key.id, figure: name))
      figures.append(try chart.figureHTML(ordinal: part.number, language: language, options: options))
    }
    var writer = MarkupWriter()
    writer.element("div", ["class": "experiment", "id": result.planned.key.id]) { writer in
      writer.newline()
      for figure in figures { writer.raw(figure) }
      writer.raw(how(result, directive, relied))
    }
    writer.newline()
    return writer.markup
  }

  /// A figure of the author's own.
  ///
  /// - Throws: `ChartError` where it can't be drawn truthfully.
  func figure(
    _ figure: ComposedFigure, _ part: NumberedPart, page: SiteMap.Page
  ) throws(ChartError) -> RawMarkup {
    var options = FigureOptions(downloadName: figure.id, label: part.label, id: part.anchor)
    options.dataAddress = Address.encodedPath(FigureData.path(page, figure.id))
    options.drag = figure.row.map {
      FigureOptions.Drag(
        scores: $0.scores, headDimension: $0.headDimension,
        words: LocalText("drag the scale|largest weight|effective keys", "拖动 scale|最大权重|等效键数"))
    }
    var writer = MarkupWriter()
    writer.open("div", ["class": "composed", "id": figure.id])
    writer.newline()
    if let title = figure.framesTitle, figure.frames.count > 1 {
      writer.raw(
        try Chart.figureHTML(
          frames: figure.frames.map { ($0.label, $0.chart) }, of: title, ordinal: part.number,
          language: language, options: options))
    } else {
      writer.raw(
        try figure.frames[0].chart.figureHTML(ordinal: part.number, language: language, options: options))
    }
    if figure.row != nil { writer.element("script", ["src": DragScript.path, "defer": ""], text: "") }
    writer.close("div")
    writer.newline()
    return writer.markup
  }

  /// Why a figure of the author's own can't be drawn truthfully; `nil` where it can.
  static func problem(of figure: ComposedFigure) -> ChartError? {
    if figure.frames.count > ChartStyleSheet.mostFrames { return .invalidParameter("frames") }
    return figure.frames.lazy.compactMap(\.chart.problem).first
  }

  /// A table of the author's own; every number leads to its evidence.
  func table(_ table: ComposedTable, _ part: NumberedPart, from note: String) -> RawMarkup {
    let caption = table.caption[language]
    var writer = MarkupWriter()
    writer.open("div", ["class": "composed", "id": table.id])
    writer.newline()
    writer.open("figure", ["class": "data-table", "id": part.anchor])
    writer.element("figcaption") { writer in
      writer.element("span", ["class": "chart-number"], text: part.label[language])
      writer.text(caption)
    }
    writer.newline()
    writer.element(
      "div", ["class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": caption]
    ) { writer in
      writer.element("table") { writer in
        writer.element("thead") { writer in
          writer.element("tr") { writer in
            writer.element("th", ["scope": "col"], text: table.rowsTitle[language])
            for column in table.columns {
              writer.element("th", ["scope": "col", "class": "align-right"], text: column[language])
            }
          }
        }
        writer.newline()
        writer.element("tbody") { writer in
          for row in table.rows {
            writer.element("tr") { writer in
              writer.element("th", ["scope": "row"], text: row.name[language])
              for cell in row.cells { self.cell(cell, from: note, to: &writer) }
            }
            writer.newline()
          }
        }
      }
    }
    writer.close("figure")
    writer.newline()
    writer.close("div")
    writer.newline()
    return writer.markup
  }

  private func cell(_ cell: ComposedTable.Cell?, from note: String, to writer: inout MarkupWriter) {
    writer.element("td", ["class": "align-right"]) { writer in
      guard let cell else { return writer.text("–") }
      writer.element(
        "a", ["class": "computed-number", "href": href(of: cell.measure, from: note)], text: cell.text)
    }
  }

  private func how(
    _ result: ExperimentResult, _ directive: ExperimentDirective, _ relied: ReliedMeasures
  ) -> RawMarkup {
    let key = result.planned.key
    var writer = MarkupWriter()
    writer.element("details", ["class": "how"]) { writer in
      writer.element("summary") { writer in
        writer.text("\(words.howComputed) · ")
        writer.element("code", text: key.id)
      }
      writer.newline()
      writer.element("p", text: result.planned.kind.summary[language])
      let written = "```yaml experiment \(key.id)\n\(directive.source)```"
      writer.element("pre", ["tabindex": "0"]) { $0.element("code", text: written) }
      writer.element("p", text: words.runAgain)
      writer.element("pre", ["class": "command", "tabindex": "0"]) {
        $0.element("code", text: "notebook run \(ShellWord.quoted(key.note))")
      }
      let shown = result.outcome.measures.filter {
        relied.contains(ResolvedMeasure(experiment: key, measure: $0))
      }
      let all = result.outcome.measures.count
      writer.element("p") { writer in
        writer.text(words.relied(shown.count, of: all))
        if shown.count < all {
          writer.element("a", ["href": SiteRecord.fileName], text: SiteRecord.fileName)
          writer.text(words.stop)
        }
      }
      writer.raw(table(of: shown, in: result))
    }
    writer.newline()
    return writer.markup
  }

  /// Measures of an experiment, a row each; nothing where there are none.
  func table(of measures: [Measure], in result: ExperimentResult) -> RawMarkup {
    if measures.isEmpty { return .empty }
    let label = words.evidenceTable(result.planned.key.id)
    var writer = MarkupWriter()
    writer.element("div", ["class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label]) {
      writer in
      writer.element("table") { writer in
        writer.element("thead") { writer in
          writer.element("tr") { writer in
            for name in [words.measure, words.value, words.standardError, words.sampleCount, words.meaning] {
              writer.element("th", ["scope": "col"], text: name)
            }
          }
        }
        writer.newline()
        writer.element("tbody") { writer in
          for measure in measures { row(measure, in: result, to: &writer) }
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
        text: NumberFormat.significant(6).string(measure.value.published)
          + (measure.unit.isEmpty || measure.unit == "share" ? "" : " \(measure.unit)"))
      writer.element(
        "td",
        text: measure.standardError.map { NumberFormat.significant(2).string($0.published) }
          ?? (measure.errorIsUnknown ? words.unknownError : words.exact))
      writer.element("td", text: measure.samples.map { NumberFormat.decimals(0).string(Double($0)) } ?? "–")
      writer.element("td", text: summary(of: measure, in: result) ?? "")
    }
    writer.newline()
  }

  // MARK: Claims

  /// Claims with their verdicts and what these rest on.
  func claims(_ verdicts: [ClaimVerdict]) -> RawMarkup {
    claims(verdicts, id: \.statement.id.value, page: nil)
  }

  /// The claims of a note for the page that lists those of all notes; each leads to its place in its own page.
  func listing(_ verdicts: [ClaimVerdict], of page: SiteMap.Page) -> RawMarkup {
    claims(
      verdicts, id: { RecordAnchor.listed($0.statement.id.value, of: page) },
      page: Address.encodedPath(page.path))
  }

  private func claims(_ verdicts: [ClaimVerdict], id: (ClaimVerdict) -> String, page: String?) -> RawMarkup {
    var writer = MarkupWriter()
    writer.element("ul", ["class": "claims"]) { writer in
      writer.newline()
      for verdict in verdicts {
        writer.element("li", ["id": id(verdict), "class": "is-\(verdict.outcome.rawValue)"]) { writer in
          claim(verdict, page: page, to: &writer)
        }
        writer.newline()
      }
    }
    writer.newline()
    return writer.markup
  }

  private func claim(_ verdict: ClaimVerdict, page: String?, to writer: inout MarkupWriter) {
    let statement = verdict.statement
    writer.element("p") { writer in
      writer.element(
        "span", ["class": "verdict"],
        text: words.verdict(verdict.outcome, isExpected: statement.expectation == .refuted))
      writer.text(" ")
      if let page {
        writer.open("a", ["href": "\(page)#\(Address.encoded(statement.id.value))"])
      }
      if let says = statement.says {
        writer.text(says.plain)
      } else if case .check(let check) = statement.basis {
        writer.element("code", text: check.value)
      }
      if page != nil { writer.close("a") }
    }
    switch statement.basis {
    case .check(let check):
      writer.element("p", ["class": "computed"]) { writer in
        if statement.says != nil {
          writer.element("code", text: check.value)
          writer.text(" · ")
        }
        writer.text(words.computed + " " + evidence(verdict))
        if let margin = verdict.margin { writer.text(" · " + words.margin(margin.published)) }
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
      writer.element("p", text: "\(words.because)\(language == .chinese ? "：" : ": ")\(because.plain)")
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
      let text = NumberFormat.string(
        side.value.published, standardError: side.standardError.published, asPercent: asPercent)
      values.append(words.side(text, isLeft: index == 0))
    }
    return values.joined(separator: language == .chinese ? "；" : "; ")
  }
}

/// The names by which pages and `claims.json` speak of the same thing; `docs/claims-json.md` tells them to others.
enum RecordAnchor {
  /// A checked number of a page, counted from 1.
  static func number(_ ordinal: Int) -> String { "number.\(ordinal)" }

  /// The panel with a number's evidence.
  static func evidence(_ ordinal: Int) -> String { "evidence.\(ordinal)" }

  /// A note in the list of all notes' claims.
  static func listed(_ page: SiteMap.Page) -> String { "note.\(page.frontMatter.slug.value)" }

  /// A claim in that list.
  static func listed(_ claim: String, of page: SiteMap.Page) -> String {
    "claim.\(page.frontMatter.slug.value).\(claim)"
  }
}

extension Double {
  /// The value at the twelve digits that `claims.json` gives: what pages print is made from it, so that whoever has that
  /// file can make the same digits.
  var published: Double { Double(machineText) ?? self }
}

/// A word of a command line.
enum ShellWord {
  /// The word as a shell wants it: in quotation marks where it holds more than plain characters.
  static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy {
      $0.value >= 0x80 || $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "-._/".unicodeScalars.contains($0)
    }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
