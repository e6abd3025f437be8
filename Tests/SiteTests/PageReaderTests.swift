import Testing

@testable import Site

@Suite struct PageReading {
  private func elements(_ page: String) -> [PageReader.Element] { PageReader(Array(page.utf8)).elements }

  @Test func `the text of an element is what a reader sees of it`() {
    let page = """
      <!DOCTYPE html><p id="a">x <b>&lt;&amp;√&#8730;&#x221A;&nope;</b>
      <script>if (a < b) "<p id=q>"</script><!-- <i id="c"> --> y<br>z</p><p id='d'>w</p>
      """
    let found = elements(page)
    #expect(found.map(\.id) == ["a", "d"])
    #expect(found[0].text == "x <&√√√&nope; y z")
    #expect(found[1].text == "w")
  }

  @Test func `elements inside each other each have their own text`() {
    let found = elements(
      "<span class=\"checked\" id=n><a data-value=1.5 href=\"#e\">1.5</a><span id=e>computed <span>1.5</span> exactly</span></span> after"
    )
    #expect(found.map(\.name) == ["span", "a", "span"])
    #expect(found.map(\.text) == ["1.5computed 1.5 exactly", "1.5", "computed 1.5 exactly"])
    #expect(found[1].attributes == ["data-value": "1.5", "href": "#e"])
    #expect(found[0].classes == ["checked"])
  }

  @Test(arguments: [
    "<", "<a", "<a id", "<a id=", "<a id=\"", "<a id='x", "</", "</a", "<!--", "<!", "<p id=x", "<script>",
    "<p id=a><p id=b>", "a < b",
    "<p id=a></b></p></p></p>",
  ])
  func `broken markup ends, and crashes nothing`(page: String) {
    #expect(elements(page).count <= 2)
  }

  @Test func `a page of a million open tags is read in no time worth telling`() {
    let page = String(repeating: "<p id=\"a\">", count: 300_000)
    #expect(elements(page).count <= 300_000)
  }
}
