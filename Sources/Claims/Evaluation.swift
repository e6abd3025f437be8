import AttentionKernel
import Experiments
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

/// A computed value that remembers how it follows each measure, so that a measure named twice is not taken for two.
struct Derived {
  var value: Double
  /// By how much the value changes with each measure.
  var slopes: [ResolvedMeasure: Double] = [:]

  /// The same change for a function with this value and slope at here.
  func through(_ value: Double, slope: Double) -> Derived {
    Derived(value: value, slopes: slopes.mapValues { $0 * slope })
  }

  /// A function of two values, with its slopes in each.
  static func combined(_ value: Double, _ a: Derived, _ slopeA: Double, _ b: Derived, _ slopeB: Double)
    -> Derived
  {
    var result = a.through(value, slope: slopeA)
    for (measure, slope) in b.slopes { result.slopes[measure, default: 0] += slope * slopeB }
    return result
  }

  /// The standard error to first order.
  ///
  /// Measures of one experiment come from the same samples, by how much together nobody computed: their errors are added up,
  /// which is never too little. Experiments are taken as independent.
  var standardError: Double {
    var perExperiment: [ExperimentKey: Double] = [:]
    // In a fixed order, because floating-point sums depend on it.
    for (measure, slope) in slopes.sorted(by: { Self.order($0.key) < Self.order($1.key) }) {
      perExperiment[measure.experiment, default: 0] += abs(slope) * (measure.measure.standardError ?? 0)
    }
    return perExperiment.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
  }

  private static func order(_ measure: ResolvedMeasure) -> String {
    "\(measure.experiment.note)\n\(measure.experiment.id)\n\(measure.measure.text)"
  }

  /// Value and error alone.
  var quantity: Quantity { Quantity(value, standardError: standardError) }
}

/// Computes expressions over measures.
struct Evaluation {
  /// The value of every measure named.
  let values: [MeasureReference: ResolvedMeasure]

  func derive(_ expression: Expression) -> Derived {
    switch expression {
    case .number(let literal, _): return Derived(value: literal.number.doubleValue)
    case .measure(let reference, _):
      guard let resolved = values[reference] else {
        preconditionFailure("an unresolved measure is evaluated")
      }
      return Derived(value: resolved.measure.value, slopes: [resolved: 1])
    case .negation(let operand):
      let derived = derive(operand)
      return derived.through(-derived.value, slope: -1)
    case .binary(let operation, let left, let right): return combine(operation, derive(left), derive(right))
    case .call(let function, let argument): return apply(function, derive(argument))
    }
  }

  private func combine(_ operation: Expression.Operator, _ a: Derived, _ b: Derived) -> Derived {
    switch operation {
    case .plus: .combined(a.value + b.value, a, 1, b, 1)
    case .minus: .combined(a.value - b.value, a, 1, b, -1)
    case .times: .combined(a.value * b.value, a, b.value, b, a.value)
    case .divided: .combined(a.value / b.value, a, 1 / b.value, b, -a.value / (b.value * b.value))
    }
  }

  private func apply(_ function: Expression.Function, _ argument: Derived) -> Derived {
    let x = argument.value
    switch function {
    case .abs: return argument.through(abs(x), slope: x < 0 ? -1 : 1)
    case .sqrt:
      let root = x.squareRoot()
      return argument.through(root, slope: 1 / (2 * root))
    case .log: return argument.through(ReferenceMath.logarithm(x), slope: 1 / x)
    case .exp:
      let value = ReferenceMath.exponential(x)
      return argument.through(value, slope: value)
    }
  }
}
