import ChartGallery
import Foundation
import Wording

@testable import SVGChart

/// A seeded generator (SplitMix64), so that every run sees the same cases.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func normal() -> Double {
    (-2 * log(max(unit(), 1e-300))).squareRoot() * cos(2 * .pi * unit())
  }
}

/// The gallery's charts, by name.
enum Samples {
  static let all = ChartGallery.entries.map { (name: $0.id, chart: $0.chart) }

  static let sorted = chart("sorted-curves")
  static let histograms = chart("histograms")
  static let attention = chart("attention-map")
  static let causal = chart("causal-map")
  static let heads = chart("heads")

  private static func chart(_ name: String) -> Chart {
    guard let found = all.first(where: { $0.name == name }) else { preconditionFailure("no chart \(name)") }
    return found.chart
  }
}
