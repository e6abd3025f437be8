import Diagnostics
import MarkdownTree
import Wording

/// Finds the parts of a note that are computed and checked: directives in code blocks, checked numbers in links.
struct DirectiveCollector {
  let path: String
  private(set) var directives: [Directive] = []
  private(set) var checkedNumbers: [CheckedNumber] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var firstUses: [String: Range<Int>] = [:]

  private static let words = ["experiment", "claims"]

  init(path: String) {
    self.path = path
  }

  private func at(_ range: Range<Int>) -> SourceLocation { SourceLocation(path: path, range: range) }

  private mutating func report(
    _ code: DiagnosticCode, _ summary: String, at range: Range<Int>, help: String? = nil
  ) {
    diagnostics.append(Diagnostic(code, summary, at: at(range), help: help))
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
          .unknownDirective, "‘\(code.info)’ is no directive, and the block would be shown as code",
          at: infoRange,
          help: "write ```yaml experiment NAME or ```yaml claims")
      }
      return
    }
    switch words.dropFirst().first {
    case nil: return
    case "experiment"?: visitExperiment(code, id: Array(words.dropFirst(2)), infoRange)
    case "claims"?: visitClaims(code, rest: Array(words.dropFirst(2)), infoRange)
    case let word?: visitUnknown(word, infoRange)
    }
  }

  private mutating func visitUnknown(_ written: String, _ infoRange: Range<Int>) {
    let word = String(written.prefix { $0.isLetter || $0 == "-" })
    guard word == written || Self.words.contains(word) else { return }
    let nearest = Spelling.nearest(to: word, among: Self.words)
    diagnostics.append(
      Diagnostic(
        .unknownDirective, severity: nearest == nil ? .warning : .error, "no directive is called ‘\(word)’",
        at: at(infoRange), label: nearest.map { "did you mean ‘\($0)’?" },
        help: nearest == nil
          ? "the block is shown as code; the directives are: \(Self.words.joined(separator: ", "))" : nil))
  }

  private mutating func visitExperiment(_ code: CodeBlock, id words: [String], _ infoRange: Range<Int>) {
    guard let id = words.first else {
      report(
        .missingIdentifier, "this experiment has no id", at: infoRange,
        help: "write ```yaml experiment NAME; the text refers to it as NAME.measure")
      return
    }
    let idRange = range(ofWord: id, in: infoRange, code)
    if words.count > 1 {
      report(.invalidIdentifier, "an experiment has one id; ‘\(words[1])’ is one too many", at: infoRange)
    }
    if let problem = Identifier.problem(with: id) {
      report(.invalidIdentifier, "‘\(id)’ can't be an id: \(problem)", at: idRange)
      return
    }
    guard claim(id, at: idRange) else { return }
    var directive = ExperimentDirective(
      id: Located(id, range: idRange), body: nil, isReadable: true, source: code.literal, range: code.range)
    do {
      directive.body = try YAMLReader.read(embedded(code))
    } catch {
      diagnostics.append(error)
      directive.isReadable = false
    }
    directives.append(.experiment(directive))
  }

  private mutating func visitClaims(_ code: CodeBlock, rest: [String], _ infoRange: Range<Int>) {
    if let extra = rest.first {
      report(
        .invalidIdentifier, "‘claims’ takes no name; each claim has its own id (‘\(extra)’ is too much)",
        at: infoRange)
    }
    do {
      let body = try YAMLReader.read(embedded(code))
      let (claims, problems) = ClaimsReader.read(body, at: at(code.range))
      diagnostics += problems
      let unique = claims.filter { claim($0.id.value, at: $0.id.range) }
      directives.append(.claims(ClaimsDirective(claims: unique, range: code.range)))
    } catch {
      diagnostics.append(error)
    }
  }

  /// Takes an id for this note; reports the second who wants it.
  private mutating func claim(_ id: String, at range: Range<Int>) -> Bool {
    guard let first = firstUses[id] else {
      firstUses[id] = range
      return true
    }
    diagnostics.append(
      Diagnostic(
        .duplicateIdentifier, "‘\(id)’ names two things in this note", at: at(range),
        notes: [Diagnostic.Note("the first one stands here", at: at(first))],
        help: "experiments and claims share their names, as both are anchors of the page"))
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
    guard let reference = MeasureReference(target: link.destination) else { return }
    let destination = link.destinationRange ?? link.range
    let text = link.children.plainText
    let isEmpty = text.allSatisfy(\.isWhitespace)
    let literal = NumberLiteral(text)
    if literal == nil, !isEmpty {
      report(
        .unreadableNumber, "‘\(text.prefix(60))’ links to a measure but is no number",
        at: link.textRange ?? link.range,
        help: "put only the number between the brackets, or leave them empty to have it filled in")
      return
    }
    var tolerance = Tolerance.asWritten
    if let title = link.title {
      guard let read = Tolerance(title: title) else {
        report(
          .invalidTolerance, "‘\(title.prefix(60))’ is no tolerance", at: link.titleRange ?? link.range,
          help: "write \"±0.01\", \"1%\" or \"exact\", or leave it away")
        return
      }
      tolerance = read
    }
    checkedNumbers.append(
      CheckedNumber(
        reference: reference, literal: literal, text: isEmpty ? "" : text, tolerance: tolerance,
        range: link.range,
        textRange: link.textRange ?? link.range, destinationRange: destination))
  }
}
