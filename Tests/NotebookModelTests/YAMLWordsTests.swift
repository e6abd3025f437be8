import Diagnostics
import Testing
import Wording

@testable import NotebookModel

@Suite struct `Words for broken YAML` {
  /// Each broken in another way.
  static let broken = [
    "a: b: c", "a: [1, 2", "a: {b: 1", "a: \"open", "a: 'open", "a: @x", "a: `x`", "a: %x", "\ta: 1",
    "a:\n\tb: 1",
    "a: *nothing", "a: &", "a: *", "- a\nb: 1", "a: 1\n- b", "a: 1\n b: 2", "a:\n  - b\n c", "[a, b]]",
    "{a: 1}}",
    "? a\n: b\n? - c\n  d", "a: !<x", "a: !x!y z", "%YAML 9.9\n---\na", "%YAML 1.1\n%YAML 1.1\n---\na",
    "%TAG\n---\na", "%FOO\na", "a: |0\n  x", "a: |x\n  y", "a: >5 5\n x", "a: \"\\q\"", "a: \"\\u12\"",
    "a: \"\\ud800\"", "a: b\n---\nc: d", "a\n...\nb: c: d", "a: [b: c: d]", "a: \u{1}", "a: 'b' c",
    "a: \"b\"c: d",
    "key\nother: 1", "a: {b c: d e: f}", "a: - b", "a: ? b", "a: !", "%TAG ! \n---\na", "a: !<%zz> b",
  ]

  private static func problem(with text: String) -> Diagnostic? {
    let file = SourceFile(path: "a.md", text: text)
    do {
      _ = try YAMLReader.read(EmbeddedText(file: file, range: 0..<text.utf8.count))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: broken)
  func `the reason is told in Chinese too`(text: String) throws {
    guard let summary = Self.problem(with: text)?.summary else { return }
    let latin = summary.chinese.replacing("YAML", with: "").replacing("%TAG", with: "").replacing(
      "URI", with: ""
    )
    .replacing("UTF-8", with: "").replacing("Unicode", with: "").filter { $0.isASCII && $0.isLetter }
    #expect(latin.count < 4, "\(summary.chinese) | \(summary.english)")
    #expect(summary.english.allSatisfy { !("\u{4E00}"..."\u{9FFF}").contains($0) })
  }

  @Test func `most of these are broken indeed`() {
    let readable = Self.broken.filter { Self.problem(with: $0) == nil }
    #expect(readable.count < 6, "\(readable)")
  }
}
