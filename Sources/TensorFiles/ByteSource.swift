import Wording

/// The bytes of a file, read piece by piece: a file may be far larger than what is wanted of it.
public protocol ByteSource {
  /// How many bytes there are.
  var count: Int { get }

  /// Returns the bytes of a range within `0 ..< count`.
  ///
  /// - Throws: Where they can't be read, or the file has become shorter.
  func bytes(_ range: Range<Int>) throws(TensorFileProblem) -> [UInt8]
}

/// Bytes that are in memory already.
extension [UInt8]: ByteSource {
  /// A copy of a part.
  public func bytes(_ range: Range<Int>) throws(TensorFileProblem) -> [UInt8] { Array(self[range]) }
}

/// Why a file gives no tensor.
public struct TensorFileProblem: Error, Hashable, Sendable {
  /// What is wrong, as the rest of a sentence that starts with the file's name, without a full stop.
  public let summary: LocalText
  /// How to mend it.
  public let help: LocalText?

  /// A problem with a file.
  public init(_ summary: LocalText, help: LocalText? = nil) {
    self.summary = summary
    self.help = help
  }

  /// A problem in words of both languages.
  init(_ english: String, _ chinese: String, help: LocalText? = nil) {
    self.init(LocalText(english, chinese), help: help)
  }
}
