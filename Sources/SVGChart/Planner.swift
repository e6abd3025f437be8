import Wording

extension Plan {
  /// Plans a chart: resolves its domains, measures its margins, places every mark and label.
  ///
  /// - Parameters:
  ///   - chart: What to draw.
  ///   - layout: 640 or 320 px wide.
  ///   - showsTitle: Whether title and subtitle are part of the picture, for files that stand alone.
  /// - Throws: ``ChartError`` where the chart cannot be drawn truthfully.
  public init(_ chart: Chart, layout: Layout = .wide, showsTitle: Bool = false) throws(ChartError) {
    self.init(try ResolvedChart(chart), layout: layout, showsTitle: showsTitle)
  }

  /// Plans a chart whose domains are known.
  init(_ resolved: ResolvedChart, layout: Layout, showsTitle: Bool = false) {
    let (chart, panels) = (resolved.chart, resolved.panels)
    var planner = Planner(chart: chart, layout: layout, panels: panels, cellScale: resolved.cellScale)
    planner.run(showsTitle: showsTitle)
    if planner.isCrowded, chart.facets == nil {
      // Lines too close for words between them: all their labels move into the right margin.
      planner = Planner(
        chart: chart.withLabelsAtEnds, layout: layout, panels: panels.map(\.withLabelsAtEnds),
        cellScale: resolved.cellScale)
      planner.run(showsTitle: showsTitle)
    }
    self = planner.plan
  }
}

extension Chart {
  /// Why the chart cannot be drawn truthfully, found without drawing it; `nil` where it can.
  public var problem: ChartError? {
    do throws(ChartError) {
      _ = try ResolvedChart(self)
      return nil
    } catch {
      return error
    }
  }
}

/// What both layouts of a chart have in common: it is truthful, and its domains are known.
struct ResolvedChart {
  let chart: Chart
  let panels: [ResolvedPanel]
  let cellScale: CellScale?

  init(_ chart: Chart) throws(ChartError) {
    let resolver = Resolver(chart: chart)
    self.chart = chart
    panels = try resolver.panels()
    cellScale = try resolver.cellScale()
  }
}

/// Fills a plan, from the top of the picture to its bottom.
struct Planner {
  let chart: Chart
  let layout: Layout
  let panels: [ResolvedPanel]
  let keyCount: Int
  let cellScale: CellScale?
  var plan: Plan
  var shortened = 0
  var hiddenLabels: [LocalText] = []
  var cursor = 0.0
  /// Whether a label inside the plot had to cross a line.
  var isCrowded = false

  private static let tickGap = 7.0
  private static let stripHeight = 24.0

  init(chart: Chart, layout: Layout, panels: [ResolvedPanel], cellScale: CellScale?) {
    self.cellScale = cellScale
    self.chart = chart
    self.layout = layout
    self.panels = panels
    keyCount = 1 + (panels.flatMap { $0.layers + ($0.strip?.layers ?? []) }.compactMap(\.key).max() ?? 0)
    plan = Plan(layout: layout)
    plan.cellScale = cellScale
    plan.width = layout.width
  }

  var isFaceted: Bool { chart.facets != nil }

  // MARK: The picture

  mutating func run(showsTitle: Bool) {
    if showsTitle {
      paragraph(chart.title, style: .title, lineHeight: 21)
      if let subtitle = chart.subtitle { paragraph(subtitle, style: .axis, lineHeight: 16) }
      cursor += 8
    }
    let columns =
      layout == .wide ? max(1, min(chart.facets?.columns ?? 1, panels.count)) : 1
    let legend = legendEntries()
    let endLabels = isFaceted ? [] : endLabelTexts()
    let widest = endLabels.map { TextMetrics.width($0.text, size: 13, bold: $0.isHero) }.max() ?? 0
    let endsInMargin = widest > 0 && widest <= layout.width * 0.36
    self.legend(legend + (endsInMargin ? [] : endLabels.map { ($0.text, $0.colour, $0.isDashed) }))
    if let cellScale { ramp(cellScale) }
    if !isBandY || !chart.y.title.english.isEmpty {
      paragraph(chart.y.title, style: .axis, lineHeight: 16)
    }
    cursor += 6

    let columnsLayout = measure(columns: columns, endMargin: endsInMargin ? widest + 14.5 : 0)
    rowStripTitle(columnsLayout)
    var first = 0
    while first < panels.count {
      let row = Array(first..<min(first + columns, panels.count))
      self.row(row, columnsLayout, endLabels: endsInMargin)
      first += columns
      if first < panels.count { cursor += 16 }
    }
    if !chart.x.title.english.isEmpty {
      cursor += 4
      let left = columnsLayout.lefts[0]
      let right = (columnsLayout.lefts.last ?? left) + columnsLayout.plotWidth
      let middle = (left + right) / 2
      let room = 2 * min(middle, layout.width - middle)
      for line in TextMetrics.wrapped(chart.x.title, to: room, size: 12) {
        cursor += 16
        plan.texts.append(TextBox(line, x: middle, baseline: cursor - 3, anchor: .middle, style: .axis))
      }
    }
    footer()
    plan.height = (cursor + 4).rounded(.up)
  }

  /// Wrapped lines at the left edge.
  mutating func paragraph(_ text: LocalText, style: TextBox.Style, lineHeight: Double) {
    let text = TextMetrics.singleLine(text)
    for line in TextMetrics.wrapped(text, to: layout.width, size: style.size, bold: style.isBold) {
      cursor += lineHeight
      plan.texts.append(TextBox(line, x: 0, baseline: cursor - 4, style: style))
    }
  }

  private mutating func footer() {
    if !hiddenLabels.isEmpty { plan.dropped.append(.labels(hiddenLabels)) }
    if shortened > 0 { plan.dropped.append(.shortened(count: shortened)) }
    var bands: [LocalText] = []
    for case .band(let band) in panels.flatMap(\.layers) where !bands.contains(band.caption ?? band.name) {
      bands.append(band.caption ?? band.name)
    }
    if !bands.isEmpty {
      plan.statements.append(
        LocalText(
          "Bands: \(bands.map(\.english).joined(separator: "; ")).",
          "带状区域：\(bands.map(\.chinese).joined(separator: "；"))。"))
    }
    plan.statements += chart.remarks
    plan.statements += Dropped.statements(plan.dropped)
    guard !plan.statements.isEmpty else { return }
    cursor += 8
    // Each language flows by itself, so that a sentence that needs fewer lines leaves no gap.
    func lines(_ language: Language) -> [String] {
      plan.statements.flatMap {
        TextMetrics.wrapped(
          TextMetrics.singleLine($0[language]), to: layout.width, size: TextBox.Style.axis.size)
      }
    }
    let (english, chinese) = (lines(.english), lines(.chinese))
    for index in 0..<max(english.count, chinese.count) {
      let text = LocalText(
        index < english.count ? english[index] : "", index < chinese.count ? chinese[index] : "")
      cursor += 16
      plan.texts.append(TextBox(text, x: 0, baseline: cursor - 4, style: .axis))
    }
  }

  // MARK: Margins

  /// What is fixed before any mark is placed: left edges and width of the plots, ticks of the axes.
  struct Columns {
    var lefts: [Double] = []
    var plotWidth = 0.0
    var plotHeight = 0.0
    var xTicks: [[PlannedTick]] = []
    var yTicks: [[PlannedTick]] = []
    var rightEdge = 0.0
  }

  var isBandY: Bool {
    if case .band = chart.y.kind { return true }
    return false
  }

  private func plotHeight(width: Double) -> Double {
    if let (_, height) = cellSize(available: width), let cells = panels.first?.cells {
      return height * Double(cells.rows)
    }
    if case .band(let names) = chart.y.kind { return Double(names.count) * (layout == .wide ? 36 : 40) }
    let base: Double
    switch chart.aspect {
    case .wide: base = layout == .wide ? 268 : 216
    case .square: return min(width, layout == .wide ? 440 : 300)
    case .strip: base = layout == .wide ? 96 : 80
    }
    guard isFaceted else { return base }
    return (base * (layout == .wide ? 0.46 : 0.52)).rounded()
  }

  /// Whether a column repeats the labels of the y axis.
  private func labelsY(column: Int) -> Bool {
    if column == 0 { return true }
    guard let facets = chart.facets else { return true }
    return facets.y != .shared
  }

  private mutating func measure(columns: Int, endMargin: Double) -> Columns {
    var result = Columns()
    result.plotHeight = plotHeight(width: layout.width * 0.8 / Double(columns))
    let yRoom = TickSearch.Room(length: result.plotHeight, size: 12, isHorizontal: false)
    result.yTicks = panels.map { yTicks($0, yRoom) }
    var labelWidth = 0.0
    for tick in result.yTicks.joined() {
      guard let label = tick.label else { continue }
      for line in nameLines(label) { labelWidth = max(labelWidth, TextMetrics.width(line, size: 12)) }
    }
    for panel in panels where panel.strip != nil {
      for label in stripLabels(panel) { labelWidth = max(labelWidth, TextMetrics.width(label, size: 12)) }
    }
    var leftPads = (0..<columns).map {
      labelsY(column: $0) ? (labelWidth + Self.tickGap + 1).rounded(.up) : 8
    }
    var rightPad = max(endMargin, 6, rowStrip == nil ? 0 : rowStripExtra)
    let isHeat = panels.contains { $0.cells != nil }
    // The outermost labels of the x axis stand out by half their width: known once the ticks are.
    for _ in 0..<3 {
      let pads = leftPads.reduce(0, +) + rightPad * Double(columns)
      let gutters = Double(columns - 1) * 10
      result.plotWidth = max(((layout.width - pads - gutters) / Double(columns)).rounded(.down), 40)
      if let size = cellSize(available: result.plotWidth), let cells = panels.first?.cells {
        result.plotWidth = size.width * Double(cells.columns)
        result.plotHeight = size.height * Double(cells.rows)
      }
      let room = TickSearch.Room(length: result.plotWidth, size: 12, isHorizontal: true)
      result.xTicks = panels.map { ticks(chart.x, $0.x, room) }
      var left = 0.0
      var right = 0.0
      for (panel, ticks) in zip(panels, result.xTicks) {
        let scale = panel.x.scale(from: 0, to: result.plotWidth)
        for tick in ticks {
          let half =
            [tick.label, tick.detail].compactMap { $0 }.map { TextMetrics.width($0, size: 12) / 2 }.max() ?? 0
          left = max(left, half - scale.position(tick.value))
          right = max(right, half + scale.position(tick.value) - result.plotWidth)
        }
      }
      let wanted = leftPads.map { max($0, left.rounded(.up)) }
      if wanted == leftPads, right.rounded(.up) <= rightPad { break }
      leftPads = wanted
      rightPad = max(rightPad, right.rounded(.up))
    }
    if isHeat {
      let room = TickSearch.Room(length: result.plotHeight, size: 12, isHorizontal: false)
      result.yTicks = panels.map { yTicks($0, room) }
    }
    var x = 0.0
    for pad in leftPads {
      x += pad
      result.lefts.append(x)
      x += result.plotWidth + rightPad + 10
    }
    result.rightEdge = layout.width
    return result
  }

  private func ticks(_ axis: Axis, _ domain: ResolvedDomain, _ room: TickSearch.Room) -> [PlannedTick] {
    // Words beside one another may take at most a third of their axis.
    func short(_ text: LocalText) -> LocalText {
      let text = TextMetrics.singleLine(text)
      return room.isHorizontal ? TextMetrics.shortened(text, to: room.length / 3, size: room.size) : text
    }
    func inside(_ ticks: [Tick]) -> [PlannedTick] {
      ticks.filter { $0.value >= domain.low && $0.value <= domain.high }
        .map { PlannedTick($0.value, short($0.label), detail: $0.detail.map(short)) }
        .sorted { $0.value < $1.value }
    }
    var domain = domain
    if case .band(let names) = domain.kind { domain.kind = .band(names.map(short)) }
    switch axis.ticks {
    case .automatic: return TickSearch.ticks(domain, format: axis.format, room: room)
    case .at(let chosen):
      return withoutCollisions(inside(chosen), winners: [], domain, room)
    case .including(let chosen):
      let winners = inside(chosen)
      let others = TickSearch.ticks(domain, format: axis.format, room: room)
        .filter { tick in !winners.contains { $0.value == tick.value } }
      return withoutCollisions(others, winners: winners, domain, room)
    }
  }

  /// Takes labels off ticks that would touch one placed before; winners are placed first, from both ends inwards.
  private func withoutCollisions(
    _ ticks: [PlannedTick], winners: [PlannedTick], _ domain: ResolvedDomain, _ room: TickSearch.Room
  ) -> [PlannedTick] {
    let scale = domain.scale(from: 0, to: room.length)
    var taken: [(Double, Double)] = []
    var result: [PlannedTick] = []
    for list in [winners, ticks] {
      for var tick in list {
        let labels = [tick.label, tick.detail].compactMap { $0 }
        let extent = labels.map { room.extent($0) }.max() ?? 0
        let at = scale.position(tick.value)
        let collides = taken.contains { abs($0.0 - at) < ($0.1 + extent) / 2 + 0.5 * room.size }
        if collides {
          tick.label = nil
          tick.detail = nil
        } else if !labels.isEmpty {
          taken.append((at, extent))
        }
        result.append(tick)
      }
    }
    return result.sorted { $0.value < $1.value }
  }

  private func yTicks(_ panel: ResolvedPanel, _ room: TickSearch.Room) -> [PlannedTick] {
    ticks(chart.y, panel.y, room)
  }

  /// The lines of a row's name: at most two, at most 38 % of the picture.
  private func nameLines(_ label: LocalText) -> [LocalText] {
    let limit = layout.width * 0.38
    if let cells = panels.first?.cells, let height = cellSize(available: layout.width)?.height,
      cells.rows > 0,
      height < 30
    {
      return [TextMetrics.shortened(TextMetrics.singleLine(label), to: limit, size: 12)]
    }
    let lines = TextMetrics.wrapped(TextMetrics.singleLine(label), to: limit, size: 12)
    guard lines.count > 2 else { return lines }
    func rest(_ language: Language) -> String {
      TextMetrics.shortened(lines[1...].map { $0[language] }.joined(separator: " "), to: limit, size: 12)
    }
    return [lines[0], LocalText(rest(.english), rest(.chinese))]
  }

  private func stripLabels(_ panel: ResolvedPanel) -> [LocalText] {
    guard let strip = panel.strip else { return [] }
    let text =
      DecimalNumber(strip.reach)?.rounded(toSignificantDigits: 3).withoutTrailingZeros.plainPositional ?? ""
    return [LocalText(same: text), LocalText(same: "−" + text)]
  }

  // MARK: Rows of panels

  private mutating func row(_ indices: [Int], _ columns: Columns, endLabels: Bool) {
    // Headers: title with caption and announcements, then the labels of vertical rules.
    var headers: [[(LocalText, TextBox.Style, Double)]] = []
    for index in indices {
      headers.append(header(panels[index], width: columns.plotWidth))
    }
    let headerLines = headers.map { header in header.map { $0.2 }.max() ?? 0 }.max() ?? 0
    for (column, header) in headers.enumerated() {
      for (text, style, line) in header {
        // A caption that fits beside the title stands at the right edge.
        let isBeside = style == .axis && line == 1
        plan.texts.append(
          TextBox(
            text, x: columns.lefts[column] + (isBeside ? columns.plotWidth : 0),
            baseline: cursor + line * 16 - 3,
            anchor: isBeside ? .end : .start, style: style))
      }
    }
    cursor += headerLines * 16 + (headerLines > 0 ? 5 : 0)
    let walls = indices.enumerated().map { column, index in
      wallLabels(panels[index], left: columns.lefts[column], width: columns.plotWidth)
    }
    let wallRows = walls.map { $0.map { $0.row + 1 }.max() ?? 0 }.max() ?? 0
    // Labels above the plot may stand over those of the y axis, the topmost of which reaches above the plot.
    let wallGap = isBandY ? 4.0 : 9.0
    if wallRows > 0 { cursor += Double(wallRows) * 15 + wallGap - 2 }
    let top = cursor
    var bottom = cursor
    for (column, index) in indices.enumerated() {
      let plot = Rect(x: columns.lefts[column], y: top, width: columns.plotWidth, height: columns.plotHeight)
      var pen = PanelPlanner(
        chart: chart, panel: panels[index], plot: plot, layout: layout, keyCount: keyCount,
        isFaceted: isFaceted, endLabels: endLabels, stripGap: indices[0] == 0 ? 24 : 14, cellScale: cellScale)
      for wall in walls[column] {
        let lift = Double(wall.row) * 15 + wallGap
        if let label = wall.label {
          plan.texts.append(
            TextBox(label, x: wall.x, baseline: top - lift, anchor: wall.anchor, style: .label))
        }
        pen.walls.append((wall.stem, wall.label == nil ? top : top - lift + 3))
      }
      pen.draw(xTicks: columns.xTicks[index], yTicks: columns.yTicks[index])
      axisLabels(pen, columns, index: index, column: column)
      if panels[index].strip != nil {
        pen.strip(height: Self.stripHeight)
        if index == 0 {
          shortenedText(panels[index].strip?.label, x: plot.x, baseline: plot.bottom + 18, limit: plot.width)
        }
        if labelsY(column: column), let strip = pen.panelPlan.strip {
          let labels = stripLabels(panels[index])
          for (label, y) in zip(labels, [strip.y + 8, strip.bottom]) {
            plan.texts.append(
              TextBox(label, x: plot.x - Self.tickGap, baseline: y, anchor: .end, style: .axis))
          }
        }
      }
      bottom = max(bottom, xLabels(pen, columns.xTicks[index]))
      plan.panels.append(pen.panelPlan)
      plan.backdrop += pen.backdrop
      plan.grids += pen.grids
      plan.statements += pen.statements
      plan.series += pen.groups
      plan.foreground += pen.foreground + pen.rims
      plan.texts += pen.texts
      plan.dropped += pen.dropped
      hiddenLabels += pen.hiddenLabels
      isCrowded = isCrowded || pen.isCrowded
    }
    cursor = bottom
  }

  /// Title, caption and announcements of a panel with the line each stands on, from 1.
  private mutating func header(
    _ panel: ResolvedPanel, width: Double
  ) -> [(LocalText, TextBox.Style, Double)] {
    guard let title = panel.title else { return [] }
    var result: [(LocalText, TextBox.Style, Double)] = []
    let limit = width
    let short = TextMetrics.shortened(TextMetrics.singleLine(title), to: limit, size: 13, bold: true)
    if short != TextMetrics.singleLine(title) { shortened += 1 }
    result.append((short, .panel, 1))
    var line = 1.0
    if let caption = panel.caption.map(TextMetrics.singleLine) {
      let room = limit - TextMetrics.width(short, size: 13, bold: true) - 10
      if TextMetrics.width(caption, size: 12) <= room {
        result.append((caption, .axis, 1))
      } else {
        for text in TextMetrics.wrapped(caption, to: limit, size: 12) {
          line += 1
          result.append((text, .axis, line))
        }
      }
    }
    for text in panel.announcements {
      line += 1
      result.append((text, .announcement, line))
    }
    return result
  }

  /// A vertical rule and its label above the plot.
  struct Wall {
    var stem: Double
    var label: LocalText?
    var x = 0.0
    var anchor = TextBox.Anchor.middle
    var row = 0
  }

  /// Labels of vertical rules in as few rows as they need; no stem crosses a label.
  private mutating func wallLabels(_ panel: ResolvedPanel, left: Double, width: Double) -> [Wall] {
    let scale = panel.x.scale(from: left, to: left + width)
    let limit = isFaceted ? width : layout.width
    let low = isFaceted ? left : 0
    var walls: [Wall] = []
    var wanted: [(stem: Double, label: LocalText, extent: Double)] = []
    for case .rule(let rule) in panel.layers {
      guard case .x(let value) = rule.position, value.isFinite else { continue }
      let stem = scale.position(value)
      guard stem >= left - 0.01, stem <= left + width + 0.01 else {
        if let label = rule.label { hiddenLabels.append(label) }
        continue
      }
      guard let label = rule.label.map(TextMetrics.singleLine) else {
        walls.append(Wall(stem: stem))
        continue
      }
      let text = TextMetrics.shortened(label, to: limit, size: 12)
      if text != label { shortened += 1 }
      wanted.append((stem, text, TextMetrics.width(text, size: 12)))
    }
    wanted.sort { $0.stem < $1.stem }
    // A few greedy orders; from right to left, each label a step higher than those right of it, always ends.
    var best: [Wall] = []
    for isReversed in [false, true] {
      for preference in 0..<3 {
        let order = isReversed ? wanted.reversed() : wanted
        let placed = placedWalls(order, preference: preference, low: low, high: low + limit)
        let rows = placed.map(\.row).max() ?? 0
        let bestRows = best.map(\.row).max() ?? 0
        if placed.count > best.count || placed.count == best.count && rows < bestRows { best = placed }
      }
    }
    for item in wanted where !best.contains(where: { $0.stem == item.stem && $0.label == item.label }) {
      hiddenLabels.append(item.label)
      walls.append(Wall(stem: item.stem))
    }
    return walls + best
  }

  private func placedWalls(
    _ wanted: [(stem: Double, label: LocalText, extent: Double)], preference: Int, low: Double, high: Double
  ) -> [Wall] {
    var walls: [Wall] = []
    var taken: [(row: Int, low: Double, high: Double)] = []
    for item in wanted {
      let middle = min(max(item.stem - item.extent / 2, low), max(low, high - item.extent))
      let places = [middle, item.stem - item.extent + 4, item.stem - 4]
      let starts = [places[preference]] + places
      search: for row in 0..<12 {
        for start in starts where start >= low - 0.01 && start + item.extent <= high + 0.01 {
          let end = start + item.extent
          let isFree =
            !taken.contains { $0.row == row && start < $0.high + 9 && $0.low < end + 9 }
            && !taken.contains { $0.row < row && $0.low - 4 < item.stem && item.stem < $0.high + 4 }
            && !walls.contains { $0.row > row && start - 4 < $0.stem && $0.stem < end + 4 }
          guard isFree else { continue }
          taken.append((row, start, end))
          walls.append(Wall(stem: item.stem, label: item.label, x: (start + end) / 2, row: row))
          break search
        }
      }
    }
    return walls
  }

  private mutating func shortenedText(_ text: LocalText?, x: Double, baseline: Double, limit: Double) {
    guard let text = text.map(TextMetrics.singleLine) else { return }
    let short = TextMetrics.shortened(text, to: limit, size: 12)
    if short != text { shortened += 1 }
    plan.texts.append(TextBox(short, x: x, baseline: baseline, style: .axis))
  }

  private mutating func axisLabels(_ pen: PanelPlanner, _ columns: Columns, index: Int, column: Int) {
    guard labelsY(column: column) else { return }
    for tick in columns.yTicks[index] {
      guard let label = tick.label else { continue }
      let y = pen.panelPlan.y.position(tick.value)
      let lines = nameLines(label)
      if lines.map({ $0.english }).joined().contains("…"), !label.english.contains("…") { shortened += 1 }
      // Each language stands in the middle of its row, with one line or two.
      let counts = Language.allCases.map { language in lines.count { !$0[language].isEmpty } }
      for (i, line) in lines.enumerated() {
        let parts =
          counts[0] == counts[1] ? [line] : [LocalText(line.english, ""), LocalText("", line.chinese)]
        for part in parts where !(part.english.isEmpty && part.chinese.isEmpty) {
          let count = parts.count == 1 ? lines.count : part.english.isEmpty ? counts[1] : counts[0]
          let middle = y + (Double(i) - Double(count - 1) / 2) * 14
          plan.texts.append(
            TextBox(part, x: pen.plot.x - Self.tickGap, baseline: middle + 4.2, anchor: .end, style: .axis))
        }
      }
    }
  }

  /// Writes the labels under a plot and returns the y below them.
  private mutating func xLabels(_ pen: PanelPlanner, _ ticks: [PlannedTick]) -> Double {
    let base = (pen.panelPlan.strip ?? pen.plot).bottom
    var bottom = base + 8
    for tick in ticks {
      let x = pen.panelPlan.x.position(tick.value)
      if let label = tick.label {
        if label.english.hasSuffix("…") || label.chinese.hasSuffix("…") { shortened += 1 }
        plan.texts.append(TextBox(label, x: x, baseline: base + 17, anchor: .middle, style: .axis))
        bottom = max(bottom, base + 20)
      }
      if let detail = tick.detail {
        plan.texts.append(TextBox(detail, x: x, baseline: base + 32, anchor: .middle, style: .axis))
        bottom = max(bottom, base + 35)
      }
    }
    if case .band = chart.x.kind, let second = ticks.firstIndex(where: { $0.value > 0 && $0.label != nil }) {
      let stride = Int(ticks[second].value)
      let item = Dropped.names(stride: stride)
      if stride > 1, !plan.dropped.contains(item) { plan.dropped.append(item) }
    }
    return bottom
  }

  // MARK: Names of series

  /// The labels that lines want at their ends.
  private func endLabelTexts() -> [(text: LocalText, colour: SeriesColour, isHero: Bool, isDashed: Bool)] {
    panels[0].layers.compactMap { layer in
      guard case .line(let line) = layer, let text = line.endLabel(isFaceted: false) else { return nil }
      let (colour, isDashed) = chart.colour.colour(of: line.key, count: keyCount)
      return (TextMetrics.singleLine(text), colour, line.weight == .hero, isDashed)
    }
  }

  /// Series that no line names: only where there are several to tell apart.
  private func legendEntries() -> [(LocalText, SeriesColour, Bool)] {
    guard !isFaceted, Set(panels[0].layers.compactMap(\.key)).count > 1 else { return [] }
    var named: [Int] = []
    for case .line(let line) in panels[0].layers where line.label != .none {
      if let key = line.key { named.append(key) }
    }
    var result: [(LocalText, SeriesColour, Bool)] = []
    for layer in panels[0].layers {
      guard let key = layer.key, !named.contains(key) else { continue }
      switch layer {
      case .steps, .bars, .dots, .interval: break
      case .line, .band, .heat, .rule, .region: continue
      }
      named.append(key)
      let (colour, _) = chart.colour.colour(of: key, count: keyCount)
      result.append((TextMetrics.singleLine(layer.name), colour, false))
    }
    return result
  }

  /// Swatches with names, in lines that flow, above the plot.
  private mutating func legend(_ entries: [(LocalText, SeriesColour, Bool)]) {
    guard !entries.isEmpty else { return }
    var x = 0.0
    cursor += 18
    for (text, colour, isDashed) in entries {
      let short = TextMetrics.shortened(text, to: layout.width - 26, size: 13)
      if short != text { shortened += 1 }
      let width = 22 + TextMetrics.width(short, size: 13)
      if x > 0, x + width > layout.width {
        x = 0
        cursor += 18
      }
      var group = SeriesGroup(name: text, colour: colour)
      let y = cursor - 9
      group.shapes = [
        Shape(
          isDashed || colour == .reference ? .dashedLine : .heroLine,
          [Subpath([GridPoint(x, y), GridPoint(x + 16, y)])])
      ]
      group.labels = [TextBox(short, x: x + 22, baseline: cursor - 4.5, style: .series)]
      plan.series.append(group)
      x += width + 18
    }
    cursor += 4
  }
}

extension Chart {
  var withLabelsAtEnds: Chart {
    var chart = self
    chart.layers = chart.layers.map(\.withLabelAtEnd)
    return chart
  }
}

extension ResolvedPanel {
  var withLabelsAtEnds: ResolvedPanel {
    var panel = self
    panel.layers = panel.layers.map(\.withLabelAtEnd)
    return panel
  }
}

extension Layer {
  var withLabelAtEnd: Layer {
    guard case .line(var line) = self, case .along(let text, _) = line.label else { return self }
    line.label = .end(text)
    return .line(line)
  }
}

extension Line {
  /// The label at the line's end, if any.
  func endLabel(isFaceted: Bool) -> LocalText? {
    switch label {
    case .automatic: isFaceted ? nil : name
    case .none, .along: nil
    case .end(let text): text
    }
  }
}

extension Layer {
  /// The place in the ramp, for layers that have one.
  package var key: Int? {
    switch self {
    case .line(let line): line.key
    case .band(let band): band.key
    case .steps(let steps): steps.key
    case .bars(let bars): bars.key
    case .dots(let dots): dots.key
    case .interval(let interval): interval.key
    case .heat, .rule, .region: nil
    }
  }

  /// The name of the series or the words on the mark.
  var name: LocalText {
    switch self {
    case .line(let line): line.name
    case .band(let band): band.name
    case .steps(let steps): steps.name
    case .bars(let bars): bars.name
    case .dots(let dots): dots.name
    case .interval(let interval): interval.name
    case .heat(let heat): heat.name
    case .rule(let rule): rule.label ?? LocalText("rule", "线")
    case .region(let region): region.label ?? LocalText("region", "区域")
    }
  }
}

extension ColourRole {
  /// The class of a key, and whether it needs dashes to differ from its neighbour.
  func colour(of key: Int?, count: Int) -> (SeriesColour, isDashed: Bool) {
    guard let key, key >= 0 else { return (.reference, true) }
    switch self {
    case .single: return (.ordered(1), false)
    case .ordered:
      if count <= 1 { return (.ordered(1), false) }
      if count <= 4 { return (.ordered((key * 3 + (count - 1) / 2) / (count - 1)), false) }
      let step = key * 4 / count
      let first = (step * count + 3) / 4
      return (.ordered(min(step, 3)), (key - first) % 2 == 1)
    case .nominal: return key < 4 ? (.nominal(key), key >= 2) : (.reference, true)
    }
  }
}
