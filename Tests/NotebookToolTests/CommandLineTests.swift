import Experiments
import Foundation
import Testing

/// The commands as other programs use them: exit statuses, streams, formats.
@Suite struct CommandLineInterface {
  @Test(arguments: [
    ["--help"], ["build", "--help"], ["check", "--help"], ["run", "--help"], ["render", "--help"],
    ["kinds", "--help"], ["gallery", "--help"], ["bench", "--help"], ["bench", "kernel", "--help"],
    ["bench", "kernel", "--list"],
    ["--version"],
  ])
  func `help and version go to standard output with status 0`(arguments: [String]) throws {
    let outcome = try Program.run(arguments, in: FileManager.default.temporaryDirectory)
    #expect(outcome.ending == .exited(0))
    #expect(outcome.output.hasSuffix("\n"))
    #expect(outcome.errors.isEmpty)
  }

  @Test(arguments: [
    ["--frobnicate"], ["build", "--frobnicate"], ["frobnicate"], ["build", "--threads", "-1"], ["run"],
    ["run", "a.md", "--figures", ""], ["gallery", "--output", ""],
    ["bench", "kernel", "--jobs", "sofa"], ["bench", "kernel", "--reps", "0"],
    ["bench", "kernel", "--instruction-set", "mmx"],
    ["bench", "charts", "--jobs", "pie"], ["bench", "charts", "--keep", ""],
  ])
  func `wrong usage goes to standard error with status 2`(arguments: [String]) throws {
    let outcome = try Program.run(arguments, in: FileManager.default.temporaryDirectory)
    #expect(outcome.ending == .exited(2))
    #expect(outcome.output.isEmpty)
    #expect(!outcome.errors.isEmpty)
  }

  @Test func `every help names every option with a sentence`() throws {
    for command in ["build", "check", "run", "render", "kinds", "gallery", "bench"] {
      let outcome = try Program.run([command, "--help"], in: FileManager.default.temporaryDirectory)
      let bare = outcome.output.split(separator: "\n").filter {
        $0.wholeMatch(of: /\s+-[-\w, <>]+/) != nil && $0.count < 20
      }
      #expect(bare.isEmpty, "\(command): \(bare)")
    }
  }

  @Test func `check finds what build finds, without making the pages`() throws {
    let text = """
      \(Note.tinyExperiment)

      [x](#nowhere) [y](b.md#nothing) [z](gone.md) ![p](gone.png) [Figure 7](#fig.f)
      [12](#scales.entropy[√d]) [1](#scales.nothing) [up](../../up.md)

      ```yaml figure f
      y: scales.smallestLogit
      x: scale
      axes: {y: log}
      ```
      """
    let site = try TemporarySite(notes: [
      "a.md": Note.plain("A", text: text), "b.md": Note.plain("B").replacing("lang: en", with: "slug: a"),
      "index.html": "a file at a page's address", "c.md": Note.plain("C", text: "[i](index.html)"),
    ])
    try site.write("{{nothing}}", to: "templates/index.mustache")
    let check = try site.run("check", "--messages", "short")
    #expect(check.ending == .exited(1))
    let build = try site.run("build", "--messages", "short")
    #expect(build.ending == .exited(1))
    #expect(check.errors == build.errors)
    let codes = [
      "broken-link", "missing-asset", "wrong-figure-number", "wrong-number", "unknown-measure",
      "path-leaves-site",
      "duplicate-slug", "unknown-template-variable", "invalid-figure",
    ]
    for code in codes { #expect(check.errors.contains(code), "\(code) in \(check.errors)") }
  }

  @Test(arguments: ["kinds", "--help"])
  func `a reader that goes away is no crash`(arguments: String) throws {
    let outcome = try Program.start(
      URL(fileURLWithPath: "/bin/sh"),
      ["-c", "(\"$0\" $1; echo $? >&2) | true", try Program.location().path, arguments],
      in: FileManager.default.temporaryDirectory
    ).end()
    #expect(outcome.errors == "0\n", "\(outcome)")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "only Linux has /dev/full"))
  func `a standard output that is full is a fault with a message`() throws {
    let outcome = try Program.start(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "exec \"$0\" kinds > /dev/full", try Program.location().path],
      in: FileManager.default.temporaryDirectory
    ).end()
    #expect(outcome.ending == .exited(3))
    #expect(outcome.errors == "error: can't write to standard output: No space left on device\n")
  }

  // MARK: bench

  @Test func `a benchmark as JSON has the documented shape and the asked jobs`() throws {
    let outcome = try Program.run(
      [
        "bench", "kernel", "--jobs", "fma_peak,normal_1e7", "--format", "json", "--threads", "2", "--reps",
        "1",
        "--min-sample", "0",
      ], in: FileManager.default.temporaryDirectory)
    #expect(outcome.ending == .exited(0), "\(outcome)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root["threads"] as? Int == 2 && root["machine"] is [String: Any])
    let jobs = try #require(root["jobs"] as? [String: [String: Any]])
    #expect(jobs.keys.sorted() == ["fma_peak", "normal_1e7"])
    for (name, job) in jobs {
      for key in ["median_s", "min_s", "cpu_s"] {
        #expect((job[key] as? Double ?? 0) > 0, "\(name): \(key)")
      }
    }
    // The standard deviation of the first 100,000 numbers.
    let check = try #require(jobs["normal_1e7"]?["check"] as? [Double])
    #expect((check[0] - 1).magnitude < 0.01)
  }

  @Test func `the charts are drawn within their bytes, and kept where asked`() throws {
    let site = try TemporarySite()
    let outcome = try site.run(
      "bench", "charts", "--format", "json", "--reps", "1", "--min-sample", "0", "--keep", "kept")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let jobs = try #require(root["jobs"] as? [String: [String: Any]])
    for (name, most) in [("curve", 6_000), ("hist", 8_000), ("heat", 12_000)] {
      let bytes = try #require(jobs[name]?["bytes"] as? Int)
      #expect(bytes <= most, "\(name)")
      #expect(try Data(contentsOf: site.url("kept/\(name).svg")).count == bytes)
      #expect((jobs[name]?["median_s"] as? Double ?? 0) > 0)
    }
    // The sum that peer_charts.py --dump-data gives for the same formula, in Python.
    #expect(abs((root["checksum"] as? Double ?? 0) / 5788.001176668584 - 1) < 1e-9)
  }

  // MARK: render

  @Test(
    arguments: [
      (
        ["--flavor", "gfm"], "# Hi\n\n*a* <b>c</b> [x](javascript:alert(1))\n",
        "<h1>Hi</h1>\n<p><em>a</em> <!-- raw HTML omitted -->c<!-- raw HTML omitted --> <a href=\"\">x</a></p>\n"
      ),
      (["--flavor", "gfm", "--unsafe-html"], "<b>c</b>\n", "<p><b>c</b></p>\n"),
      (["--flavor", "gfm"], "|a|\n|-|\n", "<p>|a|\n|-|</p>\n"),
      (
        ["--flavor", "gfm", "--extension", "table"], "|a|\n|-|\n|1|\n",
        "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>\n"
      ),
      (
        ["--flavor", "gfm", "-e", "strikethrough", "-e", "autolink"], "~~a~~ www.example.org\n",
        "<p><del>a</del> <a href=\"http://www.example.org\">www.example.org</a></p>\n"
      ),
      (["--flavor", "gfm", "-e", "footnotes"], "plain\n", "<p>plain</p>\n"),
      (["--flavor", "gfm"], "", ""),
      (["--flavor", "gfm"], "a\0b\n", "<p>a\u{FFFD}b</p>\n"),
      (["--flavor", "notebook"], "<script>alert(1)</script>\n", nil),
    ] as [([String], String, String?)])
  func `a document becomes the fragment that the reference program writes`(
    arguments: [String], input: String, expected: String?
  ) throws {
    let outcome = try Program.run(
      ["render"] + arguments, in: FileManager.default.temporaryDirectory, input: Data(input.utf8))
    #expect(outcome.ending == .exited(0), "\(outcome)")
    if let expected { #expect(outcome.output == expected) }
    #expect(outcome.output.contains("<script>") == false)
  }

  @Test func `a document that is refused has status 1 and no output`() throws {
    let input = Data(String(repeating: ">", count: 100_000).utf8)
    let outcome = try Program.run(
      ["render", "--flavor", "gfm"], in: FileManager.default.temporaryDirectory, input: input)
    #expect(outcome.ending == .exited(1))
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("error: nested more than"))
  }

  // MARK: run

  private func site() throws -> TemporarySite {
    let text = """
      \(Note.tinyExperiment)

      ```yaml experiment normal
      kind: dot-products
      headDimension: 4
      samples: 200
      seed: 18446744073709551615
      ```
      """
    return try TemporarySite(notes: ["a.md": Note.plain("A", text: text)])
  }

  @Test func `run as JSON has the documented shape`() throws {
    let outcome = try site().run("run", "a.md", "--format", "json")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root.keys.sorted() == ["experiments"])
    let experiments = try #require(root["experiments"] as? [[String: Any]])
    #expect(experiments.map { $0["id"] as? String } == ["scales", "normal"])
    #expect(experiments.map { $0["kind"] as? String } == ["softmax", "dot-products"])
    let parameters = try #require(experiments[0]["parameters"] as? [String: Any])
    #expect(parameters["headDimension"] as? Int == 4)
    #expect(parameters["scales"] as? [String] == ["none", "√d"])
    #expect(parameters["seed"] as? Int == 7)
    let others = try #require(experiments[1]["parameters"] as? [String: Any])
    #expect(others["seed"] as? String == "18446744073709551615")
    for experiment in experiments {
      #expect(experiment.keys.sorted() == ["id", "kind", "measures", "parameters"])
      let measures = try #require(experiment["measures"] as? [[String: Any]])
      #expect(!measures.isEmpty)
      for measure in measures {
        #expect(
          measure.keys.sorted() == ["coordinates", "name", "samples", "standardError", "unit", "value"])
        #expect(
          measure["name"] is String && measure["unit"] is String && measure["coordinates"] is [String: Any])
        #expect((measure["value"] as? Double)?.isFinite == true)
        #expect((measure["standardError"] is NSNull) == (measure["samples"] is NSNull))
      }
    }
    let entropy = try #require((experiments[0]["measures"] as? [[String: Any]])?.first)
    #expect(entropy["name"] as? String == "entropy")
    #expect(entropy["coordinates"] as? [String: String] == ["scale": "none"])
    #expect(entropy["samples"] as? Int == 64)
  }

  @Test func `run as CSV says the same as JSON, eight fields a row`() throws {
    let site = try site()
    let csv = try site.run("run", "a.md", "--format", "csv")
    #expect(csv.ending == .exited(0), "\(csv)")
    #expect(csv.errors.isEmpty)
    var rows = csv.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    #expect(
      rows.removeFirst() == [
        "experiment", "kind", "measure", "coordinates", "value", "standardError", "samples", "unit",
      ])
    #expect(rows.allSatisfy { $0.count == 8 })
    let json = try site.run("run", "a.md", "--format", "json")
    let root = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: [[String: Any]]]
    let measures = try #require(root?["experiments"]).flatMap { $0["measures"] as? [[String: Any]] ?? [] }
    #expect(rows.map { String($0[2]) } == measures.map { $0["name"] as? String })
    #expect(rows.map { Double($0[4]) } == measures.map { $0["value"] as? Double })
    #expect(rows.map { Double($0[5]) } == measures.map { $0["standardError"] as? Double })
  }

  @Test func `run writes the figures that the note shows, in its language, each a file of its own`() throws {
    let site = try site()
    let outcome = try site.run("run", "a.md", "--figures", "out/figures", "--quiet")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    let names = try FileManager.default.contentsOfDirectory(atPath: site.url("out/figures").path).sorted()
      .filter { $0 != ".notebook-files" }
    // The note draws nothing of the experiment ‘scales’.
    #expect(names == ["normal-histogram.svg"])
    for name in names {
      let text = try String(contentsOf: site.url("out/figures/\(name)"), encoding: .utf8)
      #expect(text.hasPrefix("<svg xmlns=") && text.hasSuffix("</svg>\n"))
      #expect(text.contains("xml:lang=\"en\"") && !text.contains("var("))
    }
    let blocked = try site.run("run", "a.md", "--figures", "notebooks/a.md", "--language", "en")
    #expect(blocked.ending != .exited(0), "\(blocked)")
    #expect(blocked.errors.contains("notebooks/a.md is a file, not a folder"))
  }

  @Test func `the gallery is written as pages in both languages with all their pictures`() throws {
    let site = try site()
    let outcome = try site.run("gallery", "--output", "shown", "--language", "en")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    let names = try FileManager.default.contentsOfDirectory(atPath: site.url("shown").path)
      .filter { $0 != ".notebook-files" }
    #expect(names.contains("index.html") && names.contains("zh.html") && names.count > 20)
    #expect(outcome.errors.hasPrefix("shown: \(names.count) files written"))
    let blocked = try site.run("gallery", "--output", "notebooks/a.md", "--language", "zh")
    #expect(blocked.ending == .exited(2), "\(blocked)")
  }

  @Test func `run as text names every experiment, parameter and measure`() throws {
    let outcome = try site().run("run", "notebooks/a.md")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    for type in ExperimentKinds.all where ["softmax", "dot-products"].contains(type.kind.name) {
      for measure in type.kind.measures {
        #expect(outcome.output.contains("  \(measure.name)"), "\(measure.name)")
      }
      for parameter in type.kind.parameters {
        #expect(outcome.output.contains("  \(parameter.name): "), "\(parameter.name)")
      }
    }
  }

  // MARK: kinds

  @Test(arguments: ["en", "zh"])
  func `kinds lists every parameter, measure and figure with a sentence`(language: String) throws {
    let folder = FileManager.default.temporaryDirectory
    let outcome = try Program.run(["kinds", "--language", language], in: folder)
    #expect(outcome.ending == .exited(0))
    var sections: [String] = []
    for type in ExperimentKinds.all {
      let kind = type.kind
      let one = try Program.run(["kinds", kind.name, "--language", language], in: folder).output
      #expect(one.hasPrefix("\(kind.name): "))
      let lines = one.split(separator: "\n").map { $0.drop { $0 == " " } }
      for name in kind.parameters.map(\.name) + kind.measures.map(\.name) + kind.figures.map(\.name) {
        let isListed = lines.contains { line in
          line.hasPrefix(name) && !(line.dropFirst(name.count).first?.isLetter ?? true)
        }
        #expect(isListed, "\(kind.name) does not list \(name)")
      }
      sections.append(one)
    }
    #expect(outcome.output == sections.joined(separator: "\n"))
  }
}
