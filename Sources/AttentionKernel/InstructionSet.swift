internal import CAttention

/// The processor's instructions that the fast loops use; every one gives the same bits.
public enum InstructionSet: String, CaseIterable, Sendable {
  /// What every processor of the platform has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// AVX2 and FMA, x86-64 only.
  case avx2
  /// AVX-512 F, BW, DQ and VL, x86-64 only.
  case avx512

  /// The sets that this processor and its system can run, from the slowest to the fastest.
  public static let supported = allCases.filter { attention_supports($0.kernels) }

  /// The fastest set that this processor and its system can run.
  public static let best = supported.last ?? .baseline

  /// Whether this processor and its system can run the set.
  public var isSupported: Bool { Self.supported.contains(self) }

  /// The kernels that use the set.
  var kernels: attention_set {
    switch self {
    case .baseline: ATTENTION_BASELINE
    case .avx2: ATTENTION_AVX2
    case .avx512: ATTENTION_AVX512
    }
  }
}
