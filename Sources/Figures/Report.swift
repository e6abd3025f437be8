import Claims
import Diagnostics
import NotebookModel
import Wording

/// Collects what is wrong with one directive.
struct Report {
  let path: String
  private(set) var diagnostics: [Diagnostic] = []

  init(path: String) {
    self.path = path
  }

  var hasErrors: Bool { diagnostics.hasErrors }

  /// A directive that asks for what makes no sense; `help` shows the nearest right form.
  mutating func refuse(_ summary: LocalText, at range: Range<Int>, help: LocalText? = nil) {
    add(.invalidFigure, summary, at: range, help: help)
  }

  mutating func add(
    _ code: DiagnosticCode, _ summary: LocalText, at range: Range<Int>, label: LocalText? = nil,
    help: LocalText? = nil
  ) {
    diagnostics.append(
      Diagnostic(code, summary, at: SourceLocation(path: path, range: range), label: label, help: help))
  }

  mutating func add(_ problems: [Diagnostic]) { diagnostics += problems }

  mutating func add(_ failure: MeasureResolver.Failure, at range: Range<Int>) {
    guard !failure.isConsequence else { return }
    add(failure.code, failure.summary, at: range, label: failure.label, help: failure.help)
  }
}
