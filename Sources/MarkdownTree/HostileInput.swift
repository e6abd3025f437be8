/// Finds the passages on which cmark-gfm would take more than linear time, before it sees them.
///
/// Costs are estimated in nanoseconds, from measurements of version 0.29.0.gfm.6, each rounded up: brackets 6 ns for each
/// pair of an opened and a later closed one, and so on below. An estimate needs no more than one pass over the bytes.
struct HostileInput {
  private let limits: MarkdownLimits
  private var cost = 0
  private var missingCells = 0

  init(limits: MarkdownLimits) {
    self.limits = limits
  }

  /// What the lines alone tell: rows of tables, and which lines may nest deeply.
  struct LineReport {
    /// Lines after which the depth of the open blocks must be looked at, in order.
    var deepLines: [Int] = []
  }

  /// Looks at all lines, knowing nothing of blocks yet.
  mutating func checkLines(of source: SourceText) throws(MarkdownError) -> LineReport {
    var report = LineReport()
    var region = Region()
    var closers = 0
    var definitions: [Definition] = []
    for (index, line) in source.lines.enumerated() {
      let facts = source.bytes.withUnsafeBufferPointer {
        LineFacts(UnsafeBufferPointer(rebasing: $0[line.start..<line.end]))
      }
      if facts.isBlank {
        region = Region()
        continue
      }
      if facts.markers > 4 * limits.depth {
        throw .tooDeep(range: source.file(line.start..<line.end), limit: limits.depth)
      }
      if facts.prefixColumns > limits.depth || facts.startsFootnote { report.deepLines.append(index) }
      closers += facts.closeBrackets
      if facts.startsDefinition {
        definitions.append(Definition(line: index, bytes: 0))
        region.definition = definitions.count - 1
      }
      if let definition = region.definition { definitions[definition].bytes += line.next - line.start }
      if let construct = region.add(
        facts, bytes: line.next - line.start, cost: &cost, missing: &missingCells, limits)
      {
        throw .tooCostly(range: source.file(line.start..<line.end), construct: construct)
      }
    }
    try checkCopies(of: definitions, closers: closers, in: source)
    return report
  }

  /// Looks at the text of one block, before its inlines are parsed.
  ///
  /// - Parameter range: What to blame in the source file.
  mutating func checkInlines(
    _ content: UnsafeBufferPointer<UInt8>, range: @autoclosure () -> Range<Int>
  ) throws(MarkdownError) {
    // The worst a short text can cost is its length squared, and a document has room for few of them.
    guard content.count > 1_000 else { return }
    var facts = InlineFacts()
    facts.scan(content)
    for (construct, nanoseconds) in facts.costs(length: content.count) {
      cost = cost.addingClamped(nanoseconds)
      if cost > limits.cost { throw .tooCostly(range: range(), construct: construct) }
    }
  }

  private struct Definition {
    let line: Int
    var bytes: Int
  }

  /// Every use of a link definition copies its destination: 50 kB used 10,000 times fill the memory.
  private func checkCopies(
    of definitions: [Definition], closers: Int, in source: SourceText
  ) throws(MarkdownError) {
    let allowed = limits.padding.multipliedClamped(128)
    guard let longest = definitions.map(\.bytes).max(), longest.multipliedClamped(closers) > allowed else {
      return
    }
    let uses = labelCounts(in: source)
    var copied = 0
    for definition in definitions where definition.bytes > 1_000 {
      let line = source.lines[definition.line]
      // A label may go on in the next lines.
      let bytes = source.bytes[line.start..<min(source.bytes.count, line.end + 1_000)]
      guard let open = bytes.firstIndex(of: .openBracket),
        let close = bytes[open...].firstIndex(of: .closeBracket)
      else { continue }
      copied = copied.addingClamped(
        definition.bytes.multipliedClamped(uses[normalized(bytes[(open + 1)..<close]), default: 0]))
      if copied > allowed {
        throw .tooCostly(range: source.file(line.start..<line.end), construct: .referenceCopies)
      }
    }
  }

  private func labelCounts(in source: SourceText) -> [String: Int] {
    var counts: [String: Int] = [:]
    var open: Int?
    for (index, byte) in source.bytes.enumerated() {
      if byte == .openBracket {
        open = index
      } else if byte == .closeBracket, let start = open {
        if index - start <= 1_001 { counts[normalized(source.bytes[(start + 1)..<index]), default: 0] += 1 }
        open = nil
      }
    }
    return counts
  }

  private func normalized(_ label: ArraySlice<UInt8>) -> String {
    // Upper case first, so that ß and SS meet as they do in cmark-gfm.
    String(decoding: label, as: UTF8.self).uppercased().lowercased().split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }
}

/// What one line tells at a glance.
private struct LineFacts {
  var isBlank = true
  /// Containers the line could open or continue: `>`, list markers.
  var markers = 0
  /// Columns before the first byte that is neither white space nor part of a marker.
  var prefixColumns = 0
  var startsFootnote = false
  var startsDefinition = false
  /// Whether it could be the row under a table's header.
  var isDelimiterRow = false
  var pipes = 0
  var closeBrackets = 0

  init(_ line: UnsafeBufferPointer<UInt8>) {
    var index = scanPrefix(line)
    guard index < line.count else { return }
    isBlank = false
    if line[index] == .openBracket {
      startsFootnote = index + 1 < line.count && line[index + 1] == UInt8(ascii: "^")
      startsDefinition = !startsFootnote && Self.isLabel(line[index...])
    }
    var onlyDelimiters = true
    var sawColonOrPipe = false
    while index < line.count {
      switch line[index] {
      case .pipe:
        pipes += 1
        sawColonOrPipe = true
      case UInt8(ascii: ":"): sawColonOrPipe = true
      case UInt8(ascii: "-"), .space, .tab: break
      case .closeBracket:
        closeBrackets += 1
        onlyDelimiters = false
      default: onlyDelimiters = false
      }
      index += 1
    }
    isDelimiterRow = onlyDelimiters && sawColonOrPipe
  }

  /// Whether `[…` goes on like the label of a link definition: `]:`, or the end of the line.
  private static func isLabel(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var isEscaped = false
    for (index, byte) in zip(bytes.indices, bytes) {
      if byte == .closeBracket, !isEscaped {
        return index + 1 < bytes.endIndex && bytes[index + 1] == UInt8(ascii: ":")
      }
      isEscaped = byte == .backslash && !isEscaped
    }
    return bytes.count <= 1_000
  }

  private mutating func scanPrefix(_ line: UnsafeBufferPointer<UInt8>) -> Int {
    var index = 0
    var bullets: (byte: UInt8, alone: Bool)?
    scan: while index < line.count {
      let byte = line[index]
      let followedBySpace = index + 1 >= line.count || line[index + 1].isSpaceOrTab
      switch byte {
      case .space: prefixColumns += 1
      case .tab: prefixColumns += 4
      case .greater:
        markers += 1
        prefixColumns += 1
        bullets = (byte, false)
      case UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+"):
        guard followedBySpace else { break scan }
        markers += 1
        prefixColumns += 1
        bullets = (byte, bullets.map { $0.alone && $0.byte == byte } ?? true)
      case _ where byte.isDigit:
        var end = index
        while end < line.count, end - index < 9, line[end].isDigit { end += 1 }
        guard end < line.count, line[end] == UInt8(ascii: ".") || line[end] == UInt8(ascii: ")"),
          end + 1 >= line.count || line[end + 1].isSpaceOrTab
        else { break scan }
        markers += 1
        prefixColumns += end - index + 1
        index = end
        bullets = (byte, false)
      default: break scan
      }
      index += 1
    }
    // A line of nothing but `- - -` is a rule, however long.
    if index == line.count, let bullets, bullets.alone, bullets.byte != UInt8(ascii: "+"), markers >= 3 {
      markers = 0
      prefixColumns = 0
      isBlank = false
    }
    return index
  }
}

/// Lines without a blank one between them: no paragraph and no table is longer.
private struct Region {
  var definition: Int?
  private var bytes = 0
  private var pipeSquares = 0
  private var columns = 0

  mutating func add(
    _ facts: LineFacts, bytes count: Int, cost: inout Int, missing: inout Int, _ limits: MarkdownLimits
  ) -> CostlyConstruct? {
    if facts.isDelimiterRow {
      // Each such row makes cmark-gfm split the whole paragraph so far into cells: 40 ns a byte.
      cost = cost.addingClamped(bytes.multipliedClamped(40))
      if cost > limits.cost { return .delimiterRows }
      // The cells of a row are a linked list that is walked for each new cell: 3 ns for each pair.
      cost = cost.addingClamped(
        pipeSquares.addingClamped(facts.pipes.multipliedClamped(facts.pipes)).multipliedClamped(3))
      if cost > limits.cost { return .wideRows }
      columns = max(columns, facts.pipes + 1)
    } else if columns > 0 {
      missing += max(0, columns - facts.pipes - 1)
      if missing > limits.padding { return .missingCells }
      if facts.pipes > 1_000 { cost = cost.addingClamped(facts.pipes.multipliedClamped(facts.pipes * 3)) }
      if cost > limits.cost { return .wideRows }
    }
    bytes += count
    pipeSquares = pipeSquares.addingClamped(facts.pipes.multipliedClamped(facts.pipes))
    return nil
  }
}

/// What the text of one block tells about the cost of its inlines.
private struct InlineFacts {
  private var bracketPairs = 0
  private var declarationBytes = 0
  private var emphasisRuns = 0
  private var ats = 0
  private var endingSquares = 0

  func costs(length: Int) -> [(CostlyConstruct, Int)] {
    [
      (.openBrackets, bracketPairs.multipliedClamped(6)),
      // Each is looked for to the end of the text: 1.3 ns a byte.
      (.openDeclarations, declarationBytes.addingClamped(declarationBytes / 3)),
      // 0.06 ns for each pair by itself, up to 0.4 ns with links between them.
      (.emphasisRuns, emphasisRuns.multipliedClamped(emphasisRuns) / 5 * 2),
      // The rest of the text is copied for each of the first thousand: 2.3 ns a byte.
      (.addresses, min(ats, 1_000).multipliedClamped(length) / 2 * 5),
      // The address is read again for each ending that is taken off it: 0.6 ns a byte.
      (.addressEndings, endingSquares),
    ]
  }

  mutating func scan(_ content: UnsafeBufferPointer<UInt8>) {
    var openBrackets = 0
    var wordStart = 0
    var endings = 0
    var isAddress = false
    var previous: UInt8 = 0
    for (index, byte) in content.enumerated() {
      switch byte {
      case .openBracket: openBrackets += 1
      case .closeBracket where openBrackets > 0:
        bracketPairs = bracketPairs.addingClamped(openBrackets)
        openBrackets -= 1
      case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"):
        if previous != byte { emphasisRuns += 1 }
      case UInt8(ascii: "@"): ats += 1
      case UInt8(ascii: ")"), UInt8(ascii: ";"): endings += 1
      case .space, .tab, .lineFeed, .carriageReturn:
        if isAddress {
          endingSquares = endingSquares.addingClamped(endings.multipliedClamped(index - wordStart))
        }
        endings = 0
        isAddress = false
        wordStart = index + 1
      case UInt8(ascii: "/") where previous == byte, UInt8(ascii: "w") where previous == byte:
        isAddress = true
      default: break
      }
      previous = byte
    }
    if isAddress {
      endingSquares = endingSquares.addingClamped(endings.multipliedClamped(content.count - wordStart))
    }
    scanDeclarations(content)
  }

  /// Backwards, so that the next end of each kind is known.
  private mutating func scanDeclarations(_ content: UnsafeBufferPointer<UInt8>) {
    var nextGreater = content.count
    var nextInstructionEnd = content.count
    var nextDataEnd = content.count
    for index in content.indices.reversed() {
      switch content[index] {
      case .greater:
        nextGreater = index
        if index > 0, content[index - 1] == UInt8(ascii: "?") { nextInstructionEnd = index }
        if index > 1, content[index - 1] == .closeBracket, content[index - 2] == .closeBracket {
          nextDataEnd = index
        }
      case UInt8(ascii: "<") where index + 1 < content.count:
        switch content[index + 1] {
        case UInt8(ascii: "?"): declarationBytes = declarationBytes.addingClamped(nextInstructionEnd - index)
        case UInt8(ascii: "!"):
          let isData = index + 2 < content.count && content[index + 2] == .openBracket
          declarationBytes = declarationBytes.addingClamped((isData ? nextDataEnd : nextGreater) - index)
        default: break
        }
      default: break
      }
    }
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  fileprivate func multipliedClamped(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
