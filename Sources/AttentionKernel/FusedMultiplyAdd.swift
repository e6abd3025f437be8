/// A way to compute `a · b + c` in binary32 with one rounding.
protocol FusedMultiplyAdd {
  init()

  /// Whether a result since the start may differ from the correctly rounded one.
  var isDoubtful: Bool { get }

  /// Returns `a · b + c`, correctly rounded unless ``isDoubtful`` becomes true.
  mutating func callAsFunction(_ a: Float, _ b: Float, _ c: Float) -> Float
}

/// The processor's fused multiply-add, or the system library's correctly rounded one.
///
/// On x86-64 without the FMA extension this is a call per number.
struct NativeMultiplyAdd: FusedMultiplyAdd {
  var isDoubtful: Bool { false }

  @inline(__always)
  func callAsFunction(_ a: Float, _ b: Float, _ c: Float) -> Float {
    c.addingProduct(a, b)
  }
}

/// A multiply-add through binary64 that knows when it might be wrong.
///
/// The product of two binary32 numbers is exact in binary64 (24 + 24 ≤ 53 bits). Let `x` be the exact
/// `a · b + c`, `s` its rounding to binary64, and suppose that `s` rounds to another binary32 number than
/// `x` does. Then a midpoint `m` of two neighboring binary32 numbers separates them or equals one of
/// them. A midpoint of normal binary32 numbers has 25 significant bits, so it is a binary64 number, and
/// rounding is monotone: `x < m` gives `s ≤ m`, `x > m` gives `s ≥ m`. Hence `s = m`. So when the low 29
/// bits of `s` are not those of a midpoint, `1` followed by 28 zeros, the result is the fused one; else
/// the step is marked doubtful, and the caller repeats its work with ``NativeMultiplyAdd``. That happens
/// about once in 2²⁹ steps.
///
/// - Precondition: Results are zero or of magnitude 2⁻¹²⁶ … 2¹²⁷, as all steps of the contract's
///   polynomials are.
struct CheckedMultiplyAdd: FusedMultiplyAdd {
  private var doubt: UInt64 = 0

  var isDoubtful: Bool { doubt != 0 }

  @inline(__always)
  mutating func callAsFunction(_ a: Float, _ b: Float, _ c: Float) -> Float {
    let sum = Double(a) * Double(b) + Double(c)
    let tail = (sum.bitPattern & 0x1FFF_FFFF) ^ 0x1000_0000
    // The top bit of (tail − 1) & ~tail is set exactly when tail is 0; no branch, so that loops vectorize.
    doubt |= ((tail &- 1) & ~tail) >> 63
    return Float(sum)
  }
}
