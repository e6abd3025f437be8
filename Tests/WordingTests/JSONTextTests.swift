import Testing
import Wording

@Suite struct JSONTexts {
  @Test func `what is written reads back as the same value`() throws {
    let value = JSONValue.object([
      "文本": .string("a\"b\\c\n\t\u{1}√d 😀"),
      "list": .array([.null, .bool(true), .bool(false), .integer(-7)]),
      "numbers": .array([.number(0.5), .number(-1.25e-9), .number(1e21), .integer(0)]), "empty": .array([]),
      "nothing": .object([]),
    ])
    for isIndented in [true, false] {
      let text = value.text(indented: isIndented)
      let read = try JSONText.read(Array(text.utf8))
      #expect(read["文本"]?.string == "a\"b\\c\n\t\u{1}√d 😀")
      #expect(read["numbers"]?.items?.map(\.number) == [0.5, -1.25e-9, 1e21, 0])
      #expect(read["list"]?.items?.count == 4)
      #expect(read["empty"]?.items == [])
      #expect(read["missing"] == nil)
    }
  }

  @Test func `every value knows its bytes`() throws {
    let text = #" {"a": [1, "√", {"b": -2.5e3}]} "#
    let bytes = Array(text.utf8)
    let read = try JSONText.read(bytes)
    func words(_ value: JSONText?) -> String? {
      value.map { String(decoding: bytes[$0.range], as: UTF8.self) }
    }
    #expect(words(read) == #"{"a": [1, "√", {"b": -2.5e3}]}"#)
    #expect(words(read["a"]?.items?[1]) == "\"√\"")
    #expect(words(read["a"]?.items?[2]["b"]) == "-2.5e3")
  }

  @Test(arguments: [
    (#""\u221ad""#, "√d"), (#""\ud83d\ude00""#, "😀"), (#""\b\f\n\r\t\/\\\"""#, "\u{8}\u{C}\n\r\t/\\\""),
  ])
  func `escapes are resolved`(text: String, meant: String) throws {
    #expect(try JSONText.read(Array(text.utf8)).string == meant)
  }

  @Test(arguments: [
    ("", 0), ("[1,]", 3), ("[1 2]", 3), ("{\"a\" 1}", 5), ("{a: 1}", 1), ("01", 0), ("1.", 0), ("-", 0),
    ("tru", 0),
    ("\"\n\"", 1), ("\"a", 2), ("\"\\x\"", 1), ("\"\\ud83d\"", 1), ("\"\\ud83dx\"", 1), ("1 1", 2),
    ("NaN", 0), ("{\"a\":1,\"a\":2}", 7),
    ("[", 1), ("+1", 0), ("1e", 0), ("'a'", 0),
  ])
  func `what is no JSON is refused where it goes wrong`(text: String, offset: Int) {
    #expect {
      try JSONText.read(Array(text.utf8))
    } throws: { error in
      (error as? JSONText.Failure)?.offset == offset
    }
  }

  @Test func `bytes that are no text and endless nesting are refused`() {
    #expect(throws: JSONText.Failure.self) { try JSONText.read([0x22, 0xFF, 0x22]) }
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONText.Failure.self) { try JSONText.read(deep) }
  }
}
