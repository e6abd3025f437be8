import Experiments
import Figures
import SVGChart
import Wording

/// The data of a page's figures, as files that the figures lead to: whole, where a page has room for some rows.
struct FigureData {
  /// Where the data of a figure lie in the output. Ids and names hold no point, so no two figures share a path.
  ///
  /// - Parameter figure: Which of an experiment's figures.
  static func path(_ page: SiteMap.Page, _ id: String, figure: String? = nil) -> String {
    "data/\(page.frontMatter.slug.value)/\(id)\(figure.map { ".\($0)" } ?? "").csv"
  }

  /// The paths of the files of the figures that an experiment shows.
  static func paths(of result: ExperimentResult, in page: SiteMap.Page) -> [String] {
    result.planned.figures.map { path(page, result.planned.key.id, figure: $0) }
  }

  /// The paths of the files of a composed figure: one a frame.
  static func paths(of figure: ComposedFigure, in page: SiteMap.Page) -> [String] {
    figure.frames.indices.map { FigureOptions.address(path(page, figure.id), frame: $0 + 1) }
  }

  /// The files of the figures that an experiment shows.
  static func files(of result: ExperimentResult, in page: SiteMap.Page) -> [SiteOutput.File] {
    zip(paths(of: result, in: page), result.shownFigures).map { path, figure in
      file(path, figure.chart, page)
    }
  }

  /// The files of a composed figure.
  static func files(of figure: ComposedFigure, in page: SiteMap.Page) -> [SiteOutput.File] {
    zip(paths(of: figure, in: page), figure.frames).map { path, frame in file(path, frame.chart, page) }
  }

  private static func file(_ path: String, _ chart: Chart, _ page: SiteMap.Page) -> SiteOutput.File {
    SiteOutput.File(path: path, content: .bytes(chart.dataFile(page.document.language)))
  }
}
