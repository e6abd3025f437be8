import AttentionKernel
import Claims
import Diagnostics
import Experiments
import MarkupWriter
import NotebookModel
import Wording

/// Compares a published site with what its record gives when it is planned, run and verified again.
public struct SiteAudit {
  private let record: PublishedRecord
  private let map: SiteMap
  private let results: ExperimentResults
  private let verification: Verification

  /// An audit of a record.
  ///
  /// - Parameters:
  ///   - documents: The record's notes, read.
  ///   - results: What their experiments gave: now, or as published.
  ///   - verification: The verdicts on them.
  public init(
    _ record: PublishedRecord, _ documents: [NotebookDocument], _ results: ExperimentResults,
    _ verification: Verification
  ) {
    self.record = record
    map = SiteMap(documents, results)
    self.results = results
    self.verification = verification
  }

  /// What is wrong with the notes as parts of a site.
  public var siteProblems: [Diagnostic] { map.diagnostics }

  /// Compares the record with one made anew.
  ///
  /// - Parameter isRecomputed: Whether the experiments ran again. If not, margins come from values of twelve digits and are
  ///   compared less strictly.
  public func recordDifferences(isRecomputed: Bool) -> [Diagnostic] {
    let linked = Dictionary(
      record.notes.map { ($0.path, $0.linkedNumbers) }, uniquingKeysWith: { first, _ in first })
    // Whether a number is a link in its page is seen in the page only.
    var ordinals: [String: Int] = [:]
    let fresh = SiteRecord.notes(map, results, verification) { _, document in
      ordinals[document.path, default: 0] += 1
      return linked[document.path]?.contains(ordinals[document.path] ?? 0) == true
    }
    var comparison = RecordComparison(path: record.file.path, tolerance: isRecomputed ? 0 : 1e-6)
    comparison.compare(notes: record.json["notes"]?.items ?? [], with: fresh)
    return comparison.diagnostics
  }

  /// Compares the page of a note with what it would show now.
  public func differences(of page: SourceFile, showing note: RecordedNote) -> [Diagnostic] {
    guard map.pages[note.path] != nil else { return [] }
    let words = PageWords(language: note.language)
    let parts = PageParts(words: words, map: map)
    let verdicts = verification[note.path]
    let experiments = results.of(note: note.path)
    let relied = ReliedMeasures(map, verification)
    var expected = parts.claims(verdicts.claims)
    var others = RawMarkup.empty
    for result in experiments {
      func table(isRelied: Bool) -> RawMarkup {
        let measures = result.outcome.measures.filter {
          relied.contains(ResolvedMeasure(experiment: result.planned.key, measure: $0)) == isRelied
        }
        return parts.table(of: measures, in: result)
      }
      expected = expected + table(isRelied: true)
      others = others + table(isRelied: false)
    }
    for (index, verdict) in verdicts.numbers.enumerated() where note.linkedNumbers.contains(index + 1) {
      guard let result = results[verdict.resolved.experiment] else { continue }
      expected = expected + parts.checkedNumber(verdict, ordinal: index + 1, from: note.path, result: result)
    }
    let sentences = words.provenance(
      of: verdicts, experiments: experiments.count, programVersion: record.program,
      contract: record.numericContract)
    var audit = PageAudit(page: page)
    audit.compare(with: expected, mayHold: others)
    audit.compareClaimLinks { address in outcome(at: address, from: note) }
    audit.require(sentences)
    return audit.diagnostics
  }

  /// The verdict on the claim at an address in a note's page.
  private func outcome(at address: String, from note: RecordedNote) -> ClaimVerdict.Outcome? {
    let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let page = PercentEncoding.decoded(parts[0]),
      let id = PercentEncoding.decoded(parts[1])
    else { return nil }
    let path = page.isEmpty ? note.path : record.notes.first { $0.page == page }?.path
    return path.flatMap { verification[$0].claims.first { $0.statement.id.value == id }?.outcome }
  }

  /// The pages that list all claims.
  public var claimsPages: [String] {
    ClaimsPage.languages(of: map, site: record.language).map {
      ClaimsPage.path(in: $0, site: record.language)
    }
  }

  /// Compares a page that lists all claims with what it would show now.
  public func differences(ofClaimsPage page: SourceFile) -> [Diagnostic] {
    let pages = map.order.compactMap { map.pages[$0] }.filter {
      !verification[$0.document.path].claims.isEmpty
    }
    let expected = pages.reduce(RawMarkup.empty) { markup, page in
      let parts = PageParts(words: PageWords(language: page.document.language), map: map)
      return markup + parts.listing(verification[page.document.path].claims, of: page)
    }
    var audit = PageAudit(page: page)
    audit.compare(with: expected)
    return audit.diagnostics
  }
}

/// Compares what a page says with what it should.
struct PageAudit {
  private let page: SourceFile
  private let reader: PageReader
  private(set) var diagnostics: [Diagnostic] = []

  init(page: SourceFile) {
    self.page = page
    reader = PageReader(page.bytes)
  }

  private mutating func report(_ summary: LocalText, at range: Range<Int>, label: LocalText? = nil) {
    diagnostics.append(
      Diagnostic(
        .pageDiffers, summary, at: SourceLocation(path: page.path, range: range), label: label,
        help: LocalText(
          "the page was changed after it was built, or another version of the program built it; build it again",
          "页面在建成之后被改动过，或由另一版本的程序生成；请重新构建")))
  }

  /// What an element is known by: its id; a checked number by the evidence that describes it.
  private static func key(of element: PageReader.Element) -> String? {
    if element.attributes["data-value"] != nil {
      return element.attributes["aria-describedby"].map { "value of \($0)" }
    }
    return element.id
  }

  /// Every element of `expected` must be in the page once, with the same text; what it has of `others` too.
  ///
  /// What else the page marks as checked, or gives a verdict on, nobody verified.
  mutating func compare(with expected: RawMarkup, mayHold others: RawMarkup = .empty) {
    var wanted = PageReader(Array(expected.text.utf8)).elements
    var found: [String: PageReader.Element] = [:]
    var twice: Set<String> = []
    for element in reader.elements {
      guard let key = Self.key(of: element) else { continue }
      if found.updateValue(element, forKey: key) != nil { twice.insert(key) }
    }
    wanted += PageReader(Array(others.text.utf8)).elements.filter { element in
      Self.key(of: element).map { found[$0] != nil } ?? false
    }
    var changed: Set<String> = []
    for element in wanted {
      guard let key = Self.key(of: element), !Self.isAround(element) else { continue }
      guard let there = find(key, element, in: found, twice) else { continue }
      if !isEqual(there, element, called: Self.name(of: element, key)) { changed.insert(key) }
    }
    // A number's element holds the number and its evidence; what is wrong with these was said.
    for element in wanted where Self.isAround(element) {
      guard let key = element.id, let there = find(key, element, in: found, twice) else { continue }
      let evidence = key.replacing("number.", with: "evidence.")
      if changed.isDisjoint(with: [evidence, "value of \(evidence)"]) {
        _ = isEqual(there, element, called: Self.name(of: element, key))
      }
    }
    let known = Set(wanted.compactMap(\.id))
    for element in reader.elements where Self.isMarked(element) {
      if let id = element.id, known.contains(id) { continue }
      report(
        LocalText("the page marks something as verified that the record does not know", "页面把数据里没有的内容标作已核对"),
        at: element.range)
    }
  }

  /// Whether an element says of itself that it was verified.
  private static func isMarked(_ element: PageReader.Element) -> Bool {
    element.classes.contains("checked")
      || element.name == "li" && element.classes.contains { $0.hasPrefix("is-") }
  }

  private static func isAround(_ element: PageReader.Element) -> Bool { element.classes.contains("checked") }

  private mutating func find(
    _ key: String, _ element: PageReader.Element, in found: [String: PageReader.Element], _ twice: Set<String>
  ) -> PageReader.Element? {
    let name = Self.name(of: element, key)
    guard let there = found[key] else {
      report(LocalText("\(name.english) is not in the page", "页面里没有\(name.chinese)"), at: 0..<0)
      return nil
    }
    if twice.contains(key) {
      report(LocalText("\(name.english) is in the page twice", "页面里有两个\(name.chinese)"), at: there.range)
    }
    return there
  }

  private mutating func isEqual(
    _ there: PageReader.Element, _ element: PageReader.Element, called name: LocalText
  ) -> Bool {
    var isEqual = true
    if there.text != element.text {
      isEqual = false
      let (says, should) = Self.difference(there.text, element.text)
      report(
        LocalText("\(name.english) says ‘\(says)’", "\(name.chinese)写着 ‘\(says)’"), at: there.range,
        label: LocalText("should be ‘\(should)’", "应为 ‘\(should)’"))
    }
    for key in ["data-value", "href"] where there.attributes[key] != element.attributes[key] {
      isEqual = false
      let should = element.attributes[key] ?? ""
      report(
        LocalText("the ‘\(key)’ of \(name.english) was changed", "\(name.chinese)的 ‘\(key)’ 被改动过"),
        at: there.range, label: LocalText("should be ‘\(should)’", "应为 ‘\(should)’"))
    }
    return isEqual
  }

  /// A link to a claim shows the claim's verdict.
  ///
  /// - Parameter verdict: The verdict on what an address names; `nil` where that is no claim.
  mutating func compareClaimLinks(_ verdict: (_ address: String) -> ClaimVerdict.Outcome?) {
    for element in reader.elements where element.classes.contains("claim-link") {
      let outcome = element.attributes["href"].flatMap(verdict)
      let mark = outcome.map(PageWords.mark)
      if let outcome, element.classes.contains("is-\(outcome.rawValue)"),
        element.attributes["data-mark"] == mark
      {
        continue
      }
      report(
        LocalText(
          "the link ‘\(element.text.prefix(60))’ shows a verdict that its claim does not have",
          "链接 ‘\(element.text.prefix(60))’ 显示的结论与论断不符"),
        at: element.range, label: outcome.map { LocalText(same: $0.rawValue) })
    }
  }

  /// Every sentence must stand in the page.
  mutating func require(_ sentences: [String]) {
    for sentence in sentences {
      let words = PageReader.squashed(Array(sentence.utf8)[...])
      guard !reader.text.contains(words) else { continue }
      report(
        LocalText("the page does not say how far to trust it, or says it otherwise", "页面没有如实说明可信程度"),
        at: 0..<0,
        label: LocalText("should say ‘\(words.prefix(60))…’", "应写着 ‘\(words.prefix(60))……’"))
    }
  }

  private static func name(of element: PageReader.Element, _ key: String) -> LocalText {
    let number = key.split(separator: ".").last.map(String.init) ?? ""
    if key.hasPrefix("value of ") { return LocalText("checked number \(number)", "第 \(number) 个受查数字") }
    if key.hasPrefix("number.") || key.hasPrefix("evidence.") {
      return LocalText("the evidence of checked number \(number)", "第 \(number) 个受查数字的证据")
    }
    if element.name == "tr" { return LocalText("the measure ‘\(key)’", "度量 ‘\(key)’") }
    if element.name == "li" { return LocalText("the claim ‘\(key)’", "论断 ‘\(key)’") }
    return LocalText("‘\(key)’", " ‘\(key)’")
  }

  /// Two texts around the place where they part.
  private static func difference(_ left: String, _ right: String) -> (String, String) {
    let common = zip(left, right).prefix { $0 == $1 }.count
    let start = max(0, common - 12)
    func part(_ text: String) -> String {
      let rest = text.dropFirst(start)
      return (start > 0 ? "…" : "") + rest.prefix(40) + (rest.count > 40 ? "…" : "")
    }
    return (part(left), part(right))
  }
}
