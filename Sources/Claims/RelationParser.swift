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
      + "‘a.b ≈ 0.61 ± 0.01’, ‘a.b in [0.6, 0.7]’ or ‘scales.entropy increases with scale’",
    "写一个关系，如 ‘scales.entropy[√d] > 5’、‘normal.coverage[1σ] = 68.27%’、"
      + "‘a.b ≈ 0.61 ± 0.01’、‘a.b in [0.6, 0.7]’ 或 ‘scales.entropy increases with scale’")

  private let text: String
  private var tokens: [Token] = []
  private var position = 0
  private var depth = 0
  /// Coordinates that ‘for all’ and ‘for some’ run over, with their places.
  private var bound: [String] = []

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
    return try parser.statement()
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
        while index < characters.count, Self.isNamePart(characters[index]) {
          // A hyphen belongs to a name, but behind a size it takes something away: n-1.
          if characters[index] == "-", Self.sizes.contains(String(characters[start..<index])) { break }
          index += 1
        }
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
        "［": "[", "］": "]", "，": ",", "：": ":",
      ]
      let symbol = canonical[String(character)] ?? String(character)
      guard "=<>≤≥≈±+-*/^√()[],:".contains(symbol) else {
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
    // A comma belongs to a number only before three digits: the one of ‘[0,1]’ does not.
    func isGroup() -> Bool {
      (1...3).allSatisfy { at($0).map(isDigit) == true } && at(4).map(isDigit) != true
    }
    while let character = at(0),
      isDigit(character) || [".", "_"].contains(character) && at(1).map(isDigit) == true
        || character == "," && isGroup()
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

  private mutating func takeWord(_ word: String) -> Bool {
    guard current.kind == .word(word) else { return false }
    position += 1
    return true
  }

  /// `for all X: …`, or a relation alone.
  private mutating func statement() throws(RelationError) -> Relation {
    guard case .word("for") = current.kind else { return try relation() }
    let start = current.range.lowerBound
    position += 1
    guard case .word(let word) = current.kind, let quantifier = Relation.Quantifier(rawValue: word) else {
      throw RelationError(
        summary: LocalText("‘all’ or ‘some’ must follow ‘for’", "‘for’ 后面要写 ‘all’ 或 ‘some’"),
        range: current.range,
        help: LocalText("write ‘for all headDimension: …’", "写成 ‘for all headDimension: …’"))
    }
    position += 1
    guard case .word(let coordinate) = current.kind else {
      throw RelationError(
        summary: LocalText(
          "the name of a coordinate must follow ‘for \(word)’", "‘for \(word)’ 后面要写坐标的名字"),
        range: current.range)
    }
    let range = start..<current.range.upperBound
    guard !bound.contains(coordinate) else {
      throw RelationError(
        summary: LocalText("‘\(coordinate)’ is bound twice", "‘\(coordinate)’ 绑定了两次"), range: current.range)
    }
    position += 1
    guard takeSymbol(":") != nil else {
      throw RelationError(
        summary: LocalText(
          "‘:’ must follow ‘for \(word) \(coordinate)’", "‘for \(word) \(coordinate)’ 后面要写 ‘:’"),
        range: current.range)
    }
    bound.append(coordinate)
    try descend()
    defer { depth -= 1 }
    return .quantified(quantifier, coordinate: coordinate, range: range, try statement())
  }

  private mutating func relation() throws(RelationError) -> Relation {
    let left = try sum()
    if takeWord("in") { return try interval(left) }
    if case .word("peaks") = current.kind { return try peak(of: left) }
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
      if case .relative = tolerance, case .number(let literal, _, _) = right, literal.writtenPower == -2 {
        throw RelationError(
          summary: LocalText(
            "‘± \(written)’ behind a percentage could mean points or a share of it",
            "百分数后面的 ‘± \(written)’ 可以指百分点，也可以指相对比例"),
          range: current.range,
          help: LocalText("write the margin as a number: ± 0.01 is one point", "把容差写成数字：± 0.01 就是一个百分点"))
      }
      position += 1
      if case .absolute(let margin) = tolerance, let unit = try unit() {
        try expectEnd()
        return .near(left, right, tolerance: .absolute(margin * unit.factor))
      }
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

  /// `in [low, high]`, behind ‘in’.
  private mutating func interval(_ value: Expression) throws(RelationError) -> Relation {
    let help = LocalText("write ‘in [0.6, 0.7]’", "写成 ‘in [0.6, 0.7]’")
    let start = current.range.lowerBound
    guard let opening = takeSymbol("[", "(") else {
      throw RelationError(
        summary: LocalText("a range must follow ‘in’", "‘in’ 后面要写区间"), range: current.range, help: help)
    }
    let low = try sum()
    guard takeSymbol(",") != nil else {
      throw RelationError(
        summary: LocalText("a comma and the upper end must follow", "后面要写逗号和上端"), range: current.range,
        help: help)
    }
    let high = try sum()
    guard let end = takeSymbol("]", ")") else {
      throw RelationError(summary: LocalText("‘]’ is missing", "缺少 ‘]’"), range: current.range, help: help)
    }
    if case .number(let from, let low, let unit) = low, case .number(let to, let high, let otherUnit) = high,
      unit == otherUnit, from.number.doubleValue > to.number.doubleValue
    {
      throw RelationError(
        summary: LocalText("nothing lies in a range from \(low) to \(high)", "\(low) 到 \(high) 之间什么也没有"),
        range: start..<self.end, help: LocalText("write the lower end first", "先写下端，再写上端"))
    }
    try expectEnd()
    return .within(
      value, low: low, high: high, open: Relation.OpenEnds(low: opening == "(", high: end == ")"))
  }

  /// `peaks at X near v`, at ‘peaks’.
  private mutating func peak(of left: Expression) throws(RelationError) -> Relation {
    guard case .measure(let reference, let range) = left else {
      throw RelationError(
        summary: LocalText("only a measure can be said to peak", "只有度量才谈得上最大处"),
        range: 0..<current.range.lowerBound)
    }
    position += 1
    let help = LocalText("write ‘a.b peaks at scale near 2√d’", "写成 ‘a.b peaks at scale near 2√d’")
    guard takeWord("at"), case .word(let coordinate) = current.kind else {
      throw RelationError(
        summary: LocalText("‘at’ and a coordinate must follow ‘peaks’", "‘peaks’ 后面要写 ‘at’ 和一个坐标"),
        range: current.range, help: help)
    }
    position += 1
    guard takeWord("near"), current.kind != .end else {
      throw RelationError(
        summary: LocalText(
          "‘near’ and a value must follow ‘\(coordinate)’", "‘\(coordinate)’ 后面要写 ‘near’ 和一个值"),
        range: current.range, help: help)
    }
    // A scale is no expression: the rest is taken as it is written.
    let place = current.range.lowerBound..<text.utf8.count
    let written = String(decoding: Array(text.utf8)[place], as: UTF8.self).trimmingBlanks
    return .peak(
      reference, range: range, coordinate: coordinate, near: written,
      nearRange: place.lowerBound..<place.lowerBound + written.utf8.count)
  }

  /// The word behind a number, where it is a unit.
  private mutating func unit() throws(RelationError) -> ClaimUnit? {
    guard case .word(let word) = current.kind, !Self.relationWords.contains(word) else { return nil }
    guard let unit = ClaimUnit(word: word) else {
      let units = ClaimUnit.allCases.map(\.rawValue)
      throw RelationError(
        summary: LocalText("‘\(word)’ is no unit", "‘\(word)’ 不是单位"), range: current.range,
        help: .didYouMean(Spelling.nearest(to: word, among: units))
          ?? LocalText("the units are ", "单位有 ") + .list(units))
    }
    position += 1
    return unit
  }

  /// Words that may follow a number and are no misspelt units; not all of them have a meaning.
  private static let relationWords = ["in", "peaks", "increases", "decreases", "for", "and", "or"]

  private mutating func descend() throws(RelationError) {
    depth += 1
    guard depth <= Self.deepestNesting else {
      throw RelationError(
        summary: LocalText(
          "this is nested more than \(Self.deepestNesting) deep", "这里的嵌套超过 \(Self.deepestNesting) 层"),
        range: current.range)
    }
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
    let start = current.range.lowerBound
    var left = try product()
    while let symbol = takeSymbol("+", "-") {
      let right = try product()
      left = .binary(symbol == "+" ? .plus : .minus, left, right, range: start..<end)
    }
    return left
  }

  /// Where the last token taken ends.
  private var end: Int { position > 0 ? tokens[position - 1].range.upperBound : 0 }

  private mutating func product() throws(RelationError) -> Expression {
    let start = current.range.lowerBound
    var left = try factor()
    while let symbol = takeSymbol("*", "/") {
      let right = try factor()
      left = .binary(symbol == "*" ? .times : .divided, left, right, range: start..<end)
    }
    return left
  }

  /// A factor with its sign and power: −2^2 is −4.
  private mutating func factor() throws(RelationError) -> Expression {
    try descend()
    defer { depth -= 1 }
    if takeSymbol("-") != nil {
      let operand = try factor()
      // A negative number written out is still a number written out.
      if case .number(let literal, let text, let unit) = operand {
        return .number(literal.negated, text: "-" + text, unit: unit)
      }
      return .negation(operand)
    }
    let start = current.range.lowerBound
    let base = try primary()
    guard takeSymbol("^") != nil else { return base }
    let exponent = try factor()
    return .binary(.power, base, exponent, range: start..<end)
  }

  private mutating func primary() throws(RelationError) -> Expression {
    let token = current
    if takeSymbol("(") != nil { return try closing(try sum()) }
    if takeSymbol("√") != nil {
      let operand = try factor()
      return .call(.sqrt, [operand], range: token.range.lowerBound..<end)
    }
    switch token.kind {
    case .number(let written):
      guard let literal = NumberLiteral(written) else {
        throw RelationError(
          summary: LocalText("‘\(written.prefix(40))’ is no number", "‘\(written.prefix(40))’ 不是数字"),
          range: token.range)
      }
      position += 1
      let number = Expression.number(literal, text: written, unit: try unit())
      guard current.kind == .symbol("√") else { return number }
      // 2√d is how a multiple of a root is written.
      let root = try primary()
      return .binary(.times, number, root, range: token.range.lowerBound..<end)
    case .reference(let name): return try reference(name, token.range)
    case .word(let word): return try named(word, token.range)
    case .symbol(let symbol):
      throw RelationError(
        summary: LocalText("a number or a measure must stand before ‘\(symbol)’", "‘\(symbol)’ 前面必须有数字或度量"),
        range: token.range)
    case .end:
      throw RelationError(
        summary: LocalText("the relation stops too early", "关系没有写完"), range: token.range, help: Self.help)
    }
  }

  private mutating func reference(_ name: String, _ range: Range<Int>) throws(RelationError) -> Expression {
    guard let reference = MeasureReference(name: name) else {
      throw RelationError(
        summary: LocalText("‘\(name)’ names no measure", "‘\(name)’ 不是任何度量的名字"), range: range,
        help: LocalText("write experiment.measure[selector]", "写成 experiment.measure[selector]"))
    }
    position += 1
    return .measure(reference, range: range)
  }

  private static let sizes = ["n", "d"]

  private mutating func named(_ word: String, _ range: Range<Int>) throws(RelationError) -> Expression {
    if word == "pi" || word == Expression.Constant.pi.rawValue {
      position += 1
      return .constant(.pi)
    }
    if word == Expression.Constant.e.rawValue {
      position += 1
      return .constant(.e)
    }
    if bound.contains(word) || Self.sizes.contains(word) {
      position += 1
      return .variable(word, range: range)
    }
    if word == "argmax" { return try argmax(range) }
    guard let function = Expression.Function(rawValue: word) else {
      let names = Expression.Function.allCases.map(\.rawValue) + ["argmax"]
      throw RelationError(
        summary: LocalText("‘\(word)’ is neither a measure nor a function", "‘\(word)’ 既不是度量，也不是函数"),
        range: range,
        help: .didYouMean(Spelling.nearest(to: word, among: names))
          ?? LocalText(
            "a measure is written experiment.measure; the constants are π, e, n and d, the functions ",
            "度量写作 experiment.measure；常数有 π、e、n 和 d，函数有 ")
          + .list(names))
    }
    position += 1
    return try call(function, range)
  }

  /// The arguments of a function; one alone needs no brackets, as in ‘ln n’.
  private mutating func call(
    _ function: Expression.Function, _ range: Range<Int>
  ) throws(RelationError) -> Expression {
    if function.arguments == 1...1, current.kind != .symbol("(") {
      switch current.kind {
      case .number, .reference, .word:
        let argument = try factor()
        return .call(function, [argument], range: range.lowerBound..<end)
      case .symbol, .end: break
      }
    }
    guard takeSymbol("(") != nil else {
      throw RelationError(
        summary: LocalText("‘(’ must follow ‘\(function.rawValue)’", "‘\(function.rawValue)’ 后面必须是 ‘(’"),
        range: current.range)
    }
    var arguments = [try sum()]
    while takeSymbol(",") != nil { arguments.append(try sum()) }
    guard takeSymbol(")") != nil else {
      throw RelationError(summary: LocalText("‘)’ is missing", "缺少 ‘)’"), range: current.range)
    }
    guard function.arguments.contains(arguments.count) else {
      let wanted = function.arguments
      throw RelationError(
        summary: LocalText(
          "‘\(function.rawValue)’ takes \(wanted.count == 1 ? "\(wanted.lowerBound)" : "\(wanted.lowerBound) to \(wanted.upperBound)") arguments, not \(arguments.count)",
          "‘\(function.rawValue)’ 要 \(wanted.count == 1 ? "\(wanted.lowerBound)" : "\(wanted.lowerBound) 到 \(wanted.upperBound)") 个参数，这里有 \(arguments.count) 个"
        ), range: range.lowerBound..<end)
    }
    return .call(function, arguments, range: range.lowerBound..<end)
  }

  /// `argmax(a.b, scale)`.
  private mutating func argmax(_ range: Range<Int>) throws(RelationError) -> Expression {
    position += 1
    let help = LocalText("write ‘argmax(a.b, scale)’", "写成 ‘argmax(a.b, scale)’")
    guard takeSymbol("(") != nil, case .reference(let name) = current.kind,
      case .measure(let reference, let place) = try self.reference(name, current.range),
      takeSymbol(",") != nil,
      case .word(let coordinate) = current.kind
    else {
      throw RelationError(
        summary: LocalText("‘argmax’ takes a measure and a coordinate", "‘argmax’ 要一个度量和一个坐标"),
        range: range.lowerBound..<current.range.upperBound, help: help)
    }
    position += 1
    _ = try closing(.constant(.e))
    return .argmax(reference, coordinate: coordinate, range: place)
  }

  private mutating func closing(_ inner: Expression) throws(RelationError) -> Expression {
    guard takeSymbol(")") != nil else {
      throw RelationError(summary: LocalText("‘)’ is missing", "缺少 ‘)’"), range: current.range)
    }
    return inner
  }
}
