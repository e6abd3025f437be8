import AttentionKernel
import SVGChart
import Wording

/// The figures of `initialization`.
struct InitializationCharts {
  let experiment: Initializations
  let summaries: [InitializationEnsemble.Summary]

  private var source: LocalText {
    .source(
      "initialization",
      samples: "\(experiment.trials) draws of Wq and Wk, \(experiment.inputs) queries and keys each, "
        + "\(experiment.heads) heads",
      chineseSamples: "抽取 Wq、Wk \(experiment.trials) 次，每次 \(experiment.inputs) 个查询和键，\(experiment.heads) 个头",
      seed: experiment.seed)
  }

  /// The summaries at one model dimension, in the order of the initialisations.
  private func summaries(at dimension: Int) -> [InitializationEnsemble.Summary] {
    summaries.filter { $0.ensemble.modelDimension == dimension }
  }

  /// A row per initialisation at the first model dimension: measured with its error, exact, and c in words.
  func logits() -> Chart {
    let dimension = experiment.modelDimensions[0]
    let rows = summaries(at: dimension)
    let places = rows.indices.map { Double($0) }
    let errors = rows.map { 2 * ($0.deviation.standardError ?? 0) }
    let values = rows.map(\.deviation.value)
    let (least, greatest) = (values.min() ?? 1, values.max() ?? 1)
    let packed = rows.first { $0.ensemble.initialization == .glorotPacked }
    let linear = rows.first { $0.ensemble.initialization == .linear }
    let (first, second) = (packed?.scaleFactor.value.inText ?? "", linear?.scaleFactor.value.inText ?? "")
    return Chart(
      title: LocalText(
        "PyTorch's attention starts as if divided by \(first)√d, with Linear layers by \(second)√d",
        "PyTorch 的注意力一开始就相当于除以 \(first)√d，用 Linear 层则是 \(second)√d"),
      subtitle: LocalText(
        "Standard deviation of the logits before training, d_model = \(dimension.grouped), \(experiment.heads) heads; "
          + "coloured: measured ± 2 standard errors, grey: exact",
        "训练前 logits 的标准差，d_model = \(dimension.grouped)，\(experiment.heads) 个头；彩色：实测值 ± 2 个标准误，灰色：精确值"),
      // Room for the words to the right of the last point.
      x: .log(
        LocalText("standard deviation of the logits", "logits 的标准差"), base: .two,
        domain: .exact(low: min(least, 0.25) / 1.2, high: max(greatest, 2) * 3)),
      y: .band(LocalText("initialisation", "初始化"), rows.map(\.ensemble.initialization.words)),
      colour: .single, source: source
    ) {
      for (multiple, label) in [(1.0, "√d"), (2, "2√d"), (3, "3√d")] {
        Rule(x: 1 / multiple, label: LocalText(same: label))
      }
      Interval(
        LocalText("measured ± 2 standard errors", "实测值 ± 2 个标准误"), .horizontal, at: places,
        low: zip(values, errors).map { max($0 - $1, $0 / 10) }, high: zip(values, errors).map { $0 + $1 },
        middle: values,
        labels: rows.map {
          LocalText(same: "\($0.deviation.value.inText) · c = \($0.scaleFactor.value.inText)")
        }, key: 0)
      // Last, to be seen inside the rings of what was measured.
      Dots(LocalText("exact", "精确值"), x: rows.map(\.expectedDeviation), y: places, key: nil)
    }
  }

  /// The standard deviation against the model dimension; initialisations whose lines fall together share one.
  func modelDimension() -> Chart {
    let dimensions = experiment.modelDimensions.sorted()
    let groups = self.groups(dimensions)
    let fixed = summaries.filter { $0.ensemble.initialization == .fixed }
      .sorted { $0.ensemble.modelDimension < $1.ensemble.modelDimension }
    let (low, high) = (fixed[0], fixed[fixed.count - 1])
    return Chart(
      title: LocalText(
        "A fixed 0.02 starts at \(low.deviation.value.inText) or \(high.deviation.value.inText), by model size; "
          + "the other rules hardly care",
        "固定取 0.02 时，起点随模型大小从 \(low.deviation.value.inText) 变到 \(high.deviation.value.inText)；其余规则几乎不受大小影响"),
      subtitle: LocalText(
        "Standard deviation of the logits before training, \(experiment.heads) heads; lines exact, dots measured",
        "训练前 logits 的标准差，\(experiment.heads) 个头；线为精确值，点为实测值"),
      x: .log(
        LocalText("d_model", "d_model"), base: .two,
        ticks: .including(dimensions.map { Tick(Double($0), LocalText(same: $0.grouped)) })),
      y: .log(LocalText("standard deviation", "标准差"), base: .two), colour: .nominal, source: source
    ) {
      for (key, group) in groups.enumerated() {
        Line(
          group.name, x: dimensions.map { Double($0) }, y: group.expected, key: key,
          weight: group.members.contains(.fixed) ? .hero : .normal)
      }
      for (key, group) in groups.enumerated() {
        for member in group.members {
          Dots(
            member.words, x: dimensions.map { Double($0) },
            y: dimensions.compactMap { dimension in
              summaries(at: dimension).first { $0.ensemble.initialization == member }?.deviation.value
            }, key: key)
        }
      }
    }
  }

  /// Initialisations with one exact line.
  private struct Group {
    var members: [Initialization]
    let expected: [Double]

    var name: LocalText {
      LocalText(
        members.map(\.rawValue).joined(separator: ", "), members.map(\.rawValue).joined(separator: "、"))
    }
  }

  /// The one that depends on the dimension first: four hues are all there are, and it must have one.
  private func groups(_ dimensions: [Int]) -> [Group] {
    var groups: [Group] = []
    for initialization in [.fixed] + Initialization.allCases.filter({ $0 != .fixed }) {
      let expected = dimensions.compactMap { dimension in
        summaries(at: dimension).first { $0.ensemble.initialization == initialization }?.expectedDeviation
      }
      let same = groups.firstIndex { group in
        zip(group.expected, expected).allSatisfy { abs($0 - $1) < 1e-9 * $0 }
      }
      if let same {
        groups[same].members.append(initialization)
      } else {
        groups.append(Group(members: [initialization], expected: expected))
      }
    }
    return groups
  }
}
