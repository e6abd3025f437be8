import ArgumentParser
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// `notebook run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a note's experiments and print every measure.",
    discussion: """
        notebook run notebooks/why-sqrt-d.md
        notebook run notebooks/why-sqrt-d.md --format json
        notebook run notebooks/why-sqrt-d.md --format csv > measures.csv
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
  }

  @Argument(help: ArgumentHelp("The note.", valueName: "note"))
  var note: String

  @Option(help: ArgumentHelp("text, json or csv.", valueName: "format"))
  var format: Format = .text

  @OptionGroup var options: SiteOptions

  func run() throws {
    let pipeline = try Pipeline(options)
    var parsed = pipeline.parse()
    let path = try find(pipeline, parsed)
    parsed.diagnostics.removeAll { $0.location?.path != path }
    let documents = parsed.documents.filter { $0.path == path }
    let (results, problems) = try pipeline.run(documents)
    let report = ResultReport(results.of(note: path))
    switch format {
    case .text: pipeline.console.result(report.text)
    case .json: pipeline.console.result(report.json.text(indented: true) + "\n")
    case .csv: pipeline.console.result(report.csv)
    }
    try pipeline.report(parsed.diagnostics + problems, sources: parsed.site.sources)
  }

  /// The note's path inside the site, from a path as the user sees it or as the site does.
  private func find(_ pipeline: Pipeline, _ parsed: Pipeline.Parsed) throws -> String {
    let paths = parsed.site.notes.map(\.path)
    let resolved = FileSystem.resolved(note)
    let prefix = pipeline.root == "/" ? "/" : pipeline.root + "/"
    let candidates = [
      resolved.flatMap { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : nil }, note,
      "\(SiteLoader.notesFolder)/\(note)", "\(SiteLoader.notesFolder)/\(note).md",
    ]
    if let path = candidates.compactMap(\.self).first(where: paths.contains) {
      guard
        parsed.documents.contains(where: { $0.path == path })
          || parsed.diagnostics.contains(where: { $0.location?.path == path })
      else {
        pipeline.console.complain(
          LocalText("\(path) is a draft", "\(path) 是草稿"),
          help: LocalText("include drafts with --drafts", "用 --drafts 把草稿也算进来"))
        throw CommandEnd(status: .notesHaveErrors)
      }
      return path
    }
    let nearest = Spelling.nearest(to: note, among: paths)
    let diagnostic = Diagnostic(
      .noSuchNote, LocalText("there is no note \(note) in this site", "本站没有笔记 \(note)"), at: nil,
      help: .didYouMean(nearest)
        ?? (paths.isEmpty ? nil : LocalText("the notes are: ", "有这些笔记：") + .list(paths, atMost: 10)))
    pipeline.console.report([diagnostic], sources: [], style: options.messages.printerStyle)
    throw CommandEnd(status: .wrongUsage)
  }
}
