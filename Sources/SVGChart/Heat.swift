import Wording

/// Cells coloured by their value: attention maps, sweeps over two settings.
///
/// Both axes are ``Axis/cells(_:count:first:)`` or ``Axis/band(_:_:)`` with as many places as there are cells. The colours
/// have 16 levels (15 where they diverge) and a ramp above the plot says what they mean; panels share them. More than
/// ``mostCells`` cells along an axis are pooled, and the figure says so.
public struct Heat: Codable, Hashable, Sendable, LayerContent {
  /// What the value of a cell is, such as "attention weight".
  public var name: LocalText
  /// Cells in a row, at least 1.
  public var columns: Int
  /// Values row by row, the first row on top; the count is a multiple of `columns`.
  ///
  /// NaN is a blank cell.
  public var values: [Double] {
    get { cells.values }
    set { cells.values = newValue }
  }
  private var cells: Cells
  /// How values become colours.
  public var colour: CellColour
  /// Which values the colours span: the data's own, or exact ends so that figures can be compared; what is beyond gets
  /// the colour of the end, is counted and said.
  public var domain: ColourDomain
  /// Why cells are blank, such as "masked: later keys".
  ///
  /// Written into the blank part. Where it is `nil`, NaN cells are counted as values that are not finite.
  public var blank: LocalText?
  /// How many of the largest cells (the farthest from the middle, where colours diverge) get a ring and a line of words.
  public var rings: Int
  /// A number of every row, drawn at its right end.
  public var rowStrip: RowStrip?
  /// What becomes of values ≤ 0 where the colours are logarithmic.
  public var nonPositive: NonPositive

  /// The most cells drawn along an axis.
  public static let mostCells = 96

  /// Cells of `values`, `columns` in a row.
  public init(
    _ name: LocalText, columns: Int, values: [Double], colour: CellColour = .sqrt,
    domain: ColourDomain = .data,
    blank: LocalText? = nil, rings: Int = 3, rowStrip: RowStrip? = nil, nonPositive: NonPositive = .reject
  ) {
    self.name = name
    self.columns = columns
    cells = Cells(values: values)
    self.colour = colour
    self.domain = domain
    self.blank = blank
    self.rings = rings
    self.rowStrip = rowStrip
    self.nonPositive = nonPositive
  }

  /// Rows of cells.
  public var rows: Int { columns > 0 ? values.count / columns : 0 }

  /// These cells as a layer.
  public var layer: Layer { .heat(self) }

  /// Values that are equal where their bits are, so that a map with blank cells equals itself.
  private struct Cells: Codable, Hashable, Sendable {
    var values: [Double]

    static func == (a: Cells, b: Cells) -> Bool {
      a.values.elementsEqual(b.values) { $0.bitPattern == $1.bitPattern }
    }

    func hash(into hasher: inout Hasher) {
      for value in values { hasher.combine(value.bitPattern) }
    }
  }

  /// Which values the colours span.
  public enum ColourDomain: Codable, Hashable, Sendable {
    /// From the least to the greatest value; from 0 where no value is negative and the colours are not logarithmic.
    case data
    /// From one value to another, finite, `low < high`; `low > 0` where the colours are logarithmic.
    case exact(low: Double, high: Double)
  }

  /// A number for every row of cells.
  public struct RowStrip: Codable, Hashable, Sendable {
    /// What it is, such as "effective keys".
    public var label: LocalText
    /// One value per row, from 0.
    public var values: [Double]

    /// `values`, one per row.
    public init(_ label: LocalText, values: [Double]) {
      self.label = label
      self.values = values
    }
  }
}

/// How the values of cells become colours.
public enum CellColour: Codable, Hashable, Sendable {
  /// Equal differences look alike; shows little of skewed data.
  case linear
  /// By the square root: small shares stay visible beside large ones.
  case sqrt
  /// Equal ratios look alike.
  case log
  /// Two hues away from a middle, such as 0 or the value of a baseline.
  case diverging(middle: Double)

  /// How far a value is from where the colours begin: what "largest" means.
  func prominence(_ value: Double) -> Double {
    if case .diverging(let middle) = self { return abs(value - middle) }
    return value
  }
}

/// The levels of colour that values fall into.
public struct CellScale: Hashable, Sendable {
  /// How values become colours.
  public let colour: CellColour
  /// The values at both ends of the ramp, `low < high`.
  public let low: Double, high: Double

  /// How many colours there are.
  public var levels: Int { isDiverging ? ChartTheme.light.diverging.count : ChartTheme.light.levels.count }

  /// Whether the ramp has a middle.
  public var isDiverging: Bool {
    if case .diverging = colour { return true }
    return false
  }

  /// Where a finite value lies on the ramp: 0 at its lower end, 1 at its upper, clamped.
  public func share(_ value: Double) -> Double {
    if case .log = colour {
      guard value > 0 else { return 0 }
      let start = Logarithm.base2(low)
      return min(max((Logarithm.base2(value) - start) / (Logarithm.base2(high) - start), 0), 1)
    }
    // Halved, because the span of a domain may overflow.
    let share = min(max((value / 2 - low / 2) / (high / 2 - low / 2), 0), 1)
    return colour == .sqrt ? share.squareRoot() : share
  }

  /// The level of a finite value, from 0.
  public func level(_ value: Double) -> Int {
    let share = share(value)
    return isDiverging
      ? Int((share * Double(levels - 1)).rounded()) : min(levels - 1, Int(share * Double(levels)))
  }

  /// Five values to label the ramp with, ascending: both ends, and round ones between.
  var stops: [Double] {
    func at(_ share: Double) -> Double {
      switch colour {
      case .linear, .diverging: low + (high / 2 - low / 2) * share * 2
      case .sqrt: low + (high / 2 - low / 2) * share * share * 2
      case .log:
        // Square roots are exact everywhere, unlike powers.
        share == 0.5
          ? low.squareRoot() * high.squareRoot()
          : share < 0.5
            ? low.squareRoot() * at(0.5).squareRoot() : at(0.5).squareRoot() * high.squareRoot()
      }
    }
    let span = high / 2 - low / 2
    let decades = colour == .log ? Logarithm.base10(high) - Logarithm.base10(low) : 0
    func rounded(_ value: Double) -> Double {
      guard let number = DecimalNumber(value), !number.isZero else { return value }
      switch colour {
      case .sqrt where low == 0: return number.rounded(toSignificantDigits: 1).doubleValue
      case .log where decades >= 4:
        let power = Logarithm.floorBase10(value * 3.1622776601683795)
        return Logarithm.powerOf10(power)
      case .log: return number.rounded(toSignificantDigits: 1).doubleValue
      case .linear, .sqrt, .diverging:
        return span > 1e-300 && span < 1e300
          ? number.rounded(toExponent: Logarithm.floorBase10(span) - 1).doubleValue : value
      }
    }
    let inner = isDiverging ? [0.25, 0.5, 0.75].map(at) : [0.25, 0.5, 0.75].map { rounded(at($0)) }
    var result = [low]
    for value in inner + [high] {
      guard let last = result.last, value > last, value <= high else { continue }
      result.append(value)
    }
    return result
  }

  /// The labels of the stops: one notation for all.
  var labels: [String] {
    let numbers = stops.map { DecimalNumber($0)?.rounded(toSignificantDigits: 3).withoutTrailingZeros }
    let isPlain = numbers.allSatisfy { number in
      guard let number, !number.isZero else { return true }
      return (-3..<6).contains(number.leadingExponent)
    }
    return numbers.map { number in
      guard let number else { return "" }
      if number.isZero { return "0" }
      return isPlain || number.plainPositional == "1"
        ? number.plainPositional : NumberFormat.scientific(number)
    }
  }

  /// How the ramp is spaced, in words.
  var words: LocalText? {
    switch colour {
    case .linear: nil
    case .sqrt: LocalText("square-root colour scale", "颜色按平方根分级")
    case .log: LocalText("logarithmic colour scale", "颜色按对数分级")
    case .diverging(let middle):
      LocalText(
        "colours part at \(NumberFormat.text.string(middle))", "颜色以 \(NumberFormat.text.string(middle)) 为界")
    }
  }
}

/// A rectangle of coloured cells in a plan: a map, or the ramp that explains it.
public struct CellGrid: Hashable, Sendable {
  /// px of the whole.
  public var rect: Rect
  /// Cells in a row.
  public var columns: Int
  /// Levels row by row, from 0; `nil` is blank.
  public var levels: [Int?]
  /// Which of the two ramps.
  public var isDiverging: Bool

  /// Rows of cells.
  public var rows: Int { levels.count / max(columns, 1) }
}

/// A heat layer reduced to what can be seen: at most ``Heat/mostCells`` cells along each axis.
struct PooledHeat {
  /// Cells in a row.
  var columns: Int
  /// The most prominent value of each block, or NaN where it has none.
  var values: [Double]
  /// Where each stands in the values given.
  var places: [Int]
  /// Cells of a block along x and along y.
  var block: (x: Int, y: Int)

  init(_ heat: Heat) {
    let prominence = heat.colour.prominence
    func factor(_ count: Int) -> Int { max(1, (count + Heat.mostCells - 1) / Heat.mostCells) }
    block = (factor(heat.columns), factor(heat.rows))
    if block == (1, 1) {
      columns = heat.columns
      values = heat.values.map { $0.isFinite ? $0 : .nan }
      places = Array(heat.values.indices)
      return
    }
    columns = (heat.columns + block.x - 1) / block.x
    let rows = (heat.rows + block.y - 1) / block.y
    values = [Double](repeating: .nan, count: columns * rows)
    places = [Int](repeating: 0, count: columns * rows)
    for row in 0..<heat.rows {
      for column in 0..<heat.columns {
        let place = row * heat.columns + column
        let value = heat.values[place]
        let cell = row / block.y * columns + column / block.x
        guard value.isFinite, values[cell].isNaN || prominence(value) > prominence(values[cell]) else {
          continue
        }
        values[cell] = value
        places[cell] = place
      }
    }
  }

  var rows: Int { values.count / max(columns, 1) }

  /// The `count` most prominent cells, in the order of ``ranked(_:)``.
  func top(_ count: Int, _ prominence: (Double) -> Double) -> [Int] {
    var best: [(cell: Int, key: Double)] = []
    for (cell, value) in values.enumerated() where !value.isNaN {
      let key = prominence(value)
      if best.count == count, let last = best.last, key <= last.key { continue }
      let place = best.firstIndex { $0.key < key } ?? best.count
      best.insert((cell, key), at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map(\.cell)
  }

  /// The `count` most prominent of the cells that are not blank, equal ones in reading order, and how many are not blank.
  func ranked(_ prominence: (Double) -> Double, atMost count: Int) -> (cells: [Int], total: Int) {
    var keys: [Double] = []
    var cells: [Int] = []
    keys.reserveCapacity(values.count)
    cells.reserveCapacity(values.count)
    for (cell, value) in values.enumerated() where !value.isNaN {
      keys.append(prominence(value))
      cells.append(cell)
    }
    let total = cells.count
    var places = Array(cells.indices)
    if count < total {
      // Most of many cells are in nobody's table: only those that can be are sorted.
      let least = Self.largest(count, of: keys)
      places = places.filter { keys[$0] >= least }
    }
    places.sort { keys[$0] != keys[$1] ? keys[$0] > keys[$1] : $0 < $1 }
    return (places.prefix(count).map { cells[$0] }, total)
  }

  /// The `count`-th largest of more than `count` values, `count` ≥ 1 (Hoare's selection).
  private static func largest(_ count: Int, of values: [Double]) -> Double {
    var values = values
    var (low, high) = (0, values.count - 1)
    let wanted = max(count, 1) - 1
    while low < high {
      let pivot = values[(low + high) / 2]
      var (left, right) = (low, high)
      while left <= right {
        while values[left] > pivot { left += 1 }
        while values[right] < pivot { right -= 1 }
        guard left <= right else { break }
        values.swapAt(left, right)
        left += 1
        right -= 1
      }
      if wanted <= right { high = right } else if wanted >= left { low = left } else { break }
    }
    return values[wanted]
  }
}
