import Wording

/// Tensors in `.safetensors` files.
///
/// The whole header is checked before anything of it is used: every tensor must lie within the file, be as long as its
/// type and shape say, and share no byte with another, and no byte may be left over. Only the bytes of the tensor
/// wanted are read.
///
/// Source: the format's description at https://github.com/huggingface/safetensors.
public struct SafetensorsFile {
  /// Headers longer than this are not looked at; a hundred thousand tensors need about 10 MB.
  private static let longestHeader = 1 << 24

  private struct Entry {
    let name: String
    let typeName: String
    let shape: [Int]
    let range: Range<Int>
  }

  private let entries: [Entry]
  private let dataStart: Int

  /// The names of the tensors, in the header's order.
  public var names: [String] { entries.map(\.name) }

  /// Reads the header of a file.
  public init(_ source: some ByteSource) throws(TensorFileProblem) {
    let start = try source.bytes(0..<Swift.min(8, source.count))
    guard start.count == 8 else {
      throw TensorFileProblem(
        "is no .safetensors file: it has only \(source.count) bytes",
        "不是 .safetensors 文件：只有 \(source.count) 字节")
    }
    let length = start.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(source.count - 8) else {
      throw TensorFileProblem(
        "says that its header has \(length) bytes, but the file has only \(source.count)",
        "说文件头有 \(length) 字节，而整个文件只有 \(source.count) 字节",
        help: LocalText(
          "either it is cut off, or it is no .safetensors file", "文件要么被截断了，要么不是 .safetensors 文件"))
    }
    guard length <= UInt64(Self.longestHeader) else {
      throw TensorFileProblem(
        "has a header of \(length) bytes; at most \(Self.longestHeader) can be read",
        "文件头有 \(length) 字节，最多只能读 \(Self.longestHeader) 字节")
    }
    dataStart = 8 + Int(length)
    let bytes = try source.bytes(8..<dataStart)
    guard bytes.first == UInt8(ascii: "{"), case .object(let members)? = HeaderJSON(bytes) else {
      throw TensorFileProblem("has a header that is no JSON object", "文件头不是 JSON 对象")
    }
    var entries: [Entry] = []
    var known: Set<String> = []
    for member in members {
      guard known.insert(member.key).inserted else {
        throw TensorFileProblem(
          "names ‘\(member.key.prefix(80))’ twice in its header", "文件头里 ‘\(member.key.prefix(80))’ 出现了两次")
      }
      if member.key != "__metadata__" { entries.append(try Self.entry(member.key, member.value)) }
    }
    try Self.check(entries, dataSize: source.count - dataStart)
    self.entries = entries
  }

  private static func entry(_ name: String, _ json: HeaderJSON) throws(TensorFileProblem) -> Entry {
    let unclear = TensorFileProblem(
      "has a header that does not give ‘\(name.prefix(80))’ a dtype, a shape and two data_offsets",
      "文件头没有为 ‘\(name.prefix(80))’ 给出 dtype、shape 和两个 data_offsets")
    guard case .object(let members) = json, members.count == 3 else { throw unclear }
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    for member in members {
      switch (member.key, member.value) {
      case ("dtype", .text(let text)): typeName = text
      case ("shape", .array(let items)): shape = Self.sizes(items)
      case ("data_offsets", .array(let items)): offsets = Self.sizes(items)
      default: throw unclear
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw unclear
    }
    return Entry(name: name, typeName: typeName, shape: shape, range: offsets[0]..<offsets[1])
  }

  private static func sizes(_ items: [HeaderJSON]) -> [Int]? {
    var sizes: [Int] = []
    for item in items {
      guard case .integer(let size) = item, size >= 0 else { return nil }
      sizes.append(size)
    }
    return sizes
  }

  private static func check(_ entries: [Entry], dataSize: Int) throws(TensorFileProblem) {
    for entry in entries where entry.range.upperBound > dataSize {
      throw TensorFileProblem(
        "says that ‘\(entry.name.prefix(80))’ ends at byte \(entry.range.upperBound) of the data, but there are \(dataSize)",
        "说 ‘\(entry.name.prefix(80))’ 到数据的第 \(entry.range.upperBound) 字节为止，而数据只有 \(dataSize) 字节",
        help: LocalText("the file seems to be cut off", "文件似乎被截断了"))
    }
    // Of two at one place the shorter first: an empty tensor may stand between two others.
    let inOrder = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < (
        $1.range.lowerBound, $1.range.upperBound, $1.name
      )
    }
    var end = 0
    for entry in inOrder {
      guard entry.range.lowerBound >= end else {
        throw TensorFileProblem(
          "lets ‘\(entry.name.prefix(80))’ share bytes with another tensor",
          "让 ‘\(entry.name.prefix(80))’ 与另一个张量共用字节")
      }
      guard entry.range.lowerBound == end else { throw leftOver(end..<entry.range.lowerBound) }
      end = entry.range.upperBound
    }
    guard end == dataSize else { throw leftOver(end..<dataSize) }
  }

  private static func leftOver(_ range: Range<Int>) -> TensorFileProblem {
    TensorFileProblem(
      "has \(range.count) bytes of data from byte \(range.lowerBound) on that belong to no tensor",
      "从数据的第 \(range.lowerBound) 字节起有 \(range.count) 字节不属于任何张量")
  }

  /// Reads a tensor.
  ///
  /// - Parameters:
  ///   - name: Its name, or `nil` for the only one there is.
  ///   - source: The bytes whose header was read.
  public func read(_ name: String?, from source: some ByteSource) throws(TensorFileProblem) -> Tensor {
    let entry = try entry(name)
    guard let type = Self.types[entry.typeName] else {
      throw TensorFileProblem(
        "holds ‘\(entry.name.prefix(80))’ as \(entry.typeName.prefix(20)), which can't be read",
        "里面的 ‘\(entry.name.prefix(80))’ 是 \(entry.typeName.prefix(20)) 类型，读不了",
        help: LocalText("what can be read: \(ElementType.allNames)", "能读的有：\(ElementType.allNames)"))
    }
    let count = try Tensor.count(entry.shape)
    guard entry.range.count == count * type.byteCount else {
      throw TensorFileProblem(
        "gives ‘\(entry.name.prefix(80))’ \(entry.range.count) bytes, but shape \(Tensor.text(entry.shape)) of "
          + "\(entry.typeName) takes \(count * type.byteCount)",
        "给 ‘\(entry.name.prefix(80))’ \(entry.range.count) 字节，而形状 \(Tensor.text(entry.shape)) 的 "
          + "\(entry.typeName) 要 \(count * type.byteCount) 字节")
    }
    let bytes = try source.bytes(
      (dataStart + entry.range.lowerBound)..<(dataStart + entry.range.upperBound))
    return try Tensor.checked(shape: entry.shape, values: type.decode(bytes, isBigEndian: false))
  }

  private static let types: [String: ElementType] = [
    "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64, "I8": .int8, "I16": .int16,
    "I32": .int32, "I64": .int64, "U8": .uint8, "U16": .uint16, "U32": .uint32, "U64": .uint64,
  ]

  private func entry(_ name: String?) throws(TensorFileProblem) -> Entry {
    let listed = names.prefix(12).map { "‘\($0.prefix(80))’" }
    let rest =
      names.count > 12
      ? LocalText(", … (\(names.count) in all)", " ……（共 \(names.count) 个）") : LocalText(same: "")
    let help =
      names.isEmpty
      ? nil
      : LocalText(
        "its tensors are: \(listed.joined(separator: ", "))\(rest.english)",
        "里面的张量有：\(listed.joined(separator: "、"))\(rest.chinese)")
    guard let name else {
      guard entries.count == 1 else {
        throw TensorFileProblem(
          "holds \(entries.count) tensors; name one behind a ‘#’, as in ‘a.safetensors#queries’",
          "里面有 \(entries.count) 个张量；请在 ‘#’ 后写明一个，例如 ‘a.safetensors#queries’", help: help)
      }
      return entries[0]
    }
    guard let entry = entries.first(where: { $0.name == name }) else {
      let nearest = Spelling.nearest(to: name, among: names).map {
        LocalText("did you mean ‘\($0)’?", "是不是 ‘\($0)’？")
      }
      throw TensorFileProblem(
        "holds no tensor ‘\(name.prefix(80))’", "里面没有张量 ‘\(name.prefix(80))’", help: nearest ?? help)
    }
    return entry
  }
}
