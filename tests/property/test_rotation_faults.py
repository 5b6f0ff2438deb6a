#!/usr/bin/env python3
"""-F and -F --db over a log that is rotated twice between two looks, once compressed, or copied,
compressed and cut, while one call fails, the first, the second, and so on.

Each line comes once and in order; where one does not come it was said that lines between may be
missing, or which file cannot be read. In the database each line counts once after a run without
faults.

JGANNOTATE_EVERY=1: each number, not one in five.
"""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import cases
import faulty

HOWS = (("EIO", False), ("ESTALE", False), ("EINTR", False), ("short", False))
if cases.is_sanitized():  # that takes its time
    HOWS = (("EIO", False),)
STEP = int(os.environ.get("JGANNOTATE_EVERY", "5"))
PATIENCE = 60
MOST = 2000  # calls of a run: more is a fault of the test
SAID = re.compile(rb"lines between may be missing|cannot (read|open) '[^']*api\.log")
LINES, DATABASE = ("-n", "5"), ("-d", "x.db")
PARTS = {"lines": (LINES, "renamed"), "lines, cut": (LINES, "cut"),
         "database": (DATABASE, "renamed"), "database, cut": (DATABASE, "cut")}


def lines(first, end):
    return [b'2026-11-22T03:00:%02dZ {"code":9018,"line":%d}\n' % (i, i) for i in range(first, end)]


def put(path, data, mode="wb"):
    with open(path, mode) as f:
        f.write(b"".join(data))


def read(path):
    with open(path, "rb") as f:
        return f.read()


class Room:
    """A folder, and a program that follows the log in it."""

    def __init__(self, folder, part, environment):
        self.folder = folder
        options, self.rotation = PARTS[part]
        self.arguments = ["-F", *options, "-q", "api.log"]
        self.environment = environment
        self.log, self.out, self.err = (self.path(name) for name in ("api.log", "out", "err"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def count(self):
        """What a run without faults takes in, and then the whole."""
        for arguments in (["-q", "api.log"], ["-r", "json", "--since", "2020-01-01"]):
            done = subprocess.run([cases.program(), "-d", "x.db", *arguments], cwd=self.folder,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE,
                                  check=False)
            assert done.returncode == 0, done
        return json.loads(done.stdout)["hits"]["responses"]

    def wait_for(self, line, process):
        end = time.monotonic() + PATIENCE
        while b'"line":%d}' % line not in read(self.out):
            assert time.monotonic() < end, "waited for too long"
            if process.poll() is not None:
                return False
            time.sleep(0.003)
        return True

    def rotate(self):
        if self.rotation == "cut":
            put(self.log, lines(25, 35), "ab")
            put(self.path("api.log.1.gz"), [gzip.compress(read(self.log))])
            os.truncate(self.log, 0)
            put(self.log, lines(35, 40), "ab")
            return
        put(self.log, lines(25, 30), "ab")
        put(self.path("api.log.2.gz"), [gzip.compress(read(self.log))])
        os.unlink(self.log)
        put(self.log, lines(30, 35))
        os.rename(self.log, self.path("api.log.1"))
        put(self.log, lines(35, 40))

    def follow(self):
        """The exit status."""
        with open(self.out, "wb") as out, open(self.err, "wb") as err, subprocess.Popen(
                [cases.program(), *self.arguments], cwd=self.folder, env=self.environment,
                stdout=out, stderr=err) as process:
            try:
                if self.wait_for(24, process):
                    process.send_signal(signal.SIGSTOP)
                    os.waitpid(process.pid, os.WUNTRACED)
                    self.rotate()
                    process.send_signal(signal.SIGCONT)
                    self.wait_for(39, process)
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE)
            return process.returncode


def numbers(out):
    return [int(number) for number in re.findall(rb'"line":(\d+)', out)]


def run(folder, part, environment):
    """What is wrong; None: nothing."""
    room = Room(folder, part, environment)
    put(room.log, lines(0, 20))
    if PARTS[part][0] == DATABASE:
        assert room.count() == 20
    put(room.log, lines(20, 25), "ab")
    status = room.follow()
    got, err = numbers(read(room.out)), read(room.err)
    fault = None
    is_begun = 24 in got
    if b"\0" in read(room.out) or re.search(rb"^(?!2026)", read(room.out)[:-1], re.M):
        fault = "what is no line"
    elif status != -signal.SIGTERM and is_begun:
        fault = "it has ended: %d" % status
    elif status != -signal.SIGTERM and (status not in (1, 4) or not err):
        fault = "exit status %d" % status
    elif got != sorted(set(got)) and b"has appeared" not in err:
        fault = "doubled, or out of order"
    elif not set(range(20, 40)) <= set(got) and not SAID.search(err):
        fault = "lost without a word"
    elif PARTS[part][0] == DATABASE:
        if not is_begun:
            room.rotate()
        if room.count() != 40:
            fault = "counted %d" % room.count()
    return None if fault is None else "%s: %r, %r" % (fault, got, err)


def break_task(task):
    part, call, how, for_good = task

    def run_broken(number):
        with tempfile.TemporaryDirectory() as folder:
            log = folder + ".faults"
            try:
                fault = run(folder, part, faulty.environment(
                    call, how, number, for_good, "*api.log*", log))
            except AssertionError as error:
                fault = str(error)
            return faulty.injected(log), fault

    return faulty.break_each(run_broken, MOST, step=STEP)


if __name__ == "__main__":
    sys.exit(faulty.main(break_task, PARTS, faulty.CALLS, HOWS, more_than=20))
