import Diagnostics
import Wording

/// Checks that every name in a template means something, and that markup is not escaped nor text left unescaped.
///
/// Included templates are checked with the names of the template that includes them.
struct TemplateChecker {
  /// The templates by the names under which they are included.
  let sources: [String: SourceFile]
  private(set) var diagnostics: [Diagnostic] = []

  init(sources: [String: SourceFile]) {
    self.sources = sources
  }

  /// Checks the template `name` against the names it is filled with.
  mutating func check(_ name: String, _ schema: TemplateSchema) {
    var counts: [String: Int] = [:]
    guard inclusions(in: name, &counts) <= Self.mostInclusions else {
      reportTooMany(name)
      return
    }
    check(name, [schema], including: [name])
  }

  /// More would make pages that nobody can load: twenty templates that include the next one twice make a million.
  static let mostInclusions = 1_000

  /// How many templates are put in for `name`, those of included ones too; at most one more than ``mostInclusions``.
  private func inclusions(in name: String, _ counts: inout [String: Int]) -> Int {
    if let known = counts[name] { return known }
    guard let source = sources[name] else { return 0 }
    // One that includes itself is found later; here it must only end.
    counts[name] = 0
    var count = 0
    for tag in Tag.all(in: source) where tag.sigil == ">" && sources[tag.name] != nil {
      count = min(count + 1 + inclusions(in: tag.name, &counts), Self.mostInclusions + 1)
    }
    counts[name] = count
    return count
  }

  private mutating func reportTooMany(_ name: String) {
    guard let source = sources[name], let tag = Tag.all(in: source).first(where: { $0.sigil == ">" }) else {
      return
    }
    diagnostics.append(
      Diagnostic(
        .invalidTemplate,
        LocalText(
          "‘\(name)’ includes more than \(Self.mostInclusions) templates, those of included ones counted too",
          "‘\(name)’ 连同被包含的模板在内，一共包含了超过 \(Self.mostInclusions) 个模板"),
        at: SourceLocation(path: source.path, range: tag.range),
        help: LocalText("include fewer, or write their text here", "减少包含，或把它们的内容直接写进来")))
  }

  private mutating func check(_ name: String, _ outer: [TemplateSchema], including path: [String]) {
    guard let source = sources[name] else { return }
    var contexts = outer
    var sections: [(name: String, range: Range<Int>)] = []
    for tag in Tag.all(in: source) {
      switch tag.sigil {
      case "!": continue
      case "=", "%", "$":
        // A change of delimiters, a pragma that switches escaping off, a block: none is checked here.
        report(
          .invalidTemplate,
          LocalText(
            "‘{{\(tag.sigil.map { String($0) } ?? "")’ is not supported in templates",
            "模板里不能用 ‘{{\(tag.sigil.map { String($0) } ?? "")’"), tag,
          in: source)
      case ">":
        if sources[tag.name] == nil {
          report(
            .unknownTemplateVariable,
            LocalText("there is no template ‘\(tag.name)’ to include", "没有可供包含的模板 ‘\(tag.name)’"), tag,
            in: source,
            among: sources.keys.sorted())
        } else if path.contains(tag.name) {
          report(
            .invalidTemplate, LocalText("‘\(tag.name)’ includes itself", "‘\(tag.name)’ 包含了自己"), tag,
            in: source)
        } else {
          check(tag.name, contexts, including: path + [tag.name])
        }
      case "#", "^":
        let found = Self.lookUp(tag.name, in: contexts)
        if found == nil { reportUnknown(tag, contexts, in: source) }
        if case .list(let item)? = found { contexts.append(item) } else { contexts.append(found ?? .flag) }
        sections.append((tag.name, tag.range))
      case "/":
        guard let open = sections.popLast(), open.name == tag.name else {
          report(
            .invalidTemplate,
            LocalText("‘\(tag.name)’ is closed here but was not open", "‘\(tag.name)’ 在这里关闭，却没有打开过"), tag,
            in: source)
          return
        }
        contexts.removeLast()
      default: checkVariable(tag, contexts, in: source)
      }
    }
    if let open = sections.last {
      diagnostics.append(
        Diagnostic(
          .invalidTemplate, LocalText("the section ‘\(open.name)’ is never closed", "区段 ‘\(open.name)’ 没有关闭"),
          at: SourceLocation(path: source.path, range: open.range)))
    }
  }

  private mutating func checkVariable(_ tag: Tag, _ contexts: [TemplateSchema], in source: SourceFile) {
    switch Self.lookUp(tag.name, in: contexts) {
    case nil: reportUnknown(tag, contexts, in: source)
    case .markup?:
      if !tag.isRaw {
        report(
          .invalidTemplate,
          LocalText(
            "‘\(tag.name)’ is markup: write it with three braces, {{{\(tag.name)}}}",
            "‘\(tag.name)’ 是标记，要用三层花括号：{{{\(tag.name)}}}"), tag,
          in: source)
      }
    case .text?:
      if tag.isRaw {
        report(
          .invalidTemplate,
          LocalText(
            "‘\(tag.name)’ is text: write it with two braces, so that it is escaped",
            "‘\(tag.name)’ 是文字，要用两层花括号，这样才会转义"), tag,
          in: source)
      }
    case .flag?: break
    case .list?, .object?:
      report(
        .invalidTemplate,
        LocalText(
          "‘\(tag.name)’ is no text; open it with {{#\(tag.name)}}",
          "‘\(tag.name)’ 不是文字，要用 {{#\(tag.name)}} 打开"), tag, in: source)
    }
  }

  private mutating func reportUnknown(_ tag: Tag, _ contexts: [TemplateSchema], in source: SourceFile) {
    var names: [String] = []
    for case .object(let members) in contexts.reversed() { names += members.keys.sorted() }
    report(
      .unknownTemplateVariable, LocalText("nothing is called ‘\(tag.name)’ here", "这里没有叫 ‘\(tag.name)’ 的东西"),
      tag, in: source, among: names)
  }

  private mutating func report(
    _ code: DiagnosticCode, _ summary: LocalText, _ tag: Tag, in source: SourceFile,
    among names: [String] = []
  ) {
    let nearest = Spelling.nearest(to: tag.name, among: names)
    diagnostics.append(
      Diagnostic(
        code, summary, at: SourceLocation(path: source.path, range: tag.range),
        label: .didYouMean(nearest),
        help: nearest == nil && !names.isEmpty ? LocalText("known here: ", "这里可以写：") + .list(names) : nil,
        fixes: Fix.spelling(
          tag.name, inside: SourceLocation(path: source.path, range: tag.range), of: source, among: names)))
  }

  private static func lookUp(_ name: String, in contexts: [TemplateSchema]) -> TemplateSchema? {
    if name == "." { return contexts.last }
    let parts = name.split(separator: ".").map(String.init)
    guard let first = parts.first else { return nil }
    for case .object(let members) in contexts.reversed() {
      guard var found = members[first] else { continue }
      for part in parts.dropFirst() {
        guard case .object(let inner) = found, let next = inner[part] else { return nil }
        found = next
      }
      return found
    }
    return nil
  }
}

/// A tag of a template: `{{name}}`, `{{{name}}}`, `{{#name}}` …
private struct Tag {
  /// What stands before the name: `#`, `^`, `/`, `>`, `!` …; `nil` for a variable.
  let sigil: Character?
  let name: String
  /// Byte offsets in the template.
  let range: Range<Int>
  /// Whether it is put in unescaped.
  let isRaw: Bool

  static func all(in source: SourceFile) -> [Tag] {
    var tags: [Tag] = []
    let text = String(decoding: source.bytes, as: UTF8.self)
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      let inside = rest[open.upperBound...]
      let isTriple = inside.first == "{"
      guard let close = inside.firstRange(of: isTriple ? "}}}" : "}}") else { break }
      var body = inside[..<close.lowerBound].dropFirst(isTriple ? 1 : 0).drop { $0 == " " }
      let start = text.utf8.distance(from: text.startIndex, to: open.lowerBound)
      let end = text.utf8.distance(from: text.startIndex, to: close.upperBound)
      var sigil: Character?
      if let first = body.first, "#^/>!&%$=".contains(first) {
        sigil = first
        body = body.dropFirst()
      }
      let isRaw = isTriple || sigil == "&"
      if sigil == "&" { sigil = nil }
      let name = body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      tags.append(Tag(sigil: sigil, name: name, range: start..<end, isRaw: isRaw))
      rest = text[close.upperBound...]
    }
    return tags
  }
}
