import Wording

/// What maps of cells need besides a plot: whole pixels for a cell, a ramp, a title over the strip of rows.
extension Planner {
  /// The strip that maps have at their right.
  var rowStrip: Heat.RowStrip? {
    for case .heat(let heat) in panels.flatMap(\.layers) { if let strip = heat.rowStrip { return strip } }
    return nil
  }

  /// px that the strip takes from the plot.
  var rowStripExtra: Double {
    PanelPlanner.rowStripGap + PanelPlanner.rowStripWidth(layout, isFaceted: isFaceted) + 8
  }

  /// Whole px of a cell where `available` px are free for a row of them, or `nil` without cells.
  ///
  /// Numbered cells are square; between names, cells may be wider than high.
  func cellSize(available: Double) -> (width: Double, height: Double)? {
    guard let cells = panels.first(where: { $0.cells != nil })?.cells, cells.columns > 0, cells.rows > 0
    else {
      return nil
    }
    let most = layout == .wide ? (isFaceted ? 300.0 : 440) : 300
    let width = max(1, (available / Double(cells.columns)).rounded(.down))
    let height = max(1, (most / Double(cells.rows)).rounded(.down))
    if case .band = chart.y.kind, chart.aspect != .square { return (min(width, 96), min(height, 36)) }
    let side = min(width, height, 48)
    return (side, side)
  }

  /// The levels with the values they stand for, above the plot.
  mutating func ramp(_ scale: CellScale) {
    let name = panels.flatMap(\.layers).compactMap { layer -> LocalText? in
      if case .heat(let heat) = layer { heat.name } else { nil }
    }.first
    guard let name else { return }
    let words = scale.words.map { LocalText(" (\($0.english))", "（\($0.chinese)）") } ?? LocalText(same: "")
    paragraph(
      LocalText(name.english + words.english, name.chinese + words.chinese), style: .axis, lineHeight: 16)
    cursor += 3
    let width = 288.0
    let rect = Rect(x: 0, y: cursor, width: width, height: 10)
    plan.grids.append(
      CellGrid(
        rect: rect, columns: scale.levels, levels: Array(0..<scale.levels), isDiverging: scale.isDiverging))
    let (a, b) = (GridPoint(rect.x, rect.y), GridPoint(rect.right, rect.bottom))
    plan.foreground.append(
      Shape(.axis, [Subpath([a, GridPoint(x: b.x, y: a.y), b, GridPoint(x: a.x, y: b.y)], closed: true)]))
    cursor += 10 + 15
    let stops = Array(zip(scale.stops, scale.labels))
    var boxes = stops.enumerated().map { index, stop in
      TextBox(
        LocalText(same: stop.1), x: width * scale.share(stop.0), baseline: cursor - 1,
        anchor: index == 0 ? .start : index == stops.count - 1 ? .end : .middle, style: .axis)
    }
    // Where labels are long, those between give way: the ends and then the middle stay.
    var kept: [TextBox] = []
    for index in [0, boxes.count - 1, boxes.count / 2] + Array(boxes.indices)
    where boxes.indices.contains(index) {
      let box = boxes[index]
      if !kept.contains(where: { $0.rect.intersects(box.rect, padding: 6) }) { kept.append(box) }
    }
    boxes = kept.sorted { $0.x < $1.x }
    plan.texts += boxes
    cursor += 10
  }

  /// Writes what the strip shows above it; on small multiples a sentence under the picture says it.
  mutating func rowStripTitle(_ columns: Columns) {
    guard let strip = rowStrip else { return }
    guard !isFaceted else {
      plan.statements.append(
        LocalText("Bars at the right: \(strip.label.english).", "右侧条形：\(strip.label.chinese)。"))
      return
    }
    let x = columns.lefts[0] + columns.plotWidth + PanelPlanner.rowStripGap
    let lines = TextMetrics.wrapped(TextMetrics.singleLine(strip.label), to: layout.width - x, size: 12)
    let title = TextMetrics.width(TextMetrics.singleLine(chart.y.title), size: 12)
    cursor += Double(lines.count - 1) * 15 + (title > x - 10 ? 16 : 0)
    for (index, line) in lines.enumerated() {
      let lift = Double(lines.count - 1 - index) * 15
      plan.texts.append(TextBox(line, x: x, baseline: cursor - 10 - lift, style: .axis))
    }
  }
}
