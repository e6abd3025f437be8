import Claims
import Diagnostics
import NotebookModel
import Wording

/// Collects what is wrong with one directive.
struct Report {
  private let source: SourceFile
  private(set) var diagnostics: [Diagnostic] = []

  init(source: SourceFile) {
    self.source = source
  }

  var hasErrors: Bool { diagnostics.hasErrors }

  /// A directive that asks for what makes no sense; `help` shows the nearest right form.
  mutating func refuse(_ summary: LocalText, at range: Range<Int>, help: LocalText? = nil) {
    add(.invalidFigure, summary, at: range, help: help)
  }

  mutating func add(
    _ code: DiagnosticCode, _ summary: LocalText, at range: Range<Int>, label: LocalText? = nil,
    help: LocalText? = nil, misspelling: Misspelling? = nil
  ) {
    let location = SourceLocation(path: source.path, range: range)
    diagnostics.append(
      Diagnostic(
        code, summary, at: location, label: label, help: help,
        fixes: misspelling?.fixes(inside: location, of: source) ?? []))
  }

  mutating func add(_ problems: [Diagnostic]) { diagnostics += problems }

  mutating func add(_ failure: MeasureResolver.Failure, at range: Range<Int>) {
    guard !failure.isConsequence else { return }
    add(
      failure.code, failure.summary, at: range, label: failure.label, help: failure.help,
      misspelling: failure.misspelling)
  }
}
