import Foundation
import Testing

/// What lies beside a note may be anything.
@Suite struct `Files that notes name` {
  private static func note(_ queries: String) -> String {
    Note.plain(
      "Files",
      text: """
        ```yaml experiment given
        kind: attention
        queries: \(queries)
        keys: [[1, 2]]
        figure: none
        ```
        """)
  }

  /// `[[value, 2]]` as NumPy writes it.
  private static func npy(_ value: UInt8) -> Data {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2), }"
    let padded = header + String(repeating: " ", count: 117 - header.count) + "\n"
    return Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0]) + Data(padded.utf8) + Data([value, 2])
  }

  @Test func `a file of four gigabytes is refused at once, in little memory`() throws {
    let site = try TemporarySite(notes: ["a.md": Self.note("big.npy"), "b.md": Self.note("big.safetensors")])
    for name in ["big.npy", "big.safetensors"] {
      let header = name.hasSuffix(".npy") ? Self.npy(1) : Data([0, 0, 0, 128, 0, 0, 0, 0])
      try site.write(header, to: "notebooks/\(name)")
      // All holes: it takes no room on the disk.
      let file = try FileHandle(forWritingTo: site.url("notebooks/\(name)"))
      try file.truncate(atOffset: 4 << 30)
      try file.close()
    }
    let outcome = try site.run("check", watchdog: 20)
    #expect(outcome.ending == .exited(1), "\(outcome)")
    #expect(outcome.errors.contains("bytes of data, but its header says 2"))
    #expect(outcome.errors.contains("has a header of 2147483648 bytes"))
  }

  @Test func `a folder, a pipe and a link out of the site are named, and nothing waits`() throws {
    let site = try TemporarySite(
      notes: [
        "a.md": Self.note("folder.npy"), "b.md": Self.note("pipe.npy"), "c.md": Self.note("link.npy"),
        "d.md": Self.note("gone.npy"),
      ])
    try FileManager.default.createDirectory(
      at: site.url("notebooks/folder.npy"), withIntermediateDirectories: true)
    #expect(mkfifo(site.url("notebooks/pipe.npy").path, 0o600) == 0)
    try Self.npy(1).write(to: site.surroundings.appendingPathComponent("secret.npy"))
    for (name, target) in [("link.npy", "../../secret.npy"), ("gone.npy", "nothing.npy")] {
      try FileManager.default.createSymbolicLink(
        atPath: site.url("notebooks/\(name)").path, withDestinationPath: target)
    }
    let outcome = try site.run("check", watchdog: 20)
    #expect(outcome.ending == .exited(1), "\(outcome)")
    for words in [
      "folder.npy is no file", "pipe.npy is no file", "link.npy is a link to a file outside",
      "gone.npy is not there",
    ] {
      #expect(outcome.errors.contains(words), "\(words): \(outcome)")
    }
  }

  @Test func `another content gives other numbers, although results are kept`() throws {
    let site = try TemporarySite(notes: ["a.md": Self.note("q.npy")])
    try site.write(Self.npy(1), to: "notebooks/q.npy")
    let score = { () throws -> String? in
      try site.run("run", "notebooks/a.md", "--format", "csv").output.split(separator: "\n")
        .first { $0.contains(",score,") }.map {
          String($0.split(separator: ",", omittingEmptySubsequences: false)[4])
        }
    }
    #expect(try score() == "5")
    #expect(try score() == "5")
    try site.write(Self.npy(3), to: "notebooks/q.npy")
    #expect(try score() == "7")
  }
}
