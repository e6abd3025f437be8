/// A deliberate mistake in the kernel, for finding out which statements of a note would notice one.
///
/// A claim that survives every fault says nothing about what was computed. Faults are applied in the reference path
/// alone, where ``RunConditions/fault`` asks for one; each is a mistake that somebody has made, and each also reaches the
/// exact formulas that stand for the same quantity.
public enum KernelFault: String, CaseIterable, Codable, Hashable, Sendable {
  /// Every divisor is twice the one asked for. Breaks everything that depends on the scale.
  case scaleDoubled = "scale-doubled"
  /// Scores are not divided at all. Breaks what a scale other than `none` is for.
  case scaleIgnored = "scale-ignored"
  /// Multiples of √d are multiples of d. Breaks what stays the same at every d.
  case rootForgotten = "root-forgotten"
  /// Exponentials are taken of the logits as they are, in the range of binary32: above e^88.7 they are infinite and the
  /// weights not a number. Breaks rows with large logits.
  case maximumNotSubtracted = "maximum-not-subtracted"
  /// The softmax derivative is diag p, without − p pᵀ. Breaks its norms, its trace and every gradient through it.
  case jacobianWithoutOuterProduct = "jacobian-without-outer-product"
  /// Components are drawn with variance ½ instead of 1. Breaks spreads and whatever follows from them.
  case varianceHalved = "variance-halved"
  /// The length of every query is made √d. Breaks what comes from lengths that vary: kurtosis, tails, shares.
  case queriesNormalised = "queries-normalised"
  /// Scores have the other sign. Breaks what tells the largest from the smallest.
  case signFlipped = "sign-flipped"
  /// The last key of a row is never looked at: n − 1 keys instead of n.
  case keyDropped = "key-dropped"
  /// Entropies are in bits instead of nats, and e^H is taken of the bits.
  case entropyInBits = "entropy-in-bits"
  /// Every key gets the same weight 1/n, whatever its score.
  case uniformWeights = "uniform-weights"
  /// A row's largest and smallest logit are taken over 256 rows instead of one.
  case extremesPooled = "extremes-pooled"
  /// Kurtosis is the excess over 3.
  case excessKurtosis = "excess-kurtosis"
  /// Shares are cut to four decimals instead of being kept: the slip behind “68.26 %”.
  case sharesCut = "shares-cut"
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

  /// The divisor in units of √d under this fault.
  ///
  /// - Throws: As ``Scale/scaleFactor(headDimension:)``.
  public func scaleFactor(of scale: Scale, headDimension: Int) throws(KernelError) -> Double {
    guard self != nil else { return try scale.scaleFactor(headDimension: headDimension) }
    return try divisor(of: scale, headDimension: headDimension) / Double(headDimension).squareRoot()
  }

  /// The standard deviation of a score in units of √d under this fault; 1 without one.
  public var scoreDeviation: Double { self == .varianceHalved ? 0.5 : 1 }

  /// A share in `0...1` under this fault.
  public func share(_ value: Double) -> Double {
    self == .sharesCut ? (value * 10_000).rounded(.down) / 10_000 : value
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
      for start in stride(from: 0, to: rows.count - headDimension + 1, by: headDimension) {
        var square = 0.0
        for index in start..<start + headDimension { square += Double(rows[index]) * Double(rows[index]) }
        guard square > 0 else { continue }
        let factor = Float((Double(headDimension) / square).squareRoot())
        for index in start..<start + headDimension { rows[index] *= factor }
      }
    default: break
    }
  }
}
