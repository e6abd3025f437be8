import MarkupWriter

/// What is done to the destination of a link before it stands in HTML.
public enum Destination {
  /// Percent-encodes what may not stand in an address, not yet escaped for HTML.
  static func encoded(_ destination: String) -> String {
    if destination.utf8.allSatisfy(isAllowed) { return destination }
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in destination.utf8 {
      if isAllowed(byte) {
        result.append(byte)
      } else {
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The same, escaped as cmark-gfm escapes it.
  static func gfm(_ destination: String) -> RawMarkup {
    var result = ""
    for byte in encoded(destination).utf8 {
      switch byte {
      case UInt8(ascii: "&"): result += "&amp;"
      case UInt8(ascii: "'"): result += "&#x27;"
      default: result.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return RawMarkup(trusted: result)
  }

  /// Whether a destination runs a program or reads a file, other than a picture in the address itself; such are left
  /// empty unless ``HTMLOptions/allowsDangerousLinks``.
  public static func isDangerous(_ destination: String) -> Bool {
    let start = destination.prefix(32).lowercased()
    if ["data:image/png", "data:image/gif", "data:image/jpeg", "data:image/webp"].contains(
      where: start.hasPrefix)
    {
      return false
    }
    return ["javascript:", "vbscript:", "file:", "data:"].contains(where: start.hasPrefix)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
      UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
      UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: "_"),
      UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

/// Disarms tags that change how the rest of a page is read, as GitHub does.
enum TagFilter {
  private static let names = [
    "title", "textarea", "style", "xmp", "iframe", "noembed", "noframes", "script", "plaintext",
  ]

  /// - Parameter isBlock: Whether the literal may hold many tags; otherwise only its first is looked at.
  static func filtered(_ literal: String, isBlock: Bool) -> String {
    let bytes = Array(literal.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "<"), isBlock || index == 0, isFiltered(bytes[index...]) {
        result += Array("&lt;".utf8)
      } else {
        result.append(byte)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isFiltered(_ tag: ArraySlice<UInt8>) -> Bool {
    guard tag.count >= 3 else { return false }
    var rest = tag.dropFirst()
    if rest.first == UInt8(ascii: "/") { rest = rest.dropFirst() }
    return names.contains { name in
      guard rest.count > name.utf8.count,
        zip(rest, name.utf8).allSatisfy({
          (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 == $1 : $0 == $1
        })
      else { return false }
      let after = rest.dropFirst(name.utf8.count)
      guard let next = after.first else { return false }
      return next.isWhitespace || next == .greater || after.starts(with: "/>".utf8)
    }
  }
}
