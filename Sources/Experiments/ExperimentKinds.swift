import Wording

/// The kinds of experiment there are.
public enum ExperimentKinds {
  /// Every kind, in the order in which they are listed. A new kind is one more line.
  public static let all: [any Experiment.Type] = [
    DotProducts.self,
    SoftmaxWeights.self,
    Gradients.self,
    Extremes.self,
    ExponentialRanges.self,
    Initializations.self,
    Precisions.self,
    GivenAttentions.self,
    Sweep.self,
  ]

  /// The kind of a name.
  public static func named(_ name: String) -> (any Experiment.Type)? {
    all.first { $0.kind.name == name }
  }
}
