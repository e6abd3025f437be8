import Diagnostics
import MarkdownTree
import NotebookModel
import Wording

/// Turns the links of notes into links between pages, and finds those that lead nowhere.
struct LinkResolver {
  /// Where a link leads.
  enum Target: Equatable {
    /// Away from the site, or a form that needs no change.
    case asWritten
    /// To a place in the site.
    case inside(href: String)
    /// To a claim, at this address.
    case claim(href: String, note: String, id: String)
    /// To a file that is copied beside the pages.
    case asset(href: String, path: String)
  }

  let map: SiteMap
  let notesFolder: String
  /// Files under the notes folder, by their paths in the site.
  let assets: Set<String>
  /// Links on disk that lead out of the site.
  let escapingLinks: Set<String>
  /// Notes that are left out.
  let drafts: Set<String>

  /// A link that leads nowhere.
  struct Failure: Error {
    let code: DiagnosticCode
    let summary: String
    var label: String?
    var help: String?
  }

  /// Where `destination`, written in the note at `path`, leads.
  func resolve(_ destination: String, from path: String) throws(Failure) -> Target {
    if Self.leadsAway(destination) { return .asWritten }
    let hash = destination.firstIndex(of: "#")
    let written = destination[..<(hash ?? destination.endIndex)]
    let fragment = hash.map { destination[destination.index(after: $0)...] } ?? ""
    guard let file = PercentEncoding.decoded(written), let anchor = PercentEncoding.decoded(fragment) else {
      throw Failure(code: .brokenLink, summary: "‘\(destination.prefix(80))’ is no address")
    }
    if file.isEmpty {
      if anchor.isEmpty { return .inside(href: "#") }
      return try self.anchor(anchor, in: path, prefix: "")
    }
    let target = try self.file(file, from: path)
    if target.hasSuffix(".md") {
      guard let page = map.pages[target] else {
        // The note is there but has no page, for reasons that were reported.
        if map.withoutPage.contains(target) { return .asWritten }
        if drafts.contains(target) {
          throw Failure(
            code: .brokenLink, summary: "‘\(target)’ is a draft, and drafts are left out",
            help: "include it with --drafts")
        }
        let nearest = Spelling.nearest(to: target, among: map.order.filter { $0 != path })
        throw Failure(
          code: .brokenLink, summary: "there is no note ‘\(target)’",
          label: Self.suggestion(nearest, from: path))
      }
      let href = Address.encodedPath(page.path)
      return anchor.isEmpty ? .inside(href: href) : try self.anchor(anchor, in: target, prefix: href)
    }
    // The name as the disk has it: two spellings of one accent are equal to us, but not to the disk.
    guard let onDisk = assets.firstIndex(of: target).map({ assets[$0] }) else {
      if escapingLinks.contains(target) {
        throw Failure(
          code: .pathLeavesSite, summary: "‘\(target)’ is a link to a file outside the site",
          help: "put the file itself into the folder")
      }
      let nearest = Spelling.nearest(to: target, among: assets.sorted())
      throw Failure(
        code: .missingAsset, summary: "there is no file ‘\(target)’",
        label: Self.suggestion(nearest, from: path))
    }
    let output = String(onDisk.dropFirst(notesFolder.count + 1))
    return .asset(href: Address.encodedPath(output), path: output)
  }

  /// A path as it would be written in the note at `path`.
  private static func suggestion(_ nearest: String?, from path: String) -> String? {
    nearest.map { "did you mean ‘\(NotePath.relative(to: $0, fromFileAt: path))’?" }
  }

  private func file(_ file: String, from path: String) throws(Failure) -> String {
    guard !file.hasPrefix("/"), let target = NotePath.resolve(file, from: path),
      target.hasPrefix(notesFolder + "/")
    else {
      throw Failure(
        code: .pathLeavesSite, summary: "‘\(file.prefix(80))’ lies outside the folder ‘\(notesFolder)’",
        help: "put what pages show into that folder, and name it as seen from the note")
    }
    return target
  }

  private func anchor(_ anchor: String, in path: String, prefix: String) throws(Failure) -> Target {
    guard let page = map.pages[path] else { return .asWritten }
    guard page.anchors.contains(anchor) else {
      let nearest = Spelling.nearest(to: anchor, among: page.anchors.sorted())
      throw Failure(
        code: .brokenLink,
        summary: "nothing in \(prefix.isEmpty ? "this note" : path) is called ‘\(anchor.prefix(80))’",
        label: nearest.map { "did you mean ‘\($0)’?" },
        help: nearest == nil && !page.anchors.isEmpty
          ? "there are: \(page.anchors.sorted().prefix(12).joined(separator: ", "))" : nil)
    }
    let href = "\(prefix)#\(Address.encoded(anchor))"
    if page.document.claims.contains(where: { $0.id.value == anchor }) {
      return .claim(href: href, note: path, id: anchor)
    }
    return .inside(href: href)
  }

  /// `https:`, `mailto:` and the like, and `//host`.
  private static func leadsAway(_ destination: String) -> Bool {
    if destination.hasPrefix("//") { return true }
    guard let colon = destination.firstIndex(of: ":") else { return false }
    let scheme = destination[..<colon]
    return scheme.first?.isLetter == true
      && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }
}
