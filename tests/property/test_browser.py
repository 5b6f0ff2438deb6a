#!/usr/bin/env python3
"""HTML reports as a browser draws them: in English and Chinese, light and dark, wide, as wide
as a phone and on paper, nothing runs out of the page or into its neighbour, every text can be
told from its ground, the charts are drawn, nothing is loaded, and the console stays empty.

Needs Chromium (`sh samples/packages browser`), without it the test is skipped. With
JGANNOTATE_PICTURES=FOLDER it leaves pictures there, to be looked at."""
import base64
import json
import os
import pathlib
import random
import select
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ["JGANNOTATE"]
PICTURES = os.environ.get("JGANNOTATE_PICTURES")
BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PATIENCE = 60  # seconds for an answer
WIDTHS = 1280, 900, 390, 320
FLAGS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync
    --disable-background-networking --disable-component-update --disable-dev-shm-usage
    --hide-scrollbars --remote-debugging-pipe""".split()

CODES = [
    (9018, "appKey no money", 8), (9003, "token expired or not exist", 5), (9011, "auth failed", 1),
    (9005, "verify interval is less than the minimum limit", 2), (9099, "bad server", 3),
    (8001, "get phone fail", 2), (7110, "not proof", 1),
]  # fmt: skip
PATHS = [
    "/v1/web/loginTokenVerify", "/v1/web/verify?x=1", "/登录/验证", "/x|y`z*",
    "/a/path/that/does/not/end/soon/and/goes/on/and/on/for/the/reader/who/has/time/to/spare",
]  # fmt: skip

# What stands outside its place, as the browser has laid it out.
FAULTS = """(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const faults = [], width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width)
        faults.push(`the page is ${document.documentElement.scrollWidth} wide of ${width}`);
    const number = (text) => text.match(/[0-9.]+/g).map(Number);
    const light = (rgb) => {
        const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.04045 ? c / 12.92
            : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (a, b) => {
        const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
        return (bright + 0.05) / (dark + 0.05);
    };
    const ground = (element) => {
        for (; element; element = element.parentElement) {
            const [r, g, b, alpha] = number(getComputedStyle(element).backgroundColor);
            if (alpha === undefined || alpha > 0) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const name = (e) => `${e.tagName}.${e.getAttribute('class')} '${e.textContent.slice(0, 40)}'`;
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; node = walker.nextNode();) {
        const element = node.parentElement;
        if (!node.data.trim() || element.closest('title') || !element.checkVisibility()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) {
            if (box.width === 0) continue;
            texts.push([box, element]);
            if (box.left < 0 || box.right > width)
                faults.push(`${name(element)} from ${box.left} to ${box.right} of ${width}`);
        }
        const style = getComputedStyle(element);
        const ink = number(element.closest('svg') ? style.fill : style.color).slice(0, 3);
        if (contrast(ink, ground(element)) < 4.5)
            faults.push(`${name(element)} has a contrast of ${contrast(ink, ground(element))}`);
    }
    for (let i = 0; i < texts.length; i++)
        for (let j = i + 1; j < texts.length; j++) {
            const [a, of] = texts[i], [b, other] = texts[j];
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
                Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6)
                faults.push(`${name(of)} lies on ${name(other)}`);
        }
    for (const cell of document.querySelectorAll('td, th, dd, p, h1, h2, li'))
        if (cell.checkVisibility() && cell.scrollWidth > cell.clientWidth + 1)
            faults.push(`${name(cell)} is cut`);
    return faults.slice(0, 8);
})()"""

# The charts: sizes, and the colours of what is drawn in them.
DRAWN = """(() => {
    const colours = {}, sizes = [];
    for (const svg of document.querySelectorAll('svg')) {
        const box = svg.getBoundingClientRect();
        sizes.push([svg.getAttribute('class'), box.width, box.height]);
    }
    for (const part of document.querySelectorAll('.plot [class^=o-]')) {
        const box = part.getBoundingClientRect();
        if (box.height > 0)
            colours[part.getAttribute('class')] = getComputedStyle(part).fill;
    }
    return {colours, sizes, ground: getComputedStyle(document.body).backgroundColor};
})()"""


class Browser:
    """Chromium, spoken to by its debugging protocol: messages of JSON, each ended by NUL."""

    def __init__(self, folder):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def place():  # it reads from 3 and writes to 4
            os.dup2(theirs_in, 30)
            os.dup2(theirs_out, 31)
            os.dup2(30, 3)
            os.dup2(31, 4)

        self.log = open(os.path.join(folder, "browser.log"), "w+b")
        self.process = subprocess.Popen(
            [BROWSER, *FLAGS, f"--user-data-dir={folder}/profile", "about:blank"],
            preexec_fn=place,
            close_fds=False,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self.input, self.output = ours_in, ours_out
        self.rest, self.count, self.events, self.session = b"", 0, [], None
        page = None
        while page is None:  # it comes soon after the start
            pages = self.call("Target.getTargets")["targetInfos"]
            page = next((page["targetId"] for page in pages if page["type"] == "page"), None)
        self.session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in "Page", "Runtime", "Log", "Network":
            self.call(f"{domain}.enable")

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.input)
        os.close(self.output)
        self.log.close()

    def message(self):
        end = time.monotonic() + PATIENCE
        while b"\0" not in self.rest:
            ready = select.select([self.input], [], [], max(0, end - time.monotonic()))[0]
            part = os.read(self.input, 1 << 20) if ready else b""
            if not part:
                self.log.seek(0)
                raise OSError(f"the browser is silent: {self.log.read()[-2000:]}")
            self.rest += part
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.count += 1
        request = {"id": self.count, "method": method, "params": parameters}
        if self.session is not None:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.output, data) :]
        while True:
            message = self.message()
            if message.get("id") == self.count:
                if "error" in message:
                    raise ValueError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def open(self, path):
        """Returns what it told on the way: requests, and the console's lines."""
        self.events = []
        self.call("Page.navigate", url=pathlib.Path(path).as_uri())
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self.message())
        self.evaluate("1")
        loaded, console = [], []
        for event in self.events:
            method, fields = event.get("method"), event.get("params", {})
            if method == "Network.requestWillBeSent":
                loaded.append(fields["request"]["url"])
            elif method in ("Log.entryAdded", "Runtime.consoleAPICalled",
                            "Runtime.exceptionThrown"):  # fmt: skip
                console.append(fields)
        return loaded, console

    def evaluate(self, script):
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in answer:
            raise ValueError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def look(self, width, scheme, media="screen"):
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=900, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        self.call(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": scheme}],
        )

    def picture(self, name):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(os.path.join(PICTURES, name), "wb") as file:
            file.write(base64.b64decode(data))

    def paper(self):
        """The pages of the printed report, as a PDF."""
        return base64.b64decode(self.call("Page.printToPDF")["data"])


def night(path, seed, day, bad):
    """A day of answers, with three bad hours where `bad` is many."""
    rolls = random.Random(seed)
    lines = ["code=9000 before any stamp"]
    for second in sorted(rolls.randrange(86400) for _ in range(4000)):
        hour = second // 3600
        if hour == 4:
            continue
        code, text = 9000, "verify consistent"
        if rolls.random() < bad * (6 if 13 <= hour < 16 else 1):
            code, text = rolls.choices([row[:2] for row in CODES], [row[2] for row in CODES])[0]
        elif rolls.random() < 0.05:
            code, text = 9001, "verify not consistent"
        clock = f"{day} {hour:02}:{second // 60 % 60:02}:{second % 60:02}"
        where = rolls.choices(PATHS, [50, 30, 5, 2, 2])[0]
        reply = f'{{"id":1,"code":{code},"content":"{text}"}}'
        lines.append(f"{clock} path={where} app=<b>a&b</b> {reply}")
        if rolls.random() < 0.01:
            lines.append(f'{clock} {{"id":1,"code":9023,"content":"<img src=x onerror=alert(1)>"}}')
        if rolls.random() < 0.01:
            lines.append(f'{clock} sms {{"code":0,"msg":"ok"}}')
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


class Drawn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # the browser's last children may still be writing there
        cls.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        cls.addClassCleanup(cls.folder.cleanup)
        cls.browser = Browser(cls.folder.name)
        cls.addClassCleanup(cls.browser.close)
        night(cls.path("before.log"), 1, "2026-11-21", 0.01)
        night(cls.path("api.log"), 2, "2026-11-22", 0.06)
        with open(cls.path("more.tsv"), "w", encoding="utf-8") as catalog:
            catalog.write("4711\ta code of our own\tour own\trequest\n")
        with open(cls.path("two.log"), "w", encoding="utf-8") as log:
            log.write("code=4711\ncode=9018\ncode=9000\n" * 20)
        open(cls.path("empty.log"), "w", encoding="utf-8").close()
        cls.run_program("-r", cls.path("before.json"), "--label", "web-1", cls.path("before.log"))

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder.name, name)

    @classmethod
    def run_program(cls, *arguments):
        subprocess.run([PROGRAM, *arguments], check=True, cwd=cls.folder.name)

    def open(self, name, *arguments):
        page = self.path(f"{name}.html")
        self.run_program("-r", page, *arguments)
        loaded, console = self.browser.open(page)
        self.assertEqual(console, [])
        self.assertEqual(loaded, [pathlib.Path(page).as_uri()])

    def check(self, name):
        for width in WIDTHS:
            for scheme in "light", "dark":
                self.browser.look(width, scheme)
                with self.subTest(page=name, width=width, scheme=scheme):
                    self.assertEqual(self.browser.evaluate(FAULTS), [])
                if PICTURES:
                    self.browser.picture(f"{name}-{width}-{scheme}.png")
        self.browser.look(720, "dark", "print")
        with self.subTest(page=name, media="print"):
            self.assertEqual(self.browser.evaluate(FAULTS), [])
            self.assertEqual(self.browser.evaluate(DRAWN)["ground"], "rgb(255, 255, 255)")
            paper = self.browser.paper()
            self.assertTrue(paper.startswith(b"%PDF-"))
        if PICTURES:
            with open(os.path.join(PICTURES, f"{name}.pdf"), "wb") as file:
                file.write(paper)

    def test_night(self):
        for language in "en", "zh":
            self.open(
                f"night-{language}", "--lang", language, "--bucket", "1h", "--by", "path",
                "--baseline", "before.json", "api.log",
            )  # fmt: skip
            self.check(f"night-{language}")

    def test_other_pages(self):
        for name, arguments in {
            "minutes": ["--bucket", "1m", "--by", "app", "api.log"],
            "weeks": ["--bucket", "1d", "before.log", "api.log"],
            "short": ["--bucket", "15m", "--since", "2026-11-22 10:07", "--until",
                      "2026-11-22 11:00", "api.log"],
            "two": ["-c", "more.tsv", "two.log"],
            "empty": ["--bucket", "1h", "empty.log"],
            "label": ["--label", "a<script>alert(1)</script>" + "x" * 300, "api.log"],
        }.items():  # fmt: skip
            self.open(name, *arguments)
            self.check(name)

    def test_charts_are_drawn(self):
        self.open("charts", "--bucket", "1h", "--by", "path", "api.log")
        for width in WIDTHS:
            drawn = {}
            for scheme in "light", "dark":
                self.browser.look(width, scheme)
                drawn[scheme] = self.browser.evaluate(DRAWN)
                for kind, across, high in drawn[scheme]["sizes"]:
                    self.assertGreater(across, 60, kind)
                    self.assertGreater(high, 5, kind)
                    self.assertLessEqual(across, width)
                colours = drawn[scheme]["colours"]
                self.assertEqual(len(colours), 6, "outcomes, stacked")
                self.assertEqual(len(set(colours.values())), 6)
            self.assertNotEqual(drawn["light"]["ground"], drawn["dark"]["ground"])

    def test_it_sees_faults(self):
        """The measure itself: each of these pages has one."""
        page = (
            "<!DOCTYPE html><meta name=viewport content='width=device-width'>"
            "<body style='margin:0'>{}</body>"
        )
        self.browser.look(390, "light")
        for body in (
            "<div style='width:500px'>x</div>",
            "<p style='color:#aaa;background:#fff'>pale</p>",
            "<p style='white-space:nowrap;overflow:hidden;width:20px'>much too long</p>",
            "<p style='margin:0'>above</p><p style='margin:-1.1em 0 0'>below</p>",
        ):
            with open(self.path("bad.html"), "w", encoding="utf-8") as file:
                file.write(page.format(body))
            self.browser.open(self.path("bad.html"))
            self.assertNotEqual(self.browser.evaluate(FAULTS), [], body)
        with open(self.path("bad.html"), "w", encoding="utf-8") as file:
            file.write(page.format("<script>console.log(1)</script><img src='file:///nowhere'>"))
        loaded, console = self.browser.open(self.path("bad.html"))
        self.assertEqual(len(loaded), 2)
        self.assertGreaterEqual(len(console), 1)


if __name__ == "__main__":
    if BROWSER is None:
        print("skipped: no chromium is here")
        sys.exit(77)
    unittest.main()
