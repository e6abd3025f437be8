import Testing
import Wording

@testable import NotebookModel

@Suite struct NumbersInText {
  @Test(arguments: [
    ("0.73", 0.73), (" 0.73 ", 0.73), ("-1.5", -1.5), ("−1.5", -1.5), ("－１．５", -1.5), ("12,345", 12_345),
    ("61%", 0.61), ("６１％", 0.61), ("6‰", 0.006), ("2.3×", 2.3), ("2.3 倍", 2.3), ("≈0.73", 0.73),
    ("约 0.73", 0.73),
    ("1.2e-3", 0.0012), ("1.2×10⁻³", 0.0012), ("10⁻³", 0.001), ("1.2x10^-3", 0.0012), ("3万", 30_000),
    ("1.2亿", 120_000_000), (".5", 0.5), ("+4", 4),
  ])
  func `every way of writing a number is understood`(text: String, value: Double) throws {
    #expect(try #require(NumberLiteral(text)).number.doubleValue == value)
  }

  @Test(arguments: [
    "", "abc", "1.2.3", "1,23", "12,34,567", "0.73 keys", "--1", "%", "1e", "9999,999", "1e999999",
    "1e-9223372036854775808", "10⁻", String(repeating: "1", count: 600_000), "[0.1]",
    "½",
  ])
  func `what is not one number is no literal`(text: String) {
    #expect(NumberLiteral(text) == nil)
  }

  @Test(arguments: [
    ("0.73", 0.7349, true), ("0.73", 0.725, true), ("0.73", 0.735, false), ("0.74", 0.745, true),
    ("0.73", 0.7351, false),
    ("0.73", 0.7249, false), ("0.730", 0.7304, true), ("0.730", 0.7306, false), ("61%", 0.6149, true),
    ("61%", 0.6151, false), ("-0.5", -0.54, true), ("-0.5", 0.54, false), ("0.0", -0.04, true),
    ("100", 100.4, true),
    ("1.2e-3", 0.00124, true), ("1.2e-3", 0.00126, false), ("3万", 34_000, true), ("3万", 36_000, false),
    ("0.73", .nan, false), ("0.73", .infinity, false),
  ])
  func `the digits written are the tolerance`(text: String, value: Double, agrees: Bool) throws {
    #expect(try #require(NumberLiteral(text)).accepts(value) == agrees)
  }

  @Test(arguments: [
    ("0.73", 0.7449, "0.74"), ("61%", 0.6251, "63%"), ("12,345", 12_399.6, "12,400"), ("-0.5", 0.06, "0.1"),
    ("2.30", 1.0, "1.00"), ("约 ３．５％", 0.0416, "约 ４．２％"), ("≈0.73", 0.5, "≈0.50"), ("2.3 倍", 4.14, "4.1 倍"),
    ("3.0万", 41_200, "4.1万"), ("1.2e-3", 4.56e-5, "4.6e-5"), ("1.2×10⁻³", 0.00996, "1.0×10⁻²"),
    ("1.2x10^-3", 12.34, "1.2x10^1"), ("10⁻³", 0.0101, "10⁻²"), ("10⁻³", 0.023, "2×10⁻²"), (".5", 0.75, ".8"),
    ("-0.5", -1.26, "-1.3"), ("－１．５", -2.5, "－２．５"), ("12345", 23_456, "23456"), ("1,234", 5678, "5,678"),
    ("１２，３４５", 1_234_567, "１，２３４，５６７"), ("1\u{2009}234.5", 12_345.67, "12\u{2009}345.7"),
    ("61 %", 0.625, "63 %"),
    ("+4", 5, "+5"), ("≤0.05", 0.031, "≤0.03"), ("12e3", 34_567, "35e3"),
  ])
  func `a correction keeps the author's style`(text: String, value: Double, corrected: String) throws {
    #expect(try #require(NumberLiteral(text)).rewriting(value) == corrected)
  }

  @Test func `what is written anew reads as the value it was written for`() throws {
    for text in ["0.73", "约 ３．５％", "1.2e-3", "1.2×10⁻³", "10⁻³", "12,345", "3万", "−1.5", "2.30×"] {
      for value in [0.000123456, 0.0951, 0.9999, 1, 9.9999, 123.456, 98_765.4, -0.05, -7] {
        let literal = try #require(NumberLiteral(text))
        let written = literal.rewriting(value)
        let read = try #require(NumberLiteral(written), "\(written)")
        #expect(read.accepts(value), "\(value) as \(written)")
        #expect(read.rewriting(value) == written)
      }
    }
  }

  @Test(arguments: [
    ("±0.01", Tolerance.absolute(0.01)), ("1%", .relative(0.01)), ("±1%", .relative(0.01)), ("exact", .exact),
    ("精确", .exact), ("", .asWritten), ("≤", .bound(.atMost)), (" >= ", .bound(.atLeast)),
  ])
  func `a link's title can set the tolerance`(title: String, tolerance: Tolerance) {
    #expect(Tolerance(title: title) == tolerance)
  }

  @Test(arguments: ["0.01", "±", "±-1", "about", "±abc", "5x"])
  func `a title that is no tolerance is refused`(title: String) {
    #expect(Tolerance(title: title) == nil)
  }

  @Test func `an absolute tolerance reaches as far as it says`() throws {
    let literal = try #require(NumberLiteral("0.5"))
    #expect(Tolerance.absolute(0.25).accepts(0.75, for: literal))
    #expect(!Tolerance.absolute(0.25).accepts(0.7501, for: literal))
    #expect(Tolerance.relative(0.5).accepts(0.75, for: literal))
    #expect(Tolerance.exact.accepts(0.5, for: literal))
    // The edge belongs to the tolerance although 3.375 − 3.275 is more than 0.1 in binary.
    #expect(Tolerance.absolute(0.1).accepts(3.375, for: try #require(NumberLiteral("3.275"))))
    for zero in ["0", "0.0", "0%"] {
      #expect(Tolerance.exact.accepts(0, for: try #require(NumberLiteral(zero))))
    }
    #expect(!Tolerance.exact.accepts(0.5000001, for: literal))
  }
}

@Suite struct References {
  @Test func `a reference names experiment, measure and conditions`() throws {
    let reference = try #require(MeasureReference(target: "#scales.entropy[√d, headDimension=64]"))
    #expect(reference.note == nil)
    #expect(reference.experiment == "scales")
    #expect(reference.measure == "entropy")
    #expect(reference.selectors.map(\.value) == ["√d", "64"])
    #expect(reference.selectors.map(\.coordinate) == [nil, "headDimension"])
    #expect(reference.text == "scales.entropy[√d, headDimension=64]")
  }

  @Test func `an encoded reference is the same reference`() throws {
    let plain = try #require(MeasureReference(target: "b c.md#e.m[√d,1σ]"))
    #expect(MeasureReference(target: "b%20c.md#e.m%5B%E2%88%9Ad,1%CF%83%5D") == plain)
  }

  @Test func `a reference may name another note`() throws {
    let reference = try #require(MeasureReference(target: "other.md#scales.entropy"))
    #expect(reference.note == "other.md")
    #expect(reference.selectors.isEmpty)
  }

  @Test(arguments: [
    "#heading", "https://a.b/#c.d", "other.html#a.b", "#a.b.c", "#a.b[c", "#.b", "a.b", "#1a.b",
  ])
  func `other targets are ordinary links`(target: String) {
    #expect(MeasureReference(target: target) == nil)
  }

  @Test(arguments: [
    ("b.md", "notebooks/a.md", "notebooks/b.md"), ("../x.png", "notebooks/sub/a.md", "notebooks/x.png"),
    ("./i/x.png", "notebooks/a.md", "notebooks/i/x.png"),
  ])
  func `paths are resolved from the note that names them`(written: String, base: String, path: String) {
    #expect(NotePath.resolve(written, from: base) == path)
  }

  @Test(arguments: ["../../etc/passwd", "/etc/passwd", "..\\x", "a\0b"])
  func `a path never leaves the site`(written: String) {
    #expect(NotePath.resolve(written, from: "notebooks/a.md") == nil)
  }

  @Test(arguments: [
    "../x", "a/b", "", ".hidden", "-x", "a b", "a?b", "\u{0D4E}<x", String(repeating: "x", count: 101),
    "a\\b",
  ])
  func `a slug is one name of a page`(slug: String) {
    #expect(Slug.problem(with: slug) != nil)
  }

  @Test(arguments: [("为什么除以 √d？", "为什么除以-d"), ("Hello, World!", "hello-world"), ("  ", ""), ("a--b", "a-b")])
  func `slugs are made of any script`(title: String, slug: String) {
    #expect(Slug.make(from: title) == slug)
    if !slug.isEmpty { #expect(Slug.problem(with: slug) == nil) }
  }

  @Test(arguments: [
    ("1. Intro", "1-intro"), ("a & b", "a--b"), ("为什么除以 √d？", "为什么除以-d"), ("What's new?", "whats-new"),
    ("snake_case-id", "snake_case-id"),
  ])
  func `headings get the anchors that GitHub gives them`(heading: String, anchor: String) {
    #expect(Slug.anchor(from: heading) == anchor)
  }

  @Test(arguments: [
    "2026-02-30", "2026-13-01", "2026-1-1", "26-01-01", "2026/01/01", "2025-02-29", "0000-01-01",
    "２０２６-01-01",
  ])
  func `a date that is no day is refused`(text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test func `dates keep their order and their text`() throws {
    let leap = try #require(CalendarDate("2024-02-29"))
    #expect(leap.isoText == "2024-02-29")
    #expect(try #require(CalendarDate("2023-12-31")) < leap)
  }
}
