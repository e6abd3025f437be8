import AttentionKernel
import Diagnostics
import NotebookModel
import Synchronization
import Testing

@testable import Experiments
@testable import NotebookTool

@Suite struct Progress {
  private static let headDimensions: [Int] = [4, 8, 16]

  private static func told() throws -> [ExperimentProgress] {
    let note = Note.plain(
      "A",
      text: """
        ```yaml experiment spread
        kind: dot-products
        headDimension: \(headDimensions)
        samples: 2000
        ```
        """)
    let (document, problems) = NotebookParser(siteLanguage: .english).parse(
      SourceFile(path: "notebooks/a.md", text: note))
    let documents = [try #require(document)]
    #expect(problems.isEmpty)
    let plan = ExperimentPlan(documents: documents, limits: WorkLimits(memoryBytes: 1e9))
    let told = Mutex<[ExperimentProgress]>([])
    let runner = ExperimentRunner(conditions: RunConditions(threads: 2)) { progress in
      told.withLock { $0.append(progress) }
    }
    _ = try runner.run(plan, of: documents)
    return told.withLock { $0 }
  }

  @Test func `an experiment of several parts never goes back, and ends with all of its work`() throws {
    let told = try Self.told()
    let shares = told.dropFirst().map { Double($0.done) / Double($0.total) }
    #expect(told.first?.total == 0)
    #expect(shares.count > Self.headDimensions.count)
    #expect(shares == shares.sorted())
    #expect(shares.last == 1)
  }

  @Test func `the line names the experiment, its place and its share`() throws {
    let last = try #require(try Self.told().last)
    let words = ProgressLine.words(last)
    #expect(words.english == "running spread (dot-products), 1 of 1, 100%")
    #expect(words.chinese == "正在计算 spread（dot-products），第 1 个，共 1 个，100%")
  }
}
