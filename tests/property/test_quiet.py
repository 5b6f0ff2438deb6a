#!/usr/bin/env python3
"""Logs without JiGuang's traffic, full of numbers and codes: not one response.

Each file of tests/data/quiet is in the manner of one real system's log.
"""

import glob
import json
import os

import cases

ABOUT_JIGUANG = ("responses", "inner", "repeated", "unlisted")


def main():
    checks = cases.Checks()
    paths = sorted(glob.glob(os.path.join(cases.TESTS, "data", "quiet", "*.log")))
    checks.check(len(paths) >= 15, "quiet: files", "found", len(paths))
    for path in paths:
        name = os.path.basename(path)
        with open(path, "rb") as log:
            lines = log.read()
        for trust in ("normal", "strict"):
            report = json.loads(cases.run(lines, "-r", "json", "--trust", trust))
            hits = report["hits"]
            for kind in ABOUT_JIGUANG:
                checks.check(hits[kind] == 0, "%s: %s, --trust %s" % (name, kind, trust),
                             "counted", hits[kind])
            checks.check(hits["total"] == hits["held_back"] + hits["other_numbers"],
                         "%s: the sum" % name, "hits", hits)
            checks.check(report["errors"] == 0 and report["error_rate"] is None,
                         "%s: the rate" % name, "rate", report["error_rate"])
        checks.check(cases.run(lines) == lines, "%s: nothing annotated" % name)
    # the tests are worth something only if the logs hold codes at all
    everything = b"".join(open(path, "rb").read() for path in paths)
    hits = json.loads(cases.run(everything, "-r", "json"))["hits"]
    print("%d lines, %d hits: %d held back, %d other numbers" % (
        everything.count(b"\n"), hits["total"], hits["held_back"], hits["other_numbers"]))
    checks.check(hits["held_back"] >= 200, "quiet: codes that collide", "hits", hits)
    checks.end()


if __name__ == "__main__":
    main()
