import Diagnostics
import NotebookModel
import Wording

/// Reads the name that a directive gives to a parameter of the form ``ParameterDescription/Form/choice(_:)``.
struct ChoiceReader {
  /// The parameter's name.
  let parameter: String
  let choices: Choices

  /// The value; `nil` where it is none of the names, which is reported.
  func read(_ value: YAMLValue, _ reader: inout MappingReader) -> ParameterValue? {
    guard let text = value.text else {
      report(
        LocalText(
          "must be one name, not \(value.kindName.english)", "必须是一个名字，而这里是\(value.kindName.chinese)"),
        at: value, &reader, help: list)
      return nil
    }
    let shown = text.prefix(40)
    switch choices.read(text) {
    case .name(let name):
      return .choice(name)
    case .otherWord(let name):
      report(
        LocalText("is called ‘\(name)’ here, not ‘\(shown)’", "在这里写作 ‘\(name)’，而不是 ‘\(shown)’"), at: value,
        &reader, label: .didYouMean(name), fixes: [.writing(name, at: place(of: value, reader))])
    case .elsewhere(let advice):
      report(
        LocalText("does not take ‘\(shown)’", "不能取 ‘\(shown)’"), at: value, &reader, help: advice)
    case .unknown:
      report(
        LocalText("knows no ‘\(shown)’", "没有 ‘\(shown)’ 这个取值"), at: value, &reader,
        label: .didYouMean(Spelling.nearest(to: text, among: choices.names)), help: list,
        fixes: Fix.spelling(text, at: place(of: value, reader), among: choices.names))
    }
    return nil
  }

  private var list: LocalText {
    LocalText("it takes one of: ", "可以取：") + .list(choices.names)
  }

  private func place(of value: YAMLValue, _ reader: MappingReader) -> SourceLocation {
    SourceLocation(path: reader.location.path, range: value.range)
  }

  private func report(
    _ sentence: LocalText, at value: YAMLValue, _ reader: inout MappingReader, label: LocalText? = nil,
    help: LocalText? = nil, fixes: [Fix] = []
  ) {
    reader.report(
      .invalidParameter, LocalText(same: "‘\(parameter)’ ") + sentence, at: value.range, label: label,
      help: help, fixes: fixes)
  }
}
