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
    var words = "\(error)"
    if let parserError = error as? MustacheTemplate.ParserError {
      let line = min(max(0, parserError.context.lineNumber - 1), source.lineStarts.count - 1)
      range = source.lineRange(line)
      words = "\(parserError.error)"
    }
    return Diagnostic(
      .invalidTemplate, LocalText("this template can't be read: \(words)", "读不懂这个模板：\(words)"),
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
