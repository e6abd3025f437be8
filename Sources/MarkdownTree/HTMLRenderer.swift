import MarkupWriter
import Wording

/// Turns a document into HTML.
///
/// The depth of a tree is limited when it is parsed, so recursion over it is.
public struct HTMLRenderer: Sendable {
  /// How the document becomes HTML.
  public let options: HTMLOptions
  private let delegate: (any HTMLRenderingDelegate)?
  /// The how-manieth reference to its footnote each one is, by where it stands.
  private var occurrences: [Int: Int] = [:]

  /// A renderer.
  ///
  /// - Parameter delegate: Replaces chosen nodes; `nil` for none.
  public init(options: HTMLOptions, delegate: (any HTMLRenderingDelegate)? = nil) {
    self.options = options
    self.delegate = delegate
  }

  /// The HTML of a whole document, its footnotes at the end.
  public func markup(of document: MarkdownDocument) -> RawMarkup {
    var renderer = self
    renderer.countReferences(in: document)
    var writer = MarkupWriter()
    renderer.write(document.blocks, tight: false, to: &writer)
    return writer.markup
  }

  /// The HTML of blocks, the delegate asked for each.
  public func markup(of blocks: [Block]) -> RawMarkup {
    var writer = MarkupWriter()
    write(blocks, tight: false, to: &writer)
    return writer.markup
  }

  /// The HTML of inlines, the delegate asked for each.
  public func markup(of inlines: [Inline]) -> RawMarkup {
    var writer = MarkupWriter()
    write(inlines, to: &writer)
    return writer.markup
  }

  /// The HTML of a block as it is without the delegate, who is still asked for everything inside.
  public func defaultMarkup(of block: Block) -> RawMarkup {
    var writer = MarkupWriter()
    writeDefault(block, tight: false, backlink: nil, to: &writer)
    return writer.markup
  }

  /// The HTML of an inline as it is without the delegate, who is still asked for everything inside.
  public func defaultMarkup(of inline: Inline) -> RawMarkup {
    var writer = MarkupWriter()
    writeDefault(inline, to: &writer)
    return writer.markup
  }

  private var isGFM: Bool { options.flavor == .gfm }

  /// References are numbered as they stand in the source, where a footnote may stand before the text that uses it.
  private mutating func countReferences(in document: MarkdownDocument) {
    guard case .footnoteDefinition = document.blocks.last else { return }
    var counts: [Int: Int] = [:]
    let references = document.index.footnoteReferences
    for reference in references.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      counts[reference.number, default: 0] += 1
      occurrences[reference.range.lowerBound] = counts[reference.number]
    }
  }

  // MARK: Blocks

  private func write(_ blocks: [Block], tight: Bool, to writer: inout MarkupWriter) {
    var inFootnotes = false
    for block in blocks {
      if case .footnoteDefinition = block, !inFootnotes {
        openFootnotes(&writer)
        inFootnotes = true
      }
      write(block, tight: tight, backlink: nil, to: &writer)
    }
    if inFootnotes {
      writer.raw(RawMarkup(trusted: "</ol>\n</section>\n"))
    }
  }

  private func write(_ block: Block, tight: Bool, backlink: RawMarkup?, to writer: inout MarkupWriter) {
    if let replacement = delegate?.markup(for: block, using: self) {
      writer.startLine()
      writer.raw(replacement)
      writer.startLine()
    } else {
      writeDefault(block, tight: tight, backlink: backlink, to: &writer)
    }
  }

  /// - Parameters:
  ///   - tight: Whether a paragraph goes without `<p>`, as in a tight list.
  ///   - backlink: What a paragraph that ends a footnote has at its end.
  private func writeDefault(_ block: Block, tight: Bool, backlink: RawMarkup?, to writer: inout MarkupWriter)
  {
    switch block {
    case .heading(let heading):
      let name = Self.headingNames[heading.level - 1]
      writer.startLine()
      open(name, .heading(heading), to: &writer)
      write(heading.inlines, to: &writer)
      close(name, to: &writer)
      writer.newline()
    case .paragraph(let paragraph):
      if tight { return write(paragraph.inlines, to: &writer) }
      writer.startLine()
      open("p", .paragraph(paragraph), to: &writer)
      write(paragraph.inlines, to: &writer)
      if let backlink {
        writer.text(" ")
        writer.raw(backlink)
      }
      close("p", to: &writer)
      writer.newline()
    case .quote(let quote):
      writer.startLine()
      open("blockquote", .quote(quote), to: &writer)
      writer.newline()
      write(quote.blocks, tight: false, to: &writer)
      writer.startLine()
      close("blockquote", to: &writer)
      writer.newline()
    case .list(let list): write(list, to: &writer)
    case .code(let code): write(code, to: &writer)
    case .html(let html):
      writer.startLine()
      writeHTML(html.literal, isBlock: true, to: &writer)
      writer.startLine()
    case .thematicBreak:
      writer.startLine()
      writer.raw(RawMarkup(trusted: isGFM ? "<hr />\n" : "<hr>\n"))
    case .table(let table): write(table, to: &writer)
    case .footnoteDefinition(let definition): write(definition, to: &writer)
    }
  }

  private static let headingNames = ["h1", "h2", "h3", "h4", "h5", "h6"]

  private func write(_ list: ListBlock, to writer: inout MarkupWriter) {
    writer.startLine()
    let name: String
    var attributes = HTMLAttributes()
    switch list.kind {
    case .bullet: name = "ul"
    case .ordered(let start, _):
      name = "ol"
      if start != 1 { attributes.set("start", String(start)) }
    }
    if !isGFM, list.items.contains(where: { $0.task != nil }) { attributes.set("class", "task-list") }
    open(name, .list(list), attributes, to: &writer)
    writer.newline()
    for item in list.items {
      writer.startLine()
      open("li", .item(item), to: &writer)
      if let task = item.task { write(task, to: &writer) }
      write(item.blocks, tight: list.isTight, to: &writer)
      close("li", to: &writer)
      writer.newline()
    }
    close(name, to: &writer)
    writer.newline()
  }

  private func write(_ task: ListItem.Task, to writer: inout MarkupWriter) {
    if isGFM {
      let checked = task.isDone ? " checked=\"\"" : ""
      writer.raw(RawMarkup(trusted: "<input type=\"checkbox\"\(checked) disabled=\"\" /> "))
      return
    }
    let state = task.isDone ? LocalText("done", "已完成") : LocalText("to do", "未完成")
    writer.void(
      "input",
      [
        "type": "checkbox", "disabled": "", "checked": task.isDone ? "" : nil,
        "aria-label": state[options.language],
      ])
    writer.text(" ")
  }

  private func write(_ code: CodeBlock, to writer: inout MarkupWriter) {
    writer.startLine()
    open("pre", .code(code), to: &writer)
    var attributes = HTMLAttributes()
    if !code.info.isEmpty {
      // cmark-gfm takes an info string that begins with a no-break space for one word, as it does every other.
      attributes.set("class", "language-" + code.firstWord)
    }
    open("code", nil, attributes, to: &writer)
    writer.text(code.literal)
    writer.raw(RawMarkup(trusted: "</code></pre>\n"))
  }

  private func write(_ table: TableBlock, to writer: inout MarkupWriter) {
    writer.startLine()
    open("table", .table(table), to: &writer)
    writer.newline()
    writer.raw(RawMarkup(trusted: "<thead>\n"))
    write(table.header, isHeader: true, table.alignments, to: &writer)
    writer.raw(RawMarkup(trusted: "</thead>\n"))
    if !table.rows.isEmpty {
      writer.raw(RawMarkup(trusted: "<tbody>\n"))
      for row in table.rows { write(row, isHeader: false, table.alignments, to: &writer) }
      writer.raw(RawMarkup(trusted: "</tbody>\n"))
    }
    writer.raw(RawMarkup(trusted: "</table>\n"))
  }

  private func write(
    _ row: TableRow, isHeader: Bool, _ alignments: [TableBlock.Alignment?], to writer: inout MarkupWriter
  ) {
    writer.raw(RawMarkup(trusted: "<tr>\n"))
    for (cell, alignment) in zip(row.cells, alignments) {
      let name = isHeader ? "th" : "td"
      var attributes = HTMLAttributes()
      if !isGFM, isHeader { attributes.set("scope", "col") }
      if let alignment {
        if isGFM {
          attributes.set("align", alignment.rawValue)
        } else {
          attributes.set("class", "align-" + alignment.rawValue)
        }
      }
      open(name, isHeader ? .headerCell(cell) : .cell(cell), attributes, to: &writer)
      write(cell.inlines, to: &writer)
      close(name, to: &writer)
      writer.newline()
    }
    writer.raw(RawMarkup(trusted: "</tr>\n"))
  }

  // MARK: Footnotes

  private func openFootnotes(_ writer: inout MarkupWriter) {
    if isGFM {
      writer.raw(RawMarkup(trusted: "<section class=\"footnotes\" data-footnotes>\n<ol>\n"))
    } else {
      writer.startLine()
      writer.open(
        "section",
        [
          "class": "footnotes", "role": "doc-endnotes",
          "aria-label": LocalText("Footnotes", "脚注")[options.language],
        ])
      writer.raw(RawMarkup(trusted: "\n<ol>\n"))
    }
  }

  private func write(_ definition: FootnoteDefinition, to writer: inout MarkupWriter) {
    if isGFM {
      writer.raw(RawMarkup(trusted: "<li id=\"fn-\(Destination.gfm(definition.label).text)\">\n"))
    } else {
      writer.open("li", ["id": "\(options.idPrefix)fn-\(definition.number)"])
      writer.newline()
    }
    let backlink = backlink(of: definition)
    var isWritten = false
    for (index, block) in definition.blocks.enumerated() {
      var ending: RawMarkup?
      if index == definition.blocks.count - 1, case .paragraph = block {
        ending = backlink
        isWritten = true
      }
      write(block, tight: false, backlink: ending, to: &writer)
    }
    if !isWritten {
      writer.raw(backlink)
      writer.newline()
    }
    close("li", to: &writer)
    writer.newline()
  }

  private func backlink(of definition: FootnoteDefinition) -> RawMarkup {
    var writer = MarkupWriter()
    for occurrence in 1...max(1, definition.referenceCount) {
      if occurrence > 1 { writer.text(" ") }
      if isGFM {
        let suffix = occurrence > 1 ? "-\(occurrence)" : ""
        let sup = occurrence > 1 ? "<sup class=\"footnote-ref\">\(occurrence)</sup>" : ""
        writer.raw(
          RawMarkup(
            trusted:
              "<a href=\"#fnref-\(Destination.gfm(definition.label).text)\(suffix)\" class=\"footnote-backref\" "
              + "data-footnote-backref aria-label=\"Back to content\">↩\(sup)</a>"))
      } else {
        let label = LocalText(
          "Back to reference \(definition.number)" + (occurrence > 1 ? "-\(occurrence)" : ""),
          "返回注 \(definition.number) 的引用处" + (occurrence > 1 ? "（第 \(occurrence) 处）" : ""))
        writer.open(
          "a",
          [
            "href": "#" + referenceID(definition.number, occurrence), "class": "footnote-backref",
            "role": "doc-backlink", "aria-label": label[options.language],
          ])
        writer.text("↩\u{FE0E}")
        if occurrence > 1 { writer.element("sup", text: String(occurrence)) }
        writer.close("a")
      }
    }
    return writer.markup
  }

  private func referenceID(_ number: Int, _ occurrence: Int) -> String {
    "\(options.idPrefix)fnref-\(number)" + (occurrence > 1 ? "-\(occurrence)" : "")
  }

  private func write(_ reference: FootnoteReference, to writer: inout MarkupWriter) {
    let occurrence = occurrences[reference.range.lowerBound] ?? 1
    if isGFM {
      let label = Destination.gfm(reference.label).text
      let suffix = occurrence > 1 ? "-\(occurrence)" : ""
      writer.raw(
        RawMarkup(
          trusted: "<sup class=\"footnote-ref\"><a href=\"#fn-\(label)\" id=\"fnref-\(label)\(suffix)\" "
            + "data-footnote-ref>\(reference.number)</a></sup>"))
      return
    }
    writer.element("sup", ["class": "footnote-ref"]) { writer in
      writer.element(
        "a",
        [
          "href": "#\(options.idPrefix)fn-\(reference.number)",
          "id": referenceID(reference.number, occurrence),
          "role": "doc-noteref",
          "aria-label": LocalText("Footnote \(reference.number)", "注 \(reference.number)")[options.language],
        ], text: String(reference.number))
    }
  }

  // MARK: Inlines

  private func write(_ inlines: [Inline], to writer: inout MarkupWriter) {
    for (index, inline) in inlines.enumerated() {
      if let replacement = delegate?.markup(for: inline, using: self) {
        writer.raw(replacement)
      } else if case .softBreak = inline, joins(inlines, at: index) {
        continue
      } else {
        writeDefault(inline, to: &writer)
      }
    }
  }

  /// Whether a line's end stands between two Chinese characters, where it must not become a space.
  private func joins(_ inlines: [Inline], at index: Int) -> Bool {
    guard !isGFM, index > 0, index + 1 < inlines.count,
      let before = inlines[index - 1...index - 1].plainText.unicodeScalars.last,
      let after = inlines[index + 1...index + 1].plainText.unicodeScalars.first
    else { return false }
    return before.joinsLines && after.joinsLines
  }

  private func writeDefault(_ inline: Inline, to writer: inout MarkupWriter) {
    switch inline {
    case .text(let text): writer.text(text.literal)
    case .softBreak: writer.newline()
    case .hardBreak: writer.raw(RawMarkup(trusted: isGFM ? "<br />\n" : "<br>\n"))
    case .code(let code):
      writer.open("code")
      writer.text(code.literal)
      writer.close("code")
    case .html(let html): writeHTML(html.literal, isBlock: false, to: &writer)
    case .emphasis(let span): write(span, "em", to: &writer)
    case .strong(let span): write(span, "strong", to: &writer)
    case .strikethrough(let span): write(span, "del", to: &writer)
    case .link(let link):
      open("a", .link(link), linkAttributes("href", link.destination, link.title), to: &writer)
      write(link.children, to: &writer)
      writer.close("a")
    case .image(let image): write(image, to: &writer)
    case .footnoteReference(let reference): write(reference, to: &writer)
    }
  }

  private func write(_ span: Span, _ name: StaticString, to writer: inout MarkupWriter) {
    writer.open(name)
    write(span.children, to: &writer)
    writer.close(name)
  }

  private func write(_ image: Image, to writer: inout MarkupWriter) {
    if isGFM {
      var markup =
        "<img src=\"\(destination(image.destination).text)\" alt=\"\(alternative(image.children))\""
      if let title = image.title { markup += " title=\"\(Escaping.text(title))\"" }
      markup += attributes(of: .image(image)).markup.text
      writer.raw(RawMarkup(trusted: markup + " />"))
      return
    }
    var attributes: HTMLAttributes = [
      "src": isSafe(image.destination) ? Destination.encoded(image.destination) : "",
      "alt": image.children.plainText,
    ]
    if let title = image.title { attributes.set("title", title) }
    open("img", .image(image), attributes, to: &writer)
  }

  /// The text in place of a picture as cmark-gfm writes it: raw HTML and all.
  private func alternative(_ inlines: [Inline]) -> String {
    var result = ""
    for inline in inlines {
      switch inline {
      case .text(let text): result += Escaping.text(text.literal)
      case .code(let code): result += Escaping.text(code.literal)
      case .html(let html): result += Escaping.text(html.literal)
      case .softBreak, .hardBreak: result += " "
      case .emphasis(let span), .strong(let span), .strikethrough(let span):
        result += alternative(span.children)
      case .link(let link): result += alternative(link.children)
      case .image(let image): result += alternative(image.children)
      case .footnoteReference: break
      }
    }
    return result
  }

  // MARK: Raw HTML

  private func writeHTML(_ literal: String, isBlock: Bool, to writer: inout MarkupWriter) {
    switch options.rawHTML {
    case .omitted: writer.raw(RawMarkup(trusted: "<!-- raw HTML omitted -->"))
    case .shown where isBlock:
      writer.open("pre", ["class": "raw-html"])
      writer.text(literal)
      writer.close("pre")
    case .shown: writer.text(literal)
    case .allowed where options.filtersTags:
      writer.raw(RawMarkup(trusted: TagFilter.filtered(literal, isBlock: isBlock)))
    case .allowed: writer.raw(RawMarkup(trusted: literal))
    }
  }

  // MARK: Tags

  private func attributes(of element: HTMLElement) -> HTMLAttributes {
    delegate?.attributes(of: element) ?? HTMLAttributes()
  }

  private func open(
    _ name: String, _ element: HTMLElement?, _ own: HTMLAttributes = HTMLAttributes(),
    to writer: inout MarkupWriter
  ) {
    var all = own
    if let element, delegate != nil { all.merge(attributes(of: element)) }
    writer.raw(RawMarkup(trusted: "<\(name)\(all.markup.text)>"))
  }

  private func open(
    _ name: String, _ element: HTMLElement, _ own: RawMarkup, to writer: inout MarkupWriter
  ) {
    writer.raw(RawMarkup(trusted: "<\(name)\(own.text)\(attributes(of: element).markup.text)>"))
  }

  private func close(_ name: String, to writer: inout MarkupWriter) {
    writer.raw(RawMarkup(trusted: "</\(name)>"))
  }

  private func linkAttributes(_ name: String, _ destination: String, _ title: String?) -> RawMarkup {
    var markup = " \(name)=\"\(self.destination(destination).text)\""
    if let title { markup += " title=\"\(Escaping.text(title))\"" }
    return RawMarkup(trusted: markup)
  }

  private func isSafe(_ destination: String) -> Bool {
    options.allowsDangerousLinks || !Destination.isDangerous(destination)
  }

  private func destination(_ destination: String) -> RawMarkup {
    guard isSafe(destination) else { return .empty }
    return isGFM
      ? Destination.gfm(destination) : RawMarkup(trusted: Escaping.text(Destination.encoded(destination)))
  }
}

extension MarkupWriter {
  /// Begins a new line, unless it has just begun.
  fileprivate mutating func startLine() {
    // Read before writing: a copy that still lives would have the writer copy all it wrote.
    let last = markup.text.utf8.last
    if let last, last != .lineFeed { newline() }
  }
}

extension Unicode.Scalar {
  /// Whether a line can be broken before and after it without a space: Chinese characters and their punctuation.
  fileprivate var joinsLines: Bool {
    switch value {
    case 0x2018...0x201D, 0x2026, 0x2014: true
    case 0x2E80...0x303E, 0x3041...0x312F, 0x31A0...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFE30...0xFE4F,
      0xFF00...0xFFEF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension CodeBlock {
  /// The info string up to the first ASCII space, as cmark-gfm cuts it.
  fileprivate var firstWord: String {
    String(decoding: info.utf8.prefix { !$0.isWhitespace }, as: UTF8.self)
  }
}
