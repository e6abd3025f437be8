/// What one row of attention weights looks like.
///
/// The weights `p` are the softmax of a row of n logits. All sums leave out the largest weight (one of them,
/// if it is tied) and the formulas are rearranged so that nothing cancels: also when nearly all weight is on
/// one key, every measure keeps a relative error below 10⁻¹³, as long as e to the power of the gap to the
/// second logit is a normal number (gap < 707). The values do not depend on the order of the logits, bit for
/// bit.
///
/// With e₀ = 1 for the largest and eⱼ = exp(zⱼ − max) for the others: `s = Σ eⱼ`, `q = s/(1 + s)`,
/// `A = Σ pⱼ²`, `B = Σ pⱼ³`, all sums over the others.
public struct RowStatistics: Hashable, Sendable {
  /// The number of keys n.
  public let keyCount: Int

  /// `H = −Σ p ln p`, in nats, `0 ... ln n`; computed as `ln(1 + s) − Σ eⱼ (zⱼ − max)/(1 + s)`.
  public let entropy: Double

  /// `e^H`, the number of equally weighted keys with the same entropy, `1 ... n`.
  public let effectiveKeys: Double

  /// `e^H / n`, above 0 and at most 1.
  public let effectiveKeysShare: Double

  /// `1/Σp²`, another count of effective keys, `1 ... n`.
  public let participationRatio: Double

  /// The largest weight, `1/n ... 1`.
  public let maxProbability: Double

  /// `q = 1 − maxProbability`, not computed as that difference.
  public let remainder: Double

  /// The Frobenius norm of the softmax Jacobian `J = diag p − p pᵀ`, `0 ... ½`.
  ///
  /// `‖J‖² = (1 − q)² q² + A (1 + 2(1 − q)² + A) − 2B`, and `B ≤ A/2`, so that the difference is harmless.
  public let jacobianFrobeniusNorm: Double

  /// The trace of J, `Σ p(1 − p)`, from 0 to `(n − 1)/n`; computed as `q(2 − q) − A` with `A ≤ q/2`.
  public let jacobianTrace: Double

  /// `ln Σ exp z`, in nats.
  public let logSumExp: Double

  /// The largest logit.
  public let largestLogit: Double

  /// The smallest logit.
  public let smallestLogit: Double

  /// Computes the measures of a row of logits, shape `[keys]`.
  ///
  /// - Throws: ``KernelError/emptyRow`` or ``KernelError/nonFiniteValue(index:)``, before any arithmetic;
  ///   a masked key (−∞) must be left out of the row instead.
  public init(logits: [Double]) throws(KernelError) {
    try KernelError.requireFinite(logits)
    guard !logits.isEmpty else { throw .emptyRow }
    let workspace = RowWorkspace(keyCount: logits.count)
    for (index, logit) in logits.enumerated() { workspace.scores[index] = logit }
    workspace.sortScores()
    self = workspace.statistics(dividingBy: 1)
  }

  /// Measures computed elsewhere, by the formulas that hold for them.
  init(
    keyCount: Int, entropy: Double, participationRatio: Double, maxProbability: Double, remainder: Double,
    jacobianFrobeniusNorm: Double, jacobianTrace: Double, logSumExp: Double, largestLogit: Double,
    smallestLogit: Double
  ) {
    self.keyCount = keyCount
    self.entropy = entropy
    effectiveKeys = ReferenceMath.exponential(entropy)
    effectiveKeysShare = effectiveKeys / Double(keyCount)
    self.participationRatio = participationRatio
    self.maxProbability = maxProbability
    self.remainder = remainder
    self.jacobianFrobeniusNorm = jacobianFrobeniusNorm
    self.jacobianTrace = jacobianTrace
    self.logSumExp = logSumExp
    self.largestLogit = largestLogit
    self.smallestLogit = smallestLogit
  }

  /// Combines the sums over all but the largest weight of eⱼ, `eⱼ (zⱼ − max)`, `(lift eⱼ)²` and `lift² eⱼ³`.
  init(
    keyCount: Int, largestLogit: Double, smallestLogit: Double, tail: Double, weightedGaps: Double,
    squares: Double, cubes: Double, lift: Double
  ) {
    let total = 1 + tail
    let top = 1 / total
    let rest = tail / total
    let liftedA = squares / (total * total)
    let liftedB = cubes / (total * total * total)
    let a = liftedA / lift / lift
    let logTotal = ReferenceMath.logarithmOfOnePlus(tail)
    self.keyCount = keyCount
    self.largestLogit = largestLogit
    self.smallestLogit = smallestLogit
    entropy = logTotal - weightedGaps / total
    effectiveKeys = ReferenceMath.exponential(entropy)
    effectiveKeysShare = effectiveKeys / Double(keyCount)
    participationRatio = 1 / (top * top + a)
    maxProbability = top
    remainder = rest
    let liftedRest = top * rest * lift
    let liftedSquare = liftedRest * liftedRest + liftedA * (1 + 2 * top * top + a) - 2 * liftedB
    jacobianFrobeniusNorm = liftedSquare.squareRoot() / lift
    jacobianTrace = rest * (1 + top) - a
    logSumExp = largestLogit + logTotal
  }
}
