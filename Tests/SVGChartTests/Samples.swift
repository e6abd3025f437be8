import Foundation
import Wording

@testable import SVGChart

/// A seeded generator (SplitMix64), so that every run sees the same cases.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func normal() -> Double {
    (-2 * log(max(unit(), 1e-300))).squareRoot() * cos(2 * .pi * unit())
  }
}

/// The six forms the experiments need, on data made here.
enum Samples {
  static let scales: [(name: LocalText, scale: Double)] = [
    (LocalText("none", "不缩放"), 1), (LocalText(same: "√d"), 8), (LocalText(same: "2√d"), 16),
    (LocalText(same: "3√d"), 24),
  ]

  static let source = LocalText(
    "Experiment ‘scales’ · d = 64, n = 512, 256 queries · seed 7", "实验 scales · d = 64，n = 512，256 个查询 · 种子 7"
  )

  static let all: [(name: String, chart: Chart)] = [
    ("histograms", histograms), ("sorted", sorted), ("cumulative", cumulative), ("bars", bars),
    ("ranges", ranges),
    ("measure", measure), ("attention", attention), ("causal", causal), ("sweep", sweep), ("heads", heads),
  ]

  static func softmax(_ logits: [Double], floor: Double = 0) -> [Double] {
    let top = logits.max() ?? 0
    let e = logits.map { exp($0 - top) }
    let total = e.reduce(0, +)
    return e.map { $0 / total < floor ? 0 : $0 / total }
  }

  private static func quantile(_ sorted: [Double], _ p: Double) -> Double {
    let at = p * Double(sorted.count - 1)
    let i = Int(at)
    return sorted[i] + (sorted[min(i + 1, sorted.count - 1)] - sorted[i]) * (at - Double(i))
  }

  static let histograms: Chart = {
    var generator = SplitMix(state: 11)
    let scores = (0..<32_768).map { _ in 8 * generator.normal() }
    func density(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }
    let panels = scales.enumerated().map { index, item in
      let limit = 34 / item.scale
      let width = 2 * limit / 64
      var counts = [Double](repeating: 0, count: 64)
      for score in scores {
        let bin = Int(((score / item.scale + limit) / width).rounded(.down))
        if counts.indices.contains(bin) { counts[bin] += 1 }
      }
      let edges = (0...64).map { -limit + width * Double($0) }
      let n = Double(scores.count)
      // The probability of a bin by Simpson's rule.
      let expected = counts.indices.map { i in
        let (a, b) = (edges[i], edges[i + 1])
        return n * (b - a) / 6 * (density(a) + 4 * density((a + b) / 2) + density(b))
      }
      let residuals = zip(counts, expected).map { $0.squareRoot() - $1.squareRoot() }
      let grid = (0...120).map { -4.25 + 8.5 * Double($0) / 120 }
      return Panel(
        item.name,
        caption: LocalText(
          "sd \(NumberFormat.text.string(8 / item.scale)) · excess kurtosis −0.02",
          "标准差 \(NumberFormat.text.string(8 / item.scale)) · 超额峰度 −0.02"),
        strip: Strip(LocalText("√observed − √expected; grey: ±2", "√观测数 − √期望数；灰色：±2"), reach: 6) {
          Region(y: (-2, 2))
          Steps(
            LocalText("residuals, \(item.name.english)", "残差，\(item.name.chinese)"), edges: edges,
            heights: residuals, key: index)
        }
      ) {
        Steps(
          item.name, edges: edges, heights: counts.map { $0 / n / width }, key: index,
          weight: index == 1 ? .hero : .normal)
        Line(
          LocalText(same: "N(0, 1)"), x: grid, y: grid.map(density), key: nil,
          label: index == 0 ? .along(LocalText(same: "N(0, 1)"), near: 2) : .none)
      }
    }
    return Chart(
      title: LocalText(
        "Only √d brings the logits to a standard normal: standard deviation 1.00",
        "只有除以 √d 才让 logits 服从标准正态：标准差 1.00"),
      subtitle: LocalText(
        "Density of 32,768 logits q·k / scale, d = 64", "32,768 个 logits q·k / scale 的密度，d = 64"),
      x: .linear(LocalText("logit", "logit"), domain: .data), y: .linear(LocalText("density", "密度")),
      facets: Facets(x: .within(4), panels: panels), source: source)
  }()

  /// Weights of 256 queries on 512 keys, sorted within a query, per scale.
  private static let weights: [[[Double]]] = {
    var generator = SplitMix(state: 7)
    let logits = (0..<256).map { _ in (0..<512).map { _ in 8 * generator.normal() } }
    return scales.map { item in
      logits.map { row in softmax(row.map { $0 / item.scale }, floor: 0x1p-50).sorted(by: >) }
    }
  }()

  static let sorted: Chart = {
    let ranks = (1...512).map(Double.init)
    func quantiles(_ s: Int, _ p: Double) -> [Double] {
      ranks.indices.map { r in quantile(weights[s].map { $0[r] }.sorted(), p) }
    }
    let above = [0, 1].map { s in quantiles(s, 0.5).filter { $0 > 1.0 / 512 }.count }
    let reason = LocalText("below 2⁻⁵⁰", "小于 2⁻⁵⁰")
    return Chart(
      title: LocalText(
        "Divided by √d, \(above[1]) keys get more than their share; undivided, \(above[0])",
        "除以 √d 后 \(above[1]) 个键超过平均权重，不缩放时只有 \(above[0]) 个"),
      subtitle: LocalText("Attention weight by rank, median of 256 queries", "按名次排列的注意力权重，256 个查询的中位数"),
      x: .log(LocalText("rank of the key", "键的名次"), ticks: .including([Tick(512, LocalText(same: "512"))])),
      y: .log(LocalText("attention weight", "注意力权重")), source: source
    ) {
      Band(
        LocalText("5–95 % of queries (√d)", "5–95 % 的查询（√d）"), x: ranks, low: quantiles(1, 0.05),
        high: quantiles(1, 0.95), level: 0.9, key: 1)
      Band(
        LocalText("25–75 %", "25–75 %"), x: ranks, low: quantiles(1, 0.25), high: quantiles(1, 0.75),
        level: 0.5, key: 1)
      for (index, item) in scales.enumerated() {
        Line(
          item.name, x: ranks, y: quantiles(index, 0.5), key: index, weight: index == 1 ? .hero : .normal,
          nonPositive: .omit(because: reason))
      }
      Rule(y: 1.0 / 512, label: LocalText("uniform 1/n", "均匀 1/n"))
    }
  }()

  static let cumulative: Chart = {
    let ks = (1...512).map(Double.init)
    let sums = weights.map { queries -> [Double] in
      var total = 0.0
      return ks.indices.map { r in
        total += queries.map { $0[r] }.reduce(0, +) / Double(queries.count)
        return min(total, 1)
      }
    }
    let k90 = sums.map { column in Double((column.firstIndex { $0 >= 0.9 } ?? 511) + 1) }
    return Chart(
      title: LocalText(
        "90 % of the attention: \(Int(k90[0])) keys undivided, \(Int(k90[1])) divided by √d",
        "90 % 的注意力：不缩放时 \(Int(k90[0])) 个键，除以 √d 后 \(Int(k90[1])) 个"),
      subtitle: LocalText("Mean weight of the k largest keys together, n = 512", "最大的 k 个键的平均权重之和，n = 512"),
      x: .log(LocalText("k, largest keys first", "k，从最大的键数起"), base: .two, domain: .exact(low: 1, high: 512)),
      y: .linear(
        LocalText("share of the attention", "注意力占比"), domain: .exact(low: 0, high: 1), format: .percent),
      source: source
    ) {
      for (index, item) in scales.enumerated() {
        let text = "\(item.name.english) · k90 = \(Int(k90[index]))"
        Line(
          item.name, x: ks, y: sums[index], key: index, weight: index == 1 ? .hero : .normal,
          label: .along(LocalText(text, text.replacing("none", with: "不缩放")), near: k90[index]))
        Dots(
          LocalText("90 %, \(item.name.english)", "90 %，\(item.name.chinese)"), x: [k90[index]],
          y: [sums[index][Int(k90[index]) - 1]], key: index)
      }
      Rule(y: 0.5, label: LocalText(same: "50%"))
      Rule(y: 0.9, label: LocalText(same: "90%"))
    }
  }()

  static let bars: Chart = {
    var generator = SplitMix(state: 3)
    let scores = (0..<12).map { _ in 6 * generator.normal() }
    let panels = scales.enumerated().map { index, item in
      let weights = softmax(scores.map { $0 / item.scale })
      let top = weights.max() ?? 0
      return Panel(
        item.name,
        caption: LocalText("max \(NumberFormat.text.string(top))", "最大 \(NumberFormat.text.string(top))")
      ) {
        Bars(LocalText("weight", "权重"), y: weights, key: index)
        Rule(y: 1 / 12, label: index == 0 ? LocalText("uniform 1/n", "均匀 1/n") : nil)
      }
    }
    return Chart(
      title: LocalText("Undivided, one of 12 keys takes nearly everything", "不缩放时，12 个键中的一个几乎独占"),
      subtitle: LocalText("Attention weights of one query", "一个查询的注意力权重"),
      x: .band(LocalText("key", "键"), (1...12).map { LocalText(same: "\($0)") }),
      y: .linear(LocalText("attention weight", "注意力权重"), domain: .exact(low: 0, high: 1)),
      facets: Facets(panels: panels), source: source)
  }()

  static let ranges: Chart = {
    let rows = [
      LocalText("none, as it is", "不缩放，原样"), LocalText("none, maximum subtracted", "不缩放，减去最大值"),
      LocalText("√d, as it is", "√d，原样"), LocalText("√d, maximum subtracted", "√d，减去最大值"),
    ]
    return Chart(
      title: LocalText("Without scaling, e^x leaves the range of float16", "不缩放时，e^x 超出 float16 的范围"),
      subtitle: LocalText(
        "Range of e^x over 131,072 logits: thin least to greatest, thick 5–95 %, dot median",
        "131,072 个 logits 的 e^x 范围：细线为最小到最大，粗线为 5–95 %，点为中位数"),
      x: .log(LocalText("e^x", "e^x"), domain: .exact(low: 1e-45, high: 1e39)),
      y: .band(LocalText("", ""), rows),
      source: source
    ) {
      Interval(
        LocalText("e^x", "e^x"), .horizontal, at: [0, 1, 2, 3], low: [3e-16, 1e-31, 0.012, 2e-4],
        high: [9e15, 1, 83, 1], innerLow: [2e-6, 3e-21, 0.19, 4e-3], innerHigh: [5e5, 4e-9, 5.2, 0.08],
        middle: [1, 8e-15, 1, 0.017],
        labels: [
          LocalText("up to 9.0×10¹⁵", "最大 9.0×10¹⁵"), LocalText("up to 1", "最大 1"),
          LocalText("up to 83", "最大 83"),
          LocalText("up to 1", "最大 1"),
        ], key: 0)
      Rule(x: 65504, label: LocalText("float16 max 65,504", "float16 最大 65,504"))
      Rule(x: 3.4e38, label: LocalText("float32 max 3.4×10³⁸", "float32 最大 3.4×10³⁸"))
      Rule(x: 1.2e-38, label: LocalText("float32 min 1.2×10⁻³⁸", "float32 最小 1.2×10⁻³⁸"))
      Rule(x: 6.1e-5, label: LocalText("float16 min 6.1×10⁻⁵", "float16 最小 6.1×10⁻⁵"))
    }
  }()

  static let measure: Chart = {
    let d: [Double] = [16, 32, 64, 128, 256, 512, 1024]
    let measured = [4.02, 5.62, 8.03, 11.28, 16.05, 22.58, 32.1]
    let error = measured.map { $0 * 0.012 }
    let uniform = [1.34, 1.87, 2.68, 3.76, 5.31, 7.52, 10.66]
    return Chart(
      title: LocalText("The spread of q·k grows as √d: 8.03 at d = 64", "q·k 的标准差按 √d 增长：d = 64 时为 8.03"),
      subtitle: LocalText(
        "Standard deviation of q·k, 32 trials, error bars: ±2 standard errors", "q·k 的标准差，32 次试验，误差线：±2 倍标准误"),
      x: .log(LocalText("head dimension d", "头维度 d"), base: .two),
      y: .log(LocalText("standard deviation of q·k", "q·k 的标准差")),
      colour: .nominal, notes: [Note(LocalText("d = 64: 8.03", "d = 64：8.03"), x: 64, y: 8.03)],
      source: source
    ) {
      Line(
        LocalText("theory √d", "理论 √d"), x: [16, 1024], y: [4, 32], key: nil,
        label: .along(LocalText("theory √d", "理论 √d"), near: 300))
      Interval(
        LocalText("normal ±2 se", "正态 ±2 标准误"), .vertical, at: d,
        low: zip(measured, error).map { $0 - 2 * $1 },
        high: zip(measured, error).map { $0 + 2 * $1 }, key: 0)
      Line(LocalText("normal entries", "正态元素"), x: d, y: measured, key: 0, weight: .hero)
      Dots(LocalText("normal entries", "正态元素"), x: d, y: measured, key: 0)
      Line(LocalText("uniform entries", "均匀元素"), x: d, y: uniform, key: 1)
      Dots(LocalText("uniform entries", "均匀元素"), x: d, y: uniform, key: 1)
    }
  }()
}

/// Maps of cells.
extension Samples {
  /// Weights of 64 queries on 64 keys that look near themselves, one row after the other.
  static func attentionWeights(_ n: Int, isCausal: Bool, seed: UInt64, reach: Double = 6) -> [Double] {
    var generator = SplitMix(state: seed)
    var values: [Double] = []
    for query in 0..<n {
      let logits = (0..<n).map { key -> Double in
        let sink = key == 0 ? 1.5 : 0
        return 1.5 * generator.normal() - abs(Double(query - key)) / reach + sink
      }
      let visible = isCausal ? Array(logits[...query]) : logits
      values += softmax(visible) + [Double](repeating: .nan, count: n - visible.count)
    }
    return values
  }

  static func effectiveKeys(_ values: [Double], columns: Int) -> [Double] {
    stride(from: 0, to: values.count, by: columns).map { start in
      let row = values[start..<(start + columns)].filter { $0 > 0 }
      return exp(-row.map { $0 * log($0) }.reduce(0, +))
    }
  }

  private static func map(_ title: LocalText, n: Int, heat: Heat) -> Chart {
    Chart(
      title: title,
      subtitle: LocalText("Attention weights, d = 64, \(n) positions", "注意力权重，d = 64，\(n) 个位置"),
      x: .cells(LocalText("key", "键"), count: n), y: .cells(LocalText("query", "查询"), count: n),
      aspect: .square, source: source
    ) { heat }
  }

  static let attention: Chart = {
    let values = attentionWeights(64, isCausal: false, seed: 13)
    let keys = effectiveKeys(values, columns: 64)
    return map(
      LocalText("Each query attends to its neighbours and to key 0", "每个查询主要关注邻近的键和第 0 个键"), n: 64,
      heat: Heat(
        LocalText("attention weight", "注意力权重"), columns: 64, values: values,
        rowStrip: Heat.RowStrip(LocalText("effective keys", "等效键数"), values: keys)))
  }()

  static let causal: Chart = {
    let values = attentionWeights(32, isCausal: true, seed: 17)
    let keys = effectiveKeys(values, columns: 32)
    return map(
      LocalText("Under a causal mask the first queries have few keys to choose from", "因果掩码下，前面的查询可选的键很少"),
      n: 32,
      heat: Heat(
        LocalText("attention weight", "注意力权重"), columns: 32, values: values,
        colour: .log, blank: LocalText("masked: later keys", "被掩盖：后面的键"),
        rowStrip: Heat.RowStrip(LocalText("effective keys", "等效键数"), values: keys)))
  }()

  static let sweep: Chart = {
    let dimensions = [16, 32, 64, 128, 256, 512]
    let factors = ["0.25", "0.5", "1", "2", "4"]
    let values = factors.indices.flatMap { f in
      dimensions.indices.map { d in
        let distance = Double(f - 2)
        return (distance < 0 ? 0.11 : 0.05) * distance * distance * (1 + 0.1 * Double(d))
          - (f == 3 ? 0.07 : 0)
      }
    }
    return Chart(
      title: LocalText(
        "A quarter of √d costs up to 0.66 nat, twice √d nothing", "除数为 √d 的四分之一时损失最多高 0.66 nat，为其两倍时不高"),
      subtitle: LocalText("Difference of the loss after 2,000 steps", "训练 2,000 步后的损失之差"),
      x: .band(LocalText("head dimension d", "头维度 d"), dimensions.map { LocalText(same: "\($0)") }),
      y: .band(LocalText("scale factor c", "缩放系数 c"), factors.map { LocalText(same: $0) }), source: source
    ) {
      Heat(
        LocalText("difference of the loss", "损失之差"), columns: 6, values: values,
        colour: .diverging(middle: 0),
        rings: 1)
    }
  }()

  static let heads: Chart = {
    let panels = (0..<4).map { head in
      Panel(LocalText("head \(head + 1)", "第 \(head + 1) 个头")) {
        Heat(
          LocalText("attention weight", "注意力权重"), columns: 24,
          values: attentionWeights(
            24, isCausal: true, seed: UInt64(head + 40), reach: [1, 3, 9, 27][head]),
          blank: LocalText("masked", "被掩盖"), rings: 0)
      }
    }
    return Chart(
      title: LocalText("Four heads reach from 1 to 27 positions back", "四个头回看的距离从 1 到 27 个位置"),
      subtitle: LocalText("Attention weights under a causal mask", "因果掩码下的注意力权重"),
      x: .cells(LocalText("key", "键"), count: 24), y: .cells(LocalText("query", "查询"), count: 24),
      facets: Facets(columns: 2, panels: panels), source: source)
  }()
}

/// Pages to look at.
///
/// Written only where `CHART_GALLERY` names a folder.
enum Gallery {
  private static func page(_ body: String, _ language: Language) -> String {
    """
    <!doctype html><html lang="\(language.tag)"><meta charset="utf-8"><title>Charts</title>
    <meta name="viewport" content="width=device-width">
    <style>\(ChartStyleSheet.css)
    :root{color-scheme:light dark}
    body{margin:0 auto;max-width:44rem;padding:1rem;background:var(--ch-bg);color:var(--ch-ink);font:16px Arial,sans-serif}
    </style><body>\(body)</body></html>
    """
  }

  static func write(to folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for language in Language.allCases {
      var body = ""
      for (index, sample) in Samples.all.enumerated() {
        let figure = try sample.chart.figureHTML(ordinal: index + 1, language: language).text
        body += figure
        try Data(page(figure, language).utf8).write(
          to: URL(fileURLWithPath: "\(folder)/\(language.tag)-\(sample.name).html"))
        let svg = try sample.chart.standaloneSVG(language: language)
        try Data(svg).write(to: URL(fileURLWithPath: "\(folder)/\(sample.name).\(language.tag).svg"))
      }
      try Data(page(body, language).utf8).write(to: URL(fileURLWithPath: "\(folder)/\(language.tag).html"))
      let frame = """
        <!doctype html><meta charset="utf-8"><body style="margin:0">
        <iframe src="\(language.tag).html" style="border:0;width:360px;height:5000px"></iframe>
        """
      try Data(frame.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(language.tag)-360.html"))
    }
  }
}
