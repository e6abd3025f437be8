/// Many dot products of independent random queries and keys.
///
/// Each sample is a query and a key with independent standard normal components. Sample i uses elements
/// `i·headDimension ..< (i + 1)·headDimension` of the streams ``TensorRole/queries`` and
/// ``TensorRole/keys``; nothing is stored. The result depends on neither the threads nor the number of
/// samples that follow.
public struct DotProductEnsemble: Hashable, Sendable {
  /// The number of components d of a query.
  public let headDimension: Int

  /// The number of independent pairs.
  public let samples: Int

  /// Whether queries and keys are given unit length; scores don't depend on anything else that is normalized.
  public let normalization: Normalization

  /// The seed of the normals.
  public let seed: UInt64

  /// The k for which the share of scores within ±k standard deviations is counted: ±k√d, or ±k/√d with unit length.
  public let coverageWidths: [Double]

  /// Histogram edges in the same unit; `nil` for no histogram.
  public let histogramEdges: [Double]?

  /// Describes an ensemble.
  ///
  /// - Parameters:
  ///   - headDimension: At least 1.
  ///   - samples: At least 1; times the head dimension it must not exceed `Int.max`.
  ///   - normalization: ``Normalization/none`` or ``Normalization/unitLength``; a pair is no row of keys.
  ///   - seed: Any number.
  ///   - coverageWidths: Widths k in standard deviations of a score, finite and not negative.
  ///   - histogramEdges: At least two increasing edges in the same unit, or `nil`.
  /// - Throws: ``KernelError``.
  public init(
    headDimension: Int, samples: Int, normalization: Normalization = .none, seed: UInt64,
    coverageWidths: [Double] = [1, 2, 3], histogramEdges: [Double]? = nil
  ) throws(KernelError) {
    precondition(normalization == .none || normalization == .unitLength, "a pair is no row of keys")
    try KernelError.require("headDimension", headDimension)
    try KernelError.require("samples", samples)
    if headDimension.multipliedReportingOverflow(by: samples).overflow {
      throw .sizeTooLarge(name: "samples", maximum: .max / headDimension)
    }
    for width in coverageWidths where !(width >= 0 && width.isFinite) {
      throw .invalidNumber(name: "coverageWidths", value: width)
    }
    if let histogramEdges { _ = try Histogram(edges: histogramEdges) }
    self.headDimension = headDimension
    self.samples = samples
    self.normalization = normalization
    self.seed = seed
    self.coverageWidths = coverageWidths
    self.histogramEdges = histogramEdges
  }

  /// Returns what an ensemble of these sizes needs; any sizes are allowed, also absurd ones.
  public static func cost(headDimension: Int, samples: Int, bins: Int = 0, threads: Int = 1) -> Cost {
    let elements = Saturating(headDimension) * Saturating(samples)
    let perWorker = 8 * Saturating(DotProductWorker.tileSize) + 16 * Saturating(bins) + 4096
    return Cost(
      workingSetBytes: (Saturating(threads) * perWorker + 65_536).value,
      operations: (18 * elements + 60 * Saturating(samples)).value)
  }

  /// Returns what this ensemble needs.
  public func cost(threads: Int = 1) -> Cost {
    Self.cost(
      headDimension: headDimension, samples: samples, bins: histogramEdges?.count ?? 0, threads: threads)
  }

  /// The bytes needed at the same time on one thread.
  public var workingSetBytes: Int { cost().workingSetBytes }

  /// The elementary operations needed.
  public var operations: Int { cost().operations }

  /// Draws the samples and summarizes their scores.
  ///
  /// - Parameter conditions: Cancellation is checked and progress told every 256 samples.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public func run(
    _ conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> DotProductSummary {
    let rows = NumericContract.rowsPerChunk
    let unit = normalization.scoreDeviation(headDimension: headDimension)
    let empty = try DotProductTally(widths: coverageWidths, edges: histogramEdges)
    let total = try Parallel.fold(
      count: (samples - 1) / rows + 1, under: conditions,
      into: empty,
      workerState: {
        DotProductWorker(
          headDimension: headDimension, samples: samples, seed: seed, normalization: normalization,
          using: conditions.instructionSet, fault: conditions.fault)
      },
      body: { (worker, chunk) throws(KernelError) in
        var tally = empty
        let first = chunk * rows
        let count = min(rows, samples - first)
        for score in worker.scores(of: first..<(first + count)) { tally.add(score / unit) }
        return tally
      },
      merge: { (total: inout DotProductTally, part: DotProductTally) in total.merge(part) })
    return DotProductSummary(ensemble: self, unit: unit, tally: total, fault: conditions.fault)
  }
}
