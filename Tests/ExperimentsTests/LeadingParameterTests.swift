import AttentionKernel
import Diagnostics
import NotebookModel
import Testing
import Wording

@testable import Experiments

/// A kind whose parameter `shape` decides which others there are.
private struct Shapes: Experiment {
  static let kind = KindDescription(
    name: "shapes", summary: LocalText("shapes", "形状"),
    parameters: [
      ParameterDescription("shape", .text, default: .absent, LocalText("which shape", "哪种形状")),
      ParameterDescription("radius", .number(0...1e9), default: .number(1), LocalText("of a circle", "圆的半径")),
    ], measures: [], figures: [])

  static let leadingParameters = ["shape"]

  static func remainingParameters(
    after leading: ParameterValues
  ) throws(ParameterProblem) -> RemainingParameters {
    switch leading.optionalText("shape") {
    case "circle":
      return RemainingParameters(
        [ParameterDescription("radius", .number(0...9), default: .number(1), LocalText("radius", "半径"))],
        withheld: [.init(name: "sides", reason: LocalText("a circle has no sides", "圆没有边"))])
    case "polygon":
      return RemainingParameters([
        ParameterDescription("sides", .integer(3...9), default: .integer(3), LocalText("sides", "边数"))
      ])
    case let shape:
      throw ParameterProblem(
        "shape", LocalText("there is no shape ‘\(shape ?? "")’", "没有这种形状"), misspelt: shape ?? "",
        among: ["circle", "polygon"], known: LocalText("the shapes are: ", "形状有："))
    }
  }

  init(_ parameters: ParameterValues) throws(ParameterProblem) {}
  var work: Work { Work(operations: 1, memoryBytes: 1) }
  func reasonAgainst(figure: String) -> LocalText? { nil }
  func run(_ conditions: RunConditions) throws -> ExperimentOutcome {
    ExperimentOutcome(measures: [], figures: [])
  }
}

@Suite struct LeadingParameters {
  /// What is read of a directive's body, and what is wrong with it: the text marked, and the diagnostic.
  private func read(
    _ body: String
  ) throws -> (values: ParameterValues?, problems: [(marked: String, diagnostic: Diagnostic)]) {
    let text = "---\ntitle: t\ndate: 2026-01-01\n---\n\n```yaml experiment e\nkind: shapes\n\(body)\n```\n"
    let source = SourceFile(path: "a.md", text: text)
    let document = try #require(NotebookParser(siteLanguage: .english).parse(source).0)
    guard case .experiment(let directive)? = document.directives.first else { return (nil, []) }
    let place = SourceLocation(path: "a.md", range: directive.id.range)
    var reader = MappingReader(
      directive.body, owner: LocalText("it", "它"), at: place, unknownCode: .unknownParameter)
    _ = reader.requiredText("kind")
    let values = ParameterReader(files: NoDataFiles(), note: "a.md").read(
      Shapes.self, from: &reader, at: directive.id.range)
    if values != nil { reader.finish() }
    return (
      values,
      reader.diagnostics.map { ($0.location.flatMap { source.text($0.range) } ?? "", $0) }
    )
  }

  @Test func `a leading parameter decides which others are read, with their own ranges and defaults`() throws
  {
    let circle = try read("radius: 2\nshape: circle")
    #expect(circle.problems.isEmpty)
    #expect(circle.values?.entries.map(\.name) == ["shape", "radius"])
    #expect(circle.values?.number("radius") == 2)
    let polygon = try read("shape: polygon")
    #expect(polygon.values?.entries.map(\.name) == ["shape", "sides"])
    #expect(polygon.values?.integer("sides") == 3)
  }

  @Test func `what the leading parameter rules out is refused with its reason, what nobody knows as unknown`()
    throws
  {
    let ruledOut = try read("shape: circle\nsides: 4").problems
    #expect(ruledOut.map(\.marked) == ["sides"])
    #expect(ruledOut.first?.diagnostic.code == .invalidParameter)
    #expect(ruledOut.first?.diagnostic.summary.english == "a circle has no sides")
    let unknown = try read("shape: polygon\nradius: 4\nsides: 10").problems
    #expect(unknown.map(\.marked) == ["10", "radius"])
    #expect(unknown.map(\.diagnostic.code) == [.invalidParameter, .unknownParameter])
  }

  @Test func `a leading parameter that makes no sense is reported alone, with the name that was meant`()
    throws
  {
    let misspelt = try read("shape: circel\nsides: 99\nfoo: 1").problems
    #expect(misspelt.map(\.marked) == ["circel"])
    #expect(misspelt.first?.diagnostic.label?.english == "did you mean ‘circle’?")
    #expect(misspelt.first?.diagnostic.fixes.first?.replacements.first?.text == "circle")
    let absent = try read("sides: 4").problems
    #expect(absent.map(\.marked) == ["e"])
  }
}
