import Foundation
import Testing

@testable import AttentionKernel

@Suite struct `Softmax in narrow formats` {
  /// Bits, with all not-a-numbers counted as one.
  private static func bits(_ value: Float) -> UInt32 { value.isNaN ? 0x7FC0_0000 : value.bitPattern }

  /// Every binary32 number whose bit pattern is a multiple of a stride, and the neighbours of those that a narrow format
  /// holds or splits evenly.
  private static func numbers(step: UInt32) -> [Float] {
    var patterns: [UInt32] = []
    var pattern: UInt64 = 0
    while pattern <= UInt64(UInt32.max) {
      patterns.append(UInt32(pattern))
      pattern += UInt64(step)
    }
    for high in stride(from: UInt32(0), through: UInt32(UInt16.max), by: 3) {
      // Ends, midpoints and their neighbours for both formats: bf16 ends after 16 bits, binary16 13 before the end.
      for low: UInt32 in [
        0, 1, 0x0FFF, 0x1000, 0x1001, 0x7FFF, 0x8000, 0x8001, 0xEFFF, 0xF000, 0xF001, 0xFFFF,
      ] {
        patterns.append(high << 16 | low)
      }
    }
    return patterns.map { Float(bitPattern: $0) }
  }

  #if arch(arm64) || os(Linux)
    @Test func `every binary16 number stays as it is`() {
      let numbers = (0...UInt16.max).map { Float(Float16(bitPattern: $0)) }
      for set in InstructionSet.supported {
        let rounded = FloatFormat.binary16.rounded(numbers, using: set)
        #expect(zip(numbers, rounded).allSatisfy { Self.bits($0) == Self.bits($1) })
      }
    }

    @Test func `rounding to binary16 is what the language's own type does`() {
      let numbers = Self.numbers(step: 16_411)
      let expected = numbers.map { Self.bits(Float(Float16($0))) }
      #expect(numbers.map { Self.bits(FloatFormat.binary16.rounded($0)) } == expected)
      for set in InstructionSet.supported {
        #expect(FloatFormat.binary16.rounded(numbers, using: set).map(Self.bits) == expected, "\(set)")
      }
    }
  #endif

  @Test func `rounding to bfloat16 is rounding the upper half to even`() {
    let numbers = Self.numbers(step: 16_411)
    // The definition in whole numbers: half a unit added, minus one where the upper half is even already.
    let expected = numbers.map { number -> UInt32 in
      guard !number.isNaN else { return 0x7FC0_0000 }
      let bits = UInt64(number.bitPattern)
      return UInt32(((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16) << 16)
    }
    #expect(numbers.map { Self.bits(FloatFormat.bfloat16.rounded($0)) } == expected)
    for set in InstructionSet.supported {
      #expect(FloatFormat.bfloat16.rounded(numbers, using: set).map(Self.bits) == expected, "\(set)")
    }
  }

  private static let ways = [FloatFormat.binary16, .bfloat16, .binary32].flatMap { format in
    [false, true].flatMap { shifted in
      [false, true].map { RoundedSoftmax(format, subtractsMaximum: shifted, roundsSums: $0) }
    }
  }

  /// Rows of normals, of everything equal, of extremes and of what is not finite.
  private static func rows(keys: Int) -> [Float] {
    var rows: [Float] = []
    for spread: Float in [0.5, 3, 8, 40, 300] {
      rows += StandardNormals(seed: UInt64(keys), role: .logits)(count: keys).map { $0 * spread }
    }
    rows += [Float](repeating: 11.5, count: keys)
    rows += [Float](repeating: -200, count: keys)
    rows += (0..<keys).map { $0 % 3 == 0 ? 70_000 : Float($0) }
    rows += (0..<keys).map { $0 == keys - 1 ? -.infinity : -Float($0) }
    rows += (0..<keys).map { $0 == keys / 2 ? .nan : 1 }
    return rows
  }

  @Test(arguments: [1, 2, 15, 16, 17, 31, 63, 64, 65, 127, 130, 512])
  func `weights have the bits of the reference on every instruction set`(keys: Int) throws {
    let rows = Self.rows(keys: keys)
    for way in Self.ways {
      var expected: [UInt32] = []
      for start in stride(from: 0, to: rows.count, by: keys) {
        expected += way.referenceWeights(Array(rows[start..<(start + keys)])).map(Self.bits)
      }
      for set in InstructionSet.supported {
        let weights = try way.weights(rows, keys: keys, using: set).map(Self.bits)
        #expect(weights == expected, "\(way), \(set)")
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func `weights have the hash that was agreed on`(set: InstructionSet) throws {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for way in Self.ways {
      for weight in try way.weights(Self.rows(keys: 130), keys: 130, using: set) {
        hash = (hash ^ UInt64(Self.bits(weight))) &* 0x0000_0100_0000_01B3
      }
    }
    // The bits of the number-by-number reference, which the test above compares with.
    #expect(hash == 2_768_771_665_280_188_941)
  }

  @Test func `with the maximum subtracted, rows sum to 1 as exactly as the format can`() throws {
    let keys = 64
    let rows = StandardNormals(seed: 5, role: .logits)(count: 256 * keys).map { $0 * 4 }
    for format in [FloatFormat.binary16, .bfloat16, .binary32] {
      let weights = try RoundedSoftmax(format, subtractsMaximum: true).weights(rows, keys: keys)
      // The total and each quotient are rounded once: half a unit each.
      let bound = Double(sign: .plus, exponent: 1 - format.precision, significand: 1)
      for start in stride(from: 0, to: rows.count, by: keys) {
        let total = weights[start..<(start + keys)].reduce(0.0) { $0 + Double($1) }
        // Numbers of binary16 below 2⁻¹⁴ are cut more coarsely: at most half of 2⁻²⁴ each.
        #expect(abs(total - 1) <= bound + Double(keys) * 0x1p-25, "\(format)")
      }
    }
  }

  @Test func `exponentials overflow and vanish at the limits of their format`() throws {
    for format in [FloatFormat.binary16, .bfloat16, .binary32] {
      // Of one key, e/e is 1, unless e is infinite or 0.
      let way = RoundedSoftmax(format, subtractsMaximum: false)
      let fails = { (logit: Float) in try way.weights([logit], keys: 1)[0].isNaN }
      // Logits are rounded too: the neighbours of the limit in the format itself.
      for (limit, isUpper) in [(format.overflowLogit, true), (format.underflowLogit, false)] {
        let unit = Float(abs(limit)).ulp * Float(sign: .plus, exponent: 24 - format.precision, significand: 1)
        let rounded = format.rounded(Float(limit))
        let (inside, outside) =
          isUpper ? (rounded - 2 * unit, rounded + 2 * unit) : (rounded + 2 * unit, rounded - 2 * unit)
        #expect(try !fails(inside), "\(format) \(inside)")
        #expect(try fails(outside), "\(format) \(outside)")
      }
    }
  }

  /// From the largest and smallest numbers of the formats, with mpmath at 50 digits.
  @Test func `the limits are the logarithms of where rounding goes to infinity or to 0`() {
    let known: [(FloatFormat, overflow: Double, underflow: Double)] = [
      (.binary16, 11.090_110_718_526_951, -17.328_679_513_998_633),
      (.bfloat16, 88.720_884_076_837_196, -92.881_722_195_032_67),
      (.binary32, 88.722_839_081_870_677, -103.972_077_083_991_8),
      (.binary64, 709.782_712_893_383_997, -745.133_219_101_941_2),
    ]
    for (format, overflow, underflow) in known {
      #expect(abs(format.overflowLogit - overflow) < 1e-12 * overflow, "\(format)")
      #expect(abs(format.underflowLogit - underflow) < 1e-12 * -underflow, "\(format)")
    }
  }

  @Test func `errors are those of the weights, whatever the threads`() throws {
    let keys = 37
    let rows = StandardNormals(seed: 2, role: .logits)(count: 1000 * keys).map { $0 * 3 }
    let reference = try stride(from: 0, to: rows.count, by: keys).flatMap { start in
      try softmax(rows[start..<(start + keys)].map { Double($0) })
    }
    let errors = try [1, 3].map { threads in
      try rows.withUnsafeBufferPointer { rows in
        try reference.withUnsafeBufferPointer { reference in
          try RoundedSoftmax.errors(
            of: Self.ways, rows, reference: reference, keys: keys, under: RunConditions(threads: threads))
        }
      }
    }
    #expect(errors[0] == errors[1])
    for (way, errors) in zip(Self.ways, errors[0]) {
      let weights = try way.weights(rows, keys: keys)
      var expected = RoundedSoftmax.Errors()
      expected.rows = 1000
      for start in stride(from: 0, to: rows.count, by: keys) {
        let row = start..<(start + keys)
        let zeros = weights[row].count { $0 == 0 }
        expected.zeroWeights += zeros
        if weights[row].contains(where: { !$0.isFinite }) {
          expected.nonFiniteRows += 1
          continue
        }
        if zeros == keys { expected.emptyRows += 1 }
        for index in row {
          let error = abs(Double(weights[index]) - reference[index])
          expected.largestError = max(expected.largestError, error)
          expected.misplacedMass += error / 2
        }
      }
      #expect(abs(errors.misplacedMass - expected.misplacedMass) < 1e-9 * max(1, expected.misplacedMass))
      expected.misplacedMass = errors.misplacedMass
      #expect(errors == expected, "\(way)")
    }
  }
}

#if arch(arm64) || os(Linux)
  /// Runs with `scripts/test --slow` only.
  @Suite(.enabled(if: ProcessInfo.processInfo.environment["NOTEBOOK_SLOW_TESTS"] != nil))
  struct `Exhaustive checks of rounding` {
    @Test(arguments: 0..<256)
    func `every number of binary32 is rounded as the definitions say`(part: Int) {
      let numbers = (0..<(1 << 24)).map { Float(bitPattern: UInt32(part << 24 | $0)) }
      let halves = FloatFormat.binary16.rounded(numbers)
      let brains = FloatFormat.bfloat16.rounded(numbers)
      var wrong = 0
      for (index, number) in numbers.enumerated() where !number.isNaN {
        let bits = UInt64(number.bitPattern)
        let brain = UInt32(((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16) << 16)
        if halves[index].bitPattern != Float(Float16(number)).bitPattern { wrong += 1 }
        if brains[index].bitPattern != brain { wrong += 1 }
      }
      #expect(wrong == 0)
    }
  }
#endif
