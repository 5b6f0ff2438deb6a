#!/usr/bin/env python3
"""The program over shapes.tsv, hazards.tsv and annotate.tsv."""

import cases


def as_log(lines):
    return b"".join(line + b"\n" for line in lines)


def check_shapes(checks, shapes, title):
    """Each line's codes, in order, and what they count as: the lines as one log."""
    found = cases.hits_by_line(as_log(shape.line for shape in shapes))
    for number, shape in enumerate(shapes, 1):
        hits = found.get(number, [])
        codes = [hit["code"] for hit in hits]
        checks.check(codes == shape.codes, "%s: %s" % (title, shape.name), "line", shape.line,
                     "expected", shape.codes, "found", codes)
        for hit in hits:
            digits = str(hit["code"]).encode()
            at = hit["column"] - 1
            checks.check(shape.line[at:at + len(digits)] == digits,
                         "%s: %s: column" % (title, shape.name), "line", shape.line,
                         "hit", hit)
        if shape.held and codes == shape.codes:
            kinds = [hit["counts_as"] for hit in hits]
            checks.check(set(kinds) == {"held_back"}, "%s: %s: held back" % (title, shape.name),
                         "line", shape.line, "counts as", kinds)


def check_held_lines(checks, shapes):
    """Lines of which nothing counts pass as they are."""
    for shape in shapes:
        if shape.held:
            out = cases.run(shape.line)
            checks.check(out == shape.line, "shapes: %s: printed" % shape.name,
                         "line", shape.line, "printed", out)


def check_hazards_printed(checks, hazards):
    log = as_log(shape.line for shape in hazards)
    for number, (line, out) in enumerate(zip(log.split(b"\n"), cases.run(log).split(b"\n"))):
        if number < len(hazards):
            checks.check(out == line, "hazards: %s: printed" % hazards[number].name,
                         "line", line, "printed", out)


def check_pairs(checks, pairs):
    """In one log, and each alone without a final newline."""
    out = cases.run(as_log(pair.line for pair in pairs)).split(b"\n")
    checks.check(len(out) == len(pairs) + 1, "annotate: number of lines",
                 "expected", len(pairs) + 1, "printed", len(out))
    for pair, printed in zip(pairs, out):
        checks.check(printed == pair.expected, "annotate: %s" % pair.name, "line", pair.line,
                     "expected", pair.expected, "printed", printed)
    for pair in pairs:
        printed = cases.run(pair.line)
        checks.check(printed == pair.expected, "annotate: %s, no final newline" % pair.name,
                     "line", pair.line, "expected", pair.expected, "printed", printed)


def main():
    checks = cases.Checks()
    shapes = cases.shapes()
    hazards = cases.hazards()
    check_shapes(checks, shapes, "shapes")
    check_shapes(checks, hazards, "hazards")
    check_held_lines(checks, shapes)
    check_hazards_printed(checks, hazards)
    check_pairs(checks, cases.pairs())
    checks.end()


if __name__ == "__main__":
    main()
