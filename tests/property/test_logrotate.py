#!/usr/bin/env python3
"""--db beside the real logrotate in its modes, while a writer appends: every line once.

What copytruncate loses between its copy and its truncation is in no file: it is known from the
files that are there at the end.
"""

import glob
import json
import lzma
import gzip
import multiprocessing
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time

import cases

LOGROTATE = shutil.which("logrotate")
ROTATIONS = 4
BURST = 40  # lines between two looks at the clock
HUP = """
    postrotate
        touch %(folder)s/hup; while [ -e %(folder)s/hup ]; do sleep 0.01; done
    endscript"""
ZSTD = "compress\ncompresscmd %s\ncompressext .zst\ncompressoptions -q\n" % shutil.which("zstd")
XZ = "compress\ncompresscmd %s\ncompressext .xz\ncompressoptions -0\n" % shutil.which("xz")

# name, directives, how the writer notices: told (as by SIGHUP), late (keeps the old file open
# for a while), never (it need not)
MODES = (
    ("create", "create", "told"),
    ("create, late writes", "create", "late"),
    ("nocreate", "nocreate", "told"),
    ("compress, gzip", "create\ncompress", "told"),
    ("compress, zstd", "create\n" + ZSTD, "told"),
    ("compress, xz", "create\n" + XZ, "told"),
    ("delaycompress, gzip", "create\ncompress\ndelaycompress", "late"),
    ("delaycompress, zstd", "create\n" + ZSTD + "delaycompress", "late"),
    ("delaycompress, xz", "create\n" + XZ + "delaycompress", "late"),
    ("dateext", "create\ndateext", "told"),
    ("dateext, compress", "create\ndateext\ncompress", "told"),
    ("dateext, delaycompress", "create\ndateext\ndateformat .%Y-%m-%d\ncompress\ndelaycompress",
     "late"),
    ("copytruncate", "copytruncate", "never"),
    ("copytruncate, compress", "copytruncate\ncompress", "never"),
    ("copytruncate, zstd, delaycompress", "copytruncate\n" + ZSTD + "delaycompress", "never"),
    ("copytruncate, dateext, xz", "copytruncate\ndateext\n" + XZ, "never"),
)


class Writer(threading.Thread):
    """A daemon that logs."""

    def __init__(self, folder, notices):
        super().__init__()
        self.folder = folder
        self.path = os.path.join(folder, "api.log")
        self.notices = notices
        self.count = 0
        self.ends = False
        self.fd = self.open()

    def open(self):
        return os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def reopen(self):
        os.close(self.fd)
        self.fd = self.open()

    def is_renamed(self):
        try:
            return os.stat(self.path).st_ino != os.fstat(self.fd).st_ino
        except FileNotFoundError:
            return True

    def look(self):
        hup = os.path.join(self.folder, "hup")
        if self.notices == "told" and os.path.exists(hup):
            self.reopen()
            os.unlink(hup)
        if self.notices == "late" and self.is_renamed():
            self.burst()
            time.sleep(0.03)
            self.burst()
            self.reopen()

    def burst(self):
        for _ in range(BURST):
            # now and then a line is written in two halves
            line = b'2026-11-22 03:%02d:%02d api {"code":9018,"req":%d,"x":"%s"}\n' % (
                self.count // 60 % 60, self.count % 60, self.count, b"x" * (self.count % 97))
            cut = 20 if self.count % 50 == 0 and self.notices != "never" else len(line)
            os.write(self.fd, line[:cut])
            if cut < len(line):
                time.sleep(0.001)
                os.write(self.fd, line[cut:])
            self.count += 1

    def run(self):
        while not self.ends:
            self.look()
            self.burst()
            time.sleep(0.005)
        self.look()
        os.close(self.fd)


class Reader(threading.Thread):
    """The runs, one after another."""

    def __init__(self, folder, may_lose):
        super().__init__()
        self.folder = folder
        self.may_lose = may_lose
        self.told = 0
        self.runs = 0
        self.wrong = []
        self.ends = False
        self.lock = threading.Lock()

    def go(self, *arguments):
        return subprocess.run([cases.program(), "-d", "a.db", "-r", "json", *arguments],
                              cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              timeout=120, check=False)

    def once(self):
        with self.lock:
            done = self.go("api.log")
            self.runs += 1
            # what copytruncate loses may have been read: then its end is missing
            if done.returncode not in ((0, 3, 4) if self.may_lose else (0,)):
                self.wrong.append("exit %d: %r" % (done.returncode, done.stderr))
            if done.returncode != 4:
                self.told += json.loads(done.stdout)["hits"]["responses"]

    def run(self):
        while not self.ends:
            self.once()
            time.sleep(0.01)

    def total(self):
        return json.loads(self.go().stdout)["hits"]["responses"]


def unpack(path):
    with open(path, "rb") as f:
        data = f.read()
    if path.endswith(".gz"):
        return gzip.decompress(data)
    if path.endswith(".xz"):
        return lzma.decompress(data)
    if path.endswith(".zst"):
        return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE,
                              check=True).stdout
    return data


def requests(folder):
    """The lines that are in a file; a list, so that one that is there twice is seen."""
    return [int(number) for path in glob.glob(os.path.join(folder, "api*log*"))
            for number in re.findall(rb'code":9018,"req":(\d+),"x":"x*"}\n', unpack(path))]


def shift_days(folder):
    """A day has gone by, for names with a date."""
    dated = sorted(glob.glob(os.path.join(folder, "api.log[-.]20*")))
    for path in dated:
        day = re.search(r"20\d\d-?\d\d-?\d\d", path)[0]
        plain = day.replace("-", "")
        before = time.strftime("%Y%m%d", time.gmtime(
            time.mktime(time.strptime(plain + "12", "%Y%m%d%H")) - 86400))
        if "-" in day:
            before = "%s-%s-%s" % (before[:4], before[4:6], before[6:])
        os.rename(path, path.replace(day, before))


def rotate(folder, directives, notices):
    config = os.path.join(folder, "logrotate.conf")
    with open(config, "w", encoding="utf-8") as f:
        f.write("%s/api.log {\nrotate 99\nmissingok\n%s\n%s\n}\n" % (
            folder, directives, HUP % {"folder": folder} if notices == "told" else ""))
    os.chmod(config, 0o644)
    subprocess.run([LOGROTATE, "-f", "-s", os.path.join(folder, "state"), config], check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)


def watch(mode, is_beside):
    """`is_beside`: runs go on while logrotate works; else they are between."""
    _, directives, notices = mode
    folder = tempfile.mkdtemp(prefix="logrotate.")
    wrong = []
    try:
        writer = Writer(folder, notices)
        reader = Reader(folder, notices == "never" and is_beside)
        writer.start()
        if is_beside:
            reader.start()
        for _ in range(ROTATIONS):
            time.sleep(0.15)
            if not is_beside:
                reader.once()
            rotate(folder, directives, notices)
            if not is_beside:
                reader.once()
            with reader.lock:
                shift_days(folder)
        time.sleep(0.1)
        writer.ends = True
        writer.join()
        reader.ends = True
        if is_beside:
            reader.join()
        reader.once()
        reader.once()
        there = requests(folder)
        found = (len(set(there)), reader.total(), reader.told, writer.count)
        wrong += reader.wrong
        if len(set(there)) != len(there):
            wrong.append("the test is wrong: a line is in two files")
        if notices != "never" and not found[0] == found[1] == found[2] == found[3]:
            wrong.append("in files, total, told, written: %r" % (found,))
        if notices == "never" and not (found[1] == found[2] and found[0] <= found[1] <= found[3]
                                       and (is_beside or found[0] == found[1])):
            wrong.append("in files, total, told, written: %r" % (found,))
        return "%d lines, %d runs" % (writer.count, reader.runs), wrong
    finally:
        shutil.rmtree(folder)


def work(task):
    try:
        return task, *watch(*task)
    except (OSError, ValueError, subprocess.SubprocessError) as fault:
        return task, "", [repr(fault) + repr(getattr(fault, "stderr", ""))]


def main():
    checks = cases.Checks()
    tasks = [(mode, is_beside) for mode in MODES for is_beside in (False, True)]
    with multiprocessing.Pool(4) as pool:  # they wait more than they work
        for (mode, is_beside), size, wrong in pool.imap(work, tasks):
            name = "%s, runs %s" % (mode[0], "beside it" if is_beside else "between")
            print("%-50s %s" % (name, size))
            checks.check(not wrong, name, "wrong", "\n".join(wrong))
    checks.end()


if __name__ == "__main__":
    main()
