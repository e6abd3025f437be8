import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// What becomes of numbers and claims when the same notes are computed otherwise: with other seeds, or by a broken kernel.
public struct Survival: Sendable {
  private let documents: [NotebookDocument]
  private let honest: Verification

  /// Compares with the run as the notes ask for it.
  public init(_ documents: [NotebookDocument], _ honest: Verification) {
    self.documents = documents
    self.honest = honest
  }

  /// Numbers and claims that other seeds would turn; one verification a seed.
  public func unstable(under others: [Verification]) -> [Diagnostic] {
    documents.flatMap { document -> [Diagnostic] in
      let verdicts = honest[document.path]
      var diagnostics: [Diagnostic] = []
      for verdict in verdicts.numbers where verdict.agrees {
        let values = others.compactMap { other in
          other[document.path].numbers.first { $0.number == verdict.number }
        }.filter { !$0.agrees }.map { $0.resolved.measure.value }
        guard !values.isEmpty else { continue }
        let shown = LocalText.list(values.map { NumberFormat.significant(6).string($0) }, atMost: 5)
        diagnostics.append(
          Diagnostic(
            .unstableNumber,
            LocalText(
              "\(verdict.number.text) does not survive another seed: \(values.count) of \(others.count) give ",
              "换个种子，\(verdict.number.text) 就站不住：\(others.count) 个里有 \(values.count) 个给出 ") + shown,
            at: SourceLocation(path: document.path, range: verdict.number.textRange),
            help: LocalText(
              "write fewer digits, take more samples, or allow a margin in the link's title",
              "少写几位，增加样本，或在链接标题里写容差")))
      }
      for verdict in verdicts.claims where verdict.outcome != .cited && verdict.outcome != .inconclusive {
        let outcomes = others.map { Self.outcome(of: verdict, in: $0[document.path]) }
        let lost = outcomes.filter { $0 != verdict.outcome }.count
        guard lost > 0 else { continue }
        diagnostics.append(
          Diagnostic(
            .unstableClaim,
            LocalText(
              "claim ‘\(verdict.statement.id.value)’ does not survive another seed: \(lost) of \(others.count) decide otherwise or not at all",
              "换个种子，论断 ‘\(verdict.statement.id.value)’ 就站不住：\(others.count) 个里有 \(lost) 个结论不同或无法定夺"),
            at: SourceLocation(path: document.path, range: verdict.statement.id.range),
            help: LocalText("take more samples, or state less", "增加样本，或把话说得弱一些")))
      }
      return diagnostics
    }
  }

  private static func outcome(
    of verdict: ClaimVerdict, in verdicts: Verification.OfNote
  ) -> ClaimVerdict.Outcome? {
    verdicts.claims.first { $0.statement.id == verdict.statement.id }?.outcome
  }

  /// For each claim that something computed decides, the faults that it notices: by another verdict, or by none.
  public func noticed(
    under faults: [(fault: KernelFault, verification: Verification)]
  ) -> [(path: String, claim: ClaimVerdict, faults: [KernelFault])] {
    documents.flatMap { document in
      honest[document.path].claims.filter { $0.outcome != .cited }.map { claim in
        let noticed = faults.filter {
          Self.outcome(of: claim, in: $0.verification[document.path]) != claim.outcome
        }
        return (document.path, claim, noticed.map(\.fault))
      }
    }
  }

  /// Claims that notice none of the faults.
  public func vacuous(
    under faults: [(fault: KernelFault, verification: Verification)]
  ) -> [Diagnostic] {
    noticed(under: faults).filter(\.faults.isEmpty).map { path, claim, _ in
      Diagnostic(
        .vacuousClaim,
        LocalText(
          "claim ‘\(claim.statement.id.value)’ is vacuous: none of \(faults.count) broken kernels changes its verdict",
          "论断 ‘\(claim.statement.id.value)’ 是空话：\(faults.count) 个坏掉的内核都改变不了它的结论"),
        at: SourceLocation(path: path, range: claim.statement.id.range),
        help: LocalText(
          "state more: a narrower margin, or a relation that could fail", "把话说得更具体：更窄的容差，或一个可能不成立的关系"))
    }
  }
}
