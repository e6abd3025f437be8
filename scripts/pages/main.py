"""Checks the pages of a built site; see scripts/test-pages."""
import argparse
import os
import sys
import time

import check
import pictures
import selftest
from browser import Browser, BrowserError


def show(report):
    for _, _, line in sorted(report.lines):
        print(line)
    if report.notes:
        print("\nNotes (these do not fail):")
        for note in report.notes:
            print(f"  {note}")
    if report.findings:
        # The same finding in several modes is told once, with the modes that it shows in.
        merged = {}
        for f in report.findings:
            merged.setdefault((f.page, f.check, f.element, f.what), []).append(f.mode)
        print(f"\nFindings ({len(merged)}):")
        for (page, kind, element, what), modes in sorted(merged.items(), key=lambda item: item[0][:2]):
            print(f"  {page}  {kind}  [{', '.join(sorted({' '.join(m.split()) for m in modes}))}]\n      {element}\n      {what}")
        return len(merged)
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True)
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--screenshots")
    parser.add_argument("--pictures", help="the committed pictures of the charts in the site's folder gallery")
    parser.add_argument("site", nargs="?")
    options = parser.parse_args()
    started = time.monotonic()
    try:
        with Browser(os.environ.get("CHROMIUM", "chromium")) as browser:
            if options.self_test:
                return selftest.run(browser, options.work)
            report = check.run(options.site, browser, options.work, screenshots=options.screenshots)
            if options.pictures:
                pictures.run(browser, options.work, os.path.join(options.site, "gallery"), options.pictures, report)
            count = show(report)
            print(f"\n{report.facts['pages']} pages, {len(report.lines)} checks of pages and modes, {count} findings, "
                  f"{time.monotonic() - started:.0f} s ({browser.version}, axe-core {report.facts.get('axe', '?')})")
            return 1 if count else 0
    except BrowserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 3


if __name__ == "__main__":
    sys.exit(main())
