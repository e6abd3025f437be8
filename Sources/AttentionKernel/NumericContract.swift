/// The numeric contract: which bits every implementation of this module's sampling must produce.
///
/// # Version 2
///
/// The random numbers are those of version 1. What changed is how scores and rows of weights are added up.
///
/// # Random numbers
///
/// Standard normal number `i` (a `UInt64`) of a seed and a role is defined as follows. All arithmetic is
/// IEEE 754 binary32, rounding to nearest, ties to even, without flush-to-zero; `fma` rounds once.
///
/// **Words.** ``Philox4x32`` with 10 rounds. Key words: low half of the seed, high half of the seed.
/// Block `b = i / 64` uses the 16 counters `c = 16b + lane`, `lane = 0 … 15`. Counter words: low half of
/// `c`, high half of `c`, low half of the role's stream identifier, high half of it. Each counter gives
/// the words `w0 w1 w2 w3`.
///
/// **Layout.** With `(cosine, sine) = pair(radius word, angle word)`, the 64 numbers of a block are, by
/// offset `i mod 64`:
///
/// | offset     | number                    |
/// |------------|---------------------------|
/// | lane       | cosine part of (w0, w1)   |
/// | 16 + lane  | sine part of (w0, w1)     |
/// | 32 + lane  | cosine part of (w2, w3)   |
/// | 48 + lane  | sine part of (w2, w3)     |
///
/// **Radius.** `x` = radius word converted to binary32 (rounded); `u = fma(x, 2⁻³², 2⁻³³)`, so
/// `2⁻³³ ≤ u ≤ 1`. `radius = √(−2 · log u)`, the square root correctly rounded.
///
/// **Logarithm.** `t = bits(u) − 0x3F3504F3` (mod 2³²); `e` = `t` shifted right by 23 arithmetically, as
/// binary32; `m` = the number with bits `(t & 0x007FFFFF) + 0x3F3504F3`, in √½ … √2; `f = m − 1` (exact);
/// `z = f · f`; `p` = the degree-8 polynomial in `f` with the coefficients, highest first,
/// `0x1.204376p-4, −0x1.d7a37p-4, 0x1.de4a34p-4, −0x1.fcba9ep-4, 0x1.23d37ep-3, −0x1.555cap-3,
/// 0x1.999d58p-3, −0x1.fffff8p-3, 0x1.555554p-2`, by Horner's rule, one fma a step; then
/// `y = (p · f) · z`; `y = fma(e, low, y)`; `y = fma(−½, z, y)`;
/// `log u = fma(e, high, f + y)` with `high = 0x1.63p-1` and `low = −0x1.bd01p-13` (`high + low ≈ ln 2`).
///
/// **Angle.** Quadrant `k` = the top two bits of the angle word. `t` = the remaining 30 bits, shifted up
/// by two, read as a signed integer, converted to binary32 (rounded), times 2⁻³²: `−½ ≤ t ≤ ½`. The
/// angle is `(k + t) · π/2`; no rounded π enters. `s = t · t`; `sine = t · S(s)` and
/// `cosine = fma(s, C(s), 1)` with polynomials of degree 3 by Horner's rule, one fma a step; coefficients,
/// highest first, of S: `−0x1.2d9b4p-8, 0x1.465ec4p-4, −0x1.4abbbap-1, 0x1.921fb6p0`, of C:
/// `0x1.db6492p-11, −0x1.55cb98p-6, 0x1.03c1eap-2, −0x1.3bd3ccp0`.
/// Quadrants 0, 1, 2, 3 turn (cosine, sine) into (c, s), (−s, c), (−c, −s), (s, −c).
///
/// **Result.** `radius · cosine` and `radius · sine`, one rounding each.
///
/// The fused steps of `u`, of `−½z` and of the two `e` terms have exact products, so an ordinary product
/// and sum gives the same bits there; the polynomial steps need a true fma.
///
/// # Limits
///
/// Nothing lies beyond ±6.7638 (`√(66 ln 2)`); a true normal does so once in 7·10¹⁰ draws. Near zero,
/// radii are multiples in steps of 2⁻²⁴ of `u`: magnitudes below 3.5·10⁻⁴ are granular.
///
/// # Sums
///
/// With ``Precision/fast``, a score is one chain of binary32 fused multiply-adds in component order, from 0 on;
/// statistics of a row add up to 128 keys in binary32, in their order and without the largest, and these sums in
/// binary64. With ``Precision/reference``, and for dot products of pairs, scores add exact binary64 products in
/// component order, and exponentials and logarithms are those of ``ReferenceMath``. Sums over rows are partial
/// sums of at most ``rowsPerChunk`` rows, merged in row order, whatever the number of threads.
///
/// Entries of a ``MatrixProduct`` are sums of chains of 32 steps; ``Optimizer`` steps are those of its description, sums of
/// two products with one rounding (fused) where a vector loop says so. An ``AttentionLayer`` computes
/// ``AttentionLayer/sequencesPerChunk`` sequences at a time and adds what they say of a gradient in their order. Sequences of
/// a ``RecallTask`` are made from words of the roles' streams as described there.
///
/// Lanes and vectors below are sixteen numbers side by side; the lanes of a vector are added those 8 apart first, then 4, 2
/// and 1 apart.
///
/// **Rows of a matrix** (``SoftmaxRows``). With g = log₂ e / divisor rounded to binary32, a weight's exponential is
/// 2^((score − largest) · g), the product rounded once only, after its integer part is off. Vector i of a row is added to
/// sum i mod 4; sums 0 + 1 and 2 + 3, then those two, then the lanes. Weights are exponentials times the rounded reciprocal
/// of the sum. Backward, Σ p g is four chains of fused steps in the same places. ``RoundedSoftmax`` describes its own steps.
///
/// **Products of matrices.** With ``MatrixProduct`` and in attention an entry is a sum, in order, of chains of fused
/// steps over 32 terms each, every chain from 0 on; with ``ScoreMatrix`` it is one chain.
///
/// **Attention.** Keys come in blocks of 128, counted from the first key. Forward, a block's largest score may raise that
/// of the row: then sums and outputs so far are multiplied by 2^((old − new) · g), g being the product of 1/divisor and
/// log₂ e, each rounded to binary32, as for all weights of attention. Exponentials are added lane by lane in
/// the order of the vectors, and the lanes once at the end; outputs are multiplied by the rounded reciprocal of that
/// sum at the end. Queries come in blocks of 64, which backward are the chains of the gradients to keys and values: two of
/// 32 each. Backward, the gradients to the queries are sums of segments of 512 keys, added in order; within a segment
/// blocks are added in order. Causal or not, a key that a query does not see adds an exact 0.
///
/// **Trainings.** Gradients of a batch are summed as ``AttentionLayer`` says.
///
/// ``KernelFingerprint`` hashes what all these return; `scripts/kernel-fingerprints.txt` holds the hashes of this version.
///
/// Sources: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011) for Philox; Box and
/// Muller (1958); the logarithm's polynomial is that of the Cephes library (S. Moshier), `logf`.
public enum NumericContract {
  /// The version of the contract that this module implements; any change of a bit raises it.
  public static let version = 2

  /// The number of rows (or sampled pairs) whose statistics are added up before partial sums are merged.
  public static let rowsPerChunk = 256

  /// The number of consecutive normals that are made together, from 16 counters.
  static let normalsPerBlock = 64

  /// The number of counters, and of lanes, in a block.
  static let lanesPerBlock = 16
}
