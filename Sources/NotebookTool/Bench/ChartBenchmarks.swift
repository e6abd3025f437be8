import AttentionKernel
import Foundation
import MarkupWriter
import SVGChart
import Wording

/// The charts' jobs: from a chart as a value to the bytes of its picture, or of its whole figure.
///
/// The data are those of `peer_charts.py`, which times other chart libraries: the same generator, the same formulas.
enum ChartBenchmarks {
  /// All jobs, in the order in which they are shown.
  static let all: [BenchmarkJob] = [
    picture(
      "curve",
      LocalText(
        "four sorted softmax curves of 512 keys, log-log, labelled at their ends",
        "四条 512 个键的 softmax 排序曲线，双对数，线端标签"),
      values: 4 * 512, chart: { curve }),
    picture(
      "hist",
      LocalText(
        "four histograms of 64 bins with the normal density and a strip of residuals", "四个 64 组的直方图，含正态密度和残差条"
      ),
      values: 4 * 64, chart: { histograms }),
    picture(
      "heat", LocalText("64 × 64 attention weights with a ramp and rings", "64 × 64 的注意力权重，含色标和圈注"),
      values: 64 * 64,
      chart: { heat }),
    figure("figure_curve", values: 4 * 512, chart: { curve }),
    figure("figure_hist", values: 4 * 64, chart: { histograms }),
    figure("figure_heat", values: 64 * 64, chart: { heat }),
  ]

  /// The wide picture of a chart, for a page.
  private static func picture(
    _ name: String, _ summary: LocalText, values: Int, chart: @escaping @Sendable () -> Chart
  ) -> BenchmarkJob {
    job(name, summary, values: values, chart: chart) { chart in
      let plan = try Plan(chart)
      return plan.svg(
        figure: 1, title: chart.title.english, description: chart.description(.english), language: .english)
    }
  }

  private static func figure(
    _ name: String, values: Int, chart: @escaping @Sendable () -> Chart
  ) -> BenchmarkJob {
    job(
      name,
      LocalText("the whole figure: both layouts, a table of 40 rows, the download", "整个图：两种版式、40 行数据表和下载"),
      values: values, chart: chart
    ) { try $0.figureHTML(ordinal: 1, language: .english) }
  }

  private static func job(
    _ name: String, _ summary: LocalText, values: Int, chart: @escaping @Sendable () -> Chart,
    draw: @escaping @Sendable (Chart) throws -> RawMarkup
  ) -> BenchmarkJob {
    BenchmarkJob(
      name, summary, work: .elements(Double(values)), input: chart,
      run: { (chart, _) throws in try draw(chart) },
      check: { [Double($0.text.utf8.count), checksum] })
  }

  /// What a job makes, to look at and to measure elsewhere.
  static func file(_ name: String) throws -> (name: String, bytes: [UInt8])? {
    func svg(_ chart: Chart) throws -> [UInt8] {
      let plan = try Plan(chart)
      let markup = plan.svg(
        figure: 1, title: chart.title.english, description: chart.description(.english), language: .english)
      return Array(markup.text.utf8)
    }
    switch name {
    case "curve": return ("curve.svg", try svg(curve))
    case "hist": return ("hist.svg", try svg(histograms))
    case "heat": return ("heat.svg", try svg(heat))
    case "figure_curve":
      return ("figure_curve.html", Array(try curve.figureHTML(ordinal: 1, language: .english).text.utf8))
    case "figure_hist":
      return ("figure_hist.html", Array(try histograms.figureHTML(ordinal: 1, language: .english).text.utf8))
    case "figure_heat":
      return ("figure_heat.html", Array(try heat.figureHTML(ordinal: 1, language: .english).text.utf8))
    default: return nil
    }
  }

  // MARK: Data

  /// Standard normal numbers by Box and Muller from a linear congruential generator, as the peers' program makes them.
  private static func normals(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) + 0.5) * 0x1p-53
    }
    var result: [Double] = []
    while result.count < count {
      let (u, v) = (next(), next())
      let radius = (-2 * log(u)).squareRoot()
      result += [radius * cos(2 * .pi * v), radius * sin(2 * .pi * v)]
    }
    return Array(result.prefix(count))
  }

  private static func softmax(_ logits: [Double]) -> [Double] {
    let top = logits.max() ?? 0
    let powers = logits.map { exp($0 - top) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  private static let scales: [(name: LocalText, divisor: Double)] = [
    (LocalText(same: "1"), 1), (LocalText(same: "√d"), 8), (LocalText(same: "2√d"), 16),
    (LocalText(same: "3√d"), 24),
  ]

  private static let curves: [[Double]] = {
    let dots = normals(512, seed: 7).map { 8 * $0 }
    return scales.map { scale in softmax(dots.map { $0 / scale.divisor }).sorted(by: >).map { max($0, 1e-12) }
    }
  }()

  private static let bins: [(low: Double, width: Double, densities: [Double])] = {
    let raw = normals(20_000, seed: 11).map { 8 * $0 }
    return scales.map { scale in
      let (low, high) = (-32 / scale.divisor, 32 / scale.divisor)
      let width = (high - low) / 64
      var counts = [Double](repeating: 0, count: 64)
      for value in raw {
        // Towards zero, as the peers' program counts.
        let bin = Int((value / scale.divisor - low) / width)
        if counts.indices.contains(bin) { counts[bin] += 1 }
      }
      return (low, width, counts.map { $0 / (Double(raw.count) * width) })
    }
  }()

  private static let cells: [Double] = {
    let z = normals(64 * 64, seed: 13)
    return (0..<64).flatMap { row -> [Double] in
      let logits = (0..<64).map { key -> Double in
        let distance = Double(abs(row - key))
        return 1.5 * z[row * 64 + key] - distance / 6
      }
      return softmax(logits)
    }
  }()

  /// One number over all data, so that one sees that others drew the same: every value times its place.
  static let checksum: Double = {
    let all = curves.flatMap(\.self) + bins.flatMap(\.densities) + cells
    return all.enumerated().reduce(0) { $0 + Double($1.offset % 97 + 1) * $1.element }
  }()

  // MARK: Charts

  private static let source = LocalText("Benchmark · the data of peer_charts.py", "基准测试 · peer_charts.py 的数据")

  private static let curve: Chart = {
    let ranks = (1...512).map { Double($0) }
    return Chart(
      title: LocalText("Sorted attention probabilities", "排序后的注意力概率"),
      subtitle: LocalText("Probability by rank of 512 keys, four scales", "512 个键按名次的概率，四种缩放"),
      x: .log(LocalText("rank", "名次"), ticks: .including([Tick(512, LocalText(same: "512"))])),
      y: .log(LocalText("probability", "概率")), source: source
    ) {
      for (index, scale) in scales.enumerated() {
        Line(scale.name, x: ranks, y: curves[index], key: index, weight: index == 1 ? .hero : .normal)
      }
      Rule(y: 1.0 / 512, label: LocalText("uniform 1/n", "均匀 1/n"))
    }
  }()

  private static let histograms: Chart = {
    let panels = scales.enumerated().map { index, scale -> Panel in
      let (low, width, densities) = bins[index]
      let edges = (0...64).map { low + width * Double($0) }
      let residuals = densities.indices.map { bin in
        let expected =
          ReferenceMath.normalProbability(below: edges[bin + 1])
          - ReferenceMath.normalProbability(below: edges[bin])
        return (densities[bin] * width * 20_000).squareRoot() - (max(expected, 0) * 20_000).squareRoot()
      }
      let grid = (0...120).map { -4 + 8 * Double($0) / 120 }
      return Panel(
        scale.name,
        strip: Strip(LocalText("√observed − √expected; grey: ±2", "√观测数 − √期望数；灰色：±2"), reach: 6) {
          Region(y: (-2, 2))
          Steps(LocalText("residuals", "残差"), edges: edges, heights: residuals, key: index)
        }
      ) {
        Steps(scale.name, edges: edges, heights: densities, key: index, weight: index == 1 ? .hero : .normal)
        Line(
          LocalText(same: "N(0, 1)"), x: grid, y: grid.map(ReferenceMath.normalDensity), key: nil,
          label: index == 0 ? .along(LocalText(same: "N(0, 1)"), near: 2) : .none)
      }
    }
    return Chart(
      title: LocalText("Logit histograms", "logits 的直方图"),
      subtitle: LocalText("Density of 20,000 logits, four scales", "20,000 个 logits 的密度，四种缩放"),
      x: .linear(LocalText(same: "logit"), domain: .data), y: .linear(LocalText("density", "密度")),
      facets: Facets(x: .within(4), panels: panels), source: source)
  }()

  private static let heat = Chart(
    title: LocalText("Attention heat map", "注意力热图"),
    subtitle: LocalText("Attention weights of 64 queries on 64 keys", "64 个查询对 64 个键的注意力权重"),
    x: .cells(LocalText("key", "键"), count: 64), y: .cells(LocalText("query", "查询"), count: 64),
    aspect: .square,
    source: source
  ) { Heat(LocalText("attention weight", "注意力权重"), columns: 64, values: cells) }
}
