/// How many terminal cells text takes, so that a caret stands under the right character.
///
/// Wide and full-width characters of Unicode's East Asian Width (UAX #11) and emoji take two cells; combining marks,
/// joiners and variation selectors none. The ranges are the blocks that matter, merged: a caret needs no more.
public enum DisplayWidth {
  /// The cells of a text. A tab takes four: diagnostics print tabs as four spaces.
  public static func cells(_ text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + cells($1) }
  }

  /// The cells of one user-perceived character.
  public static func cells(_ character: Character) -> Int {
    if character == "\t" { return 4 }
    var widest = 0
    for scalar in character.unicodeScalars { widest = max(widest, cells(scalar)) }
    return widest
  }

  /// Whether a scalar takes two cells.
  public static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x2E80...0x303E, 0x3041...0x33FF,
      0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
      true
    default:
      scalar.properties.isEmojiPresentation
    }
  }

  private static func cells(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) { return 0 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return isWide(scalar) ? 2 : 1
    }
  }
}
