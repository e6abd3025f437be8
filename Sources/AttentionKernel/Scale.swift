/// The number by which scores are divided to make logits.
///
/// On queries and keys of independent unit-variance components, the logits then have the standard
/// deviation `1/c`, with c the ``scaleFactor(headDimension:)``.
///
/// Source: Vaswani et al., "Attention Is All You Need" (2017), section 3.2.1, for √d.
public enum Scale: Hashable, Sendable {
  /// No division.
  case none
  /// The divisor `factor · √d`, d the head dimension.
  case rootHeadDimension(times: Double)
  /// The divisor `factor · d`.
  case headDimension(times: Double)
  /// A divisor that does not depend on the head dimension.
  case constant(Double)
  /// No division, but a multiplication by g: the divisor is 1/g.
  ///
  /// It stands for the number that models learn where queries and keys have length 1, see ``Normalization/unitLength``.
  case multiplier(Double)

  /// √d, the usual scale.
  public static let rootHeadDimension = Scale.rootHeadDimension(times: 1)

  /// d.
  public static let headDimension = Scale.headDimension(times: 1)

  /// Returns the divisor, above 0, no unit.
  ///
  /// - Throws: ``KernelError/invalidScale(_:)`` unless it is finite and above 0;
  ///   ``KernelError/sizeTooSmall(name:value:minimum:)`` for a head dimension below 1.
  public func divisor(headDimension: Int) throws(KernelError) -> Double {
    try KernelError.require("headDimension", headDimension)
    let divisor: Double =
      switch self {
      case .none: 1
      case .rootHeadDimension(let factor): factor * Double(headDimension).squareRoot()
      case .headDimension(let factor): factor * Double(headDimension)
      case .constant(let value): value
      case .multiplier(let factor): 1 / factor
      }
    guard divisor > 0, divisor.isFinite else { throw .invalidScale(divisor) }
    return divisor
  }

  /// Returns c, the divisor in units of √d: 1/√d for ``none``.
  ///
  /// - Throws: As ``divisor(headDimension:)``.
  public func scaleFactor(headDimension: Int) throws(KernelError) -> Double {
    if case .rootHeadDimension(let factor) = self {
      _ = try divisor(headDimension: headDimension)
      return factor
    }
    return try divisor(headDimension: headDimension) / Double(headDimension).squareRoot()
  }
}
