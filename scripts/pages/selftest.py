"""Pages that are broken on purpose, one thing each: every check must report its own, and nothing else may be reported."""
import tempfile
import time
from collections import namedtuple
from pathlib import Path

import check
import pictures
from browser import BrowserError, Tab

STYLE = """:root { color-scheme: light dark; --paper: #fff; --ink: #1a1d21; --quiet: #565d66; --one: #04665e; --two: #7a1fa0 }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e8eaed; --quiet: #a4acb6; --one: #73dccf; --two: #f9aafd } }
body { margin: 0; background: var(--paper); color: var(--ink); font-family: Arial, "Liberation Sans", sans-serif }
main { max-width: 40rem; margin: 0 auto; padding: 0 1rem }
a { color: var(--one) } .quiet { color: var(--quiet) } figure { margin: 0 } pre { max-width: 100%; overflow: auto }
svg { display: block; max-width: 100%; height: auto; overflow: visible }
.scroll { overflow: auto }
.checked { position: relative } .checked > .evidence { display: none; position: fixed; inset: auto 1rem 1rem; padding: .5rem; background: var(--paper) }
.checked:hover > .evidence, .checked:focus-within > .evidence { display: block }
@media print { details::details-content { content-visibility: visible; display: block; block-size: auto } }
.k { stroke: var(--paper) } .one { color: var(--one) } .two { color: var(--two) } .marked::after { content: "ok"; color: var(--quiet) }
"""

FIGURE = """<figure class="chart"><figcaption><strong class="chart-title">Loss falls from 2.5 to 0.4</strong></figcaption>
<svg role="img" aria-labelledby="t1" aria-describedby="d1" viewBox="0 0 320 200" width="320" height="200"><title id="t1">Loss falls from 2.5 to 0.4</title>
<desc id="d1">A line from 2.5 at step 0 to 0.4 at step 100.</desc><g class="s o1 one" stroke="currentColor" fill="none"><title>train</title><path d="M10 20L200 90"/><path class="k" stroke-width="6" d="M200 90h0"/><path fill="currentColor" fill-opacity=".15" stroke="none" d="M10 10L200 80V100L10 30Z"/></g>
<g fill="currentColor" font-size="12"><text x="10" y="120">step</text><text x="10" y="136">loss, log10</text><text transform="translate(150 120) rotate(45)">first label</text><text transform="translate(172 120) rotate(45)">second label</text><text x="210" y="95" class="one">train</text></g></svg></figure>"""

# What the cases put their breakage into.
BASE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page to test with</title>
<link rel="stylesheet" href="style.css">
<style>p { text-wrap: pretty }</style>
<!--head-->
</head>
<body>
<main id="text">
<h1>Why divide by the root</h1>
<p class="quiet marked">Some words, a <a href="good.html#text">link</a> and a number:
<span class="checked"><a href="#details" aria-describedby="tip">0.73</a><span class="evidence" role="tooltip" id="tip">computed 0.7289</span></span>.</p>
""" + FIGURE + """
<details id="details"><summary>Data</summary><div class="scroll" tabindex="0" role="region" aria-label="Data of the figure"><table><caption>Loss</caption><thead><tr><th scope="col">step</th><th scope="col">loss at the end of a long run</th></tr></thead><tbody><tr><th scope="row">before any step</th><td>2.5</td></tr></tbody></table></div></details>
<!--here-->
</main>
</body>
</html>
"""

Case = namedtuple("Case", "name old new check words also only")
CASES = []


def case(name, kind, new, old="<!--here-->", words="", also=(), only=None):
    """`kind` must be reported, with `words` in it; `also` may be; `only`: the modes in which it may show."""
    CASES.append(Case(name, old, new, kind, words, set(also), only))


def head(css):
    return f"<style>{css}</style>"


HEAD = "<!--head-->"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="

case("markup", "html", '<p colour="red">Words.</p>', words="colour")
case("markup-css", "html", head("p { colour: red }"), old=HEAD, words="colour")
case("axe", "axe", '<button type="button"></button>', words="button-name")
case("overflow", "page-overflow", '<p style="white-space: nowrap">' + "words and " * 8 + "</p>", only="360", also=["too-wide"], words="px")
case("overflow-unfolded", "page-overflow", '<div style="width: 34rem">Words</div></details>', old="</details>", only="360", also=["too-wide"])
case("cut-at-left", "page-overflow", '<p style="margin-left: -40px">Words.</p>', words="at the left", also=["too-wide"])
case("too-wide", "too-wide", '<div style="overflow: hidden"><p style="width: 30rem">Words.</p></div>', only="360", words="480 px wide in a container of 328 px")
case("text-outside", "text-outside", '<text x="10" y="4">step', old='<text x="10" y="120">step', words="5 px at the top")
case("text-outside-right", "text-outside", '<text x="290" y="60">a long word</text><text x="10" y="120">', old='<text x="10" y="120">', words="at the right", also=["page-overflow", "too-wide"])
case("text-overlap", "text-overlap", '<text x="16" y="124">', old='<text x="10" y="136">', words="“step” and “loss, log10”")
case("text-overlap-lines", "text-overlap", '<text x="10" y="150"><tspan x="10">first line</tspan><tspan x="10" dy="8">second line</tspan></text><text x="10" y="120">', old='<text x="10" y="120">', words="first line")
case("text-overlap-turned", "text-overlap", '<text transform="translate(156 120) rotate(45)">', old='<text transform="translate(172 120) rotate(45)">', words="first label")
case("text-overlap-wide-font", "text-overlap", '<text x="10" y="170">mmmmmmmmmm</text><text x="118" y="170">right</text><text x="10" y="120">', old='<text x="10" y="120">', only="DejaVu")
case("text-small", "text-small", '<g fill="currentColor" font-size="11">', old='<g fill="currentColor" font-size="12">', words="is 11 px")
case("text-small-scaled", "text-small", '<g fill="currentColor" font-size="12" transform="scale(.9)">', old='<g fill="currentColor" font-size="12">', words="is 10.8 px")
case("text-small-raised", "text-small", 'log<tspan dy="3" font-size="8">10</tspan>', old="log10", words="is 8 px")
case("figure-name-short", "figure-name", '<title id="t1">Loss</title>', old='<title id="t1">Loss falls from 2.5 to 0.4</title>', words="4 characters")
case("figure-name-missing", "figure-name", 'aria-describedby="d1" viewBox="0 0 320 200" width="320" height="200">', words="0 characters", also=["axe"],
     old='aria-labelledby="t1" aria-describedby="d1" viewBox="0 0 320 200" width="320" height="200"><title id="t1">Loss falls from 2.5 to 0.4</title>')
case("figure-name-repeated", "figure-name", FIGURE.replace("t1", "t2").replace("d1", "d2"), words="is also that of figure 1")
case("figure-role", "figure-name", '<svg aria-labelledby="t1"', old='<svg role="img" aria-labelledby="t1"', words="neither role", also=["html"])
case("figure-description", "figure-description", ">A line that falls to 0.4.<", old=">A line from 2.5 at step 0 to 0.4 at step 100.<", words="has 1 numbers")
case("id-twice", "id", '<p id="text">Words.</p>', words="“text”", also=["html", "axe"])
case("idref-aria", "idref", '<p aria-describedby="nothing">Words.</p>', words="nothing", also=["html", "axe"])
case("idref-label", "idref", '<p><label for="nothing">Words</label></p>', words="nothing", also=["html"])
case("idref-paint", "idref", '<path clip-path="url(#nothing)" d="M10 20L200 90"/>', old='<path d="M10 20L200 90"/>', words="names no element", also=["link-anchor"])
case("idref-link", "idref", '<p><a href="#nothing">Words</a></p>', words="leads nowhere", also=["link-anchor"])
case("svg-tab-stop", "svg-tab-stop", '<a href="#text"><text x="10" y="120">step</text></a>', old='<text x="10" y="120">step</text>', also=["axe"])
case("svg-tab-stop-index", "svg-tab-stop", '<g tabindex="0" fill="currentColor"', old='<g fill="currentColor"', also=["axe"])
case("scroll-focus", "scroll-focus", '<div class="scroll"><p style="width: 60rem">Words.</p></div>', words="scrolls (960", also=["axe"])
case("scroll-focus-unfolded", "scroll-focus", '<div class="scroll" style="max-height: 1rem">', old='<div class="scroll" tabindex="0" role="region" aria-label="Data of the figure">', also=["axe", "print"])
case("contrast-light", "contrast-text", head("@media (prefers-color-scheme: light) { .quiet { color: #999 } }"), old=HEAD, words="2.85 : 1", only="light", also=["axe"])
case("contrast-dark", "contrast-text", head("@media (prefers-color-scheme: dark) { .quiet { color: #555 } }"), old=HEAD, only="dark", also=["axe"])
case("contrast-opacity", "contrast-text", '<p style="opacity: .45">Words.</p>', also=["axe"])
case("contrast-unfolded", "contrast-text", '<caption style="color: #888">', old="<caption>", also=["axe"], only="light")
case("contrast-tooltip", "contrast-text", head(".evidence { color: #808080 }"), old=HEAD, words="computed 0.7289")
case("contrast-pseudo", "contrast-text", head(".marked::after { color: #808080 }"), old=HEAD, words="::after", also=["axe"])
case("contrast-svg", "contrast-text", '<text x="10" y="120" fill="#808080">', old='<text x="10" y="120">', words="step")
case("contrast-svg-bar", "contrast-text", '<rect x="0" y="106" width="60" height="20" fill="currentColor"/><text x="10" y="120">', old='<text x="10" y="120">', words="1 : 1")
case("contrast-data", "contrast-data", '<path stroke="#888" stroke-opacity=".6" d="M10 20L200 90"/>', old='<path d="M10 20L200 90"/>', words="series “train”")
case("contrast-data-group", "contrast-data", '<g class="s o1 one" opacity=".4"', old='<g class="s o1 one"', words=": 1")
case("contrast-data-fill", "contrast-data", '<g class="n2" fill="#999" fill-opacity=".6"><rect x="10" y="60" width="9" height="30"/></g></svg>', old="</svg>", words="fill")
case("contrast-data-faint", "contrast-data", '<g class="n2 two" fill="currentColor" fill-opacity=".2"><rect x="10" y="60" width="9" height="30"/></g></svg>', old="</svg>", words="nothing in it reaches")
case("contrast-data-unseen", "contrast-data", '<g class="n2"><path stroke="#fff" d="M10 60h90"/></g></svg>', old="</svg>", words="nothing in it reaches", only="light")
case("tooltip-focus", "tooltip-hidden", head(".checked:focus-within:not(:hover) > .evidence { display: none }"), old=HEAD, words="on focus")
case("tooltip-hover", "tooltip-hidden", head(".checked:hover:not(:focus-within) > .evidence { display: none }"), old=HEAD, words="on hover")
case("tooltip-always", "tooltip-hidden", head(".checked > .evidence { display: block }"), old=HEAD, words="before it is hovered", also=["axe"])
case("tooltip-outside", "tooltip-outside", head(".checked > .evidence { position: absolute; inset: 1.5rem auto auto 0; width: 21rem }"), old=HEAD, words="at the right", only="360", also=["page-overflow"])
case("tooltip-outside-top", "tooltip-outside", head(".checked > .evidence { position: absolute; inset: auto auto 1.5rem -4rem; width: 12rem; height: 16rem }"), old=HEAD, words="at the top")
case("tooltip-cut", "tooltip-covered", head(".checked > .evidence { position: absolute; inset: 1rem auto auto -3rem; width: 10rem } p.marked { overflow: hidden }"), old=HEAD, words="cut off or covered", also=["tooltip-outside"])
case("network-image", "network", '<p><img src="http://images.invalid/x.png" alt="A picture"></p>', words="images.invalid", also=["console", "sub-path"])
case("network-css", "network", head("@import 'https://fonts.invalid/x.css';"), old=HEAD, words="fonts.invalid", also=["console", "sub-path"])
case("network-svg", "network", '<image href="//images.invalid/x.png" width="9" height="9"/></svg>', old="</svg>", words="images.invalid", also=["console", "sub-path"])
case("script", "script", "<script>1</script>", words="a script element")
case("drag", "drag", '<figure data-scores="1 2" data-dimension="4"></figure>', words="no slider appeared")
case("script-handler", "script", '<p onclick="1">Words.</p>', words="onclick")
case("link-file", "link-file", '<p><a href="nothing.html">Words</a></p>', words="nothing.html")
case("link-anchor", "link-anchor", '<p><a href="good.html#nothing">Words</a></p>', words="good.html has no id")
case("link-out", "link-file", '<p><a href="../up.html">Words</a></p>', words="out of the site")
case("link-absolute", "link-absolute", '<p><a href="/good.html">Words</a></p>', words="sub-path")
case("sub-path", "sub-path", '<link rel="stylesheet" href="/style.css">', old='<link rel="stylesheet" href="style.css">',
     also=["link-absolute", "console", "axe", "too-wide", "page-overflow", "tooltip-hidden", "contrast-text", "scroll-focus", "contrast-data", "tooltip-covered", "font-mode", "print"])
case("console", "console", '<p><img src="nothing.png" alt="A picture"></p>', words="nothing.png", also=["link-file", "sub-path"])
case("print-title", "print", head("@media print { h1 { display: none } }"), old=HEAD, words="the title “Why divide by the root”")
case("print-figure", "print", head("@media print { figure { display: none } }"), old=HEAD, words="the figure title “Loss falls from 2.5 to 0.4”")
case("print-label", "print", head("@media print { svg text { display: none } }"), old=HEAD, words="the label “loss, log10”")
case("print-folded", "print", head("@media print { details::details-content { content-visibility: hidden } }"), old=HEAD, words="folded up", also=["html"])
case("forced-colours", "forced-colours", head("@media (forced-colors: active) { svg { forced-color-adjust: none } .s { color: #ddd } }"), old=HEAD, words="series “train”")
case("font-mode", "font-mode", head("h1, p, svg { font-family: 'Noto Sans CJK SC' !important }"), old=HEAD, words="this mode shows nothing")

MODES = [check.Mode(900, False, "Liberation"), check.Mode(360, False, "Liberation"), check.Mode(900, True, "Liberation"), check.Mode(360, False, "DejaVu")]


def run(browser, work):
    started, wrong = time.monotonic(), []
    with tempfile.TemporaryDirectory(dir=work) as folder:
        root = Path(folder)
        (root / "style.css").write_text(STYLE, encoding="utf-8")
        (root / "remote.css").write_text("@import url(https://fonts.invalid/y.css);", encoding="utf-8")
        (root / "good.html").write_text(BASE, encoding="utf-8")
        for c in CASES:
            if BASE.count(c.old) < 1:
                raise SystemExit(f"error: the case {c.name} replaces nothing")
            (root / f"{c.name}.html").write_text(BASE.replace(c.old, c.new, 1), encoding="utf-8")
        report = check.run(root, browser, work, modes=MODES)

        by_page = {}
        for f in report.findings:
            by_page.setdefault(f.page, []).append(f)

        def tell(f):
            return f"{f.check} [{' '.join(f.mode.split())}] {f.element}: {f.what}"

        def judge(name, problems, count):
            print(f"{'FAIL' if problems else 'ok':4}  {name}  findings {count}")
            for problem in problems:
                print(f"        {problem}")
            if problems:
                wrong.append(name)

        judge("good: nothing is reported", [tell(f) for f in by_page.get("good.html", [])], len(by_page.get("good.html", [])))
        lines = sum(line[0] == "good.html" for line in report.lines)
        wanted = len(MODES) + 5
        judge("good: every check told that it ran", [] if lines == wanted else [f"{lines} lines, {wanted} expected"], lines)
        remote = by_page.get("remote.css", [])
        judge("network in a stylesheet", [] if any(f.check == "network" for f in remote) else ["not reported"], len(remote))
        for c in CASES:
            found = by_page.get(f"{c.name}.html", [])
            problems = []
            own = [f for f in found if f.check == c.check and c.words in f"{f.element} {f.what}"]
            if not own:
                problems.append(f"{c.check} “{c.words}” was not reported")
            if c.only:
                problems += [f"shows where it should not: {tell(f)}" for f in own if c.only not in f.mode]
            # What stands out too little in given colours may do so in the reader's own as well.
            also = c.also | ({"forced-colours"} if c.check.startswith("contrast") else set())
            problems += [f"not expected: {tell(f)}" for f in found if f.check != c.check and f.check not in also]
            judge(f"{c.name}: {c.check}", problems, len(found))

        # A browser that cannot load a page, and a folder without pages, are errors too.
        tab = Tab(browser)
        try:
            tab.open(root.joinpath("none.html").as_uri())
            judge("a page that does not load", ["no error"], 0)
        except BrowserError:
            judge("a page that does not load", [], 1)
        finally:
            tab.close()
        empty = root / "empty"
        empty.mkdir()
        try:
            check.run(empty, browser, work)
            judge("a folder without pages", ["no error"], 0)
        except SystemExit:
            judge("a folder without pages", [], 1)
        drawn = pictures.self_test(browser, folder, judge)
    total = len(CASES) + 5 + drawn
    print(f"\n{total - len(wrong)} of {total} self-tests passed, {time.monotonic() - started:.0f} s" + (f"; failed: {', '.join(wrong)}" if wrong else ""))
    return 1 if wrong else 0
