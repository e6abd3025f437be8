extension DotProductAttention {
  /// What the definition gives in binary64.
  public struct ReferenceOutputs: Hashable, Sendable {
    /// The outputs, `[heads, queries, valueDimension]`.
    public let values: [Double]
    /// The attention weights, `[heads, queries, keys]`; 0 where the mask hides a key.
    public let weights: [Double]
    /// The logarithm of the sum of the exponentials of each query's logits, `[heads, queries]`.
    public let logSumExponentials: [Double]
  }

  /// The gradients that the definition gives in binary64.
  public struct ReferenceGradients: Hashable, Sendable {
    /// `[heads, queries, headDimension]`.
    public let queries: [Double]
    /// `[heads, keys, headDimension]`.
    public let keys: [Double]
    /// `[heads, keys, valueDimension]`.
    public let values: [Double]
  }

  /// Computes attention as it is defined, in binary64, storing all weights; for tests and small examples.
  ///
  /// - Parameters:
  ///   - queries: `[heads, queries, headDimension]`, finite.
  ///   - keys: `[heads, keys, headDimension]`, finite.
  ///   - values: `[heads, keys, valueDimension]`, finite.
  /// - Throws: ``KernelError``, before any arithmetic.
  public func reference(
    queries: [Double], keys: [Double], values: [Double]
  ) throws(KernelError) -> ReferenceOutputs {
    try check(queries: queries, keys: keys, values: values)
    let (n, d, dv) = (self.keys, headDimension, valueDimension)
    var outputs: [Double] = []
    var weights: [Double] = []
    var logSums: [Double] = []
    for row in 0..<(heads * self.queries) {
      let head = row / self.queries
      let visible = mask.visibleKeys(query: row % self.queries, of: n)
      let logits = (0..<visible).map { key in
        factor * product(queries, row * d, keys, (head * n + key) * d, count: d)
      }
      let largest = logits.max() ?? 0
      let exponentials = logits.map { ReferenceMath.exponential($0 - largest) }
      let sum = exponentials.reduce(0, +)
      logSums.append(largest + ReferenceMath.logarithm(sum))
      let shares = exponentials.map { $0 / sum }
      weights += shares + [Double](repeating: 0, count: n - visible)
      for column in 0..<dv {
        outputs.append(
          shares.indices.reduce(0) { $0 + shares[$1] * values[(head * n + $1) * dv + column] })
      }
    }
    return ReferenceOutputs(values: outputs, weights: weights, logSumExponentials: logSums)
  }

  /// Computes the gradients of a loss from its gradients G with respect to the outputs, in binary64.
  ///
  /// With the weights P: `dV = Pᵀ G`, `dP = G Vᵀ`, `dS = P ∘ (dP − rowsum(P ∘ dP)) / divisor`, `dQ = dS K`,
  /// `dK = dSᵀ Q`.
  ///
  /// - Parameters:
  ///   - queries: As for ``reference(queries:keys:values:)``.
  ///   - keys: As for ``reference(queries:keys:values:)``.
  ///   - values: As for ``reference(queries:keys:values:)``.
  ///   - outputGradients: G, `[heads, queries, valueDimension]`.
  /// - Throws: ``KernelError``, before any arithmetic.
  public func referenceGradients(
    queries: [Double], keys: [Double], values: [Double], outputGradients: [Double]
  ) throws(KernelError) -> ReferenceGradients {
    try KernelError.requireShape(
      "outputGradients", count: outputGradients.count, rows: heads * self.queries, columns: valueDimension)
    try KernelError.requireFinite(outputGradients)
    let weights = try reference(queries: queries, keys: keys, values: values).weights
    let (n, d, dv) = (self.keys, headDimension, valueDimension)
    var queryGradients = [Double](repeating: 0, count: queries.count)
    var keyGradients = [Double](repeating: 0, count: keys.count)
    var valueGradients = [Double](repeating: 0, count: values.count)
    for row in 0..<(heads * self.queries) {
      let first = row / self.queries * n
      let shares = weights[row * n..<(row + 1) * n]
      let weightGradients = (0..<n).map { key in
        product(outputGradients, row * dv, values, (first + key) * dv, count: dv)
      }
      let mean = zip(shares, weightGradients).reduce(0) { $0 + $1.0 * $1.1 }
      for (key, share) in shares.enumerated() where share != 0 {
        for column in 0..<dv {
          valueGradients[(first + key) * dv + column] += share * outputGradients[row * dv + column]
        }
        let scoreGradient = share * (weightGradients[key] - mean) * factor
        for component in 0..<d {
          queryGradients[row * d + component] += scoreGradient * keys[(first + key) * d + component]
          keyGradients[(first + key) * d + component] += scoreGradient * queries[row * d + component]
        }
      }
    }
    return ReferenceGradients(queries: queryGradients, keys: keyGradients, values: valueGradients)
  }

  private func product(
    _ left: [Double], _ leftStart: Int, _ right: [Double], _ rightStart: Int, count: Int
  ) -> Double {
    var sum = 0.0
    for index in 0..<count { sum += left[leftStart + index] * right[rightStart + index] }
    return sum
  }

  private func check(queries: [Double], keys: [Double], values: [Double]) throws(KernelError) {
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
