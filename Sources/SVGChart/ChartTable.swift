import Wording

/// The data of a chart as a table: what readers of the page, of the download and of a screen reader get.
public struct ChartTable: Hashable, Sendable {
  /// What the table shows, with the constants of the chart (rules and regions).
  public var caption: LocalText
  /// Names of the columns; the first names the rows.
  public var columns: [LocalText]
  /// Rows of one cell per column.
  public var rows: [[Cell]]
  /// The runs of rows that belong together, such as the points of one series; their counts add up to that of the rows.
  public var sections: [Section]

  /// Rows that belong together.
  public struct Section: Hashable, Sendable {
    /// How many rows.
    public var count: Int
    /// Which of them stay when some are left out.
    public var thinning: Thinning
    /// How many more rows there are that were not made, because nobody will see them.
    var hidden = 0

    /// `count` rows.
    public init(_ count: Int, _ thinning: Thinning = .evenly) {
      self.count = count
      self.thinning = thinning
    }
  }

  /// Which rows stay when some are left out.
  public enum Thinning: Hashable, Sendable {
    /// Evenly apart, both ends among them.
    case evenly
    /// Evenly apart in the logarithm of their number, as on a log axis; both ends among them.
    case logarithmically
    /// The first ones: the largest cells of a heat map.
    case first
  }

  /// One cell.
  public enum Cell: Hashable, Sendable {
    /// Words; few among many numbers, so that they lie elsewhere.
    indirect case text(LocalText)
    /// A number.
    case number(Double)
    /// Nothing there.
    case empty
  }

  /// How many rows there are, with those that were not made.
  var rowCount: Int { rows.count + sections.reduce(0) { $0 + $1.hidden } }

  /// Significant digits of the numbers in tables and downloads.
  public static let digits = 6

  /// At most `count` rows (at least two of each section), the first and the last of each section among them.
  public func thinned(to count: Int) -> ChartTable {
    guard rowCount > count else { return self }
    var result = self
    let kept = keptRows(count)
    result.rows = kept.joined().map { rows[$0] }
    result.sections = zip(kept, sections).map { Section($0.count, $1.thinning) }
    return result
  }

  /// The numbers of the rows that ``thinned(to:)`` keeps, by section.
  private func keptRows(_ count: Int) -> [[Int]] {
    guard rowCount > count else {
      return [Array(rows.indices)]
    }
    var start = 0
    return sections.map { section in
      let length = section.count + section.hidden
      defer { start += section.count }
      return picked(section, max(2, length * count / max(rowCount, 1))).map { start + $0 }
    }
  }

  /// The numbers of the rows that stay.
  private func picked(_ section: Section, _ count: Int) -> [Int] {
    let length = section.count
    guard length > count, count > 1 else { return Array(0..<length) }
    switch section.thinning {
    case .first: return Array(0..<count)
    case .evenly: return (0..<count).map { ($0 * (length - 1) + (count - 1) / 2) / (count - 1) }
    case .logarithmically: break
    }
    var result = [0]
    let whole = Logarithm.base2(Double(length))
    while let last = result.last, last < length - 1, result.count < count {
      let here = Logarithm.base2(Double(last + 1))
      let wish = here + (whole - here) / Double(count - result.count)
      var next = last + 1
      while next < length - 1, Logarithm.base2(Double(next + 1)) < wish - 1e-9 { next += 1 }
      result.append(next)
    }
    return result
  }

  /// Comma-separated values with a header line (RFC 4180 with line feeds), numbers at ``digits`` significant digits.
  public func csv(_ language: Language) -> String {
    var result = header(language)
    for row in rows.indices { result += line(row, language) }
    return result
  }

  /// The first line of the file, with its line feed.
  private func header(_ language: Language) -> String {
    columns.map { Self.field($0[language]) }.joined(separator: ",") + "\n"
  }

  /// The line of a row, with its line feed.
  private func line(_ row: Int, _ language: Language) -> String {
    var result = ""
    for (index, cell) in rows[row].enumerated() {
      if index > 0 { result += "," }
      switch cell {
      case .text(let text): result += Self.field(text[language])
      case .number(let value): result += Self.machine(value)
      case .empty: break
      }
    }
    return result + "\n"
  }

  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains {
      $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\n")
        || $0 == UInt8(ascii: "\r")
    }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }

  /// As many rows as fit into `limit` bytes of a link, thinned like ``thinned(to:)``; two of each section always stay.
  func link(atMost limit: Int, _ language: Language) -> (address: String, rows: Int) {
    let head = DataLink.prefix + DataLink.encoded(header(language))
    // Few rows of many are ever written.
    var lines = [String?](repeating: nil, count: rows.count)
    func encoded(_ row: Int) -> String {
      if let line = lines[row] { return line }
      // The line feed by itself, so that a line of numbers is seen to need nothing.
      let line = DataLink.encoded(String(self.line(row, language).dropLast())) + "%0A"
      lines[row] = line
      return line
    }
    func bytes(_ rows: [Int]) -> Int { rows.reduce(head.utf8.count) { $0 + encoded($1).utf8.count } }
    // A sample tells the bytes of a row, so that data far too long are never written whole.
    let sample = keptRows(40).flatMap(\.self)
    let perRow = Double(bytes(sample)) / Double(max(sample.count, 1))
    var count = rowCount
    if perRow * Double(count) > Double(limit) * 1.5 { count = max(2, Int(Double(limit) / max(perRow, 1))) }
    var kept = keptRows(count).flatMap(\.self)
    while count > 2 {
      let length = bytes(kept)
      guard length > limit else { break }
      count = min(count - 1, max(2, count * limit / length))
      let next = keptRows(count).flatMap(\.self)
      if next.count == kept.count { break }
      kept = next
    }
    var address = head
    for row in kept { address += encoded(row) }
    return (address, kept.count)
  }

  /// A number for machines; `NaN`, `inf` or `-inf` where it is not finite.
  static func machine(_ value: Double) -> String {
    guard let number = DecimalNumber(value) else { return value.isNaN ? "NaN" : value < 0 ? "-inf" : "inf" }
    return number.rounded(toSignificantDigits: digits, ties: .toEven).machineText
  }

  /// A number for readers, without trailing zeros.
  static func readable(_ value: Double) -> String {
    guard let number = DecimalNumber(value) else { return NumberFormat.text.string(value) }
    let rounded = number.rounded(toSignificantDigits: digits, ties: .toEven).withoutTrailingZeros
    if rounded.isZero { return "0" }
    return (-4..<7).contains(rounded.leadingExponent)
      ? rounded.plainPositional : NumberFormat.scientific(rounded)
  }
}

extension Chart {
  /// All data of the chart.
  ///
  /// Where series share their positions, one row per position and one column per series; otherwise one row per mark.
  public var table: ChartTable {
    TableBuilder(chart: self).build()
  }

  /// The same, but of cells no more than the `count` largest.
  func table(atMost count: Int) -> ChartTable {
    TableBuilder(chart: self, mostCells: count).build()
  }
}

private struct TableBuilder {
  let chart: Chart
  var mostCells = Int.max

  /// A column keyed by position.
  struct Column {
    var title: LocalText
    var keys: [Double]
    var values: [Double]
  }

  /// One row of the long form.
  struct Record {
    var panel: ChartTable.Cell
    var series: ChartTable.Cell
    var values: [Double?]
  }

  func build() -> ChartTable {
    let caption = self.caption
    if let columns = joinedColumns(), let table = joined(columns, caption) { return table }
    return long(caption)
  }

  private func join(_ parts: [LocalText], _ english: String, _ chinese: String) -> LocalText {
    LocalText(
      parts.map(\.english).joined(separator: english), parts.map(\.chinese).joined(separator: chinese))
  }

  private var caption: LocalText {
    var constants: [LocalText] = []
    for panel in chart.panels {
      for layer in panel.layers {
        let text: LocalText
        switch layer {
        case .rule(let rule):
          let name = layer.name
          let value: Double
          switch rule.position {
          case .x(let x): value = x
          case .y(let y): value = y
          }
          let number = NumberFormat.text.string(value)
          text = LocalText("\(name.english) = \(number)", "\(name.chinese) = \(number)")
        case .region(let region):
          let bounds = [
            ("x ≥ ", region.xLow), ("x ≤ ", region.xHigh), ("y ≥ ", region.yLow), ("y ≤ ", region.yHigh),
          ]
          .compactMap { sign, value in value.map { sign + NumberFormat.text.string($0) } }.joined(
            separator: ", ")
          text = LocalText("\(layer.name.english): \(bounds)", "\(layer.name.chinese)：\(bounds)")
        case .line, .band, .steps, .bars, .dots, .interval, .heat: continue
        }
        if !constants.contains(text) { constants.append(text) }
      }
    }
    let measure = LocalText(
      "\(chart.y.title.english) against \(chart.x.title.english)",
      "\(chart.y.title.chinese)，按\(chart.x.title.chinese)")
    var whole = chart.y.title.english.isEmpty ? chart.x.title : measure
    for case .heat(let heat) in chart.panels.flatMap(\.layers) {
      let (x, y) = (chart.x.title, chart.y.title)
      whole = LocalText(
        "\(heat.name.english) by \(y.english) and \(x.english), largest first",
        "\(heat.name.chinese)，按\(y.chinese)和\(x.chinese)，从大到小")
    }
    guard !constants.isEmpty else { return LocalText("\(whole.english).", "\(whole.chinese)。") }
    let list = join(constants, "; ", "；")
    return LocalText("\(whole.english). \(list.english).", "\(whole.chinese)。\(list.chinese)。")
  }

  private let parts: [LocalText] = [
    LocalText("low", "下限"), LocalText("inner low", "内下限"), LocalText("middle", "中间值"),
    LocalText("inner high", "内上限"), LocalText("high", "上限"),
  ]

  /// Columns keyed by x (by y where all data are horizontal intervals), or `nil` where a layer fits neither.
  private func joinedColumns() -> (columns: [Column], isKeyedByY: Bool)? {
    var byX: [Column] = []
    var byY: [Column] = []
    for panel in chart.panels {
      if let strip = panel.strip, !strip.layers.isEmpty { return nil }
      for layer in panel.layers {
        func title(_ part: LocalText?) -> LocalText {
          join([panel.title, layer.name, part].compactMap { $0 }, " · ", " · ")
        }
        func add(_ part: LocalText?, _ keys: [Double], _ values: [Double], isY: Bool = false) {
          let column = Column(title: title(part), keys: keys, values: values)
          if isY { byY.append(column) } else { byX.append(column) }
        }
        switch layer {
        case .line(let line): add(nil, line.x, line.y)
        case .dots(let dots):
          if byX.contains(where: { $0.keys == dots.x && $0.values == dots.y }) { continue }
          add(nil, dots.x, dots.y)
        case .bars(let bars): add(nil, bars.x, bars.y)
        case .band(let band):
          add(parts[0], band.x, band.low)
          add(parts[4], band.x, band.high)
        case .interval(let interval):
          let columns = [interval.low, interval.innerLow, interval.middle, interval.innerHigh, interval.high]
          for (part, values) in zip(parts, columns) where !values.isEmpty {
            add(part, interval.at, values, isY: interval.direction == .horizontal)
          }
        case .steps, .heat: return nil
        case .rule, .region: continue
        }
      }
    }
    if byX.isEmpty != byY.isEmpty { return (byX.isEmpty ? byY : byX, byX.isEmpty) }
    return nil
  }

  private func joined(_ source: (columns: [Column], isKeyedByY: Bool), _ caption: LocalText) -> ChartTable? {
    let columns = source.columns
    var keys: [Double] = []
    var longest = 0
    for column in columns {
      guard column.keys.allSatisfy(\.isFinite) else { return nil }
      keys += column.keys
      longest = max(longest, column.keys.count)
    }
    keys.sort()
    keys = zip(keys.indices, keys).filter { $0 == 0 || keys[$0 - 1] != $1 }.map { $1 }
    guard keys.count <= longest + max(12, longest / 2) else { return nil }
    var rows = keys.map { [ChartTable.Cell.number($0)] }
    for column in columns {
      let sorted = column.keys.indices.sorted { (column.keys[$0], $0) < (column.keys[$1], $1) }
      var at = 0
      for row in rows.indices {
        var cell = ChartTable.Cell.empty
        if at < sorted.count, column.keys[sorted[at]] == keys[row] {
          cell = .number(column.values[sorted[at]])
          at += 1
          if at < sorted.count, column.keys[sorted[at]] == keys[row] { return nil }
        }
        rows[row].append(cell)
      }
    }
    let axis = source.isKeyedByY ? chart.y : chart.x
    if case .band(let names) = axis.kind {
      for row in rows.indices {
        if let name = name(keys[row], names) { rows[row][0] = .text(name) }
      }
    }
    let title = axis.title.english.isEmpty ? LocalText("row", "行") : axis.title
    return ChartTable(
      caption: caption, columns: [title] + columns.map(\.title), rows: rows,
      sections: [ChartTable.Section(rows.count, !source.isKeyedByY && isLogX ? .logarithmically : .evenly)])
  }

  private var isLogX: Bool {
    if case .log = chart.x.kind { return true }
    return false
  }

  private func name(_ value: Double, _ names: [LocalText]) -> LocalText? {
    guard value >= 0, value < Double(names.count), value == value.rounded() else { return nil }
    return names[Int(value)]
  }

  private func long(_ caption: LocalText) -> ChartTable {
    var records: [Record] = []
    var sections: [ChartTable.Section] = []
    for panel in chart.panels {
      let place = panel.title.map { ChartTable.Cell.text($0) } ?? .empty
      for layer in panel.layers + (panel.strip?.layers ?? []) {
        let before = records.count
        let series = ChartTable.Cell.text(layer.name)
        // Slots: x, x to, y, low, inner low, middle, inner high, high, value.
        func add(_ values: [Double?]) {
          records.append(Record(panel: place, series: series, values: values))
        }
        switch layer {
        case .line(let line):
          for (x, y) in zip(line.x, line.y) { add([x, nil, y, nil, nil, nil, nil, nil]) }
        case .dots(let dots):
          for (x, y) in zip(dots.x, dots.y) { add([x, nil, y, nil, nil, nil, nil, nil]) }
        case .bars(let bars):
          for (x, y) in zip(bars.x, bars.y) { add([x, nil, y, nil, nil, nil, nil, nil]) }
        case .band(let band):
          for i in band.x.indices { add([band.x[i], nil, nil, band.low[i], nil, nil, nil, band.high[i]]) }
        case .steps(let steps):
          for i in steps.heights.indices {
            add([steps.edges[i], steps.edges[i + 1], steps.heights[i], nil, nil, nil, nil, nil])
          }
        case .interval(let interval):
          for i in interval.at.indices {
            func value(_ column: [Double]) -> Double? { column.isEmpty ? nil : column[i] }
            let isX = interval.direction == .vertical
            add([
              isX ? interval.at[i] : nil, nil, isX ? nil : interval.at[i], interval.low[i],
              value(interval.innerLow), value(interval.middle), value(interval.innerHigh), interval.high[i],
            ])
          }
        case .heat(let heat):
          let (cells, total) = ranked(heat)
          for (column, row, value) in cells { add([column, nil, row, nil, nil, nil, nil, nil, value]) }
          if !cells.isEmpty {
            var section = ChartTable.Section(cells.count, .first)
            section.hidden = total - cells.count
            sections.append(section)
          }
          guard let strip = heat.rowStrip else { continue }
          let label = ChartTable.Cell.text(strip.label)
          for (row, value) in strip.values.enumerated() {
            let values = [nil, nil, Double(row), nil, nil, nil, nil, nil, value]
            records.append(Record(panel: place, series: label, values: values))
          }
          sections.append(ChartTable.Section(strip.values.count))
          continue
        case .rule, .region: break  // Constants stand in the caption.
        }
        if records.count > before { sections.append(ChartTable.Section(records.count - before)) }
      }
    }
    let hasSteps = records.contains { $0.values[1] != nil }
    let x = chart.x.title
    let titles =
      [
        hasSteps ? LocalText("\(x.english), from", "\(x.chinese)，起") : x, LocalText("to", "止"),
        chart.y.title,
      ] + parts + [LocalText("value", "值")]
    let used = titles.indices.filter { slot in
      records.contains { slot < $0.values.count && $0.values[slot] != nil }
    }
    var columns = [LocalText("series", "系列")] + used.map { titles[$0] }
    if isFaceted { columns.insert(LocalText("panel", "分图"), at: 0) }
    // Places on an axis of names are its names, those of cells their numbers.
    let readings = used.map { slot -> (slot: Int, names: [LocalText]?, first: Int) in
      guard slot <= 2 else { return (slot, nil, 0) }
      switch slot <= 1 ? chart.x.kind : chart.y.kind {
      case .band(let names): return (slot, names, 0)
      case .cells(_, let first): return (slot, nil, first)
      case .linear, .log, .symlog: return (slot, nil, 0)
      }
    }
    let rows = records.map { record in
      var row: [ChartTable.Cell] = []
      row.reserveCapacity(columns.count)
      if isFaceted { row.append(record.panel) }
      row.append(record.series)
      for reading in readings {
        guard reading.slot < record.values.count, let value = record.values[reading.slot] else {
          row.append(.empty)
          continue
        }
        if let names = reading.names, let name = name(value, names) {
          row.append(.text(name))
        } else {
          row.append(.number(value + Double(reading.first)))
        }
      }
      return row
    }
    return ChartTable(caption: caption, columns: columns, rows: rows, sections: sections)
  }

  /// The drawn cells of a heat layer, largest first, with their places on the axes.
  private func ranked(_ heat: Heat) -> (cells: [(column: Double, row: Double, value: Double)], total: Int) {
    guard heat.columns > 0 else { return ([], 0) }
    let pooled = PooledHeat(heat)
    let (order, total) = pooled.ranked(heat.colour.prominence, atMost: mostCells)
    let cells = order.map { cell in
      let place = pooled.places[cell]
      return (Double(place % heat.columns), Double(place / heat.columns), pooled.values[cell])
    }
    return (cells, total)
  }

  private var isFaceted: Bool { chart.facets != nil }
}
