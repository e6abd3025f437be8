import Diagnostics
import MarkdownTree
import Wording

/// A note, read: what it says of itself, its text as a tree, and the parts that are computed and checked.
public struct NotebookDocument: Sendable {
  /// The file.
  public let source: SourceFile
  /// What the note says of itself; `nil` where that has errors.
  public let frontMatter: FrontMatter?
  /// The text.
  public let markdown: MarkdownDocument
  /// Experiments and claims in the order of the text.
  public let directives: [Directive]
  /// Numbers to be checked, in the order of the text.
  public let checkedNumbers: [CheckedNumber]
  /// The language of the text.
  public let language: Language

  /// The file's path inside the site.
  public var path: String { source.path }

  /// The statements of all claims directives.
  public var claims: [ClaimStatement] {
    directives.flatMap { directive -> [ClaimStatement] in
      if case .claims(let block) = directive { block.claims } else { [] }
    }
  }
}
