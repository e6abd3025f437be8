/// What the program, not the note, decides about a run. Results don't depend on any of it.
public struct RunConditions: Sendable {
  /// Threads to use, at least 1.
  public var threads: Int

  /// Set to stop early; looked at between pieces of work that take a few milliseconds.
  public var cancellation: Cancellation

  /// Told how far a computation is; `nil` for nobody.
  public var progress: Parallel.Progress?

  /// The instructions that the fast loops use; one that this processor supports.
  public var instructionSet: InstructionSet

  /// Conditions for a run.
  ///
  /// - Precondition: This processor supports the instruction set.
  public init(
    threads: Int = 1, cancellation: Cancellation = Cancellation(), progress: Parallel.Progress? = nil,
    instructionSet: InstructionSet = .best
  ) {
    precondition(
      instructionSet == .best || instructionSet.isSupported, "this processor lacks \(instructionSet)")
    self.threads = threads
    self.cancellation = cancellation
    self.progress = progress
    self.instructionSet = instructionSet
  }
}
