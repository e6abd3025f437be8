import Foundation
import MarkupWriter
import Testing
import Wording

@testable import SVGChart

/// What every form keeps, in both layouts and both languages.
struct FigureTests {
  static let plans: [(name: String, chart: Chart, plan: Plan)] = Samples.all.flatMap { sample in
    Layout.allCases.compactMap { layout in
      // A sample that cannot be planned is found by the first test.
      (try? Plan(sample.chart, layout: layout)).map {
        (sample.name + " " + layout.rawValue, sample.chart, $0)
      }
    }
  }

  @Test func `all forms can be planned in both layouts`() throws {
    #expect(Self.plans.count == 2 * Samples.all.count)
    for sample in Samples.all {
      for layout in Layout.allCases { _ = try Plan(sample.chart, layout: layout) }
    }
  }

  /// Texts that overlap, by more than `gap` px of nearness.
  static func overlaps(_ plan: Plan, gap: Double = 0) -> [String] {
    let texts = plan.allTexts
    var result: [String] = []
    for (i, a) in texts.enumerated() {
      for b in texts[(i + 1)...] {
        let meet = Language.allCases.contains { !a.text[$0].isEmpty && !b.text[$0].isEmpty }
        if meet, a.rect.intersects(b.rect, padding: gap) {
          result.append(
            "\(a.style) “\(a.text.english.prefix(20))” × \(b.style) “\(b.text.english.prefix(20))”")
        }
      }
    }
    return result
  }

  @Test func `no two labels overlap`() {
    for (name, _, plan) in Self.plans {
      #expect(Self.overlaps(plan, gap: 1) == [], "\(name)")
    }
  }

  @Test func `labels of one axis keep a gap of 0.4 em`() {
    for (name, _, plan) in Self.plans {
      for panel in plan.panels {
        let labels = panel.xTicks.compactMap { tick in
          tick.label.map { (panel.x.position(tick.value), TextMetrics.width($0, size: 12)) }
        }
        for (a, b) in zip(labels, labels.dropFirst()) {
          #expect(b.0 - a.0 - (a.1 + b.1) / 2 >= 4.8 - 0.01, "\(name)")
        }
      }
    }
  }

  @Test func `every text and every point is inside the picture`() {
    for (name, _, plan) in Self.plans {
      for text in plan.allTexts {
        for language in Language.allCases {
          let own = TextMetrics.width(text.text[language], size: text.style.size, bold: text.style.isBold)
          #expect(text.width >= own - 1e-9, "\(name): \(text.text)")
        }
        let rect = text.rect
        let isInside =
          rect.x >= -2 && rect.y >= -2 && rect.right <= plan.width + 2 && rect.bottom <= plan.height + 2
        #expect(isInside, "\(name): \(text.text.english) \(rect)")
      }
      for point in plan.allShapes.flatMap(\.subpaths).flatMap(\.points) {
        #expect(point.x >= -20 && point.x <= Int(plan.width * 10) + 20, "\(name)")
        #expect(point.y >= -20 && point.y <= Int(plan.height * 10) + 20, "\(name)")
      }
    }
  }

  static let elements: [String: [String]] = [
    "svg": [
      "xmlns", "class", "role", "aria-labelledby", "aria-describedby", "viewBox", "width", "height", "fill",
      "xml:lang", "font-family",
    ],
    "title": ["id"], "desc": ["id"],
    "rect": ["x", "y", "width", "height", "fill"],
    "g": [
      "class", "fill", "stroke", "stroke-width", "font-size", "font-weight", "text-anchor", "transform",
      "shape-rendering", "stroke-linejoin",
    ],
    "path": [
      "class", "d", "fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray",
      "stroke-linecap", "opacity",
    ],
    "text": ["x", "y"],
  ]

  /// Checks one SVG text against everything that holds for all.
  static func check(_ svg: String, isInline: Bool, _ comment: String) throws {
    let xml = try XMLChecker(svg)
    var ids: [String] = []
    for tag in xml.tags {
      let allowed = try #require(elements[tag.name], "\(comment): <\(tag.name)>")
      for (name, value) in tag.attributes {
        #expect(allowed.contains(name), "\(comment): \(name) on <\(tag.name)>")
        if name == "id" { ids.append(value) }
        if ["x", "y", "width", "height"].contains(name) {
          #expect(value.wholeMatch(of: /-?(\d+(\.\d)?|\.\d)/) != nil, "\(comment): \(name)=\(value)")
        }
        if name == "d" {
          #expect(!value.isEmpty && PathReader(value).isValid, "\(comment): \(value.prefix(80))")
        }
        if isInline, name == "fill" || name == "stroke" {
          #expect(["none", "currentColor", "#fff"].contains(value), "\(comment): literal colour \(value)")
        }
      }
    }
    #expect(ids.count == 2, "\(comment)")
    let root = try #require(xml.tags.first)
    #expect(root["role"] == "img" && root["xmlns"] == "http://www.w3.org/2000/svg")
    #expect([root["aria-labelledby"], root["aria-describedby"]] == [ids[0], ids[1]])
    #expect(svg.contains("</title><desc"))
    if !isInline {
      // Office programs know neither style sheets nor inherited colours for certain.
      for word in ["currentColor", "class=", "var(", "paint-order"] {
        #expect(!svg.contains(word), "\(comment): \(word)")
      }
    }
  }

  @Test func `pictures are well-formed XML of a few elements and attributes`() throws {
    for (name, chart, plan) in Self.plans {
      for language in Language.allCases {
        let title = chart.title[language]
        let text = chart.description(language)
        let inline = plan.svg(figure: 1, title: title, description: text, language: language).text
        try Self.check(inline, isInline: true, name)
        let file = plan.standaloneSVG(title: title, description: text, language: language)
        try Self.check(
          String(decoding: file, as: UTF8.self).trimmingCharacters(in: .newlines), isInline: false, name)
      }
    }
  }

  @Test func `xmllint accepts the files and librsvg draws them`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "charts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }  // A leftover temporary folder harms nothing.
    for sample in Samples.all {
      let file = folder.appending(path: sample.name + ".svg").path
      try Data(sample.chart.standaloneSVG(language: .chinese)).write(to: URL(fileURLWithPath: file))
      for (program, arguments) in [
        ("/usr/bin/xmllint", ["--noout", file]), ("/usr/bin/rsvg-convert", ["-o", file + ".png", file]),
      ] {
        if let status = try External.status(program, arguments) {
          #expect(status == 0, "\(program) \(sample.name)")
        } else {
          print(
            "SKIPPED: \(program) is not installed; \(sample.name) was only read by the tests' own tokenizer")
        }
      }
    }
  }

  @Test func `pictures hold no script, link or reference to elsewhere`() throws {
    for sample in Samples.all {
      let html = try sample.chart.figureHTML(ordinal: 3, language: .english).text
      let start = try #require(html.range(of: "<svg"))
      let end = try #require(html.range(of: "</svg>", options: .backwards))
      let pictures = html[start.lowerBound..<end.upperBound]
      #expect(pictures.matches(of: /href="[^#]/).isEmpty, "\(sample.name)")
      for word in ["<script", " on", "@import", "url(", "tabindex", "aria-hidden", "aria-label="] {
        // " on" as an attribute, not as a word of a text.
        #expect(!pictures.contains(word == " on" ? " onclick" : word), "\(sample.name): \(word)")
      }
      #expect(html.contains("data:text/csv"))
    }
  }

  @Test func `a name and a description with two numbers of the data are on every picture`() throws {
    var names: [String] = []
    for sample in Samples.all {
      for language in Language.allCases {
        let name = sample.chart.title[language]
        #expect(name.count >= 8 && !names.contains(name))
        names.append(name)
        let text = sample.chart.description(language)
        let data = sample.chart.table.rows.joined().compactMap { cell -> String? in
          guard case .number(let value) = cell, abs(value) > 1e-9 else { return nil }
          return NumberFormat.text.string(value)
        }
        let found = Set(text.matches(of: /\d[\d,]*(\.\d+)?(×10[⁻⁰-⁹¹²³]+)?/).map { String($0.output.0) })
          .filter { number in data.contains { $0.hasSuffix(number) } }
        #expect(found.count >= 2, "\(sample.name): \(text)")
        let stops = text.filter { $0 == "。" }.count
        if language == .chinese { #expect(stops == 3, "\(text)") }
      }
    }
  }

  @Test func `both pictures of a figure have its title for a name, written once`() throws {
    for sample in Samples.all {
      let html = try sample.chart.figureHTML(ordinal: 7, language: .english).text
      let pictures = try html.matches(of: /<svg.*?<\/svg>/.dotMatchesNewlines()).map {
        try XMLChecker(String($0.output))
      }
      #expect(pictures.count == 2)
      let ids = pictures.flatMap(\.tags).compactMap { $0["id"] }
      for root in pictures.compactMap(\.tags.first) {
        #expect([root["aria-labelledby"], root["aria-describedby"]] == ["f7-t", "f7-d"], "\(sample.name)")
      }
      #expect(ids.filter { $0 == "f7-t" || $0 == "f7-d" } == ["f7-t", "f7-d"], "\(sample.name)")
      #expect(Set(ids).count == ids.count, "\(sample.name)")
    }
  }

  @Test func `a figure leads to a file with all of its data where there is one`() throws {
    var options = FigureOptions(downloadName: "curves")
    options.dataAddress = "data/note/curves.csv"
    let html = try Samples.sorted.figureHTML(ordinal: 2, language: .english, options: options).text
    #expect(
      html.contains(
        "<a download=\"curves.csv\" href=\"data/note/curves.csv\">Download all 512 rows as CSV</a>"))
    #expect(!html.contains("data:text/csv"))
    let frames = try Chart.figureHTML(
      frames: [(Self.text("a"), Samples.sorted), (Self.text("b"), Samples.sorted)], of: Self.text("which"),
      ordinal: 1, language: .english, options: options
    ).text
    #expect(
      frames.contains("href=\"data/note/curves.csv\"") && frames.contains("href=\"data/note/curves.2.csv\""))
  }

  static func text(_ words: String) -> LocalText { LocalText(same: words) }

  @Test func `English and Chinese have the same paths and the same digits`() throws {
    for (name, _, plan) in Self.plans {
      func parts(_ language: Language) throws -> (paths: [String], places: [String]) {
        let xml = try XMLChecker(plan.svg(figure: 1, title: "t", description: "d", language: language).text)
        return (
          xml.tags.compactMap { $0["d"] },
          xml.tags.filter { $0.name == "text" }.map { "\($0["x"] ?? "") \($0["y"] ?? "")" }
        )
      }
      #expect(try parts(.english).paths == parts(.chinese).paths, "\(name)")
      for text in plan.panels.flatMap({ $0.xTicks + $0.yTicks }).compactMap(\.label) {
        #expect(text.english.filter(\.isNumber) == text.chinese.filter(\.isNumber), "\(name)")
      }
    }
  }

  @Test func `the same chart gives the same bytes, one after another and at once`() async throws {
    for sample in Samples.all {
      let once = try sample.chart.figureHTML(ordinal: 1, language: .chinese)
      let chart = sample.chart
      let others = await withTaskGroup(of: RawMarkup?.self) { group in
        for _ in 0..<4 { group.addTask { try? chart.figureHTML(ordinal: 1, language: .chinese) } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(others.allSatisfy { $0 == once })
      // JSON has no word for NaN, which blank cells are.
      let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      let copy = try decoder.decode(Chart.self, from: encoder.encode(chart))
      #expect(copy == chart)
      #expect(try copy.figureHTML(ordinal: 1, language: .chinese) == once)
    }
  }

  @Test func `sizes stay within the budgets`() throws {
    let budgets = [
      "sorted-curves": 7_000, "cumulative-mass": 5_000, "histograms": 8_000, "few-keys": 6_000,
      "scatter": 7_000, "noisy-series": 5_500, "runs": 7_500, "attention-map": 12_000, "causal-map": 8_000,
      "heads": 12_500, "pooled-map": 16_000,
    ]
    for sample in Samples.all {
      let plan = try Plan(sample.chart)
      let wide = plan.svg(
        figure: 1, title: sample.chart.title.english, description: sample.chart.description(.english),
        language: .english)
      let figure = try sample.chart.figureHTML(ordinal: 1, language: .english)
      let budget = budgets[sample.name] ?? 4_500
      print("size \(sample.name): wide \(wide.text.utf8.count), figure \(figure.text.utf8.count)")
      #expect(wide.text.utf8.count <= budget, "\(sample.name)")
      #expect(figure.text.utf8.count <= (sample.name == "runs" ? 26_000 : 22_500), "\(sample.name)")
      #expect(wide.text.matches(of: /<[a-z]/).count <= 200, "\(sample.name)")
    }
  }

  @Test func `a figure shows how many of the rows it shows, and the download says what it holds`() throws {
    let html = try Samples.sorted.figureHTML(ordinal: 2, language: .english).text
    #expect(html.contains("<summary>Data (40 of 512 rows)</summary>"))
    #expect(html.contains("tabindex=\"0\" role=\"region\" aria-label="))
    #expect(
      html.contains("<caption>") && html.contains("<th scope=\"col\">") && html.contains("<th scope=\"row\">")
    )
    #expect(html.contains(#/Download as CSV \(\d+ of 512 rows\)/#))
    var whole = FigureOptions(tableRows: 1000, downloadBytes: 1_000_000)
    whole.figureBytes = 1_000_000
    let all = try Samples.sorted.figureHTML(ordinal: 2, language: .english, options: whole).text
    #expect(all.contains("<summary>Data (512 rows)</summary>") && all.contains(">Download as CSV</a>"))
  }
}
