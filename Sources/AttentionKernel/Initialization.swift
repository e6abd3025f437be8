/// How the projections Wq and Wk of attention are drawn before training.
///
/// Each is a rule that a library or a paper uses. The inputs have `modelDimension` components of variance 1, a head has
/// `headDimension = modelDimension / heads` of them; Wq and Wk have the shape `[headDimension, modelDimension]`, the slice
/// of one head.
public enum Initialization: String, CaseIterable, Codable, Hashable, Sendable {
  /// Normal, variance 1/modelDimension: LeCun et al. (1998).
  case lecun
  /// Uniform, variance 2/(in + out) of the square matrix of all heads, 1/modelDimension: Glorot and Bengio (2010).
  case glorot
  /// The same rule for each head's own matrix, 2/(modelDimension + headDimension).
  case glorotPerHead = "glorot-per-head"
  /// The same rule for Wq, Wk and Wv in one matrix, 2/(modelDimension + 3 modelDimension): PyTorch's
  /// `nn.MultiheadAttention`.
  case glorotPacked = "glorot-packed"
  /// Normal, variance 2/modelDimension: He et al. (2015), meant for layers before a ReLU.
  case he
  /// Uniform, variance 1/(3 modelDimension), and a bias of the same variance: PyTorch's `nn.Linear`.
  case linear
  /// Normal, standard deviation 0.02 whatever the dimensions: BERT, GPT-2.
  case fixed = "normal-0.02"
  /// Normal, variance 1/(modelDimension · headDimension) for Wq and 1/modelDimension for Wk, and no division by √d:
  /// T5, Raffel et al. (2020).
  case t5

  /// What is drawn for one head.
  struct Law: Hashable, Sendable {
    /// Variance of a component of Wq.
    let queryVariance: Double
    /// Variance of a component of Wk.
    let keyVariance: Double
    /// Variance of a component of both biases; 0 for no bias.
    let biasVariance: Double
    /// Whether components are uniform instead of normal.
    let isUniform: Bool
    /// What the scores are divided by.
    let scale: Scale

    /// The same with other variances.
    func with(queryVariance: Double, keyVariance: Double, biasVariance: Double) -> Law {
      Law(
        queryVariance: queryVariance, keyVariance: keyVariance, biasVariance: biasVariance,
        isUniform: isUniform, scale: scale)
    }
  }

  /// The law of one head.
  ///
  /// - Parameter fault: A mistake to make on purpose.
  func law(modelDimension: Int, heads: Int, fault: KernelFault? = nil) -> Law {
    let law = honestLaw(modelDimension: modelDimension, heads: heads)
    let model = Double(modelDimension)
    switch (fault, self) {
    case (.fanOutForgotten?, .glorot), (.fanOutForgotten?, .glorotPerHead),
      (.fanOutForgotten?, .glorotPacked),
      (.gainForgotten?, .he), (.gainForgotten?, .linear):
      return law.with(queryVariance: 1 / model, keyVariance: 1 / model, biasVariance: law.biasVariance)
    case (.varianceAsDeviation?, _):
      return law.with(
        queryVariance: law.queryVariance * law.queryVariance, keyVariance: law.keyVariance * law.keyVariance,
        biasVariance: law.biasVariance * law.biasVariance)
    default: return law
    }
  }

  private func honestLaw(modelDimension: Int, heads: Int) -> Law {
    let model = Double(modelDimension)
    let head = model / Double(heads)
    func same(_ variance: Double, isUniform: Bool, biasVariance: Double = 0) -> Law {
      Law(
        queryVariance: variance, keyVariance: variance, biasVariance: biasVariance, isUniform: isUniform,
        scale: .rootHeadDimension)
    }
    switch self {
    case .lecun: return same(1 / model, isUniform: false)
    case .glorot: return same(2 / (model + model), isUniform: true)
    case .glorotPerHead: return same(2 / (model + head), isUniform: true)
    case .glorotPacked: return same(2 / (model + 3 * model), isUniform: true)
    case .he: return same(2 / model, isUniform: false)
    case .linear: return same(1 / (3 * model), isUniform: true, biasVariance: 1 / (3 * model))
    case .fixed: return same(0.02 * 0.02, isUniform: false)
    case .t5:
      return Law(
        queryVariance: 1 / (model * head), keyVariance: 1 / model, biasVariance: 0, isUniform: false,
        scale: .none)
    }
  }
}
