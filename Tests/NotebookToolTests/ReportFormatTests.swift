import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reports for programs, read as programs read them. `scripts/test-reports` lets others' readers have a look.
@Suite struct ReportFormats {
  private func site() throws -> TemporarySite {
    try TemporarySite(notes: [
      "一.md": """
      ---
      title: "标题 <&> \\"引号\\""
      date: 2026-11-20
      ---

      👍 熵是 [1.25](#scales.entropy[none])，也是 [1.15](#scales.entropy[none])，不是 [1](#scales.nix)。

      ```yaml experiment scales
      kind: sofmax
      ```

      ```yaml claims
      - id: source
        says: so it is
        cited: https://example.org
      ```
      """,
      "b.md": """
      ---
      title: B
      date: 2026-11-20
      ---

      👍 熵是 [1.25](#scales.entropy[none])，也是 [1.15](#scales.entropy[none])，不是 [1](#scales.entropi)。

      ```yaml experiment scales
      kind: softmax
      headDimension: 4
      keys: 8
      queries: 64
      trials: 4
      scales: [none, √d]
      seed: 7
      figure: none
      ```

      ```yaml claims
      - id: flatter
        check: scales.entropy increases with scale
      - id: near
        check: scales.entropy[none] > 1.1
      - id: wrong
        check: scales.entropy[none] > 5
      ```
      """,
    ])
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test(arguments: ["en", "zh"])
  func `json has the documented shape and names the bytes meant`(language: String) throws {
    let site = try site()
    let outcome = try site.run("check", "--messages", "json", "--language", language)
    #expect(outcome.ending == .exited(1))
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    let root = try object(outcome.output)
    #expect(
      Set(root.keys) == ["version", "program", "language", "errors", "warnings", "diagnostics", "statements"])
    #expect(root["version"] as? Int == 1)
    let diagnostics = try #require(root["diagnostics"] as? [[String: Any]])
    #expect(diagnostics.count(where: { $0["severity"] as? String == "error" }) == root["errors"] as? Int)
    for diagnostic in diagnostics {
      #expect(
        Set(diagnostic.keys) == [
          "code", "severity", "message", "location", "label", "notes", "help", "fixes",
        ])
    }
    let wrong = try #require(
      diagnostics.first {
        $0["code"] as? String == "wrong-number"
          && (($0["location"] as? [String: Any])?["path"] as? String) == "notebooks/b.md"
      })
    let location = try #require(wrong["location"] as? [String: Any])
    let bytes = try #require(location["bytes"] as? [Int])
    let note = try Data(contentsOf: site.url("notebooks/b.md"))
    #expect(String(decoding: note[bytes[0]..<bytes[1]], as: UTF8.self) == "1.25")
    #expect(location["start"] as? [String: Int] == ["line": 6, "column": 7])
    #expect(location["end"] as? [String: Int] == ["line": 6, "column": 11])
    let statements = try #require(root["statements"] as? [[String: Any]])
    let outcomes = statements.filter {
      ($0["location"] as? [String: Any])?["path"] as? String == "notebooks/b.md"
    }
    .map { "\($0["name"] ?? ""): \($0["outcome"] ?? "")" }
    #expect(
      outcomes == [
        "1.25 scales.entropy[none]: failed", "1.15 scales.entropy[none]: passed", "1 scales.entropi: broken",
        "flatter: passed", "near: inconclusive", "wrong: failed",
      ])
    let fix = try #require(
      diagnostics.first { $0["code"] as? String == "unknown-measure" }?["fixes"] as? [[String: Any]]
    ).first
    let replacement = try #require((fix?["replacements"] as? [[String: Any]])?.first)
    #expect(replacement["text"] as? String == "entropy")
  }

  @Test func `sarif names a rule for every result`() throws {
    let root = try object(try site().run("check", "--messages", "sarif").output)
    #expect(root["version"] as? String == "2.1.0")
    let run = try #require((root["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]]).map { $0["id"] as? String }
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(!results.isEmpty)
    for result in results {
      #expect(rules[try #require(result["ruleIndex"] as? Int)] == result["ruleId"] as? String)
    }
    #expect(results.contains { $0["fixes"] != nil } && results.contains { $0["relatedLocations"] != nil })
  }

  @Test func `paths are those that the caller sees`() throws {
    let site = try site()
    let outcome = try Program.run(
      ["check", "--site", "site", "--messages", "github"], in: site.surroundings)
    #expect(outcome.output.contains("::error file=site/notebooks/b.md,line=6,endLine=6,col=7,endColumn=10,"))
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.hasPrefix("::error ") || $0.hasPrefix("::warning ") })
  }

  @Test func `junit counts what it holds, and keeps what XML would misread`() throws {
    let outcome = try site().run("check", "--messages", "junit")
    let output = outcome.output
    #expect(
      output.contains(
        "<testsuite name=\"notebooks/b.md\" tests=\"7\" failures=\"2\" errors=\"1\" skipped=\"1\">"))
    #expect(output.components(separatedBy: "<testcase ").count - 1 == 12)
    let parser = XMLReading(output)
    #expect(parser.isWellFormed)
    #expect(parser.counts["failure"] == 3)
  }

  @Test(arguments: ["human", "short", "json", "sarif", "junit", "github"])
  func `control characters of a note reach no terminal`(style: String) throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "[x](<b\u{1B}[2J.md>)")])
    let outcome = try site.run("check", "--messages", style)
    #expect(outcome.ending == .exited(1))
    let bad = (outcome.errors + outcome.output).unicodeScalars.filter {
      $0.value < 0x20 && $0 != "\n"
    }
    #expect(bad.isEmpty, "\(outcome)")
  }

  @Test(arguments: ["json", "sarif", "junit", "github"])
  func `a site without faults gives a report too`(style: String) throws {
    let site = try TemporarySite(notes: ["a.md": "---\ntitle: A\ndate: 2026-11-20\n---\n\nText.\n"])
    let outcome = try site.run("check", "--messages", style, "--quiet")
    #expect(outcome.ending == .exited(0))
    #expect(outcome.errors.isEmpty)
    #expect(outcome.output.isEmpty == (style == "github"))
  }

  @Test func `repeats are counted for people and complete for programs`() throws {
    let words = (1...50).map { "[\($0)](#nix.a)" }.joined(separator: "\n")
    let site = try TemporarySite(notes: ["a.md": "---\ntitle: A\ndate: 2026-11-20\n---\n\n\(words)\n"])
    let human = try site.run("check").errors
    #expect(human.components(separatedBy: "[unknown-experiment]\n").count - 1 == 20)
    #expect(human.contains("… and 30 more of the same [unknown-experiment] in notebooks/a.md"))
    #expect(human.contains("50 errors"))
    let short = try site.run("check", "--messages", "short").errors
    #expect(short.split(separator: "\n").count == 50)
    let json = try object(try site.run("check", "--messages", "json").output)
    #expect((json["diagnostics"] as? [Any])?.count == 50)
  }

  @Test func `run keeps its measures to itself`() throws {
    let outcome = try site().run("run", "b.md", "--messages", "sarif")
    #expect(outcome.ending == .exited(2))
    #expect(outcome.output.isEmpty)
  }
}

/// Counts the elements of an XML text.
private final class XMLReading: NSObject, XMLParserDelegate {
  private(set) var counts: [String: Int] = [:]
  private(set) var isWellFormed = false

  init(_ text: String) {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    isWellFormed = parser.parse()
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    counts[name, default: 0] += 1
  }
}
