import CCMarkGFM
import Synchronization

// The only file that knows the C library. What it hands out are values and `CMarkNode`, which is valid only as long as
// the tree or parser it comes from.

/// A parsed tree of cmark-gfm, freed once, when this value ends.
struct CMarkTree: ~Copyable {
  let root: CMarkNode

  fileprivate init(root: CMarkNode) {
    self.root = root
  }

  deinit {
    cmark_node_free(root.pointer)
  }
}

/// A parser of cmark-gfm that shows its blocks before it parses their inlines.
///
/// The library gives no access to an unfinished tree, but shows every open block to its extensions. So an extension of
/// our own, which recognizes nothing, is attached first, and a blank line is fed first: at that line the library shows it
/// the document. A blank line at the beginning changes nothing but the line numbers, by one.
struct CMarkParser: ~Copyable {
  /// How many lines were fed before the document's own.
  static let leadingLines = 1

  private let parser: OpaquePointer
  private let observer: OpaquePointer
  private let seen: UnsafeMutablePointer<OpaquePointer?>

  init(options: MarkdownOptions) {
    _ = Self.registration
    let flags = CMARK_OPT_SOURCEPOS | (options.footnotes ? CMARK_OPT_FOOTNOTES : 0)
    // The library's allocator ends the process where there is no memory, so neither can be missing.
    guard let parser = cmark_parser_new(flags), let observer = cmark_syntax_extension_new("observer") else {
      preconditionFailure("cmark-gfm made no parser")
    }
    self.parser = parser
    self.observer = observer
    seen = .allocate(capacity: 1)
    seen.initialize(to: nil)
    cmark_syntax_extension_set_private(observer, seen, nil)
    cmark_syntax_extension_set_open_block_func(observer) { observer, _, _, container, _, _ in
      let seen = cmark_syntax_extension_get_private(observer)?.assumingMemoryBound(to: OpaquePointer?.self)
      if let seen, seen.pointee == nil { seen.pointee = container }
      return nil
    }
    cmark_parser_attach_syntax_extension(parser, observer)
    for (member, name) in MarkdownExtensions.names where options.extensions.contains(member) {
      guard let found = cmark_find_syntax_extension(name) else {
        preconditionFailure("libcmark-gfm-extensions has no extension called \(name)")
      }
      cmark_parser_attach_syntax_extension(parser, found)
    }
    feed("\n")
  }

  deinit {
    // The parser first: it frees a tree that was never handed over.
    cmark_parser_free(parser)
    cmark_syntax_extension_free(cmark_get_default_mem_allocator(), observer)
    seen.deallocate()
  }

  /// Feeds whole lines.
  func feed(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard !bytes.isEmpty else { return }
    bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
  }

  private func feed(_ text: StaticString) {
    feed(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Ends the last line, if the document does not.
  func endLine() {
    feed("\n")
  }

  /// The document as far as it was fed, its inlines not parsed.
  var unfinishedRoot: CMarkNode? { seen.pointee.map(CMarkNode.init) }

  /// Parses the inlines and hands over the tree; only once.
  ///
  /// Extensions switch their characters on and off in a table that all parsers of the process share, so inlines are
  /// parsed by one thread at a time. Blocks, and all that is ours, run side by side. Nor can the characters be left on:
  /// an extension must list them for its delimiters to be matched, and what it lists is switched off.
  func finish() -> CMarkTree? {
    // Only this thread has the parser; the lock hands nothing to another.
    nonisolated(unsafe) let parser = parser
    nonisolated(unsafe) var root: OpaquePointer?
    Self.inlineLock.withLock { _ in root = cmark_parser_finish(parser) }
    return root.map { CMarkTree(root: CMarkNode($0)) }
  }

  /// What a named entity such as `&eacute;` stands for; `nil` where cmark-gfm knows no such name.
  static func text(ofEntity entity: String) -> String? {
    inlineLock.withLock { _ in
      guard let root = cmark_parse_document(entity, entity.utf8.count, CMARK_OPT_DEFAULT) else { return nil }
      defer { cmark_node_free(root) }
      guard let paragraph = cmark_node_first_child(root), let text = cmark_node_first_child(paragraph),
        let literal = cmark_node_get_literal(text)
      else { return nil }
      let decoded = String(cString: literal)
      return decoded == entity ? nil : decoded
    }
  }

  private static let registration: Void = cmark_gfm_core_extensions_ensure_registered()
  private static let inlineLock = Mutex<Void>(())
}

/// A node of cmark-gfm's tree.
struct CMarkNode {
  fileprivate let pointer: OpaquePointer

  fileprivate init(_ pointer: OpaquePointer) {
    self.pointer = pointer
  }

  /// All nodes there are, and which extension they come from does not matter here.
  enum Kind {
    case document, quote, list, item, code, html, paragraph, heading, thematicBreak, footnoteDefinition
    case table, tableRow, tableCell
    case text, softBreak, hardBreak, inlineCode, inlineHTML, emphasis, strong, strikethrough, link, image
    case footnoteReference
  }

  var kind: Kind {
    switch cmark_node_get_type(pointer) {
    case CMARK_NODE_TEXT: .text
    case CMARK_NODE_PARAGRAPH: .paragraph
    case CMARK_NODE_SOFTBREAK: .softBreak
    case CMARK_NODE_CODE: .inlineCode
    case CMARK_NODE_LINK: .link
    case CMARK_NODE_EMPH: .emphasis
    case CMARK_NODE_STRONG: .strong
    case CMARK_NODE_ITEM: .item
    case CMARK_NODE_LIST: .list
    case CMARK_NODE_HEADING: .heading
    case CMARK_NODE_CODE_BLOCK: .code
    case CMARK_NODE_BLOCK_QUOTE: .quote
    case CMARK_NODE_LINEBREAK: .hardBreak
    case CMARK_NODE_HTML_INLINE: .inlineHTML
    case CMARK_NODE_HTML_BLOCK: .html
    case CMARK_NODE_IMAGE: .image
    case CMARK_NODE_THEMATIC_BREAK: .thematicBreak
    case CMARK_NODE_DOCUMENT: .document
    case CMARK_NODE_FOOTNOTE_DEFINITION: .footnoteDefinition
    case CMARK_NODE_FOOTNOTE_REFERENCE: .footnoteReference
    default: extensionKind
    }
  }

  private var extensionKind: Kind {
    switch typeName {
    case "table": return .table
    case "table_header", "table_row": return .tableRow
    case "table_cell": return .tableCell
    case "strikethrough": return .strikethrough
    case let name: preconditionFailure("cmark-gfm has a node we never asked for: \(name)")
    }
  }

  private var typeName: String { cmark_node_get_type_string(pointer).map { String(cString: $0) } ?? "" }

  var firstChild: CMarkNode? { cmark_node_first_child(pointer).map(CMarkNode.init) }
  var lastChild: CMarkNode? { cmark_node_last_child(pointer).map(CMarkNode.init) }
  var next: CMarkNode? { cmark_node_next(pointer).map(CMarkNode.init) }
  var previous: CMarkNode? { cmark_node_previous(pointer).map(CMarkNode.init) }
  var parent: CMarkNode? { cmark_node_parent(pointer).map(CMarkNode.init) }

  /// The next node in document order that is not a descendant.
  var following: CMarkNode? {
    var node = self
    while true {
      if let next = node.next { return next }
      guard let parent = node.parent else { return nil }
      node = parent
    }
  }

  /// Lines of the document from 0; −1 or less where cmark-gfm doesn't know.
  var startLine: Int { Int(cmark_node_get_start_line(pointer)) - 1 - CMarkParser.leadingLines }
  var endLine: Int { Int(cmark_node_get_end_line(pointer)) - 1 - CMarkParser.leadingLines }
  /// Bytes from 0.
  var startColumn: Int { Int(cmark_node_get_start_column(pointer)) - 1 }

  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
  var isTight: Bool { cmark_node_get_list_tight(pointer) != 0 }
  var isOrdered: Bool { cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST }
  var listStart: Int { Int(cmark_node_get_list_start(pointer)) }
  var hasParenthesis: Bool { cmark_node_get_list_delim(pointer) == CMARK_PAREN_DELIM }
  var isTask: Bool { typeName == "tasklist" }
  var isFenced: Bool {
    var length: Int32 = 0
    var offset: Int32 = 0
    var character: CChar = 0
    return cmark_node_get_fenced(pointer, &length, &offset, &character) != 0
  }

  /// One letter for each column of a table: `l`, `c`, `r`, or 0.
  var alignments: [UInt8] {
    let count = Int(cmark_gfm_extensions_get_table_columns(pointer))
    guard let letters = cmark_gfm_extensions_get_table_alignments(pointer) else { return [] }
    return Array(UnsafeBufferPointer(start: letters, count: count))
  }

  var literal: UnsafeBufferPointer<UInt8> { Self.bytes(cmark_node_get_literal(pointer)) }
  var info: String { Self.string(cmark_node_get_fence_info(pointer)) }
  var destination: UnsafeBufferPointer<UInt8> { Self.bytes(cmark_node_get_url(pointer)) }
  var title: String { Self.string(cmark_node_get_title(pointer)) }
  /// The text of a block before its inlines are parsed: its lines without indentation and without the marks around them.
  ///
  /// - Precondition: It is not empty. For an empty one the library returns memory that was never written, not even with
  ///   a NUL. ``inlineContent`` is safe for a finished tree.
  var content: UnsafeBufferPointer<UInt8> { Self.bytes(cmark_node_get_string_content(pointer)) }
  /// The same, of a finished tree: what has no inlines has no content.
  var inlineContent: UnsafeBufferPointer<UInt8> {
    firstChild == nil ? UnsafeBufferPointer(start: nil, count: 0) : content
  }

  private static func bytes(_ text: UnsafePointer<CChar>?) -> UnsafeBufferPointer<UInt8> {
    guard let text else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: text, count: ccmark_length(text)).assumingMemoryBound(to: UInt8.self)
  }

  private static func string(_ text: UnsafePointer<CChar>?) -> String {
    text.map { String(cString: $0) } ?? ""
  }
}
