import AttentionKernel
import SVGChart
import Wording

/// The figures of `dot-products`.
struct DotProductCharts {
  let experiment: DotProducts
  let results: [DotProducts.Result]

  private var source: LocalText {
    .source(
      "dot-products", samples: "\(experiment.samples.grouped) pairs",
      chineseSamples: "\(experiment.samples.grouped) 对", seed: experiment.seed)
  }

  /// One histogram per scale at the first head dimension, the standard normal density in each, and under each what is
  /// left when a normal of the same standard deviation is taken away.
  func histogram() throws -> Chart {
    let result = results[0]
    let panels = try experiment.scales.enumerated().map { key, scale in try panel(result, scale, key: key) }
    let standard =
      try experiment.scales.contains(.rootHeadDimension)
      ? result.summary.logits(at: .rootHeadDimension).standardDeviation.value : nil
    let first = experiment.scales[0]
    let deviation = try result.summary.logits(at: first).standardDeviation.value.inText
    let isUnitLength = experiment.normalization == .unitLength
    let heading = isUnitLength ? "At \(first.label)" : "At scale \(first.label)"
    let chineseHeading = isUnitLength ? first.label : "scale 为 \(first.words.chinese)"
    let title =
      standard.map {
        LocalText(
          "Divided by √d, dot products have standard deviation \($0.inText)", "除以 √d 之后，点积的标准差是 \($0.inText)")
      }
      ?? LocalText(
        "\(heading), logits have standard deviation \(deviation)",
        "\(chineseHeading) 时，logits 的标准差是 \(deviation)")
    return Chart(
      title: title,
      subtitle: (isUnitLength
        ? LocalText(
          "Density of g · q·k, d = \(result.headDimension); grey: the standard normal",
          "g · q·k 的密度，d = \(result.headDimension)；灰线：标准正态")
        : LocalText(
          "Density of q·k divided by the scale, d = \(result.headDimension); grey: the standard normal",
          "q·k 除以 scale 后的密度，d = \(result.headDimension)；灰线：标准正态"))
        + experiment.normalization.remark,
      x: .linear(LocalText("logit", "logit"), domain: .data),
      y: .linear(LocalText("density", "密度"), includesZero: true),
      facets: Facets(columns: 2, x: .within(4), y: .shared, panels: panels),
      remarks: [
        LocalText(
          "Strips: √observed − √expected in each bin under a normal of the same standard deviation; "
            + "sampling noise alone keeps 19 bins of 20 within the band.",
          "下方条带：每个区间的 √观测数 − √期望数（期望取同标准差的正态分布）；只有抽样噪声时，20 个区间中约有 19 个落在带内。")
      ], source: source)
  }

  private func panel(_ result: DotProducts.Result, _ scale: Scale, key: Int) throws -> Panel {
    let logits = try result.summary.logits(at: scale)
    guard let histogram = logits.histogram else {
      preconditionFailure("the ensemble was asked for a histogram")
    }
    let sigma = result.theory.standardDeviation / logits.divisor
    let edges = histogram.edges
    let residuals = histogram.counts.indices.map { bin in
      let expected = Double(histogram.total) * Self.normalShare(edges[bin] / sigma, edges[bin + 1] / sigma)
      return Double(histogram.counts[bin]).squareRoot() - expected.squareRoot()
    }
    let reach = max(3, (residuals.map(abs).max() ?? 0).rounded(.up))
    // The standard normal is the same in every panel, however wide the histogram is.
    let curve = (0...90).map { Double($0 - 45) / 10 }
    let beyond = histogram.underflow + histogram.overflow
    let share = NumberFormat.significant(1).string(Double(beyond) / Double(histogram.total) * 100)
    let deviation = logits.standardDeviation.value.inText
    return Panel(
      scale.words,
      caption: beyond == 0
        ? LocalText("standard deviation \(deviation)", "标准差 \(deviation)")
        : LocalText("standard deviation \(deviation), \(share)% beyond", "标准差 \(deviation)，\(share)% 在图外"),
      strip: Strip(LocalText("√observed − √expected", "√观测 − √期望"), reach: reach) {
        Band(
          LocalText("±2 standard errors", "±2 个标准误"), x: [edges[0], edges[edges.count - 1]], low: [-1, -1],
          high: [1, 1], level: 0.95, key: nil)
        Steps(
          LocalText("residual", "残差"), edges: edges, heights: residuals, key: key, filled: false)
      }
    ) {
      Steps(LocalText("observed", "观测"), edges: edges, heights: histogram.densities, key: key)
      Line(
        LocalText("standard normal", "标准正态"), x: curve, y: curve.map { ReferenceMath.normalDensity($0) },
        key: nil, label: .none)
    }
  }

  private static func normalShare(_ low: Double, _ high: Double) -> Double {
    // Both tails from their own side, so that nothing cancels.
    if low >= 0 {
      return ReferenceMath.normalProbability(below: -low) - ReferenceMath.normalProbability(below: -high)
    }
    return ReferenceMath.normalProbability(below: high) - ReferenceMath.normalProbability(below: low)
  }

  /// The standard deviation against the head dimension: sampled points, the exact line, one series per scale.
  func standardDeviation() throws -> Chart {
    let sorted = results.sorted { $0.headDimension < $1.headDimension }
    let dimensions = sorted.map { Double($0.headDimension) }
    let (first, last) = (sorted[0], sorted[sorted.count - 1])
    let hasNone = experiment.scales.contains(.none)
    let hasRoot = experiment.scales.contains(.rootHeadDimension)
    let scale = hasNone ? Scale.none : experiment.scales[0]
    let low = try first.summary.logits(at: scale).standardDeviation.value.inText
    let high = try last.summary.logits(at: scale).standardDeviation.value.inText
    let title =
      experiment.normalization == .unitLength
      ? LocalText(
        "At \(scale.label), the spread of cosines falls from \(low) to \(high) as d grows",
        "\(scale.label) 时，余弦的标准差随 d 从 \(low) 降到 \(high)")
      : hasNone
        ? LocalText(
          "Unscaled, the spread grows from \(low) to \(high)"
            + (hasRoot ? "; divided by √d it stays at 1" : ""),
          "不缩放时，标准差从 \(low) 长到 \(high)" + (hasRoot ? "；除以 √d 后停在 1" : ""))
        : LocalText("Standard deviation of the logits by head dimension", "logits 的标准差随 d 的变化")
    var layers: [Layer] = []
    var extent: [Double] = []
    for (key, scale) in experiment.scales.enumerated() {
      let sampled = try sorted.map { try $0.summary.logits(at: scale) }
      let exact = zip(sorted, sampled).map { $0.theory.standardDeviation / $1.divisor }
      let errors = sampled.map { 2 * ($0.standardDeviation.standardError ?? 0) }
      let values = sampled.map(\.standardDeviation.value)
      extent += values
      layers.append(
        .line(
          Line(
            scale.words, x: dimensions, y: exact, key: key,
            weight: scale == .rootHeadDimension ? .hero : .normal)))
      layers.append(
        .interval(
          Interval(
            LocalText("±2 standard errors", "±2 个标准误"), .vertical, at: dimensions,
            low: zip(values, errors).map { max($0 - $1, $0 / 10) }, high: zip(values, errors).map { $0 + $1 },
            key: key)))
      layers.append(.dots(Dots(LocalText("sampled", "抽样值"), x: dimensions, y: values, key: key)))
    }
    return Chart(
      title: title,
      subtitle: LocalText(
        "Standard deviation of the logits; dots sampled, lines exact", "logits 的标准差；点为抽样值，线为精确值")
        + experiment.normalization.remark,
      x: .log(LocalText("head dimension d", "d"), base: .two),
      y: .log(
        LocalText("standard deviation", "标准差"),
        domain: .exact(low: (extent.min() ?? 1) / 1.5, high: (extent.max() ?? 1) * 1.5)),
      source: source
    ) { layers }
  }

  /// The share within the first width against the head dimension, with the normal's share as a rule.
  func coverage() throws -> Chart {
    let sorted = results.sorted { $0.headDimension < $1.headDimension }
    let width = experiment.widths[0]
    let label =
      experiment.normalization == .unitLength
      ? "\(width.machineText)/√d" : width == 1 ? "√d" : "\(width.machineText)√d"
    let dimensions = sorted.map { Double($0.headDimension) }
    let shares = sorted.map(\.summary.coverages[0].share)
    let normal = ReferenceMath.normalCoverage(within: width)
    let percent = NumberFormat.percent(decimals: 2)
    let exact = sorted.map { $0.theory.coverage(within: width) }
    let fine = try Self.between(sorted[0].headDimension, sorted[sorted.count - 1].headDimension).map {
      (Double($0), try experiment.theory(headDimension: $0).coverage(within: width))
    }
    let errors = shares.map { 2 * ($0.standardError ?? 0) }
    return Chart(
      title: LocalText(
        "Within ±\(label): \(percent.string(exact[0])) at d = \(sorted[0].headDimension), "
          + "\(percent.string(exact[exact.count - 1])) at d = \(sorted[sorted.count - 1].headDimension)",
        "落在 ±\(label) 之内：d = \(sorted[0].headDimension) 时 \(percent.string(exact[0]))，"
          + "d = \(sorted[sorted.count - 1].headDimension) 时 \(percent.string(exact[exact.count - 1]))"),
      subtitle: LocalText(
        "Share of dot products; dots sampled with ±2 standard errors, line exact",
        "点积所占比例；点为抽样值（±2 个标准误），线为精确值")
        + experiment.normalization.remark,
      x: .log(LocalText("head dimension d", "d"), base: .two),
      y: .linear(LocalText("share within ±\(label)", "±\(label) 之内的比例"), format: .percent), colour: .single,
      source: source
    ) {
      Rule(y: normal, label: LocalText("normal: \(percent.string(normal))", "正态：\(percent.string(normal))"))
      Line(LocalText("exact", "精确值"), x: fine.map(\.0), y: fine.map(\.1), key: 0, weight: .hero, label: .none)
      Interval(
        LocalText("±2 standard errors", "±2 个标准误"), .vertical, at: dimensions,
        low: zip(shares, errors).map { $0.value - $1 }, high: zip(shares, errors).map { $0.value + $1 },
        key: 0)
      Dots(LocalText("sampled", "抽样值"), x: dimensions, y: shares.map(\.value), key: 0)
    }
  }

  /// Whole numbers from one to another, each about a tenth larger than the one before, for a smooth curve.
  private static func between(_ low: Int, _ high: Int) -> [Int] {
    var numbers = [low]
    while let last = numbers.last, last < high { numbers.append(min(high, max(last + 1, last * 11 / 10))) }
    return numbers
  }
}
