import Wording

extension PanelPlanner {
  /// Draws cells, the outline around them, what is written into blank ones, rings and the strip of the rows.
  mutating func draw(_ heat: Heat) {
    guard let cells = panel.cells, let scale = cellScale else { return }
    let isLog = scale.colour == .log
    let levels = cells.values.map { value -> Int? in
      value.isNaN || isLog && value <= 0 ? nil : scale.level(value)
    }
    guard cells.columns > 0, cells.rows > 0 else { return }
    grids.append(
      CellGrid(rect: plot, columns: cells.columns, levels: levels, isDiverging: scale.isDiverging))
    countCells(heat, scale)
    if cells.block != (1, 1) {
      dropped.append(.pooled(series: heat.name, x: cells.block.x, y: cells.block.y))
    }
    foreground.append(Shape(.axis, outline(levels, columns: cells.columns)))
    if let blank = heat.blank, levels.contains(nil) { place(blank: blank, levels, columns: cells.columns) }
    ring(heat, cells, scale)
    if let strip = heat.rowStrip { draw(strip) }
  }

  private mutating func countCells(_ heat: Heat, _ scale: CellScale) {
    var notFinite = 0
    var nonPositive = 0
    var negative = 0
    var beyond = 0
    for value in heat.values {
      if !value.isFinite {
        if heat.blank == nil || !value.isNaN { notFinite += 1 }
      } else if scale.colour == .log, value <= 0 {
        nonPositive += 1
        if value < 0 { negative += 1 }
      } else if value < scale.low || value > scale.high {
        beyond += 1
      }
    }
    let total = heat.values.count
    if notFinite > 0 { dropped.append(.notFinite(series: heat.name, count: notFinite)) }
    if beyond > 0 { dropped.append(.beyondColours(series: heat.name, count: beyond, of: total)) }
    if nonPositive > 0, case .omit(let reason) = heat.nonPositive {
      dropped.append(
        .nonPositive(
          series: heat.name, count: nonPositive, of: total, allZero: negative == 0, because: reason))
    }
  }

  /// px of a cell.
  private func size(_ levels: [Int?], _ columns: Int) -> (width: Double, height: Double) {
    (plot.width / Double(columns), plot.height / Double(levels.count / columns))
  }

  /// The edge of the cells that are not blank: a ring per block of rows that have one run each, such as the staircase
  /// of a causal mask; the frame of the plot where a row has several.
  private func outline(_ levels: [Int?], columns: Int) -> [Subpath] {
    let (width, height) = size(levels, columns)
    let rows = levels.count / columns
    func frame() -> [Subpath] {
      let (a, b) = (GridPoint(plot.x, plot.y), GridPoint(plot.right, plot.bottom))
      return [Subpath([a, GridPoint(x: b.x, y: a.y), b, GridPoint(x: a.x, y: b.y)], closed: true)]
    }
    var rings: [Subpath] = []
    var spans: [(row: Int, first: Int, end: Int)] = []
    func close() {
      guard !spans.isEmpty else { return }
      var right: [GridPoint] = []
      var left: [GridPoint] = []
      for span in spans {
        let (top, bottom) = (plot.y + Double(span.row) * height, plot.y + Double(span.row + 1) * height)
        let (start, end) = (plot.x + Double(span.first) * width, plot.x + Double(span.end) * width)
        right += [GridPoint(end, top), GridPoint(end, bottom)]
        left += [GridPoint(start, top), GridPoint(start, bottom)]
      }
      rings.append(Subpath(Self.withoutCollinear(right + left.reversed()), closed: true))
      spans = []
    }
    for row in 0..<rows {
      let own = levels[(row * columns)..<((row + 1) * columns)]
      guard let first = own.firstIndex(where: { $0 != nil }), let last = own.lastIndex(where: { $0 != nil })
      else {
        close()
        continue
      }
      guard own[first...last].allSatisfy({ $0 != nil }) else { return frame() }
      let span = (row: row, first: first - row * columns, end: last + 1 - row * columns)
      // Blocks that meet only at a corner, or not at all, are rings of their own.
      if let previous = spans.last, previous.end <= span.first || span.end <= previous.first { close() }
      spans.append(span)
    }
    close()
    return rings
  }

  /// Writes why cells are blank where they are, or under the picture.
  private mutating func place(blank: LocalText, _ levels: [Int?], columns: Int) {
    let (width, height) = size(levels, columns)
    let text = TextMetrics.singleLine(blank)
    func isFree(_ rect: Rect) -> Bool {
      guard rect.x >= plot.x, rect.right <= plot.right, rect.y >= plot.y, rect.bottom <= plot.bottom else {
        return false
      }
      let across = Int((rect.x - plot.x) / width)...min(columns - 1, Int((rect.right - plot.x) / width))
      let down =
        Int(
          (rect.y - plot.y) / height)...min(
          levels.count / columns - 1, Int((rect.bottom - plot.y) / height))
      return down.allSatisfy { row in across.allSatisfy { levels[row * columns + $0] == nil } }
    }
    for limit in [plot.width, plot.width * 0.45, plot.width * 0.3] {
      let lines = TextMetrics.wrapped(text, to: limit, size: 12)
      guard lines.count <= 4 else { continue }
      var top = plot.y + 8
      while top + Double(lines.count) * 16 <= plot.bottom {
        for (x, anchor) in [
          (plot.right - 8, TextBox.Anchor.end), (plot.x + 8, .start), (plot.x + plot.width / 2, .middle),
        ] {
          let boxes = lines.enumerated().map {
            TextBox(
              $0.element, x: x, baseline: top + 12 + Double($0.offset) * 16, anchor: anchor, style: .axis)
          }
          let isAllFree = boxes.allSatisfy { box in
            let rect = box.rect
            return isFree(Rect(x: rect.x - 4, y: rect.y - 4, width: rect.width + 8, height: rect.height + 8))
          }
          if isAllFree {
            texts += boxes
            return
          }
        }
        top += 4
      }
    }
    statements.append(LocalText("Blank: \(blank.english).", "空白：\(blank.chinese)。"))
  }

  /// Rings around the most prominent cells, and the words that say what they are.
  private mutating func ring(_ heat: Heat, _ cells: PooledHeat, _ scale: CellScale) {
    let top = cells.top(heat.rings, scale.colour.prominence).filter {
      scale.colour != .log || cells.values[$0] > 0
    }
    guard !top.isEmpty else { return }
    let (width, height) = (plot.width / Double(cells.columns), plot.height / Double(cells.rows))
    let slack = min(width, height) < 8 ? 2.5 : 1.5
    let rings = top.map { cell -> Subpath in
      let a = GridPoint(
        plot.x + Double(cell % cells.columns) * width - slack,
        plot.y + Double(cell / cells.columns) * height - slack)
      let b = GridPoint(
        plot.x + Double(cell % cells.columns + 1) * width + slack,
        plot.y + Double(cell / cells.columns + 1) * height + slack)
      return Subpath([a, GridPoint(x: b.x, y: a.y), b, GridPoint(x: a.x, y: b.y)], closed: true)
    }
    rims += [Shape(.ringRim, rings), Shape(.ring, rings)]
    let items = top.map { cell -> LocalText in
      let index = cells.places[cell]
      let x = chart.x.placeWords(index % heat.columns)
      let y = chart.y.placeWords(index / heat.columns)
      let value = NumberFormat.text.string(cells.values[cell])
      return LocalText(
        "\(value) (\(y.english), \(x.english))", "\(value)（\(y.chinese)，\(x.chinese)）")
    }
    let english = items.map(\.english).joined(separator: ", ")
    let chinese = items.map(\.chinese).joined(separator: "、")
    let what = scale.isDiverging ? LocalText("farthest from the middle", "离中点最远") : LocalText("largest", "最大")
    let panelName = panel.title.map { LocalText("\($0.english): ", "\($0.chinese)：") } ?? LocalText(same: "")
    statements.append(
      LocalText(
        "\(panelName.english)Ringed, the \(what.english): \(english).",
        "\(panelName.chinese)圈出\(what.chinese)的单元：\(chinese)。"))
  }

  /// Bars from the left edge of the strip, one per row, with the ends of their axis.
  private mutating func draw(_ strip: Heat.RowStrip) {
    let rect = Rect(
      x: plot.right + Self.rowStripGap, y: plot.y, width: rowStripWidth, height: plot.height)
    panelPlan.rowStrip = rect
    let most = strip.values.filter(\.isFinite).max() ?? 0
    let notFinite = strip.values.filter { !$0.isFinite }.count
    if notFinite > 0 { dropped.append(.notFinite(series: strip.label, count: notFinite)) }
    let height = plot.height / Double(max(strip.values.count, 1))
    var points: [GridPoint] = [GridPoint(rect.x, rect.y)]
    for (row, value) in strip.values.enumerated() {
      let share = value.isFinite && most > 0 ? max(0, value / most) : 0
      // Whole pixels: a row is a number among many, and its digits stand in the table.
      let x = rect.x + (share * rect.width).rounded()
      points += [
        GridPoint(x, rect.y + Double(row) * height), GridPoint(x, rect.y + Double(row + 1) * height),
      ]
    }
    points.append(GridPoint(rect.x, rect.bottom))
    let (colour, _) = chart.colour.colour(of: 0, count: 1)
    var group = SeriesGroup(name: strip.label, colour: colour)
    group.shapes = [Shape(.steps, [Subpath(Self.withoutCollinear(points))])]
    groups.append(group)
    foreground.append(Shape(.axis, [Subpath([GridPoint(rect.x, rect.y), GridPoint(rect.x, rect.bottom)])]))
    guard !isFaceted, most > 0 else { return }
    let label = TextBox(
      LocalText(same: NumberFormat.text.string(most)), x: rect.right, baseline: plot.bottom + 17,
      anchor: .end,
      style: .axis)
    let zero = TextBox(
      LocalText(same: "0"), x: rect.x, baseline: plot.bottom + 17, anchor: .middle, style: .axis)
    if !label.rect.intersects(zero.rect, padding: 5) { texts.append(zero) }
    texts.append(label)
  }
}
