import Diagnostics
import MarkdownTree
import Wording

/// Finds the parts of a note that are computed and checked: directives in code blocks, checked numbers in links.
struct DirectiveCollector {
  let path: String
  private(set) var directives: [Directive] = []
  private(set) var checkedNumbers: [CheckedNumber] = []
  private var ownDiagnostics: [Diagnostic] = []
  private var numberReader: CheckedNumberReader
  private var firstUses: [String: Range<Int>] = [:]

  private static let words = ["experiment", "claims", "figure", "table"]

  init(source: SourceFile) {
    path = source.path
    numberReader = CheckedNumberReader(path: source.path, bytes: source.bytes)
  }

  var diagnostics: [Diagnostic] { ownDiagnostics + numberReader.diagnostics }

  private func at(_ range: Range<Int>) -> SourceLocation { SourceLocation(path: path, range: range) }

  private mutating func report(
    _ code: DiagnosticCode, _ summary: LocalText, at range: Range<Int>, help: LocalText? = nil
  ) {
    ownDiagnostics.append(Diagnostic(code, summary, at: at(range), help: help))
  }

  // MARK: Directives

  mutating func visit(_ code: CodeBlock) {
    guard let infoRange = code.infoRange else { return }
    let words = code.info.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else { return }
    guard ["yaml", "yml"].contains(first) else {
      // `{yaml} claims`, `YAML claims`, `yaml,claims`, `experiment x`: meant as a directive, and would be shown as code.
      let parts = code.info.lowercased().split { !($0.isLetter || $0 == "-") }.map(String.init)
      if Self.words.contains(parts.first ?? "")
        || ["yaml", "yml"].contains(parts.first ?? "")
          && parts.dropFirst().contains(where: Self.words.contains)
      {
        report(
          .unknownDirective,
          LocalText(
            "‘\(code.info)’ is no directive, and the block would be shown as code",
            "‘\(code.info)’ 不是指令，这一块会被当作代码显示"),
          at: infoRange,
          help: LocalText(
            "write ```yaml experiment NAME, ```yaml claims, ```yaml figure NAME or ```yaml table NAME",
            "写 ```yaml experiment 名字、```yaml claims、```yaml figure 名字 或 ```yaml table 名字"))
      }
      return
    }
    switch words.dropFirst().first {
    case nil: return
    case "experiment"?: visitExperiment(code, id: Array(words.dropFirst(2)), infoRange)
    case "claims"?: visitClaims(code, rest: Array(words.dropFirst(2)), infoRange)
    case "figure"?:
      if let directive = composition(
        "figure", LocalText("figure", "图"), code, id: Array(words.dropFirst(2)), infoRange)
      {
        directives.append(.figure(directive))
      }
    case "table"?:
      if let directive = composition(
        "table", LocalText("table", "表"), code, id: Array(words.dropFirst(2)), infoRange)
      {
        directives.append(.table(directive))
      }
    case let word?: visitUnknown(word, code, infoRange)
    }
  }

  private mutating func visitUnknown(_ written: String, _ code: CodeBlock, _ infoRange: Range<Int>) {
    let word = String(written.prefix { $0.isLetter || $0 == "-" })
    guard word == written || Self.words.contains(word) else { return }
    let nearest = Spelling.nearest(to: word, among: Self.words)
    ownDiagnostics.append(
      Diagnostic(
        .unknownDirective, severity: nearest == nil ? .warning : .error,
        LocalText("no directive is called ‘\(word)’", "没有叫 ‘\(word)’ 的指令"),
        at: at(infoRange), label: .didYouMean(nearest),
        help: nearest == nil
          ? LocalText("the block is shown as code; the directives are: ", "这一块当作代码显示；指令有：")
            + .list(Self.words)
          : nil,
        fixes: word == written
          ? Fix.spelling(word, at: at(range(ofWord: word, in: infoRange, code)), among: Self.words) : []))
  }

  private mutating func visitExperiment(_ code: CodeBlock, id words: [String], _ infoRange: Range<Int>) {
    guard
      let id = identifier(
        words, of: LocalText("experiment", "实验"), code, infoRange,
        help: LocalText(
          "write ```yaml experiment NAME; the text refers to it as NAME.measure",
          "写 ```yaml experiment 名字；正文用 ‘名字.度量’ 引用它"))
    else { return }
    let (body, isReadable) = body(of: code)
    visitWords(["title"], of: body)
    directives.append(
      .experiment(
        ExperimentDirective(
          id: id, body: body, isReadable: isReadable, source: code.literal, range: code.range)))
  }

  private mutating func composition(
    _ word: String, _ noun: LocalText, _ code: CodeBlock, id words: [String], _ infoRange: Range<Int>
  ) -> CompositionDirective? {
    let anchor = word == "figure" ? PageAnchor.figure("NAME") : PageAnchor.table("NAME")
    guard
      let id = identifier(
        words, of: noun, code, infoRange,
        help: LocalText(
          "write ```yaml \(word) NAME; the text refers to it as #\(anchor)",
          "写 ```yaml \(word) 名字；正文用 #\(anchor.replacing("NAME", with: "名字")) 引用它"))
    else { return nil }
    let (body, isReadable) = body(of: code)
    visitWords(["title", "subtitle", "caption"], of: body)
    return CompositionDirective(id: id, body: body, isReadable: isReadable, range: code.range)
  }

  /// The one id behind a directive's word, taken for this note; `nil` where there is none or it is no good.
  private mutating func identifier(
    _ words: [String], of noun: LocalText, _ code: CodeBlock, _ infoRange: Range<Int>, help: LocalText
  ) -> Located<String>? {
    guard let id = words.first else {
      report(
        .missingIdentifier,
        LocalText("this \(noun.english) has no id", "这个\(noun.chinese)没有名字"), at: infoRange, help: help)
      return nil
    }
    let idRange = range(ofWord: id, in: infoRange, code)
    if words.count > 1 {
      report(
        .invalidIdentifier,
        LocalText(
          "the \(noun.english) has one id; ‘\(words[1])’ is one too many",
          "一个\(noun.chinese)只有一个名字，‘\(words[1])’ 是多余的"), at: infoRange)
    }
    if let problem = Identifier.problem(with: id) {
      report(.invalidIdentifier, Identifier.refusal(of: id, because: problem), at: idRange)
      return nil
    }
    return claim(id, at: idRange) ? Located(id, range: idRange) : nil
  }

  /// The YAML of a block; what is wrong with it is reported.
  private mutating func body(of code: CodeBlock) -> (YAMLValue?, isReadable: Bool) {
    do {
      return (try YAMLReader.read(embedded(code)), true)
    } catch {
      ownDiagnostics.append(error)
      return (nil, false)
    }
  }

  private mutating func visitClaims(_ code: CodeBlock, rest: [String], _ infoRange: Range<Int>) {
    if let extra = rest.first {
      report(
        .invalidIdentifier,
        LocalText(
          "‘claims’ takes no name; each claim has its own id (‘\(extra)’ is too much)",
          "‘claims’ 后面不写名字，每条论断有自己的 id（‘\(extra)’ 是多余的）"),
        at: infoRange)
    }
    do {
      let body = try YAMLReader.read(embedded(code))
      let (claims, problems) = ClaimsReader.read(body, at: at(code.range))
      ownDiagnostics += problems
      let unique = claims.filter { claim($0.id.value, at: $0.id.range) }
      checkedNumbers += unique.flatMap(\.numbers)
      directives.append(.claims(ClaimsDirective(claims: unique, range: code.range)))
    } catch {
      ownDiagnostics.append(error)
    }
  }

  /// Takes an id for this note; reports the second who wants it.
  private mutating func claim(_ id: String, at range: Range<Int>) -> Bool {
    guard let first = firstUses[id] else {
      firstUses[id] = range
      return true
    }
    ownDiagnostics.append(
      Diagnostic(
        .duplicateIdentifier, LocalText("‘\(id)’ names two things in this note", "‘\(id)’ 在这篇笔记里指两样东西"),
        at: at(range),
        notes: [Diagnostic.Note(LocalText("the first one stands here", "第一个在这里"), at: at(first))],
        help: LocalText(
          "experiments, claims, figures and tables share their names, as all are anchors of the page",
          "实验、论断、图、表的名字不能相同：它们都是页面上的锚点")))
    return false
  }

  private func embedded(_ code: CodeBlock) -> EmbeddedText {
    var lines = code.literal.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    let count = min(lines.count, code.lines.count)
    // Spaces that stand for a part of a tab are in no file; the offset is moved so that columns come out right.
    let offsets = code.lines.prefix(count).map { $0.source.lowerBound - $0.tabSpaces }
    return EmbeddedText(
      path: path, lines: Array(lines.prefix(count)), lineOffsets: offsets, range: code.range)
  }

  private func range(ofWord word: String, in infoRange: Range<Int>, _ code: CodeBlock) -> Range<Int> {
    // The info string rarely holds escapes; where it does, all of it is meant.
    guard code.info.utf8.count == infoRange.count, let found = code.info.ranges(of: word).last else {
      return infoRange
    }
    let start =
      infoRange.lowerBound + code.info.utf8.distance(from: code.info.startIndex, to: found.lowerBound)
    return start..<start + word.utf8.count
  }

  // MARK: Checked numbers

  mutating func visit(_ link: Link) {
    checkedNumbers += numberReader.read(link)
  }

  /// Numbers in the words that an author gives to figures and tables.
  private mutating func visitWords(_ keys: [String], of body: YAMLValue?) {
    guard case .mapping(let entries)? = body?.content else { return }
    let values = entries.filter { keys.contains($0.key) }.map(\.value)
    for item in values.flatMap({ if case .sequence(let items) = $0.content { items } else { [$0] } }) {
      guard let text = item.text else { continue }
      let (read, problems) = CheckedText.read(Located(text, range: item.range, map: item.map), path: path)
      ownDiagnostics += problems
      checkedNumbers += read.numbers
    }
  }
}
