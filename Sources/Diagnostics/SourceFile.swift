/// A text file as it was read: its bytes, its path as messages show it, and where its lines start.
public struct SourceFile: Hashable, Sendable {
  /// The path as messages show it: relative to the site where it lies inside.
  public let path: String
  /// The bytes, untouched: byte-order mark and line ends included.
  public let bytes: [UInt8]
  /// Offsets at which lines start; the first is 0.
  public let lineStarts: [Int]

  /// Indexes the lines of `bytes`. Lines end at LF, CR LF or a CR alone.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    for (index, byte) in bytes.enumerated() {
      let isCarriageReturnAlone =
        byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)
      if byte == 0x0A || isCarriageReturnAlone { starts.append(index + 1) }
    }
    lineStarts = starts
  }

  /// A file made of text, for tests and generated notes.
  public init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  /// The text between two byte offsets, clamped to the file; invalid UTF-8 is replaced.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  /// The 0-based line that holds a byte offset; offsets beyond the end belong to the last line.
  public func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The bytes of a 0-based line, without its end.
  public func lineRange(_ index: Int) -> Range<Int> {
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  /// The 1-based line and column of a byte offset. Columns count Unicode scalars, as editors do.
  public func position(of offset: Int) -> SourcePosition {
    let offset = min(max(0, offset), bytes.count)
    let line = lineIndex(of: offset)
    let scalars = text(lineStarts[line]..<offset).unicodeScalars
    // A byte-order mark at the start of the file is not a column.
    let marks = line == 0 && scalars.first == "\u{FEFF}" ? 1 : 0
    return SourcePosition(line: line + 1, column: scalars.count - marks + 1)
  }
}

/// A place in a text file as people name it.
public struct SourcePosition: Hashable, Sendable {
  /// The line, from 1.
  public let line: Int
  /// The column in Unicode scalars, from 1.
  public let column: Int
}

/// A range of bytes in a file named by its path.
public struct SourceLocation: Hashable, Sendable {
  /// The path of the ``SourceFile``.
  public var path: String
  /// Byte offsets, half open. Empty: a place between two bytes.
  public var range: Range<Int>

  /// A range of bytes in the file at `path`.
  public init(path: String, range: Range<Int>) {
    self.path = path
    self.range = range
  }
}
