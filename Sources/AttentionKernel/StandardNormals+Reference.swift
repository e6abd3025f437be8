/// The definition of the numbers in Swift, for every processor; the tests hold the kernels to it.
extension StandardNormals {
  /// Fills a buffer with the numbers from an index on, as ``fill(_:startingAt:using:)`` does.
  ///
  /// - Precondition: `index` plus the buffer's count does not exceed 2⁶⁴.
  func referenceFill(_ buffer: UnsafeMutableBufferPointer<Float>, startingAt index: UInt64) {
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

  private func makeBlock(
    _ block: UInt64, words: UnsafeMutablePointer<UInt32>, into output: UnsafeMutablePointer<Float>
  ) {
    let firstCounter = block &* UInt64(NumericContract.lanesPerBlock)
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
}
