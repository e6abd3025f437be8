internal import CAttention

/// What an optimizer remembers of the steps so far: a value, to be kept beside the parameters that it moves.
public struct OptimizerState: Hashable, Sendable {
  /// The rule.
  public let optimizer: Optimizer
  /// The number of parameters.
  public let count: Int
  /// Steps so far.
  public private(set) var steps = 0

  /// Velocities, or means of the gradients, `[count]`; empty where the rule keeps none.
  public private(set) var means: [Float]
  /// Means of the squares of the gradients, `[count]`; empty where the rule keeps none.
  public private(set) var squares: [Float]
  private var schedule: AdamSchedule

  /// The state before the first step.
  ///
  /// - Parameters:
  ///   - optimizer: The rule.
  ///   - count: The number of parameters, at least 1.
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public init(_ optimizer: Optimizer, count: Int) throws(KernelError) {
    try KernelError.require("count", count)
    self.optimizer = optimizer
    self.count = count
    means = [Float](repeating: 0, count: optimizer.keepsMeans ? count : 0)
    squares = [Float](repeating: 0, count: optimizer.keepsSquares ? count : 0)
    schedule = AdamSchedule()
  }

  /// Moves parameters by one step.
  ///
  /// - Parameters:
  ///   - parameters: `[count]`; what is not finite stays so.
  ///   - gradients: `[count]`, finite.
  ///   - set: The instructions to use; they do not change the result.
  /// - Throws: ``KernelError/mismatchedShapes(name:expected:actual:)`` and ``KernelError/nonFiniteValue(index:)``, before
  ///   anything has changed.
  public mutating func update(
    _ parameters: inout [Float], gradients: [Float], using set: InstructionSet = .best
  ) throws(KernelError) {
    precondition(set == .best || set.isSupported, "this processor lacks \(set)")
    try KernelError.requireShape("parameters", count: parameters.count, rows: count, columns: 1)
    try KernelError.requireShape("gradients", count: gradients.count, rows: count, columns: 1)
    try KernelError.requireFinite(gradients)
    parameters.withUnsafeMutableBufferPointer { parameters in
      gradients.withUnsafeBufferPointer { gradients in
        guard let parameters = parameters.baseAddress, let gradients = gradients.baseAddress else { return }
        move(parameters, against: gradients, using: set)
      }
    }
  }

  /// The same without checks, for parameters and gradients that stay where they are.
  mutating func move(
    _ parameters: UnsafeMutablePointer<Float>, against gradients: UnsafePointer<Float>,
    using set: InstructionSet
  ) {
    steps += 1
    switch optimizer {
    case .gradientDescent(let rule):
      var step = attention_descent(
        rate: Float(rule.learningRate), momentum: Float(rule.momentum),
        gradient_share: Float(1 - rule.dampening),
        penalty: Float(rule.weightDecay), is_first: steps == 1, is_nesterov: rule.isNesterov)
      if rule.momentum == 0 {
        attention_descend(set.kernels, &step, gradients, count, parameters, nil)
      } else {
        attention_descend(set.kernels, &step, gradients, count, parameters, &means)
      }
    case .adam(let rule):
      schedule.advance(rule)
      var step = attention_adam_step(
        rate: Float(schedule.rate(rule)), kept: Float(rule.keptShare), penalty: Float(rule.penalty),
        mean_share: Float(1 - rule.meanDecay), square_decay: Float(rule.squareDecay),
        square_share: Float(1 - rule.squareDecay), square_correction: Float(schedule.squareCorrection),
        epsilon: Float(rule.epsilon))
      attention_adam(set.kernels, &step, gradients, count, parameters, &means, &squares)
    }
  }
}

/// The same in binary64, a parameter at a time as the rules are written; for tests and small examples.
public struct ReferenceOptimizerState: Hashable, Sendable {
  /// The rule.
  public let optimizer: Optimizer
  /// Steps so far.
  public private(set) var steps = 0
  /// Velocities, or means of the gradients.
  public private(set) var means: [Double]
  /// Means of the squares of the gradients.
  public private(set) var squares: [Double]
  private var schedule = AdamSchedule()

  /// The state before the first step of `count` ≥ 1 parameters.
  ///
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public init(_ optimizer: Optimizer, count: Int) throws(KernelError) {
    try KernelError.require("count", count)
    self.optimizer = optimizer
    means = [Double](repeating: 0, count: count)
    squares = means
  }

  /// Moves parameters by one step.
  ///
  /// - Throws: ``KernelError``, before anything has changed.
  public mutating func update(_ parameters: inout [Double], gradients: [Double]) throws(KernelError) {
    try KernelError.requireShape("parameters", count: parameters.count, rows: means.count, columns: 1)
    try KernelError.requireShape("gradients", count: gradients.count, rows: means.count, columns: 1)
    try KernelError.requireFinite(gradients)
    steps += 1
    switch optimizer {
    case .gradientDescent(let rule):
      for index in parameters.indices {
        var direction = gradients[index] + rule.weightDecay * parameters[index]
        if rule.momentum != 0 {
          let gradient = direction
          means[index] =
            steps == 1 ? gradient : rule.momentum * means[index] + (1 - rule.dampening) * gradient
          direction = rule.isNesterov ? gradient + rule.momentum * means[index] : means[index]
        }
        parameters[index] -= rule.learningRate * direction
      }
    case .adam(let rule):
      schedule.advance(rule)
      for index in parameters.indices {
        parameters[index] *= rule.keptShare
        let gradient = gradients[index] + rule.penalty * parameters[index]
        means[index] += (1 - rule.meanDecay) * (gradient - means[index])
        squares[index] = rule.squareDecay * squares[index] + (1 - rule.squareDecay) * gradient * gradient
        guard means[index] != 0 else { continue }
        let divisor = squares[index].squareRoot() / schedule.squareCorrection + rule.epsilon
        parameters[index] -= schedule.rate(rule) * means[index] / divisor
      }
    }
  }
}

extension Optimizer {
  fileprivate var keepsMeans: Bool {
    switch self {
    case .gradientDescent(let rule): rule.momentum != 0
    case .adam: true
    }
  }

  fileprivate var keepsSquares: Bool {
    switch self {
    case .gradientDescent: false
    case .adam: true
    }
  }
}

extension Adam {
  /// What a parameter is multiplied by before the rest.
  fileprivate var keptShare: Double { isDecoupled ? 1 - learningRate * weightDecay : 1 }

  /// How much of a parameter is added to its gradient.
  fileprivate var penalty: Double { isDecoupled ? 0 : weightDecay }
}

/// What the step number alone decides in Adam: powers by repeated multiplication, the same on every machine.
private struct AdamSchedule: Hashable, Sendable {
  private var meanPower = 1.0
  private var squarePower = 1.0

  mutating func advance(_ rule: Adam) {
    meanPower *= rule.meanDecay
    squarePower *= rule.squareDecay
  }

  /// √(1 − β₂ᵗ).
  var squareCorrection: Double { (1 - squarePower).squareRoot() }

  func rate(_ rule: Adam) -> Double { rule.learningRate / (1 - meanPower) }
}
