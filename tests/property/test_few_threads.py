#!/usr/bin/env python3
"""Where the system gives no more threads, what there are do the work, with the same result (88)."""

import subprocess
import sys
import tempfile

import cases
import faulty

LINE = b'2026-11-22 03:01:02 {"code":9018} some text that is here as well, but does no harm\n'


def report(path, environment=None, jobs=8):
    return subprocess.run([cases.program(), "-j%d" % jobs, "-r", "csv", path],
                          env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, check=False)


def main():
    checks = cases.Checks()
    reason = faulty.skip_reason()
    if reason is not None:
        print(reason)
        return 77
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/a.log"
        with open(path, "wb") as log:
            log.write(LINE * (12 << 20 >> 6))
        right = report(path, jobs=1).stdout
        for for_good in (False, True):
            for number in range(1, 20):
                done = report(path, faulty.environment(
                    "pthread_create", "EAGAIN", number, for_good, log=folder + "/faults"))
                count = faulty.injected(folder + "/faults")
                checks.check(done.returncode == 0 and done.stdout == right,
                             "thread %d%s" % (number, "+" * for_good), "got", done.stderr)
                total += count
                if count == 0:
                    break
    print("%d faults injected" % total)
    checks.check(total >= 16, "faults", "only", total)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
