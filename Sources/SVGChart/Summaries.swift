import Wording

/// Layers that summarise more data than a picture can show.
extension [Layer] {
  /// A noisy series as its median with a band, where it has more than four values a column; else a plain line.
  ///
  /// The values are cut into runs of equal length, and each run is drawn as its median and its 5 and 95 % quantiles. That
  /// says how large the noise is, which a line through 20,000 points doesn't, in a tenth of the bytes.
  ///
  /// - Parameters:
  ///   - x: Positions, ascending, same count as `y`.
  ///   - y: Values; those that are not finite are left out of the quantiles, and the name of the band counts them.
  ///   - columns: Runs to cut into, at least 2.
  public static func noisy(
    _ name: LocalText, x: [Double], y: [Double], key: Int?, weight: Weight = .normal,
    label: LineLabel = .automatic, columns: Int = 160
  ) -> [Layer] {
    guard columns >= 2, x.count == y.count, y.count > 4 * columns else {
      return [.line(Line(name, x: x, y: y, key: key, weight: weight, label: label))]
    }
    let length = (y.count + columns - 1) / columns
    var middles: [Double] = []
    var columnsOfQuantiles: [[Double]] = [[], [], []]
    var lost = 0
    for start in stride(from: 0, to: y.count, by: length) {
      let end = Swift.min(start + length, y.count)
      let values = y[start..<end].filter(\.isFinite).sorted()
      lost += end - start - values.count
      middles.append(x[start] / 2 + x[end - 1] / 2)
      for (i, share) in [0.05, 0.5, 0.95].enumerated() {
        columnsOfQuantiles[i].append(quantile(values, share))
      }
    }
    let tail =
      lost == 0
      ? LocalText(same: "")
      : LocalText(" (\(lost) not finite left out)", "（另有 \(lost) 个非有限值）")
    let band = LocalText(
      "5–95% of every \(length) values of \(name.english)\(tail.english)",
      "\(name.chinese)每 \(length) 个值的 5–95%\(tail.chinese)")
    return [
      .band(
        Band(
          band, x: middles, low: columnsOfQuantiles[0], high: columnsOfQuantiles[2], level: 0.9, key: key)),
      .line(Line(name, x: middles, y: columnsOfQuantiles[1], key: key, weight: weight, label: label)),
    ]
  }

  /// Several runs of one setting, such as seeds: their median, and the band between the least and the greatest.
  ///
  /// - Parameter runs: One column of values per run, each as long as `x`; values that are not finite leave a gap.
  public static func runs(
    _ name: LocalText, x: [Double], runs: [[Double]], key: Int?, weight: Weight = .normal,
    label: LineLabel = .automatic
  ) -> [Layer] {
    precondition(runs.allSatisfy { $0.count == x.count }, "every run has a value at every position")
    guard let first = runs.first, runs.count > 1 else {
      return [.line(Line(name, x: x, y: runs.first ?? [], key: key, weight: weight, label: label))]
    }
    let sorted = first.indices.map { i in
      let values = runs.map { $0[i] }
      return values.allSatisfy(\.isFinite) ? values.sorted() : []
    }
    let band = LocalText(
      "\(name.english), least to greatest of \(runs.count) runs",
      "\(name.chinese)，\(runs.count) 次运行的最小到最大")
    return [
      .band(
        Band(
          band, x: x, low: sorted.map { $0.first ?? .nan }, high: sorted.map { $0.last ?? .nan }, level: 1,
          key: key,
          caption: LocalText("least to greatest of \(runs.count) runs", "\(runs.count) 次运行的最小到最大"))),
      .line(
        Line(name, x: x, y: sorted.map { quantile($0, 0.5) }, key: key, weight: weight, label: label)),
    ]
  }

  /// A quantile of ascending values, linear between neighbours; NaN of none.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.indices.last else { return .nan }
    let at = share * Double(last)
    let below = Int(at)
    let part = at - Double(below)
    let (a, b) = (sorted[below], sorted[Swift.min(below + 1, last)])
    return part == 0 ? a : a * (1 - part) + b * part
  }
}

extension Dots {
  /// A dot on the greatest value of a line, with its words.
  ///
  /// - Parameter words: What stands beside it, from its position and value.
  /// - Returns: No dot where no value is finite.
  public static func peak(of line: Line, words: (_ x: Double, _ y: Double) -> LocalText) -> Dots {
    let places = zip(line.x, line.y).enumerated().filter { $0.element.0.isFinite && $0.element.1.isFinite }
    let name = LocalText("greatest value of \(line.name.english)", "\(line.name.chinese)的最大值")
    guard
      let top = places.max(by: { ($0.element.1, -$0.offset) < ($1.element.1, -$1.offset) })?.element
    else { return Dots(name, x: [], y: [], key: line.key) }
    return Dots(name, x: [top.0], y: [top.1], key: line.key, labels: [words(top.0, top.1)])
  }
}

extension Line {
  /// Whether the greatest of its finite values lies between two smaller ones, so that one may say that the line falls on
  /// both sides of it: not where it is the first or the last, nor where an end is as great.
  public var peaksInside: Bool {
    let values = zip(x, y).filter { $0.0.isFinite && $0.1.isFinite }.map(\.1)
    guard let first = values.first, let last = values.last, let top = values.max() else { return false }
    return first < top && last < top
  }
}
