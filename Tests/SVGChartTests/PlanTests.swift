import Foundation
import Testing
import Wording

@testable import SVGChart

struct PlanTests {
  private static func text(_ text: String) -> LocalText { LocalText(same: text) }

  private static func chart(
    _ x: [Double], _ y: [Double], xAxis: Axis = .linear(text("x")), yAxis: Axis = .linear(text("y")),
    nonPositive: NonPositive = .reject
  ) -> Chart {
    Chart(title: text("A chart of numbers"), x: xAxis, y: yAxis) {
      Line(text("series"), x: x, y: y, key: 0, nonPositive: nonPositive)
      if nonPositive == .reject { Dots(text("series"), x: x, y: y, key: 0) }
    }
  }

  private let tiny = Double.leastNonzeroMagnitude

  // MARK: Data of all kinds

  @Test func `awkward data are drawn without a bad number`() throws {
    let columns: [[Double]] = [
      [5], [2, 2, 2], [0, 0], [-3, -1], [1, .nan, 3, 4], [.infinity, 1, 2], [1, -.infinity, 2],
      [tiny, tiny * 2_000, 0],
      [1e308, -1e308, 0], [1.7e308, 1.7e308], [1e15, 1e15 + 1], [1e-300, 2e-300],
      [.greatestFiniteMagnitude, 1],
    ]
    for values in columns {
      let x = values.indices.map { Double($0) }
      for (a, b) in [(x, values), (values, x)] {
        for layout in Layout.allCases {
          let chart = Self.chart(a, b)
          let plan = try Plan(chart, layout: layout)
          let svg = plan.svg(figure: 1, title: "title", description: "text", language: .english).text
          try FigureTests.check(svg, isInline: true, "\(values)")
          #expect(!svg.contains("NaN") && !svg.contains("inf\""), "\(values)")
          #expect(FigureTests.overlaps(plan) == [], "\(values)")
          _ = try chart.figureHTML(ordinal: 1, language: .chinese)
        }
      }
    }
  }

  @Test func `awkward positive data are drawn on log axes`() throws {
    for values in [
      [1.0], [3, 3], [tiny, 1e308], [tiny * 1e13, tiny * 1e14], [1, .nan, 10], [2, 2.0000001],
      [1e308, 1.5e308],
    ] {
      let x = values.indices.map { Double($0 + 1) }
      for base in [Axis.LogBase.two, .ten] {
        let axis = Axis.log(Self.text("y"), base: base)
        for layout in Layout.allCases {
          let plan = try Plan(Self.chart(x, values, yAxis: axis), layout: layout)
          try FigureTests.check(
            plan.svg(figure: 1, title: "title", description: "text", language: .english).text, isInline: true,
            "\(values)")
          #expect(FigureTests.overlaps(plan) == [], "\(values)")
        }
      }
    }
  }

  @Test func `random data in every layer never leave the picture`() throws {
    var generator = SplitMix(state: 21)
    for _ in 0..<60 {
      func column(_ count: Int) -> [Double] {
        (0..<count).map { _ in
          let u = generator.unit()
          return u < 0.04
            ? .nan : u < 0.06 ? .infinity : generator.normal() * Logarithm.powerOf10(Int(u * 8) - 3)
        }
      }
      let n = 1 + Int(generator.unit() * 40)
      let x = (0..<n).map { Double($0) }
      let layers: [any LayerContent] = [
        Line(Self.text("line"), x: x, y: column(n), key: 0),
        Line(Self.text("other"), x: column(n), y: column(n), key: 1),
        Band(Self.text("band"), x: x, low: column(n), high: column(n), level: 0.5, key: 1),
        Steps(Self.text("steps"), edges: (0...n).map { Double($0) }, heights: column(n), key: 2),
        Bars(Self.text("bars"), x: x, y: column(n), key: 3),
        Dots(Self.text("dots"), x: column(n), y: column(n), key: 0),
        Interval(Self.text("interval"), .vertical, at: x, low: column(n), high: column(n), key: 1),
        Rule(y: generator.normal(), label: Self.text("rule")),
        Rule(x: generator.normal(), label: Self.text("wall")),
        Region(x: (0, nil), y: (nil, generator.normal()), label: Self.text("region")),
      ]
      let isExact = generator.unit() < 0.5
      let axis = Axis.linear(Self.text("y"), domain: isExact ? .exact(low: -1, high: 2) : .nice)
      let chart = Chart(title: Self.text("Everything at once"), x: .linear(Self.text("x")), y: axis) {
        layers.filter { _ in generator.unit() < 0.7 }.map(\.layer)
        Line(Self.text("always"), x: [0, 1], y: [0, 1], key: 0)
      }
      for layout in Layout.allCases {
        let plan = try Plan(chart, layout: layout)
        #expect(FigureTests.overlaps(plan) == [])
        for point in plan.allShapes.flatMap(\.subpaths).flatMap(\.points) {
          let isInside =
            point.x >= -20 && point.x <= Int(plan.width) * 10 + 20 && point.y >= -20
            && point.y <= Int(plan.height) * 10 + 20
          #expect(isInside)
        }
        try FigureTests.check(
          plan.svg(figure: 1, title: "title", description: "text", language: .chinese).text, isInline: true,
          "random")
      }
    }
  }

  @Test func `a million points stay a small picture inside its frame`() throws {
    var generator = SplitMix(state: 77)
    let n = 1_000_000
    var level = 0.0
    let y = (0..<n).map { _ -> Double in
      level += generator.unit() - 0.5
      return level
    }
    let x = (0..<n).map { Double($0) }
    let chart = Chart(
      title: Self.text("A walk of a million steps"), x: .linear(Self.text("step")),
      y: .linear(Self.text("place"))
    ) { [Layer].noisy(Self.text("walk"), x: x, y: y, key: 0) }
    for layout in Layout.allCases {
      let plan = try Plan(chart, layout: layout)
      let svg = plan.svg(figure: 1, title: "title", description: "text", language: .english).text
      #expect(svg.utf8.count < 8_000)
      for point in plan.allShapes.flatMap(\.subpaths).flatMap(\.points) {
        #expect(
          point.x >= -20 && point.x <= Int(plan.width) * 10 + 20 && point.y >= -20
            && point.y <= Int(plan.height) * 10 + 20)
      }
    }
    // Also as a plain line: what is drawn passes every point, and no number is bad.
    let line = Chart(
      title: Self.text("A walk of a million steps"), x: .linear(Self.text("step")),
      y: .linear(Self.text("place"))
    ) { Line(Self.text("walk"), x: Array(x.prefix(100_000)), y: Array(y.prefix(100_000)), key: 0) }
    try FigureTests.check(
      Plan(line).svg(figure: 1, title: "title", description: "text", language: .english).text, isInline: true,
      "a long line")
  }

  // MARK: Errors

  @Test func `a log axis refuses zeros and negatives by series and count`() {
    let axis = Axis.log(Self.text("y"))
    #expect(throws: ChartError.nonPositiveOnLog(series: "series", count: 2)) {
      try Plan(Self.chart([1, 2, 3], [1, 0, -5], yAxis: axis))
    }
    #expect(throws: ChartError.nonPositiveOnLog(series: "series", count: 1)) {
      try Plan(Self.chart([0, 2, 3], [1, 1, 5], xAxis: axis))
    }
  }

  @Test func `what cannot be drawn is a typed error`() {
    #expect(throws: ChartError.empty) { try Plan(Self.chart([], [])) }
    #expect(throws: ChartError.empty) { try Plan(Self.chart([.nan], [1])) }
    #expect(throws: ChartError.mismatchedColumns(series: "series")) { try Plan(Self.chart([1], [1, 2])) }
    #expect(throws: ChartError.invalidDomain(axis: "y")) {
      try Plan(Self.chart([1], [1], yAxis: .linear(Self.text("y"), domain: .exact(low: 2, high: 1))))
    }
    #expect(throws: ChartError.invalidDomain(axis: "y")) {
      let axis = Axis.log(Self.text("y"), domain: .exact(low: 1, high: 1.0.nextUp))
      return try Plan(Self.chart([1], [1], yAxis: axis))
    }
    #expect(throws: ChartError.invalidParameter("Steps.edges")) {
      try Plan(
        Chart(title: Self.text("t"), x: .linear(Self.text("x")), y: .linear(Self.text("y"))) {
          Steps(Self.text("steps"), edges: [0, 2, 1], heights: [1, 1], key: 0)
        })
    }
    #expect(throws: ChartError.emptyBandAxis(axis: "x")) {
      try Plan(Self.chart([1], [1], xAxis: .band(Self.text("x"), [])))
    }
    #expect(throws: ChartError.empty) {
      try Plan(
        Chart(
          title: Self.text("t"), x: .linear(Self.text("x")), y: .linear(Self.text("y")),
          facets: Facets(panels: [])))
    }
  }

  // MARK: What is left out is said

  @Test func `everything left out is counted and said in the figure`() throws {
    let axis = Axis.log(Self.text("y"))
    let reason = NonPositive.omit(because: LocalText("float32 underflow", "float32 下溢"))
    let cases: [(Chart, Dropped)] = [
      (
        Self.chart([1, 2, 3, 4], [1, .nan, .infinity, 2]), .notFinite(series: Self.text("series"), count: 2)
      ),
      (
        Self.chart([1, 2, 3], [1, 0, 0], yAxis: axis, nonPositive: reason),
        .nonPositive(
          series: Self.text("series"), count: 2, of: 3, allZero: true,
          because: LocalText("float32 underflow", "float32 下溢"))
      ),
      (
        Self.chart([1, 2, 3], [1, 5, 0.5], yAxis: .linear(Self.text("y"), domain: .exact(low: 0, high: 1))),
        .outside(series: Self.text("series"), count: 1, of: 3)
      ),
    ]
    for (chart, expected) in cases {
      let plan = try Plan(chart)
      #expect(plan.dropped.contains(expected), "\(plan.dropped)")
      for language in Language.allCases {
        let words = plan.texts.map { $0.text[language] }.joined(separator: " ")
        #expect(words.contains(expected.statement[language]), "\(words)")
      }
    }
  }

  @Test func `values of several series beyond the axes are said in one sentence`() throws {
    let chart = Chart(
      title: Self.text("t"), x: .linear(Self.text("x")),
      y: .linear(Self.text("y"), domain: .exact(low: 0, high: 1))
    ) {
      Line(LocalText("first", "甲"), x: [1, 2, 3], y: [0, 2, 1], key: 0)
      Line(LocalText("second", "乙"), x: [1, 2, 3], y: [-1, 2, 1], key: 1)
      Line(Self.text("third"), x: [1, 2, 3], y: [0, 1, 1], key: 2)
    }
    let plan = try Plan(chart)
    let own = plan.statements.filter { $0.english.contains("beyond") }
    #expect(
      own == [
        LocalText("Values beyond the axes: first 1 of 3, second 2 of 3.", "超出坐标范围的值：甲 3 个中的 1 个，乙 3 个中的 2 个。")
      ])
    #expect(plan.dropped.count == 2)
  }

  @Test func `labels without room are named, the hero keeps its own`() throws {
    let chart = Chart(
      title: Self.text("Many series"), x: .linear(Self.text("x")), y: .linear(Self.text("y")), aspect: .strip
    ) {
      for i in 0..<12 {
        Line(
          Self.text("series \(i)"), x: [0, 1], y: [0, Double(i)], key: i, weight: i == 7 ? .hero : .normal)
      }
    }
    let plan = try Plan(chart, layout: .compact)
    #expect(plan.allTexts.contains { $0.text.english == "series 7" })
    #expect(plan.dropped.contains { if case .labels(let labels) = $0 { labels.count >= 4 } else { false } })
    #expect(FigureTests.overlaps(plan) == [])
  }

  @Test func `bands that touch zero on a log axis go to the floor, and a line to its last value`() throws {
    let reason = NonPositive.omit(because: Self.text("underflow"))
    let chart = Chart(title: Self.text("Zeros"), x: .log(Self.text("x")), y: .log(Self.text("y"))) {
      Band(
        Self.text("band"), x: [1, 2, 3], low: [0.1, 0, 0], high: [1, 0.5, 0.2], level: 0.9, key: 0,
        nonPositive: reason)
      Line(Self.text("line"), x: [1, 2, 3], y: [0.5, 0.1, 0], key: 0, nonPositive: reason)
    }
    let plan = try Plan(chart)
    #expect(plan.dropped.count == 2)
    let bottom = Int((plan.panels[0].plot.bottom * 10).rounded())
    let band = plan.allShapes.first { $0.paint == .outerBand }
    #expect(band?.subpaths.flatMap(\.points).contains { $0.y == bottom } == true)
  }

  // MARK: Words

  static let hostile = [
    "<&>\"'", "</text><script>alert(1)</script>", "مرحبا بالعالم", "שלום", "e\u{301}\u{323}", "👩‍👩‍👧‍👦 family",
    "注意力权重",
    "tab\tand\nnewline", "\u{0}\u{1}\u{FFFE}", String(repeating: "W", count: 300),
    String(repeating: "很长的标签", count: 60), String(repeating: "word ", count: 60), "", " ", "%0A,\"",
  ]

  @Test(arguments: hostile)
  func `any words survive, escaped, without overlap`(words: String) throws {
    let text = LocalText(words, words)
    let chart = Chart(
      title: text, subtitle: text, x: .linear(text, unit: text), y: .linear(text),
      notes: [Note(text, x: 1, y: 1)], remarks: [text], source: text
    ) {
      Line(text, x: [0, 1, 2], y: [0, 2, 1], key: 0, weight: .hero)
      Line(text, x: [0, 1, 2], y: [1, 1, 2], key: 1, label: .along(text, near: 1))
      Dots(text, x: [1], y: [1.5], key: 1, labels: [text])
      Rule(y: 0.5, label: text)
      Rule(x: 0.5, label: text)
      Region(x: (1, 2), label: text)
    }
    let facets = Chart(
      title: text, x: .band(text, [text, text]), y: .linear(text),
      facets: Facets(panels: [
        Panel(text, caption: text, strip: Strip(text, reach: 1) { Dots(text, x: [0], y: [0], key: 0) }) {
          Bars(text, y: [1, 2], key: 0)
        },
        Panel(text, caption: text) { Bars(text, y: [1, 2], key: 1) },
      ]))
    let rows = Chart(title: text, x: .linear(text), y: .band(text, [text, text])) {
      Interval(
        text, .horizontal, at: [0, 1], low: [0, 1], high: [1, .infinity], labels: [text, text], key: 0)
    }
    for chart in [chart, facets, rows] {
      for layout in Layout.allCases {
        let plan = try Plan(chart, layout: layout, showsTitle: true)
        try FigureTests.check(
          plan.svg(figure: 1, title: words, description: words, language: .english).text, isInline: true,
          words)
        #expect(FigureTests.overlaps(plan).map { $0.prefix(99) } == [])
        for box in plan.allTexts where !box.text.english.isEmpty {
          #expect(
            box.rect.x >= -2 && box.rect.right <= plan.width + 2,
            "\(layout) \(box.style) \(box.anchor) \(box.rect)")
        }
      }
      let html = try chart.figureHTML(ordinal: 1, language: .chinese).text
      #expect(!html.contains("<script") && !html.contains("\u{1}"))
    }
  }

  // MARK: Small multiples

  @Test func `panels within four times share an axis and others say how much wider theirs is`() throws {
    let plan = try Plan(Samples.histograms)
    let scales = plan.panels.map(\.x)
    #expect(scales.count == 4)
    let lows = scales.map { scale -> Double in
      if case .linear(let linear) = scale { linear.low } else { .nan }
    }
    #expect(lows[1] == lows[2] && lows[2] == lows[3] && lows[0] < lows[1])
    let announced = plan.texts.filter { $0.style == .announcement }.map(\.text)
    #expect(announced == [LocalText("x axis 8× wider", "横轴范围是其他图的 8 倍")])
  }

  // MARK: Geometry

  @Test func `a simplified path passes every point within 0.15 px`() {
    var generator = SplitMix(state: 5)
    for round in 0..<40 {
      var y = 0.0
      let points = (0..<400).map { i -> GridPoint in
        y += generator.normal() * Double(round % 5) + Double(round)
        return GridPoint(x: i * (1 + round % 3), y: Int(y))
      }
      let kept = PathSimplifier.simplified(points)
      #expect(kept.first == points.first && kept.last == points.last)
      for point in points {
        let nearest = zip(kept, kept.dropFirst()).map { Self.distance(point, $0, $1) }.min() ?? .infinity
        #expect(nearest <= 1.5 + 1e-9)
      }
    }
  }

  private static func distance(_ p: GridPoint, _ a: GridPoint, _ b: GridPoint) -> Double {
    let (dx, dy) = (Double(b.x - a.x), Double(b.y - a.y))
    let length = dx * dx + dy * dy
    let t = length == 0 ? 0 : max(0, min(1, (Double(p.x - a.x) * dx + Double(p.y - a.y) * dy) / length))
    return hypot(Double(p.x - a.x) - dx * t, Double(p.y - a.y) - dy * t)
  }

  @Test func `path data read back as the points written`() {
    var generator = SplitMix(state: 6)
    for _ in 0..<200 {
      var points = [GridPoint(x: 0, y: 0)]
      while points.count < 12 {
        let step = { Int(generator.unit() * 60) - 30 }
        let next = GridPoint(
          x: points[points.count - 1].x + step(),
          y: points[points.count - 1].y + (points.count % 3 == 0 ? 0 : step()))
        if next != points[points.count - 1] { points.append(next) }
      }
      let read = PathReader(PathEncoder.data([Subpath(points)]))
      #expect(read.isValid)
      #expect(read.points.map { GridPoint($0.x, $0.y) } == points)
    }
  }

  @Test func `spread labels keep their order, their distance and the range`() {
    var generator = SplitMix(state: 8)
    for _ in 0..<500 {
      let wishes = (0..<(1 + Int(generator.unit() * 9))).map { _ in generator.unit() * 200 }.sorted()
      let middles = LabelSpread.solve(wishes, height: 16, in: 0...200)
      for (a, b) in zip(middles, middles.dropFirst()) { #expect(b - a >= 16 - 1e-6) }
      #expect(middles.allSatisfy { $0 >= -1e-6 && $0 <= 200 + 1e-6 })
    }
    #expect(LabelSpread.solve([10, 100], height: 16, in: 0...200) == [10, 100])
    #expect(LabelSpread.solve([100, 100], height: 16, in: 0...200) == [92, 108])
  }

  @Test func `wrapped lines fit, keep every character and never begin with closing punctuation`() {
    for words in Self.hostile + ["除以 √d 之后，等效键数占 61%，除以 2√d 是 88%；所以 c 越大分布越均匀。"] {
      for limit in [80.0, 200] {
        let text = TextMetrics.singleLine(words)
        let lines = TextMetrics.wrapped(text, to: limit, size: 12)
        if lines.count > 1 {
          for line in lines { #expect(TextMetrics.width(line, size: 12) <= limit, "\(line)") }
          #expect(lines.dropFirst().allSatisfy { !"，。；：".contains($0.first ?? " ") }, "\(lines)")
        }
        #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
      }
    }
  }
}
