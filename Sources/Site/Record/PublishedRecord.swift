import AttentionKernel
import Diagnostics
import Experiments
import NotebookModel
import Wording

/// A `claims.json` that somebody published, read without trust.
public struct PublishedRecord: Sendable {
  /// The file.
  public let file: SourceFile
  /// The version of the program that wrote it.
  public let program: String
  /// The numeric contract under which its values were computed.
  public let numericContract: Int
  /// The language of the site.
  public let language: Language
  /// Its notes, made into notes again.
  public let notes: [RecordedNote]
  /// The files of the site as they were built; none in a record that does not list them.
  public let files: [RecordedFile]
  /// The whole file as a tree.
  let json: JSONText

  /// The most bytes that are read of such a file.
  public static let largestFile = 256 << 20

  /// The file's name beside the pages.
  public static let fileName = SiteRecord.fileName

  /// Reads a file and reports all that is wrong with it.
  ///
  /// - Returns: `nil` for the record where it can't be used at all.
  public static func read(_ file: SourceFile) -> (record: PublishedRecord?, diagnostics: [Diagnostic]) {
    let json: JSONText
    do {
      json = try JSONText.read(file.bytes)
    } catch {
      let problem = Diagnostic(
        .invalidRecord,
        LocalText(
          "\(file.path) can't be read: \(error.summary.english)", "无法读取 \(file.path)：\(error.summary.chinese)"
        ),
        at: SourceLocation(path: file.path, range: error.offset..<error.offset),
        help: LocalText(
          "it was damaged, or is not what ‘notebook build’ wrote", "文件损坏了，或不是 ‘notebook build’ 写出的文件"))
      return (nil, [problem])
    }
    var reader = RecordReader(file: file)
    guard reader.text("format", in: json) == SiteRecord.format else {
      reader.report(
        LocalText("this is no record of claims", "这不是论断的数据文件"), at: json["format"]?.range ?? 0..<0,
        help: LocalText("its ‘format’ must be ‘\(SiteRecord.format)’", "‘format’ 必须是 ‘\(SiteRecord.format)’"))
      return (nil, Array(reader.diagnostics.suffix(1)))
    }
    guard let version = reader.integer("version", in: json), version == SiteRecord.version else {
      reader.report(
        LocalText("this version of the format is not understood here", "这里不认识这个格式版本"),
        at: json["version"]?.range ?? 0..<0,
        help: LocalText(
          "this program reads version \(SiteRecord.version); use the program that built the site",
          "本程序能读版本 \(SiteRecord.version)；请用当初建站的程序"))
      return (nil, Array(reader.diagnostics.suffix(1)))
    }
    let program = reader.text("program", in: json) ?? ""
    let contract = reader.integer("numericContract", in: json) ?? 0
    let language = reader.language(in: json) ?? .english
    let notes = reader.items("notes", in: json).compactMap { RecordedNote.read($0, &reader) }
    reader.requireDifferentPages(notes)
    let files =
      json["files"] == nil
      ? [] : reader.items("files", in: json).compactMap { RecordedFile.read($0, &reader) }
    guard !reader.diagnostics.hasErrors else { return (nil, reader.diagnostics) }
    return (
      PublishedRecord(
        file: file, program: program, numericContract: contract, language: language, notes: notes,
        files: files,
        json: json),
      reader.diagnostics
    )
  }

  /// Why values can't be compared; `nil` where they can.
  public var contractProblem: Diagnostic? {
    guard numericContract != NumericContract.version else { return nil }
    return Diagnostic(
      .otherNumericContract,
      LocalText(
        "the site was computed under numeric contract \(numericContract); this program has \(NumericContract.version)",
        "本站按数值约定 \(numericContract) 计算；本程序是 \(NumericContract.version)"),
      at: SourceLocation(path: file.path, range: json["numericContract"]?.range ?? 0..<0),
      help: LocalText(
        "the same seeds give other numbers: use notebook \(program), or --quick to compare without computing",
        "同样的种子会给出不同的数：请用 notebook \(program)，或用 --quick 只比对、不计算"))
  }

  /// The measures as published, as if the experiments had just run: for comparing without computing.
  public func recordedResults(of plan: ExperimentPlan, _ documents: [NotebookDocument]) -> ExperimentResults {
    ExperimentResults(
      plan.experiments.compactMap { planned in
        guard let note = notes.first(where: { $0.path == planned.key.note }),
          let measures = note.measures[planned.key.id]
        else { return nil }
        return ExperimentResult(
          planned: planned, outcome: ExperimentOutcome(measures: measures, figures: []))
      }, of: documents)
  }

  /// A diagnostic about the notes made of the record, moved to where the record says what it speaks of.
  public func relocated(_ diagnostic: Diagnostic) -> Diagnostic {
    var moved = diagnostic
    moved.location = diagnostic.location.map(relocated)
    moved.notes = diagnostic.notes.map { note in
      Diagnostic.Note(note.text, at: note.location.map(relocated))
    }
    return moved
  }

  private func relocated(_ location: SourceLocation) -> SourceLocation {
    guard let note = notes.first(where: { $0.path == location.path }) else { return location }
    return SourceLocation(path: file.path, range: note.origin(of: location.range))
  }
}

/// A file of a site as it was built.
public struct RecordedFile: Sendable {
  /// The path beside the record.
  public let path: String
  private let fingerprint: String

  /// Whether bytes are those of the file.
  public func hasBytes(_ bytes: [UInt8]) -> Bool { Fingerprint.text(of: bytes) == fingerprint }

  static func read(_ json: JSONText, _ reader: inout RecordReader) -> RecordedFile? {
    guard let path = reader.text("path", in: json), let fingerprint = reader.text("fingerprint", in: json)
    else {
      return nil
    }
    guard NotePath.resolve(path, from: "") == path, RecordReader.isOneLine(path) else {
      reader.report(
        LocalText("‘\(path.prefix(80))’ is no file of a site", "‘\(path.prefix(80))’ 不是站点里的文件"),
        at: json["path"]?.range ?? json.range)
      return nil
    }
    return RecordedFile(path: path, fingerprint: fingerprint)
  }
}

/// One note of a record, made into a note again: the smallest one that states the same experiments, numbers and claims, so
/// that the very stages of a build plan, run and verify it.
public struct RecordedNote: Sendable {
  /// The note's path in its site.
  public let path: String
  /// The page's path beside the record.
  public let page: String
  /// The note.
  public let source: SourceFile
  /// The language of its page.
  public let language: Language
  /// The published measures of each experiment, by its id.
  let measures: [String: [Measure]]
  /// Checked numbers that the page shows as links, by their ordinals.
  let linkedNumbers: Set<Int>
  private let passages: [RecordPassage]

  /// Where the record says what stands at a place of the note.
  func origin(of range: Range<Int>) -> Range<Int> {
    passages.last { $0.start <= range.lowerBound }?.origin ?? 0..<0
  }

  static func read(_ json: JSONText, _ reader: inout RecordReader) -> RecordedNote? {
    var writer = NoteWriter()
    guard let path = reader.text("path", in: json), let page = reader.text("page", in: json),
      let language = reader.language(in: json), let title = reader.text("title", in: json),
      let date = reader.text("date", in: json)
    else { return nil }
    guard NotePath.resolve(path, from: "") == path, path.hasSuffix(".md"), RecordReader.isOneLine(path) else {
      reader.report(
        LocalText("‘\(path.prefix(80))’ is no path of a note", "‘\(path.prefix(80))’ 不是笔记的路径"),
        at: json["path"]?.range ?? json.range)
      return nil
    }
    guard page.hasSuffix(".html"), Slug.problem(with: String(page.dropLast(5))) == nil else {
      reader.report(
        LocalText("‘\(page.prefix(80))’ is no page of a site", "‘\(page.prefix(80))’ 不是站点里的页面"),
        at: json["page"]?.range ?? json.range)
      return nil
    }
    writer.add("---", from: json.range)
    for (key, text) in [
      ("title", title), ("date", date), ("lang", language.tag), ("slug", String(page.dropLast(5))),
    ] {
      writer.add("\(key): \(JSONValue.string(text).text())", from: json[key]?.range ?? json.range)
    }
    writer.add("---", from: json.range)
    var measures: [String: [Measure]] = [:]
    for experiment in reader.items("experiments", in: json) {
      guard let id = writer.addExperiment(experiment, &reader) else { continue }
      measures[id] = reader.items("measures", in: experiment).compactMap { reader.measure($0) }
    }
    var linked: Set<Int> = []
    for (index, number) in reader.items("numbers", in: json).enumerated() {
      writer.addNumber(number, &reader)
      if reader.flag("linked", in: number) == true { linked.insert(index + 1) }
    }
    writer.addClaims(reader.items("claims", in: json), &reader)
    return RecordedNote(
      path: path, page: page, source: SourceFile(path: path, text: writer.text), language: language,
      measures: measures, linkedNumbers: linked, passages: writer.passages)
  }
}

/// What a part of a note was made from.
struct RecordPassage: Sendable {
  /// Where it begins in the note.
  let start: Int
  /// Bytes of the record.
  let origin: Range<Int>
}

/// Writes the note that a record describes.
struct NoteWriter {
  private(set) var text = ""
  private(set) var passages: [RecordPassage] = []

  /// Adds a line.
  mutating func add(_ line: String, from origin: Range<Int>) {
    passages.append(RecordPassage(start: text.utf8.count, origin: origin))
    text += line + "\n"
  }

  /// Adds a directive with an experiment; `nil` where it has no usable id.
  mutating func addExperiment(_ json: JSONText, _ reader: inout RecordReader) -> String? {
    guard let id = reader.text("id", in: json), let kind = reader.text("kind", in: json) else { return nil }
    guard Identifier.problem(with: id) == nil else {
      reader.report(
        LocalText("‘\(id.prefix(60))’ can't be an id", "‘\(id.prefix(60))’ 不能作 id"),
        at: json["id"]?.range ?? json.range)
      return nil
    }
    guard case .object(let parameters)? = json["parameters"]?.content else {
      reader.reportMissing("parameters", in: json)
      return nil
    }
    add("\n```yaml experiment \(id)", from: json["id"]?.range ?? json.range)
    add("kind: \(JSONValue.string(kind).text())", from: json["kind"]?.range ?? json.range)
    for parameter in parameters {
      let name = JSONValue.string(parameter.key).text()
      add("\(name): \(parameter.value.value.text())", from: parameter.value.range)
    }
    add("figure: none\n```", from: json.range)
    return id
  }

  /// Adds a link that names a measure.
  mutating func addNumber(_ json: JSONText, _ reader: inout RecordReader) {
    guard let shown = reader.text("text", in: json), let target = reader.text("target", in: json) else {
      return
    }
    let written = json["reads"]?.string ?? shown
    let title = json["tolerance"]?.string
    guard [written, target, title ?? ""].allSatisfy(RecordReader.isOneLine) else {
      reader.report(
        LocalText("a checked number must stand on one line", "受查数字必须写在一行里"), at: json.range)
      return
    }
    let text = reader.flag("filledIn", in: json) == true ? "" : Self.escaped(written)
    let address = Self.address(target)
    add(
      "\n[\(text)](<\(address)>\(title.map { " \"\(Self.escaped($0))\"" } ?? ""))",
      from: json["text"]?.range ?? json.range)
  }

  /// Adds a directive with claims.
  mutating func addClaims(_ claims: [JSONText], _ reader: inout RecordReader) {
    guard let first = claims.first else { return }
    add("\n```yaml claims", from: first.range)
    for claim in claims {
      let members = ["id", "says", "check", "cited", "expect", "because"].compactMap { key in
        claim[key].map { JSONValue.Member(key: key, value: $0.value) }
      }
      add(
        "- \(JSONValue.object(members).text())",
        from: claim["check"]?.range ?? claim["cited"]?.range ?? claim.range)
    }
    add("```", from: first.range)
  }

  /// Text that Markdown takes as it is: a backslash before everything that could mean something.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar), scalar != " " {
        result += "\\"
      }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// A target inside angle brackets: what would end it, or be taken for an escape, percent-encoded.
  private static func address(_ target: String) -> String {
    var result = ""
    for scalar in target.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "<": result += "%3C"
      case ">": result += "%3E"
      case "\\": result += "%5C"
      case "&": result += "%26"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension JSONText {
  /// The same as a value to be written: numbers as texts where writing would round them.
  var value: JSONValue {
    switch content {
    case .null: .null
    case .bool(let flag): .bool(flag)
    case .number(let text): Int(text).map { .integer($0) } ?? Self.number(text)
    case .string(let text): .string(text)
    case .array(let items): .array(items.map(\.value))
    case .object(let members): .object(members.map { JSONValue.Member(key: $0.key, value: $0.value.value) })
    }
  }

  private static func number(_ text: String) -> JSONValue {
    guard let value = Double(text), Double(value.machineText) == value else { return .string(text) }
    return .number(value)
  }
}
