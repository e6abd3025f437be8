internal import CAttention

/// Arithmetic that keeps the processor's multiply-add units as busy as they can be.
///
/// Timed by a benchmark, it says what share of the possible a computation reaches.
public enum PeakLoad {
  /// Does fused multiply-adds in registers only, on every thread of the conditions.
  ///
  /// - Parameters:
  ///   - operationsPerThread: Floating-point operations, two for each multiply-add, at least 1000; done down to
  ///     a multiple of some hundreds.
  ///   - conditions: Its instruction set and threads are used.
  /// - Returns: A number that depends on all of them.
  /// - Throws: ``KernelError``.
  public static func run(
    operationsPerThread: Int, _ conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> Float {
    try KernelError.require("operationsPerThread", operationsPerThread, atLeast: 1000)
    return try Parallel.map(count: conditions.threads, under: conditions) { _ throws(KernelError) in
      var total: Float = 0
      attention_multiply_add_chains(conditions.instructionSet.kernels, operationsPerThread, &total)
      return total
    }.reduce(0, +)
  }
}
