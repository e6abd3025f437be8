import Foundation
import Testing

@testable import Diagnostics

@Suite struct Fixing {
  private static let note = """
    ---
    title: 一篇笔记
    date: 2026-11-20
    tgas: [a]

    正文 [1.15](#scales.entropi[none])，[1.5](#scales.massKeys[none, 50%] "±0.1")，👍 [1.25](#scales.entropy[none])。

    ```yaml experimnt scales
    kind: sofmax
    headDimensions: 4
    keys: 8
    queries: 64
    trials: 4
    scales: [none, √d]
    seed: 7
    figure: none
    ```

    ```yaml claims
    - id: flatter
      chek: scales.entropy increases with scal
    ```

    """

  @Test(arguments: ["\n", "\r\n"])
  func `slips inside figures, tables and selectors are corrected too`(lineEnd: String) throws {
    let note = """
      ---
      title: 一篇笔记
      date: 2026-11-20
      ---

      熵 [1.2](#scales.entropy[nnoe] "±0.5")，宽 [-1](#errors.nonFiniteRows[1,fp16,naiev] "≥")，🎲 [1](#scales.entropy[2√k]).

      ```yaml experiment scales
      kind: softmax
      headDimension: 4
      keys: 8
      queries: 64
      trials: 4
      scales: [none, √d]
      figure: sorted-curve
      ```

      ```yaml experiment errors
      kind: precision
      spreads: [1]
      keys: 8
      queries: 16
      trials: 2
      figure: none
      ```

      ```yaml figure climb
      y: [scales.maxProbabilty, {measure: "scales.entropyShar", name: 熵占比}]
      mark: dotts
      eror: bands
      axes: {x: {scale: lgo2, lable: 除数}}
      rules: [{x: noen, label: 不缩放}]
      ```

      ```yaml figure again
      show: scales.sorted-curv
      onyl: [√d]
      aspect: "widde"
      ```

      ```yaml table summary
      rows: scal
      columns: [scales.entropy, {measure: scales.maxProbabilty, digts: 2}]
      fromat: percnt
      ```

      ```yaml claims
      - id: flat
        check: "for all scal: scales.entropy < 3"
      - id: peak
        check: scales.maxProbability peaks at scale near nonne
      ```

      """
    let site = try TemporarySite(notes: ["a.md": note.replacing("\n", with: lineEnd)])
    let first = try site.run("check", "--fix")
    let text = try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8)
    let slips = [
      ("nnoe]", "none]"), ("naiev", "naive"), ("[scales.maxProbabilty", "[scales.maxProbability"),
      ("entropyShar\"", "entropyShare\""),
      ("dotts", "dots"), ("eror: bands", "error: band"), ("lgo2", "log2"), ("lable", "label"),
      ("x: noen", "x: none"),
      ("sorted-curv\n", "sorted-curve\n"), ("onyl", "only"), ("\"widde\"", "wide"),
      ("rows: scal\n", "rows: scale\n"),
      ("maxProbabilty", "maxProbability"), ("digts", "digits"), ("fromat", "format"), ("percnt", "percent"),
      ("all scal:", "all scale:"), ("nonne", "none"),
    ]
    let expected = slips.reduce(note) { $0.replacing($1.0, with: $1.1) }
    #expect(text == expected.replacing("\n", with: lineEnd), "\(first)")
    let second = try site.run("check", "--fix")
    #expect(second.output.isEmpty, "\(second)")
    #expect(try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8) == text)
  }

  @Test func `a selector with another number is no slip`() throws {
    let note = Note.plain(
      "T",
      text: """
        [1](#scales.topMass[√d,12]) [1](#errors.nonFiniteRows[1,fp61,naive]) [1](#scales.entropy[3√d])

        ```yaml experiment scales
        kind: softmax
        headDimension: 4
        keys: 16
        queries: 64
        trials: 4
        scales: [none, √d, 2√d]
        top: [1, 2, 8]
        figure: none
        ```

        ```yaml experiment errors
        kind: precision
        spreads: [1]
        keys: 8
        queries: 16
        trials: 2
        figure: none
        ```
        """)
    let site = try TemporarySite(notes: ["a.md": note])
    let outcome = try site.run("check", "--fix")
    #expect(outcome.output.isEmpty, "\(outcome)")
    #expect(outcome.errors.contains("[unknown-selector]"))
    #expect(try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8) == note)
  }

  @Test(arguments: ["\n", "\r\n"])
  func `slips are corrected, numbers are not, and a second run changes nothing`(lineEnd: String) throws {
    let site = try TemporarySite(notes: ["a.md": Self.note.replacing("\n", with: lineEnd)])
    let first = try site.run("check", "--fix")
    #expect(first.ending == .exited(1), "\(first)")
    let text = try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8)
    let expected = Self.note
      .replacing("tgas: [a]\n", with: "tags: [a]\n---\n").replacing("entropi", with: "entropy")
      .replacing("none, 50%", with: "none,50%").replacing("experimnt", with: "experiment")
      .replacing("sofmax", with: "softmax").replacing("headDimensions", with: "headDimension")
      .replacing("chek", with: "check").replacing("with scal\n", with: "with scale\n")
    #expect(text == expected.replacing("\n", with: lineEnd))
    // What is left is the wrong number alone.
    #expect(first.errors.contains("[wrong-number]") && first.errors.contains("1 error"), "\(first)")
    #expect(first.output.contains("-kind: sofmax") && first.output.contains("+kind: softmax"))
    let second = try site.run("check", "--fix")
    #expect(second.output.isEmpty)
    #expect(try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8) == text)
    #expect(try FileManager.default.contentsOfDirectory(atPath: site.url("notebooks").path) == ["a.md"])
  }

  @Test func `the difference shown turns the old note into the new one`() throws {
    let site = try TemporarySite(notes: ["a.md": Self.note])
    let difference = try site.run("check", "--fix").output
    let new = try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8)
    try site.write(Self.note, to: "notebooks/a.md")
    let patch = URL(fileURLWithPath: "/usr/bin/patch")
    guard FileManager.default.isExecutableFile(atPath: patch.path) else {
      throw MissingPiece(description: "there is no program ‘patch’")
    }
    let outcome = try Program.start(
      patch, ["-p0", "--unified", "-s"], in: site.root, input: Data(difference.utf8)
    ).end()
    #expect(outcome.ending == .exited(0), "\(outcome)")
    #expect(try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8) == new)
  }

  @Test func `without --fix no note is touched`() throws {
    let site = try TemporarySite(notes: ["a.md": Self.note])
    _ = try site.run("check")
    #expect(try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8) == Self.note)
  }

  @Test func `a file keeps its permissions, and a link stays one`() throws {
    let site = try TemporarySite(notes: ["a.md": Self.note])
    let manager = FileManager.default
    try manager.moveItem(at: site.url("notebooks/a.md"), to: site.url("notebooks/real.txt"))
    try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: site.url("notebooks/real.txt").path)
    try manager.createSymbolicLink(
      atPath: site.url("notebooks/a.md").path, withDestinationPath: "real.txt")
    _ = try site.run("check", "--fix")
    #expect(try manager.destinationOfSymbolicLink(atPath: site.url("notebooks/a.md").path) == "real.txt")
    let attributes = try manager.attributesOfItem(atPath: site.url("notebooks/real.txt").path)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    #expect(
      try String(contentsOf: site.url("notebooks/real.txt"), encoding: .utf8).contains("kind: softmax"))
  }

  @Test func `where there is doubt nothing is changed`() throws {
    // Two keys that both want to be ‘tags’, a name near to none, a key that is there already.
    let note =
      "---\ntitle: T\ndate: 2026-11-20\ntgas: [a]\ntagss: [b]\nlayout: x\nsumary: s\nsummary: t\n---\n\nText.\n"
    let site = try TemporarySite(notes: ["a.md": note])
    let outcome = try site.run("check", "--fix")
    #expect(outcome.output.isEmpty, "\(outcome)")
    #expect(try String(contentsOf: site.url("notebooks/a.md"), encoding: .utf8) == note)
  }

  @Test func `fixes that touch each other are not made together`() {
    let source = SourceFile(path: "a", text: "0123456789")
    let at = { (range: Range<Int>) in SourceLocation(path: "a", range: range) }
    let fixes: [Fix] = [
      .writing("x", at: at(2..<4)), .writing("y", at: at(3..<5)), .writing("z", at: at(8..<8)),
    ]
    let changed = fixes.applied(to: [source])
    #expect(changed.map { String(decoding: $0.bytes, as: UTF8.self) } == ["01x4567z89"])
    #expect([Fix.writing("x", at: SourceLocation(path: "b", range: 0..<1))].applied(to: [source]).isEmpty)
  }
}
