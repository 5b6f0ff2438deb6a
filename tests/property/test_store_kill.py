#!/usr/bin/env python3
"""--db and kill -9 at every system call of a run, then a run that mends all (1, 2)."""

import sys

import broken_run as broken
import cases

CALLS = (
    "openat", "read", "pread64", "write", "writev", "pwrite64", "fsync", "fdatasync", "rename", "renameat",
    "unlink", "ftruncate", "close", "fcntl", "lseek", "newfstatat", "statx", "mmap", "munmap",
    "readlink", "getdents64", "fchmod", "fchown", "dup", "exit_group")
# what a sanitizer calls besides, thousands of times
NOT_SANITIZED = ("mmap", "munmap", "read", "close", "openat", "readlink", "lseek", "newfstatat")


def kill_at(task):
    call, number = task
    folder = broken.SCENARIO.reset()
    try:
        done, was_killed = broken.run_broken(folder, call, "signal=KILL:when=%d" % number)
        if not was_killed:
            return task, None, False
        assert done.returncode in (-9, 137), done
        found = broken.total(folder)
        assert found in (None, broken.BEFORE, broken.BEFORE + broken.NEWS), ("total", found)
        report = broken.responses(broken.report_of(folder))
        assert report in (broken.BEFORE, broken.NEWS), ("report", report)
        # a report that was not replaced cannot have been delivered
        broken.check_mended(folder, False if report == broken.BEFORE else None)
    except (AssertionError, OSError, ValueError) as wrong:
        return task, repr(wrong), True
    return task, None, True


def main():
    checks = cases.Checks()
    is_sanitized = cases.is_sanitized()
    calls = [call for call in CALLS if not (is_sanitized and call in NOT_SANITIZED)]
    kills = 0
    with broken.pool() as pool:
        for call in calls:
            number, goes_on = 1, True
            while goes_on:
                tasks = [(call, n) for n in range(number, number + 8)]
                for task, wrong, was_killed in pool.map(kill_at, tasks, chunksize=1):
                    checks.check(wrong is None, "%s, number %d" % task, "wrong", wrong)
                    kills += was_killed
                    goes_on = goes_on and was_killed
                number += 8
        pool.close()
        pool.join()
    print("killed %d times at %d kinds of calls" % (kills, len(calls)))
    checks.check(kills > (60 if is_sanitized else 300), "kills", "only", kills)
    checks.end()


if __name__ == "__main__":
    sys.exit(main())
