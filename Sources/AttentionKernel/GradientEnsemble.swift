/// Derivatives of the attention weights of random queries over random keys, at several scales at once.
///
/// Queries, keys and trials are those of ``SoftmaxEnsemble``: equal seeds and sizes give the same rows.
///
/// For each row: the softmax Jacobian `J = ∂p/∂z = diag p − p pᵀ` (its entries, trace, Frobenius and spectral norm) and
/// the derivative of the weights by the query, `∂p/∂q = J K / divisor`, shape `[keys, headDimension]`, by its Frobenius
/// norm. Nothing of the size keys × keys is stored. With ``Normalization/unitLength`` the logits are those of q̂ = q/‖q‖ and
/// k̂ = k/‖k‖, and `∂p/∂q = J K̂ (1 − q̂ q̂ᵀ) / (divisor ‖q‖)`: no part of it lies along q, and long queries have less of it.
public struct GradientEnsemble: Hashable, Sendable {
  /// The number of components d of a query.
  public let headDimension: Int

  /// The number of keys n of a row.
  public let keys: Int

  /// The number of rows of all trials together.
  public let queries: Int

  /// The number of independent key sets.
  public let trials: Int

  /// The scales, in the order of the results.
  public let scales: [Scale]

  /// The scale that the others are compared with.
  public let reference: Scale

  /// What is done to queries, keys and logits besides.
  public let normalization: Normalization

  /// The seed of the normals.
  public let seed: UInt64

  /// Increasing edges of the intervals in which magnitudes are counted: `edges[i] ≤ x < edges[i + 1]`.
  public let edges: [Double]

  /// The probabilities of the quantiles of entries and of query gradients.
  public let quantiles: [Double]

  /// The mass shares for which the number of keys that carry them is averaged.
  public let masses: [Double]

  /// Describes an ensemble.
  ///
  /// - Parameters:
  ///   - headDimension: At least 1.
  ///   - keys: At least 1.
  ///   - queries: At least 1.
  ///   - trials: `1 ... queries`.
  ///   - scales: Any number.
  ///   - reference: Need not be among the scales.
  ///   - normalization: Those that depend on the keys need two of them.
  ///   - seed: Any number.
  ///   - edges: Increasing, finite and not negative; none, or two and more.
  ///   - quantiles: Each above 0 and at most 1.
  ///   - masses: Shares, each above 0 and at most 1.
  /// - Throws: ``KernelError``, also when an element index or a buffer would exceed `Int.max`.
  public init(
    headDimension: Int, keys: Int, queries: Int, trials: Int, scales: [Scale],
    reference: Scale = .rootHeadDimension, normalization: Normalization = .none, seed: UInt64,
    edges: [Double] = [], quantiles: [Double] = [], masses: [Double] = []
  ) throws(KernelError) {
    // Sizes, scales and masses have the limits of the rows' own ensemble.
    let rows = try SoftmaxEnsemble(
      headDimension: headDimension, keys: keys, queries: queries, trials: trials,
      scales: scales + [reference], normalization: normalization, seed: seed, masses: masses)
    if !edges.isEmpty { _ = try Histogram(edges: edges) }
    for edge in edges where edge < 0 { throw .invalidNumber(name: "edges", value: edge) }
    for quantile in quantiles where !(quantile > 0 && quantile <= 1) { throw .invalidShare(quantile) }
    self.headDimension = headDimension
    self.keys = keys
    self.queries = queries
    self.trials = rows.trials
    self.scales = scales
    self.reference = reference
    self.normalization = normalization
    self.seed = seed
    self.edges = edges
    self.quantiles = quantiles
    self.masses = masses
  }

  /// Returns what this ensemble needs.
  public func cost(threads: Int = 1) -> Cost {
    let d = Saturating(headDimension)
    let n = Saturating(keys)
    let rows = Saturating(queries)
    let scales = Saturating(self.scales.count + 1)
    let histograms = 3 * 8 * 16_384 * scales
    // Keys in three forms, eight buffers of the row under work, histograms of entries and norms.
    let perWorker = 20 * d * (n + 8) + 64 * d + 96 * n + 4096 + 4096 * scales + histograms
    let perScale = 6 * d + 200 + 4 * Saturating(edges.count)
    return Cost(
      workingSetBytes: (Saturating(threads) * perWorker + 6 * histograms + 1_000_000).value,
      operations: (rows * n * (4 * d + 60 + scales * perScale) + 20 * d * (rows + 16 * n)).value)
  }

  /// Draws the rows and averages their derivatives.
  ///
  /// - Parameter conditions: Cancellation is checked every two rows, progress told every 256.
  /// - Throws: ``KernelError/cancelled``, ``KernelError/sizeTooSmall(name:value:minimum:)``;
  ///   ``KernelError/invalidScale(_:)`` for a scale so small that logits overflow.
  public func run(
    _ conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> GradientSummary {
    let plan = try GradientPlan(self, fault: conditions.fault)
    let tiling = RowTiling(rows: queries, trials: trials)
    let total = try Parallel.fold(
      count: tiling.tileCount, under: conditions,
      into: GradientTally(plan),
      workerState: { GradientWorker(plan, using: conditions.instructionSet) },
      body: { (worker, tile) throws(KernelError) in
        try worker.tally(tiling.tile(tile), cancellation: conditions.cancellation)
      },
      merge: { (total: inout GradientTally, part: GradientPart) in total.merge(part) })
    return try GradientSummary(plan: plan, tally: total)
  }
}
