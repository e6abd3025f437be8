internal import CAttention

extension SoftmaxPlan {
  /// Makes the curves of one scale from rows of ranked scores, shape `[rows, keys]`; `nil` if none are wanted.
  func curves(
    of rankedScores: [Double], dividingBy divisor: Double, under conditions: RunConditions
  ) throws(KernelError) -> WeightCurves? {
    guard ensemble.includesCurves else { return nil }
    guard isFast else {
      return WeightCurves(rankedScores: rankedScores, keys: ensemble.keys, divisor: divisor)
    }
    return try WeightCurves(
      fastFrom: rankedScores, keys: ensemble.keys, divisor: divisor, under: conditions)
  }
}

extension WeightCurves {
  /// What sixteen neighboring ranks contribute.
  private struct Ranks: Sendable {
    /// For each probability one quantile per rank.
    var quantiles: [[Double]]

    /// The mean weight of each rank.
    var means: [Double]
  }

  /// Makes the curves in binary32 of rows of ranked scores that are binary32 numbers, shape `[rows, keys]`.
  ///
  /// Weights are those of ``SoftmaxRows``; their means are sums in binary64, divided so that the mass of all is 1.
  init(
    fastFrom rankedScores: [Double], keys: Int, divisor: Double, under conditions: RunConditions
  ) throws(KernelError) {
    let rows = rankedScores.count / keys
    var conditions = conditions
    conditions.progress = nil
    let weights = AlignedFloats(count: rankedScores.count)
    for (index, score) in rankedScores.enumerated() { weights.base[index] = Float(score) }
    try SoftmaxRows(rows: rows, keys: keys, dividingBy: divisor).forward(
      inPlace: UnsafeMutableBufferPointer(start: weights.base, count: weights.count), under: conditions)

    nonisolated(unsafe) let matrix = UnsafePointer(weights.base)
    let set = conditions.instructionSet.kernels
    let parts = try Parallel.fold(
      count: (keys + 15) / 16, under: conditions, into: [Ranks](),
      workerState: { AlignedFloats(count: 16 * rows) },
      body: { (block, number) throws(KernelError) in
        Self.ranks(
          matrix + 16 * number, count: min(16, keys - 16 * number), rows: rows, stride: keys, block, set)
      },
      merge: { (parts: inout [Ranks], part) in parts.append(part) })
    withExtendedLifetime(weights) {}

    var mass = 0.0
    var meanMass = parts.flatMap(\.means).map { mean in
      mass += mean
      return mass
    }
    for index in meanMass.indices { meanMass[index] /= mass }
    self.init(
      rows: rows,
      quantiles: Self.probabilities.indices.map { index in parts.flatMap { $0.quantiles[index] } },
      meanMass: meanMass)
  }

  /// Sorts the weights of up to 16 ranks over the rows, side by side in `block`.
  private static func ranks(
    _ weights: UnsafePointer<Float>, count: Int, rows: Int, stride: Int, _ block: AlignedFloats,
    _ set: attention_set
  ) -> Ranks {
    var sums = SIMD16<Double>()
    for row in 0..<rows {
      for lane in 0..<count { block.base[16 &* row &+ lane] = weights[row &* stride &+ lane] }
      sums += SIMD16<Double>(UnsafeRawPointer(block.base + 16 &* row).loadUnaligned(as: SIMD16<Float>.self))
    }
    attention_sort_columns(set, block.base, rows)
    return Ranks(
      quantiles: probabilities.map { probability in
        (0..<count).map { lane in
          quantile(probability, count: rows) { Double(block.base[16 * $0 + lane]) }
        }
      },
      means: (0..<count).map { sums[$0] / Double(rows) })
  }
}
