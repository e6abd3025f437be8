import Diagnostics
import Foundation
import Testing
import Wording

@Suite struct GoldenSites {
  @Test func `there are cases, and each says what it expects`() throws {
    #expect(GoldenCase.all.count > 50)
    for site in GoldenCase.all {
      #expect(
        FileManager.default.fileExists(atPath: site.expectedFile.path), "\(site.name) has no expected.txt")
      #expect(try !site.commands().isEmpty, "\(site.name) runs nothing")
    }
  }

  @Test(arguments: GoldenCase.all)
  func `a site gives the messages and pages that were agreed on`(_ golden: GoldenCase) throws {
    let site = try golden.makeSite()
    let transcript = try golden.transcript(in: site)
    try compare(transcript, with: golden.expectedFile)
    guard FileManager.default.fileExists(atPath: golden.expectedPages.path) else { return }
    let published = try site.published()
    let names = published.paths.joined(separator: "\n") + "\n"
    try compare(names, with: golden.expectedPages.appendingPathComponent("files.txt"))
    // The style sheet is the template, near enough; only that it is there matters here.
    for (path, bytes) in published.files where path != "style.css" && !path.hasPrefix(".") {
      let expected = golden.expectedPages.appendingPathComponent(path)
      // What the program writes, and what it copies.
      if path.hasSuffix(".html") || path.hasPrefix("data/") || ["claims.json", "drag.js"].contains(path) {
        try compare(String(decoding: bytes, as: UTF8.self), with: expected)
      } else {
        let source = try Data(contentsOf: golden.location.appendingPathComponent("notebooks/\(path)"))
        #expect(bytes == source, "\(path) is not the copy that it should be")
      }
    }
  }

  @Test(arguments: GoldenCase.all)
  func `what a case says of its notes is said in Chinese too`(_ golden: GoldenCase) throws {
    let codes = try golden.codes()
    guard !codes.isEmpty else { return }
    let file = golden.expectedFile(.chinese)
    let transcript = try golden.transcript(in: golden.makeSite(), language: .chinese)
    try compare(transcript, with: file)
    #expect(try golden.codes(.chinese) == codes)
  }

  private func compare(_ text: String, with file: URL) throws {
    let actual = file.appendingPathExtension("actual")
    let expected = try? Data(contentsOf: file)
    if expected == nil {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    }
    if expected == Data(text.utf8) {
      try? FileManager.default.removeItem(at: actual)
      return
    }
    if GoldenCase.isRecording {
      try Data(text.utf8).write(to: file)
      return
    }
    try Data(text.utf8).write(to: actual)
    let old = String(decoding: expected ?? Data(), as: UTF8.self)
    Issue.record(
      "\(file.lastPathComponent) differs; what came out lies beside it\n\(Difference.of(text, from: old))")
  }

  /// Codes that no case can reach, each with the reason.
  private static let reachedElsewhere: [DiagnosticCode: String] = [
    .noteTooLarge: "the note would be too large to keep here: see HostileNotes",
    .nestedTooDeeply: "made by a loop: see HostileNotes",
    .tooManyBrackets: "made by a loop: see HostileNotes",
    .markdownTooCostly: "made by a loop: see HostileNotes",
    .outputNotAFolder: "needs a folder in a certain state: see OutputFolders",
    .outputNotWritable: "needs a folder in a certain state: see OutputFaults",
    .outputHoldsOtherFiles: "needs a folder in a certain state: see OutputFolders",
    .writeFailed: "needs a full disk: see OutputFaults",
    .recordDiffers: "needs a site changed after its build: see PublishedSites",
    .pageMissing: "needs a site changed after its build: see PublishedSites",
    .pageDiffers: "needs a site changed after its build: see PublishedSites",
    .experimentFailed: "no parameters that pass the checks make an experiment fail",
  ]

  @Test(arguments: DiagnosticCode.allCases)
  func `every kind of problem is shown by a case, or there is a reason why not`(code: DiagnosticCode) throws {
    let isShown = try GoldenCase.all.contains { try $0.codes().contains(code.rawValue) }
    #expect(isShown != (Self.reachedElsewhere[code] != nil))
  }

  @Test(arguments: GoldenCase.all)
  func `every code that a case shows is one of ours`(_ golden: GoldenCase) throws {
    for code in try golden.codes() { #expect(DiagnosticCode(rawValue: code) != nil, "\(code)") }
  }
}
