import Foundation

/// One start tag of an XML text.
struct Tag {
  var name: String
  var attributes: [(name: String, value: String)]
  var depth: Int

  subscript(name: String) -> String? { attributes.first { $0.name == name }?.value }
}

/// A strict tokenizer for the XML that charts write: every tag closed in order, every attribute quoted, no
/// stray `<`, `&` or control character.
///
/// Throws where the text is anything else.
struct XMLChecker {
  struct Failure: Error, CustomStringConvertible { var description: String }

  private(set) var tags: [Tag] = []
  /// Character data between tags, joined.
  private(set) var texts: [String] = []

  init(_ text: String) throws {
    var stack: [String] = []
    var rest = Substring(text)
    while let character = rest.first {
      guard character == "<" else {
        let end = rest.firstIndex(of: "<") ?? rest.endIndex
        try texts.append(Self.unescaped(rest[..<end]))
        rest = rest[end...]
        continue
      }
      guard let end = rest.firstIndex(of: ">") else { throw Failure(description: "tag without end") }
      var tag = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        guard stack.popLast() == String(tag.dropFirst()) else {
          throw Failure(description: "unexpected </\(tag)>")
        }
        continue
      }
      let isEmpty = tag.hasSuffix("/")
      if isEmpty { tag = tag.dropLast() }
      let nameEnd = tag.firstIndex(of: " ") ?? tag.endIndex
      let name = String(tag[..<nameEnd])
      guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
        throw Failure(description: "bad element name \(name)")
      }
      var attributes: [(name: String, value: String)] = []
      var list = tag[nameEnd...]
      while !list.isEmpty {
        guard list.first == " ", let equals = list.firstIndex(of: "=") else {
          throw Failure(description: "bad attribute in \(tag)")
        }
        let key = String(list[list.index(after: list.startIndex)..<equals])
        let open = list.index(after: equals)
        guard open < list.endIndex, list[open] == "\"",
          let close = list[list.index(after: open)...].firstIndex(of: "\"")
        else { throw Failure(description: "unquoted \(key)") }
        guard !attributes.contains(where: { $0.name == key }) else {
          throw Failure(description: "\(key) twice")
        }
        attributes.append((key, try Self.unescaped(list[list.index(after: open)..<close])))
        list = list[list.index(after: close)...]
      }
      tags.append(Tag(name: name, attributes: attributes, depth: stack.count))
      if !isEmpty { stack.append(name) }
    }
    guard stack.isEmpty else { throw Failure(description: "open at the end: \(stack)") }
  }

  private static func unescaped(_ text: Substring) throws -> String {
    var result = ""
    var rest = text
    while let ampersand = rest.firstIndex(of: "&") {
      result += rest[..<ampersand]
      guard let end = rest[ampersand...].firstIndex(of: ";") else { throw Failure(description: "bare &") }
      switch rest[ampersand...end] {
      case "&amp;": result += "&"
      case "&lt;": result += "<"
      case "&gt;": result += ">"
      case "&quot;": result += "\""
      default: throw Failure(description: "entity \(rest[ampersand...end])")
      }
      rest = rest[rest.index(after: end)...]
    }
    result += rest
    if result.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }) {
      throw Failure(description: "control character")
    }
    return result
  }
}

enum External {
  /// Runs a program on a file, or returns `nil` where the program is not installed.
  static func status(_ program: String, _ arguments: [String]) throws -> Int32? {
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// Every number of path data, with the points it passes.
struct PathReader {
  var points: [(x: Double, y: Double)] = []
  var isValid = true

  init(_ data: String) {
    let bytes = Array(data.utf8)
    var i = 0
    var command: UInt8 = 0
    var x = 0.0
    var y = 0.0
    func number() -> Double? {
      while i < bytes.count, bytes[i] == UInt8(ascii: " ") { i += 1 }
      let start = i
      if i < bytes.count, bytes[i] == UInt8(ascii: "-") { i += 1 }
      var digits = 0
      while i < bytes.count, (48...57).contains(bytes[i]) { (i, digits) = (i + 1, digits + 1) }
      if i < bytes.count, bytes[i] == UInt8(ascii: ".") {
        i += 1
        let decimals = i
        while i < bytes.count, (48...57).contains(bytes[i]) { (i, digits) = (i + 1, digits + 1) }
        if i - decimals > 1 { return nil }
      }
      return digits == 0 ? nil : Double(String(decoding: bytes[start..<i], as: UTF8.self))
    }
    while i < bytes.count {
      if "Mmlhvz".utf8.contains(bytes[i]) {
        command = bytes[i]
        i += 1
        if command == UInt8(ascii: "z") { continue }
      }
      guard let first = number() else {
        isValid = false
        return
      }
      switch command {
      case UInt8(ascii: "h"): x += first
      case UInt8(ascii: "v"): y += first
      default:
        guard let second = number() else {
          isValid = false
          return
        }
        if command == UInt8(ascii: "M") { (x, y) = (first, second) } else { (x, y) = (x + first, y + second) }
      }
      points.append((x, y))
    }
  }
}
