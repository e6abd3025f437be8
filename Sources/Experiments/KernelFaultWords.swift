import AttentionKernel
import Wording

extension KernelFault {
  /// The mistake in one sentence without a full stop. Its words stand here because the kernel has none.
  public var words: LocalText {
    switch self {
    case .scaleDoubled: LocalText("every divisor is twice the one asked for", "每个除数都是要求的两倍")
    case .scaleIgnored: LocalText("scores are not divided at all", "分数根本没有除")
    case .rootForgotten: LocalText("multiples of √d are multiples of d", "忘了开方：把 √d 的倍数当成 d 的倍数")
    case .maximumNotSubtracted:
      LocalText(
        "exponentials are taken of the logits as they are, in the range of fp32",
        "没有先减最大值就取指数，范围只有 fp32 那么大")
    case .jacobianWithoutOuterProduct:
      LocalText("the derivative of softmax is diag p, without − p pᵀ", "softmax 的导数只写了 diag p，漏了 − p pᵀ")
    case .keysFactorForgotten:
      LocalText(
        "logits are not multiplied by ln n or √(ln n), where that is asked for", "该乘 ln n 或 √(ln n) 的地方忘了乘")
    case .logarithmToBaseTwo: LocalText("log₂ n is taken for ln n", "把 ln n 写成了 log₂ n")
    case .varianceHalved:
      LocalText("components are drawn with variance ½ instead of 1", "各分量的方差取成 ½，而不是 1")
    case .queriesNormalised: LocalText("every query is given the length √d", "每个查询的长度都被归一化为 √d")
    case .signFlipped: LocalText("scores have the other sign", "分数的正负号反了")
    case .keyDropped: LocalText("the last key of a row is never looked at", "每行的最后一个键从未被看到")
    case .entropyInBits: LocalText("entropies are in bits instead of nats", "熵以 bit 计，而不是 nat")
    case .uniformWeights: LocalText("every key gets the same weight 1/n", "每个键的权重都是 1/n")
    case .extremesPooled:
      LocalText(
        "the largest and smallest logit of a row, or of a pool, are taken over 256 of them",
        "一行（或一批）的最大、最小 logit 取自 256 行（或批）")
    case .excessKurtosis: LocalText("kurtosis is the excess over 3", "峰度写成了减去 3 之后的超额峰度")
    case .sharesCut: LocalText("shares are cut to four decimals", "份额被截断到四位小数")
    case .sharesInverted:
      LocalText("shares count what lies outside instead of inside", "份额算反了：数的是区间外，而不是区间内")
    case .maximumAlwaysSubtracted:
      LocalText("the plain formula subtracts the maximum too", "直接算的公式也悄悄减了最大值")
    case .logitsClipped:
      LocalText(
        "logits are cut off at the largest whose exponential is finite", "logits 被截断在指数仍有限的最大处")
    case .roundedAtTheEnd:
      LocalText(
        "steps are computed in fp32, and only the weights are rounded", "各步都用 fp32 计算，只在最后把权重舍入到窄格式")
    case .subnormalsFlushed:
      LocalText("numbers below the smallest normal one are 0", "小于最小正规数的数一律归零")
    case .fanOutForgotten:
      LocalText("Glorot's rule takes 1/in instead of 2/(in + out)", "Glorot 规则只看输入：用 1/in 而不是 2/(in + out)")
    case .gainForgotten:
      LocalText("He's factor 2 and the ⅓ of nn.Linear are left out", "漏了 He 的系数 2 和 nn.Linear 的 ⅓")
    case .varianceAsDeviation:
      LocalText(
        "weights are drawn with the rule's variance as their standard deviation", "把规则给出的方差当成标准差来抽取权重")
    case .inputsOfLengthOne:
      LocalText(
        "inputs have length 1, instead of variance 1 for each component", "输入被归一化为长度 1，而不是各分量方差 1")
    }
  }
}
