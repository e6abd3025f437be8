/// A language the program writes in: of a note, of a chart's words, of a page's furniture.
public enum Language: String, CaseIterable, Codable, Hashable, Sendable {
  /// English.
  case english = "en"
  /// Chinese in simplified characters.
  case chinese = "zh-Hans"

  /// Finds the language of a BCP 47 tag such as `zh`, `zh-Hans`, `zh-CN`, `en` or `en-GB`.
  ///
  /// - Returns: `nil` where the primary subtag is neither `zh` nor `en`.
  public init?(tag: String) {
    switch tag.lowercased().split(separator: "-").first {
    case "zh": self = .chinese
    case "en": self = .english
    default: return nil
    }
  }

  /// The BCP 47 tag written into pages.
  public var tag: String { rawValue }
}

/// One text in both languages.
public struct LocalText: Codable, Hashable, Sendable {
  /// The English words.
  public var english: String
  /// The Chinese words.
  public var chinese: String

  /// A text with its own words in each language.
  public init(_ english: String, _ chinese: String) {
    self.english = english
    self.chinese = chinese
  }

  /// A text that reads the same in both languages, such as a symbol or a name.
  public init(same text: String) {
    self.init(text, text)
  }

  /// The words in one language.
  public subscript(language: Language) -> String {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }
}

extension LocalText {
  /// One text behind the other, in each language.
  public static func + (left: LocalText, right: LocalText) -> LocalText {
    LocalText(left.english + right.english, left.chinese + right.chinese)
  }

  /// Names one after another, as each language separates them; of more than `limit` only the first, and an ellipsis.
  public static func list(_ names: [String], atMost limit: Int = .max) -> LocalText {
    let shown = names.prefix(limit)
    let isCut = names.count > limit
    return LocalText(
      shown.joined(separator: ", ") + (isCut ? ", …" : ""), shown.joined(separator: "、") + (isCut ? "……" : "")
    )
  }
}

extension DefaultStringInterpolation {
  /// Not meant to be called: a text in two languages inside a text in one would print both. Choose one first.
  @available(
    *, deprecated, message: "choose a language: \\(text[language]), \\(text.english) or \\(text.chinese)"
  )
  public mutating func appendInterpolation(_ text: LocalText) {
    appendLiteral(text.english)
  }
}
