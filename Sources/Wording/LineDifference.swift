/// What changed between two versions of a text, line by line, as `diff -U0` prints it.
public enum LineDifference {
  /// A unified difference without context: `patch --unified` and people read it; empty where nothing changed.
  ///
  /// - Parameters:
  ///   - path: The file's name in both headings.
  public static func unified(_ old: String, _ new: String, path: String) -> String {
    let (before, after) = (lines(old), lines(new))
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in after.difference(from: before) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    guard !removed.isEmpty || !inserted.isEmpty else { return "" }
    var output = "--- \(path)\n+++ \(path)\n"
    var (i, j) = (0, 0)
    while i < before.count || j < after.count {
      guard removed.contains(i) || inserted.contains(j) else {
        i += 1
        j += 1
        continue
      }
      let (firstOld, firstNew) = (i, j)
      while removed.contains(i) { i += 1 }
      while inserted.contains(j) { j += 1 }
      output += "@@ -\(place(firstOld, i)) +\(place(firstNew, j)) @@\n"
      output += before[firstOld..<i].map { marked("-", $0) }.joined()
      output += after[firstNew..<j].map { marked("+", $0) }.joined()
    }
    return output
  }

  /// Lines with their ends. A CR LF is one end; a CR alone is none to `diff` and `patch`.
  private static func lines(_ text: String) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    for byte in text.utf8 {
      line.append(byte)
      if byte == UInt8(ascii: "\n") {
        lines.append(line)
        line = []
      }
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// `first,count` with lines from 1; an empty range names the line before it.
  private static func place(_ start: Int, _ end: Int) -> String {
    switch end - start {
    case 0: "\(start),0"
    case 1: "\(start + 1)"
    default: "\(start + 1),\(end - start)"
    }
  }

  private static func marked(_ mark: String, _ line: [UInt8]) -> String {
    let text = mark + String(decoding: line, as: UTF8.self)
    return line.last == UInt8(ascii: "\n") ? text : text + "\n\\ No newline at end of file\n"
  }
}
