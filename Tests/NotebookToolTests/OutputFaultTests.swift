import Foundation
import Testing

/// Disks that fill, folders that refuse, builds that are killed or meet each other: the old site stays whole.
@Suite struct OutputFaults {
  /// A site of many small pages, so that writing takes a while. Two versions differ in every page.
  private static func makeSite(pages: Int = 60) throws -> TemporarySite {
    let site = try TemporarySite()
    try write(version: 1, pages: pages, to: site)
    return site
  }

  private static func write(version: Int, pages: Int = 60, to site: TemporarySite) throws {
    for index in 0..<pages {
      try site.write(Note.plain("Note \(index) in version \(version)"), to: "notebooks/n\(index).md")
    }
    // One page comes and one goes with each version.
    if site.exists("notebooks/only-\(3 - version).md") { try site.remove("notebooks/only-\(3 - version).md") }
    try site.write(Note.plain("Only in \(version)"), to: "notebooks/only-\(version).md")
  }

  /// What may stand in a site's folder when no build is running.
  private static func leftovers(in site: TemporarySite) throws -> [String] {
    try site.names().filter { !["notebooks", "public", "templates", ".notebook"].contains($0) }
  }

  // MARK: Killed

  @Test func `a build killed at any moment leaves the old site or the new one, and the next build is fine`()
    throws
  {
    let site = try Self.makeSite()
    #expect(try site.run("build").ending == .exited(0))
    try site.write("others' file", to: "public/others.txt")
    let old = try site.published()
    let kept = site.surroundings.appendingPathComponent("kept")
    try FileManager.default.copyItem(at: site.output, to: kept)
    try Self.write(version: 2, to: site)
    let started = Date()
    #expect(try site.run("build").ending == .exited(0))
    let duration = Date().timeIntervalSince(started)
    let new = try site.published()
    #expect(old != new)

    var midway = 0
    for round in 0..<12 {
      try site.remove("public")
      try FileManager.default.copyItem(at: kept, to: site.output)
      #expect(try site.published() == old)

      let build = try Program.start(["build"], in: site.root)
      if round % 2 == 0 {
        // As soon as writing begins, and a little later each time.
        let begun = build.wait { site.exists(".public.building") }
        #expect(begun)
        usleep(UInt32(round) * 400)
      } else {
        usleep(UInt32(duration * 1e6 * Double(round) / 12))
      }
      build.send(SIGKILL)
      _ = build.end()
      let found = try site.published()
      #expect(found == old || found == new, "round \(round): \(found.difference(from: old) ?? "")")
      if try !Self.leftovers(in: site).isEmpty { midway += 1 }

      let next = try site.run("build")
      #expect(next.ending == .exited(0), "round \(round): \(next)")
      #expect(try site.published() == new, "round \(round)")
      #expect(try Self.leftovers(in: site) == [], "round \(round)")
    }
    #expect(midway > 0, "no build was killed while it wrote: the test tests nothing")
  }

  @Test func `what a killed build left where a rename needs two steps is put back`() throws {
    let site = try Self.makeSite(pages: 3)
    #expect(try site.run("build").ending == .exited(0))
    let old = try site.published()
    // The moment between the two renames, on file systems that can't exchange folders.
    try FileManager.default.moveItem(at: site.output, to: site.url(".public.previous"))
    try site.write("half", to: ".public.building/n0.html")
    try site.write("of no site", to: ".public.building/stale.html")
    #expect(try site.run("build").ending == .exited(0))
    #expect(try site.published() == old)
    #expect(try Self.leftovers(in: site) == [])
  }

  // MARK: Two at once

  @Test func `two builds at once both succeed, and the site is whole`() throws {
    let site = try Self.makeSite()
    let alone = site.surroundings.appendingPathComponent("alone")
    #expect(try site.run("build", "--output", alone.path).ending == .exited(0))
    let expected = try FileTree(alone)
    for _ in 0..<4 {
      if site.exists("public") { try site.remove("public") }
      let builds = try (0..<3).map { _ in try Program.start(["build"], in: site.root) }
      for build in builds {
        let outcome = build.end()
        #expect(outcome.ending == .exited(0), "\(outcome)")
      }
      let difference = try site.published().difference(from: expected)
      #expect(difference == nil, "\(difference ?? "")")
      #expect(try Self.leftovers(in: site) == [])
    }
  }

  /// Holds the lock that a build takes: the folder around the output.
  private func withLock<Result>(on site: TemporarySite, _ body: () throws -> Result) throws -> Result {
    let descriptor = open(site.root.path, O_RDONLY)
    #expect(descriptor >= 0 && flock(descriptor, LOCK_EX) == 0)
    defer { close(descriptor) }
    return try body()
  }

  @Test func `a build waits while another one writes, says so, and goes on`() throws {
    let site = try Self.makeSite(pages: 3)
    let build = try withLock(on: site) {
      let build = try Program.start(["build"], in: site.root)
      let said = build.wait { build.errorsSoFar.contains("another build is writing here; waiting for it\n") }
      #expect(said)
      #expect(build.isRunning)
      #expect(!site.exists("public"))
      return build
    }
    let outcome = build.end()
    #expect(outcome.ending == .exited(0), "\(outcome)")
    #expect(site.exists("public/index.html"))
  }

  @Test func `Ctrl-C ends a build that waits for another one`() throws {
    let site = try Self.makeSite(pages: 3)
    try withLock(on: site) {
      let build = try Program.start(["build"], in: site.root)
      let said = build.wait { build.errorsSoFar.contains("waiting") }
      #expect(said)
      build.send(SIGINT)
      let outcome = build.end(watchdog: 10)
      #expect([.killed(signal: SIGINT), .exited(130)].contains(outcome.ending), "\(outcome)")
    }
  }

  // MARK: Ctrl-C

  @Test(arguments: ["build", "run"])
  func `Ctrl-C stops a long experiment soon and leaves the old site`(command: String) throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A")])
    #expect(try site.run("build").ending == .exited(0))
    let old = try site.published()
    let long = """
      ```yaml experiment long
      kind: softmax
      headDimension: 8
      keys: 64
      queries: 50_000_000
      ```
      """
    try site.write(Note.plain("A", text: long), to: "notebooks/a.md")
    let arguments = command == "build" ? ["build", "--verbose"] : ["run", "a.md", "--verbose"]
    let build = try Program.start(arguments, in: site.root)
    let began = build.wait { build.errorsSoFar.contains("running notebooks/a.md#long") }
    #expect(began && build.isRunning)
    usleep(100_000)
    let pressed = Date()
    build.send(SIGINT)
    let outcome = build.end(watchdog: 30)
    #expect(outcome.ending == .exited(130), "\(outcome)")
    // About a second is promised; a busy machine may take longer.
    #expect(Date().timeIntervalSince(pressed) < 15)
    #expect(outcome.errors.hasSuffix("stopped\n"))
    #expect(try site.published() == old)
    #expect(try Self.leftovers(in: site) == [])
  }

  @Test func `a second Ctrl-C ends the program at once`() throws {
    // Rows so long that a chunk of them takes a while, at least unoptimised; a build that ended before is fine too.
    let long = """
      ```yaml experiment long
      kind: softmax
      headDimension: 256
      keys: 65_536
      queries: 10_000
      ```
      """
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: long)])
    let build = try Program.start(["build", "--verbose"], in: site.root)
    let began = build.wait { build.errorsSoFar.contains("running notebooks/a.md#long") }
    #expect(began && build.isRunning)
    usleep(300_000)
    build.send(SIGINT)
    usleep(300_000)
    build.send(SIGINT)
    let outcome = build.end(watchdog: 10)
    #expect([.killed(signal: SIGINT), .exited(130)].contains(outcome.ending), "\(outcome)")
    #expect(!site.exists("public"))
  }

  // MARK: No room

  @Test func `a write that fails half-way leaves the old site whole, and the next build is fine`() throws {
    let site = try Self.makeSite(pages: 10)
    #expect(try site.run("build").ending == .exited(0))
    let old = try site.published()
    try Self.write(version: 2, pages: 10, to: site)
    try site.write(
      Note.plain("Large", text: String(repeating: "many words ", count: 20_000)), to: "notebooks/z.md")
    // A limit on the size of files stands for a full disk: it needs no rights, and strikes in the middle.
    let limited = try Program.start(
      URL(fileURLWithPath: "/bin/sh"),
      ["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" build", try Program.location().path], in: site.root
    ).end()
    #expect(limited.ending == .exited(3), "\(limited)")
    #expect(limited.errors.contains("[write-failed]"))
    #expect(limited.errors.contains("the old site in public was left as it was"))
    #expect(try site.published() == old)
    #expect(try Self.leftovers(in: site) == [])
    #expect(try site.run("build").ending == .exited(0))
    #expect(try site.published().paths.contains("z.html"))
  }

  /// Whether a file system of our own can be mounted: by root, where the container allows it.
  static let canMount: Bool = {
    guard getuid() == 0, let folder = try? TemporarySite() else { return false }
    let isMounted = (try? mount(folder.url("notebooks"), "size=64k")) != nil
    if isMounted { unmount(folder.url("notebooks")) }
    return isMounted
  }()

  private static func mount(_ folder: URL, _ options: String) throws {
    let outcome = try Program.start(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "exec mount -t tmpfs -o \(options) tmpfs \"$0\"", folder.path],
      in: URL(fileURLWithPath: "/")
    ).end()
    guard outcome.ending == .exited(0) else { throw MissingPiece(description: outcome.errors) }
  }

  private static func unmount(_ folder: URL) {
    // What can't be unmounted now goes with the container; the next test uses another folder.
    _ = try? Program.start(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "exec umount \"$0\"", folder.path],
      in: URL(fileURLWithPath: "/")
    ).end()
  }

  @Test(.enabled(if: canMount, "only root can mount a small disk, and not in every container"))
  func `a full disk that is the output itself leaves the old site whole`() throws {
    let site = try Self.makeSite(pages: 10)
    try FileManager.default.createDirectory(at: site.output, withIntermediateDirectories: false)
    try Self.mount(site.output, "size=1m")
    defer { Self.unmount(site.output) }
    let first = try site.run("build")
    #expect(first.ending == .exited(0), "\(first)")
    let filler = site.url("public/filler.bin")
    // As much as there is room for, but for a few pages.
    let room =
      try FileManager.default.attributesOfFileSystem(forPath: site.output.path)[.systemFreeSize] as? Int
    try Data(count: try #require(room) - 40_000).write(to: filler)
    let old = try site.published()
    try Self.write(version: 2, pages: 10, to: site)
    let full = try site.run("build")
    #expect(full.ending == .exited(3), "\(full)")
    #expect(full.errors.contains("[write-failed]"))
    #expect(try site.published() == old)

    try FileManager.default.removeItem(at: filler)
    let outcome = try site.run("build")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    let new = try site.published()
    #expect(new.paths.contains("only-2.html") && !new.paths.contains("only-1.html"))
    #expect(new.paths.allSatisfy { !$0.contains("building") })
  }

  @Test(.enabled(if: canMount, "only root can mount a small disk, and not in every container"))
  func `a picture folder may become a file and back, also where the output can't change places`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "![p](x/p)")])
    try FileManager.default.createDirectory(at: site.output, withIntermediateDirectories: false)
    try Self.mount(site.output, "size=1m")
    defer { Self.unmount(site.output) }
    try site.write("1", to: "notebooks/x/p")
    #expect(try site.run("build").ending == .exited(0))
    try site.remove("notebooks/x")
    try site.write("2", to: "notebooks/x")
    try site.write(Note.plain("A", text: "![p](x)"), to: "notebooks/a.md")
    let toFile = try site.run("build")
    #expect(toFile.ending == .exited(0), "\(toFile)")
    try site.remove("notebooks/x")
    try site.write("3", to: "notebooks/x/p")
    try site.write(Note.plain("A", text: "![p](x/p)"), to: "notebooks/a.md")
    let back = try site.run("build")
    #expect(back.ending == .exited(0), "\(back)")
    #expect(try site.published()["x/p"] == "3")
  }

  @Test(.enabled(if: canMount, "only root can mount a disk that is read-only"))
  func `an output on a read-only disk is refused before anything is tried`() throws {
    let site = try Self.makeSite(pages: 3)
    try FileManager.default.createDirectory(at: site.output, withIntermediateDirectories: false)
    try Self.mount(site.output, "size=1m,ro")
    defer { Self.unmount(site.output) }
    let outcome = try site.run("build")
    #expect(outcome.ending == .exited(2), "\(outcome)")
    #expect(outcome.errors.contains("error: the folder public is not writable [output-not-writable]"))
  }

  /// How a process without rights is started: directly, or by root as a user who has none.
  private enum Unprivileged {
    static let wrapper = "/usr/bin/setpriv"
    static let isPossible = getuid() != 0 || FileManager.default.isExecutableFile(atPath: wrapper)

    static func run(_ arguments: [String], in folder: URL) throws -> Program.Outcome {
      if getuid() != 0 { return try Program.run(arguments, in: folder) }
      // The build folder may lie where others can't look; a second name of the program lies where they can.
      let program = folder.deletingLastPathComponent().appendingPathComponent("notebook")
      if !FileManager.default.fileExists(atPath: program.path) {
        try FileManager.default.copyItem(at: Program.location(), to: program)
      }
      return try Program.start(
        URL(fileURLWithPath: wrapper),
        ["--reuid=65534", "--regid=65534", "--clear-groups", program.path] + arguments, in: folder
      ).end()
    }
  }

  @Test(
    .enabled(
      if: Unprivileged.isPossible, "root is refused nothing, and there is no setpriv to become someone else"))
  func `an output without permission is refused and stays as it was`() throws {
    let site = try Self.makeSite(pages: 3)
    for folder in [site.surroundings, site.root] {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    #expect(try site.run("build").ending == .exited(0))
    let old = try site.published()
    try Self.write(version: 2, pages: 3, to: site)
    for path in ["public", ""] {
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: site.url(path).path)
    }
    defer {
      for path in ["", "public"] {
        // Only so that the folder can be removed; the test has said what it has to say.
        try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: site.url(path).path)
      }
    }
    let refused = try Unprivileged.run(["build"], in: site.root)
    #expect(refused.ending == .exited(2), "\(refused)")
    #expect(refused.errors.contains("error: the folder public is not writable [output-not-writable]"))
    let elsewhere = try Unprivileged.run(["build", "--output", "new"], in: site.root)
    #expect(elsewhere.ending == .exited(2), "\(elsewhere)")
    #expect(elsewhere.errors.contains("is not writable [output-not-writable]"))
    #expect(try site.published() == old)
  }

  @Test(
    .enabled(
      if: Unprivileged.isPossible, "root is refused nothing, and there is no setpriv to become someone else"))
  func `a note that can't be read is an error with the system's reason`() throws {
    let site = try Self.makeSite(pages: 2)
    for folder in [site.surroundings, site.root] {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: site.url("notebooks/n0.md").path)
    let outcome = try Unprivileged.run(["check", "--messages", "short"], in: site.root)
    #expect(outcome.ending == .exited(1), "\(outcome)")
    #expect(
      outcome.errors
        == "notebooks/n0.md: error: notebooks/n0.md can't be read: Permission denied [unreadable-file]\n")
  }
}
