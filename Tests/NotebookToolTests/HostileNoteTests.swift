import Foundation
import Testing

/// Notes that no person writes. Each must build or be refused with a message; none may crash the program or hang it.
/// The watchdog is generous: on an idle machine every one of them takes seconds at most.
@Suite struct HostileNotes {
  static let attacks: [(name: String, text: String, code: String?)] = [
    ("100,000 nested quotations", String(repeating: ">", count: 100_000) + " deep", "nested-too-deeply"),
    ("quotations and items in turn", String(repeating: "> - ", count: 50_000) + "deep", "nested-too-deeply"),
    ("2,000 nested items", nestedItems, "nested-too-deeply"),
    ("100,000 nested emphases", String(repeating: "*a ", count: 100_000), nil),
    ("100,000 open pictures", String(repeating: "![[]()", count: 100_000), "too-many-brackets"),
    ("100,000 open brackets", String(repeating: "[", count: 100_000) + "a](b)", nil),
    ("emphasis runs", String(repeating: "a**b_c ", count: 200_000), "markdown-too-costly"),
    (
      "a table of very wide rows",
      "|" + String(repeating: "a|", count: 30_000) + "\n|" + String(repeating: "-|", count: 30_000), nil
    ),
    ("100,000 entities", String(repeating: "&notanentity;", count: 100_000), nil),
    ("100,000 checked numbers", String(repeating: "[1](#a.b) ", count: 100_000), nil),
    ("a line of a million bytes", String(repeating: "中文 ", count: 200_000), nil),
    ("many headings of one name", String(repeating: "# x\n\n", count: 20_000), nil),
    (
      "deep YAML", "```yaml experiment a\nkind: " + String(repeating: "[", count: 100_000) + "\n```",
      "invalid-yaml"
    ),
    ("YAML deep in many lines", "```yaml claims\n" + deepYAML + "```", "invalid-yaml"),
    (
      "a very long relation",
      "```yaml claims\n- id: a\n  check: 1" + String(repeating: "+1", count: 50_000) + " > 0\n```",
      "invalid-claim"
    ),
    (
      "every control character", String(decoding: (0...31).map { UInt8($0) } + [0x7F, 0x80], as: UTF8.self),
      nil
    ),
  ]

  private static let nestedItems = (0..<2_000).map {
    String(repeating: " ", count: 2 * min($0, 500)) + "- a"
  }
  .joined(separator: "\n")
  private static let deepYAML = (0..<1_000).map { String(repeating: "  ", count: $0 % 600) + "a:\n" }
    .joined()

  @Test(arguments: attacks.indices)
  func `a hostile note is built or refused, and the program lives`(index: Int) throws {
    let (name, text, code) = Self.attacks[index]
    let site = try TemporarySite(notes: ["a.md": Note.plain(name, text: text)])
    let outcome = try site.run("check", "--messages", "short")
    #expect([.exited(0), .exited(1)].contains(outcome.ending), "\(name): \(outcome.ending)")
    if let code {
      #expect(outcome.errors.contains("[\(code)]"), "\(name): \(outcome.errors.prefix(400))")
    }
  }

  @Test func `of very many problems the first thousand are shown and the rest is counted`() throws {
    let site = try TemporarySite(notes: [
      "a.md": Note.plain("A", text: String(repeating: "[1](#a.b)\n\n", count: 1_200))
    ])
    let outcome = try site.run("check", "--messages", "short")
    #expect(outcome.ending == .exited(1))
    #expect(outcome.errors.split(separator: "\n").count == 1_001)
    #expect(outcome.errors.hasSuffix("\n… and 200 more problems\n"))
  }

  @Test func `a note of ten megabytes is built or refused`() throws {
    let paragraph = "一段 *文字* with [a link](https://example.org) and `code`, 1234 words or so.\n\n"
    let count = 10_000_000 / paragraph.utf8.count
    let site = try TemporarySite(notes: [
      "a.md": Note.plain("Long", text: String(repeating: paragraph, count: count))
    ])
    let outcome = try site.run("build", "--quiet", watchdog: 120)
    #expect(
      [.exited(0), .exited(1)].contains(outcome.ending), "\(outcome.ending): \(outcome.errors.prefix(400))")
  }

  @Test(arguments: [17, 33])
  func `a note that is far too large is refused in one line`(megabytes: Int) throws {
    let site = try TemporarySite()
    let text = Note.plain("Huge") + String(repeating: "0123456789abcde\n", count: megabytes << 16)
    try site.write(text, to: "notebooks/a.md")
    let outcome = try site.run("check")
    #expect(outcome.ending == .exited(1))
    #expect(outcome.errors.contains("[note-too-large]"))
    #expect(outcome.errors.utf8.count < 1_000)
  }

  @Test func `messages hold no control characters, whatever a note holds`() throws {
    let note =
      "---\ntitle: x\ndate: \"2026\\e[31m\"\nslug: \"a\\n\\e]0;b\"\n\u{1B}[2Jkey: x\n---\n[\u{1B}[1m\u{202E}](#a.b)\n"
    let site = try TemporarySite(notes: ["a.md": note])
    for style in ["human", "short"] {
      let outcome = try site.run("check", "--messages", style)
      #expect(outcome.ending == .exited(1))
      let bad = outcome.errors.unicodeScalars.filter {
        $0.value < 0x20 && $0 != "\n" || (0x202A...0x202E).contains($0.value)
      }
      #expect(bad.isEmpty, "\(outcome.errors)")
      if style == "short" {
        #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("notebooks/a.md:") })
      }
    }
  }

  @Test func `a link on disk that leads out of the site is neither shown nor copied`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "![x](secret.png)")])
    try Data("secret".utf8).write(to: site.surroundings.appendingPathComponent("secret.png"))
    try FileManager.default.createSymbolicLink(
      atPath: site.url("notebooks/secret.png").path, withDestinationPath: "../../secret.png")
    let outcome = try site.run("build")
    #expect(outcome.ending == .exited(1))
    #expect(
      outcome.errors.contains(
        "notebooks/a.md:7:6: error: ‘notebooks/secret.png’ is a link to a file outside the site [path-leaves-site]"
      ))
    #expect(!site.exists("public"))
  }

  @Test func `a note that is a link out of the site, or to nothing, is an error and not left out`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A")])
    try Data(Note.plain("B").utf8).write(to: site.surroundings.appendingPathComponent("b.md"))
    for (name, target) in [("b.md", "../../b.md"), ("c.md", "nowhere.md")] {
      try FileManager.default.createSymbolicLink(
        atPath: site.url("notebooks/\(name)").path, withDestinationPath: target)
    }
    let outcome = try site.run("check", "--messages", "short")
    #expect(outcome.ending == .exited(1))
    #expect(
      outcome.errors == """
        notebooks/b.md: error: notebooks/b.md is a link to a file outside the site [path-leaves-site]
        notebooks/c.md: error: notebooks/c.md is a link to nothing [unreadable-file]

        """)
  }

  @Test func `a template or a configuration that is a link out of the site is neither published nor quoted`()
    throws
  {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A")])
    try Data("secret: 1\n".utf8).write(to: site.surroundings.appendingPathComponent("secret"))
    try site.remove("templates/style.css")
    for (path, target) in [("templates/style.css", "../../secret"), ("notebook.yml", "../secret")] {
      try FileManager.default.createSymbolicLink(atPath: site.url(path).path, withDestinationPath: target)
    }
    let outcome = try site.run("build", "--messages", "short")
    #expect(outcome.ending == .exited(1))
    for path in ["notebook.yml", "templates/style.css"] {
      #expect(
        outcome.errors.contains(
          "\(path): error: \(path) is a link to a file outside the site [path-leaves-site]\n"))
    }
    #expect(!outcome.errors.contains("secret: 1"))
    #expect(!site.exists("public"))
  }

  @Test(arguments: ["templates/z.css", "notebook.yml"])
  func `a pipe where a file is expected is named, and nothing waits`(path: String) throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A")])
    #expect(mkfifo(site.url(path).path, 0o600) == 0)
    let outcome = try site.run("check", "--messages", "short", watchdog: 20)
    #expect(outcome.ending == .exited(1))
    #expect(
      outcome.errors.contains(
        "\(path): error: \(path) can't be read: It is a pipe or a device, not a file [unreadable-file]"))
  }

  @Test(arguments: ["../elsewhere", "../../elsewhere"])
  func `a link to a folder is an error, not left out`(target: String) throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A")])
    let folder = site.url("notebooks").appendingPathComponent(target)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: site.url("notebooks/sub").path, withDestinationPath: target)
    let outcome = try site.run("check", "--messages", "short")
    #expect(outcome.ending == .exited(1))
    #expect(
      outcome.errors
        == "notebooks/sub: error: notebooks/sub is a link to a folder, and notes are not read through such links [unreadable-file]\n"
    )
  }

  @Test(.enabled(if: NormalizedNames.areKeptApart, "this file system has one name for both spellings"))
  func `two notes whose names differ only in how an accent is composed are an error, not one note`() throws {
    let site = try TemporarySite(notes: [:])
    for name in ["\u{E9}.md", "e\u{301}.md"] {
      try Data(Note.plain("A").utf8).write(to: site.url("notebooks").appendingPathComponent(name))
    }
    let outcome = try site.run("check", "--messages", "short")
    #expect(outcome.ending == .exited(1))
    #expect(outcome.errors.contains("[duplicate-slug]"))
  }

  @Test(arguments: ["javascript:alert(1)", "VBScript:x", "file:///etc/passwd", "data:text/html,x"])
  func `an address that is left out of the page is said to be`(address: String) throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "[x](\(address))")])
    let outcome = try site.run("build", "--messages", "short")
    #expect(outcome.ending == .exited(0))
    let scheme = address.prefix { $0 != ":" }
    #expect(
      outcome.errors.hasPrefix(
        "notebooks/a.md:7:5: warning: addresses that begin with ‘\(scheme):’ are left out of pages, so this leads nowhere [broken-link]\n"
      ))
    #expect(try site.published()["a.html"]?.contains(address) == false)
  }

  @Test func `a link inside the site is followed`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "![x](b.png)")])
    try site.write("picture", to: "notebooks/c.png")
    try FileManager.default.createSymbolicLink(
      atPath: site.url("notebooks/b.png").path, withDestinationPath: "c.png")
    let outcome = try site.run("build")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    #expect(try site.published()["b.png"] == "picture")
  }

  @Test func `the place of a wrong number is exactly its bytes`() throws {
    let text = "中文，[0.58](#scales.maxProbability[none])。\n\n\(Note.tinyExperiment)"
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: text)])
    let wrong = try site.run("check")
    #expect(wrong.ending == .exited(1))
    #expect(
      wrong.errors.hasPrefix(
        """
        notebooks/a.md:7:5: error: the text says 0.58, but scales.maxProbability[none] is 0.569 ± 0.050 share [wrong-number]
            7 | 中文，[0.58](#scales.maxProbability[none])。
              |        ^^^^ computed: 0.569 ± 0.050 share

        """), "\(wrong.errors)")
    try site.write(Note.plain("A", text: text.replacing("0.58", with: "0.57")), to: "notebooks/a.md")
    #expect(try site.run("check").ending == .exited(0))
  }

  @Test(arguments: [
    "[0.5](#scales.entropy[none] \"exact\")", "[9%](#scales.entropyShare[√d] \"0.1%\")",
    "[7](#scales.entropy[√d] \"±0.001\")",
  ])
  func `the number that a message proposes is accepted`(link: String) throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "\(link)\n\n\(Note.tinyExperiment)")])
    let outcome = try site.run("check")
    let help = try #require(outcome.errors.firstMatch(of: /help: write (\S+)/))
    let mended = try #require(link.firstMatch(of: /\[[^\]]*\]/))
    let text = "[\(help.1)]" + link[mended.range.upperBound...]
    try site.write(Note.plain("A", text: "\(text)\n\n\(Note.tinyExperiment)"), to: "notebooks/a.md")
    #expect(try site.run("check").ending == .exited(0), "\(help.1)")
  }
}

/// Whether the file system tells the two spellings of an accented letter apart, as Linux does.
enum NormalizedNames {
  static let areKeptApart: Bool = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil
    else {
      return false
    }
    for name in ["\u{E9}", "e\u{301}"] { try? Data().write(to: folder.appendingPathComponent(name)) }
    return (try? FileManager.default.contentsOfDirectory(atPath: folder.path).count) == 2
  }()
}
