import AttentionKernel
import SVGChart
import Wording

/// The figures of `attention`.
struct GivenAttentionCharts {
  let experiment: GivenAttentions
  let results: [GivenAttention.Result]

  private var attention: GivenAttention { experiment.attention }

  /// The result that a figure is about: √d where it is there, else the first.
  private var hero: GivenAttention.Result {
    results.first { $0.scale == .rootHeadDimension } ?? results[0]
  }

  private var source: LocalText {
    let heads = attention.heads
    let dimension = attention.headDimension.map { "d = \($0), " } ?? ""
    return LocalText(
      "attention: given numbers, \(dimension)\(counted(attention.queries, "query", "queries")), "
        + counted(attention.keys, "key", "keys")
        + (heads > 1 ? ", \(heads) heads" : "") + (attention.isCausal ? ", causal" : ""),
      "attention：给定的数，\(dimension)\(attention.queries.grouped) 个查询，\(attention.keys.grouped) 个键"
        + (heads > 1 ? "，\(heads) 个头" : "") + (attention.isCausal ? "，因果掩码" : ""))
  }

  private func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count.grouped) \(count == 1 ? one : many)"
  }

  /// The hero's scale where its name must be said too.
  private var condition: String {
    if case .multiplier = hero.scale { hero.scale.label } else { "scale \(hero.scale.label)" }
  }

  private var chineseCondition: String {
    if case .multiplier = hero.scale { hero.scale.label } else { "scale 为 \(hero.scale.words.chinese)" }
  }

  // MARK: - Axes

  private var tokens: [LocalText] { experiment.tokens.map { LocalText(same: $0) } }

  /// Whether cells have names: pooled ones stand for several keys, and are counted.
  private var isNamed: Bool { !tokens.isEmpty && attention.keys <= Heat.mostCells }

  private var keyAxis: Axis {
    let name = LocalText("key", "键")
    return isNamed ? .band(name, tokens) : .cells(name, count: attention.keys, first: 1)
  }

  private var queryAxis: Axis {
    let name = LocalText("query", "查询")
    return isNamed && attention.queries == attention.keys
      ? .band(name, tokens) : .cells(name, count: attention.queries, first: 1)
  }

  // MARK: - Numbers for words

  private func rows(_ result: GivenAttention.Result, head: Int) -> ArraySlice<RowStatistics> {
    result.rows[(head * attention.queries)..<((head + 1) * attention.queries)]
  }

  private func meanEffectiveKeys(_ rows: some Collection<RowStatistics>) -> Double {
    rows.reduce(0) { $0 + $1.effectiveKeys } / Double(rows.count)
  }

  // MARK: - Maps

  /// One map; several heads at one scale, or several scales of one head, as small multiples.
  func weights() -> Chart {
    let x = keyAxis
    let y = queryAxis
    let subtitle =
      LocalText(
        "Attention weight by query and key" + (attention.heads > 1 ? ", \(condition)" : ""),
        "每个查询对每个键的注意力权重" + (attention.heads > 1 ? "，\(chineseCondition)" : ""))
      + attention.normalization.remark
    if attention.heads == 1, results.count == 1 {
      return Chart(
        title: title(), subtitle: subtitle, x: x, y: y, aspect: .square, source: source
      ) { heat(hero, head: 0, isAlone: true) }
    }
    let panels: [Panel]
    if attention.heads > 1 {
      panels = (0..<attention.heads).map { head in
        panel(LocalText("head \(head + 1)", "第 \(head + 1) 个头"), hero, head: head)
      }
    } else {
      panels = results.map { panel($0.scale.words, $0, head: 0) }
    }
    return Chart(
      title: title(), subtitle: subtitle, x: x, y: y,
      facets: Facets(columns: panels.count < 3 ? 2 : 3, panels: panels), aspect: .square, source: source)
  }

  private func panel(_ title: LocalText, _ result: GivenAttention.Result, head: Int) -> Panel {
    let keys = meanEffectiveKeys(rows(result, head: head)).inText
    return Panel(title, caption: LocalText("\(keys) effective keys", "等效键数 \(keys)")) {
      heat(result, head: head, isAlone: false)
    }
  }

  private func heat(_ result: GivenAttention.Result, head: Int, isAlone: Bool) -> Heat {
    let size = attention.queries * attention.keys
    var values = Array(result.weights[(head * size)..<((head + 1) * size)])
    if attention.isCausal {
      for query in 0..<attention.queries {
        for key in attention.visibleKeys(ofQuery: query)..<attention.keys {
          values[query * attention.keys + key] = .nan
        }
      }
    }
    let strip = Heat.RowStrip(
      LocalText("effective keys", "等效键数"), values: rows(result, head: head).map(\.effectiveKeys))
    return Heat(
      LocalText("attention weight", "注意力权重"), columns: attention.keys, values: values,
      blank: attention.isCausal ? LocalText("masked: later keys", "被掩盖：后面的键") : nil, rings: isAlone ? 3 : 0,
      rowStrip: isAlone ? strip : nil)
  }

  private func title() -> LocalText {
    if attention.heads > 1 {
      let means = (0..<attention.heads).map { meanEffectiveKeys(rows(hero, head: $0)) }
      let (least, most) = (means.min() ?? 0, means.max() ?? 0)
      return LocalText(
        "Heads differ: from \(least.inText) to \(most.inText) effective keys of \(attention.keys.grouped)",
        "各头不同：\(attention.keys.grouped) 个键里，等效键数从 \(least.inText) 到 \(most.inText)")
    }
    let mean = meanEffectiveKeys(hero.rows).inText
    let farthest = results.max {
      abs(meanEffectiveKeys($0.rows) - meanEffectiveKeys(hero.rows))
        < abs(meanEffectiveKeys($1.rows) - meanEffectiveKeys(hero.rows))
    }
    guard let other = farthest, other.scale != hero.scale else {
      return LocalText(
        "A query spreads over \(mean) effective keys of \(attention.keys.grouped)",
        "\(attention.keys.grouped) 个键里，每个查询平均等效于看 \(mean) 个")
    }
    let otherMean = meanEffectiveKeys(other.rows).inText
    return LocalText(
      "\(mean) effective keys of \(attention.keys.grouped) at \(hero.scale.words.english), "
        + "\(otherMean) with \(other.scale.words.english)",
      "\(attention.keys.grouped) 个键里的等效键数：\(hero.scale.words.chinese) 时 \(mean)，"
        + "\(other.scale.words.chinese)时 \(otherMean)")
  }

  // MARK: - Bars

  /// The weights of the first query of the first head, one panel per scale.
  func bars() -> Chart {
    let names =
      tokens.isEmpty ? (1...attention.keys).map { LocalText(same: String($0)) } : tokens
    let uniform = 1 / Double(attention.visibleKeys(ofQuery: 0))
    let panels = results.enumerated().map { key, result in
      let weights = Array(result.weights[..<attention.keys])
      let largest = result.rows[0].maxProbability.inText
      return Panel(
        result.scale.words, caption: LocalText("largest weight \(largest)", "最大权重 \(largest)")
      ) {
        Bars(LocalText("weight", "权重"), y: weights, key: key)
        Rule(y: uniform, label: key == 0 ? LocalText("uniform 1/n", "均匀 1/n") : nil)
      }
    }
    let top = hero.rows[0].maxProbability.inText
    return Chart(
      title: LocalText(
        "At \(hero.scale.words.english), the first query gives \(top) of its weight to one key",
        "\(hero.scale.words.chinese) 时，第一个查询把 \(top) 的权重给了一个键"),
      subtitle: LocalText(
        "Attention weights of the first query over \(attention.keys) keys",
        "第一个查询对 \(attention.keys) 个键的注意力权重") + attention.normalization.remark,
      x: .band(LocalText("key", "键"), names),
      y: .linear(LocalText("weight", "权重"), domain: .exact(low: 0, high: 1)),
      facets: Facets(columns: 2, panels: panels), source: source)
  }

  // MARK: - Effective keys

  /// Effective keys of each query, mean over heads, one line per scale.
  func effectiveKeys() -> Chart {
    let positions = (1...attention.queries).map { Double($0) }
    let lines = results.map { result in
      (0..<attention.queries).map { query in
        meanEffectiveKeys((0..<attention.heads).map { result.rows[$0 * attention.queries + query] })
      }
    }
    let heroLine = lines[results.firstIndex { $0.scale == hero.scale } ?? 0]
    let (first, last) = (heroLine[0].inText, heroLine[heroLine.count - 1].inText)
    return Chart(
      title: LocalText(
        "Effective keys at \(hero.scale.words.english): \(first) at the first query, \(last) at the last",
        "\(hero.scale.words.chinese) 时的等效键数：第一个查询 \(first)，最后一个 \(last)"),
      subtitle: LocalText(
        "e^H of each query" + (attention.heads > 1 ? ", mean over \(attention.heads) heads" : ""),
        "每个查询的 e^H" + (attention.heads > 1 ? "，对 \(attention.heads) 个头取均值" : ""))
        + attention.normalization.remark,
      x: .linear(
        LocalText("query", "查询"), domain: .data,
        // Queries are whole numbers; where they are few, so are the ticks.
        ticks: positions.count > 12
          ? .automatic : .at(positions.map { Tick($0, LocalText(same: $0.machineText)) })),
      y: .linear(LocalText("effective keys", "等效键数"), includesZero: true), source: source
    ) {
      if attention.isCausal {
        Line(
          LocalText("keys in sight", "可见的键数"), x: positions, y: positions, key: nil,
          label: .end(LocalText("keys in sight", "可见的键数")))
      } else {
        Rule(y: Double(attention.keys), label: LocalText("all keys", "全部键"))
      }
      for (key, result) in results.enumerated() {
        Line(
          result.scale.words, x: positions, y: lines[key], key: key,
          weight: result.scale == hero.scale ? .hero : .normal)
      }
    }
  }
}
