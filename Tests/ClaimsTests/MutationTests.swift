import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Synchronization
import Testing

@testable import Claims

/// Claims that are judged again with mistakes made on purpose.
@Suite struct Mutating {
  private static let experiments = """
    ```yaml experiment e
    kind: exponential-range
    ```

    ```yaml experiment s
    kind: dot-products
    samples: 1000
    headDimension: 4
    ```

    """

  /// What was run, and what came out.
  private struct Run {
    var steps: [(fault: KernelFault, experiments: [String])] = []
    var mutation: Mutation
  }

  private func mutate(
    _ claims: [(id: String, check: String)], expect: String = "holds", isComplete: Bool = false,
    failing: Bool = false
  ) throws -> Run {
    let list = claims.map { "- id: \($0.id)\n  check: \"\($0.check)\"\n  expect: \(expect)\n" }.joined()
    let text =
      "---\ntitle: t\ndate: 2026-01-01\n---\n\n\(Self.experiments)\n```yaml claims\n\(list)"
      + "- id: paper\n  says: somebody said so\n  cited: https://example.org/\n```\n"
    let (document, _) = NotebookParser(siteLanguage: .english).parse(
      SourceFile(path: "notebooks/a.md", text: text))
    let documents = [try #require(document)]
    let plan = ExperimentPlan(documents: documents, limits: WorkLimits(memoryBytes: 1e9))
    let (results, _) = try ExperimentRunner(conditions: RunConditions(threads: 1)).run(plan, of: documents)
    var steps: [(fault: KernelFault, experiments: [String])] = []
    let mutation = try Mutation(
      documents, Verifier.verify(documents, results), results, plan: plan, isComplete: isComplete
    ) { plan, step in
      steps.append((step.fault, plan.experiments.map(\.key.id)))
      if failing { return ExperimentResults([], of: documents) }
      return try ExperimentRunner(conditions: RunConditions(threads: 1, fault: step.fault)).run(
        plan, of: documents
      ).results
    }
    return Run(steps: steps, mutation: mutation)
  }

  @Test func `a claim is done with once it has noticed something`() throws {
    let run = try mutate([("sharp", "e.upper[1σ,√d] = 2.72")])
    let claim = try #require(run.mutation.claims.first)
    #expect(claim.noticed == [.scaleDoubled])
    #expect(claim.tried == [.scaleDoubled])
    #expect(run.steps.map(\.fault) == [.scaleDoubled])
    #expect(run.mutation.vacuous.isEmpty)
  }

  @Test func `only what the claims left rest on runs again`() throws {
    let run = try mutate([
      ("sharp", "e.upper[1σ,√d] = 2.72"), ("both", "e.upper[1σ,√d] - s.normalCoverage[1σ] < 1e6"),
    ])
    #expect(run.steps.first?.experiments == ["e", "s"])
    for step in run.steps.dropFirst() { #expect(step.experiments.contains("s") || step.experiments == ["e"]) }
    let vacuous = try mutate([("never", "e.upper[1σ,√d] > 0")])
    #expect(vacuous.steps.allSatisfy { $0.experiments == ["e"] })
  }

  @Test func `a claim that nothing can touch is vacuous, after every mistake of its kinds`() throws {
    let run = try mutate([("never", "e.upper[1σ,√d] > 0")])
    let claim = try #require(run.mutation.claims.first)
    let kind = try #require(ExperimentKinds.named("exponential-range")).kind
    #expect(claim.tried == kind.faults)
    let warning = try #require(run.mutation.vacuous.first)
    #expect(warning.code == .vacuousClaim)
    #expect(run.mutation.vacuous.count == 1)
  }

  @Test func `looking at everything finds the same vacuous claims`() throws {
    let claims = [
      ("never", "e.upper[1σ,√d] > 0"), ("sharp", "e.upper[1σ,√d] = 2.72"),
      ("kurtosis", "s.expectedKurtosis[4] = 4.5"), ("trend", "e.upper[1σ] decreases with scale"),
    ]
    let (quick, complete) = (try mutate(claims), try mutate(claims, isComplete: true))
    #expect(quick.mutation.vacuous.map(\.location) == complete.mutation.vacuous.map(\.location))
    for (quick, complete) in zip(quick.mutation.claims, complete.mutation.claims) {
      #expect(quick.noticed.first == complete.noticed.first)
      #expect(complete.tried.count >= quick.tried.count)
    }
    let kurtosis = try #require(complete.mutation.claims.first { $0.claim.statement.id.value == "kurtosis" })
    #expect(kurtosis.noticed.contains(.excessKurtosis))
    #expect(!kurtosis.noticed.contains(.scaleDoubled))
  }

  @Test func `an experiment that a mistake makes impossible is noticed`() throws {
    let run = try mutate([("never", "e.upper[1σ,√d] > 0")], failing: true)
    #expect(run.mutation.claims.first?.noticed == [.scaleDoubled])
  }

  @Test func `a mistake that is corrected is held to the same`() throws {
    let run = try mutate([("wrong", "e.upper[1σ,√d] < 0")], expect: "refuted")
    #expect(run.mutation.vacuous.count == 1)
    let sharp = try mutate([("wrong", "e.upper[1σ,√d] < 2")], expect: "refuted")
    #expect(sharp.mutation.vacuous.isEmpty)
  }

  @Test func `what is undecided or only cited is not asked`() throws {
    let run = try mutate([("close", "s.coverage[1σ,4] > s.expectedCoverage[1σ,4]")])
    #expect(run.mutation.claims.isEmpty)
    #expect(run.steps.isEmpty)
  }
}
