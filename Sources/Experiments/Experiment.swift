import AttentionKernel
import SVGChart
import Wording

/// A kind of experiment: what it is called, what it takes, what it yields, and how it runs.
///
/// To add one: a folder under `Kinds` with a type that conforms, and a line in ``ExperimentKinds/all``. The parser, the
/// site and the command line learn of it from its ``kind``.
public protocol Experiment: Sendable {
  /// Name, parameters, measures and figures: what `notebook kinds` prints and what notes are checked against.
  static var kind: KindDescription { get }

  /// An experiment with the values of its parameters, each already of its declared type and range.
  ///
  /// - Throws: ``ParameterProblem`` where values don't go together.
  init(_ parameters: ParameterValues) throws(ParameterProblem)

  /// What running it takes; asked before it runs.
  var work: Work { get }

  /// Why a figure of this kind can't be drawn with these parameters; `nil` where it can.
  func reasonAgainst(figure: String) -> LocalText?

  /// Computes the measures and the figures.
  func run(_ conditions: RunConditions) throws -> ExperimentOutcome
}

/// A kind as its users see it.
public struct KindDescription: Sendable {
  /// The word after `kind:`.
  public let name: String
  /// One sentence.
  public let summary: LocalText
  /// What it takes.
  public let parameters: [ParameterDescription]
  /// What it yields.
  public let measures: [MeasureDescription]
  /// What it can draw; the first one available is drawn unless the note says otherwise.
  public let figures: [FigureDescription]
  /// Values of some parameters that show the kind; needed where its defaults alone say nothing.
  public let example: [ParameterValues.Entry]

  /// A description of a kind.
  public init(
    name: String, summary: LocalText, parameters: [ParameterDescription], measures: [MeasureDescription],
    figures: [FigureDescription], example: KeyValuePairs<String, ParameterValue> = [:]
  ) {
    self.example = example.map { ParameterValues.Entry(name: $0.key, value: $0.value) }
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.measures = measures
    self.figures = figures
  }
}

/// A figure that a kind can draw.
public struct FigureDescription: Hashable, Sendable {
  /// The word after `figure:`.
  public let name: String
  /// One sentence.
  public let summary: LocalText

  /// A figure's name and what it shows.
  public init(_ name: String, _ summary: LocalText) {
    self.name = name
    self.summary = summary
  }
}

/// What running an experiment takes, estimated before it runs.
public struct Work: Hashable, Sendable {
  /// Multiplications, roughly.
  public let operations: Double
  /// Bytes held at once, roughly.
  public let memoryBytes: Double

  /// An estimate.
  public init(operations: Double, memoryBytes: Double) {
    self.operations = operations
    self.memoryBytes = memoryBytes
  }
}

/// What an experiment found.
public struct ExperimentOutcome: Codable, Hashable, Sendable {
  /// The measures, in the order of the kind's description, then of their coordinates.
  public let measures: [Measure]
  /// The figures that these parameters allow.
  public let figures: [ExperimentFigure]

  /// Measures and figures.
  public init(measures: [Measure], figures: [ExperimentFigure]) {
    self.measures = measures
    self.figures = figures
  }
}

/// A figure by its name.
public struct ExperimentFigure: Codable, Hashable, Sendable {
  /// One of the kind's figure names.
  public let name: String
  /// What to draw.
  public var chart: Chart
  /// The row behind bars of weights, where the figure shows one row: lets readers try other scales.
  public var row: ScoreRow?

  /// A chart under a figure's name.
  public init(_ name: String, _ chart: Chart, row: ScoreRow? = nil) {
    self.name = name
    self.chart = chart
    self.row = row
  }
}

/// One query's scores: all that its weights at any scale are made from.
public struct ScoreRow: Codable, Hashable, Sendable {
  /// q·k of each key, shape `[keys]`, finite, no unit.
  public let scores: [Double]
  /// The components d of the query, at least 1.
  public let headDimension: Int

  /// The scores of a row.
  public init(scores: [Double], headDimension: Int) {
    self.scores = scores
    self.headDimension = headDimension
  }
}
