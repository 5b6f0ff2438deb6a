#!/usr/bin/env python3
"""--db and a power cut at any write of a run (28).

The writes of a run are recorded. Then for each moment the disk is made as it may be found after
a power cut: what was synced is there, of the rest nothing, all, or any part; a name made or
removed lasts once its folder is synced. The run after must find the state of before or of after,
and the latter once a report was written.
"""

import os
import random
import re
import subprocess
import sys

import broken_run as broken
import cases

DATABASE = ("a.db", "a.db-journal")
PARTS = 4  # ways in which a part of the unsynced writes got through
CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)")


def record(folder):
    """What a run does to the database and its journal, and when the report is in its place."""
    trace = os.path.join(folder, "trace")
    done = subprocess.run(
        ["strace", "-f", "-y", "-xx", "-s", "1000000", "-o", trace, "-e",
         "trace=openat,pwrite64,ftruncate,unlink,fsync,fdatasync,rename,renameat,renameat2",
         cases.program(), "-j1", "-d", "a.db", "-r", "json:" + broken.REPORT, "api.log"],
        cwd=folder, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    assert done.returncode == 0, done
    with open(trace, encoding="ascii") as f:
        return [event for event in map(parse, f) if event]


def unescape(text):
    return bytes.fromhex(text.replace("\\x", ""))


def parse(line):
    """(call, file, data, place); None: nothing that matters."""
    match = CALL.match(line)
    if not match or int(match[3]) < 0:
        return None
    call, arguments = match[1], match[2]
    paths = [unescape(path).decode(errors="replace") for path in re.findall(r'[<"]((?:\\x[0-9a-f]{2})+)[>"]',
                                                            arguments)]
    if call.startswith("rename"):
        return ("report", "", b"", 0)
    name = next((os.path.basename(path) for path in paths
                 if os.path.basename(path) in DATABASE), None)
    if call in ("fsync", "fdatasync"):
        return ("sync", name or "", b"", 0) if name or "broken." in paths[0] else None
    if name is None:
        return None
    if call == "pwrite64":
        data = re.search(r'"((?:\\x[0-9a-f]{2})*)"', arguments)
        return ("write", name, unescape(data[1]), int(arguments.rsplit(", ", 1)[1]))
    if call == "ftruncate":
        return ("truncate", name, b"", int(arguments.rsplit(", ", 1)[1]))
    if call == "unlink":
        return ("unlink", name, b"", 0)
    if "O_CREAT" in arguments:
        return ("create", name, b"", 0)
    return None


class Disk:
    """The files as they last, and what is under way: all but syncs, in their order."""

    def __init__(self, files):
        self.files = {name: bytearray(data) for name, data in files.items()}
        self.pending = []

    def do(self, event):
        call, name, _, _ = event
        if call != "sync":
            self.pending.append(event)
            return
        # a folder's sync makes names last, a file's what is in it
        mine = [e for e in self.pending
                if (e[1] == name if name else True) and
                (e[0] in ("write", "truncate")) == bool(name)]
        apply(self.files, mine)
        self.pending = [e for e in self.pending if e not in mine]

    def after_cut(self, chosen):
        files = {name: bytearray(data) for name, data in self.files.items()}
        apply(files, [event for event in self.pending if chosen(event)])
        # what was written to a file whose name is not there is nowhere
        return {name: data for name, data in files.items() if data is not None}


def apply(files, events):
    hidden = {}
    for call, name, data, place in events:
        if call == "create":
            files.setdefault(name, hidden.pop(name, bytearray()))
        elif call == "unlink":
            files.pop(name, None)
        else:
            file = files[name] if name in files else hidden.setdefault(name, bytearray())
            if call == "truncate":
                del file[place:]
            else:
                file.extend(bytes(max(0, place + len(data) - len(file))))
                file[place:place + len(data)] = data
    for name, data in hidden.items():
        files[name] = data  # a sync of the file makes its name last, too


def check(files, is_told):
    folder = broken.SCENARIO.reset()
    for name in DATABASE:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            os.unlink(path)
        if name in files:
            with open(path, "wb") as f:
                f.write(files[name])
    found = broken.total(folder)
    after = broken.BEFORE + broken.NEWS
    assert found in ((None, after) if is_told else (None, broken.BEFORE, after)), ("total", found)
    broken.check_mended(folder, None)
    # what a report has told is not told again as something else
    assert broken.total(folder) == after


def main():
    checks = cases.Checks()
    chance = random.Random(1)
    parts = 1 if cases.is_sanitized() else PARTS
    broken.SCENARIO = broken.Scenario()
    events = record(broken.SCENARIO.reset())
    disk = Disk({"a.db": broken.SCENARIO.files["a.db"]})
    cuts = 0
    is_told = False
    for number, event in enumerate(events):
        if event[0] == "report":
            is_told = True
        else:
            disk.do(event)
        variants = [("nothing", lambda e: False), ("all", lambda e: True)]
        variants += [("a part", lambda e: chance.random() < 0.5)] * parts
        for variant, chosen in variants if disk.pending else variants[:1]:
            cuts += 1
            name = "after event %d of %d, %s: %s of what was not synced" % (
                number, len(events), event[:2], variant)
            try:
                check(disk.after_cut(chosen), is_told)
                checks.check(True, name)
            except (AssertionError, OSError, ValueError) as wrong:
                checks.check(False, name, "wrong", repr(wrong))
    print("%d writes and syncs, %d power cuts" % (len(events), cuts))
    checks.check(is_told and cuts > 60, "power cuts", "only", cuts)
    broken.SCENARIO.remove()
    checks.end()


if __name__ == "__main__":
    sys.exit(main())
