import AttentionKernel
import SVGChart
import Wording

/// The figure of `sweep`.
struct SweepCharts {
  /// More lines than these can't be told apart.
  private static let mostLines = 8

  private let report: SweepReport
  private let settings: SweepSettings
  private var subject: SweepSubject { report.subject }
  private var points: [Double] { report.grid.points }
  private var name: String { subject.measure.name }

  init(_ report: SweepReport, _ settings: SweepSettings) {
    self.report = report
    self.settings = settings
  }

  /// The measure over the points: the mean, the range of the replicates, the maximum with its place.
  func curve() -> Chart {
    let shown = Array(report.curves.indices.prefix(Self.mostLines))
    return Chart(
      title: title, subtitle: subtitle, x: xAxis, y: yAxis(shown),
      colour: report.curves.count == 1 ? .single : .ordered, remarks: remarks(shown), source: source
    ) {
      for index in shown {
        if let band = band(index) { band }
        Line(
          lineName(index), x: points, y: points.indices.map { mean(index, $0) }, key: index,
          weight: report.curves.count == 1 ? .hero : .normal,
          label: report.curves.count == 1 ? .none : .automatic)
      }
      for index in shown {
        for mark in marks(index) { mark }
      }
    }
  }

  private func mean(_ curve: Int, _ point: Int) -> Double { report.curves[curve].estimate(at: point).value }

  private func band(_ index: Int) -> Layer? {
    let curve = report.curves[index]
    guard curve.isSampled else { return nil }
    return .band(
      Band(
        LocalText("range of the \(report.replicates) replicates", "\(report.replicates) 次重复的范围"), x: points,
        low: curve.values.map { $0.min() ?? 0 }, high: curve.values.map { $0.max() ?? 0 }, level: 0.9,
        key: index))
  }

  /// Dots on the largest and the smallest value, each with an interval of two standard errors.
  private func marks(_ index: Int) -> [Layer] {
    var layers: [Layer] = []
    let found = [
      (report.maximum(index), LocalText("maximum", "最大值")),
      (report.minimum(index), LocalText("minimum", "最小值")),
    ]
    for case ((let location, let value)?, let name) in found {
      let reach = 2 * (location.standardError ?? 0)
      let (low, high) = (
        max(points[0], location.value - reach), min(points[points.count - 1], location.value + reach)
      )
      layers.append(
        .interval(
          Interval(
            LocalText("±2 standard errors", "±2 个标准误"), .horizontal, at: [value.value], low: [low],
            high: [high],
            key: index)))
      layers.append(
        .dots(
          Dots(
            name, x: [location.value], y: [value.value], key: index,
            labels: [LocalText(same: "\(subject.symbol) = \(Self.text(location))")])))
    }
    return layers
  }

  private static func text(_ estimate: Estimate) -> String {
    NumberFormat.string(estimate.value, standardError: estimate.standardError)
  }

  // MARK: Axes

  private var xAxis: Axis {
    let label =
      switch subject.variable {
      case .sigma: LocalText("σ (scale √d/σ)", "σ（scale 为 √d/σ）")
      case .scaleFactor: LocalText("c (scale c√d)", "c（scale 为 c√d）")
      case .scale: LocalText("scale", "scale")
      case .parameter(let name): LocalText(same: name)
      }
    guard report.grid.spacing == .logarithmic else { return .linear(label) }
    // Powers of two read best where there are few of them.
    return .log(label, base: points[points.count - 1] / points[0] < 300 ? .two : .ten)
  }

  private func yAxis(_ shown: [Int]) -> Axis {
    let unit = subject.measure.unit
    let label = LocalText(same: name)
    let values = shown.flatMap { report.curves[$0].values.flatMap { $0 } }
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let words = unit.isEmpty || unit == "share" ? nil : LocalText(same: unit)
    if low > 0, high > 100 * low { return .log(label, base: .ten, unit: words) }
    return .linear(
      label, unit: words, includesZero: low >= 0 && low < high / 2,
      format: unit == "share" ? .percent : .number)
  }

  // MARK: Words

  /// A curve's name: the coordinates in which the curves differ.
  private func lineName(_ index: Int) -> LocalText {
    let coordinates = report.curves[index].coordinates
    let parts = coordinates.indices.filter { place in
      Set(report.curves.map { $0.coordinates[place].label }).count > 1
    }.map { place in
      coordinates[place].isNumeric
        ? "\(coordinates[place].name) = \(coordinates[place].label)" : coordinates[place].label
    }
    return LocalText(same: parts.isEmpty ? name : parts.joined(separator: ", "))
  }

  private var title: LocalText {
    let found = report.curves.indices.filter { report.maximum($0) != nil }
    func place(_ index: Int) -> String {
      "\(subject.symbol) = \(report.maximum(index)?.location.value.inText ?? "")"
    }
    guard let first = found.first, let last = found.last else { return titleWithoutMaximum }
    if report.curves.count == 1 {
      let value = report.maximum(first)?.value.value.inText ?? ""
      return LocalText(
        "\(name) is largest at \(place(first)): \(value)", "\(name) 在 \(place(first)) 处最大：\(value)")
    }
    let (one, other) = (lineName(first), lineName(last))
    guard first != last else {
      return LocalText(
        "\(name) is largest at \(place(first)) (\(one.english))",
        "\(name) 在 \(place(first)) 处最大（\(one.chinese)）")
    }
    return LocalText(
      "\(name) is largest at \(place(first)) (\(one.english)), at \(place(last)) (\(other.english))",
      "\(name) 最大处：\(place(first))（\(one.chinese)），\(place(last))（\(other.chinese)）")
  }

  private var titleWithoutMaximum: LocalText {
    let last = points.count - 1
    let ends = "\(subject.symbol) = \(points[0].machineText)–\(points[last].machineText)"
    func run(_ index: Int, _ word: (String, String)) -> String {
      "\(mean(index, 0).inText)\(word.0)\(mean(index, last).inText)\(word.1)"
    }
    if report.curves.count == 1 {
      return LocalText(
        "\(name) goes from \(run(0, (" to ", ""))) over \(ends)", "\(ends)：\(name) 从 \(run(0, (" 变到 ", "")))")
    }
    let (one, other) = (0, report.curves.count - 1)
    return LocalText(
      "\(name) over \(ends): \(run(one, (" to ", ""))) (\(lineName(one).english)), \(run(other, (" to ", ""))) (\(lineName(other).english))",
      "\(ends)：\(name) 从 \(run(one, (" 变到 ", "")))（\(lineName(one).chinese)），\(run(other, (" 变到 ", "")))（\(lineName(other).chinese)）"
    )
  }

  private var subtitle: LocalText {
    let meaning = subject.measure.summary
    guard report.curves.contains(where: \.isSampled) else { return meaning + LocalText("; exact", "；精确值") }
    return meaning
      + LocalText(
        "; mean of \(report.replicates) replicates, band: their range", "；\(report.replicates) 次重复的均值，带为其范围")
  }

  private func remarks(_ shown: [Int]) -> [LocalText] {
    var remarks: [LocalText] = []
    let absences = report.maxima.map { extremum -> LocalText? in
      guard case .failure(let absence) = extremum else { return nil }
      return report.reason(absence, isLargest: true)
    }
    if let first = absences[0], absences.allSatisfy({ $0 == first }) {
      remarks.append(Self.sentence(LocalText("No maximum inside: ", "内部没有最大值：") + first))
    } else {
      for index in shown {
        guard let absence = absences[index] else { continue }
        remarks.append(
          Self.sentence(
            lineName(index) + LocalText(", no maximum inside: ", "，内部没有最大值：") + absence))
      }
    }
    let hidden = report.curves.count - shown.count
    if hidden > 0 {
      remarks.append(
        LocalText(
          "\(hidden) more curve\(hidden == 1 ? "" : "s") in the measures, not drawn.",
          "另有 \(hidden) 条曲线只列在度量里，没有画出。"))
    }
    return remarks
  }

  private static func sentence(_ text: LocalText) -> LocalText { text + LocalText(".", "。") }

  private var source: LocalText {
    // Lists are of what is measured beside, or make curves that carry their own names.
    let values = settings.common.filter(\.isSingle).map { "\($0.name) \($0.value.text)" }
    return LocalText(
      "sweep of \(subject.type.kind.name): \(values.joined(separator: ", "))",
      "sweep（\(subject.type.kind.name)）：\(values.joined(separator: "，"))")
  }
}

extension ParameterValues.Entry {
  /// Whether the value is one number, a seed or a choice.
  fileprivate var isSingle: Bool {
    switch value {
    case .integer, .number, .seed, .flag, .choice, .text: true
    default: false
    }
  }
}
