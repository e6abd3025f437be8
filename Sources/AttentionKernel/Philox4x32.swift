/// The counter-based random number generator Philox4x32 with 10 rounds.
///
/// A pure function from a key and a counter to four words: any position of a stream is reached at once,
/// so results cannot depend on the order of the work.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). Checked
/// against the known-answer vectors published with the authors' Random123 library.
public struct Philox4x32: Sendable, Hashable {
  /// Four 32-bit words, a counter or an output.
  public typealias Words = (UInt32, UInt32, UInt32, UInt32)

  private let key: (low: UInt32, high: UInt32)

  /// Makes a generator whose key words are the low and the high half of `key`.
  public init(key: UInt64) {
    self.key = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  }

  /// Returns the four output words at a counter.
  @inline(__always)
  public func callAsFunction(_ counter: Words) -> Words {
    var (word0, word1, word2, word3) = counter
    var (low, high) = key
    for round in 0..<10 {
      if round > 0 {
        low &+= 0x9E37_79B9
        high &+= 0xBB67_AE85
      }
      let first = UInt64(word0) &* 0xD251_1F53
      let second = UInt64(word2) &* 0xCD9E_8D57
      word0 = UInt32(truncatingIfNeeded: second >> 32) ^ word1 ^ low
      word1 = UInt32(truncatingIfNeeded: second)
      word2 = UInt32(truncatingIfNeeded: first >> 32) ^ word3 ^ high
      word3 = UInt32(truncatingIfNeeded: first)
    }
    return (word0, word1, word2, word3)
  }

  /// Returns the output words at counter number `counter` of the stream `stream`.
  ///
  /// Counter words 0 and 1 are the halves of `counter`, words 2 and 3 the halves of `stream`.
  @inline(__always)
  public func words(counter: UInt64, stream: UInt64) -> Words {
    self(
      (
        UInt32(truncatingIfNeeded: counter), UInt32(truncatingIfNeeded: counter >> 32),
        UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32)
      ))
  }

  /// Whether two generators have the same key.
  public static func == (left: Philox4x32, right: Philox4x32) -> Bool {
    left.key == right.key
  }

  /// Feeds the key to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(key.low)
    hasher.combine(key.high)
  }
}
