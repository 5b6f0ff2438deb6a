#!/usr/bin/env python3
"""What a real Prometheus gets of a real node exporter, whose textfile directory holds a
report, is what the report holds; the alerts of samples/nightly fire on it. All of it on
loopback, in a folder of its own, for some seconds."""
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

SOURCE = os.environ["SOURCE"]
PROGRAM = os.environ["JGANNOTATE"]
TOOLS = {
    name: shutil.which(name)
    for name in ("prometheus", "prometheus-node-exporter")
}
PATIENCE = 60  # seconds for a process to start and for a scrape to come
SAMPLE = re.compile(r'^(\w+)\{(.*)\} (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

LOG = """2026-11-22T03:14:1{0}+08:00 {{"id":1,"code":9018,"content":"appKey no money"}}
2026-11-22T03:15:1{0}+08:00 {{"id":2,"code":9000,"content":"verify consistent"}}
2026-11-22T03:16:1{0}+08:00 {{"id":3,"code":9001,"content":"verify not consistent"}}
2026-11-22T03:17:1{0}+08:00 {{"id":4,"code":9023,"content":"sim card changed"}}
2026-11-22T03:18:1{0}+08:00 {{"code":0,"msg":"ok"}}
"""

CONFIG = """global:
  scrape_interval: 500ms
  evaluation_interval: 500ms
rule_files:
  - {source}/samples/nightly/alerts.yml
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""

NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def unescape(text):
    return re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), text)


def samples_of(text):
    """{(name, labels): value} of an exposition."""
    found = {}
    for line in text.splitlines():
        sample = SAMPLE.match(line)
        if sample is not None:
            labels = {name: unescape(value) for name, value in LABEL.findall(sample[2])}
            found[sample[1], frozenset(labels.items())] = float(sample[3])
    return found


class Scrape(unittest.TestCase):
    def setUp(self):
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.folder = stack.enter_context(tempfile.TemporaryDirectory())
        self.stack = stack
        os.mkdir(self.path("text"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, name, *arguments):
        log = self.stack.enter_context(open(self.path(f"{name}.log"), "w+b"))
        process = subprocess.Popen(
            [TOOLS[name], *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        self.stack.callback(self.stop, process)
        return process, log

    @staticmethod
    def stop(process):
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def until(self, wanted, what):
        """Asks again and again; what it got, or a failure that shows the logs."""
        end = time.monotonic() + PATIENCE
        got = None
        while time.monotonic() < end:
            for process, _ in self.processes:
                if process.poll() is not None:
                    break
            else:
                try:
                    got = wanted()
                    if got:
                        return got
                except OSError:
                    pass  # it does not listen yet
                time.sleep(0.1)
                continue
            break
        for _, log in self.processes:
            log.seek(0)
            print(log.read().decode("utf-8", "replace")[-2000:], file=sys.stderr)
        return self.fail(f"{what}: {got}")

    def ask(self, path, **fields):
        address = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(fields)}"
        with NO_PROXY.open(address, timeout=10) as answer:
            return json.load(answer)["data"]

    def scraped(self):
        """What Prometheus holds now of our figures, without the labels that are its own."""
        found = {}
        for row in self.ask("query", query='{__name__=~"jgannotate_.*"}')["result"]:
            labels = {
                name: value
                for name, value in row["metric"].items()
                if name not in ("__name__", "job", "instance")
            }
            found[row["metric"]["__name__"], frozenset(labels.items())] = float(row["value"][1])
        return found

    def firing(self):
        return {
            alert["labels"]["alertname"]
            for alert in self.ask("alerts")["alerts"]
            if alert["state"] == "firing"
        }

    def report(self, repeats):
        with open(self.path("in.log"), "w", encoding="utf-8") as log:
            for i in range(repeats):
                log.write(LOG.format(i % 10))
        subprocess.run(
            [PROGRAM, "--label", 'lo"g\\1', "-r", self.path("text/jgannotate.prom")]
            + ["-r", self.path("night.json"), self.path("in.log")],
            check=True,
        )
        with open(self.path("night.json"), encoding="utf-8") as file:
            night = json.load(file)
        with open(self.path("text/jgannotate.prom"), encoding="utf-8") as file:
            return night, samples_of(file.read())

    def check_counts(self, night, samples):
        """The figures are those of the JSON report, which was made in the same pass."""
        codes, kinds = {}, {}
        for (name, labels), value in samples.items():
            fields = dict(labels)
            self.assertEqual(fields["log"], 'lo"g\\1')
            if name == "jgannotate_run_hits":
                codes[int(fields["code"])] = value
            elif name == "jgannotate_run_codes":
                kinds[fields["counts_as"]] = value
        self.assertGreater(len(codes), 40)
        self.assertEqual(
            {code: count for code, count in codes.items() if count > 0},
            {row["code"]: row["count"] for row in night["codes"]},
        )
        hits = night["hits"]
        self.assertEqual(kinds["response"], hits["responses"])
        self.assertEqual(kinds["unlisted"], hits["unlisted"])
        self.assertEqual(kinds["held_back"], hits["held_back"])
        self.assertGreater(hits["unlisted"] * hits["held_back"], 0)

    def test_figures_arrive(self):
        exporter, self.port = free_port(), free_port()
        night, samples = self.report(20)
        self.check_counts(night, samples)
        with open(self.path("prometheus.yml"), "w", encoding="utf-8") as file:
            file.write(CONFIG.format(source=SOURCE, port=exporter))
        self.processes = [
            self.start(
                "prometheus-node-exporter",
                f"--web.listen-address=127.0.0.1:{exporter}",
                "--collector.disable-defaults",
                "--collector.textfile",
                f"--collector.textfile.directory={self.path('text')}",
            ),
            self.start(
                "prometheus",
                f"--config.file={self.path('prometheus.yml')}",
                f"--storage.tsdb.path={self.path('data')}",
                f"--web.listen-address=127.0.0.1:{self.port}",
            ),
        ]
        self.assertEqual(self.until(self.scraped, "no figure arrives"), samples)
        self.check_counts(night, self.scraped())
        wanted = {"JiguangErrorRate", "JiguangAccount", "JiguangUnlistedCode"}
        self.assertEqual(self.until(lambda: self.firing() == wanted and wanted, "alerts"), wanted)

        # the next night's report takes the place of this one, whole
        night, later = self.report(31)
        self.assertNotEqual(later, samples)
        seen = self.until(lambda: self.scraped() != samples and self.scraped(), "the next night")
        self.assertEqual(seen, later)
        self.check_counts(night, seen)


if __name__ == "__main__":
    if None in TOOLS.values():
        print("skipped: not here:", *(name for name, path in TOOLS.items() if path is None))
        sys.exit(77)
    unittest.main()
