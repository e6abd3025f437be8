/// An endless sequence of standard normal numbers, addressed by index.
///
/// Number `i` depends on the seed, the role and `i` only: a longer fill starts with the shorter one, and
/// a fill split at any index gives the same numbers. The bits are fixed by ``NumericContract``.
///
/// Magnitudes do not exceed 6.7638; below 3.5·10⁻⁴ they are granular.
public struct StandardNormals: Sendable, Hashable {
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
    let offset = index % UInt64(NumericContract.normalsPerBlock)
    let counter = Self.firstCounter(ofBlock: index / UInt64(NumericContract.normalsPerBlock)) + offset % 16
    let words = generator.words(counter: counter, stream: stream)
    let pair =
      offset < 32
      ? NormalPair(radiusWord: words.0, angleWord: words.1)
      : NormalPair(radiusWord: words.2, angleWord: words.3)
    return offset & 16 == 0 ? pair.cosine : pair.sine
  }

  /// Returns `count` numbers from an index on, shape `[count]`.
  ///
  /// - Precondition: `count` is not negative.
  public func callAsFunction(count: Int, startingAt index: UInt64 = 0) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), startingAt: index)
      initializedCount = count
    }
  }

  /// Fills a buffer with the numbers from an index on.
  ///
  /// - Precondition: `index` plus the buffer's count does not exceed 2⁶⁴.
  public func fill(_ buffer: UnsafeMutableBufferPointer<Float>, startingAt index: UInt64) {
    guard let output = buffer.baseAddress else { return }
    withUnsafeTemporaryAllocation(byteCount: 512, alignment: 64) { scratch in
      guard let base = scratch.baseAddress else { return }
      let words = base.bindMemory(to: UInt32.self, capacity: 64)
      let spare = (base + 256).bindMemory(to: Float.self, capacity: 64)
      var block = index / 64
      var skip = Int(index % 64)
      var position = 0
      while position < buffer.count {
        let taken = min(64 - skip, buffer.count - position)
        if taken == 64 {
          makeBlock(block, words: words, into: output + position)
        } else {
          makeBlock(block, words: words, into: spare)
          (output + position).update(from: spare + skip, count: taken)
        }
        position += taken
        skip = 0
        block &+= 1
      }
    }
  }

  private static func firstCounter(ofBlock block: UInt64) -> UInt64 {
    block &* UInt64(NumericContract.lanesPerBlock)
  }

  private func makeBlock(
    _ block: UInt64, words: UnsafeMutablePointer<UInt32>, into output: UnsafeMutablePointer<Float>
  ) {
    let firstCounter = Self.firstCounter(ofBlock: block)
    for lane in 0..<16 {
      let lanes = generator.words(counter: firstCounter &+ UInt64(lane), stream: stream)
      words[lane] = lanes.0
      words[16 &+ lane] = lanes.1
      words[32 &+ lane] = lanes.2
      words[48 &+ lane] = lanes.3
    }
    #if arch(arm64)
      transform(words, into: output, as: NativeMultiplyAdd.self)
    #else
      if transform(words, into: output, as: CheckedMultiplyAdd.self) {
        transform(words, into: output, as: NativeMultiplyAdd.self)
      }
    #endif
  }

  /// Turns the words of a block into its numbers and says whether one of them is doubtful.
  @discardableResult
  @inline(__always)
  private func transform<Fused: FusedMultiplyAdd>(
    _ words: UnsafeMutablePointer<UInt32>, into output: UnsafeMutablePointer<Float>, as: Fused.Type
  ) -> Bool {
    var fused = Fused()
    for half in 0..<2 {
      let input = words + half &* 32
      let result = output + half &* 32
      // Separate loops: the middle one keeps the others from being vectorized.
      for lane in 0..<16 {
        result[lane] = NormalPair.squaredRadius(of: input[lane], fused: &fused)
      }
      for lane in 0..<16 {
        result[lane] = result[lane].squareRoot()
      }
      for lane in 0..<16 {
        let direction = NormalPair.direction(of: input[16 &+ lane], fused: &fused)
        let radius = result[lane]
        result[lane] = radius * direction.cosine
        result[16 &+ lane] = radius * direction.sine
      }
    }
    return fused.isDoubtful
  }

  /// Whether two sequences have the same seed and role, and so the same numbers.
  public static func == (left: StandardNormals, right: StandardNormals) -> Bool {
    left.seed == right.seed && left.role == right.role
  }

  /// Feeds the seed and the role to a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(seed)
    hasher.combine(role)
  }
}
