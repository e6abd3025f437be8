import Diagnostics
import Wording
import Yams

/// Reads YAML inside a note: one door to the YAML library.
public enum YAMLReader {
  /// More nested brackets, dashes or indentation than this is refused: the library recurses once a level.
  static let deepestNesting = 64
  /// More values than this is refused: aliases can multiply a few lines into billions.
  static let mostValues = 100_000

  /// Reads one YAML document.
  ///
  /// - Returns: The value, `nil` for an empty document.
  /// - Throws: One ``Diagnostic`` at the true place in the file.
  public static func read(_ source: EmbeddedText) throws(Diagnostic) -> YAMLValue? {
    if let line = lineNestedTooDeeply(source) {
      let start = source.lineOffsets[line]
      throw Diagnostic(
        .invalidYAML,
        LocalText(
          "this YAML is nested too deeply: more than \(deepestNesting) levels",
          "这段 YAML 嵌套过深，超过 \(deepestNesting) 层"),
        at: SourceLocation(path: source.path, range: start..<start + source.lines[line].utf8.count))
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: source.text)
    } catch let error as YamlError {
      throw diagnostic(error, in: source)
    } catch {
      throw Diagnostic(
        .invalidYAML, unreadable(LocalText(same: "\(error)")),
        at: SourceLocation(path: source.path, range: source.range))
    }
    guard let node else { return nil }
    var converter = Converter(source: source)
    return try converter.convert(node)
  }

  private static func lineNestedTooDeeply(_ source: EmbeddedText) -> Int? {
    var flowDepth = 0
    for (index, line) in source.lines.enumerated() {
      var indicators = 0
      var isStart = true
      var indentation = 0
      for byte in line.utf8 {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"): flowDepth += 1
        case UInt8(ascii: "]"), UInt8(ascii: "}"): flowDepth = max(0, flowDepth - 1)
        default: break
        }
        guard isStart else { continue }
        switch byte {
        case UInt8(ascii: " "): indentation += 1
        case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): indicators += 1
        default: isStart = false
        }
      }
      // A scalar such as ---------- is text; only indicators set apart by spaces nest.
      let nests = indicators > 1 && line.contains("- -") || line.contains("? ?")
      if flowDepth > 4 * deepestNesting || indentation > 8 * deepestNesting
        || nests && indicators > deepestNesting
      {
        return index
      }
    }
    return nil
  }

  private static func diagnostic(_ error: YamlError, in source: EmbeddedText) -> Diagnostic {
    func at(_ mark: Mark) -> SourceLocation {
      let start = source.offset(line: mark.line, column: mark.column)
      let rest = source.rest(line: mark.line, column: mark.column)
      return SourceLocation(path: source.path, range: start..<start + (rest.first?.utf8.count ?? 0))
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return Diagnostic(
        .invalidYAML, unreadable(YAMLWords.text(problem, while: context?.text)), at: at(mark),
        help: help(for: problem))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted().map { "‘\($0)’" }
      return Diagnostic(
        .duplicateKey, LocalText("written twice in one mapping: ", "同一处写了两次：") + .list(names),
        at: at(context.mark), help: LocalText("keep one of them", "只留一个"))
    case .reader(let problem, _, let value, _):
      return Diagnostic(
        .invalidYAML, unreadable(YAMLWords.text(problem)),
        at: SourceLocation(path: source.path, range: firstRange(of: value, in: source) ?? source.range))
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      return Diagnostic(
        .invalidYAML, unreadable(LocalText(same: "\(error)")),
        at: SourceLocation(path: source.path, range: source.range))
    }
  }

  /// Where a scalar that YAML does not allow stands first.
  private static func firstRange(of value: Int32, in source: EmbeddedText) -> Range<Int>? {
    for (line, lineStart) in zip(source.lines, source.lineOffsets) {
      var start = lineStart
      for scalar in line.unicodeScalars {
        let end = start + String(scalar).utf8.count
        if scalar.value == UInt32(bitPattern: value) { return start..<end }
        start = end
      }
    }
    return nil
  }

  private static func unreadable(_ problem: LocalText) -> LocalText {
    LocalText("this YAML can't be read: ", "读不懂这段 YAML：") + problem
  }

  private static func help(for problem: String) -> LocalText? {
    if problem.contains("mapping values are not allowed") {
      return LocalText("a text that holds ‘: ’ must stand in quotation marks", "含有 ‘: ’ 的文字要放在引号里")
    }
    if problem.contains("tab") || problem.contains("cannot start any token") {
      return LocalText(
        "indent with spaces, and put a text that starts with a special character in quotation marks",
        "用空格缩进；以特殊字符开头的文字要放在引号里")
    }
    return nil
  }
}

/// Gives Yams' nodes their ranges in the file; the library knows only where they start.
private struct Converter {
  let source: EmbeddedText
  var count = 0

  mutating func convert(_ node: Node) throws(Diagnostic) -> YAMLValue {
    count += 1
    guard count <= YAMLReader.mostValues else {
      throw Diagnostic(
        .invalidYAML,
        LocalText(
          "this YAML holds more than \(YAMLReader.mostValues) values",
          "这段 YAML 的值超过 \(YAMLReader.mostValues) 个"),
        at: SourceLocation(path: source.path, range: source.range),
        help: LocalText("aliases may be multiplying them", "可能是别名把它们成倍放大了"))
    }
    let start = node.mark.map { source.offset(line: $0.line, column: $0.column) } ?? source.range.lowerBound
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      let (length, map) = extent(scalar, mark: node.mark, from: start)
      let range = start..<start + length
      if isPlain, ["", "~", "null", "Null", "NULL"].contains(scalar.string) {
        return YAMLValue(.null, range: range)
      }
      return YAMLValue(.scalar(scalar.string, isPlain: isPlain), range: range, map: map)
    case .sequence(let sequence):
      var items: [YAMLValue] = []
      for item in sequence { items.append(try convert(item)) }
      let end = end(
        of: items.last?.range, from: start, bracket: "[", "]", at: node.mark)
      return YAMLValue(.sequence(items), range: start..<end)
    case .mapping(let mapping):
      var entries: [YAMLEntry] = []
      for (key, value) in mapping {
        let keyValue = try convert(key)
        entries.append(
          YAMLEntry(key: keyValue.text ?? "", keyRange: keyValue.range, value: try convert(value)))
      }
      let end = end(
        of: entries.last?.value.range, from: start, bracket: "{", "}", at: node.mark)
      return YAMLValue(.mapping(entries), range: start..<end)
    case .alias:
      throw Diagnostic(
        .invalidYAML, LocalText("an alias stands here before its anchor", "这里的别名出现在它的锚点之前"),
        at: SourceLocation(path: source.path, range: start..<start))
    }
  }

  /// Where a list or mapping ends: behind its bracket, where it has one.
  private func end(
    of last: Range<Int>?, from start: Int, bracket: Unicode.Scalar, _ closing: Unicode.Scalar, at mark: Mark?
  ) -> Int {
    let end = max(start, last?.upperBound ?? start)
    guard let mark, source.rest(line: mark.line, column: mark.column).unicodeScalars.first == bracket else {
      return end
    }
    return source.end(ofListFrom: last == nil ? start + 1 : end, closing: UInt8(ascii: closing)) ?? end
  }

  /// Bytes of a scalar as written, quotation marks included, and where those of its text stand among them.
  private func extent(_ scalar: Node.Scalar, mark: Mark?, from start: Int) -> (length: Int, map: TextMap?) {
    guard let mark else { return (0, nil) }
    let rest = source.rest(line: mark.line, column: mark.column)
    let isQuoted = scalar.style == .singleQuoted || scalar.style == .doubleQuoted
    if !isQuoted, rest.hasPrefix(scalar.string) { return (scalar.string.utf8.count, nil) }
    guard let map = TextMap(scalar.string, style: scalar.style, in: source, mark: mark) else {
      return (rest.utf8.count, nil)
    }
    return (max(map.end - start + (isQuoted ? 1 : 0), 0), map)
  }
}
