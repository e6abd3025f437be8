import Diagnostics
import NotebookModel
import TensorFiles
import Wording

/// Reads a tensor from what a directive says: nested lists of numbers, or the path of a file beside the note.
struct TensorReader {
  let files: any DataFiles
  /// The note's path.
  let note: String
  /// What the parameter is called.
  let parameter: String
  /// How many indices it may have.
  let rank: ClosedRange<Int>

  func read(_ value: YAMLValue, _ reader: inout MappingReader) -> ParameterValue? {
    let tensor: Tensor
    let file = value.text
    switch value.content {
    case .sequence:
      guard let inline = inline(value, &reader) else { return nil }
      tensor = inline
    case .scalar(let text, _):
      guard let loaded = load(text, at: value.range, &reader) else { return nil }
      tensor = loaded
    case .null, .mapping:
      report(
        LocalText(
          "must be nested lists of numbers, or a file, not \(value.kindName.english)",
          "必须是嵌套的数字列表或文件，而这里是\(value.kindName.chinese)"), at: value.range, &reader)
      return nil
    }
    guard rank.contains(tensor.rank) else {
      let allowed = rank.count == 1 ? "\(rank.lowerBound)" : "\(rank.lowerBound)…\(rank.upperBound)"
      report(
        LocalText(
          "has \(tensor.rank) indices (shape \(tensor.shapeText)); it must have \(allowed)",
          "有 \(tensor.rank) 个维度（形状 \(tensor.shapeText)），应当有 \(allowed) 个"), at: value.range, &reader)
      return nil
    }
    return .tensor(tensor, file: file)
  }

  private func report(
    _ sentence: LocalText, at range: Range<Int>, code: DiagnosticCode = .invalidParameter,
    help: LocalText? = nil, _ reader: inout MappingReader
  ) {
    reader.report(code, LocalText(same: "‘\(parameter)’ ") + sentence, at: range, help: help)
  }

  // MARK: - Numbers in the note

  private func inline(_ value: YAMLValue, _ reader: inout MappingReader) -> Tensor? {
    var shape: [Int] = []
    var first = value
    while case .sequence(let items) = first.content, shape.count < Tensor.mostIndices, let next = items.first
    {
      shape.append(items.count)
      first = next
    }
    var values: [Double] = []
    guard append(value, shape[...], to: &values, &reader) else { return nil }
    return Tensor(shape: shape, values: values)
  }

  /// Adds the numbers of a list, which must have the shape that its first items have.
  private func append(
    _ value: YAMLValue, _ shape: ArraySlice<Int>, to values: inout [Double], _ reader: inout MappingReader
  ) -> Bool {
    if let size = shape.first {
      guard case .sequence(let items) = value.content, items.count == size else {
        let found: LocalText
        if case .sequence(let items) = value.content {
          found = LocalText("a list of \(items.count)", "\(items.count) 项的列表")
        } else {
          found = value.kindName
        }
        report(
          LocalText(
            "must have rows of one length: a list of \(size) is expected here, not \(found.english)",
            "各行必须一样长：这里应当是 \(size) 项的列表，而不是\(found.chinese)"), at: value.range, &reader)
        return false
      }
      for item in items where !append(item, shape.dropFirst(), to: &values, &reader) { return false }
      return true
    }
    guard let text = value.text, let number = DecimalNumber(plainText: text)?.doubleValue, number.isFinite
    else {
      report(
        LocalText(
          "must hold numbers, not \(value.kindName.english)", "里面必须都是数，而这里是\(value.kindName.chinese)"),
        at: value.range, &reader)
      return false
    }
    values.append(number)
    return true
  }

  // MARK: - Files

  private func load(_ text: String, at range: Range<Int>, _ reader: inout MappingReader) -> Tensor? {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (written, name) = (parts[0], parts.count > 1 ? parts[1] : nil)
    let ending = written.split(separator: ".").last?.lowercased()
    guard ending == "npy" || ending == "safetensors" else {
      let isArchive = ending == "npz"
      report(
        LocalText(
          "must be nested lists of numbers, or a file that ends in .npy or .safetensors, not ‘\(text.prefix(60))’",
          "必须是嵌套的数字列表，或以 .npy、.safetensors 结尾的文件，不能是 ‘\(text.prefix(60))’"), at: range,
        help: isArchive
          ? LocalText("save each array with numpy.save", "用 numpy.save 把每个数组单独存成文件") : nil, &reader)
      return nil
    }
    guard let path = NotePath.resolve(written, from: note) else {
      report(
        LocalText(
          "names a file outside the site: ‘\(written.prefix(80))’", "指向站点之外的文件：‘\(written.prefix(80))’"),
        at: range, code: .pathLeavesSite, &reader)
      return nil
    }
    if ending == "npy", name != nil {
      report(
        LocalText("needs no name behind the ‘#’: a .npy file holds one array", "不需要 ‘#’ 后面的名字：.npy 文件只有一个数组"),
        at: range, &reader)
      return nil
    }
    do throws(TensorFileProblem) {
      let source = try files.open(path)
      return ending == "npy"
        ? try NPYFile.read(source) : try SafetensorsFile(source).read(name, from: source)
    } catch {
      reader.report(
        .unreadableFile, LocalText(same: "\(path) ") + error.summary, at: range, help: error.help)
      return nil
    }
  }
}
