import SVGChart
import Wording

/// How attention weights are spread: by rank, by mass, key by key, query by query.
enum WeightGallery {
  private static let n = GalleryData.n
  private static let uniform = 1 / Double(GalleryData.n)

  static var entries: [GalleryEntry] {
    [
      GalleryEntry(
        "sorted-curves", LocalText("Sorted curves", "排序曲线"),
        shows: LocalText(
          "Lines and nested bands on log-log axes; a labelled rule; labels at the ends of lines, spread apart; an exact domain that cuts, counts and says what it cuts.",
          "双对数坐标上的折线和嵌套带；带标签的横线；线端标签自动错开；固定范围截去的部分会计数并说明。"), sorted),
      GalleryEntry(
        "cumulative-mass", LocalText("Mass of the largest weights", "最大权重的累计质量"),
        shows: LocalText(
          "A base-2 logarithmic axis with an extra tick, percent ticks, rules without words, dots, labels along lines.",
          "以 2 为底的对数轴和附加刻度、百分比刻度、无标签横线、点、沿线标签。"), cumulative),
      GalleryEntry(
        "few-keys", LocalText("Few keys, bar by bar", "少量键的条形图"),
        shows: LocalText("Bars on a band axis in small multiples that share both axes.", "分图共用两轴，名称轴上的条形。"),
        bars),
      GalleryEntry(
        "scatter", LocalText("Queries as points", "逐查询散点"),
        shows: LocalText(
          "Dots of four series in the nominal palette, with a legend because points have no ends to label.",
          "四个系列的点，用名义配色；点没有线端可标，因此用图例。"), scatter),
    ]
  }

  private static let sorted: Chart = {
    let ranks = (1...n).map { Double($0) }
    func quantiles(_ scale: Int, _ share: Double) -> [Double] {
      ranks.indices.map { GalleryData.quantile(GalleryData.sorted[scale].column($0), share) }
    }
    let above = [0, 1].map { scale in quantiles(scale, 0.5).count { $0 > uniform } }
    return Chart(
      title: LocalText(
        "Divided by √d, \(above[1]) keys get more than their share; undivided, \(above[0])",
        "除以 √d 后 \(above[1]) 个键超过平均权重，不缩放时只有 \(above[0]) 个"),
      subtitle: LocalText("Attention weight by rank, median of 64 queries", "按名次排列的注意力权重，64 个查询的中位数"),
      x: .log(
        LocalText("rank of the key", "键的名次"), ticks: .including([Tick(Double(n), LocalText(same: "\(n)"))])),
      y: .log(LocalText("attention weight", "注意力权重"), domain: .exact(low: uniform / 1000, high: 1)),
      source: GalleryData.source
    ) {
      Band(
        LocalText("5–95% of queries (√d)", "5–95% 的查询（√d）"), x: ranks, low: quantiles(1, 0.05),
        high: quantiles(1, 0.95), level: 0.9, key: 1)
      Band(
        LocalText("25–75%", "25–75%"), x: ranks, low: quantiles(1, 0.25), high: quantiles(1, 0.75),
        level: 0.5,
        key: 1)
      for (index, scale) in GalleryData.scales.enumerated() {
        Line(
          scale.name, x: ranks, y: quantiles(index, 0.5), key: index, weight: index == 1 ? .hero : .normal,
          label: index == 0 ? .along(scale.name, near: 40) : .automatic)
      }
      Rule(y: uniform, label: LocalText("uniform 1/n", "均匀 1/n"))
    }
  }()

  private static let cumulative: Chart = {
    let counts = (1...n).map { Double($0) }
    let masses = GalleryData.sorted.map { queries -> [Double] in
      var total = 0.0
      return counts.indices.map { rank in
        total += GalleryData.mean(queries.column(rank))
        return min(total, 1)
      }
    }
    let needed = masses.map { ($0.firstIndex { $0 >= 0.9 } ?? n - 1) + 1 }
    return Chart(
      title: LocalText(
        "90% of the attention: \(needed[0]) keys undivided, \(needed[1]) divided by √d",
        "90% 的注意力：不缩放时 \(needed[0]) 个键，除以 √d 后 \(needed[1]) 个"),
      subtitle: LocalText(
        "Mean weight of the k largest keys together; k₉₀ = keys that carry 90%",
        "最大的 k 个键的平均权重之和；k₉₀ 为承载 90% 的键数"),
      x: .log(
        LocalText("k largest keys", "最大的 k 个键"), base: .two, domain: .exact(low: 1, high: Double(n))),
      y: .linear(
        LocalText("share of the attention", "注意力占比"), domain: .exact(low: 0, high: 1), format: .percent),
      source: GalleryData.source
    ) {
      for (index, scale) in GalleryData.scales.enumerated() {
        Line(
          scale.name, x: counts, y: masses[index], key: index, weight: index == 1 ? .hero : .normal,
          label: .along(
            LocalText(
              "\(scale.name.english) · k₉₀ = \(needed[index])",
              "\(scale.name.chinese) · k₉₀ = \(needed[index])"),
            near: max(1.5, Double(needed[index]) / 3)))
        Dots(
          LocalText("90%, \(scale.name.english)", "90%，\(scale.name.chinese)"), x: [Double(needed[index])],
          y: [masses[index][needed[index] - 1]], key: index)
      }
      Rule(y: 0.9)
    }
  }()

  private static let bars: Chart = {
    let scores = Array(GalleryData.scores[0].prefix(12))
    let all = GalleryData.scales.map { scale in GalleryData.softmax(scores.map { $0 / scale.divisor }) }
    let tops = all.map { GalleryData.text($0.max() ?? 0) }
    let panels = GalleryData.scales.enumerated().map { index, scale in
      Panel(scale.name, caption: LocalText("largest \(tops[index])", "最大 \(tops[index])")) {
        Bars(LocalText("weight", "权重"), y: all[index], key: index)
        Rule(y: 1.0 / 12, label: index == 0 ? LocalText("uniform 1/n", "均匀 1/n") : nil)
      }
    }
    return Chart(
      title: LocalText(
        "The same 12 keys: the largest weight is \(tops[0]) undivided, \(tops[1]) at √d",
        "同样 12 个键：不缩放时最大权重为 \(tops[0])，除以 √d 后为 \(tops[1])"),
      subtitle: LocalText("Attention weights of one query over its first 12 keys", "一个查询对前 12 个键的注意力权重"),
      x: .band(LocalText("key", "键"), (1...12).map { LocalText(same: "\($0)") }),
      y: .linear(LocalText("attention weight", "注意力权重"), domain: .exact(low: 0, high: 1)),
      facets: Facets(panels: panels), source: GalleryData.source)
  }()

  private static let scatter: Chart = {
    let points = GalleryData.sorted.map { queries in
      queries.map { (largest: $0[0], keys: ReferenceExponential.of(GalleryData.entropy($0))) }
    }
    let medians = points.map { GalleryData.text(GalleryData.quantile($0.map(\.keys), 0.5)) }
    return Chart(
      title: LocalText(
        "The larger the largest weight, the fewer keys count: a median of \(medians[0]) undivided, \(medians[1]) at √d",
        "最大权重越大，起作用的键越少：中位数不缩放时 \(medians[0]) 个，除以 √d 后 \(medians[1]) 个"),
      subtitle: LocalText(
        "Effective keys e^H against the largest weight, 64 queries", "等效键数 e^H 与最大权重，64 个查询"),
      x: .log(LocalText("largest weight", "最大权重"), domain: .nice),
      y: .log(LocalText("effective keys", "等效键数"), domain: .nice), colour: .nominal,
      source: GalleryData.source
    ) {
      for (index, scale) in GalleryData.scales.enumerated() {
        Dots(scale.name, x: points[index].map(\.largest), y: points[index].map(\.keys), key: index)
      }
    }
  }()
}
