/// JSON as somebody wrote it: a tree that knows where its values stand.
public struct JSONText: Hashable, Sendable {
  /// What a value can be.
  public enum Content: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as it is written.
    case number(String)
    /// A text.
    case string(String)
    /// A list.
    case array([JSONText])
    /// Keys and values in the order written, each key once.
    case object([Member])
  }

  /// A key and its value.
  public struct Member: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The value.
    public let value: JSONText
  }

  /// The value.
  public let content: Content
  /// Where it stands: bytes of the text.
  public let range: Range<Int>

  /// Why a text is no JSON.
  public struct Failure: Error, Hashable, Sendable {
    /// What is wrong.
    public let summary: LocalText
    /// Where: a byte of the text, or its end.
    public let offset: Int
  }

  /// More nested lists and objects than this are refused, because reading calls itself once a level.
  public static let deepestNesting = 64

  /// Reads a text as RFC 8259 has it; a key written twice is refused too.
  ///
  /// Takes time in proportion to the text, whatever it holds.
  public static func read(_ bytes: [UInt8]) throws(Failure) -> JSONText {
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw Failure(summary: LocalText("it is not UTF-8", "它不是 UTF-8 编码"), offset: 0)
    }
    var reader = JSONTextReader(bytes: bytes)
    return try reader.document()
  }

  /// The value of a key; `nil` where there is none, or this is no object.
  public subscript(key: String) -> JSONText? {
    guard case .object(let members) = content else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The text; `nil` where this is none.
  public var string: String? { if case .string(let text) = content { text } else { nil } }

  /// The items; `nil` where this is no list.
  public var items: [JSONText]? { if case .array(let items) = content { items } else { nil } }

  /// The number; `nil` where this is none.
  public var number: Double? { if case .number(let text) = content { Double(text) } else { nil } }
}

private struct JSONTextReader {
  let bytes: [UInt8]
  var offset = 0

  typealias Failure = JSONText.Failure

  private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  private func failure(_ english: String, _ chinese: String) -> Failure {
    Failure(summary: LocalText(english, chinese), offset: offset)
  }

  private mutating func skipBlanks() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { offset += 1 }
  }

  private mutating func take(_ byte: Character) throws(Failure) {
    guard next == byte.asciiValue else {
      throw next == nil
        ? failure("it ends too early", "它过早结束") : failure("‘\(byte)’ is missing here", "这里缺 ‘\(byte)’")
    }
    offset += 1
  }

  mutating func document() throws(Failure) -> JSONText {
    let value = try self.value(depth: 0)
    skipBlanks()
    guard next == nil else { throw failure("something follows the end", "结尾之后还有内容") }
    return value
  }

  private mutating func value(depth: Int) throws(Failure) -> JSONText {
    skipBlanks()
    let start = offset
    let content: JSONText.Content
    switch next {
    case UInt8(ascii: "{"): content = try object(depth: depth)
    case UInt8(ascii: "["): content = try array(depth: depth)
    case UInt8(ascii: "\""): content = .string(try string())
    case UInt8(ascii: "t"): content = try word("true", .bool(true))
    case UInt8(ascii: "f"): content = try word("false", .bool(false))
    case UInt8(ascii: "n"): content = try word("null", .null)
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      content = .number(try number())
    case nil: throw failure("it ends too early", "它过早结束")
    default: throw failure("no value begins so", "没有值这样开头")
    }
    return JSONText(content: content, range: start..<offset)
  }

  private mutating func word(_ word: String, _ content: JSONText.Content) throws(Failure) -> JSONText.Content
  {
    guard bytes[offset...].starts(with: word.utf8) else { throw failure("no value begins so", "没有值这样开头") }
    offset += word.utf8.count
    return content
  }

  private func enter(_ depth: Int) throws(Failure) {
    guard depth < JSONText.deepestNesting else {
      throw failure(
        "it is nested too deeply: more than \(JSONText.deepestNesting) levels",
        "嵌套太深：超过 \(JSONText.deepestNesting) 层")
    }
  }

  private mutating func array(depth: Int) throws(Failure) -> JSONText.Content {
    try enter(depth)
    offset += 1
    var items: [JSONText] = []
    skipBlanks()
    while next != UInt8(ascii: "]") {
      if !items.isEmpty { try take(",") }
      items.append(try value(depth: depth + 1))
      skipBlanks()
    }
    offset += 1
    return .array(items)
  }

  private mutating func object(depth: Int) throws(Failure) -> JSONText.Content {
    try enter(depth)
    offset += 1
    var members: [JSONText.Member] = []
    var keys: Set<String> = []
    skipBlanks()
    while next != UInt8(ascii: "}") {
      if !members.isEmpty {
        try take(",")
        skipBlanks()
      }
      let start = offset
      guard next == UInt8(ascii: "\"") else {
        throw next == nil
          ? failure("it ends too early", "它过早结束")
          : failure("a key in quotation marks is missing here", "这里缺引号中的键")
      }
      let key = try string()
      guard keys.insert(key).inserted else {
        throw Failure(
          summary: LocalText(
            "‘\(key.prefix(60))’ stands twice in one object", "同一个对象里有两个 ‘\(key.prefix(60))’"),
          offset: start)
      }
      skipBlanks()
      try take(":")
      members.append(JSONText.Member(key: key, value: try value(depth: depth + 1)))
      skipBlanks()
    }
    offset += 1
    return .object(members)
  }

  private mutating func number() throws(Failure) -> String {
    let start = offset
    func isDigit(_ byte: UInt8?) -> Bool { byte.map { (0x30...0x39).contains($0) } ?? false }
    if next == UInt8(ascii: "-") { offset += 1 }
    let whole = offset
    while isDigit(next) { offset += 1 }
    var isGood = offset > whole && (bytes[whole] != 0x30 || offset == whole + 1)
    if next == UInt8(ascii: ".") {
      offset += 1
      isGood = isGood && isDigit(next)
      while isDigit(next) { offset += 1 }
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      offset += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { offset += 1 }
      isGood = isGood && isDigit(next)
      while isDigit(next) { offset += 1 }
    }
    let text = String(decoding: bytes[start..<offset], as: UTF8.self)
    guard isGood else {
      throw Failure(
        summary: LocalText("‘\(text.prefix(40))’ is no number", "‘\(text.prefix(40))’ 不是数"), offset: start)
    }
    return text
  }

  private mutating func string() throws(Failure) -> String {
    offset += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): text += Array(try escape().utf8)
      case 0..<0x20: throw failure("a control character stands in a text", "文本里有控制字符")
      default:
        text.append(byte)
        offset += 1
      }
    }
    throw failure("it ends inside a text", "它在一段文本中间结束")
  }

  private mutating func escape() throws(Failure) -> String {
    let start = offset
    offset += 1
    guard let byte = next else { throw failure("it ends inside a text", "它在一段文本中间结束") }
    offset += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let unit = hexadecimal() else { break }
      if let scalar = Unicode.Scalar(unit) { return String(scalar) }
      // Half of a pair: the other half must follow.
      if unit < 0xDC00, bytes[offset...].starts(with: "\\u".utf8) {
        offset += 2
        if let low = hexadecimal(), (0xDC00...0xDFFF).contains(low),
          let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        {
          return String(scalar)
        }
      }
    default: break
    }
    throw Failure(summary: LocalText("an escape that JSON does not have", "JSON 没有这种转义"), offset: start)
  }

  private mutating func hexadecimal() -> UInt32? {
    guard offset + 4 <= bytes.count else { return nil }
    let digits = bytes[offset..<offset + 4]
    offset += 4
    guard digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else { return nil }
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
