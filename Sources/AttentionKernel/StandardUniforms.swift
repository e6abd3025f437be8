/// An endless sequence of uniform numbers with mean 0 and variance 1, addressed by index.
///
/// Number `i` is made from word `i mod 4` of counter `i / 4` of the seed and the role: the word as a signed integer, plus
/// ½, times `√3 · 2⁻³¹`, in binary64, then rounded to binary32. It lies within ±√3.
public struct StandardUniforms: Sendable, Hashable {
  /// The seed of the sequence.
  public let seed: UInt64

  /// The role that selects the stream of the seed.
  public let role: TensorRole

  private let generator: Philox4x32
  private let stream: UInt64

  /// Makes the sequence of a seed and a role.
  public init(seed: UInt64, role: TensorRole) {
    self.seed = seed
    self.role = role
    generator = Philox4x32(key: seed)
    stream = role.streamIdentifier
  }

  /// The number at an index.
  public subscript(index: UInt64) -> Float {
    let words = generator.words(counter: index / 4, stream: stream)
    switch index % 4 {
    case 0: return Self.number(words.0)
    case 1: return Self.number(words.1)
    case 2: return Self.number(words.2)
    default: return Self.number(words.3)
    }
  }

  /// Fills a buffer with the numbers from an index on.
  ///
  /// - Precondition: `index` plus the buffer's count does not exceed 2⁶⁴.
  public func fill(_ buffer: UnsafeMutableBufferPointer<Float>, startingAt index: UInt64) {
    var place = 0
    while place < buffer.count, (index + UInt64(place)) % 4 != 0 {
      buffer[place] = self[index + UInt64(place)]
      place += 1
    }
    while place + 4 <= buffer.count {
      let words = generator.words(counter: (index + UInt64(place)) / 4, stream: stream)
      buffer[place] = Self.number(words.0)
      buffer[place + 1] = Self.number(words.1)
      buffer[place + 2] = Self.number(words.2)
      buffer[place + 3] = Self.number(words.3)
      place += 4
    }
    while place < buffer.count {
      buffer[place] = self[index + UInt64(place)]
      place += 1
    }
  }

  @inline(__always)
  private static func number(_ word: UInt32) -> Float {
    // √3 · 2⁻³¹
    Float((Double(Int32(bitPattern: word)) + 0.5) * 0x1.bb67ae8584caap-31)
  }
}
