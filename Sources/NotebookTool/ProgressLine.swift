import Experiments
import Synchronization
import Wording

/// Tells on a terminal how far the experiments are: one line that is written over, at most ten times a second.
final class ProgressLine: Sendable {
  private static let interval = Duration.milliseconds(100)

  private let console: Console
  /// What is special about the run, before what is running.
  private let purpose: LocalText
  private let shown = Mutex<ContinuousClock.Instant?>(nil)

  /// A line on a console; it stays empty where the console is no terminal, or quiet.
  init(_ console: Console, purpose: LocalText = LocalText(same: "")) {
    self.console = console
    self.purpose = purpose
  }

  /// Shows where a run is, unless the last word was a moment ago.
  func show(_ progress: ExperimentProgress) {
    guard console.showsProgress else { return }
    let now = ContinuousClock.now
    shown.withLock { last in
      if let last, now - last < Self.interval { return }
      last = now
      console.progress(purpose + Self.words(progress))
    }
  }

  /// Takes the line away.
  func end() {
    shown.withLock { _ in console.endProgress() }
  }

  /// `running weights (softmax), 3 of 14, 45%`, and what of it where that has a name: `: keys = 64`.
  static func words(_ progress: ExperimentProgress) -> LocalText {
    let (key, kind) = (progress.planned.key, progress.planned.kind.name)
    let share = progress.total > 1 ? progress.done * 100 / progress.total : nil
    let words = LocalText(
      "running \(key.id) (\(kind)), \(progress.index + 1) of \(progress.count)"
        + (share.map { ", \($0)%" } ?? ""),
      "正在计算 \(key.id)（\(kind)），第 \(progress.index + 1) 个，共 \(progress.count) 个"
        + (share.map { "，\($0)%" } ?? ""))
    guard progress.done < progress.total,
      let stage = progress.planned.experiment.stage(done: progress.done, of: progress.total)
    else { return words }
    return words + LocalText(": \(stage.english)", "：\(stage.chinese)")
  }
}
