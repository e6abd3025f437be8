import NotebookModel
import Testing

@testable import Claims

@Suite struct ReadingRelations {
  @Test(arguments: [
    "a.b = 1", "a.b[√d] < a.b[2√d]", "a.b > 0.5", "a.b ≈ 0.61 ± 0.01", "a.b ~= 0.61 +- 2%",
    "a.b increases with scale",
    "a.b[64] decreases with within", "(a.b + 1) * 2 <= -a.c / 3", "abs(a.b - 1) ≥ 1e-3", "1 = a.b",
    "a.b＝68.26%",
    "normal.coverage[1σ, 64] = 68.26 %", "a.b in [0.6, 0.7]", "a.b in (ln n - 1, max(1, 2, π^2)]",
    "for all scale: a.b < 2√d", "for some scale: for all keys: a.b increases with within",
    "a.b peaks at scale near 2√d", "argmax(a.b[64], scale) ≈ sqrt(d) ± 1%", "ratio(a.b, a.c) ≥ 0.7",
    "a.b > 0.7 nat",
    "a.b ≈ 1 bit ± 0.01 bits", "-2^2 = -4", "a.b ≤ n-1", "a.b in [1,234, 2,000]",
  ])
  func `every form of relation is read`(text: String) throws {
    _ = try RelationParser.parse(text)
  }

  @Test func `operators bind as in arithmetic`() throws {
    guard case .comparison(.equal, let left, _) = try RelationParser.parse("1 + 2 * 3 - 4 / 2 = 5") else {
      Issue.record("no comparison")
      return
    }
    #expect(try Evaluation().derive(left).value == 5)
  }

  @Test(arguments: [
    ("-2^2 = -4", -4.0), ("2^-1 = 1", 0.5), ("2^3^0 = 2", 2), ("ln e^2 = 1", 2.0), ("√16 = 4", 4),
    ("2√9 = 6", 6),
    ("min(3, 1, 2) = 1", 1), ("max(1, ratio(6, 2)) = 3", 3), ("abs(-3) = 3", 3),
    ("1 bit = 1", 0.6931471805599453),
    ("exp 0 = 1", 1), ("4^0.5 = 2", 2),
  ])
  func `powers, roots, functions and constants mean what they say`(text: String, value: Double) throws {
    guard case .comparison(_, let left, _) = try RelationParser.parse(text) else {
      Issue.record("no comparison")
      return
    }
    #expect((try Evaluation().derive(left).value - value).magnitude < 1e-14)
  }

  @Test(arguments: [
    ("", 0..<0), ("a.b", 3..<3), ("a.b = ", 6..<6), ("a.b = c.d", 0..<9), ("a.b ≈ 1", 9..<9),
    ("a.b = 1 2", 8..<9),
    ("(a.b = 1", 5..<6), ("a.b ? 1", 4..<5), ("a.b[x = 1", 3..<4), ("foo = 1", 0..<3),
    ("a.b rises with scale", 4..<9),
    ("a.b in 3", 7..<8), ("a.b in [1]", 9..<10), ("a.b in [1, 2", 12..<12), ("for every x: a.b = 1", 4..<9),
    ("for all x a.b = 1", 10..<13), ("a.b = 1 foo", 8..<11), ("min(1) = 1", 0..<6),
    ("argmax(1, x) = 1", 0..<8),
    ("a.b peaks at scale", 18..<18), ("for all x: for all x: a.b = x", 19..<20), ("a.b = 1 nats 2", 13..<14),
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
    String(repeating: "(", count: 10_000) + "1 = 1",
    String(repeating: "for all x: ", count: 150), String(repeating: "√", count: 600),
    String(repeating: "2^", count: 900),
    String(repeating: "a.b[", count: 400), String(repeating: "x", count: 1_000_000),
  ])
  func `hostile relations end in an error`(text: String) {
    #expect(throws: RelationError.self) { try RelationParser.parse(text) }
  }
}
