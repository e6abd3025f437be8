/// Addresses inside a page of what is numbered there: figures and tables.
public enum PageAnchor {
  /// The words before the dot; no experiment may have them for its id.
  public static let prefixes = ["fig", "table"]

  /// The address of the first figure of an experiment, or of a figure of the author's own.
  public static func figure(_ id: String) -> String { "fig.\(id)" }

  /// The address of one of an experiment's figures, by the figure's name.
  public static func figure(_ id: String, _ name: String) -> String { "fig.\(id).\(name)" }

  /// The address of a table of the author's own.
  public static func table(_ id: String) -> String { "table.\(id)" }
}
