import Claims
import Experiments
import Figures

/// The values that what a site says rests on: those of checked numbers, claims and tables of all its notes.
///
/// An experiment computes far more; a page lists these, and says where the others are.
struct ReliedMeasures {
  private var rows: Set<Row> = []

  private struct Row: Hashable {
    let experiment: ExperimentKey
    let id: String
  }

  /// What the statements of some notes rest on.
  ///
  /// - Parameter composition: What authors composed; `nil` where only what was verified is known.
  init(_ map: SiteMap, _ verification: Verification, _ composition: Composition? = nil) {
    for page in map.pages.values {
      let verdicts = verification[page.document.path]
      for number in verdicts.numbers { insert(number.resolved) }
      for resolved in verdicts.claims.flatMap(\.evidence) { insert(resolved) }
      for case .table(let directive) in page.document.directives {
        guard let table = composition?.table(of: directive, in: page.document.path) else { continue }
        for cell in table.rows.flatMap(\.cells) { if let cell { insert(cell.measure) } }
      }
    }
  }

  private mutating func insert(_ resolved: ResolvedMeasure) {
    rows.insert(Row(experiment: resolved.experiment, id: PageParts.rowID(resolved)))
  }

  /// Whether something rests on a value.
  func contains(_ resolved: ResolvedMeasure) -> Bool {
    rows.contains(Row(experiment: resolved.experiment, id: PageParts.rowID(resolved)))
  }
}
