import MarkupWriter

/// What a template is filled with. Text is escaped by the template engine, markup must be asked for with three braces.
enum TemplateValue: Sendable {
  case text(String)
  case markup(RawMarkup)
  case flag(Bool)
  case list([TemplateValue])
  case object([String: TemplateValue])

  /// `nil` and an empty text become what a section does not show.
  static func optional(_ text: String?) -> TemplateValue {
    guard let text, !text.isEmpty else { return .flag(false) }
    return .text(text)
  }

  /// The value as the engine wants it.
  var anyValue: Any {
    switch self {
    case .text(let text): text
    case .markup(let markup): markup.text
    case .flag(let flag): flag
    case .list(let items): items.map(\.anyValue)
    case .object(let members): members.mapValues(\.anyValue)
    }
  }
}

/// The names that a template may use. The engine renders an unknown name as nothing; this is how we notice.
indirect enum TemplateSchema: Sendable {
  case text
  case markup
  case flag
  case list(TemplateSchema)
  case object([String: TemplateSchema])
}
