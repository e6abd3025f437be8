import AttentionKernel
import SVGChart
import Wording

/// The scores themselves: their distribution, their spread, the range of their powers.
enum ScoreGallery {
  static var entries: [GalleryEntry] {
    [
      GalleryEntry(
        "histograms", LocalText("Histograms with suspended residuals", "悬挂残差直方图"),
        shows: LocalText(
          "Steps with a reference line and a strip of residuals under each panel; panels within four times share an axis, the other says how much wider its own is.",
          "阶梯、参考曲线和每个分图下方的残差条；相差四倍以内的分图共用横轴，其余标明宽多少。"), histograms),
      GalleryEntry(
        "spread", LocalText("Measurements against a theory", "测量与理论"),
        shows: LocalText(
          "Error bars, dots, a dashed grey reference, a note with a leader, nominal colours on log-log axes.",
          "误差线、点、灰色虚线参考、带引线的注释、双对数坐标上的名义配色。"), spread),
      GalleryEntry(
        "ranges", LocalText("Ranges against the walls of number formats", "数值范围与浮点格式的界"),
        shows: LocalText(
          "Horizontal intervals on a band axis, vertical rules whose labels share rows above the plot, an arrow where a range overflows.",
          "名称轴上的横向区间、标签在上方分行排列的竖线、溢出处的箭头。"), ranges),
    ]
  }

  private static let histograms: Chart = {
    let logits = GalleryData.scores.flatMap { $0 }
    let total = Double(logits.count)
    var deviations: [Double] = []
    let panels = GalleryData.scales.enumerated().map { index, scale -> Panel in
      let limit = 34 / scale.divisor
      let width = 2 * limit / 64
      var counts = [Double](repeating: 0, count: 64)
      var squares = 0.0
      for logit in logits {
        let value = logit / scale.divisor
        squares += value * value
        let bin = Int(((value + limit) / width).rounded(.down))
        if counts.indices.contains(bin) { counts[bin] += 1 }
      }
      deviations.append((squares / total).squareRoot())
      let edges = (0...64).map { -limit + width * Double($0) }
      let expected = counts.indices.map { bin in
        total
          * (ReferenceMath.normalProbability(below: edges[bin + 1])
            - ReferenceMath.normalProbability(below: edges[bin]))
      }
      let residuals = zip(counts, expected).map { $0.squareRoot() - max($1, 0).squareRoot() }
      let grid = (0...120).map { -4.25 + 8.5 * Double($0) / 120 }
      let deviation = GalleryData.text(deviations[index])
      return Panel(
        scale.name, caption: LocalText("standard deviation \(deviation)", "标准差 \(deviation)"),
        strip: Strip(LocalText("√observed − √expected; grey: ±2", "√观测数 − √期望数；灰色：±2"), reach: 6) {
          Region(y: (-2, 2))
          Steps(
            LocalText("residuals, \(scale.name.english)", "残差，\(scale.name.chinese)"), edges: edges,
            heights: residuals, key: index)
        }
      ) {
        Steps(
          scale.name, edges: edges, heights: counts.map { $0 / total / width }, key: index,
          weight: index == 1 ? .hero : .normal)
        Line(
          LocalText(same: "N(0, 1)"), x: grid, y: grid.map(ReferenceMath.normalDensity), key: nil,
          label: index == 0 ? .along(LocalText(same: "N(0, 1)"), near: 2) : .none)
      }
    }
    return Chart(
      title: LocalText(
        "Only √d brings the logits to a standard normal: standard deviation \(GalleryData.text(deviations[1]))",
        "只有除以 √d 才让 logits 服从标准正态：标准差 \(GalleryData.text(deviations[1]))"),
      subtitle: LocalText("Density of 32,768 logits q·k / scale", "32,768 个 logits q·k / scale 的密度"),
      x: .linear(LocalText(same: "logit"), domain: .data), y: .linear(LocalText("density", "密度")),
      facets: Facets(x: .within(4), panels: panels), source: GalleryData.source)
  }()

  private static let spread: Chart = {
    let dimensions = [16, 32, 64, 128, 256, 512, 1024]
    let samples = 400
    func deviation(_ d: Int, seed: UInt64, entry: (Double) -> Double) -> Double {
      let entries = GalleryData.normals(2 * d * samples, seed: seed).map(entry)
      var squares = 0.0
      for sample in 0..<samples {
        var dot = 0.0
        for i in 0..<d { dot += entries[2 * sample * d + i] * entries[(2 * sample + 1) * d + i] }
        squares += dot * dot
      }
      return (squares / Double(samples)).squareRoot()
    }
    let normal = dimensions.map { deviation($0, seed: 21) { $0 } }
    // Φ(z) of a normal number is uniform on 0…1; centred, its standard deviation is √(1/12).
    let uniform = dimensions.map { d in
      deviation(d, seed: 22) { ReferenceMath.normalProbability(below: $0) - 0.5 }
    }
    let x = dimensions.map { Double($0) }
    // The standard error of a standard deviation of n normal numbers is about σ/√(2n).
    let error = (1 / Double(2 * samples)).squareRoot()
    return Chart(
      title: LocalText(
        "The spread of q·k grows as √d: \(GalleryData.text(normal[2])) at d = 64",
        "q·k 的标准差按 √d 增长：d = 64 时为 \(GalleryData.text(normal[2]))"),
      subtitle: LocalText(
        "Standard deviation of q·k over 400 samples; bars: ±2 standard errors",
        "q·k 的标准差，400 个样本；误差线为 ±2 倍标准误"),
      x: .log(LocalText("head dimension d", "头维度 d"), base: .two),
      y: .log(LocalText("standard deviation of q·k", "q·k 的标准差")), colour: .nominal,
      notes: [
        Note(
          LocalText("d = 64: \(GalleryData.text(normal[2]))", "d = 64：\(GalleryData.text(normal[2]))"), x: 64,
          y: normal[2])
      ], source: GalleryData.source
    ) {
      Line(
        LocalText("theory √d", "理论 √d"), x: [16, 1024], y: [4, 32], key: nil,
        label: .along(LocalText("theory √d", "理论 √d"), near: 200))
      Interval(
        LocalText("normal ±2 standard errors", "正态 ±2 倍标准误"), .vertical, at: x,
        low: normal.map { $0 * (1 - 2 * error) }, high: normal.map { $0 * (1 + 2 * error) }, key: 0)
      Line(LocalText("normal entries", "正态元素"), x: x, y: normal, key: 0, weight: .hero)
      Dots(LocalText("normal entries", "正态元素"), x: x, y: normal, key: 0)
      Line(LocalText("uniform entries", "均匀元素"), x: x, y: uniform, key: 1)
      Dots(LocalText("uniform entries", "均匀元素"), x: x, y: uniform, key: 1)
    }
  }()

  private static let ranges: Chart = {
    // Scores at d = 1024: q·k has standard deviation 32.
    let scores = GalleryData.normals(32_768, seed: 5).map { 32 * $0 }
    let top = scores.max() ?? 0
    let rows: [(name: LocalText, logits: [Double])] = [
      (LocalText("none, as it is", "不缩放，原样"), scores),
      (LocalText("none, maximum subtracted", "不缩放，减去最大值"), scores.map { $0 - top }),
      (LocalText("√d, as it is", "√d，原样"), scores.map { $0 / 32 }),
      (LocalText("√d, maximum subtracted", "√d，减去最大值"), scores.map { ($0 - top) / 32 }),
    ]
    /// eˣ in binary32, where what is too large is infinite.
    func power(_ x: Double) -> Double {
      let value = ReferenceMath.exponential(x)
      return value > 3.4028234663852886e38 ? .infinity : value
    }
    func quantiles(_ share: Double) -> [Double] { rows.map { power(GalleryData.quantile($0.logits, share)) } }
    let high = quantiles(1)
    let low = quantiles(0)
    return Chart(
      title: LocalText(
        "Undivided scores overflow float32 at d = 1024; divided by √d they reach \(GalleryData.text(high[2]))",
        "d = 1024 时不缩放的分数使 float32 溢出，除以 √d 后最大为 \(GalleryData.text(high[2]))"),
      subtitle: LocalText(
        "Range of e^x over 32,768 logits: thin least to greatest, thick 5–95%, dot median",
        "32,768 个 logits 的 e^x：细线为最小到最大，粗线为 5–95%，点为中位数"),
      x: .log(LocalText(same: "e^x"), domain: .exact(low: 1e-45, high: 1e39)),
      y: .band(LocalText("", ""), rows.map(\.name)),
      source: LocalText("Gallery · d = 1024, 32,768 scores · seed 5", "图例 · d = 1024，32,768 个分数 · 种子 5")
    ) {
      Interval(
        LocalText(same: "e^x"), .horizontal, at: [0, 1, 2, 3], low: low, high: high,
        innerLow: quantiles(0.05),
        innerHigh: quantiles(0.95), middle: quantiles(0.5),
        labels: high.map {
          $0.isFinite
            ? LocalText("up to \(GalleryData.text($0))", "最大 \(GalleryData.text($0))")
            : LocalText("overflow", "溢出")
        }, key: 0)
      Rule(x: 65_504, label: LocalText("float16 max", "float16 最大"))
      Rule(x: 3.4028234663852886e38, label: LocalText("float32 max", "float32 最大"))
      Rule(x: 1.1754943508222875e-38, label: LocalText("float32 min", "float32 最小"))
      Rule(x: 6.103515625e-5, label: LocalText("float16 min", "float16 最小"))
    }
  }()
}
