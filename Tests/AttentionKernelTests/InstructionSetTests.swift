import Foundation
import Testing

@testable import AttentionKernel

@Suite struct `Fast loops of every instruction set` {
  @Test func `the sets in use begin with the baseline and the best is the last of them`() {
    #expect(InstructionSet.supported.first == .baseline)
    #expect(InstructionSet.supported.last == .best)
    #expect(InstructionSet.allCases.filter(\.isSupported) == InstructionSet.supported)
    // Each set contains the ones before it.
    #expect(Array(InstructionSet.allCases.prefix(InstructionSet.supported.count)) == InstructionSet.supported)
  }

  #if os(Linux) && arch(x86_64)
    @Test func `the sets in use are those whose extensions the system lists`() throws {
      let listing = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(listing.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.split(separator: " "))
      let isListed = { (names: [Substring]) in flags.isSuperset(of: names) }
      #expect(InstructionSet.avx2.isSupported == isListed(["avx2", "fma"]))
      let wide: [Substring] = ["avx512f", "avx512bw", "avx512dq", "avx512vl"]
      #expect(InstructionSet.avx512.isSupported == isListed(["avx2", "fma"] + wide))
    }
  #endif

  @Test(arguments: InstructionSet.supported)
  func `normals have the known bits of version 1 of the numeric contract`(set: InstructionSet) {
    let normals = bits(of: StandardNormals(seed: 42, role: .queries), count: 1000, at: 0, using: set)
    // From an independent program: Python with exact fractions, each step rounded to binary32 once.
    let known: [Int: UInt32] = [
      0: 0x3ECD_2912, 17: 0xBF9B_AE9D, 40: 0x3F63_62AB, 63: 0x3F9E_695F, 64: 0x3F90_C0DE, 999: 0xC03C_82CF,
    ]
    for (index, bits) in known { #expect(normals[index] == bits, "index \(index)") }
  }

  @Test(arguments: InstructionSet.supported)
  func `a million normals have the hash that an independent program gives`(set: InstructionSet) {
    let normals = bits(of: StandardNormals(seed: 2026, role: .queries), count: 1_000_000, at: 0, using: set)
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for bits in normals { hash = (hash ^ UInt64(bits)) &* 0x0000_0100_0000_01B3 }
    // Python with NumPy; exact fractions wherever binary64 falls on a midpoint of binary32.
    #expect(hash == 0xF209_45F7_4276_D198)
  }

  @Test(arguments: [0, 42, 1 << 32, UInt64.max], TensorRole.allCases)
  func `normals from any index on are those of the definition`(seed: UInt64, role: TensorRole) {
    let normals = StandardNormals(seed: seed, role: role)
    let starts: [UInt64] = [
      0, 1, 17, 63, 64, 65, 1_000_003, (1 << 32) + 5, (1 << 34) - 100, (1 << 62) - 500, (1 << 62) + 3,
      .max - 999,
    ]
    for start in starts {
      let expected = referenceBits(of: normals, count: 1000, at: start)
      for set in InstructionSet.supported {
        for count in [0, 1, 63, 64, 65, 1000] {
          #expect(
            bits(of: normals, count: count, at: start, using: set) == Array(expected[..<count]),
            "\(set), \(count) from \(start)")
        }
      }
    }
  }

  @Test(arguments: InstructionSet.supported)
  func `a fill writes its buffer and nothing beside it, wherever the buffer starts`(set: InstructionSet) {
    let normals = StandardNormals(seed: 9, role: .values)
    let guardValue: UInt32 = 0x7FC0_1234
    let space = 256
    let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: space)
    defer { memory.deallocate() }
    for place in 16..<33 {
      for count in [0, 1, 2, 15, 16, 17, 31, 63, 64, 65, 127, 128, 129, 150] {
        for start: UInt64 in [0, 1, 40, 63] {
          memory.initialize(repeating: Float(bitPattern: guardValue))
          normals.fill(
            UnsafeMutableBufferPointer(rebasing: memory[place..<(place + count)]), startingAt: start,
            using: set)
          var expected = [UInt32](repeating: guardValue, count: space)
          expected.replaceSubrange(
            place..<(place + count), with: referenceBits(of: normals, count: count, at: start))
          #expect(memory.map(\.bitPattern) == expected, "\(count) from \(start) at \(place)")
        }
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 31, 64, 100, 511, 960, 961, 1024, 1025, 2050])
  func `scores are sums of exact products in component order, to the last bit`(d: Int) {
    let samples = 3..<24
    let elements = samples.lowerBound * d..<samples.upperBound * d
    let queries = StandardNormals(seed: 3, role: .queries)(
      count: elements.count, startingAt: UInt64(elements.lowerBound))
    let keys = StandardNormals(seed: 3, role: .keys)(
      count: elements.count, startingAt: UInt64(elements.lowerBound))
    let expected = (0..<samples.count).map { row in
      var sum = 0.0
      for index in row * d..<(row + 1) * d { sum += Double(queries[index]) * Double(keys[index]) }
      return sum
    }
    for set in InstructionSet.supported {
      var worker = DotProductWorker(headDimension: d, samples: 24, seed: 3, using: set)
      #expect(worker.scores(of: samples) == expected, "\(set)")
      // Alone or among others, a sample has the same score; the memory may be used again.
      #expect(worker.scores(of: 10..<11) == [expected[7]], "\(set)")
      #expect(worker.scores(of: samples) == expected, "\(set)")
    }
  }

  private func bits(
    of normals: StandardNormals, count: Int, at start: UInt64, using set: InstructionSet
  ) -> [UInt32] {
    var values = [Float](repeating: .nan, count: count)
    values.withUnsafeMutableBufferPointer { normals.fill($0, startingAt: start, using: set) }
    return values.map(\.bitPattern)
  }

  private func referenceBits(of normals: StandardNormals, count: Int, at start: UInt64) -> [UInt32] {
    var values = [Float](repeating: .nan, count: count)
    values.withUnsafeMutableBufferPointer { normals.referenceFill($0, startingAt: start) }
    return values.map(\.bitPattern)
  }
}
