#!/usr/bin/env python3
"""What must not change what counts, on every line of tests/data and on mutated ones:
where the line stands (in a log of containers, a record, a CSV field, behind a prefix, in
colours, in a URL or an attribute), what stands behind it, which code of its class it
carries, and annotating it, once, twice, in colours.

A failure prints both lines and the seed; JGANNOTATE_SEED runs that seed again, and
JGANNOTATE_MUTATIONS that many mutated lines.
"""

import html
import json
import os
import random
import re
import urllib.parse

import cases
import test_ambiguous
import test_invariance

SEED = test_invariance.SEED
MUTATIONS = int(os.environ.get("JGANNOTATE_MUTATIONS", "20000" if cases.is_sanitized() else "200000"))
BATCH = 20000
REACH = test_invariance.REACH
LIMIT = 900  # bytes of a line that is wrapped: escapes make it longer, and evidence reaches 2 KiB

COLOUR = "--color=always"


def is_utf8(line):
    try:
        line.decode()
        return True
    except ValueError:
        return False


def is_json(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


# --- wrappings: the line in other surroundings, or None where it cannot stand there ----


def as_string(line):
    """The line inside a JSON string, as encoders write it."""
    return json.dumps(line.decode(), ensure_ascii=False)[1:-1].encode() if is_utf8(line) else None


def in_string(form):
    def wrap(line):
        text = as_string(line)
        return None if text is None else form % text
    return wrap


def in_csv(line):
    """A quoted field. One that holds doubled quotes itself is CSV already."""
    if b'""' in line:
        return None
    return b'2026-05-18,"' + line.replace(b'"', b'""') + b'",7'


def with_prefix(prefix):
    return lambda line: prefix + line


def in_url(line):
    # a URL in it would be encoded twice
    if not is_json(line) or b"\\" in line or b"=" in line or not line.isascii():
        return None
    return b"GET /cb?body=" + urllib.parse.quote(line, safe="").encode() + b" HTTP/1.1"


def in_attribute(line):
    if not is_json(line) or b"\\" in line or not line.isascii():
        return None
    return b'<input name="body" value="' + html.escape(line.decode()).encode() + b'">'


def is_whole(line):
    """Whether nothing was cut off at its end: what is put behind a cut is its rest."""
    return (sum(map(line.count, (b"{", b"[", b"("))) == sum(map(line.count, (b"}", b"]", b")")))
            and line.count(b'"') % 2 == 0 and not re.search(rb" std(?:out|err) P ", line))


def behind(text):
    return lambda line: line.rstrip(b"\r") + text if is_whole(line) else None


WRAPPINGS = [
    ("docker", in_string(b'{"log":"%s\\n","stream":"stdout","time":"2026-05-18T12:02:03.5Z"}')),
    ("message", in_string(b'{"message":"%s"}')),
    ("record", in_string(b'{"level":"info","ts":"2026-05-18T12:02:03Z","msg":"%s"}')),
    ("csv", in_csv),
    ("cri", with_prefix(b"2026-05-18T12:02:03.123456789+08:00 stdout F ")),
    ("compose", with_prefix(b"api_1  | ")),
    ("syslog", with_prefix(b"May 18 12:02:03 web-1 api[4711]: ")),
    ("klog", with_prefix(b"I0518 12:02:03.123456       1 main.go:12] ")),
    ("colour", lambda line: b"\x1b[32m" + line + b"\x1b[0m"),
    ("grep", lambda line: b"\x1b[35m\x1b[Kapi.log\x1b[m\x1b[K\x1b[36m\x1b[K:\x1b[m\x1b[K" + line),
    ("url", in_url),
    ("attribute", in_attribute),
    ("took", behind(b" (12ms)")),
    ("耗时", behind("，耗时12ms".encode())),
]


# --- the same reply with another code ------------------------------------------


def classes():
    """The codes of the catalog by what else carries their number: {class: [(code, text)]}.
    What is everybody's word confirms nothing, so codes that say it are left out."""
    found = {}
    path = os.path.join(cases.TESTS, "..", "src", "catalog", "codes.tsv")
    with open(path, encoding="utf-8") as rows:
        for row in rows:
            fields = row.rstrip("\n").split("\t")
            if row.startswith("#") or len(fields) < 5 or not fields[0].isdigit():
                continue
            if fields[1] != "success" and fields[4] != "always":
                found.setdefault(fields[4], []).append((fields[0].encode(), fields[1].encode()))
    return found


CLASSES = classes()


def swapped(rng, line, hits):
    """The line with its one code and that one's text replaced; None where that is not clear."""
    if len(hits) != 1 or hits[0]["standing"] != "confirmed":
        return None
    code = b"%d" % hits[0]["code"]
    for rows in CLASSES.values():
        texts = dict(rows)
        if code in texts:
            text = texts[code]
            others = [row for row in rows if row[0] != code]
            if not others or line.count(text) != 1 or text in code:
                return None
            new_code, new_text = rng.choice(others)
            at = hits[0]["column"] - 1
            out = line[:at] + new_code + line[at + len(code):]
            return out.replace(text, new_text), int(new_code)
    return None


# --- what counts -----------------------------------------------------------------


def told(hits):
    return [(hit["code"], hit["counts_as"]) for hit in hits]


def as_log(lines):
    return b"".join(line + b"\n" for line in lines)


def counts(lines, *options):
    """What the hits of each line count as."""
    found = cases.hits_by_line(as_log(lines), *options)
    return [found.get(number, []) for number in range(1, len(lines) + 1)]


def check_wrappings(checks, lines):
    lines = [line for line in lines if len(line) <= LIMIT]
    before = counts(lines)
    for name, wrap in WRAPPINGS:
        pairs = []
        for line, hits in zip(lines, before):
            wrapped = wrap(line)
            if wrapped is not None:
                pairs.append((line, wrapped, hits))
        after = counts([wrapped for _, wrapped, _ in pairs])
        for (line, wrapped, hits), found in zip(pairs, after):
            checks.check(told(hits) == told(found), "%s: the line counts as it did" % name,
                         "line", line, "wrapped", wrapped, "before", told(hits),
                         "after", told(found))


def check_swaps(checks, rng, lines):
    lines = [line for line in lines if len(line) <= LIMIT]
    pairs = []
    for line, hits in zip(lines, counts(lines)):
        other = swapped(rng, line, hits)
        if other is not None:
            pairs.append((line, hits[0]["counts_as"], *other))
    after = counts([pair[2] for pair in pairs])
    for (line, counted, other, code), found in zip(pairs, after):
        checks.check(told(found) == [(code, counted)], "another code counts alike",
                     "line", line, "other", other, "before", counted, "after", told(found))
    checks.check(len(pairs) > 100, "codes were swapped", "lines", len(pairs))


# --- the report, -o json and the annotation ----------------------------------------

REPORTED = {"response": "responses", "inner": "inner", "repeated": "repeated",
            "held_back": "held_back", "unlisted": "unlisted", "other_number": "other_numbers"}


def check_agreement(checks, name, lines, size):
    """The report counts what -o json shows: `size` lines at a time, so that few mistakes can
    make up for each other. Returns what is shown of each line."""
    shown = counts(lines)
    for first in range(0, len(lines), size):
        part = lines[first:first + size]
        hits = [hit for found in shown[first:first + size] for hit in found]
        reported = json.loads(cases.run(as_log(part), "-r", "json"))["hits"]
        for kind, member in REPORTED.items():
            number = sum(hit["counts_as"] == kind for hit in hits)
            checks.check(number == reported[member], "%s: the report's %s" % (name, member),
                         "shown", number, "reported", reported[member],
                         "lines", part[:20], "seed", SEED)
    return shown


def check_annotated(checks, name, lines, shown, *options):
    """Annotated twice is once, and the annotated log says what the log says."""
    once = cases.run(as_log(lines), "-q", *options)
    out = once.split(b"\n")[:-1]
    checks.check(len(out) == len(lines), "%s: number of lines" % name)
    twice = cases.run(once, "-q", *options).split(b"\n")[:-1]
    after = counts(out, *(option for option in options if option != COLOUR))
    for line, printed, again, hits, found in zip(lines, out, twice, shown, after):
        checks.check(printed == again, "%s: twice is once" % name, "line", line,
                     "once", printed, "twice", again, "seed", SEED)
        if len(printed) < REACH:
            checks.check(told(hits) == told(found), "%s: annotated, it counts as it did" % name,
                         "line", line, "annotated", printed, "before", told(hits),
                         "after", told(found), "seed", SEED)


def check_data(checks, lines):
    shown = check_agreement(checks, "data", lines, 10)
    check_annotated(checks, "data", lines, shown)
    check_annotated(checks, "data in colour", lines, shown, COLOUR)
    for trust in ("--trust=strict", "--trust=all"):
        check_annotated(checks, trust, lines, counts(lines, trust), trust)
        check_annotated(checks, trust + " in colour", lines, counts(lines, trust), trust, COLOUR)


def check_mutations(checks, rng, lines):
    done = 0
    while done < MUTATIONS:
        batch = [test_invariance.mutate(rng, lines) for _ in range(min(BATCH, MUTATIONS - done))]
        shown = check_agreement(checks, "mutations", batch, 500)
        check_annotated(checks, "mutations", batch, shown)
        check_annotated(checks, "mutations in colour", batch, shown, COLOUR)
        done += len(batch)


def main():
    checks = cases.Checks()
    rng = random.Random(SEED)
    lines = [shape.line for shape in cases.shapes() + cases.hazards()]
    lines += [case.line for case in test_ambiguous.read_cases()]
    check_data(checks, lines)
    check_wrappings(checks, lines)
    check_swaps(checks, rng, lines)
    check_mutations(checks, rng, lines + [pair.line for pair in cases.pairs()])
    checks.end()


if __name__ == "__main__":
    main()
