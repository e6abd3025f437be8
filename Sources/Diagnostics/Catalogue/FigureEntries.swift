import Wording

extension CatalogueEntry {
  static let invalidFigure = CatalogueEntry(
    title: LocalText("A figure or table asks for what makes no sense", "图或表的要求不合理"),
    explanation: LocalText(
      "What a ‘figure’ or ‘table’ block says can't be drawn: two coordinates want one place, a rule stands at an x and at a y, an axis does not fit its values. The message names the nearest form that can.",
      "‘figure’ 或 ‘table’ 块写的内容画不出来：两个坐标争一个位置，一条参考线同时有 x 和 y，坐标轴与数值不合。消息里会给出最接近的可行写法。"),
    example: CatalogueExample(
      .passage, failing: "```yaml figure climb\ny: scales.entropy\nrules: [{x: √d, y: 1}]\n```",
      mended: "```yaml figure climb\ny: scales.entropy\nrules: [{y: 1}]\n```"))

  static let wrongFigureNumber = CatalogueEntry(
    title: LocalText("A reference names another figure's number", "引用写的图号不对"),
    explanation: LocalText(
      "Figures and tables are numbered in the order of the page, and the text names another number than the one that it links to. Write the right one, or leave the brackets empty to have it filled in.",
      "图和表按页面上的顺序编号，而正文写的号与它链接的图表不同。写上正确的号，或让方括号空着，由程序填上。"),
    example: CatalogueExample(
      .passage,
      failing: LocalText(
        "See [Figure 7](#fig.climb).\n\n```yaml figure climb\ny: scales.entropy\n```",
        "见 [图 7](#fig.climb)。\n\n```yaml figure climb\ny: scales.entropy\n```"),
      mended: LocalText(
        "See [Figure 1](#fig.climb).\n\n```yaml figure climb\ny: scales.entropy\n```",
        "见 [](#fig.climb)。\n\n```yaml figure climb\ny: scales.entropy\n```")))
}
