import Foundation

/// Every file below a folder with its bytes, to compare two folders as values.
struct FileTree: Equatable {
  private(set) var files: [String: Data] = [:]

  /// Reads a folder; one that is not there is empty.
  ///
  /// - Parameter excluded: Names of files and folders that are left out.
  init(_ folder: URL, excluding excluded: Set<String> = []) throws {
    try read(folder, prefix: "", excluded)
  }

  private mutating func read(_ folder: URL, prefix: String, _ excluded: Set<String>) throws {
    let manager = FileManager.default
    guard manager.fileExists(atPath: folder.path) else { return }
    for name in try manager.contentsOfDirectory(atPath: folder.path) where !excluded.contains(name) {
      let file = folder.appendingPathComponent(name)
      let attributes = try manager.attributesOfItem(atPath: file.path)
      switch attributes[.type] as? FileAttributeType {
      case .typeDirectory?: try read(file, prefix: "\(prefix)\(name)/", excluded)
      case .typeSymbolicLink?:
        files[prefix + name] = Data("-> \(try manager.destinationOfSymbolicLink(atPath: file.path))".utf8)
      default: files[prefix + name] = try Data(contentsOf: file)
      }
    }
  }

  var paths: [String] { files.keys.sorted() }

  subscript(path: String) -> String? { files[path].map { String(decoding: $0, as: UTF8.self) } }

  /// What differs, in words; `nil` where nothing does.
  func difference(from expected: FileTree) -> String? {
    let missing = Set(expected.paths).subtracting(paths).sorted()
    let surplus = Set(paths).subtracting(expected.paths).sorted()
    let changed = paths.filter { expected.files[$0] != nil && expected.files[$0] != files[$0] }
    let parts = [("missing", missing), ("surplus", surplus), ("changed", changed)].filter { !$0.1.isEmpty }
    guard !parts.isEmpty else { return nil }
    let first = changed.first.map { Difference.of(self[$0] ?? "", from: expected[$0] ?? "") } ?? ""
    return parts.map { "\($0.0): \($0.1.prefix(12).joined(separator: ", "))" }.joined(separator: "\n") + "\n"
      + first
  }
}

/// A difference of two texts, line by line.
enum Difference {
  /// At most forty lines that differ, each with its number; those expected are marked `-`.
  static func of(_ text: String, from expected: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let lines = new.difference(from: old).map { change in
      switch change {
      case .remove(let offset, let line, _): (offset, "- \(offset + 1): \(line.prefix(300))")
      case .insert(let offset, let line, _): (offset, "+ \(offset + 1): \(line.prefix(300))")
      }
    }
    return lines.sorted { $0.0 < $1.0 }.prefix(40).map(\.1).joined(separator: "\n")
  }
}
