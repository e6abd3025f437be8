import Wording

/// A chart as a value: what is drawn, never how many pixels.
///
/// The same value gives the picture in two layouts and two languages, the data table, the download and the
/// description. Two equal charts give equal bytes on every machine.
public struct Chart: Codable, Hashable, Sendable {
  /// The finding, a sentence with its number.
  ///
  /// Written above the picture, not in it.
  public var title: LocalText
  /// The measure, its unit, sample count and seed.
  public var subtitle: LocalText?
  /// The alternative text: generated from the data, or the author's words.
  public var summary: Summary
  /// The horizontal axis of every panel.
  public var x: Axis
  /// The vertical axis of every panel.
  public var y: Axis
  /// What every panel shows, drawn in this order.
  ///
  /// Without ``facets`` there is one panel.
  public var layers: [Layer]
  /// Small multiples, or `nil` for one panel.
  public var facets: Facets?
  /// How the keys of the series become colours.
  public var colour: ColourRole
  /// Texts anchored at a point of the data, on every panel.
  public var notes: [Note]
  /// The shape of the plot.
  public var aspect: Aspect
  /// Sentences under the picture, such as what was left out before the chart was made.
  public var remarks: [LocalText]
  /// The line under the figure that says where the numbers come from: experiment, seed, sample count.
  public var source: LocalText?

  /// A chart from its parts; `content` lists the layers, in drawing order, with `for` and `if` as in Swift.
  public init(
    title: LocalText, subtitle: LocalText? = nil, x: Axis, y: Axis, facets: Facets? = nil,
    colour: ColourRole = .ordered, notes: [Note] = [], aspect: Aspect = .wide, summary: Summary = .automatic,
    remarks: [LocalText] = [], source: LocalText? = nil, @LayerBuilder layers content: () -> [Layer] = { [] }
  ) {
    self.title = title
    self.subtitle = subtitle
    self.summary = summary
    self.x = x
    self.y = y
    self.layers = content()
    self.facets = facets
    self.colour = colour
    self.notes = notes
    self.aspect = aspect
    self.remarks = remarks
    self.source = source
  }

  /// The alternative text of a chart.
  public enum Summary: Codable, Hashable, Sendable {
    /// Three sentences made from the data: construction, statistics, trend.
    case automatic
    /// The author's words.
    case words(LocalText)
  }

  /// The shape of a plot.
  ///
  /// The two layouts keep the shape, not the pixels.
  public enum Aspect: String, CaseIterable, Codable, Hashable, Sendable {
    /// About 16 : 9.
    case wide
    /// As high as wide.
    case square
    /// A low strip, about 4 : 1.
    case strip
  }
}

/// How the keys of series (0, 1, 2 …) become colours.
///
/// Layers with the same key share a colour.
public enum ColourRole: String, Codable, Hashable, Sendable {
  /// One colour for everything.
  case single
  /// A ramp of four from dark to light (light to dark on dark pages), for settings with an order, such as scales.
  /// More than four keys share the four steps in order, neighbours told apart by dashes.
  case ordered
  /// Four hues that colour-blind readers tell apart too; keys from the fifth on are grey.
  case nominal
}

/// Small multiples: the same axes for several panels.
public struct Facets: Codable, Hashable, Sendable {
  /// The panels, in reading order.
  public var panels: [Panel]
  /// The most columns of the wide layout, at least 1; the compact layout has one.
  public var columns: Int
  /// How the panels share the horizontal domain.
  public var x: Sharing
  /// How the panels share the vertical domain.
  public var y: Sharing

  /// Panels side by side.
  public init(columns: Int = 2, x: Sharing = .shared, y: Sharing = .shared, panels: [Panel]) {
    self.panels = panels
    self.columns = columns
    self.x = x
    self.y = y
  }

  /// How panels share a domain.
  public enum Sharing: Codable, Hashable, Sendable {
    /// One domain for all.
    case shared
    /// Panels whose extents are within this ratio of one another share a domain; the others keep their own and say by
    /// how much it is wider. The ratio is greater than 1.
    case within(Double)
    /// Every panel has its own domain, and says so.
    case free
  }
}

/// One of several small charts.
public struct Panel: Codable, Hashable, Sendable {
  /// What is special about this panel, such as the value of a scale.
  public var title: LocalText
  /// Numbers about it, such as its standard deviation.
  public var caption: LocalText?
  /// What only this panel shows, drawn over the chart's own layers.
  public var layers: [Layer]
  /// A low strip under the plot that shares its x axis.
  public var strip: Strip?

  /// A panel; `content` lists its layers.
  public init(
    _ title: LocalText, caption: LocalText? = nil, strip: Strip? = nil,
    @LayerBuilder layers content: () -> [Layer] = { [] }
  ) {
    self.title = title
    self.caption = caption
    self.strip = strip
    self.layers = content()
  }
}

/// A strip 24 px high under a plot, for residuals.
public struct Strip: Codable, Hashable, Sendable {
  /// What the strip shows; written over the first strip.
  public var label: LocalText
  /// Half the extent of the strip's axis, greater than 0; what is beyond is cut, counted and said.
  public var reach: Double
  /// What it shows.
  public var layers: [Layer]

  /// A strip; `content` lists its layers.
  public init(_ label: LocalText, reach: Double, @LayerBuilder layers content: () -> [Layer]) {
    self.label = label
    self.reach = reach
    self.layers = content()
  }
}

/// Words beside a point of the data.
public struct Note: Codable, Hashable, Sendable {
  /// The words.
  public var text: LocalText
  /// Where the point is, in units of the axes.
  public var x: Double
  /// Where the point is, in units of the axes.
  public var y: Double

  /// Words beside the point (`x`, `y`); the plan finds a free place near it.
  public init(_ text: LocalText, x: Double, y: Double) {
    self.text = text
    self.x = x
    self.y = y
  }
}

/// Why a chart cannot be drawn.
public enum ChartError: Error, Codable, Hashable, Sendable {
  /// No layer holds a finite value, or there is no panel.
  case empty
  /// A logarithmic axis got values ≤ 0.
  case nonPositiveOnLog(series: String, count: Int)
  /// The columns of a layer differ in length.
  case mismatchedColumns(series: String)
  /// An exact domain is empty, reversed or not finite, or not positive on a logarithmic axis.
  case invalidDomain(axis: String)
  /// A band axis without names.
  case emptyBandAxis(axis: String)
  /// A number outside the range its documentation gives, named by property.
  case invalidParameter(String)
}
