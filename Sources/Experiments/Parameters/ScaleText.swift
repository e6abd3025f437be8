import AttentionKernel
import Wording

extension Scale {
  /// Reads a scale as authors write it: `none`, `√d`, `sqrt(d)`, `2√d`, `0.5*sqrt(d)`, `d`, `2d`, or a number.
  ///
  /// - Returns: `nil` where the text is anything else, or the factor is not above 0.
  public init?(text: String) {
    let canonical = Coordinate.canonical(text)
    if canonical == "none" || canonical == "不缩放" {
      self = .none
      return
    }
    func factor(before suffix: String) -> Double? {
      guard canonical.hasSuffix(suffix) else { return nil }
      let written = canonical.dropLast(suffix.count)
      return written.isEmpty ? 1 : DecimalNumber(plainText: written)?.doubleValue
    }
    let value: Double
    if let factor = factor(before: "√d") {
      (self, value) = (.rootHeadDimension(times: factor), factor)
    } else if let factor = factor(before: "d") {
      (self, value) = (.headDimension(times: factor), factor)
    } else if let number = DecimalNumber(plainText: canonical)?.doubleValue {
      (self, value) = (.constant(number), number)
    } else {
      return nil
    }
    guard value > 0, value.isFinite else { return nil }
  }

  /// The scale as notes and pages write it: `none`, `√d`, `2√d`, `d`, `8`; `g = 10` for a factor, which no list of scales
  /// holds.
  public var label: String {
    switch self {
    case .none: "none"
    case .rootHeadDimension(let factor): factor == 1 ? "√d" : "\(factor.machineText)√d"
    case .headDimension(let factor): factor == 1 ? "d" : "\(factor.machineText)d"
    case .constant(let value): value.machineText
    case .multiplier(let factor): "g = \(factor.machineText)"
    }
  }

  /// The label with all digits of the factor: read again, it is the same scale.
  public var exactLabel: String {
    guard Scale(text: label) != self else { return label }
    return switch self {
    case .none: label
    case .rootHeadDimension(let factor): "\(factor)√d"
    case .headDimension(let factor): "\(factor)d"
    case .constant(let value): "\(value)"
    case .multiplier(let factor): "g = \(factor)"
    }
  }

  /// The scale in a sentence.
  public var words: LocalText {
    self == .none ? LocalText("no scaling", "不缩放") : LocalText(same: label)
  }
}
