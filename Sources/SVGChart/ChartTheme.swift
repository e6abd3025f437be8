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

  /// On white paper.
  public static let light = ChartTheme(
    background: "#ffffff", ink: "#1a1d21", muted: "#565d66", grid: "#dfe3e8", axis: "#6b7280",
    ordered: ["#281946", "#044262", "#04665e", "#657e4b"],
    nominal: ["#282d74", "#34871d", "#ad4cb4", "#612006"])

  /// On a dark screen.
  public static let dark = ChartTheme(
    background: "#14171a", ink: "#e8eaed", muted: "#a4acb6", grid: "#2c3239", axis: "#8b95a1",
    ordered: ["#637fbc", "#53b0d2", "#73dccf", "#c1fec2"],
    nominal: ["#707eab", "#90fd77", "#f9aafd", "#f0720a"])

  /// Names of custom properties with their values, in the order of the style sheet.
  var properties: [(name: String, value: String)] {
    [("bg", background), ("ink", ink), ("muted", muted), ("grid", grid), ("axis", axis)]
      + ordered.enumerated().map { ("o\($0.offset + 1)", $0.element) }
      + nominal.enumerated().map { ("n\($0.offset + 1)", $0.element) }
  }
}
