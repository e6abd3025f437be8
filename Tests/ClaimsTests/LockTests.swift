import Diagnostics
import NotebookModel
import Testing

@testable import Claims

@Suite struct Locking {
  private static func differences(_ text: String) -> [Diagnostic] {
    NumberLock([], Verification(notes: [:], diagnostics: [])).differences(
      from: SourceFile(path: NumberLock.fileName, text: text))
  }

  @Test func `what a merge left in a lock is pointed at, line by line`() {
    let lines = [
      "# notebook.lock 1", "<<<<<<< ours", "notebooks/a.md number e.m = 1", "=======",
      "notebooks/a.md number e.m = 2", ">>>>>>> theirs", "",
    ]
    let text = lines.joined(separator: "\n")
    let file = SourceFile(path: NumberLock.fileName, text: text)
    let found = Self.differences(text).filter { !($0.location?.range.isEmpty ?? true) }
    #expect(found.map { file.text($0.location?.range ?? 0..<0) } == [lines[1], lines[3], lines[4], lines[5]])
    #expect(found.allSatisfy { $0.code == .lockOutdated })
  }

  @Test func `a lock of nothing agrees with nothing`() {
    #expect(Self.differences("").isEmpty)
    #expect(Self.differences("# notebook.lock 1\n\n").isEmpty)
  }
}
