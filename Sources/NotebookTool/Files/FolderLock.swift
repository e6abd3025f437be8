import Wording

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Holds a folder for one build at a time. The system lets go when the process ends, however it ends.
struct FolderLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock; calls `waiting` once if another process has it, then waits.
  init(_ folder: String, waiting: () -> Void) throws(FileError) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .last(LocalText("open", "打开"), folder) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
    guard errno == EWOULDBLOCK else {
      // Some network file systems have no locks; building without one is what they get.
      return
    }
    waiting()
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  }

  deinit { close(descriptor) }
}
