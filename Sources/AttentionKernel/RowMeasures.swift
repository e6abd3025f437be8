internal import CAttention

/// The measures of a row of attention weights, as in ``RowStatistics``.
///
/// The order is that of the kernels.
public enum RowMeasure: Int, CaseIterable, Sendable {
  /// ``RowStatistics/entropy``.
  case entropy
  /// ``RowStatistics/effectiveKeys``.
  case effectiveKeys
  /// ``RowStatistics/effectiveKeysShare``.
  case effectiveKeysShare
  /// ``RowStatistics/participationRatio``.
  case participationRatio
  /// ``RowStatistics/maxProbability``.
  case maxProbability
  /// ``RowStatistics/remainder``.
  case remainder
  /// ``RowStatistics/jacobianFrobeniusNorm``.
  case jacobianFrobeniusNorm
  /// ``RowStatistics/jacobianTrace``.
  case jacobianTrace
  /// ``RowStatistics/logSumExp``.
  case logSumExp
  /// ``RowStatistics/largestLogit``.
  case largestLogit
  /// ``RowStatistics/smallestLogit``.
  case smallestLogit

  /// Whether it lies in `0...1`.
  var isShare: Bool {
    switch self {
    case .effectiveKeysShare, .maxProbability, .remainder: true
    case .entropy, .effectiveKeys, .participationRatio, .jacobianFrobeniusNorm, .jacobianTrace, .logSumExp,
      .largestLogit, .smallestLogit:
      false
    }
  }

  func value(in statistics: RowStatistics) -> Double {
    switch self {
    case .entropy: statistics.entropy
    case .effectiveKeys: statistics.effectiveKeys
    case .effectiveKeysShare: statistics.effectiveKeysShare
    case .participationRatio: statistics.participationRatio
    case .maxProbability: statistics.maxProbability
    case .remainder: statistics.remainder
    case .jacobianFrobeniusNorm: statistics.jacobianFrobeniusNorm
    case .jacobianTrace: statistics.jacobianTrace
    case .logSumExp: statistics.logSumExp
    case .largestLogit: statistics.largestLogit
    case .smallestLogit: statistics.smallestLogit
    }
  }
}

/// The measures of every row of a ``SoftmaxEnsemble``.
public struct RowMeasures: Hashable, Sendable {
  /// The number of rows of all trials together.
  public let rows: Int

  /// The scales, in the order of the ensemble.
  public let scales: [Scale]

  /// Shape `[scales, places, rows]`, the measures before other places.
  private let values: [Double]

  init(rows: Int, scales: [Scale], values: [Double]) {
    self.rows = rows
    self.scales = scales
    self.values = values
  }

  /// Returns a measure at the scale of an index, shape `[rows]`.
  public func callAsFunction(_ measure: RowMeasure, scale index: Int) -> [Double] {
    let first = (index * RowMeasure.allCases.count + measure.rawValue) * rows
    return Array(values[first..<first + rows])
  }
}

extension SoftmaxEnsemble {
  /// Draws the rows and returns the measures of each, not their means only.
  ///
  /// Masses and curves are left out, so that weights need no ranking.
  ///
  /// - Parameter conditions: As for ``run(_:)``.
  /// - Throws: As ``run(_:)``, and ``KernelError/sizeTooLarge(name:maximum:)`` for more than 2²⁶ rows at all scales.
  public func rowMeasures(_ conditions: RunConditions = RunConditions()) throws(KernelError) -> RowMeasures {
    let limit = (1 << 26) / max(1, scales.count)
    guard queries <= limit else { throw .sizeTooLarge(name: "queries", maximum: limit) }
    let plain = try SoftmaxEnsemble(
      headDimension: headDimension, keys: keys, queries: queries, trials: trials, scales: scales,
      normalization: normalization, seed: seed, precision: precision)
    let plan = try SoftmaxPlan(plain, fault: conditions.fault)
    let tiling = plain.tiling()
    let results = AlignedDoubles(uninitialized: plan.measureCount * queries)
    nonisolated(unsafe) let target = results.base
    if plan.isFast {
      try Parallel.fold(
        count: tiling.tileCount, under: conditions, into: (),
        workerState: { FastSoftmaxWorker(plan, under: conditions) },
        body: { (worker, tile) throws(KernelError) in
          try worker.write(tiling.tile(tile), to: target, rows: queries)
        }, merge: { (_: inout Void, _: Void) in })
    } else {
      try Parallel.fold(
        count: tiling.tileCount, under: conditions, into: (), workerState: { SoftmaxWorker(plan) },
        body: { (worker, tile) throws(KernelError) in
          try worker.write(
            tiling.tile(tile), to: target, rows: queries, cancellation: conditions.cancellation)
        }, merge: { (_: inout Void, _: Void) in })
    }
    return RowMeasures(
      rows: queries, scales: scales,
      values: Array(UnsafeBufferPointer(start: results.base, count: plan.measureCount * queries)))
  }
}

extension InstructionSet {
  /// Returns the measures of one row of scores divided by 1, in the order of ``RowMeasure``.
  func rowStatistics(_ scores: [Float], sorted: Bool) -> [Double] {
    precondition(isSupported && !scores.isEmpty)
    let lanes = 16
    let block = AlignedFloats(count: lanes * scores.count)
    for index in 0..<lanes * scores.count { block.base[index] = scores[index / lanes] }
    let smallest = AlignedFloats(count: lanes)
    attention_move_largest_first(kernels, block.base, scores.count, smallest.base)
    if sorted { attention_sort_columns(kernels, block.base, scores.count) }
    let measures = AlignedDoubles(count: lanes * RowMeasure.allCases.count)
    attention_row_statistics(kernels, block.base, scores.count, smallest.base, 1, nil, measures.base, lanes)
    return RowMeasure.allCases.map { measures.base[lanes * $0.rawValue] }
  }
}
