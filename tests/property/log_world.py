"""A log and what befalls it: files on a disk, and an oracle that knows every line of them.

A step is a list: its name and numbers that say on what it acts, so that any step may be left
out of a history and the rest still means something.
"""

import gzip
import lzma
import os
import re
import subprocess
import time

LOG = "api.log"
CODES = (9018, 9001, 9003, 9011)
LINE = re.compile(rb'(?<![a-z])code":(\d+),"req":(\d+)[^\n]*\n')
PACKERS = {
    ".gz": gzip.compress,
    ".xz": lambda data: lzma.compress(data, preset=0),
    ".zst": lambda data: subprocess.run(["zstd", "-q", "-1", "-c"], input=data, check=True,
                                        stdout=subprocess.PIPE).stdout,
}
SUFFIXES = tuple(PACKERS)
# How a rotation names files: all anew each time, or each once.
SHIFTING = {"number": "api.log.1", "inside": "api.1.log"}
COUNTING = {"dateext": "api.log-202611%02d", "logback": "api-2026-11-%02d.log",
            "log4j": "api.log.2026-11-22.%d", "kubelet": "api.log.20261122-1200%02d",
            "lumberjack": "api-2026-11-22T12-05-%02d.000.log", "seconds": "api.log-17790768%02d",
            "glued": "api202611%02d.log", "log4j2": "api-11-%02d-2026-1.log",
            "pm2": "api__2026-11-22_00-00-%02d.log"}
STYLES = (*SHIFTING, *COUNTING)
TICK = 0.011  # of the clock that files' times are taken from


def whole_lines(data):
    return data[:data.rfind(b"\n") + 1]


def requests(data):
    """The numbered lines among the whole lines of `data`: number -> code."""
    return {int(match[2]): int(match[1]) for match in LINE.finditer(data)}


class File:
    """What stands under a name. `data` is what it holds when it is unpacked."""

    def __init__(self, data=b"", suffix=""):
        self.data = bytearray(data)
        self.suffix = suffix
        self.rest = b""     # what ends its half line
        self.packed = b""   # whole, where it is or will be compressed
        self.twin = ""      # suffix of a compressed twin that is being written
        self.is_cut = False  # it is compressed, and not whole yet
        self.is_copying = False  # it is a copy of the log, which is not truncated yet
        self.is_copied = False   # ... and it is whole
        self.is_late = False  # its writer still has it open


class World:
    """`setup`: style, banner (bytes), stamped, hole."""

    def __init__(self, folder, setup):
        self.folder = folder
        self.style = setup["style"]
        self.stamped = setup["stamped"]
        self.hole = setup["hole"]
        self.banner = b"".join(b"# %04d %s\n" % (i, b"-" * 80) for i in range(
            setup["banner"] // 87 + 1)) if setup["banner"] else b""
        self.files = {}  # path below the folder -> File
        self.serial = 0
        self.day = 0
        self.position = 0  # of a writer that does not append

    # ---- the disk ----

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data, mode="wb"):
        with open(self.path(name), mode) as f:
            f.write(data)

    def move(self, name, to):
        os.makedirs(os.path.dirname(self.path(to)), exist_ok=True)
        os.rename(self.path(name), self.path(to))
        self.files[to] = self.files.pop(name)

    def remove(self, name):
        file = self.files.pop(name)
        if file.twin:
            os.unlink(self.path(name + file.twin))
        os.unlink(self.path(name))

    # ---- lines ----

    def line(self, length):
        self.serial += 1
        stamp = b"2026-11-22 03:%02d:%02d " % (self.serial // 60 % 60, self.serial % 60) \
            if self.stamped else b""
        return b'%sapi {"code":%d,"req":%d,"x":"%s"}\n' % (
            stamp, CODES[self.serial * 7 % 11 % len(CODES)], self.serial, b"x" * length)

    def append(self, name, data):
        """To the end of a file, as its writer does."""
        file = self.files[name]
        if name == LOG and self.hole and self.position > len(file.data):
            file.data.extend(bytes(self.position - len(file.data)))
            os.truncate(self.path(name), len(file.data))
        file.data.extend(data)
        self.write(name, data, "ab")
        if name == LOG:
            self.position = len(file.data)

    def open_log(self):
        if LOG not in self.files:
            self.files[LOG] = File(self.banner)
            self.write(LOG, self.banner, "xb")
            self.position = len(self.banner)

    def rotated(self, wanted=lambda file: True):
        return sorted(name for name, file in self.files.items() if name != LOG and wanted(file))

    @staticmethod
    def pick(names, which):
        return names[which % len(names)] if names else None

    # ---- what befalls it ----

    def do(self, step):
        getattr(self, step[0])(*step[1:])

    def lines(self, count, length):
        self.open_log()
        file = self.files[LOG]
        data = b"".join(self.line(length) for _ in range(count))
        self.append(LOG, file.rest + data)
        file.rest = b""

    def half(self, part):
        self.lines(0, 0)
        line = self.line(20)
        cut = 1 + part % (len(line) - 1)
        self.append(LOG, line[:cut])
        self.files[LOG].rest = line[cut:]

    def late(self, which, count):
        """The writer has not noticed the rotation."""
        name = self.pick(self.rotated(lambda file: file.is_late and not file.twin), which)
        if name is None:
            return
        file = self.files[name]
        self.append(name, file.rest + b"".join(self.line(9) for _ in range(count)))
        file.rest = b""

    def free_name(self):
        """Makes room for what is rotated next, and names it."""
        self.settle()
        if self.style in SHIFTING:
            first = SHIFTING[self.style]
            place = first.split(".").index("1")
            numbers = {int(name.split(".")[place]): name
                       for name in self.rotated() if "/" not in name}
            for number, name in sorted(numbers.items(), reverse=True):
                self.move(name, name.replace(".%d" % number, ".%d" % (number + 1), 1))
            return first
        self.day += 1
        return COUNTING[self.style] % self.day

    def settle(self):
        """Whatever is in progress comes to its end."""
        self.finish()
        self.truncate_copied()

    def rename(self, opens):
        if LOG not in self.files:
            return
        name = self.free_name()
        self.move(LOG, name)
        for file in self.files.values():
            file.is_late = False
        self.files[name].is_late = True
        if opens:
            self.open_log()

    def copy(self, part):
        """The first half of copytruncate; only a part of it, where part > 0."""
        if LOG not in self.files:
            return
        name = self.free_name()
        if not self.stamped:
            time.sleep(TICK)  # then its age tells which of both is the copy
        data = self.files[LOG].data
        part = len(data) - part % (len(data) + 1)
        self.files[name] = File(data[:part])
        self.files[name].is_copying = True
        self.write(name, data[:part], "xb")

    def copied(self):
        """The copy is at its end; what is written to the log from now on is lost."""
        for name, file in self.files.items():
            if file.is_copying and not file.is_copied:
                rest = self.files[LOG].data[len(file.data):]
                file.data.extend(rest)
                self.write(name, rest, "ab")
                file.is_copied = True

    def truncate_copied(self):
        """The second half."""
        self.copied()
        for file in self.files.values():
            if file.is_copying:
                file.is_copying = False
                self.cut_log()

    def cut_log(self):
        os.truncate(self.path(LOG), 0)
        self.files[LOG].data.clear()
        if not self.hole:
            self.position = 0
            self.files[LOG].rest = b""
            self.append(LOG, self.banner)

    def copytruncate(self):
        self.copy(0)
        self.truncate_copied()

    def truncate(self):
        if LOG in self.files and not any(f.is_copying for f in self.files.values()):
            self.cut_log()

    def packable(self, suffix):
        taken = SUFFIXES[suffix % len(SUFFIXES)]
        return [name for name in self.rotated(
            lambda file: not file.suffix and not file.twin and not file.is_copying)
                if name + taken not in self.files]

    def pack(self, which, suffix, progress):
        """Compresses a rotated file; with a progress below 100 it has not come to its end."""
        name = self.pick(self.packable(suffix), which)
        if name is None:
            return
        file = self.files[name]
        file.twin = SUFFIXES[suffix % len(SUFFIXES)]
        file.packed = PACKERS[file.twin](bytes(file.data))
        self.write(name + file.twin, file.packed[:len(file.packed) * progress // 100], "xb")
        if progress >= 100:
            self.finish_twin(name)

    def finish_twin(self, name):
        file = self.files.pop(name)
        self.write(name + file.twin, file.packed)
        os.unlink(self.path(name))
        self.files[name + file.twin] = File(file.data, file.twin)

    def finish(self):
        for name, file in list(self.files.items()):
            if file.twin:
                self.finish_twin(name)
            elif file.is_cut:
                self.write(name, file.packed)
                file.is_cut = False

    def arrive(self, which, suffix, progress):
        """A rotated file is replaced by a compressed one that is not whole yet; one at a time, so
        that it is known of which one lines were counted."""
        if any(file.is_cut for file in self.files.values()):
            self.finish()
        name = self.pick(self.packable(suffix), which)
        if name is None:
            return
        file = File(self.files[name].data, SUFFIXES[suffix % len(SUFFIXES)])
        file.packed = PACKERS[file.suffix](bytes(file.data))
        file.is_cut = True
        self.remove(name)
        self.files[name + file.suffix] = file
        self.write(name + file.suffix, file.packed[:1 + len(file.packed) * progress // 100], "xb")

    def restore(self, which):
        """The same file under a new inode; but not the log while it is copied: without times only
        its age tells which of both is the copy."""
        name = self.pick(sorted(self.files), which)
        if name == LOG and any(file.is_copying for file in self.files.values()):
            return
        if name is None or self.files[name].twin or self.files[name].is_copying:
            return
        temporary = self.path("restored")
        subprocess.run(["cp", "-p", self.path(name), temporary], check=True)
        os.rename(temporary, self.path(name))

    def archive(self, which):
        self.settle()
        name = self.pick([name for name in self.rotated() if "/" not in name], which)
        if name is not None and "archive/" + name not in self.files:
            self.move(name, "archive/" + name)

    def delete(self, which):
        name = self.pick(self.rotated(lambda file: not file.is_copying), which)
        if name is not None:
            self.remove(name)

    def replace(self, count):
        """The log is deleted, and made anew: mostly with the inode of before."""
        if LOG in self.files and not any(f.is_copying for f in self.files.values()):
            self.remove(LOG)
        self.lines(count, 30)

    def vanish(self):
        if LOG in self.files and not any(f.is_copying for f in self.files.values()):
            self.remove(LOG)


class Oracle:
    """What a run must report, from the lines that were there when it began."""

    def __init__(self, world):
        self.world = world
        self.counted = {}    # number -> code: of all committed runs
        self.delivered = {}  # those that a report has told of
        self.live = b""      # what was counted of the log itself when it was last looked at
        self.is_waiting = False  # a gap is told when no file may turn out to fill it

    def visible(self):
        found = {}
        for file in self.world.files.values():
            if not file.is_cut:
                found.update(requests(bytes(file.data)))
        return found

    def cut(self):
        return [file for file in self.world.files.values() if file.is_cut]

    def is_lost(self):
        """What was the log itself is nowhere any more."""
        return bool(self.live) and not any(
            bytes(file.data).startswith(self.live) for file in self.world.files.values())

    def must_tell_gap(self):
        return self.is_lost() and not self.cut()

    def may_tell_gap(self):
        """Nothing but a banner was counted of it: another file may seem to be it, or not."""
        return self.is_waiting or bool(self.live) and (
            bool(self.cut()) or not requests(self.live))

    def commit(self):
        self.is_waiting = bool(self.cut()) and (bool(self.live) or self.is_waiting)
        self.counted.update(self.visible())
        log = self.world.files.get(LOG)
        self.live = whole_lines(bytes(log.data)) if log is not None else b""

    def deliver(self):
        self.delivered = dict(self.counted)

    def news(self):
        return {number: code for number, code in self.counted.items()
                if number not in self.delivered}


def tally(lines):
    counts = {}
    for code in lines.values():
        counts[code] = counts.get(code, 0) + 1
    return counts
