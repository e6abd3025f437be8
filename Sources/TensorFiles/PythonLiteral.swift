/// The part of Python's literals that headers of `.npy` files are written in.
enum PythonLiteral: Hashable {
  case text(String)
  case integer(Int)
  /// `True` or `False`.
  case truth(Bool)
  /// A tuple or a list.
  case sequence([PythonLiteral])
  /// A dictionary whose keys are texts, in the order written, doubles included.
  case dictionary([Entry])

  struct Entry: Hashable {
    let key: String
    let value: PythonLiteral
  }

  /// Reads a literal that fills the text up to blanks at its end; `nil` for anything else.
  init?(_ text: String) {
    var reader = Reader(rest: Array(text.unicodeScalars)[...])
    guard let value = reader.literal(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.rest.isEmpty else { return nil }
    self = value
  }

  private struct Reader {
    var rest: ArraySlice<Unicode.Scalar>

    mutating func skipBlanks() {
      rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
      skipBlanks()
      guard rest.first == scalar else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func literal(depth: Int) -> PythonLiteral? {
      skipBlanks()
      guard depth < 8, let first = rest.first else { return nil }
      switch first {
      case "'", "\"": return text().map { .text($0) }
      case "{": return dictionary(depth: depth)
      case "(": return sequence("(", ")", depth: depth)
      case "[": return sequence("[", "]", depth: depth)
      default: return word()
      }
    }

    private mutating func text() -> String? {
      guard let quote = rest.popFirst() else { return nil }
      var text = String.UnicodeScalarView()
      while let scalar = rest.popFirst() {
        if scalar == quote { return String(text) }
        // Headers that NumPy writes have no escapes in what matters here.
        if scalar == "\\" { return nil }
        text.append(scalar)
      }
      return nil
    }

    private mutating func word() -> PythonLiteral? {
      let word = rest.prefix { scalar in
        scalar == "-" || scalar == "_" || ("0"..."9").contains(scalar) || ("A"..."Z").contains(scalar)
          || ("a"..."z").contains(scalar)
      }
      rest = rest.dropFirst(word.count)
      var text = String(String.UnicodeScalarView(word))
      if text == "True" { return .truth(true) }
      if text == "False" { return .truth(false) }
      // Python 2 wrote long integers so.
      if text.hasSuffix("L") { text.removeLast() }
      return Int(text).map { .integer($0) }
    }

    private mutating func sequence(
      _ open: Unicode.Scalar, _ close: Unicode.Scalar, depth: Int
    ) -> PythonLiteral? {
      guard take(open) else { return nil }
      var items: [PythonLiteral] = []
      while !take(close) {
        guard let item = literal(depth: depth + 1) else { return nil }
        items.append(item)
        if !take(",") {
          guard take(close) else { return nil }
          break
        }
      }
      return .sequence(items)
    }

    private mutating func dictionary(depth: Int) -> PythonLiteral? {
      guard take("{") else { return nil }
      var entries: [Entry] = []
      while !take("}") {
        guard case .text(let key)? = literal(depth: depth + 1), take(":"),
          let value = literal(depth: depth + 1)
        else { return nil }
        entries.append(Entry(key: key, value: value))
        if !take(",") {
          guard take("}") else { return nil }
          break
        }
      }
      return .dictionary(entries)
    }
  }
}
