import Experiments
import TensorFiles
import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The data files of a site on disk.
struct SiteDataFiles: DataFiles {
  /// The site's folder, absolute, links resolved.
  let root: String

  func open(_ path: String) throws(TensorFileProblem) -> any ByteSource {
    guard let target = FileSystem.resolved("\(root)/\(path)") else {
      throw TensorFileProblem(LocalText("is not there", "不存在"))
    }
    guard target.hasPrefix(root == "/" ? "/" : root + "/") else {
      throw TensorFileProblem(
        LocalText("is a link to a file outside the site", "是指向站点之外的链接"),
        help: LocalText("put the file itself into the site", "把文件本身放进站点"))
    }
    // Before it is opened: opening a pipe would wait for somebody to write.
    guard FileSystem.kind(target) == .file else {
      throw TensorFileProblem(LocalText("is no file", "不是文件"))
    }
    return try DiskFile(target)
  }
}

/// A file whose bytes are read when they are asked for.
private final class DiskFile: ByteSource {
  let count: Int
  private let descriptor: Int32

  init(_ path: String) throws(TensorFileProblem) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.unreadable() }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let problem = Self.unreadable()
      close(descriptor)
      throw problem
    }
    count = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  func bytes(_ range: Range<Int>) throws(TensorFileProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var filled = 0
    while filled < range.count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        pread(
          descriptor, buffer.baseAddress.map { $0 + filled }, range.count - filled,
          off_t(range.lowerBound + filled))
      }
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else { throw Self.unreadable() }
      guard read > 0 else {
        throw TensorFileProblem(LocalText("became shorter while it was read", "在读取过程中变短了"))
      }
      filled += read
    }
    return bytes
  }

  private static func unreadable() -> TensorFileProblem {
    let reason = String(cString: strerror(errno))
    return TensorFileProblem(LocalText("can't be read: \(reason)", "读不了：\(reason)"))
  }
}
