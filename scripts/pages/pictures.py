"""Compares the charts of a gallery, as its page shows them, with the pictures that somebody looked at.

The committed pictures are files of their own with colours written out; in a page a chart has classes and gets its colours,
strokes and halos from the style sheet. Both are drawn by the same browser with the same fonts, so that a difference is one
of the chart or of the style sheet and never one of the machine.
"""
import re
import struct
import zlib
from pathlib import Path

from browser import Tab

# Of all pixels, so many may differ in a channel by more than so much: where two strokes meet, rounding may.
MOST_SHARE, LEAST_STEP = 0.002, 32
MARGIN = 16
SVG = re.compile(r'<h2 id="([^"]+)">.*?(<svg [^>]*class="ch ch-w".*?</svg>)', re.S)


def pixels(png):
    """Width, height and rows of RGB bytes of a PNG as browsers write them: 8 bits a channel, not interlaced."""
    at, data, header = 8, b"", None
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + length]
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            data += body
        at += 12 + length
    width, height, depth, colour, _, _, interlace = header
    channels = {2: 3, 6: 4}.get(colour)
    if depth != 8 or channels is None or interlace:
        raise ValueError(f"a PNG of an unexpected form: {header}")
    raw, stride, rows, before = zlib.decompress(data), width * channels, [], bytearray(width * channels)
    for row in range(height):
        start = row * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1:start + 1 + stride])
        for i in range(stride):
            left = line[i - channels] if i >= channels else 0
            up, corner = before[i], before[i - channels] if i >= channels else 0
            if kind == 1:
                line[i] = (line[i] + left) & 255
            elif kind == 2:
                line[i] = (line[i] + up) & 255
            elif kind == 3:
                line[i] = (line[i] + (left + up) // 2) & 255
            elif kind == 4:
                guess = left + up - corner
                distances = abs(guess - left), abs(guess - up), abs(guess - corner)
                line[i] = (line[i] + (left, up, corner)[distances.index(min(distances))]) & 255
        rows.append(bytes(line) if channels == 3 else bytes(b for i, b in enumerate(line) if i % 4 != 3))
        before = line
    return width, height, rows


def difference(one, other):
    """The share of pixels that differ, and where the first does."""
    (width, height, a), (other_width, other_height, b) = pixels(one), pixels(other)
    if (width, height) != (other_width, other_height):
        return 1, f"{width} × {height} against {other_width} × {other_height}"
    count, first = 0, None
    for y, (left, right) in enumerate(zip(a, b)):
        if left == right:
            continue
        for x in range(width):
            if any(abs(left[3 * x + c] - right[3 * x + c]) > LEAST_STEP for c in range(3)):
                count += 1
                first = first or f"first at {x}, {y}"
    return count / (width * height), first or ""


def size(svg):
    found = re.match(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"', svg)
    return float(found[1]), float(found[2])


class Comparison:
    def __init__(self, browser, work):
        self.tab, self.work = Tab(browser), Path(work)
        self.tab.dress(900, 1200)

    def draw(self, name, text, x, y, width, height):
        page = self.work / name
        page.write_text(text, encoding="utf-8")
        self.tab.open(page.resolve().as_uri())
        return self.tab.picture(x, y, width, height)

    def compare(self, inline, style, standalone):
        """What differs between a chart of a page and its file, in words; empty where nothing does."""
        width, height = size(inline)
        own_width, own_height = size(standalone)
        # The file has a margin, and the title above the chart.
        title = own_height - 2 * MARGIN - height
        if own_width != width + 2 * MARGIN or title < 0:
            return f"the page's chart has {width:g} × {height:g} px, the file's {own_width:g} × {own_height:g}"
        head = f'<!doctype html><meta charset="utf-8"><style>{style}</style>'
        page = f'{head}<body style="margin:0;padding:0;max-width:none;background:#fff"><div style="width:{width:g}px">{inline}</div>'
        first = self.draw("picture.html", page, 0, 0, width, height)
        if first != self.draw("picture.html", page, 0, 0, width, height):
            return "two screenshots of the same chart differ"
        share, where = difference(first, self.draw("picture.svg", standalone, MARGIN, MARGIN + title, width, height))
        return f"{share:.2%} of the pixels differ, {where}" if share > MOST_SHARE else ""

    def close(self):
        self.tab.close()


def run(browser, work, gallery, golden, report):
    """Compares every chart of the English gallery page; every committed picture must have its chart."""
    gallery, golden = Path(gallery), Path(golden)
    style = (gallery / "style.css").read_text(encoding="utf-8")
    charts = dict(SVG.findall((gallery / "index.html").read_text(encoding="utf-8")))
    expected = {path.stem: path.read_text(encoding="utf-8") for path in sorted(golden.glob("*.svg"))}
    if not expected:
        raise SystemExit(f"error: no pictures in {golden}")
    comparison, wrong = Comparison(browser, work), 0
    try:
        for name, standalone in expected.items():
            what = comparison.compare(charts[name], style, standalone) if name in charts else "the gallery has no such chart"
            if what:
                wrong += 1
                report.add("gallery/index.html", "900 light", "picture", name, f"{what}; look at both, and record what is meant")
        for name in charts.keys() - expected.keys():
            wrong += 1
            report.add("gallery/index.html", "900 light", "picture", name, "no picture is committed that it could be compared with")
    finally:
        comparison.close()
    report.line("gallery/index.html", 90, "900 light", wrong, f"{len(expected)} charts look as the committed pictures")


STYLE = ".ch .o1{color:#282d74}.ch .a{color:#565d66}.ch .h{paint-order:stroke;stroke:#fff;stroke-width:3.5px}"
INLINE = ('<svg xmlns="http://www.w3.org/2000/svg" class="ch ch-w" viewBox="0 0 200 100" width="200" height="100" fill="none">'
          '<g stroke="currentColor" stroke-width="1.5"><g class="s o1"><path d="M10 90l60-50 120-30"/>'
          '<g class="h" fill="currentColor" stroke="none" font-size="13" font-family="Liberation Sans"><text x="80" y="80">series</text></g></g></g></svg>')
FILE = ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="-16 -16 232 152" width="232" height="152" fill="none">'
        '<rect x="-16" y="-16" width="232" height="152" fill="#fff"/><g transform="translate(0 20)"><g stroke="#282d74" stroke-width="1.5">'
        '<path d="M10 90l60-50 120-30"/><g stroke="none" fill="#282d74" font-size="13" font-family="Liberation Sans"><text x="80" y="80">series</text></g></g></g></svg>')
BROKEN = {
    "a colour": ("style", "#282d74", "#34871d"),
    "a mark that is missing": ("inline", '<path d="M10 90l60-50 120-30"/>', ""),
    "a mark moved by two pixels": ("inline", "M10 90", "M10 88"),
    "words moved": ("inline", 'x="80"', 'x="84"'),
    "other words": ("inline", "series", "series of another name"),
    "a stroke": ("inline", 'stroke-width="1.5"', 'stroke-width="3"'),
    "a size": ("inline", 'height="100"', 'height="160"'),
}


def self_test(browser, work, judge):
    """Sees that equal pictures pass and that each broken one is noticed."""
    comparison = Comparison(browser, work)
    try:
        same = comparison.compare(INLINE, STYLE, FILE)
        judge("pictures: the same in both forms", [same] if same else [], 0)
        for name, (part, old, new) in BROKEN.items():
            texts = {"inline": INLINE, "style": STYLE}
            if old not in texts[part]:
                raise SystemExit(f"error: the case {name} replaces nothing")
            texts[part] = texts[part].replace(old, new, 1)
            found = comparison.compare(texts["inline"], texts["style"], FILE)
            judge(f"pictures: {name}", [] if found else ["not noticed"], 1)
    finally:
        comparison.close()
    return len(BROKEN) + 1
