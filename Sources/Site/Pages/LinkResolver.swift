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
    /// To a figure or a table, at this address.
    case numbered(href: String, NumberedPart)
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

  /// Where `destination`, written in the note at `path`, leads.
  ///
  /// - Throws: What is wrong with a link that leads nowhere; its place is the caller's to say.
  func resolve(_ destination: String, from path: String) throws(Diagnostic) -> Target {
    if Destination.isDangerous(destination) {
      let scheme = destination.prefix { $0 != ":" }
      throw Diagnostic(
        .brokenLink, severity: .warning,
        LocalText(
          "addresses that begin with ‘\(scheme):’ are left out of pages, so this leads nowhere",
          "以 ‘\(scheme):’ 开头的地址不会写进页面，这里哪儿也到不了"), at: nil,
        help: LocalText(
          "put a file into the notes folder, or link to a page with https:", "把文件放进笔记文件夹，或用 https: 链接到网页"))
    }
    if Self.leadsAway(destination) { return .asWritten }
    let hash = destination.firstIndex(of: "#")
    let written = destination[..<(hash ?? destination.endIndex)]
    let fragment = hash.map { destination[destination.index(after: $0)...] } ?? ""
    guard let file = PercentEncoding.decoded(written), let anchor = PercentEncoding.decoded(fragment) else {
      throw Diagnostic(
        .brokenLink,
        LocalText("‘\(destination.prefix(80))’ is no address", "‘\(destination.prefix(80))’ 不是地址"), at: nil)
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
          throw Diagnostic(
            .brokenLink,
            LocalText("‘\(target)’ is a draft, and drafts are left out", "‘\(target)’ 是草稿，草稿不参加构建"), at: nil,
            help: LocalText("include it with --drafts", "用 --drafts 把草稿也算进来"))
        }
        let nearest = Spelling.nearest(to: target, among: map.order.filter { $0 != path })
        throw Diagnostic(
          .brokenLink, LocalText("there is no note ‘\(target)’", "没有 ‘\(target)’ 这篇笔记"), at: nil,
          label: Self.suggestion(nearest, from: path))
      }
      let href = Address.encodedPath(page.path)
      return anchor.isEmpty ? .inside(href: href) : try self.anchor(anchor, in: target, prefix: href)
    }
    // The name as the disk has it: two spellings of one accent are equal to us, but not to the disk.
    guard let onDisk = assets.firstIndex(of: target).map({ assets[$0] }) else {
      if escapingLinks.contains(target) {
        throw Diagnostic(
          .pathLeavesSite,
          LocalText("‘\(target)’ is a link to a file outside the site", "‘\(target)’ 是指向站点之外的符号链接"), at: nil,
          help: LocalText("put the file itself into the folder", "把文件本身放进文件夹"))
      }
      let nearest = Spelling.nearest(to: target, among: assets.sorted())
      throw Diagnostic(
        .missingAsset, LocalText("there is no file ‘\(target)’", "没有 ‘\(target)’ 这个文件"), at: nil,
        label: Self.suggestion(nearest, from: path))
    }
    let output = String(onDisk.dropFirst(notesFolder.count + 1))
    return .asset(href: Address.encodedPath(output), path: output)
  }

  /// A path as it would be written in the note at `path`.
  private static func suggestion(_ nearest: String?, from path: String) -> LocalText? {
    .didYouMean(nearest.map { NotePath.relative(to: $0, fromFileAt: path) })
  }

  private func file(_ file: String, from path: String) throws(Diagnostic) -> String {
    guard !file.hasPrefix("/"), let target = NotePath.resolve(file, from: path),
      target.hasPrefix(notesFolder + "/")
    else {
      throw Diagnostic(
        .pathLeavesSite,
        LocalText(
          "‘\(file.prefix(80))’ lies outside the folder ‘\(notesFolder)’",
          "‘\(file.prefix(80))’ 在文件夹 ‘\(notesFolder)’ 之外"), at: nil,
        help: LocalText(
          "put what pages show into that folder, and name it as seen from the note",
          "页面要显示的东西都放进那个文件夹，并写从笔记看过去的路径"))
    }
    return target
  }

  private func anchor(_ anchor: String, in path: String, prefix: String) throws(Diagnostic) -> Target {
    guard let page = map.pages[path] else { return .asWritten }
    if let part = page.numbering.parts[anchor] {
      return .numbered(href: "\(prefix)#\(Address.encoded(part.anchor))", part)
    }
    // Of an experiment with errors, which were reported.
    if page.numbering.withoutPlace.contains(where: { anchor == $0 || anchor.hasPrefix($0 + ".") }) {
      return .asWritten
    }
    guard page.anchors.contains(anchor) else {
      let isNumbered = PageAnchor.prefixes.contains { anchor.hasPrefix($0 + ".") }
      let names = isNumbered ? Set(page.numbering.parts.keys) : page.anchors
      let nearest = Spelling.nearest(to: anchor, among: names.sorted())
      throw Diagnostic(
        .brokenLink,
        LocalText(
          "nothing in \(prefix.isEmpty ? "this note" : path) is called ‘\(anchor.prefix(80))’",
          "\(prefix.isEmpty ? "本笔记" : "‘\(path)’ ")里没有叫 ‘\(anchor.prefix(80))’ 的东西"),
        at: nil,
        label: .didYouMean(nearest),
        help: nearest == nil && !names.isEmpty
          ? LocalText("there are: ", "有这些：") + .list(names.sorted(), atMost: 12) : nil)
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
