import Wording

extension CatalogueEntry {
  static let outputNotAFolder = CatalogueEntry(
    title: LocalText("The output is not a folder", "输出位置不是文件夹"),
    explanation: LocalText(
      "A file stands where the site's folder should be, or on the way to it. It is not deleted: move it away, or choose another folder.",
      "站点文件夹的位置上，或通往它的路上，有一个文件。程序不会删除它：请把它移走，或另选文件夹。"),
    example: CatalogueExample(
      .sketch, failing: "touch public\nnotebook build", mended: "notebook build --output site"))

  static let outputNotWritable = CatalogueEntry(
    title: LocalText("The output folder is not writable", "输出文件夹不可写"),
    explanation: LocalText(
      "The permissions of the folder, or of the one that it would be made in, forbid it.",
      "这个文件夹，或要在其中新建它的文件夹，权限不允许写入。"),
    example: CatalogueExample(
      .sketch, failing: "notebook build --output /usr/share/notes", mended: "notebook build --output ~/notes")
  )

  static let outputHoldsOtherFiles = CatalogueEntry(
    title: LocalText("A file of somebody else stands in the way", "别人的文件挡住了输出"),
    explanation: LocalText(
      "Files in the output folder that notebook did not write stay through every build, so one whose name a page needs can't be written over.",
      "输出文件夹里不是 notebook 写的文件会一直保留，所以页面需要的名字若被这样的文件占用，就不能覆盖。"),
    example: CatalogueExample(
      .sketch, failing: "cp my-index.html public/index.html\nnotebook build",
      mended: "mv public/index.html elsewhere/\nnotebook build"))

  static let writeFailed = CatalogueEntry(
    title: LocalText("Writing failed", "写入失败"),
    explanation: LocalText(
      "The system refused a write, most often because the disk is full. A site is made beside the old one and changes places with it at the end, so the old one is still whole.",
      "系统拒绝了写入，多半是磁盘已满。新站点在旧站点旁边生成，最后才互换位置，所以旧站点仍是完整的。"),
    example: CatalogueExample(.sketch, failing: "df -h .", mended: "rm -r .notebook\nnotebook build"))
}
