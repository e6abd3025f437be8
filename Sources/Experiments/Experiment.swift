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

  /// The parameters that decide what the others are, by name; none for most kinds.
  static var leadingParameters: [String] { get }

  /// What a note may write beside the leading parameters, once these are read.
  ///
  /// - Parameter leading: Values of the leading parameters.
  /// - Throws: ``ParameterProblem`` where a leading value makes no sense; the others are then not read.
  static func remainingParameters(
    after leading: ParameterValues
  ) throws(ParameterProblem) -> RemainingParameters

  /// An experiment with the values of its parameters, each already of its declared type and range.
  ///
  /// - Throws: ``ParameterProblem`` where values don't go together.
  init(_ parameters: ParameterValues) throws(ParameterProblem)

  /// The kind as these parameters make it: units and coordinates of measures may depend on them, names don't.
  var kind: KindDescription { get }

  /// What running it takes; asked before it runs.
  var work: Work { get }

  /// Why a figure of this kind can't be drawn with these parameters; `nil` where it can.
  func reasonAgainst(figure: String) -> LocalText?

  /// What is computed after `done` of `total` pieces of work, such as “keys = 64”; `nil` where that has no name.
  func stage(done: Int, of total: Int) -> LocalText?

  /// Computes the measures and the figures.
  ///
  /// - Throws: ``ParameterProblem`` where only the results show that a parameter makes no sense.
  func run(_ conditions: RunConditions) throws -> ExperimentOutcome
}

// What holds for a kind whose parameters are always the same.
extension Experiment {
  /// None: no parameter decides about others.
  public static var leadingParameters: [String] { [] }

  /// The parameters of the kind that don't lead.
  public static func remainingParameters(
    after leading: ParameterValues
  ) throws(ParameterProblem) -> RemainingParameters {
    RemainingParameters(kind.parameters.filter { !leadingParameters.contains($0.name) })
  }

  /// The kind, whatever the parameters.
  public var kind: KindDescription { Self.kind }

  /// Nothing worth a name.
  public func stage(done: Int, of total: Int) -> LocalText? { nil }
}

/// The parameters of a kind whose leading parameters are known.
public struct RemainingParameters: Sendable {
  /// A parameter that the leading ones rule out.
  public struct Withheld: Hashable, Sendable {
    /// The parameter's name.
    public let name: String
    /// Why a note can't write it, as a sentence without a full stop.
    public let reason: LocalText
  }

  /// What may be written, in the order in which values are listed.
  public let parameters: [ParameterDescription]
  /// What might be expected and may not be written.
  public let withheld: [Withheld]

  /// Parameters to read.
  public init(_ parameters: [ParameterDescription], withheld: [Withheld] = []) {
    self.parameters = parameters
    self.withheld = withheld
  }
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
  /// The mistakes that can be made on purpose in it, in the order of their declaration.
  public let faults: [KernelFault]

  /// A description of a kind.
  ///
  /// - Parameter faults: The mistakes that can be made on purpose in it; all unless given. No other is tried on its
  ///   measures, and a test holds every kind to it that none would change them.
  public init(
    name: String, summary: LocalText, parameters: [ParameterDescription], measures: [MeasureDescription],
    figures: [FigureDescription], example: KeyValuePairs<String, ParameterValue> = [:],
    faults: [KernelFault] = KernelFault.allCases
  ) {
    self.faults = KernelFault.allCases.filter(faults.contains)
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
  /// Bytes held at once on one thread, roughly.
  public let memoryBytes: Double
  /// Bytes that each further thread holds.
  public let memoryBytesPerThread: Double

  /// An estimate.
  public init(operations: Double, memoryBytes: Double, memoryBytesPerThread: Double = 0) {
    self.operations = operations
    self.memoryBytes = memoryBytes
    self.memoryBytesPerThread = memoryBytesPerThread
  }

  /// The estimate of computations that run one after another, from what each costs on a number of threads.
  init(_ costs: (_ threads: Int) -> [Cost]) {
    let (one, two) = (costs(1), costs(2))
    operations = one.reduce(0) { $0 + Double($1.operations) }
    memoryBytes = one.map { Double($0.workingSetBytes) }.max() ?? 0
    memoryBytesPerThread =
      zip(one, two).map { Double($1.workingSetBytes) - Double($0.workingSetBytes) }.max() ?? 0
  }

  /// Bytes held at once on some threads, roughly.
  func memoryBytes(threads: Int) -> Double { memoryBytes + Double(threads - 1) * memoryBytesPerThread }
}

/// A measure that a kind promises and that has no value, with the reason.
public struct MissingMeasure: Codable, Hashable, Sendable {
  /// The measure's name.
  public let name: String
  /// Where it was looked for, as in ``Measure/coordinates``.
  public let coordinates: [Coordinate]
  /// Why there is none, as a sentence without a full stop.
  public let reason: LocalText

  /// A measure without a value.
  public init(_ name: String, coordinates: [Coordinate], reason: LocalText) {
    self.name = name
    self.coordinates = coordinates
    self.reason = reason
  }

  /// The measure as a reference inside its experiment: `location[64]`.
  public var text: String { Measure.text(name, coordinates) }
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
