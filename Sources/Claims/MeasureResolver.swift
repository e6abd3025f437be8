import Diagnostics
import Experiments
import NotebookModel
import Wording

/// A measure's value with the experiment it comes from.
public struct ResolvedMeasure: Hashable, Sendable {
  /// The experiment.
  public let experiment: ExperimentKey
  /// The value with its conditions.
  public let measure: Measure

  /// A value and where it was computed.
  public init(experiment: ExperimentKey, measure: Measure) {
    self.experiment = experiment
    self.measure = measure
  }
}

/// Finds what references mean.
struct MeasureResolver {
  let results: ExperimentResults
  /// Paths of all notes, for references across notes.
  let notes: Set<String>

  /// Why a reference names no value.
  struct Failure: Error {
    let code: DiagnosticCode
    let summary: String
    var label: String?
    var help: String?
    /// The experiment itself is broken and was reported; a second message would only be noise.
    var isConsequence = false
  }

  /// All values of the measure that fit the selectors, at least one.
  func values(of reference: MeasureReference, from note: String) throws(Failure) -> [ResolvedMeasure] {
    let path = try self.note(of: reference, from: note)
    let key = ExperimentKey(note: path, id: reference.experiment)
    guard let result = results[key] else {
      if results.failed.contains(key) {
        throw Failure(
          code: .unknownExperiment, summary: "experiment ‘\(key.id)’ has no results", isConsequence: true)
      }
      let known = (results.keys + results.failed.sorted()).filter { $0.note == path }.map(\.id)
      throw Self.unknown(
        .unknownExperiment, "experiment", reference.experiment, among: known,
        in: path == note ? "this note" : path)
    }
    let named = result.measures(named: reference.measure)
    guard !named.isEmpty else {
      throw Self.unknown(
        .unknownMeasure, "measure", reference.measure, among: result.measureNames,
        in: "‘\(key.id)’ (\(result.planned.kind.name))")
    }
    let fitting = named.filter { measure in reference.selectors.allSatisfy { Self.fits($0, measure) } }
    guard !fitting.isEmpty else { throw Self.unknownSelector(reference, among: named) }
    return fitting.map { ResolvedMeasure(experiment: key, measure: $0) }
  }

  /// The one value that a reference names.
  func value(of reference: MeasureReference, from note: String) throws(Failure) -> ResolvedMeasure {
    let values = try values(of: reference, from: note)
    guard values.count == 1 else {
      let choices = values.prefix(6).map { "\(reference.experiment).\($0.measure.text)" }
      throw Failure(
        code: .ambiguousSelector, summary: "‘\(reference.text)’ names \(values.count) values",
        help: "say which one: \(choices.joined(separator: ", "))\(values.count > 6 ? ", …" : "")")
    }
    return values[0]
  }

  private func note(of reference: MeasureReference, from note: String) throws(Failure) -> String {
    guard let written = reference.note else { return note }
    guard let path = NotePath.resolve(written, from: note) else {
      throw Failure(code: .pathLeavesSite, summary: "‘\(written)’ lies outside the site")
    }
    guard notes.contains(path) else {
      let nearest = Spelling.nearest(to: path, among: notes.sorted())
      throw Failure(
        code: .noSuchNote, summary: "there is no note ‘\(path)’",
        label: nearest.map { "did you mean ‘\(NotePath.relative(to: $0, fromFileAt: note))’?" })
    }
    return path
  }

  private static func fits(_ selector: MeasureReference.Selector, _ measure: Measure) -> Bool {
    measure.coordinates.contains { coordinate in
      (selector.coordinate == nil || selector.coordinate == coordinate.name)
        && coordinate.matches(selector.value)
    }
  }

  private static func unknown(
    _ code: DiagnosticCode, _ noun: String, _ name: String, among known: [String], in place: String
  ) -> Failure {
    let nearest = Spelling.nearest(to: name, among: known)
    return Failure(
      code: code, summary: "\(place) has no \(noun) called ‘\(name)’",
      label: nearest.map { "did you mean ‘\($0)’?" },
      help: known.isEmpty ? nil : "there \(known.count == 1 ? "is" : "are"): \(known.joined(separator: ", "))"
    )
  }

  private static func unknownSelector(_ reference: MeasureReference, among measures: [Measure]) -> Failure {
    let wrong = reference.selectors.first { selector in !measures.contains { fits(selector, $0) } }
    let coordinates = measures[0].coordinates
    guard let wrong else {
      return Failure(
        code: .unknownSelector, summary: "no value of ‘\(reference.measure)’ fits all of ‘\(reference.text)’")
    }
    if coordinates.isEmpty {
      return Failure(
        code: .unknownSelector,
        summary: "‘\(reference.measure)’ has only one value; ‘[\(wrong.value)]’ selects nothing",
        help: "leave the brackets away")
    }
    let names = coordinates.map(\.name)
    if let name = wrong.coordinate, !names.contains(name) {
      return Failure(
        code: .unknownSelector, summary: "‘\(reference.measure)’ has no coordinate called ‘\(name)’",
        label: Spelling.nearest(to: name, among: names).map { "did you mean ‘\($0)’?" },
        help: "its coordinates are: \(names.joined(separator: ", "))")
    }
    var known: [String] = []
    for label in measures.flatMap({ $0.coordinates.map(\.label) }) where !known.contains(label) {
      known.append(label)
    }
    let nearest = Spelling.nearest(to: wrong.value, among: known)
    return Failure(
      code: .unknownSelector, summary: "‘\(reference.measure)’ was not computed at ‘\(wrong.value)’",
      label: nearest.map { "did you mean ‘\($0)’?" },
      help: "it was computed at: \(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? ", …" : "")")
  }
}
