import Wording

extension CatalogueEntry {
  static let unreadableFile = CatalogueEntry(
    title: LocalText("A file or folder can't be read", "文件或文件夹无法读取"),
    explanation: LocalText(
      "The system refused to hand out a file that belongs to the site. Its reason stands in the message: permissions, a link to nothing, a folder where a file is expected.",
      "系统拒绝读取站点里的一个文件，原因写在消息里：没有权限、符号链接不指向任何文件，或本应是文件的地方是文件夹。"),
    example: CatalogueExample(
      .sketch, failing: "chmod 000 notebooks/why.md\nnotebook check",
      mended: "chmod 644 notebooks/why.md\nnotebook check"))

  static let notUTF8 = CatalogueEntry(
    title: LocalText("A file is not UTF-8", "文件不是 UTF-8"),
    explanation: LocalText(
      "Notes, templates and the configuration are read as UTF-8 and nothing is guessed, because a wrong guess would change the text that readers see. Save the file as UTF-8, or convert it.",
      "笔记、模板和配置文件都按 UTF-8 读取，程序不猜测编码，因为猜错会改变读者看到的文字。请把文件存为 UTF-8，或转换它的编码。"),
    example: CatalogueExample(
      .sketch, failing: "iconv -f UTF-8 -t GB18030 draft.md > notebooks/why.md",
      mended: "iconv -f GB18030 -t UTF-8 draft.md > notebooks/why.md"))

  static let emptyNote = CatalogueEntry(
    title: LocalText("A note is empty", "笔记是空的"),
    explanation: LocalText(
      "A page could not be made of it. Start with front matter, then write the text; or delete the file.",
      "空的笔记做不成页面。先写头信息，再写正文；或删掉这个文件。"),
    example: CatalogueExample(
      .note, failing: LocalText(same: "\n"),
      mended: LocalText(
        "---\ntitle: Why divide by √d\ndate: 2026-11-20\n---\n\nRun it and see.\n",
        "---\ntitle: 为什么除以 √d\ndate: 2026-11-20\n---\n\n跑一遍就知道。\n")))

  static let noteTooLarge = CatalogueEntry(
    title: LocalText("A note is too large", "笔记过大"),
    explanation: LocalText(
      "A file of more than 32 MiB is a mistake, or a note that nobody can read. Split it, or keep data beside the note instead of in it.",
      "超过 32 MiB 的文件要么是弄错了，要么没有人读得完。把它拆开，或把数据放在笔记旁边而不是里面。"),
    example: CatalogueExample(
      .sketch, failing: "cat measurements.csv >> notebooks/why.md", mended: "cp measurements.csv notebooks/"))

  static let noSuchNote = CatalogueEntry(
    title: LocalText("A note that is named does not exist", "提到的笔记不存在"),
    explanation: LocalText(
      "A checked number or a command names a note by its path, as seen from the note that names it, and there is none, or it is a draft that is left out.",
      "受查数字或命令用路径提到一篇笔记（从提到它的那篇笔记看过去），但那里没有笔记，或它是略去的草稿。"),
    example: CatalogueExample(
      .passage, failing: "[1.3](whyy.md#scales.entropy[none])", mended: "[1.3](#scales.entropy[none])"))

  static let noNotes = CatalogueEntry(
    title: LocalText("A site has no notes", "站点里没有笔记"),
    explanation: LocalText(
      "Notes are the files below ‘notebooks’ whose names end in ‘.md’. Files whose names start with a dot are left alone.",
      "笔记是 ‘notebooks’ 之下以 ‘.md’ 结尾的文件；名字以点开头的文件不算。"),
    example: CatalogueExample(
      .sketch, failing: "mv why.txt notebooks/why.txt", mended: "mv why.txt notebooks/why.md"))
}
