import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// Which claims would notice that something is computed wrongly.
///
/// Every claim that something computed decides is judged again with each mistake made on purpose in the experiments behind
/// it, until its verdict is another one, or none. What notices nothing is vacuous.
public struct Mutation: Sendable {
  /// What a claim noticed.
  public struct Noticing: Sendable {
    /// The claim's note.
    public let path: String
    /// The claim as it stands without any mistake.
    public let claim: ClaimVerdict
    /// The mistakes that were tried: those to which a kind of experiment behind the claim is open.
    public fileprivate(set) var tried: [KernelFault] = []
    /// The mistakes that it noticed.
    public fileprivate(set) var noticed: [KernelFault] = []
  }

  /// What every claim noticed, in the order of the notes.
  public let claims: [Noticing]

  /// How far a mutation is.
  public struct Step: Sendable {
    /// The mistake.
    public let fault: KernelFault
    /// Its place among all of them, from 0.
    public let index: Int
    /// How many mistakes there are.
    public let count: Int
    /// How many claims are looked at; the others have noticed something already, or are not open to this mistake.
    public let claims: Int
  }

  /// Makes every mistake in the experiments that claims rest on.
  ///
  /// - Parameters:
  ///   - documents: The notes.
  ///   - honest: Their verdicts without any mistake.
  ///   - results: What their experiments found without any mistake.
  ///   - plan: Their experiments.
  ///   - isComplete: Whether every claim is judged with every mistake, also when it has noticed one.
  ///   - run: Runs a part of the plan with a mistake.
  /// - Throws: What `run` throws.
  public init(
    _ documents: [NotebookDocument], _ honest: Verification, _ results: ExperimentResults,
    plan: ExperimentPlan, isComplete: Bool = false,
    run: (ExperimentPlan, Step) throws -> ExperimentResults
  ) throws {
    var kinds: [ExperimentKey: KindDescription] = [:]
    for planned in plan.experiments { kinds[planned.key] = planned.kind }
    var claims = documents.flatMap { document in
      honest[document.path].claims.filter { $0.outcome == .holds || $0.outcome == .refuted }
        .map { Noticing(path: document.path, claim: $0) }
    }
    for (index, fault) in KernelFault.allCases.enumerated() {
      let places = claims.indices.filter { place in
        (isComplete || claims[place].noticed.isEmpty)
          && claims[place].experiments.contains { kinds[$0]?.faults.contains(fault) == true }
      }
      guard !places.isEmpty else { continue }
      let keys = Set(places.flatMap { claims[$0].experiments }).filter {
        kinds[$0]?.faults.contains(fault) == true
      }
      let step = Step(
        fault: fault, index: index, count: KernelFault.allCases.count, claims: places.count)
      let mutated = results.replacing(keys, with: try run(plan.only(keys), step))
      let paths = Set(places.map { claims[$0].path })
      let verification = Verifier.verify(documents, mutated, claimsOf: paths)
      for place in places {
        claims[place].tried.append(fault)
        let (path, claim) = (claims[place].path, claims[place].claim)
        let now = verification[path].claims.first { $0.statement.id == claim.statement.id }
        if now?.outcome != claim.outcome { claims[place].noticed.append(fault) }
      }
    }
    self.claims = claims
  }

  /// A warning for each claim that noticed nothing.
  public var vacuous: [Diagnostic] {
    claims.filter(\.noticed.isEmpty).map { noticing in
      let id = noticing.claim.statement.id
      let count = noticing.tried.count
      return Diagnostic(
        .vacuousClaim,
        LocalText(
          "claim ‘\(id.value)’ is vacuous: it notices none of \(count) mistake\(count == 1 ? "" : "s") made on purpose in what it rests on",
          "论断 ‘\(id.value)’ 是空话：在它的依据里故意犯的 \(count) 种错误，它一种也察觉不到"),
        at: SourceLocation(path: noticing.path, range: id.range),
        notes: noticing.tried.isEmpty
          ? []
          : [
            Diagnostic.Note(
              LocalText("tried: ", "试过：") + .list(noticing.tried.map(\.rawValue)))
          ],
        help: LocalText(
          "state more: a narrower margin, or a relation that could fail", "把话说得更具体：更窄的容差，或一个可能不成立的关系"))
    }
  }

  /// Every mistake that was tried, in order.
  public var tried: [KernelFault] {
    KernelFault.allCases.filter { fault in claims.contains { $0.tried.contains(fault) } }
  }
}

extension Mutation.Noticing {
  /// The experiments whose values the claim was judged by.
  fileprivate var experiments: Set<ExperimentKey> { Set(claim.evidence.map(\.experiment)) }
}
