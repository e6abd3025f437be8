import Dispatch
import Synchronization

/// Chunks of work on several threads, with results that cannot depend on their number.
///
/// Workers pull chunk numbers from one counter; what they return is merged strictly in chunk order.
public enum Parallel {
  /// Receives the number of finished chunks and the number of all chunks.
  ///
  /// Called from worker threads, one call at a time, with increasing first argument; should be quick.
  public typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

  /// Returns the results of chunks `0 ..< count`, in that order.
  ///
  /// - Parameters:
  ///   - count: The number of chunks; none give an empty result.
  ///   - conditions: How many workers, the caller among them; whether to stop, checked before each chunk; whom to
  ///     tell after each chunk.
  ///   - body: Computes the result of a chunk; must depend on its number only.
  /// - Throws: The error of the first failing chunk; ``KernelError/cancelled``;
  ///   ``KernelError/sizeTooSmall(name:value:minimum:)``.
  public static func map<Result: Sendable>(
    count: Int, under conditions: RunConditions,
    body: @Sendable (Int) throws(KernelError) -> Result
  ) throws(KernelError) -> [Result] {
    try fold(
      count: count, under: conditions, into: [],
      workerState: {}, body: { (_: inout Void, chunk) throws(KernelError) in try body(chunk) },
      merge: { (results: inout [Result], result) in results.append(result) })
  }

  /// Merges the partial results of chunks `0 ..< count` into a total, in that order.
  ///
  /// Only partial results that arrived early are kept, not all.
  ///
  /// - Parameters:
  ///   - count: The number of chunks.
  ///   - conditions: How many workers, the caller among them; whether to stop, checked before each chunk; whom to
  ///     tell after each chunk.
  ///   - total: The total before the first chunk.
  ///   - workerState: Makes what one worker keeps from chunk to chunk, such as buffers.
  ///   - body: Computes the partial result of a chunk; must depend on its number only.
  ///   - merge: Adds a partial result to the total; one call at a time, in chunk order.
  /// - Returns: The total after the last chunk.
  /// - Throws: As ``map(count:under:body:)``.
  public static func fold<State, Partial: Sendable, Total: Sendable>(
    count: Int, under conditions: RunConditions, into total: Total,
    workerState: @Sendable () -> State,
    body: @Sendable (inout State, Int) throws(KernelError) -> Partial,
    merge: @Sendable (inout Total, Partial) -> Void
  ) throws(KernelError) -> Total {
    let threads = conditions.threads
    try KernelError.require("threads", threads)
    try KernelError.require("count", count, atLeast: 0)
    let next = Atomic<Int>(0)
    let ledger = Mutex(Ledger<Partial, Total>(total: total))

    @Sendable func work(_: Int) {
      var state = workerState()
      while true {
        let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard chunk < count else { return }
        let partial: Result<Partial, KernelError>
        if conditions.cancellation.isCancelled {
          partial = .failure(.cancelled)
        } else {
          do throws(KernelError) {
            partial = .success(try body(&state, chunk))
          } catch {
            partial = .failure(error)
          }
        }
        switch partial {
        case .success(let value):
          ledger.withLock { ledger in
            ledger.enter(value, chunk: chunk, merge: merge)
            conditions.progress?(ledger.done, count)
          }
        case .failure(let error):
          // No chunk after this one is started; those before it have been.
          next.store(count, ordering: .relaxed)
          ledger.withLock { $0.fail(error, chunk: chunk) }
          return
        }
      }
    }

    if threads == 1 || count <= 1 {
      work(0)
    } else {
      DispatchQueue.concurrentPerform(iterations: min(threads, count), execute: work)
    }
    return try ledger.withLock { ledger throws(KernelError) in
      if let failure = ledger.failure { throw failure.error }
      return ledger.total
    }
  }

  /// Partial results that wait for their turn, and what is merged so far.
  private struct Ledger<Partial: Sendable, Total: Sendable> {
    var total: Total
    var done = 0
    var failure: (chunk: Int, error: KernelError)?
    private var waiting: [Int: Partial] = [:]
    private var nextChunk = 0

    init(total: Total) {
      self.total = total
    }

    mutating func enter(_ partial: Partial, chunk: Int, merge: (inout Total, Partial) -> Void) {
      done += 1
      guard chunk == nextChunk else {
        waiting[chunk] = partial
        return
      }
      merge(&total, partial)
      nextChunk += 1
      while let partial = waiting.removeValue(forKey: nextChunk) {
        merge(&total, partial)
        nextChunk += 1
      }
    }

    mutating func fail(_ error: KernelError, chunk: Int) {
      if chunk < failure?.chunk ?? .max { failure = (chunk, error) }
    }
  }
}
