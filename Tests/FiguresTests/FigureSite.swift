import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import SVGChart
import Testing

@testable import Figures

/// A note with two small experiments and whatever is to be composed.
struct FigureSite {
  let document: NotebookDocument
  let results: ExperimentResults
  let composition: Composition
  let problems: [Diagnostic]

  init(_ body: String) throws {
    let text = """
      ---
      title: t
      date: 2026-01-01
      ---

      ```yaml experiment s
      kind: softmax
      keys: 8
      queries: 64
      trials: 4
      scales: [none, √d, 2√d]
      top: [1, 4]
      figure: none
      ```

      ```yaml experiment p
      kind: dot-products
      samples: 500
      headDimension: [4, 16, 64]
      scales: [none, √d]
      figure: none
      ```

      \(body)
      """
    let source = SourceFile(path: "notebooks/a.md", text: text)
    let (document, problems) = NotebookParser(siteLanguage: .english).parse(source)
    self.document = try #require(document)
    let plan = ExperimentPlan(documents: [self.document], limits: WorkLimits(memoryBytes: 1e9))
    let (results, failures) = try ExperimentRunner(conditions: RunConditions()).run(plan, of: [self.document])
    self.results = results
    composition = Composition([self.document], results)
    self.problems = problems + plan.diagnostics + failures + composition.diagnostics
  }

  /// The figure that a directive's body makes.
  static func figure(_ yaml: String) throws -> (ComposedFigure?, [Diagnostic], FigureSite) {
    let site = try FigureSite("```yaml figure it\n\(yaml)\n```\n")
    for case .figure(let directive) in site.document.directives {
      return (site.composition.figure(of: directive, in: "notebooks/a.md"), site.problems, site)
    }
    return (nil, site.problems, site)
  }

  /// The table that a directive's body makes.
  static func table(_ yaml: String) throws -> (ComposedTable?, [Diagnostic], FigureSite) {
    let site = try FigureSite("```yaml table it\n\(yaml)\n```\n")
    for case .table(let directive) in site.document.directives {
      return (site.composition.table(of: directive, in: "notebooks/a.md"), site.problems, site)
    }
    return (nil, site.problems, site)
  }

  /// The one chart of a figure that has no problems.
  static func chart(_ yaml: String) throws -> (Chart, FigureSite) {
    let (figure, problems, site) = try figure(yaml)
    #expect(problems.isEmpty, "\(problems.map(\.summary.english))")
    let frames = try #require(figure).frames
    #expect(frames.count == 1)
    return (frames[0].chart, site)
  }

  /// The values of a measure of one of the two experiments.
  func measures(_ experiment: String, _ name: String) -> [Measure] {
    results[ExperimentKey(note: "notebooks/a.md", id: experiment)]?.measures(named: name) ?? []
  }
}
