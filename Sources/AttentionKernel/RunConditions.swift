/// What the program, not the note, decides about a run. Results don't depend on any of it but the fault.
public struct RunConditions: Sendable {
  /// Threads to use, at least 1.
  public var threads: Int

  /// Set to stop early; looked at between pieces of work that take a few milliseconds.
  public var cancellation: Cancellation

  /// Told how far a computation is; `nil` for nobody.
  public var progress: Parallel.Progress?

  /// The instructions that the fast loops use; one that this processor supports.
  public var instructionSet: InstructionSet

  /// A mistake to make on purpose, in the reference path; `nil` for an honest run.
  public var fault: KernelFault?

  /// Conditions for a run.
  ///
  /// - Precondition: This processor supports the instruction set.
  public init(
    threads: Int = 1, cancellation: Cancellation = Cancellation(), progress: Parallel.Progress? = nil,
    instructionSet: InstructionSet = .best, fault: KernelFault? = nil
  ) {
    precondition(
      instructionSet == .best || instructionSet.isSupported, "this processor lacks \(instructionSet)")
    self.threads = threads
    self.cancellation = cancellation
    self.progress = progress
    self.instructionSet = instructionSet
    self.fault = fault
  }

  /// The conditions for one of several parts of a computation, about equally long, so that the progress of the whole never
  /// goes back.
  ///
  /// - Parameters:
  ///   - index: Which part, from 0.
  ///   - count: How many parts there are, at least 1.
  public func part(_ index: Int, of count: Int) -> RunConditions {
    precondition(count > 0 && (0..<count).contains(index), "there is no part \(index) of \(count)")
    guard let progress, count > 1 else { return self }
    var conditions = self
    conditions.progress = { done, total in
      progress(index * total + done, count * total)
    }
    return conditions
  }
}
