#!/usr/bin/env python3
"""--db on a disk that is full or broken: each call that writes fails, once and for good.

The database is as before the run or as after it; what was not reported comes again; the exit
status and the message tell of it; the next run, on a disk that works, is right (26, 27, 73).
"""

import json
import sys

import broken_run as broken
import cases

CALLS = ("write", "writev", "pwrite64", "fsync", "fdatasync", "unlink", "ftruncate", "rename", "renameat",
         "fchmod")
ERRORS = ("ENOSPC", "EIO", "EDQUOT")
MODES = ("", "+")  # once, and for good
if cases.is_sanitized():  # that takes its time
    ERRORS, MODES = ("ENOSPC",), ("+",)
FILE = "json:" + broken.REPORT
STDOUT = "json"


def reported(folder, report, done):
    """What the broken run told: responses, or None where there is no whole report of it."""
    try:
        whole = json.loads(done.stdout) if report == STDOUT else broken.report_of(folder)
    except ValueError:
        assert report == STDOUT, "half a report in a file"
        return None
    found = broken.responses(whole)
    return None if report == FILE and found == broken.BEFORE else found


def check(folder, call, error, number, mode, report):
    done, was_injected = broken.run_broken(
        folder, call, "error=%s:when=%d%s" % (error, number, mode), report)
    if not was_injected:
        return False
    found = broken.total(folder)
    told = reported(folder, report, done)
    assert done.returncode in (0, 1, 4), ("exit", done)
    assert found in (None, broken.BEFORE, broken.BEFORE + broken.NEWS), ("total", found, done)
    assert told in (None, broken.NEWS), ("report", told, done)
    if done.returncode == 0:
        assert found == broken.BEFORE + broken.NEWS, ("exit 0, but total", found)
        assert told == broken.NEWS, ("exit 0, but report", told)
    elif call not in ("write", "writev"):  # that may have been the message itself
        assert any(name in done.stderr for name in (b"'a.db'", b"'report.json'")), (
            "names no file", done)
    # a whole report may be taken for delivered, though its noting failed at the very end
    broken.check_mended(folder, True if done.returncode == 0 else None if told else False)
    return True


def fail_at(task):
    """Whether the run got as far in any of the ways."""
    call, number = task
    wrong = []
    got_there = False
    for error in ERRORS:
        for mode in MODES:
            for report in (FILE, STDOUT) if call in ("write", "writev") else (FILE,):
                try:
                    folder = broken.SCENARIO.reset()
                    got_there |= check(folder, call, error, number, mode, report)
                except (AssertionError, OSError, ValueError) as fault:
                    wrong.append("%s%s, %s: %r" % (error, mode, report, fault))
                    got_there = True
    return task, wrong, got_there


def main():
    checks = cases.Checks()
    failures = 0
    with broken.pool() as pool:
        for call in CALLS:
            number, goes_on = 1, True
            while goes_on:
                tasks = [(call, n) for n in range(number, number + 4)]
                for task, wrong, got_there in pool.map(fail_at, tasks, chunksize=1):
                    checks.check(not wrong, "%s, number %d" % task, "wrong", "\n".join(wrong))
                    failures += got_there
                    goes_on = goes_on and got_there
                number += 4
        pool.close()
        pool.join()
    print("%d calls failed, each in %d ways" % (failures, len(MODES) * len(ERRORS)))
    checks.check(failures > 40, "failures", "only", failures)
    checks.end()


if __name__ == "__main__":
    sys.exit(main())
