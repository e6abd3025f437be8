import AttentionKernel
import Wording

extension KernelError {
  /// The reason in one sentence without a full stop. Its words stand here because the kernel has none.
  public var words: LocalText {
    switch self {
    case .emptyRow: LocalText("a row of logits is empty", "有一行 logits 是空的")
    case .nonFiniteValue(let index):
      LocalText("the value at index \(index) is not finite", "下标 \(index) 处的值不是有限的数")
    case .invalidScale(let divisor) where divisor > 0 && divisor.isFinite:
      LocalText(
        "divided by the scale \(divisor), logits are out of range", "除以 scale \(divisor) 之后，logits 超出范围")
    case .invalidScale(let divisor):
      LocalText("the scale \(divisor) is not a finite number above 0", "scale \(divisor) 不是大于 0 的有限数")
    case .mismatchedShapes(let name, let expected, let actual):
      LocalText(
        "\(name) must hold \(expected) values, not \(actual)", "\(name) 必须有 \(expected) 个值，而不是 \(actual) 个")
    case .sizeTooSmall(let name, let value, let minimum):
      LocalText(
        "\(name) is \(value), but must be at least \(minimum)", "\(name) 是 \(value)，至少要是 \(minimum)")
    case .sizeTooLarge(let name, let maximum):
      LocalText("\(name) must be at most \(maximum)", "\(name) 最大是 \(maximum)")
    case .invalidShare(let share):
      LocalText("the share \(share) is not above 0 and at most 1", "份额 \(share) 必须大于 0，且不超过 1")
    case .invalidNumber(let name, let value):
      LocalText("\(name) is \(value), but must be finite and not negative", "\(name) 是 \(value)，必须是有限的非负数")
    case .invalidDecay(let name, let value):
      LocalText(
        "\(name) is \(value), but must be at least 0 and below 1", "\(name) 是 \(value)，必须在 0（含）与 1（不含）之间")
    case .invalidClass(let index, let value, let classes):
      LocalText(
        "the class at index \(index) is \(value), but there are only 0 … \(classes - 1)",
        "下标 \(index) 处的类别是 \(value)，但类别只有 0 … \(classes - 1)")
    case .contradiction(let one, let other):
      LocalText("\(one) does not go with \(other)", "\(one) 与 \(other) 不能同时使用")
    case .unorderedEdges(let index):
      LocalText("the histogram edges do not increase at index \(index)", "直方图的边界在下标 \(index) 处没有递增")
    case .overflow(let name):
      LocalText("the \(name) are too large for binary32", "\(name) 太大，超出 binary32 的范围")
    case .cancelled: LocalText("the computation was cancelled", "计算被取消")
    }
  }

  /// Why a computation failed; an error that is not the kernel's tells it in its own words.
  static func words(for error: any Error) -> LocalText {
    (error as? KernelError)?.words ?? LocalText(same: "\(error)")
  }
}
