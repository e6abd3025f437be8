"""What pages refer to, read from their text: nothing from the network, and every link of ours leads somewhere."""
import http.client
import http.server
import os
import re
import threading
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

# Attributes whose address the browser loads by itself; the others only lead there when a reader follows them.
LOADED = {
    "src": None, "poster": None, "background": {"body", "table", "td", "th"}, "data": {"object"}, "srcset": None, "imagesrcset": None,
    "href": {"link", "image", "use", "feimage", "pattern", "lineargradient", "radialgradient", "textpath", "mpath"},
    "xlink:href": {"image", "use", "feimage", "pattern", "lineargradient", "radialgradient", "textpath", "mpath", "script"},
    "action": {"form"}, "formaction": None, "ping": None, "manifest": {"html"},
}
# <link> elements that say something about the page and load nothing.
TELLING = {"canonical", "alternate", "author", "license", "next", "prev", "help", "search", "me", "bookmark", "up"}


def css_addresses(text):
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for match in re.finditer(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s][^)]*?))\s*\)""", text, re.I):
        yield next(group for group in match.groups() if group is not None)
    for match in re.finditer(r"""@import\s+(?:"([^"]*)"|'([^']*)')""", text, re.I):
        yield match.group(1) if match.group(1) is not None else match.group(2)


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.loads, self.links, self.wrong = set(), [], [], []
        self.style, self.lines = None, text.splitlines()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        values = {key: value or "" for key, value in attributes}
        line = self.getpos()[0]
        here = f"<{tag}{''.join(f' {k}={values[k]!r}' for k in ('id', 'rel', 'class') if k in values)}> in line {line}"
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a" and values.get("name"):
            self.ids.add(values["name"])
        # One script there may be, and only where a figure is dragged; check.py tries it.
        if tag == "script" and values.get("src") != "drag.js":
            self.wrong.append(("script", here, f"a script element{' src=' + values['src'] if 'src' in values else ''}"))
        if tag == "base":
            self.wrong.append(("link-absolute", here, "a base element: links would not work from a sub-path"))
        for key, value in values.items():
            if key.startswith("on") and len(key) > 3:
                self.wrong.append(("script", here, f"an event handler, {key}"))
            if key in ("href", "xlink:href", "src", "action", "formaction") and re.match(r"\s*javascript:", value, re.I):
                self.wrong.append(("script", here, f"{key} is a javascript: address"))
            if "url(" in value.lower() and key not in ("href", "src", "content", "title", "alt"):
                self.loads += [(address, f"{here}, {key}") for address in css_addresses(value)]
            loaded = key in LOADED and (LOADED[key] is None or tag in LOADED[key])
            if tag == "link" and key == "href" and set(values.get("rel", "").lower().split()) <= TELLING:
                loaded = False
            if key in ("srcset", "imagesrcset"):
                self.loads += [(part.split()[0], f"{here}, {key}") for part in value.split(",") if part.strip()]
            elif loaded:
                self.loads.append((value, f"{here}, {key}"))
            elif key in ("href", "xlink:href"):
                self.links.append((value, f"{here}, {key}"))
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh" and "url=" in values.get("content", "").lower():
            self.loads.append((re.split(r"url=", values["content"], flags=re.I)[1].strip("'\" "), f"{here}, refresh"))
        if tag == "style":
            self.style = here

    def handle_endtag(self, tag):
        if tag == "style":
            self.style = None

    def handle_data(self, data):
        if self.style:
            self.loads += [(address, self.style) for address in css_addresses(data)]


class Site:
    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.files = sorted(p for p in self.folder.rglob("*") if p.is_file())
        self.names = [p.relative_to(self.folder).as_posix() for p in self.files if p.suffix.lower() in (".html", ".htm")]
        self.pages = {name: Page((self.folder / name).read_text(encoding="utf-8", errors="replace")) for name in self.names}
        self.targets = {}

    def check(self):
        """Findings as (page, check, element, what); fills `targets` with the addresses that each page leads to."""
        found = []
        for name, page in self.pages.items():
            found += [(name, *wrong) for wrong in page.wrong]
            self.targets[name] = set()
            for address, where in page.loads:
                found += [(name, *f) for f in self._judge(name, address, where, True)]
            for address, where in page.links:
                found += [(name, *f) for f in self._judge(name, address, where, False)]
        for path in self.files:
            if path.suffix.lower() == ".css":
                name = path.relative_to(self.folder).as_posix()
                for address in css_addresses(path.read_text(encoding="utf-8", errors="replace")):
                    found += [(name, *f) for f in self._judge(name, address, "url() or @import", True)]
        return found

    def _judge(self, name, address, where, loaded):
        address = address.strip()
        try:
            parts = urlsplit(address)
        except ValueError as error:
            return [("link-file", where, f"“{address[:80]}” is not an address: {error}")]
        if parts.scheme in ("http", "https", "ws", "wss", "ftp") or address.startswith("//"):
            return [("network", where, f"loads {address[:100]}")] if loaded else []
        if parts.scheme in ("data", "mailto", "tel"):
            return []
        if parts.scheme == "javascript":
            return []  # told as a script
        if parts.scheme:
            return [("link-file", where, f"“{address[:80]}” has the unknown scheme {parts.scheme}:")]
        if address.startswith("/"):
            return [("link-absolute", where, f"“{address[:80]}” starts at the root, so it breaks where the site lies under a sub-path")]
        path, fragment = unquote(parts.path), unquote(parts.fragment)
        if path:
            goal = Path(os.path.normpath(self.folder / Path(name).parent / path))
            if goal != self.folder and self.folder not in goal.parents:
                return [("link-file", where, f"“{address[:80]}” leads out of the site")]
            if goal.is_dir():
                goal = goal / "index.html"
            # Folders that ignore case hide what breaks on servers that do not.
            if not goal.is_file() or goal not in self.files:
                return [("link-file", where, f"“{address[:80]}” leads to no file of the site")]
            goal_name = goal.relative_to(self.folder).as_posix()
            if name in self.targets:
                self.targets[name].add(address.partition("#")[0])
        else:
            goal_name = name
        if fragment and not fragment.startswith(":~:") and fragment != "top" and goal_name in self.pages:
            ids = self.pages[goal_name].ids
            if fragment not in ids and parts.fragment not in ids:
                return [("link-anchor", where, f"“{address[:80]}”: {goal_name} has no id “{fragment[:60]}”")]
        return []


class SubPath:
    """Serves the site on the loopback interface, below a path as on a project page of a code host."""
    PREFIX = "/some/project/"

    def __init__(self, folder):
        prefix = self.PREFIX

        class Handler(http.server.SimpleHTTPRequestHandler):
            timeout = 10

            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(folder))

            def translate_path(self, path):
                if not path.startswith(prefix):
                    return str(Path(folder) / ".not-below-the-sub-path" / "nothing")
                return super().translate_path("/" + path[len(prefix):])

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def address(self, name):
        return f"http://127.0.0.1:{self.port}{self.PREFIX}{quote(name)}"

    def unreachable(self, name, targets):
        """Those of the page's links that are not answered with 200."""
        found = []
        for target in sorted(targets):
            path = urlsplit(urljoin(self.address(name), quote(target, safe="/%?=&~:"))).path
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                connection.request("HEAD", path)
                status = connection.getresponse().status
                if status in (301, 302):
                    connection.close()
                    connection.request("HEAD", path + "/")
                    status = connection.getresponse().status
            finally:
                connection.close()
            if status != 200:
                found.append((target, status))
        return found

    def close(self):
        self.server.shutdown()
        self.server.server_close()
