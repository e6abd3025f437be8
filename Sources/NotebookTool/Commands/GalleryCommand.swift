import ArgumentParser
import ChartGallery
import Diagnostics
import Foundation
import Wording

/// `notebook gallery`.
struct GalleryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery",
    abstract:
      "Write a page that shows every layer, scale and form of the charts, and each chart as an SVG file.",
    discussion: """
      Look at it before writing or changing an experiment kind. The files are the same on every machine: a page in English
      (index.html), one in Chinese (zh.html), and the charts as ID.svg and ID.zh.svg.

        notebook gallery
        notebook gallery --output /tmp/gallery
      """)

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The folder to write to; made where it is missing.", valueName: "dir"))
  var output = "gallery"

  @Flag(name: .shortAndLong, help: "Say nothing but errors.")
  var quiet = false

  @OptionGroup var language: LanguageOption

  func validate() throws {
    if output.isEmpty {
      throw language.refusal(LocalText("--output names no folder", "--output 没有写出文件夹"))
    }
  }

  func run() throws {
    let console = Console(
      isQuiet: quiet, isVerbose: false, language: language.chosen,
      environment: ProcessInfo.processInfo.environment)
    let files = try GalleryPage.files()
    let folder = OutputFolder(path: output, shownPath: output)
    let problems: [Diagnostic]
    do {
      problems = try folder.add(files)
    } catch {
      console.complain(error.words, help: nil)
      throw CommandEnd(status: .fault)
    }
    if !problems.isEmpty {
      console.report(problems, sources: [], style: .human)
      throw CommandEnd(status: .wrongUsage)
    }
    console.say(
      LocalText(
        "\(output): \(files.count) files written; open \(output)/index.html",
        "\(output)：已写入 \(files.count) 个文件；请打开 \(output)/zh.html"))
  }
}
