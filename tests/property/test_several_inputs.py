#!/usr/bin/env python3
"""Several inputs at once: whatever they are, any number of threads gives the same report,
the same messages in the same order, and the same exit status as one.

JGANNOTATE_SEED=random looks for what the tests do not know; a failure names its seed.
"""

import gzip
import lzma
import os
import random
import subprocess
import tempfile
import threading

import cases

SEED = os.environ.get("JGANNOTATE_SEED", "2026")
SEED = random.SystemRandom().randrange(1 << 32) if SEED == "random" else int(SEED)
ROUNDS = 6
JOBS = ("-j2", "-j3", "-j8")
TEXTS = [line.line for line in cases.shapes() + cases.hazards()] + [
    b'{"id":1,"code":9023,"content":"sim card changed"}', b'{"id":2,"code":9023,"content":"other"}',
    b"no code here", b"", b"code=9011 path=/v1/login", b'{"code":9000,"app":"web"}']
ASKED = [
    ["-s", "--tz", "UTC"],
    ["-r", "json", "--tz", "UTC"],
    ["-r", "json", "--tz", "Asia/Shanghai", "--bucket", "1h", "--by", "file"],
    ["-r", "csv", "--tz", "UTC", "--bucket", "1d", "--by", "user"],
    ["-r", "json", "--tz", "UTC", "--since", "2026-03-05 11:00:00", "--by", "file"],
    ["-r", "json", "--tz", "UTC", "--since", "2026-01-01", "--until", "2026-03-05 12:00",
     "--bucket", "15m"],
    ["-r", "text", "--tz", "UTC", "-e", r"(?<code>\d+) of"],
    ["-r", "json", "--critical", "5%"],
    ["-s", "-q", "--trust", "all"],
]

# --- logs ---------------------------------------------------------------------------


def stamp(rng, style, second):
    hour, minute = second // 3600 % 24, second // 60 % 60
    if style == "iso":
        return b"2026-03-05 %02d:%02d:%02d " % (hour, minute, second % 60)
    if style == "syslog":  # without a year
        return b"%s  5 %02d:%02d:%02d host app: " % (
            rng.choice([b"Mar", b"Dec"]), hour, minute, second % 60)
    return b""


def log(rng, size):
    style = rng.choice(["iso", "iso", "syslog", "none"])
    numbers = rng.random() < 0.4  # more than the tally keeps
    users = rng.random() < 0.4
    second = rng.randrange(86400)
    out = []
    length = 0
    while length < size:
        line = rng.choice(TEXTS)
        if rng.random() < 0.7:
            line = stamp(rng, style, second) + line
        if numbers:
            line += b" code=%d" % rng.randrange(100000, 200000)
        if users:
            line += b" user=u%d" % rng.randrange(30000)
        second += rng.randrange(3)
        out.append(line)
        length += len(line) + 1
    if rng.random() < 0.2:
        out.insert(rng.randrange(len(out) + 1), b"x" * rng.choice([1 << 20, 3 << 20]))
    return b"\n".join(out) + (b"\n" if rng.random() < 0.7 else b"")


def zstd(data):
    return subprocess.run(["zstd", "-qc", "-1"], input=data, stdout=subprocess.PIPE,
                          check=True).stdout


def packed(rng, kind, data):
    if kind == "gz":
        return gzip.compress(data, 1)
    if kind == "zst":
        return zstd(data)
    if kind == "xz":
        return lzma.compress(data, preset=0)
    data = gzip.compress(data, 1)
    if kind == "truncated":
        return data[:rng.randrange(20, len(data))]
    at = rng.randrange(len(data) // 2, len(data))  # damaged
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1:]


KINDS = ("plain", "plain", "gz", "gz", "zst", "xz", "truncated", "damaged", "empty", "missing",
         "number", "directory", "again", "large")


class World:
    """Inputs of all kinds in a folder, and what standard input holds."""

    def __init__(self, rng, folder):
        self.rng = rng
        self.folder = folder
        self.names = []
        self.stdin = log(rng, 30000)
        self.has_fifo = False
        kinds = [rng.choice(KINDS) for _ in range(rng.randrange(3, 14))]
        kinds += ["plain", "plain"] + rng.sample(["gz", "xz", "zst", "large"], 2)
        rng.shuffle(kinds)
        for kind in kinds:
            self.names.append(self.add(kind))
        if rng.random() < 0.6:
            self.names.insert(rng.randrange(len(self.names) + 1), "-")
        if rng.random() < 0.4:
            self.has_fifo = True
            os.mkfifo(self.path("fifo"))
            self.names.insert(rng.randrange(len(self.names) + 1), "fifo")

    def path(self, name):
        return os.path.join(self.folder, name)

    def add(self, kind):
        name = "%d.%s" % (len(self.names), kind)
        if kind == "number":
            return "9011"
        if kind == "again" and self.names:
            return self.rng.choice(self.names)
        if kind == "directory":
            os.mkdir(self.path(name))
        elif kind not in ("missing", "again"):
            self.write(name, kind)
        return name

    def write(self, name, kind):
        size = 5 << 20 if kind == "large" else self.rng.choice([200, 40000, 700000])
        data = b"" if kind == "empty" else log(self.rng, size)
        if kind not in ("plain", "large", "empty"):
            data = packed(self.rng, kind, data)
        with open(self.path(name), "wb") as file:
            file.write(data)
        changed = 1772668800 + self.rng.randrange(-3, 3) * 180 * 86400
        os.utime(self.path(name), (changed, changed))

    def feed_fifo(self):
        try:
            with open(self.path("fifo"), "wb") as fifo:
                fifo.write(self.stdin)
        except BrokenPipeError:
            pass

    def run(self, arguments):
        """Exit status, standard output and error."""
        writer = threading.Thread(target=self.feed_fifo)
        if self.has_fifo:
            writer.start()
        done = subprocess.run([cases.program(), *arguments, *self.names], input=self.stdin,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              timeout=120, cwd=self.folder)
        if self.has_fifo:  # nobody may have opened it
            os.close(os.open(self.path("fifo"), os.O_RDONLY | os.O_NONBLOCK))
            writer.join()
        return done.returncode, done.stdout, done.stderr


def main():
    checks = cases.Checks()
    rng = random.Random(SEED)
    for number in range(ROUNDS if not cases.is_sanitized() else ROUNDS // 2):
        with tempfile.TemporaryDirectory() as folder:
            world = World(rng, folder)
            for asked in rng.sample(ASKED, 4):
                expected = world.run(["-j1", *asked])
                checks.check(expected[1] != b"", "something is reported", "asked", asked)
                for jobs in JOBS:
                    found = world.run([jobs, *asked])
                    for what, one, other in zip(("status", "stdout", "stderr"), expected, found):
                        checks.check(one == other, "round %d: %s of %s" % (number, what, jobs),
                                     "seed", SEED, "asked", asked, "inputs", world.names,
                                     "-j1", one, jobs, other)
    checks.end()


if __name__ == "__main__":
    main()
