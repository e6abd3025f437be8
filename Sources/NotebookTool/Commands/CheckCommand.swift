import ArgumentParser
import AttentionKernel
import Claims
import Diagnostics
import Experiments
import Wording

/// `notebook check`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Do everything that build does except writing.",
    discussion: """
      With --verbose every checked number and claim is listed with what was computed.

      With --fix, what can only be a slip of the finger is corrected in the notes first: misspelt keys, kinds, names of
      measures, values of coordinates, front matter that is not closed. What was changed is printed. Numbers and claims are never changed so.

        notebook check
        notebook check --strict --messages short
        notebook check --fix
        notebook check --messages sarif > notebook.sarif
        notebook check --update       correct wrong numbers in the notes, and notebook.lock
        notebook check --reseed 5     which numbers and claims would not survive other seeds?
        notebook check --mutate       which claims would not notice a mistake in what they rest on?
      """)

  @Flag(help: "Correct what can only be a slip of the finger, and show what was changed.")
  var fix = false

  @OptionGroup var options: SiteOptions

  @Flag(
    help:
      "Correct wrong numbers in the notes, in the author's style, and rewrite notebook.lock where there is one."
  )
  var update = false

  @Flag(help: "Write notebook.lock: the value of every checked number and claim.")
  var lock = false

  @Flag(help: "List the numbers in the text that no measure supports.")
  var coverage = false

  @Option(
    help: ArgumentHelp("Run with so many other seeds, and report what would not survive.", valueName: "k"))
  var reseed: Int?

  @Flag(
    help:
      "Make mistakes on purpose in what claims rest on, and report the claims that notice none; with --verbose who notices what."
  )
  var mutate = false

  func validate() throws {
    if let reseed, !(1...1000).contains(reseed) {
      throw ValidationError("--reseed must be between 1 and 1000, not \(reseed)")
    }
  }

  func run() throws {
    let pipeline = try Pipeline(options)
    if fix { try FixRun(pipeline).run() }
    var built = try pipeline.check()
    if update {
      let changes = built.parsed.documents.map {
        (source: $0.source, changes: TextChanges.corrections(built.verification[$0.path].numbers))
      }
      if try NoteWriter(root: pipeline.root, console: pipeline.console).write(changes) {
        built = try pipeline.check()
      }
    }
    if options.verbose, !options.messages.isForPrograms { pipeline.console.result(listing(of: built)) }
    var found: [Diagnostic] = []
    var sources: [SourceFile] = []
    found += try locked(built, pipeline, &sources)
    if coverage {
      pipeline.console.result(
        NumberCoverage(built.parsed.documents, built.results).report(options.language.chosen))
    }
    if let reseed { found += try unstable(built, pipeline, seeds: reseed) }
    if mutate { found += try vacuous(built, pipeline) }
    try pipeline.report(built.adding(found, sources: sources))
    pipeline.console.say(pipeline.summary(of: built))
  }

  /// Compares with the lock, or writes it.
  private func locked(
    _ built: Pipeline.Built, _ pipeline: Pipeline, _ sources: inout [SourceFile]
  ) throws -> [Diagnostic] {
    let path = "\(pipeline.root)/\(NumberLock.fileName)"
    let exists = FileSystem.kind(path) != nil
    let now = NumberLock(built.parsed.documents, built.verification)
    guard exists || lock else { return [] }
    do {
      if lock || update {
        // Numbers of notes with errors would be missing from it.
        guard !pipeline.fails(built.diagnostics) else { return [] }
        try FileSystem.put(Array(now.text.utf8), at: path)
        return []
      }
      let file = SourceFile(path: NumberLock.fileName, bytes: try FileSystem.read(path))
      sources.append(file)
      return now.differences(from: file)
    } catch {
      pipeline.console.complain(error.words, help: nil)
      throw CommandEnd(status: .fault)
    }
  }

  private func unstable(
    _ built: Pipeline.Built, _ pipeline: Pipeline, seeds: Int
  ) throws -> [Diagnostic] {
    let documents = built.parsed.documents
    let plan = pipeline.plan(documents)
    let others = try (1...seeds).map { number in
      let (results, _) = try pipeline.run(
        plan.reseeded(number), of: documents,
        purpose: LocalText("seeds \(number) of \(seeds): ", "种子 \(number)/\(seeds)："))
      return pipeline.verify(built.parsed, results)
    }
    return Survival(documents, built.verification).unstable(under: others)
  }

  private func vacuous(_ built: Pipeline.Built, _ pipeline: Pipeline) throws -> [Diagnostic] {
    let documents = built.parsed.documents
    let isListed = options.verbose && !options.messages.isForPrograms
    let mutation = try Mutation(
      documents, built.verification, built.results, plan: pipeline.plan(documents), isComplete: isListed
    ) { plan, step in
      try pipeline.run(
        plan, of: documents, fault: step.fault,
        purpose: LocalText(
          "mistake \(step.index + 1) of \(step.count) (\(step.fault.rawValue)), \(step.claims) claim\(step.claims == 1 ? "" : "s"): ",
          "错误 \(step.index + 1)/\(step.count)（\(step.fault.rawValue)），\(step.claims) 条论断：")
      ).results
    }
    if isListed { pipeline.console.result(MutationReport(mutation).text(options.language.chosen)) }
    return mutation.vacuous
  }

  private func words(_ agrees: Bool) -> String {
    (agrees ? LocalText("agrees", "相符") : LocalText("WRONG", "不符"))[options.language.chosen]
  }

  private func words(_ outcome: ClaimVerdict.Outcome) -> String {
    let words =
      switch outcome {
      case .holds: LocalText("holds", "成立")
      case .refuted: LocalText("refuted", "不成立")
      case .inconclusive: LocalText("inconclusive", "未定")
      case .cited: LocalText("cited", "引用")
      }
    return words[options.language.chosen]
  }

  private func listing(of built: Pipeline.Built) -> String {
    var rows: [[String]] = []
    for document in built.parsed.documents {
      let verdicts = built.verification[document.path]
      for verdict in verdicts.numbers {
        let position = document.source.position(of: verdict.number.textRange.lowerBound)
        rows.append([
          "\(document.path):\(position.line)", words(verdict.agrees), verdict.shownText,
          verdict.number.reference.text, verdict.resolved.measure.value.machineText,
        ])
      }
      for verdict in verdicts.claims {
        let position = document.source.position(of: verdict.statement.range.lowerBound)
        let text = if case .check(let check) = verdict.statement.basis { check.value } else { "" }
        rows.append([
          "\(document.path):\(position.line)", words(verdict.outcome), verdict.statement.id.value, text,
          verdict.evidence.map(\.measure.value.machineText).joined(separator: ", "),
        ])
      }
    }
    return TextTable.aligned(rows)
  }
}
