import Foundation
import Testing

@Suite struct UpdatingNotes {
  private static let experiment = "```yaml experiment r\nkind: exponential-range\nfigure: none\n```\n"
  private static let wrong =
    "上端 [２．７３](#r.upper[1σ,√d])，下端 [](#r.lower[1σ,√d])，至多 [≤1](#r.upper[1σ,√d])。\r\n\r\n"

  private func text(_ site: TemporarySite) throws -> String {
    String(decoding: try Data(contentsOf: site.url("notebooks/a.md")), as: UTF8.self)
  }

  @Test
  func `an update corrects the number and nothing else, keeps the file's permissions, and is done once`()
    throws
  {
    let site = try TemporarySite(notes: ["a.md": Note.plain("t", text: Self.wrong + Self.experiment)])
    let path = site.url("notebooks/a.md").path
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let before = try text(site)
    let first = try site.run("check", "--update")
    // The relation ≤1 stays wrong, and is said so.
    #expect(first.ending == .exited(1))
    #expect(first.errors.contains("[wrong-number]"))
    #expect(first.output.contains("- 上端 [２．７３]") && first.output.contains("+ 上端 [２．７２]"))
    #expect(try text(site) == before.replacingOccurrences(of: "２．７３", with: "２．７２"))
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
    let second = try site.run("check", "--update")
    #expect(second.output.isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: site.url("notebooks").path) == ["a.md"])
  }

  @Test func `files of the author's whose names look temporary are left alone`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("t", text: Self.wrong + Self.experiment)])
    let mine = ["notebooks/a.md.new", "notebooks/.a.md.new", "notebook.lock.new", ".notebook.lock.new"]
    for name in mine { try Data("mine".utf8).write(to: site.url(name)) }
    let elsewhere = site.url("elsewhere.txt")
    try Data("mine".utf8).write(to: elsewhere)
    try FileManager.default.removeItem(at: site.url("notebook.lock.new"))
    try FileManager.default.createSymbolicLink(
      at: site.url("notebook.lock.new"), withDestinationURL: elsewhere)
    _ = try site.run("fmt")
    _ = try site.run("check", "--update")
    _ = try site.run("check", "--lock")
    for name in mine { #expect(try Data(contentsOf: site.url(name)) == Data("mine".utf8), "\(name)") }
    #expect(try Data(contentsOf: elsewhere) == Data("mine".utf8))
  }

  @Test func `a link to a note stays a link`() throws {
    let site = try TemporarySite(notes: ["b.txt": Note.plain("t", text: Self.wrong + Self.experiment)])
    try FileManager.default.createSymbolicLink(
      atPath: site.url("notebooks/a.md").path, withDestinationPath: "b.txt")
    _ = try site.run("check", "--update")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: site.url("notebooks/a.md").path) == "b.txt")
    #expect(try text(site).contains("２．７２"))
  }

  @Test func `fmt fills empty links once, and can only look`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("t", text: Self.wrong + Self.experiment)])
    let before = try text(site)
    #expect(try site.run("fmt", "--check").ending == .exited(1))
    #expect(try text(site) == before)
    #expect(try site.run("fmt").ending == .exited(0))
    #expect(try text(site) == before.replacingOccurrences(of: "[](#r.lower", with: "[0.368](#r.lower"))
    #expect(try site.run("fmt", "--check").ending == .exited(0))
  }

  @Test(arguments: [["fmt"], ["fmt", "--check"]])
  func `fmt says what keeps a link empty, and fails`(arguments: [String]) throws {
    for body in [
      "[](#r.lower[1σ,√d])\n\n```yaml experiment r\nkind: exponential-range\nfoo: 1\n```",
      "[](#r.lower[1σ,√d])\n\n```yaml experiment r\nkind: nothing\n```",
    ] {
      let site = try TemporarySite(notes: ["a.md": Note.plain("t", text: body)])
      let outcome = try Program.run(arguments, in: site.root)
      #expect(outcome.ending == .exited(1))
      #expect(outcome.errors.contains("notebooks/a.md:"), "\(outcome)")
      #expect(!outcome.output.contains("no link is empty"))
    }
    // A note that can't be read may hold empty links too.
    let unreadable = try TemporarySite(notes: ["a.md": ""])
    let outcome = try Program.run(arguments, in: unreadable.root)
    #expect(outcome.ending == .exited(1))
    #expect(outcome.errors.contains("[empty-note]"), "\(outcome)")
  }

  @Test func `coverage lists numbers without a link, with the link that would do`() throws {
    let site = try TemporarySite(notes: [
      "a.md": Note.plain(
        "t", text: "About 2.72, `2.72`, [2.72](#r.upper[1σ,√d]) and 99.9%, d_64.\n\n" + Self.experiment)
    ])
    let outcome = try site.run("check", "--coverage")
    #expect(outcome.ending == .exited(0))
    #expect(
      outcome.output
        == "notebooks/a.md:7:7   2.72   [2.72](#r.upper[1σ,√d])\nnotebooks/a.md:7:49  99.9%  no measure\n")
  }

  @Test func `a lock is written, found equal, and reports drift`() throws {
    let site = try TemporarySite(notes: [
      "a.md": Note.plain("t", text: "[2.72](#r.upper[1σ,√d])\n\n" + Self.experiment)
    ])
    #expect(try site.run("check", "--lock").ending == .exited(0))
    let lock = String(decoding: try Data(contentsOf: site.url("notebook.lock")), as: UTF8.self)
    #expect(lock.contains("notebooks/a.md number r.upper[1σ, √d] = 2.71828182846\n"))
    #expect(try site.run("check", "--strict").ending == .exited(0))
    try site.write(lock.replacingOccurrences(of: "2.71828182846", with: "2.71828182845"), to: "notebook.lock")
    let drifted = try site.run("check")
    #expect(drifted.ending == .exited(1))
    #expect(drifted.errors.contains("2.71828182845") && drifted.errors.contains("2.71828182846"))
  }
}
