import Diagnostics
import Wording

/// Compares what a record says with what it says when it is made anew; every difference is told where it stands.
struct RecordComparison {
  let path: String
  /// How far two numbers may lie apart, in units of the larger one or of 1: 0 where both were computed alike.
  let tolerance: Double
  private(set) var diagnostics: [Diagnostic] = []

  init(path: String, tolerance: Double) {
    self.path = path
    self.tolerance = tolerance
  }

  /// What speaks of whole notes, experiments, measures, numbers and claims in messages.
  private struct Owner {
    var words = LocalText(same: "")

    func named(_ english: String, _ chinese: String) -> Owner {
      let isFirst = words.english.isEmpty
      return Owner(
        words: LocalText(
          isFirst ? english : "\(words.english), \(english)",
          isFirst ? chinese : "\(words.chinese)，\(chinese)"))
    }
  }

  /// Compares the notes of a record.
  mutating func compare(notes published: [JSONText], with fresh: [JSONValue]) {
    compare(items: published, with: fresh, of: "notes", at: 0..<0, Owner())
  }

  private mutating func report(_ summary: LocalText, at range: Range<Int>, label: LocalText? = nil) {
    diagnostics.append(
      Diagnostic(.recordDiffers, summary, at: SourceLocation(path: path, range: range), label: label))
  }

  private mutating func compare(
    items published: [JSONText], with fresh: [JSONValue], of list: String, at range: Range<Int>,
    _ owner: Owner
  ) {
    if published.count != fresh.count {
      report(
        LocalText(
          "\(owner.words.english): ‘\(list)’ lists \(published.count), but \(fresh.count) came out",
          "\(owner.words.chinese)：‘\(list)’ 列了 \(published.count) 项，重新得到的是 \(fresh.count) 项"),
        at: range)
    }
    for (index, (old, new)) in zip(published, fresh).enumerated() {
      compare(old, with: new, key: list, Self.owner(of: old, in: list, at: index, owner))
    }
  }

  private static func owner(of json: JSONText, in list: String, at index: Int, _ owner: Owner) -> Owner {
    let id = json["id"]?.string?.prefix(60) ?? ""
    switch list {
    case "notes":
      let path = json["path"]?.string ?? ""
      return owner.named(path, path)
    case "experiments": return owner.named("experiment ‘\(id)’", "实验 ‘\(id)’")
    case "claims": return owner.named("claim ‘\(id)’", "论断 ‘\(id)’")
    case "numbers":
      let text = json["text"]?.string?.prefix(40) ?? ""
      return owner.named("number \(index + 1) (\(text))", "第 \(index + 1) 个受查数字（\(text)）")
    case "measures", "evidence":
      let name = json["name"]?.string ?? json["measure"]?.string ?? ""
      var labels = ""
      if case .object(let members)? = json["coordinates"]?.content {
        labels = members.map { $0.value.value.plainText }.joined(separator: ", ")
      }
      let text = labels.isEmpty ? name : "\(name)[\(labels)]"
      return owner.named(text, text)
    default: return owner
    }
  }

  private mutating func compare(_ published: JSONText, with fresh: JSONValue, key: String, _ owner: Owner) {
    switch (published.content, fresh) {
    case (.array(let old), .array(let new)):
      compare(items: old, with: new, of: key, at: published.range, owner)
    case (.object, .object(let members)):
      for member in members {
        guard let old = published[member.key] else {
          report(
            LocalText(
              "\(owner.words.english): ‘\(member.key)’ is missing",
              "\(owner.words.chinese)：缺少 ‘\(member.key)’"),
            at: published.range)
          continue
        }
        compare(old, with: member.value, key: member.key, owner)
      }
    default:
      guard !isEqual(published, fresh) else { return }
      report(
        LocalText(
          "\(owner.words.english): ‘\(key)’ is \(published.value.plainText) here, but \(fresh.plainText) came out",
          "\(owner.words.chinese)：‘\(key)’ 写作 \(published.value.plainText)，重新得到的是 \(fresh.plainText)"),
        at: published.range, label: LocalText("computed: \(fresh.plainText)", "算得：\(fresh.plainText)"))
    }
  }

  private func isEqual(_ published: JSONText, _ fresh: JSONValue) -> Bool {
    switch (published.content, fresh) {
    case (.null, .null): true
    case (.bool(let old), .bool(let new)): old == new
    case (.string(let old), .string(let new)): old == new
    case (.number(let text), .integer(let new)): Double(text) == Double(new)
    case (.number(let text), .number(let new)):
      Double(text).map { isNear($0, Double(new.machineText) ?? .nan) } ?? false
    default: false
    }
  }

  private func isNear(_ old: Double, _ new: Double) -> Bool {
    old == new || abs(old - new) <= tolerance * max(1, abs(old), abs(new))
  }
}

extension JSONValue {
  /// A value in a message: a text as it is, at most sixty characters.
  var plainText: String {
    let text = if case .string(let text) = self { text } else { self.text() }
    return text.count > 60 ? text.prefix(59) + "…" : text
  }
}
