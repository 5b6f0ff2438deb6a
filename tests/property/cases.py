"""The data files of tests/data, and how the tests run the program."""

import json
import os
import re
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
sys.path.insert(0, TESTS)


def unescape(text):
    """Undoes \\\\, \\t and \\xHH; anything else behind a backslash is a mistake."""
    def replace(match):
        found = match.group()
        if found == b"\\\\":
            return b"\\"
        if found == b"\\t":
            return b"\t"
        if len(found) == 4:
            return bytes([int(found[2:], 16)])
        raise ValueError("bad escape in %r" % text)
    return re.sub(rb"\\x[0-9a-fA-F]{2}|\\.|\\\Z", replace, text)


def rows(name):
    """The rows of a data file as lists of byte fields, still escaped."""
    with open(os.path.join(TESTS, "data", name), "rb") as data:
        for number, line in enumerate(data.read().split(b"\n"), 1):
            if line and not line.startswith(b"#"):
                fields = line.split(b"\t")
                if len(fields) < 3:
                    raise ValueError("%s, line %d: %d fields" % (name, number, len(fields)))
                yield fields


class Shape:
    def __init__(self, fields):
        self.name = fields[0].decode()
        self.codes = [] if fields[1] == b"-" else [int(code) for code in fields[1].split(b",")]
        self.line = unescape(fields[2])
        self.held = len(fields) > 3 and fields[3] == b"held"


class Pair:
    def __init__(self, fields):
        self.name = fields[0].decode()
        self.line = unescape(fields[1])
        self.expected = unescape(fields[2])


def shapes():
    return [Shape(fields) for fields in rows("shapes.tsv")]


def hazards():
    return [Shape(fields) for fields in rows("hazards.tsv")]


def pairs():
    return [Pair(fields) for fields in rows("annotate.tsv")]


def program():
    path = os.environ.get("JGANNOTATE")
    if not path:
        sys.exit("JGANNOTATE does not name the program")
    return path


def is_sanitized():
    with open(program(), "rb") as f:
        return b"__asan_init" in f.read()


def run(log, *arguments):
    """What the program prints for a log on its standard input."""
    done = subprocess.run([program(), *arguments], input=log, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=120)
    if done.returncode != 0:
        raise AssertionError("%s: exit code %d: %s" % (
            " ".join(arguments) or "no arguments", done.returncode,
            done.stderr.decode(errors="replace")))
    return done.stdout


def hits_by_line(log, *arguments):
    """{line number: [hit, ...]} as -o json prints them."""
    found = {}
    for text in run(log, "-o", "json", *arguments).splitlines():
        hit = json.loads(text)
        found.setdefault(hit["line"], []).append(hit)
    return found


class Checks:
    """Counts what holds; names what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, holds, name, *details):
        if holds:
            self.passed += 1
            return
        self.failed += 1
        if self.failed <= 50:
            print("FAILED %s" % name)
            for label, value in zip(details[::2], details[1::2]):
                print("    %-9s %s" % (label, value))

    def end(self):
        print("%d passed, %d failed" % (self.passed, self.failed))
        sys.exit(1 if self.failed else 0)
