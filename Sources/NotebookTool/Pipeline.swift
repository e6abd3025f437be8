import AttentionKernel
import Claims
import Diagnostics
import Experiments
import Figures
import Foundation
import NotebookModel
import Site
import Wording

/// The stages from files to a site, in order; every stage's problems are kept, and printed together at the end.
struct Pipeline {
  let options: SiteOptions
  let console: Console
  /// The site's folder, absolute.
  let root: String

  /// A pipeline over the site that the options name.
  init(_ options: SiteOptions) throws {
    self.options = options
    console = options.console
    guard let root = FileSystem.resolved(options.site), FileSystem.kind(root) == .folder else {
      console.complain(
        LocalText("there is no folder \(options.site)", "没有文件夹 \(options.site)"), help: nil)
      throw CommandEnd(status: .wrongUsage)
    }
    guard FileSystem.kindFollowingLinks("\(root)/\(SiteLoader.notesFolder)") == .folder else {
      console.complain(
        LocalText(
          "\(options.site == "." ? "this folder" : options.site) is no site: it has no folder ‘\(SiteLoader.notesFolder)’",
          "\(options.site == "." ? "当前文件夹" : "\(options.site) ")不是站点：里面没有文件夹 ‘\(SiteLoader.notesFolder)’"),
        help: LocalText("go to the site's folder, or name it with --site", "进入站点的文件夹，或用 --site 指明"))
      throw CommandEnd(status: .wrongUsage)
    }
    self.root = root
  }

  /// A site after the stages that need no experiments.
  struct Parsed {
    var site: LoadedSite
    var documents: [NotebookDocument]
    /// Notes that are left out because they are drafts.
    var drafts: Set<String>
    var diagnostics: [Diagnostic]
  }

  /// Loads and parses.
  func parse() -> Parsed {
    let site = SiteLoader.load(root)
    var diagnostics = site.diagnostics
    let parser = NotebookParser(siteLanguage: site.configuration.language)
    var documents: [NotebookDocument] = []
    var drafts: Set<String> = []
    let read = Parallel.map(site.notes, threads: options.threadCount) { parser.parse($0) }
    for (note, (document, problems)) in zip(site.notes, read) {
      diagnostics += problems
      guard let document else { continue }
      if document.frontMatter?.isDraft == true, !options.drafts {
        console.detail(LocalText("\(note.path): left out, a draft", "\(note.path)：草稿，略去"))
        // What is wrong with a draft is nobody's business until it is built.
        let path = note.path
        diagnostics.removeAll { $0.location?.path == path }
        drafts.insert(path)
        continue
      }
      documents.append(document)
    }
    return Parsed(site: site, documents: documents, drafts: drafts, diagnostics: diagnostics)
  }

  /// Plans the experiments of some documents.
  func plan(_ documents: [NotebookDocument]) -> ExperimentPlan {
    ExperimentPlan(
      documents: documents, limits: MachineLimits.work(threads: options.threadCount),
      files: SiteDataFiles(root: root), threads: options.threadCount)
  }

  /// Compares what notes say with what was found.
  func verify(_ parsed: Parsed, _ results: ExperimentResults) -> Verification {
    Verifier.verify(parsed.documents, results, drafts: parsed.drafts, threads: options.threadCount)
  }

  /// Runs a plan.
  ///
  /// - Parameters:
  ///   - fault: A mistake to make on purpose.
  ///   - purpose: What is special about the run, to be said before what is running.
  func run(
    _ plan: ExperimentPlan, of documents: [NotebookDocument], fault: KernelFault? = nil,
    purpose: LocalText = LocalText(same: "")
  ) throws -> (results: ExperimentResults, diagnostics: [Diagnostic]) {
    let store = FileStore(root: root, executable: Bundle.main.executablePath ?? CommandLine.arguments[0])
    let session = ExperimentSession(
      console: console, threads: options.threadCount, instructionSet: options.instructionSet, store: store,
      fault: fault, purpose: purpose)
    return try session.run(plan, of: documents)
  }

  /// A site after all stages but the last.
  struct Built {
    let parsed: Parsed
    let results: ExperimentResults
    let verification: Verification
    /// `nil` where something is wrong, or where no site was wanted.
    let output: SiteOutput?
    let diagnostics: [Diagnostic]

    /// The same with what was found besides, and the files that it speaks of.
    func adding(_ found: [Diagnostic], sources: [SourceFile]) -> Built {
      var parsed = parsed
      parsed.site.sources += sources
      return Built(
        parsed: parsed, results: results, verification: verification, output: output,
        diagnostics: diagnostics + found)
    }
  }

  /// Every stage, up to the finished site in memory.
  func build() throws -> Built { try build(rendering: true) }

  /// Every stage that can find something wrong, for a command that writes no site.
  func check() throws -> Built { try build(rendering: false) }

  private func build(rendering: Bool) throws -> Built {
    let parsed = parse()
    let (results, runProblems) = try run(plan(parsed.documents), of: parsed.documents)
    let verification = verify(parsed, results)
    let composition = Composition(
      parsed.documents, results, drafts: parsed.drafts, threads: options.threadCount)
    var diagnostics =
      parsed.diagnostics + runProblems + verification.diagnostics + composition.diagnostics
    let assembler = SiteAssembler(
      configuration: parsed.site.configuration, templates: parsed.site.templates,
      templatesFolder: SiteLoader.templatesFolder, notesFolder: SiteLoader.notesFolder,
      assets: parsed.site.assets,
      escapingLinks: parsed.site.escapingLinks, drafts: parsed.drafts, programVersion: NotebookTool.version)
    let (output, siteProblems) = assembler.assemble(
      parsed.documents, results, verification, composition, rendering: rendering && !fails(diagnostics),
      threads: options.threadCount)
    diagnostics += siteProblems
    return Built(
      parsed: parsed, results: results, verification: verification, output: fails(diagnostics) ? nil : output,
      diagnostics: diagnostics)
  }

  /// Whether these diagnostics fail the command.
  func fails(_ diagnostics: [Diagnostic]) -> Bool {
    diagnostics.hasErrors || options.strict && !diagnostics.isEmpty
  }

  /// Reports all that the stages found, in the style asked for; ends the command if there are errors.
  func report(_ built: Built) throws {
    let report = DiagnosticReport(
      judged(built.diagnostics), statements: StatementList.of(built), sources: built.parsed.site.sources,
      language: console.language, programVersion: NotebookTool.version, root: rootAsCalled)
    guard let text = options.messages.text(of: report) else {
      return try self.report(built.diagnostics, sources: built.parsed.site.sources)
    }
    console.result(text)
    if fails(built.diagnostics) { throw CommandEnd(status: .notesHaveErrors) }
  }

  /// The site's folder as tools that were called from the same place find it.
  private var rootAsCalled: String {
    guard let here = FileSystem.resolved(".") else { return options.site }
    if root == here { return "" }
    let prefix = here == "/" ? "/" : here + "/"
    return root.hasPrefix(prefix) ? String(root.dropFirst(prefix.count)) : root
  }

  private func judged(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    guard options.strict else { return diagnostics }
    return diagnostics.map { diagnostic in
      var judged = diagnostic
      judged.severity = .error
      return judged
    }
  }

  /// Prints the diagnostics; ends the command if they are errors.
  func report(_ diagnostics: [Diagnostic], sources: [SourceFile]) throws {
    console.report(judged(diagnostics), sources: sources, style: options.messages.printerStyle)
    if fails(diagnostics) { throw CommandEnd(status: .notesHaveErrors) }
  }

  /// One line on what was verified.
  func summary(of built: Built) -> LocalText {
    let numbers = built.parsed.documents.reduce(0) { $0 + built.verification[$1.path].agreeing }
    let claims = built.parsed.documents.flatMap { built.verification[$0.path].claims }
    let outcomes: [(ClaimVerdict.Outcome, LocalText)] = [
      (.holds, LocalText("holding", "条成立")), (.refuted, LocalText("refuted as expected", "条如所料不成立")),
      (.inconclusive, LocalText("undecided", "条未定")), (.cited, LocalText("only cited", "条仅为引用")),
    ]
    let parts = outcomes.compactMap { outcome, words -> LocalText? in
      let count = claims.count { $0.outcome == outcome }
      return count == 0 ? nil : LocalText("\(count) ", "\(count) ") + words
    }
    let notes = built.parsed.documents.count
    return LocalText(
      "\(notes) note\(notes == 1 ? "" : "s"), \(numbers) checked number\(numbers == 1 ? " agrees" : "s agree"), "
        + "\(claims.count) claim\(claims.count == 1 ? "" : "s")"
        + (parts.isEmpty ? "" : ": " + parts.map(\.english).joined(separator: ", ")),
      "\(notes) 篇笔记，\(numbers) 个受查数字相符，\(claims.count) 条论断"
        + (parts.isEmpty ? "" : "：" + parts.map(\.chinese).joined(separator: "，")))
  }
}
