import Testing
import Wording

@Suite struct WrappingText {
  private let texts = [
    "The number does not round to what the experiment yields, or lies outside the tolerance of the link's title.",
    "系统拒绝读取站点里的一个文件，原因写在消息里：没有权限、符号链接不指向任何文件（‘notebooks/a.md’），或本应是文件的地方是文件夹。",
    "中文 and English 混排，‘scales.entropy[√d]’ 不拆开。",
  ]

  @Test(arguments: [10, 17, 24, 40, 88])
  func `no line is too wide, and nothing but blanks is lost`(limit: Int) {
    for text in texts {
      let lines = TextWrap.lines(text, cells: limit)
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
      for line in lines where line.contains(" ") || line.unicodeScalars.allSatisfy(DisplayWidth.isWide) {
        #expect(DisplayWidth.cells(line) <= limit + 2, "\(line)")
      }
      for line in lines {
        #expect(!"，。、；：）’ ".contains(line.first ?? "x"), "\(line)")
        #expect(!"（‘ ".contains(line.last ?? "x"), "\(line)")
      }
    }
  }

  @Test func `a short text is one line, and none is none`() {
    #expect(TextWrap.lines("short", cells: 20) == ["short"])
    #expect(TextWrap.lines("", cells: 20).isEmpty)
  }
}
