"""Drives one Chromium through its debugging pipe: no socket, no port, nothing but the standard library."""
import base64
import fcntl
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading


class BrowserError(Exception):
    pass


FLAGS = [
    "--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--no-first-run", "--no-default-browser-check", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-extensions", "--disable-default-apps", "--disable-features=Translate,MediaRouter",
    "--mute-audio", "--no-proxy-server", "--allow-file-access-from-files", "--force-color-profile=srgb", "--lang=en",
    # Nothing outside this machine can be reached: what a page asks for there is recorded, and fails.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


class Browser:
    def __init__(self, executable, timeout=60):
        self.executable, self.timeout = executable, timeout
        self.lock, self.next_id, self.waiting, self.listeners = threading.Lock(), 0, {}, {}
        self.profile = tempfile.mkdtemp(prefix="pages-profile-")
        self.process = None
        # The sandbox is kept where it works; root and most containers cannot have it.
        attempts = [["--no-sandbox"]] if os.geteuid() == 0 else [[], ["--no-sandbox"]]
        reason = ""
        for extra in attempts:
            try:
                self._start(extra)
                self.version = self.call("Browser.getVersion", wait=30)["product"]
                return
            except BrowserError as error:
                reason = str(error)
                self._stop()
        shutil.rmtree(self.profile, ignore_errors=True)
        raise BrowserError(f"{executable} did not start: {reason}")

    def _start(self, extra):
        read_by_child, self.write_end = os.pipe()
        self.read_end, written_by_child = os.pipe()
        # Out of the way of 3 and 4, which are the numbers that Chromium listens on.
        high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in (read_by_child, written_by_child)]
        os.close(read_by_child)
        os.close(written_by_child)
        own = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 20) for end in (self.write_end, self.read_end)]
        os.close(self.write_end)
        os.close(self.read_end)
        self.write_end, self.read_end = own

        def place():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [self.executable, *FLAGS, *extra, f"--user-data-dir={self.profile}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.stderr,
            close_fds=False, preexec_fn=place, start_new_session=True)
        for end in high:
            os.close(end)
        self.gone = False
        threading.Thread(target=self._read, args=(self.read_end,), daemon=True).start()

    def _read(self, end):
        rest = bytearray()
        while True:
            try:
                piece = os.read(end, 1 << 20)
            except OSError:
                piece = b""
            if not piece:
                break
            start = len(rest)
            rest += piece
            cut = rest.find(b"\0", start)
            while cut >= 0:
                message = json.loads(rest[:cut])
                del rest[:cut + 1]
                cut = rest.find(b"\0")
                if "id" in message:
                    with self.lock:
                        box = self.waiting.pop(message["id"], None)
                    if box:
                        box.put(message)
                else:
                    listener = self.listeners.get(message.get("sessionId"))
                    if listener:
                        listener(message["method"], message.get("params", {}))
        self.gone = True
        with self.lock:
            boxes, self.waiting = list(self.waiting.values()), {}
        for box in boxes:
            box.put({"error": {"message": "the browser ended"}})

    def call(self, method, params=None, session=None, wait=None):
        box = queue.Queue()
        with self.lock:
            if self.gone:
                raise BrowserError(f"the browser ended: {self._last_words()}")
            self.next_id += 1
            message = {"id": self.next_id, "method": method, "params": params or {}}
            if session:
                message["sessionId"] = session
            self.waiting[self.next_id] = box
            data = json.dumps(message).encode() + b"\0"
            try:
                while data:
                    data = data[os.write(self.write_end, data):]
            except OSError as error:
                raise BrowserError(f"the browser does not listen: {error}; {self._last_words()}") from None
        try:
            answer = box.get(timeout=wait or self.timeout)
        except queue.Empty:
            raise BrowserError(f"{method} took longer than {wait or self.timeout} s") from None
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def _last_words(self):
        try:
            self.stderr.seek(0)
            lines = self.stderr.read().decode("utf-8", "replace").strip().splitlines()
            return lines[-1][:300] if lines else "it said nothing"
        except (OSError, ValueError):
            return "it said nothing"

    def _stop(self):
        if not self.process:
            return
        try:
            if not self.gone:
                self.call("Browser.close", wait=5)
        except BrowserError:
            pass
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            # Its own process group, which nothing else is in.
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        for end in (self.write_end, self.read_end):
            try:
                os.close(end)
            except OSError:
                pass
        self.process = None

    def close(self):
        self._stop()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Tab:
    """One page; `requests` and `complaints` fill while it loads."""

    def __init__(self, browser, generic_fonts=None):
        self.browser = browser
        self.target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]
        self.requests, self.responses, self.complaints, self.loaded = [], {}, [], threading.Event()
        browser.listeners[self.session] = self._hear
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(domain + ".enable")
        if generic_fonts:
            self.call("Page.setFontFamilies", {"fontFamilies": generic_fonts})
        # Two tabs are worked on at once; each behaves as the one in front.
        self.call("Emulation.setFocusEmulationEnabled", {"enabled": True})

    def _hear(self, method, params):
        if method == "Page.loadEventFired":
            self.loaded.set()
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif method == "Network.responseReceived":
            self.responses[params["response"]["url"]] = params["response"]["status"]
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            entry = params["entry"]
            self.complaints.append(f"{entry['text']} {entry.get('url', '')}".strip())

    def call(self, method, params=None, wait=None):
        return self.browser.call(method, params, self.session, wait)

    def dress(self, width, height=800, dark=False, forced=False):
        self.call("Emulation.setDeviceMetricsOverride",
                  {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        self.call("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "forced-colors", "value": "active" if forced else "none"},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, url, wait=30):
        self.requests.clear()
        self.responses.clear()
        self.complaints.clear()
        self.loaded.clear()
        answer = self.call("Page.navigate", {"url": url})
        if answer.get("errorText"):
            raise BrowserError(f"{url}: {answer['errorText']}")
        if not self.loaded.wait(wait):
            raise BrowserError(f"{url}: not loaded after {wait} s")

    def run(self, expression, wait=None):
        answer = self.call("Runtime.evaluate", {
            "expression": expression, "awaitPromise": True, "returnByValue": True}, wait)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError("in the page: " + details.get("exception", {}).get("description", details.get("text", "?"))[:600])
        return answer["result"].get("value")

    def point(self, x, y):
        self.call("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})

    def platform_fonts(self, selector):
        """The names of the fonts that the text of the first such element is really drawn with."""
        self.call("DOM.enable")
        self.call("CSS.enable")
        root = self.call("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
        node = self.call("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        if not node:
            return None
        return [font["familyName"] for font in self.call("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]]

    def pdf(self):
        answer = self.call("Page.printToPDF", {"preferCSSPageSize": True, "transferMode": "ReturnAsBase64"}, 60)
        return base64.b64decode(answer["data"])

    def picture(self, x, y, width, height):
        answer = self.call("Page.captureScreenshot", {
            "format": "png", "captureBeyondViewport": True,
            "clip": {"x": x, "y": y, "width": width, "height": height, "scale": 1}}, 60)
        return base64.b64decode(answer["data"])

    def close(self):
        self.browser.listeners.pop(self.session, None)
        try:
            self.browser.call("Target.closeTarget", {"targetId": self.target}, wait=5)
        except BrowserError:
            pass
