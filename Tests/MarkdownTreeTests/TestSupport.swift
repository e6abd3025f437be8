import Foundation
import Testing

@testable import MarkdownTree

struct ToolFailure: Error, CustomStringConvertible {
  let description: String
}

/// Runs a program of the system and returns what it prints.
func run(_ program: String, _ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  // A file, not a pipe: a program that ends before it has read all would end us too.
  let file = FileManager.default.temporaryDirectory.appending(path: "markdown-\(UUID().uuidString)")
  try Data(input).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }  // Left behind, it does no harm.
  process.standardInput = try FileHandle(forReadingFrom: file)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let bytes = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw ToolFailure(
      description: "‘\(program)’ ended with status \(process.terminationStatus); is it installed?")
  }
  return [UInt8](bytes)
}

/// What the program `cmark-gfm` makes of a document.
func cmarkGFM(
  _ document: String, extensions: [String] = ["table", "strikethrough", "autolink", "tasklist"],
  footnotes: Bool = true, unsafe: Bool = true
) throws -> String {
  let arguments =
    extensions.flatMap { ["-e", $0] } + (footnotes ? ["-e", "footnotes"] : []) + (unsafe ? ["--unsafe"] : [])
  return String(decoding: try run("cmark-gfm", arguments, input: Array(document.utf8)), as: UTF8.self)
}

/// What we make of it.
func ours(
  _ document: String, extensions: MarkdownExtensions = .all, footnotes: Bool = true, unsafe: Bool = true,
  filtersTags: Bool = false
) throws -> String {
  let tree = try MarkdownDocument(
    parsing: document, options: MarkdownOptions(extensions: extensions, footnotes: footnotes))
  return HTMLRenderer(options: .gfm(unsafe: unsafe, filtersTags: filtersTags)).markup(of: tree).text
}

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

extension String {
  /// The text of a range of bytes.
  subscript(bytes range: Range<Int>) -> String {
    String(decoding: Array(utf8)[range], as: UTF8.self)
  }
}

/// The number of blocks that could not be followed in the source.
func lostBlocks(_ document: String, options: MarkdownOptions = .note) throws -> Int {
  let bytes = Array(document.utf8)
  return try TreeBuilder.build(bytes, in: 0..<bytes.count, options: options).lostBlocks
}

/// One example of the specification.
struct SpecExample: CustomTestStringConvertible, Sendable {
  let number: Int
  let line: Int
  let words: [String]
  let markdown: String
  let html: String

  var testDescription: String { "example \(number), line \(line)" }
  var extensions: MarkdownExtensions {
    MarkdownExtensions.names.reduce(into: []) { set, known in
      if words.contains(known.1) { set.insert(known.0) }
    }
  }

  /// All examples of the specification in Debian's package `cmark-gfm`, disabled ones included.
  static func all() throws -> [SpecExample] {
    // Elsewhere than on Debian there is no dpkg: then its usual place.
    let listed = try? run("dpkg", ["-L", "cmark-gfm"])
    let paths = String(decoding: listed ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    let path = paths.first { $0.hasSuffix("/spec.txt.gz") } ?? "/usr/share/doc/cmark-gfm/spec.txt.gz"
    guard FileManager.default.fileExists(atPath: path) else {
      throw ToolFailure(
        description:
          "the GFM specification is not at \(path): install Debian's package ‘cmark-gfm’, and let dpkg keep "
          + "documentation (path-exclude in /etc/dpkg/dpkg.cfg.d drops it in some containers)")
    }
    let text = String(decoding: try run("gzip", ["-dc", path]), as: UTF8.self)
    let fence = String(repeating: "`", count: 32)
    var examples: [SpecExample] = []
    var words: [String]?
    var parts: [[Substring]] = []
    var start = 0
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix(fence + " example") {
        words = line.dropFirst(fence.count + 8).split(separator: " ").map(String.init)
        parts = [[]]
        start = index + 1
      } else if line == fence, let found = words {
        let texts = parts.map { $0.map { $0.replacing("→", with: "\t") + "\n" }.joined() }
        examples.append(
          SpecExample(
            number: examples.count + 1, line: start, words: found, markdown: texts[0], html: texts[1]))
        words = nil
      } else if words != nil {
        if line == ".", parts.count == 1 { parts.append([]) } else { parts[parts.count - 1].append(line) }
      }
    }
    return examples
  }
}
