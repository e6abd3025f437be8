/// The colours of charts: constants that tests measure and the style sheet writes.
public struct ChartTheme: Hashable, Sendable {
  /// The page behind a chart, `#rrggbb`; halos of labels have it too.
  public let background: String
  /// Words that matter and panel titles.
  public let ink: String
  /// Tick labels, axis titles, references: at least 4.5 : 1.
  public let muted: String
  /// Grid lines: decoration.
  public let grid: String
  /// Axis lines: at least 3 : 1.
  public let axis: String
  /// The ordered ramp, four steps, each at least 4.5 : 1, so that labels wear the colour of their line.
  public let ordered: [String]
  /// Four hues told apart by colour-blind readers too.
  public let nominal: [String]
  /// Sixteen steps for cells, from the least value to the greatest, evenly apart in lightness; the first is close to
  /// the page in both themes, so that dark pages turn the ramp around.
  public let levels: [String]
  /// Fifteen steps for cells whose colours part at a middle.
  public let diverging: [String]

  /// On white paper.
  public static let light = ChartTheme(
    background: "#ffffff", ink: "#1a1d21", muted: "#565d66", grid: "#dfe3e8", axis: "#6b7280",
    ordered: ["#281946", "#044262", "#04665e", "#657e4b"],
    nominal: ["#282d74", "#34871d", "#ad4cb4", "#612006"],
    levels: [
      "#fdfdf0", "#dff1e3", "#c1e6d6", "#a2dac9", "#81cebc", "#73bdb3", "#66acaa", "#599ca2", "#4d8b99",
      "#417b90",
      "#366b87", "#2b5c7e", "#204c75", "#163d6b", "#0e2d62", "#081d58",
    ],
    diverging: [
      "#123f8f", "#2a5aa2", "#4374b5", "#5c8ec8", "#77a9da", "#9dc3e5", "#c9dceb", "#f4f4f0", "#f4d5bb",
      "#f2b585",
      "#e5975e", "#d07e49", "#ba6534", "#a54c1f", "#8f3203",
    ])

  /// On a dark screen.
  public static let dark = ChartTheme(
    background: "#14171a", ink: "#e8eaed", muted: "#a4acb6", grid: "#2c3239", axis: "#8b95a1",
    ordered: ["#637fbc", "#53b0d2", "#73dccf", "#c1fec2"],
    nominal: ["#707eab", "#90fd77", "#f9aafd", "#f0720a"],
    levels: [
      "#14171a", "#19242b", "#1e313c", "#223f4f", "#254e62", "#285d76", "#2a6c8b", "#3f7b94", "#578a9b",
      "#6d99a2",
      "#83a8a8", "#99b7ae", "#afc7b4", "#c5d6ba", "#dbe5bf", "#f2f5c4",
    ],
    diverging: [
      "#b9d8ff", "#94bdec", "#70a2d9", "#4b87c6", "#406d9c", "#365474", "#2b3c4d", "#20252a", "#46372f",
      "#6e4932",
      "#985a31", "#c26d30", "#d78e5a", "#ebaf80", "#ffd0a6",
    ])

  /// Names of custom properties with their values, in the order of the style sheet.
  var properties: [(name: String, value: String)] {
    [("bg", background), ("ink", ink), ("muted", muted), ("grid", grid), ("axis", axis)]
      + ordered.enumerated().map { ("o\($0.offset + 1)", $0.element) }
      + nominal.enumerated().map { ("n\($0.offset + 1)", $0.element) }
      + levels.enumerated().map { ("q\($0.offset)", $0.element) }
      + diverging.enumerated().map { ("d\($0.offset)", $0.element) }
  }
}
