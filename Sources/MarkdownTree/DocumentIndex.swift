/// What a document holds, by kind, each kind in document order.
public struct DocumentIndex: Equatable, Sendable {
  /// Headings.
  public private(set) var headings: [Heading] = []
  /// Code blocks.
  public private(set) var codeBlocks: [CodeBlock] = []
  /// Tables.
  public private(set) var tables: [TableBlock] = []
  /// Links of every kind.
  public private(set) var links: [Link] = []
  /// Pictures.
  public private(set) var images: [Image] = []
  /// Code within lines.
  public private(set) var codeSpans: [CodeSpan] = []
  /// Marks that lead to footnotes.
  public private(set) var footnoteReferences: [FootnoteReference] = []

  /// Walks through blocks.
  public init(of blocks: [Block]) {
    for block in blocks { visit(block) }
  }

  private mutating func visit(_ block: Block) {
    switch block {
    case .heading(let heading):
      headings.append(heading)
      visit(heading.inlines)
    case .paragraph(let paragraph): visit(paragraph.inlines)
    case .quote(let quote): for block in quote.blocks { visit(block) }
    case .list(let list): for item in list.items { for block in item.blocks { visit(block) } }
    case .code(let code): codeBlocks.append(code)
    case .table(let table):
      tables.append(table)
      for row in [table.header] + table.rows { for cell in row.cells { visit(cell.inlines) } }
    case .footnoteDefinition(let definition): for block in definition.blocks { visit(block) }
    case .html, .thematicBreak: break
    }
  }

  private mutating func visit(_ inlines: [Inline]) {
    for inline in inlines {
      switch inline {
      case .emphasis(let span), .strong(let span), .strikethrough(let span): visit(span.children)
      case .link(let link):
        links.append(link)
        visit(link.children)
      case .image(let image):
        images.append(image)
        visit(image.children)
      case .code(let code): codeSpans.append(code)
      case .footnoteReference(let reference): footnoteReferences.append(reference)
      case .text, .softBreak, .hardBreak, .html: break
      }
    }
  }
}

extension MarkdownDocument {
  /// What the document holds, by kind.
  public var index: DocumentIndex { DocumentIndex(of: blocks) }
}

extension MarkdownDocument {
  /// The words of the document outside links and pictures, in document order.
  public var runningText: [Text] {
    func words(_ inlines: [Inline]) -> [Text] {
      inlines.flatMap { inline -> [Text] in
        switch inline {
        case .text(let text): [text]
        case .emphasis(let span), .strong(let span), .strikethrough(let span): words(span.children)
        case .link, .image, .code, .html, .softBreak, .hardBreak, .footnoteReference: []
        }
      }
    }
    func words(_ block: Block) -> [Text] {
      switch block {
      case .heading(let heading): words(heading.inlines)
      case .paragraph(let paragraph): words(paragraph.inlines)
      case .quote(let quote): quote.blocks.flatMap(words)
      case .list(let list): list.items.flatMap { $0.blocks.flatMap(words) }
      case .table(let table): ([table.header] + table.rows).flatMap { $0.cells.flatMap { words($0.inlines) } }
      case .footnoteDefinition(let definition): definition.blocks.flatMap(words)
      case .code, .html, .thematicBreak: []
      }
    }
    return blocks.flatMap(words)
  }
}
