import Diagnostics
import Foundation
import Testing
import Wording

@testable import NotebookTool

/// What the catalogue teaches, tried out.
@Suite struct Catalogue {
  struct Lesson: CustomTestStringConvertible {
    let code: DiagnosticCode
    let language: Language

    var testDescription: String { "\(code.rawValue) (\(language.rawValue))" }
    var example: CatalogueExample { code.entry.example }
  }

  static let lessons = DiagnosticCode.allCases.flatMap { code in
    Language.allCases.map { Lesson(code: code, language: $0) }
  }

  /// Runs a site that holds one text of an example.
  private func check(_ text: String, as place: CatalogueExample.Place) throws -> Program.Outcome {
    let site = try TemporarySite()
    let frontMatter = "---\ntitle: T\ndate: 2026-11-20\n---\n\n"
    var passage = ""
    switch place {
    case .passage: passage = text
    case .note: try site.write(text, to: "notebooks/a.md")
    case .configuration: try site.write(text, to: "notebook.yml")
    case .template:
      let page = try String(contentsOf: site.url("templates/page.mustache"), encoding: .utf8)
      try site.write(page + text + "\n", to: "templates/page.mustache")
    case .sketch: break
    }
    if place != .note {
      try site.write(
        "\(frontMatter)\(passage)\n\n\(CatalogueExample.experiment)\n", to: "notebooks/a.md")
    }
    return try site.run("check", "--messages", "short")
  }

  @Test(arguments: lessons.filter { $0.example.place != .sketch })
  func `what is said to fail fails with its code, and what is said to be mended is`(_ lesson: Lesson) throws {
    let place = lesson.example.place
    let failing = try check(lesson.example.failing[lesson.language], as: place)
    #expect(failing.errors.contains("[\(lesson.code.rawValue)]"), "\(failing)")
    let mended = try check(lesson.example.mended[lesson.language], as: place)
    #expect(mended.ending == .exited(0), "\(mended)")
    #expect(!mended.errors.contains("["), "\(mended)")
  }

  @Test(arguments: lessons)
  func `every entry has words in its language`(_ lesson: Lesson) {
    let entry = lesson.code.entry
    for text in [entry.title, entry.explanation] {
      let words = text[lesson.language]
      #expect(!words.isEmpty)
      let characters = words.unicodeScalars.count { ("\u{4E00}"..."\u{9FFF}").contains($0) }
      // An English text may name 倍 or 万.
      #expect(lesson.language == .chinese ? characters > 1 : characters < 5, "\(words)")
    }
    #expect(!entry.title[lesson.language].hasSuffix("."))
    let end: Character = lesson.language == .chinese ? "。" : "."
    #expect(entry.explanation[lesson.language].last == end)
    #expect(entry.example.failing != entry.example.mended)
  }

  @Test(arguments: lessons)
  func `explain says all that the catalogue knows`(_ lesson: Lesson) {
    let output = Explanation.text(lesson.code, in: lesson.language)
    #expect(output.hasPrefix("\(lesson.code.rawValue): \(lesson.code.entry.title[lesson.language])\n"))
    let flat = { (text: String) in text.filter { !$0.isWhitespace } }
    for text in [lesson.code.entry.explanation, lesson.example.failing, lesson.example.mended]
    where !flat(text[lesson.language]).isEmpty {
      #expect(flat(output).contains(flat(text[lesson.language])))
    }
    #expect(output.split(separator: "\n").allSatisfy { DisplayWidth.cells(String($0)) <= 110 })
  }

  @Test(arguments: Language.allCases)
  func `explain prints what the catalogue says of a code`(language: Language) throws {
    let outcome = try Program.run(
      ["explain", "wrong-number", "--language", language.tag], in: FileManager.default.temporaryDirectory)
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output == Explanation.text(.wrongNumber, in: language))
  }

  @Test func `explain without a code lists every code`() throws {
    let outcome = try Program.run(["explain"], in: FileManager.default.temporaryDirectory)
    let codes = outcome.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(codes.map(String.init) == DiagnosticCode.allCases.map(\.rawValue))
  }

  @Test func `explain as JSON holds every text in both languages`() throws {
    let outcome = try Program.run(
      ["explain", "--format", "json"], in: FileManager.default.temporaryDirectory)
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root["version"] as? Int == 1)
    let codes = try #require(root["codes"] as? [[String: Any]])
    #expect(codes.map { $0["code"] as? String } == DiagnosticCode.allCases.map(\.rawValue))
    for (json, code) in zip(codes, DiagnosticCode.allCases) {
      #expect(
        json["title"] as? [String: String]
          == ["en": code.entry.title.english, "zh-Hans": code.entry.title.chinese])
      let example = try #require(json["example"] as? [String: Any])
      #expect((example["failing"] as? [String: String])?["zh-Hans"] == code.entry.example.failing.chinese)
    }
  }

  @Test func `a code spelt nearly right is suggested`() throws {
    let outcome = try Program.run(["explain", "wrong-nubmer"], in: FileManager.default.temporaryDirectory)
    #expect(outcome.ending == .exited(2))
    #expect(outcome.errors.contains("Did you mean ‘wrong-number’?"))
  }
}
