import AttentionKernel
import Wording

extension ParameterDescription {
  /// What is done to queries, keys and logits besides the division by a scale.
  ///
  /// - Parameter offered: What makes sense for the kind; the first is the default.
  static func normalization(_ offered: [Normalization] = Normalization.allCases) -> ParameterDescription {
    ParameterDescription(
      "normalization",
      .choice(
        Choices(
          offered.map { Choice($0.rawValue, $0.summary, alsoCalled: $0.otherWords) }, elsewhere: elsewhere)),
      default: .choice(offered[0].rawValue),
      LocalText(
        "what is done to queries and keys, or to logits, besides the scale", "除 scale 之外，对查询和键或对 logits 所做的处理"
      ))
  }

  /// What belongs to other parameters.
  private static let elsewhere = [
    Choices.Elsewhere(
      ["1/d", "d", "muP", "μP"],
      LocalText("a division by d is a scale: write ‘scales: d’", "除以 d 是一种 scale：写 ‘scales: d’")),
    Choices.Elsewhere(
      ["1/√d", "√d", "1/sqrt(d)", "sqrt(d)"],
      LocalText("a division by √d is a scale: write ‘scales: √d’", "除以 √d 是一种 scale：写 ‘scales: √d’")),
    Choices.Elsewhere(
      ["RMS norm", "qk rms norm", "layer norm", "qk layer norm"],
      LocalText(
        "RMS normalization of queries and keys, divided by √d, is ‘unit-length’ with g = √d: write ‘normalization: unit-length’ and ‘g’ as a number",
        "对查询和键做 RMSNorm 再除以 √d，就是 g = √d 的 ‘unit-length’：写 ‘normalization: unit-length’，再用数字给出 ‘g’")),
  ]

  /// What logits are multiplied by where queries and keys have length 1.
  static let learnedScale = ParameterDescription(
    "g", .numbers(0.001...1e6, atMost: 8), default: .absent,
    LocalText(
      "with unit length: factors of the cosines, in the place of scales; models learn one",
      "单位长度时余弦所乘的数，取代 scales；模型里它是学出来的"),
    [OtherDefault(.numbers([1, 3, 10, 30]), where: "normalization", is: unitLength)])

  /// What scores are divided by, unless they are cosines.
  func noneWithUnitLength() -> ParameterDescription {
    ParameterDescription(
      name, form, default: defaultValue, summary,
      [OtherDefault(.scales([.none]), where: "normalization", is: Self.unitLength)])
  }

  private static let unitLength = ParameterValue.choice(Normalization.unitLength.rawValue)
}

extension ParameterValues {
  /// The normalization and the scales that go with it, g as ``Scale/multiplier(_:)``; of kinds that take `normalization`,
  /// `g` and `scales`.
  func normalizedScales() throws(ParameterProblem) -> (normalization: Normalization, scales: [Scale]) {
    guard let normalization = Normalization(rawValue: choice("normalization")) else {
      preconditionFailure("a kind offers a normalization that there is not")
    }
    guard normalization == .unitLength else {
      guard isAbsent("g") else {
        throw ParameterProblem(
          "g", LocalText("g multiplies cosines, and these scores are none", "g 乘的是余弦，而这里的分数不是余弦"),
          help: LocalText(
            "add ‘normalization: unit-length’, or say it with ‘scales’",
            "加上 ‘normalization: unit-length’，或者用 ‘scales’ 来写"))
      }
      return (normalization, scales("scales"))
    }
    guard scales("scales") == [.none] else {
      throw ParameterProblem(
        "scales", LocalText("with unit length, g takes the place of the scale", "取单位长度时，g 取代了 scale"),
        help: LocalText(
          "leave ‘scales’ away; a division by 8 is ‘g: 0.125’", "去掉 ‘scales’；除以 8 就写 ‘g: 0.125’"))
    }
    guard !isAbsent("g") else {
      throw ParameterProblem(
        "g", LocalText("‘g’ is missing", "缺少 ‘g’"),
        help: LocalText("give one number or several, such as ‘g: [1, 10]’", "给一个或几个数，例如 ‘g: [1, 10]’"))
    }
    return (normalization, numbers("g").map { .multiplier($0) })
  }
}

extension ParameterProblem {
  /// A single key under a factor of ln n.
  static func tooFewKeys(for normalization: Normalization) -> ParameterProblem {
    ParameterProblem(
      "keys", LocalText("ln 1 is 0: a row of one key has no logits", "ln 1 是 0：只有一个键时 logits 全为 0"),
      help: LocalText("two keys at least", "至少要有两个键"))
  }
}

extension Normalization {
  /// What it means, for `notebook kinds`.
  var summary: LocalText {
    switch self {
    case .none: LocalText("nothing", "不做处理")
    case .unitLength:
      LocalText(
        "each query and key divided by its length, so that scores are cosines (QK-norm)",
        "每个查询和键都除以自己的长度，分数成为余弦（QK-norm）")
    case .logarithm:
      LocalText(
        "logits multiplied by ln n, n the keys in sight (log-n scaling, SSMax)",
        "logits 乘以 ln n，n 为可见的键数（log-n 缩放，SSMax）")
    case .rootLogarithm:
      LocalText(
        "logits multiplied by √(ln n), which keeps H / ln n on random keys",
        "logits 乘以 √(ln n)；键随机时 H / ln n 不随 n 变")
    }
  }

  /// What others call it.
  fileprivate var otherWords: [String] {
    switch self {
    case .none: ["off", "false"]
    case .unitLength: ["qk-norm", "qk-normalization", "l2", "l2-norm", "cosine", "unit", "normalized"]
    case .logarithm: ["ssmax", "scalable-softmax", "ln-n", "log", "ln"]
    case .rootLogarithm: ["√log-n", "√(log-n)", "sqrt(log-n)", "√ln-n", "√(ln-n)", "sqrt-ln-n", "sqrt(ln-n)"]
    }
  }

  /// What a figure says of it behind its subtitle; nothing where nothing is done.
  var remark: LocalText {
    switch self {
    case .none: LocalText(same: "")
    case .unitLength: LocalText("; queries and keys of unit length", "；查询和键取单位长度")
    case .logarithm: LocalText("; logits times ln n", "；logits 乘以 ln n")
    case .rootLogarithm: LocalText("; logits times √(ln n)", "；logits 乘以 √(ln n)")
    }
  }
}
