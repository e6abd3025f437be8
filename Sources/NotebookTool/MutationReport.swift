import Claims
import Experiments
import Wording

/// Who notices which mistake, as text: a line for each claim, then what the mistakes are.
struct MutationReport {
  let mutation: Mutation

  init(_ mutation: Mutation) {
    self.mutation = mutation
  }

  func text(_ language: Language) -> String {
    let nothing = LocalText("NOTHING", "毫无察觉")[language]
    let rows = mutation.claims.map { claim in
      [
        claim.path, claim.claim.statement.id.value, "\(claim.noticed.count)/\(claim.tried.count)",
        claim.noticed.isEmpty ? nothing : claim.noticed.map(\.rawValue).joined(separator: ", "),
      ]
    }
    let faults = mutation.tried.map { [$0.rawValue, $0.words[language]] }
    return TextTable.aligned(rows) + "\n" + TextTable.aligned(faults)
  }
}
