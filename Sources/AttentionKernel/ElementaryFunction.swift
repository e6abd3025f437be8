internal import CAttention

/// An elementary function in binary32 as the fast loops compute it, with the same bits everywhere.
///
/// Results that would be subnormal are 0; not-a-number stays so.
enum ElementaryFunction: CaseIterable, Sendable {
  /// 2ˣ, within 1.02 ulp.
  case exponentialBase2
  /// eˣ, within 1.02 ulp.
  case exponential
  /// ln x, within 0.9 ulp.
  case logarithm
  /// ln(1 + x), within 2 ulp.
  case logarithmOfOnePlus

  /// Returns the function's values at `arguments`.
  func callAsFunction(_ arguments: [Float], using set: InstructionSet = .best) -> [Float] {
    precondition(set.isSupported, "this processor lacks \(set)")
    return [Float](unsafeUninitializedCapacity: arguments.count) { values, count in
      attention_map(set.kernels, kernel, arguments, values.baseAddress, arguments.count)
      count = arguments.count
    }
  }

  private var kernel: attention_function {
    switch self {
    case .exponentialBase2: ATTENTION_EXP2
    case .exponential: ATTENTION_EXP
    case .logarithm: ATTENTION_LOG
    case .logarithmOfOnePlus: ATTENTION_LOG1P
    }
  }
}

extension InstructionSet {
  /// Returns `a · b + c`, rounded once, element by element.
  ///
  /// - Precondition: The three arrays are of one length.
  func multiplyAdd(_ a: [Float], _ b: [Float], _ c: [Float]) -> [Float] {
    precondition(isSupported && a.count == b.count && a.count == c.count)
    return [Float](unsafeUninitializedCapacity: a.count) { values, count in
      attention_multiply_add(kernels, a, b, c, values.baseAddress, a.count)
      count = a.count
    }
  }
}
