/// A short number by which bytes are known again: FNV-1a with 64 bits (Fowler, Noll and Vo).
///
/// It tells what changed by itself or by mistake. It is no signature: whoever wants two texts with one fingerprint can make
/// them.
public enum Fingerprint {
  /// The fingerprint of some bytes.
  public static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// The same as sixteen hexadecimal digits.
  public static func text(of bytes: some Sequence<UInt8>) -> String {
    let digits = String(of(bytes), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
