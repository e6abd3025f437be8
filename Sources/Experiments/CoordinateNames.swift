import AttentionKernel
import Wording

extension Coordinate {
  /// The coordinate `scale`, ordered by the divisor at a head dimension; a factor is the coordinate `g`.
  init(_ scale: Scale, headDimension: Int) {
    if case .multiplier(let factor) = scale {
      self.init("g", factor)
      return
    }
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

  /// The coordinate `interval`: `0.1–0.5`.
  init(interval low: Double, _ high: Double) {
    self.init("interval", label: "\(low.machineText)–\(high.machineText)", number: low)
  }

  /// The coordinate `quantile`: `50%`.
  init(quantile probability: Double) {
    self.init("quantile", label: Self.percent(probability), number: probability)
  }

  /// The coordinate `mass`: `99%`.
  init(mass share: Double) {
    self.init("mass", label: Self.percent(share), number: share)
  }

  /// A share as a label: 0.07 · 100 is a bit more than 7, which no label should show.
  private static func percent(_ share: Double) -> String {
    let exact = (share * 100 * 1e9).rounded() / 1e9
    return exact.machineText + "%"
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

extension Scale {
  /// What the axis of such scales is called.
  var axisName: LocalText {
    if case .multiplier = self { LocalText(same: "g") } else { LocalText(same: "scale") }
  }
}

extension Double {
  /// The number in running text, three digits.
  var inText: String { NumberFormat.text.string(self) }
}

extension ParameterProblem {
  /// More trials than there are rows for them.
  static func tooManyTrials(_ trials: Int, queries: Int) -> ParameterProblem {
    ParameterProblem(
      "trials",
      LocalText("\(trials) trials can't share \(queries) queries", "\(trials) 次试验分不开 \(queries) 个查询"),
      help: LocalText("each trial needs a query of its own", "每次试验至少要有一个自己的查询"))
  }
}
