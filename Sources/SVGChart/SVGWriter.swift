import MarkupWriter
import Wording

extension Plan {
  /// For a page that embeds ``ChartStyleSheet/css``: colours are classes.
  ///
  /// The picture is named by its `<title>` and `<desc>`, with the ids `f<n>-t` and `f<n>-d` (compact: `f<n>n-t`,
  /// `f<n>n-d`) and no others.
  ///
  /// - Parameters:
  ///   - figure: Number of the figure in its page, from 1.
  ///   - frame: Number of the frame, from 1, where the figure has several.
  ///   - title: Accessible name.
  ///   - description: Accessible description.
  public func svg(
    figure: Int, frame: Int? = nil, title: String, description: String, language: Language
  ) -> RawMarkup {
    let id = "f\(figure)" + (frame.map { ".\($0)" } ?? "") + (layout == .wide ? "" : "n")
    var writer = SVGWriter(plan: self, language: language)
    writer.begin(
      attributes:
        " class=\"ch \(layout == .wide ? "ch-w" : "ch-n")\" role=\"img\" aria-labelledby=\"\(id)-t\" aria-describedby=\"\(id)-d\"",
      title: "<title id=\"\(id)-t\">\(Escaping.text(title))</title>",
      description: "<desc id=\"\(id)-d\">\(Escaping.text(description))</desc>")
    writer.body(namesSeries: true)
    return RawMarkup(trusted: writer.output + "</svg>")
  }

  /// A file of its own: literal light colours on white, for image viewers and rasterisers.
  ///
  /// UTF-8, no XML declaration.
  public func standaloneSVG(title: String, description: String, language: Language) -> [UInt8] {
    var writer = SVGWriter(plan: self, language: language)
    writer.begin(
      attributes: " xml:lang=\"\(language.tag)\" role=\"img\" aria-labelledby=\"t\" aria-describedby=\"d\"",
      title: "<title id=\"t\">\(Escaping.text(title))</title>",
      description: "<desc id=\"d\">\(Escaping.text(description))</desc>", margin: 16)
    writer.output += "<style>\(ChartStyleSheet.standalone)</style>"
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
  var output = ""

  init(plan: Plan, language: Language) {
    self.plan = plan
    self.language = language
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
    output += "<g stroke=\"currentColor\">"
    for paint in Shape.Paint.allCases { shapes(plan.backdrop.filter { $0.paint == paint }) }
    output += "</g>"
    if !plan.grids.isEmpty {
      output += "<g class=\"c\" stroke=\"currentColor\" shape-rendering=\"crispEdges\">"
      for grid in plan.grids { cells(grid) }
      output += "</g>"
    }
    output += "<g stroke=\"currentColor\" stroke-width=\"1.5\">"
    for group in plan.series where !group.shapes.isEmpty || !group.labels.isEmpty {
      output += "<g class=\"s \(className(group.colour))\">"
      if namesSeries { output += "<title>\(Escaping.text(group.name[language]))</title>" }
      for shape in group.shapes { shapes([shape]) }
      texts(group.labels, isFilled: false)
      output += "</g>"
    }
    output += "</g><g stroke=\"currentColor\">"
    for paint in Shape.Paint.allCases { shapes(plan.foreground.filter { $0.paint == paint }) }
    output += "</g>"
    output += "<g fill=\"currentColor\" stroke=\"none\">"
    texts(plan.texts, isFilled: true)
    output += "</g>"
  }

  /// Levels are classes; without the style sheet they are shades of the ink.
  private mutating func cells(_ grid: CellGrid) {
    let (width, height) = (grid.rect.width / Double(grid.columns), grid.rect.height / Double(grid.rows))
    output += "<g transform=\"translate(\(PathEncoder.text(grid.rect.x)) "
    output +=
      "\(PathEncoder.text(grid.rect.y)))scale(\(PathEncoder.text(width)) \(PathEncoder.text(height)))\">"
    let name = grid.isDiverging ? "p" : "q"
    for (level, data) in CellEncoder.paths(grid) {
      output +=
        "<path class=\"\(name)\(level)\" opacity=\"\(shade(level, isDiverging: grid.isDiverging))\" "
      output += "d=\"\(data)\"/>"
    }
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

  /// Shapes of the same paint in one path.
  private mutating func shapes(_ shapes: [Shape]) {
    guard let paint = shapes.first?.paint else { return }
    let data = PathEncoder.data(shapes.flatMap(\.subpaths))
    guard !data.isEmpty else { return }
    output += "<path\(attributes(paint)) d=\"\(data)\"/>"
  }

  private func attributes(_ paint: Shape.Paint) -> String {
    switch paint {
    case .grid: " class=\"g\" stroke-opacity=\".15\""
    case .axis: " class=\"x\""
    case .rule: " class=\"u\" stroke-dasharray=\"4 3\""
    case .region: " class=\"v\" fill=\"currentColor\" fill-opacity=\".1\" stroke=\"none\""
    case .leader: " stroke-width=\"1\""
    case .line: " class=\"l\""
    case .heroLine: " class=\"l\" stroke-width=\"2.5\""
    case .dashedLine: " stroke-dasharray=\"6 3\""
    case .outerBand: " fill=\"currentColor\" fill-opacity=\".18\" stroke=\"none\""
    case .innerBand: " fill=\"currentColor\" fill-opacity=\".32\" stroke=\"none\""
    case .steps: " class=\"l\" fill=\"currentColor\" fill-opacity=\".2\""
    case .heroSteps: " class=\"l\" fill=\"currentColor\" fill-opacity=\".2\" stroke-width=\"2.5\""
    case .bar: " fill=\"currentColor\" stroke=\"none\""
    case .dot: " stroke-width=\"7\" stroke-linecap=\"round\""
    case .thin: ""
    case .thick: " stroke-width=\"7\""
    case .median: " stroke-width=\"10\" stroke-linecap=\"round\""
    case .ringRim: " class=\"k\" stroke=\"#fff\" stroke-width=\"4\""
    case .ring: " class=\"i\" stroke-width=\"1.5\""
    case .hole: " class=\"k\" stroke=\"#fff\" stroke-width=\"5\" stroke-linecap=\"round\""
    }
  }

  /// Texts of the same look in one group.
  private mutating func texts(_ texts: [TextBox], isFilled: Bool) {
    for style in TextBox.Style.allCases {
      for anchor in [TextBox.Anchor.start, .middle, .end] {
        let same = texts.filter { $0.style == style && $0.anchor == anchor && !$0.text[language].isEmpty }
        guard !same.isEmpty else { continue }
        output += "<g\(attributes(style, isFilled: isFilled)) font-size=\"\(PathEncoder.text(style.size))\""
        if anchor != .start { output += " text-anchor=\"\(anchor.rawValue)\"" }
        output += ">"
        for box in same {
          output += "<text x=\"\(PathEncoder.text(box.x))\" y=\"\(PathEncoder.text(box.baseline))\">"
          output += "\(Escaping.text(box.text[language]))</text>"
        }
        output += "</g>"
      }
    }
  }

  /// The fill stands on the group around all texts, or on each group inside a series.
  private func attributes(_ style: TextBox.Style, isFilled: Bool) -> String {
    let common = isFilled ? "" : " fill=\"currentColor\" stroke=\"none\""
    return switch style {
    case .axis: " class=\"a\"\(common)"
    case .label: " class=\"i h\"\(common)"
    case .series: " class=\"h\"\(common)"
    case .hero: " class=\"h\"\(common) font-weight=\"600\""
    case .panel, .announcement, .title: " class=\"i\"\(common) font-weight=\"600\""
    }
  }
}
