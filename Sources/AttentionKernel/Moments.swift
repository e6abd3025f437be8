/// Count, mean, central moments and range of a stream of numbers, one pass, mergeable.
///
/// Merging in a fixed order gives the same bits whichever threads made the parts.
///
/// Source: Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order
/// statistical moments" (2008).
public struct Moments: Hashable, Sendable {
  /// How many numbers were added.
  public private(set) var count = 0

  /// Their mean; 0 when there are none.
  public private(set) var mean = 0.0

  /// `Σ (x − mean)²`.
  public private(set) var m2 = 0.0

  /// `Σ (x − mean)³`.
  public private(set) var m3 = 0.0

  /// `Σ (x − mean)⁴`.
  public private(set) var m4 = 0.0

  /// The smallest number; +∞ when there are none.
  public private(set) var minimum = Double.infinity

  /// The largest number; −∞ when there are none.
  public private(set) var maximum = -Double.infinity

  /// Makes the moments of no numbers.
  public init() {}

  /// Makes moments from their parts.
  init(
    count: Int, mean: Double, m2: Double, m3: Double, m4: Double, minimum: Double, maximum: Double
  ) {
    self.count = count
    self.mean = mean
    self.m2 = m2
    self.m3 = m3
    self.m4 = m4
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Makes the moments of a sequence of numbers.
  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Adds one number.
  public mutating func add(_ value: Double) {
    let before = Double(count)
    count += 1
    let delta = value - mean
    let step = delta / Double(count)
    let squaredStep = step * step
    let term = delta * step * before
    mean += step
    m4 += term * squaredStep * (before * before - before + 1) + 6 * squaredStep * m2 - 4 * step * m3
    m3 += term * step * (before - 1) - 3 * step * m2
    m2 += term
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }

  /// Adds the numbers behind other moments, as if they came after these.
  public mutating func merge(_ other: Moments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let left = Double(count)
    let right = Double(other.count)
    let total = left + right
    let delta = other.mean - mean
    let step = delta / total
    let squared = delta * step * left * right
    m4 +=
      other.m4 + squared * step * step * (left * left - left * right + right * right)
      + 6 * step * step * (left * left * other.m2 + right * right * m2)
      + 4 * step * (left * other.m3 - right * m3)
    m3 += other.m3 + squared * step * (left - right) + 3 * step * (left * other.m2 - right * m2)
    m2 += other.m2 + squared
    mean += step * right
    count += other.count
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }

  /// The variance with divisor count − 1; `nil` for fewer than two numbers.
  public var variance: Double? {
    count < 2 ? nil : m2 / Double(count - 1)
  }

  /// The square root of ``variance``.
  public var standardDeviation: Double? {
    variance?.squareRoot()
  }

  /// The fourth central moment over the squared second (3 for a normal distribution, not "excess").
  ///
  /// `nil` when all numbers are equal.
  public var kurtosis: Double? {
    m2 > 0 ? Double(count) * m4 / (m2 * m2) : nil
  }

  /// The third central moment over the second to the power 3/2; `nil` when all numbers are equal.
  public var skewness: Double? {
    m2 > 0 ? Double(count).squareRoot() * m3 / (m2 * m2.squareRoot()) : nil
  }

  /// The mean as an estimate; its standard error is that of independent numbers.
  public var meanEstimate: Estimate {
    Estimate(value: mean, standardError: variance.map { ($0 / Double(count)).squareRoot() }, samples: count)
  }
}
