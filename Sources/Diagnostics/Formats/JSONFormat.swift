import Wording

extension DiagnosticReport {
  /// The version of the JSON format; it grows when something that was there goes or changes its meaning.
  public static let jsonVersion = 1

  /// `{"version", "program", "language", "errors", "warnings", "diagnostics": […], "statements": […]}` on one line each.
  ///
  /// A diagnostic has `code`, `severity` (`error`, `warning`), `message`, `location` or null, `label` or null, `notes`
  /// (each `message` and `location` or null), `help` or null, and `fixes`. A location has `path`, `bytes` (a pair, the end
  /// exclusive), and, where the file could be read, `start` and `end` with `line` and `column` from 1 in Unicode scalars. A
  /// fix has `message` and `replacements` (each `location` and `text`). A statement has `kind` (`claim`, `number`), `name`,
  /// `location` and `outcome` (`passed`, `failed`, `broken`, `inconclusive`, `cited`).
  public var json: JSONValue {
    .object([
      "version": .integer(Self.jsonVersion), "program": .string("notebook \(programVersion)"),
      "language": .string(language.tag),
      "errors": .integer(diagnostics.count { $0.severity == .error }),
      "warnings": .integer(diagnostics.count { $0.severity == .warning }),
      "diagnostics": .array(diagnostics.map(json)), "statements": .array(statements.map(json)),
    ])
  }

  private func json(_ diagnostic: Diagnostic) -> JSONValue {
    .object([
      "code": .string(diagnostic.code.rawValue), "severity": .string(diagnostic.severity.rawValue),
      "message": .string(diagnostic.summary[language]), "location": json(diagnostic.location),
      "label": json(diagnostic.label),
      "notes": .array(
        diagnostic.notes.map {
          .object(["message": .string($0.text[language]), "location": json($0.location)])
        }),
      "help": json(diagnostic.help),
      "fixes": .array(
        diagnostic.fixes.map { fix in
          .object([
            "message": .string(fix.description[language]),
            "replacements": .array(
              fix.replacements.map { .object(["location": json($0.location), "text": .string($0.text)]) }),
          ])
        }),
    ])
  }

  private func json(_ statement: Statement) -> JSONValue {
    .object([
      "kind": .string(statement.kind.rawValue), "name": .string(statement.name),
      "location": json(statement.location), "outcome": .string(statement.outcome.rawValue),
    ])
  }

  private func json(_ text: LocalText?) -> JSONValue { text.map { .string($0[language]) } ?? .null }

  private func json(_ location: SourceLocation?) -> JSONValue {
    guard let location else { return .null }
    let bytes = JSONValue.array([
      .integer(location.range.lowerBound), .integer(location.range.upperBound),
    ])
    guard let region = places.region(location) else {
      return .object(["path": .string(location.path), "bytes": bytes])
    }
    return .object([
      "path": .string(location.path), "bytes": bytes, "start": json(region.start), "end": json(region.end),
    ])
  }

  private func json(_ position: SourcePosition) -> JSONValue {
    .object(["line": .integer(position.line), "column": .integer(position.column)])
  }
}
