import Diagnostics
import Experiments
import Testing
import Wording

@testable import Figures

@Suite struct ComposingTables {
  @Test func `a table has a row per value of its coordinate and a column per measure`() throws {
    let (composed, problems, site) = try FigureSite.table(
      "rows: scale\ncolumns: [s.entropy, {measure: s.maxProbability, name: largest, digits: 2}]")
    #expect(problems.isEmpty)
    let table = try #require(composed)
    #expect(table.columns.map(\.english) == ["entropy", "largest"])
    #expect(table.rows.map(\.name.english) == ["no scaling", "√d", "2√d"])
    let entropy = site.measures("s", "entropy")
    let largest = site.measures("s", "maxProbability")
    for (index, row) in table.rows.enumerated() {
      #expect(row.cells[0]?.measure.measure == entropy[index])
      #expect(row.cells[0]?.text == NumberFormat.significant(3).string(entropy[index].value))
      #expect(row.cells[1]?.measure.measure == largest[index])
      #expect(row.cells[1]?.text == NumberFormat.percent(decimals: 0).string(largest[index].value))
    }
  }

  @Test func `a measure of two coordinates is spread over rows and columns`() throws {
    let (composed, problems, site) = try FigureSite.table(
      "rows: headDimension\ncolumns: scale\nvalues: p.standardDeviation")
    #expect(problems.isEmpty)
    let table = try #require(composed)
    #expect(table.columns.map(\.english) == ["no scaling", "√d"])
    #expect(table.rows.map(\.name.english) == ["4", "16", "64"])
    // The experiment lists scale by scale, the table dimension by dimension.
    let values = site.measures("p", "standardDeviation")
    for (row, line) in table.rows.enumerated() {
      for (column, cell) in line.cells.enumerated() {
        #expect(cell?.measure.measure == values[column * 3 + row])
      }
    }
  }

  @Test func `errors are shown where they are asked for`() throws {
    let (table, _, _) = try FigureSite.table("rows: scale\ncolumns: s.entropy\nerrors: true")
    #expect(try #require(table).rows[0].cells[0]?.text.contains(" ± ") == true)
  }

  @Test(arguments: [0.00123456, 0.0123456, 0.123456, 0.99999, 0.999, 0.5, 1, 0])
  func `a percentage has as many significant digits as asked for`(value: Double) {
    let measure = Measure("m", unit: "share", coordinates: [], value: value)
    for digits in 1...6 {
      let text = MeasureText.text(measure, percent: true, digits: digits)
      let shown = text.dropLast().filter(\.isNumber).drop { $0 == "0" }
      #expect(text.hasSuffix("%"))
      #expect(value == 0 || shown.count == digits || digits < 3 && value > 0.09, "\(text) at \(digits)")
    }
  }

  @Test(arguments: [
    ("rows: scale\ncolumns: [s.topMass]", DiagnosticCode.invalidFigure, "s.topMass[top=1]"),
    ("rows: top\ncolumns: s.topMass", .invalidFigure, "columns: scale"),
    ("rows: scael\ncolumns: s.entropy", .unknownSelector, "scale"),
    ("rows: scale", .invalidFigure, "columns"),
    ("columns: s.entropy", .missingKey, "rows"),
    ("rows: scale\ncolumns: [s.entropy]\nvalues: s.topMass", .invalidFigure, "columns: COORDINATE"),
    ("rows: scale\ncolumns: s.entropy\ndigits: 99", .invalidValue, "such as 3"),
    ("rows: scale\ncolumns: s.entropy\nformat: roman", .invalidValue, "number, percent"),
    ("rows: scale\ncolumns: [{name: x}]", .missingKey, "measure"),
  ])
  func `what makes no sense is refused, with the nearest right form`(
    yaml: String, code: DiagnosticCode, help: String
  ) throws {
    let (table, problems, _) = try FigureSite.table(yaml)
    #expect(table == nil)
    #expect(problems.map(\.code) == [code])
    let said = [problems[0].help, problems[0].label].compactMap { $0?.english }.joined(separator: " ")
    #expect(said.contains(help))
  }
}
