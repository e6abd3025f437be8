import AttentionKernel
import Diagnostics
import NotebookModel
import Wording

/// Turns what a directive says into the values of declared parameters; reports all that is wrong.
struct ParameterReader {
  /// The files that parameters may name.
  let files: any DataFiles
  /// The note's path, which those of files are relative to.
  let note: String

  /// Reads the parameters of a kind: those that lead, then those that they leave.
  ///
  /// - Returns: All values in the kind's order; `nil` where the leading ones don't tell what the others are.
  func read(_ type: any Experiment.Type, from reader: inout MappingReader, at place: Range<Int>)
    -> ParameterValues?
  {
    let leading = read(
      type.kind.parameters.filter { type.leadingParameters.contains($0.name) }, from: &reader)
    guard !reader.diagnostics.hasErrors else { return nil }
    do {
      let remaining = try type.remainingParameters(after: leading)
      for withheld in remaining.withheld {
        guard let range = reader.keyRange(withheld.name) else { continue }
        // Known from here on, so that it is not reported as unknown too.
        _ = reader.value(withheld.name)
        reader.report(.invalidParameter, withheld.reason, at: range)
      }
      return ParameterValues(leading.entries + read(remaining.parameters, from: &reader).entries)
    } catch {
      reader.report(error, elsewhere: place)
      return nil
    }
  }

  /// Reads every declared parameter from `reader`; an entry whose value is wrong keeps its default and is reported.
  func read(_ parameters: [ParameterDescription], from reader: inout MappingReader) -> ParameterValues {
    ParameterValues(of: parameters) { parameter in
      reader.value(parameter.name).flatMap { read($0, as: parameter, reporting: &reader) }
    }
  }

  private func read(
    _ value: YAMLValue, as parameter: ParameterDescription, reporting reader: inout MappingReader
  ) -> ParameterValue? {
    switch parameter.form {
    case .integer(let range):
      return one(value, parameter, &reader) { integer($0, in: range) }.map { .integer($0) }
    case .integers(let range, let most):
      return list(value, parameter, atMost: most, &reader) { integer($0, in: range) }.map { .integers($0) }
    case .number(let range):
      return one(value, parameter, &reader) { number($0, in: range) }.map { .number($0) }
    case .numbers(let range, let most):
      return list(value, parameter, atMost: most, &reader) { number($0, in: range) }.map { .numbers($0) }
    case .scales(let most):
      return list(value, parameter, atMost: most, &reader, scale).map { .scales($0) }
    case .seed:
      return one(value, parameter, &reader, seed).map { .seed($0) }
    case .flag:
      return one(value, parameter, &reader, flag).map { .flag($0) }
    case .choice(let choices):
      return ChoiceReader(parameter: parameter.name, choices: choices).read(value, &reader)
    case .text:
      return one(value, parameter, &reader) { .success($0) }.map { .text($0) }
    case .texts(let most):
      return texts(value, parameter, atMost: most, &reader).map { .texts($0) }
    case .tensor(let rank):
      return TensorReader(files: files, note: note, parameter: parameter.name, rank: rank).read(
        value, &reader)
    }
  }

  /// A value read, or the sentence that says what is wrong with it.
  private typealias Reading<Value> = Result<Value, Complaint>

  private struct Complaint: Error {
    let sentence: LocalText
  }

  private func one<Value>(
    _ value: YAMLValue, _ parameter: ParameterDescription, _ reader: inout MappingReader,
    _ read: (String) -> Reading<Value>
  ) -> Value? {
    guard let text = value.text else {
      reader.report(
        .invalidParameter,
        LocalText(
          "‘\(parameter.name)’ must be one value, not \(value.kindName.english)",
          "‘\(parameter.name)’ 必须是一个值，而这里是\(value.kindName.chinese)"), at: value.range)
      return nil
    }
    switch read(text) {
    case .success(let result): return result
    case .failure(let complaint):
      reader.report(
        .invalidParameter, LocalText(same: "‘\(parameter.name)’ ") + complaint.sentence, at: value.range)
      return nil
    }
  }

  private func list<Value: Hashable>(
    _ value: YAMLValue, _ parameter: ParameterDescription, atMost most: Int, _ reader: inout MappingReader,
    _ read: (String) -> Reading<Value>
  ) -> [Value]? {
    var items = [value]
    if case .sequence(let list) = value.content { items = list }
    if items.isEmpty {
      reader.report(
        .invalidParameter,
        LocalText("‘\(parameter.name)’ must not be an empty list", "‘\(parameter.name)’ 不能是空列表"),
        at: value.range)
      return nil
    }
    if items.count > most {
      reader.report(
        .invalidParameter,
        LocalText(
          "‘\(parameter.name)’ takes at most \(most) values, not \(items.count)",
          "‘\(parameter.name)’ 最多取 \(most) 个值，这里有 \(items.count) 个"),
        at: value.range)
      return nil
    }
    var values: [Value] = []
    for item in items {
      guard let result = one(item, parameter, &reader, read) else { return nil }
      // Two numbers that are written alike would make two measures of one name.
      if values.contains(where: { written($0) == written(result) }) {
        reader.report(
          .invalidParameter,
          LocalText(
            "‘\(parameter.name)’ lists \(item.text ?? "this") twice",
            "‘\(parameter.name)’ 把 \(item.text ?? "这个值") 列了两次"), at: item.range)
        return nil
      }
      values.append(result)
    }
    return values
  }

  private func written(_ value: some Hashable) -> String {
    switch value {
    case let scale as Scale: scale.label
    case let number as Double: number.machineText
    default: "\(value)"
    }
  }

  private func integer(_ text: String, in range: ClosedRange<Int>) -> Reading<Int> {
    let digits = text.replacing("_", with: "")
    // 1e6 is how people write a million.
    let value = Int(digits) ?? DecimalNumber(plainText: digits).flatMap { Int(exactly: $0.doubleValue) }
    guard let value else {
      return .failure(
        Complaint(
          sentence: LocalText(
            "must be a whole number, not ‘\(text.prefix(40))’", "必须是整数，不能是 ‘\(text.prefix(40))’")))
    }
    guard range.contains(value) else {
      return .failure(
        Complaint(
          sentence: Self.outside(text, String(range.lowerBound), String(range.upperBound))))
    }
    return .success(value)
  }

  private func number(_ text: String, in range: ClosedRange<Double>) -> Reading<Double> {
    guard let value = DecimalNumber(plainText: text)?.doubleValue, value.isFinite else {
      return .failure(
        Complaint(
          sentence: LocalText("must be a number, not ‘\(text.prefix(40))’", "必须是数字，不能是 ‘\(text.prefix(40))’"))
      )
    }
    guard range.contains(value) else {
      return .failure(
        Complaint(
          sentence: Self.outside(text, range.lowerBound.machineText, range.upperBound.machineText)))
    }
    return .success(value)
  }

  private static func outside(_ text: String, _ low: String, _ high: String) -> LocalText {
    LocalText(
      "must lie between \(low) and \(high); \(text.prefix(40)) does not",
      "必须在 \(low) 与 \(high) 之间，\(text.prefix(40)) 不在其中")
  }

  private func scale(_ text: String) -> Reading<Scale> {
    guard let scale = Scale(text: text) else {
      // What is a factor elsewhere is a divisor here.
      if let divisor = text.wholeMatch(of: /1\s*\/\s*(.+)/).map(\.1), Scale(text: String(divisor)) != nil {
        return .failure(
          Complaint(
            sentence: LocalText(
              "lists divisors: write ‘\(divisor)’ for a division by it, not ‘\(text.prefix(40))’",
              "列的是除数：除以它就写 ‘\(divisor)’，不写 ‘\(text.prefix(40))’")))
      }
      return .failure(
        Complaint(
          sentence:
            LocalText(
              "must list scales such as none, √d, 2√d, d or 8 (greater than 0), not ‘\(text.prefix(40))’",
              "必须列出 none、√d、2√d、d 或 8 这样的 scale（大于 0），不能是 ‘\(text.prefix(40))’")))
    }
    return .success(scale)
  }

  private func flag(_ text: String) -> Reading<Bool> {
    switch text.lowercased() {
    case "true": .success(true)
    case "false": .success(false)
    default:
      .failure(
        Complaint(
          sentence: LocalText(
            "must be true or false, not ‘\(text.prefix(40))’", "必须是 true 或 false，不能是 ‘\(text.prefix(40))’")))
    }
  }

  private func texts(
    _ value: YAMLValue, _ parameter: ParameterDescription, atMost most: Int, _ reader: inout MappingReader
  ) -> [String]? {
    var items = [value]
    if case .sequence(let list) = value.content { items = list }
    let texts = items.compactMap(\.text)
    guard texts.count == items.count, !texts.isEmpty, texts.count <= most else {
      reader.report(
        .invalidParameter,
        LocalText(
          "‘\(parameter.name)’ must be a list of 1 to \(most) texts",
          "‘\(parameter.name)’ 必须是 1 到 \(most) 个文本的列表"),
        at: items.first { $0.text == nil }?.range ?? value.range)
      return nil
    }
    return texts
  }

  private func seed(_ text: String) -> Reading<UInt64> {
    guard let seed = UInt64(text) else {
      return .failure(
        Complaint(
          sentence: LocalText(
            "must be a whole number from 0 to 2⁶⁴ − 1, not ‘\(text.prefix(40))’",
            "必须是 0 到 2⁶⁴ − 1 的整数，不能是 ‘\(text.prefix(40))’")))
    }
    return .success(seed)
  }
}

extension MappingReader {
  /// Reports what is wrong with a parameter, at its value or, where the note does not write it, elsewhere.
  mutating func report(_ problem: ParameterProblem, elsewhere place: Range<Int>) {
    let range = valueRange(problem.parameter) ?? place
    guard let misspelt = problem.misspelt else {
      return report(problem.code, problem.summary, at: range, help: problem.help)
    }
    // A name inside a longer value, `topMas[1]`, is left to the author.
    let isWhole = value(problem.parameter)?.text == misspelt
    report(
      problem.code, problem.summary, at: range,
      label: .didYouMean(Spelling.nearest(to: misspelt, among: problem.candidates)), help: problem.help,
      fixes: isWhole
        ? Fix.spelling(
          misspelt, at: SourceLocation(path: location.path, range: range), among: problem.candidates) : [])
  }
}
