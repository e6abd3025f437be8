/// Numbers of binary32 that a computation returned: a collection that can't be changed, in memory of its own.
///
/// Unlike an array it is laid out so that many of them are written quickly for the first time: millions of numbers lie in
/// large pages of memory. Copies share the memory; the last one frees it.
public struct Floats: RandomAccessCollection, Sendable {
  // Written before it is handed out, and never after.
  private nonisolated(unsafe) let memory: AlignedFloats

  /// Numbers that `body` writes, all of them.
  init(count: Int, by body: (UnsafeMutableBufferPointer<Float>) throws(KernelError) -> Void)
    throws(KernelError)
  {
    memory = AlignedFloats(uninitialized: count)
    try body(UnsafeMutableBufferPointer(start: memory.base, count: count))
  }

  /// 0.
  public var startIndex: Int { 0 }

  /// How many numbers there are.
  public var endIndex: Int { memory.count }

  /// The number at an index.
  ///
  /// - Precondition: `0 ..< count` contains the index.
  public subscript(index: Int) -> Float {
    precondition(index >= 0 && index < memory.count, "there is no number \(index)")
    return memory.base[index]
  }

  /// Calls `body` with the numbers; valid during the call only.
  public func withUnsafeBufferPointer<Result, Failure: Error>(
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(memory) {} }
    return try body(UnsafeBufferPointer(start: memory.base, count: memory.count))
  }

  /// The same, as the standard library's algorithms ask for it.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) rethrows -> Result? {
    try withUnsafeBufferPointer(body)
  }
}
