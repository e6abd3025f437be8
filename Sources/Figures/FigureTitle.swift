import Experiments
import SVGChart
import Wording

/// A title for figures that got none from their author: what happens from one end to the other.
struct FigureTitle {
  let frame: MeasureFrame
  let roles: FigureRoles
  let rows: [MeasureFrame.Row]
  let at: Coordinate?

  var text: LocalText {
    let name = LocalText(same: frame.measures.map(\.reference.measure).first ?? "")
    let main = mainSeries
    let values = frame.values(of: roles.x)
    guard let first = values.first, let last = values.last, first.label != last.label,
      let start = value(at: first, in: main), let end = value(at: last, in: main)
    else { return name }
    let subject = roles.series.flatMap { series in main.first?.coordinate(series) }
    let who = subject.map { ", \(CoordinateWords.namedValue($0).english)" } ?? ""
    let whoChinese = subject.map { "（\(CoordinateWords.namedValue($0).chinese)）" } ?? ""
    let (from, to) = (CoordinateWords.namedValue(first), CoordinateWords.namedValue(last))
    return LocalText(
      "\(name.english)\(who): \(start) at \(from.english), \(end) at \(to.english)",
      "\(name.chinese)\(whoChinese)：\(from.chinese) 时 \(start)，\(to.chinese) 时 \(end)")
  }

  /// The first series of the first panel.
  private var mainSeries: [MeasureFrame.Row] {
    var chosen = rows
    for role in [roles.facets, roles.series] {
      guard let role, let value = frame.values(of: role).first else { continue }
      let own = chosen.filter { $0.coordinate(role)?.label == value.label }
      if !own.isEmpty { chosen = own }
    }
    return chosen
  }

  private func value(at coordinate: Coordinate, in rows: [MeasureFrame.Row]) -> String? {
    guard let row = rows.first(where: { $0.coordinate(roles.x)?.label == coordinate.label }) else {
      return nil
    }
    let measure = row.value.measure
    return MeasureText.text(measure, percent: measure.unit == "share", digits: 3)
  }
}

/// Values as figures and tables write them.
enum MeasureText {
  /// So many significant digits, as a percentage where asked for.
  static func text(_ measure: Measure, percent: Bool, digits: Int) -> String {
    guard percent, let number = DecimalNumber(measure.value) else {
      return NumberFormat.significant(digits).string(measure.value)
    }
    let shown = number.scaled(byPowerOfTen: 2).rounded(toSignificantDigits: digits)
    return NumberFormat.percent(decimals: max(0, digits - 1 - shown.leadingExponent)).string(measure.value)
  }
}
