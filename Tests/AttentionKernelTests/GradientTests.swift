import Testing

@testable import AttentionKernel

/// The dense Jacobian and what can be read off it, written down plainly.
private struct DenseJacobian {
  let weights: [Double]
  let entries: [[Double]]

  init(logits: [Double]) throws {
    let p = try softmax(logits)
    weights = p
    entries = p.indices.map { i in p.indices.map { j in (i == j ? p[i] : 0) - p[i] * p[j] } }
  }

  func product(_ vector: [Double]) -> [Double] {
    entries.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// Power iteration on J, which is positive semidefinite.
  var spectralNorm: Double {
    var vector = weights.indices.map { 1 + 0.37 * Double($0 % 7) }
    var length = 0.0
    for _ in 0..<4000 {
      vector = product(vector)
      length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { return 0 }
      vector = vector.map { $0 / length }
    }
    return length
  }
}

private func spectralNorm(_ logits: [Double]) -> Double {
  let workspace = GradientWorkspace(keyCount: logits.count, headDimension: 1)
  for (index, logit) in logits.enumerated() { workspace.row.scores[index] = logit }
  workspace.prepare()
  return workspace.spectralNorm(workspace.statistics(dividingBy: 1))
}

private func normals(_ count: Int, seed: UInt64, times factor: Double = 1) -> [Double] {
  StandardNormals(seed: seed, role: .logits)(count: count).map { Double($0) * factor }
}

@Suite struct `The spectral norm of the softmax Jacobian` {
  @Test(arguments: [2, 3, 5, 16, 40], [0.1, 1, 3, 8]) func `is the largest eigenvalue`(
    count: Int, spread: Double
  ) throws {
    for seed in 0..<6 as Range<UInt64> {
      let logits = normals(count, seed: seed, times: spread)
      let expected = try DenseJacobian(logits: logits).spectralNorm
      // The dense J cancels next to saturation: 10⁻¹⁶ is what it can tell.
      #expect((spectralNorm(logits) - expected).magnitude < 1e-9 * expected + 1e-15, "\(logits)")
    }
  }

  @Test func `is 2p(1 − p) for two keys, however small that is`() throws {
    for gap in [0, 0.3, 1, 5, 40, 300, 600] {
      let row = try RowStatistics(logits: [gap, 0])
      #expect((spectralNorm([gap, 0]) / (2 * row.maxProbability * row.remainder) - 1).magnitude < 1e-14)
    }
  }

  @Test func `is 1/n for n equal keys, the weight of tied largest keys, and 0 for one key`() throws {
    #expect((spectralNorm([Double](repeating: 3, count: 7)) - 1.0 / 7).magnitude < 1e-15)
    let tied = [2.0, 2, 1, 0]
    #expect((spectralNorm(tied) - (try softmax(tied))[0]).magnitude < 1e-15)
    #expect(spectralNorm([5]) == 0)
    #expect(spectralNorm([900, 0]) == 0)
  }

  @Test func `solves its secular equation to the last digits, also next to saturation`() throws {
    // Values by mpmath at 50 digits: the root of Σ p²/(p − λ) = 1 between the two largest weights.
    let cases: [([Double], Double)] = [
      ([0, 1, 2], 0.370_903_641_984_458_30),
      ([20, 0, 1], 1.257_225_487_283_059e-8),
      ([50, 10, 9, 8], 9.905_060_538_988_909e-18),
      ([3, 3 - 0x1p-30, 0], 0.487_855_551_154_850_56),
    ]
    for (logits, expected) in cases {
      #expect((spectralNorm(logits) / expected - 1).magnitude < 1e-13, "\(logits)")
    }
  }

  @Test func `lies between the second largest weight and ½, below the Frobenius norm`() throws {
    for seed in 0..<300 as Range<UInt64> {
      let logits = normals(Int(seed % 11) + 2, seed: seed, times: Double(seed % 5) + 0.5)
      let row = try RowStatistics(logits: logits)
      let norm = spectralNorm(logits)
      let ranked = try softmax(logits).sorted(by: >)
      #expect(norm >= ranked[1] * (1 - 1e-15) && norm <= 0.5 * (1 + 1e-15))
      #expect(norm <= row.jacobianFrobeniusNorm * (1 + 1e-14))
      #expect(norm >= row.maxProbability * row.remainder * (1 - 1e-14))
    }
  }
}

@Suite struct `Entries of the softmax Jacobian` {
  private let logits = [1.5, 0.2, -0.3, 2.75, 1.25, -2, 0.9]

  private func prepared() -> (GradientWorkspace, RowStatistics) {
    let workspace = GradientWorkspace(keyCount: logits.count, headDimension: 1)
    for (index, logit) in logits.enumerated() { workspace.row.scores[index] = logit }
    workspace.prepare()
    return (workspace, workspace.statistics(dividingBy: 1))
  }

  @Test(arguments: [0, 1e-4, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3])
  func `above a bound are counted without looking at all pairs`(bound: Double) throws {
    let dense = try DenseJacobian(logits: logits)
    let (workspace, row) = prepared()
    var diagonal = 0
    var others = 0
    for i in logits.indices {
      for j in logits.indices where dense.entries[i][j].magnitude >= bound {
        if i == j { diagonal += 1 } else { others += 1 }
      }
    }
    #expect(workspace.diagonalEntries(atLeast: bound, row) == diagonal)
    #expect(workspace.otherEntries(atLeast: bound, row) == others)
  }

  @Test func `have their largest on the diagonal of the largest weight`() throws {
    for seed in 0..<100 as Range<UInt64> {
      let logits = normals(9, seed: seed, times: 3)
      let dense = try DenseJacobian(logits: logits)
      let row = try RowStatistics(logits: logits)
      let largest = dense.entries.flatMap { $0 }.map(\.magnitude).max() ?? 0
      #expect((largest - row.maxProbability * row.remainder).magnitude < 1e-15)
      #expect(largest <= 0.25)
      // A row of J, taken as magnitudes, sums to 2p(1 − p).
      for (index, entries) in dense.entries.enumerated() {
        let sum = entries.reduce(0) { $0 + $1.magnitude }
        let weight = dense.weights[index]
        #expect((sum - 2 * weight * (1 - weight)).magnitude < 1e-15 && sum <= 0.5 + 1e-15)
      }
    }
  }

  @Test func `off the diagonal come in all pairs when the shift goes through all of them`() throws {
    let (workspace, row) = prepared()
    var histograms = GradientHistograms()
    for shift in 1..<logits.count { workspace.count(row, shift: shift, into: &histograms) }
    let dense = try DenseJacobian(logits: logits)
    var expected = LogarithmicHistogram()
    for i in logits.indices { for j in logits.indices where i != j { expected.add(-dense.entries[i][j]) } }
    #expect(histograms.others.total == 42)
    for probability in [0.05, 0.5, 0.95] {
      let ratio = histograms.others.quantile(probability) / expected.quantile(probability)
      #expect((ratio - 1).magnitude < 0.002)
    }
  }
}

@Suite struct `The derivative of the weights by the query` {
  /// ∂p/∂q by central differences, from nothing but the softmax.
  private func byDifferences(_ query: [Double], _ keys: [[Double]], divisor: Double) throws -> Double {
    func weights(_ query: [Double]) throws -> [Double] {
      try softmax(keys.map { key in zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / divisor })
    }
    let step = 1e-5
    var sum = 0.0
    for component in query.indices {
      var (above, below) = (query, query)
      above[component] += step
      below[component] -= step
      for (a, b) in zip(try weights(above), try weights(below)) {
        sum += (a - b) / (2 * step) * (a - b) / (2 * step)
      }
    }
    return sum.squareRoot()
  }

  @Test(arguments: [1, 3, 8, 13], [1, 2, 6, 9]) func `is what finite differences give`(d: Int, n: Int) throws
  {
    for scale in [Scale.none, .rootHeadDimension, .rootHeadDimension(times: 2)] {
      let ensemble = try GradientEnsemble(
        headDimension: d, keys: n, queries: 1, trials: 1, scales: [scale], seed: 4)
      let query = StandardNormals(seed: 4, role: .queries)(count: d).map(Double.init)
      let flat = StandardNormals(seed: 4, role: .keys)(count: n * d).map(Double.init)
      let keys = (0..<n).map { Array(flat[$0 * d..<($0 + 1) * d]) }
      let divisor = try scale.divisor(headDimension: d)
      let expected = try byDifferences(query, keys, divisor: divisor)
      let norm = try ensemble.run().scales[0].queryGradient.mean.value
      #expect((norm - expected).magnitude < 1e-8 + 1e-6 * expected, "\(scale)")
    }
  }

  @Test func `has the mean square that theory gives: [(d − 1) E‖J‖² + E‖J k‖²]/(c² d), k along q`() throws {
    // Given q, the logits know nothing of the keys' other d − 1 components.
    let (d, n, rows) = (12, 24, 6000)
    let ensemble = try GradientEnsemble(
      headDimension: d, keys: n, queries: rows, trials: 300, scales: [.rootHeadDimension], seed: 9)
    let measured = try ensemble.run(RunConditions(threads: 2)).scales[0].queryGradientRootMeanSquare
    var squares = Moments()
    for row in 0..<2000 {
      let query = StandardNormals(seed: 5, role: .queries)(count: d, startingAt: UInt64(row * d)).map(
        Double.init)
      let length = query.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let along = StandardNormals(seed: 6, role: .keys)(count: n, startingAt: UInt64(row * n)).map(
        Double.init)
      let root = Double(d).squareRoot()
      let dense = try DenseJacobian(logits: along.map { $0 * length / root })
      let norm = dense.entries.flatMap { $0 }.reduce(0) { $0 + $1 * $1 }
      let pull = dense.product(along).reduce(0) { $0 + $1 * $1 }
      squares.add((Double(d - 1) * norm + pull) / Double(d))
    }
    let expected = squares.mean.squareRoot()
    let error = squares.meanEstimate.standardError ?? 0
    #expect(
      (measured.value - expected).magnitude < 4 * (error / (2 * expected) + (measured.standardError ?? 0)))
  }

  @Test func `does not cancel when nearly all weight is on one key`() throws {
    // Two keys a and b with p next to 1: ∂p/∂q is p(1 − p)(a − b)/divisor in one row, its negative in the other.
    let ensemble = try GradientEnsemble(
      headDimension: 2, keys: 2, queries: 64, trials: 64, scales: [.constant(0.02)], seed: 3)
    let norm = try ensemble.run().scales[0].queryGradient.mean.value
    var expected = 0.0
    for trial in 0..<64 {
      let q = StandardNormals(seed: 3, role: .queries)(count: 2, startingAt: UInt64(2 * trial)).map(
        Double.init)
      let k = StandardNormals(seed: 3, role: .keys)(count: 4, startingAt: UInt64(4 * trial)).map(Double.init)
      let logits = [q[0] * k[0] + q[1] * k[1], q[0] * k[2] + q[1] * k[3]].map { $0 / 0.02 }
      let row = try RowStatistics(logits: logits)
      let distance = ((k[0] - k[2]) * (k[0] - k[2]) + (k[1] - k[3]) * (k[1] - k[3])).squareRoot()
      expected += row.maxProbability * row.remainder * distance * 2.0.squareRoot() / 0.02 / 64
    }
    #expect((norm / expected - 1).magnitude < 1e-9)
  }
}

@Suite struct `An ensemble of gradients` {
  private func run(
    d: Int = 64, n: Int, queries: Int, trials: Int = 64, scales: [Scale], seed: UInt64 = 1
  ) throws -> GradientSummary {
    try GradientEnsemble(
      headDimension: d, keys: n, queries: queries, trials: trials, scales: scales, seed: seed,
      edges: [0.01, 0.1, 0.5], quantiles: [0.5], masses: [0.99]
    ).run(RunConditions(threads: 2))
  }

  @Test func `agrees with the rows' own ensemble on what both measure`() throws {
    let scales: [Scale] = [.none, .rootHeadDimension(times: 2)]
    let gradients = try run(n: 33, queries: 100, trials: 3, scales: scales)
    let rows = try SoftmaxEnsemble(
      headDimension: 64, keys: 33, queries: 100, trials: 3, scales: scales, seed: 1, masses: [0.99],
      precision: .reference
    ).run()
    for (left, right) in zip(gradients.scales, rows.scales) {
      #expect((left.trace.mean.value / right.jacobianTrace.value - 1).magnitude < 1e-12)
      #expect((left.frobeniusNorm.mean.value / right.jacobianFrobeniusNorm.value - 1).magnitude < 1e-12)
      #expect(left.massKeys[0].keys.value == right.massKeys[0].keys.value)
    }
  }

  @Test func `approaches e^(σ²/2)/√n in the Frobenius norm, 2e^(3/8) in the ratio of query gradients`() throws
  {
    let summary = try run(
      n: 2048, queries: 192, trials: 24, scales: [.rootHeadDimension, .rootHeadDimension(times: 2)])
    let root = 2048.0.squareRoot()
    // 1/d corrections remain; so do those of a finite n at σ = 1.
    #expect((summary.scales[1].frobeniusNorm.mean.value * root - 1.133).magnitude < 0.01)
    #expect((summary.scales[0].frobeniusNorm.mean.value * root - 1.649).magnitude < 0.06)
    #expect((1 / summary.scales[1].queryGradient.ratio.value - 2.91).magnitude < 0.08)
  }

  @Test func `at d = 64 and 512 keys has the values of an independent program`() throws {
    // facts: NumPy, other random numbers; mean and median of ‖∂p/∂q‖, E‖J‖, tr J, keys of 99 %.
    let summary = try run(n: 512, queries: 512, scales: [.none, .rootHeadDimension])
    let (none, root) = (summary.scales[0], summary.scales[1])
    func near(_ estimate: Estimate, _ value: Double, _ slack: Double) -> Bool {
      (estimate.value - value).magnitude < slack + 4 * (estimate.standardError ?? 0)
    }
    #expect(near(none.queryGradient.mean, 1.94, 0.005) && near(root.queryGradient.mean, 0.072, 0.0005))
    #expect(near(none.distribution(of: .queryGradients).quantiles[0], 2.27, 0.005))
    #expect(near(none.frobeniusNorm.mean, 0.242, 0.0005) && near(root.frobeniusNorm.mean, 0.071, 0.0005))
    #expect(near(none.trace.mean, 0.377, 0.0005) && near(root.trace.mean, 0.995, 0.0005))
    #expect(near(root.distribution(of: .diagonalEntries).quantiles[0], 0.0012, 0.00005))
    #expect(near(none.massKeys[0].keys, 7, 0.5) && near(root.massKeys[0].keys, 465, 0.5))
  }

  @Test func `has no entry beyond ¼, so that an interval to ½ may as well end there`() throws {
    let summary = try run(d: 16, n: 3, queries: 2000, scales: [.rootHeadDimension])
    #expect(summary.scales[0].trialLargestEntry.value <= 0.25)
    #expect(summary.scales[0].spectralNorm.mean.value <= 0.5)
    #expect(summary.scales[0].distribution(of: .diagonalEntries).histogram.quantile(1) <= 0.2515)
  }

  @Test func `with one key has no derivative at all`() throws {
    let summary = try run(n: 1, queries: 64, scales: [.none])
    let scale = summary.scales[0]
    #expect(scale.trace.mean.value == 0 && scale.queryGradient.mean.value == 0)
    #expect(scale.queryGradient.ratio.value == 1)
    #expect(scale.distribution(of: .allEntries).quantiles[0].value == 0)
  }

  @Test func `does not depend on the threads or the instruction set`() throws {
    let ensemble = try GradientEnsemble(
      headDimension: 5, keys: 9, queries: 700, trials: 3, scales: [.none, .rootHeadDimension], seed: 5,
      edges: [0, 0.1], quantiles: [0.5], masses: [0.9])
    let one = try ensemble.run(RunConditions(threads: 1, instructionSet: .baseline))
    #expect(try ensemble.run(RunConditions(threads: 3)) == one)
  }
}

@Suite struct `A logarithmic histogram` {
  @Test func `finds quantiles within a bin's width, whatever the order and the split`() {
    let values: [Double] = (1...5000).map { index in
      let root = Double(index * 7919 % 5000)
      return root * root * 1e-9
    }
    var whole = LogarithmicHistogram()
    for value in values { whole.add(value) }
    var parts = LogarithmicHistogram()
    for start in stride(from: 0, to: 5000, by: 500) {
      var part = LogarithmicHistogram()
      for value in values[start..<start + 500].reversed() { part.add(value) }
      parts.merge(part)
    }
    let sorted = values.sorted()
    for probability in [0.01, 0.25, 0.5, 0.9, 0.999] {
      let exact = sorted[Int(probability * 5000) - 1]
      #expect((whole.quantile(probability) / exact - 1).magnitude < 1 / 64)
      #expect(whole.quantile(probability) == parts.quantile(probability))
    }
  }

  @Test func `counts zeros, keeps weights and sums its shares to one`() {
    var histogram = LogarithmicHistogram()
    histogram.add(0, times: 3)
    histogram.add(1.5)
    histogram.add(1e-300)
    #expect(histogram.quantile(0.5) == 0)
    #expect((histogram.quantile(1) / 1.5 - 1).magnitude < 1 / 64)
    var heavier = LogarithmicHistogram()
    heavier.merge(histogram, times: 10)
    #expect(heavier.total == 50)
    let (edges, shares) = histogram.shares(every: 64, from: 1)
    #expect(edges == [1, 2] && shares == [0.2])
    #expect(LogarithmicHistogram().quantile(0.5) == 0)
  }
}

@Suite struct `Errors of quantiles` {
  /// The standard deviation over repetitions, in units of the errors reported: 1 is right.
  private func ratio(_ estimates: [Estimate]) throws -> Double {
    let squares = try estimates.map { estimate in
      let error = try #require(estimate.standardError)
      return error * error
    }
    let reported = (squares.reduce(0, +) / Double(squares.count)).squareRoot()
    return try #require(Moments(estimates.map(\.value)).standardDeviation) / reported
  }

  // The mean of the trials' own quantiles errs by 0.4 to 0.9 times as much as the quantile of all at its ends.
  @Test(arguments: [(0.5, 0.3, 64), (0.1, 0.02, 32)])
  func `are right where trials lie at different places`(between: Double, within: Double, count: Int) throws {
    let trials = 16
    let probabilities = [0.05, 0.5, 0.95]
    let normals = StandardNormals(seed: 11, role: .logits)
    var numbers = [Float](repeating: 0, count: trials * (count + 1))
    var estimates = probabilities.map { _ in [Estimate]() }
    for repetition in 0..<300 {
      numbers.withUnsafeMutableBufferPointer {
        normals.fill($0, startingAt: UInt64(repetition * trials * (count + 1)))
      }
      var all = LogarithmicHistogram()
      var spread = CumulativeSpread()
      for trial in 0..<trials {
        let own = numbers[trial * (count + 1)..<(trial + 1) * (count + 1)].map(Double.init)
        var histogram = LogarithmicHistogram()
        for number in own.dropFirst() {
          histogram.add(ReferenceMath.exponential(between * own[0] + within * number))
        }
        all.merge(histogram)
        spread.add(histogram)
      }
      for (index, probability) in probabilities.enumerated() {
        estimates[index].append(spread.quantileEstimate(probability, of: all, samples: trials * count))
      }
    }
    for estimates in estimates { #expect((0.5...1.4).contains(try ratio(estimates))) }
  }

  @Test func `of the gradients to the query are right at every scale`() throws {
    let scales: [Scale] = [.rootHeadDimension, .rootHeadDimension(times: 3)]
    var estimates = [[Estimate]](repeating: [], count: 6)
    for seed in 0..<60 {
      let summary = try GradientEnsemble(
        headDimension: 8, keys: 16, queries: 128, trials: 16, scales: scales, seed: UInt64(seed),
        quantiles: [0.05, 0.5, 0.95]
      ).run()
      let all = summary.scales.flatMap { $0.distribution(of: .queryGradients).quantiles }
      for (index, estimate) in all.enumerated() { estimates[index].append(estimate) }
    }
    for estimates in estimates { #expect((0.6...1.4).contains(try ratio(estimates))) }
  }

  @Test func `don't depend on the order of the trials, and are nothing for one`() throws {
    let trials = [[1.0, 2, 4], [0, 0, 1e-200], [1e100, 3, 3], [0, 0, 0], []].map { numbers in
      var histogram = LogarithmicHistogram()
      for number in numbers { histogram.add(number) }
      return histogram
    }
    var all = LogarithmicHistogram()
    for trial in trials { all.merge(trial) }
    func error(_ trials: [LogarithmicHistogram], _ probability: Double) -> Double? {
      var spread = CumulativeSpread()
      for trial in trials { spread.add(trial) }
      return spread.quantileEstimate(probability, of: all, samples: 12).standardError
    }
    for probability in [0.5, 0.9] {
      let forward = try #require(error(trials, probability))
      #expect(forward > 0)
      #expect(abs(try #require(error(trials.reversed(), probability)) / forward - 1) < 1e-12)
    }
    // So many zeros that a few more or less change nothing.
    #expect(error(trials, 0.1) == 0)
    #expect(error([trials[0]], 0.5) == nil)
  }
}
