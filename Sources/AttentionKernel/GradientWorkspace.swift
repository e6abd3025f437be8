/// Memory for the derivatives of one row at a time, and the arithmetic on it; one per row under work.
///
/// First `row.scores` are set in key order and ``prepare()`` is called; then `topProducts` are set, and each scale asks
/// for its measures.
final class GradientWorkspace {
  /// The row sorted, with its statistics.
  let row: RowWorkspace

  /// The dot products of the key with the largest weight with all keys, in key order.
  let topProducts: UnsafeMutablePointer<Double>

  /// The key with the largest score; the first of them, if there are several.
  private(set) var top = 0

  /// The scores in key order.
  private let scores: UnsafeMutablePointer<Double>

  /// The weights in key order, of the scale asked for last.
  private let weights: UnsafeMutablePointer<Double>

  private let keyCount: Int
  private let headDimension: Int

  /// A mistake to make on purpose.
  private let fault: KernelFault?

  init(keyCount: Int, headDimension: Int, fault: KernelFault? = nil) {
    self.fault = fault
    self.keyCount = keyCount
    self.headDimension = headDimension
    row = RowWorkspace(keyCount: keyCount)
    let padded = RowWorkspace.padded(keyCount)
    topProducts = .allocate(capacity: padded)
    scores = .allocate(capacity: padded)
    weights = .allocate(capacity: padded)
    for buffer in [topProducts, scores, weights] { buffer.initialize(repeating: 0, count: padded) }
  }

  deinit {
    topProducts.deallocate()
    scores.deallocate()
    weights.deallocate()
  }

  /// Keeps the scores in key order, finds the largest and sorts the row.
  func prepare() {
    top = 0
    for index in 0..<keyCount {
      scores[index] = row.scores[index]
      if scores[index] > scores[top], index < fault.keys(keyCount) { top = index }
    }
    row.sortScores()
    if fault == .keyDropped { row.moveToEnd(scores[keyCount - 1]) }
  }

  /// The statistics of the row at a divisor; leaves ``weights`` and the sorted exponentials of that scale behind.
  func statistics(dividingBy divisor: Double) -> RowStatistics {
    if let fault { return statistics(dividingBy: divisor, with: fault) }
    let statistics = row.statistics(dividingBy: divisor)
    let largest = statistics.largestLogit
    for index in 0..<keyCount {
      let gap = max(scores[index] / divisor - largest, -746)
      weights[index] = ReferenceMath.flushingExponential(gap) * statistics.maxProbability
    }
    return statistics
  }

  private func statistics(dividingBy divisor: Double, with fault: KernelFault) -> RowStatistics {
    let statistics = row.statistics(dividingBy: divisor, with: fault)
    let first = row.exponentials[0]
    for index in 0..<keyCount {
      row.exponentials[index] /= first
      let gap = fault == .uniformWeights ? 0 : max(scores[index] / divisor - statistics.largestLogit, -746)
      let isSeen = index < Optional(fault).keys(keyCount)
      weights[index] = isSeen ? ReferenceMath.flushingExponential(gap) * statistics.maxProbability : 0
    }
    return statistics
  }

  /// The largest entry of J: the diagonal entry of the largest weight, whether that is beyond ½ or not.
  func largestEntry(_ statistics: RowStatistics) -> Double { diagonalEntry(top, statistics) }

  /// The spectral norm of J.
  func spectralNorm(_ statistics: RowStatistics) -> Double {
    if fault == .jacobianWithoutOuterProduct || statistics.maxProbability.isNaN {
      return statistics.maxProbability
    }
    return JacobianSpectrum.largestEigenvalue(
      ranked: UnsafeBufferPointer(start: row.exponentials, count: keyCount), top: statistics.maxProbability,
      rest: statistics.remainder)
  }

  /// Counts the diagonal entries, and as many off it: key i with key i + `shift`, so that rows with different shifts
  /// come to all pairs.
  func count(_ statistics: RowStatistics, shift: Int, into histograms: inout GradientHistograms) {
    for index in 0..<keyCount { histograms.diagonal.add(diagonalEntry(index, statistics)) }
    guard keyCount > 1 else { return }
    for index in 0..<keyCount {
      let partner = index + shift < keyCount ? index + shift : index + shift - keyCount
      histograms.others.add(hasOuterProduct ? weights[index] * weights[partner] : 0)
    }
  }

  private var hasOuterProduct: Bool { fault != .jacobianWithoutOuterProduct }

  private func diagonalEntry(_ index: Int, _ statistics: RowStatistics) -> Double {
    guard hasOuterProduct else { return weights[index] }
    // Next to 1, the difference of the largest weight from 1 is known better than by subtraction.
    return index == top ? weights[index] * statistics.remainder : weights[index] * (1 - weights[index])
  }

  /// The number of diagonal entries of at least `bound`.
  func diagonalEntries(atLeast bound: Double, _ statistics: RowStatistics) -> Int {
    var count = largestEntry(statistics) >= bound ? 1 : 0
    // All but the largest weight are at most ½, where p(1 − p) falls with p.
    for rank in 1..<max(1, keyCount) {
      let weight = row.exponentials[rank] * statistics.maxProbability
      guard (hasOuterProduct ? weight * (1 - weight) : weight) >= bound else { break }
      count += 1
    }
    return count
  }

  /// The number of entries off the diagonal with a magnitude of at least `bound`.
  func otherEntries(atLeast bound: Double, _ statistics: RowStatistics) -> Int {
    guard bound > 0 else { return keyCount * (keyCount - 1) }
    guard hasOuterProduct else { return 0 }
    let limit = bound / statistics.maxProbability / statistics.maxProbability
    var pairs = 0
    var partners = keyCount
    for rank in 0..<keyCount {
      // Ranks below `partners` pass with this one; fewer do with the next, which is no larger.
      while partners > 0, row.exponentials[rank] * row.exponentials[partners - 1] < limit { partners -= 1 }
      if partners <= rank + 1 { break }
      pairs += partners - rank - 1
    }
    return 2 * pairs
  }
}

extension GradientWorkspace {
  /// The Frobenius norm of `J K`, whose row i is `pᵢ (kᵢ − k̄)` with `k̄ = Σ pⱼ kⱼ`.
  ///
  /// Keys are measured from the one with the largest weight, so that nothing cancels when nearly all weight is on it;
  /// a norm below 10⁻¹⁵⁰ may come out as 0.
  ///
  /// - Parameters:
  ///   - keys: The keys as panels of eight components: `[headDimension / 8 rounded up][keys]`.
  ///   - squaredLengths: `‖kᵢ‖²` in key order.
  func weightedKeyNorm(
    _ statistics: RowStatistics, keys: UnsafePointer<SIMD8<Double>>, squaredLengths: UnsafePointer<Double>
  ) -> Double {
    if !hasOuterProduct {
      return (0..<keyCount).reduce(0) { $0 + weights[$1] * weights[$1] * squaredLengths[$1] }.squareRoot()
    }
    let top = self.top
    let peak = statistics.maxProbability
    let topSquare = topProducts[top]
    // Without the largest: Σ p, Σ p² and Σ p² ‖k − k_top‖².
    weights[top] = 0
    var squares = 0.0
    var distances = 0.0
    for index in 0..<keyCount {
      let square = weights[index] * weights[index]
      squares += square
      distances += square * max(0, squaredLengths[index] - 2 * topProducts[index] + topSquare)
    }
    var shift = 0.0  // ‖k̄ − k_top‖²
    var along = 0.0  // (k̄ − k_top) · Σ p² (k − k_top)
    for panel in 0..<(headDimension + 7) / 8 {
      let column = keys + panel * keyCount
      var first = SIMD8<Double>()
      var second = SIMD8<Double>()
      for index in 0..<keyCount {
        let weight = weights[index]
        let vector = column[index]
        first += vector * weight
        second += vector * (weight * weight)
      }
      let mean = first - column[top] * statistics.remainder
      let tilt = second - column[top] * squares
      shift += Self.dot(mean, mean)
      along += Self.dot(mean, tilt)
    }
    weights[top] = peak
    return max(0, (peak * peak + squares) * shift + distances - 2 * along).squareRoot()
  }

  /// The length of `J s`, s being the scores: what ``weightedKeyNorm(_:keys:squaredLengths:)`` has along a query of length 1.
  ///
  /// Scores are measured from the largest, as keys are there.
  func weightedScoreNorm(_ statistics: RowStatistics) -> Double {
    if !hasOuterProduct {
      return (0..<keyCount).reduce(0) { $0 + weights[$1] * weights[$1] * scores[$1] * scores[$1] }
        .squareRoot()
    }
    var mean = 0.0
    for index in 0..<keyCount where index != top { mean += weights[index] * (scores[index] - scores[top]) }
    var square = weights[top] * mean * weights[top] * mean
    for index in 0..<keyCount where index != top {
      let pull = weights[index] * (scores[index] - scores[top] - mean)
      square += pull * pull
    }
    return square.squareRoot()
  }

  private static func dot(_ left: SIMD8<Double>, _ right: SIMD8<Double>) -> Double {
    let eight = left * right
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }
}
