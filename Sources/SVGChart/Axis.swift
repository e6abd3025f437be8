import Wording

/// An axis: its name, its scale and its ticks.
public struct Axis: Codable, Hashable, Sendable {
  /// What the axis measures, in words.
  public var label: LocalText
  /// Unit, written in brackets behind the label; `nil` for a pure number.
  public var unit: LocalText?
  /// The kind of scale.
  public var kind: Kind
  /// Which part of the scale is shown.
  public var domain: Domain
  /// Whether a linear axis must reach zero; with bars or steps it does anyway.
  public var includesZero: Bool
  /// Where ticks stand.
  public var ticks: TickChoice
  /// How automatic ticks are written.
  public var format: TickFormat

  /// An axis from its parts; the factories below read better.
  public init(
    label: LocalText, unit: LocalText? = nil, kind: Kind, domain: Domain, includesZero: Bool = false,
    ticks: TickChoice = .automatic, format: TickFormat = .number
  ) {
    self.label = label
    self.unit = unit
    self.kind = kind
    self.domain = domain
    self.includesZero = includesZero
    self.ticks = ticks
    self.format = format
  }

  /// An axis on which equal distances are equal differences.
  public static func linear(
    _ label: LocalText, unit: LocalText? = nil, domain: Domain = .nice, includesZero: Bool = false,
    ticks: TickChoice = .automatic, format: TickFormat = .number
  ) -> Axis {
    Axis(
      label: label, unit: unit, kind: .linear, domain: domain, includesZero: includesZero, ticks: ticks,
      format: format)
  }

  /// An axis on which equal distances are equal ratios.
  ///
  /// Base 2 or 10: where its ticks stand.
  public static func log(
    _ label: LocalText, base: LogBase = .ten, unit: LocalText? = nil, domain: Domain = .data,
    ticks: TickChoice = .automatic
  ) -> Axis {
    Axis(label: label, unit: unit, kind: .log(base), domain: domain, ticks: ticks)
  }

  /// An axis that is logarithmic in both directions away from 0, and linear within ±`linear` of it.
  ///
  /// - Parameter linear: Greater than 0 and finite: the size of values that are close to 0.
  public static func symlog(
    _ label: LocalText, linear: Double, unit: LocalText? = nil, domain: Domain = .data,
    ticks: TickChoice = .automatic
  ) -> Axis {
    Axis(label: label, unit: unit, kind: .symlog(linear: linear), domain: domain, ticks: ticks)
  }

  /// An axis of names, at 0, 1, 2 … On y the first is on top.
  public static func band(_ label: LocalText, _ names: [LocalText]) -> Axis {
    Axis(label: label, kind: .band(names), domain: .data)
  }

  /// An axis of numbered cells, such as keys or queries, from `first` on.
  ///
  /// On y the first is on top. For ``Heat``; other marks count places from 0.
  public static func cells(_ label: LocalText, count: Int, first: Int = 0) -> Axis {
    Axis(label: label, kind: .cells(count: count, first: first), domain: .data)
  }

  /// The kinds of scale.
  public enum Kind: Codable, Hashable, Sendable {
    /// Equal distances are equal differences.
    case linear
    /// Equal distances are equal ratios; values are greater than 0.
    case log(LogBase)
    /// Equal ratios of the distance from 0, on both sides; about linear within ±`linear`.
    case symlog(linear: Double)
    /// One band of equal size per name, at 0, 1, 2 …
    case band([LocalText])
    /// One place of equal size per number, `count` of them from `first` on.
    case cells(count: Int, first: Int)

    /// How many places a discrete axis has.
    var placeCount: Int? {
      switch self {
      case .band(let names): names.count
      case .cells(let count, _): count
      case .linear, .log, .symlog: nil
      }
    }

    /// Whether the axis has places instead of a range of numbers: its marks stand at 0, 1, 2 …
    var isDiscrete: Bool {
      switch self {
      case .band, .cells: true
      case .linear, .log, .symlog: false
      }
    }
  }

  /// Where the ticks of a logarithmic axis stand.
  public enum LogBase: String, Codable, Hashable, Sendable {
    /// At powers of two, written as plain numbers.
    case two
    /// At powers of ten.
    case ten
  }

  /// Which part of a scale is shown.
  public enum Domain: Codable, Hashable, Sendable {
    /// From the least to the greatest value.
    case data
    /// The same, widened to the next round number.
    case nice
    /// From one value to another, finite, `low < high` by more than a billionth of the larger. What is outside is cut, counted and said.
    case exact(low: Double, high: Double)
  }

  /// Where ticks stand.
  public enum TickChoice: Codable, Hashable, Sendable {
    /// At round numbers, as many as fit.
    case automatic
    /// Only at these.
    case at([Tick])
    /// At round numbers and at these; where two labels collide, these win.
    case including([Tick])
  }

  /// How automatic ticks are written.
  public enum TickFormat: String, CaseIterable, Codable, Hashable, Sendable {
    /// As numbers, one notation per axis.
    case number
    /// 0.5 as `50%`.
    case percent
  }

  /// The label of a discrete axis with the name of a place: `key 12`.
  func placeWords(_ index: Int) -> LocalText {
    let name: LocalText
    switch kind {
    case .band(let names): name = names.indices.contains(index) ? names[index] : LocalText(same: "")
    case .cells(_, let first): name = LocalText(same: String(first + index))
    case .linear, .log, .symlog: return label
    }
    return LocalText("\(label.english) \(name.english)", "\(label.chinese) \(name.chinese)")
  }

  /// The label with its unit.
  public var title: LocalText {
    guard let unit else { return label }
    return LocalText("\(label.english) (\(unit.english))", "\(label.chinese)（\(unit.chinese)）")
  }
}

/// A tick chosen by hand, such as √d.
public struct Tick: Codable, Hashable, Sendable {
  /// Where, in units of the axis.
  public var value: Double
  /// What it is called.
  public var label: LocalText
  /// A second line under it, such as the number.
  public var detail: LocalText?

  /// A tick at `value`.
  public init(_ value: Double, _ label: LocalText, detail: LocalText? = nil) {
    self.value = value
    self.label = label
    self.detail = detail
  }
}
