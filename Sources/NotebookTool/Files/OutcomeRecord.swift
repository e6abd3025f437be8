import Experiments
import Foundation
import SVGChart

/// The beginning of a kept outcome: which program made it of what, the measures, and where the figures stand.
///
/// In binary form, because a site of a thousand notes reads hundreds of thousands of measures: whole numbers in groups of
/// seven bits, the lowest first; values as the eight bytes of a binary64, the lowest first; texts as their length and
/// their UTF-8. Names and coordinates recur, so they stand in tables at the front.
struct OutcomeRecord {
  /// A figure that stands behind the record.
  struct Figure: Equatable {
    let outline: FigureOutline
    /// Where its bytes stand, from the end of the record.
    let range: Range<Int>
    /// The hash of its bytes.
    let hash: UInt64
  }

  let program: String
  let key: String
  let measures: [Measure]
  let missing: [MissingMeasure]
  let figures: [Figure]
}

// MARK: Writing

extension OutcomeRecord {
  /// The record as bytes; `nil` where a problem of a figure or a reason can't be encoded.
  var bytes: [UInt8]? {
    var texts = Table<String>()
    var coordinates = Table<Coordinate>()
    var conditions = Table<[Coordinate]>()
    var body = ByteWriter()
    body.write(measures.count)
    for measure in measures {
      body.write(texts.index(of: measure.name))
      body.write(texts.index(of: measure.unit))
      for coordinate in measure.coordinates {
        _ = coordinates.index(of: coordinate)
        _ = texts.index(of: coordinate.name)
        _ = texts.index(of: coordinate.label)
      }
      body.write(conditions.index(of: measure.coordinates))
      body.write(measure.value)
      body.write((measure.standardError == nil ? 0 : 1) | (measure.samples == nil ? 0 : 2))
      if let error = measure.standardError { body.write(error) }
      if let samples = measure.samples { body.write(samples) }
    }
    // Rare enough for JSON.
    guard let reasons = missing.isEmpty ? Data() : try? JSONEncoder().encode(missing) else { return nil }
    body.write(String(decoding: reasons, as: UTF8.self))
    body.write(figures.count)
    for figure in figures {
      var problem = ""
      if let error = figure.outline.problem {
        guard let data = try? JSONEncoder().encode(error) else { return nil }
        problem = String(decoding: data, as: UTF8.self)
      }
      body.write(figure.outline.name)
      body.write(problem)
      body.write(figure.range.lowerBound)
      body.write(figure.range.count)
      body.write(figure.hash)
    }
    var writer = ByteWriter()
    writer.write(program)
    writer.write(key)
    writer.write(texts.entries.count)
    for text in texts.entries { writer.write(text) }
    writer.write(coordinates.entries.count)
    for coordinate in coordinates.entries {
      writer.write(texts.index(of: coordinate.name))
      writer.write(texts.index(of: coordinate.label))
      writer.write(coordinate.number)
      writer.write(coordinate.isNumeric ? 1 : 0)
    }
    writer.write(conditions.entries.count)
    for list in conditions.entries {
      writer.write(list.count)
      for coordinate in list { writer.write(coordinates.index(of: coordinate)) }
    }
    return writer.bytes + body.bytes
  }

  /// Values that recur, each once, in the order in which they came.
  private struct Table<Entry: Hashable> {
    private(set) var entries: [Entry] = []
    private var places: [Entry: Int] = [:]

    mutating func index(of entry: Entry) -> Int {
      if let place = places[entry] { return place }
      places[entry] = entries.count
      entries.append(entry)
      return entries.count - 1
    }
  }
}

// MARK: Reading

extension OutcomeRecord {
  /// Reads a record; `nil` where the bytes are none.
  init?(_ bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes)
    guard let program = reader.text(), let key = reader.text(),
      let texts = reader.list({ $0.text() }),
      let coordinates = reader.list({ Self.coordinate(&$0, texts) }),
      let conditions = reader.list({ reader in
        reader.list { reader in reader.count().flatMap { $0 < coordinates.count ? coordinates[$0] : nil } }
      }),
      let measures = reader.list({ Self.measure(&$0, texts, conditions) }),
      let reasons = reader.text(), let missing = Self.missing(reasons),
      let figures = reader.list({ Self.figure(&$0) }), reader.isAtEnd
    else { return nil }
    self.init(program: program, key: key, measures: measures, missing: missing, figures: figures)
  }

  private static func text(_ reader: inout ByteReader, _ texts: [String]) -> String? {
    reader.count().flatMap { $0 < texts.count ? texts[$0] : nil }
  }

  private static func coordinate(_ reader: inout ByteReader, _ texts: [String]) -> Coordinate? {
    guard let name = text(&reader, texts), let label = text(&reader, texts), let number = reader.value(),
      let isNumeric = reader.count()
    else { return nil }
    return Coordinate(name: name, label: label, number: number, isNumeric: isNumeric == 1)
  }

  private static func measure(
    _ reader: inout ByteReader, _ texts: [String], _ conditions: [[Coordinate]]
  ) -> Measure? {
    guard let name = text(&reader, texts), let unit = text(&reader, texts), let list = reader.count(),
      list < conditions.count, let value = reader.value(), let parts = reader.count()
    else { return nil }
    var error: Double?
    var samples: Int?
    if parts & 1 != 0 {
      error = reader.value()
      if error == nil { return nil }
    }
    if parts & 2 != 0 {
      samples = reader.count()
      if samples == nil { return nil }
    }
    return Measure(
      name, unit: unit, coordinates: conditions[list], value: value, standardError: error, samples: samples)
  }

  private static func missing(_ json: String) -> [MissingMeasure]? {
    json.isEmpty ? [] : try? JSONDecoder().decode([MissingMeasure].self, from: Data(json.utf8))
  }

  private static func figure(_ reader: inout ByteReader) -> Figure? {
    guard let name = reader.text(), let written = reader.text(), let start = reader.count(),
      let count = reader.count(), let hash = reader.bits()
    else { return nil }
    var problem: ChartError?
    if !written.isEmpty {
      problem = try? JSONDecoder().decode(ChartError.self, from: Data(written.utf8))
      if problem == nil { return nil }
    }
    return Figure(
      outline: FigureOutline(name: name, problem: problem), range: start..<start + count, hash: hash)
  }
}

/// Writes the form that ``OutcomeRecord`` describes.
private struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  /// - Precondition: `count` is not negative.
  mutating func write(_ count: Int) {
    var rest = UInt(count)
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  mutating func write(_ bits: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> shift)) }
  }

  mutating func write(_ value: Double) { write(value.bitPattern) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes += text.utf8
  }
}

/// Reads it; everything is `nil` where the bytes end too early.
private struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var isAtEnd: Bool { position == bytes.endIndex }

  /// A whole number below 2⁵⁶, which is more than any length here.
  mutating func count() -> Int? {
    var result = 0
    for shift in stride(from: 0, to: 56, by: 7) {
      guard position < bytes.endIndex else { return nil }
      let byte = bytes[position]
      position += 1
      result |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return result }
    }
    return nil
  }

  mutating func bits() -> UInt64? {
    guard bytes.endIndex - position >= 8 else { return nil }
    var result: UInt64 = 0
    for index in 0..<8 { result |= UInt64(bytes[position + index]) << (8 * index) }
    position += 8
    return result
  }

  mutating func value() -> Double? { bits().map { Double(bitPattern: $0) } }

  mutating func text() -> String? {
    guard let count = count(), count <= bytes.endIndex - position else { return nil }
    defer { position += count }
    return String(validating: bytes[position..<position + count], as: UTF8.self)
  }

  mutating func list<Entry>(_ entry: (inout ByteReader) -> Entry?) -> [Entry]? {
    guard let count = count(), count <= bytes.endIndex - position else { return nil }
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    for _ in 0..<count {
      guard let next = entry(&self) else { return nil }
      entries.append(next)
    }
    return entries
  }
}
