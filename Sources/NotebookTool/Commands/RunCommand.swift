import ArgumentParser
import Diagnostics
import Experiments
import Figures
import NotebookModel
import SVGChart
import Wording

/// `notebook run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a note's experiments and print every measure, or write their figures as files.",
    discussion: """
        notebook run notebooks/why-sqrt-d.md
        notebook run notebooks/why-sqrt-d.md --format json
        notebook run notebooks/why-sqrt-d.md --format csv > measures.csv
        notebook run notebooks/why-sqrt-d.md --figures figures
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
  }

  @Argument(help: ArgumentHelp("The note.", valueName: "note"))
  var note: String

  @Option(help: ArgumentHelp("text, json or csv.", valueName: "format"))
  var format: Format = .text

  @Option(
    help: ArgumentHelp(
      "Also write every figure that the note shows as an SVG file of its own, with literal light colours, for slides, papers and image viewers: EXPERIMENT-FIGURE.svg, and ID.svg for one that the author composed, with ID-2.svg and so on where it has several pictures. Files that notebook did not write are not written over.",
      valueName: "dir"))
  var figures: String?

  @OptionGroup var options: SiteOptions

  func validate() throws {
    if figures == "" {
      throw options.language.refusal(LocalText("--figures names no folder", "--figures 没有写出文件夹"))
    }
    guard options.messages.isForPrograms else { return }
    throw options.language.refusal(
      LocalText(
        "--messages \(options.messages.rawValue) goes with build and check; run prints measures there",
        "--messages \(options.messages.rawValue) 只用于 build 和 check；run 在标准输出上打印度量"))
  }

  func run() throws {
    let pipeline = try Pipeline(options)
    var parsed = pipeline.parse()
    let path = try find(pipeline, parsed)
    parsed.diagnostics.removeAll { $0.location?.path != path }
    let documents = parsed.documents.filter { $0.path == path }
    let (results, problems) = try pipeline.run(pipeline.plan(documents), of: documents)
    let report = ResultReport(results.of(note: path))
    switch format {
    case .text: pipeline.console.result(report.text)
    case .json: pipeline.console.result(report.json.text(indented: true) + "\n")
    case .csv: pipeline.console.result(report.csv)
    }
    var diagnostics = parsed.diagnostics + problems
    if let figures, let document = documents.first {
      let shown = FiguresOfNote(
        document, results.of(note: path), try composition(of: document, results, parsed, pipeline))
      diagnostics += shown.diagnostics + write(shown.files, to: figures, pipeline)
    }
    try pipeline.report(diagnostics, sources: parsed.site.sources)
  }

  /// What the author composed of results; experiments of other notes run only where a figure asks for them.
  private func composition(
    of document: NotebookDocument, _ results: ExperimentResults, _ parsed: Pipeline.Parsed,
    _ pipeline: Pipeline
  ) throws -> Composition {
    let own = Composition([document], results, drafts: parsed.drafts)
    guard own.diagnostics.hasErrors, parsed.documents.count > 1 else { return own }
    let all = try pipeline.run(pipeline.plan(parsed.documents), of: parsed.documents).results
    return Composition(parsed.documents, all, drafts: parsed.drafts)
  }

  /// Writes files and returns what went wrong.
  private func write(
    _ files: [(path: String, bytes: [UInt8])], to folder: String, _ pipeline: Pipeline
  ) -> [Diagnostic] {
    do {
      let blocking = try OutputFolder(path: folder, shownPath: folder, option: "--figures").add(files)
      guard blocking.isEmpty else { return blocking }
    } catch {
      return [Diagnostic(.writeFailed, error.words, at: nil)]
    }
    let count = files.count
    pipeline.console.say(
      LocalText(
        "\(folder): \(count) figure\(count == 1 ? "" : "s") written", "\(folder)：已写入 \(count) 幅图"))
    return []
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

/// The figures that a note shows, as files in its language.
private struct FiguresOfNote {
  private(set) var files: [(path: String, bytes: [UInt8])] = []
  private(set) var diagnostics: [Diagnostic] = []
  private let language: Language

  init(_ document: NotebookDocument, _ results: [ExperimentResult], _ composition: Composition) {
    language = document.language
    diagnostics = composition.diagnostics.filter { $0.location?.path == document.path }
    for result in results {
      for (name, chart) in result.shownFigures {
        add(chart, "\(result.planned.key.id)-\(name)") { .undrawable(result.planned, $0) }
      }
    }
    for case .figure(let directive) in document.directives {
      // What is wrong with it is among the diagnostics.
      guard let figure = composition.figure(of: directive, in: document.path) else { continue }
      for (index, frame) in figure.frames.enumerated() {
        var chart = frame.chart
        if figure.frames.count > 1 { chart.title = frame.label + LocalText(": ", "：") + chart.title }
        add(chart, figure.id + (index == 0 ? "" : "-\(index + 1)")) {
          .undrawable(figure, of: directive, in: document.path, $0)
        }
      }
    }
  }

  private mutating func add(_ chart: Chart, _ name: String, _ problem: (ChartError) -> Diagnostic) {
    var path = "\(name).svg"
    // An id may read like an experiment's name with a figure's.
    while files.contains(where: { $0.path == path }) { path = "figure-\(path)" }
    do {
      files.append((path, try chart.standaloneSVG(language: language)))
    } catch {
      diagnostics.append(problem(error))
    }
  }
}
