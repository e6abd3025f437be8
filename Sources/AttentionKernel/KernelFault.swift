/// A deliberate mistake in the kernel, for finding out which statements of a note would notice one.
///
/// A claim that survives every fault says nothing about what was computed. Faults are made outside of the fast loops,
/// where ``RunConditions/fault`` asks for one; each is a mistake that somebody has made, and each also reaches the
/// exact formulas that stand for the same quantity.
///
/// In the order in which they are tried: first those that most claims notice.
public enum KernelFault: String, CaseIterable, Codable, Hashable, Sendable {
  /// Every divisor is twice the one asked for. Breaks everything that depends on the scale.
  case scaleDoubled = "scale-doubled"
  /// Scores are not divided at all. Breaks what a scale other than `none` is for.
  case scaleIgnored = "scale-ignored"
  /// Every key gets the same weight 1/n, whatever its score.
  case uniformWeights = "uniform-weights"
  /// Shares count what lies outside instead of inside: a comparison the wrong way round.
  case sharesInverted = "shares-inverted"
  /// Glorot's rule looks at the inputs of a matrix alone: 1/in instead of 2/(in + out).
  case fanOutForgotten = "fan-out-forgotten"
  /// Inputs of a layer are scaled to length 1, instead of variance 1 for each component. Breaks what grows with their
  /// number.
  case inputsOfLengthOne = "inputs-of-length-one"
  /// The plain formula subtracts the largest logit too, as a library's softmax does that is compared with itself. Breaks
  /// what is said of overflow.
  case maximumAlwaysSubtracted = "maximum-always-subtracted"
  /// Exponentials are taken of the logits as they are, in the range of binary32: above e^88.7 they are infinite and the
  /// weights not a number. Breaks rows with large logits.
  case maximumNotSubtracted = "maximum-not-subtracted"
  /// A row's largest and smallest logit are taken over 256 rows instead of one, and a pool's over 256 such pools, as far as
  /// there are so many scores.
  case extremesPooled = "extremes-pooled"
  /// Logits are not multiplied by the factor of the number of keys, ln n or √(ln n), that was asked for.
  case keysFactorForgotten = "keys-factor-forgotten"
  /// That factor takes the logarithm to base 2.
  case logarithmToBaseTwo = "logarithm-to-base-two"
  /// Components are drawn with variance ½ instead of 1. Breaks spreads and whatever follows from them.
  case varianceHalved = "variance-halved"
  /// Multiples of √d are multiples of d. Breaks what stays the same at every d.
  case rootForgotten = "root-forgotten"
  /// The softmax derivative is diag p, without − p pᵀ. Breaks its norms, its trace and every gradient through it.
  case jacobianWithoutOuterProduct = "jacobian-without-outer-product"
  /// The length of every query is made √d. Breaks what comes from lengths that vary: kurtosis, tails, shares.
  case queriesNormalised = "queries-normalised"
  /// Scores have the other sign. Breaks what tells the largest from the smallest.
  case signFlipped = "sign-flipped"
  /// The last key of a row is never looked at: n − 1 keys instead of n.
  case keyDropped = "key-dropped"
  /// Entropies are in bits instead of nats, and e^H is taken of the bits.
  case entropyInBits = "entropy-in-bits"
  /// Kurtosis is the excess over 3.
  case excessKurtosis = "excess-kurtosis"
  /// Shares are cut to four decimals instead of being kept: the slip behind “68.26 %”.
  case sharesCut = "shares-cut"
  /// Logits are cut off at the largest whose exponential is finite, instead of subtracting the maximum or letting them
  /// overflow. Breaks rows with several logits beyond it.
  case logitsClipped = "logits-clipped"
  /// Steps are computed in binary32, and only the weights are rounded to the narrow format. Breaks what is said of
  /// overflow in narrow formats, and of rounding steps.
  case roundedAtTheEnd = "rounded-at-the-end"
  /// Exponentials and weights below the smallest normal number are 0, as on processors that flush them.
  case subnormalsFlushed = "subnormals-flushed"
  /// Rules with a gain for what surrounds the layer, He's 2 and the ⅓ of PyTorch's `nn.Linear`, draw without it.
  case gainForgotten = "gain-forgotten"
  /// Weights are drawn with the rule's variance as their standard deviation.
  case varianceAsDeviation = "variance-as-deviation"
}

// What a fault does to single numbers; without one, each of these gives back what it was given.
extension Optional<KernelFault> {
  /// The divisor that a scale stands for under this fault.
  ///
  /// - Throws: As ``Scale/divisor(headDimension:)``.
  public func divisor(of scale: Scale, headDimension: Int) throws(KernelError) -> Double {
    let divisor = try scale.divisor(headDimension: headDimension)
    switch self {
    case .scaleDoubled?: return 2 * divisor
    case .scaleIgnored?: return 1
    case .rootForgotten?:
      if case .rootHeadDimension = scale { return divisor * Double(headDimension).squareRoot() }
      return divisor
    default: return divisor
    }
  }

  /// Whether it changes more of a row of attention than the divisors; otherwise the fast loops can be used.
  var reachesRows: Bool {
    switch self {
    case nil, .scaleDoubled?, .scaleIgnored?, .rootForgotten?, .keysFactorForgotten?, .logarithmToBaseTwo?:
      false
    default: true
    }
  }

  /// The divisor in units of √d under this fault.
  ///
  /// - Throws: As ``Scale/scaleFactor(headDimension:)``.
  public func scaleFactor(of scale: Scale, headDimension: Int) throws(KernelError) -> Double {
    guard self != nil else { return try scale.scaleFactor(headDimension: headDimension) }
    return try divisor(of: scale, headDimension: headDimension) / Double(headDimension).squareRoot()
  }

  /// The standard deviation of a score in units of √d under this fault; 1 without one.
  public var scoreDeviation: Double { self == .varianceHalved ? 0.5 : 1 }

  /// The variance of a component of an input of a layer under this fault; 1 without one.
  func inputVariance(modelDimension: Int) -> Double {
    switch self {
    case .varianceHalved?: 0.5
    case .inputsOfLengthOne?: 1 / Double(modelDimension)
    default: 1
    }
  }

  /// A share in `0...1` under this fault.
  public func share(_ value: Double) -> Double {
    switch self {
    case .sharesCut?: (value * 10_000).rounded(.down) / 10_000
    case .sharesInverted?: 1 - value
    default: value
    }
  }

  /// An estimated share under this fault.
  func share(_ estimate: Estimate) -> Estimate {
    Estimate(
      value: share(estimate.value), standardError: estimate.standardError, samples: estimate.samples)
  }

  /// A kurtosis under this fault.
  public func kurtosis(_ value: Double) -> Double { self == .excessKurtosis ? value - 3 : value }

  /// How many keys of a row are looked at under this fault.
  public func keys(_ count: Int) -> Int { self == .keyDropped ? count - 1 : count }

  /// How many logits a row's largest is taken from under this fault.
  public func logitsBehindExtremes(keys: Int) -> Int {
    self == .extremesPooled ? keys * NumericContract.rowsPerChunk : self.keys(keys)
  }

  /// Distorts rows of random components, shape `[rows, headDimension]`, as this fault does.
  public func distort(_ rows: UnsafeMutableBufferPointer<Float>, headDimension: Int, role: TensorRole) {
    switch self {
    case .varianceHalved?:
      for index in rows.indices { rows[index] *= Float(0.5).squareRoot() }
    case .queriesNormalised? where role == .queries:
      Self.rescale(rows, width: headDimension, squaredLength: Double(headDimension))
    case .inputsOfLengthOne? where role == .queryInputs || role == .keyInputs:
      Self.rescale(rows, width: headDimension, squaredLength: 1)
    default: break
    }
  }

  /// Gives every row the same length; rows of zeros stay.
  private static func rescale(_ rows: UnsafeMutableBufferPointer<Float>, width: Int, squaredLength: Double) {
    for start in stride(from: 0, to: rows.count - width + 1, by: width) {
      var square = 0.0
      for index in start..<start + width { square += Double(rows[index]) * Double(rows[index]) }
      guard square > 0 else { continue }
      let factor = Float((squaredLength / square).squareRoot())
      for index in start..<start + width { rows[index] *= factor }
    }
  }
}
