import Wording

/// Places the marks and the labels of one panel.
struct PanelPlanner {
  let chart: Chart
  let panel: ResolvedPanel
  let plot: Rect
  let layout: Layout
  let keyCount: Int
  let isFaceted: Bool
  let endLabels: Bool
  /// px between the plot and its strip.
  let stripGap: Double
  /// The levels of cells, where the chart has any.
  let cellScale: CellScale?
  var panelPlan: PanelPlan
  var walls: [(x: Double, top: Double)] = []
  var backdrop: [Shape] = []
  var groups: [SeriesGroup] = []
  var foreground: [Shape] = []
  var grids: [CellGrid] = []
  /// Rings, over everything.
  var rims: [Shape] = []
  /// Sentences for under the picture.
  var statements: [LocalText] = []
  var texts: [TextBox] = []
  var dropped: [Dropped] = []
  var hiddenLabels: [LocalText] = []
  var isCrowded = false
  private var placer: Placer
  /// Keys of `groups`, in the same order.
  private var keys: [Int?] = []
  private var ends: [(text: LocalText, at: (Double, Double), meanY: Double, group: Int, isHero: Bool)] = []
  private var lastPlaces: (scale: PositionScale, values: [Double], places: [Double])?
  private var wishes: [(texts: [TextBox], group: Int?, label: LocalText, isAlong: Bool)] = []

  init(
    chart: Chart, panel: ResolvedPanel, plot: Rect, layout: Layout, keyCount: Int, isFaceted: Bool,
    endLabels: Bool, stripGap: Double, cellScale: CellScale?
  ) {
    self.chart = chart
    self.panel = panel
    self.plot = plot
    self.layout = layout
    self.keyCount = keyCount
    self.isFaceted = isFaceted
    self.endLabels = endLabels
    self.stripGap = stripGap
    self.cellScale = cellScale
    placer = Placer(bounds: ClipBox(left: plot.x, top: plot.y, right: plot.right, bottom: plot.bottom))
    let x = panel.x.scale(from: plot.x, to: plot.right)
    let y: PositionScale
    if panel.y.kind.isDiscrete {
      y = panel.y.scale(from: plot.y, to: plot.bottom)  // The first name is on top.
    } else {
      y = panel.y.scale(from: plot.bottom, to: plot.y)
    }
    panelPlan = PanelPlan(plot: plot, x: x, y: y, xTicks: [], yTicks: [])
  }

  /// What marks are drawn into: the plot or its strip.
  private struct Surface {
    var x: PositionScale, y: PositionScale
    var clip: ClipBox
    var hasLabels: Bool
  }

  mutating func draw(xTicks: [PlannedTick], yTicks: [PlannedTick]) {
    panelPlan.xTicks = xTicks
    panelPlan.yTicks = yTicks
    axes()
    let surface = Surface(x: panelPlan.x, y: panelPlan.y, clip: placer.bounds, hasLabels: true)
    for layer in panel.layers { draw(layer, on: surface) }
    paintBands()
    for note in chart.notes { place(note) }
    labels()
    finish()
  }

  /// Draws the strip under the plot.
  mutating func strip(height: Double) {
    guard let strip = panel.strip else { return }
    let top = plot.bottom + stripGap
    let rect = Rect(x: plot.x, y: top, width: plot.width, height: height)
    panelPlan.strip = rect
    let clip = ClipBox(left: rect.x, top: rect.y, right: rect.right, bottom: rect.bottom)
    let y = PositionScale.linear(
      LinearScale(low: -strip.reach, high: strip.reach, start: rect.bottom, end: rect.y))
    let kept = groups
    groups = []
    keys = []
    let surface = Surface(x: panelPlan.x, y: y, clip: clip, hasLabels: false)
    for layer in strip.layers { draw(layer, on: surface) }
    // Marks of the strip belong to the series of the plot that has their key.
    let own = groups
    groups = kept
    for group in own {
      if let index = groups.firstIndex(where: { $0.colour == group.colour }) {
        groups[index].shapes += group.shapes
      } else {
        groups.append(group)
      }
    }
    let middle = top + height / 2
    foreground.append(Shape(.axis, [Subpath([GridPoint(rect.x, middle), GridPoint(rect.right, middle)])]))
  }

  // MARK: Row strips

  /// px between cells and the strip of their rows.
  static let rowStripGap = 12.0
  /// px of the strip.
  var rowStripWidth: Double { Self.rowStripWidth(layout, isFaceted: isFaceted) }

  static func rowStripWidth(_ layout: Layout, isFaceted: Bool) -> Double {
    isFaceted ? 28 : layout == .wide ? 80 : 52
  }

  // MARK: Axes

  private mutating func axes() {
    var grid: [Subpath] = []
    var lines: [Subpath] = []
    let base = panel.strip == nil ? plot.bottom : plot.bottom + stripGap + 24
    if panel.cells != nil {
      // Cells are their own grid.
    } else if panel.y.kind.isDiscrete {
      // Rows need no grid; what runs along x does.
      for tick in panelPlan.xTicks where tick.label != nil {
        let x = panelPlan.x.position(tick.value)
        grid.append(Subpath([GridPoint(x, plot.y), GridPoint(x, plot.bottom)]))
      }
    } else {
      for tick in panelPlan.yTicks where tick.label != nil {
        let y = panelPlan.y.position(tick.value)
        grid.append(Subpath([GridPoint(plot.x, y), GridPoint(plot.right, y)]))
      }
    }
    if let zero = zeroLine { lines.append(zero) }
    if panel.cells == nil {
      lines.append(Subpath([GridPoint(plot.x, plot.bottom), GridPoint(plot.right, plot.bottom)]))
    }
    if panel.cells != nil || panel.x.kind.isDiscrete {
      // Names stand under their bars without ticks.
    } else {
      for tick in panelPlan.xTicks {
        let x = panelPlan.x.position(tick.value)
        let length = tick.label == nil ? 3.0 : 5
        lines.append(Subpath([GridPoint(x, base), GridPoint(x, base + length)]))
      }
    }
    if !grid.isEmpty { backdrop.append(Shape(.grid, grid)) }
    if !lines.isEmpty { foreground.append(Shape(.axis, lines)) }
  }

  /// The line that bars and steps of both signs stand on.
  private var zeroLine: Subpath? {
    switch panel.y.kind {
    case .linear, .symlog: break
    case .log, .band, .cells: return nil
    }
    guard panel.y.low < 0, panel.y.high > 0 else { return nil }
    let hasBase = panel.layers.contains { layer in
      switch layer {
      case .bars, .steps: true
      case .line, .band, .dots, .interval, .heat, .rule, .region: false
      }
    }
    let y = panelPlan.y.position(0)
    return hasBase ? Subpath([GridPoint(plot.x, y), GridPoint(plot.right, y)]) : nil
  }

  // MARK: Layers

  private mutating func draw(_ layer: Layer, on surface: Surface) {
    switch layer {
    case .line(let line): draw(line, on: surface)
    case .band(let band): draw(band, on: surface)
    case .steps(let steps): draw(steps, on: surface)
    case .bars(let bars): draw(bars, on: surface)
    case .dots(let dots): draw(dots, on: surface)
    case .interval(let interval): draw(interval, on: surface)
    case .heat(let heat): if surface.hasLabels { draw(heat) }
    case .rule(let rule): draw(rule, on: surface)
    case .region(let region): draw(region, on: surface)
    }
  }

  /// The group of a key, made where there is none yet.
  private mutating func group(_ key: Int?, name: LocalText, isHero: Bool = false) -> Int {
    let colour = chart.colour.colour(of: key, count: keyCount).0
    if let index = keys.firstIndex(of: key), key != nil || groups[index].name == name {
      groups[index].isHero = groups[index].isHero || isHero
      return index
    }
    keys.append(key)
    groups.append(SeriesGroup(name: name, colour: colour, isHero: isHero))
    return groups.count - 1
  }

  private mutating func draw(_ line: Line, on surface: Surface) {
    let isHero = line.weight == .hero
    let index = group(line.key, name: line.name, isHero: isHero)
    groups[index].name = line.name
    var runs: [[(x: Double, y: Double)]] = []
    var run: [(x: Double, y: Double)] = []
    var notFinite = 0
    var nonPositive = 0
    var negative = 0
    var outside = 0
    let places = self.places(line.x, on: surface.x)
    for (place, (x, y)) in zip(line.x, line.y).enumerated() {
      let isDrawn = x.isFinite && y.isFinite && (y > 0 || !surface.y.isLog)
      guard isDrawn else {
        if x.isFinite, y.isFinite {
          nonPositive += 1
          if y < 0 { negative += 1 }
        } else {
          notFinite += 1
        }
        if !run.isEmpty { runs.append(run) }
        run = []
        continue
      }
      let point = (x: places[place], y: surface.y.position(y))
      if !surface.clip.contains(point.x, point.y) { outside += 1 }
      run.append(point)
    }
    if !run.isEmpty { runs.append(run) }
    count(line.name, notFinite: notFinite, outside: outside, of: line.x.count)
    if nonPositive > 0, case .omit(let reason) = line.nonPositive {
      dropped.append(
        .nonPositive(
          series: line.name, count: nonPositive, of: line.x.count, allZero: negative == 0, because: reason))
    }
    let pieces = runs.flatMap { surface.clip.clipped($0) }.map { PathSimplifier.simplified($0) }
    let lone = pieces.filter { $0.count == 1 }.map { Subpath($0) }
    let paths = pieces.filter { $0.count > 1 }.map { Subpath($0) }
    let isDashed = chart.colour.colour(of: line.key, count: keyCount).isDashed
    if !paths.isEmpty {
      groups[index].shapes.append(Shape(isHero ? .heroLine : isDashed ? .dashedLine : .line, paths))
    }
    if !lone.isEmpty { groups[index].shapes.append(Shape(.dot, lone)) }
    guard surface.hasLabels else { return }
    placer.avoid(paths + lone)
    if case .along(let text, let near) = line.label {
      wish(along: pieces, text: TextMetrics.singleLine(text), near: near, group: index, isHero: isHero)
    } else if endLabels, let text = line.endLabel(isFaceted: isFaceted) {
      if let end = pieces.last?.last {
        // Lines that end together are told apart by their mean heights.
        let ys = runs.joined().map(\.y)
        let mean = ys.reduce(0, +) / Double(max(ys.count, 1))
        ends.append(
          (TextMetrics.singleLine(text), (Double(end.x) / 10, Double(end.y) / 10), mean, index, isHero))
      } else {
        hiddenLabels.append(text)
      }
    }
  }

  /// Where values lie along x; lines that share their positions have them computed once.
  private mutating func places(_ values: [Double], on scale: PositionScale) -> [Double] {
    if let last = lastPlaces, last.scale == scale, last.values == values { return last.places }
    let places = values.map { $0.isFinite ? scale.position($0) : .nan }
    lastPlaces = (scale, values, places)
    return places
  }

  private mutating func count(_ name: LocalText, notFinite: Int, outside: Int, of total: Int) {
    if notFinite > 0 { dropped.append(.notFinite(series: name, count: notFinite)) }
    if outside > 0 { dropped.append(.outside(series: name, count: outside, of: total)) }
  }

  private mutating func draw(_ band: Band, on surface: Surface) {
    let index = group(band.key, name: band.name)
    var polygons: [Subpath] = []
    var upper: [(x: Double, y: Double)] = []
    var lower: [(x: Double, y: Double)] = []
    var notFinite = 0
    var floored = 0
    var negative = 0
    var outside = 0
    func close() -> Subpath? {
      guard upper.count > 1 else { return nil }
      let visible = surface.clip.clippedPolygon(upper + lower.reversed())
      let ring = PathSimplifier.simplifiedRing(visible.map { GridPoint($0.x, $0.y) })
      return ring.count > 2 ? Subpath(ring, closed: true) : nil
    }
    for i in band.x.indices {
      let (x, low, high) = (band.x[i], band.low[i], band.high[i])
      let isFinite = x.isFinite && low.isFinite && high.isFinite
      if !isFinite { notFinite += 1 }
      if isFinite, surface.y.isLog, low <= 0 { floored += 1 }
      if isFinite, surface.y.isLog, low < 0 { negative += 1 }
      guard isFinite, high > 0 || !surface.y.isLog else {
        if let polygon = close() { polygons.append(polygon) }
        upper = []
        lower = []
        continue
      }
      let px = surface.x.position(x)
      let top = surface.y.position(high)
      let bottom = surface.y.isLog && low <= 0 ? surface.y.baseline : surface.y.position(low)
      if !surface.clip.contains(px, top) || !surface.clip.contains(px, bottom) { outside += 1 }
      upper.append((px, top))
      lower.append((px, bottom))
    }
    if let polygon = close() { polygons.append(polygon) }
    count(band.name, notFinite: notFinite, outside: outside, of: band.x.count)
    if floored > 0, case .omit(let reason) = band.nonPositive {
      dropped.append(
        .nonPositive(
          series: LocalText("\(band.name.english), lower edge", "\(band.name.chinese)（下沿）"), count: floored,
          of: band.x.count, allZero: negative == 0, because: reason))
    }
    if !polygons.isEmpty { groups[index].shapes.insert(Shape(.outerBand, polygons), at: 0) }
    bandLevels.append((index, band.level, polygons))
  }

  private var bandLevels: [(group: Int, level: Double, polygons: [Subpath])] = []

  /// Nested bands: the widest at the bottom, the innermost darker.
  private mutating func paintBands() {
    for index in groups.indices {
      let own = bandLevels.filter { $0.group == index && !$0.polygons.isEmpty }.sorted { $0.level > $1.level }
      guard own.count > 1 else { continue }
      groups[index].shapes.removeAll { $0.paint == .outerBand }
      let shapes = own.enumerated().map { i, band in
        Shape(i == own.count - 1 ? .innerBand : .outerBand, band.polygons)
      }
      groups[index].shapes.insert(contentsOf: shapes, at: 0)
    }
  }

  private mutating func draw(_ steps: Steps, on surface: Surface) {
    let isHero = steps.weight == .hero
    let index = group(steps.key, name: steps.name, isHero: isHero)
    var runs: [[(x: Double, y: Double)]] = []
    var run: [(x: Double, y: Double)] = []
    let floor = surface.y.baseline
    var notFinite = 0
    var outside = 0
    func clamped(_ y: Double) -> Double { min(max(y, surface.clip.top), surface.clip.bottom) }
    for (i, height) in steps.heights.enumerated() {
      let (a, b) = (steps.edges[i], steps.edges[i + 1])
      guard a.isFinite, b.isFinite, height.isFinite else {
        notFinite += 1
        if let last = run.last { runs.append(run + [(last.x, floor)]) }
        run = []
        continue
      }
      let left = min(max(surface.x.position(a), surface.clip.left), surface.clip.right)
      let right = min(max(surface.x.position(b), surface.clip.left), surface.clip.right)
      let y = surface.y.position(height)
      if y < surface.clip.top - 0.01 || y > surface.clip.bottom + 0.01 || right - left < 1e-9, b > a {
        outside += 1
      }
      guard right > left else { continue }
      if run.isEmpty { run.append((left, clamped(floor))) }
      run.append((left, clamped(y)))
      run.append((right, clamped(y)))
    }
    if let last = run.last { runs.append(run + [(last.x, clamped(floor))]) }
    count(steps.name, notFinite: notFinite, outside: outside, of: steps.heights.count)
    let paths = runs.map { Subpath(Self.withoutCollinear(Self.settled($0.map { GridPoint($0.x, $0.y) }))) }
    guard !paths.isEmpty else { return }
    let paint: Shape.Paint =
      steps.filled ? (surface.hasLabels ? (isHero ? .heroSteps : .steps) : .bar) : isHero ? .heroLine : .line
    groups[index].shapes.append(Shape(paint, paths))
    if surface.hasLabels { placer.avoid(paths) }
  }

  /// Levels that differ by a tenth of a px from the one before take its height.
  private static func settled(_ points: [GridPoint]) -> [GridPoint] {
    var result = points
    for i in result.indices.dropFirst() {
      // The level a step is compared with is the one drawn, so that no step is off by more.
      if abs(result[i].y - result[i - 1].y) <= 1, i + 1 < result.count, result[i].x == result[i - 1].x,
        result[i + 1].y == points[i].y
      {
        result[i + 1].y = result[i - 1].y
        result[i].y = result[i - 1].y
      }
    }
    return result
  }

  /// Drops points inside horizontal and vertical runs.
  static func withoutCollinear(_ points: [GridPoint]) -> [GridPoint] {
    var result: [GridPoint] = []
    for point in points {
      while result.count > 1 {
        let a = result[result.count - 2]
        let b = result[result.count - 1]
        let isHorizontal = a.y == b.y && b.y == point.y && (b.x - a.x) * (point.x - b.x) >= 0
        let isVertical = a.x == b.x && b.x == point.x && (b.y - a.y) * (point.y - b.y) >= 0
        guard isHorizontal || isVertical else { break }
        result.removeLast()
      }
      if result.last != point { result.append(point) }
    }
    return result
  }

  private mutating func draw(_ bars: Bars, on surface: Surface) {
    let index = group(bars.key, name: bars.name)
    var rects: [Subpath] = []
    var notFinite = 0
    var outside = 0
    for (x, y) in zip(bars.x, bars.y) {
      guard x.isFinite, y.isFinite else {
        notFinite += 1
        continue
      }
      var left: Double
      var right: Double
      switch surface.x {
      case .linear(let scale):
        left = scale.position(x - bars.width / 2)
        right = scale.position(x + bars.width / 2)
      case .band(let scale):
        left = scale.position(x - bars.width / 2)
        right = scale.position(x + bars.width / 2)
      case .log, .symlog:
        left = surface.x.position(x) - 3
        right = surface.x.position(x) + 3
      }
      let top = surface.y.position(y)
      let middle = (left + right) / 2
      if !surface.clip.contains(middle, top) { outside += 1 }
      left = max(left, surface.clip.left)
      right = min(right, surface.clip.right)
      guard right > left else { continue }
      let a = GridPoint(left, min(max(top, surface.clip.top), surface.clip.bottom))
      let b = GridPoint(right, surface.y.baseline)
      rects.append(
        Subpath([a, GridPoint(x: b.x, y: a.y), b, GridPoint(x: a.x, y: b.y)], closed: true))
    }
    count(bars.name, notFinite: notFinite, outside: outside, of: bars.x.count)
    guard !rects.isEmpty else { return }
    groups[index].shapes.append(Shape(.bar, rects))
    if surface.hasLabels { placer.avoid(rects) }
  }

  private mutating func draw(_ dots: Dots, on surface: Surface) {
    let index = group(dots.key, name: dots.name)
    var points: [Subpath] = []
    var notFinite = 0
    var outside = 0
    for i in dots.x.indices {
      let (x, y) = (dots.x[i], dots.y[i])
      let label = dots.labels.isEmpty ? nil : TextMetrics.singleLine(dots.labels[i])
      guard x.isFinite, y.isFinite else {
        notFinite += 1
        continue
      }
      let px = surface.x.position(x)
      let py = surface.y.position(y)
      guard surface.clip.contains(px, py) else {
        outside += 1
        continue
      }
      points.append(Subpath([GridPoint(px, py)]))
      if surface.hasLabels, let label, !label.english.isEmpty || !label.chinese.isEmpty {
        wishes.append((around(px, py, label, style: .series, gap: 8), index, label, false))
      }
    }
    count(dots.name, notFinite: notFinite, outside: outside, of: dots.x.count)
    guard !points.isEmpty else { return }
    groups[index].shapes.append(Shape(.dot, points))
    if surface.hasLabels { placer.avoid(points) }
  }

  /// Places for words beside a point, best first.
  private func around(
    _ x: Double, _ y: Double, _ text: LocalText, style: TextBox.Style, gap: Double
  ) -> [TextBox] {
    var result: [TextBox] = []
    for far in [0.0, 8, 18, 32] {
      let d = gap + far
      result += [
        TextBox(text, x: x, baseline: y - d, anchor: .middle, style: style),
        TextBox(text, x: x + d, baseline: y + 4.5, style: style),
        TextBox(text, x: x - d, baseline: y + 4.5, anchor: .end, style: style),
        TextBox(text, x: x + d * 0.7, baseline: y - d * 0.7, style: style),
        TextBox(text, x: x - d * 0.7, baseline: y - d * 0.7, anchor: .end, style: style),
        TextBox(text, x: x + d * 0.7, baseline: y + d * 0.7 + 9, style: style),
        TextBox(text, x: x - d * 0.7, baseline: y + d * 0.7 + 9, anchor: .end, style: style),
        TextBox(text, x: x, baseline: y + d + 9, anchor: .middle, style: style),
      ]
    }
    return result
  }

  private mutating func draw(_ interval: Interval, on surface: Surface) {
    let index = group(interval.key, name: interval.name)
    let isHorizontal = interval.direction == .horizontal
    let along = isHorizontal ? surface.x : surface.y
    let across = isHorizontal ? surface.y : surface.x
    let range = along.range
    let (least, greatest) = (min(range.start, range.end), max(range.start, range.end))
    var thin: [Subpath] = []
    var thick: [Subpath] = []
    var holes: [Subpath] = []
    var notFinite = 0
    var outside = 0
    var unbounded = 0
    func point(_ a: Double, _ b: Double) -> GridPoint { isHorizontal ? GridPoint(a, b) : GridPoint(b, a) }
    func part(_ low: Double, _ high: Double, _ b: Double) -> Subpath? {
      let p = min(max(along.position(low), least), greatest)
      let q = high == .infinity ? range.end : min(max(along.position(high), least), greatest)
      return p == q ? nil : Subpath([point(p, b), point(q, b)])
    }
    for i in interval.at.indices {
      let (at, low, high) = (interval.at[i], interval.low[i], interval.high[i])
      let b = at.isFinite ? across.position(at) : .nan
      guard at.isFinite, low.isFinite, !high.isNaN, high >= low else {
        notFinite += 1
        continue
      }
      let lowAt = along.position(low)
      let isInside = isHorizontal ? surface.clip.contains(plot.x, b) : surface.clip.contains(b, plot.y)
      guard isInside else {
        outside += 1
        continue
      }
      let highAt = high == .infinity ? range.end : along.position(high)
      let goesOn = high == .infinity || (highAt - range.end) * (range.end - range.start) > 0.01
      if lowAt < least - 0.01 || lowAt > greatest + 0.01 { outside += 1 }
      if let line = part(low, high, b) { thin.append(line) }
      if goesOn {
        unbounded += 1
        let sign = range.end > range.start ? 1.0 : -1
        let tip = range.end
        thin.append(Subpath([point(tip - 6 * sign, b - 4), point(tip, b), point(tip - 6 * sign, b + 4)]))
      }
      if !interval.innerLow.isEmpty, interval.innerLow[i].isFinite, !interval.innerHigh[i].isNaN,
        let inner = part(interval.innerLow[i], interval.innerHigh[i], b)
      {
        thick.append(inner)
      }
      if !interval.middle.isEmpty, interval.middle[i].isFinite {
        let middle = along.position(interval.middle[i])
        if middle >= least, middle <= greatest { holes.append(Subpath([point(middle, b)])) }
      }
      guard surface.hasLabels, !interval.labels.isEmpty else { continue }
      let label = TextMetrics.singleLine(interval.labels[i])
      let from = min(max(min(lowAt, highAt), least), greatest)
      let to = min(max(max(lowAt, highAt), least), greatest)
      let half = TextMetrics.width(label, size: 13) / 2
      var candidates: [TextBox]
      if isHorizontal {
        let middle = min(max((from + to) / 2, plot.x + half + 2), plot.right - half - 2)
        candidates = [
          TextBox(label, x: to + 8, baseline: b + 4.5, style: .series),
          TextBox(label, x: from - 8, baseline: b + 4.5, anchor: .end, style: .series),
        ]
        // Above the range, and never beside it: words must not seem to belong to another row.
        for shift in [0.0, -30, 30, -60, 60, -110, 110] where shift == 0 || to - from > 2 * abs(shift) {
          candidates.append(
            TextBox(
              label, x: min(max(middle + shift, plot.x + half + 2), plot.right - half - 2), baseline: b - 8,
              anchor: .middle, style: .series))
        }
      } else {
        candidates = around(b, from, label, style: .series, gap: 7)
      }
      wishes.append((candidates, index, label, false))
    }
    count(interval.name, notFinite: notFinite, outside: outside, of: interval.at.count)
    if unbounded > 0 { dropped.append(.unbounded(series: interval.name, count: unbounded)) }
    if surface.hasLabels { placer.avoid(thin + thick) }
    if !thin.isEmpty { groups[index].shapes.append(Shape(.thin, thin)) }
    if !thick.isEmpty { groups[index].shapes.append(Shape(.thick, thick)) }
    if !holes.isEmpty { groups[index].shapes += [Shape(.median, holes), Shape(.hole, holes)] }
  }

  private mutating func draw(_ rule: Rule, on surface: Surface) {
    switch rule.position {
    case .x:
      guard surface.hasLabels else { return }  // Drawn once, from its label down through the plot.
    case .y(let value):
      let y = value.isFinite ? surface.y.position(value) : .nan
      guard y >= surface.clip.top - 0.01, y <= surface.clip.bottom + 0.01 else {
        if let label = rule.label { hiddenLabels.append(label) }
        return
      }
      let line = Subpath([GridPoint(surface.clip.left, y), GridPoint(surface.clip.right, y)])
      backdrop.append(Shape(.rule, [line]))
      guard surface.hasLabels else { return }
      placer.avoid([line])
      guard let label = rule.label.map(TextMetrics.singleLine) else { return }
      var candidates: [TextBox] = []
      let left = plot.x + 4
      let right = plot.right - 4
      for baseline in [y - 5, y + 14] {
        candidates.append(TextBox(label, x: right, baseline: baseline, anchor: .end, style: .label))
        candidates.append(TextBox(label, x: left, baseline: baseline, style: .label))
      }
      for share in [0.75, 0.6, 0.45, 0.3] {
        for baseline in [y - 5, y + 14] {
          candidates.append(
            TextBox(
              label, x: left + (right - left) * share, baseline: baseline, anchor: .middle, style: .label))
        }
      }
      wishes.append((candidates, nil, label, false))
    }
  }

  private mutating func draw(_ region: Region, on surface: Surface) {
    func bound(_ value: Double?, _ scale: PositionScale, _ otherwise: Double) -> Double {
      guard let value, value.isFinite else { return otherwise }
      return scale.position(value)
    }
    let clip = surface.clip
    let x0 = min(max(bound(region.xLow, surface.x, clip.left), clip.left), clip.right)
    let x1 = min(max(bound(region.xHigh, surface.x, clip.right), clip.left), clip.right)
    let y0 = min(max(bound(region.yLow, surface.y, clip.bottom), clip.top), clip.bottom)
    let y1 = min(max(bound(region.yHigh, surface.y, clip.top), clip.top), clip.bottom)
    let (top, bottom) = (min(y0, y1), max(y0, y1))
    if x1 > x0, bottom > top {
      let a = GridPoint(x0, top)
      let b = GridPoint(x1, bottom)
      backdrop.append(
        Shape(.region, [Subpath([a, GridPoint(x: b.x, y: a.y), b, GridPoint(x: a.x, y: b.y)], closed: true)]))
    }
    guard surface.hasLabels, let label = region.label.map(TextMetrics.singleLine) else { return }
    guard x1 > x0, bottom > top else {
      hiddenLabels.append(label)
      return
    }
    var candidates: [TextBox] = []
    let middle = (x0 + x1) / 2
    let baselines = [top + 15, top + 31, (top + bottom) / 2 + 4, bottom - 8, bottom - 24]
    for baseline in baselines {
      candidates.append(TextBox(label, x: middle, baseline: baseline, anchor: .middle, style: .label))
      candidates.append(TextBox(label, x: x0 + 5, baseline: baseline, style: .label))
      candidates.append(TextBox(label, x: x1 - 5, baseline: baseline, anchor: .end, style: .label))
    }
    wishes.append((candidates, nil, label, false))
  }

  private mutating func place(_ note: Note) {
    let label = TextMetrics.singleLine(note.text)
    guard note.x.isFinite, note.y.isFinite else { return hiddenLabels.append(label) }
    if panelPlan.x.isLog && note.x <= 0 || panelPlan.y.isLog && note.y <= 0 {
      return hiddenLabels.append(label)
    }
    let x = panelPlan.x.position(note.x)
    let y = panelPlan.y.position(note.y)
    guard placer.bounds.contains(x, y) else { return hiddenLabels.append(label) }
    notes.append((x, y, wishes.count))
    wishes.append((around(x, y, label, style: .label, gap: 14), nil, label, false))
  }

  private var notes: [(x: Double, y: Double, wish: Int)] = []

  // MARK: Labels

  /// Places beside a line, the nearest to a wished x first.
  private mutating func wish(
    along pieces: [[GridPoint]], text: LocalText, near: Double, group: Int, isHero: Bool
  ) {
    let canPlace = near.isFinite && (near > 0 || !panelPlan.x.isLog)
    let target = canPlace ? panelPlan.x.position(near) : plot.right
    var points: [(x: Double, y: Double)] = []
    for piece in pieces {
      for (a, b) in zip(piece, piece.dropFirst()) {
        let dx = Double(b.x - a.x) / 10
        let dy = Double(b.y - a.y) / 10
        let count = max(1, Int((max(abs(dx), abs(dy)) / 10).rounded(.up)))
        for i in 0..<count {
          let t = Double(i) / Double(count)
          points.append((Double(a.x) / 10 + dx * t, Double(a.y) / 10 + dy * t))
        }
      }
    }
    points.sort { (abs($0.x - target), $0.y) < (abs($1.x - target), $1.y) }
    let style = isHero ? TextBox.Style.hero : .series
    var candidates: [TextBox] = []
    for point in points.prefix(48) {
      candidates += [
        TextBox(text, x: point.x + 9, baseline: point.y + 13, style: style),
        TextBox(text, x: point.x - 9, baseline: point.y - 4, anchor: .end, style: style),
        TextBox(text, x: point.x + 9, baseline: point.y + 4.5, style: style),
        TextBox(text, x: point.x - 9, baseline: point.y + 4.5, anchor: .end, style: style),
        TextBox(text, x: point.x + 9, baseline: point.y - 4, style: style),
        TextBox(text, x: point.x - 9, baseline: point.y + 13, anchor: .end, style: style),
        TextBox(text, x: point.x, baseline: point.y - 7, anchor: .middle, style: style),
        TextBox(text, x: point.x, baseline: point.y + 17, anchor: .middle, style: style),
      ]
    }
    wishes.append((candidates, group, text, true))
  }

  private mutating func labels() {
    for wall in walls {
      placer.segments.append((wall.x, plot.y, wall.x, plot.bottom))
    }
    endLabelStack()
    // Words at one point of the data first, then words that may slide along something.
    let order = wishes.indices.sorted { (wishes[$0].isAlong ? 1 : 0, $0) < (wishes[$1].isAlong ? 1 : 0, $1) }
    for index in order {
      let wish = wishes[index]
      guard let (box, hits) = placer.best(of: wish.texts) else {
        if wish.isAlong { isCrowded = true }
        hiddenLabels.append(wish.label)
        continue
      }
      if wish.isAlong, hits > 0 { isCrowded = true }
      placer.boxes.append(box.rect)
      if let group = wish.group { groups[group].labels.append(box) } else { texts.append(box) }
      if let note = notes.first(where: { $0.wish == index }) {
        let rect = box.rect
        let x = min(max(note.x, rect.x), rect.right)
        let y = min(max(note.y, rect.y), rect.bottom)
        let length = ((note.x - x) * (note.x - x) + (note.y - y) * (note.y - y)).squareRoot()
        if length > 7 {
          // The leader keeps clear of both the words and the point.
          func between(_ t: Double) -> GridPoint { GridPoint(x + (note.x - x) * t, y + (note.y - y) * t) }
          foreground.append(Shape(.leader, [Subpath([between(2 / length), between(1 - 3 / length)])]))
        }
      }
    }
  }

  /// Labels at the ends of lines, in the right margin.
  private mutating func endLabelStack() {
    let height = 17.0
    let capacity = max(1, Int((plot.height - 6 + height) / height))
    var kept = Array(ends.indices)
    if kept.count > capacity {
      // The hero first, then the series in their order.
      let ranked = kept.sorted { (ends[$0].isHero ? 0 : 1, $0) < (ends[$1].isHero ? 0 : 1, $1) }
      for index in ranked[capacity...] { hiddenLabels.append(ends[index].text) }
      kept = ranked[..<capacity].sorted()
    }
    kept.sort { a, b in
      (ends[a].at.1.rounded(), ends[a].meanY, a) < (ends[b].at.1.rounded(), ends[b].meanY, b)
    }
    let middles = LabelSpread.solve(
      kept.map { ends[$0].at.1.rounded() }, height: height,
      in: plot.y...max(plot.y, plot.bottom - 6))  // Above the labels of the x axis.
    let leadersNeeded = zip(kept, middles).contains {
      abs(ends[$0].at.1 - $1) > 6 || ends[$0].at.0 < plot.right - 8
    }
    for (index, middle) in zip(kept, middles) {
      let end = ends[index]
      groups[end.group].labels.append(
        TextBox(end.text, x: plot.right + 12, baseline: middle + 4.5, style: end.isHero ? .hero : .series))
      let moved = abs(end.at.1 - middle)
      if leadersNeeded, moved > 6 || end.at.0 < plot.right - 8 {
        let start = GridPoint(min(end.at.0 + 3, plot.right), end.at.1)
        groups[end.group].shapes.append(
          Shape(
            .leader,
            [Subpath([start, GridPoint(plot.right + 1, end.at.1), GridPoint(plot.right + 8, middle)])]))
        placer.avoid([Subpath([start, GridPoint(plot.right, end.at.1)])])
      }
    }
  }

  private mutating func finish() {
    var stems: [Subpath] = []
    for wall in walls {
      stems.append(Subpath([GridPoint(wall.x, wall.top), GridPoint(wall.x, plot.bottom)]))
    }
    if !stems.isEmpty { backdrop.append(Shape(.rule, stems)) }
    // The hero is drawn last, over the others.
    groups = groups.enumerated().sorted {
      ($0.element.isHero ? 1 : 0, $0.offset) < ($1.element.isHero ? 1 : 0, $1.offset)
    }
    .map(\.element)
  }
}
