import Testing
import Wording

@testable import SVGChart

@Suite struct FramedFigures {
  private func chart(_ key: Int) -> Chart {
    Chart(
      title: LocalText("Weights fall", "权重下降"),
      x: .band(LocalText("key", "键"), [LocalText(same: "1"), LocalText(same: "2")]),
      y: .linear(LocalText("weight", "权重"), domain: .exact(low: 0, high: 1))
    ) {
      Bars(LocalText("weight", "权重"), y: [0.75, 0.25], key: key)
    }
  }

  private func html(_ count: Int, _ language: Language) throws(ChartError) -> String {
    try Chart.figureHTML(
      frames: (0..<count).map { (LocalText(same: "c = \($0 + 1)"), chart($0)) },
      of: LocalText("scale", "scale"),
      ordinal: 3, language: language
    ).text
  }

  @Test(arguments: Language.allCases) func `each frame has a button, a picture in both layouts and data`(
    language: Language
  ) throws {
    let text = try html(3, language)
    #expect(text.ranges(of: "type=\"radio\"").count == 3)
    #expect(text.ranges(of: "checked=").count == 1)
    #expect(text.ranges(of: "<svg ").count == 6)
    #expect(text.ranges(of: "<table>").count == 3)
  }

  @Test func `pictures of one title have names and ids of their own`() throws {
    let text = try html(3, .english)
    let names = text.matches(of: /<title id="(f3[^"]*)">([^<]*)</).map { ($0.output.1, $0.output.2) }
    // The compact picture of each has the same name.
    #expect(names.count == 3)
    #expect(Set(names.map(\.0)).count == 3)
    #expect(Set(names.map(\.1)).count == 3)
    let compact = text.matches(of: /ch-n" role="img" aria-labelledby="(f3[^"]*)"/).map(\.output.1)
    #expect(compact == names.map(\.0))
  }

  @Test func `one frame, none and more than the style sheet knows are refused`() {
    for count in [0, 1, ChartStyleSheet.mostFrames + 1] {
      #expect(throws: ChartError.invalidParameter("frames")) { try html(count, .english) }
    }
  }

  @Test func `one series has no legend, wherever it stands in the ramp`() throws {
    for key in 0..<4 {
      let svg = try Plan(chart(key), layout: .wide).svg(
        figure: 1, title: "t", description: "d", language: .english
      ).text
      #expect(!svg.contains("class=\"l\""), "key \(key)")
    }
  }
}
