import Diagnostics
import Wording

/// A value with the place it was written at.
public struct Located<Value: Hashable & Sendable>: Hashable, Sendable {
  /// The value.
  public var value: Value
  /// Byte offsets in the file.
  public var range: Range<Int>
  /// Where the bytes of a text stand; `nil` where they stand one by one from the start of the range.
  public var map: TextMap?

  /// A value written at `range`.
  public init(_ value: Value, range: Range<Int>, map: TextMap? = nil) {
    self.value = value
    self.range = range
    self.map = map
  }
}

extension Located<String> {
  /// The place in the file of some bytes of the text, inside the range of the whole.
  public func fileRange(of part: Range<Int>) -> Range<Int> {
    let moved =
      map?.fileRange(part) ?? range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound
    return moved.clamped(to: range.lowerBound..<max(range.lowerBound, range.upperBound))
  }
}

/// Takes the keys of a mapping one by one, as a schema names them, and reports what is wrong: all of it, not the first.
///
/// Every key asked for becomes known; ``finish()`` reports the others, each with the nearest known name.
public struct MappingReader {
  /// What went wrong so far.
  public private(set) var diagnostics: [Diagnostic] = []
  /// What the mapping is, in messages: "the front matter".
  public let owner: LocalText
  /// The place of the whole mapping, for keys that are missing.
  public let location: SourceLocation

  private var entries: [YAMLEntry]
  private var known: [String] = []
  private let path: String
  private let unknownCode: DiagnosticCode
  /// Something else than a mapping was reported as that; that it lacks keys goes without saying.
  private var isMapping = true

  /// Reads `value`, which must be a mapping or nothing.
  ///
  /// - Parameters:
  ///   - owner: What messages call it.
  ///   - fallback: The place for messages where there is no value at all.
  ///   - unknownCode: The code for keys nobody asked for.
  public init(
    _ value: YAMLValue?, owner: LocalText, at fallback: SourceLocation,
    unknownCode: DiagnosticCode = .unknownKey
  ) {
    self.owner = owner
    path = fallback.path
    location = fallback
    self.unknownCode = unknownCode
    switch value?.content {
    case .mapping(let pairs): entries = pairs
    case .null, nil: entries = []
    case .scalar, .sequence:
      entries = []
      isMapping = false
      let found = value?.kindName ?? YAMLValue.nothing
      report(
        .notAMapping,
        LocalText(
          "\(owner.english) must be a mapping of keys to values, not \(found.english)",
          "\(owner.chinese)必须由 ‘键: 值’ 组成，而这里是\(found.chinese)"),
        at: value?.range ?? fallback.range, help: LocalText("write one ‘key: value’ a line", "每行写一个 ‘键: 值’"))
    }
  }

  /// Adds a diagnostic at a place of the same file.
  public mutating func report(
    _ code: DiagnosticCode, _ summary: LocalText, at range: Range<Int>, label: LocalText? = nil,
    help: LocalText? = nil, fixes: [Fix] = []
  ) {
    diagnostics.append(
      Diagnostic(
        code, summary, at: SourceLocation(path: path, range: range), label: label, help: help, fixes: fixes))
  }

  /// The value of a key; `nil` where it is not written or empty.
  public mutating func value(_ key: String) -> YAMLValue? {
    known.append(key)
    guard let entry = entries.first(where: { $0.key == key }) else { return nil }
    if case .null = entry.value.content { return nil }
    return entry.value
  }

  /// Where a key stands, whatever its value.
  public func keyRange(_ key: String) -> Range<Int>? {
    entries.first { $0.key == key }?.keyRange
  }

  /// A text. Plain numbers and truth values count as text: `title: 2026` is a title.
  public mutating func text(_ key: String) -> Located<String>? {
    guard let value = value(key) else { return nil }
    guard let text = value.text else {
      report(.wrongType, wrongType(key, LocalText("must be a text", "必须是文字"), value), at: value.range)
      return nil
    }
    return Located(text, range: value.range, map: value.map)
  }

  /// A text that must be there and not be blank.
  public mutating func requiredText(_ key: String) -> Located<String>? {
    if let text = text(key) {
      guard text.value.contains(where: { !$0.isWhitespace }) else {
        report(.invalidValue, LocalText("‘\(key)’ must not be blank", "‘\(key)’ 不能是空白"), at: text.range)
        return nil
      }
      return text
    }
    // Of the wrong type was reported already.
    if isMapping, entries.first(where: { $0.key == key && $0.value.content != .null }) == nil {
      report(
        .missingKey,
        LocalText("\(owner.english) has no ‘\(key)’", "\(owner.chinese)缺少 ‘\(key)’"),
        at: keyRange(key) ?? location.range, help: LocalText("add ‘\(key): …’", "补上 ‘\(key): …’"))
    }
    return nil
  }

  /// A truth value: `true` or `false`.
  public mutating func flag(_ key: String) -> Located<Bool>? {
    guard let value = value(key) else { return nil }
    if case .scalar(let text, isPlain: true) = value.content {
      switch text {
      case "true", "True", "TRUE": return Located(true, range: value.range)
      case "false", "False", "FALSE": return Located(false, range: value.range)
      default: break
      }
    }
    report(
      .wrongType, wrongType(key, LocalText("must be true or false", "必须是 true 或 false"), value),
      at: value.range)
    return nil
  }

  /// A list of texts; one text alone counts as a list of one.
  public mutating func texts(_ key: String) -> [Located<String>]? {
    guard let value = value(key) else { return nil }
    switch value.content {
    case .scalar(let text, _): return [Located(text, range: value.range, map: value.map)]
    case .sequence(let items):
      var texts: [Located<String>] = []
      for item in items {
        if let text = item.text {
          texts.append(Located(text, range: item.range, map: item.map))
        } else {
          report(.wrongType, wrongType(key, LocalText("must list texts", "必须逐项是文字"), item), at: item.range)
        }
      }
      return texts
    case .null, .mapping:
      report(
        .wrongType, wrongType(key, LocalText("must be a list of texts", "必须是文字的列表"), value), at: value.range)
      return nil
    }
  }

  private func wrongType(_ key: String, _ demand: LocalText, _ found: YAMLValue) -> LocalText {
    LocalText(
      "‘\(key)’ \(demand.english), not \(found.kindName.english)",
      "‘\(key)’ \(demand.chinese)，而这里是\(found.kindName.chinese)")
  }

  /// Where the value of a key stands.
  public func valueRange(_ key: String) -> Range<Int>? {
    entries.first { $0.key == key }?.value.range
  }

  /// Reports the keys nobody asked for, each with the nearest that would have been right.
  public mutating func finish() {
    for entry in entries where !known.contains(entry.key) {
      let nearest = Spelling.nearest(to: entry.key, among: known)
      report(
        unknownCode,
        LocalText("\(owner.english) knows no ‘\(entry.key)’", "\(owner.chinese)里没有 ‘\(entry.key)’ 这个键"),
        at: entry.keyRange, label: .didYouMean(nearest),
        help: nearest == nil ? LocalText("known here: ", "这里可以写：") + .list(known.sorted()) : nil,
        fixes: fixes(for: entry))
    }
  }

  /// The right spelling of a key, where no other key has it or wants it.
  private func fixes(for entry: YAMLEntry) -> [Fix] {
    let taken = entries.map(\.key)
    func meant(_ key: String) -> String? { Spelling.certain(for: key, among: known) }
    guard let name = meant(entry.key), !taken.contains(name), taken.count(where: { meant($0) == name }) == 1
    else {
      return []
    }
    return [.writing(name, at: SourceLocation(path: path, range: entry.keyRange))]
  }
}
