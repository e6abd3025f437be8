import Diagnostics
import Experiments
import SVGChart
import Testing
import Wording

@testable import Figures

@Suite struct ComposingFigures {
  @Test func `a line stands at every value of its coordinate, at the computed height`() throws {
    let (chart, site) = try FigureSite.chart("y: s.entropy\nx: scale")
    let entropy = site.measures("s", "entropy")
    let line = try #require(
      chart.layers.lazy.compactMap { if case .line(let line) = $0 { line } else { nil } }.first)
    #expect(line.x == [1, 8, 16])
    #expect(line.y == entropy.map(\.value))
  }

  @Test func `a band reaches two standard errors either way`() throws {
    let (chart, site) = try FigureSite.chart("y: s.entropy\nx: scale")
    let band = try #require(
      chart.layers.lazy.compactMap { if case .band(let band) = $0 { band } else { nil } }.first)
    for (index, measure) in site.measures("s", "entropy").enumerated() {
      let error = try #require(measure.standardError)
      #expect(band.low[index] == measure.value - 2 * error)
      #expect(band.high[index] == measure.value + 2 * error)
    }
  }

  @Test func `an exact measure has no band`() throws {
    let (chart, _) = try FigureSite.chart("y: s.expectedLargestLogit\nx: scale")
    #expect(chart.layers.count == 1)
  }

  @Test func `a coordinate that is left over becomes the series`() throws {
    let (chart, _) = try FigureSite.chart("y: s.topMass\nx: scale\nerror: none")
    let names = chart.layers.compactMap { if case .line(let line) = $0 { line.name.english } else { nil } }
    #expect(names == ["top = 1", "top = 4"])
  }

  @Test func `labels whose numbers differ stand side by side as names`() throws {
    // √d is another divisor at each head dimension.
    let (chart, _) = try FigureSite.chart("y: p.standardDeviation\nx: scale\nseries: headDimension")
    guard case .band(let names) = chart.x.kind else {
      Issue.record("\(chart.x.kind)")
      return
    }
    #expect(names.map(\.english) == ["no scaling", "√d"])
  }

  @Test(arguments: [
    "[{measure: s.entropy, name: w}, {measure: s.maxProbability, name: w}]", "[s.entropy, s.entropy]",
  ])
  func `measures that readers could not tell apart are refused`(list: String) throws {
    let (figure, problems, _) = try FigureSite.figure("y: \(list)\nx: scale")
    #expect(figure == nil)
    #expect(problems.map(\.code) == [.invalidFigure])
  }

  @Test func `measures with different units get panels of their own`() throws {
    let (chart, _) = try FigureSite.chart("y: [s.entropy, s.maxProbability]\nx: scale")
    #expect(chart.facets?.panels.map(\.title.english) == ["entropy", "maxProbability"])
    #expect(chart.facets?.y == .free)
  }

  @Test func `bars of several series stand side by side and within their band`() throws {
    let (chart, _) = try FigureSite.chart("y: s.topMass\nx: scale\nmark: bars\nerror: none")
    let bars = chart.layers.compactMap { if case .bars(let bars) = $0 { bars } else { nil } }
    #expect(bars.count == 2)
    for (left, right) in zip(bars[0].x, bars[1].x) {
      #expect(left + bars[0].width / 2 <= right - bars[1].width / 2)
      #expect(left - bars[0].width / 2 >= left.rounded() - 0.5)
      #expect(right + bars[1].width / 2 <= right.rounded() + 0.5)
    }
  }

  @Test func `frames show one y axis and one value each`() throws {
    let (figure, problems, site) = try FigureSite.figure("y: s.topMass\nx: top\nframes: scale")
    #expect(problems.isEmpty)
    let frames = try #require(figure).frames
    #expect(frames.map(\.label.english) == ["no scaling", "√d", "2√d"])
    #expect(Set(frames.map(\.chart.y.domain)).count == 1)
    let drawn = frames.flatMap(\.chart.layers).compactMap {
      if case .dots(let dots) = $0 { dots.y } else { nil }
    }
    #expect(drawn.flatMap { $0 } == site.measures("s", "topMass").map(\.value))
    guard case .exact(let low, let high) = frames[0].chart.y.domain else {
      Issue.record("the frames have no domain in common")
      return
    }
    #expect(drawn.joined().allSatisfy { (low...high).contains($0) })
  }

  @Test func `a figure of an experiment can stand elsewhere, with some of its series`() throws {
    let (chart, site) = try FigureSite.chart("show: s.sorted-curve\nonly: [none, 2√d]\ntitle: Two of them")
    let original = try #require(
      site.results.of(note: "notebooks/a.md")[0].outcome.figures.first { $0.name == "sorted-curve" }?.chart)
    func lines(_ chart: Chart) -> [Line] {
      chart.layers.compactMap { if case .line(let line) = $0 { line } else { nil } }
    }
    #expect(lines(chart) == lines(original).filter { $0.name.english != "√d" })
    #expect(chart.title == LocalText(same: "Two of them"))
  }

  @Test func `series of figures are drawn together, with the very values that the figures have`() throws {
    let (chart, site) = try FigureSite.chart(
      "curves: [\"s.sorted-curve[none, √d]\", {curve: \"s.sorted-curve[2√d]\", name: twice}]\naxes: {x: linear}\nrules: [{x: 4, label: half}]"
    )
    let original = try #require(
      site.results.of(note: "notebooks/a.md")[0].outcome.figures.first { $0.name == "sorted-curve" }?.chart)
    func lines(_ chart: Chart) -> [Line] {
      chart.layers.compactMap { if case .line(let line) = $0, line.key != nil { line } else { nil } }
    }
    #expect(lines(chart).map(\.name.english) == ["no scaling", "√d", "twice"])
    #expect(lines(chart).map(\.key) == [0, 1, 2])
    #expect(lines(chart).map(\.y) == lines(original).map(\.y))
    #expect(chart.x.kind == .linear && chart.y.kind == original.y.kind)
    #expect(chart.source == original.source)
    #expect(chart.title.english.contains("against"))
  }

  @Test func `one series of every figure of every kind can be drawn by itself, or is refused with help`()
    throws
  {
    let probe = try FigureSite("")
    for (id, result) in zip(["s", "p"], probe.results.of(note: "notebooks/a.md")) {
      for figure in result.outcome.figures {
        let all = FigureSeries.all(of: figure.chart)
        for series in all {
          let word = series.name.english
          let (composed, problems, _) = try FigureSite.figure("curves: \"\(id).\(figure.name)[\(word)]\"")
          let isReadable = !word.contains(",") && !word.contains("[")
          #expect(
            !isReadable || problems.isEmpty, "\(figure.name) \(word): \(problems.map(\.summary.english))")
          guard let chart = composed?.frames[0].chart else { continue }
          for language in Language.allCases { _ = try chart.figureHTML(ordinal: 1, language: language) }
        }
      }
    }
  }

  @Test func `figures on the same axes stand side by side`() throws {
    let (chart, _) = try FigureSite.chart("show: [s.sorted-curve, s.sorted-curve]")
    #expect(chart.facets?.panels.count == 2)
  }

  @Test func `rules and notes stand at numbers, percentages and values of the coordinate`() throws {
    let (chart, _) = try FigureSite.chart(
      "y: s.entropyShare\nx: scale\nrules: [{y: 90%}, {x: √d}]\nnotes: [{text: here, x: 2√d, y: 0.5}]")
    let rules = chart.layers.compactMap { if case .rule(let rule) = $0 { rule.position } else { nil } }
    #expect(rules == [.y(0.9), .x(8)])
    #expect(chart.notes == [Note(LocalText(same: "here"), x: 16, y: 0.5)])
  }

  @Test func `a number in a title is checked, and shown without its markup`() throws {
    let title = "title: \"[9](#s.entropy[√d]) nat\""
    let (figure, _, site) = try FigureSite.figure("y: s.entropy\nx: scale\n\(title)")
    #expect(figure?.frames[0].chart.title == LocalText(same: "9 nat"))
    #expect(site.document.checkedNumbers.map(\.reference.text) == ["s.entropy[√d]"])
  }

  @Test(arguments: [
    ("y: s.topMass", DiagnosticCode.invalidFigure, "x: scale"),
    ("y: s.topMass\nx: scle", .unknownSelector, "scale"),
    ("y: s.entropy[√d]", .invalidFigure, "leave selectors away"),
    ("y: s.topMass\nx: top\nseries: top", .invalidFigure, "scale, top"),
    ("y: [s.entropy, s.maxProbability]\nx: scale\nseries: measure", .invalidFigure, "facets: measure"),
    (
      "y: p.coverage\nx: headDimension\nfacets: within\nframes: within", .invalidFigure,
      "within, headDimension"
    ),
    ("show: s.sorted-crve", .unknownFigure, "sorted-curve"),
    ("show: s.sorted-curve\nonly: [4√d]", .invalidFigure, "its series are"),
    ("show: [s.sorted-curve, p.histogram]", .invalidFigure, "make a figure of each"),
    ("show: s.sorted-curve\ny: s.entropy", .invalidFigure, "keep one of ‘show’, ‘y’"),
    ("curves: s.sorted-curve[√d]\ny: s.entropy", .invalidFigure, "keep one of ‘y’, ‘curves’"),
    ("curves: s.sorted-curve", .invalidFigure, "s.sorted-curve[no scaling]"),
    ("curves: s.sorted-curve[2d]", .invalidFigure, "did you mean ‘2√d’"),
    ("curves: s.sorted-crve[√d]", .unknownFigure, "sorted-curve"),
    ("curves: s", .invalidFigure, "weights.sorted-curve[√d]"),
    ("curves: []", .invalidFigure, "weights.sorted-curve[√d]"),
    ("curves: [{name: x}]", .missingKey, "curve"),
    ("curves: s.sorted-curve[√d]\nx: scale", .invalidFigure, "leave ‘x’ away"),
    ("curves: s.sorted-curve[√d]\nmark: dots", .invalidFigure, "y: experiment.measure"),
    (
      "curves: [\"s.sorted-curve[√d]\", \"p.standard-deviation[√d]\"]", .invalidFigure,
      "make a figure of each"
    ),
    ("curves: s.sorted-curve[√d]\naxes: {x: band}", .invalidFigure, "linear, log or log2"),
    ("curves: s.bars[√d]\naxes: {x: log}", .invalidFigure, "label"),
    ("curves: s.sorted-curve[√d]\naxes: {x: {from: 1}}", .invalidFigure, "both ‘from’ and ‘to’"),
    ("curves: s.sorted-curve[√d]\nrules: [{x: here}]", .invalidFigure, "write a number"),
    (
      "curves:\n- s.sorted-curve[none, √d, 2√d]\n- s.sorted-curve[none, √d, 2√d]\n- s.sorted-curve[none, √d, 2√d]",
      .invalidFigure, "two figures"
    ),
    ("title: nothing", .invalidFigure, "y: experiment.measure"),
    ("y: s.entropy\nx: scale\nmark: pie", .invalidValue, "line, dots, bars"),
    ("y: s.entropy\nx: scale\nrules: [{y: 1, x: 2}]", .invalidFigure, "write"),
    ("y: s.entropy\nx: scale\naxes: {y: {from: 2, to: 1}}", .invalidFigure, "less than"),
    ("y: s.entropy\nx: scale\nserie: top", .unknownKey, "series"),
    ("y: nonsense\nx: scale", .invalidFigure, "experiment.measure"),
    ("y: []\nx: scale", .invalidFigure, "experiment.measure"),
  ])
  func `what makes no sense is refused, with the nearest right form`(
    yaml: String, code: DiagnosticCode, help: String
  ) throws {
    let (figure, problems, _) = try FigureSite.figure(yaml)
    #expect(figure == nil)
    let problem = try #require(problems.first)
    #expect(problems.count == 1 && problem.code == code)
    let said = [problem.help, problem.label].compactMap { $0?.english }.joined(separator: " ")
    #expect(said.contains(help))
    #expect(problem.summary.chinese != problem.summary.english)
  }

  @Test func `every measure of every kind can be drawn along each coordinate, or is refused with help`()
    throws
  {
    let probe = try FigureSite("")
    for (id, result) in zip(["s", "p"], probe.results.of(note: "notebooks/a.md")) {
      for name in result.measureNames {
        let coordinates = result.measures(named: name)[0].coordinates.map(\.name)
        for x in coordinates {
          for mark in FigureSpecification.Mark.allCases {
            let (figure, problems, _) = try FigureSite.figure(
              "y: \(id).\(name)\nx: \(x)\nmark: \(mark.rawValue)")
            if let figure {
              for language in Language.allCases {
                _ = try figure.frames[0].chart.figureHTML(ordinal: 1, language: language)
              }
            } else {
              #expect(problems.allSatisfy { $0.help != nil }, "\(id).\(name) along \(x)")
            }
          }
        }
      }
    }
  }
}
