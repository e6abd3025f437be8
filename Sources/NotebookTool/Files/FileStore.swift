import Experiments
import Foundation

/// Keeps outcomes as files in the site's `.notebook` folder, one each, named after their key.
struct FileStore: OutcomeStore {
  static let folderName = ".notebook"

  private let folder: String
  /// Which program made an outcome: another build may compute or draw something else.
  private let program: String

  /// A store in the site at `root`, for outcomes of the program at `executable`.
  init(root: String, executable: String) {
    folder = "\(root)/\(Self.folderName)/results"
    program = FileSystem.identity(executable) ?? "unknown"
  }

  private struct Record: Codable {
    let program: String
    let key: String
    let outcome: ExperimentOutcome
  }

  // A file is a line with the hash of the rest, then the record: a digit that a disk changed must not become a result.

  func outcome(for key: String) -> ExperimentOutcome? {
    // Whatever is wrong with a kept file, the experiment just runs again.
    guard let bytes = try? FileSystem.read(path(for: key)), let end = bytes.firstIndex(of: 0x0A),
      String(decoding: bytes[..<end], as: UTF8.self) == Self.hash(bytes[(end + 1)...]),
      let record = try? Self.decoder.decode(Record.self, from: Data(bytes[(end + 1)...])), record.key == key,
      record.program == program
    else { return nil }
    return record.outcome
  }

  func keep(_ outcome: ExperimentOutcome, for key: String) {
    // Not keeping an outcome costs time at the next build, nothing else.
    guard let data = try? Self.encoder.encode(Record(program: program, key: key, outcome: outcome)) else {
      return
    }
    let path = path(for: key)
    let new = "\(path).\(ProcessInfo.processInfo.processIdentifier).new"
    do {
      try FileSystem.makeFolders(folder)
      try FileSystem.write(Array(Self.hash(data).utf8) + [0x0A] + data, to: new)
      try FileSystem.move(new, to: path)
    } catch {
      try? FileSystem.removeTree(new)
    }
  }

  private func path(for key: String) -> String {
    "\(folder)/\(Self.hash(key.utf8)).result"
  }

  /// FNV-1a; two keys with one hash only take each other's place, since the record names its key.
  private static func hash(_ bytes: some Sequence<UInt8>) -> String {
    String(bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
  }

  // Charts may hold infinities, such as the open end of a range.
  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "+∞", negativeInfinity: "-∞", nan: "NaN")
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "+∞", negativeInfinity: "-∞", nan: "NaN")
    return decoder
  }
}
