internal import CAttention

/// Draws the keys of a trial and queries, two at a time, gives them unit length if asked to, and computes their scores.
///
/// Element indices are those of ``SoftmaxEnsemble``: equal seeds and sizes give equal scores in every ensemble.
struct RowSampler {
  let headDimension: Int
  let keyCount: Int

  private let set: InstructionSet
  private let normalization: Normalization
  private let fault: KernelFault?
  private let queryNormals: StandardNormals
  private let keyNormals: StandardNormals
  private var trial = -1
  private var queryBuffer: [Float]
  private var queryPair: [Double]

  /// The lengths of the two queries drawn last, before they were given unit length; not set without ``Normalization/unitLength``.
  private(set) var queryLengths = [1.0, 1]

  /// The keys of the trial under work, shape `[keys, headDimension]`.
  private(set) var keys: [Float]
  private var packedKeys: PackedKeys?

  init(
    headDimension: Int, keys: Int, seed: UInt64, normalization: Normalization = .none,
    using set: InstructionSet = .best, fault: KernelFault?
  ) {
    self.normalization = normalization
    self.fault = fault
    self.headDimension = headDimension
    keyCount = keys
    self.set = set
    queryNormals = StandardNormals(seed: seed, role: .queries)
    keyNormals = StandardNormals(seed: seed, role: .keys)
    queryBuffer = [Float](repeating: 0, count: 2 * headDimension)
    queryPair = [Double](repeating: 0, count: 2 * headDimension)
    self.keys = [Float](repeating: 0, count: keys * headDimension)
  }

  /// Draws the keys of a trial, unless they are there already; returns whether they are new.
  mutating func draw(keysOfTrial number: Int) -> Bool {
    guard number != trial || packedKeys == nil else { return false }
    let first = UInt64(number) * UInt64(keys.count)
    keys.withUnsafeMutableBufferPointer {
      keyNormals.fill($0, startingAt: first, using: set)
      fault.distort($0, headDimension: headDimension, role: .keys)
      if normalization == .unitLength, let rows = $0.baseAddress {
        UnitLength.apply(set.kernels, rows, count: keyCount, width: headDimension)
      }
    }
    packedKeys = nil  // Frees the old panels before the new ones are made.
    packedKeys = keys.withUnsafeBufferPointer { PackedKeys($0, headDimension: headDimension) }
    trial = number
    return true
  }

  /// Draws one or two queries from a row on and writes their scores with the trial's keys, in key order.
  ///
  /// Each buffer has room for the key count rounded up to a multiple of 8.
  mutating func scores(
    ofRow row: Int, count: Int, into scores0: UnsafeMutablePointer<Double>,
    _ scores1: UnsafeMutablePointer<Double>
  ) {
    let used = count * headDimension
    queryBuffer.withUnsafeMutableBufferPointer { buffer in
      let drawn = UnsafeMutableBufferPointer(rebasing: buffer[..<used])
      queryNormals.fill(drawn, startingAt: UInt64(row) * UInt64(headDimension), using: set)
      fault.distort(drawn, headDimension: headDimension, role: .queries)
      if normalization == .unitLength, let rows = drawn.baseAddress {
        queryLengths.withUnsafeMutableBufferPointer {
          UnitLength.apply(
            set.kernels, rows, count: count, width: headDimension, lengths: $0.baseAddress)
        }
      }
      for index in 0..<used {
        queryPair[index] = Double(fault == .signFlipped ? -buffer[index] : buffer[index])
      }
    }
    multiply(into: scores0, scores1)
  }

  /// Writes the dot products of two keys with all keys, in key order.
  mutating func products(
    ofKeys first: Int, _ second: Int, into products0: UnsafeMutablePointer<Double>,
    _ products1: UnsafeMutablePointer<Double>
  ) {
    for component in 0..<headDimension {
      queryPair[component] = Double(keys[first * headDimension + component])
      queryPair[headDimension + component] = Double(keys[second * headDimension + component])
    }
    multiply(into: products0, products1)
  }

  private func multiply(into left: UnsafeMutablePointer<Double>, _ right: UnsafeMutablePointer<Double>) {
    queryPair.withUnsafeBufferPointer { pair in
      guard let base = pair.baseAddress else { return }
      packedKeys?.scores(base, base + headDimension, into: left, right)
    }
  }
}
