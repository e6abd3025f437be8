import Foundation
import Testing

/// What `notebook verify` finds in a site that somebody changed after its build.
@Suite struct PublishedSites {
  private static func makeSite() throws -> TemporarySite {
    let english = """
      A weight of [0.57](#scales.maxProbability[none]), a share of [69%](#scales.effectiveKeysShare[√d]), and
      [flatter](#flatter): [](#scales.entropy[√d]).

      \(Note.tinyExperiment)

      ```yaml claims
      - id: flatter
        says: A larger divisor means a flatter row.
        check: scales.entropy increases with scale
      - id: wrong
        says: The entropy exceeds 3 nat.
        check: scales.entropy[√d] > 3
        expect: refuted
        because: eight keys have at most ln 8 ≈ 2.08 nat
      - id: bleu
        says: 2√d costs 2–3 BLEU
        cited: https://example.org/
      ```
      """
    let chinese = """
      ---
      title: 中文“页面” & <标签>
      date: 2026-11-21
      lang: zh-Hans
      ---

      别处的 [1.68](a.md#scales.entropy[√d] "±0.01")，还有 [约 0.57](a.md#scales.maxProbability[none])。
      """
    let site = try TemporarySite(notes: [
      "a.md": Note.plain("A", text: english), "b.md": chinese,
    ])
    let outcome = try site.run("build", "--quiet")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    // The notes are not needed any more.
    for name in ["notebooks", "templates", ".notebook"] { try site.remove(name) }
    return site
  }

  private static func change(_ path: String, in site: TemporarySite, _ old: String, _ new: String) throws {
    let text = String(decoding: try Data(contentsOf: site.url(path)), as: UTF8.self)
    #expect(text.contains(old), "\(path) does not hold ‘\(old)’")
    try site.write(text.replacing(old, with: new, maxReplacements: 1), to: path)
  }

  @Test(arguments: [[], ["--quick"], ["--threads", "3"]])
  func `a site as it was built agrees with itself, without its notes`(options: [String]) throws {
    let site = try Self.makeSite()
    for path in ["public", "public/", "public/a.html", "public/claims.html", "public/claims.json"] {
      let outcome = try Program.run(["verify", path] + options, in: site.root)
      #expect(outcome.ending == .exited(0), "\(outcome)")
      #expect(outcome.errors.contains("5 checked numbers and 3 claims as published"), "\(outcome)")
    }
  }

  @Test(arguments: [[], ["--quick"]])
  func `conditions that are no whole numbers agree too`(options: [String]) throws {
    let text = """
      ```yaml experiment formats
      kind: precision
      keys: 8
      queries: 16
      trials: 2
      spreads: [1, 3.5]
      figure: none
      ```
      """
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: text)])
    let built = try site.run("build")
    #expect(built.ending == .exited(0), "\(built)")
    #expect(
      try String(contentsOf: site.url("public/claims.json"), encoding: .utf8).contains("\"spread\":3.5"))
    let outcome = try Program.run(["verify", "public"] + options, in: site.root)
    #expect(outcome.ending == .exited(0), "\(outcome)")
  }

  @Test func `the data alone are verified wherever they lie`() throws {
    let site = try Self.makeSite()
    let data = try Data(contentsOf: site.url("public/claims.json"))
    try site.write(data, to: "elsewhere/x.json")
    #expect(try site.run("verify", "elsewhere/x.json").ending == .exited(0))
    // Without its pages it is no site.
    try site.write(data, to: "elsewhere/claims.json")
    let outcome = try site.run("verify", "elsewhere")
    #expect(outcome.ending == .exited(1))
    #expect(outcome.errors.contains("[page-missing]"), "\(outcome)")
  }

  @Test(arguments: [
    // A number in the text, in its evidence, in a table; a verdict; a link's mark; a made-up number; a statement of trust.
    ("a.html", ">69%<", ">70%<", "checked number 2 says ‘70%’"),
    ("a.html", "data-value=\"0.691", "data-value=\"0.692", "the ‘data-value’ of checked number 2"),
    ("a.html", "64 samples", "64,000 samples", "the evidence of checked number 1"),
    ("a.html", "<td>1.15371 nat</td>", "<td>1.25371 nat</td>", "the measure ‘scales.entropy.none’"),
    ("a.html", "flatter row", "steeper row", "the claim ‘flatter’"),
    ("a.html", "id=\"flatter\"", "id=\"flutter\"", "the claim ‘flatter’ is not in the page"),
    (
      "a.html", "claim-link is-holds", "claim-link is-refuted", "shows a verdict that its claim does not have"
    ),
    ("b.html", "</main>", "<span class=\"checked\"><a>99%</a></span></main>", "marks something as verified"),
    ("b.html", ">1.68<", ">1.86<", "checked number 1 says ‘1.86’"),
    ("claims.html", "ln 8", "ln 9", "the claim ‘claim.a.wrong’"),
    // What nothing but the bytes tells: prose, markup, the index.
    ("a.html", "A weight of", "A height of", "public/a.html is not as it was built"),
    ("a.html", "class=\"how\"", "class=\"hew\"", "public/a.html is not as it was built"),
    ("b.html", "还有", "没有", "public/b.html is not as it was built"),
    ("index.html", "中文", "英文", "public/index.html is not as it was built"),
  ])
  func `a page that was changed is found, without running anything too`(
    page: String, old: String, new: String, words: String
  ) throws {
    let site = try Self.makeSite()
    try Self.change("public/\(page)", in: site, old, new)
    for options in [["--quick"], []] {
      let outcome = try Program.run(["verify", "public"] + options, in: site.root)
      #expect(outcome.ending == .exited(1), "\(outcome)")
      #expect(outcome.errors.contains("[page-differs]") && outcome.errors.contains(words), "\(outcome)")
    }
    #expect(try site.run("verify", "public/claims.json").ending == .exited(0))
  }

  @Test(arguments: [
    // What --quick finds, because it contradicts the rest of the data.
    ("\"text\": \"0.57\"", "\"text\": \"0.58\"", true, "[wrong-number]"),
    ("\"verdict\": \"refuted\"", "\"verdict\": \"holds\"", true, "claim ‘wrong’: ‘verdict’"),
    (
      "\"check\": \"scales.entropy[√d] > 3\"", "\"check\": \"scales.entropy[√d] > 1\"", true,
      "[claim-holds-unexpectedly]"
    ),
    ("\"margin\": 2", "\"margin\": 3", true, "‘margin’ is 3"),
    // What only running shows.
    ("\"seed\": 7", "\"seed\": 8", false, "[wrong-number]"),
    ("\"keys\": 8", "\"keys\": 9", false, "[wrong-number]"),
    ("\"samples\": 64", "\"samples\": 65", false, "‘samples’ is 65 here, but 64 came out"),
    (
      "\"name\": \"participationRatio\"", "\"name\": \"participationRate\"", false,
      "‘name’ is participationRate"
    ),
  ])
  func `data that were changed are found`(old: String, new: String, isQuickEnough: Bool, words: String) throws
  {
    let site = try Self.makeSite()
    try Self.change("public/claims.json", in: site, old, new)
    let outcome = try site.run("verify", "public/claims.json")
    #expect(outcome.ending == .exited(1), "\(outcome)")
    #expect(outcome.errors.contains(words), "\(outcome)")
    #expect(outcome.errors.contains("public/claims.json:"), "\(outcome)")
    let quick = try site.run("verify", "public/claims.json", "--quick")
    #expect(quick.ending == .exited(isQuickEnough ? 1 : 0), "\(quick)")
  }

  @Test func `a value changed everywhere, also in its page, is found by running`() throws {
    let site = try Self.makeSite()
    let record = String(decoding: try Data(contentsOf: site.url("public/claims.json")), as: UTF8.self)
    // Shares as the record writes them, to twelve digits; the last one is moved by one.
    let value = String(try #require(record.firstMatch(of: /0\.69\d{9,10}/)).output)
    let changed =
      value.dropLast() + (value.hasSuffix("9") ? "8" : String((value.last?.wholeNumberValue ?? 0) + 1))
    for path in ["public/claims.json", "public/a.html", "public/b.html", "public/claims.html"] {
      let text = String(decoding: try Data(contentsOf: site.url(path)), as: UTF8.self)
      try site.write(text.replacing(value, with: changed), to: path)
    }
    #expect(try site.run("verify", "public/claims.json", "--quick").ending == .exited(0))
    let outcome = try site.run("verify", "public/claims.json")
    #expect(outcome.ending == .exited(1))
    #expect(outcome.errors.contains("‘value’ is \(changed) here, but \(value) came out"), "\(outcome)")
  }

  @Test func `a page that is gone or unknown is told`() throws {
    let site = try Self.makeSite()
    try site.remove("public/b.html")
    let outcome = try site.run("verify", "public", "--quick")
    #expect(
      outcome.ending == .exited(1) && outcome.errors.contains("there is no page public/b.html"), "\(outcome)")
    #expect(outcome.errors.contains("1 error\n"), "\(outcome)")
    try site.remove("public/index.html")
    #expect(
      try site.run("verify", "public", "--quick").errors.contains("there is no file public/index.html"))
    try site.write("<p>", to: "public/c.html")
    #expect(
      try site.run("verify", "public/c.html", "--quick").errors.contains("the record knows no page c.html"))
  }
}
