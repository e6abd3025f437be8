import Diagnostics
import MarkupWriter
import NotebookModel
import Testing

@testable import Site

@Suite struct Templates {
  private let schema = TemplateSchema.object([
    "title": .text, "content": .markup, "hasTags": .flag, "site": .object(["title": .text]),
    "tags": .list(.object(["name": .text])),
  ])

  private func problems(_ text: String, partials: [String: String] = [:]) -> [String] {
    var sources = partials.mapValues { SourceFile(path: "templates/partial", text: $0) }
    sources["page"] = SourceFile(path: "templates/page.mustache", text: text)
    var checker = TemplateChecker(sources: sources)
    checker.check("page", schema)
    return checker.diagnostics.map { "\($0.code.rawValue) \($0.label?.english ?? "")" }
  }

  @Test func `a good template has no problems`() {
    let text =
      "{{! words }}<h1>{{title}}</h1>{{{content}}}{{#tags}}{{name}} {{title}}{{/tags}}{{^hasTags}}-{{/hasTags}}{{site.title}}{{> foot}}"
    #expect(problems(text, partials: ["foot": "{{title}}"]).isEmpty)
  }

  @Test(arguments: [
    ("{{titel}}", "unknown-template-variable did you mean ‘title’?"),
    ("{{site.titel}}", "unknown-template-variable "),
    ("{{#tags}}{{nam}}{{/tags}}", "unknown-template-variable did you mean ‘name’?"),
    ("{{name}}", "unknown-template-variable "),
    ("{{content}}", "invalid-template "), ("{{{title}}}", "invalid-template "),
    ("{{&title}}", "invalid-template "),
    ("{{#tags}}", "invalid-template "), ("{{/tags}}", "invalid-template "), ("{{tags}}", "invalid-template "),
    ("{{> nothing}}", "unknown-template-variable "), ("{{> page}}", "invalid-template "),
    ("{{=<% %>=}}", "invalid-template "), ("{{% CONTENT_TYPE:TEXT}}", "invalid-template "),
    ("{{$block}}{{/block}}", "invalid-template "),
  ])
  func `a name that means nothing, or stands wrong, is reported`(text: String, problem: String) {
    #expect(problems(text).contains(problem))
  }

  @Test func `an included template is checked where it is included`() {
    #expect(problems("{{#tags}}{{> tag}}{{/tags}}", partials: ["tag": "{{name}}"]).isEmpty)
    #expect(!problems("{{> tag}}", partials: ["tag": "{{name}}"]).isEmpty)
  }

  @Test func `templates that include each other twice, thirty deep, are refused at once`() {
    var partials = ["p30": "{{title}}"]
    for depth in 1..<30 { partials["p\(depth)"] = "{{> p\(depth + 1)}}{{> p\(depth + 1)}}" }
    #expect(problems("{{> p1}}", partials: partials) == ["invalid-template "])
    // What is included often, but not that often, is fine.
    #expect(problems(String(repeating: "{{> p30}}", count: 1_000), partials: partials).isEmpty)
    #expect(problems(String(repeating: "{{> p30}}", count: 1_001), partials: partials).count == 1)
  }

  @Test func `one sample is one sample`() {
    #expect(PageWords(language: .english).samples(1) == "1 sample")
    #expect(PageWords(language: .english).samples(2) == "2 samples")
  }

  @Test func `a site needs its templates`() {
    let (library, diagnostics) = TemplateLibrary.read([:], folder: "templates")
    #expect(library == nil)
    #expect(diagnostics.count == TemplateLibrary.Name.allCases.count)
  }

  @Test(arguments: [("a b/ü", "a%20b/%C3%BC"), ("a.b_c~d-e", "a.b_c~d-e"), ("100%", "100%25")])
  func `addresses are encoded and come back`(text: String, encoded: String) {
    #expect(Address.encodedPath(text) == encoded)
    #expect(PercentEncoding.decoded(encoded) == text)
  }
}

@Suite struct Configuration {
  @Test func `titles may differ by language`() {
    let source = SourceFile(
      path: "notebook.yml", text: "title:\n  zh-Hans: 笔记本\n  en: Notebook\nlang: zh\nrawHTML: true\n")
    let (configuration, diagnostics) = SiteConfiguration.read(source)
    #expect(diagnostics.isEmpty)
    #expect(configuration.title.chinese == "笔记本")
    #expect(configuration.title.english == "Notebook")
    #expect(configuration.language == .chinese)
    #expect(configuration.allowsRawHTML)
  }

  @Test func `an empty configuration means the defaults`() {
    #expect(
      SiteConfiguration.read(SourceFile(path: "notebook.yml", text: "")).configuration == SiteConfiguration())
  }

  @Test func `everything wrong with a configuration is reported`() {
    let source = SourceFile(
      path: "notebook.yml", text: "titel: x\nlang: fr\nrawHTML: 7\ntitle:\n  xx: y\nsummary: [1]\n")
    let codes = SiteConfiguration.read(source).diagnostics.map(\.code)
    #expect(codes.count == 5)
    #expect(codes.contains(.unknownKey) && codes.contains(.invalidValue) && codes.contains(.wrongType))
  }
}
