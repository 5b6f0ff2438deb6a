#!/usr/bin/env python3
"""-F over a log of which one call fails, the first, the second, and so on: it is named, and each
line comes once, as if nothing had been (95)."""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import time

import cases
import faulty

CALLS = ("pread", "lseek", "fstat", "statx", "open", "read")
HOWS = ("EIO", "EINTR", "short")
if cases.is_sanitized():  # that takes its time
    HOWS = ("EIO",)
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


def break_all(task):
    call, how = task
    faults, wrong = 0, []
    for number in range(1, MOST):
        with tempfile.TemporaryDirectory() as folder:
            log = os.path.join(folder, "faults")
            count = 1
            try:
                is_right, out, err = run(
                    folder, faulty.environment(call, how, number, False, "*a.log", log))
                count = faulty.injected(log)
                if not is_right:
                    wrong.append("number %d: %r, %r" % (number, out, err))
                elif count > 0 and how == "EIO" and call in ("pread", "fstat") \
                        and b"'a.log'" not in err:
                    wrong.append("number %d: not named" % number)
            except AssertionError as fault:
                wrong.append("number %d: %s" % (number, fault))
            faults += count
            if count == 0:
                break
    else:
        wrong.append("no end")
    return task, faults, wrong


def main():
    checks = cases.Checks()
    reason = faulty.skip_reason()
    if reason is not None:
        print(reason)
        return 77
    tasks = [(call, how) for call in CALLS for how in HOWS
             if how != "short" or call in ("read", "pread")]
    total = 0
    with multiprocessing.Pool(4) as pool:
        for task, faults, wrong in pool.imap_unordered(break_all, tasks, chunksize=1):
            checks.check(not wrong, "%s %s" % task, "wrong", "\n".join(wrong[:4]))
            total += faults
    print("%d faults injected" % total)
    checks.check(total > 20, "faults", "only", total)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
