import AttentionKernel
import SVGChart
import TensorFiles
import Testing
import Wording

@testable import Experiments

/// What figures say of themselves must be true, and they must be drawable for whatever a parameter allows.
@Suite struct FiguresOfKinds {
  private func outcome(
    _ type: any Experiment.Type, _ values: KeyValuePairs<String, ParameterValue>
  ) throws -> ExperimentOutcome {
    try type.init(ParameterValues(defaultsOf: type.kind, values)).run(RunConditions(threads: 2))
  }

  private func chart(_ name: String, _ outcome: ExperimentOutcome) throws -> Chart {
    try #require(outcome.figures.first { $0.name == name }).chart
  }

  private func precision(spreads: [Double]) throws -> ExperimentOutcome {
    try outcome(Precisions.self, ["spreads": .numbers(spreads), "keys": .integer(512), "seed": .seed(1)])
  }

  @Test func `a mean below the limit of fp16 is not called a bound on every row`() throws {
    let outcome = try precision(spreads: [1, 3.5])
    let failing = try #require(outcome.measures.first { $0.text == "nonFiniteRows[3.5, fp16, naive]" })
    #expect(failing.value > 0.2)
    let title = try chart("overflow", outcome).title
    #expect(title.english == "On average, a row's largest logit stays below 11.09, where fp16 ends")
    #expect(title.chinese == "每行最大 logit 的均值没有超过 fp16 的上限 11.09")
  }

  @Test func `the first spread that loses a row is named, however few are lost`() throws {
    let few = try chart("failures", precision(spreads: [1, 3])).title
    #expect(few.english == "Naive softmax: rows fail in fp16 from σ = 3 on, in fp32 nowhere here")
    let third = try chart("failures", precision(spreads: [1, 8, 28])).title
    #expect(third.english == "Naive softmax: rows fail in fp16 from σ = 8 on, in fp32 from σ = 28 on")
    #expect(third.chinese == "直接算 softmax：fp16 从 σ = 8 起有行失败，fp32 从 σ = 28 起有行失败")
    let none = try chart("failures", precision(spreads: [0.5, 1])).title
    #expect(none.english == "Naive softmax loses no row in fp16 or fp32 at the spreads shown")
  }

  @Test func `an interval from 0 on is drawn from where the logarithmic axis begins`() throws {
    for edges in [[0, 0.1], [0, 1e-30], [0.3, 0.5]] {
      let outcome = try outcome(
        Gradients.self,
        ["within": .numbers(edges), "keys": .integer(24), "queries": .integer(64), "trials": .integer(4)])
      _ = try chart("entries", outcome).figureHTML(ordinal: 1, language: .english)
    }
  }

  @Test func `as many keys as there may be names of them make a map`() throws {
    for count in [96, 97, 512] {
      let outcome = try outcome(
        GivenAttentions.self,
        [
          "scores": .tensor(
            Tensor(shape: [2, count], values: (0..<(2 * count)).map { Double($0 % 7) }), file: nil),
          "tokens": .texts((1...count).map { "t\($0)" }), "scales": .scales([.none]),
        ])
      _ = try chart("weights", outcome).figureHTML(ordinal: 1, language: .english)
    }
  }

  @Test func `a first scale without division is spoken of in words`() throws {
    let outcome = try outcome(
      SoftmaxWeights.self,
      [
        "keys": .integer(8), "queries": .integer(64), "trials": .integer(4),
        "scales": .scales([.none, .constant(4)]),
      ])
    for figure in outcome.figures {
      let words = figure.chart.title.english + (figure.chart.subtitle?.english ?? "")
      #expect(!words.contains("none"), "\(words)")
    }
    #expect(try chart("sorted-curve", outcome).title.english.hasPrefix("No scaling keeps "))
  }
}
