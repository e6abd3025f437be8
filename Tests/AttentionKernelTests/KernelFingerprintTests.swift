import Foundation
import Testing

@testable import AttentionKernel

@Suite struct `Fingerprints of the kernel` {
  /// A line for each part: its name and its hash, as `notebook bench kernel --fingerprints` prints them.
  private static func recorded() throws -> [String] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    return try String(
      contentsOf: root.appendingPathComponent("scripts/kernel-fingerprints.txt"), encoding: .utf8
    )
    .split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  }

  @Test(arguments: InstructionSet.supported, [1, 2, 4])
  func `every part of the kernel returns the recorded bits, whatever instructions and threads`(
    set: InstructionSet, threads: Int
  ) throws {
    let prints = try KernelFingerprint.all(under: RunConditions(threads: threads, instructionSet: set))
    #expect(try prints.map { "\($0.name) \($0.hexadecimal)" } == Self.recorded())
  }

  @Test func `a hash notices any bit, the order of numbers, and numbers inside of values`() {
    struct Summary {
      let ensemble = [1.0]
      let mean: Double?
      let counts: [Int]
    }
    func hash(_ add: (inout BitHash) -> Void) -> UInt64 {
      var hash = BitHash()
      add(&hash)
      return hash.value
    }
    let hashes = [
      hash { _ in }, hash { $0.add([1 as Float, 2]) }, hash { $0.add([2 as Float, 1]) },
      hash { $0.add([1 as Float, (2 as Float).nextUp]) }, hash { $0.add([0.0]) }, hash { $0.add([-0.0]) },
      hash { $0.add(numbersOf: Summary(mean: 1, counts: [1, 2])) },
      hash { $0.add(numbersOf: Summary(mean: 1.0.nextUp, counts: [1, 2])) },
      hash { $0.add(numbersOf: Summary(mean: 1, counts: [2, 1])) },
      hash { $0.add(numbersOf: Summary(mean: nil, counts: [1, 2])) },
    ]
    #expect(Set(hashes).count == hashes.count)
    // FNV-1a of nothing.
    #expect(hashes[0] == 0xCBF2_9CE4_8422_2325)
  }
}
