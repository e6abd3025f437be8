import MarkupWriter
import Wording

/// How much of the data a figure carries.
public struct FigureOptions: Hashable, Sendable {
  /// Rows of the table in the page, at most (at least two of each series).
  public var tableRows: Int
  /// Bytes of the download link, at most.
  ///
  /// Where the whole data need more, rows are left out evenly and the link says so.
  public var downloadBytes: Int
  /// Bytes that pictures, table and download of a figure should stay within; the download takes what is left, and has
  /// at least 1,000.
  public var figureBytes = 19_500
  /// Name of the downloaded file without its ending; frames after the first get their number.
  public var downloadName: String?
  /// Where a file with all of the data is (``Chart/dataFile(_:)``), as an address seen from the page; `nil` where the
  /// figure carries them itself.
  ///
  /// Frames after the first have addresses of their own, see ``address(_:frame:)``.
  public var dataAddress: String?
  /// What the figure is called where it is numbered, such as “Figure 2”.
  public var label: LocalText?
  /// The figure's address in its page.
  public var id: String?
  /// What the page's script needs to let readers drag a scale; only of figures with frames.
  public var drag: Drag?

  /// Scores whose weights a script computes at the scale that the reader drags to.
  public struct Drag: Hashable, Sendable {
    /// q·k of each key, in the order of the bars.
    public var scores: [Double]
    /// d; scales are c√d.
    public var headDimension: Int
    /// The script's words, separated by `|`: of the slider, of the largest weight, of the effective keys.
    public var words: LocalText

    /// Scores with the words of the slider.
    public init(scores: [Double], headDimension: Int, words: LocalText) {
      self.scores = scores
      self.headDimension = headDimension
      self.words = words
    }
  }

  /// 40 rows in the table and 4,000 bytes of download unless said otherwise.
  public init(
    tableRows: Int = 40, downloadBytes: Int = 4_000, downloadName: String? = nil, label: LocalText? = nil,
    id: String? = nil
  ) {
    self.tableRows = tableRows
    self.downloadBytes = downloadBytes
    self.downloadName = downloadName
    self.label = label
    self.id = id
  }

  /// The address of a frame's data, where `address` is that of the first.
  public static func address(_ address: String, frame: Int) -> String {
    guard frame > 1, let point = address.lastIndex(of: ".") else { return address }
    return address[..<point] + ".\(frame)" + address[point...]
  }

  /// What the reader's copy of the data is called.
  func fileName(ordinal: Int, frame: Int?) -> String {
    (downloadName ?? "figure-\(ordinal)") + (frame.flatMap { $0 > 1 ? "-\($0)" : nil } ?? "") + ".csv"
  }
}

extension Chart {
  /// The whole figure for a page that embeds ``ChartStyleSheet/css``: caption, picture in both layouts, data, source.
  ///
  /// - Parameters:
  ///   - ordinal: Number of the figure in its page, from 1; the ids in it are made from it.
  ///   - language: Of all words.
  /// - Throws: ``ChartError`` where the chart cannot be drawn truthfully.
  public func figureHTML(
    ordinal: Int, language: Language, options: FigureOptions = FigureOptions()
  ) throws(ChartError) -> RawMarkup {
    var writer = MarkupWriter()
    writer.open("figure", ["class": "chart", "id": options.id])
    caption(&writer, language: language, label: options.label)
    try picture(&writer, ordinal: ordinal, frame: nil, language: language, options: options)
    if let source { writer.element("p", ["class": "chart-source"], text: source[language]) }
    writer.close("figure")
    writer.newline()
    return writer.markup
  }

  /// One figure of several charts, of which the reader picks by radio buttons; where that can't work, all are shown.
  ///
  /// - Parameters:
  ///   - frames: Two charts or more and at most ``ChartStyleSheet/mostFrames``, each with what tells it from the others.
  ///   - title: What the frames run through, such as a coordinate's name.
  ///   - ordinal: Number of the figure in its page, from 1; the ids in it are made from it.
  ///   - language: Of all words.
  /// - Throws: ``ChartError`` where a chart cannot be drawn truthfully.
  public static func figureHTML(
    frames: [(label: LocalText, chart: Chart)], of title: LocalText, ordinal: Int, language: Language,
    options: FigureOptions = FigureOptions()
  ) throws(ChartError) -> RawMarkup {
    guard (2...ChartStyleSheet.mostFrames).contains(frames.count) else {
      throw .invalidParameter("frames")
    }
    var writer = MarkupWriter()
    writer.open(
      "figure",
      [
        "class": "chart framed", "id": options.id,
        "data-scores": options.drag.map { $0.scores.map(\.machineText).joined(separator: " ") },
        "data-dimension": options.drag.map { String($0.headDimension) },
        "data-words": options.drag.map { $0.words[language] },
      ])
    if let label = options.label {
      writer.open("figcaption")
      writer.element("span", ["class": "chart-number"], text: label[language])
      writer.close("figcaption")
    }
    writer.open("fieldset", ["class": "frame-picker"])
    writer.element("legend", text: title[language])
    for (index, frame) in frames.enumerated() {
      writer.open("label")
      writer.void(
        "input",
        [
          "type": "radio", "name": "f\(ordinal).frame", "class": "k\(index + 1)",
          "checked": index == 0 ? "" : nil,
        ])
      writer.text(" \(frame.label[language])")
      writer.close("label")
    }
    writer.close("fieldset")
    writer.newline()
    for (index, frame) in frames.enumerated() {
      writer.open("div", ["class": "frame p\(index + 1)"])
      writer.open("div", ["class": "frame-caption"])
      frame.chart.words(&writer, language: language)
      writer.close("div")
      writer.newline()
      // Pictures and tables have names of their own, also where the title is that of all frames.
      var named = frame.chart
      named.title = frame.label + LocalText(": ", "：") + frame.chart.title
      try named.picture(&writer, ordinal: ordinal, frame: index + 1, language: language, options: options)
      writer.close("div")
      writer.newline()
    }
    if let source = frames[0].chart.source {
      writer.element("p", ["class": "chart-source"], text: source[language])
    }
    writer.close("figure")
    writer.newline()
    return writer.markup
  }

  private func caption(_ writer: inout MarkupWriter, language: Language, label: LocalText?) {
    writer.open("figcaption")
    if let label { writer.element("span", ["class": "chart-number"], text: label[language]) }
    words(&writer, language: language)
    writer.close("figcaption")
    writer.newline()
  }

  private func words(_ writer: inout MarkupWriter, language: Language) {
    writer.element("strong", ["class": "chart-title"], text: title[language])
    if let subtitle { writer.element("span", ["class": "chart-subtitle"], text: subtitle[language]) }
  }

  /// The picture in both layouts, and its data.
  private func picture(
    _ writer: inout MarkupWriter, ordinal: Int, frame: Int?, language: Language, options: FigureOptions
  ) throws(ChartError) {
    let resolved = try ResolvedChart(self)
    let plans = [Plan(resolved, layout: .wide), Plan(resolved, layout: .compact)]
    func cells(_ plan: Plan) -> [[Int?]] { plan.grids.map(\.levels) }
    let shares = !plans[0].grids.isEmpty && cells(plans[0]) == cells(plans[1])
    let start = writer.byteCount
    let description = self.description(language)
    writer.open("div", ["class": "chart-plot"])
    for plan in plans {
      writer.raw(
        plan.svg(
          figure: ordinal, frame: frame,
          names: plan.layout == .wide ? (title[language], description) : nil, language: language,
          cells: shares ? (plan.layout == .wide ? .shared : .elsewhere) : .own))
      writer.newline()
    }
    writer.close("div")
    writer.newline()
    data(&writer, start: start, ordinal: ordinal, frame: frame, language: language, options: options)
  }

  /// All of the data as a file of comma-separated values in UTF-8, with the byte order mark by which spreadsheets know it.
  public func dataFile(_ language: Language) -> [UInt8] {
    [0xEF, 0xBB, 0xBF] + Array(table.csv(language).utf8)
  }

  /// A picture file of its own, with title, on white.
  ///
  /// UTF-8.
  ///
  /// - Throws: ``ChartError`` where the chart cannot be drawn truthfully.
  public func standaloneSVG(layout: Layout = .wide, language: Language) throws(ChartError) -> [UInt8] {
    try Plan(self, layout: layout, showsTitle: true)
      .standaloneSVG(title: title[language], description: description(language), language: language)
  }

  private func data(
    _ writer: inout MarkupWriter, start: Int, ordinal: Int, frame: Int?, language: Language,
    options: FigureOptions
  ) {
    // No row of a download is shorter than eight bytes.
    let most = options.dataAddress == nil ? options.downloadBytes / 8 : 0
    let full = table(atMost: max(options.tableRows, most))
    let shown = full.thinned(to: options.tableRows)
    let summary =
      shown.rows.count == full.rowCount
      ? LocalText("Data (\(full.rowCount) rows)", "数据（\(full.rowCount) 行）")
      : LocalText(
        "Data (\(shown.rows.count) of \(full.rowCount) rows)",
        "数据（\(full.rowCount) 行中的 \(shown.rows.count) 行）")
    writer.open("details")
    writer.element("summary", text: summary[language])
    let label = LocalText("Data of the figure “\(title.english)”", "图“\(title.chinese)”的数据")
    writer.open(
      "div", ["class": "chart-data", "tabindex": "0", "role": "region", "aria-label": label[language]])
    writer.open("table")
    writer.element("caption", text: full.caption[language])
    writer.open("thead")
    writer.open("tr")
    for column in full.columns { writer.element("th", ["scope": "col"], text: column[language]) }
    writer.close("tr")
    writer.close("thead")
    writer.open("tbody")
    for row in shown.rows {
      writer.open("tr")
      for (index, cell) in row.enumerated() {
        let text =
          switch cell {
          case .text(let text): text[language]
          case .number(let value): ChartTable.readable(value)
          case .empty: ""
          }
        // HTML lets the end tags of cells be left away, an eighth of a table's bytes.
        if index == 0 { writer.open("th", ["scope": "row"]) } else { writer.open("td") }
        writer.text(text)
      }
      writer.close("tr")
    }
    writer.close("tbody")
    writer.close("table")
    writer.close("div")
    writer.newline()
    if let address = options.dataAddress {
      let text =
        shown.rows.count == full.rowCount
        ? LocalText("Download as CSV", "下载 CSV")
        : LocalText("Download all \(full.rowCount) rows as CSV", "下载全部 \(full.rowCount) 行（CSV）")
      writer.element(
        "a",
        [
          "download": options.fileName(ordinal: ordinal, frame: frame),
          "href": FigureOptions.address(address, frame: frame ?? 1),
        ], text: text[language])
    } else {
      // What the pictures and the table leave of the figure's bytes.
      var options = options
      let left = options.figureBytes - (writer.byteCount - start)
      options.downloadBytes = min(options.downloadBytes, max(left, 1_000))
      download(&writer, full, ordinal: ordinal, frame: frame, language: language, options: options)
    }
    writer.close("details")
    writer.newline()
  }

  private func download(
    _ writer: inout MarkupWriter, _ full: ChartTable, ordinal: Int, frame: Int?, language: Language,
    options: FigureOptions
  ) {
    let (link, rows) = full.link(atMost: options.downloadBytes, language)
    let text =
      rows == full.rowCount
      ? LocalText("Download as CSV", "下载 CSV")
      : LocalText(
        "Download as CSV (\(rows) of \(full.rowCount) rows)", "下载 CSV（\(full.rowCount) 行中的 \(rows) 行）")
    let name = options.fileName(ordinal: ordinal, frame: frame)
    writer.element("a", ["download": name, "href": link], text: text[language])
  }
}

/// Links that carry their own data.
enum DataLink {
  /// How the address of a CSV file in UTF-8 begins; the byte order mark makes spreadsheets read Chinese.
  static let prefix = "data:text/csv;charset=utf-8,%EF%BB%BF"

  /// Text as it stands in such an address.
  static func encoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 5 / 4)
    let hex = Array("0123456789ABCDEF".utf8)
    // Rows of numbers, which most text is, need no look at scalars.
    if text.utf8.allSatisfy({ $0 < 0x80 && plain[Int($0)] }) { return text }
    for scalar in text.unicodeScalars {
      switch (isPlain(scalar), scalar.isASCII) {
      case (true, true): bytes.append(UInt8(scalar.value))
      case (true, false): bytes += Array(String(scalar).utf8)
      case (false, _):
        for byte in String(scalar).utf8 {
          bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let plain: [Bool] = (0..<128).map { isPlain(Unicode.Scalar($0)) }

  /// Whether a character stands for itself. Letters beyond ASCII do (the URL standard's code points), in a third of the
  /// bytes that they would take in hexadecimal.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~", ",", ":", ";", "(", ")", "/", "=": true
    default:
      scalar.value >= 0xA0 && scalar.value & 0xFFFE != 0xFFFE && !(0xFDD0...0xFDEF).contains(scalar.value)
        && !(0xE000...0xF8FF).contains(scalar.value) && scalar.value < 0xF0000
    }
  }
}
