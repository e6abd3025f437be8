/// A block of a document.
///
/// The set is closed: a switch over it needs no `default`.
/// Every `range` counts bytes of the source file, from 0, half-open.
public enum Block: Equatable, Sendable {
  /// `# …` or an underlined line.
  case heading(Heading)
  /// Running text.
  case paragraph(Paragraph)
  /// `> …`.
  case quote(BlockQuote)
  /// Bullets or numbers.
  case list(ListBlock)
  /// Fenced or indented code.
  case code(CodeBlock)
  /// Raw HTML.
  case html(HTMLBlock)
  /// `---`.
  case thematicBreak(ThematicBreak)
  /// A pipe table.
  case table(TableBlock)
  /// `[^label]: …`; these stand at the end of a document, in the order of their numbers.
  case footnoteDefinition(FootnoteDefinition)

  /// Where it stands in the source file.
  public var range: Range<Int> {
    switch self {
    case .heading(let heading): heading.range
    case .paragraph(let paragraph): paragraph.range
    case .quote(let quote): quote.range
    case .list(let list): list.range
    case .code(let code): code.range
    case .html(let html): html.range
    case .thematicBreak(let thematicBreak): thematicBreak.range
    case .table(let table): table.range
    case .footnoteDefinition(let definition): definition.range
    }
  }
}

/// A heading.
public struct Heading: Equatable, Sendable {
  /// Where it stands, marks and underline included.
  public let range: Range<Int>
  /// 1 … 6.
  public let level: Int
  /// Its words.
  public let inlines: [Inline]
}

/// A paragraph.
public struct Paragraph: Equatable, Sendable {
  /// Where it stands.
  public let range: Range<Int>
  /// Its text.
  public let inlines: [Inline]
}

/// A block quote.
public struct BlockQuote: Equatable, Sendable {
  /// Where it stands, from the first `>`.
  public let range: Range<Int>
  /// What is quoted.
  public let blocks: [Block]
}

/// A list.
public struct ListBlock: Equatable, Sendable {
  /// What stands before each item.
  public enum Kind: Equatable, Sendable {
    /// `-`, `+` or `*`.
    case bullet
    /// `3.` or `3)`.
    case ordered(start: Int, delimiter: Delimiter)
  }

  /// What follows a number.
  public enum Delimiter: String, Equatable, Sendable {
    /// `1.`
    case period = "."
    /// `1)`
    case parenthesis = ")"
  }

  /// Where it stands, from the first marker to the end of the last item.
  public let range: Range<Int>
  /// Bullets or numbers.
  public let kind: Kind
  /// Whether its paragraphs are set without `<p>`.
  public let isTight: Bool
  /// The items.
  public let items: [ListItem]
}

/// One item of a list.
public struct ListItem: Equatable, Sendable {
  /// The box of a task.
  public struct Task: Equatable, Sendable {
    /// The three bytes `[ ]` or `[x]`.
    public let range: Range<Int>
    /// Whether an `x` is in it.
    public let isDone: Bool
  }

  /// Where it stands, from its marker.
  public let range: Range<Int>
  /// Its marker, such as `-` or `12)`.
  public let markerRange: Range<Int>
  /// The box of a task; `nil` for other items.
  public let task: Task?
  /// What it holds.
  public let blocks: [Block]
}

/// A code block.
public struct CodeBlock: Equatable, Sendable {
  /// One line of a code block and where it comes from.
  public struct Line: Equatable, Sendable {
    /// Where the line begins in `literal.utf8`.
    public let literalOffset: Int
    /// Its bytes in the source file, without indentation that belongs to the containers or the fence, without line ending.
    public let source: Range<Int>
    /// Spaces at the beginning of the line in `literal` that stand for the part of a tab in the source.
    public let tabSpaces: Int
  }

  /// Where it stands, fences included.
  public let range: Range<Int>
  /// Whether it has fences; otherwise it is indented.
  public let isFenced: Bool
  /// What follows the opening fence, entities and backslashes resolved; may be empty.
  public let info: String
  /// The bytes of the info string as written; empty, right after the fence, where there is none; `nil` if indented.
  public let infoRange: Range<Int>?
  /// The code; every line ends with a line feed.
  public let literal: String
  /// Where each line comes from.
  public let lines: [Line]

  /// The first word of the info string; empty where there is none.
  public var language: Substring {
    info.prefix { !$0.isWhitespace }
  }

  /// Where a byte of the code stands in the source file, so that a complaint about the code can point into the note.
  ///
  /// - Parameter offset: An offset into `literal.utf8`; beyond its end means its end.
  /// - Returns: The byte of the source file; the end of the line for a line feed, the block's own start if it is empty.
  public func sourceOffset(ofLiteralByte offset: Int) -> Int {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if lines[middle].literalOffset <= offset { low = middle + 1 } else { high = middle }
    }
    return low == 0
      ? range.lowerBound : sourceOffset(line: low - 1, byte: offset - lines[low - 1].literalOffset)
  }

  /// Where a byte of a line stands in the source file.
  ///
  /// - Parameters:
  ///   - line: Counted from 0; beyond the last line means the end of the last line.
  ///   - byte: Bytes of UTF-8 from the start of the line in `literal`.
  public func sourceOffset(line: Int, byte: Int) -> Int {
    guard line < lines.count else { return lines.last?.source.upperBound ?? range.lowerBound }
    let line = lines[max(0, line)]
    return min(line.source.upperBound, line.source.lowerBound + max(0, byte - line.tabSpaces))
  }
}

/// Raw HTML between blocks.
public struct HTMLBlock: Equatable, Sendable {
  /// Where it stands.
  public let range: Range<Int>
  /// The HTML, line feed at its end.
  public let literal: String
}

/// A rule across the page.
public struct ThematicBreak: Equatable, Sendable {
  /// Where it stands.
  public let range: Range<Int>
}

/// A table.
public struct TableBlock: Equatable, Sendable {
  /// How a column is set.
  public enum Alignment: String, Equatable, Sendable {
    /// `:--`
    case left
    /// `:-:`
    case center
    /// `--:`
    case right
  }

  /// Where it stands, from the header to the last row.
  public let range: Range<Int>
  /// One for each column; `nil` where the author said nothing.
  public let alignments: [Alignment?]
  /// The first row.
  public let header: TableRow
  /// The other rows, each with as many cells as the header.
  public let rows: [TableRow]
}

/// A row of a table.
public struct TableRow: Equatable, Sendable {
  /// Where it stands.
  public let range: Range<Int>
  /// Its cells, one for each column.
  public let cells: [TableCell]
}

/// A cell of a table.
public struct TableCell: Equatable, Sendable {
  /// Its text without the spaces around it; empty, at the end of the row, for a cell the row leaves out.
  public let range: Range<Int>
  /// Its text.
  public let inlines: [Inline]
}

/// The text of a footnote.
public struct FootnoteDefinition: Equatable, Sendable {
  /// Where it stands, from its `[^`.
  public let range: Range<Int>
  /// Its label between `[^` and `]`.
  public let label: String
  /// Its number in the document, from 1.
  public let number: Int
  /// How often it is referred to, at least once.
  public let referenceCount: Int
  /// What it says.
  public let blocks: [Block]
}
