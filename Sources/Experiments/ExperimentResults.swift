import AttentionKernel
import Diagnostics
import NotebookModel
import SVGChart
import Wording

/// What a planned experiment found.
public struct ExperimentResult: Sendable {
  /// What was asked.
  public let planned: PlannedExperiment
  /// What came out.
  public let outcome: ExperimentOutcome

  /// An experiment with what came out of it.
  public init(planned: PlannedExperiment, outcome: ExperimentOutcome) {
    self.planned = planned
    self.outcome = outcome
  }

  /// The names of its measures, each once, in order.
  public var measureNames: [String] {
    var names: [String] = []
    for measure in outcome.measures where !names.contains(measure.name) { names.append(measure.name) }
    return names
  }

  /// The figures that the note shows, by name, with the author's titles.
  public var shownFigures: [(name: String, chart: Chart)] {
    planned.figures.enumerated().map { index, name in
      guard var chart = outcome.figure(named: name)?.chart else {
        preconditionFailure("kind \(planned.kind.name) promised the figure \(name) and made none")
      }
      if index < planned.titles.count { chart.title = LocalText(same: planned.titles[index]) }
      return (name, chart)
    }
  }

  /// The values of one measure.
  public func measures(named name: String) -> [Measure] {
    outcome.measures.filter { $0.name == name }
  }
}

extension Diagnostic {
  /// A figure of an experiment that would have to lie.
  public static func undrawable(_ planned: PlannedExperiment, _ error: ChartError) -> Diagnostic {
    let id = planned.key.id
    return Diagnostic(
      .experimentFailed,
      LocalText(
        "a figure of ‘\(id)’ can't be drawn truthfully: \(error.words.english)",
        "‘\(id)’ 有一幅图无法如实画出：\(error.words.chinese)"),
      at: planned.location,
      help: LocalText("choose another figure with ‘figure:’, or none", "用 ‘figure:’ 另选一幅图，或写 none"))
  }
}

/// The results of all experiments of a site.
public struct ExperimentResults: Sendable {
  private let results: [ExperimentKey: ExperimentResult]
  /// The keys in the order of the notes.
  public let keys: [ExperimentKey]
  /// Experiments that were planned or written but have no results, because something was wrong with them.
  public let failed: Set<ExperimentKey>
  private let keysOfNotes: [String: [ExperimentKey]]

  /// Results of experiments, in the order of the notes; what the documents ask for beyond them has failed.
  public init(_ results: [ExperimentResult], of documents: [NotebookDocument]) {
    var failed: Set<ExperimentKey> = []
    for document in documents {
      for case .experiment(let directive) in document.directives {
        failed.insert(ExperimentKey(note: document.path, id: directive.id.value))
      }
    }
    self.init(results, failed: failed.subtracting(results.map(\.planned.key)))
  }

  init(_ results: [ExperimentResult], failed: Set<ExperimentKey>) {
    keys = results.map(\.planned.key)
    self.results = Dictionary(results.map { ($0.planned.key, $0) }, uniquingKeysWith: { first, _ in first })
    self.failed = failed
    keysOfNotes = Dictionary(grouping: keys, by: \.note)
  }

  /// These results, with others for some experiments; one that others lack has failed.
  public func replacing(_ replaced: Set<ExperimentKey>, with others: ExperimentResults) -> ExperimentResults {
    ExperimentResults(
      keys.compactMap { key in replaced.contains(key) ? others[key] : results[key] },
      failed: failed.union(replaced.filter { others[$0] == nil }))
  }

  /// The result of one experiment.
  public subscript(key: ExperimentKey) -> ExperimentResult? { results[key] }

  /// The results of a note, in its order.
  public func of(note: String) -> [ExperimentResult] {
    (keysOfNotes[note] ?? []).compactMap { results[$0] }
  }
}

/// How far a run is.
public struct ExperimentProgress: Sendable {
  /// The experiment that runs.
  public let planned: PlannedExperiment
  /// Its place in the plan, from 0.
  public let index: Int
  /// How many experiments the plan has; those that need not run are among them.
  public let count: Int
  /// Finished pieces of this experiment's work: 0 before it begins.
  public let done: Int
  /// All pieces; 0 before it begins.
  public let total: Int
}

/// Runs a plan.
public struct ExperimentRunner: Sendable {
  private let conditions: RunConditions
  private let store: any OutcomeStore
  private let progress: @Sendable (ExperimentProgress) -> Void

  /// A runner.
  ///
  /// - Parameter progress: Told of each experiment before it runs, with `done` 0, and of its pieces of work as they finish;
  ///   then from any thread, one call at a time.
  public init(
    conditions: RunConditions, store: any OutcomeStore = NoStore(),
    progress: @escaping @Sendable (ExperimentProgress) -> Void = { _ in }
  ) {
    self.conditions = conditions
    self.store = store
    self.progress = progress
  }

  /// The conditions for one experiment, whose progress becomes that of the run.
  private func telling(_ planned: PlannedExperiment, _ index: Int, of count: Int) -> RunConditions {
    let tell: Parallel.Progress = { [progress, outer = conditions.progress] done, total in
      outer?(done, total)
      progress(
        ExperimentProgress(planned: planned, index: index, count: count, done: done, total: total))
    }
    progress(ExperimentProgress(planned: planned, index: index, count: count, done: 0, total: 0))
    var conditions = conditions
    conditions.progress = tell
    return conditions
  }

  /// Runs every experiment of the plan; equal ones once. With a fault there are no figures, and a kind that is not open to
  /// it runs without.
  ///
  /// - Throws: `KernelError.cancelled` when the run was stopped. Other errors become diagnostics.
  public func run(
    _ plan: ExperimentPlan, of documents: [NotebookDocument]
  ) throws -> (results: ExperimentResults, diagnostics: [Diagnostic]) {
    var results: [ExperimentResult] = []
    var diagnostics: [Diagnostic] = []
    let keys = Parallel.map(plan.experiments, threads: conditions.threads) { key(of: $0) }
    var outcomes = kept(plan, keys)
    for (index, (planned, key)) in zip(plan.experiments, keys).enumerated() {
      if outcomes[key] == nil {
        do {
          let fault = fault(in: planned)
          var conditions = telling(planned, index, of: plan.experiments.count)
          conditions.fault = fault
          var outcome = try planned.experiment.run(conditions)
          // A mistake may well lead to numbers that are none: to be noticed by the claims that rest on them.
          if fault == nil, let problem = outcome.nonFinite(in: planned) {
            diagnostics.append(problem)
            continue
          }
          // Nobody looks at the figures of a mistake, and they are most of what would be kept.
          if fault != nil { outcome = outcome.withoutFigures }
          store.keep(outcome, for: key)
          outcomes[key] = outcome
        } catch {
          if conditions.cancellation.isCancelled { throw error }
          if let problem = error as? ParameterProblem {
            diagnostics.append(
              Diagnostic(
                problem.code, problem.summary, at: planned.location(of: problem.parameter), help: problem.help
              ))
            continue
          }
          diagnostics.append(planned.failure(KernelError.words(for: error)))
        }
      }
      if let outcome = outcomes[key] {
        results.append(ExperimentResult(planned: planned, outcome: outcome))
      }
    }
    return (ExperimentResults(results, of: documents), diagnostics)
  }

  /// The mistake to make in an experiment: none in one whose kind is not open to it.
  private func fault(in planned: PlannedExperiment) -> KernelFault? {
    conditions.fault.flatMap { planned.kind.faults.contains($0) ? $0 : nil }
  }

  private func key(of planned: PlannedExperiment) -> String {
    planned.cacheKey + (fault(in: planned).map { " fault \($0.rawValue)" } ?? "")
  }

  /// What the store has of a plan, by key.
  private func kept(_ plan: ExperimentPlan, _ keys: [String]) -> [String: ExperimentOutcome] {
    var wanted: [String: PlannedExperiment] = [:]
    for (planned, key) in zip(plan.experiments, keys) where wanted[key] == nil { wanted[key] = planned }
    let found = Parallel.map(Array(wanted), threads: conditions.threads) {
      [store] key, planned -> (String, ExperimentOutcome)? in
      guard let kept = store.outcome(for: key) else { return nil }
      return (key, ExperimentOutcome(kept) { self.again(planned, key) })
    }
    return Dictionary(uniqueKeysWithValues: found.compactMap(\.self))
  }

  /// Runs an experiment that ran before, because what was kept of it was damaged meanwhile.
  private func again(_ planned: PlannedExperiment, _ key: String) -> ExperimentOutcome {
    do {
      let conditions = RunConditions(threads: conditions.threads, fault: fault(in: planned))
      let outcome = try planned.experiment.run(conditions)
      store.keep(outcome, for: key)
      return outcome
    } catch {
      preconditionFailure("what succeeded once succeeds again: \(error)")
    }
  }
}

extension PlannedExperiment {
  /// The seed of its random numbers; `nil` where nothing is random.
  package var seed: UInt64? {
    parameters.entries.lazy.compactMap { if case .seed(let seed) = $0.value { seed } else { nil } }.first
  }

  /// Why there are no results.
  fileprivate func failure(_ why: LocalText, help: LocalText? = nil) -> Diagnostic {
    Diagnostic(
      .experimentFailed, LocalText("experiment ‘\(key.id)’ failed: ", "实验 ‘\(key.id)’ 失败：") + why,
      at: location,
      help: help)
  }
}

extension ExperimentOutcome {
  /// What is wrong where a measure, or its error, is infinite or no number: nothing could be written or judged by it.
  fileprivate func nonFinite(in planned: PlannedExperiment) -> Diagnostic? {
    let found = measures.filter { !($0.value.isFinite && $0.standardError?.isFinite ?? true) }
    guard let first = found.first else { return nil }
    let more = found.count - 1
    return planned.failure(
      LocalText(
        "‘\(first.text)’ has no finite value" + (more > 0 ? ", nor have \(more) more measures" : ""),
        "‘\(first.text)’ 得不到有限的值" + (more > 0 ? "，另有 \(more) 个度量也是如此" : "")),
      help: LocalText(
        "draw more samples, or choose parameters whose results are not beyond the range of numbers",
        "增加样本，或换用结果不超出数值范围的参数"))
  }
}
