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

/// A measure that a value was derived from, with the samples behind it.
struct SampledMeasure: Hashable {
  let resolved: ResolvedMeasure
  /// The seed of its experiment; `nil` where it has none.
  let seed: UInt64?
}

/// A computed value that remembers how it follows each measure, so that a measure named twice is not taken for two.
struct Derived {
  var value: Double
  /// By how much the value changes with each measure.
  var slopes: [SampledMeasure: Double] = [:]
  /// How sure the choices behind it are, in standard errors: where a measure is largest is no smooth function of it.
  var certainty = Double.infinity
  /// The unit, where it is known; empty where it is known that there is none.
  var unit: String?
  /// Whether the unit was written behind a number, rather than being that of a measure.
  var writesUnit = false

  /// The same change for a function with this value and slope at here.
  func through(_ value: Double, slope: Double) -> Derived {
    Derived(value: value, slopes: slopes.mapValues { $0 * slope }, certainty: certainty)
  }

  /// A function of two values, with its slopes in each.
  static func combined(_ value: Double, _ a: Derived, _ slopeA: Double, _ b: Derived, _ slopeB: Double)
    -> Derived
  {
    var result = a.through(value, slope: slopeA)
    for (measure, slope) in b.slopes { result.slopes[measure, default: 0] += slope * slopeB }
    result.certainty = min(a.certainty, b.certainty)
    return result
  }

  /// The value, an extreme of several, with the slopes of the one that may err most among those that could be it.
  func asUncertain(as candidates: [Derived]) -> Derived {
    let close = candidates.filter { other in
      let difference = Derived.combined(value - other.value, self, 1, other, -1)
      return abs(difference.value) < ClaimJudge.errorsNeeded * difference.standardError
    }
    guard var widest = close.max(by: { $0.standardError < $1.standardError }),
      widest.standardError > standardError
    else { return self }
    widest.value = value
    widest.certainty = min(certainty, widest.certainty)
    return widest
  }

  /// The standard error to first order; infinite or not a number where one is not known.
  ///
  /// Measures of one experiment come from the same samples, by how much together nobody computed: their errors are added up,
  /// which is never too little. So are those of experiments with one seed, which may draw the same numbers; with different
  /// seeds they are independent.
  var standardError: Double {
    var perSamples: [String: Double] = [:]
    // In a fixed order, because floating-point sums depend on it.
    for (measure, slope) in slopes.sorted(by: { Self.order($0.key) < Self.order($1.key) }) {
      let error = measure.resolved.measure.errorToJudgeBy
      // What is exact adds nothing, however steep: √ at 0. Nor does what the value does not depend on.
      guard error != 0, slope != 0 else { continue }
      let samples = measure.seed.map { "seed \($0)" } ?? "\(measure.resolved.experiment)"
      perSamples[samples, default: 0] += abs(slope) * error
    }
    return perSamples.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
  }

  private static func order(_ measure: SampledMeasure) -> String {
    let resolved = measure.resolved
    return "\(resolved.experiment.note)\n\(resolved.experiment.id)\n\(resolved.measure.text)"
  }

  /// Value and error alone.
  var quantity: Quantity { Quantity(value, standardError: standardError) }
}

/// Computes expressions over measures.
struct Evaluation {
  /// Why an expression has no value.
  struct Failure: Error, Hashable {
    let summary: LocalText
    /// Byte offsets in the relation's text.
    let range: Range<Int>
    var help: LocalText?
  }

  /// The value of every measure named.
  var values: [MeasureReference: ResolvedMeasure] = [:]
  /// The seeds of their experiments.
  var seeds: [ExperimentKey: UInt64] = [:]
  /// Parameters named like measures.
  var parameters: [MeasureReference: Double] = [:]
  /// The values of `n`, `d` and of coordinates.
  var variables: [String: Double] = [:]
  /// Where measures are largest, by the place in the relation's text.
  var largest: [Range<Int>: Derived] = [:]

  func derive(_ expression: Expression) throws(Failure) -> Derived {
    switch expression {
    case .number(let literal, _, let unit):
      return Derived(
        value: literal.number.doubleValue * (unit?.factor ?? 1), unit: unit?.measureUnit,
        writesUnit: unit != nil)
    case .constant(let constant): return Derived(value: constant.value)
    case .variable(let name, _):
      guard let value = variables[name] else { preconditionFailure("the variable \(name) is not bound") }
      return Derived(value: value)
    case .measure(let reference, _):
      if let resolved = values[reference] {
        let sampled = SampledMeasure(resolved: resolved, seed: seeds[resolved.experiment])
        return Derived(value: resolved.measure.value, slopes: [sampled: 1], unit: resolved.measure.unit)
      }
      guard let parameter = parameters[reference] else {
        preconditionFailure("an unresolved measure is evaluated")
      }
      return Derived(value: parameter)
    case .argmax(_, _, let range):
      guard let place = largest[range] else { preconditionFailure("an unresolved argmax is evaluated") }
      return place
    case .negation(let operand):
      let derived = try derive(operand)
      var result = derived.through(-derived.value, slope: -1)
      result.unit = derived.unit
      return result
    case .binary(let operation, let left, let right, let range):
      return try combine(operation, try derive(left), try derive(right), at: range)
    case .call(let function, let arguments, let range):
      return try apply(
        function, try arguments.map { argument throws(Failure) in try derive(argument) }, at: range)
    }
  }

  private func combine(
    _ operation: Expression.Operator, _ a: Derived, _ b: Derived, at range: Range<Int>
  ) throws(Failure) -> Derived {
    switch operation {
    case .plus, .minus:
      try Self.requireOneUnit(a, b, at: range)
      let sign: Double = operation == .plus ? 1 : -1
      var result = Derived.combined(a.value + sign * b.value, a, 1, b, sign)
      result.unit = a.unit ?? b.unit
      return result
    case .times: return .combined(a.value * b.value, a, b.value, b, a.value)
    case .divided:
      guard b.value != 0 else {
        throw Failure(summary: LocalText("this divides by zero", "这里除以了零"), range: range)
      }
      return .combined(a.value / b.value, a, 1 / b.value, b, -a.value / (b.value * b.value))
    case .power: return try power(a, b, at: range)
    }
  }

  private func power(_ a: Derived, _ b: Derived, at range: Range<Int>) throws(Failure) -> Derived {
    // Whole exponents by multiplication, so that negative bases have a power and squares are exact.
    if b.slopes.isEmpty, b.value.rounded() == b.value, abs(b.value) <= 64 {
      var value = 1.0
      for _ in 0..<Int(abs(b.value)) { value *= a.value }
      if b.value < 0 { value = 1 / value }
      let slope = a.value == 0 ? (b.value == 1 ? 1 : 0) : b.value * value / a.value
      return try finite(Derived.combined(value, a, slope, b, 0), at: range)
    }
    guard a.value > 0 else {
      throw Failure(
        summary: LocalText(
          "only a positive number has a power that is not whole", "只有正数才有非整数次幂"), range: range)
    }
    let logarithm = ReferenceMath.logarithm(a.value)
    let value = ReferenceMath.exponential(b.value * logarithm)
    return try finite(
      Derived.combined(value, a, b.value * value / a.value, b, value * logarithm), at: range)
  }

  private func finite(_ derived: Derived, at range: Range<Int>) throws(Failure) -> Derived {
    guard derived.value.isFinite else {
      throw Failure(summary: LocalText("this is larger than any number", "这超出了数的范围"), range: range)
    }
    return derived
  }

  static func requireOneUnit(_ a: Derived, _ b: Derived, at range: Range<Int>) throws(Failure) {
    guard let left = a.unit, let right = b.unit, left != right else { return }
    if left.isEmpty || right.isEmpty {
      // Measures without a unit are compared with anything, as logarithms are with entropies; a written unit is a promise.
      guard a.writesUnit || b.writesUnit else { return }
      let unit = left.isEmpty ? right : left
      throw Failure(
        summary: LocalText("the other side of this \(unit) has no unit", "写了 \(unit)，另一边却没有单位"), range: range,
        help: LocalText("leave the unit out", "去掉单位"))
    }
    throw Failure(
      summary: LocalText("\(left) and \(right) can't be compared or added", "\(left) 与 \(right) 不能相加或比较"),
      range: range, help: LocalText("divide one of them by a number in its own unit", "先除以同一单位的数"))
  }

  private func apply(
    _ function: Expression.Function, _ arguments: [Derived], at range: Range<Int>
  ) throws(Failure) -> Derived {
    let argument = arguments[0]
    let x = argument.value
    switch function {
    case .abs:
      var result = argument.through(abs(x), slope: x < 0 ? -1 : 1)
      result.unit = argument.unit
      return result
    case .min, .max:
      var best = argument
      for next in arguments.dropFirst() {
        try Self.requireOneUnit(best, next, at: range)
        if function == .min ? next.value < best.value : next.value > best.value { best = next }
      }
      return best.asUncertain(as: arguments)
    case .ratio: return try combine(.divided, argument, arguments[1], at: range)
    case .sqrt:
      guard x >= 0 else {
        throw Self.undefined(LocalText("the root of a negative number", "对负数开方"), at: range)
      }
      let root = x.squareRoot()
      // At 0 the slope is infinite; nothing exact has an error to multiply it with.
      return argument.through(root, slope: argument.slopes.isEmpty ? 0 : 1 / (2 * root))
    case .log, .ln:
      guard x > 0 else {
        throw Self.undefined(
          LocalText("the logarithm of a number that is not positive", "对非正数取对数"), at: range)
      }
      return argument.through(ReferenceMath.logarithm(x), slope: 1 / x)
    case .exp:
      let value = ReferenceMath.exponential(x)
      return try finite(argument.through(value, slope: value), at: range)
    }
  }

  private static func undefined(_ what: LocalText, at range: Range<Int>) -> Failure {
    Failure(summary: what + LocalText(" has no value", "没有值"), range: range)
  }
}
