import Diagnostics
import Wording

/// A fenced block that the program acts on.
public enum Directive: Hashable, Sendable {
  /// Something to compute.
  case experiment(ExperimentDirective)
  /// Statements about what was computed.
  case claims(ClaimsDirective)
  /// A figure of the author's own.
  case figure(CompositionDirective)
  /// A table of the author's own.
  case table(CompositionDirective)

  /// Where the whole block stands.
  public var range: Range<Int> {
    switch self {
    case .experiment(let directive): directive.range
    case .claims(let directive): directive.range
    case .figure(let directive), .table(let directive): directive.range
    }
  }
}

/// `yaml experiment ID`: what to compute, as written; experiments give it meaning.
public struct ExperimentDirective: Hashable, Sendable {
  /// The experiment's id, unique in its note.
  public var id: Located<String>
  /// The body, a mapping or nothing.
  public var body: YAMLValue?
  /// Whether the body could be read; if not, that was reported, and nothing else should be said of it.
  public var isReadable: Bool
  /// The body's text, for readers who want to run it themselves.
  public var source: String
  /// Where the whole block stands.
  public var range: Range<Int>
}

/// `yaml figure ID` and `yaml table ID`: what to show of what was computed, as written.
public struct CompositionDirective: Hashable, Sendable {
  /// The figure's or table's id, unique in its note.
  public var id: Located<String>
  /// The body, a mapping or nothing.
  public var body: YAMLValue?
  /// Whether the body could be read; if not, that was reported, and nothing else should be said of it.
  public var isReadable: Bool
  /// Where the whole block stands.
  public var range: Range<Int>
}

/// `yaml claims`: statements with their verdicts to be found.
public struct ClaimsDirective: Hashable, Sendable {
  /// The statements in the order written.
  public var claims: [ClaimStatement]
  /// Where the whole block stands.
  public var range: Range<Int>
}

/// One statement, as written.
public struct ClaimStatement: Hashable, Sendable {
  /// What the author expects to come out.
  public enum Expectation: String, CaseIterable, Hashable, Sendable {
    /// The statement is true: the build fails when it is not.
    case holds
    /// The statement is a mistake that the note corrects: the build fails when it turns out true.
    case refuted
  }

  /// What is said of it.
  public enum Basis: Hashable, Sendable {
    /// A relation over measures, to be checked.
    case check(Located<String>)
    /// A source; not verified here.
    case cited(Located<String>)
  }

  /// The claim's id, unique in its note.
  public var id: Located<String>
  /// The sentence for readers; the relation itself where the author gave none.
  public var says: CheckedText?
  /// The relation or the source.
  public var basis: Basis
  /// What the author expects.
  public var expectation: Expectation
  /// Why a refuted claim is wrong.
  public var because: CheckedText?
  /// Where the statement stands.
  public var range: Range<Int>

  /// The checked numbers in its words.
  public var numbers: [CheckedNumber] { (says?.numbers ?? []) + (because?.numbers ?? []) }
}

/// Reads the statements of a `yaml claims` block.
enum ClaimsReader {
  static func read(
    _ value: YAMLValue?, at location: SourceLocation
  ) -> (claims: [ClaimStatement], diagnostics: [Diagnostic]) {
    guard case .sequence(let items) = value?.content else {
      let found = value.map { $0.kindName }
      return (
        [],
        [
          Diagnostic(
            .wrongType,
            LocalText(
              "claims must be a list, " + (found.map { "not \($0.english)" } ?? "but there is nothing"),
              "论断必须是一个列表，而这里" + (found.map { "是\($0.chinese)" } ?? "什么也没有")),
            at: SourceLocation(path: location.path, range: value?.range ?? location.range),
            help: LocalText("start each claim with ‘- id: …’", "每条论断以 ‘- id: …’ 开头"))
        ]
      )
    }
    var claims: [ClaimStatement] = []
    var diagnostics: [Diagnostic] = []
    for item in items {
      let (claim, problems) = read(item, at: SourceLocation(path: location.path, range: item.range))
      diagnostics += problems
      if let claim { claims.append(claim) }
    }
    return (claims, diagnostics)
  }

  private static func read(
    _ item: YAMLValue, at location: SourceLocation
  ) -> (claim: ClaimStatement?, diagnostics: [Diagnostic]) {
    var reader = MappingReader(item, owner: LocalText("a claim", "论断"), at: location)
    guard case .mapping = item.content else { return (nil, reader.diagnostics) }
    let id = reader.requiredText("id")
    if let id, let problem = Identifier.problem(with: id.value) {
      reader.report(.invalidIdentifier, Identifier.refusal(of: id.value, because: problem), at: id.range)
    }
    let says = reader.text("says").map { CheckedText.read($0, path: location.path) }
    let check = reader.text("check")
    let cited = reader.text("cited")
    let expect = reader.text("expect")
    let because = reader.text("because").map { CheckedText.read($0, path: location.path) }
    var expectation = ClaimStatement.Expectation.holds
    if let expect {
      if let known = ClaimStatement.Expectation(rawValue: expect.value) {
        expectation = known
      } else {
        reader.report(
          .invalidValue,
          LocalText(
            "‘expect’ must be ‘holds’ or ‘refuted’, not ‘\(expect.value.prefix(40))’",
            "‘expect’ 必须是 ‘holds’ 或 ‘refuted’，不能是 ‘\(expect.value.prefix(40))’"),
          at: expect.range)
      }
    }
    reader.finish()
    var basis: ClaimStatement.Basis?
    switch (check, cited) {
    case (let check?, nil): basis = .check(check)
    case (nil, let cited?): basis = .cited(cited)
    case (_?, let cited?):
      reader.report(
        .invalidClaim,
        LocalText("a claim is either checked or cited, not both", "一条论断要么验证（check），要么引用（cited），不能两样都写"),
        at: cited.range,
        help: LocalText("make two claims of it", "拆成两条论断"))
    case (nil, nil):
      if !reader.diagnostics.contains(where: { $0.code == .wrongType }) {
        reader.report(
          .invalidClaim,
          LocalText("this claim says neither how to check it nor whom it cites", "这条论断既没说怎样验证，也没说引自何处"),
          at: id?.range ?? location.range,
          help: LocalText("add ‘check: …’ or ‘cited: …’", "补上 ‘check: …’ 或 ‘cited: …’"))
      }
    }
    if case .cited(let source)? = basis, says == nil {
      reader.report(
        .missingKey,
        LocalText("a cited claim needs ‘says’: what the source states", "引用的论断要有 ‘says’：出处是怎么说的"),
        at: source.range)
    }
    let diagnostics = reader.diagnostics + (says?.diagnostics ?? []) + (because?.diagnostics ?? [])
    guard let id, let basis else { return (nil, diagnostics) }
    return (
      ClaimStatement(
        id: id, says: says?.text, basis: basis, expectation: expectation, because: because?.text,
        range: location.range),
      diagnostics
    )
  }
}
