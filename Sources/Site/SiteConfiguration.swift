import Diagnostics
import NotebookModel
import Wording

/// What `notebook.yml` says of a site. Every key has a default, so that a folder of notes alone is a site.
public struct SiteConfiguration: Hashable, Sendable {
  /// The name of the configuration file.
  public static let fileName = "notebook.yml"

  /// The site's name, in the words of each language.
  public var title: LocalText
  /// A sentence on the site, in the words of each language.
  public var summary: LocalText?
  /// The language of the index and of notes that name none.
  public var language: Language
  /// Who writes the notes.
  public var author: String?
  /// Whether raw HTML in notes reaches the pages; otherwise readers see it as text.
  public var allowsRawHTML: Bool

  /// The defaults.
  public init() {
    title = LocalText("Notes", "笔记")
    summary = nil
    language = .english
    author = nil
    allowsRawHTML = false
  }

  /// Reads a configuration and reports all that is wrong with it.
  public static func read(_ source: SourceFile) -> (
    configuration: SiteConfiguration, diagnostics: [Diagnostic]
  ) {
    var configuration = SiteConfiguration()
    let whole = 0..<source.bytes.count
    let location = SourceLocation(path: source.path, range: 0..<0)
    guard String(validating: source.bytes, as: UTF8.self) != nil else {
      return (
        configuration,
        [
          Diagnostic(
            .notUTF8, LocalText("the configuration is not UTF-8", "配置文件不是 UTF-8"), at: location,
            help: LocalText("save it as UTF-8", "存为 UTF-8"))
        ]
      )
    }
    var reader: MappingReader
    do {
      let value = try YAMLReader.read(EmbeddedText(file: source, range: whole))
      reader = MappingReader(value, owner: LocalText("the configuration", "配置文件"), at: location)
    } catch {
      return (configuration, [error])
    }
    if let title = localText("title", in: &reader) { configuration.title = title }
    configuration.summary = localText("summary", in: &reader)
    if let tag = reader.text("lang") {
      if let language = Language(tag: tag.value) {
        configuration.language = language
      } else {
        reader.report(
          .invalidValue,
          LocalText(
            "‘\(tag.value.prefix(40))’ is no language that pages are made in",
            "页面没有 ‘\(tag.value.prefix(40))’ 这种语言"), at: tag.range,
          help: LocalText("write ‘zh-Hans’ or ‘en’", "写 ‘zh-Hans’ 或 ‘en’"))
      }
    }
    configuration.author = reader.text("author")?.value
    configuration.allowsRawHTML = reader.flag("rawHTML")?.value ?? false
    reader.finish()
    return (configuration, reader.diagnostics)
  }

  /// One text for both languages, or a mapping from language to text.
  private static func localText(_ key: String, in reader: inout MappingReader) -> LocalText? {
    guard let value = reader.value(key) else { return nil }
    if let text = value.text { return LocalText(same: text) }
    guard case .mapping(let entries) = value.content else {
      reader.report(
        .wrongType,
        LocalText("‘\(key)’ must be a text, or a text for each language", "‘\(key)’ 必须是文字，或每种语言各一段文字"),
        at: value.range)
      return nil
    }
    var words: [Language: String] = [:]
    for entry in entries {
      guard let language = Language(tag: entry.key) else {
        reader.report(
          .unknownKey,
          LocalText("‘\(entry.key)’ is no language that pages are made in", "页面没有 ‘\(entry.key)’ 这种语言"),
          at: entry.keyRange,
          help: LocalText("write ‘zh-Hans’ or ‘en’", "写 ‘zh-Hans’ 或 ‘en’"))
        continue
      }
      guard let text = entry.value.text else {
        reader.report(
          .wrongType, LocalText("‘\(key)’ must be a text in each language", "‘\(key)’ 在每种语言下都必须是文字"),
          at: entry.value.range)
        continue
      }
      words[language] = text
    }
    guard let some = words[.english] ?? words[.chinese] else { return nil }
    return LocalText(words[.english] ?? some, words[.chinese] ?? some)
  }
}
