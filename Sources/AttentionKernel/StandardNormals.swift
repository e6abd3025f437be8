internal import CAttention

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

  let generator: Philox4x32
  let stream: UInt64

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
    let block = index / UInt64(NumericContract.normalsPerBlock)
    let counter = block * UInt64(NumericContract.lanesPerBlock) + offset % 16
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
      NumberMemory.preferLargePages(buffer)
      fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]), startingAt: index)
      initializedCount = count
    }
  }

  /// Fills a buffer with the numbers from an index on.
  ///
  /// - Parameters:
  ///   - buffer: Any memory for floats; it needs no further alignment.
  ///   - index: The index of the first number.
  ///   - set: The instructions to use; they do not change the numbers.
  /// - Precondition: `index` plus the buffer's count does not exceed 2⁶⁴, and this processor supports `set`.
  public func fill(
    _ buffer: UnsafeMutableBufferPointer<Float>, startingAt index: UInt64, using set: InstructionSet = .best
  ) {
    precondition(set == .best || set.isSupported, "this processor lacks \(set)")
    guard let output = buffer.baseAddress else { return }
    attention_fill_normals(set.kernels, output, buffer.count, seed, stream, index)
  }

  /// Fills a buffer with the numbers from an index on, on the threads of the conditions.
  ///
  /// - Parameters:
  ///   - buffer: Any memory for floats; it needs no further alignment.
  ///   - index: The index of the first number.
  ///   - conditions: Cancellation is checked every 65,536 numbers; what is filled then is unspecified.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)``.
  /// - Precondition: `index` plus the buffer's count does not exceed 2⁶⁴.
  public func fill(
    _ buffer: UnsafeMutableBufferPointer<Float>, startingAt index: UInt64 = 0, under conditions: RunConditions
  ) throws(KernelError) {
    let chunk = 65_536
    // Chunks are disjoint parts of the buffer.
    nonisolated(unsafe) let buffer = buffer
    _ = try Parallel.map(count: (buffer.count + chunk - 1) / chunk, under: conditions) {
      (number) throws(KernelError) in
      let part = number * chunk..<min((number + 1) * chunk, buffer.count)
      fill(
        UnsafeMutableBufferPointer(rebasing: buffer[part]), startingAt: index + UInt64(part.lowerBound),
        using: conditions.instructionSet)
    }
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
