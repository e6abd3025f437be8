import ArgumentParser
import Diagnostics
import Experiments
import Wording

/// `notebook explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a diagnostic means, with an example and how to mend it.",
    discussion: """
      The code is the word in brackets at the end of a message. Without one, every code is listed with its title.

        notebook explain wrong-number
        notebook explain wrong-number --language zh
        notebook explain --format json
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: ArgumentHelp("One code; all of them unless given.", valueName: "code"))
  var code: String?

  @Option(help: ArgumentHelp("text, or json in both languages.", valueName: "format"))
  var format: Format = .text

  @OptionGroup var language: LanguageOption

  func validate() throws {
    guard let code, DiagnosticCode(rawValue: code) == nil else { return }
    let nearest = Spelling.nearest(to: code, among: DiagnosticCode.allCases.map(\.rawValue))
    throw language.refusal(
      LocalText(
        "no message has the code ‘\(code)’; notebook explain lists them",
        "没有代码为 ‘\(code)’ 的消息；notebook explain 列出全部")
        + .didYouMeanToo(nearest))
  }

  func run() throws {
    let chosen = code.flatMap(DiagnosticCode.init(rawValue:))
    switch (format, chosen) {
    case (.json, _):
      let codes = chosen.map { [$0] } ?? DiagnosticCode.allCases
      StandardStream.output.write(Explanation.json(codes).text(indented: true) + "\n")
    case (.text, let code?): StandardStream.output.write(Explanation.text(code, in: language.chosen))
    case (.text, nil):
      StandardStream.output.write(
        TextTable.aligned(DiagnosticCode.allCases.map { [$0.rawValue, $0.entry.title[language.chosen]] }))
    }
  }
}

/// The catalogue as it is printed.
enum Explanation {
  /// More cells than this are hard to read in one line.
  private static let width = 88

  /// One entry: title, explanation, what fails, the same mended.
  static func text(_ code: DiagnosticCode, in language: Language) -> String {
    let entry = code.entry
    var output = "\(code.rawValue): \(entry.title[language])\n\n"
    output += TextWrap.lines(entry.explanation[language], cells: width).map { "  \($0)\n" }.joined()
    let example = entry.example
    for (heading, text) in [
      (LocalText("This fails", "这样会出错"), example.failing),
      (LocalText("This does not", "改成这样"), example.mended),
    ] {
      output +=
        "\n\(heading[language])\(place(example.place)[language])\n\n\(shown(text[language], in: language))"
    }
    if example.place == .passage {
      let words = LocalText("The note also holds this experiment:", "笔记里还有这个实验：")
      output += "\n\(words[language])\n\n\(indented(CatalogueExample.experiment))"
    }
    return output
  }

  private static func place(_ place: CatalogueExample.Place) -> LocalText {
    switch place {
    case .passage: LocalText(", in the text of a note:", "（笔记正文）：")
    case .note: LocalText(", as a note:", "（整篇笔记）：")
    case .configuration: LocalText(", in notebook.yml:", "（notebook.yml）：")
    case .template: LocalText(", in templates/page.mustache:", "（templates/page.mustache）：")
    case .sketch: LocalText(":", "：")
    }
  }

  private static func shown(_ text: String, in language: Language) -> String {
    text.allSatisfy(\.isWhitespace) ? indented(LocalText("(nothing)", "（空）")[language]) : indented(text)
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "\n" : "    \($0)\n" }
      .joined().trimmingLastBlankLines
  }

  /// `{"version": 1, "codes": [{"code", "title", "explanation", "example": {"place", "failing", "mended"}}]}`; every text
  /// is an object with `en` and `zh-Hans`.
  static func json(_ codes: [DiagnosticCode]) -> JSONValue {
    .object([
      "version": .integer(1),
      "codes": .array(
        codes.map { code in
          .object([
            "code": .string(code.rawValue), "title": json(code.entry.title),
            "explanation": json(code.entry.explanation),
            "example": .object([
              "place": .string(code.entry.example.place.rawValue),
              "failing": json(code.entry.example.failing), "mended": json(code.entry.example.mended),
            ]),
          ])
        }),
    ])
  }

  private static func json(_ text: LocalText) -> JSONValue {
    .object(
      Language.allCases.map { JSONValue.Member(key: $0.tag, value: .string(text[$0])) })
  }
}

extension String {
  /// Without empty lines at the end; the last line keeps its end.
  fileprivate var trimmingLastBlankLines: String {
    var result = self[...]
    while result.hasSuffix("\n\n") { result = result.dropLast() }
    return String(result)
  }
}
