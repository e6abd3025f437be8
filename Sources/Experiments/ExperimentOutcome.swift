import SVGChart

/// What an experiment found.
///
/// Figures are large and seldom all wanted: those of a kept outcome are read when they are asked for, anew each time.
public struct ExperimentOutcome: Sendable {
  /// The measures, in the order of the kind's description, then of their coordinates.
  public let measures: [Measure]
  /// What is known of the figures that these parameters allow, without having them.
  public let outlines: [FigureOutline]
  /// The measures that have no value here, such as the place of a maximum that there is not.
  public let missing: [MissingMeasure]
  private let figure: @Sendable (_ index: Int) -> ExperimentFigure

  /// Measures and figures, and what there is not.
  public init(measures: [Measure], figures: [ExperimentFigure], missing: [MissingMeasure] = []) {
    self.measures = measures
    self.missing = missing
    outlines = figures.map { FigureOutline(name: $0.name, problem: $0.chart.problem) }
    figure = { figures[$0] }
  }

  /// The same without figures.
  var withoutFigures: ExperimentOutcome {
    ExperimentOutcome(measures: measures, figures: [], missing: missing)
  }

  /// An outcome that was kept.
  ///
  /// - Parameter again: Computes the same outcome anew, for a figure that can't be read any more.
  init(_ kept: KeptOutcome, again: @escaping @Sendable () -> ExperimentOutcome) {
    measures = kept.measures
    missing = kept.missing
    outlines = kept.figures
    figure = { index in kept.figure(index) ?? again().figure(index) }
  }

  /// All figures, in the kind's order.
  public var figures: [ExperimentFigure] { outlines.indices.map(figure) }

  /// The figure of a name; `nil` where these parameters allow none.
  public func figure(named name: String) -> ExperimentFigure? {
    outlines.firstIndex { $0.name == name }.map(figure)
  }

  /// Why the figure of a name can't be drawn truthfully; `nil` where it can, or there is none.
  public func problem(ofFigure name: String) -> ChartError? {
    outlines.first { $0.name == name }?.problem
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

/// What is known of a figure without having its chart.
public struct FigureOutline: Hashable, Sendable {
  /// The figure's name.
  public let name: String
  /// Why it can't be drawn truthfully; `nil` where it can.
  public let problem: ChartError?

  /// A figure's name, and why it can't be drawn.
  public init(name: String, problem: ChartError?) {
    self.name = name
    self.problem = problem
  }
}

/// An outcome as a store hands it out.
public struct KeptOutcome: Sendable {
  /// The measures.
  public let measures: [Measure]
  /// The measures that have no value.
  public let missing: [MissingMeasure]
  /// The figures, without their charts.
  public let figures: [FigureOutline]
  /// Reads the figure of an index; `nil` where it can't be read any more.
  public let figure: @Sendable (_ index: Int) -> ExperimentFigure?

  /// An outcome whose figures are read when they are asked for.
  public init(
    measures: [Measure], missing: [MissingMeasure], figures: [FigureOutline],
    figure: @escaping @Sendable (_ index: Int) -> ExperimentFigure?
  ) {
    self.measures = measures
    self.missing = missing
    self.figures = figures
    self.figure = figure
  }
}

/// Keeps outcomes between builds. Losing or damaging what it keeps costs time, never correctness.
public protocol OutcomeStore: Sendable {
  /// The outcome kept under a key; `nil` where there is none, or it can't be read.
  func outcome(for key: String) -> KeptOutcome?
  /// Keeps an outcome.
  func keep(_ outcome: ExperimentOutcome, for key: String)
}

/// A store that keeps nothing.
public struct NoStore: OutcomeStore {
  /// A store that keeps nothing.
  public init() {}
  /// Never there.
  public func outcome(for key: String) -> KeptOutcome? { nil }
  /// Forgotten at once.
  public func keep(_ outcome: ExperimentOutcome, for key: String) {}
}

extension ExperimentOutcome: Equatable {
  /// Equal measures and figures, and the same missing; reads all figures.
  public static func == (left: ExperimentOutcome, right: ExperimentOutcome) -> Bool {
    left.measures == right.measures && left.missing == right.missing && left.figures == right.figures
  }
}
