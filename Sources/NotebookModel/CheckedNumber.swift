import Diagnostics

/// A number in the text whose link names the measure it must equal.
public struct CheckedNumber: Hashable, Sendable {
  /// The measure named.
  public var reference: MeasureReference
  /// The number as written; `nil` where the link's text is empty and the build fills it in.
  public var literal: NumberLiteral?
  /// The number as written; of an interval only this end.
  public var text: String
  /// How near the value must be.
  public var tolerance: Tolerance
  /// Where the whole link stands; names it among the links of its note. The two ends of an interval share it.
  public var range: Range<Int>
  /// Where the number stands: between the brackets.
  public var textRange: Range<Int>
  /// The bytes that are the number and nothing else, so that another can take their place; `nil` where it is written with
  /// escapes or marks inside.
  public var literalRange: Range<Int>?
  /// Where the measure is named.
  public var destinationRange: Range<Int>
  /// What the link shows before the number: the bracket of an interval, or the words between its ends.
  public var leadingText = ""
  /// What the link shows behind the number.
  public var trailingText = ""

  /// The number as it reads alone, with the unit that it shares with the other end of its interval.
  public var standaloneText: String { text + (literal?.style.borrowedUnit ?? "") }
}
