import Wording

/// What there is to know of a kind of problem: what it means, how it comes about, how to mend it.
public struct CatalogueEntry: Sendable {
  /// The problem in a few words, without a full stop.
  public let title: LocalText
  /// Whole sentences: why it is a problem, and what to do.
  public let explanation: LocalText
  /// Something that is wrong in this way, and the same mended.
  public let example: CatalogueExample

  init(title: LocalText, explanation: LocalText, example: CatalogueExample) {
    self.title = title
    self.explanation = explanation
    self.example = example
  }
}

/// Something that shows a problem, and the same without it.
public struct CatalogueExample: Sendable {
  /// What the texts are a part of. All but the sketches are run by the tests: the failing one must fail with its code,
  /// the mended one must not.
  public enum Place: String, CaseIterable, Sendable {
    /// Part of a note's text, behind its front matter and the experiment of ``CatalogueExample/experiment``.
    case passage
    /// A whole note.
    case note
    /// All of `notebook.yml`.
    case configuration
    /// A part of `page.mustache`.
    case template
    /// Commands, or something too large to be shown.
    case sketch
  }

  /// What the texts are a part of.
  public let place: Place
  /// What fails.
  public let failing: LocalText
  /// The same, mended.
  public let mended: LocalText

  init(_ place: Place, failing: LocalText, mended: LocalText) {
    self.place = place
    self.failing = failing
    self.mended = mended
  }

  /// The same characters in both languages: code has no language.
  init(_ place: Place, failing: String, mended: String) {
    self.init(place, failing: LocalText(same: failing), mended: LocalText(same: mended))
  }

  /// The experiment that passages refer to.
  public static let experiment = """
    ```yaml experiment scales
    kind: softmax
    headDimension: 4
    keys: 8
    queries: 16384
    trials: 256
    scales: [none, √d]
    seed: 7
    figure: none
    ```
    """
}
