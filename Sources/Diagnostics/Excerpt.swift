import Wording

/// Lines of one file with marks under the places meant and words beside the marks, as terminals show them.
///
///        9 | the largest weight averages [0.74](#scales.maxProbability[none]).
///          |                              ^^^^ computed: 0.7289 ± 0.0029 share
///      …
///       13 | ```yaml experiment scales
///          |                    ------ ‘scales.maxProbability[none]’ was computed here
///
/// The place that the message is about is marked `^`, others `-`. Words stand behind the last mark of a row; those of marks
/// before it hang below, the last first. Marks that overlap get rows of their own.
struct Excerpt {
  /// A place with what is said of it.
  struct Span: Equatable {
    var range: Range<Int>
    var labels: [String]
    let isPrimary: Bool
  }

  /// A mark under a line. Cells count from the start of the line as shown.
  private struct Mark {
    let cells: Range<Int>
    let labels: [String]
    let isPrimary: Bool
  }

  /// A source line longer than this is shown around the places meant, with `…` where it was cut. In terminal cells.
  private static let widestLine = 120

  private let source: SourceFile
  private let spans: [Span]
  private let paint: (String, _ isPrimary: Bool) -> String

  /// An excerpt of `source`.
  ///
  /// - Parameters:
  ///   - spans: The places; what was said of one place several times stands together.
  ///   - paint: Colours a mark with its words.
  init(of source: SourceFile, _ spans: [Span], paint: @escaping (String, _ isPrimary: Bool) -> String) {
    self.source = source
    self.paint = paint
    var merged: [Span] = []
    for span in spans {
      if let same = merged.firstIndex(where: { $0.range == span.range && !$0.isPrimary && !span.isPrimary }) {
        merged[same].labels += span.labels
      } else {
        merged.append(span)
      }
    }
    self.spans = merged
  }

  /// Those of some spans that can stand in one excerpt: on a line that is too long for all of them, the first does.
  static func fitting(_ spans: [Span], in source: SourceFile) -> [Span] {
    var kept: [Span] = []
    for span in spans {
      let line = source.lineIndex(of: span.range.lowerBound)
      let others = kept.filter { source.lineIndex(of: $0.range.lowerBound) == line }
      let all = (others + [span]).map { clamped($0.range, in: source) }
      let text = source.text(
        (all.map(\.lowerBound).min() ?? 0)..<(all.map(\.upperBound).max() ?? 0))
      if others.isEmpty || DisplayWidth.cells(text) <= widestLine - 20 { kept.append(span) }
    }
    return kept
  }

  /// The lines of the excerpt.
  var lines: [String] {
    let byLine = Dictionary(grouping: spans) { source.lineIndex(of: $0.range.lowerBound) }
    var output: [String] = []
    var last: Int?
    for (index, spans) in byLine.sorted(by: { $0.key < $1.key }) {
      if let last, index == last + 2, source.lineRange(last + 1).count < Self.widestLine {
        let between = numbered(last + 1, Self.visible(source.text(source.lineRange(last + 1))))
        output.append(between.hasSuffix("| ") ? String(between.dropLast()) : between)
      } else if let last, index > last + 1 {
        output.append("    …")
      }
      output += self.lines(index, spans)
      last = index
    }
    return output
  }

  private func numbered(_ index: Int, _ text: String) -> String {
    let number = String(index + 1)
    return "\(String(repeating: " ", count: max(0, 5 - number.count)))\(number) | \(text)"
  }

  private func lines(_ index: Int, _ spans: [Span]) -> [String] {
    let line = source.lineRange(index)
    let ranges = spans.map { Self.clamped($0.range, in: source) }
    let (start, end) = (ranges.map(\.lowerBound).min() ?? 0, ranges.map(\.upperBound).max() ?? 0)
    var before = Self.visible(source.text(line.lowerBound..<start))
    let meant = Self.visible(source.text(start..<end))
    var after = Self.visible(source.text(end..<line.upperBound))
    if DisplayWidth.cells(before + meant + after) > Self.widestLine {
      let room = max(20, Self.widestLine - min(DisplayWidth.cells(meant), Self.widestLine))
      before = Self.shortened(before, toCells: room / 2, keeping: .end)
      after = Self.shortened(after, toCells: room / 2, keeping: .start)
    }
    let shown = Self.shortened(meant, toCells: Self.widestLine, keeping: .start)
    let indent = DisplayWidth.cells(before)
    let widest = DisplayWidth.cells(shown)
    let marks = zip(spans, ranges).map { span, range in
      let from = min(DisplayWidth.cells(Self.visible(source.text(start..<range.lowerBound))), widest)
      let to = min(DisplayWidth.cells(Self.visible(source.text(start..<range.upperBound))), widest)
      return Mark(
        cells: indent + from..<indent + max(to, from + 1), labels: span.labels.map(Self.visible),
        isPrimary: span.isPrimary)
    }
    return [numbered(index, before + shown + after)] + Self.layers(marks).flatMap(rows)
  }

  /// Marks that can share a row, the one that the message is about in the first.
  private static func layers(_ marks: [Mark]) -> [[Mark]] {
    let ordered = marks.enumerated().sorted {
      let (a, b) = ($0.element, $1.element)
      if a.isPrimary != b.isPrimary { return a.isPrimary }
      return (a.cells.lowerBound, $0.offset) < (b.cells.lowerBound, $1.offset)
    }.map(\.element)
    var layers: [[Mark]] = []
    for mark in ordered {
      // Marks of one sort that touch would look like one.
      let place = layers.firstIndex { layer in
        layer.allSatisfy { other in
          let gap = other.isPrimary == mark.isPrimary ? 1 : 0
          return other.cells.upperBound + gap <= mark.cells.lowerBound
            || mark.cells.upperBound + gap <= other.cells.lowerBound
        }
      }
      if let place { layers[place].append(mark) } else { layers.append([mark]) }
    }
    return layers.map { $0.sorted { $0.cells.lowerBound < $1.cells.lowerBound } }
  }

  /// A row of marks with the words behind the last one, then the words of the others.
  private func rows(_ marks: [Mark]) -> [String] {
    var hanging = marks.filter { !$0.labels.isEmpty }
    var behind = ""
    if let last = hanging.last, last.labels.count == 1, last.cells == marks.last?.cells {
      behind = " " + last.labels[0]
      hanging.removeLast()
    }
    let signs = marks.map { mark in
      let sign = String(repeating: mark.isPrimary ? "^" : "-", count: mark.cells.count)
      return (mark, mark.cells == marks.last?.cells ? sign + behind : sign)
    }
    var rows = [row(signs)]
    guard !hanging.isEmpty else { return rows }
    rows.append(row(hanging.map { ($0, "|") }))
    for index in hanging.indices.reversed() {
      for label in hanging[index].labels {
        rows.append(row(hanging[..<index].map { ($0, "|") } + [(hanging[index], label)]))
      }
    }
    return rows
  }

  /// Texts under the starts of their marks, from left to right.
  private func row(_ texts: [(mark: Mark, text: String)]) -> String {
    var width = 0
    var row = "      | "
    for (mark, text) in texts {
      row +=
        String(repeating: " ", count: max(0, mark.cells.lowerBound - width)) + paint(text, mark.isPrimary)
      width = max(width, mark.cells.lowerBound) + DisplayWidth.cells(text)
    }
    return row
  }

  /// The part of a range on the line where it starts.
  private static func clamped(_ range: Range<Int>, in source: SourceFile) -> Range<Int> {
    let line = source.lineRange(source.lineIndex(of: range.lowerBound))
    let start = min(max(range.lowerBound, line.lowerBound), line.upperBound)
    return start..<min(max(range.upperBound, start), line.upperBound)
  }

  private enum Side { case start, end }

  private static func shortened(_ text: String, toCells limit: Int, keeping side: Side) -> String {
    guard DisplayWidth.cells(text) > limit else { return text }
    var kept = 0
    var characters: [Character] = []
    for character in side == .start ? Array(text) : text.reversed() {
      kept += DisplayWidth.cells(character)
      if kept > limit - 1 { break }
      characters.append(character)
    }
    return side == .start ? String(characters) + "…" : "…" + String(characters.reversed())
  }

  /// Tabs as spaces, byte-order marks away, control characters as U+FFFD: what is printed must be as wide as it is counted.
  static func visible(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\t": result += "    "
      case "\u{FEFF}": continue
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): result += "\u{FFFD}"
      // Direction overrides could make the quoted line read as something else.
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
