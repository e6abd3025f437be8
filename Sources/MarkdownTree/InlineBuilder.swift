/// Turns the inlines of one block into values, finding each one's bytes.
///
/// cmark-gfm's columns are wrong after line breaks in links, in continuation lines of quotes and lists, in table cells and
/// for bare addresses. So they are not used: the tree already says what comes next, and this builder walks over the text
/// beside it and steps over what each inline must look like there. Every step compares bytes. Where one does not fit,
/// `isLost` is set, and the block is built again with `map` `nil`: then every range is the block's own and every
/// link's source `nil`.
struct InlineBuilder {
  /// What the inlines were parsed from, without white space at its end.
  private let content: UnsafeBufferPointer<UInt8>
  private let map: ContentMap?
  private let source: SourceText
  /// The block's own range in the file.
  private let fallback: Range<Int>
  private let limits: MarkdownLimits
  private let labels: [String]
  private var cursor = 0
  private(set) var isLost = false
  /// Numbers of the footnotes referred to, in order.
  private(set) var footnotes: [Int] = []

  init(
    _ content: UnsafeBufferPointer<UInt8>, map: ContentMap?, source: SourceText, fallback: Range<Int>,
    limits: MarkdownLimits, labels: [String]
  ) {
    self.content = content
    self.map = map
    self.source = source
    self.fallback = fallback
    self.limits = limits
    self.labels = labels
    isLost = map == nil
  }

  /// Builds all inlines of a block.
  mutating func build(_ node: CMarkNode, depth: Int) throws(MarkdownError) -> [Inline] {
    let inlines = try children(of: node, depth: depth)
    if cursor != content.count { isLost = true }
    return inlines
  }

  private mutating func children(of node: CMarkNode, depth: Int) throws(MarkdownError) -> [Inline] {
    guard var child = node.firstChild else { return [] }
    if depth >= limits.depth { throw .tooDeep(range: fallback, limit: limits.depth) }
    var inlines: [Inline] = []
    while true {
      if let inline = try inline(child, depth: depth + 1) { inlines.append(inline) }
      guard let next = child.next else { return inlines }
      child = next
    }
  }

  private mutating func inline(_ node: CMarkNode, depth: Int) throws(MarkdownError) -> Inline? {
    let start = cursor
    switch node.kind {
    case .text:
      let literal = node.literal
      guard !literal.isEmpty else { return nil }
      stepOverText(literal)
      return .text(Text(range: range(from: start), literal: String(decoding: literal, as: UTF8.self)))
    case .softBreak:
      stepOverLineEnd()
      return .softBreak(lineEnd(from: start))
    case .hardBreak:
      // After a backslash, white space at the beginning of the next line is kept as text.
      if peek() == .backslash {
        cursor += 1
        stepOver("\n")
      } else {
        stepOverLineEnd()
      }
      return .hardBreak(lineEnd(from: start))
    case .inlineCode:
      stepOverCode()
      return .code(
        CodeSpan(range: range(from: start), literal: String(decoding: node.literal, as: UTF8.self)))
    case .inlineHTML:
      stepOverVerbatim(node.literal)
      return .html(
        InlineHTML(range: range(from: start), literal: String(decoding: node.literal, as: UTF8.self)))
    case .emphasis: return .emphasis(try span(node, marks: ["*", "_"], counts: [1], depth: depth))
    case .strong: return .strong(try span(node, marks: ["*", "_"], counts: [2], depth: depth))
    case .strikethrough: return .strikethrough(try span(node, marks: ["~"], counts: [2, 1], depth: depth))
    case .link:
      let (children, source) = try link(node, depth: depth)
      return .link(
        Link(
          range: range(from: start), destination: String(decoding: node.destination, as: UTF8.self),
          title: node.title.isEmpty ? nil : node.title, children: children, source: source))
    case .image:
      stepOver("!")
      let (children, source) = try bracketed(node, depth: depth)
      return .image(
        Image(
          range: range(from: start), destination: String(decoding: node.destination, as: UTF8.self),
          title: node.title.isEmpty ? nil : node.title, children: children, source: source))
    case .footnoteReference:
      stepOver("[")
      stepOver("^")
      while cursor < content.count, content[cursor] != .closeBracket { cursor += 1 }
      stepOver("]")
      // After parsing, the node's literal is the footnote's number.
      let number = Int(String(decoding: node.literal, as: UTF8.self)) ?? 0
      footnotes.append(number)
      let label = labels.indices.contains(number - 1) ? labels[number - 1] : ""
      return .footnoteReference(FootnoteReference(range: range(from: start), number: number, label: label))
    case .document, .quote, .list, .item, .code, .html, .paragraph, .heading, .thematicBreak,
      .footnoteDefinition,
      .table, .tableRow, .tableCell:
      preconditionFailure("cmark-gfm put a block among inlines")
    }
  }

  // MARK: Ranges

  private func range(from start: Int) -> Range<Int> { range(start, cursor) }

  private func range(_ start: Int, _ end: Int) -> Range<Int> {
    guard let map, !isLost, start <= end, end <= content.count else { return fallback }
    return source.file(map.range(start, end))
  }

  private func lineEnd(from start: Int) -> LineEnd { LineEnd(range: range(start, max(start, lineFeedEnd))) }

  /// Right after the line feed that was stepped over last.
  private var lineFeedEnd: Int {
    var end = min(cursor, content.count)
    while end > 0, content[end - 1] != .lineFeed { end -= 1 }
    return end
  }

  // MARK: Steps

  private func peek(_ distance: Int = 0) -> UInt8? {
    cursor + distance < content.count ? content[cursor + distance] : nil
  }

  private mutating func stepOver(_ mark: Unicode.Scalar) {
    if peek() == UInt8(ascii: mark) { cursor += 1 } else { isLost = true }
  }

  private mutating func stepOverVerbatim(_ literal: UnsafeBufferPointer<UInt8>) {
    let end = cursor + literal.count
    guard !isLost, end <= content.count, content[cursor..<end].elementsEqual(literal) else {
      isLost = true
      return
    }
    cursor = end
  }

  private mutating func stepOverLineEnd() {
    while let byte = peek(), byte.isSpaceOrTab { cursor += 1 }
    stepOver("\n")
    while let byte = peek(), byte.isSpaceOrTab { cursor += 1 }
  }

  private mutating func stepOverCode() {
    let start = cursor
    while peek() == .backtick { cursor += 1 }
    let count = cursor - start
    if count == 0 { isLost = true }
    while !isLost, cursor < content.count {
      while let byte = peek(), byte != .backtick { cursor += 1 }
      let close = cursor
      while peek() == .backtick { cursor += 1 }
      if cursor - close == count { return }
    }
    isLost = true
  }

  /// Steps over text, in which backslashes and entities have been resolved, except within `[^…]` that leads nowhere.
  private mutating func stepOverText(_ literal: UnsafeBufferPointer<UInt8>) {
    guard !isLost else { return }
    let start = cursor
    if !stepOverText(literal) {
      cursor = start
      isLost = !stepOverText(literal, keepsFootnotes: true)
    }
  }

  private mutating func stepOverText(
    _ literal: UnsafeBufferPointer<UInt8>, escapes: Bool = true, keepsFootnotes: Bool = false
  ) -> Bool {
    var index = 0
    var verbatimEnd = 0
    while index < literal.count {
      guard let byte = peek() else { return false }
      if keepsFootnotes, index >= verbatimEnd, byte == .openBracket, peek(1) == UInt8(ascii: "^") {
        verbatimEnd = (literal[index...].firstIndex(of: .closeBracket) ?? index) + 1
      }
      if index >= verbatimEnd {
        if escapes, byte == .backslash, let next = peek(1), next.isPunctuation {
          guard next == literal[index] else { return false }
          cursor += 2
          index += 1
          continue
        }
        if byte == UInt8(ascii: "&"), let (length, text) = entity() {
          guard literal[index...].starts(with: text.utf8) else { return false }
          cursor += length
          index += text.utf8.count
          continue
        }
      }
      guard byte == literal[index] else { return false }
      cursor += 1
      index += 1
    }
    return true
  }

  /// The entity at the cursor: its length and what it stands for.
  private func entity() -> (length: Int, text: String)? {
    let rest = content[(cursor + 1)...]
    if rest.first == UInt8(ascii: "#") {
      return Entity.numeric(rest.dropFirst()).map { ($0.length + 2, $0.text) }
    }
    guard let end = rest.prefix(32).firstIndex(of: UInt8(ascii: ";")), end > cursor + 2,
      rest[..<end].allSatisfy({ $0.isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) })
    else { return nil }
    let name = String(decoding: rest[..<end], as: UTF8.self)
    return Entity.named(name).map { (name.utf8.count + 2, $0) }
  }

  // MARK: Spans and links

  private mutating func span(
    _ node: CMarkNode, marks: [Unicode.Scalar], counts: [Int], depth: Int
  ) throws(MarkdownError) -> Span {
    let start = cursor
    let mark = marks.first { UInt8(ascii: $0) == peek() } ?? marks[0]
    let count =
      counts.first { count in (0..<count).allSatisfy { peek($0) == UInt8(ascii: mark) } } ?? counts[0]
    for _ in 0..<count { stepOver(mark) }
    let children = try children(of: node, depth: depth)
    for _ in 0..<count { stepOver(mark) }
    return Span(range: range(from: start), children: children)
  }

  private mutating func link(_ node: CMarkNode, depth: Int) throws(MarkdownError) -> ([Inline], LinkSource?) {
    switch peek() {
    case .openBracket: return try bracketed(node, depth: depth)
    case UInt8(ascii: "<"):
      stepOver("<")
      let start = cursor
      // Backslashes escape nothing here.
      let literal = node.firstChild?.literal ?? UnsafeBufferPointer(start: nil, count: 0)
      if !isLost { isLost = !stepOverText(literal, escapes: false) }
      let text = Text(range: range(from: start), literal: String(decoding: literal, as: UTF8.self))
      stepOver(">")
      return ([.text(text)], source(.autolink(text: text.range)))
    default:
      let start = cursor
      let destination = node.destination
      // Mail addresses are looked for in finished text, others in the source.
      guard !destination.starts(with: "mailto:".utf8), !destination.starts(with: "xmpp:".utf8) else {
        let children = try children(of: node, depth: depth)
        return (children, source(.autolink(text: range(from: start))))
      }
      guard let literal = node.firstChild?.literal else { return ([], nil) }
      stepOverVerbatim(literal)
      let text = Text(range: range(from: start), literal: String(decoding: literal, as: UTF8.self))
      return ([.text(text)], source(.autolink(text: text.range)))
    }
  }

  private mutating func bracketed(
    _ node: CMarkNode, depth: Int
  ) throws(MarkdownError) -> ([Inline], LinkSource?) {
    stepOver("[")
    let start = cursor
    let children = try children(of: node, depth: depth)
    let text = range(from: start)
    stepOver("]")
    guard !isLost else { return (children, nil) }
    let tail = LinkTail(content, at: cursor)
    cursor = tail.end
    switch tail.form {
    case .inline(let destination, let title):
      guard hasDestination(node, written: destination) else {
        isLost = true
        return (children, nil)
      }
      let titleRange = title.map { range($0.lowerBound, $0.upperBound) }
      let destinationRange = range(destination.lowerBound, destination.upperBound)
      return (children, source(.inline(text: text, destination: destinationRange, title: titleRange)))
    case .reference(let label):
      let labelRange = label.map { range($0.lowerBound, $0.upperBound) }
      return (children, source(.reference(text: text, label: labelRange)))
    }
  }

  private func source(_ source: LinkSource) -> LinkSource? { isLost ? nil : source }

  /// Whether the destination that was found can be the one cmark-gfm found: equal, or written with escapes.
  private func hasDestination(_ node: CMarkNode, written: Range<Int>) -> Bool {
    let bytes = content[written]
    return bytes.contains(.backslash) || bytes.contains(UInt8(ascii: "&"))
      || bytes.elementsEqual(node.destination)
  }
}

/// What stands after the `]` of a link, read as cmark-gfm reads it.
struct LinkTail {
  enum Form: Equatable {
    case inline(destination: Range<Int>, title: Range<Int>?)
    case reference(label: Range<Int>?)
  }

  let form: Form
  let end: Int

  /// - Parameter start: Right after the `]`.
  init(_ content: UnsafeBufferPointer<UInt8>, at start: Int) {
    if let tail = Self.inline(content, start) {
      (form, end) = tail
    } else if let label = Self.label(content, start) {
      form = .reference(label: label.range.isEmpty ? nil : label.range)
      end = label.end
    } else {
      form = .reference(label: nil)
      end = start
    }
  }

  private static func inline(_ content: UnsafeBufferPointer<UInt8>, _ start: Int) -> (Form, Int)? {
    guard start < content.count, content[start] == UInt8(ascii: "(") else { return nil }
    let destinationStart = skipSpaces(content, start + 1)
    guard let destination = destination(content, destinationStart) else { return nil }
    let titleStart = skipSpaces(content, destination.end)
    var titleEnd = titleStart
    var title: Range<Int>?
    if titleStart > destination.end, let found = Self.title(content, titleStart) {
      titleEnd = found
      title = (titleStart + 1)..<(titleEnd - 1)
    }
    let end = skipSpaces(content, titleEnd)
    guard end < content.count, content[end] == UInt8(ascii: ")") else { return nil }
    return (.inline(destination: destination.range, title: title), end + 1)
  }

  private static func skipSpaces(_ content: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < content.count,
      content[index].isWhitespace || content[index] == 0x0B || content[index] == 0x0C
    {
      index += 1
    }
    return index
  }

  private static func destination(
    _ content: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (range: Range<Int>, end: Int)? {
    var index = start
    guard index < content.count else { return nil }
    if content[index] == UInt8(ascii: "<") {
      index += 1
      while index < content.count {
        switch content[index] {
        case .greater: return ((start + 1)..<index, index + 1)
        case .backslash: index += 2
        case .lineFeed, UInt8(ascii: "<"): return nil
        default: index += 1
        }
      }
      return nil
    }
    var open = 0
    scan: while index < content.count {
      switch content[index] {
      case .backslash where index + 1 < content.count && content[index + 1].isPunctuation: index += 2
      case UInt8(ascii: "("):
        open += 1
        if open > 32 { return nil }
        index += 1
      case UInt8(ascii: ")"):
        if open == 0 { break scan }
        open -= 1
        index += 1
      case let byte where byte.isWhitespace:
        if index == start { return nil }
        break scan
      default: index += 1
      }
    }
    return index < content.count ? (start..<index, index) : nil
  }

  /// Where a title ends: at the first closing mark without a backslash before it, or else at the last with one.
  private static func title(_ content: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    guard start < content.count else { return nil }
    let close: UInt8
    switch content[start] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): close = content[start]
    case UInt8(ascii: "("): close = UInt8(ascii: ")")
    default: return nil
    }
    var escaped: Int?
    for index in content.indices[(start + 1)...] {
      let followsBackslash = content[index - 1] == .backslash && index - 1 > start
      if content[index] == close {
        if !followsBackslash { return index + 1 }
        escaped = index + 1
      } else if close == UInt8(ascii: ")"), content[index] == UInt8(ascii: "("), !followsBackslash {
        return escaped
      }
    }
    return escaped
  }

  private static func label(_ content: UnsafeBufferPointer<UInt8>, _ start: Int) -> (
    range: Range<Int>, end: Int
  )? {
    guard start < content.count, content[start] == .openBracket else { return nil }
    var index = start + 1
    while index < content.count, content[index] != .openBracket, content[index] != .closeBracket {
      let escapes =
        content[index] == .backslash && index + 1 < content.count && content[index + 1].isPunctuation
      index += escapes ? 2 : 1
      if index - start - 1 > 1_000 { return nil }
    }
    guard index < content.count, content[index] == .closeBracket else { return nil }
    var lower = start + 1
    var upper = index
    while lower < upper, content[lower].isWhitespace { lower += 1 }
    while lower < upper, content[upper - 1].isWhitespace { upper -= 1 }
    return (lower..<upper, index + 1)
  }
}

/// HTML entities, as cmark-gfm resolves them.
enum Entity {
  static func named(_ name: String) -> String? {
    switch name {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "nbsp": "\u{A0}"
    default: CMarkParser.text(ofEntity: "&\(name);")
    }
  }

  /// Digits, or `x` and hexadecimal digits, and a `;`: how many bytes, and the character.
  static func numeric(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> (length: Int, text: String)? {
    let isHexadecimal = bytes.first.map { $0 | 0x20 == UInt8(ascii: "x") } ?? false
    let body = isHexadecimal ? bytes.dropFirst() : bytes
    guard let end = body.prefix(9).firstIndex(of: UInt8(ascii: ";")), end > body.startIndex else {
      return nil
    }
    let digits = body[..<end]
    // `Int` takes a sign, cmark-gfm does not.
    guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let value = Int(String(decoding: digits, as: UTF8.self), radix: isHexadecimal ? 16 : 10)
    else { return nil }
    let scalar = value == 0 ? nil : UInt32(exactly: value).flatMap(Unicode.Scalar.init)
    return (digits.count + (isHexadecimal ? 2 : 1), String(Character(scalar ?? "\u{FFFD}")))
  }
}
