import Testing

@testable import AttentionKernel

@Suite struct `Random numbers` {
  @Test func `Philox gives the published known answers`() {
    // Random123, kat_vectors, philox4x32 10.
    let zero = Philox4x32(key: 0)((0, 0, 0, 0))
    #expect(zero == (0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8))
    let ones = Philox4x32(key: .max)((.max, .max, .max, .max))
    #expect(ones == (0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD))
    let pi = Philox4x32(key: 0x299F_31D0_A409_3822)((0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344))
    #expect(pi == (0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1))
  }

  @Test func `a role's stream is the FNV-1a hash of its name and no two are equal`() {
    // Computed with h = (h ^ byte) * 0x100000001b3 from 0xcbf29ce484222325 in Python.
    #expect(TensorRole.queries.streamIdentifier == 0x3E28_C1D1_EBF8_B903)
    #expect(TensorRole.keys.streamIdentifier == 0x5819_87D7_5CBD_3E2D)
    #expect(Set(TensorRole.allCases.map(\.streamIdentifier)).count == TensorRole.allCases.count)
  }

  @Test func `version 2 of the numeric contract gives the known bits of version 1`() {
    #expect(NumericContract.version == 2)
    let normals = StandardNormals(seed: 42, role: .queries)(count: 1000)
    // From an independent program: Python with exact fractions, each step rounded to binary32 once.
    let known: [Int: UInt32] = [
      0: 0x3ECD_2912, 17: 0xBF9B_AE9D, 40: 0x3F63_62AB, 63: 0x3F9E_695F, 64: 0x3F90_C0DE, 999: 0xC03C_82CF,
    ]
    for (index, bits) in known { #expect(normals[index].bitPattern == bits, "index \(index)") }
    let hash = normals.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
      ($0 ^ UInt64($1.bitPattern)) &* 0x0000_0100_0000_01B3
    }
    #expect(hash == 0x10B6_D7A3_CD1F_BE3F)
  }

  @Test func `a longer fill starts with the shorter one`() {
    let normals = StandardNormals(seed: 7, role: .keys)
    let long = normals(count: 500)
    for count in [0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 300] {
      #expect(normals(count: count) == Array(long[..<count]))
    }
  }

  @Test func `a fill can be split at any index`() {
    let normals = StandardNormals(seed: 7, role: .values)
    let whole = normals(count: 200, startingAt: 1_000_003)
    for split in 0...200 {
      let left = normals(count: split, startingAt: 1_000_003)
      let right = normals(count: 200 - split, startingAt: 1_000_003 + UInt64(split))
      #expect(left + right == whole)
    }
  }

  @Test func `an element can be asked for by its index alone`() {
    let normals = StandardNormals(seed: 3, role: .queries)
    for start: UInt64 in [0, 4_294_967_296 * 4 - 64, UInt64.max - 200] {
      let filled = normals(count: 192, startingAt: start)
      for index in filled.indices { #expect(normals[start + UInt64(index)] == filled[index]) }
    }
  }

  @Test func `seed and role both change every number`() {
    let reference = StandardNormals(seed: 1, role: .queries)(count: 256)
    for other in [
      StandardNormals(seed: 2, role: .queries), StandardNormals(seed: 1 << 32 | 1, role: .queries),
      StandardNormals(seed: 1, role: .keys),
    ] {
      let same = zip(reference, other(count: 256)).count { $0 == $1 }
      #expect(same == 0)
    }
  }

  @Test func `the checked multiply-add is the fused one or says that it may not be`() {
    var state = Philox4x32(key: 5)((0, 0, 0, 0))
    var doubtful = 0
    for index in 0..<20_000 {
      state = Philox4x32(key: 5)((UInt32(index), state.1, state.2, state.3))
      let a = Float(Int32(bitPattern: state.0)) * 0x1p-31
      let b = Float(Int32(bitPattern: state.1)) * 0x1p-31
      var c = Float(Int32(bitPattern: state.2)) * 0x1p-31
      if index % 2 == 0 {
        // Put the sum next to a midpoint: c is chosen so that a·b is half a unit of c, plus very little.
        c = Float(sign: .plus, exponent: 24 + (a * b).exponent, significand: c.significand)
      }
      var fused = CheckedMultiplyAdd()
      let result = fused(a, b, c)
      if fused.isDoubtful { doubtful += 1 } else { #expect(result == c.addingProduct(a, b)) }
    }
    // A sum that is a tie in binary64 but not exactly: 1 + 2⁻²⁴ + 2⁻⁷⁰ must round up.
    var fused = CheckedMultiplyAdd()
    _ = fused(0x1p-35, 0x1p-35, 1 + 0x1p-23)
    #expect(!fused.isDoubtful)
    _ = fused(0x1.000002p-12, 0x1.fffffcp-13, 1)
    #expect(fused.isDoubtful)
    #expect(doubtful < 20)
  }

  @Test func `the logarithm of a uniform number is within 0.9 units of its last place`() {
    var worst = 0.0
    var fused = NativeMultiplyAdd()
    let first = Float(0x1p-33).bitPattern
    for bits in stride(from: first, to: Float(1).bitPattern, by: 4999) {
      let x = Float(bitPattern: bits)
      let exact = ReferenceMath.logarithm(Double(x))
      let error = (Double(NormalPair.logarithm(x, fused: &fused)) - exact).magnitude
      worst = max(worst, error / Double(Float(exact).ulp))
    }
    #expect(worst < 0.9, "\(worst)")
  }

  @Test func `cosine and sine of an angle word are those of its angle`() {
    var fused = NativeMultiplyAdd()
    for index in 0..<4096 {
      let word = UInt32(index) &* 1_048_573
      let direction = NormalPair.direction(of: word, fused: &fused)
      let norm =
        Double(direction.cosine) * Double(direction.cosine) + Double(direction.sine) * Double(direction.sine)
      #expect((norm - 1).magnitude < 0x1p-21)
      // A quarter turn further: swap and change a sign.
      let quarter = NormalPair.direction(of: word &+ 0x4000_0000, fused: &fused)
      #expect(quarter.cosine == -direction.sine && quarter.sine == direction.cosine)
    }
    // Turns of 1/12 (30°) and of nothing.
    let thirty = NormalPair.direction(of: 0x1555_5555, fused: &fused)
    #expect((thirty.sine - 0.5).magnitude < 1e-7 && (thirty.cosine - 0.8660254).magnitude < 1e-7)
    let none = NormalPair.direction(of: 0, fused: &fused)
    #expect(none.cosine == 1 && none.sine == 0)
  }

  @Test func `the ends of the radius are 0 and 6·76`() {
    var fused = NativeMultiplyAdd()
    #expect(NormalPair.squaredRadius(of: .max, fused: &fused) == 0)
    let largest = NormalPair.squaredRadius(of: 0, fused: &fused).squareRoot()
    #expect((largest - 6.763_705).magnitude < 2e-6)
  }

  @Test(arguments: [1, 2026]) func `normals have the moments and the distribution of normals`(seed: UInt64) {
    let count = 100_000
    let values = StandardNormals(seed: seed, role: .queries)(count: count).map(Double.init)
    let moments = Moments(values)
    let unit = 1 / Double(count).squareRoot()
    #expect(moments.mean.magnitude < 4 * unit)
    #expect(((moments.variance ?? 0) - 1).magnitude < 4 * unit * 2.0.squareRoot())
    #expect((moments.skewness ?? 9).magnitude < 4 * unit * 6.0.squareRoot())
    #expect(((moments.kurtosis ?? 0) - 3).magnitude < 4 * unit * 24.0.squareRoot())
    var distance = 0.0
    for (index, value) in values.sorted().enumerated() {
      let probability = ReferenceMath.normalProbability(below: value)
      distance = max(
        distance, probability - Double(index) / Double(count), Double(index + 1) / Double(count) - probability
      )
    }
    // Kolmogorov–Smirnov: P(√n D > 2.22) = 10⁻⁴.
    #expect(distance * Double(count).squareRoot() < 2.22)
    for lag in [1, 16, 32, 64] {
      let sum = (lag..<count).reduce(0) { $0 + values[$1] * values[$1 - lag] }
      #expect(sum.magnitude * unit < 4, "lag \(lag)")
    }
    let others = StandardNormals(seed: seed, role: .keys)(count: count).map(Double.init)
    let correlation = zip(values, others).reduce(0) { $0 + $1.0 * $1.1 } * unit
    #expect(correlation.magnitude < 4)
  }

  @Test(arguments: [1, 2, 4]) func `a fill on several threads is the plain fill`(threads: Int) throws {
    let normals = StandardNormals(seed: 3, role: .values)
    var values = [Float](repeating: .nan, count: 200_001)
    try values.withUnsafeMutableBufferPointer { (buffer) throws(KernelError) in
      try normals.fill(buffer, startingAt: 7, under: RunConditions(threads: threads))
    }
    #expect(values == normals(count: 200_001, startingAt: 7))
  }
}
