import Diagnostics
import Testing

@testable import NotebookModel

@Suite struct NumbersAnywhere {
  private func parse(_ text: String) throws -> (NotebookDocument, [Diagnostic], SourceFile) {
    let source = SourceFile(path: "notebooks/a.md", text: text)
    let (document, diagnostics) = NotebookParser(siteLanguage: .english).parse(source)
    return (try #require(document), diagnostics, source)
  }

  private func inBody(_ body: String) throws -> ([CheckedNumber], [Diagnostic], SourceFile) {
    let (document, diagnostics, source) = try parse("---\ntitle: t\ndate: 2026-11-20\n---\n\n\(body)\n")
    return (document.checkedNumbers, diagnostics, source)
  }

  @Test(arguments: [
    "A paragraph with [61%](#s.share[√d]).", "# A heading with [61%](#s.share[√d])",
    "| a | b |\n|---|---|\n| 1 | [61%](#s.share[√d]) |", "![alternative [61%](#s.share[√d]) text](p.png)",
    "> - quoted, listed [61%](#s.share[√d])", "Note.[^1]\n\n[^1]: with [61%](#s.share[√d])",
    "*emphasised **[61%](#s.share[√d])***", "[61%][s]\n\n[s]: #s.share[√d]",
    "```yaml experiment s\nkind: softmax\ntitle: \"About [61%](#s.share[√d]) of ‘them’\"\n```",
  ])
  func `a checked number may stand in any text`(body: String) throws {
    let (numbers, diagnostics, source) = try inBody(body)
    #expect(diagnostics.isEmpty)
    #expect(numbers.map(\.reference.text) == ["s.share[√d]"])
    #expect(numbers.first?.literalRange.map(source.text) == "61%")
  }

  @Test(arguments: [
    "title: 占 [61%](#s.share[√d]) 的键", "title: \"占 [61%](#s.share[√d]) 的键\"",
    "title: '占 [61%](#s.share[√d]) 的键'",
    "title: >-\n  占\n  [61%](#s.share[√d])\n  的键", "title: |-\n  占 [61%](#s.share[√d]) 的键",
    "title: \"\\u5360 [61%](#s.share[\\u221Ad]) \\\n  的键\"",
  ])
  func `front matter may hold checked numbers, however YAML writes it`(line: String) throws {
    let (document, diagnostics, source) = try parse("---\n\(line)\ndate: 2026-11-20\n---\n\ntext\n")
    #expect(diagnostics.isEmpty)
    #expect(document.frontMatter?.title.value == "占 61% 的键")
    #expect(document.checkedNumbers.first?.literalRange.map(source.text) == "61%")
    #expect(document.checkedNumbers.first?.reference.text == "s.share[√d]")
  }

  @Test func `a title without checked numbers stays as it is written`() throws {
    for title in ["1. [a](b) *c* `d`", "# x [1](http://e.org/#a.b)", "[draft] a]("] {
      let (document, diagnostics, _) = try parse("---\ntitle: \"\(title)\"\ndate: 2026-11-20\n---\n\ntext\n")
      #expect(diagnostics.isEmpty)
      #expect(document.frontMatter?.title.value == title)
    }
  }

  @Test(arguments: [
    ("[[0.37, 2.72]](#r.lower[1σ]..r.upper[1σ])", ["0.37", "2.72"], ["[", ", "], "]"),
    ("[0.37–2.72](#r.lower[1σ]..r.upper[1σ])", ["0.37", "2.72"], ["", "–"], ""),
    ("[61–88%](#r.lower[1σ]..r.upper[1σ])", ["61", "88%"], ["", "–"], ""),
    ("[−1.5 到 −0.5](#r.lower[1σ]..r.upper[1σ])", ["−1.5", "−0.5"], ["", " 到 "], ""),
    ("[［０．３７，２．７２］](#r.lower[1σ]..r.upper[1σ])", ["０．３７", "２．７２"], ["［", "，"], "］"),
    ("[1,000, 2,000](b.md#r.lower[1σ]..r.upper[1σ])", ["1,000", "2,000"], ["", ", "], ""),
    ("[1-2](#r.lower[1σ]..r.upper[1σ])", ["1", "2"], ["", "-"], ""),
  ])
  func `a range of two numbers names two measures`(
    body: String, texts: [String], leading: [String], trailing: String
  ) throws {
    let (numbers, diagnostics, source) = try inBody(body)
    #expect(diagnostics.isEmpty)
    #expect(numbers.map(\.text) == texts)
    #expect(numbers.map(\.leadingText) == leading)
    #expect(numbers.last?.trailingText == trailing)
    #expect(numbers.map { $0.literalRange.map(source.text) } == texts)
    #expect(numbers.map(\.reference.measure) == ["lower", "upper"])
    #expect(Set(numbers.map(\.reference.note)).count == 1)
  }

  @Test func `a percent sign behind a range holds for both ends`() throws {
    let (numbers, _, _) = try inBody("[61–88%](#r.lower..r.upper)")
    #expect(numbers.compactMap { $0.literal?.number.doubleValue } == [0.61, 0.88])
  }

  @Test(arguments: ["[3](#r.lower..r.upper)", "[a, b](#r.lower..r.upper)", "[1, 2, 3](#r.lower..r.upper)"])
  func `a range that is none is refused`(body: String) throws {
    let (numbers, diagnostics, _) = try inBody(body)
    #expect(numbers.isEmpty)
    #expect(diagnostics.map(\.code) == [.unreadableNumber])
  }

  @Test(arguments: [("[≤0.05](#s.m)", Tolerance.bound(.atMost)), ("[0.05](#s.m \"≥\")", .bound(.atLeast))])
  func `a number can be an end that the value does not pass`(body: String, tolerance: Tolerance) throws {
    let (numbers, diagnostics, _) = try inBody(body)
    #expect(diagnostics.isEmpty)
    #expect(numbers.map(\.tolerance) == [tolerance])
  }

  @Test func `bytes that are more than the number are never offered for replacement`() throws {
    let (numbers, _, source) = try inBody("[**0.73**](#s.m) [0\\.73](#s.m) [ 0.5 ](#s.m)")
    #expect(numbers.map { $0.literalRange.map(source.text) } == ["0.73", nil, "0.5"])
  }
}

@Suite struct PlacesInYAML {
  /// The file text of every visible character of a value, one by one.
  private func followed(_ yaml: String) throws -> (value: String, written: String) {
    let file = SourceFile(path: "a.md", text: "préface √\n" + yaml)
    let start = file.lineStarts[1]
    let value = try #require(try YAMLReader.read(EmbeddedText(file: file, range: start..<file.bytes.count)))
    guard case .mapping(let entries) = value.content, let text = entries.first?.value.text,
      let entry = entries.first?.value
    else {
      Issue.record("no text")
      return ("", "")
    }
    let located = Located(text, range: entry.range, map: entry.map)
    var written = ""
    var offset = 0
    for scalar in text.unicodeScalars {
      let range = offset..<offset + scalar.utf8.count
      offset = range.upperBound
      if !scalar.properties.isWhitespace { written += file.text(located.fileRange(of: range)) }
    }
    return (text, written)
  }

  @Test(arguments: [
    ("k: a.b[√d] > 1", "a.b[√d]>1"), ("k: \"a.b[√d] > 1\"", "a.b[√d]>1"), ("k: 'it''s √'", "it''s√"),
    ("k: \"\\u221Ad \\\"x\\\" \\x41\\tb\"", "\\u221Ad\\\"x\\\"\\x41b"),
    ("k: a.b\n  > 1\n\n  + √2", "a.b>1+√2"),
    ("k: >\n  a.b\n  > 1\n", "a.b>1"), ("k: >-\n    a.b\n\n      more\n    > √\n", "a.bmore>√"),
    ("k: |\n  a # b\n  c\n", "a#bc"), ("k: \"a \\\n  b\n  c\"", "abc"), ("k: |2\n    √x\n", "√x"),
  ])
  func `every visible character leads to where it is written`(yaml: String, written: String) throws {
    #expect(try followed(yaml).written == written)
  }
}
