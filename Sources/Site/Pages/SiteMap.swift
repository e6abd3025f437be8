import Diagnostics
import Experiments
import NotebookModel
import Wording

/// Where every note's page stands, and which anchors it has.
struct SiteMap {
  /// One page.
  struct Page {
    let document: NotebookDocument
    let frontMatter: FrontMatter
    /// The page's path in the output, such as `why-sqrt-d.html`.
    let path: String
    /// The id of each heading, by the byte at which the heading starts.
    let headingIDs: [Int: String]
    /// All anchors that links may name: headings, experiments, claims.
    let anchors: Set<String>
    /// The numbers of its figures and tables.
    let numbering: Numbering
    /// The other languages' pages of the same note, by path of the note.
    var translations: [String] = []
  }

  /// The pages by the paths of their notes.
  private(set) var pages: [String: Page] = [:]
  /// The paths of the notes, newest first, then by path.
  private(set) var order: [String] = []
  private(set) var diagnostics: [Diagnostic] = []
  /// Notes that no page could be made of; why was reported.
  private(set) var withoutPage: Set<String> = []

  init(_ documents: [NotebookDocument], _ results: ExperimentResults) {
    var owners: [String: NotebookDocument] = [:]
    for document in documents {
      guard let frontMatter = document.frontMatter else { continue }
      let slug = frontMatter.slug
      let location = SourceLocation(path: document.path, range: slug.range)
      if let other = owners[slug.value.lowercased()] {
        let otherSlug = other.frontMatter?.slug.range ?? 0..<0
        diagnostics.append(
          Diagnostic(
            .duplicateSlug,
            LocalText("two notes want the address ‘\(slug.value)’", "两篇笔记要用同一个地址 ‘\(slug.value)’"),
            at: location,
            notes: [
              Diagnostic.Note(
                LocalText("the other one", "另一篇"), at: SourceLocation(path: other.path, range: otherSlug))
            ],
            help: LocalText("give one of them another ‘slug:’", "给其中一篇另写一个 ‘slug:’")))
        continue
      }
      if let owner = Self.reserved(slug.value.lowercased()) {
        diagnostics.append(
          Diagnostic(
            .duplicateSlug,
            LocalText(
              "the address ‘\(slug.value.lowercased())’ belongs to \(owner.english)",
              "地址 ‘\(slug.value.lowercased())’ 留给\(owner.chinese)"),
            at: location,
            help: LocalText("give the note another ‘slug:’", "给这篇笔记另写一个 ‘slug:’")))
        continue
      }
      owners[slug.value.lowercased()] = document
      pages[document.path] = Self.page(document, frontMatter, Numbering(document, results))
    }
    withoutPage = Set(documents.map(\.path)).subtracting(pages.keys)
    order = pages.values.sorted {
      ($1.frontMatter.date.value, $0.document.path) < ($0.frontMatter.date.value, $1.document.path)
    }.map(\.document.path)
    connectTranslations()
  }

  /// Which page of the site's own wants an address.
  private static func reserved(_ slug: String) -> LocalText? {
    if slug == "index" { return LocalText("the list of all notes", "全部笔记的列表") }
    let isClaims = slug == "claims" || Language.allCases.contains { slug == "claims.\($0.tag.lowercased())" }
    return isClaims ? LocalText("the list of all claims", "全部论断的列表") : nil
  }

  private static func page(
    _ document: NotebookDocument, _ frontMatter: FrontMatter, _ numbering: Numbering
  ) -> Page {
    var anchors = Set(document.claims.map(\.id.value))
    for case .experiment(let directive) in document.directives { anchors.insert(directive.id.value) }
    var headingIDs: [Int: String] = [:]
    // Where counting went on for a name, so that thousands of equal headings don't each count from the start.
    var copies: [String: Int] = [:]
    for heading in document.markdown.index.headings {
      var slug = Slug.anchor(from: heading.inlines.plainText)
      if slug.isEmpty || Identifier.belongsToFigures(slug) { slug = "section-\(slug)" }
      var id = slug
      var copy = copies[slug, default: 1]
      while anchors.contains(id) {
        id = "\(slug)-\(copy)"
        copy += 1
      }
      copies[slug] = copy
      anchors.insert(id)
      headingIDs[heading.range.lowerBound] = id
    }
    return Page(
      document: document, frontMatter: frontMatter, path: "\(frontMatter.slug.value).html",
      headingIDs: headingIDs,
      anchors: anchors, numbering: numbering)
  }

  private mutating func connectTranslations() {
    for path in order {
      guard let written = pages[path]?.frontMatter.translates else { continue }
      let location = SourceLocation(path: path, range: written.range)
      let resolved = NotePath.resolve(written.value, from: path)
      if let resolved, withoutPage.contains(resolved) { continue }
      guard let target = resolved, pages[target] != nil, target != path else {
        let nearest = Spelling.nearest(to: resolved ?? written.value, among: order.filter { $0 != path })
        diagnostics.append(
          Diagnostic(
            .missingTranslation,
            LocalText("there is no note ‘\(written.value)’ to translate", "没有 ‘\(written.value)’ 这篇笔记可供翻译"),
            at: location,
            label: .didYouMean(nearest.map { NotePath.relative(to: $0, fromFileAt: path) }),
            help: LocalText("write its path as seen from this note", "写出从本笔记看过去的路径")))
        continue
      }
      for (note, other) in [(path, target), (target, path)]
      where pages[note]?.translations.contains(other) == false {
        pages[note]?.translations.append(other)
      }
    }
  }
}

/// Text as part of an address: everything but unreserved characters percent-encoded.
enum Address {
  static func encoded(_ text: String, keeping kept: String = "-._~") -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      if byte < 0x80,
        Character(scalar).isLetter || Character(scalar).isNumber || kept.unicodeScalars.contains(scalar)
      {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  static func encodedPath(_ path: String) -> String { encoded(path, keeping: "-._~/") }
}
