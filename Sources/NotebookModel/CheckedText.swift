import Diagnostics
import MarkdownTree
import Wording

/// A text of front matter or of a directive, in which checked numbers may stand: `title: "[61%](#s.share[√d]) of the keys"`.
///
/// Nothing else of Markdown is understood there: everything around the links is words as they are written.
public struct CheckedText: Hashable, Sendable {
  /// A piece of it.
  public enum Part: Hashable, Sendable {
    /// Words.
    case words(String)
    /// A link that names a measure.
    case numbers([CheckedNumber])
  }

  /// The pieces, in order.
  public let parts: [Part]

  /// The text without any markup, as titles of windows and feeds need it.
  public var plain: String {
    parts.map { part -> String in
      switch part {
      case .words(let words): words
      case .numbers(let numbers): numbers.map { $0.leadingText + $0.text + $0.trailingText }.joined()
      }
    }.joined()
  }

  /// The checked numbers, in order.
  public var numbers: [CheckedNumber] {
    parts.flatMap { part -> [CheckedNumber] in
      if case .numbers(let numbers) = part { numbers } else { [] }
    }
  }

  /// Reads a text; what is wrong with its numbers is reported.
  static func read(_ text: Located<String>, path: String) -> (text: CheckedText, diagnostics: [Diagnostic]) {
    // Only an inline link can name a measure here, and parsing costs.
    guard text.value.contains("]("), let document = try? MarkdownDocument(parsing: text.value) else {
      return (CheckedText(parts: [.words(text.value)]), [])
    }
    let bytes = Array(text.value.utf8)
    var reader = CheckedNumberReader(path: path, bytes: bytes) { text.fileRange(of: $0) }
    var diagnostics: [Diagnostic] = []
    var parts: [Part] = []
    var done = 0
    for link in document.index.links where !MeasureReference.references(target: link.destination).isEmpty {
      let numbers = reader.read(link)
      if let empty = numbers.first(where: { $0.text.isEmpty }) {
        diagnostics.append(
          Diagnostic(
            .unreadableNumber,
            LocalText("a number in a title or a claim must be written out", "标题和论断里的数必须写出来"),
            at: SourceLocation(path: path, range: empty.range),
            help: LocalText("write it, or let ‘notebook fmt’ write it", "写上它，或者让 ‘notebook fmt’ 写上")))
      }
      guard link.range.lowerBound >= done else { continue }
      parts.append(.words(String(decoding: bytes[done..<link.range.lowerBound], as: UTF8.self)))
      parts.append(numbers.isEmpty ? .words(link.children.plainText) : .numbers(numbers))
      done = link.range.upperBound
    }
    parts.append(.words(String(decoding: bytes[done...], as: UTF8.self)))
    return (CheckedText(parts: parts.filter { $0 != .words("") }), diagnostics + reader.diagnostics)
  }

  /// A text without the markup of its checked numbers.
  public static func plain(_ text: Located<String>) -> String { read(text, path: "").text.plain }
}
