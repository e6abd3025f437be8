import ArgumentParser
import Diagnostics
import Site
import Wording

/// `notebook build`.
struct BuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "Run the experiments, verify the notes, write the site.",
    discussion: """
      Everything that is wrong with any note is reported, and then nothing is written: the old site stays as it was.
      Files in the output folder that notebook did not write stay where they are.

        notebook build
        notebook build --site ~/notes --output /srv/www/notes
      """)

  @OptionGroup var options: SiteOptions

  @Option(help: ArgumentHelp("The folder to write into. Default: ‘public’ in the site.", valueName: "dir"))
  var output: String?

  func run() throws {
    let pipeline = try Pipeline(options)
    if output == "" {
      pipeline.console.complain(LocalText("--output names no folder", "--output 没有写出文件夹"), help: nil)
      throw CommandEnd(status: .wrongUsage)
    }
    let folder = OutputFolder(
      path: output ?? "\(pipeline.root)/public",
      shownPath: output ?? (options.site == "." ? "public" : "\(options.site)/public"))
    try refuseSources(folder, pipeline)
    let built = try pipeline.build()
    try pipeline.report(built)
    guard let site = built.output else { throw CommandEnd(status: .fault) }
    try write(site, into: folder, pipeline)
    pipeline.console.say(pipeline.summary(of: built))
  }

  private func write(_ site: SiteOutput, into folder: OutputFolder, _ pipeline: Pipeline) throws {
    let console = pipeline.console
    var problems = folder.problems(for: site)
    if problems.isEmpty {
      do {
        let parent = FileSystem.parent(of: folder.path)
        try FileSystem.makeFolders(parent)
        let lock = try FolderLock(parent) {
          console.say(LocalText("another build is writing here; waiting for it", "另一次构建正在写这里，等它结束"))
        }
        try folder.recover()
        problems = folder.problems(for: site)
        if problems.isEmpty {
          let outcome = try folder.write(site, copyingFrom: "\(pipeline.root)/\(SiteLoader.notesFolder)")
          console.say(
            LocalText(
              "\(folder.shownPath): \(site.files.count) files \(outcome == .written ? "written" : "unchanged")",
              "\(folder.shownPath)：\(site.files.count) 个文件\(outcome == .written ? "已写入" : "没有变化")"))
        }
        _ = consume lock
      } catch {
        problems.append(
          Diagnostic(
            .writeFailed, error.words, at: nil,
            help: FileSystem.kind(folder.path) == nil
              ? nil
              : LocalText(
                "the old site in \(folder.shownPath) was left as it was", "\(folder.shownPath) 里的旧站点保持原样"))
        )
      }
    }
    if !problems.isEmpty {
      console.report(problems, sources: [], style: options.messages.printerStyle)
      throw CommandEnd(status: problems.contains { $0.code == .writeFailed } ? .fault : .wrongUsage)
    }
  }

  /// A folder that holds the site's own sources must never change places with its output.
  private func refuseSources(_ folder: OutputFolder, _ pipeline: Pipeline) throws {
    let output = folder.path
    for source in [SiteLoader.notesFolder, SiteLoader.templatesFolder] {
      let path = "\(pipeline.root)/\(source)"
      if path == output || path.hasPrefix(output == "/" ? "/" : output + "/") || output.hasPrefix(path + "/")
      {
        pipeline.console.complain(
          LocalText(
            "the output folder \(folder.shownPath) and the site's ‘\(source)’ lie inside one another",
            "输出文件夹 \(folder.shownPath) 与站点的 ‘\(source)’ 互相包含"),
          help: LocalText("choose another folder with --output", "用 --output 另选文件夹"))
        throw CommandEnd(status: .wrongUsage)
      }
    }
  }
}
