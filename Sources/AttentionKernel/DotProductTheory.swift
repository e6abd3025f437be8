/// What is known exactly about the dot product of two independent standard normal vectors.
///
/// Given the query, the score is normal with standard deviation ‖q‖; with `‖q‖ = √d eˢ` every expectation
/// over the query is an integral over s with the density `∝ exp(d (s − (e²ˢ − 1)/2))`. It is smooth and
/// falls off at both ends, so that the trapezoid rule is exact to rounding: absolute errors are below 10⁻¹³.
public struct DotProductTheory: Hashable, Sendable {
  /// The number of components d.
  public let headDimension: Int

  /// The mistake to make on purpose in what is known, as in what is sampled.
  private let fault: KernelFault?

  private let nodes: [Node]

  /// A value of s, as eˢ, with its probability.
  private struct Node: Hashable, Sendable {
    let ratio: Double
    let weight: Double
  }

  /// Prepares the quadrature for a head dimension of at least 1.
  ///
  /// - Parameter fault: A mistake to make on purpose.
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public init(headDimension: Int, fault: KernelFault? = nil) throws(KernelError) {
    self.fault = fault
    try KernelError.require("headDimension", headDimension)
    self.headDimension = headDimension
    let d = Double(headDimension)
    let step = min(0.0625, 0.25 / (2 * d).squareRoot())
    let negligible = -46.0  // e⁻⁴⁶ = 10⁻²⁰
    var found: [(position: Double, weight: Double)] = []
    for direction in [-1.0, 1] {
      var index = direction < 0 ? 1.0 : 0
      while true {
        let position = direction * index * step
        let exponent = d * Self.logDensity(position)
        if exponent < negligible { break }
        found.append((position, ReferenceMath.exponential(exponent)))
        index += 1
      }
    }
    found.sort { $0.position < $1.position }
    let total = found.reduce(0) { $0 + $1.weight }
    nodes = found.map { Node(ratio: ReferenceMath.exponential($0.position), weight: $0.weight / total) }
  }

  /// Returns `s − (e²ˢ − 1)/2` without cancellation near 0.
  private static func logDensity(_ s: Double) -> Double {
    if s.magnitude > 0.25 { return s - ReferenceMath.exponentialMinusOne(2 * s) / 2 }
    // −Σ (2s)ⁿ/(2 n!) from n = 2 on.
    var sum = 0.0
    for index in stride(from: 20, through: 3, by: -1) {
      sum = (sum + 1) * 2 * s / Double(index)
    }
    return -s * s * (1 + sum)
  }

  /// The standard deviation of the score, √d.
  public var standardDeviation: Double { Double(headDimension).squareRoot() * fault.scoreDeviation }

  /// The kurtosis of the score, 3 + 6/d.
  public var kurtosis: Double {
    fault.kurtosis(fault == .queriesNormalised ? 3 : 3 + 6 / Double(headDimension))
  }

  /// The expected length of the query, `√2 Γ((d + 1)/2)/Γ(d/2)`, within 5 ulp.
  public var expectedQueryLength: Double {
    if fault == .queriesNormalised { return Double(headDimension).squareRoot() }
    let deviation = fault == .varianceHalved ? 0.5.squareRoot() : 1
    return deviation * 0x1.6a09e667f3bcdp+0 * ReferenceMath.gammaRatio(Double(headDimension) / 2)
  }

  /// Returns the probability that a score lies within ±`width`·√d: `E erf(width √(d/2)/‖q‖)`.
  ///
  /// - Parameter width: In units of √d; a negative one gives 0.
  public func coverage(within width: Double) -> Double {
    guard width > 0 else { return 0 }
    if fault == .queriesNormalised { return Self.normalCoverage(within: width, fault: fault) }
    let unit = width / fault.scoreDeviation
    return fault.share(
      nodes.reduce(0) { $0 + $1.weight * ReferenceMath.normalCoverage(within: unit / $1.ratio) })
  }

  /// Returns the share of a normal distribution within ±`width` standard deviations of the true score.
  ///
  /// - Parameter fault: A mistake to make on purpose.
  public static func normalCoverage(within width: Double, fault: KernelFault? = nil) -> Double {
    fault.share(ReferenceMath.normalCoverage(within: width / fault.scoreDeviation))
  }

  /// Returns the probability that a score is at most `position`·√d.
  public func probability(below position: Double) -> Double {
    let half = nodes.reduce(0) {
      $0 + $1.weight * ReferenceMath.normalProbability(below: -position.magnitude / $1.ratio)
    }
    return position < 0 ? half : 1 - half
  }

  /// Returns the probability density of the score in units of √d.
  ///
  /// For d = 1 it is infinite at 0, and accurate only for |position| > 10⁻¹⁵.
  public func density(at position: Double) -> Double {
    if headDimension == 1, position == 0 { return .infinity }
    return nodes.reduce(0) { $0 + $1.weight / $1.ratio * ReferenceMath.normalDensity(position / $1.ratio) }
  }

  /// Returns the expected largest of `count` independent standard normal numbers, within 10⁻¹².
  ///
  /// That is the expected largest logit of a query with `count` keys when the logits' standard deviation
  /// is 1; in an ensemble with scale factor c multiply by ``expectedQueryLength`` / (c √d)`. Computed as
  /// `∫ x n φ(x) Φ(x)ⁿ⁻¹ dx` by the trapezoid rule.
  ///
  /// - Parameter count: At least 1; tested up to 10⁹.
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public static func expectedMaximum(of count: Int) throws(KernelError) -> Double {
    try KernelError.require("count", count)
    if count == 1 { return 0 }
    let step = 0x1p-6
    var sum = 0.0
    for index in -640...1024 {
      let x = Double(index) * step
      let above = ReferenceMath.normalProbability(below: -x)
      let logProbability =
        x > 0
        ? ReferenceMath.logarithmOfOnePlus(-above)
        : ReferenceMath.logarithm(ReferenceMath.normalProbability(below: x))
      let exponent = Double(count - 1) * logProbability
      if exponent > -700 { sum += x * ReferenceMath.normalDensity(x) * ReferenceMath.exponential(exponent) }
    }
    return Double(count) * sum * step
  }
}
