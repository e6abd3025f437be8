/// Names one value of a measure: `scales.effectiveKeysShare[√d]`, with a file name before it across notes.
public struct MeasureReference: Hashable, Sendable {
  /// One condition of a selector: `√d`, or `scale=√d` where the coordinate is named.
  public struct Selector: Hashable, Sendable {
    /// The coordinate's name, where the author gave it.
    public var coordinate: String?
    /// The coordinate's value as written.
    public var value: String

    /// A condition on a named coordinate, or on whichever coordinate has such a value.
    public init(coordinate: String? = nil, value: String) {
      self.coordinate = coordinate
      self.value = value
    }
  }

  /// The note's path as written, relative to the note that refers; `nil` for the same note.
  public var note: String?
  /// The experiment's id.
  public var experiment: String
  /// The measure's name.
  public var measure: String
  /// Conditions that pick one value; empty where the measure has only one.
  public var selectors: [Selector]

  /// Reads a link's target or a name in a claim.
  ///
  /// - Returns: `nil` where the text is no reference to a measure: no fragment, or one without a dot.
  public init?(target: String) {
    guard let hash = target.firstIndex(of: "#") else { return nil }
    // Editors write √ and brackets as %E2%88%9A and %5B.
    guard let file = PercentEncoding.decoded(target[..<hash]), file.isEmpty || file.hasSuffix(".md"),
      let name = PercentEncoding.decoded(target[target.index(after: hash)...])
    else { return nil }
    self.init(name: name)
    note = file.isEmpty ? nil : file
  }

  /// The measures that a link's target names: one, or the two ends of a range as in `#r.lower[1σ]..r.upper[1σ]`, or none.
  public static func references(target: String) -> [MeasureReference] {
    guard let hash = target.firstIndex(of: "#") else { return [] }
    if let one = MeasureReference(target: target) { return [one] }
    guard let dots = target[hash...].firstRange(of: ".."),
      let lower = MeasureReference(target: String(target[..<dots.lowerBound])),
      let upper = MeasureReference(target: String(target[...hash] + target[dots.upperBound...]))
    else { return [] }
    return [lower, upper].map { reference in
      var reference = reference
      reference.note = lower.note
      return reference
    }
  }

  /// Reads `experiment.measure` or `experiment.measure[selector, …]`.
  public init?(name: String) {
    var path = name
    selectors = []
    if let bracket = name.firstIndex(of: "[") {
      guard name.hasSuffix("]") else { return nil }
      path = String(name[..<bracket])
      let inner = name[name.index(after: bracket)...].dropLast()
      guard !inner.contains("["), !inner.contains("]") else { return nil }
      for part in inner.split(whereSeparator: { $0 == "," || $0 == "，" }) {
        selectors.append(Self.selector(part))
      }
    }
    let parts = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    // `fig.scales` names a figure, not a measure.
    guard parts.count == 2, !PageAnchor.prefixes.contains(parts[0]),
      Identifier.problem(with: parts[0]) == nil,
      Identifier.problem(with: parts[1]) == nil
    else { return nil }
    note = nil
    experiment = parts[0]
    measure = parts[1]
  }

  /// The reference as it is written: `scales.entropy[√d]`.
  public var text: String {
    let inner = selectors.map { ($0.coordinate.map { "\($0)=" } ?? "") + $0.value }.joined(separator: ", ")
    return "\(note.map { "\($0)#" } ?? "")\(experiment).\(measure)\(inner.isEmpty ? "" : "[\(inner)]")"
  }

  private static func selector(_ text: Substring) -> Selector {
    let trimmed = text.drop { $0 == " " }
    if let equals = trimmed.firstIndex(of: "=") {
      return Selector(
        coordinate: String(trimmed[..<equals]).trimmingBlanks,
        value: String(trimmed[trimmed.index(after: equals)...]).trimmingBlanks)
    }
    return Selector(value: String(trimmed).trimmingBlanks)
  }
}

extension StringProtocol {
  /// Without blanks and line ends at both ends.
  package var trimmingBlanks: String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
  }
}
