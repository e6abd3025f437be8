import Claims
import Diagnostics
import Experiments
import NotebookModel
import Site
import Wording

/// Verifies a published site from the data it carries, by the same stages that built it.
struct PublishedVerification {
  let place: PublishedPlace
  let console: Console
  let threads: Int
  /// Whether the published measures are taken as they are.
  let isQuick: Bool

  /// What came of it.
  struct Outcome {
    var diagnostics: [Diagnostic] = []
    /// For quoting in messages.
    var sources: [SourceFile] = []
    var summary = LocalText(same: "")
  }

  /// Verifies everything.
  ///
  /// - Throws: ``CommandEnd`` where Ctrl-C was pressed.
  func run() throws -> Outcome {
    var outcome = Outcome()
    guard let record = readRecord(&outcome) else { return outcome }
    if !isQuick, let problem = record.contractProblem {
      outcome.diagnostics.append(problem)
      return outcome
    }
    var documents: [NotebookDocument] = []
    let parser = NotebookParser(siteLanguage: record.language)
    for note in record.notes {
      let (document, problems) = parser.parse(note.source)
      outcome.diagnostics += problems.map(record.relocated)
      if let document { documents.append(document) }
    }
    let results = try self.results(record, documents, &outcome)
    let verification = Verifier.verify(documents, results)
    // Warnings are for authors; that a claim is undecided is published as that.
    outcome.diagnostics += verification.diagnostics.filter { $0.severity == .error }.map(record.relocated)
    let audit = SiteAudit(record, documents, results, verification)
    outcome.diagnostics += audit.siteProblems.map(record.relocated)
    // Where the record itself is wrong, comparing it with its consequences would only repeat that.
    guard !outcome.diagnostics.hasErrors else { return outcome }
    outcome.diagnostics += audit.recordDifferences(isRecomputed: !isQuick)
    let pages = comparePages(record, audit, &outcome)
    compareFiles(record, &outcome)
    outcome.summary = summary(record, results, verification, documents, pages: pages)
    return outcome
  }

  private func readRecord(_ outcome: inout Outcome) -> PublishedRecord? {
    guard let file = read(place.record, &outcome) else { return nil }
    let (record, diagnostics) = PublishedRecord.read(file)
    outcome.diagnostics += diagnostics
    return record
  }

  private func read(_ path: String, _ outcome: inout Outcome) -> SourceFile? {
    do {
      let bytes = try FileSystem.read(path, atMost: PublishedRecord.largestFile)
      guard bytes.count <= PublishedRecord.largestFile else {
        outcome.diagnostics.append(
          Diagnostic(
            .invalidRecord,
            LocalText(
              "\(path) is larger than \(PublishedRecord.largestFile >> 20) MiB",
              "\(path) 超过 \(PublishedRecord.largestFile >> 20) MiB"), at: nil))
        return nil
      }
      let file = SourceFile(path: path, bytes: bytes)
      outcome.sources.append(file)
      return file
    } catch {
      outcome.diagnostics.append(
        Diagnostic(
          .unreadableFile, LocalText("\(path) can't be read: ", "无法读取 \(path)：") + error.reason, at: nil))
      return nil
    }
  }

  private func results(
    _ record: PublishedRecord, _ documents: [NotebookDocument], _ outcome: inout Outcome
  ) throws -> ExperimentResults {
    let plan = ExperimentPlan(documents: documents, limits: MachineLimits.work(threads: threads))
    if isQuick {
      outcome.diagnostics += plan.diagnostics.map(record.relocated)
      return record.recordedResults(of: plan, documents)
    }
    // Nothing kept from earlier builds: what is verified must be computed.
    let session = ExperimentSession(console: console, threads: threads, store: NoStore())
    let run = try session.run(plan, of: documents)
    outcome.diagnostics += run.diagnostics.map(record.relocated)
    return run.results
  }

  /// Compares the pages with the record; returns how many there were.
  private func comparePages(
    _ record: PublishedRecord, _ audit: SiteAudit, _ outcome: inout Outcome
  ) -> Int {
    var names: [String] = []
    switch place.pages {
    case .none: return 0
    case .one(let name): names = [name]
    case .all: names = record.notes.map(\.page) + audit.claimsPages
    }
    for name in names {
      let path = path(of: name)
      let note = record.notes.first { $0.page == name }
      guard note != nil || audit.claimsPages.contains(name) else {
        outcome.diagnostics.append(
          Diagnostic(
            .pageMissing, LocalText("the record knows no page \(name)", "数据里没有页面 \(name)"), at: nil,
            help: LocalText(
              "its pages are: \(record.notes.map(\.page).prefix(12).joined(separator: ", "))",
              "它的页面有：\(record.notes.map(\.page).prefix(12).joined(separator: "、"))")))
        continue
      }
      guard FileSystem.kindFollowingLinks(path) == .file else {
        outcome.diagnostics.append(
          Diagnostic(
            .pageMissing, LocalText("there is no page \(path)", "没有页面 \(path)"), at: nil,
            help: LocalText("the record speaks of it; publish it too, or build again", "数据里提到它；请一并发布，或重新构建")))
        continue
      }
      guard let page = read(path, &outcome) else { continue }
      outcome.diagnostics +=
        note.map { audit.differences(of: page, showing: $0) } ?? audit.differences(ofClaimsPage: page)
    }
    return names.count
  }

  private func path(of name: String) -> String {
    place.folder == "." ? name : place.folder == "/" ? "/\(name)" : "\(place.folder)/\(name)"
  }

  /// Compares the files with those that were built, byte for byte: what nothing else looks at, such as the author's words
  /// and the figures.
  private func compareFiles(_ record: PublishedRecord, _ outcome: inout Outcome) {
    // What was said of a page explains that its bytes are others.
    let known = Set(outcome.diagnostics.compactMap(\.location?.path))
    for file in record.files {
      let path = path(of: file.path)
      switch place.pages {
      case .none: continue
      case .one(let name) where name != file.path: continue
      case .one, .all: break
      }
      guard FileSystem.kindFollowingLinks(path) == .file else {
        // Of a page this was said.
        guard !file.path.hasSuffix(".html") || file.path == "index.html" else { continue }
        outcome.diagnostics.append(
          Diagnostic(
            .pageMissing, LocalText("there is no file \(path)", "没有文件 \(path)"), at: nil,
            help: LocalText("the record speaks of it; publish it too, or build again", "数据里提到它；请一并发布，或重新构建")))
        continue
      }
      guard !known.contains(path), let found = read(path, &outcome), !file.hasBytes(found.bytes) else {
        continue
      }
      outcome.diagnostics.append(
        Diagnostic(
          .pageDiffers,
          LocalText(
            "\(path) is not as it was built, though its numbers and claims are",
            "\(path) 与建成时不同，虽然其中的数字和论断没有变"),
          at: SourceLocation(path: path, range: 0..<0),
          help: LocalText(
            "its words, a figure or a link were changed after the build, or whoever serves it rewrote it; build it again",
            "正文、图或链接在建成之后被改动过，或被托管方改写；请重新构建")))
    }
  }

  private func summary(
    _ record: PublishedRecord, _ results: ExperimentResults, _ verification: Verification,
    _ documents: [NotebookDocument], pages: Int
  ) -> LocalText {
    let experiments = results.keys.count
    let measures = results.keys.compactMap { results[$0] }.reduce(0) { $0 + $1.outcome.measures.count }
    let numbers = documents.reduce(0) { $0 + verification[$1.path].numbers.count }
    let claims = documents.reduce(0) { $0 + verification[$1.path].claims.count }
    func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    let ran =
      isQuick
      ? LocalText(
        "nothing ran; \(plural(experiments, "experiment")) with \(plural(measures, "measure")) taken as published",
        "没有重新计算；\(experiments) 个实验的 \(measures) 个度量按已发布的取用")
      : LocalText(
        "\(plural(experiments, "experiment")) ran again, \(plural(measures, "measure")) equal to the last digit",
        "\(experiments) 个实验重新算过，\(measures) 个度量直到末位相同")
    let said =
      pages == 0
      ? LocalText(same: "")
      : LocalText(
        ", \(plural(pages, "page")) \(pages == 1 ? "says" : "say") what the record says", "，\(pages) 个页面与数据一致"
      )
    return ran
      + LocalText(
        "; \(plural(numbers, "checked number")) and \(plural(claims, "claim")) as published",
        "；\(numbers) 个受查数字、\(claims) 条论断与发布的一致") + said
  }
}
