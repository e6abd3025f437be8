import Foundation
import Testing

/// The same notes give the same bytes.
@Suite struct Determinism {
  private static let experiments = """
    \(Note.tinyExperiment.replacing("figure: none", with: "figure: [bars, sorted-curve]"))

    ```yaml experiment normal
    kind: dot-products
    headDimension: [4, 8]
    samples: 500
    ```

    ```yaml experiment ranges
    kind: exponential-range
    ```

    [](#scales.entropy[√d]) [](#normal.kurtosis[4])
    """

  private static func makeSite() throws -> TemporarySite {
    let chinese =
      "---\ntitle: 一篇\ndate: 2026-01-02\nlang: zh-Hans\ntranslates: a.md\ntags: [乙, 甲]\n---\n\n\(experiments)\n"
    return try TemporarySite(notes: [
      "a.md": Note.plain("A", text: experiments, date: "2026-01-02"), "b.md": chinese,
      "深/c.md": Note.plain("C", text: "[a](../a.md)", date: "2025-12-31"),
    ])
  }

  @Test func `threads, instructions, time zone, locale, cache and working folder change no byte`() throws {
    let site = try Self.makeSite()
    let reference = try site.run("build", "--threads", "1")
    #expect(reference.ending == .exited(0), "\(reference)")
    let expected = try site.published()
    #expect(expected.paths.count == 17)

    let variants: [(String, [String], [String: String])] = [
      ("warm cache", [], [:]),
      ("two threads", ["--threads", "2"], [:]), ("seven threads", ["--threads", "7"], [:]),
      ("instructions of every processor", ["--instruction-set", "baseline"], [:]),
      ("Shanghai", [], ["TZ": "Asia/Shanghai"]),
      ("Chinese locale", [], ["LANG": "zh_CN.UTF-8", "LC_ALL": "zh_CN.UTF-8"]),
      ("C locale", [], ["LANG": "C", "LC_ALL": "C"]),
      ("no environment", [], ["LANG": "", "TZ": "", "HOME": ""]),
    ]
    for (name, arguments, environment) in variants {
      if name != "warm cache" { try site.remove(".notebook") }
      let output = site.surroundings.appendingPathComponent("out \(name)")
      let outcome = try Program.run(
        ["build", "--output", output.path] + arguments, in: site.root, environment: environment)
      #expect(outcome.ending == .exited(0), "\(name): \(outcome)")
      let difference = try FileTree(output).difference(from: expected)
      #expect(difference == nil, "\(name): \(difference ?? "")")
    }

    let elsewhere = try Program.run(
      ["build", "--site", "site", "--output", "elsewhere"], in: site.surroundings)
    #expect(elsewhere.ending == .exited(0), "\(elsewhere)")
    let difference = try FileTree(site.surroundings.appendingPathComponent("elsewhere")).difference(
      from: expected)
    #expect(difference == nil, "other folder: \(difference ?? "")")
  }

  @Test func `a damaged cache does no harm`() throws {
    let site = try Self.makeSite()
    #expect(try site.run("build").ending == .exited(0))
    let expected = try site.published()
    let folder = site.url(".notebook/results")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count == 3)
    let damages: [(String, (Data) -> Data)] = [
      ("emptied", { _ in Data() }),
      ("cut", { $0.prefix($0.count / 2) }),
      ("another number", { Self.flipping($0, at: 400) }),
      ("another first letter", { Self.flipping($0, at: 0) }),
      ("another figure", { Self.flipping($0, at: $0.count - 100) }), ("cut at its end", { $0.dropLast() }),
      ("longer", { $0 + Data([0x0A]) }),
      ("noise", { _ in Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }) }),
    ]
    for (name, damage) in damages {
      for file in names {
        let url = folder.appendingPathComponent(file)
        let intact = try Data(contentsOf: url)
        let damaged = damage(intact)
        #expect(damaged != intact, "\(name) damaged nothing")
        try damaged.write(to: url)
      }
      let outcome = try site.run("build")
      #expect(outcome.ending == .exited(0), "\(name): \(outcome)")
      let difference = try site.published().difference(from: expected)
      #expect(difference == nil, "\(name): \(difference ?? "")")
    }
    try site.remove(".notebook")
    try site.write("a file where a folder should be", to: ".notebook")
    #expect(try site.run("build").ending == .exited(0))
    #expect(try site.published() == expected)
  }

  private static func flipping(_ data: Data, at index: Int) -> Data {
    var bytes = Array(data)
    bytes[index] ^= 1
    return Data(bytes)
  }

  @Test func `what is kept is used: a warm build runs no experiment`() throws {
    let site = try Self.makeSite()
    #expect(try site.run("build", "--verbose").errors.contains("running "))
    #expect(try !site.run("build", "--verbose").errors.contains("running "))
  }
}
