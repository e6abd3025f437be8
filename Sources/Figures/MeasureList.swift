import Claims
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// Reads lists of measures as directives name them, and finds their values.
struct MeasureList {
  let resolver: MeasureResolver
  let results: ExperimentResults
  let document: NotebookDocument

  /// A measure as written: `weights.entropy`, or `{measure: weights.entropy, name: …}` with more keys for tables.
  struct Item {
    let measure: NamedMeasure
    /// What else the mapping says.
    let reader: MappingReader?
  }

  /// Reads a measure, a mapping with one, or a list of these.
  ///
  /// - Parameter read: Takes further keys of an item's mapping before what nobody took is reported.
  func read<Extra>(
    _ value: YAMLValue, reporting report: inout Report, extra read: (inout MappingReader) -> Extra
  ) -> [(measure: NamedMeasure, extra: Extra)] {
    var items = [value]
    if case .sequence(let list) = value.content { items = list }
    if items.isEmpty {
      report.refuse(
        LocalText("there is no measure in this list", "这个列表里没有度量"), at: value.range,
        help: LocalText("write experiment.measure, such as weights.entropy", "写成 实验.度量，例如 weights.entropy"))
    }
    var found: [(NamedMeasure, Extra)] = []
    for item in items {
      var reader = MappingReader(
        isMapping(item) ? item : nil,
        owner: LocalText("an entry for a measure", "度量条目"),
        at: SourceLocation(path: document.path, range: item.range))
      let written =
        isMapping(item) ? reader.requiredText("measure") : item.text.map { Located($0, range: item.range) }
      let name = reader.text("name")?.value
      let extra = read(&reader)
      reader.finish()
      report.add(reader.diagnostics)
      guard let written else {
        if !isMapping(item) {
          report.add(
            .wrongType,
            LocalText(
              "a measure must be a text such as weights.entropy, not \(item.kindName.english)",
              "度量要写成 weights.entropy 这样的文字，而不是\(item.kindName.chinese)"), at: item.range)
        }
        continue
      }
      guard let measure = resolve(written, name: name, reporting: &report) else { continue }
      guard !found.contains(where: { Self.looksLike(measure, $0.0) }) else {
        report.refuse(
          LocalText(
            "two measures are called ‘\(name ?? written.value)’ here", "这里有两个度量都叫 ‘\(name ?? written.value)’"),
          at: item.range, help: LocalText("give one of them another ‘name’", "给其中一个换个 ‘name’"))
        continue
      }
      found.append((measure, extra))
    }
    return found
  }

  /// Whether readers could not tell them apart: measures are told apart by what they are called.
  private static func looksLike(_ one: NamedMeasure, _ other: NamedMeasure) -> Bool {
    one.name == other.name && (one.name != nil || one.reference == other.reference)
  }

  private func isMapping(_ value: YAMLValue) -> Bool {
    if case .mapping = value.content { true } else { false }
  }

  private func resolve(
    _ written: Located<String>, name: String?, reporting report: inout Report
  ) -> NamedMeasure? {
    // With a file name before it, as in links; without, as in claims.
    guard let reference = MeasureReference(target: written.value) ?? MeasureReference(name: written.value)
    else {
      report.refuse(
        LocalText(
          "‘\(written.value.prefix(60))’ names no measure", "‘\(written.value.prefix(60))’ 不是度量的名字"),
        at: written.range,
        help: LocalText(
          "write experiment.measure or experiment.measure[selector]", "写成 实验.度量 或 实验.度量[选择]"))
      return nil
    }
    do {
      let values = try resolver.values(of: reference, from: document.path)
      let kind = results[values[0].experiment]?.planned.kind
      let summary = kind?.measures.first { $0.name == reference.measure }?.summary
      return NamedMeasure(
        reference: reference, range: written.range, name: name, values: values,
        summary: summary ?? LocalText(same: reference.measure))
    } catch {
      report.add(error, at: written.range)
      return nil
    }
  }
}
