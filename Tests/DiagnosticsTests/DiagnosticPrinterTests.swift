import Testing
import Wording

@testable import Diagnostics

@Suite struct PrintingDiagnostics {
  private func print(_ text: String, _ range: Range<Int>, style: DiagnosticPrinter.Style = .human) -> String {
    let source = SourceFile(path: "a.md", text: text)
    let diagnostic = Diagnostic(
      .wrongNumber, LocalText("no", "不对"), at: SourceLocation(path: "a.md", range: range))
    return DiagnosticPrinter(style: style, language: .english, sources: [source]).text(diagnostic)
  }

  @Test func `the caret stands under Chinese text as wide as it is`() {
    let text = "第一行\n平均最大权重 0.74。\n"
    let start = text.utf8.count - "0.74。\n".utf8.count
    #expect(
      print(text, start..<start + 4)
        == """
        a.md:2:8: error: no [wrong-number]
            2 | 平均最大权重 0.74。
              |              ^^^^

        """)
  }

  @Test func `a tab is printed as wide as the caret thinks it is`() {
    #expect(print("\tx", 1..<2).contains("    1 |     x\n      |     ^\n"))
  }

  @Test func `lines end at LF, CR LF and CR alike`() {
    let source = SourceFile(path: "a", text: "one\r\ntwo\rthree\nfour")
    #expect((0..<4).map { source.text(source.lineRange($0)) } == ["one", "two", "three", "four"])
    #expect(source.position(of: 5) == SourcePosition(line: 2, column: 1))
  }

  @Test func `a byte-order mark is not a column`() {
    let source = SourceFile(path: "a", text: "\u{FEFF}one")
    #expect(source.position(of: 3) == SourcePosition(line: 1, column: 1))
  }

  @Test func `a very long line is shown around the place meant`() {
    let text = String(repeating: "x", count: 5_000) + "HERE" + String(repeating: "y", count: 5_000)
    let printed = print(text, 5_000..<5_004)
    #expect(printed.contains("xHEREy"))
    #expect(printed.split(separator: "\n").allSatisfy { $0.count < 140 })
  }

  @Test func `a place beyond the end of the file is shown at its end`() {
    #expect(print("ab", 10..<20).contains("a.md:1:3: error"))
  }

  @Test func `terminal escapes in a note do not reach the terminal`() {
    #expect(!print("a\u{1B}[31mb", 0..<1).contains("\u{1B}"))
  }

  @Test func `the short form is a line a diagnostic`() {
    #expect(print("abc", 1..<2, style: .short) == "a.md:1:2: error: no [wrong-number]\n")
  }

  @Test func `diagnostics are sorted by place and said once`() {
    let at = { (path: String, offset: Int) in SourceLocation(path: path, range: offset..<offset + 1) }
    let diagnostics = [
      Diagnostic(.unknownKey, LocalText(same: "c"), at: at("b", 1)),
      Diagnostic(.unknownKey, LocalText(same: "b"), at: at("a", 9)),
      Diagnostic(.unknownKey, LocalText(same: "a"), at: at("a", 2)),
      Diagnostic(.unknownKey, LocalText(same: "a"), at: at("a", 2)),
    ]
    #expect(diagnostics.sortedForPrinting().map(\.summary.english) == ["a", "b", "c"])
  }
}
