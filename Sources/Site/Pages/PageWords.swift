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
  var unknownError: String { say("not known", "未知") }
  var howComputed: String { say("How this was computed", "这是怎么算出来的") }
  var close: String { say("Close the evidence", "关闭证据") }
  var runAgain: String {
    say("To run it again, in a folder with the site's notes:", "在笔记站点的文件夹里重新计算：")
  }
  var sampleCount: String { say("samples", "样本数") }
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
    return say("\(number) sample\(count == 1 ? "" : "s")", "\(number) 个样本")
  }

  func evidenceTable(_ id: String) -> String { say("Measures of \(id)", "\(id) 的度量") }
  /// How many of an experiment's values are shown; where some are not, the name of the file that has them follows.
  func relied(_ shown: Int, of all: Int) -> String {
    if shown == all { return say("The values computed:", "算出的值：") }
    let rest = say("The command prints all of them, and so does ", "上面的命令会列出全部，另见 ")
    if shown == 0 {
      return say("No statement rests on one of the \(all) values computed. ", "没有论断引用算出的 \(all) 个值。") + rest
    }
    return say(
      "What is said rests on \(shown) of the \(all) values computed. ", "正文依据算出的 \(all) 个值中的 \(shown) 个。")
      + rest
  }
  var stop: String { say(".", "。") }
  var measure: String { say("measure", "度量") }
  var value: String { say("value", "值") }
  var standardError: String { say("standard error", "标准误") }
  var meaning: String { say("meaning", "含义") }

  /// The verdict in words.
  ///
  /// - Parameter isExpected: Whether a refutation is what the note wants to show.
  func verdict(_ outcome: ClaimVerdict.Outcome, isExpected: Bool = false) -> String {
    switch outcome {
    case .holds: say("✓ Holds", "✓ 成立")
    case .refuted: isExpected ? say("✗ Refuted, as the note says", "✗ 不成立，正如本文所说") : say("✗ Refuted", "✗ 不成立")
    case .inconclusive: say("? Undecided", "? 未定")
    case .cited: say("❝ Cited, not verified here", "❝ 仅为引用，未在此验证")
    }
  }

  /// How clear a verdict is.
  func margin(_ errors: Double) -> String {
    guard errors.isFinite else { return say("exact values decide", "由精确值判定") }
    if errors >= 1_000 { return say("more than 1,000 standard errors clear", "与反面相距超过 1,000 个标准误") }
    let number = NumberFormat.decimals(errors < 10 ? 1 : 0).string(errors)
    return say("\(number) standard errors clear", "与反面相距 \(number) 个标准误")
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
    of verdicts: Verification.OfNote, experiments: Int, programVersion: String, contract: Int
  ) -> [String] {
    [
      numbers(verdicts), claims(verdicts.claims),
      experiments == 0
        ? nil
        : say(
          "\(experiments) experiment\(experiments == 1 ? "" : "s") ran with notebook \(programVersion), numeric contract \(contract). "
            + "Parameters and seeds decide every digit; the machine and its number of threads don't.",
          "\(experiments) 个实验由 notebook \(programVersion)（数值约定 \(contract)）运行。每一位数字都由参数和种子决定，与机器和线程数无关。"),
      experiments == 0 && verdicts.numbers.isEmpty && verdicts.claims.isEmpty
        ? say(
          "Nothing on this page is computed. Made with notebook \(programVersion).",
          "这一页没有计算出来的内容。由 notebook \(programVersion) 生成。") : nil,
    ].compactMap(\.self)
  }

  private func numbers(_ verdicts: Verification.OfNote) -> String? {
    let numbers = verdicts.numbers.count
    guard numbers > 0 else { return nil }
    let experiments = Set(verdicts.numbers.map(\.resolved.experiment)).count
    return say(
      "\(numbers) number\(numbers == 1 ? "" : "s") marked ✓ in the text \(numbers == 1 ? "was" : "were") compared with "
        + "\(experiments) experiment\(experiments == 1 ? "" : "s") when this page was built; all agree within "
        + "the digits written, or the tolerance that the note states. Other numbers in the text are the author's own.",
      "正文中带 ✓ 的 \(numbers) 个数字在建站时与 \(experiments) 个实验的结果逐一核对，在所写位数或笔记注明的容差之内全部一致。正文里其他数字由作者自己负责。")
  }

  private func claims(_ verdicts: [ClaimVerdict]) -> String? {
    let parts: [(ClaimVerdict.Outcome, one: String, several: String, chinese: String)] = [
      (.holds, "holds", "hold", "条成立"),
      (.refuted, "is refuted, as the note says", "are refuted, as the note says", "条不成立（正文正是这样说的）"),
      (.inconclusive, "is undecided at this sample size", "are undecided at this sample size", "条在此样本量下未定"),
      (
        .cited, "is only cited and not verified here", "are only cited and not verified here",
        "条仅为引用，未在此验证"
      ),
    ]
    let present = parts.compactMap { part -> (Int, String, String)? in
      let count = verdicts.count { $0.outcome == part.0 }
      return count == 0 ? nil : (count, count == 1 ? part.one : part.several, part.chinese)
    }
    guard !present.isEmpty else { return nil }
    return say(
      "Of its claims, " + present.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + ".",
      "其中的论断：" + present.map { "\($0.0) \($0.2)" }.joined(separator: "，") + "。")
  }

  var parametersAndSeeds: String { say("Parameters and seeds", "参数与种子") }
  var verifyYourself: String {
    say("To verify this page, in a folder with the site's files:", "在存有本站文件的文件夹里验证这一页：")
  }
  var allClaims: String { say("All claims", "全部论断") }
  var claimsData: String { say("The same as data", "同样内容的数据文件") }

  // MARK: The page of all claims

  var claimsSummary: String {
    say(
      "Every claim of every note with its verdict, decided by computation when this site was built.",
      "所有笔记的全部论断及其结论，建站时由计算判定。")
  }
  var filterByVerdict: String { say("Verdict", "结论") }
  var filterByNote: String { say("Show one note only", "只看一篇笔记") }
  var unfiltered: String { say("Show the claims of all notes", "显示全部笔记的论断") }
  var allVerdicts: String { say("All", "全部") }
  var noClaims: String { say("The notes make no claims.", "这些笔记没有列出论断。") }

  /// A verdict as the name of a group.
  func verdictGroup(_ outcome: ClaimVerdict.Outcome) -> String {
    switch outcome {
    case .holds: say("Holds", "成立")
    case .refuted: say("Refuted", "不成立")
    case .inconclusive: say("Undecided", "未定")
    case .cited: say("Only cited", "仅为引用")
    }
  }

  /// What `claims.json` is for.
  var claimsFooter: String {
    say(
      "“n standard errors clear” says how far the values are from deciding otherwise; below 3 a claim is undecided. To run every experiment again and compare:",
      "“与反面相距 n 个标准误”说明数值离相反的结论有多远；不足 3 个时结论未定。重新运行全部实验并比对：")
  }
}
