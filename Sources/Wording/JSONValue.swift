/// JSON with its keys in the order given and numbers in our own notation: the same bytes on every platform.
public enum JSONValue: Hashable, Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number, exact.
  case integer(Int)
  /// A number at up to twelve significant digits; `null` where it is not finite.
  case number(Double)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Keys and values in this order.
  case object([Member])

  /// A key and its value.
  public struct Member: Hashable, Sendable {
    /// The key.
    public let key: String
    /// The value.
    public let value: JSONValue

    /// A key and its value.
    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// An object from a literal-like list.
  public static func object(_ pairs: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(pairs.map { Member(key: $0.key, value: $0.value) })
  }

  /// The text; with `indented`, containers of containers are spread over lines.
  public func text(indented: Bool = false) -> String {
    var output = ""
    write(to: &output, indentation: indented ? 0 : nil)
    return output
  }

  private func write(to output: inout String, indentation: Int?) {
    switch self {
    case .null: output += "null"
    case .bool(let value): output += value ? "true" : "false"
    case .integer(let value): output += String(value)
    case .number(let value): output += value.machineText
    case .string(let text): Self.write(text, to: &output)
    case .array(let items):
      let deeper = items.contains { $0.isContainer } ? indentation.map { $0 + 1 } : nil
      Self.write("[", items.count, "]", to: &output, indentation: deeper) { index, output in
        items[index].write(to: &output, indentation: deeper)
      }
    case .object(let members):
      let deeper =
        members.contains { $0.value.isContainer } || members.count > 6 ? indentation.map { $0 + 1 } : nil
      Self.write("{", members.count, "}", to: &output, indentation: deeper) { index, output in
        Self.write(members[index].key, to: &output)
        output += deeper == nil ? ":" : ": "
        members[index].value.write(to: &output, indentation: deeper)
      }
    }
  }

  private var isContainer: Bool {
    switch self {
    case .array(let items): !items.isEmpty
    case .object(let members): !members.isEmpty
    case .null, .bool, .integer, .number, .string: false
    }
  }

  private static func write(
    _ open: String, _ count: Int, _ close: String, to output: inout String, indentation: Int?,
    item: (Int, inout String) -> Void
  ) {
    output += open
    for index in 0..<count {
      if index > 0 { output += "," }
      if let indentation { output += "\n" + String(repeating: "  ", count: indentation) }
      item(index, &output)
    }
    if let indentation, count > 0 { output += "\n" + String(repeating: "  ", count: indentation - 1) }
    output += close
  }

  private static func write(_ text: String, to output: inout String) {
    output += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output += "\\\""
      case "\\": output += "\\\\"
      case "\n": output += "\\n"
      case "\r": output += "\\r"
      case "\t": output += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16)
        output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: output.unicodeScalars.append(scalar)
      }
    }
    output += "\""
  }
}
