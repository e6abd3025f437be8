/// Memory for floats that starts at a multiple of 64 bytes and stays where it is.
final class AlignedFloats {
  /// The first float.
  let base: UnsafeMutablePointer<Float>

  /// How many floats there is room for.
  let count: Int

  /// Makes memory for `count` floats, all 0.
  init(count: Int) {
    self.count = count
    base = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: max(1, count))
    base.initialize(repeating: 0, count: max(1, count))
  }

  /// The places of the floats.
  var indices: Range<Int> { 0..<count }

  /// A copy of the floats.
  var array: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

  deinit {
    base.deallocate()
  }
}

/// The same for numbers of binary64.
final class AlignedDoubles {
  /// The first number.
  let base: UnsafeMutablePointer<Double>

  /// Makes memory for `count` numbers, all 0.
  init(count: Int) {
    base = UnsafeMutableRawPointer.allocate(byteCount: max(1, count) * 8, alignment: 64)
      .bindMemory(to: Double.self, capacity: max(1, count))
    base.initialize(repeating: 0, count: max(1, count))
  }

  deinit {
    base.deallocate()
  }
}
