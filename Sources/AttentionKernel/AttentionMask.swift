/// Which keys a query sees.
public enum AttentionMask: Hashable, Sendable {
  /// All of them.
  case none

  /// Query i, at position `firstPosition` + i, sees the keys at its own position and before.
  ///
  /// With as many queries as keys the first position is 0; queries that continue a longer text stand further on.
  case causal(firstPosition: Int)

  /// Query i sees keys 0 … i.
  public static let causal = AttentionMask.causal(firstPosition: 0)

  /// The number of keys that a query sees; those are the first of them.
  func visibleKeys(query: Int, of keys: Int) -> Int {
    switch self {
    case .none: keys
    case .causal(let firstPosition):
      // No sum, as the position may be huge.
      query >= keys - 1 - firstPosition ? keys : firstPosition + query + 1
    }
  }
}
