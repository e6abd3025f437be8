/// What is known exactly about scores of independent standard normal queries and keys.
public protocol ScoreTheory: Sendable {
  /// The standard deviation of a score, no unit.
  var standardDeviation: Double { get }
  /// The kurtosis of a score; 3 for a normal distribution.
  var kurtosis: Double { get }
  /// Returns the probability that a score lies within ±`width` of its standard deviations; 0 for a negative width.
  func coverage(within width: Double) -> Double
}

extension DotProductTheory: ScoreTheory {}

/// What is known exactly about the cosine of the angle between two independent standard normal vectors of d components: the
/// score with ``Normalization/unitLength``.
///
/// A normal vector has no preferred direction, so that the cosine t is a component of a point that is uniform on the unit
/// sphere: its density is proportional to `(1 − t²)^((d − 3)/2)`, and those of several keys with one query are independent.
/// With `t = tanh u` the density of u is proportional to `sech(u)^(d − 1)`, which is smooth and falls off at both ends:
/// the trapezoid rule is exact to rounding. One component has the cosines −1 and 1, each half of the time.
public struct UnitLengthTheory: ScoreTheory, Hashable {
  /// The number of components d.
  public let headDimension: Int

  /// The mistake to make on purpose in what is known, as in what is sampled.
  private let fault: KernelFault?

  /// Prepares for a head dimension of at least 1.
  ///
  /// - Parameter fault: A mistake to make on purpose.
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public init(headDimension: Int, fault: KernelFault? = nil) throws(KernelError) {
    try KernelError.require("headDimension", headDimension)
    self.headDimension = headDimension
    self.fault = fault
  }

  /// The standard deviation of the cosine, 1/√d: squares of the components of a vector of length 1 sum to 1.
  public var standardDeviation: Double { 1 / Double(headDimension).squareRoot() }

  /// The kurtosis of the cosine, 3d/(d + 2): the tails are lighter than a normal distribution's.
  public var kurtosis: Double {
    fault.kurtosis(3 * Double(headDimension) / Double(headDimension + 2))
  }

  /// Returns the probability that a cosine lies within ±`width`/√d, absolute error below 10⁻¹³.
  public func coverage(within width: Double) -> Double {
    guard width > 0 else { return 0 }
    let cosine = width * standardDeviation
    guard cosine < 1 else { return 1 }
    guard headDimension > 1 else { return 0 }
    let end = ReferenceMath.logarithm((1 + cosine) / (1 - cosine)) / 2
    let panels = max(1, Int((end / panelWidth).rounded(.up)))
    let width = end / Double(panels)
    let inside = (0..<panels).reduce(0) { $0 + mass(from: Double($1) * width, width: width) }
    let step = trapezoidStep
    let total = step * nodes(step: step).reduce(density(0)) { $0 + 2 * density($1) }
    return fault.share(min(1, 2 * inside / total))
  }

  /// Returns the expected largest cosine of a query with `count` keys, within 10⁻¹¹.
  ///
  /// Computed as `∫ t n f(t) F(t)ⁿ⁻¹ dt` by the trapezoid rule in u, F being summed up from the far end.
  ///
  /// - Parameter count: At least 1; tested up to 10⁶.
  /// - Throws: ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public func expectedMaximum(of count: Int) throws(KernelError) -> Double {
    try KernelError.require("count", count)
    if count == 1 { return 0 }
    // All but one in 2ⁿ rows hold a key in the query's own direction; the rest have −1.
    if headDimension == 1 {
      return 1 - ReferenceMath.exponential(-Double(count - 1) * ReferenceMath.logarithm(2))
    }
    let step = trapezoidStep
    let positions = nodes(step: step)
    var tails = [Double](repeating: 0, count: positions.count)
    var tail = 0.0
    for index in positions.indices.reversed() {
      if index + 1 < positions.count { tail += mass(from: positions[index], width: step) }
      tails[index] = tail
    }
    let half = tail + mass(from: 0, width: step)
    var sum = 0.0
    for (position, tail) in zip(positions, tails) {
      let above = tail / (2 * half)
      let (low, high) = (ReferenceMath.logarithm(above), ReferenceMath.logarithmOfOnePlus(-above))
      let power = Double(count - 1)
      // The two sides of 0 have cosines that differ in their sign alone.
      let difference = exponential(power * high) - (above > 0 ? exponential(power * low) : 0)
      sum += Self.tangent(position) * density(position) * difference
    }
    return Double(count) * sum * step / (2 * half)
  }

  private func exponential(_ exponent: Double) -> Double {
    exponent > -700 ? ReferenceMath.exponential(exponent) : 0
  }

  // MARK: - The density of u

  /// A node every 64th of a standard deviation, as for normal numbers.
  private var trapezoidStep: Double { 0x1p-6 * standardDeviation }

  /// The widest interval that five nodes integrate to rounding.
  private var panelWidth: Double { 0x1p-3 * standardDeviation }

  /// The positive multiples of a step up to where the density, times any number of keys, is nothing.
  private func nodes(step: Double) -> [Double] {
    var nodes: [Double] = []
    var index = 1.0
    while true {
      let position = index * step
      if Double(headDimension - 1) * Self.logarithmOfSecant(position) < -80 { return nodes }
      nodes.append(position)
      index += 1
    }
  }

  /// `sech(u)^(d − 1)`, 1 at u = 0.
  private func density(_ position: Double) -> Double {
    exponential(Double(headDimension - 1) * Self.logarithmOfSecant(position))
  }

  /// The integral of the density over an interval, by five nodes of Gauss and Legendre.
  private func mass(from start: Double, width: Double) -> Double {
    let middle = start + width / 2
    let inner = 0.538_469_310_105_683_1 * width / 2
    let outer = 0.906_179_845_938_664 * width / 2
    let sum =
      0.568_888_888_888_888_9 * density(middle)
      + 0.478_628_670_499_366_5 * (density(middle - inner) + density(middle + inner))
      + 0.236_926_885_056_189_1 * (density(middle - outer) + density(middle + outer))
    return sum * width / 2
  }

  /// `ln sech u` for u ≥ 0, without cancellation near 0: `−½ ln(1 + sinh² u)`.
  private static func logarithmOfSecant(_ u: Double) -> Double {
    if u > 1 {
      return ReferenceMath.logarithm(2) - u
        - ReferenceMath.logarithmOfOnePlus(ReferenceMath.exponential(-2 * u))
    }
    let grown = ReferenceMath.exponentialMinusOne(u)
    let sine = (grown + grown / (1 + grown)) / 2
    return -ReferenceMath.logarithmOfOnePlus(sine * sine) / 2
  }

  /// `tanh u` for u ≥ 0.
  private static func tangent(_ u: Double) -> Double {
    let grown = ReferenceMath.exponentialMinusOne(2 * u)
    return grown.isFinite ? grown / (grown + 2) : 1
  }
}
