import ChartGallery
import Foundation
import SVGChart
import Testing
import Wording

struct GalleryTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden")

  /// Recorded with `RECORD_GOLDEN=1`, and never where `CI` is set; look at the pictures before keeping them.
  private static let isRecording: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return environment["RECORD_GOLDEN"] == "1" && (environment["CI"] ?? "").isEmpty
  }()

  @Test(arguments: ChartGallery.entries.map(\.id))
  func `a chart is drawn as it was when somebody looked at it`(id: String) throws {
    let entry = try #require(ChartGallery.entries.first { $0.id == id })
    let file = Self.folder.appendingPathComponent("\(id).svg")
    let drawn = Data(try entry.chart.standaloneSVG(language: .english))
    if Self.isRecording { try drawn.write(to: file) }
    let expected = try Data(contentsOf: file)
    guard drawn != expected else { return }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(id).actual.svg")
    try drawn.write(to: path)
    Issue.record("\(id) differs from Golden/\(id).svg; what was drawn is in \(path.path)")
  }

  @Test func `every golden picture belongs to a chart`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(names == ChartGallery.entries.map { "\($0.id).svg" }.sorted())
  }

  @Test func `the gallery shows every layer, scale, colour role and aspect`() {
    var layers: Set<String> = []
    var scales: Set<String> = []
    var colours: Set<String> = []
    func name(_ value: some Any) -> String { Mirror(reflecting: value).children.first?.label ?? "\(value)" }
    for entry in ChartGallery.entries {
      let chart = entry.chart
      scales.formUnion([name(chart.x.kind), name(chart.y.kind)])
      colours.insert(chart.colour.rawValue)
      let panels = chart.facets?.panels ?? []
      for layer in chart.layers + panels.flatMap({ $0.layers + ($0.strip?.layers ?? []) }) {
        layers.insert(name(layer))
        if case .heat(let heat) = layer { colours.insert(name(heat.colour)) }
      }
    }
    #expect(
      layers == ["line", "band", "steps", "bars", "dots", "interval", "heat", "rule", "region"])
    #expect(scales == ["linear", "log", "symlog", "band", "cells"])
    #expect(colours.isSuperset(of: ["single", "ordered", "nominal", "sqrt", "log", "diverging"]))
    #expect(ChartGallery.entries.contains { !$0.chart.notes.isEmpty })
    #expect(ChartGallery.entries.contains { $0.chart.facets?.x == .within(4) })
  }

  @Test(arguments: Language.allCases)
  func `the page has every chart once, under its heading, with its file`(language: Language) throws {
    let files = try GalleryPage.files()
    let page = String(
      decoding: try #require(files.first { $0.path == (language == .english ? "index.html" : "zh.html") })
        .bytes, as: UTF8.self)
    for entry in ChartGallery.entries {
      #expect(page.components(separatedBy: "<h2 id=\"\(entry.id)\">").count == 2)
      let file = entry.id + (language == .english ? ".svg" : ".zh.svg")
      #expect(page.contains("href=\"\(file)\"") && files.contains { $0.path == file })
      #expect(entry.heading.english != entry.heading.chinese && entry.shows.english != entry.shows.chinese)
    }
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"\(language.tag)\">"))
  }

  @Test func `the gallery is the same bytes twice`() throws {
    let (first, second) = (try GalleryPage.files(), try GalleryPage.files())
    #expect(first.map(\.path) == second.map(\.path) && first.map(\.bytes) == second.map(\.bytes))
  }
}
