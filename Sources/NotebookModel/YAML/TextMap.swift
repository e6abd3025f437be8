import Yams

/// Where the bytes of a YAML text stand in the file: quotation marks, escapes, folded lines and indentation lie between.
public struct TextMap: Hashable, Sendable {
  /// Bytes of the text that come from bytes of the file: one by one where the lengths are equal, otherwise all from all.
  private struct Run: Hashable {
    var text: Int
    var textLength: Int
    var file: Int
    var fileLength: Int
  }

  private var runs: [Run] = []

  /// The place in the file of some bytes of the text; an empty range becomes an empty one.
  public func fileRange(_ range: Range<Int>) -> Range<Int> {
    guard let last = runs.last else { return 0..<0 }
    let start =
      run(at: range.lowerBound).map { place(range.lowerBound, in: $0) } ?? last.file + last.fileLength
    guard !range.isEmpty, let end = run(at: range.upperBound - 1) else { return start..<start }
    let upper =
      end.textLength == end.fileLength
      ? end.file + (range.upperBound - end.text) : end.file + end.fileLength
    return start..<max(start, upper)
  }

  /// Where the text ends in the file.
  var end: Int { runs.last.map { $0.file + $0.fileLength } ?? 0 }

  private func place(_ offset: Int, in run: Run) -> Int {
    run.textLength == run.fileLength ? run.file + (offset - run.text) : run.file
  }

  private func run(at offset: Int) -> Run? {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].text + runs[middle].textLength <= offset { low = middle + 1 } else { high = middle }
    }
    return low < runs.count ? runs[low] : nil
  }

  private mutating func add(_ textLength: Int, file: Int, fileLength: Int) {
    if let last = runs.last, textLength == fileLength, last.textLength == last.fileLength,
      last.file + last.fileLength == file
    {
      runs[runs.count - 1].textLength += textLength
      runs[runs.count - 1].fileLength += fileLength
      return
    }
    let text = runs.last.map { $0.text + $0.textLength } ?? 0
    runs.append(Run(text: text, textLength: textLength, file: file, fileLength: fileLength))
  }
}

extension TextMap {
  /// Follows a scalar's text through the file.
  ///
  /// Visible characters stand in the file in their order, each as itself or as an escape; blanks and line ends don't, so
  /// they are put where the character before them ends. That holds for every style, without knowing how lines fold.
  ///
  /// - Returns: `nil` where text and file don't match, as behind an anchor; then only the whole can be pointed at.
  init?(_ value: String, style: Node.Scalar.Style, in source: EmbeddedText, mark: Mark) {
    var reader = WrittenScalar(source: source, line: mark.line - 1, style: style)
    reader.start(column: mark.column)
    var place = reader.offset
    for scalar in value.unicodeScalars {
      let length = scalar.utf8.count
      if scalar.properties.isWhitespace {
        if let exact = reader.takeBlank(scalar) {
          add(length, file: exact, fileLength: length)
          place = exact + length
        } else {
          add(length, file: place, fileLength: 0)
        }
        continue
      }
      guard let written = reader.next(), written.scalar == scalar else { return nil }
      add(length, file: written.range.lowerBound, fileLength: written.range.count)
      place = written.range.upperBound
    }
    if runs.isEmpty { runs = [Run(text: 0, textLength: 0, file: place, fileLength: 0)] }
  }
}

/// Reads the visible characters of a scalar as it is written.
private struct WrittenScalar {
  let source: EmbeddedText
  let style: Node.Scalar.Style
  private var line: Int
  private var scalars: [Unicode.Scalar] = []
  private var index = 0
  private(set) var offset = 0

  init(source: EmbeddedText, line: Int, style: Node.Scalar.Style) {
    self.source = source
    self.line = line
    self.style = style
  }

  mutating func start(column: Int) {
    load()
    switch style {
    case .literal, .folded: nextLine()  // The text starts in the line behind `|` or `>`.
    default:
      for _ in 0..<max(0, column - 1) { advance() }
      if style == .singleQuoted || style == .doubleQuoted { advance() }
    }
  }

  private mutating func load() {
    guard source.lines.indices.contains(line) else {
      scalars = []
      return
    }
    scalars = Array(source.lines[line].unicodeScalars)
    index = 0
    offset = source.lineOffsets[line]
  }

  private mutating func nextLine() {
    line += 1
    load()
  }

  private mutating func advance() {
    guard index < scalars.count else { return }
    offset += scalars[index].utf8.count
    index += 1
  }

  /// A blank that is written right here, as itself.
  mutating func takeBlank(_ scalar: Unicode.Scalar) -> Int? {
    guard index < scalars.count, scalars[index] == scalar else { return nil }
    let place = offset
    advance()
    return place
  }

  /// The next visible character; `nil` at the end.
  mutating func next() -> (scalar: Unicode.Scalar, range: Range<Int>)? {
    while true {
      if index >= scalars.count {
        guard line + 1 < source.lines.count else { return nil }
        nextLine()
        continue
      }
      let start = offset
      let scalar = scalars[index]
      if scalar == "\\", style == .doubleQuoted {
        advance()
        guard let escaped = escape() else { continue }
        return (escaped, start..<offset)
      }
      advance()
      if scalar == "'", style == .singleQuoted {
        guard index < scalars.count, scalars[index] == "'" else { return nil }
        advance()
        return ("'", start..<offset)
      }
      if scalar.properties.isWhitespace { continue }
      return (scalar, start..<offset)
    }
  }

  /// What the escape behind a backslash stands for; `nil` where that is no visible character.
  private mutating func escape() -> Unicode.Scalar? {
    guard index < scalars.count else { return nil }
    let letter = scalars[index]
    advance()
    let digits = ["x": 2, "u": 4, "U": 8][letter]
    guard let digits else {
      let escaped: Unicode.Scalar? =
        switch letter {
        case "0": "\0"
        case "a": "\u{07}"
        case "b": "\u{08}"
        case "e": "\u{1B}"
        case "t", "n", "v", "f", "r", " ", "\t", "N", "_", "L", "P": nil
        default: letter
        }
      return escaped
    }
    var value: UInt32 = 0
    for _ in 0..<digits where index < scalars.count {
      value = value << 4 | UInt32(Character(scalars[index]).hexDigitValue ?? 0)
      advance()
    }
    guard let scalar = Unicode.Scalar(value), !scalar.properties.isWhitespace else { return nil }
    return scalar
  }
}
