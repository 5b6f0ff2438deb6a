#!/usr/bin/env python3
"""What must hold for any log, on random ones made of the lines of tests/data.

A failure prints the line and the seed; JGANNOTATE_SEED runs that seed again.
"""

import json
import os
import random
import re
import urllib.parse
import subprocess

import cases
import oracle

# The same in every run of the tests; JGANNOTATE_SEED=random looks for what they do not know.
SEED = os.environ.get("JGANNOTATE_SEED", "2026")
SEED = random.SystemRandom().randrange(1 << 32) if SEED == "random" else int(SEED)

# --- logs ------------------------------------------------------------------------


def noise(rng, length):
    """Bytes of any value but LF, from one of several alphabets."""
    alphabet = rng.choice([
        bytes(byte for byte in range(256) if byte != 10),
        b"\0\xff\xfe\x80\xc3\xe5\xbc\x1b[;m",
        b'codeCODE=:"\\\'{}[]<>,. 0123456789xu2\t',
        b"abcdefghijklmnopqrstuvwxyz     ",
        "错误码返回响应结果：，。".encode(),
        "错误码返回响应结果：，。".encode("gbk"),
    ])
    return bytes(rng.choice(alphabet) for _ in range(length))


def random_log(rng, lines, count):
    """A log of the given lines among noise, long lines, NULs, CRLF."""
    out = []
    for _ in range(count):
        kind = rng.random()
        if kind < 0.70:
            line = rng.choice(lines)
        elif kind < 0.80:
            line = noise(rng, rng.randrange(80))
        elif kind < 0.84:
            line = noise(rng, rng.randrange(4000)) + b" " + rng.choice(lines)
        elif kind < 0.88:
            line = b"x" * rng.randrange(3000, 60000) + b" " + rng.choice(lines)
        elif kind < 0.92:
            line = b"\0" * rng.randrange(200)
        elif kind < 0.96:
            line = oracle.annotate(rng.choice(lines))
        else:
            line = b""
        out.append(line + (b"\r\n" if rng.random() < 0.1 else b"\n"))
    log = b"".join(out)
    return log[:-1] if rng.random() < 0.3 else log


def mutate(rng, lines):
    """A line with a few bytes flipped, put in or taken out, or two lines as one."""
    line = bytearray(rng.choice(lines)[:4000])
    if rng.random() < 0.2:
        line += rng.choice([b"", b" ", b","]) + rng.choice(lines)[:4000]
    pieces = [b'"', b"\\", b"'", b" ", b"\t", b":", b"=", b"=>", b">", b"code", b"9001", b"0",
              b".0", b".", b"-", b"_", b"/", b"{", b"}", b"\x1b[0m", b"\\x22", b"\\u0022", b"\\x5C",
              b"%3D", b"%20", b"&#61;",
              b"\\n", b"message=", b"status ", b"]", b">>", b'""', b"\r", b"\0", b"\xff",
              "：".encode(), "错误码".encode(), "错误码".encode("gbk"), b"m", b"\\e[1m"]
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(len(line) + 1)
        kind = rng.random()
        if kind < 0.3 and at < len(line):
            line[at] ^= 1 << rng.randrange(8)
        elif kind < 0.6:
            line[at:at] = rng.choice(pieces)
        elif kind < 0.8:
            del line[at:at + rng.randrange(1, 4)]
        else:
            line[at:at + rng.randrange(1, 6)] = rng.choice(pieces)
    return bytes(line).replace(b"\n", b"")


def lines_of(log):
    """The lines of a log without their LF; the last one may be empty."""
    return log.split(b"\n")


def annotated(log):
    """The log as the oracle annotates it."""
    return b"\n".join(oracle.annotate(line) for line in lines_of(log))


# --- annotations, by a grammar of their own --------------------------------------

OUTCOMES = b"|".join(sorted({entry.outcome for entry in oracle.CATALOG.values()}))
DESCRIPTIONS = b"|".join(sorted(
    {re.escape(entry.description) for entry in oracle.CATALOG.values()}, key=len, reverse=True))
TEXT = re.compile(rb" \[(?:unlisted|(?:" + OUTCOMES + rb"): (?:" + DESCRIPTIONS + rb"))\]")
ENCODED = b"|".join(sorted({urllib.parse.quote(entry.description, safe="").encode()
                            for entry in oracle.CATALOG.values()}, key=len, reverse=True))
ENCODED_TEXT = re.compile(rb"%20%5B(?:unlisted|(?:" + OUTCOMES + rb")%3A%20(?:" + ENCODED + rb"))%5D")
MEMBER = re.compile(
    rb"(?:,|%2C)(?P<q>(?:\\+x5[cC])*\\+x2[27]|\\+u002[27]|(?:%5[cC])*%2[27]|&[a-z#x0-9]+;|"
    rb"(?:\\*\"){1,2}|\\*')(?P<key>[A-Za-z_]+|[\x80-\xff]{6,12}|[\\a-fxuA-F0-9]+)"
    rb"_(?:outcome(?P=q)(?::|%3A)(?P=q)(?:unlisted|" + OUTCOMES +
    rb")|description(?P=q)(?::|%3A)(?P=q)(?:" +
    DESCRIPTIONS + rb"|" + ENCODED + rb"))(?P=q)")


MAYBE_ANNOTATED = re.compile(rb"_outcome|_category|_description|(?: \[|%20%5B)[a-z]+(?:[:\]]|%3A|%5D)")


def stripped(line):
    return MEMBER.sub(b"", ENCODED_TEXT.sub(b"", TEXT.sub(b"", line)))


def is_subsequence(short, long):
    """Whether `long` is `short` with bytes put in: fast for equal stretches."""
    at = 0
    for piece in re.findall(rb"(?s).{1,8}", short):
        for byte in piece:
            at = long.find(bytes([byte]), at) + 1
            if at == 0:
                return False
    return True


# --- the properties --------------------------------------------------------------


def named(name):
    return "%s (seed %d)" % (name, SEED)


def check_lines(checks, name, log, out, wanted=None):
    """The output is the input plus annotations, and what the oracle wants."""
    before = lines_of(log)
    after = lines_of(out)
    checks.check(len(before) == len(after), named(name + ": number of lines"),
                 "before", len(before), "after", len(after))
    for number, (line, printed) in enumerate(zip(before, after)):
        if wanted is not None and printed != wanted[number]:
            checks.check(False, named(name + ": as the oracle"), "line", line[-300:],
                         "expected", wanted[number][-450:], "printed", printed[-450:])
        elif printed == line:
            checks.passed += 1
        else:
            checks.check(is_subsequence(line, printed) and stripped(printed) == stripped(line),
                         named(name + ": input plus annotations"), "line", line[-300:],
                         "printed", printed[-450:])


def check_logs(checks, rng, lines):
    for _ in range(6):
        log = random_log(rng, lines, 400)
        out = cases.run(log)
        check_lines(checks, "random log", log, out, lines_of(annotated(log)))
        check_twice(checks, "random log", out)
        check_tally(checks, "random log", log, out)


def check_twice(checks, name, out):
    again = cases.run(out)
    for once, twice in zip(lines_of(out), lines_of(again)):
        if once != twice:
            checks.check(False, named(name + ": twice is once"), "once", once[-450:],
                         "twice", twice[-500:])
    checks.check(len(out) == len(again), named(name + ": twice is once"),
                 "once", len(out), "twice", len(again))


def tally(log):
    report = json.loads(cases.run(log, "-r", "json"))
    del report["bytes"], report["slices"], report["seal"]  # they are of the bytes
    # The text beside an unlisted code is shown as it stands, annotations in it included.
    for row in report["unlisted"]:
        del row["text"]
    return report


# Evidence is looked for 2 KiB to either side of a code. In longer lines annotations can
# move a text in or out of reach.
REACH = 2000


# A line's time is looked for in its first 128 bytes: it can be moved out of these.
CLOCK = re.compile(rb"[0-9]:[0-9]{2}|[0-9]{10}")


def keeps_its_time(line, printed):
    same = len(os.path.commonprefix([line, printed]))
    return len(printed) <= 128 or not CLOCK.search(line[max(0, same - 32):128])


def within_reach(log, out):
    """The lines of a log that stay in reach annotated, and their annotated form."""
    kept = [(line, printed) for line, printed in zip(lines_of(log), lines_of(out))
            if len(printed) < REACH and keeps_its_time(line, printed)]
    return tuple(b"".join(line + b"\n" for line in side) for side in zip(*kept))


def check_tally(checks, name, log, out):
    log, out = within_reach(log, out)
    before, after = tally(log), tally(out)
    for member in before:
        checks.check(before[member] == after[member], named("%s: tally: %s" % (name, member)),
                     "log", before[member], "annotated", after[member])


def check_mutations(checks, rng, lines):
    """The same codes at the same places as the oracle, and harmless output."""
    mutations = [mutate(rng, lines) for _ in range(6000)]
    log = b"".join(line + b"\n" for line in mutations)
    found = cases.hits_by_line(log)
    for number, line in enumerate(mutations, 1):
        expected = [(start + 1, code) for start, _, _, code in oracle.find(line)]
        hits = [(hit["column"], hit["code"]) for hit in found.get(number, [])]
        # In what looks like an annotation the program may find nothing.
        good = (set(hits) <= set(expected) if MAYBE_ANNOTATED.search(line)
                else hits == expected)
        checks.check(good, named("mutation: codes"), "line", line,
                     "expected", expected, "found", hits)
    out = cases.run(log)
    check_lines(checks, "mutation", log, out)
    check_twice(checks, "mutation", out)
    check_tally(checks, "mutation", log, out)


def run_in_pieces(log, size):
    """What is printed when the log arrives in writes of this size."""
    with subprocess.Popen([cases.program(), "-q"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          bufsize=0) as child:
        # A small log: its output fits into the pipe, so nobody waits for anybody.
        for at in range(0, len(log), size):
            child.stdin.write(log[at:at + size])
        child.stdin.close()
        return child.stdout.read()


def check_writes(checks, rng, lines):
    lines = [line for line in lines if len(line) < 1000]
    for size, length in ((1, 3000), (2, 3000), (3, 4000), (7, 8000), (64, 20000), (4096, 24000)):
        log = bytearray()
        while len(log) < length:
            log += rng.choice(lines) + rng.choice([b"\n", b"\n", b"\r\n"])
        log = bytes(log[:length])
        expected = cases.run(log)
        printed = run_in_pieces(log, size)
        if expected == printed:
            checks.passed += 1
            continue
        for line, want, have in zip(lines_of(log), lines_of(expected), lines_of(printed)):
            if want != have:
                checks.check(False, named("writes of %d bytes" % size), "line", line,
                             "whole", want, "pieces", have)
        checks.check(len(expected) == len(printed), named("writes of %d bytes: length" % size),
                     "whole", len(expected), "pieces", len(printed))


# --- valid JSON stays valid ------------------------------------------------------


def parse(text):
    """The value with members as ordered pairs and numbers as spelled; raises ValueError."""
    return json.loads(text, object_pairs_hook=lambda pairs: ("object", pairs), parse_int=str,
                      parse_float=str, strict=False)


def is_object(value):
    return isinstance(value, tuple)


def embedded(text):
    """The JSON object or array inside a string, or None."""
    if text[:1] in ("{", "["):
        try:
            return parse(text)
        except ValueError:
            pass
    return None


def holds(before, after):
    """Whether `after` is `before` with members `..._outcome`, `..._description` added at
    any level, also in JSON inside strings; other strings may hold text annotations."""
    if is_object(before):
        if not is_object(after):
            return False
        old, new = list(before[1]), list(after[1])
        at = 0
        for name, value in new:
            if at < len(old) and name == old[at][0] and holds(old[at][1], value):
                at += 1
            elif not name.endswith(("_outcome", "_description")) or not isinstance(value, str):
                return False
        return at == len(old)
    if isinstance(before, list):
        return (isinstance(after, list) and len(before) == len(after)
                and all(holds(one, other) for one, other in zip(before, after)))
    if isinstance(before, str) and isinstance(after, str):
        if before == after:
            return True
        inner = embedded(before)
        if inner is not None:
            changed = embedded(after)
            return changed is not None and holds(inner, changed)
        raw = [text.encode("utf-8", "surrogatepass") for text in (before, after)]
        return stripped(raw[0]) == stripped(raw[1])
    return type(before) is type(after) and before == after


def random_json(rng, depth=0):
    """An object that looks like a log's, with codes at several levels."""
    pairs = []
    for _ in range(rng.randrange(1, 6)):
        name = rng.choice(["code", "code", "errCode", "ret_code", "错误码", "content", "message",
                           "id", "data", "body", "riskCheck", "error code", "statusCode", "a\"b",
                           "code_outcome"])
        kind = rng.random()
        if "ode" in name or name == "错误码":
            code = rng.choice(list(oracle.CATALOG) + [1, 200, -1, 9001.0, 90.5, 404])
            value = rng.choice([code, code, str(code), "%s failed" % code, None])
        elif kind < 0.35 and depth < 3:
            value = random_json(rng, depth + 1)
        elif kind < 0.65 and depth < 3:
            value = json.dumps(random_json(rng, depth + 1), ensure_ascii=rng.random() < 0.5,
                               separators=rng.choice([(",", ":"), (", ", ": ")]))
        elif kind < 0.75:
            value = [random_json(rng, depth + 1) for _ in range(rng.randrange(3))] \
                if depth < 3 else []
        else:
            value = rng.choice(["success", "auth failed", "a \"code\": 9011 b", "{", "}", "C:\\",
                                "x, code=9003", "错误码：9011", 9223372036854775807, True, "\"",
                                "'code': 9011", "\ncode: 9001\n", "{'code': '9001'}", ""])
        pairs.append((name, value))
    if rng.random() < 0.9:
        return dict(pairs)
    return {name: value for name, value in reversed(pairs)}


def check_json(checks, rng, lines):
    log = []
    for line in lines:
        try:
            parse(line.decode("utf-8"))
            log.append(line)
        except ValueError:
            pass
    for _ in range(3000):
        text = json.dumps(random_json(rng), ensure_ascii=rng.random() < 0.5,
                          separators=rng.choice([(",", ":"), (", ", ": ")]))
        log.append(text.encode())
    out = lines_of(cases.run(b"".join(line + b"\n" for line in log)))
    for line, printed in zip(log, out):
        try:
            good = holds(parse(line.decode()), parse(printed.decode()))
        except ValueError:
            good = False
        checks.check(good, named("JSON stays JSON"), "line", line, "printed", printed)
    whole = b"".join(line + b"\n" for line in log)
    check_twice(checks, "JSON", cases.run(whole))
    check_tally(checks, "JSON", whole, cases.run(whole))


def main():
    checks = cases.Checks()
    rng = random.Random(SEED)
    lines = [shape.line for shape in cases.shapes() + cases.hazards()]
    lines += [pair.line for pair in cases.pairs()]
    check_logs(checks, rng, lines)
    check_writes(checks, rng, lines)
    check_json(checks, rng, lines)
    check_mutations(checks, rng, lines)
    checks.end()


if __name__ == "__main__":
    main()
