import Claims
import MarkupWriter
import NotebookModel
import Wording

/// The page that lists the claims of all notes, in one of the site's languages.
struct ClaimsPage {
  let language: Language
  let siteLanguage: Language
  /// All languages that have such a page.
  let languages: [Language]

  /// The page's path: `claims.html` in the language of the site, `claims.en.html` in another one.
  static func path(in language: Language, site: Language) -> String {
    language == site ? "claims.html" : "claims.\(language.tag).html"
  }

  /// The languages in which a site has such a page: its own, and those of its notes.
  static func languages(of map: SiteMap, site: Language) -> [Language] {
    let used = Set(map.pages.values.map(\.document.language))
    return Language.allCases.filter { $0 == site || used.contains($0) }
  }

  private static let verdicts: [ClaimVerdict.Outcome] = [.holds, .refuted, .inconclusive, .cited]

  /// What the template is filled with. Notes in the page's language come first; those without claims are left out.
  func value(
    _ map: SiteMap, _ verification: Verification, site: TemplateValue, programVersion: String
  ) -> TemplateValue {
    let words = PageWords(language: language)
    let pages = map.order.compactMap { map.pages[$0] }.filter {
      !verification[$0.document.path].claims.isEmpty
    }
    let sorted =
      pages.filter { $0.document.language == language } + pages.filter { $0.document.language != language }
    let claims = sorted.flatMap { verification[$0.document.path].claims }
    return .object([
      "version": .text(programVersion), "style": .text("style.css"), "home": .text("index.html"),
      "language": .text(language.tag), "site": site, "data": .text(SiteRecord.fileName),
      "command": .text("notebook verify ."), "hasClaims": .flag(!claims.isEmpty),
      "translations": .list(
        languages.filter { $0 != language }.map { other in
          .object([
            "href": .text(Self.path(in: other, site: siteLanguage)), "language": .text(other.tag),
            "name": .text(words.languageName(other)),
          ])
        }),
      "count": .text(String(claims.count)),
      "verdicts": .list(
        Self.verdicts.map { outcome in
          .object([
            "name": .text(outcome.rawValue), "text": .text(words.verdictGroup(outcome)),
            "count": .text(String(claims.count { $0.outcome == outcome })),
          ])
        }),
      "notes": .list(sorted.map { note($0, map, verification[$0.document.path].claims) }),
      "words": .object([
        "skip": .text(words.skip), "title": .text(words.allClaims), "summary": .text(words.claimsSummary),
        "allNotes": .text(words.allNotes), "byVerdict": .text(words.filterByVerdict),
        "byNote": .text(words.filterByNote), "all": .text(words.allVerdicts),
        "unfiltered": .text(words.unfiltered),
        "noClaims": .text(words.noClaims), "footer": .text(words.claimsFooter),
        "data": .text(words.claimsData),
      ]),
    ])
  }

  private func note(_ page: SiteMap.Page, _ map: SiteMap, _ claims: [ClaimVerdict]) -> TemplateValue {
    let parts = PageParts(words: PageWords(language: page.document.language), map: map)
    return .object([
      "anchor": .text(RecordAnchor.listed(page)),
      "jump": .text("#" + Address.encoded(RecordAnchor.listed(page))),
      "href": .text(Address.encodedPath(page.path)), "language": .text(page.document.language.tag),
      "title": .text(page.frontMatter.title.value), "count": .text(String(claims.count)),
      "claims": .markup(parts.listing(claims, of: page)),
    ])
  }

  /// The names that the template may use.
  static func schema(site: TemplateSchema) -> TemplateSchema {
    .object([
      "version": .text, "style": .text, "home": .text, "language": .text, "site": site, "data": .text,
      "command": .text, "hasClaims": .flag,
      "translations": .list(.object(["href": .text, "language": .text, "name": .text])), "count": .text,
      "verdicts": .list(.object(["name": .text, "text": .text, "count": .text])),
      "notes": .list(
        .object([
          "anchor": .text, "jump": .text, "href": .text, "language": .text, "title": .text, "count": .text,
          "claims": .markup,
        ])),
      "words": .object([
        "skip": .text, "title": .text, "summary": .text, "allNotes": .text, "byVerdict": .text,
        "byNote": .text, "all": .text, "unfiltered": .text, "noClaims": .text, "footer": .text, "data": .text,
      ]),
    ])
  }
}
