internal import CAttention

/// What is done to queries and keys, or to their logits, besides the division by a scale.
public enum Normalization: String, CaseIterable, Codable, Hashable, Sendable {
  /// Nothing.
  case none
  /// Every query and every key is divided by its length, so that a score is the cosine of their angle (QK-norm).
  ///
  /// What such models learn instead of a scale is ``Scale/multiplier(_:)``.
  /// Source: Henry et al., "Query-Key Normalization for Transformers" (2020), arXiv 2010.04245.
  case unitLength = "unit-length"
  /// Logits are multiplied by ln n, n being the keys that the row sees.
  ///
  /// Source: Su, kexue.fm 8823 (2021), with another constant; Nakanishi, "Scalable-Softmax Is Superior for Attention"
  /// (2025), arXiv 2501.19399, whose s is 1 over the scale here.
  case logarithm = "log-n"
  /// Logits are multiplied by √(ln n): what keeps H / ln n where logits are independent and normal.
  ///
  /// Source: the entropy of the random energy model, ln n − σ²/2, which is a share of ln n for σ² in proportion to ln n.
  case rootLogarithm = "sqrt-log-n"

  /// What logits are multiplied by in a row of so many keys, at least 0; 1 where that does not depend on the keys.
  ///
  /// - Parameter fault: A mistake to make on purpose.
  public func factor(keys: Int, fault: KernelFault? = nil) -> Double {
    if fault == .keysFactorForgotten { return 1 }
    let base = fault == .logarithmToBaseTwo ? ReferenceMath.logarithm(2) : 1
    return switch self {
    case .none, .unitLength: 1
    case .logarithm: ReferenceMath.logarithm(Double(keys)) / base
    case .rootLogarithm: (ReferenceMath.logarithm(Double(keys)) / base).squareRoot()
    }
  }

  /// The least number of keys that leaves a factor above 0.
  public var leastKeys: Int {
    switch self {
    case .none, .unitLength: 1
    case .logarithm, .rootLogarithm: 2
    }
  }

  /// The standard deviation of a score of a query and a key with independent standard normal components: √d, and 1/√d
  /// where both have length 1.
  public func scoreDeviation(headDimension: Int) -> Double {
    let root = Double(headDimension).squareRoot()
    return self == .unitLength ? 1 / root : root
  }

  /// The number by which scores are divided to make logits, above 0: the scale's divisor over the factor of the keys.
  ///
  /// - Parameters:
  ///   - headDimension: At least 1.
  ///   - keys: At least ``leastKeys``.
  ///   - fault: A mistake to make on purpose.
  /// - Throws: As ``Scale/divisor(headDimension:)``, and ``KernelError/sizeTooSmall(name:value:minimum:)`` for too few keys.
  public func divisor(
    of scale: Scale, headDimension: Int, keys: Int, fault: KernelFault? = nil
  ) throws(KernelError) -> Double {
    try KernelError.require("keys", keys, atLeast: leastKeys)
    let divisor = try fault.divisor(of: scale, headDimension: headDimension)
    // Nothing but the divisor itself without a factor: x / 1 is x, to the last bit.
    return divisor / factor(keys: keys, fault: fault)
  }
}

/// Divides rows of numbers by their lengths.
enum UnitLength {
  /// Divides rows by their lengths; a row of zeros stays one.
  ///
  /// A length is the root of a sum of exact squares in component order, in binary64; a component is rounded once. The bits
  /// depend on the row alone.
  ///
  /// - Parameters:
  ///   - rows: Shape `[count, width]`, row by row.
  ///   - lengths: Room for `count` lengths; `nil` where nobody wants them.
  static func apply(
    _ set: attention_set, _ rows: UnsafeMutablePointer<Float>, count: Int, width: Int,
    lengths: UnsafeMutablePointer<Double>? = nil
  ) {
    let atOnce = NumericContract.rowsPerChunk
    withUnsafeTemporaryAllocation(of: Double.self, capacity: atOnce) { squares in
      guard let squares = squares.baseAddress else { return }
      for first in stride(from: 0, to: count, by: atOnce) {
        let part = rows + first * width
        let present = min(atOnce, count - first)
        squares.update(repeating: 0, count: present)
        attention_add_row_products(set, part, part, present, width, width, squares)
        for row in 0..<present {
          let length = squares[row].squareRoot()
          lengths?[first + row] = length
          guard length > 0 else { continue }
          for component in row * width..<(row + 1) * width {
            part[component] = Float(Double(part[component]) / length)
          }
        }
      }
    }
  }
}
