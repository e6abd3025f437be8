internal import CAttention

/// The binary floating-point formats that results of a computation are rounded to.
public enum FloatFormat: String, CaseIterable, Codable, Hashable, Sendable {
  /// IEEE 754 binary16: 11 significant bits, up to 65,504.
  case binary16 = "fp16"
  /// bfloat16, the upper half of binary32: 8 significant bits, up to 3.39 · 10³⁸.
  case bfloat16 = "bf16"
  /// IEEE 754 binary32: 24 significant bits, up to 3.40 · 10³⁸.
  case binary32 = "fp32"
  /// IEEE 754 binary64: 53 significant bits, up to 1.80 · 10³⁰⁸.
  case binary64 = "fp64"

  /// The number of significant bits of a normal number.
  public var precision: Int {
    switch self {
    case .binary16: 11
    case .bfloat16: 8
    case .binary32: 24
    case .binary64: 53
    }
  }

  /// The exponent of the largest finite numbers.
  var largestExponent: Int {
    switch self {
    case .binary16: 15
    case .bfloat16, .binary32: 127
    case .binary64: 1023
    }
  }

  /// The exponent of the smallest number above 0, a subnormal one.
  var smallestExponent: Int { 2 - largestExponent - precision }

  /// The logit from which on its exponential is rounded to ∞: the logarithm of the midpoint between the largest finite
  /// number and the power of two that would come next.
  public var overflowLogit: Double {
    // The midpoint is 2ᵉ⁺¹ (1 − 2⁻ᵖ⁻¹).
    let relative = ReferenceMath.logarithmOfOnePlus(-Self.powerOfTwo(-precision - 1))
    return Double(largestExponent + 1) * Self.logarithmOfTwo + relative
  }

  /// The logit below which its exponential is rounded to 0: the logarithm of half the smallest number above 0.
  public var underflowLogit: Double { Double(smallestExponent - 1) * Self.logarithmOfTwo }

  /// The exponent of the smallest normal number.
  var smallestNormalExponent: Int { 1 - largestExponent }

  /// The logarithm of the smallest normal number.
  var smallestNormalLogit: Double { Double(smallestNormalExponent) * Self.logarithmOfTwo }

  private static let logarithmOfTwo = 0x1.62e42fefa39efp-1

  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }

  /// The format whose range exponentials have under a fault.
  func ofExponentials(under fault: KernelFault?) -> FloatFormat {
    switch fault {
    case .maximumNotSubtracted?: .binary32
    case .roundedAtTheEnd? where self != .binary64: .binary32
    default: self
    }
  }

  /// ``underflowLogit`` under a fault.
  public func underflowLogit(under fault: KernelFault?) -> Double {
    let format = ofExponentials(under: fault)
    return fault == .subnormalsFlushed ? format.smallestNormalLogit : format.underflowLogit
  }

  /// ``overflowLogit`` under a fault.
  public func overflowLogit(under fault: KernelFault?) -> Double {
    ofExponentials(under: fault).overflowLogit
  }

  /// The kernels' name of the format; `nil` for binary64, which they don't compute in.
  var kernel: attention_format? {
    switch self {
    case .binary16: ATTENTION_BINARY16
    case .bfloat16: ATTENTION_BFLOAT16
    case .binary32: ATTENTION_BINARY32
    case .binary64: nil
    }
  }
}

// MARK: - Rounding

extension FloatFormat {
  /// Rounds a number to the format, to nearest, ties to even; what binary32 holds exactly stays as it is.
  ///
  /// This is the definition, step by step; ``rounded(_:using:)`` gives the same bits faster.
  public func rounded(_ value: Float) -> Float {
    guard self == .binary16 || self == .bfloat16, value.isFinite, value != 0 else { return value }
    // The distance of the format's numbers around the value; constant below the normal ones.
    let lowest = smallestExponent
    let unit = Float(
      sign: .plus, exponent: max(Int(value.exponent) - precision + 1, lowest), significand: 1)
    // Both quotient and product are exact, except where the product is beyond the format.
    let rounded = (value / unit).rounded(.toNearestOrEven) * unit
    let limit = Double(sign: .plus, exponent: largestExponent + 1, significand: 1)
    return Double(rounded).magnitude >= limit ? (value < 0 ? -Float.infinity : .infinity) : rounded
  }

  /// Rounds numbers to the format with the fast loops.
  ///
  /// - Precondition: This processor supports `set`.
  public func rounded(_ values: [Float], using set: InstructionSet = .best) -> [Float] {
    precondition(set == .best || set.isSupported, "this processor lacks \(set)")
    guard let kernel else { return values }
    return [Float](unsafeUninitializedCapacity: values.count) { buffer, count in
      attention_round_numbers(set.kernels, kernel, values, buffer.baseAddress, values.count)
      count = values.count
    }
  }
}
