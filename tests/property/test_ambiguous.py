#!/usr/bin/env python3
"""What the hits of ambiguous.tsv count as, against what a careful reader says."""

import json

import cases

BATCH = 10  # few, so that no two mistakes make up for each other


class Case:
    def __init__(self, fields):
        name = fields[0].decode()
        self.asserted = not name.startswith("?")
        self.name = name.lstrip("?")
        self.expected = fields[1].decode()
        self.line = cases.unescape(fields[2])


def told(hits):
    return ",".join("%d:%s" % (hit["code"], hit["counts_as"]) for hit in hits) or "-"


def read_cases():
    return [Case(fields) for fields in cases.rows("ambiguous.tsv")]


def check_open(known, found):
    """The lines that the rule is known to misjudge: named, not failed."""
    right = 0
    for number, case in enumerate(known, 1):
        if case.asserted:
            continue
        got = told(found.get(number, []))
        right += got == case.expected
        if got != case.expected:
            print("open   %s: %s, truly %s" % (case.name, got, case.expected))
    print("%d of %d open lines as a careful reader says" % (
        right, sum(not case.asserted for case in known)))


def check_tally(checks, log, found):
    """The tally, which looks at a hit only where it must, counts what -o json shows."""
    shown = {}
    for hits in found.values():
        for hit in hits:
            shown[hit["counts_as"]] = shown.get(hit["counts_as"], 0) + 1
    counted = json.loads(cases.run(log, "-r", "json"))["hits"]
    for name, key in (("response", "responses"), ("inner", "inner"), ("repeated", "repeated"),
                      ("held_back", "held_back"), ("unlisted", "unlisted"),
                      ("other_number", "other_numbers")):
        checks.check(counted[key] == shown.get(name, 0), "tally: %s" % name,
                     "shown", shown.get(name, 0), "counted", counted[key])


def check_tallies(checks, known):
    lines = [case.line + b"\n" for case in known + cases.shapes() + cases.hazards()]
    for first in range(0, len(lines), BATCH):
        log = b"".join(lines[first:first + BATCH])
        check_tally(checks, log, cases.hits_by_line(log))


def main():
    checks = cases.Checks()
    known = read_cases()
    log = b"".join(case.line + b"\n" for case in known)
    found = cases.hits_by_line(log)
    for number, case in enumerate(known, 1):
        hits = found.get(number, [])
        if case.asserted:
            checks.check(told(hits) == case.expected, case.name, "line", case.line,
                         "expected", case.expected, "found", told(hits))
        alone = cases.hits_by_line(case.line).get(1, [])
        checks.check(told(alone) == told(hits), "%s: alone" % case.name, "line", case.line,
                     "in the log", told(hits), "alone", told(alone))
    check_open(known, found)
    check_tallies(checks, known)
    checks.end()


if __name__ == "__main__":
    main()
