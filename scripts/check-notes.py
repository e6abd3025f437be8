"""Writes a site of many notes, always the same one, for timing `notebook check`.

    python3 check-notes.py DIR COUNT

Half of the notes are Chinese, half English. Each is 2 to 6 kB long, with headings, a table, formulas, code and links to
other notes, two experiments with a figure each, ten links to measures and two claims. The ten are left empty, one of
them names a measure of another note: `notebook fmt` writes the numbers in.
"""
import random
import sys
from pathlib import Path

ENGLISH = {
    "title": "Note {n}: what the divisor does to {keys} keys", "tags": "[attention, softmax, note-{tenth}]",
    "summary": "Run it with {keys} keys and d = {d}.",
    "sentences": [
        "The scores are sums of d products, so their spread grows like √d while nothing else changes.",
        "A softmax of widely spread logits puts nearly all of its mass on one key, and the others learn nothing.",
        "Dividing by a constant changes the temperature and not the order of the weights.",
        "The variance of a sum of independent terms is the sum of their variances; this is all that the argument needs.",
        "With more keys the largest logit grows like √(2 ln n), which is slow, but it never stops.",
        "What a network learns can undo any constant factor, because the projections absorb it.",
        "Initialisation decides where training starts, and the divisor only where it starts from.",
        "Entropy is measured in nats here; e to its power is the number of keys that effectively take part.",
    ],
    "formula": "The weights are $p_i = e^{{z_i/\\tau}} / \\sum_j e^{{z_j/\\tau}}$ with $\\tau = c\\sqrt{{d}}$, d = {d}.",
    "heads": ["The question", "What was run", 'Entropy []({entropy} "3%") and the rest', "What follows", "Further reading"],
    "columns": ("divisor", "effective keys"),
    "prose": 'Undivided, the largest weight averages []({a} "20%"); divided by √d it is []({b} "20%"), and by 2√d []({c} "20%").',
    "other": 'In [note {other}](note-{other}.md) the same share is []({across} "10%"); see also [what was run there](note-{other}.md#what-was-run).',
    "spread": 'The dot products spread by []({spread} "10%") before, by []({after} "10%") after.',
    "claims": ("The entropy rises with the divisor.", "Twice the divisor leaves more than a quarter of the largest weight."),
    "run": "what-was-run",
}
CHINESE = {
    "title": "第 {n} 篇：除数怎样改变 {keys} 个键上的分布", "tags": "[注意力, softmax, note-{tenth}]",
    "summary": "取 {keys} 个键、d = {d}，跑一遍就知道。",
    "sentences": [
        "得分是 d 个乘积之和，别的都不变，它的离散程度也会像 √d 那样增长。",
        "logits 一旦散得很开，softmax 就把几乎全部权重放在一个键上，其余的键什么也学不到。",
        "除以一个常数只改变温度，不改变各个权重的大小次序。",
        "独立各项之和的方差等于方差之和，整个论证只用到这一点。",
        "键越多，最大的 logit 就越大，大致像 √(2 ln n)：很慢，但从不停下。",
        "网络学到的参数可以抵消任何常数因子，因为投影矩阵会把它吸收进去。",
        "初始化决定训练从哪里出发，除数只是其中的一部分。",
        "这里的熵以 nat 为单位；e 的熵次方，就是实际起作用的键数。",
    ],
    "formula": "权重是 $p_i = e^{{z_i/\\tau}} / \\sum_j e^{{z_j/\\tau}}$，其中 $\\tau = c\\sqrt{{d}}$，d = {d}。",
    "heads": ["问题", "跑了什么", '熵 []({entropy} "3%") 以及其他', "由此可见", "延伸阅读"],
    "columns": ("除数", "等效键数"),
    "prose": '不缩放时，最大权重平均是 []({a} "20%")；除以 √d 后是 []({b} "20%")，除以 2√d 后是 []({c} "20%")。',
    "other": '在[第 {other} 篇](note-{other}.md)里，同样的占比是 []({across} "10%")；另见[那里跑了什么](note-{other}.md#跑了什么)。',
    "spread": '点积原来的标准差是 []({spread} "10%")，缩放之后是 []({after} "10%")。',
    "claims": ("熵随除数增大而增大。", "除数加倍，最大权重仍超过原来的四分之一。"),
    "run": "跑了什么",
}


def note(n, count):
    words = CHINESE if n % 2 else ENGLISH
    # Only random() is promised to stay the same from one version of Python to the next.
    source = random.Random(n)

    def pick(choices):
        return choices[int(source.random() * len(choices))]

    def paragraph(sentences):
        joint = "" if words is CHINESE else " "
        return joint.join(pick(words["sentences"]) for _ in range(sentences))

    keys, d = pick([64, 96, 128, 160]), pick([16, 32, 64])
    # A note of the same language, which the anchors need; the notes lead to one another in a ring.
    other = f"{(n + 2) % count:04}"
    values = {
        "n": n, "tenth": n % 10, "keys": keys, "d": d, "other": other,
        "entropy": "#weights.entropy[√d]", "a": "#weights.maxProbability[none]", "b": "#weights.maxProbability[√d]",
        "c": "#weights.maxProbability[2√d]", "across": f"note-{other}.md#weights.effectiveKeysShare[√d]",
        "spread": "#scores.standardDeviation[none]", "after": "#scores.standardDeviation[√d]",
    }
    head = [heading.format(**values) for heading in words["heads"]]
    rows = "\n".join(
        f'| {scale} | [](#weights.effectiveKeysShare[{scale}] "20%") |' for scale in ("none", "√d", "2√d"))
    columns = " | ".join(words["columns"])
    text = f"""---
title: {words["title"].format(**values)!r}
date: 20{10 + n % 17}-{1 + n % 12:02}-{1 + n % 28:02}
lang: {"zh-Hans" if words is CHINESE else "en"}
tags: {words["tags"].format(**values)}
summary: {words["summary"].format(**values)!r}
---

## {head[0]}

{paragraph(2 + int(source.random() * 5))}

{words["formula"].format(**values)} {words["prose"].format(**values)}

## {head[1]}

```yaml experiment weights
kind: softmax
headDimension: {d}
keys: {keys}
queries: 256
trials: 8
scales: [none, √d, 2√d, 3√d]
seed: {n}
figure: sorted-curve
```

{paragraph(1 + int(source.random() * 5))}

```yaml experiment scores
kind: dot-products
headDimension: [{d}]
samples: 2000
seed: {n}
```

{words["spread"].format(**values)}

## {head[2]}

| {columns} |
|---|---|
{rows}

- {paragraph(1)}
- **{paragraph(1)}**
- {paragraph(1)}

### {head[3]}

{paragraph(2 + int(source.random() * 6))}

> {paragraph(1 + int(source.random() * 3))}

```python
weights = softmax(queries @ keys.T / math.sqrt({d}))
print(weights.max(axis=-1).mean())
```

## {head[4]}

{words["other"].format(**values)}

```yaml claims
- id: rises
  says: {words["claims"][0]}
  check: weights.entropy increases with scale
- id: quarter
  says: {words["claims"][1]}
  check: weights.maxProbability[2√d] > weights.maxProbability[√d] / 4
```
"""
    return text


def main():
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    notes = folder / "notebooks"
    notes.mkdir(parents=True)
    for n in range(count):
        (notes / f"note-{n:04}.md").write_text(note(n, count), encoding="utf-8")


if __name__ == "__main__":
    main()
