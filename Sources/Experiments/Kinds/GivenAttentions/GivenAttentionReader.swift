import AttentionKernel
import TensorFiles
import Wording

/// Turns the tensors of an `attention` directive into what the kernel takes; says what doesn't go together.
struct GivenAttentionReader {
  let parameters: ParameterValues
  let normalization: Normalization

  init(_ parameters: ParameterValues, _ normalization: Normalization) {
    self.parameters = parameters
    self.normalization = normalization
  }

  func attention() throws(ParameterProblem) -> GivenAttention {
    let queries = try heads("queries")
    let keys = try heads("keys")
    let values = try heads("values")
    let scores = try heads("scores")
    let isCausal = parameters.flag("causal")
    let dimension = parameters.optionalInteger("headDimension")
    if let scores {
      for (name, given) in [("queries", queries), ("keys", keys)] where given != nil {
        throw ParameterProblem(
          name, LocalText("‘\(name)’ says what ‘scores’ says already", "已经给了 ‘scores’，不能再给 ‘\(name)’"),
          help: LocalText("keep one of them", "两者只留一个"))
      }
      if normalization == .unitLength {
        throw ParameterProblem(
          "normalization",
          LocalText("scores say nothing of the lengths of queries and keys", "分数里看不出查询和键的长度"),
          help: LocalText("give ‘queries’ and ‘keys’ instead", "改为给出 ‘queries’ 和 ‘keys’"))
      }
      try check(
        queries: scores.rows, keys: scores.columns, heads: scores.heads, values: values, isCausal: isCausal)
      return try made("scores") { () throws(KernelError) in
        try GivenAttention(
          scores: scores, headDimension: dimension, values: values, normalization: normalization,
          isCausal: isCausal)
      }
    }
    guard let queries else { throw missing("queries") }
    guard let keys else { throw missing("keys") }
    guard queries.columns == keys.columns else {
      throw ParameterProblem(
        "keys",
        LocalText(
          "keys have \(keys.columns) components, and queries \(queries.columns)",
          "键有 \(keys.columns) 个分量，而查询有 \(queries.columns) 个"))
    }
    try check("keys", heads: keys.heads, of: queries.heads)
    if let dimension, dimension != queries.columns {
      throw ParameterProblem(
        "headDimension",
        LocalText(
          "queries and keys have \(queries.columns) components, not \(dimension)",
          "查询和键有 \(queries.columns) 个分量，而不是 \(dimension) 个"),
        help: LocalText("leave ‘headDimension’ away", "去掉 ‘headDimension’"))
    }
    try check(
      queries: queries.rows, keys: keys.rows, heads: queries.heads, values: values, isCausal: isCausal)
    return try made("queries") { () throws(KernelError) in
      try GivenAttention(
        queries: queries, keys: keys, values: values, normalization: normalization, isCausal: isCausal)
    }
  }

  private func made(
    _ name: String, _ body: () throws(KernelError) -> GivenAttention
  ) throws(ParameterProblem) -> GivenAttention {
    do throws(KernelError) {
      return try body()
    } catch {
      // Numbers and shapes are good by now; what is left is their size.
      if case .nonFiniteValue = error {
        throw ParameterProblem(name, LocalText("the dot products overflow", "点积溢出了"))
      }
      throw ParameterProblem(name, error.words)
    }
  }

  private func missing(_ name: String) -> ParameterProblem {
    ParameterProblem(
      name, LocalText("‘\(name)’ is missing", "缺少 ‘\(name)’"),
      help: LocalText(
        "give ‘queries’ and ‘keys’, or ‘scores’, as lists of numbers or as a file",
        "给出 ‘queries’ 和 ‘keys’，或者 ‘scores’；可以是数字列表，也可以是文件"))
  }

  private func check(
    queries: Int, keys: Int, heads: Int, values: GivenAttention.Heads?, isCausal: Bool
  ) throws(ParameterProblem) {
    if isCausal, queries != keys {
      throw ParameterProblem(
        "causal",
        LocalText(
          "a causal mask needs as many queries as keys, not \(queries) and \(keys)",
          "因果掩码要求查询和键一样多，而这里分别是 \(queries) 个和 \(keys) 个"))
    }
    guard let values else { return }
    guard values.rows == keys else {
      throw ParameterProblem(
        "values",
        LocalText(
          "the numbers differ: \(values.rows) for values, \(keys) for keys", "\(keys) 个键却有 \(values.rows) 个值")
      )
    }
    try check("values", heads: values.heads, of: heads)
  }

  private func check(_ name: String, heads: Int, of queryHeads: Int) throws(ParameterProblem) {
    guard queryHeads % heads != 0 else { return }
    throw ParameterProblem(
      name,
      LocalText(
        "\(heads) heads can't serve \(queryHeads) heads of queries evenly",
        "\(heads) 个头没法平均分给查询的 \(queryHeads) 个头"))
  }

  /// A parameter with the three indices head, position, component; one that has fewer is one head, or one position.
  private func heads(_ name: String) throws(ParameterProblem) -> GivenAttention.Heads? {
    guard let tensor = parameters.tensor(name) else { return nil }
    var shape = tensor.shape
    if shape.count == 4 {
      // A batch of one is how most libraries keep a single sentence.
      guard shape[0] == 1 else {
        throw ParameterProblem(
          name,
          LocalText(
            "‘\(name)’ is a batch of \(shape[0]) (shape \(tensor.shapeText)), and one is shown here",
            "‘\(name)’ 是 \(shape[0]) 个样本的批（形状 \(tensor.shapeText)），这里只展示一个"),
          help: LocalText("save one of them", "只保存其中一个"))
      }
      shape.removeFirst()
    }
    while shape.count < 3 { shape.insert(1, at: 0) }
    return GivenAttention.Heads(heads: shape[0], rows: shape[1], columns: shape[2], numbers: tensor.values)
  }
}
