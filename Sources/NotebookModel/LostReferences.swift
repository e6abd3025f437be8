import Diagnostics
import MarkdownTree
import Wording

/// Finds text that was meant as a checked number and is none, because Markdown does not take it for a link.
///
/// A blank in a link's target ends the link: `[9](#e.m[none, 64])` is plain text, would be shown as such, and nothing would
/// be checked.
struct LostReferences {
  private let source: SourceFile
  /// Where targets of links begin.
  private let targets: Set<Int>
  private let codeSpans: [Range<Int>]
  private var diagnostics: [Diagnostic] = []

  static func find(in document: MarkdownDocument, _ index: DocumentIndex, of source: SourceFile)
    -> [Diagnostic]
  {
    var finder = LostReferences(
      source: source, targets: Set(index.links.compactMap { $0.destinationRange?.lowerBound }),
      codeSpans: index.codeSpans.map(\.range))
    for block in document.blocks { finder.visit(block) }
    return finder.diagnostics
  }

  private init(source: SourceFile, targets: Set<Int>, codeSpans: [Range<Int>]) {
    self.source = source
    self.targets = targets
    self.codeSpans = codeSpans
  }

  private mutating func visit(_ block: Block) {
    switch block {
    case .heading(let heading): search(heading.range)
    case .paragraph(let paragraph): search(paragraph.range)
    case .quote(let quote): for block in quote.blocks { visit(block) }
    case .list(let list): for item in list.items { for block in item.blocks { visit(block) } }
    case .table(let table):
      for row in [table.header] + table.rows { for cell in row.cells { search(cell.range) } }
    case .footnoteDefinition(let definition): for block in definition.blocks { visit(block) }
    case .code, .html, .thematicBreak: break
    }
  }

  private mutating func search(_ range: Range<Int>) {
    let bytes = source.bytes
    var offset = range.lowerBound
    while offset + 1 < range.upperBound {
      guard bytes[offset] == UInt8(ascii: "]"), bytes[offset + 1] == UInt8(ascii: "(") else {
        offset += 1
        continue
      }
      let start = offset + 2
      offset = start
      let rest = bytes[start..<min(range.upperBound, start + 300)]
      guard let end = rest.firstIndex(where: { [UInt8(ascii: ")"), 0x0A, 0x0D].contains($0) }),
        bytes[end] == UInt8(ascii: ")"), !targets.contains(start)
      else { continue }
      let text = source.text(start..<end)
      let references = MeasureReference.references(target: Self.withoutTitle(text))
      guard text.contains(" "), let reference = references.first,
        !codeSpans.contains(where: { $0.contains(start) })
      else { continue }
      let title = text.hasSuffix("\"") ? text.firstIndex(of: "\"").map { " " + text[$0...] } ?? "" : ""
      let target = "\(reference.note == nil ? "#" : "")\(reference.text)".replacing(" ", with: "")
      diagnostics.append(
        Diagnostic(
          .lostReference,
          LocalText("this is no link, because a blank ends a link's target", "这不是链接：空格会使链接地址到此为止"),
          at: SourceLocation(path: source.path, range: start..<end),
          label: LocalText("nothing is checked here", "这里什么也没有核对"),
          help: LocalText(
            "write it without blanks, ‘\(target)’, or in angle brackets, ‘<\(text)>’",
            "去掉空格，写 ‘\(target)’，或放在尖括号里，‘<\(text)>’"),
          fixes: references.count == 1
            ? [.writing(target + title, at: SourceLocation(path: source.path, range: start..<end))] : []))
    }
  }

  /// The target without a title in quotation marks behind it.
  private static func withoutTitle(_ text: String) -> String {
    guard text.hasSuffix("\""), let quote = text.firstIndex(of: "\"") else { return text }
    return String(text[..<quote]).trimmingBlanks
  }
}
