#!/usr/bin/env python3
"""One long line costs time linear in its length, whatever it is full of."""

import os
import resource
import subprocess
import tempfile

import cases

SHORT = 256 << 10
LONG = 1 << 20
RATIO = 8  # a linear search needs 4 times as long, a quadratic one 16 times
RUNS = 3

PIECES = {
    "text": b"code:0 ",
    "openings": b'{"code":0,',
    "objects": b"{code:0}",
    "quoted objects": b'{"code":0}',
    "members": b'"code":"0",',
    "catalogued": b"code:9011 ",
    "passwords": b'"code":"9011",',
    "unlisted": b'{"id":1,"code":1,"content":"',
    "closings": b"code=0}",
    "brackets": b"code=0[(",
    "quotes": b'"code":0,"',
    "escaped quotes": b'\\"code\\":0,\\\\\\"',
    "parameters": b"a=b?code=9001&c=d=e:f ",
    "risk": b'"riskCheck":{"code":0,',
    "blanks": b"code:0" + b" " * 58,
    "backslashes": b"\\" * 57 + b"code:0 ",
    "numbers": b"code:7 ",
    "members to annotate": b'"code":9011,',
    "backslash runs": b"\\" * 1017 + b"code:0 ",
    "hex runs": b"\\x5c" * 63 + b"code:0 ",
    "names": b"code:0 a b c d e f ",
}


def seconds(path, arguments):
    """Of the processor: what else the machine does counts less."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([cases.program(), "-j1", *arguments, path], check=True, timeout=120,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def line_of(piece, size):
    return (piece * (size // len(piece) + 1))[:size - 1] + b"\n"


def check_piece(checks, folder, name, piece, arguments):
    paths = {}
    for size in (SHORT, LONG):
        paths[size] = os.path.join(folder, str(size))
        with open(paths[size], "wb") as log:
            log.write(line_of(piece, size))
    # in turns, so that a busy machine slows both
    best = {size: float("inf") for size in paths}
    for _ in range(RUNS):
        for size, path in paths.items():
            best[size] = min(best[size], seconds(path, arguments))
    ratio = best[LONG] / best[SHORT]
    print("%-16s %-8s %7.1f ms, %7.1f ms, ratio %.1f" % (
        name, " ".join(arguments), best[SHORT] * 1000, best[LONG] * 1000, ratio))
    checks.check(ratio < RATIO, "%s %s" % (name, " ".join(arguments)), "ratio", ratio)


def main():
    checks = cases.Checks()
    with tempfile.TemporaryDirectory() as folder:
        for name, piece in PIECES.items():
            check_piece(checks, folder, name, piece, ["-s"])
        for name in ("text", "openings", "objects", "members", "catalogued",
                     "members to annotate", "numbers"):
            check_piece(checks, folder, name, PIECES[name], ["-o", "json"])
            check_piece(checks, folder, name, PIECES[name], ["-o", "lines"])
    checks.end()


if __name__ == "__main__":
    main()
