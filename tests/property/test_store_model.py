#!/usr/bin/env python3
"""--db against an oracle: random histories of a log, and every line counted once.

JGANNOTATE_HISTORIES says how many (default 1000, under the sanitizers 100), JGANNOTATE_SEED
with which to begin (default 1). A history that goes wrong is cut down to the steps that
it takes, and printed in the form of tests/data/histories.jsonl, where those stay that once did.

What cannot be known is left out of the histories: a compressed file that holds less than was
counted of it; and the last lines of a file that ends early are counted when it is whole.
"""

import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

import cases
from log_world import LOG, STYLES, Oracle, World, requests, tally

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


class Wrong(Exception):
    pass


def expect(truth, what, *values):
    if not truth:
        raise Wrong("%s: %s" % (what, ", ".join(map(repr, values))))


# ---- the program ----

class Runs:
    """The runs over one log."""

    def __init__(self, world):
        self.world = world
        self.oracle = Oracle(world)
        self.database = os.path.join(world.folder, "a.db")

    def program(self, *arguments, stdout=subprocess.PIPE):
        return subprocess.run([cases.program(), "-d", "a.db", "-r", "json", *arguments],
                              cwd=self.world.folder, stdout=stdout, stderr=subprocess.PIPE,
                              timeout=60, check=False)

    @staticmethod
    def counts(report):
        return {row["code"]: row["count"] for row in report["codes"]}

    def check_total(self):
        done = self.program()
        expect(done.returncode == 0, "total: exit", done.returncode, done.stderr)
        found = self.counts(json.loads(done.stdout))
        expect(found == tally(self.oracle.counted), "total", found, tally(self.oracle.counted))

    def may_be_none(self):
        """The log and all its files are gone: that is an error, and nothing else."""
        return not self.world.files

    def take_cut(self, found):
        """Of files that end early some lines are counted, from the first on."""
        for file in self.oracle.cut():
            rest = sum(found.values()) - len(self.oracle.news())
            fresh = [number for number in requests(bytes(file.data))
                     if number not in self.oracle.counted]
            for number in fresh[:max(rest, 0)]:
                self.oracle.counted[number] = requests(bytes(file.data))[number]

    def check_exit(self, done, report):
        """Gaps and files that end early, and nothing else."""
        oracle = self.oracle
        expect(done.returncode in (0, 3), "exit", done.returncode, done.stderr)
        if oracle.must_tell_gap():
            expect(done.returncode == 3 and b"gap in '" in done.stderr and report["gaps"],
                   "no gap told", done.stderr)
        elif not oracle.may_tell_gap():
            expect(b"gap in '" not in done.stderr, "a gap that is none", done.stderr)
        if b"gap in '" not in done.stderr and b"ends early" not in done.stderr:
            expect(done.returncode == 0, "exit", done.returncode, done.stderr)

    def run(self):
        done = self.program(LOG)
        if self.may_be_none():
            expect(done.returncode == 1 and b"cannot open 'api.log'" in done.stderr,
                   "nothing there", done.returncode, done.stderr)
            self.oracle.deliver()  # what came before was reported now
            return
        report = json.loads(done.stdout)
        self.check_exit(done, report)
        self.oracle.commit()
        found = self.counts(report)
        self.take_cut(found)
        expect(found == tally(self.oracle.news()), "news", found, tally(self.oracle.news()))
        self.oracle.deliver()
        self.check_total()

    def undelivered(self):
        if self.oracle.cut():
            return
        with open("/dev/full", "wb") as full:
            done = self.program(LOG, stdout=full)
        expect(done.returncode == 1, "undelivered: exit", done.returncode, done.stderr)
        if not self.may_be_none():
            self.oracle.commit()
            self.check_total()

    def dry(self):
        is_broken_off = os.path.exists(self.database + "-journal")  # that is put right first
        before = self.bytes()
        done = self.program("--dry-run", LOG)
        if not self.may_be_none() and not self.oracle.cut():
            report = json.loads(done.stdout)
            self.check_exit(done, report)
            all_lines = {**self.oracle.counted, **self.oracle.visible()}
            news = {number: code for number, code in all_lines.items()
                    if number not in self.oracle.delivered}
            expect(self.counts(report) == tally(news), "dry run", report["codes"], tally(news))
        expect(is_broken_off or self.bytes() == before, "a dry run wrote to the database")

    def bytes(self):
        if not os.path.exists(self.database):
            return None
        with open(self.database, "rb") as f:
            return f.read()

    def runs_kept(self):
        """Ids of all runs, and of those delivered; of a copy, so that nothing is mended here."""
        if not os.path.exists(self.database):
            return set(), set()
        with tempfile.TemporaryDirectory() as folder:
            for end in ("", "-journal"):
                if os.path.exists(self.database + end):
                    shutil.copy(self.database + end, os.path.join(folder, "a.db" + end))
            db = sqlite3.connect(os.path.join(folder, "a.db"))
            try:
                rows = db.execute("SELECT id, delivered FROM run").fetchall()
            except sqlite3.OperationalError:  # no tables yet
                rows = []
            db.close()
        return {row[0] for row in rows}, {row[0] for row in rows if row[1]}

    def crash(self, microseconds):
        """kill -9 at any moment."""
        if self.oracle.cut():
            return
        before, _ = self.runs_kept()
        process = subprocess.Popen([cases.program(), "-d", "a.db", "-r", "json", LOG],
                                   cwd=self.world.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(microseconds / 1e6)
        process.kill()
        process.wait(60)
        after, delivered = self.runs_kept()
        if after > before and not self.may_be_none():
            self.oracle.commit()
        if after and after == delivered:
            self.oracle.deliver()


# ---- histories ----

WEIGHTS = (
    ("lines", 8), ("half", 2), ("rename", 5), ("copytruncate", 2), ("copy", 2), ("copied", 1),
    ("truncate_copied", 1), ("late", 3), ("pack", 5), ("finish", 3), ("arrive", 1),
    ("restore", 2), ("archive", 1), ("delete", 1), ("truncate", 0.7), ("replace", 0.7),
    ("vanish", 0.4), ("run", 9), ("undelivered", 1.5), ("dry", 0.7), ("crash", 2.5))


def make_step(chance):
    name = chance.choices([w[0] for w in WEIGHTS], [w[1] for w in WEIGHTS])[0]
    which = chance.randrange(8)
    if name == "lines":
        return [name, chance.choice((1, 2, 3, 5, 40, 160)), chance.choice((0, 10, 60))]
    return {
        "half": [name, chance.randrange(90)],
        "rename": [name, chance.random() < 0.8],
        "copy": [name, chance.choice((0, 0, 100, 9000, chance.randrange(20000)))],
        "late": [name, which, chance.randrange(1, 4)],
        "pack": [name, which, chance.randrange(3), chance.choice((100, 100, 90, 50, 1))],
        "arrive": [name, which, chance.randrange(3), chance.choice((95, 50, 2))],
        "restore": [name, which],
        "archive": [name, which],
        "delete": [name, which],
        "replace": [name, chance.choice((1, 5, 60))],
        "crash": [name, chance.randrange(12000)],
    }.get(name, [name])


def make_history(seed):
    chance = random.Random(seed)
    setup = {
        "style": chance.choice(("number", *STYLES)),
        "banner": chance.choice((0, 0, 4300, 8700)),
        "stamped": chance.random() < 0.5,
        "hole": chance.random() < 0.15,
    }
    steps = [make_step(chance) for _ in range(chance.randrange(4, 22))]
    return {"setup": setup, "steps": steps}


RUNS = ("run", "undelivered", "dry", "crash")


def play(history):
    """What is wrong with it; None: nothing."""
    # a sync costs nothing in memory, but only a disk uses inodes again
    needs_disk = any(step[0] == "replace" for step in history["steps"])
    folder = tempfile.mkdtemp(prefix="history.", dir=None if needs_disk else MEMORY)
    try:
        world = World(folder, history["setup"])
        runs = Runs(world)
        for number, step in enumerate(history["steps"] + [["settle"], ["run"], ["run"]]):
            try:
                if step[0] in RUNS:
                    getattr(runs, step[0])(*step[1:])
                else:
                    world.do(step)
            except Wrong as wrong:
                return "step %d, %s: %s" % (number, step, wrong)
            except (KeyError, ValueError, OSError, subprocess.SubprocessError):
                return "step %d, %s: %s" % (number, step, traceback.format_exc())
        return None
    finally:
        shutil.rmtree(folder)


def minimise(history):
    """Leaves out steps as long as it stays wrong."""
    steps = history["steps"]
    size = max(len(steps) // 2, 1)
    while size >= 1:
        start = 0
        while start < len(steps):
            shorter = steps[:start] + steps[start + size:]
            if play({**history, "steps": shorter}):
                steps = shorter
            else:
                start += size
        size //= 2
    for key, value in (("banner", 0), ("hole", False), ("stamped", True), ("style", "number")):
        plainer = {**history, "steps": steps, "setup": {**history["setup"], key: value}}
        if play(plainer):
            history = plainer
    return {**history, "steps": steps}


def play_seed(seed):
    return seed, play(make_history(seed))


def kept_histories():
    with open(os.path.join(cases.TESTS, "data", "histories.jsonl"), encoding="utf-8") as kept:
        return [json.loads(line) for line in kept]


def main():
    count = int(os.environ.get("JGANNOTATE_HISTORIES", 100 if cases.is_sanitized() else 1000))
    first = int(os.environ.get("JGANNOTATE_SEED", 1))
    wrong = 0
    for history in kept_histories():
        fault = play(history)
        if fault:
            wrong += 1
            print("the history '%s' goes wrong again: %s" % (history["name"], fault))
    with multiprocessing.Pool(min(os.cpu_count() or 1, 4)) as pool:
        for seed, fault in pool.imap_unordered(play_seed, range(first, first + count)):
            if fault is None:
                continue
            wrong += 1
            if wrong > 5:
                continue
            history = minimise(make_history(seed))
            print("seed %d: %s\n  minimised: %s\n  %s" % (
                seed, fault, play(history) or "it goes wrong only sometimes",
                json.dumps({"name": "", **history})))
            sys.stdout.flush()
    print("%d histories, %d wrong" % (count, wrong))
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
