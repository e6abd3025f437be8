/// One worker's memory and its work on a tile of rows.
struct GradientWorker {
  private let plan: GradientPlan
  private var sampler: RowSampler
  private let workspaces: [GradientWorkspace]

  /// The trial's keys as panels of eight components, and their squared lengths.
  private var panels: [SIMD8<Double>] = []
  private var squaredLengths: [Double] = []

  /// The measures of the row under work, in the plan's places.
  private var values: [Double]

  init(_ plan: GradientPlan, using set: InstructionSet) {
    let ensemble = plan.ensemble
    self.plan = plan
    values = [Double](repeating: 0, count: plan.measureCount)
    sampler = RowSampler(
      headDimension: ensemble.headDimension, keys: ensemble.keys, seed: ensemble.seed,
      normalization: ensemble.normalization, using: set, fault: plan.fault)
    workspaces = (0..<2).map { _ in
      GradientWorkspace(
        keyCount: ensemble.keys, headDimension: ensemble.headDimension, fault: plan.fault)
    }
  }

  /// Tallies the rows of a tile; asked after every two rows whether to stop, as rows may be long.
  mutating func tally(
    _ tile: RowTiling.Tile, cancellation: Cancellation
  ) throws(KernelError) -> GradientPart {
    if sampler.draw(keysOfTrial: tile.trial) { packKeys() }
    var part = GradientPart(plan, trial: tile.trial)
    for row in stride(from: tile.rows.lowerBound, to: tile.rows.upperBound, by: 2) {
      if cancellation.isCancelled { throw .cancelled }
      let count = min(2, tile.rows.upperBound - row)
      sampler.scores(ofRow: row, count: count, into: workspaces[0].row.scores, workspaces[1].row.scores)
      for index in 0..<count { workspaces[index].prepare() }
      sampler.products(
        ofKeys: workspaces[0].top, workspaces[count - 1].top, into: workspaces[0].topProducts,
        workspaces[1].topProducts)
      for index in 0..<count {
        add(row: row + index, workspaces[index], queryLength: sampler.queryLengths[index], to: &part)
      }
    }
    return part
  }

  private mutating func packKeys() {
    let (d, n) = (plan.ensemble.headDimension, plan.ensemble.keys)
    squaredLengths = [Double](repeating: 0, count: n)
    panels = [SIMD8<Double>](repeating: SIMD8(), count: (d + 7) / 8 * n)
    for key in 0..<n {
      for component in 0..<d {
        let value = Double(sampler.keys[key &* d &+ component])
        squaredLengths[key] += value * value
        panels[component / 8 &* n &+ key][component % 8] = value
      }
    }
  }

  /// Enters a row into the part: its measures at every scale, and its entries and norms into the histograms.
  private mutating func add(
    row: Int, _ workspace: GradientWorkspace, queryLength: Double, to part: inout GradientPart
  ) {
    let ensemble = plan.ensemble
    let shift = 1 + row % max(1, ensemble.keys - 1)
    for scale in plan.scales.indices {
      let statistics = workspace.statistics(dividingBy: plan.divisors[scale])
      workspace.count(statistics, shift: shift, into: &part.histograms[scale])
      let norm = gradientNorm(workspace, statistics, queryLength) / plan.divisors[scale]
      part.histograms[scale].queryGradients.add(norm)
      for measure in GradientMeasure.allCases {
        values[plan.place(scale: scale, measure)] =
          switch measure {
          case .trace: statistics.jacobianTrace
          case .frobeniusNorm: statistics.jacobianFrobeniusNorm
          case .spectralNorm: workspace.spectralNorm(statistics)
          case .largestEntry: workspace.largestEntry(statistics)
          case .queryGradient: norm
          case .squaredQueryGradient: norm * norm
          }
      }
      countIntervals(scale: scale, workspace, statistics, norm)
      if !ensemble.masses.isEmpty { workspace.row.accumulate() }
      for (index, share) in ensemble.masses.enumerated() {
        values[plan.place(scale: scale, mass: index)] = Double(workspace.row.keysCarrying(share: share))
      }
    }
    part.enter(values, plan)
  }

  /// The Frobenius norm of ∂p/∂q times the divisor.
  private func gradientNorm(
    _ workspace: GradientWorkspace, _ statistics: RowStatistics, _ queryLength: Double
  ) -> Double {
    guard plan.ensemble.normalization == .unitLength else { return keyNorm(workspace, statistics) }
    // One component has no direction to turn to; a query of length 0 none to start from.
    guard plan.ensemble.headDimension > 1, queryLength > 0 else { return 0 }
    let whole = keyNorm(workspace, statistics)
    let along = workspace.weightedScoreNorm(statistics)
    return max(0, whole * whole - along * along).squareRoot() / queryLength
  }

  private func keyNorm(_ workspace: GradientWorkspace, _ statistics: RowStatistics) -> Double {
    panels.withUnsafeBufferPointer { panels in
      squaredLengths.withUnsafeBufferPointer { lengths in
        guard let keys = panels.baseAddress, let squares = lengths.baseAddress else { return 0 }
        return workspace.weightedKeyNorm(statistics, keys: keys, squaredLengths: squares)
      }
    }
  }

  private mutating func countIntervals(
    scale: Int, _ workspace: GradientWorkspace, _ statistics: RowStatistics, _ norm: Double
  ) {
    guard plan.intervals > 0 else { return }
    let edges = plan.ensemble.edges
    let keys = Double(plan.ensemble.keys)
    var below = (diagonal: 0.0, others: 0.0)
    for (index, edge) in edges.enumerated() {
      let diagonal = Double(workspace.diagonalEntries(atLeast: edge, statistics))
      let others = Double(workspace.otherEntries(atLeast: edge, statistics))
      if index > 0 {
        let interval = index - 1
        let inside = norm >= edges[interval] && norm < edge
        values[plan.place(scale: scale, .diagonalEntries, interval: interval)] =
          (below.diagonal - diagonal) / keys
        values[plan.place(scale: scale, .allEntries, interval: interval)] =
          (below.diagonal - diagonal + below.others - others) / (keys * keys)
        values[plan.place(scale: scale, .queryGradients, interval: interval)] = inside ? 1 : 0
      }
      below = (diagonal, others)
    }
  }
}
