import Wording

/// Widths of text without a font: Arial's advances × 1.12, which covers the fonts of ``ChartStyleSheet/fontStack``.
enum TextMetrics {
  /// Advances of Arial, thousandths of an em, for U+0020 … U+007E.
  private static let ascii: [Int] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556,
    556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500,
    667,
    556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333,
    556,
    556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500,
    722,
    500, 500, 500, 334, 260, 334, 584,
  ]

  /// What the widest of the fonts adds.
  static let safety = 1.12
  /// Weight 600 against 400.
  private static let boldFactor = 1.08

  /// Estimated width in px.
  static func width(_ text: String, size: Double, bold: Bool = false) -> Double {
    var total = 0
    for scalar in text.unicodeScalars { total += advance(scalar) }
    return Double(total) * size * safety * (bold ? boldFactor : 1) / 1000
  }

  /// The larger of the widths in both languages, so that a picture has the same geometry in both.
  static func width(_ text: LocalText, size: Double, bold: Bool = false) -> Double {
    let english = width(text.english, size: size, bold: bold)
    return text.english == text.chinese ? english : max(english, width(text.chinese, size: size, bold: bold))
  }

  private static func advance(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x20 { return 0 }
    if value < 0x7F { return ascii[Int(value) - 0x20] }
    if (0x3400...0x9FFF).contains(value) { return 1000 }
    switch value {
    case 0x2212, 0xD7, 0xF7: return 584
    case 0x221A, 0xB1, 0x2264, 0x2265, 0x2248, 0x2260: return 549
    case 0xB7, 0xA0: return 278
    case 0xB0: return 400
    case 0x2013: return 556
    case 0x2018, 0x2019, 0x2032: return 222
    case 0x201C, 0x201D: return 333
    case 0xB2, 0xB3, 0xB9: return 333
    case 0x2070...0x209C: return 470
    case 0x391...0x3A9: return 780
    case 0x3B1...0x3C9: return 690
    case 0x2190...0x22FF: return 1000
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if value >= 0x2300 { return 1000 }
    return DisplayWidth.isWide(scalar) || value == 0x2014 || value == 0x2026 ? 1000 : 780
  }

  /// One line: control characters and line breaks become spaces.
  static func singleLine(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return text }
    return String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
  }

  static func singleLine(_ text: LocalText) -> LocalText {
    LocalText(singleLine(text.english), singleLine(text.chinese))
  }

  /// `text`, or as much of it as fits with an ellipsis.
  static func shortened(_ text: String, to limit: Double, size: Double, bold: Bool = false) -> String {
    if width(text, size: size, bold: bold) <= limit { return text }
    var kept: [Character] = []
    var used = width("…", size: size, bold: bold)
    for character in text {
      used += width(String(character), size: size, bold: bold)
      if used > limit { break }
      kept.append(character)
    }
    while kept.last == " " { kept.removeLast() }
    return String(kept) + "…"
  }

  static func shortened(_ text: LocalText, to limit: Double, size: Double, bold: Bool = false) -> LocalText {
    LocalText(
      shortened(text.english, to: limit, size: size, bold: bold),
      shortened(text.chinese, to: limit, size: size, bold: bold))
  }

  /// Lines no wider than `limit`.
  ///
  /// Breaks at spaces and around Chinese characters, not before closing punctuation nor behind opening; a
  /// word wider than a line is cut.
  static func wrapped(_ text: String, to limit: Double, size: Double, bold: Bool = false) -> [String] {
    if width(text, size: size, bold: bold) <= limit { return [text] }
    var lines: [String] = []
    var line = ""
    var lineWidth = 0.0
    for piece in pieces(text) {
      let pieceWidth = width(piece, size: size, bold: bold)
      let inkWidth = piece.last == " " ? pieceWidth - width(" ", size: size, bold: bold) : pieceWidth
      if lineWidth + inkWidth <= limit {
        line += piece
        lineWidth += pieceWidth
        continue
      }
      if !line.isEmpty { lines.append(trimmed(line)) }
      line = ""
      lineWidth = 0
      for character in piece {
        let w = width(String(character), size: size, bold: bold)
        if lineWidth + w > limit, !line.isEmpty {
          lines.append(trimmed(line))
          line = ""
          lineWidth = 0
        }
        line.append(character)
        lineWidth += w
      }
    }
    if !trimmed(line).isEmpty { lines.append(trimmed(line)) }
    return lines
  }

  /// The lines of both languages side by side; the shorter is filled with empty lines.
  static func wrapped(_ text: LocalText, to limit: Double, size: Double, bold: Bool = false) -> [LocalText] {
    let english = wrapped(text.english, to: limit, size: size, bold: bold)
    let chinese = wrapped(text.chinese, to: limit, size: size, bold: bold)
    return (0..<max(english.count, chinese.count)).map {
      LocalText($0 < english.count ? english[$0] : "", $0 < chinese.count ? chinese[$0] : "")
    }
  }

  private static func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.last == " " { text.removeLast() }
    while text.first == " " { text.removeFirst() }
    return String(text)
  }

  /// Whether a character may not begin a line.
  private static func closes(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "，", "。", "、", "；", "：", "？", "！", "）", "】", "》", "」", "』", "”", "’", "·", ",", ".", ";", ":", "?",
      "!", ")", "%", "…":
      true
    default: false
    }
  }

  /// Whether a character may not end one.
  private static func opens(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "（", "【", "《", "「", "『", "“", "‘", "(": true
    default: false
    }
  }

  private static func pieces(_ text: String) -> [String] {
    var pieces: [String] = []
    var current = ""
    var previous: Unicode.Scalar = "x"
    var previousIsWide = false
    for character in text {
      let first = character.unicodeScalars.first ?? " "
      let isWide = first.value >= 0x1100 && DisplayWidth.isWide(first)
      let breaks = previous == " " || (!closes(first) && !opens(previous) && (isWide || previousIsWide))
      if breaks, !current.isEmpty, first != " " {
        pieces.append(current)
        current = ""
      }
      current.append(character)
      previous = first
      previousIsWide = isWide
    }
    if !current.isEmpty { pieces.append(current) }
    return pieces
  }
}
