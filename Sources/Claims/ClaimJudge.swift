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
    let sides = [evaluation.quantity(left), evaluation.quantity(right)]
    guard sides.allSatisfy({ $0.value.isFinite }) else { return nil }
    let difference = sides[0].value - sides[1].value
    let error = Self.together(sides)
    let isTrue: Bool
    switch comparison {
    case .less: isTrue = difference < 0
    case .greater: isTrue = difference > 0
    case .atMost: isTrue = difference <= 0
    case .atLeast: isTrue = difference >= 0
    case .equal: return judgeEqual(left, right, sides: sides)
    }
    return Judgement(isTrue: isTrue, margin: Self.ratio(abs(difference), error), sides: sides)
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
    let sides = [evaluation.quantity(left), evaluation.quantity(right)]
    guard sides.allSatisfy({ $0.value.isFinite }) else { return nil }
    let allowed: Double
    switch tolerance {
    case .absolute(let margin): allowed = margin
    case .relative(let share): allowed = share * abs(sides[1].value)
    case .asWritten, .exact: preconditionFailure("the parser wants a margin")
    }
    let distance = abs(sides[0].value - sides[1].value)
    return Judgement(
      isTrue: distance <= allowed, margin: Self.ratio(abs(allowed - distance), Self.together(sides)),
      sides: sides)
  }

  /// Judges a trend over values in the order of their coordinate.
  static func judge(_ trend: Relation.Trend, over values: [Quantity]) -> Judgement {
    var isTrue = true
    var margin = Double.infinity
    var clearlyFalse = 0.0
    for (before, after) in zip(values, values.dropFirst()) {
      let step = trend == .increases ? after.value - before.value : before.value - after.value
      let sure = ratio(abs(step), together([before, after]))
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

  private static func together(_ quantities: [Quantity]) -> Double {
    quantities.reduce(0) { $0 + $1.standardError * $1.standardError }.squareRoot()
  }

  private static func ratio(_ distance: Double, _ error: Double) -> Double {
    error > 0 ? distance / error : .infinity
  }
}
