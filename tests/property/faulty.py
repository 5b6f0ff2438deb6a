"""Runs in which calls fail, the first, the second, and so on until a run meets no fault:
tests/faults/faults.c in front of the program.

A test has scenarios, names of calls, and ways in which they fail: (error or "short", for good). A
task is one of each, (scenario, call, how, for_good).
"""

import gzip
import multiprocessing
import os
import subprocess

import cases

# What logs are read with, and all ways to fail
CALLS = ("pread", "lseek", "read", "fstat", "stat", "statx", "open")
HOWS = (("EIO", False), ("EIO", True), ("ESTALE", False), ("EINTR", False), ("short", False),
        ("short", True))
if cases.is_sanitized():  # that takes its time
    HOWS = (("EIO", False), ("EIO", True), ("short", True))
LIBRARY = os.path.join(os.environ.get("BUILD", "."), "tests", "faults.so")


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


def pack(data):
    return gzip.compress(data, mtime=0)


def environment(calls, how, number, for_good=False, path="", log=None):
    """`number`: of the call that fails, from 1."""
    plan = "%s:%s:%d%s" % (calls, how, number, "+" if for_good else "")
    found = {**os.environ, "LD_PRELOAD": LIBRARY,
             "FAULTS": plan + (":" + path if path else "")}
    found["ASAN_OPTIONS"] = "detect_leaks=0:verify_asan_link_order=0"
    if log is not None:
        found["FAULTS_LOG"] = log
    return found


def injected(log):
    """How many faults a run met; forgets them."""
    try:
        with open(log, "rb") as f:
            count = f.read().count(b"\n")
        os.unlink(log)
        return count
    except FileNotFoundError:
        return 0


def skip_reason():
    """Why no call can be made to fail here; None: they can."""
    if not os.path.exists(LIBRARY):
        return "this system is none that tests/faults is for"
    return None


def break_each(run, most, each=1, step=1):
    """`run(number)`: a run whose call `number` fails; returns how many faults it met, and what is
    wrong, or None. Tries the first `each` numbers, then one in `step`; `most` calls of a run are
    more than there should be. Returns how many faults there were, and all that was wrong."""
    faults, wrong, number = 0, [], 1
    while number < most:
        count, fault = run(number)
        if fault is not None:
            wrong.append("number %d: %s" % (number, fault))
        faults += count
        if count == 0:
            return faults, wrong
        number += 1 if number < each else step
    return faults, wrong + ["no end"]


def main(break_task, scenarios, calls, hows, must_meet=(), more_than=0):
    """Runs `break_task(task)`, which returns what break_each does, over all tasks. Each call of
    `must_meet` must have failed, and calls more than `more_than` times."""
    checks = cases.Checks()
    reason = skip_reason()
    if reason is not None:
        print(reason)
        return 77
    tasks = [(scenario, call, how, for_good) for scenario in scenarios for call in calls
             for how, for_good in hows if how != "short" or call in ("read", "pread")]
    total, met = 0, set()
    with multiprocessing.Pool(4) as pool:
        for task, (faults, wrong) in zip(tasks, pool.imap(break_task, tasks, chunksize=1)):
            checks.check(not wrong, "%s: %s %s%s" % (*task[:3], "+" * task[3]), "wrong",
                         "\n".join(wrong[:4]))
            total += faults
            if faults > 0:
                met.add(task[1])
    print("%d faults injected" % total)
    for call in must_meet:
        checks.check(call in met, call, "wrong", "it was never made to fail")
    checks.check(total > more_than, "faults", "only", total)
    return checks.end()
