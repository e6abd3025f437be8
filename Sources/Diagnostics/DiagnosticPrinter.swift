import Wording

/// Turns diagnostics into text for a terminal or an editor.
public struct DiagnosticPrinter: Sendable {
  /// The layout of the text.
  public enum Style: String, CaseIterable, Sendable {
    /// The message, the source lines with marks under the characters meant, notes and help.
    case human
    /// `file:line:column: error: message [code]`, a line each.
    case short
  }

  private let style: Style
  private let usesColour: Bool
  private let language: Language
  private let sources: [String: SourceFile]

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
    let (excerpt, apart) = excerpt(of: diagnostic)
    lines += excerpt
    for note in apart {
      let place = note.location.map { "\(self.place($0)): " } ?? ""
      lines.append(visible("  \(place)\(Self.note[language])\(note.text[language])"))
      if let location = note.location { lines += quote(location) }
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

  /// The lines that a diagnostic is about, with all its places that one excerpt can show; and the other notes.
  private func excerpt(of diagnostic: Diagnostic) -> (lines: [String], apart: [Diagnostic.Note]) {
    guard let location = diagnostic.location, let source = sources[location.path], !source.bytes.isEmpty
    else {
      return ([], diagnostic.notes)
    }
    let primary = Excerpt.Span(
      range: location.range, labels: diagnostic.label.map { [$0[language]] } ?? [], isPrimary: true)
    let placed = diagnostic.notes.compactMap { note -> (note: Diagnostic.Note, span: Excerpt.Span)? in
      guard let place = note.location, place.path == location.path else { return nil }
      let words = (note.label ?? note.text)[language]
      return (note, Excerpt.Span(range: place.range, labels: [words], isPrimary: false))
    }
    let spans = Excerpt.fitting([primary] + placed.map(\.span), in: source)
    let shown = placed.filter { spans.contains($0.span) }.map(\.note)
    return (Excerpt(of: source, spans, paint: paint).lines, diagnostic.notes.filter { !shown.contains($0) })
  }

  private func quote(_ location: SourceLocation) -> [String] {
    guard let source = sources[location.path], !source.bytes.isEmpty else { return [] }
    let span = Excerpt.Span(range: location.range, labels: [], isPrimary: true)
    return Excerpt(of: source, [span], paint: paint).lines
  }

  private func paint(_ mark: String, isPrimary: Bool) -> String { paint(mark, isPrimary ? .red : .blue) }

  private func visible(_ text: String) -> String { Excerpt.visible(text) }

  private enum Paint: String { case bold = "1", red = "1;31", yellow = "1;33", blue = "1;34", cyan = "36" }

  private func paint(_ text: String, _ paint: Paint) -> String {
    usesColour && !text.isEmpty ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }
}
