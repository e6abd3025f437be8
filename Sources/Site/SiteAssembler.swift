import AttentionKernel
import Claims
import Diagnostics
import Experiments
import Figures
import MarkupWriter
import NotebookModel
import SVGChart
import Wording

/// Puts a site together: pages, the index, the style sheet, the files that pages show. Pure; nothing is written.
public struct SiteAssembler: Sendable {
  private let configuration: SiteConfiguration
  private let templates: [String: SourceFile]
  private let templatesFolder: String
  private let notesFolder: String
  private let assets: Set<String>
  private let escapingLinks: Set<String>
  private let drafts: Set<String>
  private let programVersion: String

  /// An assembler for one site.
  ///
  /// - Parameters:
  ///   - templates: The files of the templates folder, by name.
  ///   - templatesFolder: Its path in the site, for messages.
  ///   - notesFolder: The notes folder's path in the site; what pages show lies in it.
  ///   - assets: The paths in the site of all files in the notes folder that are no notes.
  ///   - escapingLinks: Those among them that are links to files outside the site.
  ///   - drafts: The paths of notes that are left out, so that links to them can say so.
  ///   - programVersion: Shown in pages.
  public init(
    configuration: SiteConfiguration, templates: [String: SourceFile], templatesFolder: String,
    notesFolder: String,
    assets: Set<String>, escapingLinks: Set<String>, drafts: Set<String>, programVersion: String
  ) {
    self.configuration = configuration
    self.templates = templates
    self.templatesFolder = templatesFolder
    self.notesFolder = notesFolder
    self.assets = assets
    self.escapingLinks = escapingLinks
    self.drafts = drafts
    self.programVersion = programVersion
  }

  /// Finds what is wrong with the site, and makes every file of it.
  ///
  /// - Parameters:
  ///   - rendering: Whether the files are wanted too; what is wrong is found without them.
  ///   - threads: How many threads to use; the result doesn't depend on it.
  /// - Returns: `nil` for the site where something is wrong, or it is not wanted.
  public func assemble(
    _ documents: [NotebookDocument], _ results: ExperimentResults, _ verification: Verification,
    _ composition: Composition, rendering: Bool = true, threads: Int = 1
  ) -> (output: SiteOutput?, diagnostics: [Diagnostic]) {
    let (library, templateProblems) = TemplateLibrary.read(templates, folder: templatesFolder)
    var diagnostics = templateProblems
    let map = SiteMap(documents, results)
    diagnostics += map.diagnostics
    let resolver = LinkResolver(
      map: map, notesFolder: notesFolder, assets: assets, escapingLinks: escapingLinks, drafts: drafts)
    let pages = map.order.compactMap { map.pages[$0] }
    let renderers = Parallel.map(pages, threads: threads) { page in
      PageRenderer(
        page, results: results, verification: verification, composition: composition, resolver: resolver)
    }
    var shown: [String: SourceLocation] = [:]
    for (page, renderer) in zip(pages, renderers) {
      diagnostics += renderer.diagnostics
      for asset in renderer.assets where shown[asset] == nil {
        shown[asset] = SourceLocation(path: page.document.path, range: 0..<0)
      }
    }
    let hasScript = documents.contains { drags($0, composition) }
    diagnostics += collisions(
      of: shown, with: paths(map, hasScript: hasScript) + renderers.flatMap(\.dataPaths))
    guard rendering, let library, !diagnostics.hasErrors else { return (nil, diagnostics) }

    let relied = ReliedMeasures(map, verification, composition)
    var files = Parallel.map(Array(zip(pages, renderers)), threads: threads) { page, renderer in
      let rendered = renderer.render(
        results, verification, composition, relied, map, allowsRawHTML: configuration.allowsRawHTML)
      let value = pageValue(page, rendered, map, results, verification[page.document.path])
      return [Self.file(page.path, library.render(.page, value))] + rendered.data
    }.flatMap(\.self)
    files.append(Self.file(Self.indexPath, library.render(.index, indexValue(map, verification))))
    files += claimsPages(map, verification).map { Self.file($0.path, library.render(.claims, $0.value)) }
    // How a page looks is no part of what it says.
    let record = SiteRecord(
      map, results, verification, files: files, language: configuration.language,
      programVersion: programVersion)
    files.append(SiteOutput.File(path: SiteRecord.fileName, content: .bytes(record.bytes)))
    files.append(
      Self.file(
        Self.stylePath,
        library.render(.style, .object(["chartStyle": .markup(RawMarkup(trusted: ChartStyleSheet.css))]))))
    if hasScript { files.append(Self.file(DragScript.path, DragScript.text)) }
    for asset in shown.keys.sorted() { files.append(SiteOutput.File(path: asset, content: .copy(of: asset))) }
    return (SiteOutput(files), diagnostics)
  }

  private static let indexPath = "index.html"
  private static let stylePath = "style.css"

  /// The paths of all files that are made, and not copied.
  private func paths(_ map: SiteMap, hasScript: Bool) -> [String] {
    let language = configuration.language
    let claims = ClaimsPage.languages(of: map, site: language).map { ClaimsPage.path(in: $0, site: language) }
    return map.pages.values.map(\.path) + [Self.indexPath, Self.stylePath, SiteRecord.fileName] + claims
      + (hasScript ? [DragScript.path] : [])
  }

  private func drags(_ document: NotebookDocument, _ composition: Composition) -> Bool {
    document.directives.contains { directive in
      guard case .figure(let figure) = directive else { return false }
      return composition.figure(of: figure, in: document.path)?.row != nil
    }
  }

  private static func file(_ path: String, _ text: String) -> SiteOutput.File {
    SiteOutput.File(path: path, content: .bytes(Array(text.utf8)))
  }

  private func collisions(of shown: [String: SourceLocation], with paths: [String]) -> [Diagnostic] {
    let taken = Set(paths.map { $0.lowercased() })
    // Pages lie at the top, so a folder of files can only collide with its first name.
    func isTaken(_ asset: String) -> Bool {
      let asset = asset.lowercased()
      return taken.contains(asset)
        || asset.split(separator: "/").first.map { taken.contains(String($0)) } ?? false
    }
    return shown.sorted { $0.key < $1.key }.filter { isTaken($0.key) }.map {
      asset, location in
      Diagnostic(
        .duplicateSlug,
        LocalText("the file ‘\(asset)’ wants the address of a page", "文件 ‘\(asset)’ 占了某个页面的地址"), at: location,
        help: LocalText("rename the file", "给文件改名"))
    }
  }

  // MARK: What templates are filled with

  private func siteValue(_ language: Language) -> TemplateValue {
    .object([
      "title": .text(configuration.title[language]), "summary": .optional(configuration.summary?[language]),
    ])
  }

  private func translations(of page: SiteMap.Page, _ map: SiteMap) -> TemplateValue {
    .list(
      page.translations.compactMap { map.pages[$0] }.map { other in
        .object([
          "href": .text(Address.encodedPath(other.path)), "language": .text(other.document.language.tag),
          "name": .text(PageWords(language: other.document.language).languageName(other.document.language)),
        ])
      })
  }

  private func pageValue(
    _ page: SiteMap.Page, _ rendered: RenderedPage, _ map: SiteMap, _ results: ExperimentResults,
    _ verdicts: Verification.OfNote
  ) -> TemplateValue {
    let front = page.frontMatter
    let language = page.document.language
    let words = PageWords(language: language)
    let headings = page.document.markdown.index.headings.filter { $0.level == 2 }
    let experiments = results.of(note: page.document.path)
    let sentences = words.provenance(
      of: verdicts, experiments: experiments.count, programVersion: programVersion,
      contract: NumericContract.version)
    return .object([
      "version": .text(programVersion), "style": .text(Self.stylePath), "home": .text(Self.indexPath),
      "language": .text(language.tag), "site": siteValue(language), "title": .text(front.title.value),
      "titleMarkup": .markup(rendered.title),
      "summaryMarkup": rendered.summary.map { .markup($0) } ?? .optional(nil),
      "summary": .optional(front.summary?.value), "author": .optional(front.author ?? configuration.author),
      "date": .text(front.date.value.isoText), "updated": .optional(front.updated?.isoText),
      "tags": .list(front.tags.map { .object(["name": .text($0)]) }),
      "translations": translations(of: page, map),
      "hasContents": .flag(headings.count > 2),
      "contents": .list(
        headings.map { heading in
          .object([
            "href": .text("#" + Address.encoded(page.headingIDs[heading.range.lowerBound] ?? "")),
            "text": .text(heading.inlines.plainText),
          ])
        }),
      "content": .markup(rendered.content),
      "provenance": .list(sentences.map { .object(["text": .text($0)]) }),
      "hasExperiments": .flag(!experiments.isEmpty),
      "experiments": .list(
        experiments.map { result in
          .object([
            "href": .text("#" + Address.encoded(result.planned.key.id)), "id": .text(result.planned.key.id),
            "kind": .text(result.planned.kind.name), "parameters": .text(PageParts.parameters(of: result)),
          ])
        }),
      "verifyCommand": .text("notebook verify \(ShellWord.quoted(page.path))"),
      "claimsPage": .text(
        Address.encodedPath(ClaimsPage.path(in: language, site: configuration.language))
          + (verdicts.claims.isEmpty ? "" : "#" + Address.encoded(RecordAnchor.listed(page)))),
      "claimsData": .text(SiteRecord.fileName),
      "words": .object([
        "skip": .text(words.skip), "updated": .text(words.updated), "contents": .text(words.contents),
        "allNotes": .text(words.allNotes), "provenance": .text(words.provenance),
        "parameters": .text(words.parametersAndSeeds), "verify": .text(words.verifyYourself),
        "allClaims": .text(words.allClaims), "data": .text(words.claimsData),
      ]),
    ])
  }

  private func indexValue(_ map: SiteMap, _ verification: Verification) -> TemplateValue {
    let language = configuration.language
    let pages = map.order.compactMap { map.pages[$0] }
    var years: [(year: Int, pages: [SiteMap.Page])] = []
    for page in pages {
      let year = page.frontMatter.date.value.year
      if years.last?.year == year {
        years[years.count - 1].pages.append(page)
      } else {
        years.append((year, [page]))
      }
    }
    return .object([
      "version": .text(programVersion), "style": .text(Self.stylePath), "language": .text(language.tag),
      "site": siteValue(language),
      "claimsPage": .text(ClaimsPage.path(in: language, site: language)),
      "words": .object([
        "indexFooter": .text(PageWords(language: language).indexFooter),
        "allClaims": .text(PageWords(language: language).allClaims),
      ]),
      "years": .list(
        years.map { year, pages in
          .object([
            "year": .text(String(year)),
            "notes": .list(pages.map { entry($0, map, verification[$0.document.path]) }),
          ])
        }),
    ])
  }

  /// The page of all claims in each language that the site uses, with its path.
  private func claimsPages(_ map: SiteMap, _ verification: Verification) -> [(
    path: String, value: TemplateValue
  )] {
    let languages = ClaimsPage.languages(of: map, site: configuration.language)
    return languages.map { language in
      let page = ClaimsPage(language: language, siteLanguage: configuration.language, languages: languages)
      let value = page.value(
        map, verification, site: siteValue(language), programVersion: programVersion)
      return (ClaimsPage.path(in: language, site: configuration.language), value)
    }
  }

  private func entry(_ page: SiteMap.Page, _ map: SiteMap, _ verdicts: Verification.OfNote) -> TemplateValue {
    let front = page.frontMatter
    let language = page.document.language
    return .object([
      "language": .text(language.tag), "href": .text(Address.encodedPath(page.path)),
      "title": .text(front.title.value),
      "summary": .optional(front.summary?.value), "date": .text(front.date.value.isoText),
      "verified": .text(
        PageWords(language: language).verified(numbers: verdicts.numbers.count, claims: verdicts.claims.count)
      ),
      "tags": .list(front.tags.map { .object(["name": .text($0)]) }),
      "translations": translations(of: page, map),
    ])
  }
}

extension TemplateLibrary.Name {
  /// The names that the template may use.
  var schema: TemplateSchema {
    let tags = TemplateSchema.list(.object(["name": .text]))
    let translations = TemplateSchema.list(.object(["href": .text, "language": .text, "name": .text]))
    let site = TemplateSchema.object(["title": .text, "summary": .text])
    switch self {
    case .page:
      return .object([
        "version": .text, "style": .text, "home": .text, "language": .text, "site": site, "title": .text,
        "titleMarkup": .markup, "summaryMarkup": .markup,
        "summary": .text, "author": .text, "date": .text, "updated": .text, "tags": tags,
        "translations": translations,
        "hasContents": .flag, "contents": .list(.object(["href": .text, "text": .text])), "content": .markup,
        "provenance": .list(.object(["text": .text])), "hasExperiments": .flag,
        "experiments": .list(.object(["href": .text, "id": .text, "kind": .text, "parameters": .text])),
        "verifyCommand": .text, "claimsPage": .text, "claimsData": .text,
        "words": .object([
          "skip": .text, "updated": .text, "contents": .text, "allNotes": .text, "provenance": .text,
          "parameters": .text, "verify": .text, "allClaims": .text, "data": .text,
        ]),
      ])
    case .index:
      return .object([
        "version": .text, "style": .text, "language": .text, "site": site,
        "claimsPage": .text, "words": .object(["indexFooter": .text, "allClaims": .text]),
        "years": .list(
          .object([
            "year": .text,
            "notes": .list(
              .object([
                "language": .text, "href": .text, "title": .text, "summary": .text, "date": .text,
                "verified": .text,
                "tags": tags, "translations": translations,
              ])),
          ])),
      ])
    case .claims: return ClaimsPage.schema(site: site)
    case .style: return .object(["chartStyle": .markup])
    }
  }
}
