import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Testing

@testable import Claims

@Suite struct Judging {
  /// A note with a tiny exact experiment, and whatever is to be judged.
  private func verify(_ body: String) throws -> (Verification.OfNote, [Diagnostic], SourceFile) {
    let text =
      "---\ntitle: t\ndate: 2026-01-01\n---\n\n```yaml experiment e\nkind: exponential-range\n```\n\n"
      + "```yaml experiment s\nkind: dot-products\nsamples: 1000\nheadDimension: 4\n```\n\n" + body + "\n"
    let source = SourceFile(path: "notebooks/a.md", text: text)
    let (document, problems) = NotebookParser(siteLanguage: .english).parse(source)
    let documents = [try #require(document)]
    let plan = ExperimentPlan(documents: documents, limits: WorkLimits(memoryBytes: 1e9))
    let (results, failures) = try ExperimentRunner(conditions: RunConditions(threads: 1)).run(
      plan, of: documents)
    let verification = Verifier.verify(documents, results)
    return (
      verification["notebooks/a.md"], problems + plan.diagnostics + failures + verification.diagnostics,
      source
    )
  }

  private func outcome(_ check: String, expect: String = "holds") throws -> (
    ClaimVerdict.Outcome?, [DiagnosticCode]
  ) {
    let (verdicts, diagnostics, _) = try verify(
      "```yaml claims\n- id: c\n  check: \"\(check)\"\n  expect: \(expect)\n```")
    return (verdicts.claims.first?.outcome, diagnostics.map(\.code))
  }

  @Test(arguments: [
    "e.upper[1σ, √d] = 2.72", "e.upper[1σ,√d] > e.upper[1σ,2√d]", "e.lower[within=2σ, scale=√d] ≈ 0.1 ± 0.04",
    "e.upper[1σ] decreases with scale", "e.upper increases with within",
    "e.ratio[1σ,√d] - exp(2) ≈ 0 ± 1e-12",
    "e.upper[1sigma, sqrt(d)] = 2.718", "s.normalCoverage[1σ] = 68.27%", "0.37 = e.lower[1σ,√d]",
    "e.upper[1σ,√d] * e.lower[1σ,√d] = 1", "sqrt(e.ratio[1σ,√d]) = 2.72", "abs(0 - log(e.upper[1σ,√d])) = 1",
  ])
  func `true statements hold`(check: String) throws {
    let (outcome, codes) = try outcome(check)
    #expect(outcome == .holds)
    #expect(codes.isEmpty)
  }

  @Test(arguments: [
    "e.upper[1σ,√d] in [e - 0.001, e + 0.001]", "e.upper[1σ,√d] in [2,3]",
    "ratio(e.upper[1σ,√d], e.lower[1σ,√d]) = 7.39",
    "for all scale: e.upper[1σ] * e.lower[1σ] = 1.00", "for all within: e.upper[√d] ≈ exp(within) ± 1e-12",
    "for all within: for all scale: e.ratio ≈ (e.upper)^2 ± 1e-9%", "for some scale: e.upper[1σ] > 2.7",
    "for some scale: e.upper[1σ] < 1.5", "for all scale: e.upper increases with within",
    "e.upper[1σ] peaks at scale near √d", "e.lower[1σ] peaks at scale near 3√d",
    "e.lower[1σ] peaks at scale near 25",
    "argmax(e.upper[1σ], scale) ≈ sqrt(d) ± 0%", "argmax(e.lower[1σ], scale) = 24", "e.headDimension = 64",
    "log(e.upper[1σ,√d]) * √d = 8.0", "s.expectedKurtosis[4] ≈ 3 + 6/d ± 1e-12",
    "s.normalCoverage[1σ] > 0.68 share",
    "min(e.upper[1σ,√d], e.upper[2σ,√d]) = 2.72", "s.coverage[1σ,4] in [0.6, 0.85]",
  ])
  func `ranges, quantifiers, peaks and sizes are understood`(check: String) throws {
    let (outcome, codes) = try outcome(check)
    #expect(codes.isEmpty)
    #expect(outcome == .holds)
  }

  @Test(arguments: [
    "e.upper[1σ,√d] in [2.8, 3]", "for all scale: e.upper[1σ] > 2", "for some scale: e.upper[1σ] > 3",
    "e.upper[1σ] peaks at scale near 2√d", "argmax(e.upper[1σ], scale) = 16",
    "for some scale: e.upper decreases with within",
  ])
  func `and are refuted where they are wrong`(check: String) throws {
    #expect(try outcome(check) == (.refuted, [.claimFails]))
  }

  @Test(arguments: [
    (
      "e.upper[1σ,√d] / (e.lower[1σ,√d] - e.lower[1σ,√d]) > 1",
      "e.upper[1σ,√d] / (e.lower[1σ,√d] - e.lower[1σ,√d])"
    ),
    ("1 < √(1 - e.upper[1σ,√d])", "√(1 - e.upper[1σ,√d])"),
    ("ln(0 * e.ratio[1σ,√d]) < 1", "ln(0 * e.ratio[1σ,√d])"),
    ("e.upper[1σ,√d] > exp(exp(9))", "exp(exp(9))"), ("e.upper[1σ,√d] > n", "n"),
    ("s.coverage[1σ,4] > 0.7 nat", "s.coverage[1σ,4] > 0.7 nat"),
    ("for all keys: e.upper[1σ,√d] > 1", "for all keys"),
    ("e.upper[1σ] peaks at scale near 8d√", "8d√"), ("argmax(e.upper, scale) = 8", "e.upper"),
    ("for all scale: e.uper[1σ] > 1", "e.uper[1σ]"),
    ("(0 - e.upper[1σ,√d])^0.5 > 1", "(0 - e.upper[1σ,√d])^0.5"),
  ])
  func `what has no value is marked at its very characters`(check: String, marked: String) throws {
    for quoted in [
      "\"\(check)\"", "'\(check)'", ">-\n    \(check)", check.contains(": ") ? "'\(check)'" : check,
    ] {
      let (verdicts, diagnostics, source) = try verify("```yaml claims\n- id: c\n  check: \(quoted)\n```")
      #expect(verdicts.claims.isEmpty)
      let diagnostic = try #require(diagnostics.first, "\(quoted)")
      #expect(diagnostics.count == 1)
      #expect(source.text(try #require(diagnostic.location).range) == marked, "\(quoted)")
    }
  }

  @Test func `escapes and folded lines move the place along`() throws {
    for quoted in [
      "\"e.upper[1\\u03C3,√d] \\\n    > \\x61bc\"", "'e.upper[1σ,√d]\n    > abc'",
      ">\n    e.upper[1σ,√d]\n    > abc",
    ] {
      let (_, diagnostics, source) = try verify("```yaml claims\n- id: c\n  check: \(quoted)\n```")
      let range = try #require(diagnostics.first?.location).range
      #expect(["abc", "\\x61bc"].contains(source.text(range)), "\(quoted)")
    }
  }

  @Test func `an undecided claim says how many samples would decide it`() throws {
    let (verdicts, diagnostics, _) = try verify(
      "```yaml claims\n- id: c\n  check: s.coverage[1σ,4] > 0.72\n```")
    let help = try #require(diagnostics.first?.help).english
    let wanted = try #require(help.firstMatch(of: /samples: (\d+)/)?.1)
    let measure = try #require(verdicts.claims.first?.evidence.first).measure
    let error = try #require(measure.standardError)
    #expect(abs(measure.value - 0.72) / error < 3)
    // Errors fall like one over the root of the number of samples.
    let then = error * (1000 / (try #require(Double(wanted)))).squareRoot()
    #expect((3...6).contains(abs(measure.value - 0.72) / then))
  }

  @Test(arguments: [
    "e.upper[1σ, √d] = 2.71", "e.upper[1σ,√d] < e.upper[1σ,2√d]", "e.upper increases with scale",
    "s.normalCoverage[1σ] = 68.26%", "e.lower[2σ,√d] ≈ 0.1 ± 1%",
  ])
  func `false statements fail, or are refuted where the note expects it`(check: String) throws {
    #expect(try outcome(check) == (.refuted, [.claimFails]))
    #expect(try outcome(check, expect: "refuted") == (.refuted, []))
  }

  @Test func `a mistake that turns out true is reported`() throws {
    #expect(try outcome("e.upper[1σ, √d] = 2.72", expect: "refuted") == (.holds, [.claimHoldsUnexpectedly]))
  }

  /// √d is another number at each of the two head dimensions.
  private static let twoDimensions =
    "```yaml experiment p\nkind: dot-products\nsamples: 1000\nheadDimension: [256, 16]\nscales: [√d, 2√d]\n```\n\n"

  @Test(arguments: [
    "for all headDimension: for all scale: p.expectedStandardDeviation ≈ sqrt(d)/scale ± 1e-12",
    "for all scale: for all headDimension: p.expectedStandardDeviation ≈ sqrt(headDimension)/scale ± 1e-12",
    "for all headDimension: p.expectedStandardDeviation decreases with scale",
    "p.expectedStandardDeviation peaks at scale near √d",
    "for all headDimension: argmax(p.expectedStandardDeviation, scale) ≈ sqrt(d) ± 1e-12",
  ])
  func `a bound scale is the divisor at the head dimension in question`(check: String) throws {
    let (verdicts, diagnostics, _) = try verify(
      Self.twoDimensions + "```yaml claims\n- id: c\n  check: \"\(check)\"\n```")
    #expect(diagnostics.map(\.summary.english) == [])
    #expect(verdicts.claims.first?.outcome == .holds)
  }

  @Test func `a bound scale that would be two numbers at once is pointed at`() throws {
    let check = "for all scale: p.expectedStandardDeviation[16] < p.expectedStandardDeviation[256] + scale"
    let (verdicts, diagnostics, source) = try verify(
      Self.twoDimensions + "```yaml claims\n- id: c\n  check: \"\(check)\"\n```")
    #expect(verdicts.claims.isEmpty)
    #expect(diagnostics.count == 1)
    let location = try #require(diagnostics.first?.location)
    #expect(source.text(location.range) == "scale")
    #expect(source.bytes[location.range.upperBound] == UInt8(ascii: "\""))
  }

  @Test(arguments: [
    ("e.headDimension in (63, 64]", ClaimVerdict.Outcome.holds), ("e.headDimension in (64, 65]", .refuted),
    ("e.headDimension in [64, 65)", .holds), ("e.headDimension in [63, 64)", .refuted),
  ])
  func `an end behind a round bracket does not belong to the range`(
    check: String, expected: ClaimVerdict.Outcome
  ) throws {
    #expect(try outcome(check).0 == expected)
  }

  @Test func `what one trial can't tell is neither exact nor decided`() throws {
    let (verdicts, _, _) = try verify(
      "```yaml experiment one\nkind: softmax\nkeys: 8\nqueries: 64\ntrials: 1\n```\n\n"
        + "```yaml claims\n- id: c\n  check: one.logitStandardDeviation[none] > 0.001\n```")
    let claim = try #require(verdicts.claims.first)
    #expect(claim.outcome == .inconclusive)
    let measure = try #require(claim.evidence.first).measure
    #expect(measure.standardError == nil)
    #expect(measure.errorIsUnknown)
  }

  @Test func `experiments with one seed may share their samples and are not taken as independent`() throws {
    func margins(seed: Int) throws -> [Double] {
      let twin =
        "```yaml experiment t\nkind: dot-products\nsamples: 1000\nheadDimension: 4\nseed: \(seed)\n```\n\n"
      return try ["2 * s.coverage[1σ,4] > 1.3", "s.coverage[1σ,4] + t.coverage[1σ,4] > 1.3"].map { check in
        let (verdicts, _, _) = try verify(twin + "```yaml claims\n- id: c\n  check: \"\(check)\"\n```")
        return try #require(verdicts.claims.first?.margin)
      }
    }
    let same = try margins(seed: 0)
    #expect(abs(same[0] / same[1] - 1) < 1e-9)
    let other = try margins(seed: 1)
    #expect(other[1] > other[0])
  }

  @Test func `the larger of two may be the other one, as far as errors reach`() throws {
    #expect(try outcome("max(s.coverage[1σ,4], 0.7) < 0.705").0 == outcome("s.coverage[1σ,4] < 0.705").0)
  }

  @Test func `the root of an exact nothing leaves the errors of the others alone`() throws {
    let zero = "```yaml experiment g\nkind: attention\nheadDimension: 4\nscores: [[0, 1]]\n```\n\n"
    for (check, expected) in [
      ("sqrt(g.score[1,1,1]) < s.coverage[1σ,4] - 0.72", ClaimVerdict.Outcome.inconclusive),
      ("sqrt(g.score[1,1,1]) < s.coverage[1σ,4] - 0.5", .holds),
    ] {
      let (verdicts, diagnostics, _) = try verify(
        zero + "```yaml claims\n- id: c\n  check: \"\(check)\"\n```")
      #expect(verdicts.claims.first?.outcome == expected, "\(check) \(diagnostics.map(\.summary.english))")
    }
  }

  @Test func `a difference within sampling error decides nothing`() throws {
    let (outcome, codes) = try outcome("s.mean[√d] > 0")
    #expect(outcome == .inconclusive)
    #expect(codes == [.claimInconclusive])
  }

  @Test func `saying a thing four times does not make it surer`() throws {
    let (once, _, _) = try verify("```yaml claims\n- id: c\n  check: s.coverage[1σ] > 0.73\n```")
    let (often, _, _) = try verify(
      "```yaml claims\n- id: c\n  check: s.coverage[1σ] + s.coverage[1σ] + s.coverage[1σ] + s.coverage[1σ] > 0.73 * 4\n```"
    )
    #expect(once.claims.map(\.outcome) == often.claims.map(\.outcome))
    let side = try #require(often.claims.first?.sides.first)
    #expect(
      abs(side.standardError / 4 - (try #require(once.claims.first?.sides.first)).standardError) < 1e-15)
    let (nothing, _, _) = try verify("```yaml claims\n- id: c\n  check: s.mean[√d] - s.mean[√d] = 0.0\n```")
    #expect(nothing.claims.first?.sides.first == Quantity(0))
  }

  @Test(arguments: [
    "e.upper[1σ,1σ] = 2.72", "s.kurtosis[4,4] > 1", "s.kurtosis[headDimension=4,4] > 1",
  ])
  func `a coordinate satisfies one selector`(check: String) throws {
    #expect(try outcome(check) == (nil, [.unknownSelector]))
  }

  @Test func `a trend along d holds at scales that depend on d`() throws {
    let body =
      "```yaml experiment d\nkind: dot-products\nsamples: 100\nheadDimension: [16, 64]\nscales: [√d, none]\n```\n\n"
    let claim = { (check: String) in body + "```yaml claims\n- id: c\n  check: \(check)\n```" }
    let (rises, problems, _) = try verify(
      claim("d.expectedStandardDeviation[none] increases with headDimension"))
    #expect(rises.claims.map(\.outcome) == [.holds] && problems.isEmpty)
    let (level, _, _) = try verify(claim("d.expectedStandardDeviation[√d] increases with headDimension"))
    #expect(level.claims.map(\.outcome) == [.refuted])
  }

  @Test func `two values at one place have no trend`() throws {
    let body =
      "```yaml experiment d\nkind: dot-products\nsamples: 100\nheadDimension: 64\nscales: [√d, 8, none]\n```\n\n"
    let (verdicts, diagnostics, _) = try verify(
      body + "```yaml claims\n- id: c\n  check: d.expectedStandardDeviation decreases with scale\n```")
    #expect(verdicts.claims.isEmpty)
    #expect(diagnostics.map(\.code) == [.invalidClaim])
  }

  @Test(arguments: ["1 > 0", "e.ratio[1σ,√d] ≈ 700% ± 10%", "e.upper[√d] increases with scale"])
  func `a claim that nothing computed decides, or that reads two ways, is refused`(check: String) throws {
    #expect(try outcome(check) == (nil, [.invalidClaim]))
  }

  @Test func `a negative number is a number written out`() throws {
    #expect(try outcome("0 - e.upper[1σ,√d] = -2.72") == (.holds, []))
  }

  @Test func `a division by zero is an error, not a verdict`() throws {
    #expect(try outcome("e.upper[1σ,√d] / 0 > 1") == (nil, [.invalidClaim]))
    #expect(try outcome("sqrt(0 - 1) > 1") == (nil, [.invalidClaim]))
    #expect(try outcome("e.upper[1σ,√d] > 1 / (2 - 2)") == (nil, [.invalidClaim]))
  }

  @Test func `a wrong number is marked at exactly its bytes`() throws {
    let (verdicts, diagnostics, source) = try verify("上端是 **[2.73](#e.upper[1σ,√d])**。")
    #expect(verdicts.numbers.map(\.agrees) == [false])
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostic.code == .wrongNumber)
    #expect(source.text(try #require(diagnostic.location).range) == "2.73")
    #expect(diagnostic.help?.english == "write 2.72")
  }

  @Test func `an empty link is filled in with three digits`() throws {
    let (verdicts, diagnostics, _) = try verify("[](#e.upper[1σ,√d])")
    #expect(diagnostics.isEmpty)
    #expect(verdicts.numbers.map(\.shownText) == ["2.72"])
  }

  @Test(arguments: [
    ("[1](#x.upper)", DiagnosticCode.unknownExperiment, "#x.upper", ""),
    ("[1](#e.uper[1σ,√d])", .unknownMeasure, "#e.uper[1σ,√d]", "did you mean ‘upper’?"),
    ("[1](#e.upper[1σ,4√d])", .unknownSelector, "#e.upper[1σ,4√d]", ""),
    ("[1](#e.upper[1σ])", .ambiguousSelector, "#e.upper[1σ]", ""),
    ("[1](b.md#e.upper)", .noSuchNote, "b.md#e.upper", ""),
    ("[1](../../b.md#e.upper)", .pathLeavesSite, "../../b.md#e.upper", ""),
  ])
  func `a reference that resolves to nothing is marked where it stands`(
    text: String, code: DiagnosticCode, marked: String, label: String
  ) throws {
    let (_, diagnostics, source) = try verify(text)
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostics.count == 1)
    #expect(diagnostic.code == code)
    #expect(source.text(try #require(diagnostic.location).range) == marked)
    if !label.isEmpty { #expect(diagnostic.label?.english == label) }
  }

  @Test func `a broken experiment is reported once, not again by everything that names it`() throws {
    let (_, diagnostics, _) = try verify(
      "```yaml experiment b\nkind: sotfmax\n```\n\n[1](#b.entropy)\n\n[2](#b.x)")
    #expect(diagnostics.map(\.code) == [.unknownKind])
    #expect(diagnostics.first?.label?.english == "did you mean ‘softmax’?")
  }

  @Test func `errors of neighbours in a trend are added up`() {
    let trend = ClaimJudge.judge(
      .increases, over: [Quantity(1, standardError: 0.3), Quantity(2, standardError: 0.4)])
    #expect(trend.isTrue)
    #expect(abs(trend.margin - 1 / 0.7) < 1e-12)
    #expect(trend.outcome == .inconclusive)
  }

  @Test func `one step that clearly goes the wrong way refutes a trend`() {
    let values = [
      Quantity(1, standardError: 0.01), Quantity(0.5, standardError: 0.01),
      Quantity(0.501, standardError: 0.01),
    ]
    #expect(ClaimJudge.judge(.increases, over: values).outcome == .refuted)
  }

  @Test func `a unit that is written must be that of the other side`() throws {
    #expect(try outcome("s.normalCoverage[1σ] > 0.6 share").1.isEmpty)
    for check in [
      "s.normalCoverage[1σ] > 0.6 nat", "e.upper[1σ,√d] > 2 nat", "2 keys < e.upper[1σ,√d]",
      "max(e.upper[1σ,√d], 2 share) > 1", "e.upper[1σ,√d] in [2 nat, 3 nat]",
    ] {
      #expect(try outcome(check) == (nil, [.invalidClaim]), "\(check)")
    }
    // Logarithms have no unit, and entropies are compared with them.
    #expect(try outcome("e.upper[1σ,√d] > s.normalCoverage[1σ]").1.isEmpty)
  }

  @Test func `a range whose ends are the wrong way round is refused, not refuted`() throws {
    #expect(try outcome("e.upper[1σ,√d] in [3, 2]", expect: "refuted") == (nil, [.invalidClaim]))
    #expect(try outcome("e.upper[1σ,√d] in [2, 3]").1.isEmpty)
  }

  @Test func `two relations in one claim are refused as such, and what is quoted is short`() throws {
    let (_, diagnostics, _) = try verify(
      "```yaml claims\n- id: c\n  check: e.upper[1σ,√d] > 2 and e.upper[1σ,√d] < 3\n```")
    #expect(diagnostics.first?.summary.english.contains("the relation ends before this") == true)
    let (_, others, _) = try verify(
      "```yaml claims\n- id: c\n  check: e.upper[1σ,√d] > \(String(repeating: "1", count: 1500))\n```")
    #expect(others.allSatisfy { $0.summary.english.count < 200 })
  }
}
