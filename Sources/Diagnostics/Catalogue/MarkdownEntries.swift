import Wording

extension CatalogueEntry {
  static let nestedTooDeeply = CatalogueEntry(
    title: LocalText("Markdown is nested too deeply", "Markdown 嵌套过深"),
    explanation: LocalText(
      "Quotes, lists and emphasis inside one another have a limit, because no page can show more of them and every level costs memory. Take some levels away.",
      "引用、列表和强调的层层嵌套有上限：再多页面也显示不了，而每一层都要占内存。去掉几层。"),
    example: CatalogueExample(
      .sketch, failing: LocalText("> > > > > … (hundreds of them) text", "> > > > > ……（几百层）文字"),
      mended: LocalText("> > text", "> > 文字")))

  static let tooManyBrackets = CatalogueEntry(
    title: LocalText("Very many brackets are never closed", "未闭合的方括号过多"),
    explanation: LocalText(
      "The Markdown parser looks for the end of a link behind each opening bracket; thousands of them without an end would take it hours. Close them, or write a bracket that is only a character as ‘\\[’.",
      "Markdown 解析器会在每个左方括号之后寻找链接的结尾，成千上万个没有结尾的方括号要花几个小时。请闭合它们；只是字符的方括号写成 ‘\\[’。"),
    example: CatalogueExample(
      .sketch, failing: LocalText("[[[[[[ … (thousands of them)", "[[[[[[ ……（几千个）"),
      mended: LocalText(same: "\\[\\[\\[\\[\\[\\[")))

  static let markdownTooCostly = CatalogueEntry(
    title: LocalText("A passage would take too long to parse", "解析这一段耗时过长"),
    explanation: LocalText(
      "A few constructions, repeated tens of thousands of times, make the Markdown parser slow beyond use. No text holds them by accident; data pasted into a note may. Put such data into a code block, or split it.",
      "有几种写法重复几万次后会让 Markdown 解析器慢得无法使用。正常文字不会这样，粘贴进来的数据可能会。把这样的数据放进代码块，或拆开。"),
    example: CatalogueExample(
      .sketch,
      failing: LocalText("![[]()![[]()![[]() … (tens of thousands of them)", "![[]()![[]()![[]() ……（几万个）"),
      mended: LocalText(same: "```text\n![[]()![[]()![[]() …\n```")))
}
