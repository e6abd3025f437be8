import CFileExchange
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An operation on a file that failed, with the system's reason.
struct FileError: Error {
  let operation: LocalText
  let path: String
  let code: Int32

  /// Stands for what the system has no number for: a pipe, a socket or a device where a file is expected.
  static let notAFile: Int32 = -1

  /// Why, in the system's words, which are English; in Chinese where the reason is a usual one.
  var reason: LocalText {
    if code == Self.notAFile { return LocalText("It is a pipe or a device, not a file", "它是管道或设备，不是文件") }
    let english = String(cString: strerror(code))
    return LocalText(english, Self.chineseReasons[code] ?? english)
  }

  /// What failed and why, in a sentence without a full stop.
  var words: LocalText {
    LocalText(
      "can't \(operation.english) \(path): \(reason.english)",
      "无法\(operation.chinese) \(path)：\(reason.chinese)")
  }

  private static let chineseReasons: [Int32: String] = [
    ENOENT: "文件或文件夹不存在", EACCES: "没有权限", EPERM: "不允许这样做", EISDIR: "这是一个文件夹", ENOTDIR: "这不是文件夹",
    EEXIST: "已经存在", ENOSPC: "磁盘已满", EROFS: "文件系统是只读的", ELOOP: "符号链接层数过多", ENAMETOOLONG: "名字过长",
    EMFILE: "打开的文件过多", EIO: "读写出错", EDQUOT: "超出磁盘配额", ENOTEMPTY: "文件夹不是空的", EFBIG: "文件过大",
  ]

  static func last(_ operation: LocalText, _ path: String) -> FileError {
    FileError(operation: operation, path: path, code: errno)
  }
}

extension LocalText {
  fileprivate static let read = LocalText("read", "读取")
  fileprivate static let write = LocalText("write", "写入")
  fileprivate static let makeFolder = LocalText("make the folder", "新建文件夹")
  fileprivate static let setPermissions = LocalText("set the permissions of", "设置权限：")
  fileprivate static let list = LocalText("list", "列出")
  fileprivate static let remove = LocalText("remove", "删除")
  fileprivate static let link = LocalText("link", "链接")
}

/// The few operations on files that the program needs; every failure is an error with its reason.
enum FileSystem {
  enum Kind { case file, folder, link, other }

  /// What stands at a path, links not followed; `nil` for nothing.
  static func kind(_ path: String) -> Kind? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return kind(status)
  }

  /// What stands at a path, links followed; `nil` for nothing or a link to nothing.
  static func kindFollowingLinks(_ path: String) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return kind(status)
  }

  private static func kind(_ status: stat) -> Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    case S_IFLNK: .link
    default: .other
    }
  }

  /// The file system that a path lies on, as a number; `nil` where nothing stands.
  static func device(_ path: String) -> UInt64? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return UInt64(truncatingIfNeeded: status.st_dev)
  }

  /// What tells one version of a file from another: size and time of the last change; `nil` where nothing stands.
  static func identity(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return "\(status.st_size) \(time.tv_sec).\(time.tv_nsec)"
  }

  /// The path with all links resolved; `nil` where something on the way is missing.
  static func resolved(_ path: String) -> String? {
    guard let pointer = realpath(path, nil) else { return nil }
    defer { free(pointer) }
    return String(cString: pointer)
  }

  /// The path from the root, links resolved as far as it exists, without `.`, `..` and a slash at its end.
  static func absolute(_ path: String) -> String {
    var existing = path.hasPrefix("/") ? path : "./" + path
    var missing: [Substring] = []
    while true {
      while existing.count > 1, existing.hasSuffix("/") { existing.removeLast() }
      if let found = resolved(existing) {
        return missing.isEmpty ? found : (found == "/" ? "" : found) + "/" + missing.joined(separator: "/")
      }
      let parent = parent(of: existing)
      // Not even the place to start from exists: whatever is tried with the path will say so.
      guard parent != existing, let name = existing.split(separator: "/").last else { return path }
      if name == ".." { return path }
      if name != "." { missing.insert(name, at: 0) }
      existing = parent
    }
  }

  static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

  /// Reads a file, at most `limit` bytes and one more, so that the caller can tell.
  static func read(_ path: String, atMost limit: Int = .max - 1) throws(FileError) -> [UInt8] {
    // Opening a pipe would otherwise wait for somebody to write.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last(.read, path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .last(.read, path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw FileError(operation: .read, path: path, code: isFolder ? EISDIR : FileError.notAFile)
    }
    // One byte more than there should be, so that the end is seen at once; a file that grew meanwhile needs more.
    var bytes: [UInt8] = []
    var wanted = min(Int(status.st_size), limit) + 1
    while true {
      let chunk = try chunk(of: descriptor, path, count: wanted, from: bytes.count)
      if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
      if chunk.count < wanted || bytes.count > limit { return bytes }
      wanted = min(1 << 16, limit - bytes.count + 1)
    }
  }

  /// Reads the bytes of a range; fewer where the file ends before it does.
  static func read(_ path: String, _ range: Range<Int>) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(.read, path) }
    defer { close(descriptor) }
    return try chunk(of: descriptor, path, count: range.count, from: range.lowerBound)
  }

  private static func chunk(
    of descriptor: Int32, _ path: String, count: Int, from start: Int
  ) throws(FileError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let read = pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(start + filled))
        if read < 0, errno == EINTR { continue }
        failed = read < 0
        if read <= 0 { break }
        filled += read
      }
    }
    if failed { throw .last(.read, path) }
    return bytes
  }

  /// Writes a new file, or over an old one.
  static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try write(bytes, to: path, O_TRUNC)
  }

  private static func write(_ bytes: [UInt8], to path: String, _ flags: Int32) throws(FileError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o666)
    guard descriptor >= 0 else { throw .last(.write, path) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        #if canImport(Darwin)
          Darwin.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
        #else
          Glibc.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
        #endif
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let error = FileError.last(.write, path)
        close(descriptor)
        throw error
      }
      written += count
    }
    // Some file systems report a full disk only here.
    guard close(descriptor) == 0 else { throw .last(.write, path) }
  }

  /// Puts new bytes in the place of a file in one step: a reader, or a power cut, sees the old ones or the new ones. A
  /// link stays a link, permissions stay as they are.
  static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    guard let target = resolved(path) else { throw .last(.write, path) }
    var status = stat()
    guard stat(target, &status) == 0 else { throw .last(.read, path) }
    guard isWritable(target) else { throw .last(.write, path) }
    let fresh = try writeBeside(target, bytes)
    do throws(FileError) {
      guard chmod(fresh, status.st_mode & 0o7777) == 0 else { throw FileError.last(.setPermissions, fresh) }
      try move(fresh, to: target)
    } catch {
      // The first error is the one to report.
      try? removeTree(fresh)
      throw error
    }
  }

  /// Puts bytes at a path in one step, whether a file stands there or none.
  static func put(_ bytes: [UInt8], at path: String) throws(FileError) {
    if kind(path) != nil { return try replace(path, with: bytes) }
    let fresh = try writeBeside(path, bytes)
    do throws(FileError) {
      try move(fresh, to: path)
    } catch {
      try? removeTree(fresh)
      throw error
    }
  }

  /// Writes a hidden file beside another under a name that nobody has, and returns its path. Links are not followed: a
  /// file of the author's is never written over.
  private static func writeBeside(_ path: String, _ bytes: [UInt8]) throws(FileError) -> String {
    let name = path.split(separator: "/").last ?? ""
    var number = 0
    while true {
      let fresh = "\(parent(of: path))/.\(name).\(getpid()).\(number).new"
      do throws(FileError) {
        try write(bytes, to: fresh, O_EXCL | O_NOFOLLOW)
        return fresh
      } catch {
        if error.code == EEXIST, number < 100 {
          number += 1
          continue
        }
        if error.code != EEXIST { try? removeTree(fresh) }
        throw error
      }
    }
  }

  static func copy(_ source: String, to path: String) throws(FileError) {
    try write(try read(source), to: path)
  }

  static func makeFolders(_ path: String) throws(FileError) {
    if kindFollowingLinks(path) == .folder { return }
    let parent = parent(of: path)
    if parent != path { try makeFolders(parent) }
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && kindFollowingLinks(path) == .folder else {
      throw .last(.makeFolder, path)
    }
  }

  /// Gives a folder the permissions of another, and always those that its owner needs to fill it.
  static func copyPermissions(of source: String, to path: String) throws(FileError) {
    var status = stat()
    guard stat(source, &status) == 0 else { throw .last(.read, source) }
    guard chmod(path, status.st_mode & 0o7777 | 0o700) == 0 else {
      throw .last(.setPermissions, path)
    }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Names in a folder, sorted by their bytes: the order must not depend on the disk.
  static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else { throw .last(.list, folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Every file, link and empty folder below a folder, as paths relative to it, sorted; those of empty folders end in
  /// `/`. Links are not followed.
  static func filesBelow(_ folder: String, prefix: String = "") throws(FileError) -> [String] {
    var files: [String] = []
    for name in try names(in: folder) {
      if kind("\(folder)/\(name)") == .folder {
        let inside = try filesBelow("\(folder)/\(name)", prefix: "\(prefix)\(name)/")
        files += inside.isEmpty ? ["\(prefix)\(name)/"] : inside
      } else {
        files.append(prefix + name)
      }
    }
    return files
  }

  static func removeTree(_ path: String) throws(FileError) {
    guard let kind = kind(path) else { return }
    if kind == .folder {
      for name in try names(in: path) { try removeTree("\(path)/\(name)") }
      guard rmdir(path) == 0 || errno == ENOENT else { throw .last(.remove, path) }
    } else {
      guard unlink(path) == 0 || errno == ENOENT else { throw .last(.remove, path) }
    }
  }

  /// Removes a folder that holds nothing; `false` where it holds something or is none.
  static func removeIfEmpty(_ folder: String) -> Bool { rmdir(folder) == 0 }

  static func move(_ source: String, to path: String) throws(FileError) {
    guard rename(source, path) == 0 else {
      throw .last(LocalText("move \(source) to", "把 \(source) 移到"), path)
    }
  }

  /// Makes the same file appear at a second path; copies where the file system has no such thing.
  static func link(_ source: String, to path: String) throws(FileError) {
    if linkat(AT_FDCWD, source, AT_FDCWD, path, 0) == 0 || errno == EEXIST { return }
    guard kind(source) == .file else { throw .last(.link, path) }
    try copy(source, to: path)
  }

  /// Lets two folders change places; `false` where the file system can't.
  static func exchange(_ left: String, _ right: String) throws(FileError) -> Bool {
    if file_exchange(left, right) == 0 { return true }
    if errno == EINVAL || errno == ENOSYS || errno == ENOTSUP { return false }
    throw .last(LocalText("exchange \(left) with", "把 \(left) 换成"), right)
  }
}
