import NotebookModel
import Wording

/// An arithmetic expression over measures and numbers.
public indirect enum Expression: Hashable, Sendable {
  /// A number as written.
  case number(NumberLiteral, text: String)
  /// A measure.
  case measure(MeasureReference, range: Range<Int>)
  /// The other sign.
  case negation(Expression)
  /// Two operands.
  case binary(Operator, Expression, Expression)
  /// A function of one argument.
  case call(Function, Expression)

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
  }

  /// The functions.
  public enum Function: String, CaseIterable, Hashable, Sendable {
    /// Absolute value.
    case abs
    /// Square root.
    case sqrt
    /// Natural logarithm.
    case log
    /// Exponential.
    case exp
  }

  var isArithmetic: Bool {
    switch self {
    case .number, .measure: false
    case .negation, .binary, .call: true
    }
  }

  /// Whether a number in it is written as a percentage.
  var writesPercent: Bool {
    switch self {
    case .number(let literal, _): literal.writtenPower == -2
    case .measure: false
    case .negation(let operand), .call(_, let operand): operand.writesPercent
    case .binary(_, let left, let right): left.writesPercent || right.writesPercent
    }
  }

  /// The measures named, with their places in the relation's text, from left to right.
  public var references: [(MeasureReference, Range<Int>)] {
    switch self {
    case .number: []
    case .measure(let reference, let range): [(reference, range)]
    case .negation(let operand), .call(_, let operand): operand.references
    case .binary(_, let left, let right): left.references + right.references
    }
  }
}

/// What a claim states.
public enum Relation: Hashable, Sendable {
  /// One side against the other.
  case comparison(Comparison, Expression, Expression)
  /// `left ≈ right ± tolerance`.
  case near(Expression, Expression, tolerance: Tolerance)
  /// A measure rises or falls along a coordinate.
  case trend(MeasureReference, range: Range<Int>, Trend, coordinate: String)

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

  /// Whether a number in it is written as a percentage, so that its values read best as percentages too.
  public var writesPercent: Bool {
    switch self {
    case .comparison(_, let left, let right), .near(let left, let right, _):
      left.writesPercent || right.writesPercent
    case .trend: false
    }
  }

  /// For each side whether it is more than a number or a measure, so that its value is not seen from what it is made of.
  public var arithmeticSides: [Bool] {
    switch self {
    case .comparison(_, let left, let right), .near(let left, let right, _):
      [left.isArithmetic, right.isArithmetic]
    case .trend: []
    }
  }

  /// The measures named, from left to right.
  public var references: [(MeasureReference, Range<Int>)] {
    switch self {
    case .comparison(_, let left, let right), .near(let left, let right, _):
      left.references + right.references
    case .trend(let reference, let range, _, _): [(reference, range)]
    }
  }
}
