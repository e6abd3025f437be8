import Testing

@testable import MarkdownTree

/// All links of a document.
private func links(of text: String) throws -> [Link] {
  try MarkdownDocument(parsing: text).index.links
}

@Suite struct `Every node knows its bytes` {
  /// The link is the same in each of these places; `@` stands for it.
  static let places = [
    "@\n", "中文 @ 后\n", "👩‍🔬 é\t@\n", "# @\n", "#\t@ ##\n", "@\n===\n", "one\n@\n---\n", "> @\n", "> a\n> @\n",
    "> a\n@\n",
    "> a\n>   @\n", ">> a\n> > 中\n>>    @ b\n", "- @\n", "- a\n  @\n", "-\ta\n\t@\n",
    "10. a\n\n    b\n    @\n", "- [ ] @\n",
    "- [x] a\n      @\n", "> - a\n>   1. b\n>      @\n", "*@*\n", "**a @**\n", "~~@~~\n", "***a* b @**\n",
    "a\\\n  @\n",
    "a  \n   @\n", "| a |\n|---|\n| @ |\n", "| a | @ |\n|---|---|\n",
    "p\n| a \\| b | @ |\n|---|---|\n| c |\n",
    "> | a |\n> |---|\n> | `x\\|y` @ |\n", "[r]: /u\n[s]: /v\n@\n", "> [r]: /u\n> 't'\n> @ b\n",
    "x[^1]\n\n[^1]: a\n    @\n",
    "x[^1]\n\n[^1]:\n    > @\n", "`a` @ ``b ` c``\n", "&eacute;&#x4E2D;&amp;\\* @\n", "<b>@</b>\n",
    "[not a link @\n",
    "www.a.org @\n", "a@b.org @ c@d.org\n", "https://a.org/中?b&amp;c @\n", "<https://a.org> @\n",
    "[r] @\n\n[r]: /u\n",
    "![@](/i)\n", "\u{FEFF}@\n", "[^none] @\n", "a\u{0}b @\n",
  ]
  /// The text, the destination and the title as they are written.
  static let parts = [
    ("0.73", "#scales.maxProbability[none]", nil), ("", "#a.b[√d]", "±0.01"), ("**中** `c` 👩‍🔬", "/u", nil),
    ("a\\]b", "x\\(y", nil), ("t", "", nil), ("é &amp; ü", "注.md#é", "题 \\\" 目"),
  ]

  @Test(arguments: places)
  func `of a link: its text, its destination and its title, wherever it stands`(place: String) throws {
    for (text, destination, title) in Self.parts {
      for ending in ["\n", "\r\n", "\r"] {
        let written = "[\(text)](\(destination)" + (title.map { " \"\($0)\"" } ?? "") + ")"
        let document = place.replacing("@ ", with: written + " ").replacing(
          "@", with: written, maxReplacements: 1
        )
        .replacing("\n", with: ending)
        let found = try MarkdownDocument(parsing: document).index.links.first {
          document[bytes: $0.range] == written
        }
        let link = try #require(found, "\(document.debugDescription)")
        #expect(link.textRange.map { document[bytes: $0] } == text)
        #expect(link.destinationRange.map { document[bytes: $0] } == destination)
        #expect(link.titleRange.map { document[bytes: $0] } == title)
      }
    }
  }

  @Test func `of a link over several lines of a quote`() throws {
    let document = "> a [b\n>   *c*](\n>  /u\n> \"t\") d\n"
    let link = try #require(try links(of: document).first)
    #expect(document[bytes: link.range] == "[b\n>   *c*](\n>  /u\n> \"t\")")
    #expect(link.textRange.map { document[bytes: $0] } == "b\n>   *c*")
    #expect(link.destinationRange.map { document[bytes: $0] } == "/u")
    #expect(link.titleRange.map { document[bytes: $0] } == "t")
  }

  @Test func `of links that are written in other ways`() throws {
    let document = "[a][r] [r][] [r] <b@c.org> www.d.org [e](<f g> (h))\n\n[r]: /u\n"
    let found = try links(of: document).map { link in
      [link.range, link.textRange, link.destinationRange, link.titleRange].map {
        $0.map { document[bytes: $0] }
      }
    }
    #expect(
      found == [
        ["[a][r]", "a", nil, nil], ["[r][]", "r", nil, nil], ["[r]", "r", nil, nil],
        ["<b@c.org>", "b@c.org", "b@c.org", nil], ["www.d.org", "www.d.org", "www.d.org", nil],
        ["[e](<f g> (h))", "e", "f g", "h"],
      ])
  }

  @Test func `so that two thousand random documents obey the laws of ranges`() throws {
    for seed in 0..<2_000 {
      var generator = DocumentGenerator(seed: UInt64(20_000 + seed), isWild: seed % 2 == 1)
      let document = generator.document()
      let bytes = Array(document.utf8)
      let tree = try MarkdownDocument(parsing: bytes)
      var laws = RangeLaws(bytes: bytes)
      laws.check(tree)
      #expect(
        laws.violations.isEmpty,
        "seed \(seed): \(laws.violations.first ?? "") in \(document.debugDescription)")
    }
  }

  @Test func `so that a link's text can be edited in place`() throws {
    var edited = 0
    for seed in 0..<500 {
      var generator = DocumentGenerator(seed: UInt64(30_000 + seed), isWild: false)
      let bytes = Array(generator.document().utf8)
      let before = try MarkdownDocument(parsing: bytes).index.links
      for (index, link) in before.enumerated() {
        guard case .inline(let text, _, _) = link.source, link.children.index.links.isEmpty else { continue }
        var changed = bytes
        changed.replaceSubrange(text, with: Array("0.61".utf8))
        let after = try MarkdownDocument(parsing: changed).index.links
        guard index < after.count, after[index].destination == link.destination else {
          // The text may have held the only reference to a footnote, which is then gone with its links.
          continue
        }
        #expect(after[index].children.plainText == "0.61")
        edited += 1
      }
    }
    #expect(edited > 1_000)
  }

  @Test func `counted from the beginning of the file, when only its end is Markdown`() throws {
    let front = "---\ntitle: 题\n---\n"
    let body = "# 标题\n\n[a](b)\n\n```yaml experiment x\n  kind: y\n```\n"
    let file = Array((front + body).utf8)
    let tree = try MarkdownDocument(parsing: file, in: front.utf8.count..<file.count)
    let alone = try MarkdownDocument(parsing: body)
    let shift = front.utf8.count
    #expect(
      tree.index.links.map(\.range)
        == alone.index.links.map { ($0.range.lowerBound + shift)..<($0.range.upperBound + shift) })
    let code = try #require(tree.index.codeBlocks.first)
    #expect((front + body)[bytes: code.infoRange ?? 0..<0] == "yaml experiment x")
    #expect((front + body)[bytes: code.lines[0].source] == "  kind: y")
  }

  @Test(arguments: [
    ("```yaml claims  \na: 1\n\n b: 2\n```\n", "yaml claims", ["a: 1", "", " b: 2"]),
    ("  ~~~ x\n  a: 1\n b\n    c\n  ~~~\n", "x", ["a: 1", "b", "  c"]),
    ("> ```yaml\n> a: 1\n>b: 2\n>\n> ```\n", "yaml", ["a: 1", "b: 2", ""]),
    ("- ```yaml\n  a: 1\n    b: 2\n  ```\n", "yaml", ["a: 1", "  b: 2"]),
    ("1. > - ```注 x\n   >   中: 1\n   >   ```\n", "注 x", ["中: 1"]),
    ("x[^1]\n\n[^1]: y\n\n    ```yaml\n    a: 1\n    ```\n", "yaml", ["a: 1"]),
    ("```\r\na\r\n\r\nb\r\n```\r\n", "", ["a", "", "b"]),
    ("````` a&amp;b\\*\nc", "a&amp;b\\*", ["c"]),
  ])
  func `of each line of code and of its info string`(document: String, info: String, lines: [String]) throws {
    let code = try #require(try MarkdownDocument(parsing: document).index.codeBlocks.first)
    #expect(code.infoRange.map { document[bytes: $0] } == info)
    #expect(code.lines.map { document[bytes: $0.source] } == lines)
    #expect(code.literal == lines.map { $0 + "\n" }.joined())
    for (number, line) in lines.enumerated() {
      for byte in 0...line.utf8.count {
        let offset = code.lines[number].literalOffset + byte
        #expect(code.sourceOffset(ofLiteralByte: offset) == code.lines[number].source.lowerBound + byte)
      }
    }
  }

  @Test func `of code behind a tab that is half indentation`() throws {
    let document = "- ```\n\ta\n  ```\n"
    let code = try #require(try MarkdownDocument(parsing: document).index.codeBlocks.first)
    #expect(code.literal == "  a\n")
    #expect(code.lines == [CodeBlock.Line(literalOffset: 0, source: 7..<8, tabSpaces: 2)])
    #expect(code.sourceOffset(ofLiteralByte: 2) == 7)
    #expect(code.range == 2..<14)
  }

  @Test func `of a block of code without its closing fence, whose container ends first`() throws {
    let document = "> ```\n> a\n```\nb\n```\n"
    let blocks = try MarkdownDocument(parsing: document).index.codeBlocks
    #expect(blocks.map { document[bytes: $0.range] } == ["```\n> a", "```\nb\n```"])
  }

  @Test func `though bytes were replaced before them`() throws {
    // A byte order mark, two broken bytes, and a NUL: each becomes three bytes of U+FFFD or none.
    let bytes: [UInt8] = [0xEF, 0xBB, 0xBF, 0x61, 0xFF, 0xC3, 0x20, 0x00] + Array(" [x](y) z".utf8)
    let tree = try MarkdownDocument(parsing: bytes)
    let link = try #require(tree.index.links.first)
    #expect(Array(bytes[link.range]) == Array("[x](y)".utf8))
    guard case .paragraph(let paragraph) = tree.blocks.first else {
      Issue.record("no paragraph")
      return
    }
    #expect(paragraph.inlines.plainText == "a\u{FFFD}\u{FFFD} \u{FFFD} x z")
    #expect(paragraph.range == 3..<bytes.count)
  }

  @Test func `as this picture of a whole tree shows`() throws {
    let document = """
      # 题 *a*

      > 1) [b](
      >    /u "v")

      - [x] `c`

      | d | e |
      |:-:|---|
      | f |

      g[^1]\\
      ![h](i "j")

      [^1]: k
      [^2]: l
      """
    let expected = """
      document 0..<108
        heading 0..<9 level=1
          text 2..<6 "题 "
          emphasis 6..<9
            text 7..<8 "a"
        quote 11..<33
          list 13..<33 ordered start=1) tight
            item 13..<33 marker=13..<15
              paragraph 16..<33
                link 16..<33 inline text=17..<18 destination=26..<28 title=30..<31 "/u" "v"
                  text 17..<18 "b"
        list 35..<44 bullet tight
          item 35..<44 marker=35..<36 task=37..<40 done
            paragraph 41..<44
              code 41..<44 "c"
        table 46..<71 center,none
          header 46..<55
            cell 48..<49
              text 48..<49 "d"
            cell 52..<53
              text 52..<53 "e"
          row 66..<71
            cell 68..<69
              text 68..<69 "f"
            cell 71..<71
        paragraph 73..<91
          text 73..<74 "g"
          footnote reference 74..<78 number=1 "1"
          hard break 78..<80
          image 80..<91 inline text=82..<83 destination=85..<86 title=88..<89 "i" "j"
            text 82..<83 "h"
        footnote 93..<100 number=1 references=1 "1"
          paragraph 99..<100
            text 99..<100 "k"
      unused footnote 101..<106 "2"

      """
    #expect(TreeDump.dump(try MarkdownDocument(parsing: document)) == expected)
  }
}

extension [Inline] {
  fileprivate var index: DocumentIndex {
    DocumentIndex(of: [.paragraph(Paragraph(range: 0..<0, inlines: self))])
  }
}

/// What must be true of the ranges of any tree.
private struct RangeLaws {
  let bytes: [UInt8]
  private(set) var violations: [String] = []

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func slice(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private mutating func expect(_ condition: Bool, _ law: String, _ range: Range<Int>) {
    if !condition { violations.append("\(law) at \(range): ‘\(slice(range))’") }
  }

  mutating func check(_ tree: MarkdownDocument) {
    let blocks = tree.blocks.filter { if case .footnoteDefinition = $0 { false } else { true } }
    check(blocks, within: tree.range)
    for footnote in tree.footnotes {
      expect(
        slice(footnote.range).hasPrefix("[^\(footnote.label)]:"), "a footnote begins with its mark",
        footnote.range)
      check(footnote.blocks, within: footnote.range)
    }
  }

  private mutating func check(_ blocks: [Block], within range: Range<Int>) {
    var last = range.lowerBound
    for block in blocks {
      expect(
        block.range.lowerBound >= last && block.range.upperBound <= range.upperBound,
        "blocks follow each other", block.range)
      expect(!block.range.isEmpty, "no block is empty", block.range)
      last = block.range.upperBound
      switch block {
      case .heading(let heading): check(heading.inlines, within: heading.range)
      case .paragraph(let paragraph): check(paragraph.inlines, within: paragraph.range)
      case .quote(let quote):
        expect(slice(quote.range).hasPrefix(">"), "a quote begins with its mark", quote.range)
        check(quote.blocks, within: quote.range)
      case .list(let list):
        for item in list.items {
          let marker = slice(item.markerRange)
          expect(
            ["-", "+", "*"].contains(marker) || marker.hasSuffix(".") || marker.hasSuffix(")"), "markers",
            item.markerRange)
          if let task = item.task { expect(["[ ]", "[x]"].contains(slice(task.range)), "boxes", task.range) }
          check(item.blocks, within: item.range)
        }
      case .code(let code):
        let literal = Array(code.literal.utf8)
        for (index, line) in code.lines.enumerated() {
          let end = index + 1 < code.lines.count ? code.lines[index + 1].literalOffset : literal.count
          let text = literal[(line.literalOffset + line.tabSpaces)..<(end - 1)]
          expect(
            Array(text) == Array(bytes[line.source]), "lines of code are lines of the source", line.source)
        }
        if let info = code.infoRange, !info.isEmpty, !slice(info).contains(where: { "&\\".contains($0) }) {
          expect(slice(info).hasPrefix(code.language), "an info string is where it is", info)
        }
      case .html(let html): expect(slice(html.range).hasPrefix("<"), "HTML begins with <", html.range)
      case .thematicBreak(let mark):
        expect(slice(mark.range).allSatisfy { "-*_ \t".contains($0) }, "rules", mark.range)
      case .table(let table):
        for row in [table.header] + table.rows {
          expect(row.cells.count == table.alignments.count, "rows are full", row.range)
          for cell in row.cells { check(cell.inlines, within: cell.range) }
        }
      case .footnoteDefinition(let footnote): check(footnote.blocks, within: footnote.range)
      }
    }
  }

  private mutating func check(_ inlines: [Inline], within range: Range<Int>) {
    var last = range.lowerBound
    for inline in inlines {
      expect(
        inline.range.lowerBound >= last && inline.range.upperBound <= range.upperBound,
        "inlines follow each other", inline.range)
      last = inline.range.upperBound
      let written = slice(inline.range)
      switch inline {
      case .text(let text):
        if !written.contains(where: { "\\&\n\r".contains($0) }) {
          expect(written == text.literal, "text is itself", text.range)
        }
      case .softBreak, .hardBreak:
        expect(written.unicodeScalars.contains { $0 == "\n" || $0 == "\r" }, "line ends", inline.range)
      case .code(let code):
        expect(written.hasPrefix("`") && written.hasSuffix("`"), "code has ticks", code.range)
      case .html(let html):
        expect(written.hasPrefix("<") && written.hasSuffix(">"), "HTML is a tag", html.range)
      case .emphasis(let span), .strong(let span), .strikethrough(let span):
        expect(written.first == written.last && "*_~".contains(written.first ?? " "), "marks", span.range)
        check(span.children, within: span.range)
      case .link(let link):
        check(link.source, link.range, children: link.children)
        if let source = link.source, case .inline = source { reparse(link) }
      case .image(let image):
        expect(written.hasPrefix("!["), "a picture begins with its mark", image.range)
        check(image.source, image.range, children: image.children)
      case .footnoteReference(let reference):
        expect(written == "[^\(reference.label)]", "a reference is its label", reference.range)
      }
    }
  }

  private mutating func check(_ source: LinkSource?, _ range: Range<Int>, children: [Inline]) {
    guard let source else { return expect(false, "every link is followed", range) }
    check(children, within: source.textRange)
    switch source {
    case .inline(let text, let destination, let title):
      expect(slice(range).hasSuffix(")"), "an inline link ends with )", range)
      expect(
        slice(text.upperBound..<destination.lowerBound).hasPrefix("]("), "]( between text and destination",
        range)
      if let title {
        expect("\"')".contains(slice(title.upperBound..<range.upperBound).first ?? " "), "quotes", title)
      }
    case .reference(let text, let label):
      expect(bytes[text.upperBound] == UInt8(ascii: "]"), "] after the text", text)
      if let label {
        expect(slice(label.upperBound..<range.upperBound).hasSuffix("]"), "] after the label", label)
      }
    case .autolink(let text):
      let written = slice(range)
      expect(written == slice(text) || written == "<" + slice(text) + ">", "an autolink is its text", range)
    }
  }

  /// A link's bytes alone are the same link.
  private mutating func reparse(_ link: Link) {
    let written = slice(link.range)
    // Over several lines, the bytes hold marks of quotes too.
    if written.contains(where: \.isNewline) { return }
    let alone = try? MarkdownDocument(parsing: written).index.links.first  // None is a violation, see below.
    expect(
      alone?.destination == link.destination && alone?.title == link.title, "a link alone is the same link",
      link.range)
  }
}
