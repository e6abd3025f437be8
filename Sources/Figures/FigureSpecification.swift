import Diagnostics
import NotebookModel
import SVGChart
import Wording

/// What a `yaml figure` of measures asks for, read but not yet looked at together.
struct FigureSpecification {
  /// How values are drawn.
  enum Mark: String, CaseIterable {
    /// A connected line.
    case line
    /// Points.
    case dots
    /// Bars from a baseline.
    case bars
  }

  /// How standard errors are drawn.
  enum ErrorMark: String, CaseIterable {
    /// A band along a line.
    case band
    /// A bar through each value.
    case bars
    /// Not at all.
    case none
  }

  /// An axis as the author wants it; `nil` leaves it to the data.
  struct AxisWish {
    /// The kinds of scale by their names.
    enum Kind: String, CaseIterable {
      case linear, log, log2, band
    }

    var kind: Located<Kind>?
    var label: String?
    var low: Double?
    var high: Double?
    var includesZero = false
    var format: Axis.TickFormat?
    var range: Range<Int>?
  }

  /// A line across the plot.
  struct RuleWish {
    let position: Located<String>
    let isVertical: Bool
    let label: String?
  }

  /// Words at a point.
  struct NoteWish {
    let text: String
    let x: Located<String>
    let y: Located<String>
  }

  var x: Located<String>?
  var series: Located<String>?
  var facets: Located<String>?
  var frames: Located<String>?
  var mark: Mark?
  var error: ErrorMark?
  var xAxis = AxisWish()
  var yAxis = AxisWish()
  var rules: [RuleWish] = []
  var notes: [NoteWish] = []
}

/// Reads the keys of a figure directive.
struct FigureReader {
  let path: String

  /// Takes every key of a figure of measures from `reader`.
  func read(_ reader: inout MappingReader, reporting report: inout Report) -> FigureSpecification {
    var wish = FigureSpecification()
    wish.x = reader.text("x")
    wish.series = reader.text("series")
    wish.facets = reader.text("facets")
    wish.frames = reader.text("frames")
    wish.mark = choice("mark", &reader)?.value
    wish.error = choice("error", &reader)?.value
    if let axes = reader.value("axes") {
      var inner = nested(axes, LocalText("‘axes’", "‘axes’"))
      if let value = inner.value("x") { wish.xAxis = axis(value, "x", reporting: &report) }
      if let value = inner.value("y") { wish.yAxis = axis(value, "y", reporting: &report) }
      inner.finish()
      report.add(inner.diagnostics)
    }
    for item in items(reader.value("rules")) { rule(item, reporting: &report).map { wish.rules.append($0) } }
    for item in items(reader.value("notes")) { note(item, reporting: &report).map { wish.notes.append($0) } }
    return wish
  }

  /// One of the words of a closed set.
  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ reader: inout MappingReader
  ) -> Located<Choice>? where Choice: Hashable & Sendable, Choice.RawValue == String {
    guard let written = reader.text(key) else { return nil }
    guard let choice = Choice(rawValue: written.value) else {
      let known = Choice.allCases.map(\.rawValue)
      let nearest = Spelling.nearest(to: written.value, among: known)
      reader.report(
        .invalidValue,
        LocalText(
          "‘\(key)’ can't be ‘\(written.value.prefix(40))’", "‘\(key)’ 不能是 ‘\(written.value.prefix(40))’"),
        at: written.range, label: .didYouMean(nearest),
        help: LocalText(
          "it is one of: \(known.joined(separator: ", "))", "可以是：\(known.joined(separator: "、"))"),
        fixes: Fix.spelling(
          written.value, at: SourceLocation(path: path, range: written.range), among: known))
      return nil
    }
    return Located(choice, range: written.range)
  }

  private func nested(_ value: YAMLValue, _ owner: LocalText) -> MappingReader {
    MappingReader(value, owner: owner, at: SourceLocation(path: path, range: value.range))
  }

  private func items(_ value: YAMLValue?) -> [YAMLValue] {
    guard let value else { return [] }
    if case .sequence(let items) = value.content { return items }
    return [value]
  }

  private func axis(_ value: YAMLValue, _ name: String, reporting report: inout Report)
    -> FigureSpecification.AxisWish
  {
    var wish = FigureSpecification.AxisWish()
    wish.range = value.range
    // `x: log` is short for `x: {scale: log}`.
    if value.text != nil {
      let entry = YAMLEntry(key: "scale", keyRange: value.range, value: value)
      var reader = nested(
        YAMLValue(.mapping([entry]), range: value.range), LocalText("axis ‘\(name)’", "坐标轴 ‘\(name)’"))
      wish.kind = choice("scale", &reader)
      report.add(reader.diagnostics)
      return wish
    }
    var reader = nested(value, LocalText("axis ‘\(name)’", "坐标轴 ‘\(name)’"))
    wish.kind = choice("scale", &reader)
    wish.label = reader.text("label")?.value
    wish.low = number("from", &reader)
    wish.high = number("to", &reader)
    wish.includesZero = reader.flag("zero")?.value ?? false
    let format: Located<Axis.TickFormat>? = choice("format", &reader)
    wish.format = format?.value
    reader.finish()
    report.add(reader.diagnostics)
    if let low = wish.low, let high = wish.high, low >= high {
      report.refuse(
        LocalText(
          "axis ‘\(name)’ runs from \(low.machineText) to \(high.machineText)",
          "坐标轴 ‘\(name)’ 从 \(low.machineText) 到 \(high.machineText)"),
        at: value.range, help: LocalText("‘from’ must be less than ‘to’", "‘from’ 必须小于 ‘to’"))
      wish.low = nil
      wish.high = nil
    }
    return wish
  }

  private func number(_ key: String, _ reader: inout MappingReader) -> Double? {
    guard let written = reader.text(key) else { return nil }
    guard let number = DecimalNumber(plainText: written.value)?.doubleValue, number.isFinite else {
      reader.report(
        .invalidValue,
        LocalText(
          "‘\(key)’ must be a number, not ‘\(written.value.prefix(40))’",
          "‘\(key)’ 必须是数，而不是 ‘\(written.value.prefix(40))’"),
        at: written.range)
      return nil
    }
    return number
  }

  private func rule(_ value: YAMLValue, reporting report: inout Report) -> FigureSpecification.RuleWish? {
    var reader = nested(value, LocalText("a rule", "参考线"))
    let x = reader.text("x")
    let y = reader.text("y")
    let label = reader.text("label")?.value
    reader.finish()
    report.add(reader.diagnostics)
    guard !reader.diagnostics.hasErrors else { return nil }
    switch (x, y) {
    case (let x?, nil): return FigureSpecification.RuleWish(position: x, isVertical: true, label: label)
    case (nil, let y?): return FigureSpecification.RuleWish(position: y, isVertical: false, label: label)
    default:
      report.refuse(
        LocalText("a rule stands at an x or at a y", "参考线要么有 x，要么有 y"), at: value.range,
        help: LocalText(
          "write {y: 0.9, label: …} or {x: √d, label: …}", "写成 {y: 0.9, label: …} 或 {x: √d, label: …}"))
      return nil
    }
  }

  private func note(_ value: YAMLValue, reporting report: inout Report) -> FigureSpecification.NoteWish? {
    var reader = nested(value, LocalText("a note in a figure", "图中注记"))
    let text = reader.requiredText("text")
    let x = reader.requiredText("x")
    let y = reader.requiredText("y")
    reader.finish()
    report.add(reader.diagnostics)
    guard let text, let x, let y else { return nil }
    return FigureSpecification.NoteWish(text: text.value, x: x, y: y)
  }
}
