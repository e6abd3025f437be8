import ArgumentParser
import Claims
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
      measures, front matter that is not closed. What was changed is printed. Numbers and claims are never changed so.

        notebook check
        notebook check --strict --messages short
        notebook check --fix
        notebook check --messages sarif > notebook.sarif
      """)

  @Flag(help: "Correct what can only be a slip of the finger, and show what was changed.")
  var fix = false

  @OptionGroup var options: SiteOptions

  func run() throws {
    let pipeline = try Pipeline(options)
    if fix { try FixRun(pipeline).run() }
    let built = try pipeline.build()
    if options.verbose, !options.messages.isForPrograms { pipeline.console.result(listing(of: built)) }
    try pipeline.report(built)
    pipeline.console.say(pipeline.summary(of: built))
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
