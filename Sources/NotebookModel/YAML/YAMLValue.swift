import Wording

/// A YAML value that knows where it stands in the file.
public struct YAMLValue: Hashable, Sendable {
  /// What a value can be.
  public enum Content: Hashable, Sendable {
    /// Nothing: an empty value, `~` or `null`.
    case null
    /// A scalar's text. Quoted and block scalars are always text; a plain one may be read as a number or a truth value.
    case scalar(String, isPlain: Bool)
    /// A list.
    case sequence([YAMLValue])
    /// Keys and values in the order written.
    case mapping([YAMLEntry])
  }

  /// The value.
  public let content: Content
  /// Byte offsets in the file.
  public let range: Range<Int>
  /// Where the bytes of a scalar's text stand; `nil` where they stand one by one from the start of the range.
  public let map: TextMap?

  /// A value at a place.
  public init(_ content: Content, range: Range<Int>, map: TextMap? = nil) {
    self.content = content
    self.range = range
    self.map = map
  }

  /// What a message calls such a value.
  public var kindName: LocalText {
    switch content {
    case .null: Self.nothing
    case .scalar(let text, let isPlain):
      isPlain && Double(text) != nil
        ? LocalText("the number \(text)", "数字 \(text)")
        : LocalText("the text ‘\(text.prefix(40))’", "文字 ‘\(text.prefix(40))’")
    case .sequence: LocalText("a list", "一个列表")
    case .mapping: LocalText("a mapping", "一组 ‘键: 值’")
    }
  }

  static let nothing = LocalText("nothing", "空")

  /// The text of a scalar, plain or quoted; `nil` for everything else.
  public var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }
}

/// One key of a mapping with its value.
public struct YAMLEntry: Hashable, Sendable {
  /// The key's text.
  public let key: String
  /// Byte offsets of the key in the file.
  public let keyRange: Range<Int>
  /// The value.
  public let value: YAMLValue

  /// A key and its value.
  public init(key: String, keyRange: Range<Int>, value: YAMLValue) {
    self.key = key
    self.keyRange = keyRange
    self.value = value
  }
}
