import Diagnostics
import NotebookModel

/// Texts to be put in the place of bytes of a note.
public struct TextChanges: Hashable, Sendable {
  /// One of them.
  public struct Change: Hashable, Sendable {
    /// The bytes that go.
    public let range: Range<Int>
    /// What takes their place.
    public let text: String
  }

  /// In the order of the file; none overlaps another.
  public let changes: [Change]

  /// Corrections of the numbers that don't agree, where the number alone can be replaced.
  public static func corrections(_ verdicts: [NumberVerdict]) -> TextChanges {
    TextChanges(
      verdicts.compactMap { verdict in
        guard let text = verdict.correction, let range = verdict.number.literalRange else { return nil }
        return Change(range: range, text: text)
      })
  }

  /// Values for the links that are empty.
  public static func fillings(_ verdicts: [NumberVerdict]) -> TextChanges {
    TextChanges(
      verdicts.compactMap { verdict in
        guard verdict.number.literal == nil, let range = verdict.number.literalRange else { return nil }
        return Change(
          range: range, text: verdict.number.leadingText + verdict.fill + verdict.number.trailingText)
      })
  }

  /// Changes; those at one place, the two ends of an empty interval, become one.
  init(_ all: [Change]) {
    var changes: [Change] = []
    let sorted = all.enumerated().sorted {
      ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
    }
    for (_, change) in sorted {
      if let last = changes.last, last.range == change.range {
        // One link read twice, as through a reference, says the same twice.
        if last.text != change.text {
          changes[changes.count - 1] = Change(range: last.range, text: last.text + change.text)
        }
      } else if changes.last.map({ $0.range.upperBound <= change.range.lowerBound }) ?? true {
        changes.append(change)
      }
    }
    self.changes = changes
  }

  /// The bytes with all changes made.
  public func applied(to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var done = 0
    for change in changes {
      result += bytes[done..<change.range.lowerBound]
      result += change.text.utf8
      done = change.range.upperBound
    }
    return result + bytes[done...]
  }

  /// What changes, as lines with their numbers: `-` before what goes, `+` before what comes.
  public func difference(in source: SourceFile) -> String {
    let changed = SourceFile(path: source.path, bytes: applied(to: source.bytes))
    var output = ""
    var lines: [Int] = []
    for change in changes {
      let line = source.lineIndex(of: change.range.lowerBound)
      if lines.last != line { lines.append(line) }
    }
    for line in lines {
      // A number holds no line end, so lines keep their numbers.
      output += "\(source.path):\(line + 1)\n"
      output += "- \(source.text(source.lineRange(line)))\n+ \(changed.text(changed.lineRange(line)))\n"
    }
    return output
  }
}
