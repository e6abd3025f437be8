import Wording

/// Why a document was refused.
///
/// Markdown itself has no wrong syntax: only size, depth and cost can be wrong.
public enum MarkdownError: Error, Equatable, Sendable {
  /// The document has more bytes than ``MarkdownLimits/bytes``.
  case tooLarge(range: Range<Int>, bytes: Int, limit: Int)
  /// Blocks or inlines are nested deeper than ``MarkdownLimits/depth`` levels.
  case tooDeep(range: Range<Int>, limit: Int)
  /// A passage would take cmark-gfm longer than ``MarkdownLimits/cost``, or fill the memory.
  case tooCostly(range: Range<Int>, construct: CostlyConstruct)

  /// Where: bytes of the source file.
  public var range: Range<Int> {
    switch self {
    case .tooLarge(let range, _, _), .tooDeep(let range, _), .tooCostly(let range, _): range
    }
  }

  /// One sentence for the author.
  public var summary: LocalText {
    switch self {
    case .tooLarge(_, let bytes, let limit):
      LocalText(
        "the document has \(bytes) bytes; at most \(limit) are read", "文档有 \(bytes) 字节，最多读取 \(limit) 字节")
    case .tooDeep(_, let limit):
      LocalText("nested more than \(limit) levels deep", "嵌套超过 \(limit) 层")
    case .tooCostly(_, let construct):
      LocalText(
        "parsing this would take too long: \(construct.name.english)", "解析耗时过长：\(construct.name.chinese)")
    }
  }
}

/// What makes a passage costly: each is a known weakness of cmark-gfm 0.29.0.gfm.6 that no text meets by accident.
public enum CostlyConstruct: String, CaseIterable, Sendable {
  /// Thousands of brackets opened and never closed, before many that are.
  case openBrackets
  /// Thousands of `<?`, `<!` or `<![CDATA[` that nothing closes.
  case openDeclarations
  /// More than some ten thousand runs of `*` or `_` in one paragraph.
  case emphasisRuns
  /// Thousands of `@` in one long paragraph.
  case addresses
  /// An address followed by tens of thousands of `)` or `;`.
  case addressEndings
  /// A table row of more than ten thousand cells.
  case wideRows
  /// Thousands of rows like `-|-` in one paragraph that never becomes a table.
  case delimiterRows
  /// Half a million cells that rows leave out.
  case missingCells
  /// A long link definition that is used very often: each use is a copy.
  case referenceCopies

  /// What it is called in a message.
  public var name: LocalText {
    switch self {
    case .openBrackets: LocalText("very many open brackets", "未闭合的方括号过多")
    case .openDeclarations: LocalText("very many unclosed ‘<?’ or ‘<!’", "未闭合的 ‘<?’ 或 ‘<!’ 过多")
    case .emphasisRuns: LocalText("very many runs of ‘*’ or ‘_’ in one paragraph", "一段中的 ‘*’ 或 ‘_’ 过多")
    case .addresses: LocalText("very many ‘@’ in one long paragraph", "一段长文中的 ‘@’ 过多")
    case .addressEndings: LocalText("an address with very many ‘)’ or ‘;’", "网址中的 ‘)’ 或 ‘;’ 过多")
    case .wideRows: LocalText("a table row of very many cells", "表格的一行单元格过多")
    case .delimiterRows: LocalText("very many rows like ‘-|-’ in one paragraph", "一段中形如 ‘-|-’ 的行过多")
    case .missingCells: LocalText("a wide table whose rows leave out very many cells", "宽表格缺少的单元格过多")
    case .referenceCopies: LocalText("a long link definition used very often", "过长的链接定义被引用过多次")
    }
  }
}
