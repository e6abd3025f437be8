/// Associative recall: among pairs of a key and a value, find the value of the key that is asked for.
///
/// A sequence is `pairs` different keys out of a vocabulary, each with a value out of another, all equally likely, and the
/// place of the pair whose key is asked for. Nothing but attention to that pair solves it, so that it shows what a scale
/// does to a training.
///
/// Sequence `i` of a seed and a role depends on these and `i` only. It uses ⌈(2 · pairs + 1)/4⌉ counters of the role's stream,
/// from `i` times as many on; their words, in order: one for the key of each pair, one for the value of each, one for the
/// place. A word w chooses `⌊w · count / 2³²⌋` out of `count`; keys are chosen from those not yet taken, whose list is
/// kept by moving the last to the place of the one taken (Fisher and Yates).
public struct RecallTask: Hashable, Sendable {
  /// Pairs in a sequence.
  public let pairs: Int
  /// The number of keys there are.
  public let keyVocabulary: Int
  /// The number of values there are.
  public let valueVocabulary: Int

  /// Describes a task.
  ///
  /// - Parameters:
  ///   - pairs: At least 1, at most the keys there are.
  ///   - keyVocabulary: Up to 65,536.
  ///   - valueVocabulary: 2 … 65,536.
  /// - Throws: ``KernelError``.
  public init(pairs: Int = 16, keyVocabulary: Int = 32, valueVocabulary: Int = 16) throws(KernelError) {
    try KernelError.require("pairs", pairs)
    try KernelError.require("keyVocabulary", keyVocabulary, atLeast: pairs)
    try KernelError.require("valueVocabulary", valueVocabulary, atLeast: 2)
    for (name, size) in [("keyVocabulary", keyVocabulary), ("valueVocabulary", valueVocabulary)] {
      guard size <= 65_536 else { throw .sizeTooLarge(name: name, maximum: 65_536) }
    }
    self.pairs = pairs
    self.keyVocabulary = keyVocabulary
    self.valueVocabulary = valueVocabulary
  }

  /// Sequences, row by row.
  public struct Sequences: Hashable, Sendable {
    /// The keys, `[count, pairs]`.
    public fileprivate(set) var keys: [Int] = []
    /// The values, `[count, pairs]`.
    public fileprivate(set) var values: [Int] = []
    /// The key that is asked for, `[count]`.
    public fileprivate(set) var askedKeys: [Int] = []
    /// The value that is the answer, `[count]`.
    public fileprivate(set) var answers: [Int] = []
  }

  /// Returns sequences of a seed.
  ///
  /// - Parameters:
  ///   - count: How many, not negative.
  ///   - first: The number of the first.
  ///   - seed: The seed.
  ///   - role: Selects the stream of the seed.
  public func sequences(
    _ count: Int, startingAt first: UInt64 = 0, seed: UInt64, role: TensorRole = .trainingSequences
  ) -> Sequences {
    let generator = Philox4x32(key: seed)
    let stream = role.streamIdentifier
    let counters = (2 * pairs + 1 + 3) / 4
    var sequences = Sequences()
    var words: [UInt32] = []
    for index in 0..<count {
      words.removeAll(keepingCapacity: true)
      let start = (first &+ UInt64(index)) &* UInt64(counters)
      for counter in 0..<counters {
        let four = generator.words(counter: start &+ UInt64(counter), stream: stream)
        words += [four.0, four.1, four.2, four.3]
      }
      append(to: &sequences, words: words)
    }
    return sequences
  }

  private func append(to sequences: inout Sequences, words: [UInt32]) {
    func choice(_ place: Int, of count: Int) -> Int { Int((UInt64(words[place]) * UInt64(count)) >> 32) }
    let start = sequences.keys.count
    var left = Array(0..<keyVocabulary)
    for pair in 0..<pairs {
      let place = choice(pair, of: left.count)
      sequences.keys.append(left[place])
      left[place] = left[left.count - 1]
      left.removeLast()
      sequences.values.append(choice(pairs + pair, of: valueVocabulary))
    }
    let asked = start + choice(2 * pairs, of: pairs)
    sequences.askedKeys.append(sequences.keys[asked])
    sequences.answers.append(sequences.values[asked])
  }
}
