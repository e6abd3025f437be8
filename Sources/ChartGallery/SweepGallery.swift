import AttentionKernel
import SVGChart
import Wording

/// What happens as the scale grows: entropy, gradient, and the difference to √d.
enum SweepGallery {
  static var entries: [GalleryEntry] {
    [
      GalleryEntry(
        "entropy-sweep", LocalText("Sweep with named regions", "带区域名称的扫描"),
        shows: LocalText(
          "Ticks at the settings of an experiment with a second line, regions, a vertical rule with its label above the plot, words beside dots.",
          "刻度落在实验的取值上并带第二行、区域、标签在图上方的竖线、点旁文字。"), entropy),
      GalleryEntry(
        "gradient-sweep", LocalText("Hill with its peak", "标出最大值的曲线"),
        shows: LocalText(
          "An annotated maximum, a tinted region below a hundredth of it, a band of quantiles on log-log axes.",
          "标注最大值、低于其百分之一的着色区域、双对数坐标上的分位数带。"), gradient),
      GalleryEntry(
        "both-signs", LocalText("Both signs over decades", "正负跨数量级"),
        shows: LocalText("Bars on a symmetric logarithmic axis.", "对称对数轴上的条形。"), difference),
    ]
  }

  /// Factors of √d from 1/32 to 32, evenly apart on a logarithmic axis.
  private static let allFactors: [Double] = (0...30).map { step in
    var value = 0.03125
    for _ in 0..<step { value *= 1.2599210498948732 }
    return value
  }

  private struct Point {
    var factor: Double
    var entropies: [Double]
    var gradients: [Double]
  }

  private static let allPoints: [Point] = allFactors.map { factor in
    let weights = GalleryData.weights(divisor: 8 * factor)
    return Point(
      factor: factor, entropies: weights.map(GalleryData.entropy),
      gradients: weights.map { row in
        // ‖diag p − p pᵀ‖² = Σp²(1 − 2p) + (Σp²)², and the chain rule divides by the scale.
        let squares = row.reduce(0) { $0 + $1 * $1 }
        let cubes = row.reduce(0) { $0 + $1 * $1 * $1 }
        return max(squares - 2 * cubes + squares * squares, 0).squareRoot() / (8 * factor)
      })
  }

  /// From a scale of 1 on.
  private static let points = Array(allPoints.dropFirst(6))
  private static let factors = points.map(\.factor)

  private static let ticks: [Tick] = [
    Tick(0.125, LocalText(same: "none"), detail: LocalText(same: "1")),
    Tick(1, LocalText(same: "√d"), detail: LocalText(same: "8")),
    Tick(2, LocalText(same: "2√d"), detail: LocalText(same: "16")),
    Tick(8, LocalText(same: "d"), detail: LocalText(same: "64")),
    Tick(32, LocalText(same: "4d"), detail: LocalText(same: "256")),
  ]

  private static let entropy: Chart = {
    let whole = ReferenceMath.logarithm(Double(GalleryData.n))
    let shares = points.map { $0.entropies.map { $0 / whole } }
    let means = shares.map(GalleryData.mean)
    let marked = [0.125, 1, 2].compactMap { wish in
      factors.indices.min { abs(factors[$0] / wish - 1) < abs(factors[$1] / wish - 1) }
    }
    let keys = marked.map { ReferenceExponential.of(means[$0] * whole) }
    let labels = keys.map { LocalText("\(GalleryData.text($0)) keys", "\(GalleryData.text($0)) 个键") }
    return Chart(
      title: LocalText(
        "At √d a query attends to \(GalleryData.text(keys[1])) of 512 keys; undivided, to \(GalleryData.text(keys[0]))",
        "除以 √d 时一个查询关注 512 个键中的 \(GalleryData.text(keys[1])) 个，不缩放时 \(GalleryData.text(keys[0])) 个"),
      subtitle: LocalText(
        "Entropy of the attention weights as a share of ln n; labels: effective keys e^H",
        "注意力权重的熵占 ln n 的比例；标签为等效键数 e^H"),
      x: .log(LocalText("scale", "缩放"), base: .two, ticks: .at(ticks)),
      y: .linear(LocalText("entropy / ln n", "熵 / ln n"), domain: .exact(low: 0, high: 1)),
      source: GalleryData.source
    ) {
      Region(y: (nil, 0.25), label: LocalText("nearly one key", "几乎只有一个键"))
      Region(y: (0.95, nil), label: LocalText("nearly uniform", "几乎均匀"))
      Band(
        LocalText("5–95% of queries", "5–95% 的查询"), x: factors,
        low: shares.map { GalleryData.quantile($0, 0.05) },
        high: shares.map { GalleryData.quantile($0, 0.95) }, level: 0.9, key: 0)
      Line(LocalText("mean", "均值"), x: factors, y: means, key: 0, weight: .hero, label: .none)
      Dots(
        LocalText("effective keys", "等效键数"), x: marked.map { factors[$0] }, y: marked.map { means[$0] },
        key: 0,
        labels: labels)
      Rule(x: 1, label: LocalText(same: "√d"))
    }
  }()

  private static let gradient: Chart = {
    let medians = allPoints.map { GalleryData.quantile($0.gradients, 0.5) }
    let line = Line(
      LocalText("gradient to the scores", "对分数的梯度"), x: allFactors, y: medians, key: 0, weight: .hero,
      label: .none)
    let top = medians.max() ?? 0
    let place = GalleryData.text(allFactors[medians.firstIndex(of: top) ?? 0])
    // A maximum at an end of the sweep says nothing about the side that was not looked at.
    let sides =
      line.peaksInside
      ? LocalText(" and falls on both sides", "，两侧都减小") : LocalText(", at the end of the sweep", "，即扫描的一端")
    return Chart(
      title: LocalText("The gradient is largest at \(place) √d", "梯度在 \(place) √d 处最大") + sides,
      subtitle: LocalText(
        "Frobenius norm of ∂p/∂(q·k), median of 64 queries", "∂p/∂(q·k) 的 Frobenius 范数，64 个查询的中位数"),
      x: .log(LocalText("scale as a multiple of √d", "缩放（√d 的倍数）")),
      y: .log(LocalText("norm of the gradient", "梯度的范数"), domain: .nice), source: GalleryData.source
    ) {
      Region(y: (nil, top / 100), label: LocalText("below a hundredth of the peak", "不到最大值的百分之一"))
      Band(
        LocalText("25–75% of queries", "25–75% 的查询"), x: allFactors,
        low: allPoints.map { GalleryData.quantile($0.gradients, 0.25) },
        high: allPoints.map { GalleryData.quantile($0.gradients, 0.75) }, level: 0.5, key: 0,
        nonPositive: .omit(because: LocalText("one weight is 1", "有一个权重为 1")))
      line
      Dots.peak(of: line) { x, y in
        LocalText(
          "max \(GalleryData.text(y)) at \(GalleryData.text(x)) √d",
          "最大 \(GalleryData.text(y))，在 \(GalleryData.text(x)) √d")
      }
      Rule(x: 1, label: LocalText(same: "√d"))
    }
  }()

  private static let difference: Chart = {
    let steps = Array(stride(from: 0, through: 24, by: 2))
    let keys = points.map { GalleryData.mean($0.entropies.map(ReferenceExponential.of)) }
    let base = keys[9]
    let values = steps.map { keys[$0] - base }
    let names = steps.map { LocalText(same: GalleryData.name(factors[$0])) }
    return Chart(
      title: LocalText(
        "Against √d: \(GalleryData.text(-(values.min() ?? 0))) keys fewer at an eighth of it, \(GalleryData.text(values.max() ?? 0)) more at 32 times",
        "与 √d 相比：除数为其八分之一时少 \(GalleryData.text(-(values.min() ?? 0))) 个键，为其 32 倍时多 \(GalleryData.text(values.max() ?? 0)) 个"
      ),
      subtitle: LocalText("Difference of the effective keys to those at √d", "等效键数与 √d 时之差"),
      x: .band(LocalText("scale as a multiple of √d", "缩放（√d 的倍数）"), names),
      y: .symlog(LocalText("difference of effective keys", "等效键数之差"), linear: 1, domain: .nice),
      colour: .single,
      source: GalleryData.source
    ) { Bars(LocalText("difference", "差"), y: values, key: 0) }
  }()
}

/// eˣ for the gallery's labels.
enum ReferenceExponential {
  static func of(_ x: Double) -> Double { ReferenceMath.exponential(x) }
}
