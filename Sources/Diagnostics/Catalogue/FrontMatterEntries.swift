import Wording

extension CatalogueEntry {
  static let frontMatterMissing = CatalogueEntry(
    title: LocalText("A note has no front matter", "笔记没有头信息"),
    explanation: LocalText(
      "Every note begins with a line ‘---’, at least ‘title’ and ‘date’, and another line ‘---’: the page's heading and its place in the list come from there.",
      "每篇笔记以一行 ‘---’ 开头，至少写 ‘title’ 和 ‘date’，再写一行 ‘---’：页面的标题和在列表中的位置都取自这里。"),
    example: CatalogueExample(
      .note, failing: LocalText("# Why divide by √d\n\nRun it and see.\n", "# 为什么除以 √d\n\n跑一遍就知道。\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\n---\n\nRun it and see.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\n---\n\n跑一遍就知道。\n")))

  static let frontMatterUnclosed = CatalogueEntry(
    title: LocalText("Front matter is never closed", "头信息没有结束"),
    explanation: LocalText(
      "The first line is ‘---’, but no later line ends the front matter, so there is no telling where the text begins.",
      "第一行是 ‘---’，之后却没有一行结束头信息，无从知道正文从哪里开始。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\n\nRun it and see.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\n\n跑一遍就知道。\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\n---\n\nRun it and see.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\n---\n\n跑一遍就知道。\n")))

  static let invalidYAML = CatalogueEntry(
    title: LocalText("YAML can't be read", "YAML 读不懂"),
    explanation: LocalText(
      "Front matter, directives and the configuration are YAML. Most often a text holds ‘: ’ or starts with a special character and must stand in quotation marks, or a line is indented with a tab.",
      "头信息、指令和配置文件都是 YAML。最常见的原因：文字里有 ‘: ’ 或以特殊字符开头，需要放进引号；或一行用制表符缩进。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: Scaling: why √d\ndate: 2026-11-20\n---\n\nText.\n",
        "---\ntitle: 缩放: 为什么是 √d\ndate: 2026-11-20\n---\n\n正文。\n"),
      mended: LocalText(
        "---\ntitle: \"Scaling: why √d\"\ndate: 2026-11-20\n---\n\nText.\n",
        "---\ntitle: \"缩放: 为什么是 √d\"\ndate: 2026-11-20\n---\n\n正文。\n")))

  static let notAMapping = CatalogueEntry(
    title: LocalText("Keys and values are expected", "这里应当写 ‘键: 值’"),
    explanation: LocalText(
      "Front matter, an experiment and each claim are mappings: one ‘key: value’ a line. A list or a sentence stands there instead.",
      "头信息、实验和每条论断都由 ‘键: 值’ 组成，每行一个，而这里写的是列表或句子。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment more\n- kind: softmax\n```",
      mended: "```yaml experiment more\nkind: softmax\n```"))

  static let unknownKey = CatalogueEntry(
    title: LocalText("Nobody reads this key", "没有这个键"),
    explanation: LocalText(
      "A key that means nothing is most often a misspelt one, and what it says would silently have no effect. Correct it or take it away.",
      "没有意义的键多半是拼错了，写在后面的内容会不声不响地不起作用。改正它或删掉它。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\ntgas: [attention]\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\ntgas: [attention]\n---\n\n正文。\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\ntags: [attention]\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\ntags: [attention]\n---\n\n正文。\n")))

  static let missingKey = CatalogueEntry(
    title: LocalText("A key that is needed is missing", "缺少必需的键"),
    explanation: LocalText(
      "A note needs ‘title’ and ‘date’, an experiment ‘kind’, a claim ‘id’, and a cited claim ‘says’.",
      "笔记要有 ‘title’ 和 ‘date’，实验要有 ‘kind’，论断要有 ‘id’，引用的论断还要有 ‘says’。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment more\nheadDimension: 4\n```",
      mended: "```yaml experiment more\nkind: softmax\nheadDimension: 4\n```"))

  static let duplicateKey = CatalogueEntry(
    title: LocalText("A key is written twice", "键写了两次"),
    explanation: LocalText(
      "One of the two values would be lost, and which one is a matter of luck. Keep one.",
      "两个值之中总有一个会丢失，丢哪个全凭运气。只留一个。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment more\nkind: softmax\nseed: 1\nseed: 2\n```",
      mended: "```yaml experiment more\nkind: softmax\nseed: 2\n```"))

  static let wrongType = CatalogueEntry(
    title: LocalText("A value is of the wrong type", "值的类型不对"),
    explanation: LocalText(
      "The key is known, but its value is a list where a text is expected, a text where true or false is expected, and so on.",
      "键是对的，值的类型不对：该是文字的地方是列表，该是 true 或 false 的地方是文字，等等。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: [Why, divide]\ndate: 2026-11-20\n---\n\nText.\n",
        "---\ntitle: [为什么, 除以]\ndate: 2026-11-20\n---\n\n正文。\n"),
      mended: LocalText(
        "---\ntitle: Why divide\ndate: 2026-11-20\n---\n\nText.\n",
        "---\ntitle: 为什么除以\ndate: 2026-11-20\n---\n\n正文。\n")))

  static let invalidValue = CatalogueEntry(
    title: LocalText("A value can't be used", "值不能用"),
    explanation: LocalText(
      "The value has the right type but means nothing here: a day that no calendar has, a language that pages are not made in, a blank title.",
      "值的类型对，但在这里没有意义：日历上没有的日子、页面没有的语言、空白的标题。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-02-30\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-02-30\n---\n\n正文。\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-02-28\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-02-28\n---\n\n正文。\n")))
}
