import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// Compares what notes say with what experiments found.
public struct Verifier {
  private let resolver: MeasureResolver
  private var diagnostics: [Diagnostic] = []

  /// Verifies every checked number and claim of the documents.
  ///
  /// - Parameters:
  ///   - drafts: Paths of notes that are left out; what refers to them is told so.
  ///   - threads: How many threads to use; the result doesn't depend on it.
  public static func verify(
    _ documents: [NotebookDocument], _ results: ExperimentResults, drafts: Set<String> = [], threads: Int = 1
  ) -> Verification {
    let resolver = MeasureResolver(results: results, notes: Set(documents.map(\.path)), drafts: drafts)
    let verified = Parallel.map(documents, threads: threads) { document in
      var verifier = Verifier(resolver: resolver)
      return (verdicts: verifier.verify(document), diagnostics: verifier.diagnostics)
    }
    return Verification(
      notes: Dictionary(
        zip(documents.map(\.path), verified.map(\.verdicts)), uniquingKeysWith: { _, last in last }),
      diagnostics: verified.flatMap(\.diagnostics))
  }

  /// The verdicts on the claims of some notes alone.
  static func verify(
    _ documents: [NotebookDocument], _ results: ExperimentResults, claimsOf paths: Set<String>
  ) -> Verification {
    var verifier = Verifier(
      resolver: MeasureResolver(results: results, notes: Set(documents.map(\.path)), drafts: []))
    var notes: [String: Verification.OfNote] = [:]
    for document in documents where paths.contains(document.path) {
      notes[document.path] = Verification.OfNote(numbers: [], claims: verifier.claims(of: document))
    }
    return Verification(notes: notes, diagnostics: verifier.diagnostics)
  }

  private init(resolver: MeasureResolver) {
    self.resolver = resolver
  }

  private mutating func verify(_ document: NotebookDocument) -> Verification.OfNote {
    let numbers = document.checkedNumbers.compactMap { verify($0, in: document) }
    return Verification.OfNote(numbers: numbers, claims: claims(of: document))
  }

  private mutating func claims(of document: NotebookDocument) -> [ClaimVerdict] {
    var claims: [ClaimVerdict] = []
    for case .claims(let directive) in document.directives {
      claims += directive.claims.compactMap { verify($0, in: document) }
    }
    return claims
  }

  private mutating func report(
    _ failure: MeasureResolver.Failure, at location: SourceLocation, in document: NotebookDocument
  ) {
    guard !failure.isConsequence else { return }
    diagnostics.append(
      Diagnostic(
        failure.code, failure.summary, at: location, label: failure.label, help: failure.help,
        fixes: failure.misspelling?.fixes(inside: location, of: document.source) ?? []))
  }

  // MARK: Numbers

  private mutating func verify(_ number: CheckedNumber, in document: NotebookDocument) -> NumberVerdict? {
    let resolved: ResolvedMeasure
    do {
      resolved = try resolver.value(of: number.reference, from: document.path)
    } catch {
      report(error, at: SourceLocation(path: document.path, range: number.destinationRange), in: document)
      return nil
    }
    let value = resolved.measure.value
    guard let literal = number.literal else {
      return NumberVerdict(
        number: number, resolved: resolved, agrees: true, shownText: NumberFormat.text.string(value))
    }
    let agrees = number.tolerance.accepts(value, for: literal)
    if !agrees { diagnostics.append(wrong(number, literal, resolved, in: document)) }
    if agrees, let fragility = Fragility(number, literal, resolved.measure) {
      diagnostics.append(
        Diagnostic(
          .fragileNumber, severity: .warning, fragility.summary,
          at: SourceLocation(path: document.path, range: number.textRange), label: fragility.label,
          help: fragility.help))
    }
    var verdict = NumberVerdict(number: number, resolved: resolved, agrees: agrees, shownText: number.text)
    if case .bound = number.tolerance { return verdict }
    if !agrees { verdict.correction = Self.correction(of: number, literal, value) }
    return verdict
  }

  private func wrong(
    _ number: CheckedNumber, _ literal: NumberLiteral, _ resolved: ResolvedMeasure,
    in document: NotebookDocument
  ) -> Diagnostic {
    let computed = Self.describe(resolved.measure, asPercent: literal.writtenPower == -2)
    let correction = Self.correction(of: number, literal, resolved.measure.value)
    var notes = [
      Diagnostic.Note(
        LocalText("‘\(number.reference.text)’ was computed here", "‘\(number.reference.text)’ 在这里算出"),
        at: resolver.results[resolved.experiment]?.planned.location)
    ]
    switch number.tolerance {
    case .asWritten: break
    case .absolute(let margin):
      notes.append(Diagnostic.Note(Self.allowing("±\(NumberFormat.text.string(margin))")))
    case .relative(let share):
      notes.append(Diagnostic.Note(Self.allowing("±\(NumberFormat.text.string(share * 100))%")))
    case .exact:
      notes.append(
        Diagnostic.Note(LocalText("the link's title asks for the exact value", "链接的标题要求与算出的值完全相等")))
    case .bound(.atMost):
      notes.append(Diagnostic.Note(LocalText("the text says that it is at most this", "正文说的是不超过此数")))
    case .bound(.atLeast):
      notes.append(Diagnostic.Note(LocalText("the text says that it is at least this", "正文说的是不低于此数")))
    }
    return Diagnostic(
      .wrongNumber,
      LocalText(
        "the text says \(number.text), but \(number.reference.text) is \(computed)",
        "正文写的是 \(number.text)，而 \(number.reference.text) 是 \(computed)"),
      at: SourceLocation(path: document.path, range: number.textRange),
      label: LocalText("computed: \(computed)", "算得：\(computed)"),
      notes: notes, help: LocalText("write \(correction)", "改为 \(correction)"))
  }

  private static func allowing(_ margin: String) -> LocalText {
    LocalText("the link's title allows \(margin)", "链接的标题允许 \(margin)")
  }

  /// The value with as many digits as were written, or more where the tolerance would not accept so few.
  private static func correction(
    of number: CheckedNumber, _ literal: NumberLiteral, _ value: Double
  ) -> String {
    for moreDigits in 0...40 {
      let text = literal.rewriting(value, moreDigits: moreDigits)
      if let read = literal.reading(text), number.tolerance.accepts(value, for: read) { return text }
    }
    return literal.rewriting(value)
  }

  /// `0.7312 ± 0.0009 nat`, with as many digits as the error supports.
  static func describe(_ measure: Measure, asPercent: Bool = false) -> String {
    let text = NumberFormat.string(measure.value, standardError: measure.standardError, asPercent: asPercent)
    return text + (measure.unit.isEmpty || asPercent ? "" : " " + measure.unit)
  }

  // MARK: Claims

  private mutating func verify(_ statement: ClaimStatement, in document: NotebookDocument) -> ClaimVerdict? {
    guard case .check(let check) = statement.basis else {
      return ClaimVerdict(
        statement: statement, outcome: .cited, relation: nil, evidence: [], sides: [], margin: nil)
    }
    let relation: Relation
    do {
      relation = try RelationParser.parse(check.value)
    } catch {
      diagnostics.append(
        Diagnostic(
          .invalidClaim,
          LocalText("claim ‘\(statement.id.value)’ can't be read: ", "读不懂论断 ‘\(statement.id.value)’：")
            + error.summary,
          at: place(error.range, in: check, of: document), help: error.help))
      return nil
    }
    guard let (judgement, evidence) = judge(relation, check, in: document) else { return nil }
    let verdict = ClaimVerdict(
      statement: statement, outcome: judgement.outcome, relation: relation, evidence: evidence,
      sides: judgement.sides, margin: judgement.margin)
    if let problem = problem(with: verdict, check, judgement, in: document) { diagnostics.append(problem) }
    return verdict
  }

  private mutating func judge(
    _ relation: Relation, _ check: Located<String>, in document: NotebookDocument
  ) -> (ClaimJudge.Judgement, [ResolvedMeasure])? {
    guard !relation.references.isEmpty else {
      diagnostics.append(
        Diagnostic(
          .invalidClaim,
          LocalText(
            "this claim names no measure, so nothing computed can decide it", "这条论断没有提到任何度量，算出的结果无从判断它"),
          at: SourceLocation(path: document.path, range: check.range),
          help: LocalText("name one as experiment.measure[selector]", "写出一个度量：experiment.measure[selector]")))
      return nil
    }
    var judge = RelationJudge(
      resolver: resolver, note: document.path, length: check.value.utf8.count)
    let judgement = judge.judge(relation)
    for problem in judge.problems where !problem.isConsequence {
      let location = place(problem.range, in: check, of: document)
      diagnostics.append(
        Diagnostic(
          problem.code, problem.summary, at: location, label: problem.label, help: problem.help,
          fixes: problem.misspelling?.fixes(inside: location, of: document.source) ?? []))
    }
    return judgement.map { ($0, judge.evidence) }
  }

  private func problem(
    with verdict: ClaimVerdict, _ check: Located<String>, _ judgement: ClaimJudge.Judgement,
    in document: NotebookDocument
  ) -> Diagnostic? {
    let location = SourceLocation(path: document.path, range: check.range)
    let id = verdict.statement.id.value
    let computed = evidence(of: verdict, check, in: document)
    if verdict.outcome == .inconclusive {
      let errors = NumberFormat.decimals(1).string(judgement.margin)
      return Diagnostic(
        .claimInconclusive, severity: .warning,
        LocalText(
          "claim ‘\(id)’ is undecided: the values are \(errors) standard errors from the other verdict, 3 are needed",
          "论断 ‘\(id)’ 未定：离相反的结论只有 \(errors) 个标准误，至少要 3 个"),
        at: location, notes: computed, help: SampleAdvice(verdict, in: resolver.results).help)
    }
    guard !verdict.isExpected else { return nil }
    switch verdict.statement.expectation {
    case .holds:
      return Diagnostic(
        .claimFails, LocalText("claim ‘\(id)’ does not hold", "论断 ‘\(id)’ 不成立"), at: location,
        label: LocalText("computed otherwise", "算出来不是这样"),
        notes: computed,
        help: LocalText(
          "correct the text, or write ‘expect: refuted’ if the note means to refute it",
          "改正正文；如果笔记本意是要反驳它，写 ‘expect: refuted’"))
    case .refuted:
      return Diagnostic(
        .claimHoldsUnexpectedly,
        LocalText("claim ‘\(id)’ should be refuted, but it holds", "论断 ‘\(id)’ 本应不成立，却成立了"), at: location,
        notes: computed,
        help: LocalText("write ‘expect: holds’, or correct the relation", "写 ‘expect: holds’，或改正这个关系"))
    }
  }

  /// The values that a verdict rests on, each where the relation names it.
  private func evidence(
    of verdict: ClaimVerdict, _ check: Located<String>, in document: NotebookDocument
  ) -> [Diagnostic.Note] {
    let named = (verdict.relation?.references ?? []).map { reference, range in
      (range: range, values: (try? resolver.values(of: reference, from: document.path)) ?? [])
    }
    return verdict.evidence.prefix(8).map { resolved in
      let value = Self.describe(resolved.measure)
      let text = resolved.measure.text
      let terms = named.filter { $0.values.contains(resolved) }
      // Of several values that one term stands for, each is called by its conditions.
      let conditions = resolved.measure.coordinates.map(\.label).joined(separator: ", ")
      let isAlone = terms.first.map { $0.values.count == 1 } ?? true
      return Diagnostic.Note(
        LocalText(
          "\(resolved.experiment.id).\(text) is \(value)", "\(resolved.experiment.id).\(text) 是 \(value)"),
        at: terms.first.map { place($0.range, in: check, of: document) },
        label: isAlone
          ? LocalText(same: value) : LocalText("\(conditions): \(value)", "\(conditions)：\(value)"))
    }
  }

  /// A range inside the relation's text, in the file.
  private func place(_ range: Range<Int>, in check: Located<String>, of document: NotebookDocument)
    -> SourceLocation
  {
    SourceLocation(path: document.path, range: check.fileRange(of: range))
  }
}
