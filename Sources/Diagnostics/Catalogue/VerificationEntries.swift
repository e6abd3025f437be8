import Wording

extension CatalogueEntry {
  static let unknownExperiment = CatalogueEntry(
    title: LocalText("There is no such experiment", "没有这个实验"),
    explanation: LocalText(
      "A reference starts with the name of an experiment of the same note, or with another note's path: ‘#scales.entropy[√d]’, ‘why.md#scales.entropy[√d]’.",
      "引用以本笔记里某个实验的名字开头，或以另一篇笔记的路径开头：‘#scales.entropy[√d]’、‘why.md#scales.entropy[√d]’。"),
    example: CatalogueExample(
      .passage, failing: "[1.3](#scale.entropy[none])", mended: "[1.3](#scales.entropy[none])"))

  static let unknownMeasure = CatalogueEntry(
    title: LocalText("The experiment has no such measure", "实验没有这个度量"),
    explanation: LocalText(
      "What an experiment yields depends on its kind. ‘notebook run NOTE’ prints every measure with its value, ‘notebook kinds KIND’ what they mean.",
      "实验给出哪些度量取决于它的种类。‘notebook run 笔记’ 打印每个度量的值，‘notebook kinds 种类’ 说明它们的含义。"),
    example: CatalogueExample(
      .passage, failing: "[1.3](#scales.entropi[none])", mended: "[1.3](#scales.entropy[none])"))

  static let unknownSelector = CatalogueEntry(
    title: LocalText("Nothing was computed under this condition", "没有算过这个条件下的值"),
    explanation: LocalText(
      "The brackets say at which scale, head dimension and so on a value is meant; only the conditions that the experiment ran at can be selected. Add the condition to the experiment, or select one that is there.",
      "方括号说明取哪个 scale、哪个 headDimension 等等处的值；只能选实验确实算过的条件。把条件加进实验，或改选已有的条件。"),
    example: CatalogueExample(
      .passage, failing: "[1.3](#scales.entropy[2√d])", mended: "[1.3](#scales.entropy[none])"))

  static let ambiguousSelector = CatalogueEntry(
    title: LocalText("A reference names several values", "引用同时指几个值"),
    explanation: LocalText(
      "The measure was computed under several conditions and the reference does not say which one it means.",
      "这个度量在几个条件下都算过，而引用没有说明指哪一个。"),
    example: CatalogueExample(
      .passage, failing: "[1.3](#scales.entropy)", mended: "[1.3](#scales.entropy[none])"))

  static let lostReference = CatalogueEntry(
    title: LocalText("A checked number is not a link", "受查数字不是链接"),
    explanation: LocalText(
      "In Markdown a blank ends the target of a link, so this would be shown as plain text and nothing would be checked. Leave the blanks out, or put the target into angle brackets.",
      "在 Markdown 里，空格会结束链接的地址，于是这里会当作普通文字显示，什么也不会核对。去掉空格，或把地址放进尖括号。"),
    example: CatalogueExample(
      .passage, failing: "[2](#scales.massKeys[none, 50%])", mended: "[2](#scales.massKeys[none,50%])"))

  static let unreadableNumber = CatalogueEntry(
    title: LocalText("A link to a measure holds no number", "指向度量的链接里不是数字"),
    explanation: LocalText(
      "What stands between the brackets is compared with the measure, so it must be one number: digits of any width, with a sign, %, ‰, ×, 倍, 万, 亿, ≈ or 约 where needed. Empty brackets are filled in.",
      "方括号里的内容要与度量比较，所以必须是一个数字：半角或全角，可带正负号、%、‰、×、倍、万、亿、≈ 或约。空的方括号由程序填入。"),
    example: CatalogueExample(
      .passage,
      failing: LocalText("[about one](#scales.entropy[none])", "[一点多](#scales.entropy[none])"),
      mended: LocalText("about [1.3](#scales.entropy[none])", "约 [1.3](#scales.entropy[none])")))

  static let invalidTolerance = CatalogueEntry(
    title: LocalText("A link's title is no tolerance", "链接的标题不是容差"),
    explanation: LocalText(
      "The digits written are the tolerance; the title of the link overrides them with a margin, a share, or ‘exact’.",
      "写出的位数就是容差；链接的标题可以改为一个误差、一个比例，或 ‘exact’。"),
    example: CatalogueExample(
      .passage, failing: "[1.3](#scales.entropy[none] \"0.05\")",
      mended: "[1.3](#scales.entropy[none] \"±0.05\")"))

  static let wrongNumber = CatalogueEntry(
    title: LocalText("A number in the text is not what was computed", "正文中的数字与算出的不符"),
    explanation: LocalText(
      "The number does not round to what the experiment yields, or lies outside the tolerance of the link's title. Correct the text, after making sure that it still says what is true.",
      "按写出的位数取整后，数字与实验的结果不一致，或超出链接标题给的容差。请改正数字，并确认句子说的仍是事实。"),
    example: CatalogueExample(
      .passage,
      failing: LocalText(
        "The entropy averages [1.4](#scales.entropy[none]).", "平均熵是 [1.4](#scales.entropy[none])。"),
      mended: LocalText(
        "The entropy averages [1.3](#scales.entropy[none]).", "平均熵是 [1.3](#scales.entropy[none])。")))

  static let invalidClaim = CatalogueEntry(
    title: LocalText("A claim can't be judged", "论断无从判断"),
    explanation: LocalText(
      "‘check’ must state one relation over measures that the program can read: arithmetic on both sides of =, <, >, ≤, ≥ or ≈ … ± …, or ‘increases with’ and ‘decreases with’ a coordinate. A claim has ‘check’ or ‘cited’, not both.",
      "‘check’ 要写一个程序读得懂的、关于度量的关系：=、<、>、≤、≥ 或 ≈ … ± … 两边的算式，或 ‘increases with’、‘decreases with’ 某个坐标。一条论断写 ‘check’ 或 ‘cited’，不能两样都写。"
    ),
    example: CatalogueExample(
      .passage, failing: "```yaml claims\n- id: flatter\n  check: scales.entropy[√d] is larger\n```",
      mended: "```yaml claims\n- id: flatter\n  check: scales.entropy[√d] > scales.entropy[none]\n```"))

  static let claimFails = CatalogueEntry(
    title: LocalText("A claim does not hold", "论断不成立"),
    explanation: LocalText(
      "What was computed contradicts the claim by three standard errors or more. Correct the claim, or, where the note means to refute it, write ‘expect: refuted’ and ‘because:’.",
      "算出的结果与论断相反，相差三个标准误以上。请改正论断；如果笔记本意是要反驳它，写 ‘expect: refuted’ 和 ‘because:’。"),
    example: CatalogueExample(
      .passage, failing: "```yaml claims\n- id: flatter\n  check: scales.entropy decreases with scale\n```",
      mended: "```yaml claims\n- id: flatter\n  check: scales.entropy increases with scale\n```"))

  static let claimHoldsUnexpectedly = CatalogueEntry(
    title: LocalText("A claim that should be refuted holds", "本应不成立的论断成立了"),
    explanation: LocalText(
      "The note says that this is a mistake, and the computation says that it is true. One of them has to change.",
      "笔记说这是错的，算出来却是对的；两者必须改一个。"),
    example: CatalogueExample(
      .passage,
      failing:
        "```yaml claims\n- id: flatter\n  check: scales.entropy increases with scale\n  expect: refuted\n```",
      mended:
        "```yaml claims\n- id: flatter\n  check: scales.entropy increases with scale\n  expect: holds\n```"))

  static let claimInconclusive = CatalogueEntry(
    title: LocalText("A claim is undecided", "论断未定"),
    explanation: LocalText(
      "The values are within three standard errors of the other verdict, so that another seed could turn it round. Take more samples, or claim less.",
      "各值离相反的结论不到三个标准误，换一个随机种子就可能反过来。增加样本，或把话说得弱一些。"),
    example: CatalogueExample(
      .passage, failing: "```yaml claims\n- id: above\n  check: scales.entropy[none] > 1.27\n```",
      mended: "```yaml claims\n- id: above\n  check: scales.entropy[none] > 1.2\n```"))
}
