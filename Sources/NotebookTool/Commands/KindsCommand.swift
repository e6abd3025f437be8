import ArgumentParser
import AttentionKernel
import Experiments
import Wording

/// `notebook kinds`.
struct KindsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kinds",
    abstract: "List the kinds of experiment with their parameters, measures and figures.",
    discussion: """
      Made from the same list that runs them.

        notebook kinds
        notebook kinds softmax --language zh
      """)

  @Argument(help: ArgumentHelp("One kind; all of them unless given.", valueName: "kind"))
  var kind: String?

  @OptionGroup var language: LanguageOption

  func validate() throws {
    let known = ExperimentKinds.all.map { $0.kind.name }
    if let kind, !known.contains(kind) {
      let nearest = Spelling.nearest(to: kind, among: known)
      throw language.refusal(
        LocalText("there is no kind ‘\(kind)’; the kinds are ", "没有实验种类 ‘\(kind)’；种类有 ") + .list(known)
          + .didYouMeanToo(nearest))
    }
  }

  func run() throws {
    let report = KindReport(language: language.chosen)
    let types = ExperimentKinds.all.filter { kind == nil || $0.kind.name == kind }
    let text = types.map { report.text($0.kind) }.joined(separator: "\n")
    StandardStream.output.write(text)
  }
}

/// A kind's description as a page for a terminal.
private struct KindReport {
  let language: Language

  func text(_ kind: KindDescription) -> String {
    let heading = { (text: LocalText) in "\n  \(text[language])\n" }
    var output = "\(kind.name): \(kind.summary[language])\n"
    output += heading(LocalText("Parameters", "参数"))
    output += TextTable.aligned(kind.parameters.flatMap(rows), indentation: "    ")
    output += heading(LocalText("Measures", "度量"))
    output += TextTable.aligned(
      kind.measures.map { measure in
        let name =
          measure.coordinates.isEmpty
          ? measure.name : "\(measure.name)[\(measure.coordinates.joined(separator: ", "))]"
        return [name, measure.unit, measure.summary[language]]
      }, indentation: "    ")
    output += heading(
      LocalText("Figures, the first one drawn unless the note says otherwise", "图（默认画第一个可用的）"))
    output += TextTable.aligned(kind.figures.map { [$0.name, $0.summary[language]] }, indentation: "    ")
    output += heading(
      LocalText("Mistakes that ‘check --mutate’ makes in it on purpose", "‘check --mutate’ 会在其中故意犯的错误"))
    output += TextTable.aligned(
      kind.faults.map { [$0.rawValue, $0.words[language]] }, indentation: "    ")
    if !kind.example.isEmpty {
      output += heading(LocalText("Example", "示例"))
      output += "    kind: \(kind.name)\n"
      for entry in kind.example { output += "    \(entry.name): \(entry.value.text)\n" }
    }
    return output
  }

  /// The line of a parameter, under it its defaults where another parameter decides, and the names of a choice.
  private func rows(_ parameter: ParameterDescription) -> [[String]] {
    let value =
      parameter.defaultValue == .absent
      ? LocalText("optional", "可省略")[language] : "= \(parameter.defaultValue.text)"
    let line = [parameter.name, range(parameter.form), value, parameter.summary[language]]
    let others = parameter.otherDefaults.map { other in
      ["", "", "= \(other.defaultValue.text)", condition(other)]
    }
    guard case .choice(let choices) = parameter.form else { return [line] + others }
    return [line] + others + choices.all.map { ["", "  \($0.name)", "", $0.summary[language]] }
  }

  private func condition(_ other: ParameterDescription.OtherDefault) -> String {
    let setting = "‘\(other.parameter): \(other.value.text)’"
    return LocalText("  with \(setting)", "  \(setting) 时")[language]
  }

  private static func text(_ range: ClosedRange<Int>) -> String {
    range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)…\(range.upperBound)"
  }

  private func range(_ form: ParameterDescription.Form) -> String {
    switch form {
    case .integer(let range): "\(range.lowerBound)…\(range.upperBound)"
    case .integers(let range, let most): "≤ \(most) × \(range.lowerBound)…\(range.upperBound)"
    case .number(let range): "\(range.lowerBound.machineText)…\(range.upperBound.machineText)"
    case .numbers(let range, let most):
      "≤ \(most) × \(range.lowerBound.machineText)…\(range.upperBound.machineText)"
    case .scales(let most): "≤ \(most) × none, √d, 2√d, d, 8 …"
    case .seed: "0…2⁶⁴−1"
    case .flag: "true, false"
    case .choice: LocalText("one of", "其中之一")[language]
    case .text: LocalText("a text", "文本")[language]
    case .texts(let most): language == .english ? "≤ \(most) texts" : "≤ \(most) 个文本"
    case .tensor(let rank):
      LocalText(
        "numbers with \(Self.text(rank)) indices, a.npy, a.safetensors#name",
        "\(Self.text(rank)) 维的数，a.npy，a.safetensors#name")[language]
    }
  }
}
