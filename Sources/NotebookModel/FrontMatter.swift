import Diagnostics
import Wording

/// What a note says of itself before its text.
public struct FrontMatter: Hashable, Sendable {
  /// The title, without markup.
  public var title: Located<String>
  /// The title with its checked numbers.
  public var titleText: CheckedText
  /// The day of publication.
  public var date: Located<CalendarDate>
  /// The day of the last change worth telling readers.
  public var updated: CalendarDate?
  /// The language of the text, from `lang`.
  public var language: Language
  /// The tags, in the order written.
  public var tags: [String]
  /// A sentence for lists and feeds, without markup.
  public var summary: Located<String>?
  /// The summary with its checked numbers.
  public var summaryText: CheckedText?
  /// Whether the note is left out of published sites.
  public var isDraft: Bool
  /// The page's name in its address; the file's name unless given.
  public var slug: Located<String>
  /// Who wrote it, where that is not the site's author.
  public var author: String?
  /// The note this one translates: a path relative to this note.
  public var translates: Located<String>?
}

/// Reads front matter against its schema.
enum FrontMatterReader {
  /// The front matter and what is wrong with it; `nil` only where a page could not be made at all.
  static func read(
    _ value: YAMLValue?, at location: SourceLocation, fileStem: String, siteLanguage: Language
  ) -> (frontMatter: FrontMatter?, diagnostics: [Diagnostic]) {
    var reader = MappingReader(value, owner: LocalText("the front matter", "头信息"), at: location)
    let title = reader.requiredText("title").map { checked($0, path: location.path) }
    let date = self.date("date", in: &reader, isRequired: true)
    let updated = self.date("updated", in: &reader, isRequired: false)
    if let date, let updated, updated.value < date.value {
      reader.report(
        .invalidValue,
        LocalText(
          "‘updated’ lies before ‘date’ (\(date.value.isoText))", "‘updated’ 早于 ‘date’（\(date.value.isoText)）"
        ), at: updated.range)
    }
    let language = self.language(in: &reader) ?? siteLanguage
    let tags = self.tags(in: &reader)
    let summary = reader.text("summary").map { checked($0, path: location.path) }
    let isDraft = reader.flag("draft")?.value ?? false
    let slug = self.slug(in: &reader, fileStem: fileStem, location: location)
    let author = reader.text("author")?.value
    let translates = reader.text("translates")
    reader.finish()
    let diagnostics = reader.diagnostics + (title?.problems ?? []) + (summary?.problems ?? [])
    guard let title, let date else { return (nil, diagnostics) }
    let frontMatter = FrontMatter(
      title: title.plain, titleText: title.text, date: date, updated: updated?.value, language: language,
      tags: tags, summary: summary?.plain,
      summaryText: summary?.text,
      isDraft: isDraft, slug: slug, author: author, translates: translates)
    return (frontMatter, diagnostics)
  }

  private static func checked(
    _ text: Located<String>, path: String
  ) -> (plain: Located<String>, text: CheckedText, problems: [Diagnostic]) {
    let (read, problems) = CheckedText.read(text, path: path)
    return (Located(read.plain, range: text.range), read, problems)
  }

  private static func date(
    _ key: String, in reader: inout MappingReader, isRequired: Bool
  ) -> Located<CalendarDate>? {
    guard let text = isRequired ? reader.requiredText(key) : reader.text(key) else { return nil }
    guard let date = CalendarDate(text.value) else {
      reader.report(
        .invalidValue, LocalText("‘\(text.value.prefix(40))’ is no date", "‘\(text.value.prefix(40))’ 不是日期"),
        at: text.range,
        help: LocalText("write year, month and day: 2026-11-20", "写出年、月、日：2026-11-20"))
      return nil
    }
    return Located(date, range: text.range)
  }

  private static func language(in reader: inout MappingReader) -> Language? {
    guard let tag = reader.text("lang") else { return nil }
    guard let language = Language(tag: tag.value) else {
      reader.report(
        .invalidValue,
        LocalText(
          "‘\(tag.value.prefix(40))’ is no language that pages are made in",
          "页面没有 ‘\(tag.value.prefix(40))’ 这种语言"), at: tag.range,
        help: LocalText("write ‘zh-Hans’ or ‘en’", "写 ‘zh-Hans’ 或 ‘en’"))
      return nil
    }
    return language
  }

  private static func tags(in reader: inout MappingReader) -> [String] {
    var tags: [String] = []
    for tag in reader.texts("tags") ?? [] {
      let name = tag.value.trimmingBlanks
      if name.isEmpty {
        reader.report(.invalidValue, LocalText("a tag must not be blank", "标签不能是空白"), at: tag.range)
      } else if !tags.contains(name) {
        tags.append(name)
      }
    }
    return tags
  }

  private static func slug(
    in reader: inout MappingReader, fileStem: String, location: SourceLocation
  ) -> Located<String> {
    if let written = reader.text("slug") {
      if let problem = Slug.problem(with: written.value) {
        reader.report(
          .invalidSlug,
          LocalText(
            "‘\(written.value.prefix(60))’ can't be a slug: \(problem.english)",
            "‘\(written.value.prefix(60))’ 不能作页面地址：\(problem.chinese)"), at: written.range)
      }
      return written
    }
    if let problem = Slug.problem(with: fileStem) {
      reader.report(
        .invalidSlug,
        LocalText(
          "the file name ‘\(fileStem)’ can't be the page's name: \(problem.english)",
          "文件名 ‘\(fileStem)’ 不能作页面地址：\(problem.chinese)"), at: location.range,
        help: LocalText("rename the file, or give a ‘slug:’", "给文件改名，或写明 ‘slug:’"))
    }
    return Located(fileStem, range: location.range)
  }
}
