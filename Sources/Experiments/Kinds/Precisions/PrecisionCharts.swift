import AttentionKernel
import SVGChart
import Wording

/// The figures of `precision`.
struct PrecisionCharts {
  let summary: PrecisionEnsemble.Summary

  private var ensemble: PrecisionEnsemble { summary.ensemble }
  private var spreads: [Double] { ensemble.spreads }

  private var source: LocalText {
    let rows = (ensemble.rows * ensemble.trials).grouped
    return .source(
      "precision", samples: "\(rows) rows of \(ensemble.keys.grouped) keys in \(ensemble.trials) groups",
      chineseSamples: "\(rows) 行，每行 \(ensemble.keys.grouped) 个键，分 \(ensemble.trials) 组", seed: ensemble.seed)
  }

  private func spreadAxis(_ ticks: [Double]) -> Axis {
    .log(
      LocalText("standard deviation of the logits σ", "logits 的标准差 σ"), base: .two,
      ticks: .including(ticks.map { Tick($0, LocalText(same: $0.machineText)) }))
  }

  private func outcomes(
    _ format: FloatFormat, subtractsMaximum: Bool
  ) -> [PrecisionEnsemble.Outcome] {
    summary.outcomes.filter {
      $0.way.format == format && $0.way.subtractsMaximum == subtractsMaximum
    }
  }

  /// The share of rows that are not finite, or all 0.
  private func failures(_ format: FloatFormat, subtractsMaximum: Bool) -> [Double] {
    outcomes(format, subtractsMaximum: subtractsMaximum).map {
      $0.nonFiniteRows.value + $0.emptyRows.value
    }
  }

  /// The first spread at which at least a share of the rows fails, or any row.
  private func spread(failing share: Double = .leastNonzeroMagnitude, _ format: FloatFormat) -> Double? {
    zip(spreads, failures(format, subtractsMaximum: false)).first { $1 >= share }?.0
  }

  private var failuresTitle: LocalText {
    switch (spread(.binary16), spread(.binary32)) {
    case (nil, nil):
      LocalText(
        "Naive softmax loses no row in fp16 or fp32 at the spreads shown",
        "在图中的各个标准差下，直接算 softmax 在 fp16 和 fp32 里都没有失败的行")
    case (let half, let single):
      LocalText(
        "Naive softmax: rows fail in fp16 \(Self.beginning(half).english), in fp32 \(Self.beginning(single).english)",
        "直接算 softmax：fp16 \(Self.beginning(half).chinese)，fp32 \(Self.beginning(single).chinese)")
    }
  }

  private static func beginning(_ spread: Double?) -> LocalText {
    spread.map { LocalText("from σ = \($0.machineText) on", "从 σ = \($0.machineText) 起有行失败") }
      ?? LocalText("nowhere here", "在这里没有行失败")
  }

  /// Rows that fail, one line a format without subtracting, one for all formats with it.
  func failures() -> Chart {
    let shifted = FloatFormat.allCases.map { failures($0, subtractsMaximum: true) }
    let worst = spreads.indices.map { index in shifted.map { $0[index] }.max() ?? 0 }
    return Chart(
      title: failuresTitle,
      subtitle: LocalText(
        "Share of rows of \(ensemble.keys.grouped) keys whose weights are not finite, or all 0",
        "权重不是有限数或全为 0 的行所占比例，每行 \(ensemble.keys.grouped) 个键"),
      x: spreadAxis(spreads),
      y: .linear(
        LocalText("rows that fail", "失败的行"), domain: .exact(low: 0, high: 1), format: .percent),
      source: source
    ) {
      Line(
        LocalText("maximum subtracted, all formats", "先减最大值，所有格式"), x: spreads, y: worst, key: nil,
        label: .along(
          LocalText("subtracted: all formats", "先减最大值：所有格式"), near: spreads[spreads.count / 2]))
      for (key, format) in FloatFormat.allCases.enumerated() {
        Line(
          LocalText("naive, \(format.rawValue)", "直接算，\(format.rawValue)"), x: spreads,
          y: failures(format, subtractsMaximum: false), key: key,
          weight: format == .binary16 ? .hero : .normal, label: label(format))
      }
    }
  }

  /// The name of a format beside the place where its line rises: at the right end all of them are at 100 %.
  private func label(_ format: FloatFormat) -> LineLabel {
    let name = LocalText("naive, \(format.rawValue)", "直接算，\(format.rawValue)")
    // The line of bf16 lies under that of fp32, as they overflow at nearly the same logit.
    if format == .bfloat16 { return .none }
    let both = format == .binary32 ? LocalText("naive, bf16 and fp32", "直接算，bf16 与 fp32") : name
    guard let spread = spread(failing: 0.5, format) else { return .end(both) }
    return .along(both, near: spread)
  }

  /// A row's largest logit against the spread, with the limits of the formats.
  func overflow() -> Chart {
    let largest = summary.logits.map(\.largest.value)
    let limits = [FloatFormat.binary16, .binary32, .binary64]
    let crossing = zip(spreads, largest).first { $1 > FloatFormat.binary16.overflowLogit }?.0
    let limit = FloatFormat.binary16.overflowLogit
    let end = NumberFormat.decimals(2).string(limit)
    return Chart(
      title: crossing.map {
        LocalText(
          "From σ = \($0.machineText) on, a row's largest logit averages more than \(end), where fp16 ends",
          "从 σ = \($0.machineText) 起，每行最大 logit 的均值超过 fp16 的上限 \(end)")
      }
        ?? LocalText(
          "On average, a row's largest logit stays below \(end), where fp16 ends",
          "每行最大 logit 的均值没有超过 fp16 的上限 \(end)"),
      subtitle: LocalText(
        "Mean of the largest of \(ensemble.keys.grouped) normal logits; rules: where e^x becomes infinite",
        "\(ensemble.keys.grouped) 个正态 logits 中最大者的均值；横线：e^x 变成无穷的位置"),
      x: spreadAxis(spreads),
      y: .log(
        LocalText("largest logit of a row", "每行最大的 logit"),
        domain: .exact(
          low: min(largest[0], limit) / 1.5,
          high: max(largest[largest.count - 1], FloatFormat.binary64.overflowLogit) * 1.6)),
      colour: .single, source: source
    ) {
      for format in limits {
        let value = NumberFormat.decimals(2).string(format.overflowLogit)
        let names = format == .binary32 ? "bf16, fp32" : format.rawValue
        Rule(y: format.overflowLogit, label: LocalText(same: "\(names): \(value)"))
      }
      Line(
        LocalText("largest logit of a row", "每行最大的 logit"), x: spreads, y: largest, key: 0, weight: .hero,
        label: .none)
      Dots(LocalText("sampled", "抽样值"), x: spreads, y: largest, key: 0)
    }
  }

  /// The misplaced mass: lines with the maximum subtracted, dots without.
  func errors() -> Chart {
    let formats = FloatFormat.allCases.filter { $0 != .binary64 }
    let shifted = formats.map { outcomes($0, subtractsMaximum: true).map { $0.misplacedMass?.value ?? 0 } }
    let naive = formats.map { outcomes($0, subtractsMaximum: false).map { $0.misplacedMass?.value ?? 0 } }
    let percent = { (value: Double) in NumberFormat.significant(2).string(value * 100) + "%" }
    let worst = { (values: [Double]) in percent(values.max() ?? 0) }
    return Chart(
      title: LocalText(
        "With the maximum subtracted, fp16 misplaces on average at most \(worst(shifted[0])) of the weight, bf16 \(worst(shifted[1]))",
        "先减最大值，平均来说 fp16 至多放错 \(worst(shifted[0])) 的权重，bf16 至多 \(worst(shifted[1]))"),
      subtitle: LocalText(
        "½ Σ|p − p′| against fp64; lines: maximum subtracted, dots: naive, at 1 where it fails",
        "与 fp64 相比的 ½ Σ|p − p′|；线：先减最大值，点：直接算，失败处记为 1"),
      x: spreadAxis(spreads),
      y: .log(LocalText("misplaced mass", "放错的质量")), source: source
    ) {
      for (key, format) in formats.enumerated() {
        Line(
          LocalText("maximum subtracted, \(format.rawValue)", "先减最大值，\(format.rawValue)"), x: spreads,
          y: shifted[key], key: key, label: .end(LocalText(same: format.rawValue)),
          nonPositive: .omit(because: LocalText("no error at all", "没有误差")))
        Dots(
          LocalText("naive, \(format.rawValue)", "直接算，\(format.rawValue)"),
          x: zip(spreads, naive[key]).filter { $1 > 0 }.map(\.0), y: naive[key].filter { $0 > 0 }, key: key)
      }
    }
  }
}
