import Testing

@testable import MarkdownTree

@Suite struct `Beside the program cmark-gfm` {
  private func compare(_ documents: [String]) throws {
    for document in documents {
      #expect(try ours(document) == cmarkGFM(document), "\(document.debugDescription)")
    }
  }

  /// Generated documents run into three habits of the program that we don't share.
  private func compareGenerated(_ seeds: Range<Int>, isWild: Bool) throws {
    var count = 0
    for seed in seeds {
      var generator = DocumentGenerator(seed: UInt64(seed), isWild: isWild)
      var document = generator.document()
      // A task in the first line is none after a byte order mark.
      if document.hasPrefix("\u{FEFF}") { document.unicodeScalars.removeFirst() }
      // References from footnotes that nobody sees get links back from those that are seen.
      guard try MarkdownDocument(parsing: document).unusedFootnotes.isEmpty else { continue }
      // A box is ticked by an `[x]` anywhere in its line.
      func comparable(_ html: String) -> String { html.replacing(" checked=\"\"", with: "") }
      #expect(
        comparable(try ours(document)) == comparable(try cmarkGFM(document)),
        "seed \(seed): \(document.debugDescription)")
      count += 1
    }
    #expect(count > seeds.count * 4 / 5)
  }

  @Test(arguments: [
    "a[^1] b[^1] c[^2]\n\n[^1]: one\n[^2]: two\n\n    more\n",
    "[^x]: before[^y]\n\n[^y]: then[^y]\n\ntext[^x] and[^y]\n",
    "a[^l]\n\n[^l]:\n    - item\n\n    ```\n    code\n    ```\n",
    "a[^none] and [^ spaced] and ![^1]\n\n[^1]: x\n",
    "[^unused]: nobody\n\ntext\n",
    "a[^注&\"]\n\n[^注&\"]: 中文\n",
    "> a[^q]\n>\n> [^q]: quoted\n\nb[^q]\n",
    "[link][^1]\n\n[^1]: x\n",
  ])
  func `footnotes come out the same`(document: String) throws {
    try compare([document])
  }

  @Test(arguments: [
    "- [ ] open\n- [x] done\n- plain\n", "1. [ ] open\n2. [x] done\n", "- [x] loose\n\n- [ ] loose\n",
    "- [X] capital\n- [  ] no\n- [x]no\n- [ ]\n", "* [ ] a\n  - [x] b\n    + [ ] c\n",
    "- [ ] *em* `c` [l](u)\n  more\n",
    "> - [ ] in a quote\n", "-\t[ ] tab\n",
  ])
  func `task lists come out the same`(document: String) throws {
    try compare([document])
  }

  @Test func `four hundred tame documents come out the same`() throws {
    try compareGenerated(0..<400, isWild: false)
  }

  @Test func `four hundred wild documents come out the same`() throws {
    try compareGenerated(10_000..<10_400, isWild: true)
  }

  @Test func `two thousand documents can be followed to their source`() throws {
    for seed in 0..<2_000 {
      var generator = DocumentGenerator(seed: UInt64(seed), isWild: seed % 2 == 1)
      let document = generator.document()
      #expect(try lostBlocks(document) == 0, "seed \(seed): \(document.debugDescription)")
    }
  }

  @Test(arguments: ["table", "strikethrough", "autolink", "tasklist", "tagfilter"])
  func `each extension can be had alone`(name: String) throws {
    let document = "| a |\n|---|\n| b |\n\n~~c~~ www.d.org <script>\n\n- [ ] e\n"
    let extensions = MarkdownExtensions.names.first { $0.1 == name }?.0 ?? []
    let expected = try cmarkGFM(document, extensions: [name], footnotes: false)
    let html = try ours(document, extensions: extensions, footnotes: false, filtersTags: name == "tagfilter")
    #expect(html == expected)
  }

  @Test(arguments: ["a~*b*", "~*a*~", "*~a~*b", "**a~**b~", "_~a_~", "w:w www.a.b :a"])
  func `a tilde means nothing where strikethrough is off`(document: String) throws {
    #expect(try ours(document, extensions: []) == cmarkGFM(document, extensions: []))
    #expect(try ours(document, extensions: .all) == cmarkGFM(document))
  }

  @Test func `without trust, raw HTML and dangerous links are left out`() throws {
    let document = """
      <div>block</div>

      a <b>tag</b> [x](javascript:alert) ![y](data:text/html,z) [p](DATA:image/png;base64,AA) [f](file:///etc) [ok](/u)
      """
    let expected = try cmarkGFM(document, unsafe: false)
    #expect(try ours(document, unsafe: false) == expected)
    #expect(expected.contains("<!-- raw HTML omitted -->"))
    #expect(expected.contains("<a href=\"\">x</a>"))
  }

  @Test func `a box is ticked by its own x, not by another one in its line`() throws {
    // cmark-gfm looks for `[x]` anywhere in the line.
    let tree = try MarkdownDocument(parsing: "- [ ] see [x]\n")
    guard case .list(let list) = tree.blocks.first else {
      Issue.record("no list")
      return
    }
    #expect(list.items.first?.task?.isDone == false)
  }
}
