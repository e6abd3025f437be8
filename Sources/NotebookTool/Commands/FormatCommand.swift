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
      """)

  @OptionGroup var options: SiteOptions

  @Flag(help: "Write nothing; end with status 1 where something would be written.")
  var check = false

  func run() throws {
    let pipeline = try Pipeline(options)
    let parsed = pipeline.parse()
    let (results, _) = try pipeline.run(pipeline.plan(parsed.documents), of: parsed.documents)
    let verification = pipeline.verify(parsed, results)
    let changes = parsed.documents.map {
      (source: $0.source, changes: TextChanges.fillings(verification[$0.path].numbers))
    }
    if check {
      for (source, changes) in changes { pipeline.console.result(changes.difference(in: source)) }
      if changes.contains(where: { !$0.changes.changes.isEmpty }) {
        throw CommandEnd(status: .notesHaveErrors)
      }
      return
    }
    if try !NoteWriter(root: pipeline.root, console: pipeline.console).write(changes) {
      pipeline.console.say(LocalText("no link is empty", "没有空链接"))
    }
    // What keeps a link from being filled is an error of the note, and said as such.
    let missing = parsed.documents.contains { document in
      document.checkedNumbers.count { $0.literal == nil }
        > verification[document.path].numbers.count { $0.number.literal == nil }
    }
    if missing { try pipeline.report(verification.diagnostics, sources: parsed.site.sources) }
  }
}
