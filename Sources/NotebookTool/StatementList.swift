import Claims
import Diagnostics
import NotebookModel

/// Every claim and checked number of a site with what became of it, also of those that could not be judged.
enum StatementList {
  static func of(_ built: Pipeline.Built) -> [DiagnosticReport.Statement] {
    built.parsed.documents.flatMap { document in
      let verdicts = built.verification[document.path]
      let judged = Dictionary(verdicts.numbers.map { ($0.number, $0) }) { first, _ in first }
      let judgedClaims = Dictionary(verdicts.claims.map { ($0.statement.id, $0) }) { first, _ in first }
      let numbers = document.checkedNumbers.map { number in
        DiagnosticReport.Statement(
          kind: .number, name: "\(number.standaloneText) \(number.reference.text)",
          location: SourceLocation(path: document.path, range: number.range),
          outcome: outcome(of: judged[number]))
      }
      let claims = document.claims.map { statement in
        DiagnosticReport.Statement(
          kind: .claim, name: statement.id.value,
          location: SourceLocation(path: document.path, range: statement.range),
          outcome: outcome(of: judgedClaims[statement.id]))
      }
      return (numbers + claims).sorted { $0.location.range.lowerBound < $1.location.range.lowerBound }
    }
  }

  private static func outcome(of verdict: NumberVerdict?) -> DiagnosticReport.Statement.Outcome {
    guard let verdict else { return .broken }
    return verdict.agrees ? .passed : .failed
  }

  private static func outcome(of verdict: ClaimVerdict?) -> DiagnosticReport.Statement.Outcome {
    guard let verdict else { return .broken }
    switch verdict.outcome {
    case .inconclusive: return .inconclusive
    case .cited: return .cited
    case .holds, .refuted: return verdict.isExpected ? .passed : .failed
    }
  }
}
