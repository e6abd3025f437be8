import Diagnostics
import Experiments
import MarkdownTree
import NotebookModel
import Wording

/// Numbers in running text that no measure supports.
public struct NumberCoverage: Sendable {
  private let documents: [NotebookDocument]
  private let results: ExperimentResults

  /// Looks through the text of some notes; measures are taken from the results of all.
  public init(_ documents: [NotebookDocument], _ results: ExperimentResults) {
    self.documents = documents
    self.results = results
  }

  /// A line for each such number, with the nearest measure of the note that it could be linked to.
  public func report(_ language: Language) -> String {
    var rows: [[String]] = []
    for document in documents {
      let measures = results.of(note: document.path).flatMap { result in
        result.outcome.measures.map { (id: result.planned.key.id, measure: $0) }
      }
      for (literal, text, offset) in Self.numbers(in: document) {
        let fitting = measures.filter { literal.accepts($0.measure.value) }
        let written = literal.number.doubleValue
        let nearest = fitting.min { abs($0.measure.value - written) < abs($1.measure.value - written) }
        let position = document.source.position(of: offset)
        let advice =
          nearest.map { match in
            let target = "\(match.id).\(match.measure.text)".replacing(" ", with: "")
            return "[\(text)](#\(target))"
          } ?? LocalText("no measure", "没有度量")[language]
        rows.append(["\(document.path):\(position.line):\(position.column)", text, advice])
      }
    }
    return TextTable.aligned(rows)
  }

  /// The numbers in the words of a note: not those in links, code, mathematics or front matter.
  private static func numbers(in document: NotebookDocument) -> [(NumberLiteral, String, Int)] {
    var found: [(NumberLiteral, String, Int)] = []
    for text in document.markdown.runningText {
      var rest = Array(text.literal)[...]
      var before: Character?
      // Bytes of what was gone through.
      var skipped = 0
      while let character = rest.first {
        guard character.isASCII, character.isNumber,
          before.map({ !$0.isLetter && !$0.isNumber && !"._".contains($0) }) ?? true
        else {
          skipped += character.utf8.count
          before = rest.removeFirst()
          continue
        }
        var end = rest.startIndex
        while end < rest.endIndex, rest[end].isASCII && rest[end].isNumber || ".,".contains(rest[end]) {
          end += 1
        }
        while end > rest.startIndex, ".,".contains(rest[end - 1]) { end -= 1 }
        if end < rest.endIndex, "%‰万亿".contains(rest[end]) { end += 1 }
        let word = String(rest[..<end])
        let isName = end < rest.endIndex && (rest[end].isLetter && rest[end].isASCII || rest[end] == "√")
        if !isName, let literal = NumberLiteral(word) {
          found.append((literal, word, text.range.lowerBound + skipped))
        }
        before = rest[end - 1]
        skipped += word.utf8.count
        rest = rest[end...]
      }
    }
    return found
  }
}
