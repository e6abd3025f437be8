/// Elementary and special functions in binary64 whose bits are the same on every platform.
///
/// Only `+ − × ÷`, square roots and integer operations are used, no system library. Each function states
/// its error in ulp (units in the last place of the result), measured against 40-digit references.
public enum ReferenceMath {
  /// ln 2, upper part: 33 bits, so that products with an exponent are exact.
  static let logarithmOfTwoHigh = 0x1.62e42fee00000p-1

  /// ln 2 minus its upper part.
  static let logarithmOfTwoLow = 0x1.a39ef35793c76p-33
}
