import Foundation
import Testing
import Wording

@testable import SVGChart

struct TableTests {
  /// Reads a number as the page writes it.
  static func value(_ text: String) -> Double? {
    var text = text.replacing("−", with: "-").replacing(",", with: "")
    let superscripts: [Character: Character] = [
      "⁻": "-", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
      "⁹": "9",
    ]
    if text.first == "2", let next = text.dropFirst().first, superscripts[next] != nil {
      return Int(String(text.dropFirst().map { superscripts[$0] ?? $0 })).map { Logarithm.powerOf2($0) }
    }
    if let range = text.firstRange(of: "×10") ?? (text.hasPrefix("10") ? text.firstRange(of: "10") : nil),
      let next = text[range.upperBound...].first, superscripts[next] != nil
    {
      let power = String(text[range.upperBound...].map { superscripts[$0] ?? $0 })
      let mantissa = text[..<range.lowerBound].replacing("×", with: "")
      text = (mantissa.isEmpty ? "1" : mantissa == "-" ? "-1" : String(mantissa)) + "e" + power
    }
    return Double(text)
  }

  @Test func `the table equals the data to six digits`() throws {
    let x = [1.0, 2, 3, 4]
    let y = [0.000012345678, -1234567.891, 0, 2.0 / 3]
    let chart = Chart(
      title: LocalText(same: "table"), x: .linear(LocalText(same: "x")), y: .linear(LocalText(same: "y"))
    ) {
      Line(LocalText(same: "a"), x: x, y: y, key: 0)
      Band(LocalText(same: "b"), x: x, low: y.map { $0 - 1 }, high: y.map { $0 + 1 }, level: 0.9, key: 0)
    }
    let html = try chart.figureHTML(ordinal: 1, language: .english).text
    let body = try #require(html.firstMatch(of: /<tbody>(.*?)<\/tbody>/)).output.1
    let cells = body.matches(of: /<t[hd][^>]*>([^<]*)/).map { String($0.output.1) }
    let expected = x.indices.flatMap { [x[$0], y[$0], y[$0] - 1, y[$0] + 1] }
    try #require(cells.count == expected.count)
    for (cell, number) in zip(cells, expected) {
      let read = try #require(Self.value(cell), "\(cell)")
      #expect(abs(read - number) <= 5.1e-6 * abs(number), "\(cell) \(number)")
    }
  }

  @Test func `the download equals the data to six digits`() throws {
    let table = Samples.sorted.table
    let lines = table.csv(.english).split(separator: "\n")
    #expect(lines.count == 513)
    for (line, row) in zip(lines.dropFirst(), table.rows) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields.count == row.count)
      for (field, cell) in zip(fields, row) {
        guard case .number(let value) = cell else { continue }
        let read = try #require(Double(field))
        #expect(abs(read - value) <= 5.1e-6 * abs(value))
      }
    }
  }

  @Test func `every value of every layer is in the table`() {
    for sample in Samples.all {
      var numbers: [Double] = []
      var names = 0
      for cell in sample.chart.table.rows.joined() {
        switch cell {
        case .number(let value): numbers.append(value)
        case .text: names += 1
        case .empty: break
        }
      }
      let known = Set(numbers)
      for layer in sample.chart.panels.flatMap({ $0.layers + ($0.strip?.layers ?? []) }) {
        let values: [Double] =
          switch layer {
          case .line(let line): line.y
          case .band(let band): band.low + band.high
          case .steps(let steps): steps.heights + steps.edges
          case .bars(let bars): bars.y
          case .dots(let dots): dots.y
          case .interval(let interval): interval.low + interval.high + interval.middle + interval.innerLow
          case .heat(let heat): PooledHeat(heat).values.filter(\.isFinite) + (heat.rowStrip?.values ?? [])
          case .rule, .region: []
          }
        #expect(values.allSatisfy(known.contains), "\(sample.name): \(layer.name.english)")
      }
    }
  }

  @Test(arguments: [2, 7, 40, 511])
  func `thinning keeps the ends and the number of rows`(count: Int) {
    let full = Samples.sorted.table
    let thin = full.thinned(to: count)
    #expect(thin.rows.count == count)
    #expect(thin.rows.first == full.rows.first && thin.rows.last == full.rows.last)
    let long = Samples.histograms.table
    let short = long.thinned(to: 100)
    #expect(short.sections.count == long.sections.count)
    #expect(short.sections.map(\.count).reduce(0, +) == short.rows.count)
  }

  @Test(arguments: [2, 40, 500])
  func `a table of only the largest cells thins to the same rows as the whole`(count: Int) {
    #expect(Samples.attention.table(atMost: 500).rows.count == 500 + 64)
    for sample in [Samples.attention, Samples.heads] {
      let part = sample.table(atMost: 500)
      #expect(part.rowCount == sample.table.rows.count)
      #expect(part.thinned(to: count).rows == sample.table.thinned(to: count).rows)
    }
  }

  @Test(arguments: ["a,b\n√d,1\n", "缩放,熵\n", "é\u{85}\u{FFFE}\u{E000}\t<&>\"'%#\n", "👩‍👩‍👧‍👦 العربية"])
  func `a link decodes to the bytes of its data`(text: String) throws {
    let encoded = DataLink.encoded(text)
    #expect(encoded.removingPercentEncoding == text)
    #expect(!encoded.contains(where: { "<>\"'%# \n\t".contains($0) && $0 != "%" }))
  }

  @Test(arguments: [400, 2_000, 4_000, 1_000_000])
  func `a link holds as many rows as its bytes allow, and they are the thinned table`(limit: Int) throws {
    for sample in Samples.all {
      let table = sample.chart.table
      let (address, rows) = table.link(atMost: limit, .chinese)
      let least = table.sections.reduce(0) { $0 + min($1.count, 2) }
      #expect(address.utf8.count <= limit || rows <= max(least, 2), "\(sample.name)")
      #expect(rows == table.rows.count || address.utf8.count > limit / 3 || limit < 1_000, "\(sample.name)")
      let prefix = "data:text/csv;charset=utf-8,%EF%BB%BF"
      try #require(address.hasPrefix(prefix))
      let csv = try #require(address.dropFirst(prefix.count).removingPercentEncoding)
      let all = table.csv(.chinese).split(separator: "\n")
      let lines = csv.split(separator: "\n")
      #expect(lines.count == rows + 1 && lines[0] == all[0], "\(sample.name)")
      // Some of the lines of the whole, in its order.
      var rest = all[...]
      for line in lines {
        let place = try #require(rest.firstIndex(of: line), "\(sample.name): \(line)")
        rest = rest[(place + 1)...]
      }
      if table.sections.count == 1, table.sections[0].thinning != .first {
        #expect(lines.last == all.last, "\(sample.name)")
      }
    }
  }

  @Test func `the file has every row and says that it is UTF-8`() {
    for sample in Samples.all {
      let file = sample.chart.dataFile(.english)
      #expect(Array(file.prefix(3)) == [0xEF, 0xBB, 0xBF])
      #expect(Array(file.dropFirst(3)) == Array(sample.chart.table.csv(.english).utf8), "\(sample.name)")
    }
  }

  @Test func `fields with commas and quotes are quoted`() {
    let table = ChartTable(
      caption: LocalText(same: ""), columns: [LocalText(same: "a,b"), LocalText(same: "c\"d")],
      rows: [[.text(LocalText(same: "x\ny")), .number(.nan)]], sections: [ChartTable.Section(1)])
    #expect(table.csv(.english) == "\"a,b\",\"c\"\"d\"\n\"x\ny\",NaN\n")
  }
}
