import AttentionKernel
import SVGChart
import Wording

/// Maps of cells.
enum MapGallery {
  static var entries: [GalleryEntry] {
    [
      GalleryEntry(
        "attention-map", LocalText("Attention map", "注意力图"),
        shows: LocalText(
          "64 × 64 cells coloured by square root, a strip of a number per row, rings on the largest cells.",
          "64 × 64 个单元按平方根着色，右侧每行一个数，圈出最大的单元。"), attention),
      GalleryEntry(
        "causal-map", LocalText("Causal map", "因果注意力图"),
        shows: LocalText(
          "Logarithmic colours; masked cells stay blank with a word, not coloured as 0.",
          "对数着色；被掩盖的单元留白并注明，而不是按 0 着色。"),
        causal),
      GalleryEntry(
        "heads", LocalText("Maps of several heads", "多个头的注意力图"),
        shows: LocalText("Small multiples that share one ramp.", "分图共用一个色标。"), heads),
      GalleryEntry(
        "pooled-map", LocalText("Long context", "长上下文"),
        shows: LocalText(
          "More than 96 cells along an axis are pooled to the largest, and the figure says so.",
          "一轴超过 96 个单元时合并取最大值，并在图中说明。"),
        long),
      GalleryEntry(
        "two-settings", LocalText("Two settings at once", "两个设置的组合"),
        shows: LocalText("Diverging colours around a baseline, on axes of names.", "名称轴上以基准为界的双向配色。"),
        settings),
    ]
  }

  /// Weights that fall off with the distance, by head; later keys masked where `isCausal`.
  private static func weights(_ n: Int, isCausal: Bool, seed: UInt64, reach: Double) -> [Double] {
    let noise = GalleryData.normals(n * n, seed: seed)
    var values: [Double] = []
    for query in 0..<n {
      let end = isCausal ? query + 1 : n
      let logits = (0..<end).map { key in
        1.5 * noise[query * n + key] - abs(Double(query - key)) / reach + (key == 0 ? 1.5 : 0)
      }
      values += GalleryData.softmax(logits) + [Double](repeating: .nan, count: n - end)
    }
    return values
  }

  private static func effectiveKeys(_ values: [Double], columns: Int) -> [Double] {
    stride(from: 0, to: values.count, by: columns).map { start in
      ReferenceExponential.of(GalleryData.entropy(values[start..<(start + columns)].filter(\.isFinite)))
    }
  }

  private static func source(_ seed: UInt64) -> LocalText {
    LocalText(
      "Gallery · logits that fall with the distance · seed \(seed)", "图例 · 随距离减小的 logits · 种子 \(seed)")
  }

  private static func map(_ title: LocalText, n: Int, seed: UInt64, heat: Heat) -> Chart {
    Chart(
      title: title, subtitle: LocalText("Attention weights of \(n) positions", "\(n) 个位置的注意力权重"),
      x: .cells(LocalText("key", "键"), count: n), y: .cells(LocalText("query", "查询"), count: n),
      aspect: .square,
      source: source(seed)
    ) { heat }
  }

  private static let name = LocalText("attention weight", "注意力权重")
  private static let strip = LocalText("effective keys", "等效键数")

  private static let attention: Chart = {
    let values = weights(64, isCausal: false, seed: 13, reach: 6)
    let keys = effectiveKeys(values, columns: 64)
    let mean = GalleryData.text(GalleryData.mean(keys))
    return map(
      LocalText(
        "Queries look around themselves and at key 0: \(mean) effective keys of 64",
        "查询主要看自己附近和第 0 个键：64 个键中等效 \(mean) 个"), n: 64, seed: 13,
      heat: Heat(name, columns: 64, values: values, rowStrip: Heat.RowStrip(strip, values: keys)))
  }()

  private static let causal: Chart = {
    let values = weights(32, isCausal: true, seed: 17, reach: 6)
    let keys = effectiveKeys(values, columns: 32)
    return map(
      LocalText(
        "Under a causal mask the effective keys grow from \(GalleryData.text(keys[0])) to \(GalleryData.text(keys.max() ?? 0))",
        "因果掩码下等效键数从 \(GalleryData.text(keys[0])) 增加到 \(GalleryData.text(keys.max() ?? 0))"), n: 32, seed: 17,
      heat: Heat(
        name, columns: 32, values: values, colour: .log, blank: LocalText("masked: later keys", "被掩盖：后面的键"),
        rings: 0, rowStrip: Heat.RowStrip(strip, values: keys)))
  }()

  private static let heads: Chart = {
    let panels = [1.0, 3, 9, 27].enumerated().map { head, reach -> Panel in
      let values = weights(24, isCausal: true, seed: 40 + UInt64(head), reach: reach)
      let keys = GalleryData.text(GalleryData.mean(effectiveKeys(values, columns: 24)))
      return Panel(
        LocalText("head \(head + 1)", "第 \(head + 1) 个头"),
        caption: LocalText("\(keys) effective keys", "等效键数 \(keys)")
      ) {
        Heat(name, columns: 24, values: values, blank: LocalText("masked", "被掩盖"), rings: 0)
      }
    }
    return Chart(
      title: LocalText("Four heads reach from 1 to 27 positions back", "四个头回看的距离从 1 到 27 个位置"),
      subtitle: LocalText("Attention weights under a causal mask, mean effective keys", "因果掩码下的注意力权重，平均等效键数"),
      x: .cells(LocalText("key", "键"), count: 24), y: .cells(LocalText("query", "查询"), count: 24),
      facets: Facets(columns: 2, panels: panels), source: source(40))
  }()

  private static let long: Chart = {
    let n = 192
    let values = weights(n, isCausal: true, seed: 19, reach: 20)
    let first = GalleryData.mean(stride(from: 0, to: n * n, by: n).map { values[$0] })
    return map(
      LocalText(
        "Key 0 keeps \(GalleryData.text(first)) of the attention on average, over 192 positions",
        "在 192 个位置上，第 0 个键平均得到 \(GalleryData.text(first)) 的注意力"), n: n, seed: 19,
      heat: Heat(
        name, columns: n, values: values, blank: LocalText("masked: later keys", "被掩盖：后面的键"), rings: 0))
  }()

  private static let settings: Chart = {
    let counts = [32, 64, 128, 256, 512]
    let factors = [0.25, 0.5, 1, 2, 4]
    func entropyShare(_ factor: Double, _ n: Int) -> Double {
      let rows = GalleryData.scores.prefix(32).map { row in
        GalleryData.entropy(GalleryData.softmax(row.prefix(n).map { $0 / 8 / factor }))
      }
      return GalleryData.mean(rows) / ReferenceMath.logarithm(Double(n))
    }
    let base = counts.map { entropyShare(1, $0) }
    let values = factors.flatMap { factor in
      counts.indices.map { entropyShare(factor, counts[$0]) - base[$0] }
    }
    return Chart(
      title: LocalText(
        "A quarter of √d takes \(GalleryData.text(-(values.min() ?? 0))) off the entropy share, four times adds \(GalleryData.text(values.max() ?? 0))",
        "除数为 √d 的四分之一时熵占比少 \(GalleryData.text(-(values.min() ?? 0)))，为其四倍时多 \(GalleryData.text(values.max() ?? 0))"
      ),
      subtitle: LocalText(
        "Entropy / ln n less that at √d, mean of 32 queries", "熵 / ln n 与 √d 时之差，32 个查询的均值"),
      x: .band(LocalText("keys", "键数"), counts.map { LocalText(same: "\($0)") }),
      y: .band(LocalText("multiple of √d", "√d 的倍数"), factors.map { LocalText(same: GalleryData.name($0)) }),
      source: GalleryData.source
    ) {
      Heat(
        LocalText("difference of the entropy share", "熵占比之差"), columns: counts.count, values: values,
        colour: .diverging(middle: 0), rings: 1)
    }
  }()
}
