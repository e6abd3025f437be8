import Claims
import Diagnostics
import Experiments
import Figures
import MarkdownTree
import MarkupWriter
import NotebookModel
import SVGChart
import Wording

/// A page's text as markup.
struct RenderedPage {
  /// The title with its checked numbers.
  let title: RawMarkup
  /// The summary with its checked numbers.
  let summary: RawMarkup?
  let content: RawMarkup
  /// The data of its figures.
  let data: [SiteOutput.File]
}

/// Turns one note into the text of its page.
///
/// All that can be wrong with the page (links, figures) is found by making the renderer; rendering can't fail. What needs
/// counting is made before the text is walked through; the walk only looks up.
struct PageRenderer {
  private let page: SiteMap.Page
  private let words: PageWords
  /// Replacements of code blocks, by where the block starts.
  private var blocks: [Int: RawMarkup] = [:]
  /// Replacements of links, by where the link starts.
  private var numbers: [Int: RawMarkup] = [:]
  /// Where links and pictures lead, by where they start.
  private var targets: [Int: LinkResolver.Target] = [:]
  private var claimOutcomes: [Int: ClaimVerdict.Outcome] = [:]
  private var tableOrdinals: [Int: Int] = [:]
  /// Files to copy: output path.
  private(set) var assets: Set<String> = []
  /// The paths of the files with the data of its figures.
  private(set) var dataPaths: [String] = []
  private(set) var diagnostics: [Diagnostic] = []
  private var data: [SiteOutput.File] = []

  /// A renderer for the page of a note, which knows what is wrong with it.
  init(
    _ page: SiteMap.Page, results: ExperimentResults, verification: Verification, composition: Composition,
    resolver: LinkResolver
  ) {
    self.page = page
    words = PageWords(language: page.document.language)
    checkFigures(results, composition)
    prepareLinks(resolver, verification)
  }

  /// Renders the page.
  ///
  /// - Precondition: There are no diagnostics.
  func render(
    _ results: ExperimentResults, _ verification: Verification, _ composition: Composition,
    _ relied: ReliedMeasures, _ map: SiteMap, allowsRawHTML: Bool
  ) -> RenderedPage {
    var renderer = self
    for (index, table) in page.document.markdown.index.tables.enumerated() {
      renderer.tableOrdinals[table.range.lowerBound] = index + 1
    }
    renderer.prepareDirectives(results, verification, composition, relied, map)
    renderer.prepareNumbers(results, verification, map)
    var options = HTMLOptions.notebook(page.document.language, idPrefix: "note.")
    if allowsRawHTML { options.rawHTML = .allowed }
    let content = HTMLRenderer(options: options, delegate: renderer).markup(of: page.document.markdown)
    let front = page.frontMatter
    return RenderedPage(
      title: renderer.markup(of: front.titleText), summary: front.summaryText.map(renderer.markup),
      content: content, data: renderer.data)
  }

  /// Reports the figures that would have to lie.
  private mutating func checkFigures(_ results: ExperimentResults, _ composition: Composition) {
    let document = page.document
    for directive in document.directives {
      switch directive {
      case .experiment(let experiment):
        guard let result = results[ExperimentKey(note: document.path, id: experiment.id.value)] else {
          continue
        }
        dataPaths += FigureData.paths(of: result, in: page)
        guard let problem = result.planned.figures.lazy.compactMap(result.outcome.problem).first else {
          continue
        }
        diagnostics.append(.undrawable(result.planned, problem))
      case .figure(let directive):
        guard let figure = composition.figure(of: directive, in: document.path) else { continue }
        dataPaths += FigureData.paths(of: figure, in: page)
        guard let problem = PageParts.problem(of: figure) else { continue }
        diagnostics.append(.undrawable(figure, of: directive, in: document.path, problem))
      case .claims, .table: break
      }
    }
  }

  private mutating func prepareDirectives(
    _ results: ExperimentResults, _ verification: Verification, _ composition: Composition,
    _ relied: ReliedMeasures, _ map: SiteMap
  ) {
    let document = page.document
    let parts = PageParts(words: words, map: map)
    // Frames of one figure share its ordinal, so ordinals are the figures' numbers.
    for directive in document.directives {
      switch directive {
      case .experiment(let experiment):
        guard let result = results[ExperimentKey(note: document.path, id: experiment.id.value)] else {
          continue
        }
        blocks[experiment.range.lowerBound] = drawn {
          () throws(ChartError) in
          try parts.experiment(result, directive: experiment, page: page, relied: relied)
        }
        data += FigureData.files(of: result, in: page)
      case .claims(let claims):
        let ids = Set(claims.claims.map(\.id.range))
        blocks[claims.range.lowerBound] = parts.claims(
          verification[document.path].claims.filter { ids.contains($0.statement.id.range) })
      case .figure(let directive):
        guard let figure = composition.figure(of: directive, in: document.path),
          let part = page.numbering.parts[PageAnchor.figure(figure.id)]
        else { continue }
        blocks[directive.range.lowerBound] = drawn {
          () throws(ChartError) in try parts.figure(figure, part, page: page)
        }
        data += FigureData.files(of: figure, in: page)
      case .table(let directive):
        guard let table = composition.table(of: directive, in: document.path),
          let part = page.numbering.parts[PageAnchor.table(table.id)]
        else { continue }
        blocks[directive.range.lowerBound] = parts.table(table, part, from: document.path)
      }
    }
  }

  private func drawn(_ draw: () throws(ChartError) -> RawMarkup) -> RawMarkup {
    do throws(ChartError) {
      return try draw()
    } catch {
      preconditionFailure("a figure that was checked can't be drawn: \(error)")
    }
  }

  private mutating func prepareNumbers(
    _ results: ExperimentResults, _ verification: Verification, _ map: SiteMap
  ) {
    let parts = PageParts(words: words, map: map)
    for (index, verdict) in verification[page.document.path].numbers.enumerated() {
      guard let result = results[verdict.resolved.experiment] else { continue }
      var writer = MarkupWriter()
      // The two ends of an interval share a link; each leads to its own evidence.
      if let before = numbers[verdict.number.range.lowerBound] { writer.raw(before) }
      writer.text(verdict.number.leadingText)
      writer.raw(
        parts.checkedNumber(verdict, ordinal: index + 1, from: page.document.path, result: result))
      writer.text(verdict.number.trailingText)
      numbers[verdict.number.range.lowerBound] = writer.markup
    }
  }

  private func markup(of text: CheckedText) -> RawMarkup {
    var writer = MarkupWriter()
    for part in text.parts {
      switch part {
      case .words(let words): writer.text(words)
      case .numbers(let checked):
        // Where the measure is unknown, that is reported, and there will be no page.
        if let place = checked.first?.range.lowerBound, let markup = numbers[place] { writer.raw(markup) }
      }
    }
    return writer.markup
  }

  private mutating func prepareLinks(_ resolver: LinkResolver, _ verification: Verification) {
    let index = page.document.markdown.index
    for link in index.links where MeasureReference.references(target: link.destination).isEmpty {
      prepare(
        link.destination, at: link.range, written: link.destinationRange ?? link.range, resolver, verification
      )
      checkNumber(of: link)
    }
    for image in index.images {
      prepare(
        image.destination, at: image.range, written: image.destinationRange ?? image.range, resolver,
        verification)
    }
  }

  private mutating func prepare(
    _ destination: String, at range: Range<Int>, written: Range<Int>, _ resolver: LinkResolver,
    _ verification: Verification
  ) {
    do {
      let target = try resolver.resolve(destination, from: page.document.path)
      targets[range.lowerBound] = target
      switch target {
      case .asset(_, let path): assets.insert(path)
      case .claim(_, let note, let id):
        claimOutcomes[range.lowerBound] =
          verification[note].claims.first { $0.statement.id.value == id }?.outcome
      case .asWritten, .inside, .numbered: break
      }
    } catch {
      var problem = error
      problem.location = SourceLocation(path: page.document.path, range: written)
      diagnostics.append(problem)
    }
  }
}

extension PageRenderer {
  /// A link to a figure may call it by its number; then it must be that number.
  private mutating func checkNumber(of link: Link) {
    guard case .numbered(_, let part)? = targets[link.range.lowerBound] else { return }
    let text = link.children.plainText
    let digits = text.map { $0.wholeNumberValue.map(String.init) ?? " " }.joined().split(separator: " ")
    guard let written = digits.first, digits.count == 1, Int(written) != part.number else { return }
    let label = part.label[page.document.language]
    diagnostics.append(
      Diagnostic(
        .wrongFigureNumber,
        LocalText("‘\(text)’ leads to what is ‘\(label)’ in its page", "‘\(text)’ 指向的其实是 ‘\(label)’"),
        at: SourceLocation(path: page.document.path, range: link.textRange ?? link.range),
        help: LocalText(
          "write ‘\(label)’, or leave the brackets empty to have it filled in",
          "写 ‘\(label)’，或让方括号空着，由程序填上")))
  }
}

extension PageRenderer: HTMLRenderingDelegate {
  func markup(for block: Block, using renderer: HTMLRenderer) -> RawMarkup? {
    switch block {
    case .code(let code): return blocks[code.range.lowerBound]
    case .table(let table):
      var writer = MarkupWriter()
      let label = "\(words.table) \(tableOrdinals[table.range.lowerBound] ?? 0)"
      writer.element(
        "div", ["class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label]
      ) {
        $0.raw(renderer.defaultMarkup(of: block))
      }
      return writer.markup
    case .heading, .paragraph, .quote, .list, .html, .thematicBreak, .footnoteDefinition: return nil
    }
  }

  func markup(for inline: Inline, using renderer: HTMLRenderer) -> RawMarkup? {
    guard case .link(let link) = inline else { return nil }
    if let number = numbers[link.range.lowerBound] { return number }
    let href: String
    var outcome: ClaimVerdict.Outcome?
    var label: String?
    switch targets[link.range.lowerBound] {
    case .asWritten, nil: return nil
    case .inside(let inside): href = inside
    case .numbered(let numbered, let part):
      href = numbered
      label = part.label[page.document.language]
    case .asset(let asset, _): href = asset
    case .claim(let claim, _, _):
      href = claim
      outcome = claimOutcomes[link.range.lowerBound]
    }
    var writer = MarkupWriter()
    writer.open(
      "a",
      [
        "href": href, "class": outcome.map { "claim-link is-\($0.rawValue)" },
        "data-mark": outcome.map(PageWords.mark), "title": outcome.map { words.verdict($0) } ?? link.title,
      ])
    if let label, link.children.plainText.allSatisfy(\.isWhitespace) {
      writer.text(label)
    } else {
      writer.raw(renderer.markup(of: link.children))
    }
    writer.close("a")
    return writer.markup
  }

  func attributes(of element: HTMLElement) -> HTMLAttributes {
    switch element {
    case .heading(let heading):
      guard let id = page.headingIDs[heading.range.lowerBound] else { return HTMLAttributes() }
      return ["id": id]
    case .code: return ["tabindex": "0"]
    case .image(let image):
      guard case .asset(let href, _)? = targets[image.range.lowerBound] else { return HTMLAttributes() }
      return ["src": href]
    case .paragraph, .quote, .list, .item, .table, .headerCell, .cell, .link: return HTMLAttributes()
    }
  }
}
