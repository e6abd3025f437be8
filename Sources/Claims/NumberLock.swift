import Diagnostics
import Experiments
import NotebookModel
import Wording

/// `notebook.lock`: a line for each checked number and claim with its value at twelve digits, so that a review of changes
/// sees numbers drift.
public struct NumberLock: Hashable, Sendable {
  /// The file's name in the site.
  public static let fileName = "notebook.lock"
  private static let header =
    "# notebook.lock 1: values of checked numbers and claims; ‘notebook check --update’ rewrites it"

  /// What a line says of: `notebooks/a.md#e.m[√d]`, `notebooks/a.md claim id`.
  private let entries: [String: String]
  /// Where each stands in its note.
  private let places: [String: SourceLocation]

  /// The lock of what was verified.
  public init(_ documents: [NotebookDocument], _ verification: Verification) {
    var entries: [String: String] = [:]
    var places: [String: SourceLocation] = [:]
    func add(_ key: String, _ value: String, _ range: Range<Int>, in document: NotebookDocument) {
      guard entries[key] == nil else { return }
      entries[key] = value
      places[key] = SourceLocation(path: document.path, range: range)
    }
    for document in documents {
      let verdicts = verification[document.path]
      for verdict in verdicts.numbers {
        let number = verdict.number
        add(
          "\(document.path) number \(number.reference.text)", verdict.resolved.measure.value.machineText,
          number.textRange, in: document)
      }
      for verdict in verdicts.claims where verdict.outcome != .cited {
        let values = verdict.evidence.map(\.measure.value.machineText).joined(separator: " ")
        add(
          "\(document.path) claim \(verdict.statement.id.value)", "\(verdict.outcome.rawValue) \(values)",
          verdict.statement.id.range, in: document)
      }
    }
    self.entries = entries
    self.places = places
  }

  /// The file's text: sorted lines.
  public var text: String {
    let lines = entries.map { "\($0.key) = \($0.value)" }.sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    return ([Self.header] + lines).map { $0 + "\n" }.joined()
  }

  /// What differs from a lock that was written before.
  public func differences(from file: SourceFile) -> [Diagnostic] {
    var old: [String: String] = [:]
    for line in file.text(0..<file.bytes.count).split(whereSeparator: \.isNewline) where !line.hasPrefix("#")
    {
      guard let equals = line.ranges(of: " = ").last else { continue }
      old[String(line[..<equals.lowerBound])] = String(line[equals.upperBound...])
    }
    var diagnostics: [Diagnostic] = []
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      guard let before = old[key], before != value else { continue }
      let name = key.split(separator: " ", maxSplits: 2).last.map(String.init) ?? key
      diagnostics.append(
        Diagnostic(
          .lockDrift,
          LocalText(
            "‘\(name)’ was \(before) when it was locked, and is \(value) now",
            "锁定时 ‘\(name)’ 是 \(before)，现在是 \(value)"),
          at: places[key],
          help: LocalText(
            "find out why; ‘notebook check --update’ takes the new value",
            "查明原因；‘notebook check --update’ 改用新值")))
    }
    let added = Set(entries.keys).subtracting(old.keys).count
    let gone = Set(old.keys).subtracting(entries.keys).count
    if added + gone > 0 {
      diagnostics.append(
        Diagnostic(
          .lockOutdated,
          LocalText(
            "the lock lacks \(added) of the numbers and claims, and holds \(gone) that are gone",
            "锁定文件里缺 \(added) 个数或论断，多 \(gone) 个已不存在的"),
          at: SourceLocation(path: file.path, range: 0..<0),
          help: LocalText("write it anew with ‘notebook check --update’", "用 ‘notebook check --update’ 重写")))
    }
    return diagnostics
  }
}
