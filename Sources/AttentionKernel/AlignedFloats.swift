/// Memory for floats that starts at a multiple of 64 bytes and stays where it is.
final class AlignedFloats {
  /// The first float.
  let base: UnsafeMutablePointer<Float>

  /// How many floats there is room for.
  let count: Int

  /// Makes memory for `count` floats, all 0.
  convenience init(count: Int) {
    self.init(uninitialized: count)
    base.initialize(repeating: 0, count: max(1, count))
  }

  /// Makes memory for `count` floats that are to be written before they are read.
  init(uninitialized count: Int) {
    self.count = count
    base = NumberMemory.allocate(byteCount: max(1, count) * 4)
      .bindMemory(to: Float.self, capacity: max(1, count))
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
  convenience init(count: Int) {
    self.init(uninitialized: count)
    base.initialize(repeating: 0, count: max(1, count))
  }

  /// Makes memory for `count` numbers that are to be written before they are read.
  init(uninitialized count: Int) {
    base = NumberMemory.allocate(byteCount: max(1, count) * 8)
      .bindMemory(to: Double.self, capacity: max(1, count))
  }

  deinit {
    base.deallocate()
  }
}
