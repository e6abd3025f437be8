import Wording

extension DiagnosticReport {
  /// Workflow commands that GitHub turns into annotations of the lines meant: `::error file=…,line=…,col=…::message`.
  public var gitHub: String {
    diagnostics.map { diagnostic in
      var properties: [(String, String)] = []
      if let location = diagnostic.location {
        properties.append(("file", path(location)))
        if let region = places.region(location) {
          properties.append(("line", String(region.start.line)))
          properties.append(("endLine", String(region.end.line)))
          // GitHub takes columns only where both stand on one line; its last column is part of the place.
          if region.start.line == region.end.line {
            properties.append(("col", String(region.start.column)))
            properties.append(("endColumn", String(max(region.start.column, region.end.column - 1))))
          }
        }
      }
      properties.append(("title", "\(diagnostic.code.entry.title[language]) [\(diagnostic.code.rawValue)]"))
      let list = properties.map { "\($0.0)=\(Self.escapedProperty($0.1))" }.joined(separator: ",")
      return "::\(diagnostic.severity.rawValue) \(list)::\(Self.escapedData(sentences(of: diagnostic)))\n"
    }.joined()
  }

  private static func escapedData(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Excerpt.visible(String($0)) }
      .joined(separator: "\n")
      .replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  private static func escapedProperty(_ text: String) -> String {
    escapedData(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
