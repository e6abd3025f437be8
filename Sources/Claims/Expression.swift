import NotebookModel
import Wording

/// An arithmetic expression over measures and numbers. Ranges are byte offsets in the relation's text.
public indirect enum Expression: Hashable, Sendable {
  /// A number as written, with its unit where the author gave one.
  case number(NumberLiteral, text: String, unit: ClaimUnit? = nil)
  /// A named constant.
  case constant(Constant)
  /// A measure, or a parameter of an experiment.
  case measure(MeasureReference, range: Range<Int>)
  /// `n`, `d`, or a coordinate that `for all` runs over.
  case variable(String, range: Range<Int>)
  /// The other sign.
  case negation(Expression)
  /// Two operands.
  case binary(Operator, Expression, Expression, range: Range<Int>)
  /// A function of one or several arguments.
  case call(Function, [Expression], range: Range<Int>)
  /// Where along a coordinate a measure is largest.
  case argmax(MeasureReference, coordinate: String, range: Range<Int>)

  /// The operators.
  public enum Operator: Character, Hashable, Sendable {
    /// Sum.
    case plus = "+"
    /// Difference.
    case minus = "-"
    /// Product.
    case times = "*"
    /// Ratio.
    case divided = "/"
    /// Power.
    case power = "^"
  }

  /// The constants.
  public enum Constant: String, CaseIterable, Hashable, Sendable {
    /// 3.14159…
    case pi = "π"
    /// 2.71828…
    case e

    /// The value, correctly rounded.
    var value: Double {
      switch self {
      case .pi: .pi
      case .e: 0x1.5bf0a8b145769p+1
      }
    }
  }

  /// The functions.
  public enum Function: String, CaseIterable, Hashable, Sendable {
    /// Absolute value.
    case abs
    /// The smallest of several.
    case min
    /// The largest of several.
    case max
    /// The first divided by the second.
    case ratio
    /// Natural logarithm.
    case log
    /// Natural logarithm.
    case ln
    /// Exponential.
    case exp
    /// Square root.
    case sqrt

    /// How many arguments it takes.
    var arguments: ClosedRange<Int> {
      switch self {
      case .abs, .log, .ln, .exp, .sqrt: 1...1
      case .ratio: 2...2
      case .min, .max: 2...20
      }
    }
  }

  var isArithmetic: Bool {
    switch self {
    case .number, .measure, .constant, .variable: false
    case .negation, .binary, .call, .argmax: true
    }
  }

  /// The parts that it is made of.
  var operands: [Expression] {
    switch self {
    case .number, .constant, .measure, .variable, .argmax: []
    case .negation(let operand): [operand]
    case .binary(_, let left, let right, _): [left, right]
    case .call(_, let arguments, _): arguments
    }
  }

  /// Whether a number in it is written as a percentage.
  var writesPercent: Bool {
    if case .number(let literal, _, _) = self { return literal.writtenPower == -2 }
    return operands.contains { $0.writesPercent }
  }

  /// Where a variable stands first, in the relation's text.
  func place(ofVariable name: String) -> Range<Int>? {
    if case .variable(name, let range) = self { return range }
    return operands.lazy.compactMap { $0.place(ofVariable: name) }.first
  }

  /// The measures named, with their places in the relation's text, from left to right.
  public var references: [(MeasureReference, Range<Int>)] {
    switch self {
    case .measure(let reference, let range), .argmax(let reference, _, let range): [(reference, range)]
    case .number, .constant, .variable, .negation, .binary, .call: operands.flatMap(\.references)
    }
  }
}

/// A unit that a claim may write behind a number; it is checked against the unit of what stands on the other side.
public enum ClaimUnit: String, CaseIterable, Hashable, Sendable {
  /// Natural units of entropy.
  case nat
  /// Binary units of entropy, converted to nats.
  case bit
  /// Keys of a row.
  case keys
  /// A share of a whole.
  case share
  /// Steps of a training.
  case steps

  /// The unit of a word as authors write it; `nil` for other words.
  init?(word: String) {
    let singular = word.hasSuffix("s") ? String(word.dropLast()) : word
    guard
      let unit = ClaimUnit(rawValue: word) ?? ClaimUnit(rawValue: singular) ?? ClaimUnit(rawValue: word + "s")
    else { return nil }
    self = unit
  }

  /// The unit of measures that it is compared with.
  var measureUnit: String { self == .bit ? ClaimUnit.nat.rawValue : rawValue }

  /// What a number in this unit is multiplied by to be in the measures' unit.
  var factor: Double { self == .bit ? 0x1.62e42fefa39efp-1 : 1 }
}

/// What a claim states.
public indirect enum Relation: Hashable, Sendable {
  /// One side against the other.
  case comparison(Comparison, Expression, Expression)
  /// `left ≈ right ± tolerance`.
  case near(Expression, Expression, tolerance: Tolerance)
  /// `value in [low, high]`, or `(low, high]` without an end.
  case within(Expression, low: Expression, high: Expression, open: OpenEnds)
  /// A measure rises or falls along a coordinate.
  case trend(MeasureReference, range: Range<Int>, Trend, coordinate: String)
  /// A measure is largest at the value of a coordinate that is nearest to the one named.
  case peak(MeasureReference, range: Range<Int>, coordinate: String, near: String, nearRange: Range<Int>)
  /// `for all X: …` or `for some X: …`.
  case quantified(Quantifier, coordinate: String, range: Range<Int>, Relation)

  /// Which ends of a range do not belong to it: those written with a round bracket.
  public struct OpenEnds: Hashable, Sendable {
    let low: Bool
    let high: Bool
  }

  /// The comparisons.
  public enum Comparison: String, Hashable, Sendable {
    /// Equal at the precision of the number written on one side.
    case equal = "="
    /// Less.
    case less = "<"
    /// Greater.
    case greater = ">"
    /// Less or equal.
    case atMost = "≤"
    /// Greater or equal.
    case atLeast = "≥"
  }

  /// The directions.
  public enum Trend: String, Hashable, Sendable {
    /// Every next value is larger.
    case increases
    /// Every next value is smaller.
    case decreases
  }

  /// How many of the values of a coordinate a relation is said to hold for.
  public enum Quantifier: String, CaseIterable, Hashable, Sendable {
    /// Every one.
    case all
    /// One at least.
    case some
  }

  /// The expressions that it compares, from left to right.
  var expressions: [Expression] {
    switch self {
    case .comparison(_, let left, let right), .near(let left, let right, _): [left, right]
    case .within(let value, let low, let high, _): [value, low, high]
    case .trend, .peak: []
    case .quantified(_, _, _, let relation): relation.expressions
    }
  }

  /// Whether a number in it is written as a percentage, so that its values read best as percentages too.
  public var writesPercent: Bool { expressions.contains { $0.writesPercent } }

  /// For each side whether it is more than a number or a measure, so that its value is not seen from what it is made of.
  public var arithmeticSides: [Bool] {
    if case .quantified = self { return [] }
    return expressions.map(\.isArithmetic)
  }

  /// The measures named, from left to right.
  public var references: [(MeasureReference, Range<Int>)] {
    switch self {
    case .comparison, .near, .within: expressions.flatMap(\.references)
    case .trend(let reference, let range, _, _), .peak(let reference, let range, _, _, _):
      [(reference, range)]
    case .quantified(_, _, _, let relation): relation.references
    }
  }
}
