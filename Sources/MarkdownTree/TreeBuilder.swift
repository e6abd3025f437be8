/// Parses with cmark-gfm and turns its tree into values.
///
/// Of cmark-gfm's positions only the starts of blocks are used; they are right, with two exceptions handled here. All
/// ends, and everything within a line, are found in the source.
struct TreeBuilder {
  private let source: SourceText
  private let limits: MarkdownLimits
  private var labels: [String] = []
  private var referenceCounts: [Int: Int] = [:]
  /// Blocks whose inlines could not be followed in the source: tests keep it at zero.
  private(set) var lostBlocks = 0

  /// What surrounds a block.
  private struct Surroundings {
    /// Levels above the block.
    var depth = 0
    /// Quotes around it: so many `>` stand before each of its lines, unless it is a lazy one.
    var quotes = 0
  }

  /// - Returns: The document, and how many blocks could not be followed in the source.
  static func build(
    _ bytes: [UInt8], in range: Range<Int>, options: MarkdownOptions
  ) throws(MarkdownError) -> (document: MarkdownDocument, lostBlocks: Int) {
    let limits = options.limits
    guard range.count <= limits.bytes else {
      throw .tooLarge(
        range: (range.lowerBound + limits.bytes)..<range.upperBound, bytes: range.count, limit: limits.bytes)
    }
    let source = SourceText(bytes, in: range)
    var hostile = HostileInput(limits: limits)
    let report = try hostile.checkLines(of: source)
    let parser = CMarkParser(options: options)
    try feed(source, to: parser, deepLines: report.deepLines, limits: limits)
    var builder = TreeBuilder(source: source, limits: limits)
    let definitions = try builder.inspectBlocks(of: parser, &hostile)
    guard let tree = parser.finish() else { preconditionFailure("cmark-gfm finished without a document") }
    let blocks = try builder.document(tree.root)
    let used = Set(
      tree.root.children.lazy.filter { $0.kind == .footnoteDefinition }.map {
        [$0.startLine, $0.startColumn]
      })
    let unused = definitions.filter { !used.contains($0.position) }.map(\.footnote)
    return (MarkdownDocument(range: range, blocks: blocks, unusedFootnotes: unused), builder.lostBlocks)
  }

  private init(source: SourceText, limits: MarkdownLimits) {
    self.source = source
    self.limits = limits
  }

  /// Feeds all lines, and looks at the depth of the open blocks where it may have grown.
  private static func feed(
    _ source: SourceText, to parser: borrowing CMarkParser, deepLines: [Int], limits: MarkdownLimits
  ) throws(MarkdownError) {
    var fed = 0
    // A line without its ending would wait in the parser until the end.
    func feed(to next: Int) {
      source.bytes.withUnsafeBufferPointer { parser.feed(UnsafeBufferPointer(rebasing: $0[fed..<next])) }
      if fed < next, next == source.bytes.count, let last = source.lines.last, last.end == last.next {
        parser.endLine()
      }
      fed = next
    }
    for line in deepLines {
      feed(to: source.lines[line].next)
      var depth = 0
      var node = parser.unfinishedRoot
      while let child = node?.lastChild, depth <= limits.depth {
        depth += 1
        node = child
      }
      if depth > limits.depth {
        throw .tooDeep(
          range: source.file(source.lines[line].start..<source.lines[line].end), limit: limits.depth)
      }
    }
    feed(to: source.bytes.count)
  }

  private struct Definition {
    let position: [Int]
    let footnote: MarkdownDocument.UnusedFootnote
  }

  /// Looks at all blocks while their inlines are still text.
  ///
  /// - Returns: All footnote definitions, in order.
  private func inspectBlocks(
    of parser: borrowing CMarkParser, _ hostile: inout HostileInput
  ) throws(MarkdownError) -> [Definition] {
    var definitions: [Definition] = []
    var node = parser.unfinishedRoot
    while let current = node {
      switch current.kind {
      case .paragraph: try hostile.checkInlines(current.content, range: lineRange(max(0, current.startLine)))
      case .heading: try inspectHeading(current, &hostile)
      case .tableCell where current.startColumn >= 0:
        try hostile.checkInlines(current.content, range: lineRange(max(0, current.startLine)))
      case .tableCell: break  // A cell that its row leaves out: it has no place, and no content to look at.
      case .footnoteDefinition:
        let mark = definitionMark(current)
        definitions.append(
          Definition(
            position: [current.startLine, current.startColumn],
            footnote: .init(range: source.file(mark), label: label(of: mark))))
      case .document, .quote, .list, .item, .code, .html, .thematicBreak, .table, .tableRow, .text,
        .softBreak,
        .hardBreak, .inlineCode, .inlineHTML, .emphasis, .strong, .strikethrough, .link, .image,
        .footnoteReference:
        break
      }
      node = current.firstChild ?? current.following
    }
    return definitions
  }

  /// A heading may be empty, and then its content must not be looked at; one with `#` is a line of the source anyway.
  private func inspectHeading(_ node: CMarkNode, _ hostile: inout HostileInput) throws(MarkdownError) {
    guard let text = atxText(node) else {
      return try hostile.checkInlines(node.content, range: lineRange(node.startLine))
    }
    let end = source.lines[node.startLine].end
    let result: Result<Void, MarkdownError> = source.bytes.withUnsafeBufferPointer { bytes in
      do throws(MarkdownError) {
        return .success(
          try hostile.checkInlines(
            UnsafeBufferPointer(rebasing: bytes[text..<end]), range: lineRange(node.startLine)))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  // MARK: Blocks

  private mutating func document(_ root: CMarkNode) throws(MarkdownError) -> [Block] {
    let definitions = root.children.filter { $0.kind == .footnoteDefinition }
    labels = definitions.map { label(of: definitionMark($0)) }
    var blocks = try self.blocks(of: root, in: Surroundings())
    // How often a footnote is referred to is known only now, for footnotes refer to footnotes.
    for index in blocks.indices {
      guard case .footnoteDefinition(let definition) = blocks[index] else { continue }
      blocks[index] = .footnoteDefinition(
        FootnoteDefinition(
          range: definition.range, label: definition.label, number: definition.number,
          referenceCount: referenceCounts[definition.number, default: 0], blocks: definition.blocks))
    }
    return blocks
  }

  private mutating func blocks(of node: CMarkNode, in around: Surroundings) throws(MarkdownError) -> [Block] {
    guard let first = node.firstChild else { return [] }
    var blocks: [Block] = []
    var inside = around
    inside.depth += 1
    var footnotes = 0
    var child = first
    while true {
      if inside.depth > limits.depth {
        throw .tooDeep(range: lineRange(max(0, child.startLine)), limit: limits.depth)
      }
      if child.kind == .footnoteDefinition { footnotes += 1 }
      blocks.append(try block(child, in: inside, footnote: footnotes))
      guard let next = child.next else { return blocks }
      child = next
    }
  }

  private mutating func block(
    _ node: CMarkNode, in around: Surroundings, footnote: Int
  ) throws(MarkdownError) -> Block {
    switch node.kind {
    case .paragraph: return .paragraph(try paragraph(node, in: around))
    case .heading: return .heading(try heading(node, in: around))
    case .quote:
      var inside = around
      inside.quotes += 1
      let blocks = try blocks(of: node, in: inside)
      let end = trimmedEnd(line: node.endLine, after: start(of: node) + 1)
      return .quote(BlockQuote(range: file(start(of: node), end, containing: blocks), blocks: blocks))
    case .list: return .list(try list(node, in: around))
    case .code: return .code(node.isFenced ? fencedCode(node, in: around) : indentedCode(node))
    case .html: return .html(html(node))
    case .thematicBreak:
      let start = start(of: node)
      return .thematicBreak(
        ThematicBreak(range: source.file(start..<trimmedEnd(line: node.startLine, after: start))))
    case .table: return .table(try table(node, in: around))
    case .footnoteDefinition:
      let mark = definitionMark(node)
      let blocks = try blocks(of: node, in: around)
      return .footnoteDefinition(
        FootnoteDefinition(
          range: file(mark.lowerBound, mark.upperBound, containing: blocks), label: label(of: mark),
          number: footnote,
          referenceCount: 0, blocks: blocks))
    case .document, .item, .tableRow, .tableCell, .text, .softBreak, .hardBreak, .inlineCode, .inlineHTML,
      .emphasis,
      .strong, .strikethrough, .link, .image, .footnoteReference:
      preconditionFailure("cmark-gfm put a block where none can be")
    }
  }

  private mutating func paragraph(_ node: CMarkNode, in around: Surroundings) throws(MarkdownError)
    -> Paragraph
  {
    let content = trimmed(node.inlineContent)
    // A paragraph that turned out to end in a table's header has no position: it begins where the table claims to.
    let placed = node.startLine < 0 ? node.next ?? node : node
    let found = ContentMap.lines(
      of: content, from: placed.startLine, column: placed.startColumn, in: source, pipes: node.startLine < 0)
    let range =
      found.map { source.file($0.map.range(0, content.count)) } ?? lineRange(max(0, placed.startLine))
    let inlines = try inlines(of: node, content, map: found?.map, fallback: range, in: around)
    return Paragraph(range: range, inlines: inlines)
  }

  private mutating func heading(_ node: CMarkNode, in around: Surroundings) throws(MarkdownError) -> Heading {
    let content = trimmed(node.inlineContent)
    let start = start(of: node)
    if let text = atxText(node) {
      let range = source.file(start..<trimmedEnd(line: node.startLine, after: start))
      let map = ContentMap(content, at: text, in: source.bytes)
      let inlines = try inlines(of: node, content, map: map, fallback: range, in: around)
      return Heading(range: range, level: node.headingLevel, inlines: inlines)
    }
    let found = ContentMap.lines(
      of: content, from: node.startLine, column: node.startColumn, in: source, pipes: false)
    let underline = found.map { trimmedEnd(line: $0.lastLine + 1, after: $0.map.upper(content.count)) }
    let range =
      found.map { source.file($0.map.lower(0)..<(underline ?? 0)) } ?? lineRange(max(0, node.startLine))
    let inlines = try inlines(of: node, content, map: found?.map, fallback: range, in: around)
    return Heading(range: range, level: node.headingLevel, inlines: inlines)
  }

  /// Where the text of a heading with `#` begins; `nil` for an underlined one.
  private func atxText(_ node: CMarkNode) -> Int? {
    guard source.lines.indices.contains(node.startLine) else { return nil }
    // Right after the box of a task cmark-gfm sees no `#`: there it is text, which may be underlined.
    if let item = node.parent, item.kind == .item, item.isTask, item.startLine == node.startLine {
      return nil
    }
    let start = start(of: node)
    let end = source.lines[node.startLine].end
    var index = start
    while index < end, source.bytes[index] == UInt8(ascii: "#") { index += 1 }
    guard (1...6).contains(index - start), index == end || source.bytes[index].isSpaceOrTab else {
      return nil
    }
    while index < end, source.bytes[index].isSpaceOrTab { index += 1 }
    return index
  }

  private mutating func list(_ node: CMarkNode, in around: Surroundings) throws(MarkdownError) -> ListBlock {
    var items: [ListItem] = []
    var inside = around
    inside.depth += 1
    for item in node.children {
      let start = start(of: item)
      let marker = start..<markerEnd(at: start)
      let blocks = try blocks(of: item, in: inside)
      let task = item.isTask ? self.task(after: marker.upperBound) : nil
      let end = max(marker.upperBound, task?.upperBound ?? 0)
      items.append(
        ListItem(
          range: file(start, end, containing: blocks), markerRange: source.file(marker),
          task: task.map {
            ListItem.Task(range: source.file($0), isDone: source.bytes[$0.lowerBound + 1] != .space)
          },
          blocks: blocks))
    }
    let kind: ListBlock.Kind =
      node.isOrdered
      ? .ordered(start: node.listStart, delimiter: node.hasParenthesis ? .parenthesis : .period) : .bullet
    let start = source.file(start(of: node))
    let end = items.last?.range.upperBound ?? start
    return ListBlock(range: start..<max(start, end), kind: kind, isTight: node.isTight, items: items)
  }

  private func markerEnd(at start: Int) -> Int {
    var index = start
    while index < source.bytes.count, source.bytes[index].isDigit { index += 1 }
    return min(index + 1, source.bytes.count)
  }

  private func task(after marker: Int) -> Range<Int>? {
    var index = marker
    let bytes = source.bytes
    while index < bytes.count, bytes[index].isSpaceOrTab { index += 1 }
    guard index + 2 < bytes.count, bytes[index] == .openBracket, bytes[index + 2] == .closeBracket else {
      return nil
    }
    return index..<(index + 3)
  }

  private func html(_ node: CMarkNode) -> HTMLBlock {
    let literal = node.literal
    let lines = literal.reduce(0) { $0 + ($1 == .lineFeed ? 1 : 0) }
    let start = start(of: node)
    var last = node.startLine + max(1, lines) - 1
    last = min(last, source.lines.count - 1)
    var end = trimmedEnd(line: last, after: start)
    // Blank lines at the end of a comment that nothing closes belong to the literal, not to the range.
    while end > start, source.bytes[end - 1].isWhitespace { end -= 1 }
    return HTMLBlock(
      range: source.file(start..<max(start, end)), literal: String(decoding: literal, as: UTF8.self))
  }

  // MARK: Code

  private func fencedCode(_ node: CMarkNode, in around: Surroundings) -> CodeBlock {
    let start = start(of: node)
    let opening = source.lines[node.startLine]
    var infoStart = start
    while infoStart < opening.end, source.bytes[infoStart] == source.bytes[start] { infoStart += 1 }
    let fence = infoStart - start
    let infoEnd = trimmedEnd(line: node.startLine, after: infoStart)
    let fenceEnd = infoStart
    while infoStart < infoEnd, source.bytes[infoStart].isSpaceOrTab { infoStart += 1 }
    let info = infoStart < infoEnd ? infoStart..<infoEnd : fenceEnd..<fenceEnd
    let literal = node.literal
    let lines = codeLines(literal, from: node.startLine + 1)
    var end = max(infoEnd, lines.last.map { $0.source.upperBound } ?? 0)
    let closing = node.startLine + 1 + lines.count
    if let closingEnd = closingFenceEnd(
      of: node, line: closing, mark: source.bytes[start], count: fence, around)
    {
      end = closingEnd
    }
    return CodeBlock(
      range: source.file(start..<end), isFenced: true, info: node.info, infoRange: source.file(info),
      literal: String(decoding: literal, as: UTF8.self), lines: lines.map(filed))
  }

  private func closingFenceEnd(
    of node: CMarkNode, line: Int, mark: UInt8, count: Int, _ around: Surroundings
  ) -> Int? {
    // A fence that the block's containers don't hold opens the next block.
    guard source.lines.indices.contains(line), node.endLine >= line, node.following?.startLine != line else {
      return nil
    }
    let end = source.lines[line].end
    var index = prefixEnd(line: line, quotes: around.quotes)
    let start = index
    while index < end, source.bytes[index] == mark { index += 1 }
    guard index - start >= count else { return nil }
    let fenceEnd = index
    while index < end, source.bytes[index].isSpaceOrTab { index += 1 }
    return index == end ? fenceEnd : nil
  }

  private func indentedCode(_ node: CMarkNode) -> CodeBlock {
    let literal = node.literal
    let lines = codeLines(literal, from: node.startLine)
    let start = lines.first?.source.lowerBound ?? start(of: node)
    let end = lines.last?.source.upperBound ?? start
    return CodeBlock(
      range: source.file(start..<max(start, end)), isFenced: false, info: "", infoRange: nil,
      literal: String(decoding: literal, as: UTF8.self), lines: lines.map(filed))
  }

  /// Each line of code is the end of a line of the source, but for a tab of which a part was indentation.
  private func codeLines(_ literal: UnsafeBufferPointer<UInt8>, from first: Int) -> [CodeBlock.Line] {
    var lines: [CodeBlock.Line] = []
    var start = 0
    while start < literal.count {
      let end = literal[start...].firstIndex(of: .lineFeed) ?? literal.count
      let number = first + lines.count
      guard source.lines.indices.contains(number) else { break }
      let line = source.lines[number]
      var position = line.end
      var index = end
      while index > start, position > line.start, source.bytes[position - 1] == literal[index - 1] {
        index -= 1
        position -= 1
      }
      lines.append(
        CodeBlock.Line(literalOffset: start, source: position..<line.end, tabSpaces: index - start))
      start = end + 1
    }
    return lines
  }

  private func filed(_ line: CodeBlock.Line) -> CodeBlock.Line {
    CodeBlock.Line(
      literalOffset: line.literalOffset,
      source: source.file(line.source.lowerBound)..<source.file(line.source.upperBound),
      tabSpaces: line.tabSpaces)
  }

  // MARK: Tables

  private mutating func table(_ node: CMarkNode, in around: Surroundings) throws(MarkdownError) -> TableBlock
  {
    let alignments = node.alignments.map { letter -> TableBlock.Alignment? in
      switch letter {
      case UInt8(ascii: "l"): .left
      case UInt8(ascii: "c"): .center
      case UInt8(ascii: "r"): .right
      default: nil
      }
    }
    // A table claims to begin where its paragraph began; the header is that paragraph's last line.
    var headerLine = node.startLine
    var headerStart: Int? = start(of: node)
    if let paragraph = node.previous, paragraph.kind == .paragraph, paragraph.startLine < 0 {
      headerLine += trimmed(paragraph.inlineContent).reduce(1) { $0 + ($1 == .lineFeed ? 1 : 0) }
      headerStart = nil
    }
    var rows: [TableRow] = []
    for row in node.children {
      let line = rows.isEmpty ? headerLine : row.startLine
      let start = (rows.isEmpty ? headerStart : nil) ?? prefixEnd(line: line, quotes: around.quotes)
      rows.append(try self.row(row, line: line, start: start, in: around))
    }
    let header = rows.removeFirst()
    let end = rows.last?.range.upperBound ?? source.file(trimmedEnd(line: headerLine + 1, after: 0))
    return TableBlock(
      range: header.range.lowerBound..<max(header.range.upperBound, end), alignments: alignments,
      header: header,
      rows: rows)
  }

  private mutating func row(
    _ node: CMarkNode, line: Int, start: Int, in around: Surroundings
  ) throws(MarkdownError) -> TableRow {
    guard source.lines.indices.contains(line) else {
      preconditionFailure("cmark-gfm has a row beyond the last line")
    }
    let end = trimmedEnd(line: line, after: start)
    let places = Self.cells(of: source.bytes[start..<source.lines[line].end])
    var cells: [TableCell] = []
    for cell in node.children {
      let content = trimmed(cell.inlineContent)
      let place = cells.count < places.count ? places[cells.count] : end..<end
      let map = ContentMap(content, at: place.lowerBound, in: source.bytes, pipes: true)
      let range = source.file(place)
      let inlines = try inlines(of: cell, content, map: map, fallback: range, in: around)
      cells.append(TableCell(range: range, inlines: inlines))
    }
    return TableRow(range: source.file(start..<end), cells: cells)
  }

  /// Splits a row as cmark-gfm does: a `|` ends a cell unless a backslash stands before it in the same cell.
  static func cells(of row: ArraySlice<UInt8>) -> [Range<Int>] {
    var cells: [Range<Int>] = []
    var index = row.startIndex
    func skipPipe() -> Bool {
      guard index < row.endIndex, row[index] == .pipe else { return false }
      index += 1
      while index < row.endIndex, row[index].isSpaceOrTab || row[index] == 0x0B || row[index] == 0x0C {
        index += 1
      }
      return true
    }
    _ = skipPipe()
    while index < row.endIndex {
      let start = index
      while index < row.endIndex, row[index] != .pipe || (index > start && row[index - 1] == .backslash) {
        index += 1
      }
      var lower = start
      var upper = index
      while upper > lower, row[upper - 1].isWhitespace { upper -= 1 }
      while lower < upper, row[lower].isWhitespace { lower += 1 }
      let closed = skipPipe()
      if upper > lower || closed { cells.append(lower..<upper) }
      if !closed { break }
    }
    return cells
  }

  // MARK: Inlines

  private mutating func inlines(
    of node: CMarkNode, _ content: UnsafeBufferPointer<UInt8>, map: ContentMap?, fallback: Range<Int>,
    in around: Surroundings
  ) throws(MarkdownError) -> [Inline] {
    var builder = InlineBuilder(
      content, map: map, source: source, fallback: fallback, limits: limits, labels: labels)
    var inlines = try builder.build(node, depth: around.depth)
    if builder.isLost {
      lostBlocks += 1
      builder = InlineBuilder(
        content, map: nil, source: source, fallback: fallback, limits: limits, labels: labels)
      inlines = try builder.build(node, depth: around.depth)
    }
    for number in builder.footnotes { referenceCounts[number, default: 0] += 1 }
    return inlines
  }

  private func trimmed(_ content: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var end = content.count
    while end > 0, content[end - 1].isWhitespace { end -= 1 }
    return UnsafeBufferPointer(rebasing: content[..<end])
  }

  // MARK: Positions

  private func start(of node: CMarkNode) -> Int {
    guard source.lines.indices.contains(node.startLine) else { return 0 }
    let line = source.lines[node.startLine]
    return min(line.end, line.start + max(0, node.startColumn))
  }

  private func lineRange(_ line: Int) -> Range<Int> {
    guard source.lines.indices.contains(line) else { return source.file(0..<0) }
    return source.file(source.lines[line].start..<source.lines[line].end)
  }

  /// The end of a line without the white space at its end.
  private func trimmedEnd(line: Int, after start: Int) -> Int {
    guard !source.lines.isEmpty else { return start }
    let line = source.lines[max(0, min(line, source.lines.count - 1))]
    var end = line.end
    while end > max(start, line.start), source.bytes[end - 1].isSpaceOrTab { end -= 1 }
    return max(start, end)
  }

  /// Where the text of a later line of a block begins, after so many `>` and any white space.
  private func prefixEnd(line: Int, quotes: Int) -> Int {
    guard source.lines.indices.contains(line) else { return source.bytes.count }
    var index = source.lines[line].start
    let end = source.lines[line].end
    var left = quotes
    while index < end {
      if source.bytes[index] == .greater, left > 0 {
        left -= 1
      } else if !source.bytes[index].isSpaceOrTab {
        break
      }
      index += 1
    }
    return index
  }

  private func file(_ start: Int, _ end: Int, containing blocks: [Block]) -> Range<Int> {
    let range = source.file(start..<max(start, end))
    return range.lowerBound..<max(range.upperBound, blocks.last?.range.upperBound ?? 0)
  }

  /// The bytes of `[^label]:`.
  ///
  /// cmark-gfm puts the start of a definition behind them, and keeps the label to itself.
  private func definitionMark(_ node: CMarkNode) -> Range<Int> {
    var end = start(of: node)
    guard source.lines.indices.contains(node.startLine) else { return end..<end }
    let bytes = source.bytes
    let line = source.lines[node.startLine]
    while end > line.start, bytes[end - 1].isSpaceOrTab { end -= 1 }
    var index = end - 2
    var start = index
    while index > line.start, bytes[index - 1] != .closeBracket, !bytes[index - 1].isSpaceOrTab {
      index -= 1
      if bytes[index] == .openBracket, bytes[index + 1] == UInt8(ascii: "^") { start = index }
    }
    return max(line.start, start)..<end
  }

  private func label(of mark: Range<Int>) -> String {
    String(decoding: source.bytes[mark].dropFirst(2).dropLast(2), as: UTF8.self)
  }
}

extension CMarkNode {
  /// The children, in order.
  var children: [CMarkNode] {
    var children: [CMarkNode] = []
    var child = firstChild
    while let node = child {
      children.append(node)
      child = node.next
    }
    return children
  }
}
