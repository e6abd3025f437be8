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

        notebook check
        notebook check --strict --messages short
      """)

  @OptionGroup var options: SiteOptions

  func run() throws {
    let pipeline = try Pipeline(options)
    let built = try pipeline.build()
    if options.verbose { pipeline.console.result(listing(of: built)) }
    try pipeline.report(built.diagnostics, sources: built.parsed.site.sources)
    pipeline.console.say(pipeline.summary(of: built))
  }

  private func listing(of built: Pipeline.Built) -> String {
    var rows: [[String]] = []
    for document in built.parsed.documents {
      let verdicts = built.verification[document.path]
      for verdict in verdicts.numbers {
        let position = document.source.position(of: verdict.number.textRange.lowerBound)
        rows.append([
          "\(document.path):\(position.line)", verdict.agrees ? "agrees" : "WRONG", verdict.shownText,
          verdict.number.reference.text, verdict.resolved.measure.value.machineText,
        ])
      }
      for verdict in verdicts.claims {
        let position = document.source.position(of: verdict.statement.range.lowerBound)
        let text = if case .check(let check) = verdict.statement.basis { check.value } else { "" }
        rows.append([
          "\(document.path):\(position.line)", verdict.outcome.rawValue, verdict.statement.id.value, text,
          verdict.evidence.map(\.measure.value.machineText).joined(separator: ", "),
        ])
      }
    }
    return TextTable.aligned(rows)
  }
}
