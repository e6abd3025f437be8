import TensorFiles
import Wording

/// The files that notes may read. Only whoever runs the program knows a disk; everybody else asks here.
public protocol DataFiles: Sendable {
  /// Opens the file at a path relative to the site.
  ///
  /// - Throws: Where there is none, it lies outside the site, or it can't be read.
  func open(_ path: String) throws(TensorFileProblem) -> any ByteSource
}

/// No files at all.
public struct NoDataFiles: DataFiles {
  /// No files.
  public init() {}

  /// Never there.
  public func open(_ path: String) throws(TensorFileProblem) -> any ByteSource {
    throw TensorFileProblem(
      LocalText("can't be read here", "在这里读不了"),
      help: LocalText(
        "a published site only names a file of more than \(ParameterValue.mostPublishedNumbers.grouped) numbers; whoever has the notes can check it",
        "超过 \(ParameterValue.mostPublishedNumbers.grouped) 个数的文件，已发布的站点只给出名字；有笔记的人可以核对"))
  }
}
