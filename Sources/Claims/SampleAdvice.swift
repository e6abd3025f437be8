import Experiments
import Wording

/// How many samples would decide what is undecided: standard errors fall like one over the root of their number.
struct SampleAdvice {
  let help: LocalText

  /// Beyond this factor the difference is as good as none.
  private static let mostTimes = 10_000.0

  init(_ verdict: ClaimVerdict, in results: ExperimentResults) {
    let margin = verdict.margin ?? 0
    let times =
      margin > 0 ? (ClaimJudge.errorsNeeded / margin) * (ClaimJudge.errorsNeeded / margin) : .infinity
    // The experiment with the largest error decides; a little more than needed, since the margin itself is uncertain.
    let sampled = verdict.evidence.filter { ($0.measure.standardError ?? 0) > 0 }
    guard times < Self.mostTimes, let worst = sampled.max(by: { Self.error($0) < Self.error($1) }),
      let samples = worst.measure.samples
    else {
      help = LocalText(
        "state less: no sensible number of samples would decide this", "把话说得弱一些：再多的样本也很难定夺")
      return
    }
    let wanted = Self.rounded(Double(samples) * times * 1.2)
    let count = NumberFormat.decimals(0).string(wanted)
    let id = worst.experiment.id
    let name = results[worst.experiment]?.planned.parameters.entries.first { entry in
      ParameterDescription.sampleCounts.contains(entry.name) && entry.value == .integer(samples)
    }?.name
    if let name {
      help = LocalText(
        "about \(count) samples would decide it, if the values stay: write ‘\(name): \(Int(wanted))’ in ‘\(id)’, or state less",
        "如果数值不变，约 \(count) 个样本就能定夺：在 ‘\(id)’ 里写 ‘\(name): \(Int(wanted))’，或把话说得弱一些")
    } else {
      help = LocalText(
        "about \(count) samples in ‘\(id)’ would decide it, if the values stay, in place of \(samples); or state less",
        "如果数值不变，‘\(id)’ 里约 \(count) 个样本就能定夺（现为 \(samples) 个）；或把话说得弱一些")
    }
  }

  private static func error(_ resolved: ResolvedMeasure) -> Double { resolved.measure.standardError ?? 0 }

  /// Up to two significant digits.
  private static func rounded(_ value: Double) -> Double {
    guard let number = DecimalNumber(value.rounded(.up)) else { return value }
    let step = DecimalNumber(digits: [1], exponent: max(0, number.leadingExponent - 1)).doubleValue
    return (value / step).rounded(.up) * step
  }
}
