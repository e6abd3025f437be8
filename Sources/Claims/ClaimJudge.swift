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
  }

  let evaluation: Evaluation

  /// Judges a comparison; `nil` where a side is not a finite number.
  func judge(_ comparison: Relation.Comparison, _ left: Expression, _ right: Expression) -> Judgement? {
    let sides = [evaluation.derive(left), evaluation.derive(right)]
    guard sides.allSatisfy({ $0.value.isFinite }) else { return nil }
    let difference = Derived.combined(sides[0].value - sides[1].value, sides[0], 1, sides[1], -1)
    let isTrue: Bool
    switch comparison {
    case .less: isTrue = difference.value < 0
    case .greater: isTrue = difference.value > 0
    case .atMost: isTrue = difference.value <= 0
    case .atLeast: isTrue = difference.value >= 0
    case .equal: return judgeEqual(left, right, sides: sides.map(\.quantity))
    }
    return Judgement(
      isTrue: isTrue, margin: Self.ratio(abs(difference.value), difference.standardError),
      sides: sides.map(\.quantity))
  }

  private func judgeEqual(_ left: Expression, _ right: Expression, sides: [Quantity]) -> Judgement {
    let literal: NumberLiteral
    let computed: Quantity
    switch (left, right) {
    case (_, .number(let written, _)): (literal, computed) = (written, sides[0])
    case (.number(let written, _), _): (literal, computed) = (written, sides[1])
    default: preconditionFailure("the parser lets no ‘=’ pass without a number written out")
    }
    let distance = abs(computed.value - literal.number.doubleValue)
    return Judgement(
      isTrue: literal.accepts(computed.value),
      margin: Self.ratio(abs(literal.halfStep - distance), computed.standardError), sides: sides)
  }

  /// Judges `≈ … ± …`; `nil` where a side is not a finite number.
  func judge(near left: Expression, _ right: Expression, tolerance: Tolerance) -> Judgement? {
    let sides = [evaluation.derive(left), evaluation.derive(right)]
    guard sides.allSatisfy({ $0.value.isFinite }) else { return nil }
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
      isTrue: distance <= edge, margin: Self.ratio(abs(allowed - distance), difference.standardError),
      sides: sides.map(\.quantity))
  }

  /// Judges a trend over values in the order of their coordinate.
  static func judge(_ trend: Relation.Trend, over values: [Quantity]) -> Judgement {
    var isTrue = true
    var margin = Double.infinity
    var clearlyFalse = 0.0
    for (before, after) in zip(values, values.dropFirst()) {
      let step = trend == .increases ? after.value - before.value : before.value - after.value
      // Neighbours come from the same samples; their errors added up are never too little.
      let sure = ratio(abs(step), before.standardError + after.standardError)
      if step > 0 {
        margin = min(margin, sure)
      } else {
        isTrue = false
        clearlyFalse = max(clearlyFalse, sure)
      }
    }
    // One step that clearly goes the wrong way refutes, however unsure the others are.
    return Judgement(isTrue: isTrue, margin: isTrue ? margin : clearlyFalse, sides: values)
  }

  private static func ratio(_ distance: Double, _ error: Double) -> Double {
    error > 0 ? distance / error : .infinity
  }
}
