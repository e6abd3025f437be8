import Diagnostics
import Mustache
import Wording

/// The templates of a site: read, checked, ready to be filled.
struct TemplateLibrary {
  /// The templates that a site must have.
  enum Name: String, CaseIterable {
    case page = "page.mustache"
    case index = "index.mustache"
    case claims = "claims.mustache"
    case style = "style.css"
  }

  private let library: MustacheLibrary

  /// Reads the templates and reports all that is wrong with them.
  ///
  /// - Parameters:
  ///   - sources: The files of the templates folder, by their names there.
  ///   - folder: The folder's path, for messages.
  static func read(
    _ sources: [String: SourceFile], folder: String
  ) -> (library: TemplateLibrary?, diagnostics: [Diagnostic]) {
    var diagnostics: [Diagnostic] = []
    for name in Name.allCases where sources[name.rawValue] == nil {
      diagnostics.append(
        Diagnostic(
          .invalidTemplate,
          LocalText("the template \(folder)/\(name.rawValue) is missing", "缺少模板 \(folder)/\(name.rawValue)"),
          at: nil,
          help: LocalText(
            "a site has its own templates; those of this project are a good start", "每个站点有自己的模板，可以从本项目的模板开始"))
      )
    }
    // Templates are included by their names without an ending.
    var named: [String: SourceFile] = [:]
    for (name, source) in sources.sorted(by: { $0.key < $1.key })
    where name.hasSuffix(".mustache") || Name(rawValue: name) != nil {
      if let other = named.updateValue(source, forKey: Self.key(name)) {
        diagnostics.append(
          Diagnostic(
            .invalidTemplate,
            LocalText(
              "two templates are called ‘\(Self.key(name))’: \(other.path) and \(source.path)",
              "两个模板都叫 ‘\(Self.key(name))’：\(other.path) 与 \(source.path)"), at: nil,
            help: LocalText("rename one of them", "给其中一个改名")))
      }
    }
    var checker = TemplateChecker(sources: named)
    for name in Name.allCases { checker.check(Self.key(name.rawValue), name.schema) }
    diagnostics += checker.diagnostics

    var templates: [String: MustacheTemplate] = [:]
    for (key, source) in named.sorted(by: { $0.key < $1.key }) {
      do {
        templates[key] = try MustacheTemplate(string: String(decoding: source.bytes, as: UTF8.self))
      } catch {
        // Our own message is the better one, where there is one.
        if !checker.diagnostics.contains(where: { $0.location?.path == source.path }) {
          diagnostics.append(diagnostic(error, in: source))
        }
      }
    }
    guard !diagnostics.hasErrors else { return (nil, diagnostics) }
    return (TemplateLibrary(library: MustacheLibrary(templates: templates)), diagnostics)
  }

  private static func diagnostic(_ error: any Error, in source: SourceFile) -> Diagnostic {
    var range = 0..<0
    var words = LocalText(same: "\(error)")
    if let parserError = error as? MustacheTemplate.ParserError {
      let line = min(max(0, parserError.context.lineNumber - 1), source.lineStarts.count - 1)
      range = source.lineRange(line)
      words = (parserError.error as? MustacheTemplate.Error)?.words ?? LocalText(same: "\(parserError.error)")
    }
    return Diagnostic(
      .invalidTemplate, LocalText("this template can't be read: ", "读不懂这个模板：") + words,
      at: SourceLocation(path: source.path, range: range))
  }

  private static func key(_ fileName: String) -> String {
    fileName.hasSuffix(".mustache") ? String(fileName.dropLast(9)) : fileName
  }

  /// Fills a template.
  func render(_ name: Name, _ value: TemplateValue) -> String {
    guard let text = library.render(value.anyValue, withTemplate: Self.key(name.rawValue)) else {
      preconditionFailure("the template \(name) was not read")
    }
    return text
  }
}

extension MustacheTemplate.Error {
  /// The reason in words; the library has none.
  fileprivate var words: LocalText {
    switch self {
    case .sectionCloseNameIncorrect:
      LocalText("a section is closed under another name than it was opened with", "一个区段的结束名与开头名不一致")
    case .unfinishedName: LocalText("a tag is not closed, or holds no proper name", "有个标签没有闭合，或里面的名字不对")
    case .expectedSectionEnd: LocalText("a section is never closed", "有个区段一直没有结束")
    case .invalidSetDelimiter: LocalText("the tag that changes delimiters is not complete", "改分隔符的标签写得不完整")
    case .transformAppliedToInheritanceSection:
      LocalText("a transform can't be applied to an inherited section", "继承的区段上不能用变换")
    case .illegalTokenInsideInheritSection:
      LocalText("inside of an inherited template only blocks may stand", "继承的模板里只能写区块")
    case .textInsideInheritSection:
      LocalText("inside of an inherited template no text may stand", "继承的模板里不能写文字")
    case .invalidConfigVariableSyntax:
      LocalText("a configuration tag is not of the form NAME:VALUE", "配置标签不是 ‘名字:值’ 的形式")
    case .unrecognisedConfigVariable:
      LocalText("a configuration tag names nothing known", "配置标签里的名字没有意义")
    }
  }
}
