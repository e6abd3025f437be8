import Foundation
import Testing

/// What a build does to the folder it writes into, and what it leaves alone.
@Suite struct OutputFolders {
  private func twoNotes() throws -> TemporarySite {
    try TemporarySite(notes: ["a.md": Note.plain("A"), "b.md": Note.plain("B", text: "![p](img/p.png)")])
  }

  private func built() throws -> TemporarySite {
    let site = try twoNotes()
    try site.write("picture", to: "notebooks/img/p.png")
    let outcome = try site.run("build")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    return site
  }

  @Test func `files of others stay, also when pages change and go`() throws {
    let site = try built()
    let others = ["CNAME": "example.org", "img/photo.jpg": "photo", "deep/er/x": "x", ".well-known/y": "y"]
    for (path, text) in others { try site.write(text, to: "public/\(path)") }
    try FileManager.default.createSymbolicLink(
      atPath: site.url("public/link").path, withDestinationPath: "CNAME")
    try FileManager.default.createDirectory(
      at: site.url("public/empty/inner"), withIntermediateDirectories: true)
    for change in ["unchanged", "changed", "removed"] {
      if change == "changed" { try site.write(Note.plain("New title"), to: "notebooks/a.md") }
      if change == "removed" { try site.remove("notebooks/b.md") }
      #expect(try site.run("build").ending == .exited(0))
      let published = try site.published()
      for (path, text) in others { #expect(published[path] == text, "\(path) after \(change)") }
      #expect(published["link"] == "-> CNAME")
      #expect(site.exists("public/empty/inner"), "an empty folder of others is gone after \(change)")
    }
    #expect(
      try site.published().paths == [
        ".notebook-files", ".well-known/y", "CNAME", "a.html", "claims.html", "claims.json", "deep/er/x",
        "img/photo.jpg", "index.html",
        "link", "style.css",
      ])
  }

  @Test func `a repository in the output stays one`() throws {
    let site = try built()
    // What a fresh repository consists of; git wants the empty folders too.
    try site.write("ref: refs/heads/main\n", to: "public/.git/HEAD")
    for folder in ["refs/heads", "refs/tags", "objects/info", "objects/pack"] {
      try FileManager.default.createDirectory(
        at: site.url("public/.git/\(folder)"), withIntermediateDirectories: true)
    }
    try site.write(Note.plain("New title"), to: "notebooks/a.md")
    #expect(try site.run("build").ending == .exited(0))
    for folder in ["refs/heads", "refs/tags", "objects/info", "objects/pack"] {
      #expect(site.exists("public/.git/\(folder)"), "\(folder)")
    }
  }

  @Test func `the output folder keeps its permissions, and so do folders of others`() throws {
    let site = try built()
    try site.write("x", to: "public/private/x")
    for (path, mode) in [("public", 0o750), ("public/private", 0o700)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: site.url(path).path)
    }
    try site.write(Note.plain("New title"), to: "notebooks/a.md")
    #expect(try site.run("build").ending == .exited(0))
    for (path, mode) in [("public", 0o750), ("public/private", 0o700)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: site.url(path).path)
      #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
    }
  }

  @Test(arguments: ["a.html", "index.html", "style.css", "img/p.png", "img"])
  func `a file of others in the way of ours is refused and kept`(path: String) throws {
    let site = try twoNotes()
    try site.write("picture", to: "notebooks/img/p.png")
    try site.write("not yours", to: "public/\(path)")
    let outcome = try site.run("build")
    #expect(outcome.ending == .exited(2))
    #expect(
      outcome.errors.contains(
        "error: public/\(path) was not written by notebook and stands in the way [output-holds-other-files]"),
      "\(outcome)")
    let published = try site.published()
    #expect(published.paths == [path])
    #expect(published[path] == "not yours")
  }

  @Test func `an output that is a file, or lies in one, is refused and kept`() throws {
    let site = try twoNotes()
    try site.write("picture", to: "notebooks/img/p.png")
    try site.write("a file", to: "public")
    for arguments in [["build"], ["build", "--output", "public/sub"]] {
      let outcome = try Program.run(arguments, in: site.root)
      #expect(outcome.ending == .exited(2))
      #expect(outcome.errors.contains("[output-not-a-folder]"), "\(outcome)")
    }
    #expect(try String(contentsOf: site.url("public"), encoding: .utf8) == "a file")
  }

  @Test func `an output that links to a folder fills that folder`() throws {
    let site = try twoNotes()
    try site.write("picture", to: "notebooks/img/p.png")
    let real = site.surroundings.appendingPathComponent("real")
    try FileManager.default.createDirectory(at: real, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: site.output.path, withDestinationPath: "../real")
    #expect(try site.run("build").ending == .exited(0))
    #expect(try FileTree(real).paths.contains("index.html"))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: site.output.path) == "../real")
  }

  @Test(arguments: ["o", "new/", "./x/../y", "a/b/c", "../beside", "x//y"])
  func `an output may be written in any way that names a folder`(path: String) throws {
    let site = try twoNotes()
    try site.write("picture", to: "notebooks/img/p.png")
    try FileManager.default.createDirectory(at: site.url("x"), withIntermediateDirectories: true)
    let before = Set(try site.names())
    for round in 1...2 {
      try site.write(Note.plain("Round \(round)"), to: "notebooks/a.md")
      let outcome = try site.run("build", "--output", path)
      #expect(outcome.ending == .exited(0), "\(outcome)")
    }
    let folder = site.root.appendingPathComponent(path).standardizedFileURL
    #expect(
      try FileTree(folder).paths == [
        ".notebook-files", "a.html", "b.html", "claims.html", "claims.json", "img/p.png", "index.html",
        "style.css",
      ])
    let leftovers = Set(try site.names()).subtracting(before).filter {
      $0.hasPrefix(".") && $0 != ".notebook"
    }
    #expect(leftovers.isEmpty)
  }

  @Test func `an output beside the notes is fine from wherever the user stands`() throws {
    let site = try built()
    let outcome = try Program.run(
      ["build", "--site", "..", "--output", "../out"], in: site.url("notebooks"))
    #expect(outcome.ending == .exited(0), "\(outcome)")
    #expect(try FileTree(site.url("out")) == site.published())
  }

  @Test(arguments: ["", ".", "..", "/", "notebooks", "notebooks/x", "public/../notebooks", "templates/x/y"])
  func `an output that would take the place of the sources is refused`(path: String) throws {
    let site = try built()
    let before = try FileTree(site.root)
    let outcome = try site.run("build", "--output", path)
    #expect(outcome.ending == .exited(2), "\(outcome)")
    #expect(try FileTree(site.root) == before)
  }

  @Test func `a note that is gone takes its page and its pictures along`() throws {
    let site = try built()
    #expect(
      try site.published().paths == [
        ".notebook-files", "a.html", "b.html", "claims.html", "claims.json", "img/p.png", "index.html",
        "style.css",
      ])
    try site.remove("notebooks/b.md")
    #expect(try site.run("build").ending == .exited(0))
    #expect(
      try site.published().paths == [
        ".notebook-files", "a.html", "claims.html", "claims.json", "index.html", "style.css",
      ])
    #expect(!site.exists("public/img"))
  }

  @Test func `an unchanged site is not touched`() throws {
    let site = try built()
    func identities() throws -> [String] {
      try site.published().paths.map { path in
        let attributes = try FileManager.default.attributesOfItem(atPath: site.url("public/\(path)").path)
        let number = attributes[.systemFileNumber] as? Int ?? 0
        let date = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        return "\(path) \(number) \(date)"
      }
    }
    let before = try identities()
    let outcome = try site.run("build")
    #expect(outcome.errors.hasPrefix("public: 7 files unchanged\n"), "\(outcome)")
    #expect(try identities() == before)
    try site.write(Note.plain("New title"), to: "notebooks/a.md")
    #expect(try site.run("build").errors.hasPrefix("public: 7 files written\n"))
    #expect(try identities() != before)
  }

  @Test func `a page that someone changed or removed is made anew`() throws {
    let site = try built()
    let expected = try site.published()
    try site.write("defaced", to: "public/a.html")
    try site.remove("public/b.html")
    #expect(try site.run("build").ending == .exited(0))
    #expect(try site.published() == expected)
  }

  @Test func `a site with errors leaves the old one whole`() throws {
    let site = try built()
    let before = try site.published()
    try site.write(Note.plain("A", text: "[x](nowhere.md)"), to: "notebooks/a.md")
    #expect(try site.run("build").ending == .exited(1))
    #expect(try site.published() == before)
    #expect(
      try site.names() == [".notebook", "notebooks", "public", "templates"]
        || site.names() == ["notebooks", "public", "templates"])
  }

  @Test func `checking writes nothing`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A")])
    #expect(try site.run("check").ending == .exited(0))
    #expect(try site.names() == ["notebooks", "templates"])
  }

  @Test func `a list of files that was tampered with removes nothing outside the output`() throws {
    let site = try built()
    try site.write("keep me", to: "precious.txt")
    try site.write(
      "../precious.txt\n\(site.url("precious.txt").path)\na.html\nimg/../../precious.txt\n",
      to: "public/.notebook-files")
    _ = try site.run("build")
    #expect(site.exists("precious.txt"))
  }

  @Test func `a folder of pictures that has a page's name is refused before anything is written`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "![p](a.html/p.png)")])
    try site.write("picture", to: "notebooks/a.html/p.png")
    let outcome = try site.run("build")
    #expect(outcome.ending == .exited(1), "\(outcome)")
    #expect(outcome.errors.contains("[duplicate-slug]"))
  }

  @Test func `a file name with a line end is written, known again and cleared away`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: "![x](b%0Ac.png)")])
    try site.write("picture", to: "notebooks/b\nc.png")
    for title in ["A", "B"] {
      try site.write(
        Note.plain(title, text: "![x](b%0Ac.png)"), to: "notebooks/a.md")
      let outcome = try site.run("build")
      #expect(outcome.ending == .exited(0), "\(outcome)")
      #expect(try site.published()["b\nc.png"] == "picture")
    }
    try site.write(Note.plain("C"), to: "notebooks/a.md")
    #expect(try site.run("build").ending == .exited(0))
    #expect(!site.exists("public/b\nc.png"))
  }

  @Test func `the gallery and figures of a note write over their own files alone`() throws {
    let site = try TemporarySite(notes: ["a.md": Note.plain("A", text: Note.figureOfTinyExperiment)])
    for (arguments, file, option) in [
      (["gallery", "--output", "out"], "index.html", "--output"),
      (["run", "a", "--figures", "shown"], "scales-sorted-curve.svg", "--figures"),
    ] {
      let folder = arguments[arguments.count - 1]
      try site.write("mine", to: "\(folder)/\(file)")
      let refused = try Program.run(arguments, in: site.root)
      #expect(refused.ending != .exited(0))
      #expect(
        refused.errors.contains(
          "\(folder)/\(file) was not written by notebook and stands in the way [output-holds-other-files]"))
      #expect(refused.errors.contains("choose another folder with \(option)"))
      #expect(try FileTree(site.url(folder)).paths == [file])
      #expect(try FileTree(site.url(folder))[file] == "mine")

      try site.remove("\(folder)/\(file)")
      try site.write("mine", to: "\(folder)/other")
      #expect(try Program.run(arguments, in: site.root).ending == .exited(0))
      let first = try FileTree(site.url(folder))
      // Our own are written over, whatever is in them by now.
      try site.write("changed", to: "\(folder)/\(file)")
      #expect(try Program.run(arguments, in: site.root).ending == .exited(0))
      #expect(try FileTree(site.url(folder))[file] == first[file])
      #expect(try FileTree(site.url(folder))["other"] == "mine")
    }
  }

  @Test func `figures that the author composed are written too, frames one by one, also from other notes`()
    throws
  {
    let composed = """
      \(Note.figureOfTinyExperiment.replacing("seed: 7", with: "seed: 7\ntop: [1, 4]"))

      ```yaml figure mass
      y: scales.topMass
      x: top
      frames: scale
      ```

      ```yaml figure theirs
      y: b.md#other.entropy
      x: scale
      title: Theirs
      ```
      """
    let other = Note.tinyExperiment.replacing("experiment scales", with: "experiment other")
    let site = try TemporarySite(notes: [
      "a.md": Note.plain("A", text: composed), "b.md": Note.plain("B", text: other),
    ])
    let outcome = try site.run("run", "a", "--figures", "shown")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    #expect(
      try FileTree(site.url("shown")).paths == [
        ".notebook-files", "mass-2.svg", "mass.svg", "scales-sorted-curve.svg", "theirs.svg",
      ])
    #expect(try FileTree(site.url("shown"))["theirs.svg"]?.contains("Theirs") == true)
  }
}
