import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Testing
import Wording

@testable import Claims

/// Notes with checked numbers in many styles, right and wrong, made from a seed.
private struct GeneratedNote {
  private var state: UInt64
  private(set) var text = ""

  private mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  private mutating func pick<Element>(_ items: [Element]) -> Element { items[next(items.count)] }

  private mutating func literal() -> String {
    let digits = pick([
      "0.37", "2.72", "7.389", "1.6", "20.1", "5", "0.05", "12,345", "１．６５", "−3.5", "37.8", "271.8",
    ])
    let wrapped = pick(["", "≈", "约 "]) + digits + pick(["", "%", "‰", "倍", "×", " %", "万"])
    return pick([wrapped, digits, pick(["2.7e0", "3.7×10⁻¹", "10⁻¹", "1.0x10^-1"])])
  }

  private mutating func target() -> String {
    "#e.\(pick(["lower", "upper", "ratio"]))[\(pick(["1σ", "2σ", "3σ"])),\(pick(["√d", "2√d", "3√d"]))]"
  }

  private mutating func link() -> String {
    switch next(8) {
    case 0: "[](\(target()))"
    case 1: "[[\(literal()), \(literal())]](\(target())..\(String(target().dropFirst())))"
    case 2: "[\(literal())](\(target()) \"±\(pick(["0.5", "0.001"]))\")"
    case 3: "[\(literal())](\(target()) \"\(pick(["1%", "exact", "≤", "≥"]))\")"
    case 4: "[**\(literal())**](\(target()))"
    default: "[\(literal())](\(target()))"
    }
  }

  init(seed: UInt64) {
    state = seed &* 2 &+ 1
    let end = pick(["\n", "\r\n"])
    var lines = ["---", "title: \"t [\(literal())](\(target())) é\"", "date: 2026-01-01", "---", ""]
    for _ in 0..<6 {
      let body = "文 \(link()) text\t\(link())。😀 `[1](#e.upper)`"
      lines += [pick(["# ", "> ", "- ", "", "*em* "]) + body, ""]
    }
    lines += ["| a | b |", "|---|---|", "| \(link()) | \(link()) |", ""]
    lines += [
      "```yaml experiment e", "kind: exponential-range", "title: 'x [\(literal())](\(target()))'", "```",
    ]
    text = (next(4) == 0 ? "\u{FEFF}" : "") + lines.joined(separator: end) + end
  }
}

@Suite struct CorrectingNumbers {
  private func verify(_ bytes: [UInt8]) throws -> (NotebookDocument, Verification.OfNote, [Diagnostic]) {
    let source = SourceFile(path: "notebooks/a.md", bytes: bytes)
    let (document, problems) = NotebookParser(siteLanguage: .english).parse(source)
    let documents = [try #require(document)]
    let plan = ExperimentPlan(documents: documents, limits: WorkLimits(memoryBytes: 1e9))
    let (results, _) = try ExperimentRunner(conditions: RunConditions()).run(plan, of: documents)
    let verification = Verifier.verify(documents, results)
    return (
      documents[0], verification["notebooks/a.md"], problems + plan.diagnostics + verification.diagnostics
    )
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `after an update nothing is wrong, a second one changes nothing, and other bytes are untouched`(
    seed: UInt64
  ) throws {
    let bytes = Array(GeneratedNote(seed: seed).text.utf8)
    let (_, before, problems) = try verify(bytes)
    #expect(!problems.contains { $0.code == .unreadableNumber && $0.severity == .error })
    let changes = TextChanges.corrections(before.numbers)
    let updated = changes.applied(to: bytes)
    let (_, after, left) = try verify(updated)
    // Bounds are relations; those are never rewritten.
    let wrong = after.numbers.filter { !$0.agrees }
    #expect(wrong.allSatisfy { if case .bound = $0.number.tolerance { true } else { false } })
    #expect(left.filter { $0.code == .wrongNumber }.count == wrong.count)
    #expect(TextChanges.corrections(after.numbers).changes.isEmpty)
    #expect(after.numbers.map(\.number.reference) == before.numbers.map(\.number.reference))
    #expect(after.numbers.map(\.number.tolerance) == before.numbers.map(\.number.tolerance))
    // What lies between the changes is the same, byte for byte.
    var (old, new) = (0, 0)
    for change in changes.changes {
      let kept = change.range.lowerBound - old
      #expect(bytes[old..<change.range.lowerBound] == updated[new..<new + kept])
      #expect(Array(updated[(new + kept)...].prefix(change.text.utf8.count)) == Array(change.text.utf8))
      old = change.range.upperBound
      new += kept + change.text.utf8.count
    }
    #expect(Array(bytes[old...]) == Array(updated[new...]))
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `filled links hold safe numbers, and filling again changes nothing`(seed: UInt64) throws {
    let bytes = Array(GeneratedNote(seed: seed).text.utf8)
    let (_, before, _) = try verify(bytes)
    let filled = TextChanges.fillings(before.numbers).applied(to: bytes)
    let (_, after, _) = try verify(filled)
    #expect(!after.numbers.contains { $0.number.literal == nil })
    #expect(TextChanges.fillings(after.numbers).changes.isEmpty)
    let wasEmpty = before.numbers.indices.filter { before.numbers[$0].number.literal == nil }
    #expect(wasEmpty.allSatisfy { after.numbers[$0].agrees })
  }

  @Test(
    arguments: [
      ("[0.73](#e.m)", 0.7251, 0.0029, "0.7"), ("[0.73](#e.m)", 0.73, 0.0001, nil),
      ("[61%](#e.m)", 0.6149, 0.002, ""),
      ("[0.4](#e.m)", 0.3501, nil, ""), ("[0.38](#e.m)", 0.375, nil, "0.4"),
      ("[0.37](#e.m \"±0.01\")", 0.375, 0.004, nil),
      ("[0.37](#e.m \"±0.01\")", 0.3799, 0.004, ""), ("[0.37](#e.m \"≤\")", 0.3699, 0.004, ""),
      ("[0.37](#e.m \"exact\")", 0.37, nil, nil), ("[12,345](#e.m)", 12_345.2, 9, ""),
    ] as [(String, Double, Double?, String?)])
  func `a number is fragile within an error or a fiftieth of its step of a boundary`(
    link: String, value: Double, error: Double?, advice: String?
  ) throws {
    let source = SourceFile(path: "a.md", text: "---\ntitle: t\ndate: 2026-01-01\n---\n\n\(link)\n")
    let number = try #require(
      NotebookParser(siteLanguage: .english).parse(source).document?.checkedNumbers.first)
    let measure = Measure("m", unit: "", coordinates: [], value: value, standardError: error)
    let literal = try #require(number.literal)
    #expect(number.tolerance.accepts(value, for: literal))
    let fragility = Fragility(number, literal, measure)
    #expect((fragility == nil) == (advice == nil))
    if let advice, !advice.isEmpty { #expect(fragility?.help.english.contains("write \(advice),") == true) }
    if advice == "" { #expect(fragility?.help.english.contains("no digit is safe") == true) }
  }

  @Test(
    arguments: [
      ("", 4.1553, 0.2, "4"), (" \"3%\"", 4.3553, 0.013, "4.36"), (" \"20%\"", 0.01671, 0.00089, "0.0167"),
      (" \"±0.01\"", 0.3799, 0.004, "0.380"), (" \"±0.001\"", 12.34567, nil, "12.346"),
      (" \"≤\"", 0.36712, 0.001, "0.37"),
      (" \"≥\"", 0.36712, 0.001, "0.36"), (" \"≤\"", -1.234, nil, "−1.23"), (" \"≥\"", -1.234, nil, "−1.24"),
      (" \"exact\"", 0.1234567, nil, "0.1234567"), (" \"exact\"", 65_504, nil, "65,504"),
      (" \"1%\"", 0, nil, "0"),
    ] as [(String, Double, Double?, String)])
  func `an empty link is filled so that its own title accepts the number`(
    title: String, value: Double, error: Double?, text: String
  ) throws {
    func number(_ text: String) throws -> CheckedNumber {
      let note = "---\ntitle: t\ndate: 2026-01-01\n---\n\n[\(text)](#e.m\(title))\n"
      let document = NotebookParser(siteLanguage: .english).parse(SourceFile(path: "a.md", text: note))
        .document
      return try #require(document?.checkedNumbers.first)
    }
    let measure = Measure("m", unit: "", coordinates: [], value: value, standardError: error)
    let resolved = ResolvedMeasure(experiment: ExperimentKey(note: "a.md", id: "e"), measure: measure)
    let verdict = NumberVerdict(number: try number(""), resolved: resolved, agrees: true, shownText: "")
    #expect(verdict.fill == text)
    let filled = try number(verdict.fill)
    #expect(filled.tolerance.accepts(value, for: try #require(filled.literal)))
  }

  @Test func `a changed line is shown as it was and as it becomes`() throws {
    let bytes = Array(
      "---\ntitle: t\ndate: 2026-01-01\n---\n\n上端 [2.73](#e.upper[1σ,√d])\n\n```yaml experiment e\nkind: exponential-range\n```\n"
        .utf8)
    let (document, verdicts, _) = try verify(bytes)
    #expect(
      TextChanges.corrections(verdicts.numbers).difference(in: document.source)
        == "notebooks/a.md:6\n- 上端 [2.73](#e.upper[1σ,√d])\n+ 上端 [2.72](#e.upper[1σ,√d])\n")
  }

  @Test func `other seeds are other, the same every time, and leave exact experiments alone`() throws {
    let text =
      "---\ntitle: t\ndate: 2026-01-01\n---\n\n```yaml experiment s\nkind: dot-products\nsamples: 100\nheadDimension: 2\n```\n\n```yaml experiment e\nkind: exponential-range\n```\n"
    let (document, _, _) = try verify(Array(text.utf8))
    let plan = ExperimentPlan(documents: [document], limits: WorkLimits(memoryBytes: 1e9))
    let keys = try (0...3).map { try plan.reseeded($0).experiments.map(\.cacheKey) }
    #expect(Set(keys.map { $0[0] }).count == 4)
    #expect(Set(keys.map { $0[1] }).count == 1)
    #expect(try plan.reseeded(2).experiments.map(\.cacheKey) == keys[2])
  }
}
