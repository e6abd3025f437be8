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

  /// Returns the estimate of a share with an error that is not 0 where none or all of what was counted had the property:
  /// that nothing was seen in n draws says no more than that it is about as rare as 1/n.
  ///
  /// Where the error is 0, the binomial one takes its place, `√(p̃(1 − p̃)/n)` with `p̃ = (n · share + 1)/(n + 2)`.
  ///
  /// - Parameter count: How many n draws were looked at, at least 1.
  func share(of count: Double) -> Estimate {
    let smoothed = (count * value + 1) / (count + 2)
    let least = (smoothed * (1 - smoothed) / count).squareRoot()
    return Estimate(value: value, standardError: standardError.map { $0 > 0 ? $0 : least }, samples: samples)
  }
}
