internal import CAttention

/// Scaled dot-product attention of several heads, `softmax(Q Kᵀ / scale) V`, and its gradients.
///
/// Heads are independent; a batch of sequences is so many heads more. All arrays are row by row, head after head:
/// queries `[heads, queries, headDimension]`, keys `[heads, keys, headDimension]`, values
/// `[heads, keys, valueDimension]`.
///
/// Computed in binary32, in blocks of 64 queries × 128 keys, nothing of the size queries × keys being stored; the
/// largest score so far is subtracted before each exponential. The bits of a result depend on the inputs and these
/// sizes only, not on the threads or the instruction set.
///
/// Sources: Vaswani et al., "Attention Is All You Need" (2017), equation 1; Dao et al., "FlashAttention" (2022), for
/// the blocks and for the backward pass from the row sums.
public struct DotProductAttention: Hashable, Sendable {
  /// The number of heads, times that of sequences.
  public let heads: Int
  /// Queries of a head.
  public let queries: Int
  /// Keys, and values, of a head.
  public let keys: Int
  /// Components of a query and of a key.
  public let headDimension: Int
  /// Components of a value and of an output.
  public let valueDimension: Int
  /// What scores are divided by.
  public let scale: Scale
  /// Which keys a query sees.
  public let mask: AttentionMask

  /// 1/divisor.
  let factor: Double

  /// Describes attention.
  ///
  /// - Parameters:
  ///   - heads: Heads times sequences, at least 1.
  ///   - queries: Queries of a head, at least 1.
  ///   - keys: Keys of a head, at least 1.
  ///   - headDimension: Components of a query, at least 1.
  ///   - valueDimension: Components of a value, at least 1; those of a query unless given.
  ///   - scale: What scores are divided by, 2⁻¹⁰⁰ … 2¹⁰⁰.
  ///   - mask: Which keys a query sees.
  /// - Throws: ``KernelError``.
  public init(
    heads: Int = 1, queries: Int, keys: Int, headDimension: Int, valueDimension: Int? = nil,
    scale: Scale = .rootHeadDimension, mask: AttentionMask = .none
  ) throws(KernelError) {
    let valueDimension = valueDimension ?? headDimension
    try KernelError.require("heads", heads)
    try KernelError.require("queries", queries)
    try KernelError.require("keys", keys)
    try KernelError.require("headDimension", headDimension)
    try KernelError.require("valueDimension", valueDimension)
    if case .causal(let firstPosition) = mask {
      try KernelError.require("firstPosition", firstPosition, atLeast: 0)
    }
    let divisor = try scale.divisor(headDimension: headDimension)
    guard divisor >= 0x1p-100, divisor <= 0x1p100 else { throw .invalidScale(divisor) }
    let rows = Saturating(heads) * (Saturating(max(queries, keys)) + 128)
    guard (16 * rows * Saturating(max(headDimension, valueDimension))).value < .max else {
      throw .sizeTooLarge(name: "heads · keys · headDimension", maximum: .max / 16)
    }
    self.heads = heads
    self.queries = queries
    self.keys = keys
    self.headDimension = headDimension
    self.valueDimension = valueDimension
    self.scale = scale
    self.mask = mask
    factor = 1 / divisor
  }

  /// The outputs, with what the backward pass needs to make the weights again.
  public struct Outputs: Hashable, Sendable {
    /// The outputs, `[heads, queries, valueDimension]`: weighted means of values.
    public let values: [Float]
    /// The largest score of each query, before the scale, `[heads, queries]`.
    public let largestScores: [Float]
    /// The sum of the exponentials of each query's logits relative to the largest, `[heads, queries]`, at least 1.
    public let exponentialSums: [Float]
    /// 1/divisor.
    let factor: Double

    /// The logarithm of the sum of the exponentials of each query's logits, `[heads, queries]`.
    public var logSumExponentials: [Double] {
      zip(largestScores, exponentialSums).map {
        Double($0) * factor + ReferenceMath.logarithm(Double($1))
      }
    }
  }

  /// The gradients of a loss with respect to the inputs.
  public struct Gradients: Hashable, Sendable {
    /// `[heads, queries, headDimension]`.
    public let queries: [Float]
    /// `[heads, keys, headDimension]`.
    public let keys: [Float]
    /// `[heads, keys, valueDimension]`.
    public let values: [Float]
  }

  // MARK: Forward

  /// Computes the outputs.
  ///
  /// - Parameters:
  ///   - queries: `[heads, queries, headDimension]`, finite.
  ///   - keys: `[heads, keys, headDimension]`, finite.
  ///   - values: `[heads, keys, valueDimension]`, finite.
  ///   - conditions: Threads share the blocks of queries; cancellation is checked after each block.
  /// - Throws: ``KernelError/mismatchedShapes(name:expected:actual:)`` and
  ///   ``KernelError/nonFiniteValue(index:)`` before any arithmetic; ``KernelError/overflow(name:)`` where scores
  ///   or outputs leave the range of binary32; ``KernelError/cancelled``.
  public func forward(
    queries: [Float], keys: [Float], values: [Float], under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> Outputs {
    try check(queries: queries, keys: keys, values: values)
    let rows = heads * self.queries
    let results = try withPointers(to: queries, keys, values) { (inputs) throws(KernelError) in
      try [Float].filled(rows * valueDimension, rows, rows) { (outputs) throws(KernelError) in
        try forward(inputs, outputs, conditions)
      }
    }
    guard results[1].areFinite, results[2].areFinite else { throw .overflow(name: "scores") }
    guard results[0].areFinite else { throw .overflow(name: "outputs") }
    return Outputs(
      values: results[0], largestScores: results[1], exponentialSums: results[2], factor: factor)
  }

  /// From queries, keys and values to outputs, largest scores and sums.
  private func forward(
    _ inputs: [UnsafePointer<Float>], _ results: [UnsafeMutablePointer<Float>], _ conditions: RunConditions
  ) throws(KernelError) {
    let block = ATTENTION_BLOCK_QUERIES
    let blocksOfHead = (queries + block - 1) / block
    let head = self.head
    let set = conditions.instructionSet.kernels
    let (queries, keys, d, dv) = (self.queries, self.keys, headDimension, valueDimension)
    // Each block writes rows of its own.
    nonisolated(unsafe) let (inputs, results) = (inputs, results)
    try Parallel.fold(
      count: heads * blocksOfHead, under: conditions.with(operations: forwardOperations), into: (),
      workerState: { PackedHead(keys: keys, headDimension: d) },
      body: { (packed: inout PackedHead, number) throws(KernelError) in
        let (index, first) = (number / blocksOfHead, number % blocksOfHead * block)
        let row = index * queries + first
        packed.pack(head: index, of: inputs[1], set)
        withUnsafePointer(to: head) { head in
          attention_forward(
            set, head, inputs[0] + row * d, packed.memory.base, inputs[2] + index * keys * dv, first,
            min(block, queries - first), results[0] + row * dv, results[1] + row, results[2] + row)
        }
      },
      merge: { (_: inout Void, _: Void) in })
  }

  // MARK: Backward

  /// Keys that one piece of the backward pass goes through; part of the numeric contract, as the gradients to the
  /// queries are the sum of those of the pieces, in order.
  static let keysPerSegment = 512

  /// Computes the gradients of a loss from its gradients with respect to the outputs.
  ///
  /// - Parameters:
  ///   - queries: As for the forward pass.
  ///   - keys: As for the forward pass.
  ///   - values: As for the forward pass.
  ///   - outputs: What the forward pass returned for them.
  ///   - outputGradients: The gradients with respect to the outputs, `[heads, queries, valueDimension]`, finite.
  ///   - conditions: Threads share heads and pieces of 512 keys; cancellation is checked after each piece.
  /// - Throws: As ``forward(queries:keys:values:under:)``.
  public func backward(
    queries: [Float], keys: [Float], values: [Float], outputs: Outputs, outputGradients: [Float],
    under conditions: RunConditions = RunConditions()
  ) throws(KernelError) -> Gradients {
    try check(queries: queries, keys: keys, values: values)
    let rows = heads * self.queries
    try KernelError.requireShape("outputs", count: outputs.values.count, rows: rows, columns: valueDimension)
    try KernelError.requireShape(
      "outputGradients", count: outputGradients.count, rows: rows, columns: valueDimension)
    try KernelError.requireFinite(outputGradients)
    let set = conditions.instructionSet.kernels
    let meanGradients = try [Float].filled(rows) { (means) throws(KernelError) in
      attention_multiply_rows(set, outputs.values, outputGradients, rows, valueDimension, means[0])
    }
    let gradients = try withPointers(
      to: queries, keys, values, outputGradients, outputs.largestScores, outputs.exponentialSums,
      meanGradients[0]
    ) { (inputs) throws(KernelError) in
      let input = attention_backward_input(
        queries: inputs[0], keys: inputs[1], values: inputs[2], output_gradients: inputs[3],
        largest: inputs[4], sums: inputs[5], mean_gradients: inputs[6])
      return try [Float].filled(queries.count, keys.count, values.count) { (results) throws(KernelError) in
        try backward(input, results, conditions)
      }
    }
    guard gradients.allSatisfy(\.areFinite) else { throw .overflow(name: "gradients") }
    return Gradients(queries: gradients[0], keys: gradients[1], values: gradients[2])
  }

  /// From the inputs to the gradients to queries, keys and values.
  private func backward(
    _ input: attention_backward_input, _ results: [UnsafeMutablePointer<Float>], _ conditions: RunConditions
  ) throws(KernelError) {
    let segments = (keys + Self.keysPerSegment - 1) / Self.keysPerSegment
    let set = conditions.instructionSet.kernels
    let (head, size) = (self.head, queries * headDimension)
    let (queries, keys, d, dv) = (self.queries, self.keys, headDimension, valueDimension)
    // Each piece writes rows of its own, and the merge is one call at a time.
    nonisolated(unsafe) let (input, results) = (input, results)
    try Parallel.fold(
      count: heads * segments, under: conditions.with(operations: 5 * forwardOperations / 2), into: (),
      workerState: { AlignedFloats(count: ATTENTION_BLOCK_KEYS * (d + dv)) },
      body: { (scratch: inout AlignedFloats, number) throws(KernelError) in
        let (index, first) = (number / segments, number % segments * Self.keysPerSegment)
        var part = input
        part.queries += index * size
        part.keys += index * keys * d
        part.values += index * keys * dv
        part.output_gradients += index * queries * dv
        part.largest += index * queries
        part.sums += index * queries
        part.mean_gradients += index * queries
        // The first piece of a head has the place to itself until the others are added there.
        let share = first == 0 ? nil : AlignedFloats(count: size)
        let row = index * keys + first
        withUnsafePointer(to: head) { head in
          attention_backward(
            set, head, &part, first, min(Self.keysPerSegment, keys - first),
            share?.base ?? results[0] + index * size, results[1] + row * d, results[2] + row * dv,
            scratch.base)
        }
        return QueryGradientShare(place: index * size, values: share)
      },
      merge: { (_: inout Void, part: QueryGradientShare) in
        guard let values = part.values else { return }
        for element in 0..<size { results[0][part.place + element] += values.base[element] }
      })
  }

  // MARK: Sizes

  /// The sizes as the kernels take them.
  var head: attention_head {
    var firstPosition = 0
    if case .causal(let position) = mask { firstPosition = min(position, keys) }
    return attention_head(
      queries: queries, keys: keys, key_width: headDimension, value_width: valueDimension,
      factor: Float(factor), causal: mask != .none, first_position: firstPosition)
  }

  /// About as many as the forward pass does.
  private var forwardOperations: Double {
    2 * Double(heads) * Double(queries) * Double(keys) * Double(headDimension + valueDimension)
  }

  private func check(queries: [Float], keys: [Float], values: [Float]) throws(KernelError) {
    try KernelError.requireShape(
      "queries", count: queries.count, rows: heads * self.queries, columns: headDimension)
    try KernelError.requireShape("keys", count: keys.count, rows: heads * self.keys, columns: headDimension)
    try KernelError.requireShape(
      "values", count: values.count, rows: heads * self.keys, columns: valueDimension)
    try KernelError.requireFinite(queries)
    try KernelError.requireFinite(keys)
    try KernelError.requireFinite(values)
  }
}

/// One worker's keys in the order of the forward kernel; packed once for all blocks of a head.
private struct PackedHead {
  let memory: AlignedFloats
  private let keys: Int
  private let headDimension: Int
  private var head: Int?

  init(keys: Int, headDimension: Int) {
    let block = ATTENTION_BLOCK_KEYS
    memory = AlignedFloats(count: (keys + block - 1) / block * block * headDimension)
    self.keys = keys
    self.headDimension = headDimension
  }

  mutating func pack(head index: Int, of array: UnsafePointer<Float>, _ set: attention_set) {
    guard head != index else { return }
    attention_pack_keys(set, array + index * keys * headDimension, keys, headDimension, memory.base)
    head = index
  }
}

/// What a piece of keys adds to the gradients to the queries of a head, unless it wrote them in place.
private struct QueryGradientShare: @unchecked Sendable {
  // Handed over from the worker to the merge, and used by nobody else.
  let place: Int
  let values: AlignedFloats?
}
