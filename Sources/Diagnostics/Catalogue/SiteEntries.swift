import Wording

extension CatalogueEntry {
  static let duplicateSlug = CatalogueEntry(
    title: LocalText("Two things want one address", "两样东西要用同一个地址"),
    explanation: LocalText(
      "A page's address is its note's ‘slug’, or the file's name without ‘.md’; large and small letters count as equal, because some file systems do not tell them apart. Some addresses, such as ‘index’, belong to the site.",
      "页面的地址是笔记的 ‘slug’，没有时是去掉 ‘.md’ 的文件名；大小写算作相同，因为有的文件系统不加区分。‘index’ 等地址留给站点自己。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\nslug: index\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\nslug: index\n---\n\n正文。\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\nslug: why\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\nslug: why\n---\n\n正文。\n")))

  static let invalidSlug = CatalogueEntry(
    title: LocalText("A page can't have this address", "页面不能用这个地址"),
    explanation: LocalText(
      "A slug is one name of letters of any script, digits, ‘-’, ‘_’ and ‘.’, at most 100 bytes, not a path, so that the page is one file inside the site everywhere.",
      "页面地址是一个名字：由字母、汉字、数字、‘-’、‘_’ 和 ‘.’ 组成，至多 100 字节，不能是路径，这样页面在任何地方都是站点内的一个文件。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\nslug: a/b\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\nslug: a/b\n---\n\n正文。\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\nslug: a-b\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\nslug: a-b\n---\n\n正文。\n")))

  static let brokenLink = CatalogueEntry(
    title: LocalText("A link leads nowhere", "链接不通"),
    explanation: LocalText(
      "Links between notes name the note's file, and behind ‘#’ a heading, an experiment, a figure, a table or a claim of it. Links to other sites are not looked up; those that run a program or read a file (‘javascript:’, ‘file:’, ‘data:’) are left out, with a warning.",
      "笔记之间的链接写对方的文件名，‘#’ 之后写其中的标题、实验、图、表或论断。指向其他网站的链接不作检查；会运行程序或读取文件的地址（‘javascript:’、‘file:’、‘data:’）会去掉并给出警告。"
    ),
    example: CatalogueExample(
      .passage,
      failing: LocalText("See [the numbers](#scale).", "见[数据](#scale)。"),
      mended: LocalText("See [the numbers](#scales).", "见[数据](#scales)。")))

  static let pathLeavesSite = CatalogueEntry(
    title: LocalText("A path leads out of the site", "路径到了站点之外"),
    explanation: LocalText(
      "Pages may only show what lies in the notes folder: anything else would be missing where the site is published, or publish what nobody meant to.",
      "页面只能显示笔记文件夹里的东西：别处的文件在发布后要么缺失，要么泄露本不想公开的内容。"),
    example: CatalogueExample(
      .passage,
      failing: LocalText("![A photo](../../photos/board.png)", "![照片](../../photos/board.png)"),
      mended: LocalText("![A photo](https://example.org/board.png)", "![照片](https://example.org/board.png)")))

  static let missingAsset = CatalogueEntry(
    title: LocalText("A file that a note shows is missing", "笔记显示的文件不存在"),
    explanation: LocalText(
      "Pictures and other files lie in the notes folder and are named as seen from the note.",
      "图片和其他文件放在笔记文件夹里，写从笔记看过去的路径。"),
    example: CatalogueExample(
      .passage, failing: LocalText("![The board](board.pgn)", "![黑板](board.pgn)"),
      mended: LocalText("![The board](https://example.org/board.png)", "![黑板](https://example.org/board.png)")
    ))

  static let missingTranslation = CatalogueEntry(
    title: LocalText("The note that this one translates is missing", "找不到所翻译的笔记"),
    explanation: LocalText(
      "‘translates’ holds the path of the other note as seen from this one; both pages then link to each other.",
      "‘translates’ 写另一篇笔记的路径（从本笔记看过去），两个页面会互相链接。"),
    example: CatalogueExample(
      .note,
      failing: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\ntranslates: warum.md\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\ntranslates: warum.md\n---\n\n正文。\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\n---\n\nText.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\n---\n\n正文。\n")))

  static let invalidTemplate = CatalogueEntry(
    title: LocalText("A template can't be used", "模板不能用"),
    explanation: LocalText(
      "A template is missing or can't be read, a section is not closed, a template includes itself, or a value stands in the wrong number of braces: text in two, so that it is escaped, markup in three.",
      "缺少模板或读不懂，区段没有关闭，模板包含了自己，或花括号的层数不对：文字用两层，这样才会转义；标记用三层。"),
    example: CatalogueExample(.template, failing: "<p>{{{title}}}</p>", mended: "<p>{{title}}</p>"))

  static let unknownTemplateVariable = CatalogueEntry(
    title: LocalText("A template asks for something that there is not", "模板要的东西不存在"),
    explanation: LocalText(
      "An unknown name would be replaced by nothing, and the page would lack it without a word. The names that a place knows stand in the message.",
      "不认识的名字会被换成空白，页面就不声不响地少了一块。这个位置可用的名字写在消息里。"),
    example: CatalogueExample(.template, failing: "<p>{{titel}}</p>", mended: "<p>{{title}}</p>"))
}
