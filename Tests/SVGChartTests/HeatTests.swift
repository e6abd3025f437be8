import Testing
import Wording

@testable import SVGChart

struct HeatTests {
  private static func text(_ text: String) -> LocalText { LocalText(same: text) }

  private static func chart(_ heat: Heat) -> Chart {
    Chart(
      title: text("A map of cells"), x: .cells(text("key"), count: heat.columns),
      y: .cells(text("query"), count: heat.rows), aspect: .square
    ) { heat }
  }

  /// What a grid looks like once its paths are painted one after the other.
  private static func painted(_ grid: CellGrid) -> [Int?] {
    var cells = [Int?](repeating: nil, count: grid.levels.count)
    for (level, data) in CellEncoder.paths(grid) {
      var at = (x: 0.0, y: 0.0)
      for part in data.matches(of: /([Mmhv])([^Mmhv]+)/) {
        let numbers = part.output.2.matches(of: /-?\d*\.?\d+/).compactMap { Double($0.output) }
        switch part.output.1 {
        case "M": at = (numbers[0], numbers[1])
        case "m": at = (at.x + numbers[0], at.y + numbers[1])
        default:
          for step in 0..<Int(numbers[0]) {
            // The middle of the next cell along the stroke.
            let (x, y) =
              part.output.1 == "h" ? (at.x + Double(step), at.y - 0.5) : (at.x - 0.5, at.y + Double(step))
            cells[Int(y) * grid.columns + Int(x)] = level
          }
          if part.output.1 == "h" { at.x += numbers[0] } else { at.y += numbers[0] }
        }
      }
    }
    return cells
  }

  @Test func `runs paint exactly the levels of the cells, blank ones never`() {
    var generator = SplitMix(state: 31)
    for round in 0..<80 {
      let columns = 1 + Int(generator.unit() * 20)
      let rows = 1 + Int(generator.unit() * 20)
      let kinds = 1 + round % 16
      let blanks = round % 3 == 0 ? 0.3 : 0
      let levels = (0..<(columns * rows)).map { _ -> Int? in
        generator.unit() < blanks ? nil : Int(generator.unit() * Double(kinds))
      }
      let grid = CellGrid(
        rect: Rect(x: 0, y: 0, width: 1, height: 1), columns: columns, levels: levels, isDiverging: false)
      #expect(Self.painted(grid) == levels)
    }
  }

  @Test func `noise of every level, the worst that cells can be, stays within six bytes a cell`() throws {
    var generator = SplitMix(state: 5)
    let values = (0..<4_096).map { _ in generator.unit() }
    let chart = Chart(
      title: LocalText(same: "Noise"), x: .cells(LocalText(same: "x"), count: 64),
      y: .cells(LocalText(same: "y"), count: 64), aspect: .square
    ) { Heat(LocalText(same: "noise"), columns: 64, values: values, colour: .linear) }
    let plan = try Plan(chart)
    let grid = try #require(plan.grids.max { $0.levels.count < $1.levels.count })
    #expect(Set(grid.levels).count == 16)
    let bytes = CellEncoder.paths(grid).reduce(0) { $0 + $1.data.utf8.count }
    print("size noise 64 × 64: cells \(bytes)")
    #expect(bytes <= 6 * 4_096, "\(bytes)")
    // The other layout uses the same cells, so a figure has them once.
    let figure = try chart.figureHTML(ordinal: 1, language: .english).text.utf8.count
    #expect(figure <= bytes + 12_000, "\(figure)")
  }

  @Test(arguments: [CellColour.linear, .sqrt, .log, .diverging(middle: 2)])
  func `levels rise with the value and meet both ends`(colour: CellColour) throws {
    let values = (1...400).map { Double($0) / 100 }
    let plan = try Plan(Self.chart(Heat(Self.text("value"), columns: 20, values: values, colour: colour)))
    let scale = try #require(plan.cellScale)
    let levels = values.map(scale.level)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(levels.last == scale.levels - 1)
    // A linear ramp begins at 0, which these data only come near to; one with a middle is symmetric.
    #expect(levels.first ?? 9 <= 1)
    #expect(Set(levels).count >= scale.levels - 1)
    if case .diverging = colour { #expect(scale.level(2) == 7) }
  }

  @Test func `a square root spreads small shares over more levels than a linear scale`() {
    let root = CellScale(colour: .sqrt, low: 0, high: 1)
    let straight = CellScale(colour: .linear, low: 0, high: 1)
    #expect(root.level(0.0625) == 4 && straight.level(0.0625) == 1)
    #expect(CellScale(colour: .log, low: 1e-4, high: 1).level(1e-2) == 8)
  }

  @Test func `the ramp has labels in order, at their places, with both ends`() {
    for (low, high) in [(0.0, 0.918), (0, 1), (0, 3e-7), (0, 12_345_678), (0, Double.leastNonzeroMagnitude)] {
      let scale = CellScale(colour: .sqrt, low: low, high: high)
      let stops = scale.stops
      #expect(stops.first == low && stops.last == high && stops.count >= 2)
      #expect(zip(stops, stops.dropFirst()).allSatisfy { $0 < $1 })
      if high > 1e-300 { #expect(stops.count == 5) }
      let labels = scale.labels
      #expect(Set(labels).count == labels.count, "\(labels)")
    }
    let decades = CellScale(colour: .log, low: 2e-5, high: 1)
    #expect(decades.labels == ["2×10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "1"] || decades.labels.count == 5)
    #expect(CellScale(colour: .diverging(middle: 0), low: -2, high: 2).labels == ["−2", "−1", "0", "1", "2"])
  }

  @Test func `more than 96 cells are pooled to the largest and the figure says so`() throws {
    let n = 300
    var values = [Double](repeating: 0.1, count: n * n)
    values[217 * n + 123] = 0.9
    let plan = try Plan(Self.chart(Heat(Self.text("weight"), columns: n, values: values, rings: 1)))
    #expect(plan.grids.count == 2)
    let grid = try #require(plan.grids.last)
    #expect(grid.columns <= 96 && grid.rows <= 96)
    #expect(grid.levels.filter { $0 == 15 }.count == 1)
    #expect(plan.dropped.contains(.pooled(series: Self.text("weight"), x: 4, y: 4)))
    #expect(plan.statements.contains { $0.english.contains("0.900 (query 217, key 123)") })
    let table = Self.chart(Heat(Self.text("weight"), columns: n, values: values, rings: 1)).table
    #expect(table.rows.first?.suffix(3) == [.number(123), .number(217), .number(0.9)])
  }

  @Test func `blank cells get no colour, their reason stands in them, and none is counted as lost`() throws {
    for layout in Layout.allCases {
      let plan = try Plan(Samples.causal, layout: layout)
      let grid = try #require(plan.grids.last)
      for row in 0..<32 {
        for column in (row + 1)..<33 where column < 32 { #expect(grid.levels[row * 32 + column] == nil) }
      }
      #expect(plan.dropped.isEmpty)
      let box = try #require(plan.texts.first { $0.text.english == "masked: later keys" })
      // Right of the staircase at its own height.
      let plot = plan.panels[0].plot
      let share = (box.rect.bottom - plot.y) / plot.height
      #expect(box.rect.x > plot.x + share * plot.width)
    }
    var values = [Double](repeating: 1, count: 16)
    values[5] = .nan
    let dropped = try Plan(Self.chart(Heat(Self.text("weight"), columns: 4, values: values))).dropped
    #expect(dropped == [.notFinite(series: Self.text("weight"), count: 1)])
  }

  @Test func `values beyond exact ends of the ramp are counted and said`() throws {
    let heat = Heat(
      Self.text("weight"), columns: 2, values: [0, 1, 2, 3], colour: .linear, domain: .exact(low: 0, high: 2))
    let plan = try Plan(Self.chart(heat))
    #expect(plan.dropped == [.beyondColours(series: Self.text("weight"), count: 1, of: 4)])
    #expect(plan.statements.contains { $0.chinese.contains("4 个单元中有 1 个") })
  }

  @Test func `panels share one ramp, and two ramps in one chart are an error`() throws {
    let plan = try Plan(Samples.heads)
    #expect(plan.grids.count == 5)  // The ramp and four maps.
    func panel(_ colour: CellColour) -> Panel {
      Panel(Self.text("panel")) { Heat(Self.text("weight"), columns: 1, values: [1], colour: colour) }
    }
    let mixed = Chart(
      title: Self.text("Two ramps"), x: .cells(Self.text("x"), count: 1), y: .cells(Self.text("y"), count: 1),
      facets: Facets(panels: [panel(.sqrt), panel(.linear)]))
    #expect(throws: ChartError.invalidParameter("Heat.colour: one ramp a chart")) { try Plan(mixed) }
  }

  @Test func `cells that do not fit their axes are an error that names the series`() {
    let heat = Heat(Self.text("weight"), columns: 2, values: [1, 2, 3, 4])
    for (x, y) in [(3, 2), (2, 3)] {
      let chart = Chart(
        title: Self.text("t"), x: .cells(Self.text("x"), count: x), y: .cells(Self.text("y"), count: y)
      ) { heat }
      #expect(throws: ChartError.mismatchedColumns(series: "weight")) { try Plan(chart) }
    }
    let linear = Chart(title: Self.text("t"), x: .linear(Self.text("x")), y: .linear(Self.text("y"))) { heat }
    #expect(throws: ChartError.mismatchedColumns(series: "weight")) { try Plan(linear) }
    var zeros = heat
    zeros.colour = .log
    zeros.values = [0, 1, -1, 2]
    #expect(throws: ChartError.nonPositiveOnLog(series: "weight", count: 2)) {
      try Plan(Self.chart(zeros))
    }
    let blank = Heat(Self.text("weight"), columns: 1, values: [.nan])
    #expect(throws: ChartError.empty) { try Plan(Self.chart(blank)) }
  }

  @Test func `awkward values are drawn in every colour without a bad number`() throws {
    let tiny = Double.leastNonzeroMagnitude
    let lists: [[Double]] = [
      [0.0], [5, 5, 5, 5], [1e308, -1e308, 0, 1], [tiny, 2 * tiny], [-3, -2, -1, 0], [.nan, 1],
      [.infinity, 1],
      [.greatestFiniteMagnitude, -Double.greatestFiniteMagnitude],
    ]
    for values in lists {
      for colour in [CellColour.linear, .sqrt, .log, .diverging(middle: 0), .diverging(middle: 1e308)] {
        let heat = Heat(
          Self.text("v"), columns: 1, values: values, colour: colour,
          nonPositive: .omit(because: Self.text("zero")))
        guard !(colour == .log && !values.contains { $0 > 0 }) else { continue }
        for layout in Layout.allCases {
          let plan = try Plan(Self.chart(heat), layout: layout)
          let scale = try #require(plan.cellScale)
          #expect(scale.low < scale.high && scale.low.isFinite && scale.high.isFinite, "\(values) \(colour)")
          #expect(FigureTests.overlaps(plan) == [], "\(values) \(colour)")
          try FigureTests.check(
            plan.svg(figure: 1, title: "title", description: "text", language: .english).text, isInline: true,
            "\(values) \(colour)")
        }
      }
    }
  }

  @Test(arguments: ["attention-map", "heads", "two-settings"])
  func `the two layouts of a figure share the paths of their cells`(name: String) throws {
    let chart = try #require(Samples.all.first { $0.name == name }).chart
    let html = try chart.figureHTML(ordinal: 7, language: .english).text
    let ids = html.matches(of: /<g id="(f7-c\d+)" class="ch c">/).map { String($0.output.1) }
    let uses = html.matches(of: /<use href="#([^"]+)" transform="translate\([^"]+\)scale\([^"]+\)"\/>/)
      .map { String($0.output.1) }
    #expect(!ids.isEmpty && ids == uses)
    let plans = try Layout.allCases.map { try Plan(chart, layout: $0) }
    #expect(plans[0].grids.map(\.levels) == plans[1].grids.map(\.levels))
    // One picture alone has what it draws.
    let alone = plans[1].svg(figure: 7, title: "title", description: "text", language: .english).text
    #expect(!alone.contains("<use"))
  }

  @Test func `the ramp climbs in lightness in both themes and its ends are 7 to 1`() {
    for theme in [ChartTheme.light, .dark] {
      let lightness = theme.levels.map { ThemeTests.oklab(ThemeTests.linear(ThemeTests.rgb($0)))[0] }
      let steps = zip(lightness, lightness.dropFirst()).map { theme == .light ? $0 - $1 : $1 - $0 }
      #expect(steps.allSatisfy { $0 > 0.03 }, "\(steps)")
      #expect(ThemeTests.contrast(theme.levels[0], theme.levels[15]) >= 7)
      #expect(ThemeTests.contrast(theme.levels[0], theme.background) < 1.1)
      let middle = theme.diverging.count / 2
      for (a, b) in zip(theme.diverging[..<middle], theme.diverging[1...]) {
        #expect(ThemeTests.contrast(a, theme.background) > ThemeTests.contrast(b, theme.background))
      }
      // Both arms are equally strong, and colour-blind readers tell them apart.
      for (name, matrix) in ThemeTests.vision {
        for step in 3...7 {
          let (a, b) = (theme.diverging[middle - step], theme.diverging[middle + step])
          let seen = [a, b].map { hex in
            let c = ThemeTests.linear(ThemeTests.rgb(hex))
            return ThemeTests.oklab(matrix.map { row in zip(row, c).map(*).reduce(0, +) })
          }
          let distance = zip(seen[0], seen[1]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
          #expect(distance >= 0.09, "\(name) \(a) \(b): \(distance)")
        }
      }
    }
  }

  @Test func `the description names the largest cells and how rows change, in both languages`() {
    let english = Samples.attention.description(.english)
    #expect(english.contains("Heat map: attention weight by query and key, 64 × 64 cells."))
    #expect(english.contains("0.709 (query 13, key 12)"))
    #expect(english.contains("effective keys goes from "))
    #expect(Samples.attention.description(.chinese).contains("0.709（查询 13，键 12）"))
  }
}
