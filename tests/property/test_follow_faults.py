#!/usr/bin/env python3
"""-F over a log of which one call fails, the first, the second, and so on: it is named, and each
line comes once, as if nothing had been."""

import os
import signal
import subprocess
import sys
import tempfile
import time

import cases
import faulty

CALLS = ("pread", "lseek", "fstat", "statx", "open", "read")
HOWS = (("EIO", False), ("EINTR", False), ("short", False))
if cases.is_sanitized():  # that takes its time
    HOWS = (("EIO", False),)
PATIENCE = 60
MOST = 60  # calls of a run: more is a fault of the test


def wait_for(what, process):
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited for too long"
        assert process.poll() is None, "it has ended"
        time.sleep(0.005)


def read(path):
    with open(path, "rb") as f:
        return f.read()


def run(folder, environment):
    """What was printed, and what was said."""
    log, out, err = (os.path.join(folder, name) for name in ("a.log", "out", "err"))
    lines = [b"line %d\n" % i for i in range(40)]
    with open(log, "wb") as f:
        f.write(b"".join(lines[:20]))
    with open(out, "wb") as o, open(err, "wb") as e, subprocess.Popen(
            [cases.program(), "-F", "-q", "-n", "5", "a.log"], cwd=folder, env=environment,
            stdout=o, stderr=e) as process:
        try:
            wait_for(lambda: lines[19] in read(out), process)
            for i in range(20, 23):
                with open(log, "ab") as f:
                    f.write(lines[i])
                wait_for(lambda i=i: lines[i] in read(out), process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
    right = [b"".join(lines[15:23])]
    if b"has appeared" in read(err):  # it could not be opened at the start: a new file
        right.append(b"".join(lines[:23]))
    return read(out) in right, read(out), read(err)


def break_task(task):
    _, call, how, for_good = task

    def run_broken(number):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "faults")
            try:
                is_right, out, err = run(
                    folder, faulty.environment(call, how, number, for_good, "*a.log", log))
            except AssertionError as fault:
                return 1, str(fault)
            count = faulty.injected(log)
        if not is_right:
            return count, "%r, %r" % (out, err)
        if count > 0 and how == "EIO" and call in ("pread", "fstat") and b"'a.log'" not in err:
            return count, "not named"
        return count, None

    return faulty.break_each(run_broken, MOST)


if __name__ == "__main__":
    sys.exit(faulty.main(break_task, ("one log",), CALLS, HOWS, more_than=20))
