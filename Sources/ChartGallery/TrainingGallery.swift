import AttentionKernel
import SVGChart
import Wording

/// Noisy series over steps, and several runs of one setting.
enum TrainingGallery {
  static var entries: [GalleryEntry] {
    [
      GalleryEntry(
        "noisy-series", LocalText("Noisy series", "带噪声的序列"),
        shows: LocalText(
          "20,000 steps as a median with quantiles of every 125 of them; a wall where the learning rate changes.",
          "20,000 步画成每 125 步的中位数和分位数带；学习率改变处为竖线。"), noisy),
      GalleryEntry(
        "runs", LocalText("Runs of several seeds", "多个种子的运行"),
        shows: LocalText(
          "A band from the least to the greatest run around the median; final values in the labels; a rule for the uniform guess.",
          "中位数外是各次运行的最小到最大；标签带终值；横线为均匀猜测的损失。"), runs),
    ]
  }

  /// e^(−rate · step / 1000), without a power a step.
  private static func decay(_ rate: Double, steps: Int) -> [Double] {
    let factor = ReferenceMath.exponential(-rate / 1000)
    var value = 1.0
    return (0..<steps).map { _ in
      value *= factor
      return value
    }
  }

  private static let noisy: Chart = {
    let steps = 20_000
    let noise = GalleryData.normals(steps, seed: 31)
    let trend = decay(0.25, steps: steps)
    let loss = (0..<steps).map { step -> Double in
      let isLate = step >= 12_000
      let level = (isLate ? 1.15 : 1.2) + 2.9 * trend[step]
      return level + (isLate ? 0.08 : 0.22) * noise[step]
    }
    let x = (0..<steps).map { Double($0) }
    let last = GalleryData.text(GalleryData.mean(Array(loss.suffix(1_000))))
    return Chart(
      title: LocalText(
        "A tenth of the learning rate takes the noise out: \(last) over the last 1,000 steps",
        "学习率降到十分之一后噪声变小：最后 1,000 步平均 \(last)"),
      subtitle: LocalText("Loss of a made-up run, nat per token", "一次虚构训练的损失，nat/token"),
      x: .linear(LocalText("step", "步"), domain: .data),
      y: .linear(LocalText("loss", "损失"), unit: LocalText(same: "nat")),
      source: LocalText("Gallery · made-up numbers · seed 31", "图例 · 虚构数据 · 种子 31")
    ) {
      [Layer].noisy(
        LocalText("loss", "损失"), x: x, y: loss, key: 0, weight: .hero, label: .end(LocalText(same: last)))
      Rule(x: 12_000, label: LocalText("learning rate ÷ 10", "学习率 ÷ 10"))
    }
  }()

  private static let runs: Chart = {
    let steps = (0...40).map { Double($0) * 50 }
    let rates = [0.35, 1.6, 1.15, 0.9]
    let floors = [2.9, 1.47, 1.55, 1.62]
    let noise = GalleryData.normals(4 * 5 * 41, seed: 33)
    let uniform = ReferenceMath.logarithm(64)
    let settings = rates.indices.map { index -> [[Double]] in
      (0..<5).map { seed -> [Double] in
        let run = index * 5 + seed
        return steps.indices.map { step -> Double in
          let share = ReferenceMath.exponential(-rates[index] * steps[step] / 500)
          let drift = 0.04 * noise[run * 41] * (1 - share)
          let spread = step == 0 ? 0 : 0.05 + drift
          let trend = floors[index] + (uniform - floors[index]) * share
          return trend + spread * noise[run * 41 + step]
        }
      }
    }
    let finals = settings.map { runs in GalleryData.quantile(runs.map { $0.last ?? 0 }, 0.5) }
    let best = GalleryData.text(finals[1])
    return Chart(
      title: LocalText(
        "√d ends lowest, at \(best); undivided stays at \(GalleryData.text(finals[0]))",
        "√d 的终值最低，为 \(best)；不缩放停在 \(GalleryData.text(finals[0]))"),
      subtitle: LocalText(
        "Loss of five made-up runs a scale: median, band from least to greatest", "每种缩放五次虚构训练的损失：中位数，带为最小到最大"),
      x: .linear(LocalText("step", "步"), domain: .data),
      y: .linear(LocalText("loss", "损失"), unit: LocalText(same: "nat"), includesZero: true),
      source: LocalText("Gallery · made-up numbers · seed 33", "图例 · 虚构数据 · 种子 33")
    ) {
      Rule(y: uniform, label: LocalText("uniform guess ln 64", "均匀猜测 ln 64"))
      for (index, scale) in GalleryData.scales.enumerated() {
        [Layer].runs(
          scale.name, x: steps, runs: settings[index], key: index, weight: index == 1 ? .hero : .normal,
          label: .end(
            LocalText(
              "\(scale.name.english) \(GalleryData.text(finals[index]))",
              "\(scale.name.chinese) \(GalleryData.text(finals[index]))")))
      }
    }
  }()
}
