import ArgumentParser
import Claims
import Experiments
import Wording

/// `notebook fmt`.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt",
    abstract: "Write the computed values into empty links, [](#experiment.measure).",
    discussion: """
      At most three digits are written, and no more than are safe; where the link's title says how near the number must be,
      as many as that takes. Nothing else of a note is touched; what changes is shown.

        notebook fmt
        notebook fmt --check        exit status 1 where a link is empty, nothing written

      Where a link can't be filled, because its experiment or its note has errors, those are printed and the exit status is 1.
      """)

  @OptionGroup var options: SiteOptions

  @Flag(help: "Write nothing; end with status 1 where something would be written.")
  var check = false

  func run() throws {
    let pipeline = try Pipeline(options)
    let parsed = pipeline.parse()
    let (results, problems) = try pipeline.run(pipeline.plan(parsed.documents), of: parsed.documents)
    let verification = pipeline.verify(parsed, results)
    let changes = parsed.documents.map {
      (source: $0.source, changes: TextChanges.fillings(verification[$0.path].numbers))
    }
    let staysEmpty = Self.staysEmpty(parsed, verification)
    if check {
      for (source, changes) in changes { pipeline.console.result(changes.difference(in: source)) }
    } else if try !NoteWriter(root: pipeline.root, console: pipeline.console).write(changes), !staysEmpty {
      pipeline.console.say(LocalText("no link is empty", "没有空链接"))
    }
    if staysEmpty {
      // What keeps a link from being filled is an error of a note, and said as such.
      let diagnostics = parsed.diagnostics + problems + verification.diagnostics
      try pipeline.report(diagnostics.filter { $0.severity == .error }, sources: parsed.site.sources)
    }
    if staysEmpty || check && changes.contains(where: { !$0.changes.changes.isEmpty }) {
      throw CommandEnd(status: .notesHaveErrors)
    }
  }

  /// Whether a link can't be filled, or a note can't even be read so far that its links are known.
  private static func staysEmpty(_ parsed: Pipeline.Parsed, _ verification: Verification) -> Bool {
    let known = parsed.drafts.union(parsed.documents.map(\.path))
    return parsed.site.notes.contains { !known.contains($0.path) }
      || parsed.documents.contains { document in
        document.checkedNumbers.count { $0.literal == nil }
          > verification[document.path].numbers.count { $0.number.literal == nil }
      }
  }
}
