import Claims
import Experiments
import NotebookModel
import Wording

/// A measure that an author named, with its values.
struct NamedMeasure: Hashable, Sendable {
  /// As written.
  let reference: MeasureReference
  let range: Range<Int>
  /// The author's name for it.
  let name: String?
  /// Its values, at least one.
  let values: [ResolvedMeasure]
  /// What its kind says of it.
  let summary: LocalText

  var unit: String { values[0].measure.unit }
}

/// Values in rows, each with its coordinates: what charts and tables take their columns from.
struct MeasureFrame {
  /// The role of a coordinate that tells measures apart, where several are shown.
  static let measureRole = "measure"

  /// One value with its coordinates, the measure itself among them.
  struct Row {
    let value: ResolvedMeasure
    let coordinates: [Coordinate]

    func coordinate(_ name: String) -> Coordinate? { coordinates.first { $0.name == name } }
  }

  let measures: [NamedMeasure]
  let rows: [Row]

  init(_ measures: [NamedMeasure]) {
    self.measures = measures
    let names = Self.names(of: measures)
    rows = measures.indices.flatMap { index in
      let own = Coordinate(Self.measureRole, label: names[index], number: Double(index))
      return measures[index].values.map { Row(value: $0, coordinates: $0.measure.coordinates + [own]) }
    }
  }

  /// The shortest names that tell measures apart.
  private static func names(of measures: [NamedMeasure]) -> [String] {
    let ways: [(NamedMeasure) -> String] = [
      { $0.reference.measure }, { $0.reference.experiment },
      { "\($0.reference.experiment).\($0.reference.measure)" }, { $0.reference.text },
    ]
    let way = ways.first { Set(measures.map($0)).count == measures.count } ?? ways[ways.count - 1]
    return measures.map { $0.name ?? way($0) }
  }

  /// The coordinates that have more than one value, in the order of the measures' own.
  var varying: [String] {
    var names: [String] = []
    for name in rows.flatMap({ $0.coordinates.map(\.name) }) where !names.contains(name) {
      if values(of: name).count > 1 { names.append(name) }
    }
    return names
  }

  /// All coordinates, those with one value among them.
  var coordinateNames: [String] {
    var names: [String] = []
    for name in rows.flatMap({ $0.coordinates.map(\.name) }) where !names.contains(name) {
      names.append(name)
    }
    return names.filter { $0 != Self.measureRole || measures.count > 1 }
  }

  /// The different values of a coordinate by number, then in the order of the rows; by label, as the number behind √d
  /// is another one at each head dimension.
  func values(of name: String) -> [Coordinate] {
    var found: [Coordinate] = []
    var labels: Set<String> = []
    for row in rows {
      if let coordinate = row.coordinate(name), labels.insert(coordinate.label).inserted {
        found.append(coordinate)
      }
    }
    return found.enumerated().sorted { ($0.element.number, $0.offset) < ($1.element.number, $1.offset) }
      .map(\.element)
  }

  /// Whether one label of a coordinate stands for different numbers.
  func isOrdinal(_ name: String) -> Bool {
    var numbers: [String: Double] = [:]
    for coordinate in rows.compactMap({ $0.coordinate(name) }) {
      if let known = numbers[coordinate.label], known != coordinate.number { return true }
      numbers[coordinate.label] = coordinate.number
    }
    return false
  }

  /// The rows at a value of a coordinate; all of them for no coordinate.
  func rows(at coordinate: Coordinate?) -> [Row] {
    guard let coordinate else { return rows }
    return rows.filter { $0.coordinate(coordinate.name)?.label == coordinate.label }
  }
}
