/// Paths inside a site: relative, with `/`, never leaving it.
public enum NotePath {
  /// The path that `written` means inside the file at `base`; `nil` where it leaves the site or is absolute.
  ///
  /// - Parameters:
  ///   - written: As written in a link, without query and fragment.
  ///   - base: The path of the file that holds the link, relative to the site.
  public static func resolve(_ written: String, from base: String) -> String? {
    guard !written.hasPrefix("/"), !written.contains("\\"), !written.contains("\0") else { return nil }
    var parts = base.split(separator: "/").dropLast().map(String.init)
    for part in written.split(separator: "/", omittingEmptySubsequences: true) {
      switch part {
      case ".": continue
      case "..":
        if parts.isEmpty { return nil }
        parts.removeLast()
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  /// The way from one page's folder to a file: `../b/index.html`. Both relative to the site's root.
  public static func relative(to target: String, fromFileAt base: String) -> String {
    let from = base.split(separator: "/").dropLast()
    let to = target.split(separator: "/")
    var common = 0
    while common < from.count, common < to.count - 1, from[common] == to[common] { common += 1 }
    let up = [String](repeating: "..", count: from.count - common)
    return (up + to[common...].map(String.init)).joined(separator: "/")
  }
}
