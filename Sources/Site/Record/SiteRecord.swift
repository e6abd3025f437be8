import AttentionKernel
import Claims
import Experiments
import NotebookModel
import Wording

/// What a site publishes of itself in `claims.json`: enough to run every experiment again and to check every page, without
/// the notes. `docs/claims-json.md` describes the file for others.
struct SiteRecord {
  /// The file's path in the site.
  static let fileName = "claims.json"
  /// What the file calls its own format.
  static let format = "notebook-claims"
  /// The version of the format; raised when a reader of the old one would misunderstand the new one.
  static let version = 1

  /// The whole file as a value.
  let json: JSONValue

  /// The record of some notes in the order of their pages.
  ///
  /// - Parameter files: The pages of the site and the data of their figures.
  init(
    _ map: SiteMap, _ results: ExperimentResults, _ verification: Verification, files: [SiteOutput.File],
    language: Language, programVersion: String
  ) {
    json = .object([
      "format": .string(Self.format), "version": .integer(Self.version), "program": .string(programVersion),
      "numericContract": .integer(NumericContract.version), "language": .string(language.tag),
      "notes": .array(Self.notes(map, results, verification, isLinked: Self.isLinked)),
      "files": .array(SiteOutput(files).files.compactMap(Self.file)),
    ])
  }

  private static func file(_ file: SiteOutput.File) -> JSONValue? {
    guard case .bytes(let bytes) = file.content else { return nil }
    return .object(["path": .string(file.path), "fingerprint": .string(Fingerprint.text(of: bytes))])
  }

  /// The notes of a record.
  ///
  /// - Parameter isLinked: Whether a number is a link in its page, rather than words only.
  static func notes(
    _ map: SiteMap, _ results: ExperimentResults, _ verification: Verification,
    isLinked: (CheckedNumber, NotebookDocument) -> Bool
  ) -> [JSONValue] {
    map.order.compactMap { map.pages[$0] }.map { page in
      let path = page.document.path
      return note(page, results.of(note: path), verification[path]) { isLinked($0, page.document) }
    }
  }

  /// Titles of figures, claims and descriptions of pictures hold no links: what stands there is words.
  static func isLinked(_ number: CheckedNumber, in document: NotebookDocument) -> Bool {
    let place = number.range.lowerBound
    return !document.directives.contains { $0.range.contains(place) }
      && !document.markdown.index.images.contains { $0.range.contains(place) }
  }

  /// The file's bytes.
  var bytes: [UInt8] { Array((json.text(indented: true) + "\n").utf8) }

  private static func note(
    _ page: SiteMap.Page, _ results: [ExperimentResult], _ verdicts: Verification.OfNote,
    isLinked: (CheckedNumber) -> Bool
  ) -> JSONValue {
    .object([
      "path": .string(page.document.path), "page": .string(page.path),
      "language": .string(page.document.language.tag), "title": .string(page.frontMatter.title.value),
      "date": .string(page.frontMatter.date.value.isoText),
      "experiments": .array(results.map { ResultReport.json($0, isPublished: true, measure: measure) }),
      "numbers": .array(
        verdicts.numbers.enumerated().map { number($1, ordinal: $0 + 1, isLinked: isLinked($1.number)) }),
      "claims": .array(verdicts.claims.map(claim)),
    ])
  }

  private static func measure(_ measure: Measure) -> JSONValue {
    var members = ResultReport.members(of: measure)
    if measure.coordinates.contains(where: { !$0.isNumeric }) {
      // What orders √d and 2√d is not seen from their names.
      members.append(
        JSONValue.Member(key: "at", value: .array(measure.coordinates.map { .number($0.number) })))
    }
    return .object(members)
  }

  private static func number(_ verdict: NumberVerdict, ordinal: Int, isLinked: Bool) -> JSONValue {
    let number = verdict.number
    var members = [
      JSONValue.Member(key: "id", value: .string(RecordAnchor.number(ordinal))),
      JSONValue.Member(key: "text", value: .string(verdict.shownText)),
    ]
    // The first of ‘61–88%’ takes its percent sign from the second.
    if number.literal != nil, number.standaloneText != verdict.shownText {
      members.append(JSONValue.Member(key: "reads", value: .string(number.standaloneText)))
    }
    let rest: KeyValuePairs<String, JSONValue> = [
      "linked": .bool(isLinked),
      // An empty link that the build filled in promises nothing of its own.
      "filledIn": .bool(number.literal == nil),
      "target": .string(target(of: number.reference)),
      "tolerance": number.tolerance.title.map { .string($0) } ?? .null,
      "evidence": evidence(verdict.resolved),
    ]
    return .object(members + rest.map { JSONValue.Member(key: $0.key, value: $0.value) })
  }

  /// The link's target as it is written in the note.
  private static func target(of reference: MeasureReference) -> String {
    (reference.note == nil ? "#" : "") + reference.text
  }

  private static func claim(_ verdict: ClaimVerdict) -> JSONValue {
    let statement = verdict.statement
    var members: [JSONValue.Member] = [JSONValue.Member(key: "id", value: .string(statement.id.value))]
    func add(_ key: String, _ value: JSONValue?) {
      if let value { members.append(JSONValue.Member(key: key, value: value)) }
    }
    add("says", statement.says.map { .string($0.plain) })
    switch statement.basis {
    case .check(let check): add("check", .string(check.value))
    case .cited(let source): add("cited", .string(source.value))
    }
    if statement.expectation != .holds { add("expect", .string(statement.expectation.rawValue)) }
    add("because", statement.because.map { .string($0.plain) })
    add("verdict", .string(verdict.outcome.rawValue))
    guard let margin = verdict.margin else { return .object(members) }
    // JSON has no infinity: exact values decide without a margin.
    add("margin", margin.isFinite ? .number(margin) : .null)
    add("evidence", .array(verdict.evidence.map(evidence)))
    return .object(members)
  }

  private static func evidence(_ resolved: ResolvedMeasure) -> JSONValue {
    .object([
      "note": .string(resolved.experiment.note), "experiment": .string(resolved.experiment.id),
      "measure": .string(resolved.measure.name), "coordinates": resolved.measure.coordinatesJSON,
      "value": .number(resolved.measure.value),
      "standardError": resolved.measure.standardError.map { .number($0) } ?? .null,
    ])
  }
}
