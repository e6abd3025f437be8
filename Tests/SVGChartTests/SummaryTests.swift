import Foundation
import Testing
import Wording

@testable import SVGChart

struct SummaryTests {
  private static func text(_ text: String) -> LocalText { LocalText(same: text) }

  @Test func `a noisy series becomes quantiles that hold their share of the values`() throws {
    var generator = SplitMix(state: 41)
    let x = (0..<20_000).map { Double($0) }
    let y = x.map { 3 * exp(-$0 / 6_000) + 0.3 * generator.normal() }
    let layers: [Layer] = .noisy(Self.text("loss"), x: x, y: y, key: 0)
    guard case .band(let band) = layers[0], case .line(let line) = layers[1] else {
      Issue.record("a band and a line were expected")
      return
    }
    #expect(line.x.count == 160)
    var inside = 0
    var below = 0
    for (i, value) in y.enumerated() {
      let column = i / 125
      if value >= band.low[column], value <= band.high[column] { inside += 1 }
      if value < line.y[column] { below += 1 }
    }
    #expect(abs(Double(inside) / 20_000 - 0.9) < 0.02)
    #expect(abs(Double(below) / 20_000 - 0.5) < 0.01)
    #expect(band.name.english == "5–95% of every 125 values of loss")
    let chart = Chart(title: Self.text("Loss"), x: .linear(Self.text("step")), y: .linear(Self.text("loss")))
    {
      layers
    }
    let bytes = try Plan(chart).svg(figure: 1, title: "title", description: "text", language: .english).text
      .utf8
    #expect(bytes.count < 6_000)
  }

  @Test func `few values stay a line, and lost values are named`() {
    let x = (0..<640).map { Double($0) }
    #expect([Layer].noisy(Self.text("a"), x: x, y: x, key: 0).count == 1)
    var y = (0..<1_000).map { Double($0) }
    y[3] = .nan
    y[4] = .infinity
    let layers: [Layer] = .noisy(Self.text("a"), x: (0..<1_000).map { Double($0) }, y: y, key: 0)
    #expect(layers[0].name.english.contains("(2 not finite left out)"))
  }

  @Test func `runs are a median between their least and greatest`() {
    let layers: [Layer] = .runs(
      Self.text("√d"), x: [0, 1], runs: [[1, 5], [2, 3], [9, .nan]], key: 0)
    guard case .band(let band) = layers[0], case .line(let line) = layers[1] else {
      Issue.record("a band and a line were expected")
      return
    }
    #expect((band.low[0], band.high[0], line.y[0]) == (1, 9, 2))
    #expect(line.y[1].isNaN && band.low[1].isNaN)
  }

  @Test func `a peak stands on the first greatest value`() {
    let line = Line(Self.text("gradient"), x: [1, 2, 4, 8], y: [.nan, 0.31, 0.31, 0.1], key: 2)
    let dots = Dots.peak(of: line) { x, y in LocalText(same: "\(y) at \(x)") }
    #expect(dots.x == [2] && dots.y == [0.31] && dots.key == 2)
    #expect(dots.labels == [LocalText(same: "0.31 at 2.0")])
    let none = Line(Self.text("none"), x: [1], y: [.nan], key: 0)
    #expect(Dots.peak(of: none) { _, _ in Self.text("") }.x.isEmpty)
  }

  @Test func `a symmetric log axis keeps order and signs, and shows 0`() throws {
    let scale = SymlogScale(low: -1_000, high: 1e6, linear: 1, start: 0, end: 600)
    let values = [-1_000.0, -10, -1, -0.1, 0, 0.1, 1, 1_000, 1e6]
    let places = values.map(scale.position)
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
    #expect(places.first == 0 && places.last == 600)
    // Far out, equal ratios are equally far apart.
    #expect(
      abs((scale.position(1e6) - scale.position(1e5)) / (scale.position(1e5) - scale.position(1e4)) - 1)
        < 1e-3)
    let tiny = Double.leastNonzeroMagnitude
    let columns: [[Double]] = [
      [-1e6, -3, 0, 2, 1e6], [5, 5], [0, 0], [-1e308, 1e308], [tiny, 1], [-4, -2], [0.1, 0.2], [.nan, 1],
    ]
    for y in columns {
      for linear in [1.0, 1e-6, 1e300] {
        let chart = Chart(
          title: Self.text("Both sides"), x: .linear(Self.text("x")),
          y: .symlog(Self.text("difference"), linear: linear, domain: linear == 1 ? .nice : .data)
        ) {
          Line(Self.text("series"), x: y.indices.map { Double($0) }, y: y, key: 0)
          Bars(Self.text("bars"), y: y, key: 1)
        }
        for layout in Layout.allCases {
          let plan = try Plan(chart, layout: layout)
          try FigureTests.check(
            plan.svg(figure: 1, title: "title", description: "text", language: .english).text, isInline: true,
            "\(y)")
          #expect(FigureTests.overlaps(plan) == [], "\(y) \(linear)")
        }
      }
    }
    let chart = Chart(
      title: Self.text("Both sides"), x: .linear(Self.text("x")),
      y: .symlog(Self.text("difference"), linear: 1)
    ) { Line(Self.text("series"), x: [0, 1, 2], y: [-1_000, 0, 1e6], key: 0) }
    let labels = try Plan(chart).panels[0].yTicks.compactMap(\.label?.english)
    #expect(labels == ["−10²", "0", "10²", "10⁴", "10⁶"])
    #expect(chart.description(.english).contains("symmetric logarithmic y axis"))
    #expect(throws: ChartError.invalidParameter("Axis.symlog: linear")) {
      try Plan(
        Chart(title: Self.text("t"), x: .linear(Self.text("x")), y: .symlog(Self.text("y"), linear: 0)) {
          Line(Self.text("series"), x: [0], y: [1], key: 0)
        })
    }
  }

  @Test func `a row of cells in two languages keeps its name in the middle`() throws {
    let chart = Chart(
      title: Self.text("Rows"), x: .linear(Self.text("x")),
      y: .band(Self.text(""), [LocalText("a name that needs more than one line", "短名")])
    ) { Interval(Self.text("range"), .horizontal, at: [0], low: [0], high: [1], key: 0) }
    let plan = try Plan(chart, layout: .compact)
    let row = plan.panels[0].y.position(0)
    for language in Language.allCases {
      let lines = plan.texts.filter { $0.anchor == .end && !$0.text[language].isEmpty }.map(\.baseline)
      #expect(abs(lines.reduce(0, +) / Double(lines.count) - row - 4.2) < 0.2, "\(language) \(lines)")
    }
  }

  @Test(
    arguments: [
      ([1, 3, 2], true), ([3, 2, 1], false), ([1, 2, 3], false), ([3, 1, 3], false), ([1, 1, 1], false),
      ([2], false),
      ([.nan, 3, 1, .nan], false), ([.nan, 1, 3, 1, .infinity], true), ([], false),
    ] as [([Double], Bool)])
  func `a line falls on both sides of its greatest value only where that is between two smaller ones`(
    values: [Double], isInside: Bool
  ) {
    let line = Line(Self.text("line"), x: values.indices.map { Double($0) }, y: values, key: 0)
    #expect(line.peaksInside == isInside)
  }
}
