/// A document's bytes as cmark-gfm is to see them, their lines, and the way back to offsets of the file.
///
/// A byte order mark is left out, NUL bytes and broken UTF-8 become U+FFFD. Where nothing had to be changed, the way back
/// is an addition.
struct SourceText {
  struct Line {
    let start: Int
    /// Where its line ending begins.
    let end: Int
    /// Where the next line begins.
    let next: Int
  }

  let bytes: [UInt8]
  let lines: [Line]
  private let base: Int
  /// From `offset` on, the file is `shift` bytes ahead of where `base` would put it.
  private let shifts: [(offset: Int, shift: Int)]

  init(_ source: [UInt8], in range: Range<Int>) {
    var rest = source[range]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    base = rest.startIndex
    if String(validating: rest, as: UTF8.self) != nil, !rest.contains(0) {
      bytes = Array(rest)
      shifts = []
    } else {
      (bytes, shifts) = Self.repaired(rest)
    }
    lines = Self.lines(of: bytes)
  }

  /// The byte of the file that a byte of the document stands for.
  func file(_ offset: Int) -> Int {
    if shifts.isEmpty { return base + offset }
    var low = 0
    var high = shifts.count
    while low < high {
      let middle = (low + high) / 2
      if shifts[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    return base + offset + (low == 0 ? 0 : shifts[low - 1].shift)
  }

  func file(_ range: Range<Int>) -> Range<Int> {
    let lower = file(range.lowerBound)
    return lower..<max(lower, range.isEmpty ? lower : file(range.upperBound))
  }

  private static func repaired(_ source: ArraySlice<UInt8>) -> ([UInt8], [(offset: Int, shift: Int)]) {
    let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]
    var bytes: [UInt8] = []
    var shifts: [(offset: Int, shift: Int)] = []
    bytes.reserveCapacity(source.count)
    var iterator = source.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var consumed = 0
    while true {
      switch parser.parseScalar(from: &iterator) {
      case .valid(let scalar) where scalar.first != 0:
        bytes.append(contentsOf: scalar)
        consumed += scalar.count
        continue
      case .valid: consumed += 1
      case .error(let length): consumed += length
      case .emptyInput: return (bytes, shifts)
      }
      bytes += replacement
      shifts.append((bytes.count, consumed - bytes.count))
    }
  }

  private static func lines(of bytes: [UInt8]) -> [Line] {
    var lines: [Line] = []
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      var index = 0
      while index < bytes.count {
        let byte = bytes[index]
        guard byte == .lineFeed || byte == .carriageReturn else {
          index += 1
          continue
        }
        let end = index
        index += byte == .carriageReturn && index + 1 < bytes.count && bytes[index + 1] == .lineFeed ? 2 : 1
        lines.append(Line(start: start, end: end, next: index))
        start = index
      }
      if start < bytes.count { lines.append(Line(start: start, end: bytes.count, next: bytes.count)) }
    }
    return lines
  }
}

extension UInt8 {
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let tab = UInt8(ascii: "\t")
  static let backslash = UInt8(ascii: "\\")
  static let pipe = UInt8(ascii: "|")
  static let backtick = UInt8(ascii: "`")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
  static let greater = UInt8(ascii: ">")

  var isSpaceOrTab: Bool { self == .space || self == .tab }
  /// What cmark-gfm calls a space.
  var isWhitespace: Bool { isSpaceOrTab || self == .lineFeed || self == .carriageReturn }
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  /// ASCII punctuation: what a backslash can escape.
  var isPunctuation: Bool {
    switch self {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }
}
