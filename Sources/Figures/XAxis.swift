import Experiments
import NotebookModel
import SVGChart
import Wording

/// How a coordinate lies along x: its scale, its ticks, and where each value stands.
struct XAxis {
  private let values: [Coordinate]
  private let kind: FigureSpecification.AxisWish.Kind
  private let name: String
  private let wish: FigureSpecification.AxisWish
  private let hasOneNumberPerLabel: Bool

  /// Ticks at every value, as long as that many can be read.
  private static let mostTicks = 8

  init(
    frame: MeasureFrame, name: String, wish: FigureSpecification.AxisWish, mark: FigureSpecification.Mark
  ) {
    self.name = name
    self.wish = wish
    values = frame.values(of: name)
    hasOneNumberPerLabel = !frame.isOrdinal(name)
    kind = Self.kind(values, name, wish: wish, mark, isOrdinal: !hasOneNumberPerLabel)
  }

  private static func kind(
    _ values: [Coordinate], _ name: String, wish: FigureSpecification.AxisWish,
    _ mark: FigureSpecification.Mark, isOrdinal: Bool
  ) -> FigureSpecification.AxisWish.Kind {
    // A label that stands for several numbers has no one place among numbers, and bars stand on names.
    if isOrdinal || mark == .bars || name == MeasureFrame.measureRole { return .band }
    let numbers = values.map(\.number)
    if let wished = wish.kind?.value { return wished }
    guard let low = numbers.min(), let high = numbers.max(), low > 0 else { return .linear }
    if name == "scale" { return .log2 }
    guard high / low >= 8 else { return .linear }
    let arePowersOfTwo = numbers.allSatisfy { $0.significand == 1 }
    return arePowersOfTwo ? .log2 : .log
  }

  /// Where a value stands; `nil` for values that the axis can't show.
  func position(of coordinate: Coordinate) -> Double? {
    switch kind {
    case .band: values.firstIndex { $0.label == coordinate.label }.map(Double.init)
    case .linear, .log, .log2: coordinate.number
    }
  }

  var axis: Axis {
    let label = wish.label.map { LocalText(same: $0) } ?? CoordinateWords.name(name)
    var axis: Axis
    switch kind {
    case .band: return .band(label, values.map(CoordinateWords.value))
    case .linear:
      axis = .linear(
        label, domain: .data, includesZero: wish.includesZero, ticks: ticks, format: wish.format ?? .number)
    case .log: axis = .log(label, base: .ten, ticks: ticks)
    case .log2: axis = .log(label, base: .two, ticks: ticks)
    }
    if wish.low != nil || wish.high != nil {
      let numbers = values.map(\.number)
      if let low = wish.low ?? numbers.min(), let high = wish.high ?? numbers.max(), low < high {
        axis.domain = .exact(low: low, high: high)
      }
    }
    return axis
  }

  private var ticks: Axis.TickChoice {
    guard values.count <= Self.mostTicks, wish.low == nil, wish.high == nil else { return .automatic }
    return .at(
      values.map { value in
        let words = CoordinateWords.value(value)
        // At most three digits, without the zeros that say nothing: 8, not 8.00.
        let number =
          DecimalNumber(value.number).map {
            $0.rounded(toSignificantDigits: 3).withoutTrailingZeros.machineText
          } ?? value.label
        return Tick(
          value.number, words,
          detail: value.isNumeric || value.label == number || name != "scale" ? nil : LocalText(same: number))
      })
  }
}
