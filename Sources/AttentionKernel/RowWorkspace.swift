/// Memory for one row at a time, and the arithmetic on it; one per worker, reused from row to row.
///
/// First `scores` are set and sorted, then each scale asks for its statistics, which leave the
/// exponentials of that scale behind.
final class RowWorkspace {
  /// The row's scores, room for the key count rounded up to a multiple of 8.
  let scores: UnsafeMutablePointer<Double>

  /// After ``statistics(dividingBy:)``: exp(zⱼ − max), from large to small, the first being 1.
  let exponentials: UnsafeMutablePointer<Double>

  private let gaps: UnsafeMutablePointer<Double>
  let keyCount: Int
  private let paddedCount: Int

  init(keyCount: Int) {
    self.keyCount = keyCount
    paddedCount = Self.padded(keyCount)
    scores = Self.allocate(paddedCount)
    exponentials = Self.allocate(paddedCount)
    gaps = Self.allocate(paddedCount)
  }

  deinit {
    scores.deallocate()
    exponentials.deallocate()
    gaps.deallocate()
  }

  /// Sorts the scores from large to small.
  func sortScores() {
    DescendingSort.sort(UnsafeMutableBufferPointer(start: scores, count: keyCount), spare: gaps)
  }

  /// Computes the statistics of the sorted scores divided by `divisor`.
  func statistics(dividingBy divisor: Double) -> RowStatistics {
    let largest = scores[0] / divisor
    // Below this gap the exponential is 0; a bound keeps 0 · ∞ out of the entropy.
    let deepest = -746.0
    for index in 0..<keyCount {
      let gap = max(scores[index] / divisor - largest, deepest)
      gaps[index] = gap
      exponentials[index] = ReferenceMath.flushingExponential(gap)
    }
    for index in keyCount..<paddedCount {
      gaps[index] = 0
      exponentials[index] = 0
    }
    // Squares of tiny exponentials would underflow; a power of two lifts them without rounding.
    let second = keyCount > 1 ? exponentials[1] : 1
    let lift =
      second > 0 && second < 0x1p-200 ? Double(sign: .plus, exponent: -second.exponent, significand: 1) : 1
    exponentials[0] = 0  // Leave the largest out of the sums.
    var tail = SIMD8<Double>()
    var weightedGaps = SIMD8<Double>()
    var squares = SIMD8<Double>()
    var cubes = SIMD8<Double>()
    var index = 0
    while index < paddedCount {
      let value = UnsafeRawPointer(exponentials + index).loadUnaligned(as: SIMD8<Double>.self)
      let gap = UnsafeRawPointer(gaps + index).loadUnaligned(as: SIMD8<Double>.self)
      let lifted = value * lift
      let square = lifted * lifted
      tail += value
      weightedGaps += value * gap
      squares += square
      cubes += square * value
      index &+= 8
    }
    exponentials[0] = 1
    return RowStatistics(
      keyCount: keyCount, largestLogit: largest, smallestLogit: scores[keyCount - 1] / divisor,
      tail: Self.sum(tail), weightedGaps: Self.sum(weightedGaps), squares: Self.sum(squares),
      cubes: Self.sum(cubes), lift: lift)
  }

  /// Adds up the lanes in a fixed order.
  private static func sum(_ vector: SIMD8<Double>) -> Double {
    let four = vector.lowHalf + vector.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  /// The key count rounded up to a multiple of 8.
  static func padded(_ keyCount: Int) -> Int {
    (keyCount + 7) / 8 * 8
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Double> {
    let pointer = UnsafeMutableRawPointer.allocate(byteCount: count * 8, alignment: 64)
      .bindMemory(to: Double.self, capacity: count)
    pointer.initialize(repeating: 0, count: count)
    return pointer
  }
}

extension RowWorkspace {
  /// Puts one of the sorted scores behind all others, where a fault no longer sees it.
  func moveToEnd(_ score: Double) {
    guard var index = (0..<keyCount).first(where: { scores[$0] == score }) else { return }
    while index + 1 < keyCount {
      scores[index] = scores[index + 1]
      index += 1
    }
    scores[keyCount - 1] = score
  }

  /// Returns the moments of the scores, added up in their present order.
  func scoreMoments() -> Moments {
    var sum = 0.0
    var smallest = scores[0]
    var largest = scores[0]
    for index in 0..<keyCount {
      let score = scores[index]
      sum += score
      smallest = min(smallest, score)
      largest = max(largest, score)
    }
    let mean = sum / Double(keyCount)
    var m2 = 0.0
    var m3 = 0.0
    var m4 = 0.0
    for index in 0..<keyCount {
      let delta = scores[index] - mean
      let square = delta * delta
      m2 += square
      m3 += square * delta
      m4 += square * square
    }
    return Moments(
      count: keyCount, mean: mean, m2: m2, m3: m3, m4: m4, minimum: smallest, maximum: largest)
  }

  /// Adds up the exponentials from the largest on, for the two methods below.
  func accumulate() {
    var sum = 0.0
    for index in 0..<keyCount {
      sum += exponentials[index]
      gaps[index] = sum
    }
  }

  /// After ``accumulate()``: the mass of the `count` largest weights, 1 ≤ count ≤ keys.
  func mass(ofLargest count: Int) -> Double {
    gaps[count - 1] / gaps[keyCount - 1]
  }

  /// After ``accumulate()``: the smallest number of keys that carry at least `share` of the mass.
  func keysCarrying(share: Double) -> Int {
    let total = gaps[keyCount - 1]
    var low = 0  // Fewer than the answer carry too little.
    var high = keyCount
    while high - low > 1 {
      let middle = (low + high) / 2
      if gaps[middle - 1] / total >= share { high = middle } else { low = middle }
    }
    return high
  }
}
