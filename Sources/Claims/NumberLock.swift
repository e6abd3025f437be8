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
    let (old, unreadable) = Self.entries(of: file)
    var diagnostics = unreadable
    for (key, value) in entries.sorted(by: { $0.key < $1.key }) {
      guard let before = old[key], before != value else { continue }
      diagnostics.append(
        Diagnostic(
          .lockDrift, Self.drift(of: key, from: before, to: value), at: places[key],
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

  /// The lines of a lock that was written before. One that is none of a lock's, or says again what another one said, was
  /// left by a merge.
  private static func entries(of file: SourceFile) -> ([String: String], [Diagnostic]) {
    var entries: [String: String] = [:]
    var diagnostics: [Diagnostic] = []
    for index in file.lineStarts.indices {
      let range = file.lineRange(index)
      let line = file.text(range)
      guard !line.hasPrefix("#"), line.contains(where: { !$0.isWhitespace }) else { continue }
      if let equals = line.ranges(of: " = ").last, entries[String(line[..<equals.lowerBound])] == nil {
        entries[String(line[..<equals.lowerBound])] = String(line[equals.upperBound...])
        continue
      }
      diagnostics.append(
        Diagnostic(
          .lockOutdated,
          LocalText(
            "this is no line of a lock, or it says again what another one says", "这不是锁定文件的一行，或与另一行重复"),
          at: SourceLocation(path: file.path, range: range),
          help: LocalText(
            "a merge may have left it; write the lock anew with ‘notebook check --update’",
            "可能是合并留下的；用 ‘notebook check --update’ 重写锁定文件")))
    }
    return (entries, diagnostics)
  }

  private static func drift(of key: String, from before: String, to value: String) -> LocalText {
    // Paths may hold blanks, but end before the first word behind ‘.md’.
    guard let claim = key.ranges(of: ".md claim ").first else {
      let name = key.ranges(of: ".md number ").first.map { key[$0.upperBound...] } ?? key[...]
      return LocalText(
        "‘\(name)’ was \(before) when it was locked, and is \(value) now",
        "锁定时 ‘\(name)’ 是 \(before)，现在是 \(value)")
    }
    let name = key[claim.upperBound...]
    let (then, now) = (verdict(before), verdict(value))
    return LocalText(
      "claim ‘\(name)’ was locked with: \(then.english); now it is: \(now.english)",
      "论断 ‘\(name)’ 锁定时：\(then.chinese)；现在：\(now.chinese)")
  }

  /// `holds 0.743` as people read it.
  private static func verdict(_ text: String) -> LocalText {
    let words = text.split(separator: " ", maxSplits: 1).map(String.init)
    let outcome: LocalText =
      switch ClaimVerdict.Outcome(rawValue: words.first ?? "") {
      case .holds: LocalText("holds", "成立")
      case .refuted: LocalText("refuted", "不成立")
      case .inconclusive: LocalText("undecided", "未定")
      case .cited, nil: LocalText(same: words.first ?? "")
      }
    guard words.count > 1 else { return outcome }
    let values = words[1].split(separator: " ").map(String.init)
    return outcome + LocalText(" at ", "，") + .list(values)
  }
}
