/// Reads of a page what its marked elements say. Understands HTML as far as a checker of our own pages must: elements with
/// both tags, attributes in any quotation, character references, comments, scripts and styles.
///
/// Takes time in proportion to the page, whatever it holds; a page that is no such HTML reads as one that says nothing.
struct PageReader {
  /// An element that is looked at.
  struct Element: Equatable {
    let name: String
    let attributes: [String: String]
    /// Where its start tag stands.
    let range: Range<Int>
    /// What a reader sees of it, blanks at both ends and in a row taken away.
    fileprivate(set) var text: String

    var id: String? { attributes["id"] }
    var classes: [Substring] { (attributes["class"] ?? "").split(separator: " ") }
  }

  /// The elements with an id, a class or a value for machines, in the order in which they begin.
  private(set) var elements: [Element] = []
  /// All of the text, blanks squashed.
  private(set) var text = ""

  /// The text so far, as bytes.
  private var shown: [UInt8] = []
  private let bytes: [UInt8]
  private var offset = 0
  private var open: [Open] = []

  private struct Open {
    let index: Int
    let name: String
    /// Where the text began when the element did.
    let start: Int
    /// Elements of the same name inside that are not closed yet.
    var depth = 0
  }

  /// More elements inside each other than this are not followed; ours hold a handful.
  private static let deepest = 64

  private static let void: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
  ]
  private static let unread: Set<String> = ["script", "style", "template"]

  /// Reads a page.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    read()
    while let last = open.popLast() { finish(last) }
    text = Self.squashed(shown[...])
  }

  /// The text with every run of blanks as one, and none at its ends: what a page may change without saying anything else.
  static func squashed(_ text: ArraySlice<UInt8>) -> String {
    let words = text.split { $0 == 0x20 || (0x09...0x0D).contains($0) }
    return String(decoding: Array(words.joined(separator: [0x20])), as: UTF8.self)
  }

  private mutating func read() {
    while offset < bytes.count {
      let start = offset
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") { offset += 1 }
      if offset > start { shown += Array(Self.decoded(bytes[start..<offset]).utf8) }
      guard offset < bytes.count else { return }
      if bytes[offset...].starts(with: "<!--".utf8) {
        offset += 4
        skip(past: "-->")
      } else if let next = following, next == UInt8(ascii: "/") || isLetter(next) {
        tag()
      } else if following == UInt8(ascii: "!") || following == UInt8(ascii: "?") {
        skip(past: ">")
      } else {
        shown.append(UInt8(ascii: "<"))
        offset += 1
      }
    }
  }

  private var following: UInt8? { offset + 1 < bytes.count ? bytes[offset + 1] : nil }

  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private mutating func skip(past end: String) {
    let wanted = Array(end.utf8)
    while offset < bytes.count, !bytes[offset...].starts(with: wanted) { offset += 1 }
    offset = min(bytes.count, offset + wanted.count)
  }

  private mutating func tag() {
    let isEnd = following == UInt8(ascii: "/")
    let start = offset
    offset += isEnd ? 2 : 1
    let name = word { !Self.endsName($0) }.lowercased()
    let attributes = self.attributes()
    if isEnd {
      close(name)
      return
    }
    if Self.unread.contains(name) {
      skip(past: "</\(name)")
      skip(past: ">")
      return
    }
    // What a line end shows as.
    if name == "br" { shown.append(0x20) }
    guard !Self.void.contains(name) else { return }
    for index in open.indices where open[index].name == name { open[index].depth += 1 }
    guard ["id", "class", "data-value"].contains(where: { attributes[$0] != nil }), open.count < Self.deepest
    else { return }
    open.append(Open(index: elements.count, name: name, start: shown.count))
    elements.append(Element(name: name, attributes: attributes, range: start..<offset, text: ""))
  }

  private mutating func close(_ name: String) {
    if let last = open.lastIndex(where: { $0.name == name }), open[last].depth == 0 {
      // Elements inside that were never closed end here too.
      while open.count > last { finish(open.removeLast()) }
    }
    for index in open.indices where open[index].name == name { open[index].depth -= 1 }
  }

  private mutating func finish(_ element: Open) {
    elements[element.index].text = Self.squashed(shown[element.start...])
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    [0x20, 0x09, 0x0A, 0x0D, 0x0C, UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains(byte)
  }

  private mutating func word(while condition: (UInt8) -> Bool) -> String {
    let start = offset
    while offset < bytes.count, condition(bytes[offset]) { offset += 1 }
    return String(decoding: bytes[start..<offset], as: UTF8.self)
  }

  private mutating func attributes() -> [String: String] {
    var attributes: [String: String] = [:]
    while offset < bytes.count, bytes[offset] != UInt8(ascii: ">") {
      let name = word { !Self.endsName($0) }.lowercased()
      guard !name.isEmpty else {
        offset += 1
        continue
      }
      var value = ""
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "=") {
        offset += 1
        value = attributeValue()
      }
      // Of two attributes of one name the first one counts.
      if attributes[name] == nil { attributes[name] = value }
    }
    offset = min(bytes.count, offset + 1)
    return attributes
  }

  private mutating func attributeValue() -> String {
    guard offset < bytes.count else { return "" }
    let quote = bytes[offset]
    let start: Int
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      offset += 1
      start = offset
      while offset < bytes.count, bytes[offset] != quote { offset += 1 }
      defer { offset = min(bytes.count, offset + 1) }
      return Self.decoded(bytes[start..<offset])
    }
    start = offset
    while offset < bytes.count, !Self.endsName(bytes[offset]) || bytes[offset] == UInt8(ascii: "/") {
      offset += 1
    }
    return Self.decoded(bytes[start..<offset])
  }

  private static let references: [String: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
  ]

  /// Text with its character references resolved; those it does not know stay as they are.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard bytes.contains(UInt8(ascii: "&")) else { return text }
    var result = ""
    var rest = text[...]
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      let name = rest.dropFirst().prefix(10)
      if let end = name.firstIndex(of: ";"), let character = character(name[..<end]) {
        result += character
        rest = rest[rest.index(after: end)...]
      } else {
        result += "&"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private static func character(_ reference: Substring) -> String? {
    guard reference.first == "#" else { return references[String(reference)] }
    let digits = reference.dropFirst()
    let value =
      digits.first == "x" || digits.first == "X" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init).map { String($0) }
  }
}
