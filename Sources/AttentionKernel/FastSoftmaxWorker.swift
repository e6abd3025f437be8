internal import CAttention

/// One worker's memory, and its work on a tile of rows in binary32.
///
/// 32 rows at a time; their scores lie in two blocks of 16 rows side by side, shape `[keys, 16]` each.
struct FastSoftmaxWorker {
  private static let rowsAtOnce = 32
  private static let lanes = 16

  /// The most rows of a tile, and the distance between measures.
  private static let stride = NumericContract.rowsPerChunk

  /// Longer rows are sorted one by one: the sorting network would take longer.
  private static let longestNetwork = 1 << 17

  private let plan: SoftmaxPlan
  private let set: attention_set
  private let cancellation: Cancellation
  private let queryNormals: StandardNormals
  private let keyNormals: StandardNormals
  private let keys: AlignedFloats
  private let queries: AlignedFloats
  private let panel: AlignedFloats
  private let blocks: AlignedFloats
  private let smallest = AlignedFloats(count: Self.lanes)
  private let exponentials: AlignedFloats?
  private let measures: AlignedDoubles
  private let rowMoments = AlignedDoubles(count: 4 * Self.lanes)
  private var trial = -1

  init(_ plan: SoftmaxPlan, under conditions: RunConditions) {
    let ensemble = plan.ensemble
    self.plan = plan
    set = conditions.instructionSet.kernels
    cancellation = conditions.cancellation
    queryNormals = StandardNormals(seed: ensemble.seed, role: .queries)
    keyNormals = StandardNormals(seed: ensemble.seed, role: .keys)
    keys = AlignedFloats(uninitialized: ensemble.keys * ensemble.headDimension)
    queries = AlignedFloats(count: Self.rowsAtOnce * ensemble.headDimension)
    panel = AlignedFloats(count: Self.rowsAtOnce * ensemble.headDimension)
    blocks = AlignedFloats(count: Self.rowsAtOnce * ensemble.keys)
    let needsMasses = !ensemble.topCounts.isEmpty || !ensemble.masses.isEmpty
    exponentials = needsMasses ? AlignedFloats(count: Self.lanes * ensemble.keys) : nil
    measures = AlignedDoubles(uninitialized: plan.measureCount * Self.stride)
  }

  /// Tallies the rows of a tile.
  mutating func tally(_ tile: RowTiling.Tile) throws(KernelError) -> SoftmaxPart {
    var part = SoftmaxPart(trial: tile.trial, measures: [])
    try compute(tile) { (worker, row, count, block, least) in
      worker.describe(row: row, count: count, block, least, in: &part)
    }
    if tile.rows.lowerBound == 0 { part.example = try exampleScores() }
    part.measures = (0..<plan.measureCount).map { place in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 6) { moments in
        attention_moments(set, measures.base + place * Self.stride, tile.rows.count, moments.baseAddress)
        return Moments(
          count: tile.rows.count, mean: moments[0], m2: moments[1], m3: moments[2], m4: moments[3],
          minimum: moments[4], maximum: moments[5])
      }
    }
    return part
  }

  /// Writes the measures of the rows of a tile: those of place p from `results + p · rows` on, at their rows.
  mutating func write(
    _ tile: RowTiling.Tile, to results: UnsafeMutablePointer<Double>, rows: Int
  ) throws(KernelError) {
    try compute(tile) { (_, _, _, _, _) in }
    for place in 0..<plan.measureCount {
      (results + place * rows + tile.rows.lowerBound).update(
        from: measures.base + place * Self.stride, count: tile.rows.count)
    }
  }

  /// Computes the measures of a tile's rows, and shows the scores of up to 16 rows at a time: the largest of each row
  /// first, or all from large to small if the ensemble ranks weights.
  private mutating func compute(
    _ tile: RowTiling.Tile,
    show: (
      Self, _ row: Int, _ count: Int, _ block: UnsafePointer<Float>, _ least: UnsafePointer<Float>
    ) -> Void
  ) throws(KernelError) {
    try drawKeys(ofTrial: tile.trial)
    for row in Swift.stride(from: tile.rows.lowerBound, to: tile.rows.upperBound, by: Self.rowsAtOnce) {
      let present = min(Self.rowsAtOnce, tile.rows.upperBound - row)
      try scoreQueries(row: row, count: present)
      for first in Swift.stride(from: 0, to: present, by: Self.lanes) {
        let block = blocks.base + first * plan.ensemble.keys
        let least = try arrange(block)
        show(self, row + first, min(Self.lanes, present - first), block, least)
        try measure(block, least, into: measures.base + (row + first - tile.rows.lowerBound))
      }
    }
  }

  // MARK: - Scores

  /// Draws the keys of a trial, unless it is the one of the call before.
  private mutating func drawKeys(ofTrial number: Int) throws(KernelError) {
    guard number != trial else { return }
    trial = -1
    let first = UInt64(number) * UInt64(keys.count)
    for start in Swift.stride(from: 0, to: keys.count, by: 1 << 20) {
      if cancellation.isCancelled { throw .cancelled }
      let count = min(1 << 20, keys.count - start)
      attention_fill_normals(
        set, keys.base + start, count, keyNormals.seed, keyNormals.stream, first + UInt64(start))
    }
    try giveUnitLength(keys.base, count: plan.ensemble.keys)
    trial = number
  }

  /// Divides rows by their lengths, if the ensemble asks for it.
  private func giveUnitLength(_ rows: UnsafeMutablePointer<Float>, count: Int) throws(KernelError) {
    guard plan.ensemble.normalization == .unitLength else { return }
    let d = plan.ensemble.headDimension
    // A few milliseconds between looks at the cancellation.
    let rowsAtOnce = max(1, (1 << 20) / d)
    for first in Swift.stride(from: 0, to: count, by: rowsAtOnce) {
      if cancellation.isCancelled { throw .cancelled }
      UnitLength.apply(set, rows + first * d, count: min(rowsAtOnce, count - first), width: d)
    }
  }

  /// Draws up to 32 queries and writes their scores; lanes without a query get scores of 0.
  private func scoreQueries(row: Int, count: Int) throws(KernelError) {
    let (n, d) = (plan.ensemble.keys, plan.ensemble.headDimension)
    attention_fill_normals(
      set, queries.base, count * d, queryNormals.seed, queryNormals.stream, UInt64(row) * UInt64(d))
    try giveUnitLength(queries.base, count: count)
    attention_pack_panels(set, queries.base, count, d, d, panel.base)
    let columns = count > Self.lanes ? Self.rowsAtOnce : Self.lanes
    // A few milliseconds between looks at the cancellation.
    let keysAtOnce = max(48, (1 << 22) / d)
    for key in Swift.stride(from: 0, to: n, by: keysAtOnce) {
      if cancellation.isCancelled { throw .cancelled }
      attention_multiply_panels(
        set, keys.base + key * d, min(keysAtOnce, n - key), d, d, panel.base, columns,
        blocks.base + key * Self.lanes, Self.lanes, Self.lanes * n)
    }
  }

  /// The scores of the first row in key order, if the ensemble is small enough to show them.
  private func exampleScores() throws(KernelError) -> [Double]? {
    let n = plan.ensemble.keys
    guard n <= SoftmaxEnsemble.maximumExampleKeys else { return nil }
    try scoreQueries(row: 0, count: 1)
    return (0..<n).map { Double(blocks.base[$0 * Self.lanes]) }
  }

  // MARK: - Measures

  /// Puts the largest score of each row first, or all scores in order; returns the smallest of each row.
  private func arrange(
    _ block: UnsafeMutablePointer<Float>
  ) throws(KernelError) -> UnsafePointer<Float> {
    let n = plan.ensemble.keys
    guard plan.ensemble.ranksWeights else {
      attention_move_largest_first(set, block, n, smallest.base)
      return UnsafePointer(smallest.base)
    }
    if n <= Self.longestNetwork {
      attention_sort_columns(set, block, n)
    } else {
      try sortOneByOne(block)
    }
    return UnsafePointer(block + Self.lanes * (n - 1))
  }

  private func sortOneByOne(_ block: UnsafeMutablePointer<Float>) throws(KernelError) {
    let n = plan.ensemble.keys
    let row = AlignedDoubles(count: 2 * n)
    for lane in 0..<Self.lanes {
      if cancellation.isCancelled { throw .cancelled }
      for key in 0..<n { row.base[key] = Double(block[key &* Self.lanes &+ lane]) }
      DescendingSort.sort(UnsafeMutableBufferPointer(start: row.base, count: n), spare: row.base + n)
      for key in 0..<n { block[key &* Self.lanes &+ lane] = Float(row.base[key]) }
    }
  }

  /// Computes the measures of 16 rows at all scales.
  private func measure(
    _ block: UnsafePointer<Float>, _ least: UnsafePointer<Float>, into target: UnsafeMutablePointer<Double>
  ) throws(KernelError) {
    let ensemble = plan.ensemble
    for (scale, divisor) in plan.divisors.enumerated() {
      if cancellation.isCancelled { throw .cancelled }
      let place = target + scale * plan.stride * Self.stride
      attention_row_statistics(
        set, block, ensemble.keys, least, divisor, exponentials?.base, place, Self.stride)
      guard let exponentials else { continue }
      attention_row_masses(
        set, exponentials.base, ensemble.keys, ensemble.topCounts, ensemble.topCounts.count, ensemble.masses,
        ensemble.masses.count, place + RowMeasure.allCases.count * Self.stride, Self.stride)
    }
  }

  /// Enters the moments of up to 16 rows' scores, and the scores of those that belong to the curves.
  private func describe(
    row: Int, count: Int, _ block: UnsafePointer<Float>, _ least: UnsafePointer<Float>,
    in part: inout SoftmaxPart
  ) {
    let n = plan.ensemble.keys
    let moments = rowMoments.base
    attention_column_moments(set, block, n, moments, Self.lanes)
    for lane in 0..<count {
      part.scores.merge(
        Moments(
          count: n, mean: moments[lane], m2: moments[Self.lanes + lane], m3: moments[2 * Self.lanes + lane],
          m4: moments[3 * Self.lanes + lane], minimum: Double(least[lane]), maximum: Double(block[lane])))
      if plan.belongsToCurves(row + lane) {
        part.curveScores += (0..<n).lazy.map { Double(block[$0 &* Self.lanes &+ lane]) }
      }
    }
  }
}
