import Diagnostics
import Experiments
import NotebookModel
import Wording

/// What becomes of numbers and claims when the same notes are computed with other seeds.
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
}
