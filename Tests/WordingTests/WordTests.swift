import Testing

@testable import Wording

@Suite struct Words {
  @Test(arguments: [
    ("abc", 3), ("除以", 4), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("√d", 2), ("\t", 4), ("，", 2), ("±", 1),
  ])
  func `text is as wide as a terminal shows it`(text: String, cells: Int) {
    #expect(DisplayWidth.cells(text) == cells)
  }

  @Test(arguments: [
    ("entropi", "entropy"), ("headDimensions", "headDimension"), ("maxProbabilty", "maxProbability"),
    ("sotfmax", "softmax"),
  ])
  func `a slip of the pen finds the name meant`(written: String, meant: String) {
    let names = ["softmax", "entropy", "headDimension", "maxProbability", "seed"]
    #expect(Spelling.nearest(to: written, among: names) == meant)
  }

  @Test func `a name that resembles none suggests none`() {
    #expect(Spelling.nearest(to: "zzz", among: ["softmax", "entropy"]) == nil)
  }

  @Test(arguments: [
    ("zh", Language.chinese), ("zh-CN", .chinese), ("en-GB", .english), ("ZH-Hans", .chinese),
  ])
  func `language tags find their language`(tag: String, language: Language) {
    #expect(Language(tag: tag) == language)
  }

  @Test func `an unknown language is not guessed`() {
    #expect(Language(tag: "fr") == nil)
    #expect(Language(tag: "") == nil)
  }
}
