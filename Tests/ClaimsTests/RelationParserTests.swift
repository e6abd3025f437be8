import NotebookModel
import Testing

@testable import Claims

@Suite struct ReadingRelations {
  @Test(arguments: [
    "a.b = 1", "a.b[√d] < a.b[2√d]", "a.b > 0.5", "a.b ≈ 0.61 ± 0.01", "a.b ~= 0.61 +- 2%",
    "a.b increases with scale",
    "a.b[64] decreases with within", "(a.b + 1) * 2 <= -a.c / 3", "abs(a.b - 1) ≥ 1e-3", "1 = a.b",
    "a.b＝68.26%",
    "normal.coverage[1σ, 64] = 68.26 %",
  ])
  func `every form of relation is read`(text: String) throws {
    _ = try RelationParser.parse(text)
  }

  @Test func `operators bind as in arithmetic`() throws {
    guard case .comparison(.equal, let left, _) = try RelationParser.parse("1 + 2 * 3 - 4 / 2 = 5") else {
      Issue.record("no comparison")
      return
    }
    #expect(Evaluation(values: [:]).derive(left).value == 5)
  }

  @Test(arguments: [
    ("", 0..<0), ("a.b", 3..<3), ("a.b = ", 6..<6), ("a.b = c.d", 0..<9), ("a.b ≈ 1", 9..<9),
    ("a.b = 1 2", 8..<9),
    ("(a.b = 1", 5..<6), ("a.b ? 1", 4..<5), ("a.b[x = 1", 3..<4), ("foo = 1", 0..<3),
    ("a.b rises with scale", 4..<9),
    ("a.b increases", 13..<13), ("1 increases with x", 0..<2), ("a.b. = 1", 0..<4), ("= 1", 0..<1),
  ])
  func `a relation that can't be read is marked where it breaks`(text: String, range: Range<Int>) {
    #expect {
      try RelationParser.parse(text)
    } throws: { error in
      (error as? RelationError)?.range == range
    }
  }

  @Test(arguments: [
    String(repeating: "(", count: 1_900), String(repeating: "-", count: 1_900) + "1 = 1",
    String(repeating: "1+", count: 500_000) + "1 = 1", String(repeating: "abs(", count: 400),
  ])
  func `hostile relations end in an error`(text: String) {
    #expect(throws: RelationError.self) { try RelationParser.parse(text) }
  }
}
