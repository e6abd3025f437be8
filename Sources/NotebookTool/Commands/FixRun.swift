import Diagnostics
import Site
import Wording

/// `notebook check --fix`: makes the changes that diagnostics know to be right, until none is left.
struct FixRun {
  /// One fix may bring another problem to light, as a kind that is known at last has parameters. More rounds than this
  /// would mean that two fixes undo each other, which is a fault of ours.
  private static let mostRounds = 10

  let pipeline: Pipeline

  init(_ pipeline: Pipeline) {
    self.pipeline = pipeline
  }

  /// Changes the files and shows what was changed.
  func run() throws {
    var first: [SourceFile] = []
    var last: [String: String] = [:]
    for _ in 0..<Self.mostRounds {
      let built = try pipeline.check()
      let fixes = built.diagnostics.sortedForPrinting().flatMap(\.fixes)
      let changes = fixes.applied(to: built.parsed.site.sources)
      if changes.isEmpty { break }
      for (source, bytes) in changes {
        try write(bytes, over: source)
        if !first.contains(where: { $0.path == source.path }) { first.append(source) }
        last[source.path] = String(decoding: bytes, as: UTF8.self)
      }
    }
    for source in first.sorted(by: { $0.path < $1.path }) {
      let old = String(decoding: source.bytes, as: UTF8.self)
      show(LineDifference.unified(old, last[source.path] ?? old, path: source.path))
    }
  }

  private func show(_ difference: String) {
    let stream = pipeline.options.messages.isForPrograms ? StandardStream.errors : .output
    stream.write(difference)
  }

  private func write(_ bytes: [UInt8], over source: SourceFile) throws {
    let path = "\(pipeline.root)/\(source.path)"
    do {
      // Somebody may have gone on writing since the file was read; what they wrote is worth more.
      guard try FileSystem.read(path) == source.bytes else {
        pipeline.console.complain(
          LocalText("\(source.path) changed meanwhile", "\(source.path) 刚刚被改动过"),
          help: LocalText("call the command again", "请再运行一次"))
        throw CommandEnd(status: .fault)
      }
      try FileSystem.replace(path, with: bytes)
    } catch let error as FileError {
      pipeline.console.complain(error.words, help: nil)
      throw CommandEnd(status: .fault)
    }
  }
}
