import MarkupWriter
import Testing
import Wording

@testable import MarkdownTree

private func page(
  _ text: String, _ options: HTMLOptions = .notebook(.english), delegate: (any HTMLRenderingDelegate)? = nil
) throws -> String {
  HTMLRenderer(options: options, delegate: delegate).markup(of: try MarkdownDocument(parsing: text)).text
}

/// What a site does: headings get ids, experiments become figures, checked numbers lead to evidence, tables can be scrolled.
private struct SiteDelegate: HTMLRenderingDelegate {
  func markup(for block: Block, using renderer: HTMLRenderer) -> RawMarkup? {
    switch block {
    case .code(let code) where code.info.hasPrefix("yaml experiment"):
      var writer = MarkupWriter()
      writer.element("figure", ["id": String(code.info.dropFirst(16))]) {
        $0.element("figcaption", text: code.literal)
      }
      return writer.markup
    case .table:
      var writer = MarkupWriter()
      writer.open("div", ["class": "scroll", "tabindex": "0"])
      writer.raw(renderer.defaultMarkup(of: block))
      writer.close("div")
      return writer.markup
    default: return nil
    }
  }

  func markup(for inline: Inline, using renderer: HTMLRenderer) -> RawMarkup? {
    guard case .link(let link) = inline, link.destination.hasPrefix("#x.") else { return nil }
    var writer = MarkupWriter()
    writer.open("output", ["for": link.destination])
    writer.raw(renderer.markup(of: link.children))
    writer.close("output")
    return writer.markup
  }

  func attributes(of element: HTMLElement) -> HTMLAttributes {
    switch element {
    case .heading(let heading): ["id": heading.inlines.plainText.lowercased(), "data-q": "\"<&>\""]
    case .headerCell: ["scope": "row", "class": "first"]
    case .image: ["loading": "lazy"]
    default: [:]
    }
  }
}

@Suite struct `A page of a site` {
  @Test func `shows raw HTML as text, unless it is allowed or left out`() throws {
    let text = "<div onclick=\"x\">\n&amp;\n</div>\n\na <b>&lt;\n"
    #expect(
      try page(text)
        == "<pre class=\"raw-html\">&lt;div onclick=&quot;x&quot;&gt;\n&amp;amp;\n&lt;/div&gt;\n</pre>\n<p>a &lt;b&gt;&lt;</p>\n"
    )
    var options = HTMLOptions.notebook(.english)
    options.rawHTML = .allowed
    #expect(try page(text, options) == "<div onclick=\"x\">\n&amp;\n</div>\n<p>a <b>&lt;</p>\n")
    options.filtersTags = true
    #expect(
      try page("<script>\n</script>\n\na <TITLE>\n", options)
        == "&lt;script>\n&lt;/script>\n<p>a &lt;TITLE></p>\n")
    options.rawHTML = .omitted
    #expect(try page("a <b>\n", options) == "<p>a <!-- raw HTML omitted --></p>\n")
  }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt:x", "java&#115;cript:x", "vbscript:x", "file:///etc/passwd",
    "data:text/html,x",
    "data:image/svg+xml,x",
  ])
  func `has no dangerous link`(destination: String) throws {
    #expect(
      try page("[a](\(destination)) ![b](\(destination))\n")
        == "<p><a href=\"\">a</a> <img src=\"\" alt=\"b\"></p>\n")
  }

  @Test func `has no obsolete attribute and no self-closing tag`() throws {
    let text = "a  \nb ![c](d)\n\n***\n\n| e |\n|--:|\n| f |\n\n- [x] g\n"
    let html = try page(text)
    #expect(!html.contains(" align=") && !html.contains("/>"))
    #expect(html.contains("<th scope=\"col\" class=\"align-right\">e</th>"))
    #expect(html.contains("<td class=\"align-right\">f</td>"))
    #expect(html.contains("<input type=\"checkbox\" disabled=\"\" checked=\"\" aria-label=\"done\"> g"))
  }

  @Test func `escapes text, code, titles and destinations`() throws {
    let html = try page("\\<&\"'> `<&\"'>` [a](</<&\"'> '\"<&>')\n\n```<&\"\n<&\"'>\n```\n")
    #expect(
      html == """
        <p>&lt;&amp;&quot;'&gt; <code>&lt;&amp;&quot;'&gt;</code> [a](&lt;/&lt;&amp;&quot;'&gt; '&quot;&lt;&amp;&gt;')</p>
        <pre><code class="language-&lt;&amp;&quot;">&lt;&amp;&quot;'&gt;
        </code></pre>

        """)
    #expect(
      try page("[a](</&\"' '> '\"<&>')\n")
        == "<p><a href=\"/&amp;%22'%20'\" title=\"&quot;&lt;&amp;&gt;\">a</a></p>\n")
  }

  @Test func `lets footnotes be reached by everyone, in the page's language`() throws {
    let text = "a[^n] b[^n]\n\n[^n]: c\n"
    let english = try page(text)
    #expect(
      english == """
        <p>a<sup class="footnote-ref"><a href="#fn-1" id="fnref-1" role="doc-noteref" aria-label="Footnote 1">1</a></sup> \
        b<sup class="footnote-ref"><a href="#fn-1" id="fnref-1-2" role="doc-noteref" aria-label="Footnote 1">1</a></sup></p>
        <section class="footnotes" role="doc-endnotes" aria-label="Footnotes">
        <ol>
        <li id="fn-1">
        <p>c <a href="#fnref-1" class="footnote-backref" role="doc-backlink" aria-label="Back to reference 1">↩\u{FE0E}</a> \
        <a href="#fnref-1-2" class="footnote-backref" role="doc-backlink" aria-label="Back to reference 1-2">↩\u{FE0E}\
        <sup>2</sup></a></p>
        </li>
        </ol>
        </section>

        """)
    let chinese = try page(text, .notebook(.chinese, idPrefix: "note-"))
    #expect(chinese.contains("aria-label=\"脚注\"") && chinese.contains("aria-label=\"返回注 1 的引用处\""))
    #expect(chinese.contains("id=\"note-fn-1\"") && chinese.contains("href=\"#note-fnref-1-2\""))
  }

  @Test func `joins lines of Chinese without a space, and others with one`() throws {
    #expect(try page("注意力\n机制，\n用 softmax\n很多。\nEnd\n") == "<p>注意力机制，用 softmax\n很多。\nEnd</p>\n")
    #expect(try page("**注意**\n力\n") == "<p><strong>注意</strong>力</p>\n")
    #expect(try page("注\n意\n", .gfm()) == "<p>注\n意</p>\n")
  }

  @Test func `replaces what its delegate replaces, and leaves the rest`() throws {
    let text = """
      # Title *x*

      > ```yaml experiment scales
      > kind: <softmax>
      > ```

      - [0.7**3**](#x.y "t") [other](/z) ![p](q)

      | [1](#x.z) |
      |---|
      """
    #expect(
      try page(text, delegate: SiteDelegate()) == """
        <h1 id="title x" data-q="&quot;&lt;&amp;&gt;&quot;">Title <em>x</em></h1>
        <blockquote>
        <figure id="scales"><figcaption>kind: &lt;softmax&gt;
        </figcaption></figure>
        </blockquote>
        <ul>
        <li><output for="#x.y">0.7<strong>3</strong></output> <a href="/z">other</a> <img src="q" alt="p" loading="lazy"></li>
        </ul>
        <div class="scroll" tabindex="0"><table>
        <thead>
        <tr>
        <th scope="row" class="first"><output for="#x.z">1</output></th>
        </tr>
        </thead>
        </table>
        </div>

        """)
  }

  @Test func `gives every random document balanced tags`() throws {
    for seed in 0..<500 {
      var generator = DocumentGenerator(seed: UInt64(70_000 + seed), isWild: true)
      let document = generator.document()
      let html = try page(document, .notebook(.chinese))
      #expect(unbalancedTag(in: html) == nil, "seed \(seed): \(document.debugDescription)\n\(html)")
    }
  }

  /// The first tag that closes nothing or is never closed.
  private func unbalancedTag(in html: String) -> String? {
    var open: [Substring] = []
    for piece in html.split(separator: "<", omittingEmptySubsequences: false).dropFirst() {
      guard let end = piece.firstIndex(of: ">") else { return String(piece) }
      let name = piece[..<end].prefix { $0.isLetter || $0.isNumber || $0 == "/" }
      if ["br", "hr", "img", "input"].contains(name) { continue }
      if name.hasPrefix("/") {
        guard open.popLast() == name.dropFirst() else { return String(piece) }
      } else {
        open.append(name)
      }
    }
    return open.last.map(String.init)
  }
}

@Suite struct `Helpers` {
  @Test func `plain text has the words and nothing else`() throws {
    let tree = try MarkdownDocument(
      parsing: "# a *b* `c` [d](e)\\\nf\n\n# x ![g *h*](i) &amp; <b>~~j~~</b>[^k] www.l.m\n\n[^k]: n\n")
    #expect(tree.index.headings.map(\.inlines.plainText) == ["a b c d\\", "x g h & j www.l.m"])
  }

  @Test func `the index lists each kind in document order`() throws {
    let tree = try MarkdownDocument(
      parsing:
        "# [1](a)\n\n> - [2](b) ![3](c)\n>\n>   ```x\n>   ```\n\n| [4](d) |\n|---|\n| `e` |\n\n    y\n\n*[**5**](f)*[^n]\n\n[^n]: [6](g)\n"
    )
    let index = tree.index
    #expect(index.links.map(\.destination) == ["a", "b", "d", "f", "g"])
    #expect(index.images.map(\.destination) == ["c"])
    #expect(index.codeBlocks.map(\.language) == ["x", ""])
    #expect(index.codeSpans.map(\.literal) == ["e"])
    #expect(index.headings.map(\.level) == [1])
    #expect(index.tables.count == 1)
    #expect(index.footnoteReferences.map(\.number) == [1])
  }

  @Test func `an attribute that could break out of its tag is our own mistake`() async {
    await #expect(processExitsWith: .failure) {
      var attributes = HTMLAttributes()
      attributes.set("on click", "x")
    }
  }

  @Test(arguments: ["", "\n", "\u{FEFF}", "\r\n\r\n", " \t "])
  func `a document of nothing has no blocks`(text: String) throws {
    let tree = try MarkdownDocument(parsing: text)
    #expect(tree.blocks.isEmpty)
    #expect(tree.range == 0..<text.utf8.count)
    #expect(HTMLRenderer(options: .gfm()).markup(of: tree) == .empty)
  }

  @Test func `a footnote that nothing refers to is named`() throws {
    let tree = try MarkdownDocument(parsing: "a[^b]\n\n[^b]: c\n\n> [^注]: d\n\n[^b]: twice\n")
    #expect(tree.footnotes.map(\.label) == ["b"])
    #expect(tree.unusedFootnotes.map(\.label) == ["注", "b"])
  }
}
