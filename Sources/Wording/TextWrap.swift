/// Breaks running text into lines of a terminal.
public enum TextWrap {
  /// Lines of at most so many cells, broken at blanks and between Chinese characters; a word that is longer stays whole.
  ///
  /// No line begins with a closing mark such as `，` or `’`, and none ends with an opening one.
  public static func lines(_ text: String, cells limit: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for piece in pieces(text) {
      let isFull = DisplayWidth.cells(line) + DisplayWidth.cells(piece.trimmingBlankEnd) > limit
      if isFull, !line.isEmpty {
        lines.append(line.trimmingBlankEnd)
        line = ""
      }
      line += piece
    }
    if !line.isEmpty { lines.append(line.trimmingBlankEnd) }
    return lines
  }

  /// The text cut wherever a line may end; blanks stay at the end of what they follow.
  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var previous: Character?
    for character in text {
      if let previous, mayBreak(between: previous, and: character) {
        pieces.append(piece)
        piece = ""
      }
      piece.append(character)
      previous = character
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }

  private static func mayBreak(between left: Character, and right: Character) -> Bool {
    if closing.contains(right) || opening.contains(left) || right == " " { return false }
    return left == " " || isIdeographic(left) || isIdeographic(right)
  }

  private static let closing: Set<Character> = [
    "，", "。", "、", "；", "：", "？", "！", "）", "’", "”", "」", "》", "…", ",", ".", ";", ":", "?", "!", ")", "]",
    "}",
  ]
  private static let opening: Set<Character> = ["（", "‘", "“", "「", "《", "(", "[", "{"]

  private static func isIdeographic(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy(DisplayWidth.isWide)
  }
}

extension String {
  fileprivate var trimmingBlankEnd: String {
    var result = self[...]
    while result.last == " " { result = result.dropLast() }
    return String(result)
  }
}
