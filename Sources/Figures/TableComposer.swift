import Claims
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// Makes a table of what a directive asks for.
struct TableComposer {
  private let directive: CompositionDirective
  private let document: NotebookDocument
  private let resolver: MeasureResolver
  private(set) var report: Report

  private static let mostRows = 200
  private static let mostColumns = 24

  init(_ directive: CompositionDirective, in document: NotebookDocument, resolver: MeasureResolver) {
    self.directive = directive
    self.document = document
    self.resolver = resolver
    report = Report(source: document.source)
  }

  /// How a column's numbers are written.
  private struct Format {
    var percent: Bool?
    var digits: Int?

    /// This format, with what it leaves open taken from another.
    func or(_ other: Format) -> Format {
      Format(percent: percent ?? other.percent, digits: digits ?? other.digits)
    }
  }

  private enum NumberStyle: String, CaseIterable {
    case number, percent
  }

  /// A column: its name, and the value that it has in a row.
  private struct Column {
    let name: LocalText
    let rows: [MeasureFrame.Row]
    let format: Format
  }

  /// The table; `nil` where something is wrong, which is then reported.
  mutating func compose() -> ComposedTable? {
    let id = directive.id.value
    var reader = MappingReader(
      directive.body, owner: LocalText("table ‘\(id)’", "表 ‘\(id)’"),
      at: SourceLocation(path: document.path, range: directive.id.range))
    let caption = reader.text("caption").map(CheckedText.plain)
    let rowsName = reader.requiredText("rows")
    let showsErrors = reader.flag("errors")?.value ?? false
    let format = Self.format(&reader)
    let columnsValue = reader.value("columns")
    let valuesValue = reader.value("values")
    reader.finish()
    report.add(reader.diagnostics)
    guard let columnsValue else {
      if !reader.diagnostics.hasErrors {
        report.refuse(
          LocalText("table ‘\(id)’ has no columns", "表 ‘\(id)’ 没有列"), at: directive.id.range,
          help: LocalText(
            "add ‘columns: [experiment.measure, …]’", "加上 ‘columns: [实验.度量, …]’"))
      }
      return nil
    }
    guard let rowsName else { return nil }
    var rowCoordinate: String?
    let list = MeasureList(resolver: resolver, results: resolver.results, document: document)
    let columns: [Column]
    let frame: MeasureFrame
    if let valuesValue {
      let named = list.read(valuesValue, reporting: &report, extra: { Self.format(&$0) })
      guard !report.hasErrors, let first = named.first else { return nil }
      frame = MeasureFrame([first.measure])
      guard named.count == 1, let name = columnsValue.text else {
        report.refuse(
          LocalText(
            "with ‘values’, one measure is spread over the columns of one coordinate",
            "用 ‘values’ 时，把一个度量按一个坐标排成各列"),
          at: valuesValue.range,
          help: LocalText(
            "write ‘values: \(first.measure.reference.text)’ and ‘columns: COORDINATE’, or list measures in ‘columns’",
            "写 ‘values: \(first.measure.reference.text)’ 和 ‘columns: 坐标名’，或在 ‘columns’ 里列出度量"))
        return nil
      }
      guard let across = coordinate(name, at: columnsValue.range, of: frame) else { return nil }
      columns = frame.values(of: across).map { value in
        Column(
          name: CoordinateWords.namedValue(value), rows: frame.rows(at: value), format: first.extra.or(format)
        )
      }
      rowCoordinate = coordinate(rowsName.value, at: rowsName.range, of: frame)
      if let rowCoordinate { leftOver(frame, used: [rowCoordinate, across], at: valuesValue.range) }
    } else {
      let named = list.read(columnsValue, reporting: &report, extra: { Self.format(&$0) })
      guard !report.hasErrors, !named.isEmpty else { return nil }
      frame = MeasureFrame(named.map(\.measure))
      let names = frame.values(of: MeasureFrame.measureRole)
      columns = names.enumerated().map { index, name in
        Column(
          name: LocalText(same: name.label), rows: frame.rows(at: name), format: named[index].extra.or(format)
        )
      }
      rowCoordinate = coordinate(rowsName.value, at: rowsName.range, of: frame)
      if let rowCoordinate {
        for item in named {
          leftOver(MeasureFrame([item.measure]), used: [rowCoordinate], at: item.measure.range)
        }
      }
    }
    guard let rowCoordinate, !report.hasErrors else { return nil }
    let values = frame.values(of: rowCoordinate)
    guard checkSize(values.count, columns.count) else { return nil }
    return ComposedTable(
      id: id, caption: caption.map { LocalText(same: $0) } ?? Self.caption(of: frame, by: rowCoordinate),
      rowsTitle: CoordinateWords.name(rowCoordinate), columns: columns.map(\.name),
      rows: values.map { value in
        ComposedTable.Row(
          name: CoordinateWords.value(value),
          cells: columns.map { Self.cell(in: $0, at: value, showsErrors: showsErrors) })
      })
  }

  private static func format(_ reader: inout MappingReader) -> Format {
    var format = Format()
    let style: Located<NumberStyle>? = FigureReader(path: reader.location.path).choice("format", &reader)
    format.percent = style.map { $0.value == .percent }
    if let digits = reader.text("digits") {
      if let count = Int(digits.value), (1...12).contains(count) {
        format.digits = count
      } else {
        reader.report(
          .invalidValue,
          LocalText(
            "‘digits’ must be a whole number from 1 to 12, not ‘\(digits.value.prefix(20))’",
            "‘digits’ 必须是 1 到 12 的整数，而不是 ‘\(digits.value.prefix(20))’"), at: digits.range,
          help: LocalText("such as 3", "例如 3"))
      }
    }
    return format
  }

  private static func cell(in column: Column, at value: Coordinate, showsErrors: Bool) -> ComposedTable.Cell?
  {
    guard let row = column.rows.first(where: { $0.coordinate(value.name)?.label == value.label }) else {
      return nil
    }
    let measure = row.value.measure
    let percent = column.format.percent ?? (measure.unit == "share")
    let text =
      showsErrors
      ? NumberFormat.string(measure.value, standardError: measure.standardError, asPercent: percent)
      : MeasureText.text(measure, percent: percent, digits: column.format.digits ?? 3)
    return ComposedTable.Cell(text: text, measure: row.value)
  }

  private static func caption(of frame: MeasureFrame, by rows: String) -> LocalText {
    let names = frame.measures.map(\.summary)
    let row = CoordinateWords.name(rows)
    return LocalText(
      "\(names.map(\.english).joined(separator: "; ")), by \(row.english)",
      "\(names.map(\.chinese).joined(separator: "；"))，按 \(row.chinese) 列出")
  }

  private mutating func coordinate(_ name: String, at range: Range<Int>, of frame: MeasureFrame) -> String? {
    let known = frame.coordinateNames.filter { $0 != MeasureFrame.measureRole }
    if known.contains(name) { return name }
    let nearest = Spelling.nearest(to: name, among: known)
    report.add(
      .unknownSelector,
      LocalText(
        "‘\(frame.measures[0].reference.text)’ has no coordinate called ‘\(name.prefix(60))’",
        "‘\(frame.measures[0].reference.text)’ 没有叫 ‘\(name.prefix(60))’ 的坐标"), at: range,
      label: .didYouMean(nearest),
      help: known.isEmpty
        ? LocalText("it has one value and no coordinates", "它只有一个值，没有坐标")
        : LocalText("there are: \(known.joined(separator: ", "))", "有：\(known.joined(separator: "、"))"),
      misspelling: Misspelling(written: name, candidates: known))
    return nil
  }

  /// A cell must hold one value.
  private mutating func leftOver(_ frame: MeasureFrame, used: [String], at range: Range<Int>) {
    guard let name = frame.varying.first(where: { $0 != MeasureFrame.measureRole && !used.contains($0) })
    else { return }
    var picked = frame.measures[0].reference
    picked.selectors.append(
      MeasureReference.Selector(coordinate: name, value: frame.values(of: name)[0].label))
    report.refuse(
      LocalText(
        "‘\(frame.measures[0].reference.text)’ has several values for one cell: it also differs by ‘\(name)’",
        "‘\(frame.measures[0].reference.text)’ 在一格里有几个值：它还随 ‘\(name)’ 变化"), at: range,
      help: LocalText(
        "pick one: \(picked.text); or write ‘values: \(frame.measures[0].reference.text)’ and ‘columns: \(name)’",
        "选一个：\(picked.text)；或写 ‘values: \(frame.measures[0].reference.text)’ 和 ‘columns: \(name)’"))
  }

  private mutating func checkSize(_ rows: Int, _ columns: Int) -> Bool {
    guard rows > Self.mostRows || columns > Self.mostColumns else { return true }
    report.refuse(
      LocalText(
        "\(rows) rows and \(columns) columns are more than a page can show (\(Self.mostRows) and \(Self.mostColumns))",
        "\(rows) 行 \(columns) 列，一页放不下（至多 \(Self.mostRows) 行 \(Self.mostColumns) 列）"),
      at: directive.id.range, help: LocalText("draw a figure of it", "改画成图"))
    return false
  }
}
