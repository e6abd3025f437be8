/// JSON as headers of files use it: doubled keys stay visible, and only whole numbers count.
enum HeaderJSON {
  case object([Entry])
  case array([HeaderJSON])
  case text(String)
  case integer(Int)
  /// A number that is not whole, `true`, `false` or `null`.
  case other

  struct Entry {
    let key: String
    let value: HeaderJSON
  }

  /// Reads a value that fills the bytes up to blanks at their ends; `nil` for anything else.
  init?(_ bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.place == bytes.count else { return nil }
    self = value
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    mutating func skipBlanks() {
      while let byte = next, byte == 0x20 || (0x09...0x0D).contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      skipBlanks()
      guard next == UInt8(ascii: character) else { return false }
      place += 1
      return true
    }

    mutating func value(depth: Int) -> HeaderJSON? {
      skipBlanks()
      guard depth < 16, let first = next else { return nil }
      switch first {
      case UInt8(ascii: "{"): return object(depth: depth)
      case UInt8(ascii: "["): return array(depth: depth)
      case UInt8(ascii: "\""): return text().map { .text($0) }
      default: return word()
      }
    }

    private mutating func object(depth: Int) -> HeaderJSON? {
      guard take("{") else { return nil }
      var entries: [Entry] = []
      if take("}") { return .object([]) }
      repeat {
        skipBlanks()
        guard next == UInt8(ascii: "\""), let key = text(), take(":"), let value = value(depth: depth + 1)
        else { return nil }
        entries.append(Entry(key: key, value: value))
      } while take(",")
      return take("}") ? .object(entries) : nil
    }

    private mutating func array(depth: Int) -> HeaderJSON? {
      guard take("[") else { return nil }
      var items: [HeaderJSON] = []
      if take("]") { return .array([]) }
      repeat {
        guard let item = value(depth: depth + 1) else { return nil }
        items.append(item)
      } while take(",")
      return take("]") ? .array(items) : nil
    }

    private mutating func word() -> HeaderJSON? {
      let start = place
      while let byte = next, byte > 0x20, !",]}:[{\"".utf8.contains(byte) { place += 1 }
      let word = String(decoding: bytes[start..<place], as: UTF8.self)
      if let integer = Int(word), !word.hasPrefix("+") { return .integer(integer) }
      return Double(word) != nil || ["true", "false", "null"].contains(word) ? .other : nil
    }

    private mutating func text() -> String? {
      place += 1
      var units: [UInt8] = []
      while let byte = next {
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self)
        case UInt8(ascii: "\\"):
          guard let scalar = escape() else { return nil }
          units += Array(String(Character(scalar)).utf8)
        case 0..<0x20: return nil
        default: units.append(byte)
        }
      }
      return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
      guard let byte = next else { return nil }
      place += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
      case UInt8(ascii: "b"): return "\u{8}"
      case UInt8(ascii: "f"): return "\u{c}"
      case UInt8(ascii: "n"): return "\n"
      case UInt8(ascii: "r"): return "\r"
      case UInt8(ascii: "t"): return "\t"
      case UInt8(ascii: "u"):
        guard let high = fourDigits() else { return nil }
        if let scalar = Unicode.Scalar(high) { return scalar }
        // Half of a pair; the other half must follow.
        guard (0xD800..<0xDC00).contains(high), next == UInt8(ascii: "\\") else { return nil }
        place += 1
        guard next == UInt8(ascii: "u") else { return nil }
        place += 1
        guard let low = fourDigits(), (0xDC00..<0xE000).contains(low) else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
      default: return nil
      }
    }

    private mutating func fourDigits() -> UInt32? {
      guard place + 4 <= bytes.count else { return nil }
      let digits = bytes[place..<(place + 4)]
      place += 4
      let isHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
      return isHexadecimal ? UInt32(String(decoding: digits, as: UTF8.self), radix: 16) : nil
    }
  }
}
