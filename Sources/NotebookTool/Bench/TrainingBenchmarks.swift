import AttentionKernel
import Wording

/// The jobs that train.
enum TrainingBenchmarks {
  static let all = [regression]

  private static let steps = 100
  private static let (sequences, positions, width) = (16, 32, 64)

  /// Floating-point operations of a step: four projections forward, their weights' gradients, the gradient through the last
  /// of them, and attention forward and backward.
  private static let operationsPerStep: Double = {
    let projection = 2 * sequences * positions * width * width
    let attention = 4 * sequences * positions * positions * width
    return Double((4 + 4 + 1) * projection) + 3.5 * Double(attention)
  }()

  private static let regression = BenchmarkJob(
    "train_b16_n32_d64_100steps",
    LocalText(
      "100 steps of plain gradient descent, learning rate 0.05, on a layer of single-head attention with Wq, Wk, Wv, Wo: 16 sequences of 32 positions, d = 64, squared error, weights N(0, 1/d)",
      "单头注意力层（Wq、Wk、Wv、Wo）的 100 步普通梯度下降，学习率 0.05：16 个序列、每个 32 个位置、d = 64，均方误差，权重 N(0, 1/d)"),
    work: .operations(Double(steps) * operationsPerStep),
    input: { () throws in
      let layer = try AttentionLayer(queries: positions, keys: positions, modelDimension: width)
      let count = sequences * positions * width
      let inputs = StandardNormals(seed: 8, role: .queryInputs)(count: count)
      let batch = AttentionLayerBatch(
        sequences: sequences, queryInputs: inputs, keyInputs: inputs,
        target: .outputs(StandardNormals(seed: 8, role: .targets)(count: count)))
      return try LayerTraining(
        layer, batch: batch, parameters: layer.normalParameters(seed: 8),
        optimizers: LayerOptimizers(.gradientDescent(learningRate: 0.05)), steps: steps)
    },
    run: { training, conditions in try training.run(conditions) },
    // The loss before the last step. On the peers' own inputs it is theirs to seven digits; ours are other random numbers.
    check: { [$0.losses.last ?? .nan] })
}
