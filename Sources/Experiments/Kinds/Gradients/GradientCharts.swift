import AttentionKernel
import SVGChart
import Wording

/// The figures of `gradients`.
struct GradientCharts {
  let summary: GradientSummary

  private var ensemble: GradientEnsemble { summary.ensemble }

  private var source: LocalText {
    .source(
      "gradients",
      samples:
        "d = \(ensemble.headDimension), \(ensemble.keys.grouped) keys, \(ensemble.queries.grouped) queries over "
        + "\(ensemble.trials) key sets",
      chineseSamples:
        "d = \(ensemble.headDimension)，\(ensemble.keys.grouped) 个键，\(ensemble.queries.grouped) 个查询，"
        + "\(ensemble.trials) 组键", seed: ensemble.seed)
  }

  /// The scale that a figure is about: the reference where it is there, else the first.
  private var hero: Int {
    summary.scales.firstIndex { $0.scale == ensemble.reference } ?? 0
  }

  /// How large the diagonal entries are: shares in bins of equal ratio, one line a scale, the bound ¼ as a rule.
  func entries() -> Chart {
    let main = summary.scales[hero]
    let edges = (ensemble.edges[0], ensemble.edges[ensemble.edges.count - 1])
    let median = main.distribution(of: .diagonalEntries).histogram.quantile(0.5).inText
    let inside = main.distribution(of: .diagonalEntries).shares.reduce(0) { $0 + $1.value }
    let percent = Self.percent(inside)
    let range = "\(edges.0.machineText)–\(edges.1.machineText)"
    // Below a millionth of an equal share, what matters is only how much lies there.
    let least = 1e-6 / Double(ensemble.keys)
    let steps = summary.scales.map {
      $0.distribution(of: .diagonalEntries).histogram.shares(every: 32, from: least)
    }
    // An interval from 0 on begins where the figure does.
    let left = max(edges.0, steps.compactMap { $0.edges.first }.min() ?? edges.0)
    let right = min(edges.1, 0.25)
    return Chart(
      title: LocalText(
        "At \(main.scale.words.english), half of the entries p(1 − p) are below \(median); \(percent) lie in \(range)",
        "\(main.scale.words.chinese) 时，一半的 p(1 − p) 小于 \(median)；落在 \(range) 的占 \(percent)"),
      subtitle: LocalText(
        "Share of the diagonal entries of the softmax Jacobian in each half octave; none can exceed ¼, the last rule",
        "softmax 雅可比对角元素落在各个半倍频程内的比例；都不超过 ¼（最右的参考线）")
        + ensemble.normalization.remark,
      x: .log(LocalText("p(1 − p)", "p(1 − p)"), base: .ten),
      y: .linear(LocalText("share of the entries", "元素的比例"), includesZero: true, format: .percent),
      remarks: summary.scales.compactMap { remark($0, below: least) }, source: source
    ) {
      if left < right { Region(x: (left, right), label: LocalText(same: range)) }
      Rule(x: 0.25)
      Rule(x: 1 / Double(ensemble.keys), label: LocalText("1/n", "1/n"))
      for (key, scale) in summary.scales.enumerated() {
        let (bins, shares) = steps[key]
        if !bins.isEmpty {
          Steps(
            scale.scale.words, edges: bins, heights: shares, key: key, weight: key == hero ? .hero : .normal,
            filled: false)
        }
      }
    }
  }

  private func remark(_ scale: GradientSummary.AtScale, below least: Double) -> LocalText? {
    let shares = scale.distribution(of: .diagonalEntries).histogram.shares(every: 32, from: least).shares
    let beyond = 1 - shares.reduce(0, +)
    guard beyond > 0.001 else { return nil }
    let percent = Self.percent(beyond)
    let bound = NumberFormat.significant(1).string(least)
    return LocalText(
      "\(scale.scale.words.english): \(percent) of the entries lie further left, below \(bound).",
      "\(scale.scale.words.chinese)：还有 \(percent) 的元素在图左之外，小于 \(bound)。")
  }

  /// The norm of ∂p/∂q over the queries, one row a scale: 5–95 %, 25–75 %, median.
  func queryGradient() -> Chart {
    let norms = summary.scales.map { $0.distribution(of: .queryGradients).histogram }
    // Nothing but zeros can stand on a logarithmic axis.
    let largest = norms.map { $0.quantile(0.95) }.max() ?? 1
    let floor = largest * 1e-6
    func ends(_ probability: Double) -> [Double] { norms.map { max(floor, $0.quantile(probability)) } }
    let labels = summary.scales.map { scale in
      LocalText(
        "mean \(scale.queryGradient.mean.value.inText)", "均值 \(scale.queryGradient.mean.value.inText)")
    }
    return Chart(
      title: queryGradientTitle,
      subtitle: LocalText(
        "‖∂p/∂q‖ over the queries. Thin: 5–95%, thick: 25–75%, dot: median",
        "各查询的 ‖∂p/∂q‖。细线：5–95%，粗线：25–75%，圆点：中位数")
        + ensemble.normalization.remark,
      x: .log(
        LocalText("‖∂p/∂q‖", "‖∂p/∂q‖"),
        domain: .exact(low: (ends(0.05).min() ?? floor) / 1.5, high: largest * 12)),
      y: .band(summary.scales[0].scale.axisName, summary.scales.map(\.scale.words)), colour: .single,
      aspect: .strip, source: source
    ) {
      Interval(
        LocalText("5–95% of the queries", "5–95% 的查询"), .horizontal,
        at: summary.scales.indices.map { Double($0) }, low: ends(0.05), high: ends(0.95),
        innerLow: ends(0.25), innerHigh: ends(0.75), middle: ends(0.5), labels: labels, key: 0)
    }
  }

  private var queryGradientTitle: LocalText {
    let reference = ensemble.reference
    let others = summary.scales.filter { $0.scale != reference }
    guard !others.isEmpty else {
      let mean = summary.scales[hero].queryGradient.mean.value.inText
      return LocalText(
        "At \(reference.words.english), the gradient to the query averages \(mean)",
        "\(reference.words.chinese) 时，对查询的梯度平均为 \(mean)")
    }
    func part(_ scale: GradientSummary.AtScale, _ language: Language) -> String {
      "\(scale.scale.words[language]) \(scale.queryGradient.ratio.value.inText)×"
    }
    let english = others.map { part($0, .english) }.joined(separator: ", ")
    let chinese = others.map { part($0, .chinese) }.joined(separator: "，")
    return LocalText(
      "Gradient to the query, compared with \(reference.words.english): \(english)",
      "对查询的梯度，与 \(reference.words.chinese) 相比：\(chinese)")
  }

  /// Trace, Frobenius and spectral norm of J by scale.
  func norms() -> Chart {
    let positions = summary.scales.indices.map { Double($0) }
    let series: [(LocalText, (GradientSummary.AtScale) -> GradientSummary.Compared)] = [
      (LocalText("trace", "迹"), \.trace), (LocalText("Frobenius norm", "Frobenius 范数"), \.frobeniusNorm),
      (LocalText("spectral norm", "谱范数"), \.spectralNorm),
    ]
    let values = summary.scales.map(\.frobeniusNorm.mean.value)
    let largest = values.indices.max { values[$0] < values[$1] } ?? 0
    let scale = summary.scales[largest].scale.words
    let plural =
      ensemble.normalization == .unitLength ? LocalText("factors", "g") : LocalText("scales", "scale")
    return Chart(
      title: LocalText(
        "Of these \(plural.english), \(scale.english) has the largest Jacobian: ‖J‖ = \(values[largest].inText)",
        "这几个 \(plural.chinese) 中，\(scale.chinese) 的雅可比最大：‖J‖ = \(values[largest].inText)"),
      subtitle: LocalText(
        "Mean over the queries, ±2 standard errors; n = \(ensemble.keys.grouped)",
        "各查询的均值，±2 个标准误；n = \(ensemble.keys.grouped)")
        + ensemble.normalization.remark,
      x: .band(summary.scales[0].scale.axisName, summary.scales.map(\.scale.words)),
      y: .linear(LocalText("size", "大小"), includesZero: true), colour: .nominal, source: source
    ) {
      for (key, (name, measure)) in series.enumerated() {
        let means = summary.scales.map { measure($0).mean }
        let errors = means.map { 2 * ($0.standardError ?? 0) }
        Line(name, x: positions, y: means.map(\.value), key: key)
        Interval(
          LocalText("±2 standard errors", "±2 个标准误"), .vertical, at: positions,
          low: zip(means, errors).map { $0.value - $1 }, high: zip(means, errors).map { $0.value + $1 },
          key: key)
        Dots(name, x: positions, y: means.map(\.value), key: key)
      }
    }
  }

  /// A share as a percentage with two digits, or as less than the smallest that is worth a digit.
  private static func percent(_ share: Double) -> String {
    if share == 0 { return "0%" }
    if share < 0.00001 { return "<0.001%" }
    return NumberFormat.significant(2).string(share * 100) + "%"
  }
}
