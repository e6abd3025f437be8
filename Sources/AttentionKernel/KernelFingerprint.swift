/// A hash over the bits of all that a part of the kernel returns for fixed inputs.
///
/// It does not depend on the instruction set, the number of threads, or how the program was compiled: where two differ, one
/// of the builds breaks the ``NumericContract``.
public struct KernelFingerprint: Hashable, Sendable {
  /// The part of the kernel.
  public let name: String

  /// The hash: FNV-1a with 64 bits, a number at a time.
  public let hash: UInt64

  /// The hash in sixteen digits.
  public var hexadecimal: String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Computes the fingerprints of all parts, in a fixed order.
  ///
  /// - Throws: ``KernelError/cancelled``.
  public static func all(under conditions: RunConditions = RunConditions()) throws(KernelError)
    -> [KernelFingerprint]
  {
    var prints: [KernelFingerprint] = []
    for (name, add) in parts {
      var hash = BitHash()
      try add(&hash, conditions)
      prints.append(KernelFingerprint(name: name, hash: hash.value))
    }
    return prints
  }

  private typealias Part = (
    name: String, add: @Sendable (inout BitHash, RunConditions) throws(KernelError) -> Void
  )

  // Sizes are not multiples of anything, so that every remainder is in; small, as the baseline of a debug build is slow.
  private static let parts: [Part] = [
    ("normals", normals), ("elementary-functions", elementaryFunctions), ("scores", scores),
    ("softmax-rows", softmaxRows), ("softmax-rows-large", largeSoftmaxRows), ("row-measures", rowMeasures),
    ("softmax-summary", softmaxSummary), ("rounded-softmax", roundedSoftmax), ("attention", attention),
    ("matrix-products", matrixProducts), ("attention-layer", attentionLayer), ("dot-products", dotProducts),
    ("gradients", gradients), ("extremes", extremes), ("precision", precision),
    ("initialization", initialization),
  ]

  private static func numbers(_ count: Int, seed: UInt64, times factor: Float = 1) -> [Float] {
    StandardNormals(seed: seed, role: .logits)(count: count).map { $0 * factor }
  }

  // MARK: - The parts

  private static func normals(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    for (first, count) in [(0, 200_001), (13, 777), (1 << 40, 64), ((1 << 38) - 33, 500)] {
      let numbers = try Floats(count: count) { (buffer) throws(KernelError) in
        try StandardNormals(seed: 2026, role: .keys).fill(
          buffer, startingAt: UInt64(first), under: conditions)
      }
      hash.add(numbers)
    }
  }

  private static func elementaryFunctions(_ hash: inout BitHash, _ conditions: RunConditions) {
    // Bits all over binary32, both signs, also infinite and subnormal; numbers that are none have no bits to compare.
    let arguments = stride(from: UInt64(0), to: 1 << 32, by: 1_400_309).map { Float(bitPattern: UInt32($0)) }
      .filter { !$0.isNaN }
    for function in ElementaryFunction.allCases {
      hash.add(function(arguments, using: conditions.instructionSet))
    }
  }

  private static func scores(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    for (queries, keys, d) in [(67, 101, 33), (1, 1, 1), (130, 40, 64)] {
      hash.add(
        try ScoreMatrix(queries: queries, keys: keys, headDimension: d)(
          queries: numbers(queries * d, seed: 1), keys: numbers(keys * d, seed: 2), under: conditions))
    }
  }

  private static func softmaxRows(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    for (rows, keys, divisor, spread) in [(9, 1, 1, 1), (40, 130, 0.3, 8), (3, 1025, 8, 300)]
      as [(Int, Int, Double, Float)]
    {
      let softmax = try SoftmaxRows(rows: rows, keys: keys, dividingBy: divisor)
      let weights = try softmax(numbers(rows * keys, seed: 3, times: spread), under: conditions)
      hash.add(weights)
      let gradients = numbers(rows * keys, seed: 4)
      let result = try Floats(count: rows * keys) { (result) throws(KernelError) in
        try weights.withUnsafeBufferPointer { (weights) throws(KernelError) in
          try gradients.withUnsafeBufferPointer { (gradients) throws(KernelError) in
            try softmax.backward(
              weights: weights, weightGradients: gradients, into: result, under: conditions)
          }
        }
      }
      hash.add(result)
    }
  }

  /// Rows that are written past the caches, in large pages; a few thousand weights of them.
  private static func largeSoftmaxRows(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError)
  {
    let (rows, keys) = (1_100, 4_096)
    let row = numbers(keys + rows, seed: 5, times: 4)
    let scores = (0..<rows).flatMap { row[$0..<$0 + keys] }
    let weights = try SoftmaxRows(rows: rows, keys: keys)(scores, under: conditions)
    for start in stride(from: 0, to: weights.count, by: 37 * keys) { hash.add(weights[start..<start + 101]) }
  }

  private static let scales: [Scale] = [.none, .rootHeadDimension, .rootHeadDimension(times: 3)]

  private static func rowMeasures(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    for (d, keys, queries) in [(20, 77, 37), (64, 300, 33)] {
      let measures = try SoftmaxEnsemble(
        headDimension: d, keys: keys, queries: queries, trials: 2, scales: scales, seed: 6
      ).rowMeasures(conditions)
      for scale in scales.indices {
        for measure in RowMeasure.allCases { hash.add(measures(measure, scale: scale)) }
      }
    }
  }

  private static func softmaxSummary(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    hash.add(
      numbersOf: try SoftmaxEnsemble(
        headDimension: 24, keys: 100, queries: 90, trials: 3, scales: scales, seed: 7, topCounts: [1, 9],
        masses: [0.9, 0.99], includesCurves: true
      ).run(conditions))
  }

  private static func roundedSoftmax(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    let keys = 130
    let logits = numbers(12 * keys, seed: 8, times: 6)
    for format in FloatFormat.allCases where format.kernel != nil {
      for (subtractsMaximum, roundsSums) in [(false, false), (true, false), (true, true)] {
        let weights = try RoundedSoftmax(
          format, subtractsMaximum: subtractsMaximum, roundsSums: roundsSums
        ).weights(logits, keys: keys, using: conditions.instructionSet)
        hash.add(weights.map { $0.isNaN ? -1 : $0 })
      }
    }
  }

  private static func attention(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    for (heads, queries, keys, d, dv, mask) in [
      (2, 70, 150, 33, 20, .none), (1, 20, 1100, 8, 3, .none), (3, 67, 67, 16, 16, .causal),
    ] as [(Int, Int, Int, Int, Int, AttentionMask)] {
      let attention = try DotProductAttention(
        heads: heads, queries: queries, keys: keys, headDimension: d, valueDimension: dv, mask: mask)
      let q = numbers(heads * queries * d, seed: 9)
      let k = numbers(heads * keys * d, seed: 10)
      let v = numbers(heads * keys * dv, seed: 11)
      let outputs = try attention.forward(queries: q, keys: k, values: v, under: conditions)
      hash.add(outputs.values)
      hash.add(outputs.largestScores)
      hash.add(outputs.exponentialSums)
      let gradients = try attention.backward(
        queries: q, keys: k, values: v, outputs: outputs,
        outputGradients: numbers(heads * queries * dv, seed: 12), under: conditions)
      hash.add(gradients.queries)
      hash.add(gradients.keys)
      hash.add(gradients.values)
    }
  }

  private static func matrixProducts(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    let (rows, depth, columns) = (37, 70, 45)
    let product = try MatrixProduct(rows: rows, depth: depth, columns: columns)
    let left = numbers(rows * depth, seed: 13)
    let right = numbers(depth * columns, seed: 14)
    let gradients = numbers(rows * columns, seed: 15)
    hash.add(try product(left, right, under: conditions))
    hash.add(try product.leftGradients(right: right, productGradients: gradients, under: conditions))
    hash.add(try product.rightGradients(left: left, productGradients: gradients, under: conditions))
  }

  private static func attentionLayer(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    let layer = try AttentionLayer(queries: 13, keys: 18, modelDimension: 20, headDimension: 12)
    let gradients = try layer.gradients(
      layer.normalParameters(seed: 16),
      AttentionLayerBatch(
        sequences: 5, queryInputs: numbers(5 * 13 * 20, seed: 17), keyInputs: numbers(5 * 18 * 20, seed: 18),
        target: .outputs(numbers(5 * 13 * 20, seed: 19))),
      under: conditions)
    hash.add([gradients.loss.value])
    hash.add(gradients.parameters)
    hash.add(gradients.queryInputs)
    hash.add(gradients.keyInputs)
  }

  private static func dotProducts(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    for d in [7, 64, 1029] {
      hash.add(numbersOf: try DotProductEnsemble(headDimension: d, samples: 601, seed: 20).run(conditions))
    }
  }

  private static func gradients(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    hash.add(
      numbersOf: try GradientEnsemble(
        headDimension: 16, keys: 40, queries: 12, trials: 2, scales: scales, seed: 21,
        edges: [0, 0.01, 0.25],
        quantiles: [0.5, 0.99], masses: [0.99]
      ).run(conditions))
  }

  private static func extremes(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    hash.add(
      numbersOf: try ExtremesEnsemble(headDimension: 16, keys: 50, pools: [50, 500], trials: 3, seed: 22).run(
        conditions))
  }

  private static func precision(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    hash.add(
      numbersOf: try PrecisionEnsemble(keys: 60, rows: 10, trials: 2, spreads: [1, 20], seed: 23).run(
        conditions))
  }

  private static func initialization(_ hash: inout BitHash, _ conditions: RunConditions) throws(KernelError) {
    hash.add(
      numbersOf: try InitializationEnsemble(
        .glorot, modelDimension: 24, heads: 3, inputs: 10, trials: 2, seed: 24
      )
      .run(conditions))
  }
}

/// A hash over the bits of numbers: FNV-1a, a number at a time.
struct BitHash {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  private mutating func add(_ bits: UInt64) {
    value = (value ^ bits) &* 0x0000_0100_0000_01B3
  }

  mutating func add(_ values: some Collection<Float>) {
    for number in values { add(UInt64(number.bitPattern)) }
  }

  mutating func add(_ values: some Collection<Double>) {
    for number in values { add(number.bitPattern) }
  }

  /// Adds all numbers of a value, in the order of their declaration; but for the ensemble, which describes the question.
  mutating func add(numbersOf value: Any) {
    switch value {
    case let number as Double: add(number.bitPattern)
    case let number as Float: add(UInt64(number.bitPattern))
    case let number as Int: add(UInt64(bitPattern: Int64(number)))
    default:
      for child in Mirror(reflecting: value).children where child.label != "ensemble" {
        add(numbersOf: child.value)
      }
    }
  }
}
