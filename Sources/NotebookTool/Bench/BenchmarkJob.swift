import AttentionKernel
import Wording

/// Something worth timing: one value in a list of jobs.
struct BenchmarkJob: Sendable {
  /// How much a call computes, for rates.
  enum Work: Sendable {
    /// Floating-point operations, a multiply-add counting two.
    case operations(Double)
    /// Random numbers.
    case samples(Double)
    /// Entries that the result has.
    case elements(Double)
  }

  /// A job whose inputs are there.
  struct Prepared {
    /// Computes once; what comes out is kept for the check.
    let call: () throws -> Void
    /// A few numbers of the last call's result, so that one sees that others computed the same.
    let check: () -> [Double]
  }

  /// The name by which it is chosen, and by which programs that time the same find it.
  let name: String

  /// What is computed, exactly enough to write it again elsewhere.
  let summary: LocalText

  /// How much a call computes.
  let work: Work

  /// Makes the inputs; not timed.
  let prepare: @Sendable (RunConditions) throws -> Prepared

  /// A job from a function that takes the inputs and returns a result.
  ///
  /// - Parameters:
  ///   - input: Makes the inputs; not timed.
  ///   - run: Is timed, with the allocation of its result.
  ///   - check: A few numbers of a result.
  init<Input, Result>(
    _ name: String, _ summary: LocalText, work: Work,
    input: @escaping @Sendable () throws -> Input,
    run: @escaping @Sendable (Input, RunConditions) throws -> Result,
    check: @escaping @Sendable (Result) -> [Double]
  ) {
    self.name = name
    self.summary = summary
    self.work = work
    prepare = { (conditions) throws in
      let input = try input()
      var result: Result?
      return Prepared(
        call: { () throws in result = try run(input, conditions) },
        check: { result.map(check) ?? [] })
    }
  }
}
