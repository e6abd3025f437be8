/// Sorts finite binary64 numbers from large to small, in time proportional to their count.
enum DescendingSort {
  /// Sorts `values`; `spare` must have room for as many numbers and is overwritten.
  ///
  /// Short rows are sorted by insertion. Longer ones by the top four bytes of their order-preserving
  /// integer form, least significant first, then by insertion, which has next to nothing left to do
  /// unless many values agree in 20 fraction bits; then the standard library's sort takes over.
  static func sort(_ values: UnsafeMutableBufferPointer<Double>, spare: UnsafeMutablePointer<Double>) {
    guard let base = values.baseAddress else { return }
    if values.count > 64 { radixSort(base, values.count, spare) }
    // Each shift beyond this budget would make the insertion slower than a general sort.
    var budget = values.count > 64 ? 8 * values.count : Int.max
    for index in stride(from: 1, to: values.count, by: 1) {
      let value = base[index]
      var position = index
      while position > 0, base[position &- 1] < value {
        base[position] = base[position &- 1]
        position &-= 1
      }
      base[position] = value
      budget &-= index &- position
      if budget < 0 {
        var rest = values
        rest.sort(by: >)
        return
      }
    }
  }

  /// An integer that is smaller for larger numbers.
  @inline(__always)
  private static func key(_ value: Double) -> UInt64 {
    let bits = value.bitPattern
    return ~(bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 0x8000_0000_0000_0000))
  }

  private static func radixSort(
    _ values: UnsafeMutablePointer<Double>, _ count: Int, _ spare: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 4 * 256) { offsets in
      offsets.initialize(repeating: 0)
      for index in 0..<count {
        let key = key(values[index])
        for digit in 0..<4 {
          offsets[digit &* 256 &+ Int((key >> UInt64(32 &+ 8 &* digit)) & 255)] &+= 1
        }
      }
      var source = values
      var target = spare
      for digit in 0..<4 {
        var start = 0
        for bucket in digit &* 256..<digit &* 256 &+ 256 {
          let size = offsets[bucket]
          offsets[bucket] = start
          start &+= size
        }
        let shift = UInt64(32 &+ 8 &* digit)
        for index in 0..<count {
          let value = source[index]
          let bucket = digit &* 256 &+ Int((key(value) >> shift) & 255)
          target[offsets[bucket]] = value
          offsets[bucket] &+= 1
        }
        swap(&source, &target)
      }
      // Four passes: the sorted numbers are in `values` again.
    }
  }
}
