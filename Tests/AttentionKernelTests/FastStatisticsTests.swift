import Foundation
import Testing

@testable import AttentionKernel

private let scales: [Scale] = [
  .none, .rootHeadDimension, .rootHeadDimension(times: 2), .rootHeadDimension(times: 3),
]

/// Ensembles whose sizes are multiples of nothing.
private let oddSizes: [(d: Int, keys: Int, queries: Int, trials: Int)] = [
  (1, 1, 1, 1), (3, 2, 5, 2), (5, 3, 17, 1), (7, 15, 33, 3), (16, 16, 31, 1), (17, 31, 47, 5),
  (64, 33, 97, 2),
  (31, 127, 300, 1), (13, 130, 65, 7), (64, 257, 40, 1), (257, 100, 70, 3), (2, 1021, 16, 1),
]

private func ensemble(
  _ size: (d: Int, keys: Int, queries: Int, trials: Int), precision: Precision = .fast, ranks: Bool = false,
  curves: Bool = false
) throws -> SoftmaxEnsemble {
  try SoftmaxEnsemble(
    headDimension: size.d, keys: size.keys, queries: size.queries, trials: size.trials, scales: scales,
    seed: 3,
    topCounts: ranks ? [1, size.keys, (size.keys + 1) / 2] : [], masses: ranks ? [0.5, 0.9, 0.99] : [],
    includesCurves: curves, precision: precision)
}

@Suite struct `Row statistics in binary32` {
  /// Whether two values of a measure agree, given that the scores have errors of about 2⁻²⁴ of their size.
  private func agree(_ measure: RowMeasure, _ fast: Double, _ exact: Double, logitError: Double) -> Bool {
    let difference = (fast - exact).magnitude
    return switch measure {
    case .largestLogit, .smallestLogit, .logSumExp: difference <= logitError + 4e-6 * min(1, exact.magnitude)
    // Relative to what is left beside the largest weight, also in saturated rows.
    default: difference <= (8 * logitError + 4e-6) * exact.magnitude
    }
  }

  @Test(arguments: oddSizes.indices)
  func `every row's measures agree with binary64, saturated rows included`(index: Int) throws {
    let size = oddSizes[index]
    let fast = try ensemble(size).rowMeasures()
    let exact = try ensemble(size, precision: .reference).rowMeasures()
    for (place, scale) in scales.enumerated() {
      let divisor = try scale.divisor(headDimension: size.d)
      let scoreError = 6 * Double(size.d).squareRoot() * Double(size.d).squareRoot().squareRoot() * 0x1p-24
      for measure in RowMeasure.allCases {
        for (row, (left, right)) in zip(fast(measure, scale: place), exact(measure, scale: place))
          .enumerated()
        {
          #expect(
            agree(measure, left, right, logitError: 4 * scoreError / divisor),
            "\(measure) of row \(row) at scale \(place): \(left), not \(right)")
        }
      }
    }
  }

  @Test func `rows that are nearly one key keep their relative accuracy down to what binary64 can hold`()
    throws
  {
    // Standard deviation 100 without scaling: many rows lie beyond the range of binary32 exponentials.
    let size = (d: 10_000, keys: 40, queries: 64, trials: 2)
    let fast = try ensemble(size).rowMeasures()
    let exact = try ensemble(size, precision: .reference).rowMeasures()
    for measure in [RowMeasure.entropy, .remainder, .jacobianFrobeniusNorm, .jacobianTrace] {
      let pairs = zip(fast(measure, scale: 0), exact(measure, scale: 0))
      #expect(pairs.allSatisfy { ($0 / $1 - 1).magnitude < 2e-3 }, "\(measure)")
    }
    #expect(exact(.remainder, scale: 0).contains { $0 < 1e-40 && $0 > 0 })
  }

  @Test(arguments: InstructionSet.supported)
  func `given logits are described as well as 700-digit references allow`(set: InstructionSet) throws {
    for row in MathReferences.rows {
      let scores = row.logits.map(Float.init)
      for isSorted in [false, true] {
        let values = set.rowStatistics(scores, sorted: isSorted)
        func agree(_ measure: RowMeasure, _ reference: Double) -> Bool {
          // A gap x rounds by x · 2⁻²⁴, its factor by as much; gaps beyond 800 leave nothing.
          (values[measure.rawValue] - reference).magnitude <= 2.5e-5 * reference.magnitude
        }
        #expect(agree(.entropy, row.entropy), "\(row.logits)")
        #expect(agree(.remainder, row.remainder), "\(row.logits)")
        #expect(agree(.jacobianFrobeniusNorm, row.norm), "\(row.logits)")
        #expect(agree(.jacobianTrace, row.trace), "\(row.logits)")
        #expect(agree(.logSumExp, row.logSumExp), "\(row.logits)")
      }
    }
  }

  @Test func `an instruction set changes no bit, nor do threads`() throws {
    for size in oddSizes {
      let wanted = try ensemble(size, ranks: true, curves: true)
      let rows = try ensemble(size).rowMeasures()
      // The deviation of a single score is not a number, which equals nothing.
      let isSingle = size.keys * size.queries == 1
      let summary = try wanted.run()
      for set in InstructionSet.supported {
        #expect(try ensemble(size).rowMeasures(RunConditions(instructionSet: set)) == rows, "\(size) \(set)")
        #expect(
          try isSingle || wanted.run(RunConditions(instructionSet: set)) == summary, "\(size) \(set)")
      }
      for threads in [2, 4] {
        #expect(try ensemble(size).rowMeasures(RunConditions(threads: threads)) == rows)
        #expect(try isSingle || wanted.run(RunConditions(threads: threads)) == summary)
      }
    }
  }

  @Test func `rows beside a row and keys of other trials change no bit of it`() throws {
    let many = try ensemble((d: 24, keys: 50, queries: 70, trials: 1)).rowMeasures()
    for queries in [1, 2, 15, 16, 17, 31, 33, 69] {
      let few = try ensemble((d: 24, keys: 50, queries: queries, trials: 1)).rowMeasures()
      for scale in scales.indices {
        for measure in RowMeasure.allCases {
          #expect(few(measure, scale: scale) == Array(many(measure, scale: scale).prefix(queries)))
        }
      }
    }
  }

  @Test(arguments: [(64, 512, 64, 16), (8, 21, 300, 3), (5, 200, 40, 1), (16, 1, 9, 1)])
  func `means, masses and curves agree with the reference`(d: Int, keys: Int, queries: Int, trials: Int)
    throws
  {
    let size = (d: d, keys: keys, queries: queries, trials: trials)
    let fast = try ensemble(size, ranks: true, curves: true).run()
    let exact = try ensemble(size, precision: .reference, ranks: true, curves: true).run()
    func agree(_ left: Estimate, _ right: Estimate, _ tolerance: Double = 2e-6) -> Bool {
      let errors = ((left.standardError ?? 0) - (right.standardError ?? 0)).magnitude
      return (left.value - right.value).magnitude <= tolerance * max(1, right.value.magnitude)
        && errors <= 10 * tolerance * max(1, right.standardError ?? 0)
        && (left.standardError == nil) == (right.standardError == nil) && left.samples == right.samples
    }
    #expect(agree(fast.scoreMean, exact.scoreMean))
    if keys * queries > 1 { #expect(agree(fast.scoreStandardDeviation, exact.scoreStandardDeviation)) }
    for (left, right) in zip(fast.scales, exact.scales) {
      #expect(agree(left.entropy, right.entropy))
      #expect(agree(left.effectiveKeys, right.effectiveKeys, 1e-5))
      #expect(agree(left.maxProbability, right.maxProbability))
      #expect(agree(left.remainder, right.remainder))
      #expect(agree(left.jacobianFrobeniusNorm, right.jacobianFrobeniusNorm))
      #expect(agree(left.jacobianTrace, right.jacobianTrace))
      #expect(agree(left.rowLargestLogit, right.rowLargestLogit, 1e-5))
      #expect(agree(left.trialSmallestLogit, right.trialSmallestLogit, 1e-5))
      for (top, other) in zip(left.topMasses, right.topMasses) { #expect(agree(top.mass, other.mass)) }
      // A key more or less where a sum lands on the share itself: at most one row in a hundred.
      for (mass, other) in zip(left.massKeys, right.massKeys) { #expect(agree(mass.keys, other.keys, 0.01)) }
      let curves = try #require(left.curves)
      let others = try #require(right.curves)
      #expect(curves.rows == others.rows)
      #expect(zip(curves.meanMass, others.meanMass).allSatisfy { ($0 - $1).magnitude < 3e-6 })
      for (curve, other) in zip(curves.quantiles, others.quantiles) {
        #expect(curve.count == keys)
        #expect(zip(curve, other).allSatisfy { ($0 - $1).magnitude <= 1e-5 * $1 + 1e-30 })
      }
    }
  }

  @Test func `rows longer than the sorting network takes are sorted too`() throws {
    let keys = (1 << 17) + 3
    let fast = try SoftmaxEnsemble(
      headDimension: 1, keys: keys, queries: 2, trials: 1, scales: [.rootHeadDimension], seed: 1,
      topCounts: [3],
      masses: [0.5]
    ).run().scales[0]
    let plain = try SoftmaxEnsemble(
      headDimension: 1, keys: keys, queries: 2, trials: 1, scales: [.rootHeadDimension], seed: 1,
      precision: .reference
    ).run().scales[0]
    #expect((fast.entropy.value / plain.entropy.value - 1).magnitude < 1e-6)
    #expect(fast.massKeys[0].keys.value > 1000)
  }

  @Test func `entropy rises with the scale in every row`() throws {
    let measures = try SoftmaxEnsemble(
      headDimension: 32, keys: 100, queries: 200,
      scales: [0.3, 0.5, 1, 1.5, 2, 5].map { .rootHeadDimension(times: $0) },
      seed: 9
    ).rowMeasures()
    for scale in 1..<6 {
      #expect(
        zip(measures(.entropy, scale: scale - 1), measures(.entropy, scale: scale)).allSatisfy { $0 < $1 })
    }
  }

  @Test
  func `Stein's identity holds for the sampled rows: the mean pull of the logits is σ² times the trace`()
    throws
  {
    // Given the query, logits are normal with deviation σ = |q|/divisor, so that E Σ p z = σ² E tr J; and
    // Σ p z = log Σ exp z − H.
    let d = 64
    let ensemble = try SoftmaxEnsemble(
      headDimension: d, keys: 24, queries: 3000, trials: 3000, scales: [.rootHeadDimension], seed: 12)
    let measures = try ensemble.rowMeasures(RunConditions(threads: 2))
    let queries = StandardNormals(seed: 12, role: .queries)(count: 3000 * d)
    let entropy = measures(.entropy, scale: 0)
    let logSumExp = measures(.logSumExp, scale: 0)
    let trace = measures(.jacobianTrace, scale: 0)
    var differences = Moments()
    for row in 0..<3000 {
      let square = queries[row * d..<(row + 1) * d].reduce(0) { $0 + Double($1) * Double($1) }
      differences.add(logSumExp[row] - entropy[row] - square / Double(d) * trace[row])
    }
    let estimate = differences.meanEstimate
    let error = try #require(estimate.standardError)
    #expect(error > 0 && error < 0.05)
    #expect(estimate.value.magnitude < 4 * error)
  }

  @Test func `a divisor too small for binary32 scores is left to the reference`() throws {
    let tiny = [Scale.rootHeadDimension(times: 1e-3)]
    let fast = try SoftmaxEnsemble(headDimension: 4, keys: 9, queries: 20, scales: tiny, seed: 1).run()
    let exact = try SoftmaxEnsemble(
      headDimension: 4, keys: 9, queries: 20, scales: tiny, seed: 1, precision: .reference
    ).run()
    #expect(fast.scales[0].entropy == exact.scales[0].entropy)
  }

  @Test func `a long run stops soon after it is told to`() throws {
    let ensemble = try SoftmaxEnsemble(
      headDimension: 64, keys: 20_000, queries: 1_000_000, scales: scales, seed: 1, masses: [0.9])
    let cancellation = Cancellation()
    // A thread of its own: the run occupies all those that tasks would run on.
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 0.2)
      cancellation.cancel()
    }
    #expect(throws: KernelError.cancelled) {
      try ensemble.run(RunConditions(threads: 2, cancellation: cancellation))
    }
  }
}
