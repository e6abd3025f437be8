import Synchronization

/// A token by which a caller stops a computation that runs on other threads.
///
/// Computations look at it between chunks of work and then throw ``KernelError/cancelled``.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Makes a token that is not cancelled.
  public init() {}

  /// Whether ``cancel()`` was called.
  public var isCancelled: Bool {
    flag.load(ordering: .relaxed)
  }

  /// Asks the computation to stop; it cannot be undone.
  public func cancel() {
    flag.store(true, ordering: .relaxed)
  }
}
