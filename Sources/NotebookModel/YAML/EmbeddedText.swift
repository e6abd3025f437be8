import Diagnostics

/// Lines of a file taken out of it, each with the offset at which it starts there: a YAML body inside a note.
///
/// The lines of a fence inside a list or a quotation are not contiguous in the file, so one offset would not do.
public struct EmbeddedText: Hashable, Sendable {
  /// The file it comes from, as messages name it.
  public let path: String
  /// The lines, without their ends.
  public let lines: [String]
  /// The byte offset in the file of each line's first byte.
  public let lineOffsets: [Int]
  /// Where the whole stands, for messages about all of it.
  public let range: Range<Int>
  /// For each line that holds more than ASCII, the byte at which each scalar starts.
  private let scalarStarts: [Int: [Int]]

  /// Lines with their places. Both arrays have the same count.
  public init(path: String, lines: [String], lineOffsets: [Int], range: Range<Int>) {
    precondition(lines.count == lineOffsets.count)
    self.path = path
    self.lines = lines
    self.lineOffsets = lineOffsets
    self.range = range
    var starts: [Int: [Int]] = [:]
    for (index, line) in lines.enumerated() where line.utf8.contains(where: { $0 >= 0x80 }) {
      starts[index] = Self.scalarStarts(line)
    }
    scalarStarts = starts
  }

  /// Contiguous lines of a file.
  public init(file: SourceFile, range: Range<Int>) {
    var lines: [String] = []
    var offsets: [Int] = []
    var index = file.lineIndex(of: range.lowerBound)
    while index < file.lineStarts.count, file.lineStarts[index] < range.upperBound {
      let line = file.lineRange(index).clamped(to: range)
      lines.append(file.text(line))
      offsets.append(line.lowerBound)
      index += 1
    }
    self.init(path: file.path, lines: lines, lineOffsets: offsets, range: range)
  }

  /// The lines joined by LF.
  public var text: String { lines.joined(separator: "\n") }

  /// The byte offset in the file of a 1-based line and column, columns in Unicode scalars; clamped to the text.
  public func offset(line: Int, column: Int) -> Int {
    guard !lines.isEmpty else { return range.lowerBound }
    let index = min(max(0, line - 1), lines.count - 1)
    guard line <= lines.count else { return lineOffsets[index] + lines[index].utf8.count }
    return lineOffsets[index] + bytes(before: column - 1, inLine: index)
  }

  /// The offset behind the bracket that closes a list or mapping whose last item ends at an offset; `nil` where none follows.
  func end(ofListFrom offset: Int, closing: UInt8) -> Int? {
    var (low, high) = (0, lines.count)
    while low < high {
      let middle = (low + high) / 2
      if lineOffsets[middle] + lines[middle].utf8.count < offset { low = middle + 1 } else { high = middle }
    }
    for index in low..<lines.count {
      for (place, byte) in lines[index].utf8.enumerated().dropFirst(max(0, offset - lineOffsets[index])) {
        if byte == closing { return lineOffsets[index] + place + 1 }
        if byte == UInt8(ascii: "#") { break }
        guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: ",") else {
          return nil
        }
      }
    }
    return nil
  }

  /// The rest of the line from a 1-based line and column on.
  func rest(line: Int, column: Int) -> Substring {
    guard lines.indices.contains(line - 1) else { return "" }
    let line = (index: line - 1, text: lines[line - 1])
    let start = bytes(before: column - 1, inLine: line.index)
    return line.text[line.text.utf8.index(line.text.startIndex, offsetBy: start)...]
  }

  /// The bytes of so many scalars at the start of a line, in constant time: a matrix of numbers may stand on one line.
  private func bytes(before count: Int, inLine index: Int) -> Int {
    let size = lines[index].utf8.count
    guard count > 0 else { return 0 }
    guard let starts = scalarStarts[index] else { return min(count, size) }
    return count < starts.count ? starts[count] : size
  }

  /// The byte at which each scalar of a line starts.
  private static func scalarStarts(_ line: String) -> [Int] {
    var starts: [Int] = []
    for (offset, byte) in line.utf8.enumerated() where byte & 0xC0 != 0x80 { starts.append(offset) }
    return starts
  }
}
