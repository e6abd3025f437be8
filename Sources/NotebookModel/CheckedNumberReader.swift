import Diagnostics
import MarkdownTree
import Wording

/// Makes checked numbers of links that name measures.
struct CheckedNumberReader {
  /// The path of the file, for messages.
  let path: String
  /// The bytes that the links' ranges count in.
  let bytes: [UInt8]
  /// The place in the file of such a range.
  let fileRange: (Range<Int>) -> Range<Int>

  private(set) var diagnostics: [Diagnostic] = []

  init(path: String, bytes: [UInt8], fileRange: @escaping (Range<Int>) -> Range<Int> = { $0 }) {
    self.path = path
    self.bytes = bytes
    self.fileRange = fileRange
  }

  private mutating func report(
    _ code: DiagnosticCode, _ summary: LocalText, at range: Range<Int>, help: LocalText? = nil
  ) {
    diagnostics.append(
      Diagnostic(code, summary, at: SourceLocation(path: path, range: fileRange(range)), help: help))
  }

  /// The numbers of a link: none for an ordinary one, two for an interval.
  mutating func read(_ link: Link) -> [CheckedNumber] {
    let references = MeasureReference.references(target: link.destination)
    guard let reference = references.first else { return [] }
    guard let tolerance = tolerance(of: link) else { return [] }
    let text = link.children.plainText
    let textRange = link.textRange ?? link.range
    var number = CheckedNumber(
      reference: reference, literal: nil, text: text, tolerance: tolerance, range: fileRange(link.range),
      textRange: fileRange(textRange), literalRange: nil,
      destinationRange: fileRange(link.destinationRange ?? link.range))
    if text.allSatisfy(\.isWhitespace) {
      number.text = ""
      number.literalRange = link.textRange.map(fileRange)
      return references.count == 2 ? emptyInterval(number, references) : [number]
    }
    if references.count == 2 { return interval(number, text, references, at: textRange) }
    guard let literal = NumberLiteral(text) else {
      report(
        .unreadableNumber,
        LocalText(
          "‘\(text.prefix(60))’ links to a measure but is no number", "‘\(text.prefix(60))’ 链接到一个度量，本身却不是数"),
        at: textRange,
        help: LocalText(
          "put only the number between the brackets, or leave them empty to have it filled in",
          "方括号里只写数，或者留空，由程序填入"))
      return []
    }
    number.literal = literal
    number.tolerance = self.tolerance(tolerance, for: literal)
    let trimmed = text.trimmingBlanks
    number.literalRange = place(of: trimmed, in: textRange).map(fileRange)
    return [number]
  }

  private mutating func tolerance(of link: Link) -> Tolerance? {
    guard let title = link.title else { return .asWritten }
    if let tolerance = Tolerance(title: title) { return tolerance }
    report(
      .invalidTolerance,
      LocalText("‘\(title.prefix(60))’ is no tolerance", "‘\(title.prefix(60))’ 不是容差"),
      at: link.titleRange ?? link.range,
      help: LocalText(
        "write \"±0.01\", \"1%\", \"exact\", \"≤\" or \"≥\", or leave it away",
        "写 \"±0.01\"、\"1%\"、\"exact\"、\"≤\" 或 \"≥\"，或者不写"))
    return nil
  }

  private func tolerance(_ tolerance: Tolerance, for literal: NumberLiteral) -> Tolerance {
    if tolerance == .asWritten, let bound = literal.bound { return .bound(bound) }
    return tolerance
  }

  /// Where a text stands in a range of the source; `nil` where it is written in another way there.
  private func place(of text: String, in range: Range<Int>) -> Range<Int>? {
    let wanted = Array(text.utf8)
    guard !wanted.isEmpty, range.upperBound <= bytes.count else { return nil }
    let places = Array(bytes[range]).ranges(of: wanted)
    guard places.count == 1, let place = places.first else { return nil }
    return range.lowerBound + place.lowerBound..<range.lowerBound + place.upperBound
  }

  private func emptyInterval(_ number: CheckedNumber, _ references: [MeasureReference]) -> [CheckedNumber] {
    var (lower, upper) = (number, number)
    upper.reference = references[1]
    lower.leadingText = "["
    upper.leadingText = ", "
    upper.trailingText = "]"
    return [lower, upper]
  }

  private mutating func interval(
    _ number: CheckedNumber, _ text: String, _ references: [MeasureReference], at textRange: Range<Int>
  ) -> [CheckedNumber] {
    guard let interval = IntervalLiteral(text) else {
      report(
        .unreadableNumber,
        LocalText(
          "‘\(text.prefix(60))’ links to two measures but is no range of two numbers",
          "‘\(text.prefix(60))’ 链接到两个度量，本身却不是两个数构成的区间"),
        at: textRange,
        help: LocalText("write it as ‘[0.37, 2.72]’ or ‘0.37–2.72’", "写成 ‘[0.37, 2.72]’ 或 ‘0.37–2.72’"))
      return []
    }
    let whole = place(of: text, in: textRange)
    let bytes = Array(text.utf8)
    func words(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    func end(_ literal: NumberLiteral, _ range: Range<Int>, _ reference: MeasureReference) -> CheckedNumber {
      var end = number
      end.reference = reference
      end.literal = literal
      end.text = words(range)
      end.tolerance = tolerance(number.tolerance, for: literal)
      if let whole {
        let place = fileRange(whole.lowerBound + range.lowerBound..<whole.lowerBound + range.upperBound)
        end.textRange = place
        end.literalRange = place
      }
      return end
    }
    var lower = end(interval.lower, interval.lowerRange, references[0])
    var upper = end(interval.upper, interval.upperRange, references[1])
    lower.leadingText = words(0..<interval.lowerRange.lowerBound)
    upper.leadingText = words(interval.lowerRange.upperBound..<interval.upperRange.lowerBound)
    upper.trailingText = words(interval.upperRange.upperBound..<bytes.count)
    return [lower, upper]
  }
}
