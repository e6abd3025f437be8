import Wording

/// A change to the notes that mends a problem and that a machine may make without asking: it can't be meant otherwise.
public struct Fix: Hashable, Sendable {
  /// Bytes that other text takes the place of.
  public struct Replacement: Hashable, Sendable {
    /// The bytes; an empty range inserts.
    public var location: SourceLocation
    /// What stands there afterwards.
    public var text: String

    /// Puts `text` in the place of `location`.
    public init(_ location: SourceLocation, by text: String) {
      self.location = location
      self.text = text
    }
  }

  /// What is done, as an order: "write ‘softmax’".
  public var description: LocalText
  /// The changes; made together or not at all.
  public var replacements: [Replacement]

  /// A fix.
  public init(_ description: LocalText, _ replacements: [Replacement]) {
    self.description = description
    self.replacements = replacements
  }

  /// Writes `text` at a place.
  public static func writing(_ text: String, at location: SourceLocation) -> Fix {
    Fix(LocalText("write ‘\(text)’", "改为 ‘\(text)’"), [Replacement(location, by: text)])
  }

  /// Corrects a name that is spelt nearly right, where there is no doubt what was meant.
  ///
  /// - Returns: No fix where the name is too far from every candidate, or near to two.
  public static func spelling(
    _ name: String, at location: SourceLocation, among candidates: [String]
  ) -> [Fix] {
    Spelling.certain(for: name, among: candidates).map { [.writing($0, at: location)] } ?? []
  }

  /// The same for a name that stands somewhere inside `location`: once, and as a word of its own.
  public static func spelling(
    _ name: String, inside location: SourceLocation, of source: SourceFile, among candidates: [String]
  ) -> [Fix] {
    guard let range = source.onlyWord(name, in: location.range) else { return [] }
    return spelling(name, at: SourceLocation(path: location.path, range: range), among: candidates)
  }
}

extension SourceFile {
  /// Where a word stands in a range; `nil` where it does not, or more than once.
  func onlyWord(_ word: String, in range: Range<Int>) -> Range<Int>? {
    let wanted = Array(word.utf8)
    let range = range.clamped(to: 0..<bytes.count)
    guard !wanted.isEmpty, wanted.count <= range.count else { return nil }
    var found: Range<Int>?
    for start in range.lowerBound...(range.upperBound - wanted.count)
    where bytes[start..<start + wanted.count].elementsEqual(wanted) {
      let end = start + wanted.count
      let isWhole =
        (start == range.lowerBound || !Self.isWordPart(bytes[start - 1]))
        && (end == range.upperBound || !Self.isWordPart(bytes[end]))
      guard isWhole else { continue }
      guard found == nil else { return nil }
      found = start..<end
    }
    return found
  }

  /// Letters and digits of ASCII, and every byte of other scripts.
  private static func isWordPart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }
}

extension [Fix] {
  /// The files that change, with their new bytes.
  ///
  /// Fixes are made in their order; one that would change bytes that an earlier one changes is left for another time, and so
  /// is one of a file that is not among the sources.
  public func applied(to sources: [SourceFile]) -> [(source: SourceFile, bytes: [UInt8])] {
    var accepted: [Fix.Replacement] = []
    let known = Set(sources.map(\.path))
    for fix in self {
      let isPossible = fix.replacements.allSatisfy { new in
        known.contains(new.location.path) && !accepted.contains { $0.touches(new) }
      }
      if isPossible { accepted += fix.replacements }
    }
    return sources.compactMap { source -> (source: SourceFile, bytes: [UInt8])? in
      let own = accepted.filter { $0.location.path == source.path }
      guard !own.isEmpty else { return nil }
      var bytes = source.bytes
      for replacement in own.sorted(by: { $1.location.range.lowerBound < $0.location.range.lowerBound }) {
        let range = replacement.location.range.clamped(to: 0..<bytes.count)
        bytes.replaceSubrange(range, with: [UInt8](replacement.text.utf8))
      }
      return bytes == source.bytes ? nil : (source, bytes)
    }
  }
}

extension Fix.Replacement {
  /// Whether two changes are about the same bytes, or insert at the same place.
  fileprivate func touches(_ other: Fix.Replacement) -> Bool {
    guard location.path == other.location.path else { return false }
    let (a, b) = (location.range, other.location.range)
    return a.overlaps(b) || a.lowerBound == b.lowerBound
  }
}
