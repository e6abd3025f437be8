import Wording

/// Widths of text without a font: for each character the wider of Arial and DejaVu Sans, the widest font that the stack of
/// ``ChartStyleSheet/fontStack`` leads to, and of their bold faces.
enum TextMetrics {
  /// Advances for U+0020 … U+007E, thousandths of an em.
  private static let regular: [Int] = [
    318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637, 637, 637,
    637, 637, 637, 637, 637, 337, 337, 838, 838, 838, 557, 1016, 684, 686, 723, 770, 667, 611, 778, 752,
    295, 500, 667, 558, 863, 748, 788, 667, 788, 723, 667, 611, 732, 684, 989, 685, 667, 685, 391, 337, 391,
    838, 557, 500, 613, 635, 550, 635, 616, 352, 635, 634, 278, 278, 580, 278, 975, 634, 612, 635, 635, 412,
    521, 392, 634, 592, 818, 592, 592, 525, 637, 337, 637, 838,
  ]

  /// The same of the bold faces: browsers take them for weight 600 where there is nothing between.
  private static let bold: [Int] = [
    349, 456, 521, 838, 696, 1002, 872, 307, 457, 457, 523, 838, 380, 415, 380, 366, 696, 696, 696, 696,
    696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 611, 1000, 774, 763, 734, 830, 684, 684, 821,
    837, 372, 557, 775, 638, 996, 837, 850, 733, 850, 770, 721, 683, 812, 774, 1103, 771, 725, 725, 457,
    366, 457, 838, 557, 500, 675, 716, 593, 716, 679, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687,
    716, 716, 494, 596, 478, 712, 652, 924, 645, 652, 582, 712, 366, 712, 838,
  ]

  /// For the fractions of a pixel that hinting adds.
  private static let safety = 1.01

  /// Estimated width in px.
  static func width(_ text: String, size: Double, bold isBold: Bool = false) -> Double {
    var total = 0
    for scalar in text.unicodeScalars { total += advance(scalar, isBold) }
    return Double(total) * size * safety / 1000
  }

  /// The larger of the widths in both languages, so that a picture has the same geometry in both.
  static func width(_ text: LocalText, size: Double, bold: Bool = false) -> Double {
    let english = width(text.english, size: size, bold: bold)
    return text.english == text.chinese ? english : max(english, width(text.chinese, size: size, bold: bold))
  }

  private static func advance(_ scalar: Unicode.Scalar, _ isBold: Bool) -> Int {
    let value = scalar.value
    if value < 0x20 { return 0 }
    if value < 0x7F { return (isBold ? bold : regular)[Int(value) - 0x20] }
    if (0x3400...0x9FFF).contains(value) { return 1000 }
    switch value {
    case 0x2212, 0xD7, 0xF7, 0xB1, 0x2264, 0x2265, 0x2248, 0x2260: return 838
    case 0x221A: return isBold ? 667 : 638
    case 0xB7, 0x2018, 0x2019: return isBold ? 380 : 318
    case 0xA0: return isBold ? 349 : 318
    case 0xB0: return 500
    case 0x2013: return 557
    case 0x2032: return isBold ? 264 : 228
    case 0x201C, 0x201D: return isBold ? 658 : 519
    case 0xB2, 0xB3, 0xB9, 0x2070...0x2079, 0x2080...0x2089: return isBold ? 470 : 440
    case 0x207A...0x209C: return 528
    case 0x391...0x3A9: return isBold ? 996 : 863
    case 0x3C9: return isBold ? 870 : 838
    case 0x3B1...0x3C8: return isBold ? 800 : 714
    case 0x2016: return 500
    case 0x2190...0x22FF: return 1000
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    if value >= 0x2300 { return 1000 }
    return DisplayWidth.isWide(scalar) || value == 0x2014 || value == 0x2026 ? 1000 : isBold ? 860 : 780
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
