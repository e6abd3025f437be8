import Wording

/// One kind of mark with its data.
///
/// Closed: a new kind fails to compile in the domain, the plan, the table and the description until each has
/// decided what to do with it.
public enum Layer: Codable, Hashable, Sendable, LayerContent {
  /// A connected line.
  case line(Line)
  /// An area between two curves.
  case band(Band)
  /// A histogram or density outline.
  case steps(Steps)
  /// Bars from a baseline.
  case bars(Bars)
  /// Points.
  case dots(Dots)
  /// Ranges: thin outer, thick inner.
  case interval(Interval)
  /// Cells coloured by value.
  case heat(Heat)
  /// A straight line across the plot.
  case rule(Rule)
  /// A tinted part of the plot.
  case region(Region)

  /// Itself.
  public var layer: Layer { self }
}

/// How heavy a series is drawn.
public enum Weight: String, Codable, Hashable, Sendable {
  /// 1.5 px.
  case normal
  /// 2.5 px: the series the title is about.
  case hero
}

/// What becomes of values ≤ 0 on a logarithmic axis.
public enum NonPositive: Codable, Hashable, Sendable {
  /// The chart fails with ``ChartError/nonPositiveOnLog(series:count:)``.
  case reject
  /// They are left out, counted, and the figure says so with this reason, such as "float32 underflow".
  case omit(because: LocalText)
}

/// A connected line.
///
/// A value that is not finite breaks it and is counted in the figure.
public struct Line: Codable, Hashable, Sendable, LayerContent {
  /// Name of the series.
  public var name: LocalText
  /// Column of positions, same length as `y`.
  public var x: [Double]
  /// Column of values.
  public var y: [Double]
  /// Place in the colour ramp from 0; `nil` is a grey, dashed reference such as a theory.
  public var key: Int?
  /// Stroke weight.
  public var weight: Weight
  /// Direct label.
  public var label: LineLabel
  /// What becomes of values ≤ 0 on a logarithmic axis.
  public var nonPositive: NonPositive

  /// A line through (`x`, `y`).
  public init(
    _ name: LocalText, x: [Double], y: [Double], key: Int?, weight: Weight = .normal,
    label: LineLabel = .automatic, nonPositive: NonPositive = .reject
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.key = key
    self.weight = weight
    self.label = label
    self.nonPositive = nonPositive
  }

  /// This line as a layer.
  public var layer: Layer { .line(self) }
}

/// Where and how a line is labelled.
public enum LineLabel: Codable, Hashable, Sendable {
  /// The name at the line's end; in small multiples nothing, because the panel's title names it.
  case automatic
  /// No label.
  case none
  /// Words at the line's end, in the right margin.
  case end(LocalText)
  /// Words inside the plot, beside the line, as near to this x as there is free space.
  case along(LocalText, near: Double)
}

/// The area between two curves, such as quantiles.
///
/// Drawn in the colour of its key; the innermost is the darkest.
public struct Band: Codable, Hashable, Sendable, LayerContent {
  /// What the band is, such as "5–95 % of queries".
  public var name: LocalText
  /// What is said of it under the picture, once for all bands that say the same; `nil` for its name.
  public var caption: LocalText?
  /// Column of positions.
  public var x: [Double]
  /// Column of lower edges.
  public var low: [Double]
  /// Column of upper edges.
  public var high: [Double]
  /// Share of the values between the edges, `0...1`: says which of nested bands is the inner one.
  public var level: Double
  /// Place in the colour ramp; `nil` is grey.
  public var key: Int?
  /// What becomes of values ≤ 0 on a logarithmic axis: an omitted lower edge is drawn at the axis floor.
  public var nonPositive: NonPositive

  /// A band between `low` and `high`.
  public init(
    _ name: LocalText, x: [Double], low: [Double], high: [Double], level: Double, key: Int?,
    nonPositive: NonPositive = .reject, caption: LocalText? = nil
  ) {
    self.name = name
    self.caption = caption
    self.x = x
    self.low = low
    self.high = high
    self.level = level
    self.key = key
    self.nonPositive = nonPositive
  }

  /// This band as a layer.
  public var layer: Layer { .band(self) }
}

/// A step outline with its area: histogram, density, residuals.
///
/// Counted from 0 (from the floor of a log axis).
public struct Steps: Codable, Hashable, Sendable, LayerContent {
  /// Name of the series.
  public var name: LocalText
  /// Bin edges, ascending, one more than `heights`.
  public var edges: [Double]
  /// One height per bin.
  public var heights: [Double]
  /// Place in the colour ramp; `nil` is grey.
  public var key: Int?
  /// Stroke weight.
  public var weight: Weight
  /// Whether the area down to the baseline is tinted.
  public var filled: Bool

  /// Steps of `heights` between `edges`.
  public init(
    _ name: LocalText, edges: [Double], heights: [Double], key: Int?, weight: Weight = .normal,
    filled: Bool = true
  ) {
    self.name = name
    self.edges = edges
    self.heights = heights
    self.key = key
    self.weight = weight
    self.filled = filled
  }

  /// These steps as a layer.
  public var layer: Layer { .steps(self) }
}

/// Vertical bars from 0 (from the floor of a log axis).
public struct Bars: Codable, Hashable, Sendable, LayerContent {
  /// Name of the series.
  public var name: LocalText
  /// Positions of the middles; on a band axis they count from 0.
  public var x: [Double]
  /// Heights.
  public var y: [Double]
  /// Place in the colour ramp; `nil` is grey.
  public var key: Int?
  /// Width of a bar in units of the x axis (of one band on a band axis), greater than 0.
  public var width: Double

  /// Bars at `x`.
  ///
  /// Without `x` they stand at 0, 1, 2 …, as a band axis wants.
  public init(_ name: LocalText, x: [Double]? = nil, y: [Double], key: Int?, width: Double = 0.72) {
    self.name = name
    self.x = x ?? y.indices.map { Double($0) }
    self.y = y
    self.key = key
    self.width = width
  }

  /// These bars as a layer.
  public var layer: Layer { .bars(self) }
}

/// Points, with optional words beside each.
public struct Dots: Codable, Hashable, Sendable, LayerContent {
  /// Name of the series.
  public var name: LocalText
  /// Column of positions.
  public var x: [Double]
  /// Column of values.
  public var y: [Double]
  /// Place in the colour ramp; `nil` is grey.
  public var key: Int?
  /// Words beside the points: empty, or one for each; an empty text is no label.
  public var labels: [LocalText]

  /// Points at (`x`, `y`).
  public init(_ name: LocalText, x: [Double], y: [Double], key: Int?, labels: [LocalText] = []) {
    self.name = name
    self.x = x
    self.y = y
    self.key = key
    self.labels = labels
  }

  /// These dots as a layer.
  public var layer: Layer { .dots(self) }
}

/// Ranges: a thin line from least to greatest, a thick one over the inner part, a dot in the middle.
public struct Interval: Codable, Hashable, Sendable, LayerContent {
  /// Name of the series, saying what the ranges are.
  public var name: LocalText
  /// Which axis the ranges run along.
  public var direction: Direction
  /// Positions on the other axis; on a band axis they count from 0.
  public var at: [Double]
  /// Lower ends.
  public var low: [Double]
  /// Upper ends; +∞ is drawn as an arrow and said.
  public var high: [Double]
  /// Lower ends of the thick part: empty or one each.
  public var innerLow: [Double]
  /// Upper ends of the thick part: empty or one each.
  public var innerHigh: [Double]
  /// Middles: empty or one each.
  public var middle: [Double]
  /// Words beside the ranges: empty or one each.
  public var labels: [LocalText]
  /// Place in the colour ramp; `nil` is grey.
  public var key: Int?

  /// Ranges `low...high` at the positions `at`.
  public init(
    _ name: LocalText, _ direction: Direction, at: [Double], low: [Double], high: [Double],
    innerLow: [Double] = [], innerHigh: [Double] = [], middle: [Double] = [], labels: [LocalText] = [],
    key: Int?
  ) {
    self.name = name
    self.direction = direction
    self.at = at
    self.low = low
    self.high = high
    self.innerLow = innerLow
    self.innerHigh = innerHigh
    self.middle = middle
    self.labels = labels
    self.key = key
  }

  /// Which way ranges run.
  public enum Direction: String, Codable, Hashable, Sendable {
    /// Along the x axis, rows on y.
    case horizontal
    /// Along the y axis: error bars.
    case vertical
  }

  /// These ranges as a layer.
  public var layer: Layer { .interval(self) }
}

/// A straight line across the plot at one value.
public struct Rule: Codable, Hashable, Sendable, LayerContent {
  /// The axis whose value is constant.
  public enum Position: Codable, Hashable, Sendable {
    /// A vertical line.
    case x(Double)
    /// A horizontal line.
    case y(Double)
  }

  /// Where it is.
  public var position: Position
  /// Words on it.
  public var label: LocalText?

  /// A vertical rule; its label stands above the plot.
  public init(x: Double, label: LocalText? = nil) {
    position = .x(x)
    self.label = label
  }

  /// A horizontal rule; its label stands on it where there is room.
  public init(y: Double, label: LocalText? = nil) {
    position = .y(y)
    self.label = label
  }

  /// This rule as a layer.
  public var layer: Layer { .rule(self) }
}

/// A tinted part of the plot.
///
/// A bound that is `nil` is the edge of the plot.
public struct Region: Codable, Hashable, Sendable, LayerContent {
  /// Left, lower, right and upper bounds in units of the axes.
  public var xLow: Double?, yLow: Double?, xHigh: Double?, yHigh: Double?
  /// Words in it.
  public var label: LocalText?

  /// A region; leave out the bounds that are the plot's own.
  public init(
    x: (low: Double?, high: Double?) = (nil, nil), y: (low: Double?, high: Double?) = (nil, nil),
    label: LocalText? = nil
  ) {
    xLow = x.low
    xHigh = x.high
    yLow = y.low
    yHigh = y.high
    self.label = label
  }

  /// This region as a layer.
  public var layer: Layer { .region(self) }
}
