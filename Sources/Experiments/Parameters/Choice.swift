import Wording

/// One of the values of a parameter that takes a name, such as `unit-length` of `normalization`.
public struct Choice: Hashable, Sendable {
  /// The name as notes write it.
  public let name: String
  /// What it means, for `notebook kinds`.
  public let summary: LocalText
  /// What others call the same; a note that writes one of these is told the name.
  public let alsoCalled: [String]

  /// A value with its meaning.
  public init(_ name: String, _ summary: LocalText, alsoCalled: [String] = []) {
    self.name = name
    self.summary = summary
    self.alsoCalled = alsoCalled
  }
}

/// The values of a parameter that takes a name.
public struct Choices: Hashable, Sendable {
  /// A value that authors look for here and that is written elsewhere.
  public struct Elsewhere: Hashable, Sendable {
    /// What they write.
    public let names: [String]
    /// Where it belongs, as an order: "write ‘scales: d’".
    public let advice: LocalText

    /// Names that are no values here, and what to do instead.
    public init(_ names: [String], _ advice: LocalText) {
      self.names = names
      self.advice = advice
    }
  }

  /// The values, in the order in which they are listed.
  public let all: [Choice]
  /// What is no value here, though authors may think so.
  public let elsewhere: [Elsewhere]

  /// The values of a parameter, at least one.
  public init(_ all: [Choice], elsewhere: [Elsewhere] = []) {
    precondition(!all.isEmpty, "a choice needs something to choose from")
    self.all = all
    self.elsewhere = elsewhere
  }

  /// The names, in the order in which they are listed.
  public var names: [String] { all.map(\.name) }

  /// What an author's word means.
  enum Reading: Equatable {
    /// One of the names.
    case name(String)
    /// Another word for one of the names.
    case otherWord(for: String)
    /// Something that is written elsewhere.
    case elsewhere(LocalText)
    /// Nothing that is known.
    case unknown
  }

  /// Reads a word; upper and lower case, blanks, `-` and `_` are alike in other words, but not in the names.
  func read(_ text: String) -> Reading {
    if names.contains(text) { return .name(text) }
    let wanted = Self.plain(text)
    if let choice = all.first(where: { ([$0.name] + $0.alsoCalled).map(Self.plain).contains(wanted) }) {
      return .otherWord(for: choice.name)
    }
    if let found = elsewhere.first(where: { $0.names.map(Self.plain).contains(wanted) }) {
      return .elsewhere(found.advice)
    }
    return .unknown
  }

  private static func plain(_ text: String) -> String {
    text.lowercased().filter { !$0.isWhitespace && $0 != "-" && $0 != "_" }
  }
}
