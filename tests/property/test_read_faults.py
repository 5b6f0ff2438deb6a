#!/usr/bin/env python3
"""Runs without a database over logs of which one call fails, the first, the second, and so on until
a run meets no fault; once and for good.

Exit 0 has given all, as if there had been no fault. Else the log is named, and the exit status
says so. A call that was interrupted, or that gave fewer bytes than asked for, is no fault at all.

JGANNOTATE_EVERY=1: each number, not one in five.
"""

import lzma
import os
import subprocess
import sys
import tempfile

import cases
import faulty
from faulty import pack, zstd

# The first ones each: it is there that a file is found to be what it is.
EACH, STEP = 8, int(os.environ.get("JGANNOTATE_EVERY", "5"))
LOGS = "*.log*"
MOST = 2000  # calls of a run: more is a fault of the test


def lines(count, pad=30, stamp=b"2026-11-22 03:%02d:%02d"):
    return b"".join(b'%s api {"code":%d,"req":%d,"x":"%s"}\n' % (
        stamp % (i // 60 % 60, i % 60), (9018, 9001, 9011)[i % 3], i, b"x" * pad)
        for i in range(count))


# files, and options
TALLY, LINES, JSON = ("-r", "json"), ("-q",), ("-q", "-o", "json")
SMALL, LARGE = lines(30), lines(6000, 900)
# only the first of these dates shows which number is the day
DATES = lines(1, 200, b"22/11/2025 03:%02d:%02d") + lines(3600, 200, b"05/06/2026 03:%02d:%02d")
SINCE = ("--since", "2026-11-22T03:50", "--until", "2026-11-22T03:55")
SCENARIOS = {
    "plain": ({"a.log": SMALL}, TALLY),
    "plain, lines": ({"a.log": SMALL}, LINES),
    "plain, objects": ({"a.log": SMALL}, JSON),
    "several": ({"a.log": SMALL, "b.log": SMALL, "c.log.gz": pack(SMALL)}, TALLY),
    "several, lines": ({"a.log": SMALL, "b.log": SMALL, "c.log.gz": pack(SMALL)}, LINES),
    "gz": ({"a.log.gz": pack(lines(3000, 200))}, TALLY),
    "gz, lines": ({"a.log.gz": pack(lines(3000, 200))}, LINES),
    "gz of members": ({"a.log.gz": pack(SMALL) * 3}, TALLY),
    "zstd": ({"a.log.zst": zstd(SMALL)}, TALLY),
    "xz": ({"a.log.xz": lzma.compress(SMALL)}, TALLY),
    "threads": ({"a.log": LARGE}, TALLY),
    "threads, lines": ({"a.log": LARGE}, LINES),
    "since": ({"a.log": lines(3600, 200)}, TALLY + SINCE),
    "since, lines": ({"a.log": lines(3600, 200)}, LINES + SINCE),
    "dates": ({"a.log": DATES}, TALLY + ("--bucket", "10m", "--since", "2026-06-05T03:20")),
    "dates, lines": ({"a.log": DATES}, LINES + ("--since", "2026-06-05T03:50")),
}


def run(folder, scenario, environment=None):
    files, options = SCENARIOS[scenario]
    return subprocess.run([cases.program(), "-j3", *options, *files], cwd=folder, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120, check=False)


def judge(done, right, how):
    """What is wrong; None: nothing."""
    if done.returncode == 0 or how in ("short", "EINTR"):
        if (done.returncode, done.stdout) != (0, right.stdout):
            return "lost or doubled"
    elif done.returncode not in (1, 3):
        return "exit status"
    elif b".log" not in done.stderr:
        return "nothing is named"
    return None


def break_task(task):
    scenario, call, how, for_good = task
    with tempfile.TemporaryDirectory() as folder:
        log = folder + ".faults"
        for name, data in SCENARIOS[scenario][0].items():
            with open(os.path.join(folder, name), "wb") as f:
                f.write(data)
            os.utime(os.path.join(folder, name), (1795000000, 1795000000))
        right = run(folder, scenario)
        assert right.returncode == 0, right

        def run_broken(number):
            done = run(folder, scenario,
                       faulty.environment(call, how, number, for_good, LOGS, log))
            fault = judge(done, right, how)
            return faulty.injected(log), fault and "%s: %d, %r, %r" % (
                fault, done.returncode, done.stdout[-200:], done.stderr)

        return faulty.break_each(run_broken, MOST, EACH, STEP)


if __name__ == "__main__":
    sys.exit(faulty.main(break_task, SCENARIOS, faulty.CALLS, faulty.HOWS,
                         must_meet=("pread", "lseek", "read", "fstat", "open")))
