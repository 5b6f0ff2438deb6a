#!/usr/bin/env python3
"""--db over logs of which one call fails, the first, the second, and so on until a run meets no
fault; once and for good.

What is exit 0 has counted all. Else the log is named, exit 1, and nothing of it is counted: after
a run without faults every number is as if there had been none. A call that was interrupted, or that
gave fewer bytes than asked for, is no fault at all.
"""

import json
import lzma
import os
import random
import shutil
import subprocess
import sys
import tempfile

import cases
import faulty
from faulty import pack, zstd

FOLDER = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # where a sync costs nothing
LOGS = "*.log*"  # those of the program, not its database
MOST = 400  # calls of a run: more is a fault of the test


def lines(first, count, pad=30, stamp=b"2026-11-22 03:"):
    rng = random.Random(first)
    return b"".join(b'%s%02d:%02d api {"code":%d,"req":%d,"x":"%s"}\n' % (
        stamp, i // 60 % 60, i % 60, (9018, 9001, 9011)[i % 3], i,
        b"%0*x" % (pad, rng.getrandbits(4 * pad))) for i in range(first, first + count))


# what a first run has counted, and what the second finds: names and bytes
SCENARIOS = {
    "one log": ({}, {"api.log": lines(0, 30)}),
    "grown": ({"api.log": lines(0, 40)}, {"api.log": lines(0, 90) + b'{"code":9018'}),
    "gzip": ({}, {"api.log.1.gz": pack(lines(0, 4000, 200)), "api.log": lines(5000, 10)}),
    "zstd, xz": ({"api.log": lines(0, 10)},
                 {"api.log.3.zst": zstd(lines(0, 30)), "api.log.2.xz": lzma.compress(lines(50, 20)),
                  "api.log.1": lines(90, 9), "api.log": lines(100, 4)}),
    "rotated": ({"api.log": lines(0, 40)},
                {"api.log.2.gz": pack(lines(0, 45)), "api.log.1": lines(100, 10),
                 "api.log": lines(200, 10) + b'{"code":9018'}),
    "several": ({"api.log": lines(0, 20), "web.log": lines(300, 20)},
                {"api.log.1": lines(0, 25), "api.log": lines(30, 7), "web.log": lines(300, 31),
                 "new.log": lines(500, 3)}),
    "threads": ({"api.log": lines(0, 40)}, {"api.log": lines(0, 40) + lines(40, 6000, 900)}),
    "without a year": ({"api.log": lines(0, 10, 9, b"Nov 22 03:")},
                       {"api.log": lines(0, 30, 9, b"Nov 22 03:")}),
}


class Scenario:
    """A folder that is as before the broken run, again and again. The database knows the folder by
    its path, so each process has one of its own."""

    def __init__(self, name):
        self.folder = tempfile.mkdtemp(prefix="faulty.", dir=FOLDER)
        self.log = self.folder + ".faults"
        before, self.after = SCENARIOS[name]
        self.names = self.logs_of(before)
        self.database = {}
        self.files = before
        if before:
            self.reset()
            self.run_right()
            for name in os.listdir(self.folder):
                if name.startswith("a.db"):
                    with open(os.path.join(self.folder, name), "rb") as f:
                        self.database[name] = f.read()
        self.files = {**self.after, **self.database}
        self.names = self.logs_of(self.after)
        self.reset()
        self.run_right()
        self.right = self.total()

    @staticmethod
    def logs_of(files):
        return sorted(name for name in files if name.endswith(".log"))

    def reset(self):
        self.remove()
        os.mkdir(self.folder)
        for name, data in self.files.items():
            path = os.path.join(self.folder, name)
            with open(path, "wb") as f:
                f.write(data)
            os.utime(path, (1795000000, 1795000000))  # by it a year is chosen

    def remove(self):
        shutil.rmtree(self.folder)

    def run(self, environment=None, options=("-q",)):
        return subprocess.run(
            [cases.program(), "-j3", "-d", "a.db", *options, *self.names], cwd=self.folder,
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120,
            check=False)

    def run_right(self):
        done = self.run()
        assert done.returncode == 0, done

    def total(self):
        """All that the database says of what was counted."""
        done = subprocess.run(
            [cases.program(), "-d", "a.db", "-r", "json", "--bucket", "15m",
             "--since", "2020-01-01T00:00:00Z"], cwd=self.folder,
            env={**os.environ, "TZ": "UTC"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            timeout=60, check=False)
        if done.returncode == 4 and b"is empty" in done.stderr:
            return {"hits": 0}
        assert done.returncode == 0, done
        report = json.loads(done.stdout)
        return {part: report[part] for part in ("hits", "codes", "buckets")}

    def check(self, call, how, for_good, number):
        """Returns how many faults there were, and what is wrong."""
        self.reset()
        done = self.run(faulty.environment(call, how, number, for_good, LOGS, self.log))
        count = faulty.injected(self.log)
        if count == 0 and done.returncode == 0:
            return 0, None
        try:
            is_harmless = how in ("short", "EINTR")
            assert done.returncode in ((0,) if is_harmless else (0, 1)), "exit status"
            if done.returncode == 0:
                assert self.total() == self.right, "exit 0, but lost or doubled"
            else:
                assert b".log" in done.stderr, "nothing is named"
            self.run_right()
            assert self.total() == self.right, "the next run does not put it right"
        except AssertionError as fault:
            return count, "%s: %s, %r" % (fault, done, self.total()["hits"])
        return count, None


def break_task(task):
    name, call, how, for_good = task
    scenario = Scenario(name)
    found = faulty.break_each(lambda number: scenario.check(call, how, for_good, number), MOST)
    scenario.remove()
    return found


if __name__ == "__main__":
    sys.exit(faulty.main(break_task, SCENARIOS, faulty.CALLS, faulty.HOWS,
                         must_meet=("pread", "lseek", "read", "fstat", "statx", "open")))
