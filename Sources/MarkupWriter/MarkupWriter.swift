/// Markup that is already escaped. Only this type passes through a writer unescaped, so forgetting to escape does not compile.
public struct RawMarkup: Hashable, Sendable {
  /// The markup, as it will stand in the page.
  public let text: String

  /// Vouches that `text` is well-formed, escaped markup.
  public init(trusted text: String) {
    self.text = text
  }

  /// Plain text, escaped.
  public init(text: String) {
    self.text = Escaping.text(text)
  }

  /// No markup at all.
  public static let empty = RawMarkup(trusted: "")

  /// Both, one after the other.
  public static func + (left: RawMarkup, right: RawMarkup) -> RawMarkup {
    RawMarkup(trusted: left.text + right.text)
  }
}

/// What must be done to text before it stands in HTML, SVG or XML.
public enum Escaping {
  /// Escapes `&`, `<`, `>` and `"` and replaces characters no XML document may hold by U+FFFD.
  ///
  /// The same four in text and in double-quoted attributes, so that one function serves both.
  public static func text(_ text: some StringProtocol) -> String {
    // Most text needs nothing, which is seen faster than done.
    if isPlain(text) { return String(text) }
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar.value & 0xFFFE == 0xFFFE:
        result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether escaping surely changes nothing.
  private static func isPlain(_ text: some StringProtocol) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), 0x7F: return false
      // How every character that is none ends: U+FFFE is EF BF BE.
      case 0xBE, 0xBF: if previous == 0xBF { return false }
      case 0x09, 0x0A, 0x0D: break
      default: if byte < 0x20 { return false }
      }
      previous = byte
    }
    return true
  }
}

/// Writes elements, attributes and text, escaping all three.
public struct MarkupWriter: Sendable {
  private var output = ""

  /// A writer with nothing written.
  public init() {}

  /// What was written so far.
  public var markup: RawMarkup { RawMarkup(trusted: output) }

  /// Bytes written so far.
  public var byteCount: Int { output.utf8.count }

  /// Attributes of an element, in the order they are written; `nil` leaves one out.
  public typealias Attributes = KeyValuePairs<String, String?>

  /// Writes text, escaped.
  public mutating func text(_ text: some StringProtocol) {
    output += Escaping.text(text)
  }

  /// Writes markup that is escaped already.
  public mutating func raw(_ markup: RawMarkup) {
    output += markup.text
  }

  /// Ends the line: layout of the source only.
  public mutating func newline() {
    output += "\n"
  }

  /// Writes a start tag.
  public mutating func open(_ name: StaticString, _ attributes: Attributes = [:]) {
    tag(name, attributes, end: ">")
  }

  /// Writes an end tag.
  public mutating func close(_ name: StaticString) {
    output += "</\(name)>"
  }

  /// Writes an HTML void element such as `br` or `img`.
  public mutating func void(_ name: StaticString, _ attributes: Attributes = [:]) {
    tag(name, attributes, end: ">")
  }

  /// Writes an element that has no content, closed as XML wants it: `<path d="…"/>`.
  public mutating func empty(_ name: StaticString, _ attributes: Attributes = [:]) {
    tag(name, attributes, end: "/>")
  }

  /// Writes an element around what `content` writes.
  public mutating func element(
    _ name: StaticString, _ attributes: Attributes = [:], content: (inout MarkupWriter) -> Void
  ) {
    open(name, attributes)
    content(&self)
    close(name)
  }

  /// Writes an element that holds only text.
  public mutating func element(_ name: StaticString, _ attributes: Attributes = [:], text: String) {
    open(name, attributes)
    self.text(text)
    close(name)
  }

  private mutating func tag(_ name: StaticString, _ attributes: Attributes, end: String) {
    output += "<\(name)"
    for (key, value) in attributes {
      guard let value else { continue }
      output += " \(key)=\"\(Escaping.text(value))\""
    }
    output += end
  }
}
