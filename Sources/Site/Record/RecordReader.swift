import Diagnostics
import Experiments
import Wording

/// Takes values out of a record; reports what is missing or of another type.
struct RecordReader {
  let file: SourceFile
  private(set) var diagnostics: [Diagnostic] = []

  init(file: SourceFile) {
    self.file = file
  }

  mutating func report(_ summary: LocalText, at range: Range<Int>, help: LocalText? = nil) {
    diagnostics.append(
      Diagnostic(.invalidRecord, summary, at: SourceLocation(path: file.path, range: range), help: help))
  }

  mutating func reportMissing(_ key: String, in json: JSONText) {
    if let value = json[key] {
      report(LocalText("‘\(key)’ is of the wrong type", "‘\(key)’ 的类型不对"), at: value.range)
    } else {
      report(LocalText("‘\(key)’ is missing here", "这里缺少 ‘\(key)’"), at: json.range)
    }
  }

  mutating func text(_ key: String, in json: JSONText) -> String? {
    if let text = json[key]?.string { return text }
    reportMissing(key, in: json)
    return nil
  }

  mutating func flag(_ key: String, in json: JSONText) -> Bool? {
    if case .bool(let flag)? = json[key]?.content { return flag }
    reportMissing(key, in: json)
    return nil
  }

  mutating func integer(_ key: String, in json: JSONText) -> Int? {
    if let number = json[key]?.number, let integer = Int(exactly: number) { return integer }
    reportMissing(key, in: json)
    return nil
  }

  mutating func items(_ key: String, in json: JSONText) -> [JSONText] {
    if let items = json[key]?.items { return items }
    reportMissing(key, in: json)
    return []
  }

  mutating func language(in json: JSONText) -> Language? {
    guard let tag = text("language", in: json) else { return nil }
    if let language = Language(rawValue: tag) { return language }
    report(
      LocalText(
        "‘\(tag.prefix(40))’ is no language that pages are made in", "‘\(tag.prefix(40))’ 不是页面可用的语言"),
      at: json["language"]?.range ?? json.range)
    return nil
  }

  /// A measure with its coordinates; their places as numbers stand in `at`.
  mutating func measure(_ json: JSONText) -> Measure? {
    guard let name = text("name", in: json), let unit = text("unit", in: json) else { return nil }
    guard case .object(let conditions)? = json["coordinates"]?.content else {
      reportMissing("coordinates", in: json)
      return nil
    }
    guard let value = json["value"]?.number else {
      reportMissing("value", in: json)
      return nil
    }
    let places = json["at"]?.items ?? []
    var coordinates: [Coordinate] = []
    for (index, condition) in conditions.enumerated() {
      switch condition.value.content {
      case .number(let text):
        guard let number = Double(text), number.isFinite else {
          reportMissing(condition.key, in: json["coordinates"] ?? json)
          return nil
        }
        coordinates.append(
          Int(text).map { Coordinate(condition.key, $0) } ?? Coordinate(condition.key, number))
      case .string(let label):
        let place = places.indices.contains(index) ? places[index].number : nil
        coordinates.append(Coordinate(condition.key, label: label, number: place ?? .nan))
      case .null, .bool, .array, .object:
        reportMissing(condition.key, in: json["coordinates"] ?? json)
        return nil
      }
    }
    return Measure(
      name, unit: unit, coordinates: coordinates, value: value,
      standardError: json["standardError"]?.number,
      samples: json["samples"]?.number.flatMap { Int(exactly: $0) })
  }

  /// Two notes with one page, or one path, would be taken for each other.
  mutating func requireDifferentPages(_ notes: [RecordedNote]) {
    for name in [\RecordedNote.path, \RecordedNote.page] {
      var seen: Set<String> = []
      for note in notes where !seen.insert(note[keyPath: name]).inserted {
        report(
          LocalText("two notes are called ‘\(note[keyPath: name])’", "两篇笔记都叫 ‘\(note[keyPath: name])’"),
          at: 0..<0)
      }
    }
  }

  /// Whether a text can stand on a line of a note, between other marks.
  static func isOneLine(_ text: String) -> Bool {
    text.utf8.count <= 4_000
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
      }
  }
}
