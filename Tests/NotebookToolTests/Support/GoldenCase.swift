import Foundation
import Testing
import Wording

/// One folder of `GoldenSites`: a site, what is run in it, and what must come out.
///
/// The folder holds what a site holds (`notebooks/`, `notebook.yml`, its own `templates/` where it has any; otherwise
/// those of the project are used), and `expected.txt`: one or more commands, each a line that starts with `$ notebook`,
/// followed by what it did. Where there is a folder `expected/`, it is compared with what was published.
///
/// To add a case, write an `expected.txt` of command lines alone (and an empty folder `expected` if pages matter), then
/// run the tests once with `RECORD_GOLDEN=1` in the environment and read what was recorded. Nothing is recorded where
/// `CI` is set.
///
/// Where diagnostics are printed, `expected.zh.txt` beside it holds what the same commands print in a Chinese locale.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("GoldenSites")

  static let isRecording: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return environment["RECORD_GOLDEN"] == "1" && (environment["CI"] ?? "").isEmpty
  }()

  /// Every case, sorted by name.
  static let all: [GoldenCase] = {
    // No folder shows as no cases, which a test of its own does not accept.
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().map { GoldenCase(name: $0) }
  }()

  let name: String

  var testDescription: String { name }
  var location: URL { Self.folder.appendingPathComponent(name) }
  var expectedFile: URL { expectedFile(.english) }
  var expectedPages: URL { location.appendingPathComponent("expected") }

  func expectedFile(_ language: Language) -> URL {
    location.appendingPathComponent(language == .english ? "expected.txt" : "expected.zh.txt")
  }

  func expectedText(_ language: Language = .english) throws -> String {
    String(decoding: try Data(contentsOf: expectedFile(language)), as: UTF8.self)
  }

  /// The codes of the diagnostics that the case shows.
  func codes(_ language: Language = .english) throws -> Set<String> {
    Set(
      try expectedText(language).matches(of: /(?:error: |warning: |错误：|警告：).* \[([a-z0-9-]+)\]\n/).map {
        String($0.output.1)
      })
  }

  /// The command lines, as words behind `$ notebook`.
  func commands() throws -> [String] {
    try expectedText().split(separator: "\n").filter { $0.hasPrefix("$ notebook") }.map(String.init)
  }

  /// The site, copied to a folder of its own.
  func makeSite() throws -> TemporarySite {
    let own = location.appendingPathComponent("templates")
    let hasTemplates = FileManager.default.fileExists(atPath: own.path)
    let site = try hasTemplates ? TemporarySite(templates: own) : TemporarySite()
    for name in try FileManager.default.contentsOfDirectory(atPath: location.path)
    where !name.hasPrefix("expected") && name != "templates" {
      if site.exists(name) { try site.remove(name) }
      try FileManager.default.copyItem(at: location.appendingPathComponent(name), to: site.url(name))
    }
    return site
  }

  /// Runs the commands in the language's locale and writes down what they did, with paths that are the same on every
  /// machine.
  func transcript(in site: TemporarySite, language: Language = .english) throws -> String {
    let locale = ["LANG": language == .english ? "C.UTF-8" : "zh_CN.UTF-8"]
    var text = ""
    for command in try commands() {
      let words = command.split(separator: " ").dropFirst(2).map(String.init)
      let outcome = try Program.run(words, in: site.root, environment: locale)
      text += "\(command)\n\(outcome.ending)\n"
      for (title, stream) in [("stdout", outcome.output), ("stderr", outcome.errors)] where !stream.isEmpty {
        text += "--- \(title)\n\(stream)"
        if !stream.hasSuffix("\n") { text += "\n(no line end)\n" }
      }
      text += "\n"
    }
    return text.replacingOccurrences(of: site.root.path, with: "SITE")
  }
}
