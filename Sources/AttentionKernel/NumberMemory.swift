#if canImport(Glibc)
  import Glibc
#endif

/// Memory for many numbers, in pages as large as the system makes them.
///
/// The first touch of an ordinary page of 4 kB costs the system about 2 µs: 16 ms for 32 MB, several times what the loop
/// takes that writes them. A page of 2 MB costs about 100 µs, most of it for clearing.
enum NumberMemory {
  /// The size of a large page on x86-64 and on most arm64 systems; where it differs, some of the advice is in vain.
  static let largePage = 2 << 20

  /// Less than this is soon in use again, and the rest of the last page would be a waste.
  private static let leastLarge = 2 * largePage

  /// Returns memory that starts at a multiple of 64 bytes; its contents are undefined. To be freed by `deallocate()`.
  static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= leastLarge, byteCount <= .max - largePage else {
      return .allocate(byteCount: max(1, byteCount), alignment: 64)
    }
    let size = (byteCount + largePage - 1) / largePage * largePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: largePage)
    advise(memory, byteCount: size)
    return memory
  }

  /// Asks for large pages under memory that nobody has touched yet. Does nothing where that would not pay.
  static func preferLargePages(_ numbers: UnsafeMutableBufferPointer<Float>) {
    guard let base = numbers.baseAddress, numbers.count >= leastLarge / 4 else { return }
    // What is advised starts and ends at a page; 4 kB divides every system's page but need not be one.
    let start = (UInt(bitPattern: base) + 4095) & ~4095
    let end = (UInt(bitPattern: base) + 4 * UInt(numbers.count)) & ~4095
    guard let first = UnsafeMutableRawPointer(bitPattern: start) else { return }
    advise(first, byteCount: Int(end - start))
  }

  private static func advise(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    #if os(Linux)
      // Only advice: a system without large pages refuses, and everything works all the same.
      _ = madvise(memory, byteCount, MADV_HUGEPAGE)
    #endif
  }
}
