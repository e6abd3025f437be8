import Diagnostics

/// A number in the text whose link names the measure it must equal.
public struct CheckedNumber: Hashable, Sendable {
  /// The measure named.
  public var reference: MeasureReference
  /// The number as written; `nil` where the link's text is empty and the build fills it in.
  public var literal: NumberLiteral?
  /// The link's text as written.
  public var text: String
  /// How near the value must be.
  public var tolerance: Tolerance
  /// Where the whole link stands; names it among the links of its note.
  public var range: Range<Int>
  /// Where the number stands: between the brackets.
  public var textRange: Range<Int>
  /// Where the measure is named.
  public var destinationRange: Range<Int>
}
