/// The way from the text that cmark-gfm parses as the inlines of a block back to the bytes it was taken from.
///
/// That text is the block's lines without the marks and the indentation of the containers around it; in table cells, `\|`
/// has become `|`. The map is a list of stretches on which both run side by side.
struct ContentMap {
  private struct Stretch {
    let content: Int
    let source: Int
    /// Bytes of the source that its last byte stands for: 2 for `\|`, which is a stretch of its own.
    let lastWidth: Int
  }

  private var stretches: [Stretch] = []

  /// From `content` on, the text stands at `source`.
  mutating func add(content: Int, source: Int, lastWidth: Int = 1) {
    stretches.append(Stretch(content: content, source: source, lastWidth: lastWidth))
  }

  func lower(_ offset: Int) -> Int {
    let stretch = stretch(at: offset)
    return stretch.source + offset - stretch.content
  }

  func upper(_ offset: Int) -> Int {
    guard offset > 0 else { return lower(0) }
    let stretch = stretch(at: offset - 1)
    return stretch.source + offset - 1 - stretch.content + stretch.lastWidth
  }

  func range(_ lower: Int, _ upper: Int) -> Range<Int> {
    let start = self.lower(lower)
    return start..<max(start, lower == upper ? start : self.upper(upper))
  }

  private func stretch(at offset: Int) -> Stretch {
    var low = 0
    var high = stretches.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if stretches[middle].content <= offset { low = middle } else { high = middle }
    }
    return stretches[low]
  }
}

extension ContentMap {
  /// Maps text that stands in the source as it is, but for `\|` where `pipes` says so.
  ///
  /// - Returns: `nil` where the bytes differ.
  init?(_ content: UnsafeBufferPointer<UInt8>, at start: Int, in bytes: [UInt8], pipes: Bool = false) {
    var source = start
    add(content: 0, source: source)
    for (index, byte) in content.enumerated() {
      guard source < bytes.count else { return nil }
      if pipes, byte == .pipe, bytes[source] == .backslash, source + 1 < bytes.count,
        bytes[source + 1] == .pipe
      {
        add(content: index, source: source, lastWidth: 2)
        source += 2
        add(content: index + 1, source: source)
      } else {
        guard bytes[source] == byte else { return nil }
        source += 1
      }
    }
  }

  /// Maps the lines of a paragraph, of which each is the end of a line of the source.
  ///
  /// Link definitions at the beginning are dropped by cmark-gfm without moving the paragraph's start; so the first line
  /// is looked for from `line` on.
  ///
  /// - Parameter pipes: Whether `\|` has become `|`, as in a paragraph that ends in a table's header.
  /// - Returns: The map and the source line of the first line; `nil` where the bytes differ.
  static func lines(
    of content: UnsafeBufferPointer<UInt8>, from line: Int, column: Int, in source: SourceText, pipes: Bool
  ) -> (map: ContentMap, firstLine: Int, lastLine: Int)? {
    guard line >= 0 else { return nil }
    let parts = content.split(separator: .lineFeed, omittingEmptySubsequences: false)
    for first in line..<max(line, source.lines.count - parts.count + 1) {
      var map = ContentMap()
      var matches = true
      for (index, part) in parts.enumerated() {
        let isLast = index == parts.count - 1
        let needed: Int? = first == line && index == 0 ? source.lines[line].start + column : nil
        guard
          map.addLine(
            part, of: source.lines[first + index], in: source, at: needed, isLast: isLast, pipes: pipes)
        else {
          matches = false
          break
        }
      }
      if matches { return (map, first, first + parts.count - 1) }
      // Only link definitions may lie before the text, and no blank line is among them.
      if source.lines[first].start == source.lines[first].end { return nil }
    }
    return nil
  }

  private mutating func addLine(
    _ part: Slice<UnsafeBufferPointer<UInt8>>, of line: SourceText.Line, in source: SourceText,
    at needed: Int?,
    isLast: Bool, pipes: Bool
  ) -> Bool {
    let bytes = source.bytes
    var end = line.end
    // cmark-gfm trims the end of the whole text.
    if isLast { while end > line.start, bytes[end - 1].isSpaceOrTab { end -= 1 } }
    var position = end
    var found: [Stretch] = []
    for index in part.indices.reversed() {
      position -= 1
      guard position >= line.start, bytes[position] == part[index] else { return false }
      if pipes, part[index] == .pipe, position > line.start, bytes[position - 1] == .backslash {
        position -= 1
        found.append(Stretch(content: index + 1, source: position + 2, lastWidth: 1))
        found.append(Stretch(content: index, source: position, lastWidth: 2))
      }
    }
    if let needed {
      guard position == needed else { return false }
    } else {
      // Before a later line of a paragraph there is nothing but marks of quotes and white space.
      guard bytes[line.start..<position].allSatisfy({ $0.isSpaceOrTab || $0 == .greater }) else {
        return false
      }
    }
    stretches.append(Stretch(content: part.startIndex, source: position, lastWidth: 1))
    stretches.append(contentsOf: found.reversed())
    return true
  }
}
