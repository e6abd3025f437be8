import Wording

/// Least and greatest of the values seen.
struct Extent: Hashable, Sendable {
  var low = Double.infinity
  var high = -Double.infinity

  var isEmpty: Bool { low > high }

  mutating func include(_ value: Double) {
    guard value.isFinite else { return }
    low = min(low, value)
    high = max(high, value)
  }

  mutating func include(_ values: [Double]) { for value in values { include(value) } }

  mutating func include(_ other: Extent) {
    low = min(low, other.low)
    high = max(high, other.high)
  }
}

/// A panel whose domains are known.
struct ResolvedPanel {
  var title: LocalText?
  var caption: LocalText?
  var layers: [Layer]
  var strip: Strip?
  var x: ResolvedDomain
  var y: ResolvedDomain
  /// The cells of its heat layer.
  var cells: PooledHeat?
  /// What differs from the other panels' axes, to be said on the panel.
  var announcements: [LocalText] = []
}

/// Checks a chart and finds the domains of its panels.
struct Resolver {
  let chart: Chart

  func panels() throws(ChartError) -> [ResolvedPanel] {
    let panels = chart.panels
    guard !panels.isEmpty else { throw .empty }
    var xExtents: [Extent] = []
    var yExtents: [Extent] = []
    for panel in panels {
      var x = Extent()
      var y = Extent()
      for layer in panel.layers {
        try check(layer, y: chart.y)
        include(layer, &x, &y)
      }
      if let strip = panel.strip {
        guard strip.reach > 0, strip.reach.isFinite else { throw .invalidParameter("Strip.reach") }
        var ignored = Extent()
        for layer in strip.layers {
          try check(layer, y: .linear(strip.label))
          include(layer, &x, &ignored)
        }
      }
      xExtents.append(x)
      yExtents.append(y)
    }
    guard !panels.allSatisfy({ $0.layers.isEmpty }) else { throw .empty }
    let sharing = (chart.facets?.x ?? .shared, chart.facets?.y ?? .shared)
    let xs = try domains(chart.x, "x", xExtents, sharing.0)
    let ys = try domains(chart.y, "y", yExtents, sharing.1)
    let names = (LocalText("x axis", "横轴"), LocalText("y axis", "纵轴"))
    return panels.indices.map { i in
      var panel = ResolvedPanel(
        title: panels[i].title, caption: panels[i].caption, layers: panels[i].layers, strip: panels[i].strip,
        x: xs[i].0, y: ys[i].0,
        announcements: [announcement(names.0, xs[i].1), announcement(names.1, ys[i].1)].compactMap { $0 })
      for case .heat(let heat) in panel.layers {
        let cells = PooledHeat(heat)
        panel.cells = cells
        panel.x.coverBlocks(of: cells.block.x, count: cells.columns)
        panel.y.coverBlocks(of: cells.block.y, count: cells.rows)
      }
      return panel
    }
  }

  private func announcement(_ axis: LocalText, _ ratio: Double?) -> LocalText? {
    guard let ratio else { return nil }
    let isWider = ratio >= 1
    let factor = DecimalNumber(isWider ? ratio : 1 / ratio)?.rounded(toSignificantDigits: 2)
      .withoutTrailingZeros
    guard let number = factor?.plainPositional, number != "1" else { return nil }
    return isWider
      ? LocalText("\(axis.english) \(number)× wider", "\(axis.chinese)范围是其他图的 \(number) 倍")
      : LocalText("\(axis.english) \(number)× narrower", "\(axis.chinese)范围是其他图的 1/\(number)")
  }

  // MARK: Checks

  private func check(_ layer: Layer, y axis: Axis) throws(ChartError) {
    switch layer {
    case .line(let line):
      try sameLength(line.name, [line.x, line.y])
      try positive(line.name, line.x, chart.x)
      if line.nonPositive == .reject { try positive(line.name, line.y, axis) }
    case .band(let band):
      try sameLength(band.name, [band.x, band.low, band.high])
      try positive(band.name, band.x, chart.x)
      if band.nonPositive == .reject { try positive(band.name, band.low + band.high, axis) }
    case .steps(let steps):
      guard steps.edges.count == steps.heights.count + 1 || steps.edges.isEmpty && steps.heights.isEmpty
      else {
        throw .mismatchedColumns(series: steps.name.english)
      }
      guard zip(steps.edges, steps.edges.dropFirst()).allSatisfy({ !($0 > $1) }) else {
        throw .invalidParameter("Steps.edges")
      }
      try positive(steps.name, steps.edges, chart.x)
      try positive(steps.name, steps.heights, axis)
    case .bars(let bars):
      try sameLength(bars.name, [bars.x, bars.y])
      guard bars.width > 0, bars.width.isFinite else { throw .invalidParameter("Bars.width") }
      try positive(bars.name, bars.x, chart.x)
      try positive(bars.name, bars.y, axis)
    case .dots(let dots):
      try sameLength(dots.name, [dots.x, dots.y])
      guard dots.labels.isEmpty || dots.labels.count == dots.x.count else {
        throw .mismatchedColumns(series: dots.name.english)
      }
      try positive(dots.name, dots.x, chart.x)
      try positive(dots.name, dots.y, axis)
    case .interval(let interval):
      try sameLength(interval.name, [interval.at, interval.low, interval.high])
      for column in [interval.innerLow, interval.innerHigh, interval.middle] where !column.isEmpty {
        try sameLength(interval.name, [interval.at, column])
      }
      guard interval.innerLow.count == interval.innerHigh.count,
        interval.labels.isEmpty || interval.labels.count == interval.at.count
      else { throw .mismatchedColumns(series: interval.name.english) }
      let along = interval.direction == .horizontal ? chart.x : axis
      let across = interval.direction == .horizontal ? axis : chart.x
      let columns = [interval.low, interval.high, interval.innerLow, interval.innerHigh, interval.middle]
      try positive(interval.name, columns.flatMap { $0 }, along)
      try positive(interval.name, interval.at, across)
    case .heat(let heat): try check(heat, y: axis)
    case .rule(let rule):
      let name = rule.label ?? LocalText("rule", "线")
      switch rule.position {
      case .x(let value): try positive(name, [value], chart.x)
      case .y(let value): try positive(name, [value], axis)
      }
    case .region(let region):
      let name = region.label ?? LocalText("region", "区域")
      try positive(name, [region.xLow, region.xHigh].compactMap { $0 }, chart.x)
      try positive(name, [region.yLow, region.yHigh].compactMap { $0 }, axis)
    }
  }

  private func check(_ heat: Heat, y axis: Axis) throws(ChartError) {
    guard heat.columns >= 1, heat.values.count % heat.columns == 0, chart.x.kind.placeCount == heat.columns,
      axis.kind.placeCount == heat.rows, heat.rowStrip.map({ $0.values.count == heat.rows }) ?? true
    else { throw .mismatchedColumns(series: heat.name.english) }
    guard heat.rings >= 0 else { throw .invalidParameter("Heat.rings") }
    for (kind, count) in [(chart.x.kind, heat.columns), (axis.kind, heat.rows)] {
      // Names of pooled cells would name no cell.
      if case .band = kind, count > Heat.mostCells { throw .invalidParameter("Heat on a band axis") }
    }
    if case .log = heat.colour, heat.nonPositive == .reject {
      var count = 0
      for value in heat.values where value <= 0 { count += 1 }
      if count > 0 { throw .nonPositiveOnLog(series: heat.name.english, count: count) }
    }
  }

  private func sameLength(_ name: LocalText, _ columns: [[Double]]) throws(ChartError) {
    guard let first = columns.first, columns.allSatisfy({ $0.count == first.count }) else {
      throw .mismatchedColumns(series: name.english)
    }
  }

  private func positive(_ name: LocalText, _ values: [Double], _ axis: Axis) throws(ChartError) {
    guard case .log = axis.kind else { return }
    var count = 0
    for value in values where value <= 0 { count += 1 }
    if count > 0 { throw .nonPositiveOnLog(series: name.english, count: count) }
  }

  // MARK: Extents

  private func include(_ layer: Layer, _ x: inout Extent, _ y: inout Extent) {
    switch layer {
    case .line(let line):
      x.include(line.x)
      y.include(drawable(line.y))
    case .band(let band):
      x.include(band.x)
      y.include(drawable(band.low))
      y.include(drawable(band.high))
    case .steps(let steps):
      x.include(steps.edges)
      y.include(steps.heights)
      includeZero(&y)
    case .bars(let bars):
      if case .linear = chart.x.kind {
        for value in bars.x {
          x.include(value - bars.width / 2)
          x.include(value + bars.width / 2)
        }
      } else {
        x.include(bars.x)
      }
      y.include(bars.y)
      includeZero(&y)
    case .dots(let dots):
      x.include(dots.x)
      y.include(dots.y)
    case .interval(let interval):
      var along = Extent()
      for column in [interval.low, interval.high, interval.innerLow, interval.innerHigh, interval.middle] {
        along.include(column)
      }
      var across = Extent()
      across.include(interval.at)
      switch interval.direction {
      case .horizontal:
        x.include(along)
        y.include(across)
      case .vertical:
        y.include(along)
        x.include(across)
      }
    case .rule(let rule):
      switch rule.position {
      case .x(let value): x.include(value)
      case .y(let value): y.include(value)
      }
    case .heat: break  // Its axes have places, one per cell.
    case .region: break  // A tint never widens the view.
    }
  }

  private func drawable(_ values: [Double]) -> [Double] {
    guard case .log = chart.y.kind else { return values }
    return values.filter { $0 > 0 }
  }

  private func includeZero(_ y: inout Extent) {
    guard !y.isEmpty else { return }
    switch chart.y.kind {
    case .linear, .symlog: y.include(0)
    case .log, .band, .cells: break
    }
  }

  // MARK: Domains

  /// The domain of each panel, and how much wider it is than the others' where that must be said.
  private func domains(
    _ axis: Axis, _ name: String, _ extents: [Extent], _ sharing: Facets.Sharing
  ) throws(ChartError) -> [(ResolvedDomain, Double?)] {
    switch axis.kind {
    case .band(let names):
      guard !names.isEmpty else { throw .emptyBandAxis(axis: name) }
      return extents.map { _ in (ResolvedDomain(kind: axis.kind, low: 0, high: Double(names.count - 1)), nil)
      }
    case .cells(let count, _):
      guard count >= 1 else { throw .emptyBandAxis(axis: name) }
      return extents.map { _ in (ResolvedDomain(kind: axis.kind, low: 0, high: Double(count - 1)), nil) }
    case .linear, .log: break
    case .symlog(let linear):
      guard linear > 0, linear.isFinite else { throw .invalidParameter("Axis.symlog: linear") }
    }
    if case .exact(let low, let high) = axis.domain {
      let size = max(abs(low), abs(high))
      guard low.isFinite, high.isFinite, low < high, high / 2 - low / 2 > size * 1e-9 else {
        throw .invalidDomain(axis: name)
      }
      if case .log = axis.kind, low <= 0 { throw .invalidDomain(axis: name) }
      return extents.map { _ in (ResolvedDomain(kind: axis.kind, low: low, high: high), nil) }
    }
    var all = Extent()
    for extent in extents { all.include(extent) }
    guard !all.isEmpty else { throw .empty }
    let whole = domain(axis, all)
    let own = extents.map { $0.isEmpty ? whole : domain(axis, $0) }
    switch sharing {
    case .shared: return extents.map { _ in (whole, nil) }
    case .free:
      let base = own.map { span($0) }.min() ?? 1
      return own.map { ($0, base > 0 ? span($0) / base : nil) }
    case .within(let ratio):
      guard ratio > 1 else { throw .invalidParameter("Facets.Sharing.within") }
      return grouped(axis, extents, own, ratio)
    }
  }

  /// The largest set of panels within `ratio` of one another is the norm; the others are compared with it.
  private func grouped(
    _ axis: Axis, _ extents: [Extent], _ own: [ResolvedDomain], _ ratio: Double
  ) -> [(ResolvedDomain, Double?)] {
    var left = Array(own.indices)
    var result = own.map { ($0, nil as Double?) }
    var norm: Double?
    while !left.isEmpty {
      var best: [Int] = []
      for start in left {
        let least = span(own[start])
        let members = left.filter { span(own[$0]) >= least && span(own[$0]) <= least * ratio }
        if members.count > best.count { best = members }
      }
      if best.isEmpty { best = left }
      var extent = Extent()
      for i in best { extent.include(extents[i]) }
      let shared = extent.isEmpty ? own[best[0]] : domain(axis, extent)
      for i in best { result[i] = (shared, norm.map { span(shared) / $0 }) }
      if norm == nil { norm = span(shared) }
      left.removeAll { best.contains($0) }
    }
    return result
  }

  private func span(_ domain: ResolvedDomain) -> Double {
    if case .log = domain.kind { return Logarithm.base2(domain.high) - Logarithm.base2(domain.low) }
    if case .symlog(let linear) = domain.kind {
      return SymlogScale.bend(domain.high, linear) - SymlogScale.bend(domain.low, linear)
    }
    return domain.high - domain.low
  }

  private func domain(_ axis: Axis, _ extent: Extent) -> ResolvedDomain {
    var low = extent.low
    var high = extent.high
    if case .log = axis.kind {
      // A log axis sees only positive values here; a column of none leaves the extent to others.
      low = max(low, .leastNonzeroMagnitude)
      high = max(high, low)
      if high / low < 1 + 1e-9 {
        low = max(low / 2, .leastNonzeroMagnitude)
        high = min(high * 2, .greatestFiniteMagnitude)
      } else if axis.domain == .nice {
        low = roundLog(low, up: false)
        high = roundLog(high, up: true)
      }
      return ResolvedDomain(kind: axis.kind, low: low, high: high)
    }
    if axis.includesZero {
      low = min(low, 0)
      high = max(high, 0)
    }
    let size = max(abs(low), abs(high))
    if high / 2 - low / 2 <= size * 1e-9 {
      if size == 0 { return ResolvedDomain(kind: axis.kind, low: -1, high: 1) }
      low -= min(size / 2, .greatestFiniteMagnitude - size)
      high += min(size / 2, .greatestFiniteMagnitude - size)
    }
    if axis.domain == .nice {
      if case .symlog = axis.kind {
        func away(_ value: Double, up: Bool) -> Double {
          value == 0 ? 0 : value > 0 ? roundLog(value, up: up) : -roundLog(-value, up: !up)
        }
        (low, high) = (away(low, up: false), away(high, up: true))
      } else {
        (low, high) = rounded(low, high)
      }
    }
    return ResolvedDomain(kind: axis.kind, low: low, high: high)
  }

  // MARK: Colours of cells

  /// The levels that all heat layers of the chart share, or `nil` where there is none.
  func cellScale() throws(ChartError) -> CellScale? {
    var heats: [Heat] = []
    for panel in chart.panels {
      let own = panel.layers.compactMap { layer -> Heat? in
        if case .heat(let heat) = layer { heat } else { nil }
      }
      guard own.count <= 1 else { throw .invalidParameter("Heat: one layer a panel") }
      heats += own
    }
    guard let first = heats.first else { return nil }
    guard heats.allSatisfy({ $0.colour == first.colour && $0.domain == first.domain }) else {
      throw .invalidParameter("Heat.colour: one ramp a chart")
    }
    if case .exact(let low, let high) = first.domain {
      guard low.isFinite, high.isFinite, low < high, first.colour != .log || low > 0 else {
        throw .invalidDomain(axis: "colour")
      }
      return CellScale(colour: first.colour, low: low, high: high)
    }
    var extent = Extent()
    for value in heats.lazy.flatMap(\.values) where value > 0 || first.colour != .log {
      extent.include(value)
    }
    guard !extent.isEmpty else { throw .empty }
    switch first.colour {
    case .log:
      let domain = domain(.log(first.name), extent)
      return CellScale(colour: first.colour, low: domain.low, high: domain.high)
    case .linear, .sqrt:
      if extent.low > 0 { extent.low = 0 }
      let domain = domain(.linear(first.name, domain: .data), extent)
      return CellScale(
        colour: first.colour, low: extent.high == 0 && extent.low == 0 ? 0 : domain.low, high: domain.high)
    case .diverging(let middle):
      guard middle.isFinite else { throw .invalidParameter("CellColour.diverging") }
      let half = max(extent.high / 2 - middle / 2, middle / 2 - extent.low / 2)
      let reach = min(2 * (half > 0 ? half : 0.5), .greatestFiniteMagnitude / 2 - abs(middle) / 2)
      return CellScale(colour: first.colour, low: middle - reach, high: middle + reach)
    }
  }

  /// Ends moved out to multiples of a round step that divides the span into three to six.
  private func rounded(_ low: Double, _ high: Double) -> (Double, Double) {
    let sixth = high / 6 - low / 6
    guard sixth > 1e-300, sixth < 1e300 else { return (low, high) }
    let k = Logarithm.floorBase10(sixth)
    let power = Logarithm.powerOf10(k)
    let m = [1.0, 2, 5, 10].first { $0 * power >= sixth * (1 - 1e-9) } ?? 10
    func multiple(_ value: Double, _ rule: FloatingPointRoundingRule, _ slack: Double) -> Double {
      let count = (value / power / m + slack).rounded(rule)
      guard abs(count) < 1e15 else { return value }
      let digits = String(Int(abs(count)) * Int(m)).utf8.map { $0 - UInt8(ascii: "0") }
      return DecimalNumber(isNegative: count < 0, digits: digits, exponent: k).doubleValue
    }
    return (multiple(low, .down, 1e-9), multiple(high, .up, -1e-9))
  }

  private func roundLog(_ value: Double, up: Bool) -> Double {
    let k = Logarithm.floorBase10(value)
    let candidates = [1, 2, 5, 10].map {
      DecimalNumber(digits: $0 == 10 ? [1, 0] : [UInt8($0)], exponent: k).doubleValue
    }
    let found = up ? candidates.first { $0 >= value } : candidates.last { $0 <= value }
    guard let found, found.isFinite, found > 0 else { return value }
    return found
  }
}

extension Chart {
  /// The panels with the layers of the chart in front; one without a title where there are no facets.
  var panels: [(title: LocalText?, caption: LocalText?, layers: [Layer], strip: Strip?)] {
    guard let facets else { return [(nil, nil, layers, nil)] }
    return facets.panels.map { ($0.title, $0.caption, layers + $0.layers, $0.strip) }
  }
}
