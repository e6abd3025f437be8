import Testing
import Wording

@testable import SVGChart

struct TickTests {
  #if DEBUG
    static let cases = 6_000
  #else
    static let cases = 100_000
  #endif

  private func check(_ ticks: [PlannedTick], _ domain: ResolvedDomain, _ room: TickSearch.Room, _ fewest: Int)
  {
    let labelled = ticks.filter { $0.label != nil }
    let comment =
      "\(domain.kind) \(domain.low)…\(domain.high) on \(room.length): \(labelled.map { $0.label?.english ?? "" })"
    var problems: [String] = []
    if labelled.count < fewest { problems.append("few") }
    if labelled.count > 10 { problems.append("many") }
    let slack = (domain.high - domain.low) * 1e-9
    if ticks.contains(where: {
      $0.value < domain.low * (1 - 1e-12) - slack || $0.value > domain.high * (1 + 1e-12) + slack
    }) {
      problems.append("outside")
    }
    for (a, b) in zip(ticks, ticks.dropFirst()) where a.value >= b.value { problems.append("order") }
    let scale = domain.scale(from: 0, to: room.length)
    for (a, b) in zip(labelled, labelled.dropFirst()) {
      guard let left = a.label, let right = b.label else { continue }
      if left.english == right.english { problems.append("same label") }
      let gap =
        scale.position(b.value) - scale.position(a.value) - (room.extent(left) + room.extent(right)) / 2
      if gap < 0.4 * room.size - 1e-6 { problems.append("gap \(gap)") }
    }
    let texts = labelled.compactMap(\.label?.english).filter { $0 != "0" && $0 != "1" }
    if texts.contains(where: { $0.contains("10") && $0.contains(where: { "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".contains($0) }) }) {
      let isPower = { (text: String) in text.contains { "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".contains($0) } }
      if !texts.allSatisfy(isPower) { problems.append("notations") }
    }
    for tick in labelled {
      guard let text = tick.label?.english, let read = TableTests.value(text) else {
        problems.append("unreadable")
        continue
      }
      if abs(read - tick.value) > 1e-9 * max(abs(tick.value), slack) {
        problems.append("\(text) is not \(tick.value)")
      }
    }
    #expect(problems == [], "\(comment)")
  }

  @Test func `a linear axis has three to eight labels of one notation, inside, rising, apart`() {
    var generator = SplitMix(state: 1)
    for _ in 0..<Self.cases {
      let size = Logarithm.powerOf10(Int(generator.unit() * 18) - 9)
      let middle = (generator.unit() - 0.5) * size * (generator.unit() < 0.5 ? 0 : 4)
      let half = size * (0.05 + generator.unit())
      let domain = ResolvedDomain(kind: .linear, low: middle - half, high: middle + half)
      let room = TickSearch.Room(
        length: 300 + generator.unit() * 400, size: 12, isHorizontal: generator.unit() < 0.6)
      let ticks = TickSearch.ticks(domain, format: .number, room: room)
      check(ticks, domain, room, 3)
      if ticks.count > 8 { Issue.record("more than eight") }
    }
  }

  @Test func `a narrow axis keeps labels apart and at least two`() {
    var generator = SplitMix(state: 2)
    for _ in 0..<Self.cases / 4 {
      let low = (generator.unit() - 0.5) * 100
      let domain = ResolvedDomain(kind: .linear, low: low, high: low + 0.5 + generator.unit() * 100)
      let room = TickSearch.Room(length: 110 + generator.unit() * 80, size: 12, isHorizontal: true)
      check(TickSearch.ticks(domain, format: .number, room: room), domain, room, 2)
    }
  }

  @Test func `a logarithmic axis has labels of one notation, inside, rising, apart`() {
    var generator = SplitMix(state: 3)
    for _ in 0..<Self.cases {
      let low = Logarithm.powerOf10(Int(generator.unit() * 60) - 45) * (1 + 9 * generator.unit())
      let decades = 0.4 + generator.unit() * generator.unit() * 60
      let high = low * Logarithm.powerOf10(Int(decades)) * (1.5 + 8 * generator.unit())
      let base: Axis.LogBase = generator.unit() < 0.6 ? .ten : .two
      let domain = ResolvedDomain(kind: .log(base), low: low, high: high)
      let room = TickSearch.Room(
        length: 260 + generator.unit() * 400, size: 12, isHorizontal: generator.unit() < 0.6)
      // A few decades of long numbers on 260 px have room for two at least.
      check(TickSearch.ticks(domain, format: .number, room: room), domain, room, high / low > 1_500 ? 3 : 2)
    }
  }

  @Test func `ticks are the ones a reader expects`() {
    let room = TickSearch.Room(length: 560, size: 12, isHorizontal: true)
    func labels(_ kind: Axis.Kind, _ low: Double, _ high: Double, _ format: Axis.TickFormat = .number)
      -> [String]
    {
      TickSearch.ticks(ResolvedDomain(kind: kind, low: low, high: high), format: format, room: room)
        .compactMap(\.label?.english)
    }
    #expect(labels(.linear, 0, 1) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(labels(.linear, 0.1, 0.3) == ["0.10", "0.15", "0.20", "0.25", "0.30"])
    #expect(labels(.linear, 0, 1, .percent) == ["0%", "20%", "40%", "60%", "80%", "100%"])
    #expect(labels(.linear, -4.2, 4.2) == ["−4", "−2", "0", "2", "4"])
    #expect(
      labels(.linear, 0, 3e-6) == [
        "0", "0.5×10⁻⁶", "1.0×10⁻⁶", "1.5×10⁻⁶", "2.0×10⁻⁶", "2.5×10⁻⁶", "3.0×10⁻⁶",
      ])
    #expect(labels(.log(.ten), 1, 512) == ["1", "10", "100"])
    #expect(labels(.log(.ten), 1e-7, 1) == ["10⁻⁷", "10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "1"])
    #expect(labels(.log(.ten), 3, 60) == ["5", "10", "20", "50"])
    #expect(labels(.log(.two), 1, 64) == ["1", "2", "4", "8", "16", "32", "64"])
  }

  @Test func `logarithms agree with the library's`() {
    var generator = SplitMix(state: 4)
    for _ in 0..<2000 {
      let x = Double(bitPattern: generator.next() & 0x7FFF_FFFF_FFFF_FFFF)
      guard x.isFinite, x > 0 else { continue }
      let reference = Reference.log2(x)
      #expect(abs(Logarithm.base2(x) - reference) <= 0x1p-46 * max(1, abs(reference)))
      let k = Logarithm.floorBase10(x)
      #expect(Logarithm.powerOf10(k) <= x && (k == 308 || Logarithm.powerOf10(k + 1) > x))
    }
    #expect(Logarithm.floorBase10(1000) == 3 && Logarithm.floorBase10(999.9999999999999) == 2)
    #expect(Logarithm.base2(1) == 0 && Logarithm.base2(1024) == 10)
  }
}
