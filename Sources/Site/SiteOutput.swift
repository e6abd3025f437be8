/// A built site: what stands at which path. Writing it is somebody else's work.
public struct SiteOutput: Hashable, Sendable {
  /// What a file holds.
  public enum Content: Hashable, Sendable {
    /// These bytes.
    case bytes([UInt8])
    /// The same as a file of the notes folder, by its path there.
    case copy(of: String)
  }

  /// One file.
  public struct File: Hashable, Sendable {
    /// The path relative to the output folder, with `/`, inside it.
    public let path: String
    /// What it holds.
    public let content: Content
  }

  /// The files, sorted by the bytes of their paths, each path once.
  public let files: [File]

  /// A site of these files.
  init(_ files: [File]) {
    self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}
