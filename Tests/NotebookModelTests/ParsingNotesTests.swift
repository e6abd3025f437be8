import Diagnostics
import Testing

@testable import NotebookModel

@Suite struct ParsingNotes {
  static let front = "---\ntitle: 题目\ndate: 2026-11-20\n---\n"

  private func parse(_ text: String, path: String = "notebooks/a.md") -> (
    NotebookDocument?, [Diagnostic], SourceFile
  ) {
    let source = SourceFile(path: path, text: text)
    let (document, diagnostics) = NotebookParser(siteLanguage: .english).parse(source)
    return (document, diagnostics, source)
  }

  private func quoted(_ diagnostic: Diagnostic, in source: SourceFile) -> String {
    diagnostic.location.map { source.text($0.range) } ?? ""
  }

  @Test func `a character that YAML does not allow is pointed at, not its whole block`() throws {
    let (_, diagnostics, source) = parse(
      Self.front + "\n```yaml experiment s\nkind: softmax\n# 键：a\u{7}b\nkeys: 8\n```\n")
    #expect(diagnostics.map(\.code) == [.invalidYAML])
    #expect(quoted(diagnostics[0], in: source) == "\u{7}")
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `a note reads the same whatever ends its lines`(end: String) throws {
    let text =
      (Self.front + "除以 √d：[61%](#s.share[√d])。\n\n```yaml experiment s\nkind: softmax\nkeys: 8\n```\n")
      .replacing("\n", with: end)
    let (document, diagnostics, source) = parse(text)
    #expect(diagnostics.isEmpty)
    let number = try #require(document?.checkedNumbers.first)
    #expect(source.text(number.textRange) == "61%")
    #expect(source.text(number.destinationRange) == "#s.share[√d]")
    guard case .experiment(let experiment)? = document?.directives.first,
      case .mapping(let entries)? = experiment.body?.content
    else {
      Issue.record("the experiment was not found")
      return
    }
    #expect(source.text(experiment.id.range) == "s")
    #expect(entries.map { source.text($0.keyRange) } == ["kind", "keys"])
    #expect(entries.map { source.text($0.value.range) } == ["softmax", "8"])
  }

  @Test func `a byte-order mark changes nothing but offsets`() throws {
    let (document, diagnostics, source) = parse("\u{FEFF}" + Self.front + "[1](#s.m)\n")
    #expect(diagnostics.isEmpty)
    #expect(document?.frontMatter?.title.value == "题目")
    #expect(source.text(try #require(document?.checkedNumbers.first).textRange) == "1")
  }

  @Test func `positions inside a YAML body lead to the file, in lists and quotations too`() throws {
    let text = Self.front + "> - a\n>\n>   ```yaml experiment s\n>   kind: softmax\n>   kyes: 8\n>   ```\n"
    let (document, _, source) = parse(text)
    guard case .experiment(let experiment)? = document?.directives.first,
      case .mapping(let entries)? = experiment.body?.content
    else {
      Issue.record("the experiment was not found")
      return
    }
    #expect(entries.map { source.text($0.keyRange) } == ["kind", "kyes"])
  }

  @Test func `everything wrong with front matter is reported at its place`() {
    let text = "---\ntitle: [a]\ndate: 2026-02-30\ntgas: x\nlang: fr\nslug: ../x\ndraft: maybe\n---\ntext\n"
    let (_, diagnostics, source) = parse(text)
    let places = diagnostics.map { "\($0.code.rawValue): \(quoted($0, in: source))" }
    for expected in [
      "invalid-value: 2026-02-30", "unknown-key: tgas", "invalid-value: fr", "invalid-slug: ../x",
      "wrong-type: maybe",
    ] { #expect(places.contains(expected)) }
    #expect(diagnostics.contains { $0.label?.english == "did you mean ‘tags’?" })
    #expect(diagnostics.contains { $0.code == .wrongType && $0.summary.english.contains("title") })
  }

  @Test(arguments: [
    ("text\n", DiagnosticCode.frontMatterMissing), ("---\ntitle: a\n", .frontMatterUnclosed),
    ("", .emptyNote),
    (" \n\t\r\n", .emptyNote), ("---\n- a\n---\n", .notAMapping), ("---\na: b: c\n---\n", .invalidYAML),
    ("---\ntitle: a\ntitle: b\ndate: 2026-01-01\n---\n", .duplicateKey), ("---\n\n---\n", .missingKey),
    ("---\ntitle: \"a\n---\n", .invalidYAML), ("---\n\tx: 1\n---\n", .invalidYAML),
  ])
  func `broken front matter is named`(text: String, code: DiagnosticCode) {
    #expect(parse(text).1.contains { $0.code == code })
  }

  @Test func `bytes that are no UTF-8 are found where they are`() {
    let source = SourceFile(path: "a.md", bytes: Array("---\n除".utf8) + [0xC3, 0x28])
    let diagnostics = NotebookParser(siteLanguage: .english).parse(source).diagnostics
    #expect(diagnostics.map(\.code) == [.notUTF8])
    #expect(diagnostics.first?.location?.range == 7..<8)
  }

  @Test func `an id is used once in a note`() {
    let text = Self.front + "```yaml experiment a\n```\n\n```yaml claims\n- id: a\n  check: a.b = 1\n```\n"
    let (document, diagnostics, source) = parse(text)
    #expect(diagnostics.map(\.code) == [.duplicateIdentifier])
    #expect(diagnostics.first.map { quoted($0, in: source) } == "a")
    #expect(document?.claims.isEmpty == true)
  }

  @Test(arguments: [
    ("```yaml experimnt a\n```", DiagnosticCode.unknownDirective),
    ("```experiment a\n```", .unknownDirective),
    ("```yaml experiment\n```", .missingIdentifier),
    ("```YAML claims\n```", .unknownDirective), ("```{yaml} claims\n```", .unknownDirective),
    ("```yaml,claims\n```", .unknownDirective), ("```yaml claims:\n```", .unknownDirective),
    ("```yaml experiment 1a\n```", .invalidIdentifier),
    ("```yaml experiment a b\n```", .invalidIdentifier), ("```yaml experiment f1-t\n```", .invalidIdentifier),
    ("```yaml claims x\n- id: a\n  check: b.c = 1\n```", .invalidIdentifier),
    ("```yaml claims\nid: a\n```", .wrongType),
    ("```yaml claims\n- id: a\n```", .invalidClaim),
    ("```yaml claims\n- id: a\n  cited: b\n```", .missingKey),
    ("```yaml claims\n- id: a\n  check: b.c = 1\n  cited: d\n```", .invalidClaim),
    ("```yaml claims\n- id: a\n  check: b.c = 1\n  expect: maybe\n```", .invalidValue),
    ("[ca. 1](#a.b)", .unreadableNumber), ("[1](#a.b \"nearly\")", .invalidTolerance),
    ("```yaml experiment a\nx: [1\n```", .invalidYAML), ("[1](#a.b[none, 64])", .lostReference),
    ("| a |\n|---|\n| [1](#a.b[√d, 2] \"1%\") |", .lostReference),
    ("> - *[1](x.md#a.b[c = d])*", .lostReference),
  ])
  func `a broken directive is named`(body: String, code: DiagnosticCode) {
    #expect(parse(Self.front + body + "\n").1.map(\.code).contains(code))
  }

  @Test(arguments: [
    "`[1](#a.b[none, 64])`", "[1](<#a.b[none, 64]>)", "[a] (b c)", "[1](#a.b[none,64])", "[x](a b)",
  ])
  func `other brackets are not taken for lost references`(body: String) {
    #expect(!parse(Self.front + body + "\n").1.map(\.code).contains(.lostReference))
  }

  @Test func `plain YAML and other code is left alone`() {
    let body = "```yaml\nkind: softmax\n```\n\n```swift\nlet x = 1\n```\n\n    yaml experiment x\n"
    let (document, diagnostics, _) = parse(Self.front + body)
    #expect(diagnostics.isEmpty)
    #expect(document?.directives.isEmpty == true)
  }

  @Test func `hostile YAML ends in an error, not in a crash`() {
    let bodies = [
      String(repeating: "[", count: 50_000), String(repeating: "- ", count: 50_000),
      String(repeating: "{a: ", count: 50_000),
      String(repeating: "a:\n ", count: 1) + String(repeating: " ", count: 5_000) + "b: c",
      "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
        + "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]",
    ]
    for body in bodies {
      let (_, diagnostics, _) = parse(Self.front + "```yaml experiment x\n\(body)\n```\n")
      #expect(diagnostics.map(\.code) == [.invalidYAML])
    }
  }
}
