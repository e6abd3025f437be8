/// What a computation will need, estimated before it runs; never overflows.
public struct Cost: Hashable, Sendable {
  /// Bytes of memory at the same time, beyond the program itself; `Int.max` if there are not so many.
  public let workingSetBytes: Int

  /// Elementary floating-point operations, about 10⁹ a second and thread, with vectors one for all lanes; `Int.max` if
  /// there are more.
  public let operations: Int
}

/// An integer that stays at `Int.max` instead of overflowing; for estimates.
struct Saturating: Sendable {
  let value: Int

  /// Makes a number of a size; a negative one counts as 0.
  init(_ value: Int) {
    self.value = max(0, value)
  }

  /// A sixteenth, rounded down; what can't be counted stays so.
  var sixteenth: Saturating { value == .max ? self : Saturating(value / 16) }

  static func * (left: Saturating, right: Saturating) -> Saturating {
    let (product, overflow) = left.value.multipliedReportingOverflow(by: right.value)
    return Saturating(overflow ? .max : product)
  }

  static func + (left: Saturating, right: Saturating) -> Saturating {
    let (sum, overflow) = left.value.addingReportingOverflow(right.value)
    return Saturating(overflow ? .max : sum)
  }
}

extension Saturating: ExpressibleByIntegerLiteral {
  init(integerLiteral value: Int) {
    self.init(value)
  }
}
