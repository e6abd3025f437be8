/// What a tensor of random numbers is used as; each role draws from a stream of its own.
///
/// The stream depends on the role's name only, not on the experiment: equal seeds give paired
/// comparisons, and renaming an experiment changes no number. Adding a role changes no other role's
/// numbers.
public enum TensorRole: String, CaseIterable, Sendable {
  /// The queries Q, shape `[queries, headDimension]`.
  case queries
  /// The keys K, shape `[keys, headDimension]`.
  case keys
  /// The values V, shape `[keys, valueDimension]`.
  case values
  /// Logits drawn directly, without queries and keys.
  case logits
  /// What queries are projected from, shape `[queries, modelDimension]`.
  case queryInputs
  /// What keys are projected from, shape `[keys, modelDimension]`.
  case keyInputs
  /// The projection Wq of queries, shape `[headDimension, modelDimension]`.
  case queryProjection
  /// The projection Wk of keys, shape `[headDimension, modelDimension]`.
  case keyProjection
  /// What is added to projected queries, shape `[headDimension]`.
  case queryBias
  /// What is added to projected keys, shape `[headDimension]`.
  case keyBias
  /// The projection Wv of values, shape `[modelDimension, valueDimension]`.
  case valueProjection
  /// The projection Wo of outputs, shape `[valueDimension, outputDimension]`.
  case outputProjection
  /// What turns outputs into the logits of classes, shape `[outputDimension, classes]`.
  case readout
  /// A vector for each key of a vocabulary, shape `[vocabulary, modelDimension]`.
  case keyEmbeddings
  /// A vector for each value of a vocabulary, shape `[vocabulary, modelDimension]`.
  case valueEmbeddings
  /// What a training meant to fit is given as its goal.
  case targets
  /// The choices that make the sequences of a training.
  case trainingSequences
  /// The choices that make the sequences on which it is judged.
  case heldOutSequences

  /// The role's stream: the 64-bit FNV-1a hash of the role's name in UTF-8.
  public var streamIdentifier: UInt64 {
    rawValue.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}
