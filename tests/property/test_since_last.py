#!/usr/bin/env python3
"""--since last: whatever runs come between, each line is in exactly one report that was delivered, or
named as late, or still to come; and the view for people counts as the reports do.

JGANNOTATE_HISTORIES says how many histories (default 40), JGANNOTATE_SEED with which to begin.
"""

import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

import cases

QUARTER = 900
START = 1795276800  # 2026-11-22 00:00 +08:00, a quarter
CODES = (9018, 9003, 9000, 9001)


def floor(seconds):
    return seconds - seconds % QUARTER


class History:
    def __init__(self, seed, folder):
        self.chance = random.Random(seed)
        self.folder = folder
        self.now = START + self.chance.randrange(86400)
        self.lines = []      # times, in the order of the log
        self.reported = []   # by delivered reports, or named as late
        self.end = None      # of the last delivered window
        self.known = 0       # lines taken in when that was made

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self):
        """Lines that came since the last time, now and then late ones."""
        with open(self.path("api.log"), "a", encoding="ascii") as log:
            for _ in range(self.chance.randrange(6)):
                late = self.chance.choice((0, 0, 0, 3600, 2 * 86400))
                at = self.now - self.chance.randrange(1, 3 * QUARTER) - late
                self.lines.append(at)
                log.write("%s code=%d\n" % (
                    time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)),
                    self.chance.choice(CODES)))

    def go(self, *arguments, stdout=subprocess.PIPE):
        return subprocess.run(
            [cases.program(), "-d", "a.db", *arguments], cwd=self.folder, stdout=stdout,
            stderr=subprocess.PIPE, check=False, timeout=60,
            env={**os.environ, "JGANNOTATE_TEST_NOW": str(self.now), "TZ": "Asia/Shanghai"})

    # ---- runs that move nothing ----

    def undelivered(self):
        with open("/dev/full", "wb") as full:
            done = self.go("-s", "--since", "last", "api.log", stdout=full)
        # where there is nothing to report an empty report is still written
        assert done.returncode == 1, done

    def dry(self):
        self.check(self.go("-r", "json", "--since", "last", "--dry-run", "api.log"))

    def totals(self):
        assert self.go("-r", "a.prom", "--since", "last", "api.log").returncode == 0

    def news(self):
        assert self.go("-s", "api.log").returncode == 0

    def window(self):
        assert self.go("-s", "--since", "2h", "api.log").returncode == 0

    def reader(self):
        assert self.go("-r", "csv", "--since", "last").returncode == 0

    # ---- and the one that does ----

    def check(self, done):
        """The window's lines and those that came late; None: there was nothing to report."""
        assert done.returncode == 0, done
        report = json.loads(done.stdout)
        until = floor(self.now)
        since = self.end if self.end is not None else floor(min(self.lines))
        if since >= until:
            assert b"nothing to report" in done.stderr, done.stderr
            return None
        inside = [at for at in self.lines if since <= at < until]
        late = [] if self.end is None else [at for at in self.lines[self.known:] if at < since]
        named = re.search(rb"(\d+) codes? came late", done.stderr)
        assert report["hits"]["responses"] == len(inside), (report["hits"], since, until, inside)
        assert int(named.group(1) if named else 0) == len(late), (done.stderr, late)
        return inside + late

    def last(self):
        quiet = self.chance.random() < 0.2
        done = self.go("-r", "json:a.json", "--since", "last", "-w", "0.1%", "--quiet-if-ok",
                       "api.log") if quiet else self.go("-r", "json", "--since", "last", "api.log")
        if quiet:
            inside = [at for at in self.lines if (self.end is None or at >= self.end)]
            late = [] if self.end is None else \
                [at for at in self.lines[self.known:] if at < self.end]
            told = [at for at in inside if at < floor(self.now)] + late
            start = self.end if self.end is not None else floor(min(self.lines))
            told = None if start >= floor(self.now) else told
        else:
            told = self.check(done)
        if told is None:
            return
        self.reported += told
        self.end = floor(self.now)
        self.known = len(self.lines)

    def play(self):
        self.lines.append(self.now - 3 * 3600)
        with open(self.path("api.log"), "w", encoding="ascii") as log:
            log.write("%s code=9000\n" % time.strftime(
                "%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.lines[0])))
        self.news()
        for _ in range(self.chance.randrange(3, 12)):
            self.now += self.chance.choice((10, QUARTER, 3600, 86400, 3 * 86400)) \
                + self.chance.randrange(600)
            self.write()
            others = (self.undelivered, self.dry, self.totals, self.news, self.window, self.reader)
            self.chance.choice((self.last,) * len(others) + others)()
        self.now += 5 * QUARTER
        self.last()
        assert sorted(self.reported) == sorted(self.lines), "each line once"
        self.check_view()

    def check_view(self):
        report = json.loads(self.go("-r", "json").stdout)
        db = sqlite3.connect(self.path("a.db"))
        rows = db.execute("SELECT code, is_error, sum(count) FROM responses GROUP BY code").fetchall()
        times = db.execute("SELECT min(time), strftime('%s', min(local_time)) FROM responses").fetchone()
        db.close()
        assert rows == sorted((c["code"], int(c["error"]), c["count"]) for c in report["codes"]), rows
        assert times[0] == floor(min(self.lines)) == int(times[1]) - 8 * 3600, times


def main():
    checks = cases.Checks()
    count = int(os.environ.get("JGANNOTATE_HISTORIES", 10 if cases.is_sanitized() else 40))
    first = int(os.environ.get("JGANNOTATE_SEED", 1))
    for seed in range(first, first + count):
        with tempfile.TemporaryDirectory() as folder:
            fault = None
            try:
                History(seed, folder).play()
            except AssertionError as wrong:
                fault = wrong
            checks.check(fault is None, "seed %d" % seed, "wrong", repr(fault))
    checks.end()


if __name__ == "__main__":
    sys.exit(main())
