/// A piece of running text.
///
/// The set is closed: a switch over it needs no `default`.
/// Every `range` counts bytes of the source file, from 0, half-open. Where a piece goes on in the next line of a quote or
/// a list, its range spans the `>` and the indentation in between.
public enum Inline: Equatable, Sendable {
  /// Words, escapes and entities resolved.
  case text(Text)
  /// The end of a line that means no more than a space.
  case softBreak(LineEnd)
  /// The end of a line that breaks the line in the page too.
  case hardBreak(LineEnd)
  /// `` `code` ``.
  case code(CodeSpan)
  /// A raw HTML tag.
  case html(InlineHTML)
  /// `*…*`.
  case emphasis(Span)
  /// `**…**`.
  case strong(Span)
  /// `~~…~~`.
  case strikethrough(Span)
  /// A link of any kind.
  case link(Link)
  /// A picture.
  case image(Image)
  /// `[^label]`.
  case footnoteReference(FootnoteReference)

  /// Where it stands in the source file.
  public var range: Range<Int> {
    switch self {
    case .text(let text): text.range
    case .softBreak(let end), .hardBreak(let end): end.range
    case .code(let code): code.range
    case .html(let html): html.range
    case .emphasis(let span), .strong(let span), .strikethrough(let span): span.range
    case .link(let link): link.range
    case .image(let image): image.range
    case .footnoteReference(let reference): reference.range
    }
  }
}

/// Words.
public struct Text: Equatable, Sendable {
  /// Where they stand.
  public let range: Range<Int>
  /// The words as the reader sees them.
  public let literal: String
}

/// The end of a line within a paragraph.
public struct LineEnd: Equatable, Sendable {
  /// Where it stands, with the spaces or the backslash before it.
  public let range: Range<Int>
}

/// Code within a line.
public struct CodeSpan: Equatable, Sendable {
  /// Where it stands, backticks included.
  public let range: Range<Int>
  /// The code.
  public let literal: String
}

/// One raw HTML tag, comment or declaration within a line.
public struct InlineHTML: Equatable, Sendable {
  /// Where it stands.
  public let range: Range<Int>
  /// The HTML as written.
  public let literal: String
}

/// Text set off from the rest.
public struct Span: Equatable, Sendable {
  /// Where it stands, marks included.
  public let range: Range<Int>
  /// What is set off.
  public let children: [Inline]
}

/// How a link or a picture is written, and where its parts stand.
public enum LinkSource: Equatable, Sendable {
  /// `[text](destination "title")`. The destination's range is without `<>`, the title's without its quotes.
  case inline(text: Range<Int>, destination: Range<Int>, title: Range<Int>?)
  /// `[text][label]`, `[text][]` or `[text]`; the label's range is `nil` for the latter two.
  case reference(text: Range<Int>, label: Range<Int>?)
  /// `<https://…>` or a bare address; the range is without `<>`.
  case autolink(text: Range<Int>)
}

/// A link.
public struct Link: Equatable, Sendable {
  /// Where it stands, brackets included.
  public let range: Range<Int>
  /// Where it leads, entities and backslashes resolved; may be empty.
  public let destination: String
  /// Its title; `nil` where there is none.
  public let title: String?
  /// What the reader sees.
  public let children: [Inline]
  /// How it is written; `nil` only where the source could not be followed, and then `range` is its whole block.
  public let source: LinkSource?

  /// The bytes between the brackets, or the address of an autolink.
  public var textRange: Range<Int>? { source?.textRange }
  /// The bytes of the destination, where it is written in the link itself.
  public var destinationRange: Range<Int>? { source?.destinationRange }
  /// The bytes of the title, where it is written in the link itself.
  public var titleRange: Range<Int>? { source?.titleRange }
}

/// A picture.
public struct Image: Equatable, Sendable {
  /// Where it stands, from its `!`.
  public let range: Range<Int>
  /// Where the picture lies, entities and backslashes resolved; may be empty.
  public let destination: String
  /// Its title; `nil` where there is none.
  public let title: String?
  /// What stands for the picture where it can't be seen.
  public let children: [Inline]
  /// How it is written; `nil` only where the source could not be followed, and then `range` is its whole block.
  public let source: LinkSource?

  /// The bytes between the brackets.
  public var textRange: Range<Int>? { source?.textRange }
  /// The bytes of the destination, where it is written in the picture itself.
  public var destinationRange: Range<Int>? { source?.destinationRange }
  /// The bytes of the title, where it is written in the picture itself.
  public var titleRange: Range<Int>? { source?.titleRange }
}

/// A mark that leads to a footnote.
public struct FootnoteReference: Equatable, Sendable {
  /// Where it stands, brackets included.
  public let range: Range<Int>
  /// The number of the footnote, from 1.
  public let number: Int
  /// The label of the definition it leads to.
  public let label: String
}

extension LinkSource {
  /// The bytes between the brackets, or the address of an autolink.
  public var textRange: Range<Int> {
    switch self {
    case .inline(let text, _, _), .reference(let text, _), .autolink(let text): text
    }
  }

  /// The bytes of the destination, where it is written in the link itself.
  public var destinationRange: Range<Int>? {
    switch self {
    case .inline(_, let destination, _): destination
    case .reference: nil
    case .autolink(let text): text
    }
  }

  /// The bytes of the title, where it is written in the link itself.
  public var titleRange: Range<Int>? {
    switch self {
    case .inline(_, _, let title): title
    case .reference, .autolink: nil
    }
  }
}

extension Sequence<Inline> {
  /// The words alone: no marks, no HTML, no footnotes; a line's end is a space, a picture is its text.
  public var plainText: String {
    var result = ""
    for inline in self {
      switch inline {
      case .text(let text): result += text.literal
      case .code(let code): result += code.literal
      case .softBreak, .hardBreak: result += " "
      case .emphasis(let span), .strong(let span), .strikethrough(let span): result += span.children.plainText
      case .link(let link): result += link.children.plainText
      case .image(let image): result += image.children.plainText
      case .html, .footnoteReference: break
      }
    }
    return result
  }
}
