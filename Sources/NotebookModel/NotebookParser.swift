import Diagnostics
import MarkdownTree
import Wording

/// Reads notes.
public struct NotebookParser: Sendable {
  private let siteLanguage: Language

  /// A parser for the notes of a site.
  ///
  /// - Parameter siteLanguage: The language of notes that name none.
  public init(siteLanguage: Language) {
    self.siteLanguage = siteLanguage
  }

  /// Reads one note and reports all that is wrong with it.
  ///
  /// - Returns: The document as far as it could be read; `nil` where there is no text at all.
  public func parse(_ source: SourceFile) -> (document: NotebookDocument?, diagnostics: [Diagnostic]) {
    if let offset = UTF8Check.firstInvalidOffset(in: source.bytes) {
      let location = SourceLocation(path: source.path, range: offset..<offset + 1)
      return (
        nil,
        [
          Diagnostic(
            .notUTF8, LocalText("this byte is not UTF-8", "这个字节不是 UTF-8"), at: location,
            help: LocalText("save the note as UTF-8", "把笔记存为 UTF-8"))
        ]
      )
    }
    let start = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let blanks: Set<UInt8> = [0x09, 0x0A, 0x0D, 0x20]
    guard source.bytes[start...].contains(where: { !blanks.contains($0) }) else {
      return (
        nil,
        [
          Diagnostic(
            .emptyNote, LocalText("the note is empty", "笔记是空的"),
            at: SourceLocation(path: source.path, range: 0..<0),
            help: LocalText(
              "start with front matter: a line ‘---’, ‘title: …’, ‘date: …’, a line ‘---’; then the text",
              "以头信息开头：一行 ‘---’、‘title: …’、‘date: …’、一行 ‘---’，然后是正文"))
        ]
      )
    }
    let front = FrontMatterBlock.find(in: source, from: start)
    var (frontMatter, diagnostics) = readFrontMatter(front, in: source)
    let language = frontMatter?.language ?? siteLanguage
    let frontMatterNumbers = [frontMatter?.titleText, frontMatter?.summaryText].flatMap { $0?.numbers ?? [] }

    let markdown: MarkdownDocument
    do {
      markdown = try MarkdownDocument(
        parsing: source.bytes, in: front.bodyStart..<source.bytes.count, options: .note)
    } catch {
      diagnostics.append(Self.diagnostic(error, in: source))
      return (nil, diagnostics)
    }
    var collector = DirectiveCollector(source: source)
    let index = markdown.index
    for code in index.codeBlocks { collector.visit(code) }
    for link in index.links { collector.visit(link) }
    diagnostics += LostReferences.find(in: markdown, index, of: source)
    diagnostics += collector.diagnostics
    let document = NotebookDocument(
      source: source, frontMatter: frontMatter, markdown: markdown, directives: collector.directives,
      checkedNumbers: (frontMatterNumbers + collector.checkedNumbers).sorted {
        $0.textRange.lowerBound < $1.textRange.lowerBound
      }, language: language)
    return (document, diagnostics)
  }

  private func readFrontMatter(_ block: FrontMatterBlock, in source: SourceFile) -> (
    FrontMatter?, [Diagnostic]
  ) {
    let location = SourceLocation(path: source.path, range: block.opening)
    let name = source.path.split(separator: "/").last.map(String.init) ?? source.path
    let stem = name.hasSuffix(".md") ? String(name.dropLast(3)) : name
    switch block.state {
    case .missing:
      return (
        nil,
        [
          Diagnostic(
            .frontMatterMissing, LocalText("the note has no front matter", "笔记没有头信息"), at: location,
            help: LocalText(
              "begin with a line ‘---’, then ‘title: …’ and ‘date: …’, then a line ‘---’",
              "先写一行 ‘---’，再写 ‘title: …’ 和 ‘date: …’，再写一行 ‘---’"))
        ]
      )
    case .unclosed:
      return (
        nil,
        [
          Diagnostic(
            .frontMatterUnclosed,
            LocalText("the front matter that begins here is never closed", "从这里开始的头信息没有结束"), at: location,
            help: LocalText("end it with a line ‘---’", "用一行 ‘---’ 结束它"), fixes: Self.closing(source))
        ]
      )
    case .found(let range):
      do {
        let value = try YAMLReader.read(EmbeddedText(file: source, range: range))
        return FrontMatterReader.read(value, at: location, fileStem: stem, siteLanguage: siteLanguage)
      } catch {
        return (nil, [error])
      }
    }
  }

  /// Front matter that is plainly over: lines of ‘key: value’ up to a blank line.
  private static func closing(_ source: SourceFile) -> [Fix] {
    for index in source.lineStarts.indices.dropFirst() {
      let range = source.lineRange(index)
      let line = source.text(range)
      if line.allSatisfy(\.isWhitespace) {
        guard index > 1 else { return [] }
        // The file's own kind of line end.
        let ending = source.text(source.lineRange(0).upperBound..<source.lineStarts[1])
        let place = SourceLocation(path: source.path, range: range.lowerBound..<range.lowerBound)
        return [
          Fix(
            LocalText("put a line ‘---’ here", "在这里加一行 ‘---’"), [Fix.Replacement(place, by: "---" + ending)])
        ]
      }
      guard line.prefixMatch(of: /[A-Za-z]+:( |$)/) != nil else { return [] }
    }
    return []
  }

  private static func diagnostic(_ error: MarkdownError, in source: SourceFile) -> Diagnostic {
    let code: DiagnosticCode
    let help: LocalText
    switch error {
    case .tooLarge: (code, help) = (.noteTooLarge, LocalText("split the note", "把笔记拆开"))
    case .tooDeep:
      (code, help) = (
        .nestedTooDeeply,
        LocalText("a page can't show such depth; take some levels away", "页面显示不了这么深的嵌套，去掉几层")
      )
    case .tooCostly(_, construct: .openBrackets):
      (code, help) = (
        .tooManyBrackets, LocalText("close the brackets, or write them as ‘\\[’", "闭合方括号，或写成 ‘\\[’")
      )
    case .tooCostly:
      (code, help) = (
        .markdownTooCostly, LocalText("split the passage, or put it in a code block", "把这一段拆开，或放进代码块")
      )
    }
    return Diagnostic(
      code, error.summary, at: SourceLocation(path: source.path, range: error.range), help: help)
  }
}

extension NotebookParser {
  /// Where the text of a note begins: behind its front matter, if it has one that is closed.
  public static func textStart(in source: SourceFile) -> Int {
    let block = FrontMatterBlock.find(
      in: source, from: source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    if case .found = block.state { return block.bodyStart }
    return 0
  }
}

/// Where a note's front matter stands.
struct FrontMatterBlock {
  enum State: Equatable {
    case missing
    case unclosed
    /// The lines between the two marks.
    case found(Range<Int>)
  }

  let state: State
  /// The opening mark, or the first line where there is none.
  let opening: Range<Int>
  /// Where the text begins.
  let bodyStart: Int

  static func find(in source: SourceFile, from start: Int) -> FrontMatterBlock {
    let first = start..<source.lineRange(0).upperBound
    guard isMark(source, first, ["---"]) else {
      return FrontMatterBlock(state: .missing, opening: first, bodyStart: start)
    }
    for index in source.lineStarts.indices.dropFirst()
    where isMark(source, source.lineRange(index), ["---", "..."]) {
      let end = index + 1 < source.lineStarts.count ? source.lineStarts[index + 1] : source.bytes.count
      return FrontMatterBlock(
        state: .found(source.lineStarts[1]..<source.lineStarts[index]), opening: first, bodyStart: end)
    }
    // Without a closing mark there is no telling where the text begins; all of it is read as text.
    return FrontMatterBlock(state: .unclosed, opening: first, bodyStart: first.upperBound)
  }

  private static func isMark(_ source: SourceFile, _ range: Range<Int>, _ marks: [String]) -> Bool {
    guard range.count < 100 else { return false }
    var line = source.text(range)
    while line.last == " " || line.last == "\t" { line.removeLast() }
    return marks.contains(line)
  }
}

/// Finds bytes that are no UTF-8.
enum UTF8Check {
  static func firstInvalidOffset(in bytes: [UInt8]) -> Int? {
    if String(validating: bytes, as: UTF8.self) != nil { return nil }
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .emptyInput: return nil
      case .error: return offset
      }
    }
  }
}
