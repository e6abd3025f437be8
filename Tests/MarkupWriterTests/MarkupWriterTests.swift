import Testing

@testable import MarkupWriter

@Suite struct WritingMarkup {
  @Test func `text and attributes are escaped, markup is not`() {
    var writer = MarkupWriter()
    writer.element("p", ["title": "a\"<b>&", "hidden": nil]) {
      $0.text("1 < 2 & \"three\"")
      $0.raw(RawMarkup(trusted: "<br>"))
    }
    #expect(
      writer.markup.text
        == "<p title=\"a&quot;&lt;b&gt;&amp;\">1 &lt; 2 &amp; &quot;three&quot;<br></p>")
  }

  @Test func `characters that no document may hold are replaced`() {
    #expect(Escaping.text("a\u{0}b\u{1B}c\u{FFFF}d\u{7F}") == "a\u{FFFD}b\u{FFFD}c\u{FFFD}d\u{FFFD}")
  }

  @Test(arguments: ["除以 √d", "👩‍👩‍👧", "e\u{301}", "\u{202E}abc"])
  func `other text passes untouched`(text: String) {
    #expect(Escaping.text(text) == text)
  }
}
