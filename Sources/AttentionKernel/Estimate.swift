/// A number found by sampling, with how far it may be off.
public struct Estimate: Hashable, Sendable {
  /// The estimate itself.
  public let value: Double

  /// The standard error, in the value's unit: 0 for an exact value, `nil` where the samples do not tell.
  public let standardError: Double?

  /// The number of samples behind the value; 0 for an exact value.
  public let samples: Int

  /// Makes an estimate from its parts.
  public init(value: Double, standardError: Double?, samples: Int) {
    self.value = value
    self.standardError = standardError
    self.samples = samples
  }

  /// Makes an exact value: no sampling, standard error 0.
  public static func exact(_ value: Double) -> Estimate {
    Estimate(value: value, standardError: 0, samples: 0)
  }

  /// Returns value and standard error multiplied by `factor` ≥ 0.
  func multiplied(by factor: Double) -> Estimate {
    Estimate(value: value * factor, standardError: standardError.map { $0 * factor }, samples: samples)
  }

  /// Returns the estimate in another unit: value and standard error divided by `divisor` > 0.
  public func divided(by divisor: Double) -> Estimate {
    Estimate(value: value / divisor, standardError: standardError.map { $0 / divisor }, samples: samples)
  }
}
