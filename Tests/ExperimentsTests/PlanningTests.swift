import AttentionKernel
import Diagnostics
import NotebookModel
import Testing

@testable import Experiments

@Suite struct Planning {
  static func plan(
    _ body: String, id: String = "e", limits: WorkLimits = WorkLimits(memoryBytes: 8e9)
  ) throws -> (ExperimentPlan, SourceFile) {
    let text = "---\ntitle: t\ndate: 2026-01-01\n---\n\n```yaml experiment \(id)\n\(body)\n```\n"
    let source = SourceFile(path: "a.md", text: text)
    let (document, diagnostics) = NotebookParser(siteLanguage: .english).parse(source)
    #expect(diagnostics.isEmpty)
    return (ExperimentPlan(documents: [try #require(document)], limits: limits), source)
  }

  @Test(arguments: [
    ("kind: sotfmax", DiagnosticCode.unknownKind, "sotfmax", "did you mean ‘softmax’?"),
    (
      "kind: softmax\nheadDimensions: 64", .unknownParameter, "headDimensions",
      "did you mean ‘headDimension’?"
    ),
    ("kind: softmax\nheadDimension: 0", .invalidParameter, "0", ""),
    ("kind: softmax\nheadDimension: -3", .invalidParameter, "-3", ""),
    ("kind: softmax\nheadDimension: 1e12", .invalidParameter, "1e12", ""),
    ("kind: softmax\nheadDimension: .nan", .invalidParameter, ".nan", ""),
    ("kind: softmax\nheadDimension: 6.5", .invalidParameter, "6.5", ""),
    ("kind: softmax\nheadDimension: 99999999999999999999", .invalidParameter, "99999999999999999999", ""),
    ("kind: softmax\nheadDimension: [64]", .invalidParameter, "", ""),
    ("kind: softmax\nscales: [√d, 4√q]", .invalidParameter, "4√q", ""),
    ("kind: softmax\nscales: [0√d]", .invalidParameter, "0√d", ""),
    ("kind: softmax\nscales: [-1]", .invalidParameter, "-1", ""),
    ("kind: softmax\nscales: [√d, sqrt(d)]", .invalidParameter, "sqrt(d)", ""),
    ("kind: softmax\nscales: []", .invalidParameter, "", ""),
    ("kind: softmax\nseed: -1", .invalidParameter, "-1", ""),
    ("kind: softmax\nqueries: 4\ntrials: 8", .invalidParameter, "8", ""),
    ("kind: softmax\nkeys: 4\ntop: 5", .invalidParameter, "5", ""),
    ("kind: softmax\nfigure: sorted-curv", .unknownFigure, "sorted-curv", "did you mean ‘sorted-curve’?"),
    ("kind: softmax\nfigure: bars", .unknownFigure, "bars", ""),
    ("kind: dot-products\nwithin: [0]", .invalidParameter, "0", ""),
    ("kind: exponential-range\nscales: [none]\nheadDimension: 65536\nwithin: 10", .invalidParameter, "", ""),
    ("scales: [√d]", .missingKey, "e", ""),
  ])
  func `a wrong parameter is marked where it stands`(
    body: String, code: DiagnosticCode, marked: String, label: String
  ) throws {
    let (plan, source) = try Self.plan(body)
    #expect(plan.experiments.isEmpty)
    let diagnostic = try #require(plan.diagnostics.first)
    #expect(diagnostic.code == code)
    let location = try #require(diagnostic.location)
    if !marked.isEmpty { #expect(source.text(location.range) == marked) }
    if !label.isEmpty { #expect(diagnostic.label?.english == label) }
  }

  @Test func `all that is wrong with a directive is reported at once`() throws {
    let (plan, _) = try Self.plan("kind: softmax\nheadDimension: 0\nkeys: x\nfoo: 1\nfigure: no")
    #expect(plan.diagnostics.map(\.code) == [.invalidParameter, .invalidParameter, .unknownParameter])
  }

  @Test(arguments: ["softmax", "gradients"])
  func `memory is counted for every thread`(kind: String) throws {
    let body = "kind: \(kind)\nkeys: 16384\nqueries: 64\ntrials: 2\nheadDimension: 512"
    let one = try Self.plan(body, limits: WorkLimits(memoryBytes: 1e9, threads: 1)).0
    #expect(one.diagnostics.isEmpty, "\(one.diagnostics.map(\.summary.english))")
    let many = try Self.plan(body, limits: WorkLimits(memoryBytes: 1e9, threads: 64)).0
    #expect(many.diagnostics.map(\.code) == [.tooMuchWork])
    #expect(many.diagnostics[0].help?.english.contains("fewer than 64 threads") == true)
  }

  @Test func `work beyond the machine is refused with its amount`() throws {
    let (memory, _) = try Self.plan("kind: softmax\nkeys: 1000000\nheadDimension: 65536")
    #expect(memory.diagnostics.map(\.code) == [.tooMuchWork])
    #expect(memory.diagnostics[0].summary.english.contains("GB of memory"))
    let (operations, _) = try Self.plan("kind: softmax\nqueries: 100000000\nkeys: 1000000\nheadDimension: 8")
    #expect(operations.diagnostics.map(\.code) == [.tooMuchWork])
    #expect(operations.diagnostics[0].summary.english.contains("multiplications"))
  }

  @Test(arguments: [
    ("none", "none"), ("√d", "√d"), ("sqrt(d)", "√d"), ("2√d", "2√d"), ("0.5*sqrt(d)", "0.5√d"),
    ("2 · √d", "2√d"),
    ("d", "d"), ("3d", "3d"), ("8", "8"), ("1.50√d", "1.5√d"), ("不缩放", "none"),
  ])
  func `scales are read as people write them`(text: String, label: String) throws {
    let scale = try #require(Scale(text: text))
    #expect(scale.label == label)
    #expect(Scale(text: scale.label) == scale)
  }

  @Test func `renaming an experiment, or asking for another figure, changes no result`() throws {
    let (first, _) = try Self.plan("kind: softmax\nkeys: 32", id: "a")
    let (second, _) = try Self.plan("figure: cumulative-mass\nkeys: 32\nkind: softmax\ntitle: other", id: "b")
    #expect(first.experiments[0].cacheKey == second.experiments[0].cacheKey)
    let (other, _) = try Self.plan("kind: softmax\nkeys: 33", id: "a")
    #expect(first.experiments[0].cacheKey != other.experiments[0].cacheKey)
    // It is shown to readers too: in the words of notes, not of the program.
    #expect(!first.experiments[0].cacheKey.contains("AttentionKernel"))
  }

  @Test(arguments: [
    ("√d", "sqrt(d)", true), ("2√d", "2*sqrt(d)", true), ("1σ", "1sigma", true), ("√d", "2√d", false),
  ])
  func `selectors understand other spellings`(label: String, written: String, matches: Bool) {
    #expect(Coordinate("x", label: label, number: 1).matches(written) == matches)
  }

  @Test func `selectors of scales and widths are read like parameters`() {
    let scale = Coordinate("scale", label: "2√d", number: 16)
    #expect(scale.matches("2.0√d") && scale.matches("2 sqrt(d)") && !scale.matches("16"))
    #expect(Coordinate("scale", label: "√d", number: 8).matches("1√d"))
    #expect(Coordinate("within", label: "1σ", number: 1).matches("1.0"))
  }

  @Test func `numeric selectors compare numbers`() {
    #expect(Coordinate("headDimension", 64).matches("64.0"))
    #expect(!Coordinate("headDimension", 64).matches("640"))
  }
}
