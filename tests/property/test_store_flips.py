#!/usr/bin/env python3
"""--db and a damaged database: each byte changed, each length, and more behind it (29, 30).

Either the damage is told (exit 4, the file named, and what to do), or it does not matter: then the
report is right to the last number. JGANNOTATE_FLIPS=all changes every bit of every byte and cuts
at each, as the long run does; by default it is a sample of those that are in use, or as many as
JGANNOTATE_FLIPS says.
"""

import json
import multiprocessing
import multiprocessing.util
import os
import random
import shutil
import subprocess
import sys
import tempfile

import cases

PAGE = 4096


def log(first, count, code):
    return b"".join(b'2026-11-22 %02d:%02d:%02d api path=/v%d {"code":%d,"req":%d}\n' % (
        i // 3600 % 24, i // 60 % 60, i % 60, i % 3, code, i) for i in range(first, first + count))


def go(folder, *arguments):
    return subprocess.run([cases.program(), "-d", "a.db", "--by", "path", *arguments], cwd=folder,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=False)


def make(folder):
    """A database with several runs, one of them not delivered, a gap and groups."""
    path = os.path.join(folder, "api.log")
    for number in range(4):
        with open(path, "wb") as f:
            f.write(log(number * 4000, 300, (9018, 9001, 9003, 9011)[number]))
        if number != 2:
            os.rename(path, path + ".%d" % (4 - number))
        with open("/dev/full" if number == 3 else os.devnull, "wb") as out:
            subprocess.run([cases.program(), "-d", "a.db", "-r", "json", "--by", "path",
                            "api.log"], cwd=folder, stdout=out, stderr=subprocess.DEVNULL,
                           timeout=60, check=False)
    with open(path, "wb") as f:
        f.write(log(90000, 50, 9018))


class Worker:
    """A folder in which the database is put again and again; a log with news is beside it."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="flips.")
        make(self.folder)
        self.path = os.path.join(self.folder, "a.db")
        with open(self.path, "rb") as f:
            self.whole = f.read()
        self.right = self.report()
        self.news = self.report("api.log")
        self.put(self.whole)

    @staticmethod
    def plain(report):
        """Without what changes from run to run."""
        report = json.loads(report)
        for run in report.get("runs") or []:
            run.pop("started", None)
        report.pop("new_since", None)
        report.pop("seal")  # it is of them, too
        return report

    def report(self, *logs):
        done = go(self.folder, "-r", "json", *logs)
        assert done.returncode in (0, 3), done
        return self.plain(done.stdout)

    def put(self, data):
        for name in os.listdir(self.folder):
            if name.startswith("a.db"):
                os.unlink(os.path.join(self.folder, name))
        with open(self.path, "wb") as f:
            f.write(data)

    def check(self, data, logs):
        """What is wrong; and whether the damage was told."""
        self.put(data)
        done = go(self.folder, "-r", "json", *logs)
        if done.returncode == 4:
            if b"a.db'" not in done.stderr or b":" not in done.stderr.split(b"a.db'", 1)[1]:
                return "names no file, or not what to do: %r" % done.stderr, True
            return None, True
        if done.returncode not in (0, 3):
            return "exit %d: %r" % (done.returncode, done.stderr), True
        if self.plain(done.stdout) != (self.news if logs else self.right):
            return "a wrong report, and nothing told: %r" % done.stderr, False
        return None, False


WORKER = None


def begin():
    global WORKER
    WORKER = Worker()
    multiprocessing.util.Finalize(None, shutil.rmtree, (WORKER.folder, True), exitpriority=1)


def changed(data, damage):
    kind, at, how = damage
    if kind == "flip":
        return data[:at] + bytes([data[at] ^ how]) + data[at + 1:]
    if kind == "cut":
        return data[:at]
    return data + bytes(random.Random(at).randrange(256) for _ in range(at))


def damage(task):
    logs = ("api.log",) if task[3] else ()
    wrong, is_told = WORKER.check(changed(WORKER.whole, task[:3]), logs)
    return task, wrong, is_told


def tasks(data, is_long):
    chance = random.Random(1)
    if is_long:
        for at in range(len(data)):
            for bit in range(8):
                yield "flip", at, 1 << bit, chance.random() < 0.3
    else:
        sample = int(os.environ.get("JGANNOTATE_FLIPS", 300 if cases.is_sanitized() else 1500))
        used = [at for at in range(len(data)) if any(data[max(at - 2, 0):at + 3])]
        for at in [*range(100), *chance.choices(used, k=sample), *range(0, len(data), 4 * sample)]:
            yield "flip", at, 1 << chance.randrange(8), chance.random() < 0.3
    # an empty file is a database that is not begun yet
    for length in range(1, len(data), 1 if is_long else 4 * PAGE // 5 - 1):
        yield "cut", length, 0, length % 3 == 0
    for length in (1, 100, PAGE, 5 * PAGE):
        yield "junk", length, 0, False
        yield "junk", length, 0, True


def main():
    checks = cases.Checks()
    begin()
    told = count = 0
    with multiprocessing.Pool(min(os.cpu_count() or 1, 4), begin) as pool:
        is_long = os.environ.get("JGANNOTATE_FLIPS") == "all"
        for task, wrong, is_told in pool.imap_unordered(damage, tasks(WORKER.whole, is_long), 8):
            checks.check(wrong is None, "%s at %d, %d, with logs: %s" % task, "wrong", wrong)
            told += is_told
            count += 1
        pool.close()
        pool.join()
    print("%d kinds of damage to %d bytes: %d told, %d without effect" % (
        count, len(WORKER.whole), told, count - told))
    checks.check(told > count // 5, "damage", "told only", told)
    shutil.rmtree(WORKER.folder)
    checks.end()


if __name__ == "__main__":
    sys.exit(main())
