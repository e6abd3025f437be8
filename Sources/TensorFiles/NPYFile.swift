import Wording

/// Arrays in NumPy's `.npy` files, versions 1 to 3.
///
/// Nothing is allocated that the file's real size does not account for. Pickled objects are never looked at.
///
/// Source: NumPy Enhancement Proposal 1, "A Simple File Format for NumPy Arrays".
public enum NPYFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Headers longer than this are not looked at; NumPy itself writes about 120 bytes.
  private static let longestHeader = 1 << 16

  /// Reads the array of a file.
  public static func read(_ source: some ByteSource) throws(TensorFileProblem) -> Tensor {
    let (text, start) = try header(source)
    let header = try Header(text)
    let count = try Tensor.count(header.shape)
    let expected = count * header.type.byteCount
    let actual = source.count - start
    guard actual == expected else {
      let shape = Tensor.text(header.shape)
      throw TensorFileProblem(
        "holds \(actual) bytes of data, but its header says \(expected) (\(header.type.rawValue), shape \(shape))",
        "有 \(actual) 字节数据，文件头说的却是 \(expected) 字节（\(header.type.rawValue)，形状 \(shape)）",
        help: actual < expected ? LocalText("the file seems to be cut off", "文件似乎被截断了") : nil)
    }
    let bytes = try source.bytes(start..<source.count)
    let values = try header.type.decode(bytes, isBigEndian: header.isBigEndian)
    return try Tensor.checked(
      shape: header.shape, values: header.isColumnMajor ? rowMajor(values, header.shape) : values)
  }

  /// The header's text, and where the data starts.
  private static func header(_ source: some ByteSource) throws(TensorFileProblem) -> (String, Int) {
    let start = try source.bytes(0..<min(12, source.count))
    guard start.count >= 10, Array(start[..<6]) == magic else {
      throw TensorFileProblem("is no .npy file: it does not start like one", "不是 .npy 文件：开头不对")
    }
    let version = start[6]
    guard (1...3).contains(version), start[7] == 0 else {
      throw TensorFileProblem(
        "is of .npy version \(version).\(start[7]); versions 1.0 to 3.0 can be read",
        "是 .npy \(version).\(start[7]) 版，只能读 1.0 到 3.0 版")
    }
    let width = version == 1 ? 2 : 4
    let first = 8 + width
    guard start.count >= first else { throw cutOff }
    var length = 0
    for offset in (0..<width).reversed() { length = length << 8 | Int(start[8 + offset]) }
    guard length <= source.count - first else { throw cutOff }
    guard length <= longestHeader else {
      throw TensorFileProblem(
        "has a header of \(length) bytes; at most \(longestHeader) can be read",
        "文件头有 \(length) 字节，最多只能读 \(longestHeader) 字节")
    }
    let bytes = try source.bytes(first..<(first + length))
    // Versions 1 and 2 are Latin-1; the only texts that matter are ASCII in all of them.
    let text =
      version == 3
      ? String(decoding: bytes, as: UTF8.self)
      : String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    return (text, first + length)
  }

  private static var cutOff: TensorFileProblem {
    TensorFileProblem(
      "ends within its header", "在文件头里就结束了", help: LocalText("the file seems to be cut off", "文件似乎被截断了"))
  }

  /// What a header says.
  private struct Header {
    let type: ElementType
    let isBigEndian: Bool
    let isColumnMajor: Bool
    let shape: [Int]

    init(_ text: String) throws(TensorFileProblem) {
      guard case .dictionary(let entries)? = PythonLiteral(text) else { throw Self.unreadable }
      let keys = entries.map(\.key)
      guard keys.sorted() == ["descr", "fortran_order", "shape"] else {
        throw TensorFileProblem(
          "has a header with the keys \(keys.map { "‘\($0.prefix(40))’" }.joined(separator: ", ")), "
            + "not ‘descr’, ‘fortran_order’, ‘shape’ once each",
          "文件头的键是 \(keys.map { "‘\($0.prefix(40))’" }.joined(separator: "、"))，"
            + "而应当是 ‘descr’、‘fortran_order’、‘shape’ 各一次")
      }
      let values = Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
      guard case .truth(let isColumnMajor)? = values["fortran_order"],
        case .sequence(let sizes)? = values["shape"]
      else { throw Self.unreadable }
      var shape: [Int] = []
      for size in sizes {
        guard case .integer(let size) = size, size >= 0 else { throw Self.unreadable }
        shape.append(size)
      }
      guard case .text(let description)? = values["descr"] else {
        throw TensorFileProblem(
          "holds records with named fields, not numbers", "存的是带字段名的记录，不是数",
          help: LocalText("save one field as an array of numbers", "把其中一个字段存成数的数组"))
      }
      (type, isBigEndian) = try Self.type(description)
      self.isColumnMajor = isColumnMajor
      self.shape = shape
    }

    private static var unreadable: TensorFileProblem {
      TensorFileProblem(
        "has a header that can't be understood", "文件头无法理解",
        help: LocalText("save it again with numpy.save", "用 numpy.save 重新保存"))
    }

    private static func type(_ description: String) throws(TensorFileProblem) -> (ElementType, Bool) {
      let orders: [Character: Bool] = ["<": false, ">": true, "|": false, "=": false]
      let hasOrder = description.first.map { orders[$0] != nil } ?? false
      let name = hasOrder ? String(description.dropFirst()) : description
      let types: [String: ElementType] = [
        "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
        "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
      ]
      if let type = types[name], let first = description.first {
        guard first != "=", hasOrder, first != "|" || type.byteCount == 1 else {
          throw TensorFileProblem(
            "does not say the byte order of its numbers (‘\(description)’)", "没有说明数的字节序（‘\(description)’）")
        }
        return (type, orders[first] ?? false)
      }
      throw unsupported(name, description)
    }

    private static func unsupported(_ name: String, _ description: String) -> TensorFileProblem {
      let words: LocalText =
        switch name.first {
        case "c": LocalText("complex numbers", "复数")
        case "O": LocalText("Python objects", "Python 对象")
        case "S", "U", "a": LocalText("texts", "文本")
        case "b": LocalText("truth values", "布尔值")
        case "M", "m": LocalText("dates or times", "日期或时间")
        case "f", "g": LocalText("floating-point numbers of a rare width", "宽度少见的浮点数")
        case "V":
          LocalText("raw bytes (bfloat16 is saved so by NumPy)", "原始字节（NumPy 会把 bfloat16 存成这样）")
        default: LocalText("numbers of an unknown type", "类型未知的数")
        }
      return TensorFileProblem(
        "holds \(words.english), type ‘\(description.prefix(40))’",
        "存的是\(words.chinese)，类型 ‘\(description.prefix(40))’",
        help: LocalText(
          "save it as float32: numpy.save(…, a.astype(numpy.float32))",
          "存成 float32：numpy.save(…, a.astype(numpy.float32))"))
    }
  }

  /// Numbers whose first index runs fastest, in the order whose last index does.
  private static func rowMajor(_ values: [Double], _ shape: [Int]) -> [Double] {
    var steps: [Int] = []
    var step = 1
    for size in shape {
      steps.append(step)
      step *= size
    }
    var index = [Int](repeating: 0, count: shape.count)
    var place = 0
    return values.indices.map { _ in
      let value = values[place]
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += steps[axis]
        if index[axis] < shape[axis] { break }
        place -= steps[axis] * shape[axis]
        index[axis] = 0
      }
      return value
    }
  }
}
