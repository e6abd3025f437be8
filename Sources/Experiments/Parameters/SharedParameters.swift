import AttentionKernel
import Wording

// Parameters that several kinds take. A kind whose parameter means something else spells it out itself.
extension ParameterDescription {
  /// The parameters that say how much is drawn and nothing else: more of it makes errors smaller, and no other experiment.
  package static let sampleCounts: Set<String> = ["queries", "samples", "trials", "replicates"]

  /// The seed of all that is random.
  static let seed = ParameterDescription(
    "seed", .seed, default: .seed(0), LocalText("seed of the random numbers", "随机数种子"))

  private static let headDimensionSummary = LocalText(
    "components of a query and a key, d", "查询和键的分量数 d")

  /// The components of a query and a key.
  static let headDimension = ParameterDescription(
    "headDimension", .integer(1...65_536), default: .integer(64), headDimensionSummary)

  /// The same, several to compare.
  static let headDimensions = ParameterDescription(
    "headDimension", .integers(1...65_536, atMost: 8), default: .integers([64]), headDimensionSummary)

  /// The keys of a row.
  static func keys(
    default count: Int = 512, _ summary: LocalText = LocalText("keys of a row, n", "每行的键数 n")
  ) -> ParameterDescription {
    ParameterDescription("keys", .integer(1...1_048_576), default: .integer(count), summary)
  }

  /// The rows of all trials together.
  static func queries(default count: Int) -> ParameterDescription {
    ParameterDescription(
      "queries", .integer(1...100_000_000), default: .integer(count), LocalText("rows in all", "总行数"))
  }

  /// The sets of keys that the rows are spread over.
  static let keySets = ParameterDescription(
    "trials", .integer(1...65_536), default: .integer(16),
    LocalText(
      "independent sets of keys that the rows are spread over; standard errors come from their differences",
      "独立的键组数，各行均分其上；标准误由组间差异得出"))

  /// Trials of which there must be two for a standard error.
  static func trials(default count: Int, _ summary: LocalText) -> ParameterDescription {
    ParameterDescription("trials", .integer(2...65_536), default: .integer(count), summary)
  }

  /// No scaling and the three multiples of √d that the notes compare.
  static let usualScales: [Scale] = [
    .none, .rootHeadDimension, .rootHeadDimension(times: 2), .rootHeadDimension(times: 3),
  ]

  /// What scores are divided by.
  static func scales(
    default scales: [Scale] = usualScales, atMost most: Int = 8,
    _ summary: LocalText = LocalText("divisors of the scores", "分数的除数")
  ) -> ParameterDescription {
    ParameterDescription("scales", .scales(atMost: most), default: .scales(scales), summary)
  }

  /// The shares of the mass that `massKeys` is asked for.
  static func masses(default shares: [Double]) -> ParameterDescription {
    ParameterDescription(
      "masses", .numbers(0.001...1, atMost: 8), default: .numbers(shares),
      LocalText("for massKeys: shares of the mass", "massKeys 所取的质量份额"))
  }
}
