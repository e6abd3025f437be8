import Claims
import Experiments
import NotebookModel
import SVGChart
import Wording

/// Gives each coordinate of some measures a role (x, series, facets, frames) and makes the charts.
struct FigurePlanner {
  let frame: MeasureFrame
  let wish: FigureSpecification
  /// Where the measures stand, for messages.
  let measuresRange: Range<Int>
  let id: Located<String>

  /// More lines than this in one picture can't be told apart.
  static let mostSeries = 8
  static let mostNominalSeries = 4
  static let mostPanels = 12

  /// The charts, one per frame; `nil` where something is wrong, which is then reported.
  func charts(
    source: LocalText, reporting report: inout Report
  ) -> (title: LocalText?, frames: [ComposedFigure.Frame])? {
    guard let roles = roles(reporting: &report) else { return nil }
    checkSizes(roles, reporting: &report)
    checkUnits(roles, reporting: &report)
    guard !report.hasErrors else { return nil }
    let builder = FigureBuilder(frame: frame, wish: wish, roles: roles, source: source)
    guard let name = roles.frames else {
      let chart = builder.chart(rows: frame.rows, within: nil, at: nil, reporting: &report)
      return chart.map { (nil, [ComposedFigure.Frame(label: LocalText(same: ""), chart: $0)]) }
    }
    let extent = builder.extent(of: frame.rows)
    var frames: [ComposedFigure.Frame] = []
    for value in frame.values(of: name) {
      let chart = builder.chart(rows: frame.rows(at: value), within: extent, at: value, reporting: &report)
      if let chart { frames.append(ComposedFigure.Frame(label: CoordinateWords.value(value), chart: chart)) }
    }
    return report.hasErrors ? nil : (CoordinateWords.name(name), frames)
  }

  // MARK: Roles

  private func roles(reporting report: inout Report) -> FigureRoles? {
    var taken: [(role: String, name: String)] = []
    for (role, written) in [
      ("x", wish.x), ("series", wish.series), ("facets", wish.facets), ("frames", wish.frames),
    ] {
      guard let written else { continue }
      guard frame.coordinateNames.contains(written.value) else {
        unknown(written, role: role, reporting: &report)
        continue
      }
      if let other = taken.first(where: { $0.name == written.value }) {
        report.refuse(
          LocalText(
            "‘\(written.value)’ can't be both ‘\(other.role)’ and ‘\(role)’",
            "‘\(written.value)’ 不能既作 ‘\(other.role)’ 又作 ‘\(role)’"), at: written.range,
          help: LocalText(
            "there are: \(frame.varying.joined(separator: ", "))",
            "可用：\(frame.varying.joined(separator: "、"))"))
      }
      taken.append((role, written.value))
    }
    guard !report.hasErrors else { return nil }
    func name(_ role: String) -> String? { taken.first { $0.role == role }?.name }
    var free = frame.varying.filter { name in !taken.contains { $0.name == name } }
    var roles = FigureRoles(x: "", series: name("series"), facets: name("facets"), frames: name("frames"))
    // Several measures differ by their names, wherever there is room for that.
    if free.contains(MeasureFrame.measureRole) {
      if roles.series == nil, hasOneUnit {
        roles.series = MeasureFrame.measureRole
        free.removeAll { $0 == MeasureFrame.measureRole }
      } else if roles.facets == nil {
        roles.facets = MeasureFrame.measureRole
        free.removeAll { $0 == MeasureFrame.measureRole }
      }
    }
    if let x = name("x") {
      roles.x = x
    } else if free.count == 1, free[0] != MeasureFrame.measureRole {
      roles.x = free.removeFirst()
    } else {
      missingX(free, reporting: &report)
      return nil
    }
    if roles.series == nil, free.count == 1 {
      // The nearest right form would only repeat what is plain.
      roles.series = free.removeFirst()
    }
    guard free.isEmpty else {
      leftOver(free, roles, reporting: &report)
      return nil
    }
    return roles
  }

  private var hasOneUnit: Bool { Set(frame.measures.map(\.unit)).count == 1 }

  private func unknown(_ written: Located<String>, role: String, reporting report: inout Report) {
    let known = frame.coordinateNames
    let nearest = Spelling.nearest(to: written.value, among: known)
    report.add(
      .unknownSelector,
      LocalText(
        "‘\(frame.measures[0].reference.text)’ has no coordinate called ‘\(written.value.prefix(60))’",
        "‘\(frame.measures[0].reference.text)’ 没有叫 ‘\(written.value.prefix(60))’ 的坐标"), at: written.range,
      label: .didYouMean(nearest),
      help: known.isEmpty
        ? LocalText("it has one value and no coordinates", "它只有一个值，没有坐标")
        : LocalText(
          "for ‘\(role)’ there are: \(known.joined(separator: ", "))",
          "‘\(role)’ 可用：\(known.joined(separator: "、"))"),
      misspelling: Misspelling(written: written.value, candidates: known))
  }

  private func missingX(_ free: [String], reporting report: inout Report) {
    let choices = free.filter { $0 != MeasureFrame.measureRole }
    if choices.isEmpty {
      report.refuse(
        LocalText(
          "there is nothing to draw along x: the measure has one value here", "沿 x 轴没有可画的：这里度量只有一个值"),
        at: measuresRange,
        help: LocalText(
          "leave selectors away so that a coordinate can run along x, or write the number into the text",
          "去掉选择，让某个坐标沿 x 变化；或者把这个数直接写进正文"))
    } else {
      report.refuse(
        LocalText(
          "several coordinates could run along x: \(choices.joined(separator: ", "))",
          "有几个坐标都可以作 x：\(choices.joined(separator: "、"))"), at: measuresRange,
        help: LocalText(
          "write ‘x: \(choices[0])’ and ‘series: \(choices[choices.count - 1])’",
          "写 ‘x: \(choices[0])’ 和 ‘series: \(choices[choices.count - 1])’"))
    }
  }

  private func leftOver(_ free: [String], _ roles: FigureRoles, reporting report: inout Report) {
    let name = free[0]
    let value = frame.values(of: name)[0].label
    let role =
      roles.series == nil ? "series" : roles.facets == nil ? "facets" : roles.frames == nil ? "frames" : nil
    let reference = frame.measures[0].reference
    var picked = reference
    picked.selectors.append(MeasureReference.Selector(coordinate: name, value: value))
    let pick = name == MeasureFrame.measureRole ? nil : picked.text
    report.refuse(
      LocalText(
        "‘\(reference.text)’ still differs by \(free.map { "‘\($0)’" }.joined(separator: ", ")), which nothing here shows",
        "‘\(reference.text)’ 还随 \(free.map { "‘\($0)’" }.joined(separator: "、")) 变化，而图里没有它的位置"),
      at: measuresRange,
      help: LocalText(
        [role.map { "add ‘\($0): \(name)’" }, pick.map { "pick one value: \($0)" }].compactMap { $0 }
          .joined(separator: ", or "),
        [role.map { "加上 ‘\($0): \(name)’" }, pick.map { "选定一个值：\($0)" }].compactMap { $0 }
          .joined(separator: "，或")))
  }

  // MARK: What can be read

  private func checkSizes(_ roles: FigureRoles, reporting report: inout Report) {
    func check(_ name: String?, _ wished: Located<String>?, most: Int, _ things: LocalText, _ help: LocalText)
    {
      guard let name else { return }
      let count = frame.values(of: name).count
      guard count > most else { return }
      report.refuse(
        LocalText(
          "\(count) \(things.english) can't be told apart; at most \(most)",
          "\(count) \(things.chinese)无法分辨，至多 \(most) "), at: wished?.range ?? measuresRange, help: help)
    }
    let most = roles.series == MeasureFrame.measureRole ? Self.mostNominalSeries : Self.mostSeries
    check(
      roles.series, wish.series, most: most, LocalText("series in one picture", "个系列画在一起"),
      LocalText(
        "write ‘facets: \(roles.series ?? "")’, or pick some values",
        "写 ‘facets: \(roles.series ?? "")’，或只选几个值"))
    check(
      roles.facets, wish.facets, most: Self.mostPanels, LocalText("panels", "个分图"),
      LocalText(
        "pick some values, or write ‘frames: \(roles.facets ?? "")’",
        "只选几个值，或写 ‘frames: \(roles.facets ?? "")’"))
    check(
      roles.frames, wish.frames, most: ChartStyleSheet.mostFrames, LocalText("frames", "帧"),
      LocalText("pick some values", "只选几个值"))
  }

  private func checkUnits(_ roles: FigureRoles, reporting report: inout Report) {
    guard !hasOneUnit, roles.facets != MeasureFrame.measureRole else { return }
    let first = frame.measures[0]
    guard let other = frame.measures.first(where: { $0.unit != first.unit }) else { return }
    func words(_ measure: NamedMeasure) -> LocalText {
      let unit = CoordinateWords.unit(measure.unit) ?? LocalText("a plain number", "无单位")
      return LocalText(
        "‘\(measure.reference.text)’ (\(unit.english))", "‘\(measure.reference.text)’（\(unit.chinese)）")
    }
    report.refuse(
      LocalText(
        "\(words(first).english) and \(words(other).english) can't share an axis",
        "\(words(first).chinese)与\(words(other).chinese)不能共用一根坐标轴"), at: other.range,
      help: LocalText("write ‘facets: measure’, or make two figures", "写 ‘facets: measure’，或做两张图"))
  }
}

/// Which coordinate does what.
struct FigureRoles {
  var x: String
  var series: String?
  var facets: String?
  var frames: String?
}
