import ArgumentParser
import Diagnostics
import Foundation
import MarkdownTree
import NotebookModel
import Wording

/// `notebook render`.
struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Turn one document from standard input into an HTML fragment on standard output.",
    discussion: """
      With --flavor gfm the result is what the program cmark-gfm writes: no extension unless named, raw HTML left out
      unless --unsafe-html. With --flavor notebook it is the HTML of pages: front matter skipped, every extension and footnotes on, raw HTML
      shown as text unless --unsafe-html; experiments are not run, their blocks stay code.

        notebook render --flavor gfm --extension table < table.md
        notebook render --flavor notebook < notebooks/why-sqrt-d.md
      """)

  enum Extension: String, ExpressibleByArgument, CaseIterable {
    case table, strikethrough, autolink, tasklist, tagfilter, footnotes
  }

  enum Flavor: String, ExpressibleByArgument, CaseIterable {
    case gfm, notebook
  }

  @Option(help: ArgumentHelp("gfm or notebook.", valueName: "flavor"))
  var flavor: Flavor = .notebook

  @Option(
    name: [.customShort("e"), .customLong("extension")],
    help: ArgumentHelp("An extension to switch on, with --flavor gfm; may be repeated.", valueName: "name"))
  var extensions: [Extension] = []

  @Flag(help: "Let raw HTML and every link through. Only for documents that you trust.")
  var unsafeHtml = false

  @Option(
    help: ArgumentHelp(
      "Language of the words that the page itself says, and of messages: zh or en. Default: English pages, and messages as the locale says.",
      valueName: "language"))
  var language: String?

  func validate() throws {
    if flavor == .notebook, !extensions.isEmpty {
      throw ValidationError(
        LocalText(
          "--extension goes with --flavor gfm; pages use every extension",
          "--extension 只与 --flavor gfm 同用；页面总是使用全部扩展")[LanguageOption.language(language)])
    }
    try LanguageOption.validate(language)
  }

  func run() throws {
    let input = [UInt8](FileHandle.standardInput.readDataToEndOfFile())
    let document: MarkdownDocument
    do {
      let start =
        flavor == .notebook
        ? NotebookParser.textStart(in: SourceFile(path: "standard input", bytes: input)) : 0
      document = try MarkdownDocument(parsing: input, in: start..<input.count, options: parsing)
    } catch {
      let place = error.range.lowerBound
      let words =
        LocalText("error: ", "错误：") + error.summary + LocalText(" (byte \(place))", "（第 \(place) 字节）")
      StandardStream.errors.write(words[LanguageOption.language(language)] + "\n")
      throw CommandEnd(status: .notesHaveErrors)
    }
    let markup = HTMLRenderer(options: writing).markup(of: document)
    StandardStream.output.write(markup.text)
  }

  private var parsing: MarkdownOptions {
    guard flavor == .gfm else { return .note }
    var set: MarkdownExtensions = []
    for name in extensions {
      switch name {
      case .table: set.insert(.table)
      case .strikethrough: set.insert(.strikethrough)
      case .autolink: set.insert(.autolink)
      case .tasklist: set.insert(.taskList)
      case .tagfilter: set.insert(.tagFilter)
      case .footnotes: continue
      }
    }
    return MarkdownOptions(extensions: set, footnotes: extensions.contains(.footnotes))
  }

  private var writing: HTMLOptions {
    switch flavor {
    case .gfm: return .gfm(unsafe: unsafeHtml, filtersTags: extensions.contains(.tagfilter))
    case .notebook:
      var options = HTMLOptions.notebook(language.flatMap(Language.init(tag:)) ?? .english)
      if unsafeHtml {
        options.rawHTML = .allowed
        options.allowsDangerousLinks = true
      }
      return options
    }
  }
}
