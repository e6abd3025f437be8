import Experiments
import NotebookModel
import Wording

/// A figure or a table of a page, with its number there.
struct NumberedPart: Hashable, Sendable {
  /// What is numbered, each on its own.
  enum Sort: Hashable, Sendable {
    case figure
    case table
  }

  let sort: Sort
  /// From 1, in the order of the page.
  let number: Int
  /// The address in its page.
  let anchor: String

  /// What it is called in its page's language.
  var label: LocalText {
    switch sort {
    case .figure: LocalText("Figure \(number)", "图 \(number)")
    case .table: LocalText("Table \(number)", "表 \(number)")
    }
  }
}

/// Counts the figures and tables of a page.
struct Numbering {
  /// Every address that links may use, with what stands there.
  private(set) var parts: [String: NumberedPart] = [:]
  /// Addresses of what has an error and no place in the page.
  private(set) var withoutPlace: Set<String> = []
  private var figures = 0
  private var tables = 0

  init(_ document: NotebookDocument, _ results: ExperimentResults) {
    for directive in document.directives {
      switch directive {
      case .experiment(let experiment):
        let id = experiment.id.value
        guard let result = results[ExperimentKey(note: document.path, id: id)] else {
          withoutPlace.insert(PageAnchor.figure(id))
          continue
        }
        for (index, name) in result.planned.figures.enumerated() {
          let anchor = index == 0 ? PageAnchor.figure(id) : PageAnchor.figure(id, name)
          count(.figure, at: anchor)
          parts[PageAnchor.figure(id, name)] = parts[anchor]
        }
      case .figure(let figure): count(.figure, at: PageAnchor.figure(figure.id.value))
      case .table(let table): count(.table, at: PageAnchor.table(table.id.value))
      case .claims: break
      }
    }
  }

  private mutating func count(_ sort: NumberedPart.Sort, at anchor: String) {
    switch sort {
    case .figure: figures += 1
    case .table: tables += 1
    }
    parts[anchor] = NumberedPart(sort: sort, number: sort == .figure ? figures : tables, anchor: anchor)
  }
}
