import Experiments
import Foundation
import Wording

/// Keeps outcomes as files in the site's `.notebook` folder, one each, named after their key.
///
/// A file is a line with the hash and the length of the record, the record, then the figures as JSON, each with a hash of its
/// own in the record: a digit that a disk changed must not become a result. Only the record is read unless a figure is asked
/// for; with their data, figures are most of a file.
struct FileStore: OutcomeStore {
  static let folderName = ".notebook"
  /// What is read at first; records of most experiments are shorter.
  private static let firstRead = 1 << 14

  private let folder: String
  /// Which program made an outcome: another build may compute or draw something else.
  private let program: String

  /// A store in the site at `root`, for outcomes of the program at `executable`.
  init(root: String, executable: String) {
    folder = "\(root)/\(Self.folderName)/results"
    program = FileSystem.identity(executable) ?? "unknown"
  }

  // Whatever is wrong with a kept file, the experiment just runs again.

  func outcome(for key: String) -> KeptOutcome? {
    let path = path(for: key)
    guard let (record, start) = Self.record(at: path), record.key == key, record.program == program else {
      return nil
    }
    return KeptOutcome(
      measures: record.measures, missing: record.missing, figures: record.figures.map(\.outline)
    ) { index in
      let figure = record.figures[index]
      // Another build may have put another file there meanwhile; then this is found out by the hash.
      let range = start + figure.range.lowerBound..<start + figure.range.upperBound
      guard let bytes = try? FileSystem.read(path, range), Fingerprint.of(bytes) == figure.hash else {
        return nil
      }
      return try? Self.decoder.decode(ExperimentFigure.self, from: Data(bytes))
    }
  }

  /// The record of a file, and where the figures begin.
  private static func record(at path: String) -> (record: OutcomeRecord, start: Int)? {
    guard var bytes = try? FileSystem.read(path, 0..<firstRead), let end = bytes.firstIndex(of: 0x0A) else {
      return nil
    }
    let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
    guard words.count == 2, let hash = UInt64(words[0], radix: 16), let length = Int(words[1]), length >= 0,
      length < 1 << 30
    else { return nil }
    let range = end + 1..<end + 1 + length
    if range.upperBound > bytes.count {
      guard let all = try? FileSystem.read(path, 0..<range.upperBound), all.count == range.upperBound else {
        return nil
      }
      bytes = all
    }
    guard Fingerprint.of(bytes[range]) == hash, let record = OutcomeRecord(bytes[range]) else { return nil }
    return (record, range.upperBound)
  }

  func keep(_ outcome: ExperimentOutcome, for key: String) {
    // Not keeping an outcome costs time at the next build, nothing else.
    var figures: [OutcomeRecord.Figure] = []
    var data: [UInt8] = []
    for (outline, figure) in zip(outcome.outlines, outcome.figures) {
      guard let json = try? Self.encoder.encode(figure) else { return }
      figures.append(
        OutcomeRecord.Figure(
          outline: outline, range: data.count..<data.count + json.count, hash: Fingerprint.of(json)))
      data += json
    }
    let record = OutcomeRecord(
      program: program, key: key, measures: outcome.measures, missing: outcome.missing, figures: figures)
    guard let bytes = record.bytes else { return }
    let path = path(for: key)
    let new = "\(path).\(ProcessInfo.processInfo.processIdentifier).new"
    do {
      try FileSystem.makeFolders(folder)
      let line = "\(String(Fingerprint.of(bytes), radix: 16)) \(bytes.count)\n"
      try FileSystem.write(Array(line.utf8) + bytes + data, to: new)
      try FileSystem.move(new, to: path)
    } catch {
      try? FileSystem.removeTree(new)
    }
  }

  /// Two keys with one fingerprint only take each other's place, since the record names its key.
  private func path(for key: String) -> String {
    "\(folder)/\(String(Fingerprint.of(key.utf8), radix: 16)).result"
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
