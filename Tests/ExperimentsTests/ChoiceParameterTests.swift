import Diagnostics
import NotebookModel
import Testing
import Wording

@testable import Experiments

@Suite struct `Names as parameters` {
  private static let choices = Choices(
    [
      Choice("plain", LocalText("as it is", "原样")),
      Choice("unit-length", LocalText("divided by its length", "除以长度"), alsoCalled: ["qk-norm"]),
    ], elsewhere: [Choices.Elsewhere(["1/d"], LocalText("write ‘scales: d’", "写 ‘scales: d’"))])

  private static let kind = KindDescription(
    name: "test", summary: LocalText("a test", "测试"),
    parameters: [
      ParameterDescription(
        "shape", .choice(choices), default: .choice("plain"), LocalText("a choice", "选择"))
    ], measures: [], figures: [])

  private func read(_ body: String) throws -> (ParameterValues, [Diagnostic]) {
    let text = "---\ntitle: t\ndate: 2026-01-01\n---\n\n```yaml experiment e\n\(body)\n```\n"
    let source = SourceFile(path: "notebooks/a.md", text: text)
    let (document, diagnostics) = NotebookParser(siteLanguage: .english).parse(source)
    #expect(diagnostics.isEmpty)
    guard case .experiment(let directive)? = try #require(document).directives.first else {
      throw KindIsMissing()
    }
    var reader = MappingReader(
      directive.body, owner: LocalText("it", "它"), at: SourceLocation(path: source.path, range: 0..<0))
    let values = ParameterReader(files: NoDataFiles(), note: source.path).read(
      Self.kind.parameters, from: &reader)
    return (values, reader.diagnostics)
  }

  private struct KindIsMissing: Error {}

  @Test func `a name is taken as it stands, and the default where there is none`() throws {
    let (given, diagnostics) = try read("shape: unit-length")
    #expect(diagnostics.isEmpty && given.choice("shape") == "unit-length")
    #expect(try read("other: 1").0.choice("shape") == "plain")
    #expect(given.entries[0].value.json == .string("unit-length"))
  }

  @Test func `a slip of the finger is mended, and all names are listed`() throws {
    let (values, diagnostics) = try read("shape: unit-lenght")
    let problem = try #require(diagnostics.first)
    #expect(values.choice("shape") == "plain")
    #expect(problem.code == .invalidParameter && problem.label?.english == "did you mean ‘unit-length’?")
    #expect(problem.help?.english == "it takes one of: plain, unit-length")
    #expect(problem.fixes.map(\.description.english) == ["write ‘unit-length’"])
  }

  @Test(arguments: ["qk-norm", "QKNorm", "qk_norm", "Unit length"])
  func `what others call a value leads to its name`(word: String) throws {
    let (_, diagnostics) = try read("shape: \(word)")
    #expect(diagnostics.map(\.label?.english) == ["did you mean ‘unit-length’?"])
    #expect(diagnostics.first?.fixes.count == 1)
  }

  @Test func `what is written elsewhere is told its place`() throws {
    let (_, diagnostics) = try read("shape: 1/d")
    #expect(diagnostics.first?.help?.english == "write ‘scales: d’")
    #expect(diagnostics.first?.fixes.isEmpty == true)
  }

  @Test(arguments: ["sphere", "[plain, unit-length]", "{a: b}", "3"])
  func `anything else is refused with the names`(value: String) throws {
    let (values, diagnostics) = try read("shape: \(value)")
    #expect(values.choice("shape") == "plain")
    #expect(diagnostics.map(\.help?.english) == ["it takes one of: plain, unit-length"])
  }
}
