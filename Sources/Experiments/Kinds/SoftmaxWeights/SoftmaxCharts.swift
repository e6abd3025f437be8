import AttentionKernel
import SVGChart
import Wording

/// The figures of `softmax`.
struct SoftmaxCharts {
  let summary: SoftmaxSummary

  private var ensemble: SoftmaxEnsemble { summary.ensemble }
  private var uniform: Double { 1 / Double(ensemble.keys) }

  private var source: LocalText {
    .source(
      "softmax",
      samples:
        "d = \(ensemble.headDimension), \(ensemble.keys.grouped) keys, \(ensemble.queries.grouped) queries over "
        + "\(ensemble.trials) key sets",
      chineseSamples:
        "d = \(ensemble.headDimension)，\(ensemble.keys.grouped) 个键，\(ensemble.queries.grouped) 个查询，"
        + "\(ensemble.trials) 组键", seed: ensemble.seed)
  }

  /// The scale that a figure is about: √d where it is there, else the first.
  private var hero: Int {
    summary.scales.firstIndex { $0.scale == .rootHeadDimension } ?? 0
  }

  /// What two scales differ in, for a title: the figure's hero and the scale farthest from it.
  private func contrast(_ value: (SoftmaxSummary.AtScale) -> Double, _ unit: LocalText) -> LocalText {
    let main = summary.scales[hero]
    let mainText = value(main).inText
    let farthest = summary.scales.max { abs(value($0) - value(main)) < abs(value($1) - value(main)) }
    guard let other = farthest, other.scale != main.scale else {
      return LocalText(
        "\(main.scale.subject) leaves \(mainText) \(unit.english)",
        "\(main.scale.words.chinese)：\(mainText) \(unit.chinese)")
    }
    let otherText = value(other).inText
    return LocalText(
      "\(main.scale.subject) keeps \(mainText) \(unit.english) of \(ensemble.keys.grouped); "
        + "\(other.scale.words.english) keeps \(otherText)",
      "\(main.scale.words.chinese)：\(ensemble.keys.grouped) 个键里有 \(mainText) \(unit.chinese)；"
        + "\(other.scale.words.chinese)：\(otherText) \(unit.chinese)")
  }

  /// The weights from the largest to the smallest on log-log axes: medians, and bands for the hero.
  func sortedCurve() -> Chart {
    let ranks = (1...ensemble.keys).map { Double($0) }
    let underflow = NonPositive.omit(because: LocalText("weight underflows to 0", "权重下溢为 0"))
    let rows = summary.scales[hero].curves?.rows ?? 0
    // Weights a thousand times below uniform matter to nobody, and would squeeze everything else.
    let floor = uniform / 1000
    return Chart(
      title: contrast({ $0.effectiveKeys.value }, LocalText("effective keys", "个等效键")),
      subtitle: LocalText(
        "Attention weight by rank: median over \(rows.grouped) queries; bands for \(summary.scales[hero].scale.words.english)",
        "按名次排列的注意力权重：\(rows.grouped) 个查询的中位数；带为 \(summary.scales[hero].scale.words.chinese)")
        + ensemble.normalization.remark,
      x: .log(LocalText("rank", "名次"), base: .ten),
      y: .log(LocalText("weight", "权重"), domain: .exact(low: floor, high: 1)), source: source
    ) {
      Rule(y: uniform, label: LocalText("uniform 1/n", "均匀 1/n"))
      if let curves = summary.scales[hero].curves {
        Band(
          LocalText("5–95% of queries", "5–95% 的查询"), x: ranks, low: curves.quantiles[0],
          high: curves.quantiles[4],
          level: 0.9, key: hero, nonPositive: underflow)
        Band(
          LocalText("25–75% of queries", "25–75% 的查询"), x: ranks, low: curves.quantiles[1],
          high: curves.quantiles[3],
          level: 0.5, key: hero, nonPositive: underflow)
      }
      for (key, scale) in summary.scales.enumerated() {
        if let curves = scale.curves {
          Line(
            scale.scale.words, x: ranks, y: curves.quantiles[2], key: key,
            weight: key == hero ? .hero : .normal, label: label(scale, curves, above: floor),
            nonPositive: underflow)
        }
      }
    }
  }

  /// The name at the end of a curve, or on it where the end lies below the axis.
  private func label(_ scale: SoftmaxSummary.AtScale, _ curve: WeightCurves, above floor: Double) -> LineLabel
  {
    let median = curve.quantiles[2]
    guard let last = median.last, last < floor else { return .automatic }
    return .along(scale.scale.words, near: Double(max(1, median.prefix { $0 > floor * 30 }.count)))
  }

  /// The mass of the k largest weights against k.
  func cumulativeMass() -> Chart {
    let counts = (1...ensemble.keys).map { Double($0) }
    let needed = summary.scales.map { scale in (scale.curves?.meanMass.firstIndex { $0 >= 0.9 } ?? 0) + 1 }
    let (main, other) = (summary.scales[hero], summary.scales[0])
    let title =
      hero == 0
      ? LocalText(
        "\(needed[hero]) of \(ensemble.keys.grouped) keys carry 90% of the attention \(main.scale.condition)",
        "\(main.scale.words.chinese)：\(needed[hero]) 个键承载 90% 的注意力（共 \(ensemble.keys.grouped) 个）")
      : LocalText(
        "90% of the attention: \(needed[0]) key\(needed[0] == 1 ? "" : "s") with \(other.scale.words.english), "
          + "\(needed[hero]) \(main.scale.condition)",
        "承载 90% 的注意力：\(other.scale.words.chinese)只要 \(needed[0]) 个键，\(main.scale.words.chinese) 要 \(needed[hero]) 个"
      )
    return Chart(
      title: title,
      subtitle: LocalText(
        "Mean mass of the k largest weights, k₉₀ = keys that carry 90%", "最大的 k 个权重之和的均值；k₉₀ 为承载 90% 的键数")
        + ensemble.normalization.remark,
      x: .log(
        LocalText("k largest weights", "最大的 k 个权重"), base: .two,
        ticks: .including([Tick(Double(ensemble.keys), LocalText(same: ensemble.keys.grouped))])),
      y: .linear(
        LocalText("mass", "质量"), domain: .exact(low: 0, high: 1),
        ticks: .at([0, 0.25, 0.5, 0.75, 0.9, 1].map { Tick($0, LocalText(same: "\(Int($0 * 100))%")) }),
        format: .percent), source: source
    ) {
      Rule(y: 0.9)
      for (key, scale) in summary.scales.enumerated() {
        if let curves = scale.curves {
          Line(
            scale.scale.words, x: counts, y: curves.meanMass, key: key, weight: key == hero ? .hero : .normal,
            label: .along(
              LocalText(
                "\(scale.scale.words.english) · k₉₀ = \(needed[key])",
                "\(scale.scale.words.chinese) · k₉₀ = \(needed[key])"),
              near: max(1, Double(needed[key]) / 3)))
        }
      }
    }
  }

  /// The weights of one query over few keys, one panel per scale, keys in the same order.
  func bars() -> Chart {
    let names = (1...ensemble.keys).map { LocalText(same: String($0)) }
    let panels = summary.scales.enumerated().map { key, scale in
      let weights = scale.example?.weights ?? []
      let largest = (weights.max() ?? 0).inText
      return Panel(
        scale.scale.words, caption: LocalText("largest weight \(largest)", "最大权重 \(largest)")
      ) {
        Bars(LocalText("weight", "权重"), y: weights, key: key)
        Rule(y: uniform, label: key == 0 ? LocalText("uniform 1/n", "均匀 1/n") : nil)
      }
    }
    let largest = { (scale: SoftmaxSummary.AtScale) in (scale.example?.statistics.maxProbability ?? 0).inText
    }
    let (main, other) = (summary.scales[hero], summary.scales[hero == 0 ? summary.scales.count - 1 : 0])
    return Chart(
      title: LocalText(
        "The same query: largest weight \(largest(main)) \(main.scale.condition), \(largest(other)) with \(other.scale.words.english)",
        "同一个查询：\(main.scale.words.chinese) 时最大权重 \(largest(main))，\(other.scale.words.chinese)时 \(largest(other))"
      ),
      subtitle: LocalText(
        "Attention weights of one query over \(ensemble.keys) keys", "一个查询对 \(ensemble.keys) 个键的注意力权重")
        + ensemble.normalization.remark,
      x: .band(LocalText("key", "键"), names),
      y: .linear(LocalText("weight", "权重"), domain: .exact(low: 0, high: 1)),
      facets: Facets(columns: 2, x: .shared, y: .shared, panels: panels), source: source)
  }
}

extension Scale {
  /// The scale at the start of an English sentence.
  fileprivate var subject: String { self == .none ? "No scaling" : label }

  /// The scale behind what happens there, in English.
  fileprivate var condition: String { self == .none ? "with no scaling" : "at \(label)" }
}
