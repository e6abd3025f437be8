@testable import MarkdownTree

/// Makes documents of every construct in every container, with Chinese, emoji, tabs and any line ending.
struct DocumentGenerator {
  private var random: SeededGenerator
  /// Whether raw HTML and odd scraps of syntax may occur.
  private let isWild: Bool
  private var footnotes = 0

  init(seed: UInt64, isWild: Bool) {
    random = SeededGenerator(seed: seed)
    self.isWild = isWild
  }

  mutating func document() -> String {
    var lines: [String] = []
    for _ in 0..<Int.random(in: 1...5, using: &random) { lines += block(depth: 0) + [""] }
    if isOnce(in: 3) { lines += ["[ref]: /url?a=1&b=2 \"Titel\"", "[注]: <../注 释.md> '题'", ""] }
    for number in 0..<footnotes {
      lines += ["[^n\(number)]: " + inline(depth: 2), "", "    " + inline(depth: 2), ""]
    }
    let ending = ["\n", "\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
    let text = lines.joined(separator: ending)
    return (isOnce(in: 12) ? "\u{FEFF}" : "") + (isOnce(in: 3) ? text : text + ending)
  }

  private mutating func isOnce(in count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

  private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &random) ?? "" }

  private mutating func block(depth: Int) -> [String] {
    switch Int.random(in: 0..<(depth < 3 ? 14 : 7), using: &random) {
    case 0...2: return paragraph()
    case 3:
      return [
        String(repeating: "#", count: Int.random(in: 1...6, using: &random)) + " " + inline(depth: 1)
          + pick(["", " ##", "  "])
      ]
    case 4: return paragraph() + [pick(["===", "---", "  ====  "])]
    case 5: return code()
    case 6: return table()
    case 7, 8:
      return block(depth: depth + 1).enumerated().map { line in
        pick(["> ", "> ", "> ", ">", "  > "]) + line.element
      }
    case 9, 10: return item(pick(["- ", "* ", "+   ", "-\t"]), depth: depth)
    case 11: return item(pick(["1. ", "7) ", "12.  "]), depth: depth)
    case 12: return item(pick(["- [ ] ", "- [x] "]), depth: depth)
    default:
      // Lazy lines: only the first has the mark of the quote.
      let lines = paragraph()
      return ["> " + lines[0]] + lines.dropFirst()
    }
  }

  private mutating func item(_ marker: String, depth: Int) -> [String] {
    let indent =
      marker.contains("[")
      ? "  " : marker.contains("\t") ? "    " : String(repeating: " ", count: marker.count)
    var lines = block(depth: depth + 1)
    if isOnce(in: 2) { lines += (isOnce(in: 2) ? [""] : []) + block(depth: depth + 1) }
    return lines.enumerated().map {
      $0.offset == 0 ? marker + $0.element : $0.element.isEmpty ? "" : indent + $0.element
    }
  }

  private mutating func paragraph() -> [String] {
    var lines: [String] = []
    if isOnce(in: 10) { lines.append("[early]: /early") }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      lines += inline(depth: 0).split(separator: "\n").map {
        pick(["", "", "", " ", "   "]) + $0 + pick(["", "", "  ", "\\", " "])
      }
    }
    return lines.isEmpty ? ["leer"] : lines
  }

  private mutating func code() -> [String] {
    let fence = pick(["```", "~~~", "````"])
    let body = ["let a = 1", "", "\tTab 制表符", "  - [x](y)", "> 引用 &amp;"].prefix(
      Int.random(in: 0...5, using: &random))
    return isOnce(in: 4)
      ? body.map { "    " + $0 } + ["    Ende"]
      : [fence + pick(["", "swift", " yaml experiment 名 "])] + body + [fence]
  }

  private mutating func table() -> [String] {
    let columns = Int.random(in: 1...3, using: &random)
    func row(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = isOnce(in: 6) ? [word()] : []
    lines.append(row((0..<columns).map { _ in cell() }))
    lines.append(row((0..<columns).map { _ in pick(["---", ":-:", "--:", ":--"]) }))
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      lines.append(row((0..<Int.random(in: 1...3, using: &random)).map { _ in cell() }))
    }
    return lines
  }

  private mutating func cell() -> String {
    isOnce(in: 5) ? "" : inline(depth: 1).replacing("\n", with: " ").replacing("|", with: "\\|")
  }

  private mutating func word() -> String {
    pick([
      "softmax", "注意力", "除以√d", "👩‍🔬", "a", "0.73", "\\*", "&amp;", "&eacute;", "&#x4E2D;", "&nope;", "é",
      "\\\\",
      "１２％", "_in_", "x\\|y", "，", "a\\`b", "&#0;",
    ])
  }

  private mutating func inline(depth: Int) -> String {
    var parts: [String] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) { parts.append(piece(depth: depth)) }
    return parts.joined(separator: pick([" ", " ", "", depth == 0 ? "\n" : " ", "\t"]))
  }

  private mutating func piece(depth: Int) -> String {
    guard depth < 4 else { return word() }
    switch Int.random(in: 0..<(isWild ? 24 : 17), using: &random) {
    case 0...3: return word()
    case 4: return "*" + inline(depth: depth + 1) + "*"
    case 5: return "**" + inline(depth: depth + 1) + "**"
    case 6: return pick(["~~", "~"]) + word() + "~~"
    case 7: return pick(["`代码`", "`` a ` b ``", "` x `"])
    case 8, 9: return link(inline(depth: depth + 1))
    case 10: return "!" + link(word())
    case 11: return pick(["[ref]", "[Text][ref]", "[注][]", "[*a*][REF]", "[none][]", "[x][none]", "[early]"])
    case 12: return pick(["<https://a.b/\\*?q=1&amp;r>", "<ä@b.org>", "<me@b.org>"])
    case 13:
      return pick([" www.a.org/(x) ", " https://a.org/中?q=a&amp;b. ", " mailto:a\\_b@c.org ", " a.b@c.de, "])
    case 14:
      footnotes += 1
      return "[^n\(footnotes - 1)]"
    case 15: return pick(["[^n0]", "[^fehlt\\*]", "![^n0]"])
    case 16: return pick(["a  \nb", "a\\\nb", "a\nb"])
    case 17: return pick(["<b>", "</b>", "<!-- c -->", "<a href=\"x\n y\">", "<script>", "<?php ?>"])
    case 18:
      return pick(["[", "]", "![", "](", "[a](b", "*", "**", "_", "__", "~~", "`", "``", "<", ">", "\\"])
    case 19:
      return pick([
        "***a** b*", "**a*", "*a**b**c*", "__a_b__", "_a __b___", "~a~~", "[a]b](c)", "[[a](b)](c)",
      ])
    case 20:
      return pick([
        "[a](<b c> 'd')", "[a](b\n\"t\")", "[a]( b )", "[a](b \"x\\\" y\")", "[a](\\(b)", "[](#x)",
        "[a](b (t))",
      ])
    case 21: return pick(["&copy;", "&", "&#35;", "&;", "&#xFFFFFF;", "&#12345678901;"])
    case 22:
      return pick(["| a | b |", "|", "- x", "1. y", "# z", "> q", "```", "    c", "---", "===", "[^x]: y"])
    default: return pick(["http://", "www.", "@", "a@", "a@b", "://", "::", "ftp://x.y/z)", "(www.a.b)"])
    }
  }

  private mutating func link(_ text: String) -> String {
    let title = pick(["", "", " \"±0.01\"", " 'Titel 题'", " (t)"])
    return "[\(text)]("
      + pick(["/url", "#scales.entropy[√d]", "", "<a b>", "x.md#é", "http://a.b/?c&amp;d", "a\\*b"]) + title
      + ")"
  }
}
