/// Equal distances are equal differences.
public struct LinearScale: Hashable, Sendable {
  /// The values at both ends, `low < high`.
  public let low: Double, high: Double
  /// The px at both ends; a vertical scale runs from the larger to the smaller.
  public let start: Double, end: Double

  /// Where a value lies, in px; far outside, at most a million lengths away.
  public func position(_ value: Double) -> Double {
    // Halved, because the span of a domain may overflow.
    let share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return start + (end - start) * min(max(share, -1e6), 1e6)
  }
}

/// Equal distances are equal ratios.
public struct LogScale: Hashable, Sendable {
  /// The values at both ends, `0 < low < high`.
  public let low: Double, high: Double
  /// The px at both ends.
  public let start: Double, end: Double
  private let logLow: Double, logSpan: Double

  init(low: Double, high: Double, start: Double, end: Double) {
    self.low = low
    self.high = high
    self.start = start
    self.end = end
    logLow = Logarithm.base2(low)
    logSpan = Logarithm.base2(high) - logLow
  }

  /// Where a value > 0 lies, in px.
  public func position(_ value: Double) -> Double {
    start + (end - start) * ((Logarithm.base2(value) - logLow) / logSpan)
  }
}

/// Equal distances are equal ratios of `1 + |value| / linear`, away from 0 on both sides.
public struct SymlogScale: Hashable, Sendable {
  /// The values at both ends, `low < high`.
  public let low: Double, high: Double
  /// Values of about this size are close to 0.
  public let linear: Double
  /// The px at both ends.
  public let start: Double, end: Double
  private let bentLow: Double, bentHigh: Double

  init(low: Double, high: Double, linear: Double, start: Double, end: Double) {
    self.low = low
    self.high = high
    self.linear = linear
    self.start = start
    self.end = end
    bentLow = Self.bend(low, linear)
    bentHigh = Self.bend(high, linear)
  }

  /// sign(x) log₂(1 + |x| / linear).
  static func bend(_ value: Double, _ linear: Double) -> Double {
    let ratio = min(abs(value) / linear, .greatestFiniteMagnitude)
    // Close to 0 the sum would lose the value.
    let size = ratio < 1e-8 ? ratio * 1.4426950408889634 : Logarithm.base2(1 + ratio)
    return value < 0 ? -size : size
  }

  /// Where a finite value lies, in px.
  public func position(_ value: Double) -> Double {
    guard bentHigh > bentLow else {
      // All of the domain is so close to 0 that the scale is linear.
      return LinearScale(low: low, high: high, start: start, end: end).position(value)
    }
    return start + (end - start) * ((Self.bend(value, linear) - bentLow) / (bentHigh - bentLow))
  }
}

/// Bands of equal size for 0, 1, 2 and so on.
public struct BandScale: Hashable, Sendable {
  /// How many bands, at least 1.
  public let count: Int
  /// The px at both ends.
  public let start: Double, end: Double

  /// The px between the middles of neighbours.
  public var step: Double { (end - start) / Double(count) }

  /// Where the middle of a band lies, in px; fractions lie between.
  public func position(_ index: Double) -> Double { start + step * (min(max(index, -1e6), 1e6) + 0.5) }
}

/// The scale of one axis of one panel.
public enum PositionScale: Hashable, Sendable {
  /// Differences.
  case linear(LinearScale)
  /// Ratios.
  case log(LogScale)
  /// Ratios away from 0.
  case symlog(SymlogScale)
  /// Names.
  case band(BandScale)

  /// Where a finite value lies, in px; on a log scale the value is greater than 0.
  public func position(_ value: Double) -> Double {
    switch self {
    case .linear(let scale): scale.position(value)
    case .log(let scale): scale.position(value)
    case .symlog(let scale): scale.position(value)
    case .band(let scale): scale.position(value)
    }
  }

  /// The px of the lower and the upper end.
  public var range: (start: Double, end: Double) {
    switch self {
    case .linear(let scale): (scale.start, scale.end)
    case .log(let scale): (scale.start, scale.end)
    case .symlog(let scale): (scale.start, scale.end)
    case .band(let scale): (scale.start, scale.end)
    }
  }

  /// Where areas and bars begin: at 0, or at the lower end of a log scale.
  var baseline: Double {
    switch self {
    case .linear(let scale): scale.position(min(max(0, scale.low), scale.high))
    case .log(let scale): scale.start
    case .symlog(let scale): scale.position(min(max(0, scale.low), scale.high))
    case .band(let scale): scale.start
    }
  }

  var isLog: Bool {
    if case .log = self { return true }
    return false
  }
}

/// Kind and ends of a scale, before its place in px is known.
struct ResolvedDomain: Hashable, Sendable {
  var kind: Axis.Kind
  var low: Double
  var high: Double

  /// Makes an axis of cells as long as `count` whole blocks, of which the last may reach beyond the last cell.
  mutating func coverBlocks(of size: Int, count: Int) {
    if case .cells(_, let first) = kind { kind = .cells(count: size * count, first: first) }
  }

  func scale(from start: Double, to end: Double) -> PositionScale {
    switch kind {
    case .linear: .linear(LinearScale(low: low, high: high, start: start, end: end))
    case .log: .log(LogScale(low: low, high: high, start: start, end: end))
    case .symlog(let linear):
      .symlog(SymlogScale(low: low, high: high, linear: linear, start: start, end: end))
    case .band(let names): .band(BandScale(count: names.count, start: start, end: end))
    case .cells(let count, _): .band(BandScale(count: count, start: start, end: end))
    }
  }
}
