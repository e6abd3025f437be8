import Diagnostics
import NotebookModel
import Wording

/// What became of a checked number.
public struct NumberVerdict: Hashable, Sendable {
  /// The number as written.
  public let number: CheckedNumber
  /// The value that it names.
  public let resolved: ResolvedMeasure
  /// Whether they agree.
  public let agrees: Bool
  /// What the page shows: the text as written, or the value where the author left it to the build.
  public let shownText: String
  /// What to write instead, in the author's style; `nil` where nothing is wrong, or the writing is a relation (≤, ≥).
  public var correction: String?

  /// What `notebook fmt` writes into an empty link: at most three digits, and no more than are safe; as many as
  /// the link's title wants.
  public var fill: String {
    Fragility.safeText(
      resolved.measure.value, standardError: resolved.measure.standardError, tolerance: number.tolerance)
  }
}

/// What became of a claim.
public struct ClaimVerdict: Hashable, Sendable {
  /// The outcomes.
  public enum Outcome: String, Hashable, Sendable {
    /// The statement is true here.
    case holds
    /// The statement is false here.
    case refuted
    /// True or false by less than three standard errors.
    case inconclusive
    /// A source is named; nothing was computed.
    case cited
  }

  /// The statement.
  public let statement: ClaimStatement
  /// What came out.
  public let outcome: Outcome
  /// The relation as read; `nil` for cited claims.
  public let relation: Relation?
  /// The values it rests on, in the order named.
  public let evidence: [ResolvedMeasure]
  /// Both sides as computed, where the relation has two.
  public let sides: [Quantity]
  /// How far the values are from deciding otherwise, in standard errors: infinite where nothing is sampled, `nil` for
  /// cited claims.
  public let margin: Double?

  /// Whether this is what the author expects.
  public var isExpected: Bool {
    switch outcome {
    case .holds: statement.expectation == .holds
    case .refuted: statement.expectation == .refuted
    case .inconclusive, .cited: true
    }
  }
}

/// All verdicts of a site.
public struct Verification: Sendable {
  /// Verdicts on one note's numbers and claims.
  public struct OfNote: Hashable, Sendable {
    /// On checked numbers that name a value, in the order of the text.
    public let numbers: [NumberVerdict]
    /// On claims that could be read, in the order of the text.
    public let claims: [ClaimVerdict]

    /// How many checked numbers agree.
    public var agreeing: Int { numbers.count { $0.agrees } }
  }

  private let notes: [String: OfNote]
  /// What is wrong: numbers, references and claims.
  public let diagnostics: [Diagnostic]

  init(notes: [String: OfNote], diagnostics: [Diagnostic]) {
    self.notes = notes
    self.diagnostics = diagnostics
  }

  /// The verdicts on the note at `path`.
  public subscript(path: String) -> OfNote { notes[path] ?? OfNote(numbers: [], claims: []) }
}
