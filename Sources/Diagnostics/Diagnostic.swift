import Wording

/// What is wrong with a note, a claim or the site, said so that its author can mend it.
public struct Diagnostic: Error, Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Comparable, Hashable, Sendable {
    /// The build fails.
    case error
    /// Worth the author's attention; fails only a strict build.
    case warning

    /// Errors come before warnings.
    public static func < (left: Severity, right: Severity) -> Bool { left == .error && right == .warning }
  }

  /// A further sentence, with its own place where it has one.
  public struct Note: Hashable, Sendable {
    /// The sentence.
    public var text: LocalText
    /// What it speaks of, if that stands in a file.
    public var location: SourceLocation?
    /// A few words beside the place where it is shown, if the sentence would say again what stands there.
    public var label: LocalText?

    /// A sentence about a place, or about nothing in particular.
    public init(_ text: LocalText, at location: SourceLocation? = nil, label: LocalText? = nil) {
      self.text = text
      self.location = location
      self.label = label
    }
  }

  /// The stable name of the kind of problem.
  public var code: DiagnosticCode
  /// How bad it is.
  public var severity: Severity
  /// One sentence: what is wrong. No full stop at the end.
  public var summary: LocalText
  /// Where; `nil` for problems of the whole site or command.
  public var location: SourceLocation?
  /// A few words put right behind the caret: "did you mean ‘softmax’?".
  public var label: LocalText?
  /// Further sentences: what was computed, where the other one stands.
  public var notes: [Note]
  /// How to mend it, where that is not plain from the summary.
  public var help: LocalText?
  /// Changes that mend it and can't be wrong; each mends it alone.
  public var fixes: [Fix]

  /// A diagnostic; `notes` and `help` are for what the summary does not say.
  public init(
    _ code: DiagnosticCode, severity: Severity = .error, _ summary: LocalText, at location: SourceLocation?,
    label: LocalText? = nil, notes: [Note] = [], help: LocalText? = nil, fixes: [Fix] = []
  ) {
    self.code = code
    self.severity = severity
    self.summary = summary
    self.location = location
    self.label = label
    self.notes = notes
    self.help = help
    self.fixes = fixes
  }
}

extension [Diagnostic] {
  /// Whether a build with these diagnostics fails.
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// By file, place, severity and code, without repetitions: the same order however the work was spread over threads.
  public func sortedForPrinting() -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    return filter { seen.insert($0).inserted }.sorted { left, right in
      let (a, b) = (left.location, right.location)
      if a?.path != b?.path { return (a?.path ?? "") < (b?.path ?? "") }
      if a?.range.lowerBound != b?.range.lowerBound {
        return (a?.range.lowerBound ?? 0) < (b?.range.lowerBound ?? 0)
      }
      if left.severity != right.severity { return left.severity < right.severity }
      if left.code != right.code { return left.code.rawValue < right.code.rawValue }
      return left.summary.english < right.summary.english
    }
  }
}

extension LocalText {
  /// The words behind a caret that points at a misspelt name.
  public static func didYouMean(_ name: String) -> LocalText {
    LocalText("did you mean ‘\(name)’?", "你是不是想写 ‘\(name)’？")
  }

  /// The same as a sentence behind another one; nothing where no name is near enough.
  public static func didYouMeanToo(_ name: String?) -> LocalText {
    guard let name else { return LocalText(same: "") }
    return LocalText(". Did you mean ‘\(name)’?", "。你是不是想写 ‘\(name)’？")
  }

  /// The same, where there may be no name that is near enough.
  public static func didYouMean(_ name: String?) -> LocalText? {
    name.map { .didYouMean($0) as LocalText }
  }
}
