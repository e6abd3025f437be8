import Wording

/// Everything that a run has to say, for programs that read it: problems in order, and what became of each statement.
public struct DiagnosticReport: Sendable {
  /// A claim or a checked number, and what became of it.
  public struct Statement: Hashable, Sendable {
    /// What can be checked.
    public enum Kind: String, Hashable, Sendable {
      /// A claim of a `yaml claims` block.
      case claim
      /// A number in the text with a link to a measure.
      case number
    }

    /// What came out.
    public enum Outcome: String, Hashable, Sendable {
      /// As the note says.
      case passed
      /// Not as the note says.
      case failed
      /// It could not be found out: the reference or the relation is broken.
      case broken
      /// The sampling error is larger than the margin.
      case inconclusive
      /// A source is named; nothing was computed.
      case cited
    }

    /// Which of the two.
    public let kind: Kind
    /// The claim's id; the number as written with the measure that it names.
    public let name: String
    /// Where it stands.
    public let location: SourceLocation
    /// What came out.
    public let outcome: Outcome

    /// A statement and its outcome.
    public init(kind: Kind, name: String, location: SourceLocation, outcome: Outcome) {
      self.kind = kind
      self.name = name
      self.location = location
      self.outcome = outcome
    }
  }

  let diagnostics: [Diagnostic]
  let statements: [Statement]
  let language: Language
  let programVersion: String
  let places: SourcePlaces
  /// Put before the path of a file in formats that need paths from where the program was called; ends in `/` or is empty.
  let root: String

  /// A report.
  ///
  /// - Parameters:
  ///   - diagnostics: In any order; they are sorted, and none is left out.
  ///   - statements: The claims and checked numbers in the order of the notes.
  ///   - sources: The files that locations are in.
  ///   - language: Of messages and of titles.
  ///   - programVersion: Named where a format has a place for it.
  ///   - root: The site's folder, seen from where the program was called; empty where that is the site.
  public init(
    _ diagnostics: [Diagnostic], statements: [Statement], sources: [SourceFile], language: Language,
    programVersion: String, root: String = ""
  ) {
    self.diagnostics = diagnostics.sortedForPrinting()
    self.statements = statements
    self.language = language
    self.programVersion = programVersion
    places = SourcePlaces(sources)
    self.root = root.isEmpty || root.hasSuffix("/") ? root : root + "/"
  }

  func path(_ location: SourceLocation) -> String { root + location.path }
}

/// Finds lines and columns of byte ranges.
struct SourcePlaces: Sendable {
  /// Where a range starts and ends; lines and columns from 1, in Unicode scalars, the end exclusive.
  struct Region {
    let start: SourcePosition
    let end: SourcePosition
  }

  private let sources: [String: SourceFile]

  init(_ sources: [SourceFile]) {
    self.sources = Dictionary(sources.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// `nil` where the file was never read, so that it has no lines.
  func region(_ location: SourceLocation) -> Region? {
    guard let source = sources[location.path] else { return nil }
    return Region(
      start: source.position(of: location.range.lowerBound),
      end: source.position(of: location.range.upperBound))
  }

  /// The text at a location; `nil` where the file was never read.
  func text(_ location: SourceLocation) -> String? { sources[location.path]?.text(location.range) }
}
