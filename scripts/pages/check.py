"""All checks of a site: one browser, two tabs, the HTML checker beside them."""
import queue
import re
import subprocess
import threading
import time
import unicodedata
from collections import namedtuple
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
import sysconfig

import links
import markup
import probe
from browser import BrowserError, Tab

LEAST_FONT, LEAST_TEXT, LEAST_DATA = 11.5, 4.5, 3
HOVERS = 3
# axe-core takes seconds over the cells of data tables: with everything unfolded in two of the four, as it opens in the others.
AXE_UNFOLDED = {(900, False): True, (900, True): False, (360, False): False, (360, True): True}

FONTS = {
    "Liberation": {"standard": "Liberation Serif", "serif": "Liberation Serif", "sansSerif": "Liberation Sans", "fixed": "Liberation Mono"},
    "DejaVu": {"standard": "DejaVu Serif", "serif": "DejaVu Serif", "sansSerif": "DejaVu Sans", "fixed": "DejaVu Sans Mono"},
}

Mode = namedtuple("Mode", "width dark font")
MODES = [Mode(width, dark, font) for font in ("Liberation", "DejaVu") for width in (900, 360) for dark in (False, True)]
Finding = namedtuple("Finding", "page mode check element what")


def told(mode):
    return f"{mode.width} {'dark ' if mode.dark else 'light'} {mode.font}"


@dataclass
class Report:
    findings: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    facts: dict = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, page, mode, check, element, what):
        with self.lock:
            self.findings.append(Finding(page, mode, check, element, what))

    def note(self, text):
        with self.lock:
            if text not in self.notes:
                self.notes.append(text)

    def line(self, page, order, mode, count, words):
        with self.lock:
            self.lines.append((page, order, f"{'FAIL' if count else 'ok':4}  {page}  {mode}  {words}"))


def axe_source():
    path = Path(sysconfig.get_path("purelib")) / "axe_playwright_python" / "axe.min.js"
    if not path.is_file():
        raise SystemExit(f"error: {path} is missing; remove .build/pages-venv and run this again")
    return path.read_text(encoding="utf-8")


def address(folder, name):
    return "file://" + quote(str(Path(folder).resolve() / name))


def squash(text):
    """Text as it can be compared with what comes out of a PDF: one form of each character, no spaces, no soft hyphens."""
    return re.sub(r"[\s\u00ad\u200b\u2060\ufeff]+", "", unicodedata.normalize("NFKC", text))


class Job:
    def __init__(self, site, report, work, axe, screenshots=None):
        self.site, self.report, self.work, self.axe, self.screenshots = site, report, Path(work), axe, screenshots

    def prepare(self, tab, name, mode, font=True):
        tab.dress(mode.width, 800, mode.dark)
        tab.open(address(self.site.folder, name))
        tab.run(probe.SOURCE)
        if font:
            return tab.run("pagesProbe.dress('%s')" % mode.font)
        return 0

    def measure(self, tab, name, mode):
        """Everything that depends on the window, the colours and the fonts."""
        found, counts = {}, {}

        def take(result):
            counts.update(result["counts"])
            for note in result.get("notes", ()):
                self.report.note(f"{name}: {note}")
            for f in result["found"]:
                found[(f["check"], f["element"], f["what"])] = None

        samples = self.prepare(tab, name, mode)
        outside = [url for url in tab.requests if not url.startswith(("file://", "data:", "about:", "blob:"))]
        for url in outside:
            found[("network", "page", f"the browser asked for {url[:120]}")] = None
        for text in tab.complaints:
            found[("console", "page", text[:200])] = None
        for i in range(samples):
            drawn = tab.platform_fonts(f'[data-pages-sample="{i}"]')
            if not any(mode.font in family for family in drawn or []):
                found[("font-mode", "page", f"the text is drawn with {', '.join(drawn or ['nothing'])}, not with {mode.font}: this mode shows nothing")] = None
        take(tab.run("pagesProbe.structure()"))
        if mode.font == "Liberation" and not mode.dark:
            take(tab.run("pagesProbe.drags()"))
        if mode.font == "Liberation" and not AXE_UNFOLDED[mode.width, mode.dark]:
            result = self.axe_core(tab, found)
        # As it opens, and with everything unfolded.
        for _ in range(2):
            take(tab.run("pagesProbe.boxes()"))
            take(tab.run(f"pagesProbe.chartTexts({LEAST_FONT})"))
            if not tab.run("pagesProbe.openAll()"):
                break
        else:
            take(tab.run("pagesProbe.boxes()"))
        if mode.font == "Liberation":
            take(tab.run(f"pagesProbe.colours({LEAST_TEXT}, {LEAST_DATA})"))
        if not mode.dark:
            take(tab.run("pagesProbe.tooltips()"))
            if mode.font == "Liberation" and counts["tooltips"]:
                self.hover(tab, counts["tooltips"], found)
            tab.point(0, 0)
        words = f"figures {counts['figures']}  texts {counts['texts']:3}  scroll boxes {counts['scrollers']}"
        if mode.font == "Liberation":
            if AXE_UNFOLDED[mode.width, mode.dark]:
                tab.run("scrollTo(0, 0)")
                result = self.axe_core(tab, found)
            words += f"  axe {len(result['found'])} of {result['passes']} rules{' unfolded' if AXE_UNFOLDED[mode.width, mode.dark] else ''}"
            low = lambda key: "–" if counts[key] is None else f"{counts[key]:.2f}"
            words += f"  contrast {low('lowest')} of {counts['coloured']} texts, {low('lowestData')} of {counts['strokes']} data strokes on {counts['page']}"
        if not mode.dark:
            words += f"  tooltips {counts['tooltips']}"
        if found:
            words += f"  — findings {len(found)}"
        for check, element, what in found:
            self.report.add(name, told(mode), check, element, what)
        self.report.line(name, MODES.index(mode), told(mode), len(found), words)

    def axe_core(self, tab, found):
        tab.run("if (!window.axe) {" + self.axe + "\n}; 0")
        result = tab.run("pagesProbe.axeRun()", 240)
        self.report.facts["axe"] = result["version"]
        for f in result["found"]:
            found[(f["check"], f["element"], f["what"])] = None
        if not result["passes"]:
            found[("axe", "page", "axe-core ran no rule")] = None
        return result

    def hover(self, tab, count, found):
        spread = sorted({round(i * (count - 1) / max(1, HOVERS - 1)) for i in range(HOVERS)})
        for index in spread:
            if index >= count:
                continue
            spot = tab.run(f"pagesProbe.hoverSpot({index})")
            if not spot:
                continue
            tab.point(spot["x"], spot["y"])
            for f in tab.run(f"pagesProbe.hovered({index})"):
                found[(f["check"], f["element"], f["what"])] = None

    def as_found(self, tab, name, server):
        """Once a page: printed, served below a sub-path."""
        found = []
        self.prepare(tab, name, MODES[0], font=False)
        here = tab.run("pagesProbe.summary()")
        for i, count in enumerate(here["sheets"]):
            if count == 0:
                found.append(("sub-path", f"stylesheet {i + 1}", "has no rules"))
        missing = 0
        try:
            data = tab.pdf()
            path = self.work / f"{threading.get_ident()}.pdf"
            path.write_bytes(data)
            # Text of several fonts in a line comes out in order in one of these, or in the other.
            out = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, timeout=60)
            raw = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", str(path), "-"], capture_output=True, timeout=60)
            path.unlink()
            if out.returncode or not data.startswith(b"%PDF"):
                found.append(("print", "page", f"pdftotext cannot read the PDF: {out.stderr.decode('utf-8', 'replace').strip()[:160]}"))
            text = "\n".join(squash(o.stdout.decode("utf-8", "replace")) for o in (out, raw))
            pages = out.stdout.count(b"\f")
            wanted = [("the title", here["title"])] + [("the figure title", t) for t in here["figures"]]
            wanted += [("what is folded up on the screen,", t) for t in here["folded"]]
            for what, words in wanted:
                if not words or squash(words) not in text:
                    missing += 1
                    found.append(("print", "page", f"{what} “{words}” is not in the printed text"))
            titles = len(wanted) - missing
            labels = 0
            for layouts in here["labels"]:
                lost = min(([word for word in words if squash(word) not in text] for words in layouts), key=len)
                labels += max(len(words) for words in layouts) - len(lost)
                missing += len(lost)
                for word in lost[:3]:
                    found.append(("print", "page", f"the label “{word}” of a figure is not in the printed text"))
            self.report.line(name, 20, "print", missing, f"pages {pages}  titles and folds {titles} of {len(wanted)}  labels {labels}")
        except BrowserError as error:
            found.append(("print", "page", str(error)))
            self.report.line(name, 20, "print", 1, "failed")
        before = len(found)
        self.forced(tab, name, found)
        self.report.line(name, 19, "forced", len(found) - before, "colours of the reader's own")
        before = len(found)
        tab.dress(900)
        tab.open(server.address(name))
        tab.run(probe.SOURCE)
        there = tab.run("pagesProbe.summary()")
        own = f"http://127.0.0.1:{server.port}{server.PREFIX}"
        asked = [url for url in tab.requests if not url.startswith("data:")]
        for url in asked:
            if not url.startswith(own) and not url.endswith("/favicon.ico"):
                found.append(("sub-path", "page", f"asked for {url[:120]}, which is not below {server.PREFIX}"))
            elif url.startswith(own) and tab.responses.get(url) != 200:
                found.append(("sub-path", "page", f"{url[len(own):][:100]} was answered with {tab.responses.get(url)}"))
        if here["sheets"] != there["sheets"] or here["look"] != there["look"]:
            found.append(("sub-path", "page", f"looks different: rules {there['sheets']}, body {there['look']}; from the folder: {here['sheets']}, {here['look']}"))
        targets = self.site.targets.get(name, set())
        for target, status in server.unreachable(name, targets):
            found.append(("sub-path", "page", f"the link “{target}” is answered with {status}"))
        self.report.line(name, 21, "sub-path", len(found) - before,
                         f"requests {len(asked)}  stylesheets {len(there['sheets'])} ({sum(there['sheets'])} rules)  links {len(targets)}")
        for check, element, what in found:
            self.report.add(name, check if check in ("print", "forced-colours") else "sub-path", check, element, what)

    def forced(self, tab, name, found):
        """With forced colours, as Windows' contrast themes have them: words and data must still stand out."""
        tab.dress(900, forced=True)
        tab.open(address(self.site.folder, name))
        tab.run(probe.SOURCE)
        if not tab.run("matchMedia('(forced-colors: active)').matches"):
            found.append(("forced-colours", "page", "the browser does not emulate forced colours: this mode shows nothing"))
            return
        tab.run("pagesProbe.openAll()")
        for f in tab.run(f"pagesProbe.colours({LEAST_TEXT}, {LEAST_DATA})")["found"]:
            found.append(("forced-colours", f["element"], f["what"]))

    def shoot(self, tab, name):
        for mode in MODES[:4]:
            tab.dress(mode.width, 800, mode.dark)
            tab.open(address(self.site.folder, name))
            height = max(1, tab.run("document.documentElement.scrollHeight"))
            base = self.screenshots / re.sub(r"\.html?$", "", name)
            base.parent.mkdir(parents=True, exist_ok=True)
            label = ("wide" if mode.width == 900 else str(mode.width)) + ("-dark" if mode.dark else "-light")
            # A picture cannot be higher than a texture.
            most, top, part = 12000, 0, 1
            while top < height:
                data = tab.picture(0, top, mode.width, min(most, height - top))
                Path(f"{base}-{label}{'' if height <= most else f'-{part}'}.png").write_bytes(data)
                top, part = top + most, part + 1


def run(folder, browser, work, modes=MODES, screenshots=None, tabs=2, parts=("markup", "links", "modes", "print")):
    """Checks the site in `folder` and returns a Report."""
    report, started = Report(), time.monotonic()
    site = links.Site(folder)
    if not site.names:
        raise SystemExit(f"error: there is no HTML page in {folder}")
    checker = markup.Checker(folder, site.names) if "markup" in parts else None
    server = links.SubPath(site.folder) if "print" in parts else None
    try:
        if "links" in parts:
            found = site.check()
            for page, check, element, what in found:
                report.add(page, "text", check, element, what)
            for name, page in site.pages.items():
                count = sum(f[0] == name for f in found)
                report.line(name, -1, "links", count, f"followed {len(page.links)}  loaded {len(page.loads)}  ids {len(page.ids)}")
        job = Job(site, report, work, axe_source(), Path(screenshots) if screenshots else None)
        tasks = queue.SimpleQueue()
        for name in site.names:
            for mode in modes if "modes" in parts else ():
                tasks.put((job.measure, name, mode))
            if server:
                tasks.put((job.as_found, name, server))
            if screenshots:
                tasks.put((job.shoot, name))
        failures = []

        def worker():
            tabs_by_font = {}
            while True:
                try:
                    task, name, *rest = tasks.get_nowait()
                except queue.Empty:
                    break
                mode = rest[0] if rest and isinstance(rest[0], Mode) else None
                font, label = mode and mode.font, told(mode) if mode else task.__name__
                try:
                    # The fonts that generic names stand for can be set once in the life of a tab.
                    if font not in tabs_by_font:
                        tabs_by_font[font] = Tab(browser, FONTS.get(font))
                    task(tabs_by_font[font], name, *rest)
                except BrowserError as error:
                    # A page that cannot be measured has not passed; the next one gets a fresh tab.
                    report.add(name, label, "browser", "page", str(error))
                    report.line(name, 30, label, 1, "could not be measured")
                    if font in tabs_by_font:
                        tabs_by_font.pop(font).close()
                except Exception as error:  # pylint: disable=broad-except
                    failures.append(error)
                    break
            for tab in tabs_by_font.values():
                tab.close()

        threads = [threading.Thread(target=worker) for _ in range(tabs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        if checker:
            errors, warnings, passed = checker.result()
            for page, element, what in errors:
                report.add(page, "text", "html", element, what)
            for page, element, what in warnings:
                report.note(f"{page}: the HTML checker warns at {element}: {what}")
            for page, element, what, why in passed:
                report.note(f"{page}: let pass at {element}: {what} ({why})")
            for name in site.names:
                count = sum(e[0] == name for e in errors)
                report.line(name, -2, "html", count, f"errors {count}  warnings {sum(w[0] == name for w in warnings)}  let pass {sum(p[0] == name for p in passed)}")
    finally:
        if checker:
            checker.close()
        if server:
            server.close()
    report.facts["seconds"] = time.monotonic() - started
    report.facts["pages"] = len(site.names)
    return report
