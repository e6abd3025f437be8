/// The extensions of GitHub-flavoured Markdown that can be switched on one by one.
public struct MarkdownExtensions: OptionSet, Hashable, Sendable {
  /// One bit for each extension.
  public let rawValue: Int

  /// A set from its bits.
  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// Pipe tables.
  public static let table = MarkdownExtensions(rawValue: 1)
  /// `~~struck out~~`.
  public static let strikethrough = MarkdownExtensions(rawValue: 2)
  /// Bare addresses: `www.…`, `https://…`, `name@host.org`.
  public static let autolink = MarkdownExtensions(rawValue: 4)
  /// `- [x] done`.
  public static let taskList = MarkdownExtensions(rawValue: 8)
  /// Disarms nine HTML tags such as `<script>` where raw HTML is let through: changes HTML, not the tree.
  public static let tagFilter = MarkdownExtensions(rawValue: 16)

  /// All five, as GitHub has them.
  public static let all: MarkdownExtensions = [.table, .strikethrough, .autolink, .taskList, .tagFilter]

  /// The name cmark-gfm knows each member by, in the order they are attached.
  static let names: [(MarkdownExtensions, String)] = [
    (.table, "table"), (.strikethrough, "strikethrough"), (.autolink, "autolink"), (.taskList, "tasklist"),
    (.tagFilter, "tagfilter"),
  ]
}

/// What the parser recognizes.
public struct MarkdownOptions: Hashable, Sendable {
  /// Extensions that are on.
  public var extensions: MarkdownExtensions
  /// Whether `[^label]` and `[^label]: …` are footnotes.
  public var footnotes: Bool
  /// What is refused as too large or too deep.
  public var limits: MarkdownLimits

  /// Options as given; by default what a note gets: every extension and footnotes.
  public init(
    extensions: MarkdownExtensions = .all, footnotes: Bool = true, limits: MarkdownLimits = .standard
  ) {
    self.extensions = extensions
    self.footnotes = footnotes
    self.limits = limits
  }

  /// What a note gets: every extension and footnotes.
  public static let note = MarkdownOptions()
  /// CommonMark and nothing else.
  public static let commonMark = MarkdownOptions(extensions: [], footnotes: false)
}

/// What is refused as too large, too deep or too costly.
///
/// A document is refused before the work is done, never half-way. The limits are far above what a person writes: the
/// whole GFM specification, 200 kB, stays under a hundredth of each.
public struct MarkdownLimits: Hashable, Sendable {
  /// Bytes of one document.
  public var bytes: Int
  /// Levels of nodes below the document, blocks and inlines together; a list and its item are two.
  public var depth: Int
  /// Estimated nanoseconds of the passages on which cmark-gfm takes more than linear time, taken together.
  public var cost: Int
  /// Cells that table rows leave out, taken together, and bytes that repeated references copy, divided by 128.
  public var padding: Int

  /// Limits as given; by default 16 MiB, 100 levels, one second.
  public init(bytes: Int = 16 << 20, depth: Int = 100, cost: Int = 1_000_000_000, padding: Int = 500_000) {
    self.bytes = bytes
    self.depth = depth
    self.cost = cost
    self.padding = padding
  }

  /// 16 MiB, 100 levels, one second.
  public static let standard = MarkdownLimits()
}
