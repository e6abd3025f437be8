import AttentionKernel
import Claims
import Diagnostics
import Experiments
import NotebookModel
import SVGChart
import Wording

/// A figure that an author composed from what experiments of the page computed.
public struct ComposedFigure: Hashable, Sendable {
  /// One picture of it.
  public struct Frame: Hashable, Sendable {
    /// What tells it from the others; empty where there is one.
    public let label: LocalText
    /// What to draw.
    public let chart: Chart
  }

  /// The figure's id.
  public let id: String
  /// What the frames run through, in words; `nil` where there is one.
  public let framesTitle: LocalText?
  /// The row whose scale readers may drag, where the author wants that.
  public let row: ScoreRow?
  /// The pictures, at least one; of several the reader picks.
  public let frames: [Frame]
}

extension Diagnostic {
  /// A figure whose picture would say something untrue, or nothing.
  public static func undrawable(
    _ figure: ComposedFigure, of directive: CompositionDirective, in note: String, _ error: ChartError
  ) -> Diagnostic {
    Diagnostic(
      .invalidFigure,
      LocalText(
        "figure ‘\(figure.id)’ can't be drawn truthfully: \(error.words.english)",
        "图 ‘\(figure.id)’ 无法如实画出：\(error.words.chinese)"),
      at: SourceLocation(path: note, range: directive.id.range),
      help: LocalText("take another scale with ‘axes:’, or other values", "用 ‘axes:’ 换一种刻度，或换别的值"))
  }
}

/// A table that an author composed from what experiments of the page computed.
public struct ComposedTable: Hashable, Sendable {
  /// One cell: a value, as it is written.
  public struct Cell: Hashable, Sendable {
    /// The number in words.
    public let text: String
    /// The value; leads to its evidence.
    public let measure: ResolvedMeasure
  }

  /// A row: what it is about, and a value per column.
  public struct Row: Hashable, Sendable {
    /// The row's name.
    public let name: LocalText
    /// The values; `nil` where none was computed.
    public let cells: [Cell?]
  }

  /// The table's id.
  public let id: String
  /// What the table shows.
  public let caption: LocalText
  /// The name of the rows' column.
  public let rowsTitle: LocalText
  /// The names of the other columns.
  public let columns: [LocalText]
  /// The rows in order.
  public let rows: [Row]
}

/// What authors composed, of all notes.
public struct Composition: Sendable {
  private struct Place: Hashable {
    let note: String
    let start: Int
  }

  private var figures: [Place: ComposedFigure] = [:]
  private var tables: [Place: ComposedTable] = [:]
  /// What is wrong with figures and tables; those with errors are not composed.
  public private(set) var diagnostics: [Diagnostic] = []

  /// Composes every figure and table of some notes.
  ///
  /// - Parameters:
  ///   - drafts: Paths of notes that are left out; what refers to them is told so.
  ///   - threads: How many threads to use; the result doesn't depend on it.
  public init(
    _ documents: [NotebookDocument], _ results: ExperimentResults, drafts: Set<String> = [], threads: Int = 1
  ) {
    let resolver = MeasureResolver(results: results, notes: Set(documents.map(\.path)), drafts: drafts)
    let parts = Parallel.map(documents, threads: threads) { document in
      var part = Composition()
      part.compose(document, results, resolver)
      return part
    }
    for part in parts {
      figures.merge(part.figures) { _, last in last }
      tables.merge(part.tables) { _, last in last }
      diagnostics += part.diagnostics
    }
  }

  private init() {}

  private mutating func compose(
    _ document: NotebookDocument, _ results: ExperimentResults, _ resolver: MeasureResolver
  ) {
    for directive in document.directives {
      let place = Place(note: document.path, start: directive.range.lowerBound)
      switch directive {
      case .figure(let figure) where figure.isReadable:
        var composer = FigureComposer(figure, in: document, results: results, resolver: resolver)
        figures[place] = composer.compose()
        diagnostics += composer.report.diagnostics
      case .table(let table) where table.isReadable:
        var composer = TableComposer(table, in: document, resolver: resolver)
        tables[place] = composer.compose()
        diagnostics += composer.report.diagnostics
      case .figure, .table, .experiment, .claims: break
      }
    }
  }

  /// The figure of a directive; `nil` where something is wrong with it.
  public func figure(of directive: CompositionDirective, in note: String) -> ComposedFigure? {
    figures[Place(note: note, start: directive.range.lowerBound)]
  }

  /// The table of a directive; `nil` where something is wrong with it.
  public func table(of directive: CompositionDirective, in note: String) -> ComposedTable? {
    tables[Place(note: note, start: directive.range.lowerBound)]
  }
}
