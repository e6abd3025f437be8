/// A rule by which a training moves its parameters against the gradients of the loss.
///
/// The rules, the order of their steps and their defaults are those of PyTorch's `torch.optim` (2.x), so that a learning
/// rate means the same here and there. What is computed once per step (corrections of bias, products of settings) is
/// computed in binary64 and rounded to binary32; what is computed per parameter is binary32. The bits don't depend on the
/// instruction set.
///
/// Left out, as no note needs them: AMSGrad, maximizing, and Adam's variants for sparse gradients.
public enum Optimizer: Hashable, Sendable {
  /// Gradient descent, with or without momentum.
  case gradientDescent(GradientDescent)
  /// Adam and AdamW.
  case adam(Adam)

  /// Plain gradient descent, `torch.optim.SGD(lr=learningRate)`.
  ///
  /// - Parameter learningRate: Finite, not negative.
  /// - Throws: ``KernelError/invalidNumber(name:value:)``.
  public static func gradientDescent(learningRate: Double) throws(KernelError) -> Optimizer {
    .gradientDescent(try GradientDescent(learningRate: learningRate))
  }

  /// Adam with PyTorch's defaults for all but the learning rate.
  ///
  /// - Parameter learningRate: Finite, not negative.
  /// - Throws: ``KernelError/invalidNumber(name:value:)``.
  public static func adam(learningRate: Double) throws(KernelError) -> Optimizer {
    .adam(try Adam(learningRate: learningRate))
  }

  /// AdamW with PyTorch's defaults for all but the learning rate; the weight decay is 0.01.
  ///
  /// - Parameter learningRate: Finite, not negative.
  /// - Throws: ``KernelError/invalidNumber(name:value:)``.
  public static func adamW(learningRate: Double) throws(KernelError) -> Optimizer {
    .adam(try Adam(learningRate: learningRate, weightDecay: 0.01, isDecoupled: true))
  }

  /// The rule under which parameters k times as large, whose gradients are 1/k as large, move k times as far.
  ///
  /// With it a training in other units of some parameters is the same training: for gradient descent the learning rate
  /// times k², for Adam times k and epsilon divided by k; weight decays as their rule wants. Where k is a power of 2, the
  /// parameters stay k times as large to the last bit.
  ///
  /// - Parameter factor: k, above 0.
  /// - Throws: ``KernelError`` where a setting leaves the range of binary64.
  public func rescaled(forParametersTimes factor: Double) throws(KernelError) -> Optimizer {
    switch self {
    case .gradientDescent(let rule): .gradientDescent(try rule.rescaled(forParametersTimes: factor))
    case .adam(let rule): .adam(try rule.rescaled(forParametersTimes: factor))
    }
  }
}

/// The settings of gradient descent, as `torch.optim.SGD` has them.
///
/// For a parameter θ with gradient g and velocity b, in this order: `g += weightDecay · θ`; with momentum `b = g` in the
/// first step and `b = momentum · b + (1 − dampening) · g` later; the direction is b, with Nesterov's rule
/// `g + momentum · b`, without momentum g; `θ −= learningRate · direction`.
///
/// Source: Sutskever et al., "On the importance of initialization and momentum in deep learning" (2013), in PyTorch's form,
/// where the learning rate multiplies the whole velocity.
public struct GradientDescent: Hashable, Sendable {
  /// Finite, not negative.
  public let learningRate: Double
  /// What is kept of the velocity from step to step, finite, not negative; 0 for none.
  public let momentum: Double
  /// How much less of the gradient is added to the velocity, finite, at most 1 to make sense.
  public let dampening: Double
  /// The strength of a penalty on the squares of the parameters, finite, not negative.
  public let weightDecay: Double
  /// Whether the direction looks ahead.
  public let isNesterov: Bool

  /// Settings; all but the learning rate have PyTorch's defaults.
  ///
  /// - Throws: ``KernelError/invalidNumber(name:value:)``;
  ///   ``KernelError/contradiction(_:_:)`` for Nesterov's rule without momentum or with dampening.
  public init(
    learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
    isNesterov: Bool = false
  ) throws(KernelError) {
    try KernelError.requireNotNegative("learningRate", learningRate)
    try KernelError.requireNotNegative("momentum", momentum)
    try KernelError.requireNotNegative("dampening", dampening)
    try KernelError.requireNotNegative("weightDecay", weightDecay)
    if isNesterov, momentum == 0 { throw .contradiction("isNesterov", "momentum = 0") }
    if isNesterov, dampening != 0 { throw .contradiction("isNesterov", "dampening ≠ 0") }
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.isNesterov = isNesterov
  }

  func rescaled(forParametersTimes factor: Double) throws(KernelError) -> GradientDescent {
    try KernelError.requireNotNegative("factor", factor)
    return try GradientDescent(
      learningRate: learningRate * (factor * factor), momentum: momentum, dampening: dampening,
      weightDecay: weightDecay / (factor * factor), isNesterov: isNesterov)
  }
}

/// The settings of Adam and AdamW, as `torch.optim.Adam` and `torch.optim.AdamW` have them.
///
/// For a parameter θ with gradient g, in this order, t counting steps from 1: decoupled `θ −= learningRate · weightDecay ·
/// θ`, else `g += weightDecay · θ`; `m += (1 − β₁)(g − m)`; `v = β₂ v + (1 − β₂) g²`;
/// `θ −= learningRate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + epsilon)`. Where m is 0, θ does not move, also with an epsilon
/// of 0 (PyTorch divides 0 by 0 there).
///
/// Sources: Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2015); Loshchilov and Hutter, "Decoupled Weight
/// Decay Regularization" (2019).
public struct Adam: Hashable, Sendable {
  /// Finite, not negative.
  public let learningRate: Double
  /// β₁, 0 ..< 1: what is kept of the mean gradient.
  public let meanDecay: Double
  /// β₂, 0 ..< 1: what is kept of the mean square.
  public let squareDecay: Double
  /// Added to the root of the mean square; finite, not negative.
  public let epsilon: Double
  /// Finite, not negative.
  public let weightDecay: Double
  /// Whether parameters decay by themselves (AdamW) instead of through the gradient (Adam).
  public let isDecoupled: Bool

  /// Settings; the defaults are those of PyTorch's Adam.
  ///
  /// - Throws: ``KernelError/invalidNumber(name:value:)``; ``KernelError/invalidDecay(name:value:)``.
  public init(
    learningRate: Double = 1e-3, meanDecay: Double = 0.9, squareDecay: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, isDecoupled: Bool = false
  ) throws(KernelError) {
    try KernelError.requireNotNegative("learningRate", learningRate)
    for (name, decay) in [("meanDecay", meanDecay), ("squareDecay", squareDecay)] {
      guard decay >= 0, decay < 1 else { throw .invalidDecay(name: name, value: decay) }
    }
    try KernelError.requireNotNegative("epsilon", epsilon)
    try KernelError.requireNotNegative("weightDecay", weightDecay)
    self.learningRate = learningRate
    self.meanDecay = meanDecay
    self.squareDecay = squareDecay
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
  }

  func rescaled(forParametersTimes factor: Double) throws(KernelError) -> Adam {
    try KernelError.requireNotNegative("factor", factor)
    return try Adam(
      learningRate: learningRate * factor, meanDecay: meanDecay, squareDecay: squareDecay,
      epsilon: epsilon / factor,
      // Decoupled decay is a share per unit of the learning rate; the other is a gradient per unit of the parameter.
      weightDecay: isDecoupled ? weightDecay / factor : weightDecay / (factor * factor),
      isDecoupled: isDecoupled)
  }
}
