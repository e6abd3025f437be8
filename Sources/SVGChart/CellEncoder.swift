/// Writes cells as one path per level, in units of cells: runs along rows or along columns, stroked one cell wide.
///
/// Levels are painted from the most to the least frequent. A run may pass over cells of levels that are painted later, so
/// the first level of a map without blanks is one stroke a row, and few runs break.
enum CellEncoder {
  /// Levels in the order of painting with their path data.
  static func paths(_ grid: CellGrid) -> [(level: Int, data: String)] {
    let count = 1 + (grid.levels.compactMap(\.self).max() ?? -1)
    guard count > 0, grid.columns > 0 else { return [] }
    var frequency = [Int](repeating: 0, count: count)
    for level in grid.levels { if let level { frequency[level] += 1 } }
    let order = (0..<count).filter { frequency[$0] > 0 }
      .sorted { (-frequency[$0], $0) < (-frequency[$1], $1) }
    var rank = [Int](repeating: -1, count: count)
    for (position, level) in order.enumerated() { rank[level] = position }
    // Blank cells come before everything: no run passes over them.
    let ranks = grid.levels.map { level in level.map { rank[$0] } ?? -1 }
    var transposed = ranks
    let rows = grid.rows
    for row in 0..<rows {
      for column in 0..<grid.columns { transposed[column * rows + row] = ranks[row * grid.columns + column] }
    }
    let along = runs(ranks, width: grid.columns, count: order.count)
    let across = runs(transposed, width: rows, count: order.count)
    return order.enumerated().map { position, level in
      let rowwise = data(along[position], isVertical: false)
      let columnwise = data(across[position], isVertical: true)
      return (level, String(decoding: columnwise.count < rowwise.count ? columnwise : rowwise, as: UTF8.self))
    }
  }

  private struct Run {
    var line: Int
    var start: Int
    var end: Int
  }

  /// The runs of every rank, in one pass: those open at a place have ascending ranks, and a cell ends all above its own.
  private static func runs(_ ranks: [Int], width: Int, count: Int) -> [[Run]] {
    var result = [[Run]](repeating: [], count: count)
    var open: [(rank: Int, run: Run)] = []
    func close(above rank: Int) {
      while let last = open.last, last.rank > rank {
        result[last.rank].append(last.run)
        open.removeLast()
      }
    }
    var place = 0
    for line in 0..<(ranks.count / width) {
      for at in 0..<width {
        let rank = ranks[place]
        place += 1
        close(above: rank)
        guard rank >= 0 else { continue }
        if let last = open.last, last.rank == rank {
          open[open.count - 1].run.end = at + 1
        } else {
          open.append((rank, Run(line: line, start: at, end: at + 1)))
        }
      }
      close(above: -1)
    }
    return result
  }

  private static func data(_ runs: [Run], isVertical: Bool) -> [UInt8] {
    var output: [UInt8] = []
    func number(_ value: Int) { PathEncoder.append(integer: value, to: &output) }
    func pair(_ along: Int, _ across: Int) {
      let (x, y) = isVertical ? (across, along) : (along, across)
      number(x)
      if y >= 0 { output.append(UInt8(ascii: " ")) }
      number(y)
    }
    var line = 0
    var at = 0
    for (index, run) in runs.enumerated() {
      if index == 0 {
        // The middle of the first line of cells; all other moves are relative.
        let middle = (run.line == 0 ? "" : String(run.line)) + ".5"
        output += Array((isVertical ? "M\(middle) \(run.start)" : "M\(run.start) \(middle)").utf8)
      } else {
        output.append(UInt8(ascii: "m"))
        pair(run.start - at, run.line - line)
      }
      output.append(UInt8(ascii: isVertical ? "v" : "h"))
      number(run.end - run.start)
      line = run.line
      at = run.end
    }
    return output
  }
}
