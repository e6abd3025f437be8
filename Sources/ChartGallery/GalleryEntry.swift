import SVGChart
import Wording

/// One chart of the gallery, with what it is there to show.
public struct GalleryEntry: Sendable {
  /// Its name in addresses and files.
  public let id: String
  /// The form, such as "Sorted curves".
  public let heading: LocalText
  /// Which layers, scales and rules of the module it shows, for those who write experiment kinds.
  public let shows: LocalText
  /// The chart.
  public let chart: Chart

  init(_ id: String, _ heading: LocalText, shows: LocalText, _ chart: Chart) {
    self.id = id
    self.heading = heading
    self.shows = shows
    self.chart = chart
  }
}

/// Every layer, scale and form of the charts, on attention weights that are computed here.
///
/// The numbers in the titles are computed from the data that the charts show.
public enum ChartGallery {
  /// All entries, in the order of the page.
  public static let entries: [GalleryEntry] =
    WeightGallery.entries + SweepGallery.entries + ScoreGallery.entries + TrainingGallery.entries
    + MapGallery.entries
}
