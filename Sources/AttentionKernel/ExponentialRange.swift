/// The range of `exp(logit)` for logits within a few standard deviations of 0.
public struct ExponentialRange: Hashable, Sendable {
  /// How many standard deviations the logits may be off.
  public let width: Double

  /// `exp(−width · deviation)`.
  public let lower: Double

  /// `exp(width · deviation)`.
  public let upper: Double

  /// Computes the range for logits with a standard deviation.
  ///
  /// - Parameters:
  ///   - width: k, finite and not negative.
  ///   - standardDeviation: σ = 1/c at the scale c√d, finite and not negative.
  /// - Throws: ``KernelError/invalidNumber(name:value:)``.
  public init(width: Double, standardDeviation: Double) throws(KernelError) {
    for (name, value) in [("width", width), ("standardDeviation", standardDeviation)]
    where !(value >= 0 && value.isFinite) {
      throw .invalidNumber(name: name, value: value)
    }
    self.width = width
    lower = ReferenceMath.exponential(-width * standardDeviation)
    upper = ReferenceMath.exponential(width * standardDeviation)
  }
}
