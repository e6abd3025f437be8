import Diagnostics
import Site
import Wording

/// The folder that a site is written into.
///
/// The new site is made beside the old one and changes places with it in one step, so that a build that fails or is
/// killed leaves the old site whole. Files that the program did not write stay: a list of its own files, kept in the
/// folder, tells them apart.
struct OutputFolder {
  /// The list of the files that the program wrote, one path a line; `\n` and `\\` stand for what they do in Swift.
  static let listName = ".notebook-files"

  /// What writing did.
  enum Outcome { case written, unchanged }

  let path: String
  /// The path as messages show it.
  let shownPath: String
  /// The option that chooses the folder.
  let option: String

  /// A folder that may not be there yet. A link to a folder stands for that folder.
  init(path: String, shownPath: String, option: String = "--output") {
    self.path = FileSystem.absolute(path)
    self.shownPath = shownPath
    self.option = option
  }

  private var parent: String { FileSystem.parent(of: path) }
  private var name: String { String(path.dropFirst(parent == "/" ? 1 : parent.count + 1)) }
  private var building: String { "\(parent)/.\(name).building" }
  private var previous: String { "\(parent)/.\(name).previous" }

  /// What stands in the way of writing; nothing is changed.
  func problems(for output: SiteOutput) -> [Diagnostic] { problems(forFiles: output.files.map(\.path)) }

  private func problems(forFiles files: [String]) -> [Diagnostic] {
    switch FileSystem.kind(path) {
    case .folder: break
    case nil:
      var existing = parent
      while FileSystem.kind(existing) == nil { existing = FileSystem.parent(of: existing) }
      if FileSystem.kindFollowingLinks(existing) != .folder {
        return [
          Diagnostic(
            .outputNotAFolder,
            LocalText(
              "\(existing) is a file, so \(shownPath) can't be a folder in it",
              "\(existing) 是文件，\(shownPath) 不能是其中的文件夹"), at: nil)
        ]
      }
      return FileSystem.isWritable(existing) ? [] : [notWritable(existing)]
    case .file, .link, .other:
      return [
        Diagnostic(
          .outputNotAFolder,
          LocalText("the output \(shownPath) is a file, not a folder", "输出位置 \(shownPath) 是文件，不是文件夹"),
          at: nil, help: moveIt)
      ]
    }
    guard FileSystem.isWritable(path) else { return [notWritable(shownPath)] }
    let ours = Set(ownFiles())
    return files.filter { !ours.contains($0) }.compactMap { file in
      var blocking = file
      while FileSystem.kind("\(path)/\(blocking)") == nil, let slash = blocking.lastIndex(of: "/") {
        blocking = String(blocking[..<slash])
      }
      guard let kind = FileSystem.kind("\(path)/\(blocking)"), blocking == file || kind != .folder,
        !ours.contains(blocking), !(kind == .folder && holdsOnly(ours, blocking))
      else { return nil }
      return Diagnostic(
        .outputHoldsOtherFiles,
        LocalText(
          "\(shownPath)/\(blocking) was not written by notebook and stands in the way",
          "\(shownPath)/\(blocking) 不是 notebook 写的，挡住了输出"),
        at: nil, help: moveIt)
    }
  }

  private var moveIt: LocalText {
    LocalText("move it away, or choose another folder with \(option)", "把它移走，或用 \(option) 另选文件夹")
  }

  private func holdsOnly(_ ours: Set<String>, _ folder: String) -> Bool {
    // What can't be looked into is not ours.
    guard let files = try? FileSystem.filesBelow("\(path)/\(folder)", prefix: folder + "/") else {
      return false
    }
    return !files.isEmpty && files.allSatisfy(ours.contains)
  }

  private func notWritable(_ folder: String) -> Diagnostic {
    Diagnostic(
      .outputNotWritable, LocalText("the folder \(folder) is not writable", "文件夹 \(folder) 不可写"), at: nil,
      help: LocalText(
        "change its permissions, or choose another folder with \(option)", "改变它的权限，或用 \(option) 另选文件夹"))
  }

  /// Writes files beside those that are there, and lists them as the program's own. Where something stands in the way,
  /// that is returned and nothing is written.
  func add(_ files: [(path: String, bytes: [UInt8])]) throws(FileError) -> [Diagnostic] {
    // A file that holds the same already is in nobody's way.
    let changed = files.filter { file in
      FileSystem.kind("\(path)/\(file.path)") != .file
        || (try? FileSystem.read("\(path)/\(file.path)")) != file.bytes
    }
    let problems = problems(forFiles: changed.map(\.path))
    guard problems.isEmpty, !changed.isEmpty else { return problems }
    try FileSystem.makeFolders(path)
    // The list comes first: whoever is interrupted must not leave files that nobody owns.
    let own = Set(ownFiles()).union(changed.map(\.path))
    let list = Self.list(own.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    let fresh = "\(path)/\(Self.listName).new"
    for file in [(path: Self.listName, bytes: Array(list.utf8))] + changed {
      // What an interrupted run left; never written through, should it be a link.
      try FileSystem.removeTree(fresh)
      do throws(FileError) {
        try FileSystem.write(file.bytes, to: fresh)
        try FileSystem.move(fresh, to: "\(path)/\(file.path)")
      } catch {
        // The first error is the one to report.
        try? FileSystem.removeTree(fresh)
        throw error
      }
    }
    return []
  }

  /// Puts the old site back where a killed build left it, and clears away what such a build had begun.
  func recover() throws(FileError) {
    if FileSystem.kind(path) == nil, FileSystem.kind(previous) == .folder {
      try FileSystem.move(previous, to: path)
    }
    for leftover in [building, previous, "\(path)/\((building as String).split(separator: "/").last ?? "")"] {
      if FileSystem.kind(leftover) != nil { try FileSystem.removeTree(leftover) }
    }
  }

  /// Writes the site; `sources` is the folder that copied files are relative to.
  func write(_ output: SiteOutput, copyingFrom sources: String) throws(FileError) -> Outcome {
    if isUpToDate(output, sources) { return .unchanged }
    let hasFolder = FileSystem.kind(path) != nil
    if hasFolder, !FileSystem.isWritable(parent) || FileSystem.device(path) != FileSystem.device(parent) {
      try writeInPlace(output, sources)
      return .written
    }
    do {
      try FileSystem.makeFolders(building)
      if hasFolder { try FileSystem.copyPermissions(of: path, to: building) }
      try fill(building, output, sources)
      if hasFolder {
        try carryOthers(from: path, to: building)
        try swap()
      } else {
        try FileSystem.move(building, to: path)
      }
    } catch {
      // The first error is the one to report; a half-made folder that stays is cleared by the next build.
      try? FileSystem.removeTree(building)
      throw error
    }
    return .written
  }

  private func swap() throws(FileError) {
    if try FileSystem.exchange(building, path) {
      // Files that others added meanwhile.
      try carryOthers(from: building, to: path)
      try FileSystem.removeTree(building)
      return
    }
    try FileSystem.move(path, to: previous)
    try FileSystem.move(building, to: path)
    try carryOthers(from: previous, to: path)
    try FileSystem.removeTree(previous)
  }

  /// For a folder that can't change places (a mount point, or one in a folder that is not ours to write): everything is
  /// written inside it first, then moved file by file, so that a full disk still harms nothing.
  private func writeInPlace(_ output: SiteOutput, _ sources: String) throws(FileError) {
    let inside = "\(path)/.\(name).building"
    let old = ownFiles()
    do {
      try FileSystem.makeFolders(inside)
      try fill(inside, output, sources)
      // Only where a file takes the place of a folder, or a folder that of a file, must the old one go first.
      for file in old where output.files.contains(where: { Self.excludeEachOther($0.path, file) }) {
        try removeOwn(file)
      }
      for file in output.files.map(\.path) + [Self.listName] {
        try FileSystem.makeFolders(FileSystem.parent(of: "\(path)/\(file)"))
        try FileSystem.move("\(inside)/\(file)", to: "\(path)/\(file)")
      }
    } catch {
      // The first error is the one to report.
      try? FileSystem.removeTree(inside)
      throw error
    }
    try FileSystem.removeTree(inside)
    let new = Set(output.files.map(\.path))
    for file in old where !new.contains(file) { try removeOwn(file) }
  }

  private static func excludeEachOther(_ left: String, _ right: String) -> Bool {
    left.hasPrefix(right + "/") || right.hasPrefix(left + "/")
  }

  /// Removes a file of the old site, and the folders that are empty without it.
  private func removeOwn(_ file: String) throws(FileError) {
    guard FileSystem.kind("\(path)/\(file)") != .folder else { return }
    try FileSystem.removeTree("\(path)/\(file)")
    var folder = FileSystem.parent(of: file)
    while folder != ".", FileSystem.removeIfEmpty("\(path)/\(folder)") {
      folder = FileSystem.parent(of: folder)
    }
  }

  private func fill(_ folder: String, _ output: SiteOutput, _ sources: String) throws(FileError) {
    for file in output.files {
      let target = "\(folder)/\(file.path)"
      try FileSystem.makeFolders(FileSystem.parent(of: target))
      try FileSystem.write(try bytes(of: file, sources), to: target)
    }
    try FileSystem.write(Array(list(of: output).utf8), to: "\(folder)/\(Self.listName)")
  }

  private func bytes(of file: SiteOutput.File, _ sources: String) throws(FileError) -> [UInt8] {
    switch file.content {
    case .bytes(let bytes): bytes
    case .copy(let source): try FileSystem.read("\(sources)/\(source)")
    }
  }

  private func list(of output: SiteOutput) -> String { Self.list(output.files.map(\.path)) }

  /// The list of files with these paths: a name may hold a line end.
  private static func list(_ paths: [String]) -> String {
    paths.map { path in
      // By scalars: a line end after a carriage return is no character of its own.
      path.unicodeScalars.map { $0 == "\n" ? "\\n" : $0 == "\\" ? "\\\\" : String($0) }.joined() + "\n"
    }.joined()
  }

  /// The paths in a list.
  private static func paths(_ list: [UInt8]) -> [String] {
    list.split(separator: 0x0A).map { line in
      var path: [UInt8] = []
      var bytes = line[...]
      while let byte = bytes.popFirst() {
        guard byte == UInt8(ascii: "\\"), let next = bytes.popFirst() else {
          path.append(byte)
          continue
        }
        path.append(next == UInt8(ascii: "n") ? 0x0A : next)
      }
      return String(decoding: path, as: UTF8.self)
    }
  }

  /// The files of the old site that the program wrote.
  private func ownFiles() -> [String] {
    // No list: the program wrote nothing here.
    guard let bytes = try? FileSystem.read("\(path)/\(Self.listName)") else { return [] }
    return Self.paths(bytes).filter { !$0.hasPrefix("/") && !$0.split(separator: "/").contains("..") }
  }

  private func carryOthers(from old: String, to new: String) throws(FileError) {
    let listed = try? FileSystem.read("\(old)/\(Self.listName)")
    var ours = Set(Self.paths(listed ?? []))
    ours.insert(Self.listName)
    for file in try FileSystem.filesBelow(old) where !ours.contains(file) {
      guard FileSystem.kind("\(new)/\(file)") == nil else { continue }
      try makeFolders(of: file, in: new, like: old)
      // An empty folder matters too: without `refs` a repository is none.
      if file.hasSuffix("/") { continue }
      try FileSystem.link("\(old)/\(file)", to: "\(new)/\(file)")
    }
  }

  private func makeFolders(of file: String, in new: String, like old: String) throws(FileError) {
    for end in file.indices where file[end] == "/" {
      let folder = file[..<end]
      guard FileSystem.kind("\(new)/\(folder)") == nil else { continue }
      try FileSystem.makeFolders("\(new)/\(folder)")
      try FileSystem.copyPermissions(of: "\(old)/\(folder)", to: "\(new)/\(folder)")
    }
  }

  private func isUpToDate(_ output: SiteOutput, _ sources: String) -> Bool {
    guard let listed = try? FileSystem.read("\(path)/\(Self.listName)"),
      listed == Array(list(of: output).utf8)
    else {
      return false
    }
    return output.files.allSatisfy { file in
      // A file that can't be read is not up to date; writing will say why.
      guard let old = try? FileSystem.read("\(path)/\(file.path)"), let new = try? bytes(of: file, sources)
      else {
        return false
      }
      return old == new
    }
  }
}
