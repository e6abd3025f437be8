import Foundation

/// A site in a folder of its own, with the templates of this project, gone when the value is.
final class TemporarySite {
  /// The folder around the site: what a site must not reach into.
  let surroundings: URL
  let root: URL

  var output: URL { root.appendingPathComponent("public") }

  /// The root of the project, found from where this file lies.
  static let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A site with some notes by file name.
  init(notes: [String: String] = [:], templates: URL = project.appendingPathComponent("templates")) throws {
    // Links resolved: the program names folders by their real paths.
    let temporary = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
    surroundings = temporary.appendingPathComponent("notebook-test-\(UUID().uuidString)")
    root = surroundings.appendingPathComponent("site")
    try FileManager.default.createDirectory(
      at: root.appendingPathComponent("notebooks"), withIntermediateDirectories: true)
    guard FileManager.default.fileExists(atPath: templates.path) else {
      throw MissingPiece(description: "there are no templates at \(templates.path)")
    }
    try FileManager.default.copyItem(at: templates, to: root.appendingPathComponent("templates"))
    for (name, text) in notes { try write(text, to: "notebooks/\(name)") }
  }

  deinit {
    // Whatever stays lies in the temporary directory.
    try? FileManager.default.removeItem(at: surroundings)
  }

  func url(_ path: String) -> URL { root.appendingPathComponent(path) }

  func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  func write(_ data: Data, to path: String) throws {
    let file = url(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  func remove(_ path: String) throws {
    try FileManager.default.removeItem(at: url(path))
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url(path).path)
  }

  /// Runs the program in the site's folder.
  func run(
    _ arguments: String..., input: Data = Data(), environment: [String: String] = [:], watchdog: Double = 60
  ) throws -> Program.Outcome {
    try Program.run(arguments, in: root, input: input, environment: environment, watchdog: watchdog)
  }

  /// The output folder as it is now.
  func published() throws -> FileTree { try FileTree(output) }

  /// Names in the site's folder: what a build leaves behind shows here.
  func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
  }
}

/// Notes to build sites of.
enum Note {
  /// A note with front matter around a text.
  static func plain(_ title: String, text: String = "Some text.", date: String = "2026-11-20") -> String {
    "---\ntitle: \(title)\ndate: \(date)\nlang: en\n---\n\n\(text)\n"
  }

  /// The same with a figure.
  static let figureOfTinyExperiment = tinyExperiment.replacing("figure: none", with: "figure: sorted-curve")

  /// The smallest experiment that is still one: it runs in a few milliseconds even unoptimised.
  static let tinyExperiment = """
    ```yaml experiment scales
    kind: softmax
    headDimension: 4
    keys: 8
    queries: 64
    trials: 4
    scales: [none, √d]
    seed: 7
    figure: none
    ```
    """
}
