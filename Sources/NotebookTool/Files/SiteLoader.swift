import Diagnostics
import Site
import Wording

/// A site's files as they were read: the notes, the templates, the names of all other files.
struct LoadedSite {
  let configuration: SiteConfiguration
  /// The notes, sorted by path; paths are relative to the site, such as `notebooks/a.md`.
  let notes: [SourceFile]
  /// The templates by file name.
  let templates: [String: SourceFile]
  /// Everything else under the notes folder that pages may show, relative to the site.
  let assets: Set<String>
  /// Links that lead out of the site, relative to it.
  let escapingLinks: Set<String>
  /// Every file read, for quoting in messages.
  var sources: [SourceFile]
  let diagnostics: [Diagnostic]
}

/// Reads a site from disk.
struct SiteLoader {
  static let notesFolder = "notebooks"
  static let templatesFolder = "templates"
  /// More than this is not read: a note that large is a mistake, and reading it would only make the message slow.
  static let largestNote = 32 << 20

  /// The site's folder, absolute, links resolved.
  let root: String

  private var notes: [SourceFile] = []
  private var templates: [String: SourceFile] = [:]
  private var assets: Set<String> = []
  /// The paths of notes and assets so far.
  private var paths: Set<String> = []
  private var escapingLinks: Set<String> = []
  private var sources: [SourceFile] = []
  private var diagnostics: [Diagnostic] = []

  private init(root: String) {
    self.root = root
  }

  /// Reads everything; unreadable files are diagnostics.
  static func load(_ root: String) -> LoadedSite {
    var loader = SiteLoader(root: root)
    let configuration = loader.readConfiguration()
    loader.readNotes(in: notesFolder)
    loader.readTemplates()
    if loader.notes.isEmpty, !loader.diagnostics.hasErrors {
      loader.diagnostics.append(
        Diagnostic(
          .noNotes, LocalText("there are no notes in \(root)/\(notesFolder)", "\(root)/\(notesFolder) 里没有笔记"),
          at: nil,
          help: LocalText("notes are files that end in ‘.md’", "笔记是以 ‘.md’ 结尾的文件")))
    }
    return LoadedSite(
      configuration: configuration, notes: loader.notes, templates: loader.templates, assets: loader.assets,
      escapingLinks: loader.escapingLinks, sources: loader.sources, diagnostics: loader.diagnostics)
  }

  private mutating func read(_ path: String) -> SourceFile? {
    do {
      let bytes = try FileSystem.read("\(root)/\(path)", atMost: Self.largestNote)
      if bytes.count > Self.largestNote {
        diagnostics.append(
          Diagnostic(
            .noteTooLarge,
            LocalText(
              "\(path) is larger than \(Self.largestNote >> 20) MiB",
              "\(path) 超过 \(Self.largestNote >> 20) MiB"),
            at: SourceLocation(path: path, range: 0..<0), help: LocalText("split it", "把它拆开")))
        return nil
      }
      let file = SourceFile(path: path, bytes: bytes)
      sources.append(file)
      return file
    } catch {
      diagnostics.append(
        Diagnostic(
          .unreadableFile, LocalText("\(path) can't be read: ", "无法读取 \(path)：") + error.reason,
          at: SourceLocation(path: path, range: 0..<0)))
      return nil
    }
  }

  /// Reads a file that is not a link out of the site: pages and messages must not show what nobody meant to publish.
  private mutating func readInside(_ path: String) -> SourceFile? {
    if staysInside(path) { return read(path) }
    diagnostics.append(leavesSite(path, help: LocalText("put the file itself into the site", "把文件本身放进站点")))
    return nil
  }

  private func leavesSite(_ path: String, help: LocalText) -> Diagnostic {
    Diagnostic(
      .pathLeavesSite, LocalText("\(path) is a link to a file outside the site", "\(path) 是指向站点之外的符号链接"),
      at: SourceLocation(path: path, range: 0..<0), help: help)
  }

  private mutating func readConfiguration() -> SiteConfiguration {
    guard FileSystem.kind("\(root)/\(SiteConfiguration.fileName)") != nil,
      let file = readInside(SiteConfiguration.fileName)
    else { return SiteConfiguration() }
    let (configuration, problems) = SiteConfiguration.read(file)
    diagnostics += problems
    return configuration
  }

  private mutating func readNotes(in folder: String) {
    for name in names(in: folder) where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      switch FileSystem.kind("\(root)/\(path)") {
      case .folder: readNotes(in: path)
      case .link where !staysInside(path):
        escapingLinks.insert(path)
        if name.hasSuffix(".md") {
          diagnostics.append(
            leavesSite(path, help: LocalText("put the note itself into the folder", "把笔记本身放进文件夹")))
        } else if FileSystem.kindFollowingLinks("\(root)/\(path)") == .folder {
          refuseLinkedFolder(path)
        }
      case .file, .link:
        let target = FileSystem.kindFollowingLinks("\(root)/\(path)")
        if target == nil, name.hasSuffix(".md") {
          diagnostics.append(
            Diagnostic(
              .unreadableFile, LocalText("\(path) is a link to nothing", "\(path) 是不指向任何文件的符号链接"),
              at: SourceLocation(path: path, range: 0..<0)))
        }
        if target == .folder { refuseLinkedFolder(path) }
        guard target == .file else { continue }
        guard paths.insert(path).inserted else {
          // Equal to us and to readers, but not to the disk: one of them would be lost.
          diagnostics.append(
            Diagnostic(
              .duplicateSlug,
              LocalText(
                "two files are called ‘\(path)’, with accents composed in two ways",
                "两个文件都叫 ‘\(path)’，只是重音符号的编码方式不同"),
              at: SourceLocation(path: path, range: 0..<0), help: LocalText("rename one of them", "给其中一个改名")))
          continue
        }
        if name.hasSuffix(".md") {
          if let note = read(path) { notes.append(note) }
        } else {
          assets.insert(path)
        }
      case .other, nil: continue
      }
    }
  }

  /// A link to a folder would let a site contain itself, and publish what lies elsewhere.
  private mutating func refuseLinkedFolder(_ path: String) {
    diagnostics.append(
      Diagnostic(
        .unreadableFile,
        LocalText(
          "\(path) is a link to a folder, and notes are not read through such links",
          "\(path) 是指向文件夹的符号链接，程序不会沿着这种链接读取笔记"),
        at: SourceLocation(path: path, range: 0..<0),
        help: LocalText("put the folder itself there, or remove the link", "把文件夹本身放到这里，或删掉这个链接")))
  }

  private func staysInside(_ path: String) -> Bool {
    guard let target = FileSystem.resolved("\(root)/\(path)") else { return true }
    return target.hasPrefix(root == "/" ? "/" : root + "/")
  }

  private mutating func readTemplates() {
    for name in names(in: Self.templatesFolder) where name.hasSuffix(".mustache") || name.hasSuffix(".css") {
      guard let file = readInside("\(Self.templatesFolder)/\(name)") else { continue }
      templates[name] = file
      if String(validating: file.bytes, as: UTF8.self) == nil {
        diagnostics.append(
          Diagnostic(
            .notUTF8, LocalText("the template is not UTF-8", "模板不是 UTF-8"),
            at: SourceLocation(path: file.path, range: 0..<0),
            help: LocalText("save it as UTF-8", "存为 UTF-8")))
      }
    }
  }

  private mutating func names(in folder: String) -> [String] {
    guard FileSystem.kindFollowingLinks("\(root)/\(folder)") == .folder else { return [] }
    do {
      return try FileSystem.names(in: "\(root)/\(folder)")
    } catch {
      diagnostics.append(
        Diagnostic(
          .unreadableFile,
          LocalText("the folder \(folder) can't be read: ", "无法读取文件夹 \(folder)：") + error.reason, at: nil))
      return []
    }
  }
}
