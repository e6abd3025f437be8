import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// Runs experiments for a command: with progress on a terminal, until they end or Ctrl-C is pressed.
struct ExperimentSession {
  let console: Console
  let threads: Int
  /// The instructions of the fast loops; results don't depend on it.
  var instructionSet: InstructionSet = .best
  let store: any OutcomeStore
  /// A mistake to make on purpose.
  var fault: KernelFault?
  /// What is special about the run, before what is running.
  var purpose = LocalText(same: "")

  /// Runs the experiments of some documents.
  ///
  /// - Throws: ``CommandEnd`` where Ctrl-C was pressed.
  func run(
    _ plan: ExperimentPlan, of documents: [NotebookDocument]
  ) throws -> (results: ExperimentResults, diagnostics: [Diagnostic]) {
    let cancellation = Cancellation()
    let interruption = Interruption(cancellation, console: console)
    defer { withExtendedLifetime(interruption) {} }
    let line = ProgressLine(console, purpose: purpose)
    let runner = ExperimentRunner(
      conditions: RunConditions(
        threads: threads, cancellation: cancellation, instructionSet: instructionSet, fault: fault),
      store: store
    ) { [console, purpose] progress in
      line.show(progress)
      guard progress.done == 0 else { return }
      let (key, cacheKey) = (progress.planned.key, progress.planned.cacheKey)
      console.detail(
        purpose
          + LocalText("running \(key.note)#\(key.id): \(cacheKey)", "正在计算 \(key.note)#\(key.id)：\(cacheKey)"))
    }
    defer { line.end() }
    let run: (results: ExperimentResults, diagnostics: [Diagnostic])
    do {
      run = try runner.run(plan, of: documents)
    } catch {
      throw interruption.stopped()
    }
    try interruption.finish()
    return (run.results, plan.diagnostics + run.diagnostics)
  }
}
