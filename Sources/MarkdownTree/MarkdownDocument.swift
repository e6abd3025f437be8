/// A parsed Markdown document: values only, nothing of the C library.
public struct MarkdownDocument: Equatable, Sendable {
  /// A footnote that nothing refers to.
  ///
  /// It is not in the page, which its author may want to know.
  public struct UnusedFootnote: Equatable, Sendable {
    /// Where its `[^label]:` stands.
    public let range: Range<Int>
    /// Its label.
    public let label: String
  }

  /// Where it stands in its file.
  public let range: Range<Int>
  /// Its blocks; the footnotes' definitions are the last, in the order of their numbers.
  public let blocks: [Block]
  /// Footnotes that nothing refers to, in order.
  public let unusedFootnotes: [UnusedFootnote]

  /// Parses a document, or the part of a file that is Markdown.
  ///
  /// A byte order mark is skipped, any line ending is understood, NUL bytes and broken UTF-8 become U+FFFD.
  ///
  /// - Parameters:
  ///   - source: The bytes of the whole file.
  ///   - range: The part to parse, such as what follows the front matter; by default all of it. Ranges in the result
  ///     count from the beginning of the file all the same. It must begin at the beginning of a line.
  ///   - options: What is recognized.
  /// - Throws: ``MarkdownError`` where the document is too large, too deep or too costly.
  public init(
    parsing source: [UInt8], in range: Range<Int>? = nil, options: MarkdownOptions = .note
  ) throws(MarkdownError) {
    self = try TreeBuilder.build(source, in: range ?? 0..<source.count, options: options).document
  }

  /// Parses a document.
  ///
  /// - Parameters:
  ///   - text: The document; ranges count its UTF-8 bytes.
  ///   - options: What is recognized.
  /// - Throws: ``MarkdownError`` where the document is too large, too deep or too costly.
  public init(parsing text: String, options: MarkdownOptions = .note) throws(MarkdownError) {
    try self.init(parsing: Array(text.utf8), options: options)
  }

  init(range: Range<Int>, blocks: [Block], unusedFootnotes: [UnusedFootnote]) {
    self.range = range
    self.blocks = blocks
    self.unusedFootnotes = unusedFootnotes
  }

  /// The footnotes, in the order of their numbers.
  public var footnotes: [FootnoteDefinition] {
    blocks.compactMap { if case .footnoteDefinition(let definition) = $0 { definition } else { nil } }
  }
}
