import NotebookModel
import Wording

/// What is wrong with the text of a relation.
struct RelationError: Error, Hashable {
  let summary: LocalText
  /// Byte offsets in the relation's text.
  let range: Range<Int>
  var help: LocalText?
}

/// Reads the text of a claim's `check`. Every input ends in a relation or an error: depth and length are bounded.
struct RelationParser {
  static let deepestNesting = 50
  static let longestText = 2_000
  static let help = LocalText(
    "write a relation such as ‘scales.entropy[√d] > 5’, ‘normal.coverage[1σ] = 68.27%’, "
      + "‘a.b ≈ 0.61 ± 0.01’ or ‘scales.entropy increases with scale’",
    "写一个关系，如 ‘scales.entropy[√d] > 5’、‘normal.coverage[1σ] = 68.27%’、"
      + "‘a.b ≈ 0.61 ± 0.01’ 或 ‘scales.entropy increases with scale’")

  private let text: String
  private var tokens: [Token] = []
  private var position = 0
  private var depth = 0

  private struct Token {
    enum Kind: Equatable {
      case number(String)
      case reference(String)
      case word(String)
      case symbol(String)
      case end
    }
    let kind: Kind
    let range: Range<Int>
  }

  static func parse(_ text: String) throws(RelationError) -> Relation {
    guard text.utf8.count <= longestText else {
      throw RelationError(
        summary: LocalText("this relation is longer than \(longestText) bytes", "这个关系超过 \(longestText) 字节"),
        range: 0..<text.utf8.count)
    }
    var parser = RelationParser(text: text)
    try parser.tokenize()
    return try parser.relation()
  }

  private init(text: String) {
    self.text = text
  }

  // MARK: Tokens

  private mutating func tokenize() throws(RelationError) {
    let characters = Array(text)
    var offsets: [Int] = [0]
    for character in characters { offsets.append(offsets[offsets.count - 1] + String(character).utf8.count) }
    var index = 0
    func span(_ from: Int, _ to: Int) -> Range<Int> { offsets[from]..<offsets[to] }
    while index < characters.count {
      let character = characters[index]
      let start = index
      if character.isWhitespace {
        index += 1
        continue
      }
      if Self.isDigit(character)
        || character == "." && index + 1 < characters.count && Self.isDigit(characters[index + 1])
      {
        index = Self.endOfNumber(characters, from: index)
        tokens.append(Token(kind: .number(String(characters[start..<index])), range: span(start, index)))
        continue
      }
      if character.isLetter {
        while index < characters.count, Self.isNamePart(characters[index]) { index += 1 }
        let isReference = characters[start..<index].contains(".")
        if isReference, index < characters.count, characters[index] == "[" {
          guard let close = characters[index...].firstIndex(of: "]") else {
            throw RelationError(
              summary: LocalText("this ‘[’ is never closed", "这个 ‘[’ 没有闭合"), range: span(index, index + 1))
          }
          index = close + 1
        }
        let word = String(characters[start..<index])
        tokens.append(Token(kind: isReference ? .reference(word) : .word(word), range: span(start, index)))
        continue
      }
      let two = index + 1 < characters.count ? String(characters[index...index + 1]) : ""
      if let symbol = ["<=": "≤", ">=": "≥", "~=": "≈", "+-": "±", "==": "="][two] {
        index += 2
        tokens.append(Token(kind: .symbol(symbol), range: span(start, index)))
        continue
      }
      let canonical = [
        "−": "-", "×": "*", "·": "*", "÷": "/", "＝": "=", "＜": "<", "＞": ">", "（": "(", "）": ")",
      ]
      let symbol = canonical[String(character)] ?? String(character)
      guard "=<>≤≥≈±+-*/()".contains(symbol) else {
        throw RelationError(
          summary: LocalText("‘\(character)’ has no meaning in a relation", "‘\(character)’ 在关系中没有意义"),
          range: span(start, start + 1),
          help: Self.help)
      }
      index += 1
      tokens.append(Token(kind: .symbol(symbol), range: span(start, index)))
    }
    let end = offsets[characters.count]
    tokens.append(Token(kind: .end, range: end..<end))
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

  private static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_" || character == "-" || character == "."
  }

  /// A number with its fraction, thousands separators, exponent and percent sign, as ``NumberLiteral`` reads it.
  private static func endOfNumber(_ characters: [Character], from start: Int) -> Int {
    var index = start
    func at(_ offset: Int) -> Character? {
      index + offset < characters.count ? characters[index + offset] : nil
    }
    while let character = at(0),
      isDigit(character) || [".", ",", "_"].contains(character) && at(1).map(isDigit) == true
    {
      index += 1
    }
    if let mark = at(0), mark == "e" || mark == "E" {
      let sign = at(1) == "-" || at(1) == "+" ? 1 : 0
      if at(1 + sign).map(isDigit) == true {
        index += 1 + sign
        while at(0).map(isDigit) == true { index += 1 }
      }
    }
    var blanks = 0
    while at(blanks) == " " { blanks += 1 }
    if let unit = at(blanks), "%％‰万亿".contains(unit) { index += blanks + 1 }
    return index
  }

  // MARK: Grammar

  private var current: Token { tokens[position] }

  private mutating func takeSymbol(_ symbols: String...) -> String? {
    guard case .symbol(let symbol) = current.kind, symbols.contains(symbol) else { return nil }
    position += 1
    return symbol
  }

  private mutating func relation() throws(RelationError) -> Relation {
    let left = try sum()
    if case .word(let word) = current.kind {
      return try trend(of: left, word: word)
    }
    if takeSymbol("≈") != nil {
      let right = try sum()
      guard takeSymbol("±") != nil else {
        throw RelationError(
          summary: LocalText("‘≈’ needs a margin", "‘≈’ 后面要写容差"), range: current.range,
          help: LocalText("add one: ‘≈ 0.61 ± 0.01’ or ‘≈ 0.61 ± 2%’", "补上容差：‘≈ 0.61 ± 0.01’ 或 ‘≈ 0.61 ± 2%’")
        )
      }
      guard case .number(let written) = current.kind, let tolerance = Tolerance(title: "±\(written)") else {
        throw RelationError(
          summary: LocalText("the margin behind ‘±’ must be a number", "‘±’ 后面的容差必须是数字"), range: current.range
        )
      }
      if case .relative = tolerance, case .number(let literal, _) = right, literal.writtenPower == -2 {
        throw RelationError(
          summary: LocalText(
            "‘± \(written)’ behind a percentage could mean points or a share of it",
            "百分数后面的 ‘± \(written)’ 可以指百分点，也可以指相对比例"),
          range: current.range,
          help: LocalText("write the margin as a number: ± 0.01 is one point", "把容差写成数字：± 0.01 就是一个百分点"))
      }
      position += 1
      try expectEnd()
      return .near(left, right, tolerance: tolerance)
    }
    guard let symbol = takeSymbol("=", "<", ">", "≤", "≥"),
      let comparison = Relation.Comparison(rawValue: symbol)
    else {
      throw RelationError(
        summary: current.kind == .end
          ? LocalText("this states no relation", "这里没有写出关系")
          : LocalText("a relation must stand here", "这里应当是一个关系符号"),
        range: current.range,
        help: Self.help)
    }
    let right = try sum()
    if comparison == .equal {
      let hasLiteral = [left, right].contains { if case .number = $0 { true } else { false } }
      guard hasLiteral else {
        throw RelationError(
          summary: LocalText(
            "‘=’ compares with a number written out, whose digits say how near is near enough",
            "‘=’ 要与写出的数字比较，数字的位数说明要多接近"),
          range: 0..<text.utf8.count,
          help: LocalText("to compare two computed values write ‘a ≈ b ± 0.01’", "比较两个算出的值，写 ‘a ≈ b ± 0.01’"))
      }
    }
    try expectEnd()
    return .comparison(comparison, left, right)
  }

  private mutating func trend(of left: Expression, word: String) throws(RelationError) -> Relation {
    guard let trend = Relation.Trend(rawValue: word) else {
      let nearest = Spelling.nearest(to: word, among: ["increases", "decreases"])
      throw RelationError(
        summary: LocalText("‘\(word)’ has no meaning here", "‘\(word)’ 在这里没有意义"), range: current.range,
        help: .didYouMean(nearest.map { "\($0) with" }) ?? Self.help)
    }
    guard case .measure(let reference, let range) = left else {
      throw RelationError(
        summary: LocalText("only a measure can be said to \(word)", "只有度量才谈得上 \(word)"),
        range: 0..<current.range.lowerBound)
    }
    position += 1
    guard case .word("with") = current.kind else {
      throw RelationError(
        summary: LocalText("‘with’ and a coordinate must follow ‘\(word)’", "‘\(word)’ 后面要写 ‘with’ 和一个坐标"),
        range: current.range)
    }
    position += 1
    guard case .word(let coordinate) = current.kind else {
      throw RelationError(
        summary: LocalText("the name of a coordinate must follow ‘with’", "‘with’ 后面要写坐标的名字"),
        range: current.range)
    }
    position += 1
    try expectEnd()
    return .trend(reference, range: range, trend, coordinate: coordinate)
  }

  private func expectEnd() throws(RelationError) {
    guard current.kind == .end else {
      throw RelationError(
        summary: LocalText("the relation ends before this", "关系到这里之前就结束了"),
        range: current.range.lowerBound..<text.utf8.count,
        help: LocalText("a claim states one relation; make another claim of the rest", "一条论断只写一个关系，余下的另写一条"))
    }
  }

  private mutating func sum() throws(RelationError) -> Expression {
    var left = try product()
    while let symbol = takeSymbol("+", "-") {
      left = .binary(symbol == "+" ? .plus : .minus, left, try product())
    }
    return left
  }

  private mutating func product() throws(RelationError) -> Expression {
    var left = try factor()
    while let symbol = takeSymbol("*", "/") {
      left = .binary(symbol == "*" ? .times : .divided, left, try factor())
    }
    return left
  }

  private mutating func factor() throws(RelationError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepestNesting else {
      throw RelationError(
        summary: LocalText(
          "this is nested more than \(Self.deepestNesting) deep", "这里的嵌套超过 \(Self.deepestNesting) 层"),
        range: current.range)
    }
    if takeSymbol("-") != nil {
      let operand = try factor()
      // A negative number written out is still a number written out.
      if case .number(let literal, let text) = operand { return .number(literal.negated, text: "-" + text) }
      return .negation(operand)
    }
    if takeSymbol("(") != nil { return try closing(try sum()) }
    let token = current
    switch token.kind {
    case .number(let written):
      guard let literal = NumberLiteral(written) else {
        throw RelationError(
          summary: LocalText("‘\(written)’ is no number", "‘\(written)’ 不是数字"), range: token.range)
      }
      position += 1
      return .number(literal, text: written)
    case .reference(let name):
      guard let reference = MeasureReference(name: name) else {
        throw RelationError(
          summary: LocalText("‘\(name)’ names no measure", "‘\(name)’ 不是任何度量的名字"), range: token.range,
          help: LocalText("write experiment.measure[selector]", "写成 experiment.measure[selector]"))
      }
      position += 1
      return .measure(reference, range: token.range)
    case .word(let word):
      let names = Expression.Function.allCases.map(\.rawValue)
      guard let function = Expression.Function(rawValue: word) else {
        let nearest = Spelling.nearest(to: word, among: names)
        throw RelationError(
          summary: LocalText("‘\(word)’ is neither a measure nor a function", "‘\(word)’ 既不是度量，也不是函数"),
          range: token.range,
          help: .didYouMean(nearest)
            ?? LocalText(
              "a measure is written experiment.measure; the functions are ", "度量写作 experiment.measure；函数有 ")
            + .list(names))
      }
      position += 1
      guard takeSymbol("(") != nil else {
        throw RelationError(
          summary: LocalText("‘(’ must follow ‘\(word)’", "‘\(word)’ 后面必须是 ‘(’"), range: current.range)
      }
      return .call(function, try closing(try sum()))
    case .symbol(let symbol):
      throw RelationError(
        summary: LocalText("a number or a measure must stand before ‘\(symbol)’", "‘\(symbol)’ 前面必须有数字或度量"),
        range: token.range)
    case .end:
      throw RelationError(
        summary: LocalText("the relation stops too early", "关系没有写完"), range: token.range, help: Self.help)
    }
  }

  private mutating func closing(_ inner: Expression) throws(RelationError) -> Expression {
    guard takeSymbol(")") != nil else {
      throw RelationError(summary: LocalText("‘)’ is missing", "缺少 ‘)’"), range: current.range)
    }
    return inner
  }
}
