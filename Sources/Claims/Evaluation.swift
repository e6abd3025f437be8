import AttentionKernel
import NotebookModel
import Wording

/// A value with its sampling error.
public struct Quantity: Hashable, Sendable {
  /// The value.
  public let value: Double
  /// The standard error; 0 for what is exact.
  public let standardError: Double

  /// A value with its error.
  public init(_ value: Double, standardError: Double = 0) {
    self.value = value
    self.standardError = standardError
  }
}

/// Computes expressions; errors travel to first order, operands taken as independent.
struct Evaluation {
  /// The value of every measure named.
  let values: [MeasureReference: ResolvedMeasure]

  func quantity(_ expression: Expression) -> Quantity {
    switch expression {
    case .number(let literal, _): return Quantity(literal.number.doubleValue)
    case .measure(let reference, _):
      guard let measure = values[reference]?.measure else {
        preconditionFailure("an unresolved measure is evaluated")
      }
      return Quantity(measure.value, standardError: measure.standardError ?? 0)
    case .negation(let operand):
      let quantity = quantity(operand)
      return Quantity(-quantity.value, standardError: quantity.standardError)
    case .binary(let operation, let left, let right):
      return combine(operation, quantity(left), quantity(right))
    case .call(let function, let argument): return apply(function, quantity(argument))
    }
  }

  private func combine(_ operation: Expression.Operator, _ a: Quantity, _ b: Quantity) -> Quantity {
    func error(_ slopeA: Double, _ slopeB: Double) -> Double {
      let (left, right) = (slopeA * a.standardError, slopeB * b.standardError)
      return (left * left + right * right).squareRoot()
    }
    switch operation {
    case .plus: return Quantity(a.value + b.value, standardError: error(1, 1))
    case .minus: return Quantity(a.value - b.value, standardError: error(1, 1))
    case .times: return Quantity(a.value * b.value, standardError: error(b.value, a.value))
    case .divided:
      return Quantity(a.value / b.value, standardError: error(1 / b.value, a.value / (b.value * b.value)))
    }
  }

  private func apply(_ function: Expression.Function, _ argument: Quantity) -> Quantity {
    let x = argument.value
    switch function {
    case .abs: return Quantity(abs(x), standardError: argument.standardError)
    case .sqrt:
      let root = x.squareRoot()
      return Quantity(root, standardError: argument.standardError / (2 * root))
    case .log: return Quantity(ReferenceMath.logarithm(x), standardError: argument.standardError / abs(x))
    case .exp:
      let value = ReferenceMath.exponential(x)
      return Quantity(value, standardError: value * argument.standardError)
    }
  }
}
