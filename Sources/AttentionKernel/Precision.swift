/// The arithmetic of a computation. Samples are the same binary32 numbers in all of them.
public enum Precision: Hashable, Sendable {
  /// Binary64 in plain Swift: what the others are held to.
  case reference

  /// Binary32 in the vector loops, with sums of sums in binary64: for everything that is shown.
  ///
  /// Scores err by a few units of 2⁻²⁴ of the size of their terms, so that logits at a divisor below √d/256 are too
  /// coarse; they are computed as with ``reference``.
  case fast
}
