"""Runs in which calls fail: tests/faults/faults.c in front of the program."""

import os

import cases

LIBRARY = os.path.join(os.environ.get("BUILD", "."), "tests", "faults.so")


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
