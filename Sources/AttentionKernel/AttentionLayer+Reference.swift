extension AttentionLayer {
  /// The gradients that the definition gives in binary64.
  public struct ReferenceGradients: Hashable, Sendable {
    /// The loss.
    public let loss: Double
    /// The queries whose class has the largest logit; `nil` for regression.
    public let correct: Int?
    /// With respect to the parameters, `[parameterCount]`.
    public let parameters: [Double]
    /// With respect to the inputs of the queries.
    public let queryInputs: [Double]
    /// With respect to the inputs of the keys and values.
    public let keyInputs: [Double]
  }

  /// Computes the loss and its gradients as they are defined, in binary64, for all sequences at once; for tests and small
  /// examples.
  ///
  /// - Parameters:
  ///   - parameters: `[parameterCount]`, finite.
  ///   - batch: The sequences.
  ///   - queryInputs: Taken instead of the batch's, unless `nil`.
  ///   - keyInputs: Taken instead of the batch's, unless `nil`.
  /// - Throws: ``KernelError``.
  public func reference(
    _ parameters: [Double], _ batch: AttentionLayerBatch, queryInputs: [Double]? = nil,
    keyInputs: [Double]? = nil
  ) throws(KernelError) -> ReferenceGradients {
    try check(batch)
    try KernelError.requireShape("parameters", count: parameters.count, rows: parameterCount, columns: 1)
    let queryInputs = queryInputs ?? batch.queryInputs.map(Double.init)
    let keyInputs = keyInputs ?? batch.keyInputs.map(Double.init)
    let (queryRows, keyRows) = (batch.sequences * attention.queries, batch.sequences * attention.keys)
    var gradients = [Double](repeating: 0, count: parameterCount)

    func values(of matrix: Matrix) -> [Double] { Array(parameters[range(of: matrix)]) }
    func project(_ inputs: [Double], _ rows: Int, by matrix: Matrix) throws(KernelError) -> [Double] {
      let (depth, columns) = shape(of: matrix)
      return try MatrixProduct(rows: rows, depth: depth, columns: columns)
        .reference(inputs, values(of: matrix))
    }
    /// Notes the gradient with respect to a matrix, and returns that with respect to what it was multiplied to.
    func back(
      _ outputGradients: [Double], _ rows: Int, to inputs: [Double], by matrix: Matrix
    ) throws(KernelError) -> [Double] {
      let (depth, columns) = shape(of: matrix)
      let own = try MatrixProduct(rows: depth, depth: rows, columns: columns)
        .reference(transposed(inputs, columns: depth), outputGradients)
      gradients.replaceSubrange(range(of: matrix), with: own)
      return try MatrixProduct(rows: rows, depth: columns, columns: depth)
        .reference(outputGradients, transposed(values(of: matrix), columns: columns))
    }

    let attention = try self.attention.with(heads: batch.sequences)
    let queries = try project(queryInputs, queryRows, by: .queryProjection)
    let keys = try project(keyInputs, keyRows, by: .keyProjection)
    let values = try project(keyInputs, keyRows, by: .valueProjection)
    let attended = try attention.reference(queries: queries, keys: keys, values: values).values
    let outputs = try project(attended, queryRows, by: .outputProjection)

    let loss: Double
    var correct: Int?
    let outputGradients: [Double]
    switch batch.target {
    case .outputs(let targets):
      let differences = zip(outputs, targets).map { $0 - Double($1) }
      loss = differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
      outputGradients = differences.map { 2 * $0 / Double(differences.count) }
    case .classes(let classes):
      var logits = try project(outputs, queryRows, by: .readout)
      (loss, correct) = Self.judge(&logits, classes)
      outputGradients = try back(logits, queryRows, to: outputs, by: .readout)
    }

    let attendedGradients = try back(outputGradients, queryRows, to: attended, by: .outputProjection)
    let inner = try attention.referenceGradients(
      queries: queries, keys: keys, values: values, outputGradients: attendedGradients)
    let queryInputGradients = try back(inner.queries, queryRows, to: queryInputs, by: .queryProjection)
    let throughKeys = try back(inner.keys, keyRows, to: keyInputs, by: .keyProjection)
    let throughValues = try back(inner.values, keyRows, to: keyInputs, by: .valueProjection)
    return ReferenceGradients(
      loss: loss, correct: correct, parameters: gradients, queryInputs: queryInputGradients,
      keyInputs: zip(throughKeys, throughValues).map(+))
  }

  /// Turns logits into the gradients of the mean loss with respect to them, and returns that loss.
  private static func judge(_ logits: inout [Double], _ classes: [Int]) -> (loss: Double, correct: Int) {
    let count = logits.count / classes.count
    var (loss, correct) = (0.0, 0)
    var exponentials = [Double](repeating: 0, count: count)
    logits.withUnsafeMutableBufferPointer { logits in
      for (row, right) in classes.enumerated() {
        let line = UnsafeMutableBufferPointer(rebasing: logits[row * count..<(row + 1) * count])
        exponentials.withUnsafeMutableBufferPointer { exponentials in
          guard let base = exponentials.baseAddress else { return }
          let judged = CrossEntropy.judge(logits: line, class: right, exponentials: base)
          loss += judged.loss
          correct += judged.isCorrect ? 1 : 0
          for index in line.indices {
            line[index] = (base[index] / judged.sum - (index == right ? 1 : 0)) / Double(classes.count)
          }
        }
      }
    }
    return (loss / Double(classes.count), correct)
  }

  private func transposed(_ matrix: [Double], columns: Int) -> [Double] {
    let rows = matrix.count / columns
    return (0..<columns).flatMap { column in (0..<rows).map { matrix[$0 * columns + column] } }
  }
}

extension DotProductAttention {
  /// The same attention of another number of heads.
  func with(heads: Int) throws(KernelError) -> DotProductAttention {
    try DotProductAttention(
      heads: heads, queries: queries, keys: keys, headDimension: headDimension,
      valueDimension: valueDimension,
      scale: scale, mask: mask)
  }
}
