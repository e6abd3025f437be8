import AttentionKernel
import Claims
import Experiments
import NotebookModel
import SVGChart
import Wording

/// Makes a chart of values whose coordinates have their roles.
struct FigureBuilder {
  let frame: MeasureFrame
  let wish: FigureSpecification
  let roles: FigureRoles
  let source: LocalText

  /// Errors are drawn this many standard errors wide, either way.
  static let errorWidth = 2.0

  private var mark: FigureSpecification.Mark {
    wish.mark ?? (frame.values(of: roles.x).count > 2 ? .line : .dots)
  }

  private var errorMark: FigureSpecification.ErrorMark { wish.error ?? (mark == .line ? .band : .bars) }

  private var xAxis: XAxis { XAxis(frame: frame, name: roles.x, wish: wish.xAxis, mark: mark) }

  private var isLogY: Bool { wish.yAxis.kind?.value == .log || wish.yAxis.kind?.value == .log2 }

  /// The least and greatest that frames must all show; a logarithmic axis shows what is above 0.
  func extent(of rows: [MeasureFrame.Row]) -> ClosedRange<Double>? {
    let ends = rows.flatMap { row -> [Double] in
      let measure = row.value.measure
      let error = errorMark == .none ? 0 : Self.errorWidth * (measure.standardError ?? 0)
      return [measure.value - error, measure.value, measure.value + error]
    }.filter { $0.isFinite && (!isLogY || $0 > 0) }
    guard let low = ends.min(), let high = ends.max() else { return nil }
    if isLogY { return low / 1.2...high * 1.2 }
    let bottom = wish.yAxis.includesZero || mark == .bars ? min(0, low) : low
    let room = (high - bottom) * 0.05
    return (bottom == 0 ? 0 : bottom - room)...(high + (room > 0 ? room : 1))
  }

  /// The chart of some rows.
  ///
  /// - Parameters:
  ///   - extent: What the y axis shows where several frames must show the same.
  ///   - frameValue: What is special about this frame.
  func chart(
    rows: [MeasureFrame.Row], within extent: ClosedRange<Double>?, at frameValue: Coordinate?,
    reporting report: inout Report
  ) -> Chart? {
    var chart = Chart(
      title: FigureTitle(frame: frame, roles: roles, rows: rows, at: frameValue).text,
      subtitle: subtitle(at: frameValue), x: xAxis.axis, y: yAxis(extent), colour: colour, source: source)
    let rules = self.rules(reporting: &report)
    if let name = roles.facets {
      let panels = frame.values(of: name)
      let isPerMeasure = name == MeasureFrame.measureRole
      chart.facets = Facets(
        columns: 2, x: .shared, y: isPerMeasure ? .free : .shared,
        panels: panels.map { panel in
          let own = rows.filter { $0.coordinate(name)?.label == panel.label }
          return Panel(CoordinateWords.namedValue(panel), caption: isPerMeasure ? unitWords(of: own) : nil) {
            layers(of: own, omittedInto: &chart.remarks)
          }
        })
      chart.layers = rules
    } else {
      chart.layers = rules + layers(of: rows, omittedInto: &chart.remarks)
    }
    for note in wish.notes {
      if let x = position(note.x, onX: true, reporting: &report),
        let y = position(note.y, onX: false, reporting: &report)
      {
        chart.notes.append(Note(LocalText(same: note.text), x: x, y: y))
      }
    }
    return report.hasErrors ? nil : chart
  }

  private var colour: ColourRole {
    switch roles.series {
    case nil: .single
    case MeasureFrame.measureRole?: .nominal
    default: .ordered
    }
  }

  // MARK: Axes and words

  private func yAxis(_ extent: ClosedRange<Double>?) -> Axis {
    let measures = frame.measures
    let isShare = measures.allSatisfy { $0.unit == "share" }
    let unit = isShare ? nil : CoordinateWords.unit(measures[0].unit)
    let hasOneUnit = Set(measures.map(\.unit)).count == 1
    var label =
      measures.count == 1 ? measures[0].summary : (hasOneUnit ? unit : nil) ?? LocalText("value", "值")
    if let written = wish.yAxis.label { label = LocalText(same: written) }
    let shownUnit = measures.count == 1 && wish.yAxis.label == nil && hasOneUnit ? unit : nil
    var axis: Axis
    switch wish.yAxis.kind?.value {
    case .log: axis = .log(label, base: .ten, unit: shownUnit)
    case .log2: axis = .log(label, base: .two, unit: shownUnit)
    case .linear, .band, nil:
      axis = .linear(
        label, unit: shownUnit, includesZero: wish.yAxis.includesZero,
        format: wish.yAxis.format ?? (isShare ? .percent : .number))
    }
    if let extent { axis.domain = .exact(low: extent.lowerBound, high: extent.upperBound) }
    if wish.yAxis.low != nil || wish.yAxis.high != nil {
      let known = extent ?? self.extent(of: frame.rows)
      if let low = wish.yAxis.low ?? known?.lowerBound, let high = wish.yAxis.high ?? known?.upperBound,
        low < high
      {
        axis.domain = .exact(low: low, high: high)
      }
    }
    return axis
  }

  private func unitWords(of rows: [MeasureFrame.Row]) -> LocalText? {
    rows.first.flatMap { CoordinateWords.unit($0.value.measure.unit) }
  }

  private func subtitle(at frameValue: Coordinate?) -> LocalText? {
    let names = frame.measures.map(\.summary)
    var english = names.map(\.english).joined(separator: "; ")
    var chinese = names.map(\.chinese).joined(separator: "；")
    if let frameValue {
      english += ", \(CoordinateWords.namedValue(frameValue).english)"
      chinese += "，\(CoordinateWords.namedValue(frameValue).chinese)"
    }
    let hasErrors = errorMark != .none && frame.rows.contains { ($0.value.measure.standardError ?? 0) > 0 }
    guard hasErrors else { return LocalText(english, chinese) }
    return LocalText(
      "\(english); \(errorMark == .band ? "band" : "bars"): ±2 standard errors",
      "\(chinese)；\(errorMark == .band ? "带" : "误差线")为 ±2 个标准误")
  }

  private static let errorWords = LocalText("±2 standard errors", "±2 个标准误")

  // MARK: Marks

  /// One series: its values along x.
  private struct Points {
    let name: LocalText
    let key: Int
    var x: [Double] = []
    var y: [Double] = []
    var low: [Double] = []
    var high: [Double] = []
    var hasErrors: Bool { zip(y, high).contains { $0 < $1 } }
  }

  private func points(of rows: [MeasureFrame.Row]) -> [Points] {
    let axis = xAxis
    func points(_ rows: [MeasureFrame.Row], _ name: LocalText, _ key: Int) -> Points? {
      var points = Points(name: name, key: key)
      let placed = rows.compactMap { row in
        row.coordinate(roles.x).flatMap { axis.position(of: $0) }.map { (x: $0, measure: row.value.measure) }
      }
      for (x, measure) in placed.sorted(by: { $0.x < $1.x }) {
        let error = Self.errorWidth * (measure.standardError ?? 0)
        points.x.append(x)
        points.y.append(measure.value)
        points.low.append(measure.value - error)
        points.high.append(measure.value + error)
      }
      return points.x.isEmpty ? nil : points
    }
    guard let series = roles.series else {
      return [points(rows, frame.measures[0].summary, 0)].compactMap { $0 }
    }
    return frame.values(of: series).enumerated().compactMap { key, value in
      let own = rows.filter { $0.coordinate(series)?.label == value.label }
      return points(own, CoordinateWords.namedValue(value), key)
    }
  }

  private func layers(of rows: [MeasureFrame.Row], omittedInto remarks: inout [LocalText]) -> [Layer] {
    let series = points(of: rows)
    return series.enumerated().flatMap { place, points in
      layers(of: points, place: place, of: series.count, omittedInto: &remarks)
    }
  }

  private static let atZero = NonPositive.omit(
    because: LocalText("the band reaches 0", "带到达 0"))

  private func layers(
    of points: Points, place: Int, of count: Int, omittedInto remarks: inout [LocalText]
  ) -> [Layer] {
    var layers: [Layer] = []
    // Bars of several series stand side by side.
    let width = 0.8 / Double(count)
    let shift = mark == .bars ? width * (Double(place) - Double(count - 1) / 2) : 0
    let x = points.x.map { $0 + shift }
    switch mark {
    case .line:
      if errorMark == .band, points.hasErrors, points.x.count > 1 {
        layers.append(
          Band(
            Self.errorWords, x: x,
            low: points.low, high: points.high, level: 0.95, key: points.key, nonPositive: Self.atZero
          ).layer)
      }
      layers.append(
        Line(
          points.name, x: x, y: points.y, key: points.key, label: roles.series == nil ? .none : .automatic
        ).layer)
    case .dots:
      layers.append(Dots(points.name, x: x, y: points.y, key: points.key, labels: dotLabels(points)).layer)
    case .bars:
      layers.append(Bars(points.name, x: x, y: points.y, key: points.key, width: width * 0.9).layer)
    }
    if errorMark == .bars, points.hasErrors { layers += errorBars(points, x, omittedInto: &remarks) }
    return layers
  }

  /// The series' name beside its last point, as dots have no end that could carry it.
  private func dotLabels(_ points: Points) -> [LocalText] {
    guard roles.series != nil else { return [] }
    return points.x.indices.map { $0 == points.x.count - 1 ? points.name : LocalText(same: "") }
  }

  private func errorBars(_ points: Points, _ x: [Double], omittedInto remarks: inout [LocalText]) -> [Layer] {
    let shown = x.indices.filter { points.low[$0] < points.high[$0] && (!isLogY || points.low[$0] > 0) }
    let hidden = x.indices.count { points.low[$0] < points.high[$0] } - shown.count
    if hidden > 0 {
      remarks.append(
        LocalText(
          "\(points.name.english): \(hidden) error bar\(hidden == 1 ? "" : "s") would reach 0, which this axis does not show",
          "\(points.name.chinese)：\(hidden) 条误差线到达 0，这根轴画不出"))
    }
    guard !shown.isEmpty else { return [] }
    return [
      Interval(
        Self.errorWords, .vertical,
        at: shown.map { x[$0] }, low: shown.map { points.low[$0] }, high: shown.map { points.high[$0] },
        key: points.key
      ).layer
    ]
  }

  // MARK: Rules and notes

  private func rules(reporting report: inout Report) -> [Layer] {
    wish.rules.compactMap { rule in
      position(rule.position, onX: rule.isVertical, reporting: &report).map { place in
        let label = rule.label.map { LocalText(same: $0) }
        return rule.isVertical ? Rule(x: place, label: label).layer : Rule(y: place, label: label).layer
      }
    }
  }

  /// A place on an axis as authors write it: a number, a percentage, or on x a value of the coordinate such as √d.
  private func position(_ written: Located<String>, onX: Bool, reporting report: inout Report) -> Double? {
    if onX, let coordinate = frame.values(of: roles.x).first(where: { $0.matches(written.value) }) {
      return xAxis.position(of: coordinate)
    }
    if let number = NumberLiteral(written.value)?.number.doubleValue, number.isFinite { return number }
    let known = onX ? frame.values(of: roles.x).map(\.label) : []
    report.add(
      .invalidFigure,
      LocalText(
        "‘\(written.value.prefix(40))’ is no place on the \(onX ? "x" : "y") axis",
        "‘\(written.value.prefix(40))’ 不在 \(onX ? "x" : "y") 轴上"), at: written.range,
      label: .didYouMean(Spelling.nearest(to: written.value, among: known)),
      help: onX
        ? LocalText("write a number, or one of: ", "写一个数，或：") + .list(known, atMost: 8)
        : LocalText("write a number", "写一个数"),
      misspelling: Misspelling(value: written.value, candidates: known))
    return nil
  }
}
