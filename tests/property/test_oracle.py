#!/usr/bin/env python3
"""The oracle against the data files: both were written from the specification, so
where they differ one of them misread it."""

import cases
import oracle


def main():
    checks = cases.Checks()
    for shape in cases.shapes() + cases.hazards():
        found = [code for _, _, _, code in oracle.find(shape.line)]
        checks.check(found == shape.codes, shape.name, "line", shape.line,
                     "expected", shape.codes, "found", found)
        out = oracle.annotate(shape.line)
        if shape.held or not shape.codes:
            checks.check(out == shape.line, shape.name + ", not counted", "line", shape.line,
                         "annotated", out)
        checks.check(oracle.annotate(out) == out, shape.name + ", twice", "once", out,
                     "twice", oracle.annotate(out))
        again = [code for _, _, _, code in oracle.find(out)]
        checks.check(again == shape.codes, shape.name + ", found again", "line", out,
                     "found", again)
    for pair in cases.pairs():
        out = oracle.annotate(pair.line)
        checks.check(out == pair.expected, pair.name, "line", pair.line,
                     "expected", pair.expected, "annotated", out)
        checks.check(oracle.annotate(pair.expected) == pair.expected, pair.name + ", twice",
                     "once", pair.expected, "twice", oracle.annotate(pair.expected))
    checks.end()


if __name__ == "__main__":
    main()
