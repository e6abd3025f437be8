import Wording

extension CatalogueEntry {
  static let invalidRecord = CatalogueEntry(
    title: LocalText("A published site's data can't be read", "已发布站点的数据读不懂"),
    explanation: LocalText(
      "claims.json carries what ‘notebook verify’ needs. It was damaged or changed, or it is not what ‘notebook build’ wrote. Publish the file that the build made.",
      "claims.json 带着 ‘notebook verify’ 所需的数据。它损坏了、被改动过，或不是 ‘notebook build’ 写出的文件。请发布构建生成的文件。"),
    example: CatalogueExample(
      .sketch, failing: "head -c 1000 public/claims.json > copy/claims.json\nnotebook verify copy",
      mended: "cp public/claims.json copy/\nnotebook verify copy"))

  static let otherNumericContract = CatalogueEntry(
    title: LocalText("The site was computed under another numeric contract", "站点按另一个数值约定计算"),
    explanation: LocalText(
      "The numeric contract says which bits a seed gives. Under another one the same seeds give other numbers, so the values can't be compared digit by digit. Use the version that the site names, or compare without computing with --quick.",
      "数值约定规定一个随机种子给出哪些比特。约定不同，同样的种子会给出不同的数，数值就不能逐位比较。请用站点注明的版本，或用 --quick 只比对、不计算。"),
    example: CatalogueExample(
      .sketch, failing: "notebook verify public", mended: "notebook verify public --quick"))

  static let recordDiffers = CatalogueEntry(
    title: LocalText("A published value is not what the experiment yields", "发布的数值与实验结果不符"),
    explanation: LocalText(
      "The experiment was run again from the published parameters and gave something else, or the published values contradict one another. Build the site again and publish all of it.",
      "按发布的参数重新运行实验，得到的结果不同，或发布的数值自相矛盾。请重新构建站点并全部发布。"),
    example: CatalogueExample(
      .sketch, failing: "sed -i 's/1.3/1.4/' public/claims.json\nnotebook verify public",
      mended: "notebook build\nnotebook verify public"))

  static let pageMissing = CatalogueEntry(
    title: LocalText("A page that the data speak of is missing", "数据提到的页面不存在"),
    explanation: LocalText(
      "The site's data and its pages belong together: publish the whole folder, or name a page that is in it.",
      "站点的数据与页面是一个整体：请发布整个文件夹，或指明其中有的页面。"),
    example: CatalogueExample(
      .sketch, failing: "rm public/why.html\nnotebook verify public",
      mended: "notebook build\nnotebook verify public"))

  static let pageDiffers = CatalogueEntry(
    title: LocalText("A page says something else than the data", "页面与数据说的不一样"),
    explanation: LocalText(
      "A number, a claim or a verdict on the page is not the one of the site's data, or the page's bytes are not those that were built: it was changed after the build, or comes from another one. Build the site again.",
      "页面上的数字、论断或结论与站点的数据不同，或页面的字节不是建成时的字节：它在构建之后被改动过，或来自另一次构建。请重新构建。"),
    example: CatalogueExample(
      .sketch, failing: "sed -i 's/0.73/0.74/' public/why.html\nnotebook verify public",
      mended: "notebook build\nnotebook verify public"))
}
