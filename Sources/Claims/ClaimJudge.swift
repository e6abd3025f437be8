import Experiments
import NotebookModel
import Wording

/// Finds out whether a relation is true, and by how much.
struct ClaimJudge {
  /// A difference smaller than this many standard errors decides nothing.
  static let errorsNeeded = 3.0

  /// What came out of a relation.
  struct Judgement {
    let isTrue: Bool
    /// How far the values are from deciding otherwise, in standard errors; infinite where nothing is sampled.
    let margin: Double
    var sides: [Quantity] = []

    var outcome: ClaimVerdict.Outcome {
      margin < ClaimJudge.errorsNeeded ? .inconclusive : isTrue ? .holds : .refuted
    }

    /// Several judgements as one: all of them must be true, or some.
    static func combined(_ parts: [Judgement], _ quantifier: Relation.Quantifier) -> Judgement {
      // One clear case decides against “all” and for “some”; without any, the least clear one counts.
      let deciding = quantifier == .some
      let decisive = parts.filter { $0.isTrue == deciding }
      let isTrue = decisive.isEmpty ? !deciding : deciding
      let margin = decisive.isEmpty ? parts.map(\.margin).min() : decisive.map(\.margin).max()
      return Judgement(isTrue: isTrue, margin: margin ?? .infinity, sides: parts.flatMap(\.sides))
    }
  }

  let evaluation: Evaluation

  /// Judges a comparison.
  func judge(
    _ comparison: Relation.Comparison, _ left: Expression, _ right: Expression
  ) throws(Evaluation.Failure) -> Judgement {
    let sides = try derive([left, right])
    let difference = Derived.combined(sides[0].value - sides[1].value, sides[0], 1, sides[1], -1)
    let isTrue: Bool
    switch comparison {
    case .less: isTrue = difference.value < 0
    case .greater: isTrue = difference.value > 0
    case .atMost: isTrue = difference.value <= 0
    case .atLeast: isTrue = difference.value >= 0
    case .equal: return judgeEqual(left, right, sides)
    }
    return Judgement(
      isTrue: isTrue, margin: Self.margin(abs(difference.value), difference), sides: sides.map(\.quantity))
  }

  private func derive(_ expressions: [Expression]) throws(Evaluation.Failure) -> [Derived] {
    let sides = try expressions.map { expression throws(Evaluation.Failure) in
      try evaluation.derive(expression)
    }
    for side in sides.dropFirst() { try Evaluation.requireOneUnit(sides[0], side, at: wholeRange) }
    return sides
  }

  /// The whole relation, for what concerns both sides.
  let wholeRange: Range<Int>

  private func judgeEqual(_ left: Expression, _ right: Expression, _ sides: [Derived]) -> Judgement {
    let literal: NumberLiteral
    let unit: ClaimUnit?
    let computed: Derived
    switch (left, right) {
    case (_, .number(let written, _, let writtenUnit)):
      (literal, unit, computed) = (written, writtenUnit, sides[0])
    case (.number(let written, _, let writtenUnit), _):
      (literal, unit, computed) = (written, writtenUnit, sides[1])
    default: preconditionFailure("the parser lets no ‘=’ pass without a number written out")
    }
    let factor = unit?.factor ?? 1
    let distance = abs(computed.value / factor - literal.number.doubleValue)
    return Judgement(
      isTrue: literal.accepts(computed.value / factor),
      margin: Self.margin(abs(literal.halfStep - distance) * factor, computed), sides: sides.map(\.quantity))
  }

  /// Judges `≈ … ± …`.
  func judge(
    near left: Expression, _ right: Expression, tolerance: Tolerance
  ) throws(Evaluation.Failure) -> Judgement {
    let sides = try derive([left, right])
    let difference = Derived.combined(sides[0].value - sides[1].value, sides[0], 1, sides[1], -1)
    let allowed: Double
    switch tolerance {
    case .absolute(let margin): allowed = margin
    case .relative(let share): allowed = share * abs(sides[1].value)
    case .asWritten, .exact, .bound: preconditionFailure("the parser wants a margin")
    }
    let distance = abs(difference.value)
    // The edge belongs to it, whatever binary fractions make of 0.1.
    let edge = allowed + Tolerance.rounding(sides[0].value, sides[1].value)
    return Judgement(
      isTrue: distance <= edge, margin: Self.margin(abs(allowed - distance), difference),
      sides: sides.map(\.quantity))
  }

  /// Judges `… in [low, high]`, or `(low, high)` without its ends.
  func judge(
    _ value: Expression, in low: Expression, _ high: Expression, open: Relation.OpenEnds
  ) throws(Evaluation.Failure) -> Judgement {
    let sides = try derive([value, low, high])
    let above = Derived.combined(sides[0].value - sides[1].value, sides[0], 1, sides[1], -1)
    let below = Derived.combined(sides[2].value - sides[0].value, sides[2], 1, sides[0], -1)
    var judgement = Judgement.combined(
      [(above, open.low), (below, open.high)].map { distance, isOpen in
        Judgement(
          isTrue: isOpen ? distance.value > 0 : distance.value >= 0,
          margin: Self.margin(abs(distance.value), distance))
      }, .all)
    judgement.sides = sides.map(\.quantity)
    return judgement
  }

  /// Judges a trend over values in the order of their coordinate.
  static func judge(_ trend: Relation.Trend, over values: [Quantity]) -> Judgement {
    let steps = zip(values, values.dropFirst()).map { before, after in
      let step = trend == .increases ? after.value - before.value : before.value - after.value
      // Neighbours come from the same samples; their errors added up are never too little.
      return Judgement(isTrue: step > 0, margin: ratio(abs(step), before.standardError + after.standardError))
    }
    var judgement = Judgement.combined(steps, .all)
    judgement.sides = values
    return judgement
  }

  /// Judges whether the value at an index is the largest.
  static func judge(largestAt index: Int, of values: [Quantity]) -> Judgement {
    let others = values.indices.filter { $0 != index }.map { other in
      Judgement(
        isTrue: values[index].value > values[other].value,
        margin: ratio(
          abs(values[index].value - values[other].value),
          values[index].standardError + values[other].standardError))
    }
    var judgement = Judgement.combined(others, .all)
    judgement.sides = values
    return judgement
  }

  private static func margin(_ distance: Double, _ derived: Derived) -> Double {
    min(ratio(distance, derived.standardError), derived.certainty)
  }

  /// A distance in units of an error. One that nobody knows decides nothing.
  private static func ratio(_ distance: Double, _ error: Double) -> Double {
    if error == 0 { return .infinity }
    return error.isFinite ? distance / error : 0
  }
}
