import ArgumentParser
import Diagnostics
import Foundation
import Site
import Wording

/// `notebook verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check a published site against its own data, without its notes.",
    discussion: """
      Reads claims.json, runs every experiment again from the parameters in it, and compares each measure, each checked number
      and each claim; then sees that the pages say what the data say. Without --quick nothing published is believed but the
      parameters. An experiment on a file of more than 16,384 numbers can't be verified, which is an error: the site names such
      a file without its numbers.

        notebook verify public                  a whole site
        notebook verify public/why-sqrt-d.html  one page of it
        notebook verify claims.json             the data alone
        notebook verify public --quick          without running anything

      Exit status: 0 all agrees, 1 something does not, 2 there is no such site, 3 a fault of the program or the machine.
      """)

  @Argument(help: ArgumentHelp("The site's folder, one of its pages, or a claims.json.", valueName: "path"))
  var path: String

  @Flag(help: "Compare what is published with itself; run nothing.")
  var quick = false

  @Option(
    help: ArgumentHelp(
      "Threads to compute with; results don't depend on it. Default: as many as cores.", valueName: "n"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @Flag(name: .shortAndLong, help: "Say more about what is done.")
  var verbose = false

  @Option(
    help: ArgumentHelp(
      "How problems are printed: human, short, json, sarif, junit or github.", valueName: "style"))
  var messages: MessageStyle = .human

  @OptionGroup var language: LanguageOption

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw language.refusal(SiteOptions.wrongThreads(threads))
    }
    if quiet, verbose {
      throw language.refusal(
        LocalText("--quiet and --verbose exclude each other", "--quiet 与 --verbose 不能同用"))
    }
  }

  private var console: Console {
    Console(
      isQuiet: quiet, isVerbose: verbose, language: language.chosen,
      environment: ProcessInfo.processInfo.environment)
  }

  func run() throws {
    let place = try PublishedPlace.find(path, console)
    let verification = PublishedVerification(
      place: place, console: console,
      threads: threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount),
      isQuick: quick)
    let outcome = try verification.run()
    let report = DiagnosticReport(
      outcome.diagnostics, statements: [], sources: outcome.sources, language: console.language,
      programVersion: NotebookTool.version)
    if let text = messages.text(of: report) {
      console.result(text)
    } else {
      console.report(outcome.diagnostics, sources: outcome.sources, style: messages.printerStyle)
    }
    guard !outcome.diagnostics.hasErrors else { throw CommandEnd(status: .notesHaveErrors) }
    console.say(outcome.summary)
  }
}

/// What is to be verified: a folder with a record, and which of its pages.
struct PublishedPlace {
  /// Which pages are compared with the record.
  enum Pages {
    case all
    case one(String)
    case none
  }

  /// The record, as the user would name it.
  let record: String
  /// The folder that the record lies in.
  let folder: String
  let pages: Pages

  /// Finds what a path names.
  ///
  /// - Throws: ``CommandEnd`` where it names no published site; that was said.
  static func find(_ path: String, _ console: Console) throws -> PublishedPlace {
    let place: PublishedPlace
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    switch FileSystem.kindFollowingLinks(path) {
    case .folder:
      let prefix = trimmed == "." ? "" : trimmed == "/" ? "/" : trimmed + "/"
      place = PublishedPlace(record: prefix + PublishedRecord.fileName, folder: trimmed, pages: .all)
    case .file where path.hasSuffix(".json"):
      place = PublishedPlace(record: path, folder: FileSystem.parent(of: path), pages: .none)
    case .file where path.hasSuffix(".html"):
      let folder = FileSystem.parent(of: path)
      let name = String(path.split(separator: "/").last ?? "")
      let prefix = folder == "." ? "" : folder == "/" ? "/" : folder + "/"
      place = PublishedPlace(record: prefix + PublishedRecord.fileName, folder: folder, pages: .one(name))
    case .file, .link, .other:
      console.complain(
        LocalText(
          "\(path) is neither a folder nor a page nor a claims.json", "\(path) 既不是文件夹，也不是页面或 claims.json"),
        help: nil)
      throw CommandEnd(status: .wrongUsage)
    case nil:
      console.complain(LocalText("there is no \(path)", "没有 \(path)"), help: nil)
      throw CommandEnd(status: .wrongUsage)
    }
    guard FileSystem.kindFollowingLinks(place.record) == .file else {
      console.complain(
        LocalText(
          "there is no \(place.record), so nothing says what was published", "没有 \(place.record)，无从知道发布了什么"),
        help: LocalText(
          "‘notebook build’ writes it beside the pages; keep it with them",
          "它由 ‘notebook build’ 写在页面旁边；请与页面放在一起"))
      throw CommandEnd(status: .wrongUsage)
    }
    return place
  }
}
