import Wording

extension Chart {
  /// The alternative text in one language.
  public func description(_ language: Language) -> String {
    switch summary {
    case .words(let text): return text[language]
    case .automatic: return Describer(chart: self, language: language).text
    }
  }
}

/// Three sentences from the data: how the chart is built, its statistics, its trends (levels 1 to 3 of Lundgard and
/// Satyanarayan, "Accessible Visualization via Natural Language Descriptions", 2021).
private struct Describer {
  let chart: Chart
  let language: Language

  /// Series named in one sentence; more are counted.
  private let most = 6

  /// What is said about one series.
  struct Facts {
    var statistic: String
    var trend: String?
  }

  var text: String {
    let facts = self.facts
    let pause = language == .english ? "; " : "；"
    let stop = language == .english ? "." : "。"
    let colon = language == .english ? ": " : "："
    var sentences = [construction]
    if !facts.isEmpty {
      sentences.append(heading.statistics[language] + colon + list(facts.map(\.statistic), pause) + stop)
      let trends = facts.compactMap(\.trend)
      if !trends.isEmpty {
        sentences.append(heading.trend[language] + colon + list(trends + crossings, pause) + stop)
      }
    }
    return sentences.joined(separator: language == .english ? " " : "")
  }

  private func list(_ parts: [String], _ separator: String) -> String {
    guard parts.count > most + 3 else { return parts.joined(separator: separator) }
    let rest = parts.count - most
    let more = language == .english ? "and \(rest) more" : "另有 \(rest) 项"
    return (parts.prefix(most) + [more]).joined(separator: separator)
  }

  private func number(_ value: Double) -> String {
    value.isFinite && value == value.rounded() && abs(value) < 1e6
      ? NumberFormat.decimals(0).string(value) : NumberFormat.text.string(value)
  }

  // MARK: Construction

  private enum Form { case line, bar, histogram, range, dot, heat }

  private var form: Form {
    var result: Form?
    for layer in chart.panels.flatMap(\.layers) {
      switch layer {
      case .heat: return .heat
      case .steps: return .histogram
      case .bars: return .bar
      case .interval(let interval): if interval.direction == .horizontal { return .range }
      case .line(let line): if line.key != nil { result = result == .dot ? .dot : .line }
      case .dots: result = result ?? .dot
      case .band, .rule, .region: break
      }
    }
    return result ?? .line
  }

  private var construction: String {
    let name =
      switch form {
      case .line: LocalText("Line chart", "折线图")
      case .bar: LocalText("Bar chart", "条形图")
      case .histogram: LocalText("Histogram", "直方图")
      case .range: LocalText("Range chart", "区间图")
      case .dot: LocalText("Dot chart", "散点图")
      case .heat: LocalText("Heat map", "热图")
      }
    let axes = axisWords
    var names: [String] = []
    for layer in chart.panels[0].layers where chart.facets == nil && isSeries(layer) {
      if !names.contains(layer.name[language]) { names.append(layer.name[language]) }
    }
    let panels = chart.facets?.panels.map { $0.title[language] } ?? []
    let x = chart.x.title[language]
    let y = chart.y.title[language]
    if let heat = chart.panels.flatMap(\.layers).compactMap({
      if case .heat(let heat) = $0 { heat } else { nil }
    }).first {
      return map(heat, name[language], x, y, panels)
    }
    switch language {
    case .english:
      var text = name.english + axes.english + ": " + (y.isEmpty ? x : x.isEmpty ? y : "\(y) against \(x)")
      if !panels.isEmpty { text += ", \(panels.count) panels: \(list(panels, ", "))" }
      if names.count > 1 { text += ", \(names.count) series: \(list(names, ", "))" }
      return text + "."
    case .chinese:
      var text = name.chinese + axes.chinese + "："
      text += y.isEmpty ? "横轴为“\(x)”" : x.isEmpty ? "纵轴为“\(y)”" : "横轴为“\(x)”，纵轴为“\(y)”"
      if !panels.isEmpty { text += "，\(panels.count) 个分图：\(list(panels, "、"))" }
      if names.count > 1 { text += "，\(names.count) 个系列：\(list(names, "、"))" }
      return text + "。"
    }
  }

  /// What is unusual about the axes.
  private var axisWords: LocalText {
    if isLog(chart.x), isLog(chart.y) { return LocalText(", logarithmic axes", "，双对数坐标") }
    var english = ""
    var chinese = ""
    for (axis, name) in [(chart.x, LocalText("x", "横")), (chart.y, LocalText("y", "纵"))] {
      switch axis.kind {
      case .log:
        english += ", logarithmic \(name.english) axis"
        chinese += "，\(name.chinese)轴为对数"
      case .symlog:
        english += ", symmetric logarithmic \(name.english) axis"
        chinese += "，\(name.chinese)轴为对称对数"
      case .linear, .band, .cells: break
      }
    }
    return LocalText(english, chinese)
  }

  private func map(_ heat: Heat, _ name: String, _ x: String, _ y: String, _ panels: [String]) -> String {
    let size = "\(heat.rows) × \(heat.columns)"
    switch language {
    case .english:
      var text = "\(name): \(heat.name.english) by \(y) and \(x), \(size) cells"
      if !panels.isEmpty { text += ", \(panels.count) panels: \(list(panels, ", "))" }
      if let blank = heat.blank { text += ", some blank (\(blank.english))" }
      return text + "."
    case .chinese:
      var text = "\(name)：\(heat.name.chinese)，纵轴为“\(y)”，横轴为“\(x)”，\(size) 个单元"
      if !panels.isEmpty { text += "，\(panels.count) 个分图：\(list(panels, "、"))" }
      if let blank = heat.blank { text += "，部分空白（\(blank.chinese)）" }
      return text + "。"
    }
  }

  private func isLog(_ axis: Axis) -> Bool {
    if case .log = axis.kind { return true }
    return false
  }

  /// Whether a layer is one of the described series: not a reference, nor marks that only accompany others.
  private func isSeries(_ layer: Layer) -> Bool {
    switch layer {
    case .line: form == .line && layer.key != nil
    case .steps: form == .histogram
    case .bars: form == .bar
    case .dots: form == .dot && layer.key != nil
    case .interval: form == .range
    case .heat: form == .heat
    case .band, .rule, .region: false
    }
  }

  // MARK: Statistics and trends

  private var heading: (statistics: LocalText, trend: LocalText) {
    switch form {
    case .line, .dot:
      (LocalText("Lowest and highest values", "最小值和最大值"), LocalText("From left to right", "从左到右"))
    case .bar: (LocalText("Highest bars", "最高的条"), LocalText("Lowest bars", "最低的条"))
    case .histogram: (LocalText("Highest bins", "最高的区间"), LocalText("Mean and standard deviation", "均值和标准差"))
    case .range: (LocalText("Ranges", "区间"), LocalText("Widths", "宽度"))
    case .heat:
      (LocalText("Largest cells", "最大的单元"), LocalText("From the first row to the last", "从第一行到最后一行"))
    }
  }

  private var facts: [Facts] {
    var result: [Facts] = []
    var seen: [LocalText] = []
    for panel in chart.panels {
      for layer in panel.layers {
        let name = panel.title ?? layer.name
        switch layer {
        case .line(let line):
          guard form == .line, line.key != nil else { continue }
          result += curve(name[language], line.x, line.y)
          seen.append(line.name)
        case .dots(let dots):
          guard form == .dot, dots.key != nil, !seen.contains(dots.name) else { continue }
          result += curve(name[language], dots.x, dots.y)
        case .steps(let steps): if form == .histogram { result += histogram(name[language], steps) }
        case .bars(let bars): if form == .bar { result += self.bars(name[language], bars) }
        case .interval(let interval):
          if form == .range, interval.direction == .horizontal { result += ranges(interval) }
        case .heat(let heat): result += cells(panel.title?[language], heat)
        case .band, .rule, .region: continue
        }
      }
    }
    return result
  }

  /// The most prominent cells, and how the rows change: by their strip, else by their means.
  private func cells(_ panel: String?, _ heat: Heat) -> [Facts] {
    let pooled = PooledHeat(heat)
    let top = pooled.top(3, heat.colour.prominence)
    guard !top.isEmpty else { return [] }
    let items = top.map { cell -> String in
      let at = pooled.places[cell]
      let places = [
        chart.y.placeWords(at / heat.columns)[language], chart.x.placeWords(at % heat.columns)[language],
      ]
      let value = number(pooled.values[cell])
      return language == .english
        ? "\(value) (\(places.joined(separator: ", ")))" : "\(value)（\(places.joined(separator: "，"))）"
    }
    let prefix = panel.map { $0 + " " } ?? ""
    let statistic = prefix + items.joined(separator: language == .english ? ", " : "、")
    let strip: (name: String, values: [Double]) =
      heat.rowStrip.map { ($0.label[language], $0.values) }
      ?? (language == .english ? "mean" : "均值", (0..<heat.rows).map { mean(heat, row: $0) })
    let finite = strip.values.filter(\.isFinite)
    guard let first = finite.first, let last = finite.last, finite.count > 1 else {
      return [Facts(statistic: statistic, trend: nil)]
    }
    let (a, b) = (number(first), number(last))
    let trend =
      language == .english
      ? "\(prefix)\(strip.name) \(a == b ? "stays at \(a)" : "goes from \(a) to \(b)")"
      : "\(prefix)\(strip.name)\(a == b ? "保持在 \(a)" : "从 \(a) 到 \(b)")"
    return [Facts(statistic: statistic, trend: trend)]
  }

  private func mean(_ heat: Heat, row: Int) -> Double {
    let own = heat.values[(row * heat.columns)..<((row + 1) * heat.columns)].filter(\.isFinite)
    let count = Double(own.count)
    return own.isEmpty ? .nan : own.reduce(0) { $0 + $1 / count }
  }

  private func curve(_ name: String, _ x: [Double], _ y: [Double]) -> [Facts] {
    let points = zip(x, y).filter { $0.0.isFinite && $0.1.isFinite && ($0.1 > 0 || !isLog(chart.y)) }
    guard let first = points.first, let last = points.last else { return [] }
    var least = first
    var greatest = first
    for point in points {
      if point.1 < least.1 { least = point }
      if point.1 > greatest.1 { greatest = point }
    }
    let statistic: String
    let trend: String
    let (a, b) = (number(first.1), number(last.1))
    let (m, at) = (number(greatest.1), number(greatest.0))
    let (l, lat) = (number(least.1), number(least.0))
    let peaks = greatest.1 > max(first.1, last.1) && m != a && m != b
    let dips = least.1 < min(first.1, last.1) && l != a && l != b
    switch language {
    case .english:
      statistic = "\(name) \(l) and \(m)"
      trend =
        peaks
        ? "\(name) goes from \(a) over \(m) (at \(at)) to \(b)"
        : dips
          ? "\(name) goes from \(a) down to \(l) (at \(lat)) and to \(b)"
          : a == b
            ? "\(name) stays at \(a)" : "\(name) \(last.1 > first.1 ? "rises" : "falls") from \(a) to \(b)"
    case .chinese:
      statistic = "\(name) 为 \(l) 和 \(m)"
      trend =
        peaks
        ? "\(name) 从 \(a) 升到 \(m)（\(at) 处）再到 \(b)"
        : dips
          ? "\(name) 从 \(a) 降到 \(l)（\(lat) 处）再到 \(b)"
          : a == b ? "\(name) 保持在 \(a)" : "\(name) 从 \(a) \(last.1 > first.1 ? "升" : "降")到 \(b)"
    }
    return [Facts(statistic: statistic, trend: trend)]
  }

  /// Where curves cross the labelled horizontal rules, at the first point beyond.
  private var crossings: [String] {
    guard form == .line, chart.facets == nil else { return [] }
    var result: [String] = []
    for case .rule(let rule) in chart.layers {
      guard case .y(let level) = rule.position, let label = rule.label else { continue }
      var places: [String] = []
      for case .line(let line) in chart.layers where line.key != nil {
        let points = zip(line.x, line.y).filter { $0.0.isFinite && $0.1.isFinite }
        guard let first = points.first, first.1 != level,
          let crossing = points.first(where: { ($0.1 >= level) != (first.1 >= level) })
        else { continue }
        places.append("\(line.name[language]) \(number(crossing.0))")
      }
      guard !places.isEmpty else { continue }
      let value = number(level)
      result.append(
        language == .english
          ? "\(label.english) (\(value)) is crossed at: \(places.joined(separator: ", "))"
          : "与\(label.chinese)（\(value)）的交点：\(places.joined(separator: "、"))")
    }
    return result
  }

  private func histogram(_ name: String, _ steps: Steps) -> [Facts] {
    var mass = 0.0
    var first = 0.0
    var second = 0.0
    var top: (height: Double, middle: Double)?
    for (i, height) in steps.heights.enumerated() {
      let (a, b) = (steps.edges[i], steps.edges[i + 1])
      guard a.isFinite, b.isFinite, height.isFinite else { continue }
      let middle = a / 2 + b / 2
      if height > top?.height ?? -.infinity { top = (height, middle) }
      mass += height * (b - a)
      first += height * (b - a) * middle
      second += height * (b - a) * middle * middle
    }
    guard let top else { return [] }
    let statistic =
      language == .english
      ? "\(name) \(number(top.height)) at \(number(top.middle))"
      : "\(name) 在 \(number(top.middle)) 处为 \(number(top.height))"
    guard mass > 0 else { return [Facts(statistic: statistic, trend: nil)] }
    let mean = first / mass
    let deviation = max(0, second / mass - mean * mean).squareRoot()
    // A mean far below the spread is noise around 0.
    let shown = abs(mean) < 5e-3 * deviation ? "0.00" : number(mean)
    let trend =
      language == .english
      ? "\(name) \(shown) and \(number(deviation))" : "\(name) 为 \(shown) 和 \(number(deviation))"
    return [Facts(statistic: statistic, trend: trend)]
  }

  private func bars(_ name: String, _ bars: Bars) -> [Facts] {
    let finite = bars.y.indices.filter { bars.x[$0].isFinite && bars.y[$0].isFinite }
    guard let top = finite.max(by: { bars.y[$0] < bars.y[$1] }),
      let low = finite.min(by: { bars.y[$0] < bars.y[$1] })
    else { return [] }
    func place(_ i: Int) -> String {
      if case .band(let names) = chart.x.kind, bars.x[i] >= 0, bars.x[i] < Double(names.count) {
        return names[Int(bars.x[i])][language]
      }
      return number(bars.x[i])
    }
    func text(_ i: Int) -> String {
      language == .english
        ? "\(name) \(number(bars.y[i])) (\(place(i)))" : "\(name) 为 \(number(bars.y[i]))（\(place(i))）"
    }
    return [Facts(statistic: text(top), trend: text(low))]
  }

  private func ranges(_ interval: Interval) -> [Facts] {
    interval.at.indices.compactMap { i in
      let (low, high) = (interval.low[i], interval.high[i])
      guard low.isFinite, !high.isNaN else { return nil }
      var name = interval.name[language]
      if case .band(let names) = chart.y.kind, interval.at[i] >= 0, interval.at[i] < Double(names.count) {
        name = names[Int(interval.at[i])][language]
      }
      let statistic =
        language == .english
        ? "\(name) \(number(low)) to \(number(high))" : "\(name) 从 \(number(low)) 到 \(number(high))"
      guard high.isFinite else { return Facts(statistic: statistic, trend: nil) }
      if isLog(chart.x), low > 0 {
        let decades = NumberFormat.decimals(1).string(Logarithm.base10(high) - Logarithm.base10(low))
        return Facts(
          statistic: statistic,
          trend: language == .english ? "\(name) \(decades) powers of ten" : "\(name) 跨 \(decades) 个数量级")
      }
      return Facts(statistic: statistic, trend: "\(name) \(number(high - low))")
    }
  }
}
