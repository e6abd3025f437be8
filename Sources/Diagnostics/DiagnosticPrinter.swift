import Wording

/// Turns diagnostics into text for a terminal or an editor.
public struct DiagnosticPrinter: Sendable {
  /// The layout of the text.
  public enum Style: String, CaseIterable, Sendable {
    /// The message, the source line, carets under the characters meant, notes and help.
    case human
    /// `file:line:column: error: message [code]`, a line each.
    case short
  }

  private let style: Style
  private let usesColour: Bool
  private let language: Language
  private let sources: [String: SourceFile]

  /// A source line longer than this is shown around the place meant, with `…` where it was cut. In terminal cells.
  private static let widestLine = 120

  /// A printer that speaks `language` and quotes from `sources`.
  public init(style: Style = .human, language: Language, usesColour: Bool = false, sources: [SourceFile]) {
    self.style = style
    self.language = language
    self.usesColour = usesColour
    self.sources = Dictionary(sources.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// All diagnostics in the order given, each ending with a line end.
  public func text(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map(text).joined(separator: style == .human ? "\n" : "")
  }

  /// One diagnostic, ending with a line end.
  public func text(_ diagnostic: Diagnostic) -> String {
    let place = visible(diagnostic.location.map { "\(self.place($0)): " } ?? "")
    let severity = paint(words(diagnostic.severity), diagnostic.severity == .error ? .red : .yellow)
    let code = "[\(diagnostic.code.rawValue)]"
    var lines = [
      "\(paint(place, .bold))\(severity)\(paint(visible(diagnostic.summary[language]), .bold)) \(code)"
    ]
    guard style == .human else { return lines[0] + "\n" }
    if let location = diagnostic.location { lines += quote(location, label: diagnostic.label?[language]) }
    for note in diagnostic.notes {
      let place = note.location.map { "\(self.place($0)): " } ?? ""
      lines.append(visible("  \(place)\(Self.note[language])\(note.text[language])"))
      if let location = note.location { lines += quote(location, label: nil) }
    }
    if let help = diagnostic.help {
      lines.append("  \(paint(Self.help[language], .cyan))\(visible(help[language]))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let note = LocalText("note: ", "说明：")
  private static let help = LocalText("help: ", "改法：")

  /// What stands before a message; the short form's words are always English, because tools look for them.
  private func words(_ severity: Diagnostic.Severity) -> String {
    let language = style == .short ? .english : language
    switch severity {
    case .error: return LocalText("error: ", "错误：")[language]
    case .warning: return LocalText("warning: ", "警告：")[language]
    }
  }

  /// `file:line:column`, or the path alone where the file was never read.
  private func place(_ location: SourceLocation) -> String {
    guard let source = sources[location.path] else { return location.path }
    let position = source.position(of: location.range.lowerBound)
    return "\(location.path):\(position.line):\(position.column)"
  }

  private func quote(_ location: SourceLocation, label: String?) -> [String] {
    guard let source = sources[location.path], !source.bytes.isEmpty else { return [] }
    let index = source.lineIndex(of: location.range.lowerBound)
    let line = source.lineRange(index)
    let start = min(max(location.range.lowerBound, line.lowerBound), line.upperBound)
    let end = min(max(location.range.upperBound, start), line.upperBound)
    var before = visible(source.text(line.lowerBound..<start))
    let meant = visible(source.text(start..<end))
    var after = visible(source.text(end..<line.upperBound))
    if DisplayWidth.cells(before + meant + after) > Self.widestLine {
      let room = max(20, Self.widestLine - min(DisplayWidth.cells(meant), Self.widestLine))
      before = Self.shortened(before, toCells: room / 2, keeping: .end)
      after = Self.shortened(after, toCells: room / 2, keeping: .start)
    }
    let shown = Self.shortened(meant, toCells: Self.widestLine, keeping: .start)
    let number = String(index + 1)
    let gutter = String(repeating: " ", count: max(0, 5 - number.count))
    let carets = String(repeating: "^", count: max(1, DisplayWidth.cells(shown)))
    let indent = String(repeating: " ", count: DisplayWidth.cells(before))
    let words = label.map { " " + visible($0) } ?? ""
    return [
      "\(gutter)\(number) | \(before)\(shown)\(after)",
      "      | \(indent)\(paint(carets + words, .red))",
    ]
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
  private func visible(_ text: String) -> String {
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

  private enum Paint: String { case bold = "1", red = "1;31", yellow = "1;33", cyan = "36" }

  private func paint(_ text: String, _ paint: Paint) -> String {
    usesColour && !text.isEmpty ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }
}
