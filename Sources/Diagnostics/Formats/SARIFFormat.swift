import Wording

extension DiagnosticReport {
  /// A log of SARIF 2.1.0 (OASIS) with one run: every code that occurs is a rule, every diagnostic a result.
  ///
  /// Paths are relative to where the program was called; columns count Unicode code points, as the run declares. Notes with a place are related
  /// locations, machine-applicable fixes are fixes.
  public var sarif: JSONValue {
    let codes = DiagnosticCode.allCases.filter { code in diagnostics.contains { $0.code == code } }
    return .object([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
      "runs": .array([
        .object([
          "tool": .object([
            "driver": .object([
              "name": .string("notebook"), "semanticVersion": .string(programVersion),
              "language": .string(language.tag), "rules": .array(codes.map(rule)),
            ])
          ]),
          "columnKind": .string("unicodeCodePoints"), "language": .string(language.tag),
          "results": .array(diagnostics.map { result($0, codes) }),
        ])
      ]),
    ])
  }

  private func rule(_ code: DiagnosticCode) -> JSONValue {
    .object([
      "id": .string(code.rawValue),
      "shortDescription": .object(["text": .string(code.entry.title[language])]),
      "fullDescription": .object(["text": .string(code.entry.explanation[language])]),
    ])
  }

  private func result(_ diagnostic: Diagnostic, _ codes: [DiagnosticCode]) -> JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ key: String, _ value: JSONValue) { members.append(JSONValue.Member(key: key, value: value)) }
    add("ruleId", .string(diagnostic.code.rawValue))
    add("ruleIndex", .integer(codes.firstIndex(of: diagnostic.code) ?? -1))
    add("level", .string(diagnostic.severity.rawValue))
    add("message", message(sentences(of: diagnostic)))
    if let location = diagnostic.location { add("locations", .array([sarif(location)])) }
    let related = diagnostic.notes.compactMap { note in note.location.map { (note, $0) } }
    if !related.isEmpty {
      add("relatedLocations", .array(related.map { sarif($0.1, message: $0.0.text[language]) }))
    }
    if !diagnostic.fixes.isEmpty { add("fixes", .array(diagnostic.fixes.map(sarif))) }
    return .object(members)
  }

  private func message(_ text: String) -> JSONValue { .object(["text": .string(text)]) }

  private func sarif(_ location: SourceLocation) -> JSONValue {
    .object(["physicalLocation": physical(location)])
  }

  private func sarif(_ location: SourceLocation, message text: String) -> JSONValue {
    .object(["physicalLocation": physical(location), "message": message(text)])
  }

  private func physical(_ location: SourceLocation) -> JSONValue {
    let artifact = JSONValue.object(["uri": .string(Self.uri(self.path(location)))])
    guard let region = region(location) else { return .object(["artifactLocation": artifact]) }
    return .object(["artifactLocation": artifact, "region": region])
  }

  private func region(_ location: SourceLocation) -> JSONValue? {
    places.region(location).map { region in
      .object([
        "startLine": .integer(region.start.line), "startColumn": .integer(region.start.column),
        "endLine": .integer(region.end.line), "endColumn": .integer(region.end.column),
      ])
    }
  }

  private func sarif(_ fix: Fix) -> JSONValue {
    var files: [String] = []
    for path in fix.replacements.map(\.location.path) where !files.contains(path) { files.append(path) }
    return .object([
      "description": message(fix.description[language]),
      "artifactChanges": .array(
        files.map { path in
          .object([
            "artifactLocation": .object(["uri": .string(Self.uri(root + path))]),
            "replacements": .array(
              fix.replacements.filter { $0.location.path == path }.map { replacement in
                .object([
                  "deletedRegion": region(replacement.location) ?? .object([:]),
                  "insertedContent": message(replacement.text),
                ])
              }),
          ])
        }),
    ])
  }

  /// A path as a relative URI reference (RFC 3986): UTF-8, everything but unreserved characters and `/` percent-encoded.
  static func uri(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"), UInt8(ascii: "/"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        result += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }

  /// The message with its notes and help, as one text.
  func sentences(of diagnostic: Diagnostic) -> String {
    let help = LocalText("Help: ", "改法：")[language]
    var parts = [diagnostic.summary[language]]
    if let label = diagnostic.label { parts.append(label[language]) }
    // Notes about parts of the place itself say what nobody would look for elsewhere.
    parts += diagnostic.notes.filter { note in
      guard let place = note.location else { return true }
      guard let whole = diagnostic.location, place.path == whole.path else { return false }
      return whole.range.lowerBound <= place.range.lowerBound
        && place.range.upperBound <= whole.range.upperBound
    }.map { $0.text[language] }
    if let words = diagnostic.help { parts.append(help + words[language]) }
    return parts.dropFirst().reduce(parts[0]) { text, part in
      let isQuestion = text.hasSuffix("?") || text.hasSuffix("？")
      return text + (isQuestion ? LocalText(" ", "") : LocalText(". ", "。"))[language] + part
    }
  }
}
