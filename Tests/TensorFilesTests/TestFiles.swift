import Foundation
import Testing
import Wording

@testable import TensorFiles

/// Files that NumPy 2.4 and safetensors 0.8 wrote; the array in them is ``TestFiles/fractions`` or ``TestFiles/integers``.
enum TestFiles {
  static let fractions = [1, -2, 0.5, 3, 4, -0.25]
  static let integers: [Double] = [1, 2, 5, 3, 4, 127]
  /// The same for signed types, so that a lost sign shows.
  static let signedIntegers: [Double] = [1, 2, -5, 3, 4, 127]

  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Files")
    return Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// A `.npy` file of version 1 with any header.
  static func npy(_ header: String, data: [UInt8] = [], version: [UInt8] = [1, 0]) -> [UInt8] {
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + version + [UInt8(length & 0xFF), UInt8(length >> 8)]
      + Array(header.utf8)
      + data
  }

  /// A `.safetensors` file with any header.
  static func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
    number(UInt64(header.utf8.count)) + Array(header.utf8) + data
  }

  static func number(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
  }
}

/// What went wrong when something was read.
func problem(_ body: () throws -> Tensor) throws -> TensorFileProblem {
  let error = #expect(throws: TensorFileProblem.self) { _ = try body() }
  let problem = try #require(error)
  // Messages are for both kinds of readers.
  #expect(!problem.summary.english.isEmpty && problem.summary.chinese.contains { $0 > "\u{2FFF}" })
  return problem
}

/// A file of 4 GiB of which only the start holds anything, and of which only little may be read.
struct HugeFile: ByteSource {
  let start: [UInt8]
  let count = 4 << 30

  func bytes(_ range: Range<Int>) throws(TensorFileProblem) -> [UInt8] {
    precondition(range.count <= 1 << 24, "\(range.count) bytes are read at once")
    return range.map { $0 < start.count ? start[$0] : 0 }
  }
}
