import Wording

/// A tick in the plan.
///
/// One without a label is a minor tick, or one whose label had no room.
public struct PlannedTick: Hashable, Sendable {
  /// In units of the axis.
  public var value: Double
  /// What stands beside it.
  public var label: LocalText?
  /// The second line.
  public var detail: LocalText?

  init(_ value: Double, _ label: LocalText? = nil, detail: LocalText? = nil) {
    self.value = value
    self.label = label
    self.detail = detail
  }

  init(_ value: Double, same label: String) { self.init(value, LocalText(same: label)) }
}

/// Finds ticks by trying: the finest round step whose written labels fit.
enum TickSearch {
  /// Labels on an axis, at most.
  static let most = 8
  /// Labels on an axis, at least, where so many fit.
  static let fewest = 3

  /// What labels need along their axis.
  struct Room {
    /// px of the axis.
    var length: Double
    /// Font size in px.
    var size: Double
    /// Whether labels stand side by side or above one another.
    var isHorizontal: Bool

    func extent(_ label: LocalText) -> Double {
      isHorizontal ? TextMetrics.width(label, size: size) : size
    }
  }

  static func ticks(_ domain: ResolvedDomain, format: Axis.TickFormat, room: Room) -> [PlannedTick] {
    switch domain.kind {
    case .linear: linear(low: domain.low, high: domain.high, format: format, room: room)
    case .log(.ten): logTen(domain, format: format, room: room)
    case .log(.two): logTwo(domain, format: format, room: room)
    case .symlog(let linear): symlog(domain, linear: linear, format: format, room: room)
    case .band(let names): band(names, room: room)
    case .cells(let count, let first): cells(Int(domain.high) + 1, first: first, places: count, room: room)
    }
  }

  // MARK: Linear

  /// Ticks are whole multiples `i × m × 10^k`, so that their text is exact.
  static func linear(low: Double, high: Double, format: Axis.TickFormat, room: Room) -> [PlannedTick] {
    let half = high / 2 - low / 2
    guard half > 0 else { return [] }
    let k = Logarithm.floorBase10(half / 4) - 1
    var fallback: [PlannedTick] = []
    // Round steps first; on a narrow axis less round ones before fewer than three labels, then tighter ones.
    let odd = [15, 25, 30, 40, 60, 75, 80, 90]
    for (steps, gap, start) in [([1, 2, 5], 0.8, k), (odd, 0.6, k - 1), ([1, 2, 5], 0.4, k)] {
      for power in start...(k + 3) {
        for m in steps {
          guard let ticks = multiples(of: m, power, low, high, format) else { continue }
          guard fits(ticks, gap: gap, half: half, room: room) else { continue }
          if ticks.count >= fewest { return ticks }
          if ticks.count > fallback.count { fallback = ticks }
        }
      }
    }
    return fallback
  }

  private static func multiples(
    of m: Int, _ power: Int, _ low: Double, _ high: Double, _ format: Axis.TickFormat
  ) -> [PlannedTick]? {
    func quotient(_ value: Double) -> Double {
      // Dividing by an exact power keeps 0.3 / 0.1 at 3.
      power < 0 && power >= -300
        ? value * Logarithm.powerOf10(-power) / Double(m) : value / Logarithm.powerOf10(power) / Double(m)
    }
    let first = quotient(low)
    let last = quotient(high)
    guard first.isFinite, last.isFinite, abs(first) < 1e15, abs(last) < 1e15 else { return nil }
    let i1 = Int((first - 1e-9 * max(1, abs(first)).squareRoot()).rounded(.up))
    let i2 = Int((last + 1e-9 * max(1, abs(last)).squareRoot()).rounded(.down))
    guard i2 >= i1, i2 - i1 < most else { return nil }
    let numbers = (i1...i2).map { decimal($0 * m, power) }
    let labels = texts(numbers, step: power, format: format)
    return zip(numbers, labels).map { PlannedTick($0.doubleValue, same: $1) }
  }

  private static func decimal(_ integer: Int, _ power: Int) -> DecimalNumber {
    DecimalNumber(
      isNegative: integer < 0, digits: String(integer.magnitude).utf8.map { $0 - UInt8(ascii: "0") },
      exponent: power)
  }

  private static func fits(_ ticks: [PlannedTick], gap: Double, half: Double, room: Room) -> Bool {
    guard ticks.count > 1 else { return true }
    var previous: (at: Double, extent: Double)?
    for tick in ticks {
      guard let label = tick.label else { continue }
      let at = tick.value / half / 2 * room.length
      let extent = room.extent(label)
      if let previous, at - previous.at < (extent + previous.extent) / 2 + gap * room.size { return false }
      previous = (at, extent)
    }
    return true
  }

  /// One notation for all: decimals fixed by the step; one power of ten for all where plain digits would be long.
  static func texts(_ numbers: [DecimalNumber], step power: Int, format: Axis.TickFormat) -> [String] {
    if format == .percent {
      return numbers.map { plain($0.scaled(byPowerOfTen: 2), step: power + 2) + "%" }
    }
    let top = numbers.filter { !$0.isZero }.map(\.leadingExponent).max() ?? 0
    if (-3..<6).contains(top) { return alike(numbers.map { plain($0, step: power) }) }
    let suffix = "×10" + NumberFormat.superscript(top)
    return numbers.map { $0.isZero ? "0" : plain($0.scaled(byPowerOfTen: -top), step: power - top) + suffix }
  }

  /// Where one label has a thousands comma, all have: 5,000 beside 10,000.
  private static func alike(_ texts: [String]) -> [String] {
    guard texts.contains(where: { $0.contains(",") }) else { return texts }
    return texts.map { text in
      let whole = text.prefix { $0 != "." }
      guard !text.contains(","), whole.filter(\.isNumber).count == 4 else { return text }
      var result = text
      result.insert(",", at: result.index(whole.endIndex, offsetBy: -3))
      return result
    }
  }

  private static func plain(_ number: DecimalNumber, step power: Int) -> String {
    if number.isZero { return "0" }
    // A step such as 25 × 10⁻² needs both its digits; one such as 0.20 does not.
    return (number.isNegative ? "−" : "")
      + number.rounded(toExponent: min(power, 0)).plainDigits(grouping: ",")
  }

  // MARK: Logarithmic

  private static let strides = [1, 2, 3, 5, 10, 15, 20, 30, 50, 100, 200, 300, 1000]

  private static func logTen(_ domain: ResolvedDomain, format: Axis.TickFormat, room: Room) -> [PlannedTick] {
    let scale = LogScale(low: domain.low, high: domain.high, start: 0, end: room.length)
    let slack = 1 + 1e-12
    var first = Logarithm.floorBase10(domain.low)
    if Logarithm.powerOf10(first) * slack < domain.low { first += 1 }
    var last = Logarithm.floorBase10(domain.high)
    if last < 308, Logarithm.powerOf10(last + 1) <= domain.high * slack { last += 1 }
    let powers = last >= first ? Array(first...last) : []
    if powers.count < fewest {
      for digits in [[1, 2, 5], [1, 3]] {
        let ticks = subdivided(digits, first - 1, last, domain, format)
        if (fewest...most).contains(ticks.count), spaced(ticks, scale, room) {
          return withMinors(ticks, first - 1, last, domain)
        }
      }
      let ticks = linearOnLog(domain, scale, format, room)
      if ticks.count > powers.count { return ticks }
    }
    for stride in strides {
      let kept = powers.filter { $0 % stride == 0 }
      guard kept.count <= most else { continue }
      let labels = powerLabels(kept, format)
      let ticks = zip(kept, labels).map { PlannedTick(Logarithm.powerOf10($0), same: $1) }
      guard spaced(ticks, scale, room) else { continue }
      if kept.count < fewest, stride > 1, powers.count >= fewest {
        // The stride jumped too far: both ends' powers and the one between.
        let three = [powers[0], powers[powers.count / 2], powers[powers.count - 1]]
        let ticks = zip(three, powerLabels(three, format)).map {
          PlannedTick(Logarithm.powerOf10($0), same: $1)
        }
        if spaced(ticks, scale, room) { return ticks }
      }
      if stride > 1 {
        let unlabelled = powers.count <= 40 ? powers.filter { $0 % stride != 0 } : []
        return (ticks + unlabelled.map { PlannedTick(Logarithm.powerOf10($0)) }).sorted {
          $0.value < $1.value
        }
      }
      return powers.count <= 5 ? withMinors(ticks, first - 1, last, domain) : ticks
    }
    return []
  }

  private static func subdivided(
    _ digits: [Int], _ first: Int, _ last: Int, _ domain: ResolvedDomain, _ format: Axis.TickFormat
  ) -> [PlannedTick] {
    var numbers: [DecimalNumber] = []
    for power in first...max(first, last) {
      for digit in digits {
        let number = DecimalNumber(digits: [UInt8(digit)], exponent: power)
        if (domain.low * (1 - 1e-12)...domain.high * (1 + 1e-12)).contains(number.doubleValue) {
          numbers.append(number)
        }
      }
    }
    let isPlain = numbers.allSatisfy { (-3...4).contains($0.leadingExponent) }
    return numbers.map { number in
      let label =
        format == .percent
        ? number.scaled(byPowerOfTen: 2).withoutTrailingZeros.plainDigits(grouping: ",") + "%"
        : isPlain ? number.plainDigits(grouping: ",") : NumberFormat.scientific(number)
      return PlannedTick(number.doubleValue, same: label)
    }
  }

  private static func withMinors(
    _ ticks: [PlannedTick], _ first: Int, _ last: Int, _ domain: ResolvedDomain
  ) -> [PlannedTick] {
    var all = ticks
    for power in first...max(first, last) {
      for digit in 1...9 {
        let value = DecimalNumber(digits: [UInt8(digit)], exponent: power).doubleValue
        guard value >= domain.low, value <= domain.high, !ticks.contains(where: { $0.value == value }) else {
          continue
        }
        all.append(PlannedTick(value))
      }
    }
    return all.sorted { $0.value < $1.value }
  }

  private static func linearOnLog(
    _ domain: ResolvedDomain, _ scale: LogScale, _ format: Axis.TickFormat, _ room: Room
  ) -> [PlannedTick] {
    // Distances shrink towards the upper end by at most the ratio of the domain, here below 100.
    var length = room.length
    for _ in 0..<6 {
      let ticks = linear(
        low: domain.low, high: domain.high, format: format,
        room: Room(length: length, size: room.size, isHorizontal: room.isHorizontal)
      ).filter { $0.value >= domain.low && $0.value <= domain.high }
      if spaced(ticks, scale, room) { return ticks }
      length *= 0.75
    }
    return []
  }

  private static func logTwo(_ domain: ResolvedDomain, format: Axis.TickFormat, room: Room) -> [PlannedTick] {
    let scale = LogScale(low: domain.low, high: domain.high, start: 0, end: room.length)
    let first = Int((Logarithm.base2(domain.low) - 1e-9).rounded(.up))
    let last = Int((Logarithm.base2(domain.high) + 1e-9).rounded(.down))
    guard last >= first + 1 else { return logTen(domain, format: format, room: room) }
    for stride in strides {
      let kept = (first...last).filter { $0 % stride == 0 }
      guard kept.count <= most + 2, !kept.isEmpty else { continue }
      let isPlain = kept.allSatisfy { (-6...20).contains($0) }
      let ticks = kept.map { power -> PlannedTick in
        let value = Logarithm.powerOf2(power)
        let plain = format == .percent ? NumberFormat.percent(decimals: 0).string(value) : plainValue(value)
        return PlannedTick(
          value, same: isPlain ? plain : power == 0 ? "1" : "2" + NumberFormat.superscript(power))
      }
      if spaced(ticks, scale, room) {
        return ticks.count < fewest && stride == 1 ? linearOnLog(domain, scale, format, room) : ticks
      }
    }
    return []
  }

  private static func plainValue(_ value: Double) -> String {
    DecimalNumber(value)?.withoutTrailingZeros.plainPositional ?? ""
  }

  /// Powers of ten as plain numbers where all are short, otherwise all but 1 as powers.
  private static func powerLabels(_ powers: [Int], _ format: Axis.TickFormat) -> [String] {
    if format == .percent {
      return powers.map { DecimalNumber(digits: [1], exponent: $0 + 2).plainDigits(grouping: ",") + "%" }
    }
    if powers.allSatisfy({ (-3...4).contains($0) }) {
      return powers.map { DecimalNumber(digits: [1], exponent: $0).plainDigits(grouping: ",") }
    }
    return powers.map { $0 == 0 ? "1" : "10" + NumberFormat.superscript($0) }
  }

  private static func spaced(_ ticks: [PlannedTick], _ scale: LogScale, _ room: Room) -> Bool {
    spaced(ticks, scale.position, room)
  }

  private static func spaced(
    _ ticks: [PlannedTick], _ position: (Double) -> Double, _ room: Room
  ) -> Bool {
    var previous: (at: Double, extent: Double)?
    for tick in ticks {
      guard let label = tick.label else { continue }
      let at = position(tick.value)
      let extent = room.extent(label)
      if let previous, at - previous.at < (extent + previous.extent) / 2 + 0.8 * room.size { return false }
      previous = (at, extent)
    }
    return true
  }

  // MARK: Symmetric

  /// 0 and powers of ten from the linear part on, on both sides; round steps where too few powers are in sight.
  private static func symlog(
    _ domain: ResolvedDomain, linear threshold: Double, format: Axis.TickFormat, room: Room
  ) -> [PlannedTick] {
    let scale = domain.scale(from: 0, to: room.length)
    let top = Logarithm.floorBase10(max(abs(domain.low), abs(domain.high)))
    let bottom = min(top, Logarithm.floorBase10(threshold))
    for stride in strides {
      let powers = Array(bottom...top).filter { (top - $0) % stride == 0 }
      let isPlain = powers.allSatisfy { (-3...5).contains($0) }
      var ticks: [PlannedTick] = []
      for sign in [-1.0, 0, 1] {
        for power in sign == 0 ? [0] : powers {
          let value = sign * Logarithm.powerOf10(power)
          guard value >= domain.low, value <= domain.high else { continue }
          // Powers in the linear part crowd around 0, which has the word.
          if sign != 0, domain.low <= 0, domain.high >= 0,
            abs(scale.position(value) - scale.position(0)) < 2.2 * room.size
          {
            continue
          }
          let size = DecimalNumber(digits: [1], exponent: power)
          let text = isPlain || power == 0 ? size.plainDigits(grouping: ",") : NumberFormat.scientific(size)
          ticks.append(PlannedTick(value, same: sign == 0 ? "0" : (sign < 0 ? "−" : "") + text))
        }
      }
      ticks.sort { $0.value < $1.value }
      guard ticks.count <= most + 1, spaced(ticks, scale.position, room) else { continue }
      if ticks.count >= fewest { return ticks }
      break
    }
    // Most of the domain lies in the linear part, or on one side of it.
    return linear(low: domain.low, high: domain.high, format: format, room: room)
      .filter { $0.value >= domain.low && $0.value <= domain.high }
  }

  // MARK: Places

  /// The finest step of 1, 2, 4, 8 … whose numbers fit, at most nine of them: what attention maps are read by.
  private static func cells(_ count: Int, first: Int, places: Int, room: Room) -> [PlannedTick] {
    let place = room.length / Double(max(places, 1))
    var step = 1
    while true {
      let kept = (0..<max(count, 1)).filter { (first + $0) % step == 0 }
      let ticks = kept.map { place -> PlannedTick in
        let number = first + place
        return PlannedTick(Double(place), same: (number < 0 ? "−" : "") + String(number.magnitude))
      }
      let widest = ticks.compactMap { $0.label.map(room.extent) }.max() ?? 0
      if kept.count <= most + 1, kept.count <= 1 || widest + 0.5 * room.size <= place * Double(step) {
        return ticks
      }
      step *= 2
    }
  }

  /// Every name, or every second, third … where they do not fit beside one another.
  private static func band(_ names: [LocalText], room: Room) -> [PlannedTick] {
    let step = room.length / Double(max(names.count, 1))
    for stride in 1...max(names.count, 1) {
      let kept = names.indices.filter { $0 % stride == 0 }
      let fit = zip(kept, kept.dropFirst()).allSatisfy {
        (room.extent(names[$0]) + room.extent(names[$1])) / 2 + 0.4 * room.size <= step * Double($1 - $0)
      }
      if fit { return names.indices.map { PlannedTick(Double($0), $0 % stride == 0 ? names[$0] : nil) } }
    }
    return []
  }
}

extension DecimalNumber {
  var plainPositional: String { (isNegative ? "−" : "") + plainDigits(grouping: ",") }
}
