import AttentionKernel
import Wording

/// A condition under which a measure was taken: at scale √d, at head dimension 64, within 1σ.
public struct Coordinate: Codable, Hashable, Sendable {
  /// The coordinate's name, such as `scale`.
  public let name: String
  /// The value as it is written in notes and pages.
  public let label: String
  /// The value as a number: what orders it and what a chart plots.
  public let number: Double
  /// Whether the label is just the number; then JSON carries a number.
  public let isNumeric: Bool

  /// A coordinate that is a whole number.
  public init(_ name: String, _ value: Int) {
    self.name = name
    label = String(value)
    number = Double(value)
    isNumeric = true
  }

  /// A coordinate that is a number.
  public init(_ name: String, _ value: Double) {
    self.name = name
    label = value.machineText
    number = value
    isNumeric = true
  }

  /// A coordinate with a name for its value.
  public init(_ name: String, label: String, number: Double) {
    self.name = name
    self.label = label
    self.number = number
    isNumeric = false
  }

  /// A coordinate as it was.
  package init(name: String, label: String, number: Double, isNumeric: Bool) {
    self.name = name
    self.label = label
    self.number = number
    self.isNumeric = isNumeric
  }

  /// Whether an author's word means this value: `sqrt(d)` for `√d`, `1sigma` for `1σ`, `64.0` for `64`.
  public func matches(_ written: String) -> Bool {
    if written == label { return true }
    let canonical = Self.canonical(written)
    if canonical == Self.canonical(label) { return true }
    // 2.0√d is 2√d, and 1 within is 1σ.
    if name == "scale", let scale = Scale(text: written) { return scale.label == label }
    if name == "g", let factor = canonical.wholeMatch(of: /g=(.+)/).map(\.1) {
      return matches(String(factor))
    }
    if label.hasSuffix("σ"), Double(canonical) == number { return true }
    // 0.1-0.5 and 0.1..0.5 are the interval 0.1–0.5.
    if name == "interval" {
      let dashed = canonical.replacing("..", with: "–").replacing("-", with: "–").replacing("−", with: "–")
      return dashed == label
    }
    return isNumeric && Double(canonical) == number
  }

  static func canonical(_ text: String) -> String {
    // Most labels are canonical as they stand, which their bytes tell: no blank, star, dot, bracket or word.
    let suspects: Set<UInt8> = [0x20, 0x09, 0x2A, 0x28, 0x73, 0xC2, 0xE3]
    guard text.utf8.contains(where: suspects.contains) else { return text }
    var result = ""
    for character in text where !character.isWhitespace && character != "*" && character != "·" {
      result.append(character)
    }
    for (word, symbol) in [("sqrt(d)", "√d"), ("sqrtd", "√d"), ("√(d)", "√d"), ("sigma", "σ")] {
      result = result.replacing(word, with: symbol)
    }
    return result
  }
}

/// One value that an experiment computed.
public struct Measure: Codable, Hashable, Sendable {
  /// The measure's name, spelled out as in the glossary.
  public let name: String
  /// The unit: `nat`, `keys`, `share`, or empty for a plain number.
  public let unit: String
  /// Where it was taken, in the kind's order.
  public let coordinates: [Coordinate]
  /// The value.
  public let value: Double
  /// The standard error of a sampled value; `nil` for what was computed exactly, and where the samples do not tell.
  public let standardError: Double?
  /// How many samples it comes from; `nil` for what was computed exactly.
  public let samples: Int?

  /// A value with its conditions.
  public init(
    _ name: String, unit: String, coordinates: [Coordinate], value: Double, standardError: Double? = nil,
    samples: Int? = nil
  ) {
    self.name = name
    self.unit = unit
    self.coordinates = coordinates
    self.value = value
    self.standardError = standardError
    self.samples = samples
  }

  /// Whether it was sampled, and the samples do not tell how far it may be off: those of a single trial, for instance.
  public var errorIsUnknown: Bool { standardError == nil && samples != nil }

  /// The standard error for a judgement: 0 for what is exact, infinite where it is not known.
  public var errorToJudgeBy: Double { standardError ?? (errorIsUnknown ? .infinity : 0) }

  /// The measure as a reference inside its experiment: `entropy[√d]`.
  public var text: String { Self.text(name, coordinates) }

  static func text(_ name: String, _ coordinates: [Coordinate]) -> String {
    coordinates.isEmpty ? name : "\(name)[\(coordinates.map(\.label).joined(separator: ", "))]"
  }
}

/// What a kind promises of one of its measures.
public struct MeasureDescription: Hashable, Sendable {
  /// The measure's name.
  public let name: String
  /// Its unit, as in ``Measure/unit``.
  public let unit: String
  /// The names of its coordinates, in order.
  public let coordinates: [String]
  /// One sentence for `notebook kinds` and for evidence tables.
  public let summary: LocalText

  /// A description; the coordinates' order is that of the measures.
  public init(_ name: String, unit: String = "", coordinates: [String], _ summary: LocalText) {
    self.name = name
    self.unit = unit
    self.coordinates = coordinates
    self.summary = summary
  }
}
