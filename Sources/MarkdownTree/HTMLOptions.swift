import MarkupWriter
import Wording

/// Which HTML is written.
public enum MarkdownFlavor: String, CaseIterable, Sendable {
  /// Byte for byte what the program `cmark-gfm` writes.
  case gfm
  /// HTML5 for the pages of a site: no obsolete attributes, accessible footnotes and task lists, raw HTML shown as text.
  case notebook
}

/// What becomes of raw HTML in a document.
public enum RawHTMLPolicy: String, CaseIterable, Sendable {
  /// It stands in the page as it is. Only for documents that are trusted as much as the program.
  case allowed
  /// A comment stands in its place, as `cmark-gfm` does without `--unsafe`.
  case omitted
  /// It is shown as text.
  case shown
}

/// How a document becomes HTML.
public struct HTMLOptions: Hashable, Sendable {
  /// Which HTML is written.
  public var flavor: MarkdownFlavor
  /// What becomes of raw HTML.
  public var rawHTML: RawHTMLPolicy
  /// Whether links may lead to `javascript:`, `vbscript:`, `file:` and `data:` other than pictures.
  ///
  /// If not, they lead nowhere.
  public var allowsDangerousLinks: Bool
  /// Whether raw HTML that is allowed has nine tags such as `<script>` disarmed.
  public var filtersTags: Bool
  /// The language of the words the page itself says.
  public var language: Language
  /// What the ids of footnotes begin with, so that several notes can stand in one page.
  public var idPrefix: String

  /// Options as given; by default for a page in English.
  public init(
    flavor: MarkdownFlavor = .notebook, rawHTML: RawHTMLPolicy = .shown, allowsDangerousLinks: Bool = false,
    filtersTags: Bool = false, language: Language = .english, idPrefix: String = ""
  ) {
    self.flavor = flavor
    self.rawHTML = rawHTML
    self.allowsDangerousLinks = allowsDangerousLinks
    self.filtersTags = filtersTags
    self.language = language
    self.idPrefix = idPrefix
  }

  /// For a page of a site.
  public static func notebook(_ language: Language, idPrefix: String = "") -> HTMLOptions {
    HTMLOptions(language: language, idPrefix: idPrefix)
  }

  /// What the program `cmark-gfm` writes, with or without its option `--unsafe` and its extension `tagfilter`.
  public static func gfm(unsafe: Bool = false, filtersTags: Bool = false) -> HTMLOptions {
    HTMLOptions(
      flavor: .gfm, rawHTML: unsafe ? .allowed : .omitted, allowsDangerousLinks: unsafe,
      filtersTags: filtersTags)
  }
}

/// An element that a delegate can give attributes.
public enum HTMLElement: Sendable {
  /// `h1` … `h6`.
  case heading(Heading)
  /// `p`.
  case paragraph(Paragraph)
  /// `blockquote`.
  case quote(BlockQuote)
  /// `ul` or `ol`.
  case list(ListBlock)
  /// `li`.
  case item(ListItem)
  /// `pre`.
  case code(CodeBlock)
  /// `table`.
  case table(TableBlock)
  /// `th` of the first row.
  case headerCell(TableCell)
  /// `td`.
  case cell(TableCell)
  /// `a`.
  case link(Link)
  /// `img`.
  case image(Image)
}

/// Attributes of an element, in the order they are written.
///
/// Values are escaped when they are.
public struct HTMLAttributes: Equatable, Sendable, ExpressibleByDictionaryLiteral {
  /// Names and values.
  public private(set) var pairs: [(name: String, value: String)] = []

  /// Attributes in the order of the literal.
  public init(dictionaryLiteral elements: (String, String)...) {
    for (name, value) in elements { set(name, value) }
  }

  /// No attributes.
  public init() {}

  /// Sets an attribute; one that is there already keeps its place, and classes are joined.
  ///
  /// - Precondition: The name has only ASCII letters, digits, `-`, `_` and `:`.
  public mutating func set(_ name: String, _ value: String) {
    precondition(
      !name.isEmpty && name.utf8.allSatisfy { $0.isAttributeNameByte },
      "‘\(name)’ is no name for an attribute")
    if let index = pairs.firstIndex(where: { $0.name == name }) {
      pairs[index].value = name == "class" ? pairs[index].value + " " + value : value
    } else {
      pairs.append((name, value))
    }
  }

  /// Adds all attributes of another set, which win.
  public mutating func merge(_ other: HTMLAttributes) {
    for (name, value) in other.pairs { set(name, value) }
  }

  /// Whether both have the same attributes in the same order.
  public static func == (left: HTMLAttributes, right: HTMLAttributes) -> Bool {
    left.pairs.elementsEqual(right.pairs) { $0 == $1 }
  }

  /// The attributes as markup, a space before each.
  var markup: RawMarkup {
    var text = ""
    for (name, value) in pairs { text += " \(name)=\"\(Escaping.text(value))\"" }
    return RawMarkup(trusted: text)
  }
}

extension UInt8 {
  fileprivate var isAttributeNameByte: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "-")
      || self == UInt8(ascii: "_") || self == UInt8(ascii: ":")
  }
}

/// Replaces the HTML of chosen nodes, and gives elements attributes.
///
/// Every method has a default that changes nothing.
///
/// A replacement is `RawMarkup`: it is made by a `MarkupWriter`, or vouched for. What stands inside a node that is
/// replaced is rendered by the renderer's `markup(of:)`, and what the node would have become by `defaultMarkup(of:)`.
public protocol HTMLRenderingDelegate: Sendable {
  /// The HTML of a block; `nil` leaves it to the renderer.
  func markup(for block: Block, using renderer: HTMLRenderer) -> RawMarkup?
  /// The HTML of an inline; `nil` leaves it to the renderer.
  func markup(for inline: Inline, using renderer: HTMLRenderer) -> RawMarkup?
  /// Attributes to add to an element.
  func attributes(of element: HTMLElement) -> HTMLAttributes
}

extension HTMLRenderingDelegate {
  /// Leaves every block to the renderer.
  public func markup(for block: Block, using renderer: HTMLRenderer) -> RawMarkup? { nil }
  /// Leaves every inline to the renderer.
  public func markup(for inline: Inline, using renderer: HTMLRenderer) -> RawMarkup? { nil }
  /// Adds nothing.
  public func attributes(of element: HTMLElement) -> HTMLAttributes { HTMLAttributes() }
}
