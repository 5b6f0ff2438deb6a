#!/usr/bin/env python3
"""Compressed data that is damaged: what comes out was in the file, whatever the sizes of the reads
(99). The reference for gzip is zlib, byte by byte; for zstd and xz the log itself and the sizes."""

import gzip
import lzma
import os
import random
import subprocess
import sys
import tempfile
import threading
import zlib

import cases

DATA = os.path.join(cases.TESTS, "data", "damaged")
ROUNDS = 12 if cases.is_sanitized() else 60
NOTHING = "(?<code>NEVER)"  # nothing is annotated


def gzip_reference(data):
    """All before the damage. None: zlib would not begin a block that others read, since its codes
    leave combinations of bits that stand for nothing."""
    out = b""
    while data:
        member = zlib.decompressobj(31)
        end = len(data)
        try:
            for i in range(len(data)):
                out += member.decompress(data[i:i + 1])
                if member.eof:
                    end = i + 1
                    break
        except zlib.error as error:
            return None if " set" in str(error) else out
        data = data[end:].lstrip(b"\0")
    return out


def zstd(data):
    return subprocess.run(["zstd", "-qc"], input=data, stdout=subprocess.PIPE, check=True).stdout


PACK = {"gzip": lambda data: gzip.compress(data, 6, mtime=0), "zstd": zstd, "xz": lzma.compress}


def read_file(folder, data):
    path = os.path.join(folder, "log")
    with open(path, "wb") as f:
        f.write(data)
    done = subprocess.run([cases.program(), "-q", "-e", NOTHING, path], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, timeout=120, check=False)
    return done.returncode, done.stdout


def read_pipe(data, size):
    """Whoever reads may see several writes as one."""
    with subprocess.Popen([cases.program(), "-q", "-e", NOTHING], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0) as done:
        def write():
            try:
                for i in range(0, len(data), size):
                    done.stdin.write(data[i:i + size])
            except BrokenPipeError:
                pass
            done.stdin.close()
        writer = threading.Thread(target=write)
        writer.start()
        out = done.stdout.read()
        writer.join()
    return done.returncode, out


def check(checks, folder, name, data, reference):
    """`reference`: a function of what came out, that says what is wrong."""
    status, out = read_file(folder, data)
    checks.check(status in (0, 3), name, "exit", status)
    for size in (1, 7, 4096):
        if len(data) // size < 3000:
            checks.check(read_pipe(data, size) == (status, out), "%s, by %d" % (name, size))
    wrong = reference(status, out)
    checks.check(wrong is None, name, "wrong", wrong)


def against_zlib(data):
    def compare(status, out):
        right = gzip_reference(data)
        if right is not None and out != right:
            return "%d bytes, not %d" % (len(out), len(right))
        return None
    return compare


def against_log(log, is_cut):
    def compare(status, out):
        if is_cut and not log.startswith(out):
            return "other bytes"
        return "exit 0, but not the log" if status == 0 and out != log else None
    return compare


def damage(rng, data):
    is_cut = rng.random() < 0.3
    if is_cut:
        return data[:rng.randrange(8, len(data))], True
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2))):
        data[rng.randrange(10, len(data))] ^= 1 << rng.randrange(8)
    return bytes(data), False


def main():
    checks = cases.Checks()
    rng = random.Random(99)
    with tempfile.TemporaryDirectory() as folder:
        for name in sorted(os.listdir(DATA)):
            with open(os.path.join(DATA, name), "rb") as f:
                data = f.read()
            check(checks, folder, name, data, against_zlib(data))
            checks.check(read_file(folder, data)[0] == 3, name, "wrong", "exit status")
        for number in range(ROUNDS):
            log = b"".join(b"2026-03-05T%02d:%02d:48 INFO code=%d id=%x\n" % (
                i % 24, i % 60, rng.choice((9000, 9011)), rng.getrandbits(rng.choice((8, 64, 300))))
                           for i in range(rng.choice((9, 60, 60, 3000))))
            for name, packed in PACK.items():
                data, is_cut = damage(rng, packed(log))
                check(checks, folder, "%s %d" % (name, number), data,
                      against_zlib(data) if name == "gzip" else against_log(log, is_cut))
    checks.end()


if __name__ == "__main__":
    sys.exit(main())
