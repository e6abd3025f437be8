import Claims
import Diagnostics
import Experiments
import Wording

/// Puts numbers into notes on disk: shows what changes, replaces each file as a whole.
struct NoteWriter {
  let root: String
  let console: Console

  /// Makes the changes; `false` where there are none.
  func write(_ changes: [(source: SourceFile, changes: TextChanges)]) throws -> Bool {
    let real = changes.filter { !$0.changes.changes.isEmpty }
    for (source, changes) in real {
      do {
        // A link to a note stays a link: what it leads to is replaced.
        let path = FileSystem.resolved("\(root)/\(source.path)") ?? "\(root)/\(source.path)"
        guard try FileSystem.read(path) == source.bytes else {
          console.complain(
            LocalText(
              "error: \(source.path) changed while its experiments ran; it was left alone",
              "错误：计算期间 \(source.path) 有改动，没有写入"))
          throw CommandEnd(status: .fault)
        }
        try FileSystem.replace(path, with: changes.applied(to: source.bytes))
      } catch let error as FileError {
        console.complain(error.words, help: nil)
        throw CommandEnd(status: .fault)
      }
      console.result(changes.difference(in: source))
    }
    return !real.isEmpty
  }
}
