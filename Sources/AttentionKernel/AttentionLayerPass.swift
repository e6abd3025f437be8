internal import CAttention
import Synchronization

/// One layer's memory for passes over batches of a size, kept from step to step of a training.
///
/// A pass is one call at a time; its chunks run on several threads.
final class AttentionLayerPass: Sendable {
  /// What a pass is meant to find.
  enum Wants: Int, Comparable {
    case loss, gradients, inputGradients

    static func < (left: Wants, right: Wants) -> Bool { left.rawValue < right.rawValue }
  }

  let layer: AttentionLayer
  let sequences: Int
  let wants: Wants

  /// With respect to the parameters, `[parameterCount]`.
  nonisolated(unsafe) let gradients: AlignedFloats
  /// With respect to the inputs of the queries; empty unless wanted.
  nonisolated(unsafe) let queryInputGradients: AlignedFloats
  /// With respect to the inputs of the keys; empty unless wanted.
  nonisolated(unsafe) let keyInputGradients: AlignedFloats
  /// The matrices as columns, for those products that want them so.
  nonisolated(unsafe) private let transposed: [AlignedFloats]
  private let ranges: [Range<Int>]
  private let free = Mutex<[AttentionLayerWorkspace]>([])

  init(_ layer: AttentionLayer, sequences: Int, wants: Wants) {
    self.layer = layer
    self.sequences = sequences
    self.wants = wants
    gradients = AlignedFloats(count: wants > .loss ? layer.parameterCount : 0)
    let inputs = wants == .inputGradients ? sequences * layer.modelDimension : 0
    queryInputGradients = AlignedFloats(count: inputs * layer.attention.queries)
    keyInputGradients = AlignedFloats(count: inputs * layer.attention.keys)
    ranges = AttentionLayer.Matrix.allCases.map { layer.range(of: $0) }
    transposed = AttentionLayer.Matrix.allCases.map { matrix in
      let (rows, columns) = layer.shape(of: matrix)
      return AlignedFloats(count: wants > .loss ? paddedRow(rows) * columns : 0)
    }
  }

  /// What is read in a pass.
  struct Input {
    let parameters: UnsafePointer<Float>
    let queryInputs: UnsafePointer<Float>
    let keyInputs: UnsafePointer<Float>
    /// For regression.
    let outputs: UnsafePointer<Float>?
    /// For classification.
    let classes: UnsafePointer<Int>?
  }

  /// Finds the loss of checked parameters on a checked batch, and the gradients.
  func run(
    _ parameters: [Float], _ batch: AttentionLayerBatch, under conditions: RunConditions
  ) throws(KernelError) -> AttentionLayer.Loss {
    var outputs: [Float] = [0]
    var classes: [Int] = [0]
    switch batch.target {
    case .outputs(let values): outputs = values
    case .classes(let values): classes = values
    }
    return try withPointers(to: parameters, batch.queryInputs, batch.keyInputs, outputs) {
      (inputs) throws(KernelError) in
      try classes.withUnsafeBufferPointer { (classes) throws(KernelError) in
        try run(
          Input(
            parameters: inputs[0], queryInputs: inputs[1], keyInputs: inputs[2], outputs: inputs[3],
            classes: classes.baseAddress),
          under: conditions)
      }
    }
  }

  /// Finds the loss, and the gradients; unchecked, what is not finite makes a loss or gradients that are not.
  func run(_ input: Input, under conditions: RunConditions) throws(KernelError) -> AttentionLayer.Loss {
    let set = conditions.instructionSet.kernels
    if wants > .loss {
      for index in gradients.indices { gradients.base[index] = 0 }
      for matrix in AttentionLayer.Matrix.allCases where needsTransposed(matrix) {
        let (rows, columns) = layer.shape(of: matrix)
        guard rows > 0 else { continue }
        attention_transpose(
          set, input.parameters + ranges[matrix.rawValue].lowerBound, rows, columns,
          transposed[matrix.rawValue].base)
      }
    }
    let perChunk = layer.sequencesPerChunk
    let operations = (wants == .loss ? 1 : 3) * Double(sequences) * layer.forwardOperations
    // Chunks read what nobody writes meanwhile, and write rows of their own.
    nonisolated(unsafe) let input = input
    let (layer, sequences) = (self.layer, self.sequences)
    let total = try Parallel.fold(
      count: (sequences + perChunk - 1) / perChunk, under: conditions.with(operations: operations),
      into: (loss: 0.0, correct: 0), workerState: {},
      body: { (_: inout Void, number) throws(KernelError) in
        let first = number * perChunk
        let workspace =
          free.withLock { $0.popLast() } ?? AttentionLayerWorkspace(layer, sequences: perChunk, wants: wants)
        compute(first, min(perChunk, sequences - first), input, workspace, set)
        return workspace
      },
      merge: { (total: inout (loss: Double, correct: Int), workspace: AttentionLayerWorkspace) in
        total.loss += workspace.loss
        total.correct += workspace.correct
        if wants > .loss {
          attention_add_numbers(set, workspace.gradients.base, layer.parameterCount, gradients.base)
        }
        free.withLock { $0.append(workspace) }
      })
    let rows = Double(sequences) * Double(layer.attention.queries)
    return layer.classes == nil
      ? AttentionLayer.Loss(value: total.loss / (rows * Double(layer.outputDimension)), correct: nil)
      : AttentionLayer.Loss(value: total.loss / rows, correct: total.correct)
  }

  private func needsTransposed(_ matrix: AttentionLayer.Matrix) -> Bool {
    switch matrix {
    case .queryProjection, .keyProjection, .valueProjection: wants == .inputGradients
    case .outputProjection, .readout: true
    }
  }

  // MARK: A chunk

  /// Computes `count` sequences from `first` on.
  private func compute(
    _ first: Int, _ count: Int, _ input: Input, _ space: AttentionLayerWorkspace, _ set: attention_set
  ) {
    let chunk = Chunk(
      pass: self, first: first, sequences: count, input: input, space: space, set: set)
    chunk.projectAndAttend()
    chunk.judge()
    if wants > .loss { chunk.findGradients() }
    if wants == .inputGradients { chunk.findInputGradients() }
  }

  private struct Chunk {
    let pass: AttentionLayerPass
    let first: Int
    let sequences: Int
    let input: Input
    let space: AttentionLayerWorkspace
    let set: attention_set

    private var attention: DotProductAttention { pass.layer.attention }
    private var queryRows: Int { sequences * attention.queries }
    private var keyRows: Int { sequences * attention.keys }
    private var queryInputs: UnsafePointer<Float> {
      input.queryInputs + first * attention.queries * pass.layer.modelDimension
    }
    private var keyInputs: UnsafePointer<Float> {
      input.keyInputs + first * attention.keys * pass.layer.modelDimension
    }

    // MARK: Products

    /// `target = left · matrix`, of `rows` rows.
    private func project(
      _ left: UnsafePointer<Float>, _ rows: Int, by matrix: AttentionLayer.Matrix,
      to target: UnsafeMutablePointer<Float>
    ) {
      let (depth, columns) = pass.layer.shape(of: matrix)
      multiply(
        attention_product(
          rows: rows, columns: columns, depth: depth, left: left, left_row: depth, left_step: 1,
          right: input.parameters + pass.ranges[matrix.rawValue].lowerBound, right_row: columns,
          target: target, target_row: columns, accumulate: false))
    }

    /// `target = gradients · matrixᵀ`, or that added to it.
    private func projectBack(
      _ gradients: UnsafePointer<Float>, _ rows: Int, by matrix: AttentionLayer.Matrix,
      to target: UnsafeMutablePointer<Float>, accumulate: Bool = false
    ) {
      let (columns, depth) = pass.layer.shape(of: matrix)
      multiply(
        attention_product(
          rows: rows, columns: columns, depth: depth, left: gradients, left_row: depth, left_step: 1,
          right: pass.transposed[matrix.rawValue].base, right_row: paddedRow(columns),
          target: target, target_row: columns, accumulate: accumulate))
    }

    /// The gradient with respect to a matrix: `leftᵀ · gradients`, a sum over `rows` rows.
    private func learn(
      _ matrix: AttentionLayer.Matrix, from left: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>,
      _ rows: Int
    ) {
      let (count, columns) = pass.layer.shape(of: matrix)
      multiply(
        attention_product(
          rows: count, columns: columns, depth: rows, left: left, left_row: 1, left_step: count,
          right: gradients, right_row: columns,
          target: space.gradients.base + pass.ranges[matrix.rawValue].lowerBound, target_row: columns,
          accumulate: false))
    }

    private func multiply(_ product: attention_product) {
      withUnsafePointer(to: product) { attention_multiply(set, $0) }
    }

    // MARK: Steps

    func projectAndAttend() {
      project(queryInputs, queryRows, by: .queryProjection, to: space.queries.base)
      project(keyInputs, keyRows, by: .keyProjection, to: space.keys.base)
      project(keyInputs, keyRows, by: .valueProjection, to: space.values.base)
      var head = attention.head
      let (queries, keys) = (attention.queries, attention.keys)
      let (d, dv) = (attention.headDimension, attention.valueDimension)
      for sequence in 0..<sequences {
        attention_pack_keys(set, space.keys.base + sequence * keys * d, keys, d, space.packedKeys.base)
        for query in stride(from: 0, to: queries, by: ATTENTION_BLOCK_QUERIES) {
          let row = sequence * queries + query
          attention_forward(
            set, &head, space.queries.base + row * d, space.packedKeys.base,
            space.values.base + sequence * keys * dv, query, min(ATTENTION_BLOCK_QUERIES, queries - query),
            space.attended.base + row * dv, space.largest.base + row, space.sums.base + row)
        }
      }
      project(space.attended.base, queryRows, by: .outputProjection, to: space.outputs.base)
    }

    /// Finds the loss and its gradient with respect to the outputs.
    func judge() {
      if let outputs = input.outputs, pass.layer.classes == nil {
        let width = pass.layer.outputDimension
        let entries = Double(pass.sequences) * Double(attention.queries) * Double(width)
        attention_squared_error(
          set, space.outputs.base, outputs + first * attention.queries * width, queryRows * width,
          Float(2 / entries), pass.wants > .loss ? space.outputGradients.base : nil, &space.loss)
      } else if let classes = input.classes, let count = pass.layer.classes {
        project(space.outputs.base, queryRows, by: .readout, to: space.logits.base)
        judge(space.logits, classes + first * attention.queries, count)
        guard pass.wants > .loss else { return }
        learn(.readout, from: space.outputs.base, space.logits.base, queryRows)
        projectBack(space.logits.base, queryRows, by: .readout, to: space.outputGradients.base)
      }
    }

    /// Turns logits into gradients with respect to them.
    private func judge(_ logits: AlignedFloats, _ classes: UnsafePointer<Int>, _ count: Int) {
      let rows = 1 / (Double(pass.sequences) * Double(attention.queries))
      (space.loss, space.correct) = (0, 0)
      for row in 0..<queryRows {
        let line = UnsafeMutableBufferPointer(start: logits.base + row * count, count: count)
        let judged = CrossEntropy.judge(
          logits: line, class: classes[row], exponentials: space.exponentials.base)
        space.loss += judged.loss
        space.correct += judged.isCorrect ? 1 : 0
        for index in line.indices {
          let share = space.exponentials.base[index] / judged.sum
          line[index] = Float((index == classes[row] ? share - 1 : share) * rows)
        }
      }
    }

    func findGradients() {
      let (queries, keys) = (attention.queries, attention.keys)
      let (d, dv) = (attention.headDimension, attention.valueDimension)
      learn(.outputProjection, from: space.attended.base, space.outputGradients.base, queryRows)
      projectBack(
        space.outputGradients.base, queryRows, by: .outputProjection, to: space.attendedGradients.base)
      attention_multiply_rows(
        set, space.attended.base, space.attendedGradients.base, queryRows, dv, space.means.base)
      var head = attention.head
      for sequence in 0..<sequences {
        let (query, key) = (sequence * queries, sequence * keys)
        var backward = attention_backward_input(
          queries: space.queries.base + query * d, keys: space.keys.base + key * d,
          values: space.values.base + key * dv, output_gradients: space.attendedGradients.base + query * dv,
          largest: space.largest.base + query, sums: space.sums.base + query,
          mean_gradients: space.means.base + query)
        attention_backward(
          set, &head, &backward, 0, keys, space.queryGradients.base + query * d,
          space.keyGradients.base + key * d, space.valueGradients.base + key * dv, space.scratch.base)
      }
      learn(.queryProjection, from: queryInputs, space.queryGradients.base, queryRows)
      learn(.keyProjection, from: keyInputs, space.keyGradients.base, keyRows)
      learn(.valueProjection, from: keyInputs, space.valueGradients.base, keyRows)
    }

    func findInputGradients() {
      let model = pass.layer.modelDimension
      let queryInputGradients = pass.queryInputGradients.base + first * attention.queries * model
      let keyInputGradients = pass.keyInputGradients.base + first * attention.keys * model
      projectBack(space.queryGradients.base, queryRows, by: .queryProjection, to: queryInputGradients)
      projectBack(space.keyGradients.base, keyRows, by: .keyProjection, to: keyInputGradients)
      projectBack(
        space.valueGradients.base, keyRows, by: .valueProjection, to: keyInputGradients, accumulate: true)
    }
  }
}

/// The length of a row of a transposed matrix of so many rows.
private func paddedRow(_ count: Int) -> Int { (count + 15) / 16 * 16 }

/// What a chunk of sequences is computed in.
private final class AttentionLayerWorkspace: @unchecked Sendable {
  // Handed from a worker to the merge and from there to the next worker; used by one of them at a time.
  let queries, keys, values, packedKeys, attended, largest, sums, outputs, logits: AlignedFloats
  let outputGradients, attendedGradients, means, queryGradients, keyGradients, valueGradients: AlignedFloats
  let scratch, gradients: AlignedFloats
  let exponentials: AlignedDoubles
  var loss = 0.0
  var correct = 0

  init(_ layer: AttentionLayer, sequences: Int, wants: AttentionLayerPass.Wants) {
    let attention = layer.attention
    let (queryRows, keyRows) = (sequences * attention.queries, sequences * attention.keys)
    let (d, dv) = (attention.headDimension, attention.valueDimension)
    let block = ATTENTION_BLOCK_KEYS
    queries = AlignedFloats(count: queryRows * d)
    keys = AlignedFloats(count: keyRows * d)
    values = AlignedFloats(count: keyRows * dv)
    packedKeys = AlignedFloats(count: (attention.keys + block - 1) / block * block * d)
    attended = AlignedFloats(count: queryRows * dv)
    largest = AlignedFloats(count: queryRows)
    sums = AlignedFloats(count: queryRows)
    outputs = AlignedFloats(count: queryRows * layer.outputDimension)
    logits = AlignedFloats(count: queryRows * (layer.classes ?? 0))
    exponentials = AlignedDoubles(count: layer.classes ?? 0)
    func backward(_ count: Int) -> AlignedFloats { AlignedFloats(count: wants > .loss ? count : 0) }
    outputGradients = backward(queryRows * layer.outputDimension)
    attendedGradients = backward(queryRows * dv)
    means = backward(queryRows)
    queryGradients = backward(queryRows * d)
    keyGradients = backward(keyRows * d)
    valueGradients = backward(keyRows * dv)
    scratch = backward(block * (d + dv))
    gradients = backward(layer.parameterCount)
  }
}

/// The loss of logits that are meant to be largest at one class.
enum CrossEntropy {
  /// Returns `ln Σ exp(logits) − logit of the class`, the sum of the exponentials relative to the largest, and whether the
  /// class is the first with the largest logit.
  ///
  /// - Parameters:
  ///   - logits: At least 1.
  ///   - class: Which of them.
  ///   - exponentials: Gets the exponentials relative to the largest.
  static func judge<Number: BinaryFloatingPoint>(
    logits: UnsafeMutableBufferPointer<Number>, class: Int, exponentials: UnsafeMutablePointer<Double>
  ) -> (loss: Double, sum: Double, isCorrect: Bool) {
    var best = 0
    for index in logits.indices where logits[index] > logits[best] { best = index }
    let largest = Double(logits[best])
    var sum = 0.0
    for index in logits.indices {
      exponentials[index] = ReferenceMath.exponential(Double(logits[index]) - largest)
      sum += exponentials[index]
    }
    let loss = ReferenceMath.logarithm(sum) - (Double(logits[`class`]) - largest)
    return (loss, sum, best == `class`)
  }
}
