/// One worker's memory and its work on a tile of rows.
struct SoftmaxWorker {
  private let plan: SoftmaxPlan
  private let workspaces: [RowWorkspace]
  private var sampler: RowSampler

  init(_ plan: SoftmaxPlan) {
    let ensemble = plan.ensemble
    self.plan = plan
    workspaces = [RowWorkspace(keyCount: ensemble.keys), RowWorkspace(keyCount: ensemble.keys)]
    sampler = RowSampler(
      headDimension: ensemble.headDimension, keys: ensemble.keys, seed: ensemble.seed,
      normalization: ensemble.normalization, fault: plan.fault)
  }

  /// Tallies the rows of a tile.
  mutating func tally(
    _ tile: RowTiling.Tile, cancellation: Cancellation
  ) throws(KernelError) -> SoftmaxPart {
    var part = SoftmaxPart(
      trial: tile.trial, measures: [Moments](repeating: Moments(), count: plan.measureCount))
    try overRows(of: tile, cancellation) { (worker, row, workspace) in
      worker.add(row: row, workspace, to: &part)
    }
    if plan.fault == .extremesPooled { part.poolExtremes(plan) }
    return part
  }

  /// Writes the measures of the rows of a tile: those of place p from `results + p · rows` on, at their rows.
  mutating func write(
    _ tile: RowTiling.Tile, to results: UnsafeMutablePointer<Double>, rows: Int, cancellation: Cancellation
  ) throws(KernelError) {
    try overRows(of: tile, cancellation) { (worker, row, workspace) in
      workspace.sortScores()
      for scale in worker.plan.divisors.indices {
        let statistics = worker.statistics(workspace, scale: scale)
        for measure in RowMeasure.allCases {
          results[worker.plan.place(scale: scale, measure) * rows + row] = measure.value(in: statistics)
        }
      }
    }
  }

  /// Calls `body` with each row of a tile and its scores; asks after every two rows whether to stop.
  private mutating func overRows(
    of tile: RowTiling.Tile, _ cancellation: Cancellation, body: (Self, Int, RowWorkspace) -> Void
  ) throws(KernelError) {
    _ = sampler.draw(keysOfTrial: tile.trial)
    for row in stride(from: tile.rows.lowerBound, to: tile.rows.upperBound, by: 2) {
      if cancellation.isCancelled { throw .cancelled }
      let count = min(2, tile.rows.upperBound - row)
      sampler.scores(ofRow: row, count: count, into: workspaces[0].scores, workspaces[1].scores)
      for index in 0..<count { body(self, row + index, workspaces[index]) }
    }
  }

  private func statistics(_ workspace: RowWorkspace, scale: Int) -> RowStatistics {
    let divisor = plan.divisors[scale]
    guard let fault = plan.fault else { return workspace.statistics(dividingBy: divisor) }
    return workspace.statistics(dividingBy: divisor, with: fault)
  }

  private func add(row: Int, _ workspace: RowWorkspace, to part: inout SoftmaxPart) {
    let ensemble = plan.ensemble
    part.scores.merge(workspace.scoreMoments())
    if row == 0, ensemble.keys <= SoftmaxEnsemble.maximumExampleKeys {
      part.example = (0..<ensemble.keys).map { workspace.scores[$0] }
    }
    let lastScore = workspace.scores[ensemble.keys - 1]
    workspace.sortScores()
    if plan.belongsToCurves(row) {
      part.curveScores += UnsafeBufferPointer(start: workspace.scores, count: ensemble.keys)
    }
    if plan.fault == .keyDropped { workspace.moveToEnd(lastScore) }
    for scale in plan.divisors.indices {
      let statistics = statistics(workspace, scale: scale)
      for measure in RowMeasure.allCases {
        part.measures[plan.place(scale: scale, measure)].add(measure.value(in: statistics))
      }
      if !ensemble.topCounts.isEmpty || !ensemble.masses.isEmpty { workspace.accumulate() }
      for (index, count) in ensemble.topCounts.enumerated() {
        part.measures[plan.place(scale: scale, topCount: index)].add(
          plan.fault.share(workspace.mass(ofLargest: count)))
      }
      for (index, share) in ensemble.masses.enumerated() {
        part.measures[plan.place(scale: scale, mass: index)].add(Double(workspace.keysCarrying(share: share)))
      }
    }
  }
}
