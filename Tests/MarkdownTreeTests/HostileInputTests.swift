import Foundation
import Testing

@testable import MarkdownTree

/// A long document that is named by its beginning.
struct Sample: CustomTestStringConvertible, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  var testDescription: String { "\(String(text.prefix(20)).debugDescription)… of \(text.utf8.count) bytes" }
}

/// Repeats a text up to a number of bytes.
private func flood(_ text: String, _ bytes: Int) -> String {
  String(repeating: text, count: bytes / text.utf8.count)
}

/// What became of a document, and how long it took.
private func outcome(_ document: String, options: MarkdownOptions = .note) -> (
  error: MarkdownError?, seconds: Double
) {
  let bytes = Array(document.utf8)
  let clock = ContinuousClock()
  var error: MarkdownError?
  let duration = clock.measure {
    do throws(MarkdownError) {
      let tree = try MarkdownDocument(parsing: bytes, options: options)
      _ = HTMLRenderer(options: .notebook(.english)).markup(of: tree)
    } catch let thrown {
      error = thrown
    }
  }
  return (error, Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
}

extension MarkdownError {
  fileprivate var construct: CostlyConstruct? {
    if case .tooCostly(_, let construct) = self { construct } else { nil }
  }
}

@Suite struct `Hostile input` {
  /// Repeated as they are.
  static let repeated = [
    "[", "![", "[]", "[a](b", "[a](<b", "[a](b \"t", "a](", "[[a]", "[](a \"", "[](a '", "[](a (", "](\\",
    "[a][b]", "[a][",
    "[a\n](b\n", "*", "_", "**x", "*a_ ", "a**b _c*", "*a **a ", "a* b** ", "__a ", "*[a](b)*", "[*a", "*[",
    "`a", "` `` ``` ",
    "~", "~a ", "~~a", "<", "<a ", "</a ", "<a b=\"", "<a b=' ", "<!--", "&", "&a", "&amp;", "&eacute;", "\\",
    "\\(",
    "www.", " www.a.b", "(www.a.b", "*http://a.b/", "http://a ", ":", "://", "w", "@", "a@", "a@b.c ", "a.b-",
    "[a]: /u\n", "[a]:\n", "[a]: b \"\n", "[^", "[^a", "[^]", "[^a]: ", "[^a]: x\n\n", ">", "> ", ">a\n",
    ">-", "> - ", "- ", "1. ",
    "-\n", "- x\n", "a\n-\n", "#", "# ", "a\n=\n", "|", "a|", "|-|\n", "a\n|-|\n", "-|-\n", "-|-\na\n",
    "|---|\n|a|\n",
    "<div>\n", "```\n", "~~~ a\n", "    a\n\n", "abc\n", "abc def. ", "\t", ">\t", " ", "\n", "\r", "a  \n",
    "\0", "- [ ] a\n", "- [ ] ",
    "![[]()", "![[a](b)", "[![a](b)", "<?", "<!A ", "<![CDATA[", "é", "\u{200B}",
  ]

  @Test(arguments: repeated)
  func `a short text repeated is parsed or refused, soon`(text: String) {
    for document in [flood(text, 20_000), "x" + flood(text, 20_000) + "\nx"] {
      let (error, seconds) = outcome(document)
      // Without optimization, and beside other tests; what would be too much takes minutes.
      #expect(seconds < 20, "\(text.debugDescription): \(String(describing: error))")
      if let error { #expect(document.utf8.count >= error.range.upperBound) }
    }
  }

  @Test func `a hundred thousand nested quotes are refused, with their place`() {
    let quotes = "a\n\n" + String(repeating: ">", count: 100_000)
    let (error, seconds) = outcome(quotes)
    #expect(error == .tooDeep(range: 3..<100_003, limit: 100))
    #expect(seconds < 20)
  }

  @Test func `a hundred levels are fine, one more is refused`() throws {
    func quotes(_ count: Int) -> String { String(repeating: "> ", count: count) + "a\n" }
    // The paragraph and its text are levels too.
    let tree = try MarkdownDocument(parsing: quotes(98))
    #expect(tree == tree)
    #expect(TreeDump.dump(tree).split(separator: "\n").count == 101)
    #expect(HTMLRenderer(options: .gfm()).markup(of: tree).text.contains("<p>a</p>"))
    #expect(throws: MarkdownError.tooDeep(range: 198..<199, limit: 100)) {
      try MarkdownDocument(parsing: quotes(99))
    }
    #expect(throws: MarkdownError.tooDeep(range: 0..<202, limit: 100)) {
      try MarkdownDocument(parsing: String(repeating: "> ", count: 101))
    }
  }

  @Test(
    arguments: ([
      flood("*a **a ", 20_000) + flood("a** a*", 20_000), flood("![", 2_000) + "a" + flood("](b)", 4_000),
      String(repeating: "- ", count: 200) + "a",
      (0..<150).map { String(repeating: "  ", count: $0) + "- a\n" }.joined(),
      String(repeating: "1. ", count: 200) + "a", flood("[^a]: ", 3_000),
      // Depth that no later line reveals.
      (0..<120).map { String(repeating: "  ", count: $0) + "- # a\n" }.joined() + flood("\n", 200_000),
      String(repeating: "- ", count: 5_000) + "```\n" + flood("\n", 200_000),
    ] as [String]).map(Sample.init))
  func `whatever nests too deeply is refused`(document: Sample) throws {
    let (error, seconds) = outcome(document.text)
    guard case .tooDeep(let range, 100) = try #require(error) else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(range.upperBound <= document.text.utf8.count && !range.isEmpty)
    #expect(seconds < 20)
  }

  @Test(
    arguments: ([
      "- - - - - - - - - -", String(repeating: "- ", count: 5_000), String(repeating: "*\t", count: 300),
      "    " + String(repeating: "- ", count: 300), String(repeating: " ", count: 5_000) + "a",
      "```\n" + String(repeating: " ", count: 500) + "- a\n```\n",
    ] as [String]).map(Sample.init))
  func `a long rule and deep indentation are not deep nesting`(document: Sample) throws {
    _ = try MarkdownDocument(parsing: document.text)
  }

  /// Each takes cmark-gfm from seconds to hours.
  @Test(
    arguments: ([
      (flood("![[]()", 480_000), CostlyConstruct.openBrackets), (flood("![[a](b)", 480_000), .openBrackets),
      ("x" + flood("<?", 200_000), .openDeclarations), ("x" + flood("<!A ", 400_000), .openDeclarations),
      ("x" + flood("<![CDATA[", 600_000), .openDeclarations), (flood("a**b _c*", 480_000), .emphasisRuns),
      (flood("a@", 1_000_000), .addresses), ("www.a.b" + flood(")", 200_000), .addressEndings),
      ("|" + flood("a|", 80_000) + "\n|" + flood("-|", 80_000) + "\n", .wideRows),
      (flood("-|-\na\n", 60_000), .delimiterRows),
      ("|" + flood("a|", 4_000) + "\n|" + flood("-|", 4_000) + "\n" + flood("a\n", 2_000), .missingCells),
      ("[a]: /" + flood("u", 50_000) + "\n\n" + flood("[A] ", 50_000), .referenceCopies),
      ("[a\tß]: /" + flood("u", 50_000) + "\n\n" + flood("[A SS] ", 50_000), .referenceCopies),
    ] as [(String, CostlyConstruct)]).map { (Sample($0), $1) })
  func `what cmark-gfm chokes on is refused before it does`(document: Sample, construct: CostlyConstruct) {
    let (error, seconds) = outcome(document.text)
    #expect(error?.construct == construct)
    #expect(seconds < 20)
  }

  @Test func `every costly construct has its test and its words`() {
    #expect(CostlyConstruct.allCases.count == 9)
    for construct in CostlyConstruct.allCases {
      let summary = MarkdownError.tooCostly(range: 0..<1, construct: construct).summary
      #expect(
        summary.english.contains(construct.name.english) && summary.chinese.contains(construct.name.chinese))
    }
  }

  @Test(
    arguments: ([
      flood("see [the *text*](https://a.org/b_c) and `code`, [1, 2) or x_i; ", 40_000),
      "![](data:image/png;base64," + flood("QUJD", 400_000) + ")\n",
      "[image]: data:image/png;base64," + flood("QUJD", 400_000) + "\n\n![image] " + flood("[a](b) ", 20_000),
      "| " + flood("a | ", 800) + "\n|" + flood("-|", 400) + "\n" + flood(flood("| a ", 800) + "\n", 80_000),
      "```json\n" + flood("[[1, 2], [3, {\"a\": \"<?\"}]],\n", 200_000) + "```\n",
      "```text\n" + flood("|---|---|\n| a@b.c | ) |\n\n", 200_000) + "```\n",
      flood("www.example.org/a_(b) mail@example.org <!-- note --> ", 20_000),
    ] as [String]).map(Sample.init))
  func `what people write is not refused`(document: Sample) {
    let (error, _) = outcome(document.text)
    #expect(error == nil)
  }

  @Test func `a document beyond the limit is refused unread, with its size`() {
    let limits = MarkdownLimits(bytes: 10)
    #expect(throws: MarkdownError.tooLarge(range: 10..<11, bytes: 11, limit: 10)) {
      try MarkdownDocument(parsing: "hello world", options: MarkdownOptions(limits: limits))
    }
    #expect(throws: Never.self) {
      try MarkdownDocument(parsing: "hello worl", options: MarkdownOptions(limits: limits))
    }
    let error = MarkdownError.tooLarge(range: 10..<11, bytes: 11, limit: 10)
    #expect(error.summary.english.contains("11") && error.summary.chinese.contains("10"))
  }

  @Test func `threads parse side by side and get what one alone gets`() async throws {
    let documents = (0..<60).map { seed in
      var generator = DocumentGenerator(seed: UInt64(50_000 + seed), isWild: true)
      return generator.document() + "\nwww.a.org ~~b~~ c@d.org\n"
    }
    // cmark-gfm keeps its table of special characters in memory that all its parsers share.
    let options: [MarkdownOptions] = [.note, .commonMark]
    let alone = try options.map { options in
      try documents.map { try MarkdownDocument(parsing: $0, options: options) }
    }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for _ in 0..<5 {
            for (index, document) in documents.enumerated() {
              let which = (worker + index) % 2
              let tree = try MarkdownDocument(parsing: document, options: options[which])
              if tree != alone[which][index] { return false }
            }
          }
          return true
        }
      }
      for try await same in group { #expect(same) }
    }
  }

  @Test func `no memory is kept, neither after success nor after refusal`() throws {
    func residentPages() throws -> Int {
      let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      return text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
    let fine = flood("> - [a](b) *c* | d\n\n[^1] `e`\n\n", 20_000) + "[^1]: f\n"
    let deep = (0..<120).map { String(repeating: "  ", count: $0) + "- a\n" }.joined()
    let inlinesDeep = flood("*a **a ", 2_000) + flood("a** a*", 2_000)
    func round() throws {
      // Refusals are wanted.
      for document in [fine, deep, inlinesDeep] { _ = try? MarkdownDocument(parsing: document) }
    }
    guard FileManager.default.fileExists(atPath: "/proc/self/statm") else { return }
    for _ in 0..<20 { try round() }
    let before = try residentPages()
    for _ in 0..<100 { try round() }
    // One leaked tree a round would be some 10,000 pages; other tests run in the same process.
    #expect(try residentPages() - before < 30_000)
  }
}
