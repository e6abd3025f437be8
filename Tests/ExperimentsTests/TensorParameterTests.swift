import Diagnostics
import NotebookModel
import TensorFiles
import Testing
import Wording

@testable import Experiments

/// Files in memory by their paths in the site.
private struct FilesInMemory: DataFiles {
  let files: [String: [UInt8]]

  func open(_ path: String) throws(TensorFileProblem) -> any ByteSource {
    guard let bytes = files[path] else {
      throw TensorFileProblem(LocalText("is not there", "不存在"))
    }
    return bytes
  }
}

@Suite struct `Tensors as parameters` {
  private static let kind = KindDescription(
    name: "test", summary: LocalText("a test", "测试"),
    parameters: [
      ParameterDescription("numbers", .tensor(rank: 1...3), default: .absent, LocalText("numbers", "数")),
      ParameterDescription("names", .texts(atMost: 3), default: .absent, LocalText("names", "名字")),
      ParameterDescription("isOn", .flag, default: .flag(false), LocalText("a flag", "开关")),
    ], measures: [], figures: [])

  private func read(
    _ body: String, files: [String: [UInt8]] = [:]
  ) throws -> (ParameterValues, [Diagnostic], SourceFile) {
    let text = "---\ntitle: t\ndate: 2026-01-01\n---\n\n```yaml experiment e\n\(body)\n```\n"
    let source = SourceFile(path: "notebooks/a.md", text: text)
    let (document, diagnostics) = NotebookParser(siteLanguage: .english).parse(source)
    #expect(diagnostics.isEmpty)
    guard case .experiment(let directive)? = try #require(document).directives.first else {
      throw KindIsMissing()
    }
    var reader = MappingReader(
      directive.body, owner: LocalText("it", "它"), at: SourceLocation(path: source.path, range: 0..<0))
    let values = ParameterReader(files: FilesInMemory(files: files), note: source.path).read(
      Self.kind.parameters, from: &reader)
    return (values, reader.diagnostics, source)
  }

  private struct KindIsMissing: Error {}

  /// `[[1, 2], [3, 4]]` as NumPy writes it.
  private static let npy: [UInt8] =
    [0x93] + Array("NUMPY".utf8) + [1, 0, 58, 0]
    + Array("{'descr': '<i1', 'fortran_order': False, 'shape': (2, 2)} \n".utf8).prefix(58) + [1, 2, 3, 4]

  @Test func `numbers may be written as a row or as rows of rows`() throws {
    #expect(
      try read("numbers: [1, -2.5, 3e2]").0.tensor("numbers") == Tensor(shape: [3], values: [1, -2.5, 300]))
    #expect(
      try read("numbers:\n  - [1, 2]\n  - [3, 4]\n  - [5, 6]").0.tensor("numbers")
        == Tensor(shape: [3, 2], values: [1, 2, 3, 4, 5, 6]))
    #expect(
      try read("numbers: [[[1], [2]]]\nisOn: true\nnames: [a, a, 3]").0.entries.map(\.value.text) == [
        "[[[1],[2]]]", #"["a","a","3"]"#, "true",
      ])
    #expect(try read("isOn: false").0.tensor("numbers") == nil)
  }

  @Test(arguments: [
    ("numbers: 3", "3"), ("numbers: [[1, 2], [3]]", ""), ("numbers: [[1, 2], 3]", "3"),
    ("numbers: [1, [2]]", ""),
    ("numbers: [1, x]", "x"), ("numbers: [1, .nan]", ".nan"), ("numbers: [1, .inf]", ".inf"),
    ("numbers: {a: 1}", ""),
    ("numbers: []", ""), ("numbers: [[]]", ""), ("numbers: [[[[1]]]]", ""), ("isOn: 1", "1"),
    ("isOn: [true]", ""),
    ("names: [a, b, c, d]", ""), ("names: [a, [b]]", ""), ("numbers: a.txt", "a.txt"),
    ("numbers: a.npz", "a.npz"),
    ("numbers: a.npy#x", "a.npy#x"),
  ])
  func `what is no tensor is marked where it stands`(body: String, marked: String) throws {
    let (_, diagnostics, source) = try read(body)
    #expect(diagnostics.map(\.code) == [.invalidParameter])
    let location = try #require(diagnostics.first?.location)
    if !marked.isEmpty { #expect(source.text(location.range) == marked) }
  }

  @Test func `files are found beside the note, and only in the site`() throws {
    let files = ["notebooks/a.npy": Self.npy, "data/b.npy": Self.npy]
    let expected = Tensor(shape: [2, 2], values: [1, 2, 3, 4])
    #expect(try read("numbers: a.npy", files: files).0.tensor("numbers") == expected)
    #expect(try read("numbers: ../data/b.npy", files: files).0.tensor("numbers") == expected)
    for path in ["../../c.npy", "/etc/a.npy"] {
      #expect(try read("numbers: \(path)", files: files).1.map(\.code) == [.pathLeavesSite])
    }
    for path in ["c.npy", "data/b.npy"] {
      #expect(try read("numbers: \(path)", files: files).1.map(\.code) == [.unreadableFile])
    }
  }

  @Test func `what is kept depends on what is in a file, not on its name`() throws {
    var changed = Self.npy
    changed[changed.count - 1] = 5
    let files = ["notebooks/a.npy": Self.npy, "notebooks/b.npy": Self.npy, "notebooks/c.npy": changed]
    let keys = try ["a", "b", "c"].map {
      try read("numbers: \($0).npy", files: files).0.entries[0].value.exactText
    }
    #expect(keys[0] == keys[1])
    #expect(keys[0] != keys[2])
    #expect(try read("numbers: [[1, 2], [3, 4]]").0.entries[0].value.exactText == keys[0])
  }
}
