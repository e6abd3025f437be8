import Foundation
import Testing

/// What a reader loads. Fonts, scripts and pictures are none of it: a page is one file and its style sheet.
@Suite struct PageSizes {
  @Test
  func
    `a page with twelve figures, their data, sixteen checked numbers and their evidence is within 200 kB, 45 kB packed`()
    throws
  {
    let site = try TemporarySite(notes: ["a.md": Self.note])
    let outcome = try site.run("build", "--language", "en")
    #expect(outcome.ending == .exited(0), "\(outcome)")
    let file = site.output.appendingPathComponent("a.html")
    let page = try String(contentsOf: file, encoding: .utf8)
    #expect(page.matches(of: /<figure class="chart"/).count == 12)
    #expect(page.matches(of: /<span class="evidence"/).count == 16)
    #expect(page.matches(of: #/<svg /#).count == 24)
    print("size of a page with twelve figures: \(page.utf8.count)")
    #expect(page.utf8.count <= 200_000)
    guard let packed = try Self.packed(file) else {
      print("SKIPPED: gzip is not installed; the packed size was not measured")
      return
    }
    print("packed: \(packed)")
    #expect(packed <= 45_000)
  }

  /// Bytes of a file as gzip packs it at its best; `nil` without that program.
  private static func packed(_ file: URL) throws -> Int? {
    let program = "/usr/bin/gzip"
    guard FileManager.default.isExecutableFile(atPath: program) else { return nil }
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = ["-9cn", file.path]
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data.count : nil
  }

  private static let note = """
    ---
    title: Twelve figures
    date: 2026-11-20
    ---

    Undivided, [](#soft.effectiveKeys[none]) keys are left of 64, at √d [](#soft.effectiveKeys[√d]), at 2√d [](#soft.effectiveKeys[2√d]), at 3√d [](#soft.effectiveKeys[3√d]).

    ```yaml experiment soft
    kind: softmax
    keys: 64
    queries: 256
    trials: 8
    scales: [none, √d, 2√d, 3√d]
    figure: [sorted-curve, cumulative-mass]
    ```

    ```yaml experiment few
    kind: softmax
    keys: 8
    queries: 256
    trials: 8
    scales: [none, √d, 2√d, 3√d]
    figure: bars
    ```

    The largest weights are [](#few.maxProbability[none]), [](#few.maxProbability[√d]), [](#few.maxProbability[2√d]) and [](#few.maxProbability[3√d]).

    ```yaml experiment dots
    kind: dot-products
    headDimension: [4, 16, 64]
    samples: 2000
    scales: [none, √d, 2√d, 3√d]
    figure: [histogram, standard-deviation, coverage]
    ```

    Spreads are [](#dots.standardDeviation[none,64]), [](#dots.standardDeviation[√d,64]), [](#dots.standardDeviation[2√d,64]) and [](#dots.standardDeviation[3√d,64]).

    ```yaml experiment slopes
    kind: gradients
    keys: 32
    queries: 128
    trials: 8
    scales: [none, √d, 2√d, 3√d]
    figure: [entries, query-gradient, norms]
    ```

    Traces are [](#slopes.jacobianTrace[none]), [](#slopes.jacobianTrace[√d]), [](#slopes.jacobianTrace[2√d]) and [](#slopes.jacobianTrace[3√d]).

    ```yaml experiment range
    kind: exponential-range
    scales: [none, √d, 2√d, 3√d]
    ```

    ```yaml experiment noise
    kind: attention
    scales: [none, √d]
    figure: weights
    queries: [[1,0],[0,2],[1,1],[2,1]]
    keys: [[1,0],[0,1],[1,1],[0.5,2]]
    values: [[10],[20],[30],[40]]
    ```

    ```yaml figure climb
    y: soft.entropyShare
    x: scale
    ```

    ```yaml claims
    - id: flatter
      check: soft.entropy increases with scale
    - id: spread
      check: dots.standardDeviation[√d, 64] ≈ 1 ± 10%
    - id: trace
      check: slopes.jacobianTrace increases with scale
    - id: largest
      check: few.maxProbability decreases with scale
    ```

    """
}
