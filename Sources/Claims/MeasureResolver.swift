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
  /// Paths of notes that are left out.
  let drafts: Set<String>

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
  ///
  /// - Parameter trend: A coordinate that selectors without a name don't mean, because the values run along it.
  func values(
    of reference: MeasureReference, from note: String, along trend: String? = nil
  ) throws(Failure) -> [ResolvedMeasure] {
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
    var fitting = named.filter { measure in
      Self.fit(
        reference.selectors[...], measure.coordinates.filter { $0.name != trend }, named: measure.coordinates)
    }
    if fitting.isEmpty, let trend,
      named.contains(where: { Self.fit(reference.selectors[...], $0.coordinates, named: $0.coordinates) })
    {
      throw Failure(
        code: .invalidClaim,
        summary: "‘\(reference.text)’ picks one place of ‘\(trend)’, where nothing can rise or fall",
        help: "leave the selector away")
    }
    guard !fitting.isEmpty else { throw Self.unknownSelector(reference, among: named) }
    if fitting.count > 1, trend == nil, reference.selectors.count == fitting[0].coordinates.count {
      // Several ways to read ‘[8, 8]’: the order of the coordinates decides.
      let inOrder = fitting.filter {
        zip(reference.selectors, $0.coordinates).allSatisfy { Self.fits($0, $1) }
      }
      if !inOrder.isEmpty { fitting = inOrder }
    }
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
      if drafts.contains(path) {
        throw Failure(
          code: .noSuchNote, summary: "‘\(path)’ is a draft, and drafts are left out",
          help: "include it with --drafts")
      }
      let nearest = Spelling.nearest(to: path, among: notes.subtracting([note]).sorted())
      throw Failure(
        code: .noSuchNote, summary: "there is no note ‘\(path)’",
        label: nearest.map { "did you mean ‘\(NotePath.relative(to: $0, fromFileAt: note))’?" })
    }
    return path
  }

  /// Whether each selector finds a coordinate of its own.
  private static func fit(
    _ selectors: ArraySlice<MeasureReference.Selector>, _ free: [Coordinate], named all: [Coordinate]
  ) -> Bool {
    guard let selector = selectors.first else { return true }
    let candidates = selector.coordinate == nil ? free : all.filter { $0.name == selector.coordinate }
    return candidates.contains { coordinate in
      coordinate.matches(selector.value)
        && fit(
          selectors.dropFirst(), free.filter { $0.name != coordinate.name },
          named: all.filter { $0.name != coordinate.name })
    }
  }

  private static func fits(_ selector: MeasureReference.Selector, _ coordinate: Coordinate) -> Bool {
    (selector.coordinate == nil || selector.coordinate == coordinate.name)
      && coordinate.matches(selector.value)
  }

  private static func fits(_ selector: MeasureReference.Selector, _ measure: Measure) -> Bool {
    measure.coordinates.contains { fits(selector, $0) }
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
