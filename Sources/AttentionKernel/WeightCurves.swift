/// How the ranked attention weights fall off, over a bounded sample of rows.
public struct WeightCurves: Hashable, Sendable {
  /// The number of rows behind the curves, at most ``SoftmaxEnsemble/maximumCurveRows``.
  public let rows: Int

  /// The probabilities of the quantile curves: 5, 25, 50, 75 and 95 %.
  public static let probabilities = [0.05, 0.25, 0.5, 0.75, 0.95]

  /// One curve per entry of ``probabilities``, each of shape `[keys]`.
  ///
  /// Entry r − 1 is that quantile, over the rows, of the weight of rank r (1 is the largest). Quantiles
  /// interpolate linearly between order statistics.
  public let quantiles: [[Double]]

  /// Entry k − 1 is the mean over the rows of the mass of the k largest weights, shape `[keys]`.
  public let meanMass: [Double]

  /// Makes the curves of rows of ranked scores, shape `[rows, keys]`, at least one row.
  init(rankedScores: [Double], keys: Int, divisor: Double) {
    let rows = rankedScores.count / keys
    var weights = [Double](repeating: 0, count: rankedScores.count)
    var meanMass = [Double](repeating: 0, count: keys)
    for row in 0..<rows {
      let first = row * keys
      var total = 0.0
      for rank in 0..<keys {
        let gap = rankedScores[first + rank] / divisor - rankedScores[first] / divisor
        let value = ReferenceMath.flushingExponential(gap)
        weights[rank * rows + row] = value
        total += value
      }
      var mass = 0.0
      for rank in 0..<keys {
        mass += weights[rank * rows + row]
        weights[rank * rows + row] /= total
        meanMass[rank] += mass / total
      }
    }
    self.rows = rows
    self.meanMass = meanMass.map { $0 / Double(rows) }
    var curves = Self.probabilities.map { _ in [Double](repeating: 0, count: keys) }
    var spare = [Double](repeating: 0, count: rows)
    weights.withUnsafeMutableBufferPointer { weights in
      spare.withUnsafeMutableBufferPointer { spare in
        guard let spareBase = spare.baseAddress else { return }
        for rank in 0..<keys {
          let column = UnsafeMutableBufferPointer(rebasing: weights[rank * rows..<(rank + 1) * rows])
          DescendingSort.sort(column, spare: spareBase)
          for (index, probability) in Self.probabilities.enumerated() {
            curves[index][rank] = Self.quantile(probability, ofDescending: column)
          }
        }
      }
    }
    quantiles = curves
  }

  /// The quantile of sorted numbers by linear interpolation at position `probability · (count − 1)`.
  private static func quantile(
    _ probability: Double, ofDescending values: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    quantile(probability, count: values.count) { values[$0] }
  }

  /// The same of `count` numbers, of which `value` gives that of a place.
  static func quantile(_ probability: Double, count: Int, _ value: (Int) -> Double) -> Double {
    let position = probability * Double(count - 1)
    let below = Int(position)
    let share = position - Double(below)
    let low = value(count - 1 - below)
    guard share > 0 else { return low }
    return low + share * (value(count - 2 - below) - low)
  }

  /// Makes curves from their parts.
  init(rows: Int, quantiles: [[Double]], meanMass: [Double]) {
    self.rows = rows
    self.quantiles = quantiles
    self.meanMass = meanMass
  }
}
