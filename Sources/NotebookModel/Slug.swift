import Wording

/// The part of a page's address that names the note.
public enum Slug {
  /// What is wrong with a slug; `nil` for a good one.
  ///
  /// Letters of any script, digits, `-`, `_` and `.` inside; no slash, no leading dot, at most 100 bytes, so that it is one
  /// folder name on every file system and can't leave the site.
  public static func problem(with slug: String) -> LocalText? {
    if slug.isEmpty { return LocalText("it is empty", "它是空的") }
    if slug.utf8.count > 100 { return LocalText("it is longer than 100 bytes", "它超过 100 字节") }
    if slug.contains("/") || slug.contains("\\") || slug == "." || slug == ".." {
      return LocalText(
        "it must be one name, not a path: a page stays inside the site", "它必须是一个名字，不能是路径：页面要留在站点之内")
    }
    if slug.hasPrefix(".") || slug.hasPrefix("-") {
      return LocalText("it must not start with ‘\(slug.prefix(1))’", "它不能以 ‘\(slug.prefix(1))’ 开头")
    }
    if let bad = slug.first(where: { !isAllowed($0) }) {
      return LocalText("it must not hold ‘\(bad)’", "它不能含有 ‘\(bad)’")
    }
    return nil
  }

  /// Makes a slug of any text: lower case, runs of other characters become one hyphen.
  ///
  /// - Returns: An empty string where nothing is left.
  public static func make(from text: String) -> String {
    var result = ""
    for character in text.lowercased() {
      if character.isWordPart || character == "_" {
        if result.utf8.count + String(character).utf8.count > 80 { break }
        result.append(character)
      } else if !result.isEmpty, !result.hasSuffix("-") {
        result.append("-")
      }
    }
    while result.hasSuffix("-") { result.removeLast() }
    return result
  }

  /// The anchor of a heading, as GitHub makes it, so that links work in both places: lower case, blanks become hyphens,
  /// punctuation goes.
  public static func anchor(from heading: String) -> String {
    var result = ""
    for character in heading.lowercased() {
      if character.isWordPart || character == "_" || character == "-" {
        result.append(character)
      } else if character == " " {
        result.append("-")
      }
    }
    return result
  }

  private static func isAllowed(_ character: Character) -> Bool {
    character.isWordPart || character == "-" || character == "_" || character == "."
  }
}

/// Names that authors give to experiments and claims.
public enum Identifier {
  /// Whether an id looks like those that figures get: `f1-t`, `f2n-d`.
  public static func belongsToFigures(_ id: String) -> Bool {
    id.first == "f" && id.dropFirst().first?.isNumber == true && id.contains("-")
  }

  /// What is wrong with an id; `nil` for a good one.
  ///
  /// A letter, then letters, digits, `-` and `_`, of any script. Dots and brackets belong to references.
  public static func problem(with id: String) -> LocalText? {
    guard let first = id.first else { return LocalText("it is empty", "它是空的") }
    if id.utf8.count > 100 { return LocalText("it is longer than 100 bytes", "它超过 100 字节") }
    if !(first.isLetter && first.isWordPart) {
      return LocalText("it must start with a letter", "它必须以字母或汉字开头")
    }
    if let bad = id.first(where: { !($0.isWordPart || $0 == "-" || $0 == "_") }) {
      return LocalText(
        "it must not hold ‘\(bad)’; letters, digits, ‘-’ and ‘_’ are fine",
        "它不能含有 ‘\(bad)’；字母、汉字、数字、‘-’ 和 ‘_’ 都可以")
    }
    if belongsToFigures(id) || PageAnchor.prefixes.contains(id) {
      return LocalText(
        "‘fig’, ‘table’ and ids such as ‘f1-…’ belong to figures and tables",
        "‘fig’、‘table’ 和 ‘f1-…’ 这样的名字留给图表使用")
    }
    return nil
  }
}

extension Identifier {
  /// The sentence for an id that can't be one.
  static func refusal(of id: String, because problem: LocalText) -> LocalText {
    LocalText(
      "‘\(id.prefix(60))’ can't be an id: \(problem.english)", "‘\(id.prefix(60))’ 不能作名字：\(problem.chinese)")
  }
}

extension Character {
  /// Whether every scalar of it is a letter, a number or a mark on one; `isLetter` looks only at the first.
  fileprivate var isWordPart: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
        .decimalNumber,
        .letterNumber, .otherNumber, .nonspacingMark, .spacingMark:
        true
      default: false
      }
    }
  }
}
