/// Prints a tree with its positions, one node a line: for golden tests, and for looking at.
public struct TreeDump: Sendable {
  private var lines: [String] = []
  private var depth = 0

  private init() {}

  /// The tree of a document, a line feed at its end.
  public static func dump(_ document: MarkdownDocument) -> String {
    var dump = TreeDump()
    dump.add("document", document.range) { dump in
      for block in document.blocks { dump.visit(block) }
    }
    for footnote in document.unusedFootnotes {
      dump.add("unused footnote", footnote.range, quoted(footnote.label))
    }
    return dump.lines.joined(separator: "\n") + "\n"
  }

  private mutating func add(
    _ name: String, _ range: Range<Int>, _ facts: String..., children: (inout TreeDump) -> Void = { _ in }
  ) {
    let indent = String(repeating: "  ", count: depth)
    let facts = facts.filter { !$0.isEmpty }.map { " " + $0 }.joined()
    lines.append("\(indent)\(name) \(Self.text(range))\(facts)")
    depth += 1
    children(&self)
    depth -= 1
  }

  private static func text(_ range: Range<Int>) -> String { "\(range.lowerBound)..<\(range.upperBound)" }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars { result += scalar.escaped(asASCII: false) }
    return result + "\""
  }

  private mutating func visit(_ block: Block) {
    switch block {
    case .heading(let heading):
      add("heading", heading.range, "level=\(heading.level)") { $0.visit(heading.inlines) }
    case .paragraph(let paragraph): add("paragraph", paragraph.range) { $0.visit(paragraph.inlines) }
    case .quote(let quote):
      add("quote", quote.range) { dump in for block in quote.blocks { dump.visit(block) } }
    case .list(let list): visit(list)
    case .code(let code):
      let info = code.infoRange.map { "info=\(Self.text($0)) \(Self.quoted(code.info))" } ?? ""
      add(code.isFenced ? "fenced code" : "indented code", code.range, info) { dump in
        for (index, line) in code.lines.enumerated() {
          let end =
            index + 1 < code.lines.count ? code.lines[index + 1].literalOffset : code.literal.utf8.count
          let bytes = code.literal.utf8.dropFirst(line.literalOffset).prefix(end - line.literalOffset)
          dump.add(
            "line", line.source, line.tabSpaces > 0 ? "tab=\(line.tabSpaces)" : "",
            Self.quoted(String(decoding: bytes, as: UTF8.self)))
        }
      }
    case .html(let html): add("html", html.range, Self.quoted(html.literal))
    case .thematicBreak(let thematicBreak): add("thematic break", thematicBreak.range)
    case .table(let table):
      let alignments = table.alignments.map { $0?.rawValue ?? "none" }.joined(separator: ",")
      add("table", table.range, alignments) { dump in
        for (index, row) in ([table.header] + table.rows).enumerated() {
          dump.add(index == 0 ? "header" : "row", row.range) { dump in
            for cell in row.cells { dump.add("cell", cell.range) { $0.visit(cell.inlines) } }
          }
        }
      }
    case .footnoteDefinition(let definition):
      add(
        "footnote", definition.range, "number=\(definition.number)",
        "references=\(definition.referenceCount)",
        Self.quoted(definition.label)
      ) { dump in for block in definition.blocks { dump.visit(block) } }
    }
  }

  private mutating func visit(_ list: ListBlock) {
    let kind: String
    switch list.kind {
    case .bullet: kind = "bullet"
    case .ordered(let start, let delimiter): kind = "ordered start=\(start)\(delimiter.rawValue)"
    }
    add("list", list.range, kind, list.isTight ? "tight" : "loose") { dump in
      for item in list.items {
        let task = item.task.map { "task=\(Self.text($0.range)) \($0.isDone ? "done" : "open")" } ?? ""
        dump.add("item", item.range, "marker=\(Self.text(item.markerRange))", task) { dump in
          for block in item.blocks { dump.visit(block) }
        }
      }
    }
  }

  private mutating func visit(_ inlines: [Inline]) {
    for inline in inlines {
      switch inline {
      case .text(let text): add("text", text.range, Self.quoted(text.literal))
      case .softBreak(let end): add("soft break", end.range)
      case .hardBreak(let end): add("hard break", end.range)
      case .code(let code): add("code", code.range, Self.quoted(code.literal))
      case .html(let html): add("html", html.range, Self.quoted(html.literal))
      case .emphasis(let span): add("emphasis", span.range) { $0.visit(span.children) }
      case .strong(let span): add("strong", span.range) { $0.visit(span.children) }
      case .strikethrough(let span): add("strikethrough", span.range) { $0.visit(span.children) }
      case .link(let link):
        add("link", link.range, Self.facts(link.destination, link.title, link.source)) {
          $0.visit(link.children)
        }
      case .image(let image):
        add("image", image.range, Self.facts(image.destination, image.title, image.source)) {
          $0.visit(image.children)
        }
      case .footnoteReference(let reference):
        add("footnote reference", reference.range, "number=\(reference.number)", Self.quoted(reference.label))
      }
    }
  }

  private static func facts(_ destination: String, _ title: String?, _ source: LinkSource?) -> String {
    let written: String
    switch source {
    case .inline(let text, let destination, let title):
      written =
        "inline text=\(Self.text(text)) destination=\(Self.text(destination))"
        + (title.map { " title=\(Self.text($0))" } ?? "")
    case .reference(let text, let label):
      written = "reference text=\(Self.text(text))" + (label.map { " label=\(Self.text($0))" } ?? "")
    case .autolink(let text): written = "autolink text=\(Self.text(text))"
    case nil: written = "unknown"
    }
    return written + " " + quoted(destination) + (title.map { " " + quoted($0) } ?? "")
  }
}
