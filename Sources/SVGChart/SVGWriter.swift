import MarkupWriter
import Wording

extension Plan {
  /// For a page that embeds ``ChartStyleSheet/css``: colours are classes.
  ///
  /// The picture is named by its `<title>` and `<desc>`, with the ids `f<n>-t` and `f<n>-d` and no others.
  ///
  /// - Parameters:
  ///   - figure: Number of the figure in its page, from 1.
  ///   - frame: Number of the frame, from 1, where the figure has several.
  ///   - title: Accessible name.
  ///   - description: Accessible description.
  public func svg(
    figure: Int, frame: Int? = nil, title: String, description: String, language: Language
  ) -> RawMarkup {
    svg(
      figure: figure, frame: frame, names: (title, description), language: language, cells: .own)
  }

  /// Where the paths of cells are: two layouts of a map differ in the size of a cell only, so one has them for both.
  enum CellPaths {
    /// In the picture.
    case own
    /// In the picture, under ids `f<n>-c0`, `f<n>-c1` … for the other layout.
    case shared
    /// In the picture of the other layout.
    case elsewhere
  }

  /// - Parameter names: Title and description; `nil` where they stand in the picture of the other layout, whose words
  ///   name both, also while it is hidden.
  func svg(
    figure: Int, frame: Int?, names: (title: String, description: String)?, language: Language,
    cells: CellPaths
  ) -> RawMarkup {
    let stem = "f\(figure)" + (frame.map { ".\($0)" } ?? "")
    var writer = SVGWriter(plan: self, language: language)
    writer.cellPaths = cells
    writer.stem = stem
    writer.begin(
      attributes:
        " class=\"ch \(layout == .wide ? "ch-w" : "ch-n")\" role=\"img\" aria-labelledby=\"\(stem)-t\" aria-describedby=\"\(stem)-d\"",
      title: names.map { "<title id=\"\(stem)-t\">\(Escaping.text($0.title))</title>" } ?? "",
      description: names.map { "<desc id=\"\(stem)-d\">\(Escaping.text($0.description))</desc>" } ?? "")
    writer.body(namesSeries: true)
    return RawMarkup(trusted: writer.output + "</svg>")
  }

  /// A file of its own: literal light colours on white, for image viewers, rasterisers and office programs.
  ///
  /// Every colour is an attribute, and the rim around words is a text of its own: such programs know neither style
  /// sheets nor `currentColor` nor `paint-order` for certain. UTF-8, no XML declaration.
  public func standaloneSVG(title: String, description: String, language: Language) -> [UInt8] {
    var writer = SVGWriter(plan: self, language: language, literals: .light)
    writer.begin(
      attributes:
        " xml:lang=\"\(language.tag)\" role=\"img\" aria-labelledby=\"t\" aria-describedby=\"d\""
        + " font-family=\"Arial, Helvetica, Liberation Sans, Noto Sans CJK SC, sans-serif\"",
      title: "<title id=\"t\">\(Escaping.text(title))</title>",
      description: "<desc id=\"d\">\(Escaping.text(description))</desc>", margin: 16)
    let size = (PathEncoder.text(width + 32), PathEncoder.text(height + 32))
    writer.output +=
      "<rect x=\"-16\" y=\"-16\" width=\"\(size.0)\" height=\"\(size.1)\" fill=\"\(ChartTheme.light.background)\"/>"
    writer.body(namesSeries: false)
    return Array((writer.output + "</svg>\n").utf8)
  }
}

/// Prints a plan.
///
/// It decides nothing.
private struct SVGWriter {
  let plan: Plan
  let language: Language
  /// The colours to write out, or `nil` where classes stand for them.
  let literals: ChartTheme?
  var cellPaths = Plan.CellPaths.own
  var stem = ""
  var output = ""

  init(plan: Plan, language: Language, literals: ChartTheme? = nil) {
    self.plan = plan
    self.language = language
    self.literals = literals
    output.reserveCapacity(8192)
  }

  mutating func begin(attributes: String, title: String, description: String, margin: Double = 0) {
    let width = PathEncoder.text(plan.width + 2 * margin)
    let height = PathEncoder.text(plan.height + 2 * margin)
    let origin = margin == 0 ? "0 0" : "\(PathEncoder.text(-margin)) \(PathEncoder.text(-margin))"
    output +=
      "<svg xmlns=\"http://www.w3.org/2000/svg\"\(attributes) viewBox=\"\(origin) \(width) \(height)\" "
    output += "width=\"\(width)\" height=\"\(height)\" fill=\"none\">\(title)\(description)"
  }

  mutating func body(namesSeries: Bool) {
    let ink = literals?.ink ?? "currentColor"
    output += "<g stroke=\"\(ink)\">"
    for paint in Shape.Paint.allCases { shapes(plan.backdrop.filter { $0.paint == paint }, colour: ink) }
    output += "</g>"
    if !plan.grids.isEmpty {
      let attributes = literals == nil ? " class=\"c\" stroke=\"currentColor\"" : ""
      output += "<g\(attributes) shape-rendering=\"crispEdges\">"
      for (index, grid) in plan.grids.enumerated() { cells(grid, id: "\(stem)-c\(index)") }
      output += "</g>"
    }
    output +=
      literals == nil ? "<g stroke=\"currentColor\" stroke-width=\"1.5\">" : "<g stroke-width=\"1.5\">"
    for group in plan.series where !group.shapes.isEmpty || !group.labels.isEmpty {
      let colour = literals.map { literal(group.colour, $0) } ?? "currentColor"
      output += literals == nil ? "<g class=\"s \(className(group.colour))\">" : "<g stroke=\"\(colour)\">"
      if namesSeries { output += "<title>\(Escaping.text(group.name[language]))</title>" }
      for shape in group.shapes { shapes([shape], colour: colour) }
      texts(group.labels, seriesColour: colour)
      output += "</g>"
    }
    output += "</g><g stroke=\"\(ink)\">"
    for paint in Shape.Paint.allCases { shapes(plan.foreground.filter { $0.paint == paint }, colour: ink) }
    output += "</g>"
    output += literals == nil ? "<g fill=\"currentColor\" stroke=\"none\">" : "<g>"
    texts(plan.texts, seriesColour: nil)
    output += "</g>"
  }

  /// Levels are classes; without the style sheet they are shades of the ink.
  private mutating func cells(_ grid: CellGrid, id: String) {
    let (width, height) = (grid.rect.width / Double(grid.columns), grid.rect.height / Double(grid.rows))
    let origin = "\(PathEncoder.text(grid.rect.x)) \(PathEncoder.text(grid.rect.y))"
    let transform =
      " transform=\"translate(\(origin))scale(\(PathEncoder.text(width)) \(PathEncoder.text(height)))\""
    if case .elsewhere = cellPaths {
      output += "<use href=\"#\(id)\"\(transform)/>"
      return
    }
    output += "<g\(transform)>"
    // What another picture uses is styled without its ancestors, so it brings their classes.
    if case .shared = cellPaths { output += "<g id=\"\(id)\" class=\"ch c\">" }
    let name = grid.isDiverging ? "d" : "q"
    for (level, data) in CellEncoder.paths(grid) {
      if let literals {
        output += "<path stroke=\"\((grid.isDiverging ? literals.diverging : literals.levels)[level])\" "
      } else {
        output +=
          "<path class=\"\(name)\(level)\" opacity=\"\(shade(level, isDiverging: grid.isDiverging))\" "
      }
      output += "d=\"\(data)\"/>"
    }
    if case .shared = cellPaths { output += "</g>" }
    output += "</g>"
  }

  /// How strong the ink is at a level, in tenths.
  private func shade(_ level: Int, isDiverging: Bool) -> String {
    let tenths = isDiverging ? abs(level - 7) + 1 : 1 + level * 9 / 16
    return ".\(tenths)"
  }

  private func className(_ colour: SeriesColour) -> String {
    switch colour {
    case .ordered(let step): "o\(step + 1)"
    case .nominal(let hue): "n\(hue + 1)"
    case .reference: "r"
    }
  }

  private func literal(_ colour: SeriesColour, _ theme: ChartTheme) -> String {
    switch colour {
    case .ordered(let step): theme.ordered[step]
    case .nominal(let hue): theme.nominal[hue]
    case .reference: theme.muted
    }
  }

  /// Shapes of the same paint in one path.
  private mutating func shapes(_ shapes: [Shape], colour: String) {
    guard let paint = shapes.first?.paint else { return }
    let data = PathEncoder.data(shapes.flatMap(\.subpaths))
    guard !data.isEmpty else { return }
    output += "<path\(attributes(paint, colour)) d=\"\(data)\"/>"
  }

  /// How a paint looks in a group stroked in `colour`.
  private func attributes(_ paint: Shape.Paint, _ colour: String) -> String {
    func line(_ className: String, _ colour: String?) -> String {
      colour.map { " stroke=\"\($0)\"" } ?? " class=\"\(className)\""
    }
    let plain = literals == nil ? " class=\"l\"" : ""
    let fill = " fill=\"\(colour)\""
    switch paint {
    case .grid: return literals.map { " stroke=\"\($0.grid)\"" } ?? " class=\"g\" stroke-opacity=\".15\""
    case .axis: return line("x", literals?.axis)
    case .rule: return line("u", literals?.muted) + " stroke-dasharray=\"4 3\""
    case .region:
      let own = literals.map { " fill=\"\($0.muted)\"" } ?? " class=\"v\" fill=\"currentColor\""
      return own + " fill-opacity=\".1\" stroke=\"none\""
    case .leader: return " stroke-width=\"1\""
    case .line: return plain
    case .heroLine: return plain + " stroke-width=\"2.5\""
    case .dashedLine: return " stroke-dasharray=\"6 3\""
    case .outerBand: return fill + " fill-opacity=\".18\" stroke=\"none\""
    case .innerBand: return fill + " fill-opacity=\".32\" stroke=\"none\""
    case .steps: return plain + fill + " fill-opacity=\".2\""
    case .heroSteps: return plain + fill + " fill-opacity=\".2\" stroke-width=\"2.5\""
    case .bar: return fill + " stroke=\"none\""
    case .dot: return " stroke-width=\"7\" stroke-linecap=\"round\""
    case .thin: return ""
    case .thick: return " stroke-width=\"7\""
    case .median: return " stroke-width=\"10\" stroke-linecap=\"round\""
    case .ringRim: return (literals == nil ? " class=\"k\"" : "") + " stroke=\"#fff\" stroke-width=\"4\""
    case .ring: return line("i", literals?.ink) + " stroke-width=\"1.5\""
    case .hole:
      return (literals == nil ? " class=\"k\"" : "")
        + " stroke=\"#fff\" stroke-width=\"5\" stroke-linecap=\"round\""
    }
  }

  /// Texts of the same look in one group.
  ///
  /// - Parameter seriesColour: What labels of a series are filled with; `nil` for texts that belong to none.
  private mutating func texts(_ texts: [TextBox], seriesColour: String?) {
    for style in TextBox.Style.allCases {
      for anchor in [TextBox.Anchor.start, .middle, .end] {
        let same = texts.filter { $0.style == style && $0.anchor == anchor && !$0.text[language].isEmpty }
        guard !same.isEmpty else { continue }
        var tail = " font-size=\"\(PathEncoder.text(style.size))\""
        if anchor != .start { tail += " text-anchor=\"\(anchor.rawValue)\"" }
        if style.isBold { tail += " font-weight=\"600\"" }
        guard let literals else {
          let fill = seriesColour == nil ? "" : " fill=\"currentColor\" stroke=\"none\""
          group(" class=\"\(className(style))\"\(fill)\(tail)", same)
          continue
        }
        if style.hasRim {
          let rim =
            " fill=\"none\" stroke=\"\(literals.background)\" stroke-width=\"3.5\" stroke-linejoin=\"round\""
          group(rim + tail, same)
        }
        let own = style == .axis ? literals.muted : seriesColour ?? literals.ink
        group(" fill=\"\(own)\" stroke=\"none\"\(tail)", same)
      }
    }
  }

  private mutating func group(_ attributes: String, _ boxes: [TextBox]) {
    output += "<g\(attributes)>"
    for box in boxes {
      output += "<text x=\"\(PathEncoder.text(box.x))\" y=\"\(PathEncoder.text(box.baseline))\">"
      output += "\(Escaping.text(box.text[language]))</text>"
    }
    output += "</g>"
  }

  private func className(_ style: TextBox.Style) -> String {
    switch style {
    case .axis: "a"
    case .label: "i h"
    case .series, .hero: "h"
    case .panel, .announcement, .title: "i"
    }
  }
}
