import Wording

/// Everything decided about a picture before a byte is written: every text, every shape, every thing left out.
///
/// A plan is the same in both languages except for the words: places are measured with the longer of the two. Tests read
/// it, the writer only prints it.
public struct Plan: Hashable, Sendable {
  /// Which of the two layouts.
  public let layout: Layout
  /// px of the picture.
  public internal(set) var width: Double = 0, height: Double = 0
  /// The plots with their scales and ticks.
  public internal(set) var panels: [PanelPlan] = []
  /// Grid, rules, regions: under the data.
  public internal(set) var backdrop: [Shape] = []
  /// Coloured cells, over the backdrop: maps and the ramp that explains them.
  public internal(set) var grids: [CellGrid] = []
  /// What the levels of the cells mean.
  public internal(set) var cellScale: CellScale?
  /// The data, one group per series and panel.
  public internal(set) var series: [SeriesGroup] = []
  /// Axis lines and ticks: over the data.
  public internal(set) var foreground: [Shape] = []
  /// Texts that belong to no series.
  public internal(set) var texts: [TextBox] = []
  /// What is not shown, each said in the figure.
  public internal(set) var dropped: [Dropped] = []
  /// The sentences under the picture that say it.
  public internal(set) var statements: [LocalText] = []

  /// All texts: those of series too.
  public var allTexts: [TextBox] { texts + series.flatMap(\.labels) }
  /// All shapes.
  public var allShapes: [Shape] { backdrop + series.flatMap(\.shapes) + foreground }

  init(layout: Layout) { self.layout = layout }
}

/// The two layouts of every chart; the page shows the one that fits.
public enum Layout: String, CaseIterable, Hashable, Sendable {
  /// 640 px.
  case wide
  /// 320 px, for phones: text keeps its 12 px.
  case compact

  /// px of the picture.
  public var width: Double { self == .wide ? 640 : 320 }
}

/// One plot in a plan.
public struct PanelPlan: Hashable, Sendable {
  /// The plot without labels, px.
  public var plot: Rect
  /// The strip under it.
  public var strip: Rect?
  /// The strip of rows at the right of cells.
  public var rowStrip: Rect?
  /// Scales.
  public var x: PositionScale, y: PositionScale
  /// Ticks in ascending order.
  public var xTicks: [PlannedTick], yTicks: [PlannedTick]
}

/// One line of text.
public struct TextBox: Hashable, Sendable {
  /// The words; an empty language writes nothing.
  public var text: LocalText
  /// Where the anchor and the baseline are, px.
  public var x: Double, baseline: Double
  /// Which part of the text stands at `x`.
  public var anchor: Anchor
  /// How it looks.
  public var style: Style
  /// px of the longer language, estimated.
  public var width: Double

  /// Which part of a text stands at its x.
  public enum Anchor: String, Hashable, Sendable {
    /// The left end.
    case start
    /// The middle.
    case middle
    /// The right end.
    case end
  }

  /// The styles of text; each is a class of the style sheet.
  public enum Style: String, CaseIterable, Hashable, Sendable {
    /// Tick labels, axis titles, remarks: 12 px, muted.
    case axis
    /// Labels of rules, regions and notes: 12 px, ink, with a halo.
    case label
    /// Labels of series, in their colour: 13 px with a halo.
    case series
    /// The same, bold, for the hero.
    case hero
    /// Titles of panels: 13 px, bold.
    case panel
    /// Announcements on panels: 12 px, bold.
    case announcement
    /// The title of a standalone picture: 16 px, bold.
    case title

    /// px.
    public var size: Double {
      switch self {
      case .axis, .label, .announcement: 12
      case .series, .hero, .panel: 13
      case .title: 16
      }
    }

    /// Whether a rim in the colour of the page keeps the words apart from what they stand on.
    public var hasRim: Bool {
      switch self {
      case .label, .series, .hero: true
      case .axis, .panel, .announcement, .title: false
      }
    }

    /// Whether the weight is 600.
    public var isBold: Bool {
      switch self {
      case .axis, .label, .series: false
      case .hero, .panel, .announcement, .title: true
      }
    }
  }

  init(_ text: LocalText, x: Double, baseline: Double, anchor: Anchor = .start, style: Style) {
    let text = TextMetrics.singleLine(text)
    self.text = text
    self.x = (x * 10).rounded() / 10
    self.baseline = (baseline * 10).rounded() / 10
    self.anchor = anchor
    self.style = style
    width = TextMetrics.width(text, size: style.size, bold: style.isBold)
  }

  /// The ink: from 0.75 em above the baseline to 0.2 em below.
  public var rect: Rect {
    let left =
      switch anchor {
      case .start: x
      case .middle: x - width / 2
      case .end: x - width
      }
    return Rect(x: left, y: baseline - 0.75 * style.size, width: width, height: 0.95 * style.size)
  }
}

/// Paths drawn alike.
public struct Shape: Hashable, Sendable {
  /// The paths.
  public var subpaths: [Subpath]
  /// How they look.
  public var paint: Paint

  /// The ways to draw; each is a class of the style sheet.
  public enum Paint: String, CaseIterable, Hashable, Sendable {
    /// Grid lines.
    case grid
    /// Axis lines and labelled ticks.
    case axis
    /// A straight reference.
    case rule
    /// A tinted part of the plot.
    case region
    /// From a label to what it names.
    case leader
    /// 1.5 px.
    case line
    /// 2.5 px.
    case heroLine
    /// 1.5 px, dashed.
    case dashedLine
    /// An area of a band with others inside.
    case outerBand
    /// The innermost band.
    case innerBand
    /// Steps with their area.
    case steps
    /// The same, 2.5 px.
    case heroSteps
    /// Filled rectangles.
    case bar
    /// Round points of 7 px.
    case dot
    /// The thin part of an interval.
    case thin
    /// The thick part, 7 px.
    case thick
    /// The middle of an interval: 10 px, round.
    case median
    /// The hole in it, in the colour of the page.
    case hole
    /// What keeps a ring apart from the cells around it, in the colour of the page.
    case ringRim
    /// A ring around a cell.
    case ring
  }

  init(_ paint: Paint, _ subpaths: [Subpath]) {
    self.paint = paint
    self.subpaths = subpaths
  }
}

/// What hovers and is emphasised as one: the marks and labels of a series in one panel.
public struct SeriesGroup: Hashable, Sendable {
  /// The name.
  public var name: LocalText
  /// The colour.
  public var colour: SeriesColour
  /// The marks.
  public var shapes: [Shape] = []
  /// The labels.
  public var labels: [TextBox] = []
  var isHero = false
}

/// The colour of a series: a class, never a number.
public enum SeriesColour: Hashable, Sendable {
  /// Step 0...3 of the ordered ramp.
  case ordered(Int)
  /// Hue 0...3 of the nominal palette.
  case nominal(Int)
  /// Muted grey.
  case reference
}

/// Something the picture does not show.
public enum Dropped: Hashable, Sendable {
  /// NaN and infinities.
  case notFinite(series: LocalText, count: Int)
  /// Values ≤ 0 on a log axis.
  case nonPositive(series: LocalText, count: Int, of: Int, allZero: Bool, because: LocalText)
  /// Values beyond the axes.
  case outside(series: LocalText, count: Int, of: Int)
  /// An upper end drawn as an arrow.
  case unbounded(series: LocalText, count: Int)
  /// Cells that got the colour of an end of the ramp.
  case beyondColours(series: LocalText, count: Int, of: Int)
  /// Each drawn cell stands for a block of `x` by `y` cells and has its largest value.
  case pooled(series: LocalText, x: Int, y: Int)
  /// Labels that found no room.
  case labels([LocalText])
  /// Every `stride`-th name of an axis is written.
  case names(stride: Int)
  /// Words cut with an ellipsis.
  case shortened(count: Int)

  /// How a figure says what it leaves out: nothing twice, and values beyond the axes of several series in one sentence.
  static func statements(_ items: [Dropped]) -> [LocalText] {
    var beyond: [(series: LocalText, count: Int, total: Int)] = []
    for case .outside(let series, let count, let total) in items
    where !beyond.contains(where: { $0 == (series, count, total) }) {
      beyond.append((series, count, total))
    }
    var said: [LocalText] = []
    for item in items {
      var statement = item.statement
      if case .outside = item, beyond.count > 1 {
        let english = beyond.map { "\($0.series.english) \($0.count) of \($0.total)" }
        let chinese = beyond.map { "\($0.series.chinese) \($0.total) 个中的 \($0.count) 个" }
        statement = LocalText(
          "Values beyond the axes: \(english.joined(separator: ", ")).",
          "超出坐标范围的值：\(chinese.joined(separator: "，"))。")
      }
      if !said.contains(statement) { said.append(statement) }
    }
    return said
  }

  /// How the figure says it where there is nothing else of its sort.
  public var statement: LocalText {
    switch self {
    case .notFinite(let series, let count):
      LocalText(
        "\(series.english): \(count) \(count == 1 ? "value that is" : "values that are") not finite left out.",
        "\(series.chinese)：\(count) 个非有限值未画出。")
    case .nonPositive(let series, let count, let total, let allZero, let reason):
      LocalText(
        "\(series.english): \(count) of \(total) values are \(allZero ? "0" : "0 or less") and not drawn (\(reason.english)).",
        "\(series.chinese)：\(total) 个值中有 \(count) 个\(allZero ? "为" : "不大于") 0，未画出（\(reason.chinese)）。")
    case .outside(let series, let count, let total):
      LocalText(
        "\(series.english): \(count) of \(total) values lie beyond the axes.",
        "\(series.chinese)：\(total) 个值中有 \(count) 个超出坐标范围。")
    case .unbounded(let series, let count):
      LocalText(
        "\(series.english): \(count == 1 ? "an arrow marks a range that goes on" : "arrows mark \(count) ranges that go on") (overflow).",
        "\(series.chinese)：箭头表示 \(count) 个区间超出坐标范围（溢出）。")
    case .beyondColours(let series, let count, let total):
      LocalText(
        "\(series.english): \(count) of \(total) cells lie beyond the colour scale and have the colour of its end.",
        "\(series.chinese)：\(total) 个单元中有 \(count) 个超出颜色范围，按端点颜色绘制。")
    case .pooled(let series, let x, let y):
      LocalText(
        "\(series.english): each cell drawn shows the largest of \(x) × \(y) values.",
        "\(series.chinese)：每个单元显示 \(x) × \(y) 个值中的最大者。")
    case .labels(let labels):
      LocalText(
        "Without room for a label: \(labels.map(\.english).joined(separator: ", ")).",
        "放不下的标签：\(labels.map(\.chinese).joined(separator: "、"))。")
    case .names(let stride):
      LocalText("One in \(stride) names is written on the axis.", "坐标轴每 \(stride) 个名称标一个。")
    case .shortened:
      LocalText("Long names are shortened; the table has them in full.", "较长的名称已缩短，完整名称见数据表。")
    }
  }
}
