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

  /// Prints a diagnostic about the first place, with notes about the others; each place is a text that stands there once.
  private func print(
    _ text: String, _ meant: String, label: String? = nil, notes: [(String, String)] = [],
    in path: String = "a.md"
  ) throws -> String {
    func place(_ words: String) throws -> Range<Int> {
      let range = try #require(text.firstRange(of: words))
      return text.utf8.distance(
        from: text.startIndex, to: range.lowerBound)..<text.utf8.distance(
          from: text.startIndex, to: range.upperBound)
    }
    let diagnostic = Diagnostic(
      .wrongNumber, LocalText("no", "不对"), at: SourceLocation(path: "a.md", range: try place(meant)),
      label: label.map { LocalText(same: $0) },
      notes: try notes.map { words, note in
        Diagnostic.Note(LocalText(same: note), at: SourceLocation(path: path, range: try place(words)))
      })
    let sources = [SourceFile(path: "a.md", text: text), SourceFile(path: "b.md", text: text)]
    return DiagnosticPrinter(language: .english, sources: sources).text(diagnostic)
  }

  @Test func `places on other lines of the file stand in one excerpt, in the order of the file`() throws {
    let text = "一 id: 甲\n\n\n中间\n\tid: 👍乙 x\nz\nend\n"
    let printed = try print(text, "👍乙", label: "again", notes: [("甲", "the first"), ("end", "the end")])
    #expect(
      printed == """
        a.md:5:6: error: no [wrong-number]
            1 | 一 id: 甲
              |        -- the first
            …
            5 |     id: 👍乙 x
              |         ^^^^ again
            6 | z
            7 | end
              | --- the end

        """)
  }

  @Test func `words of several places on one line are stacked, the last first`() throws {
    let printed = try print(
      "说：甲 < 乙 + c。", "c", label: "here", notes: [("甲", "one"), ("乙", "two"), ("乙", "two again")])
    #expect(
      printed == """
        a.md:1:11: error: no [wrong-number]
            1 | 说：甲 < 乙 + c。
              |     --   --   ^ here
              |     |    |
              |     |    two
              |     |    two again
              |     one

        """)
  }

  @Test func `places inside the place meant get a row of their own`() throws {
    let printed = try print(
      "check: a.m > b.m", "a.m > b.m", label: "no", notes: [("a.m", "1"), ("b.m", "2")])
    #expect(
      printed == """
        a.md:1:8: error: no [wrong-number]
            1 | check: a.m > b.m
              |        ^^^^^^^^^ no
              |        ---   --- 2
              |        |
              |        1

        """)
  }

  @Test func `a place in another file keeps its own excerpt`() throws {
    let printed = try print("x\ny\n", "x", notes: [("y", "the other")], in: "b.md")
    #expect(
      printed == """
        a.md:1:1: error: no [wrong-number]
            1 | x
              | ^
          b.md:2:1: note: the other
            2 | y
              | ^

        """)
  }

  @Test func `a place too far off on a long line is a note of its own`() throws {
    let text = "HERE" + String(repeating: "，长", count: 500) + "THERE"
    let printed = try print(text, "HERE", label: "this", notes: [("THERE", "that")])
    #expect(printed.contains("^^^^ this"))
    #expect(printed.contains("note: that\n"))
    #expect(printed.split(separator: "\n").allSatisfy { DisplayWidth.cells($0) < 140 })
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
