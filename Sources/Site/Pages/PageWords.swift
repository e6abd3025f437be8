import Claims
import Wording

/// The words of a page that no note wrote, in the page's language.
struct PageWords {
  let language: Language

  private func say(_ english: String, _ chinese: String) -> String { LocalText(english, chinese)[language] }

  var skip: String { say("Skip to the text", "跳到正文") }
  var updated: String { say("updated", "更新于") }
  var contents: String { say("Contents", "目录") }
  var allNotes: String { say("All notes", "全部笔记") }
  var provenance: String { say("How far to trust this page", "这一页可信到什么程度") }
  var indexFooter: String {
    say(
      "Every number marked ✓ on these pages was computed when the site was built.", "这些页面上带 ✓ 的数字都在建站时算出并核对。")
  }
  var computed: String { say("computed", "算得") }
  var exact: String { say("exact", "精确值") }
  var howComputed: String { say("How this was computed", "这是怎么算出来的") }
  var runAgain: String { say("Run it again:", "重新计算：") }
  var table: String { say("Table", "表") }
  var because: String { say("Because", "因为") }
  var source: String { say("source: ", "出处：") }

  /// One side of a relation as computed.
  func side(_ value: String, isLeft: Bool) -> String {
    isLeft ? say("left side \(value)", "左边 \(value)") : say("right side \(value)", "右边 \(value)")
  }

  func languageName(_ other: Language) -> String {
    switch other {
    case .english: "English"
    case .chinese: "中文"
    }
  }

  func samples(_ count: Int) -> String {
    let number = NumberFormat.decimals(0).string(Double(count))
    return say("\(number) samples", "\(number) 个样本")
  }

  func evidenceTable(_ id: String) -> String { say("Measures of \(id)", "\(id) 的全部度量") }
  var measure: String { say("measure", "度量") }
  var value: String { say("value", "值") }
  var standardError: String { say("standard error", "标准误") }
  var meaning: String { say("meaning", "含义") }

  func verdict(_ outcome: ClaimVerdict.Outcome) -> String {
    switch outcome {
    case .holds: say("✓ Holds", "✓ 成立")
    case .refuted: say("✗ Refuted", "✗ 不成立")
    case .inconclusive: say("? Undecided", "? 未定")
    case .cited: say("❝ Cited, not verified here", "❝ 仅为引用，本页未验证")
    }
  }

  static func mark(_ outcome: ClaimVerdict.Outcome) -> String {
    switch outcome {
    case .holds: "✓"
    case .refuted: "✗"
    case .inconclusive: "?"
    case .cited: "❝"
    }
  }

  /// Words for lists: how much of a note was verified.
  func verified(numbers: Int, claims: Int) -> String {
    say(
      "\(numbers) checked number\(numbers == 1 ? "" : "s"), \(claims) claim\(claims == 1 ? "" : "s")",
      "\(numbers) 个受查数字，\(claims) 条论断")
  }

  /// The sentences of the box that ends a page.
  func provenance(
    of verdicts: Verification.OfNote, path: String, programVersion: String, contract: Int
  ) -> [String] {
    var sentences: [String] = []
    let numbers = verdicts.numbers.count
    let experiments = Set(verdicts.numbers.map(\.resolved.experiment)).count
    if numbers > 0 {
      sentences.append(
        say(
          "\(numbers) number\(numbers == 1 ? "" : "s") marked ✓ in the text \(numbers == 1 ? "was" : "were") compared with "
            + "\(experiments) experiment\(experiments == 1 ? "" : "s") when this page was built; all agree within "
            + "the digits written, or the tolerance that the note states.",
          "正文中带 ✓ 的 \(numbers) 个数字在建站时与 \(experiments) 个实验的结果逐一核对，在所写位数或笔记注明的容差之内全部一致。"))
    }
    func count(_ outcome: ClaimVerdict.Outcome) -> Int { verdicts.claims.count { $0.outcome == outcome } }
    let parts: [(Int, String, String)] = [
      (count(.holds), "hold", "条成立"), (count(.refuted), "are refuted, as the note says", "条不成立（正文正是这样说的）"),
      (count(.inconclusive), "are undecided at this sample size", "条在此样本量下未定"),
      (count(.cited), "are only cited and not verified here", "条仅为引用，本页未验证"),
    ]
    let present = parts.filter { $0.0 > 0 }
    if !present.isEmpty {
      sentences.append(
        say(
          "Of its claims, " + present.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + ".",
          "其中的论断：" + present.map { "\($0.0) \($0.2)" }.joined(separator: "，") + "。"))
    }
    sentences.append(
      say(
        "Made with notebook \(programVersion), numeric contract \(contract). To verify: notebook run \(path)",
        "由 notebook \(programVersion) 生成，数值约定 \(contract)。自行验证：notebook run \(path)"))
    return sentences
  }
}
