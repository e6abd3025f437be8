import Wording

/// The measures of experiments as text, JSON or CSV.
public struct ResultReport: Sendable {
  private let results: [ExperimentResult]

  /// A report on some results, in their order.
  public init(_ results: [ExperimentResult]) {
    self.results = results
  }

  /// One object with all experiments: `{"experiments":[{"id",…,"measures":[…]}]}`.
  public var json: JSONValue {
    .object(["experiments": .array(results.map { Self.json($0) })])
  }

  /// One experiment with its parameters and measures.
  ///
  /// - Parameters:
  ///   - isPublished: Whether its readers have no files of the site's notes.
  ///   - describe: Makes an object of a measure.
  public static func json(
    _ result: ExperimentResult, isPublished: Bool = false, measure describe: (Measure) -> JSONValue = json
  ) -> JSONValue {
    .object([
      "id": .string(result.planned.key.id),
      "kind": .string(result.planned.kind.name),
      "parameters": .object(
        result.planned.parameters.entries.map { entry in
          JSONValue.Member(key: entry.name, value: (isPublished ? entry.value.published : entry.value).json)
        }),
      "measures": .array(result.outcome.measures.map(describe)),
    ])
  }

  /// One measure.
  public static func json(_ measure: Measure) -> JSONValue { .object(members(of: measure)) }

  /// The keys of a measure, for whoever has more to say of it.
  public static func members(of measure: Measure) -> [JSONValue.Member] {
    let pairs: KeyValuePairs<String, JSONValue> = [
      "name": .string(measure.name),
      "coordinates": measure.coordinatesJSON,
      "value": .number(measure.value),
      "standardError": measure.standardError.map { .number($0) } ?? .null,
      "samples": measure.samples.map { .integer($0) } ?? .null,
      "unit": .string(measure.unit),
    ]
    return pairs.map { JSONValue.Member(key: $0.key, value: $0.value) }
  }

  /// A table with a header; fields quoted where RFC 4180 wants it; lines end with LF.
  public var csv: String {
    var lines = ["experiment,kind,measure,coordinates,value,standardError,samples,unit"]
    for result in results {
      for measure in result.outcome.measures {
        let coordinates = measure.coordinates.map { "\($0.name)=\($0.label)" }.joined(separator: "; ")
        let fields = [
          result.planned.key.id, result.planned.kind.name, measure.name, coordinates,
          measure.value.machineText,
          measure.standardError?.machineText ?? "", measure.samples.map { String($0) } ?? "", measure.unit,
        ]
        lines.append(fields.map(Self.quoted).joined(separator: ","))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func quoted(_ field: String) -> String {
    guard field.contains(where: { ",\"\n\r".contains($0) }) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  /// A page for a terminal: each experiment with its parameters and a line a measure, columns aligned.
  public var text: String {
    results.map(Self.text).joined(separator: "\n")
  }

  private static func text(_ result: ExperimentResult) -> String {
    var output = "\(result.planned.key.id) (\(result.planned.kind.name))\n"
    for entry in result.planned.parameters.entries { output += "  \(entry.name): \(entry.value.text)\n" }
    let rows = result.outcome.measures.map { measure in
      [
        measure.text, NumberFormat.significant(6).string(measure.value),
        measure.standardError.map { "± " + NumberFormat.significant(2).string($0) }
          ?? (measure.errorIsUnknown ? "± ?" : "exact"), measure.unit,
      ]
    }
    output += "\n" + TextTable.aligned(rows, indentation: "  ")
    for missing in result.outcome.missing {
      output += "  \(missing.text): none, because \(missing.reason.english)\n"
    }
    return output
  }
}

extension Measure {
  /// The coordinates as an object; those that are plain numbers as numbers.
  public var coordinatesJSON: JSONValue {
    .object(
      coordinates.map {
        JSONValue.Member(key: $0.name, value: $0.isNumeric ? .number($0.number) : .string($0.label))
      })
  }
}

/// Columns of text aligned by their width on a terminal.
public enum TextTable {
  /// The rows as lines, columns two cells apart; the last column is not padded.
  public static func aligned(_ rows: [[String]], indentation: String = "") -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? DisplayWidth.cells($0[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = indentation
      for (column, cell) in row.enumerated() {
        line += cell
        if column + 1 < row.count {
          line += String(repeating: " ", count: widths[column] - DisplayWidth.cells(cell) + 2)
        }
      }
      return line.reversed().drop { $0 == " " }.reversed().map { String($0) }.joined() + "\n"
    }.joined()
  }
}
