import Wording

extension CatalogueEntry {
  static let unknownDirective = CatalogueEntry(
    title: LocalText("A code block looks like a directive and is none", "代码块像指令，却不是"),
    explanation: LocalText(
      "A directive is a fenced block with ‘yaml’ and a directive word behind the fence. A word near a known one is an error, because the block would be shown as code and nothing would run; a word that is near to none is a warning.",
      "指令是围栏之后写 ‘yaml’ 和指令词的代码块。与已知指令词相近的词是错误，因为这一块会被当作代码显示，什么也不会运行；与哪个都不相近的词是警告。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experimnt more\nkind: softmax\n```",
      mended: "```yaml experiment more\nkind: softmax\n```"))

  static let missingIdentifier = CatalogueEntry(
    title: LocalText("An experiment, a figure or a table has no name", "实验、图或表没有名字"),
    explanation: LocalText(
      "The text refers to experiments, figures and tables by their names, so there must be one behind ‘experiment’, ‘figure’ or ‘table’.",
      "正文用名字引用实验、图和表，所以 ‘experiment’、‘figure’ 或 ‘table’ 之后必须有名字。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment\nkind: softmax\n```",
      mended: "```yaml experiment more\nkind: softmax\n```"))

  static let invalidIdentifier = CatalogueEntry(
    title: LocalText("A name can't be used", "名字不能用"),
    explanation: LocalText(
      "Names of experiments, figures, tables and claims start with a letter of any script and hold letters, digits, ‘-’ and ‘_’. Dots and brackets belong to references: ‘scales.entropy[√d]’.",
      "实验、图、表和论断的名字以字母或汉字开头，可以含有字母、汉字、数字、‘-’ 和 ‘_’。点和方括号留给引用：‘scales.entropy[√d]’。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment 2.more\nkind: softmax\n```",
      mended: "```yaml experiment more-2\nkind: softmax\n```"))

  static let duplicateIdentifier = CatalogueEntry(
    title: LocalText("A name is used twice in a note", "一篇笔记里名字用了两次"),
    explanation: LocalText(
      "Experiments, figures, tables and claims of a note share their names, because all become anchors of the page. Rename one.",
      "一篇笔记里的实验、图、表和论断共用一套名字，因为它们都会成为页面上的锚点。给其中一个改名。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment scales\nkind: exponential-range\n```",
      mended: "```yaml experiment ranges\nkind: exponential-range\n```"))

  static let unknownKind = CatalogueEntry(
    title: LocalText("There is no such kind of experiment", "没有这种实验"),
    explanation: LocalText(
      "‘kind’ says what to run. ‘notebook kinds’ lists the kinds with all that they take and yield.",
      "‘kind’ 说明运行什么。‘notebook kinds’ 列出全部种类，以及它们的参数和度量。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment more\nkind: sofmax\n```",
      mended: "```yaml experiment more\nkind: softmax\n```"))

  static let unknownParameter = CatalogueEntry(
    title: LocalText("The kind has no such parameter", "这种实验没有这个参数"),
    explanation: LocalText(
      "A parameter that the kind does not know would have no effect, while the note says that it had. ‘notebook kinds KIND’ lists the parameters.",
      "这种实验不认识的参数不会起作用，而笔记却写着它起了作用。‘notebook kinds 种类’ 列出全部参数。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment more\nkind: softmax\nheadDimensions: 4\n```",
      mended: "```yaml experiment more\nkind: softmax\nheadDimension: 4\n```"))

  static let invalidParameter = CatalogueEntry(
    title: LocalText("A parameter's value can't be used", "参数的值不能用"),
    explanation: LocalText(
      "The value is of another type, outside its range, listed twice, or does not go together with another parameter. The message says which.",
      "值的类型不对、超出范围、列了两次，或与别的参数不相容；消息里会说明是哪一种。"),
    example: CatalogueExample(
      .passage, failing: "```yaml experiment more\nkind: softmax\nheadDimension: 0\n```",
      mended: "```yaml experiment more\nkind: softmax\nheadDimension: 4\n```"))

  static let unknownFigure = CatalogueEntry(
    title: LocalText("The kind can't draw this figure", "这种实验画不了这幅图"),
    explanation: LocalText(
      "‘figure’ names one or several of the figures that the kind has, or none. Some figures need certain parameters; the message then says which.",
      "‘figure’ 写这种实验的一幅或几幅图，或写 none。有的图对参数有要求，消息里会说明。"),
    example: CatalogueExample(
      .passage,
      failing:
        "```yaml experiment more\nkind: softmax\nkeys: 8\nqueries: 64\ntop: [1]\nfigure: sorted-curv\n```",
      mended:
        "```yaml experiment more\nkind: softmax\nkeys: 8\nqueries: 64\ntop: [1]\nfigure: sorted-curve\n```"))

  static let tooMuchWork = CatalogueEntry(
    title: LocalText("An experiment would take too much memory or time", "实验需要的内存或时间过多"),
    explanation: LocalText(
      "The work is estimated before anything runs. Lower the largest size: the error of a mean shrinks only with the root of the samples, so a hundredth of them costs one digit.",
      "运行之前会先估计工作量。减小最大的尺寸：均值的误差只随样本数的平方根减小，样本减到百分之一只损失一位。"),
    example: CatalogueExample(
      .passage,
      failing:
        "```yaml experiment more\nkind: softmax\nheadDimension: 4096\nkeys: 65536\nqueries: 100000000\n```",
      mended: "```yaml experiment more\nkind: softmax\nheadDimension: 16\nkeys: 16\nqueries: 100\n```"))

  static let experimentFailed = CatalogueEntry(
    title: LocalText("An experiment failed while it ran", "实验在运行中失败"),
    explanation: LocalText(
      "The parameters passed every check, yet a computation or a figure could not be finished truthfully, such as a logarithmic axis with values that are not above 0. Choose other parameters or another figure; where you think that it should have worked, it is a fault of the program worth reporting.",
      "参数通过了全部检查，计算或作图却无法如实完成，例如对数轴上有不大于 0 的值。换一组参数或另选一幅图；如果你认为本应成功，这就是程序的缺陷，值得报告。"),
    example: CatalogueExample(
      .sketch, failing: "figure: overflowing-figure", mended: "figure: none"))
}
