internal import CAttention

/// Calls `body` with the first elements of arrays; valid during the call only.
func withPointers<Result>(
  to arrays: [Float]..., body: ([UnsafePointer<Float>]) throws(KernelError) -> Result
) throws(KernelError) -> Result {
  func descend(_ pointers: [UnsafePointer<Float>]) throws(KernelError) -> Result {
    guard pointers.count < arrays.count else { return try body(pointers) }
    return try arrays[pointers.count].withUnsafeBufferPointer { (buffer) throws(KernelError) in
      guard let base = buffer.baseAddress else { preconditionFailure("an array has no elements") }
      return try descend(pointers + [base])
    }
  }
  return try descend([])
}

extension [Float] {
  /// Arrays of so many numbers each, at least 1, all of which `body` writes.
  static func filled(
    _ counts: Int..., by body: ([UnsafeMutablePointer<Float>]) throws(KernelError) -> Void
  ) throws(KernelError) -> [[Float]] {
    var failure: KernelError?
    var arrays: [[Float]] = []
    func descend(_ pointers: [UnsafeMutablePointer<Float>]) {
      guard pointers.count < counts.count else {
        do throws(KernelError) { try body(pointers) } catch { failure = error }
        return
      }
      let count = counts[pointers.count]
      let array = [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        guard let base = buffer.baseAddress else { preconditionFailure("an array has no elements") }
        NumberMemory.preferLargePages(buffer)
        descend(pointers + [base])
        // Floats need no destruction, so that it does no harm where a failure left some unwritten.
        initializedCount = count
      }
      arrays.append(array)
    }
    descend([])
    if let failure { throw failure }
    return arrays.reversed()
  }

  /// Whether none of the numbers is infinite or not a number.
  var areFinite: Bool { finitePrefix == count }

  /// How many numbers at the start are known to be finite: all of them, or a multiple of 256 after which one of the next
  /// 256 is not.
  var finitePrefix: Int {
    var finite = 0
    attention_count_finite(InstructionSet.best.kernels, self, count, &finite)
    return finite
  }
}

extension RunConditions {
  /// These conditions for a computation of so many floating-point operations: one thread where starting others would
  /// take longer than it saves.
  func with(operations: Double) -> RunConditions {
    guard operations < 2e6 else { return self }
    var conditions = self
    conditions.threads = 1
    return conditions
  }
}
