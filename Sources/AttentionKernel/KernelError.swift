/// Why a computation was refused or stopped; thrown before any arithmetic, except for ``cancelled``.
public enum KernelError: Error, Hashable, Sendable {
  /// A row of logits has no entries.
  case emptyRow
  /// The value at an index is infinite or not a number.
  case nonFiniteValue(index: Int)
  /// A scale's divisor is not a finite number above 0.
  case invalidScale(Double)
  /// A count of values does not fit the shape that other arguments give.
  case mismatchedShapes(name: String, expected: Int, actual: Int)
  /// A size is less than it must be.
  case sizeTooSmall(name: String, value: Int, minimum: Int)
  /// A size is more than it may be, or a product of sizes is.
  case sizeTooLarge(name: String, maximum: Int)
  /// A share is not above 0 and at most 1.
  case invalidShare(Double)
  /// A number that must be finite and not negative is not.
  case invalidNumber(name: String, value: Double)
  /// A decay per step is not at least 0 and below 1.
  case invalidDecay(name: String, value: Double)
  /// The class at an index is not one of 0 ..< classes.
  case invalidClass(index: Int, value: Int, classes: Int)
  /// Two settings exclude each other.
  case contradiction(String, String)
  /// Histogram edges do not increase at an index, or there are fewer than two.
  case unorderedEdges(index: Int)
  /// Results leave the range of binary32, as the inputs are too large.
  case overflow(name: String)
  /// The caller's token was cancelled.
  case cancelled
}

extension KernelError {
  /// Throws ``sizeTooSmall(name:value:minimum:)`` unless the size is large enough.
  static func require(_ name: String, _ value: Int, atLeast minimum: Int = 1) throws(KernelError) {
    guard value >= minimum else { throw .sizeTooSmall(name: name, value: value, minimum: minimum) }
  }

  /// Throws ``invalidNumber(name:value:)`` unless a number is finite and not negative.
  static func requireNotNegative(_ name: String, _ value: Double) throws(KernelError) {
    guard value >= 0, value.isFinite else { throw .invalidNumber(name: name, value: value) }
  }

  /// Throws ``nonFiniteValue(index:)`` at the first value that is infinite or not a number.
  static func requireFinite<Value: FloatingPoint>(_ values: [Value]) throws(KernelError) {
    for index in values.indices where !values[index].isFinite {
      throw .nonFiniteValue(index: index)
    }
  }

  /// Throws ``nonFiniteValue(index:)`` at the first value that is infinite or not a number.
  static func requireFinite(_ values: [Float]) throws(KernelError) {
    for index in values.finitePrefix..<values.count where !values[index].isFinite {
      throw .nonFiniteValue(index: index)
    }
  }

  /// Throws ``mismatchedShapes(name:expected:actual:)`` unless `rows · columns` values are there.
  static func requireShape(
    _ name: String, count: Int, rows: Int, columns: Int
  ) throws(KernelError) {
    let (expected, overflow) = rows.multipliedReportingOverflow(by: columns)
    guard !overflow, count == expected else {
      throw .mismatchedShapes(name: name, expected: overflow ? .max : expected, actual: count)
    }
  }
}
