import Experiments
import Foundation
import SVGChart
import Testing
import Wording

@testable import NotebookTool

/// What a store keeps is what it gives back, or nothing.
@Suite struct KeepingOutcomes {
  private static func outcome(values: [Double]) -> ExperimentOutcome {
    let labels = ["none", "√d", "2√d", ""]
    let measures = values.enumerated().map { index, value in
      Measure(
        index % 2 == 0 ? "entropy" : "等效键数", unit: index % 3 == 0 ? "nat" : "",
        coordinates: Array(
          [Coordinate("scale", label: labels[index % 4], number: value), Coordinate("d", index)]
            .prefix(index % 3)),
        value: value, standardError: index % 2 == 0 ? nil : value / 8,
        samples: index % 3 == 0 ? nil : index << 40)
    }
    func chart(_ ys: [Double], y: Axis) -> Chart {
      Chart(title: LocalText("title", "标题"), x: .linear(LocalText(same: "x")), y: y) {
        Line(LocalText(same: "line"), x: [1, 2], y: ys, key: 0)
      }
    }
    return ExperimentOutcome(
      measures: measures,
      figures: [
        ExperimentFigure("good", chart([0.5, 2], y: .linear(LocalText(same: "y")))),
        ExperimentFigure(
          "undrawable", chart([-1, 2], y: .log(LocalText(same: "y"))),
          row: ScoreRow(scores: [1, 2], headDimension: 4)),
      ],
      missing: values.count % 2 == 0
        ? []
        : [MissingMeasure("peak", coordinates: [Coordinate("d", 4)], reason: LocalText("flat", "是平的"))])
  }

  private static let values: [Double] = [
    0, -0.0, 1, 0.1, .pi, -1e300, .leastNonzeroMagnitude, .infinity, -.infinity, 0.73, 1 / 3, 12_345_678,
  ]

  private func withStore(_ body: (FileStore, URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(
      FileStore(root: folder.path, executable: "/bin/sh"), folder.appendingPathComponent(".notebook/results"))
  }

  private func expectSame(_ kept: KeptOutcome, _ outcome: ExperimentOutcome) {
    #expect(kept.measures.map(\.value.bitPattern) == outcome.measures.map(\.value.bitPattern))
    #expect(kept.measures == outcome.measures)
    #expect(kept.missing == outcome.missing)
    #expect(kept.figures == outcome.outlines)
  }

  @Test func `what was kept comes back to the last bit`() throws {
    try withStore { store, _ in
      for count in 0...Self.values.count {
        let outcome = Self.outcome(values: Array(Self.values.prefix(count)))
        store.keep(outcome, for: "a key \(count)")
        let kept = try #require(store.outcome(for: "a key \(count)"))
        expectSame(kept, outcome)
        #expect(outcome.figures.indices.map { kept.figure($0) } == outcome.figures)
        #expect(kept.figures[0].problem == nil)
        #expect(kept.figures[1].problem == .nonPositiveOnLog(series: "line", count: 1))
      }
      #expect(store.outcome(for: "another key") == nil)
    }
  }

  @Test func `another program's outcomes are not taken`() throws {
    try withStore { store, folder in
      store.keep(Self.outcome(values: [1]), for: "key")
      let root = folder.deletingLastPathComponent().deletingLastPathComponent().path
      #expect(FileStore(root: root, executable: "/bin/ls").outcome(for: "key") == nil)
    }
  }

  @Test func `a changed or missing byte is noticed wherever it is`() throws {
    try withStore { store, folder in
      let outcome = Self.outcome(values: Self.values)
      store.keep(outcome, for: "key")
      let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder.path).first)
      let url = folder.appendingPathComponent(name)
      let intact = try Data(contentsOf: url)
      func look(_ damaged: Data, _ what: String) throws {
        try damaged.write(to: url)
        guard let kept = store.outcome(for: "key") else { return }
        // Then the damage is in a figure, or none: a hash says the same in capital letters.
        expectSame(kept, outcome)
        let figures = outcome.figures.indices.map { kept.figure($0) }
        #expect(zip(figures, outcome.figures).allSatisfy { $0 == nil || $0 == $1 }, "\(what)")
      }
      for index in intact.indices {
        var damaged = intact
        damaged[index] ^= UInt8(1 << (index % 8))
        try look(damaged, "byte \(index)")
      }
      for length in stride(from: 0, to: intact.count, by: 7) {
        try look(intact.prefix(length), "cut at \(length)")
      }
    }
  }
}
