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
package struct MeasureResolver {
  package let results: ExperimentResults
  /// Paths of all notes, for references across notes.
  let notes: Set<String>
  /// Paths of notes that are left out.
  let drafts: Set<String>

  /// Why a reference names no value.
  package struct Failure: Error {
    package let code: DiagnosticCode
    package let summary: LocalText
    package var label: LocalText?
    package var help: LocalText?
    /// A name of the reference that was spelt wrongly, and those that would have been right.
    package var misspelling: Misspelling?
    /// The experiment itself is broken and was reported; a second message would only be noise.
    package var isConsequence = false
  }

  /// A resolver over the results of a site.
  package init(results: ExperimentResults, notes: Set<String>, drafts: Set<String>) {
    self.results = results
    self.notes = notes
    self.drafts = drafts
  }

  /// All values of the measure that fit the selectors, at least one.
  ///
  /// - Parameter trend: A coordinate that selectors without a name don't mean, because the values run along it.
  package func values(
    of reference: MeasureReference, from note: String, along trend: String? = nil
  ) throws(Failure) -> [ResolvedMeasure] {
    let (key, result) = try experiment(of: reference, from: note)
    let named = result.measures(named: reference.measure)
    if let missing = Self.missing(reference, in: result, beside: named) { throw missing }
    guard !named.isEmpty else {
      throw Self.unknown(
        .unknownMeasure, LocalText("measure", "度量"), reference.measure, among: result.measureNames,
        in: LocalText("‘\(key.id)’ (\(result.planned.kind.name))", "‘\(key.id)’（\(result.planned.kind.name)）")
      )
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
        summary: LocalText(
          "‘\(reference.text)’ picks one place of ‘\(trend)’, where nothing can rise or fall",
          "‘\(reference.text)’ 只取了 ‘\(trend)’ 的一处，单独一处谈不上升降"),
        help: LocalText("leave the selector away", "去掉方括号里的条件"))
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

  /// The experiment that a reference names, with what it found.
  package func experiment(
    of reference: MeasureReference, from note: String
  ) throws(Failure) -> (key: ExperimentKey, result: ExperimentResult) {
    let path = try self.note(of: reference, from: note)
    let key = ExperimentKey(note: path, id: reference.experiment)
    guard let result = results[key] else {
      if results.failed.contains(key) {
        throw Failure(
          code: .unknownExperiment,
          summary: LocalText("experiment ‘\(key.id)’ has no results", "实验 ‘\(key.id)’ 没有结果"),
          isConsequence: true)
      }
      let known = (results.keys + results.failed.sorted()).filter { $0.note == path }.map(\.id)
      throw Self.unknown(
        .unknownExperiment, LocalText("experiment", "实验"), reference.experiment, among: known,
        in: path == note ? LocalText("this note", "本笔记") : LocalText(path, "‘\(path)’ "))
    }
    return (key, result)
  }

  /// The one value that a reference names.
  func value(of reference: MeasureReference, from note: String) throws(Failure) -> ResolvedMeasure {
    let values = try values(of: reference, from: note)
    guard values.count == 1 else {
      let choices = values.map { "\(reference.experiment).\($0.measure.text)" }
      throw Failure(
        code: .ambiguousSelector,
        summary: LocalText(
          "‘\(reference.text)’ names \(values.count) values", "‘\(reference.text)’ 同时指 \(values.count) 个值"),
        help: LocalText("say which one: ", "请说明是哪一个：") + .list(choices, atMost: 6))
    }
    return values[0]
  }

  private func note(of reference: MeasureReference, from note: String) throws(Failure) -> String {
    guard let written = reference.note else { return note }
    guard let path = NotePath.resolve(written, from: note) else {
      throw Failure(
        code: .pathLeavesSite, summary: LocalText("‘\(written)’ lies outside the site", "‘\(written)’ 在站点之外"))
    }
    guard notes.contains(path) else {
      if drafts.contains(path) {
        throw Failure(
          code: .noSuchNote,
          summary: LocalText("‘\(path)’ is a draft, and drafts are left out", "‘\(path)’ 是草稿，草稿不参加构建"),
          help: LocalText("include it with --drafts", "用 --drafts 把草稿也算进来"))
      }
      let nearest = Spelling.nearest(to: path, among: notes.subtracting([note]).sorted())
      throw Failure(
        code: .noSuchNote, summary: LocalText("there is no note ‘\(path)’", "没有 ‘\(path)’ 这篇笔记"),
        label: .didYouMean(nearest.map { NotePath.relative(to: $0, fromFileAt: note) }))
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

  /// Why the measure that a reference means has no value, where the experiment says so; `nil` where others fit.
  private static func missing(
    _ reference: MeasureReference, in result: ExperimentResult, beside named: [Measure]
  ) -> Failure? {
    guard
      let missing = result.outcome.missing.first(where: {
        $0.name == reference.measure
          && fit(reference.selectors[...], $0.coordinates, named: $0.coordinates)
      }),
      !named.contains(where: { fit(reference.selectors[...], $0.coordinates, named: $0.coordinates) })
    else { return nil }
    return Failure(
      code: .unknownMeasure,
      summary: LocalText("‘\(reference.text)’ has no value: ", "‘\(reference.text)’ 没有值：") + missing.reason)
  }

  private static func unknown(
    _ code: DiagnosticCode, _ noun: LocalText, _ name: String, among known: [String], in place: LocalText
  ) -> Failure {
    let nearest = Spelling.nearest(to: name, among: known)
    return Failure(
      code: code,
      summary: LocalText(
        "\(place.english) has no \(noun.english) called ‘\(name)’",
        "\(place.chinese)里没有叫 ‘\(name)’ 的\(noun.chinese)"),
      label: .didYouMean(nearest),
      help: known.isEmpty
        ? nil : LocalText(known.count == 1 ? "there is: " : "there are: ", "有这些：") + .list(known),
      misspelling: Misspelling(written: name, candidates: known))
  }

  private static func unknownSelector(_ reference: MeasureReference, among measures: [Measure]) -> Failure {
    let wrong = reference.selectors.first { selector in !measures.contains { fits(selector, $0) } }
    let coordinates = measures[0].coordinates
    guard let wrong else {
      return Failure(
        code: .unknownSelector,
        summary: LocalText(
          "no value of ‘\(reference.measure)’ fits all of ‘\(reference.text)’",
          "‘\(reference.measure)’ 没有哪个值同时符合 ‘\(reference.text)’ 的全部条件"))
    }
    if coordinates.isEmpty {
      return Failure(
        code: .unknownSelector,
        summary: LocalText(
          "‘\(reference.measure)’ has only one value; ‘[\(wrong.value)]’ selects nothing",
          "‘\(reference.measure)’ 只有一个值，‘[\(wrong.value)]’ 无从选起"),
        help: LocalText("leave the brackets away", "去掉方括号"))
    }
    let names = coordinates.map(\.name)
    if let name = wrong.coordinate, !names.contains(name) {
      return Failure(
        code: .unknownSelector, summary: noCoordinate(name, of: reference.measure),
        label: .didYouMean(Spelling.nearest(to: name, among: names)), help: Self.coordinates(names),
        misspelling: Misspelling(written: name, candidates: names))
    }
    var known: [String] = []
    for label in measures.flatMap({ $0.coordinates.map(\.label) }) where !known.contains(label) {
      known.append(label)
    }
    let nearest = Spelling.nearest(to: wrong.value, among: known)
    return Failure(
      code: .unknownSelector,
      summary: LocalText(
        "‘\(reference.measure)’ was not computed at ‘\(wrong.value)’",
        "没有算过 ‘\(wrong.value)’ 处的 ‘\(reference.measure)’"),
      label: .didYouMean(nearest),
      help: LocalText("it was computed at: ", "算过这些：") + .list(known, atMost: 12),
      misspelling: Misspelling(value: wrong.value, candidates: known))
  }

  static func noCoordinate(_ name: String, of measure: String) -> LocalText {
    LocalText("‘\(measure)’ has no coordinate called ‘\(name)’", "‘\(measure)’ 没有叫 ‘\(name)’ 的坐标")
  }

  static func coordinates(_ names: [String]) -> LocalText {
    LocalText("its coordinates are: ", "它的坐标有：") + .list(names)
  }
}

/// A name that was spelt wrongly, and the names that it could have been.
package struct Misspelling: Hashable, Sendable {
  package let written: String
  package let candidates: [String]

  /// A name that was spelt wrongly.
  package init(written: String, candidates: [String]) {
    self.written = written
    self.candidates = candidates
  }

  /// The same of a value: only what has the same digits can have been meant, for a wrong number is no slip that a machine
  /// may correct.
  package init(value: String, candidates: [String]) {
    func digits(_ text: String) -> String { text.filter(\.isNumber) }
    self.init(
      written: value, candidates: candidates.filter { digits($0) == digits(value) })
  }

  /// The correction, where the name stands inside `location` once and there is no doubt.
  package func fixes(inside location: SourceLocation, of source: SourceFile) -> [Fix] {
    Fix.spelling(written, inside: location, of: source, among: candidates)
  }
}
