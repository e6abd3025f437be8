import AttentionKernel
import Wording

extension Coordinate {
  /// The coordinate `scale`, ordered by the divisor at a head dimension.
  init(_ scale: Scale, headDimension: Int) {
    // A scale comes from checked parameters; only a kind that skips the check could see this fail.
    guard let divisor = try? scale.divisor(headDimension: headDimension) else {
      preconditionFailure("the scale \(scale) has no divisor")
    }
    self.init("scale", label: scale.label, number: divisor)
  }

  /// The coordinate `within`: `1σ`, `2σ`.
  init(within width: Double) {
    self.init("within", label: "\(width.machineText)σ", number: width)
  }
}

extension Measure {
  /// A sampled value with its error.
  init(_ name: String, unit: String = "", coordinates: [Coordinate], _ estimate: Estimate) {
    let isExact = estimate.samples == 0
    self.init(
      name, unit: unit, coordinates: coordinates, value: estimate.value,
      standardError: isExact ? nil : estimate.standardError, samples: isExact ? nil : estimate.samples)
  }
}

extension LocalText {
  /// What a figure's numbers come from, for the line under it.
  static func source(_ kind: String, samples: String, chineseSamples: String, seed: UInt64) -> LocalText {
    LocalText("\(kind): \(samples), seed \(seed)", "\(kind)：\(chineseSamples)，种子 \(seed)")
  }
}

extension Int {
  /// The number with thousands commas.
  var grouped: String { NumberFormat.decimals(0).string(Double(self)) }
}

extension Double {
  /// The number in running text, three digits.
  var inText: String { NumberFormat.text.string(self) }
}
