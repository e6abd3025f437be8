import Testing

@testable import MarkdownTree

@Suite struct `GitHub-flavoured Markdown` {
  @Test func `every enabled example of the specification gives exactly the HTML it promises`() throws {
    var count = 0
    for example in try SpecExample.all() where !example.words.contains("disabled") {
      let html = try ours(
        example.markdown, extensions: example.extensions, footnotes: false,
        filtersTags: example.extensions.contains(.tagFilter))
      #expect(html == example.html, "example \(example.number), line \(example.line): \(example.markdown)")
      count += 1
    }
    #expect(count == 671)
  }

  @Test func `every byte of every example can be followed to its source`() throws {
    for example in try SpecExample.all() {
      let options = MarkdownOptions(extensions: example.extensions, footnotes: false)
      #expect(
        try lostBlocks(example.markdown, options: options) == 0, "\(example.number): \(example.markdown)")
      #expect(try lostBlocks(example.markdown) == 0, "\(example.number) with footnotes: \(example.markdown)")
    }
  }
}
