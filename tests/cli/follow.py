"""The parts of follow.bats: a program that follows files while they are written and rotated."""
import pty
import shutil
import termios
import threading
from program import *

ERR = dict(stderr=subprocess.DEVNULL)
ONE = b"code=9018 [account: appKey no money]\n"


def append(path, data):
    with open(path, "ab", buffering=0) as f:
        f.write(data)


def put(path, data=b""):
    with open(path, "wb", buffering=0) as f:
        f.write(data)


def following(*arguments, **ends):
    """Has begun to follow when this returns."""
    program = Program("-F", *arguments, stdin=subprocess.DEVNULL, **ends)
    program.is_waiting()
    return program


def stop(program, number=signal.SIGTERM):
    """Returns the rest of both outputs."""
    program.send(number)
    status, out, err = program.end()
    same(status, -number)
    return out, err


def rotate(path="log", keep=30):
    for i in range(keep, 0, -1):
        if os.path.exists(f"{path}.{i}"):
            os.rename(f"{path}.{i}", f"{path}.{i + 1}")
    os.rename(path, f"{path}.1")


def growth():
    put("log", b"".join(b"%d\n" % i for i in range(1, 31)))
    program = following("-q", "log")
    same(program.read(30), b"".join(b"%d\n" % i for i in range(21, 31)))
    for _ in range(3):
        append("log", LINE)
        same(program.read(len(NOTED)), NOTED)
    append("log", b"half")
    program.is_waiting()
    append("log", b" code=90")
    program.is_waiting()
    append("log", b"18\n")
    same(program.read(5 + len(NOTED)), b"half " + NOTED)
    same(stop(program), (b"", b""))


def last_lines():
    put("log", b"1\n22\n333\n4444\nhal")
    for n, expected in (("0", b""), ("1", b"4444\n"), ("-2", b"333\n4444\n"),
                        ("4", b"1\n22\n333\n4444\n"), ("9", b"1\n22\n333\n4444\n"),
                        ("+1", b"1\n22\n333\n4444\n"), ("+3", b"333\n4444\n"), ("+9", b"")):
        program = following("-q", "-n", n, "log")
        same(program.read(len(expected)), expected)
        program.is_waiting()
        append("log", b"f\n")
        same(program.read(5), b"half\n")
        same(stop(program), (b"", b""))
        put("log", b"1\n22\n333\n4444\nhal")


def large_start():
    """The last lines of a file larger than any buffer, and lines longer than one."""
    lines = [b"%d " % i + b"x" * (i * 7919 % 90000) + b"\n" for i in range(400)]
    put("log", b"".join(lines))
    for n in (1, 3, 150):
        expected = b"".join(lines[-n:])
        program = Program("-F", "-q", "-n", str(n), "log", stdin=subprocess.DEVNULL)
        same(program.read(len(expected)), expected)
        same(stop(program), (b"", b""))


def rename():
    """The old file to its end, also what is written to it after the rename; then the new one."""
    put("log", b"a\n")
    program = following("log")
    same(program.read(2), b"a\n")
    with open("log", "ab", buffering=0) as old:
        old.write(b"b\n")
        os.rename("log", "log.1")
        old.write(b"late 1\n")
        same(program.read(9), b"b\nlate 1\n")
        put("log")
        program.is_waiting()
        old.write(b"late 2\n")
        same(program.read(7), b"late 2\n")
        append("log", b"new\n")
        same(program.read(4), b"new\n")
        old.write(b"later still\n")
        same(program.read(12), b"later still\n")
    out, err = stop(program)
    same(out, b"")
    same(err.count(b"'log' has been replaced; following the new file\n"), 1)
    assert b"gone" not in err, err


def rename_order():
    """Old before new, though both are there when it looks."""
    put("log", b"a\n")
    program = following("-q", "log")
    same(program.read(2), b"a\n")
    for i in range(20):
        program.send(signal.SIGSTOP)
        append("log", b"old %02d\n" % i)
        rotate()
        put("log", b"new %02d\n" % i)
        append("log.1", b"" if i % 2 else b"late %d\n" % (i % 10))
        program.send(signal.SIGCONT)
        expected = b"old %02d\n" % i + (b"" if i % 2 else b"late %d\n" % (i % 10)) + b"new %02d\n" % i
        same(program.read(len(expected)), expected)
    stop(program)


def burst():
    """Ten rotations between two looks: each file that came and went is found."""
    put("log", b"start\n")
    program = following("log")
    same(program.read(6), b"start\n")
    program.send(signal.SIGSTOP)
    for i in range(10):
        append("log", b"end %d\n" % i)
        rotate()
        put("log", b"begin %d\n" % i)
    program.send(signal.SIGCONT)
    expected = b"end 0\n" + b"".join(b"begin %d\nend %d\n" % (i, i + 1) for i in range(9)) + b"begin 9\n"
    same(program.read(len(expected)), expected)
    out, err = stop(program)
    same(out, b"")
    same(err.count(b"replaced"), 1)


def dated_burst():
    """Names with dates sort the other way."""
    put("log", b"1\n")
    program = following("-q", "log")
    same(program.read(2), b"1\n")
    program.send(signal.SIGSTOP)
    for day in range(1, 5):
        os.rename("log", f"log-2026110{day}")
        put("log", b"%d\n" % (day + 1))
    program.send(signal.SIGCONT)
    same(program.read(8), b"2\n3\n4\n5\n")
    same(stop(program), (b"", b"jgannotate: 'log' has been replaced; following the new file\n"))


def old_files_stay_out():
    """What was rotated before it began has nothing to do with it."""
    put("log.1", b"long ago\n")
    put("log", b"a\n")
    program = following("-q", "log")
    os.rename("log.1", "log.2")
    os.rename("log", "log.1")
    put("log", b"b\n")
    same(program.read(4), b"a\nb\n")
    out, _ = stop(program)
    same(out, b"")


def copytruncate():
    put("log", b"a\n" * 100)
    program = following("-n", "+1", "log")
    same(program.read(200), b"a\n" * 100)
    shutil.copy("log", "log.1")
    os.truncate("log", 0)
    append("log", b"new\n")
    same(program.read(4), b"new\n")
    out, err = stop(program)
    same(out, b"")
    assert b"'log' has been truncated; following it from its new start" in err, err


def copytruncate_larger():
    """Cut and grown beyond the old end before it looks: known by the bytes before the end."""
    put("log", b"".join(b"old %d\n" % i for i in range(100)))
    program = following("-q", "-n", "0", "log")
    program.send(signal.SIGSTOP)
    os.truncate("log", 0)
    new = b"".join(b"new %d\n" % i for i in range(300))
    append("log", new)
    program.send(signal.SIGCONT)
    same(program.read(len(new)), new)
    stop(program)


def copytruncate_unread():
    """What had not been read when it was cut comes from the copy, its unfinished line too."""
    put("log", b"".join(b"old %d\n" % i for i in range(100)) + b"half a ")
    program = following("-q", "-n", "1", "log")
    same(program.read(7), b"old 99\n")
    program.send(signal.SIGSTOP)
    append("log", b"line\nunread 1\nunread 2\n")
    shutil.copy("log", "log.1")
    os.truncate("log", 0)
    append("log", b"new\n")
    program.send(signal.SIGCONT)
    expected = b"half a line\nunread 1\nunread 2\nnew\n"
    same(program.read(len(expected)), expected)
    stop(program)


def truncate_torn():
    """A number that was cut off by the truncation is not taken for a whole one."""
    put("log", b"a\n")
    program = following("log")
    append("log", b"code=901")
    program.is_waiting()
    os.truncate("log", 0)
    append("log", b"code=9018\n")
    same(program.read(2 + 8 + len(NOTED)), b"a\ncode=901" + NOTED)
    _, err = stop(program)
    assert b"1 error of 1 response" in err, err


def hole():
    """A writer that does not append goes on at its old offset: NULs in front (42)."""
    put("log", b"x" * 9999 + b"\n")
    program = following("-q", "-n", "0", "log")
    os.truncate("log", 0)
    with open("log", "r+b", buffering=0) as f:
        f.seek(1 << 40)
        f.write(LINE)
    same(program.read(len(NOTED)), NOTED)
    append("log", LINE)
    same(program.read(len(NOTED)), NOTED)
    stop(program)


def created_later():
    program = following("sub/log", "other")
    same(program.read_until(b"other' is not there yet; waiting\n", "stderr"),
         b"jgannotate: 'sub/log' is not there yet; waiting\n"
         b"jgannotate: 'other' is not there yet; waiting\n")
    os.mkdir("sub")
    program.is_waiting()
    put("sub/log", LINE)
    same(program.read(len(NOTED)), NOTED)
    append("sub/log", LINE)
    same(program.read(len(NOTED)), NOTED)
    put("other", b"x\n")
    same(program.read(2), b"x\n")
    out, err = stop(program)
    same(out, b"")
    same(err.count(b"has appeared"), 2)


def folder_replaced():
    os.mkdir("sub")
    put("sub/log", b"a\n")
    program = following("sub/log")
    same(program.read(2), b"a\n")
    os.rename("sub", "before")
    append("before/log", b"b\n")
    same(program.read(2), b"b\n")
    os.mkdir("new")
    put("new/log", b"c\n")
    os.rename("new", "sub")
    same(program.read(2), b"c\n")
    shutil.rmtree("sub")
    os.mkdir("sub")
    put("sub/log", b"d\n")
    same(program.read(2), b"d\n")
    stop(program)


def link():
    """A symbolic link that is turned to another file, and a link among the folders."""
    os.mkdir("one")
    os.mkdir("two")
    put("one/log", b"1\n")
    put("two/log", b"2\n")
    os.symlink("one", "now")
    os.symlink("now/log", "log")
    program = following("log")
    same(program.read(2), b"1\n")
    os.symlink("two", "next")
    os.rename("next", "now")
    same(program.read(2), b"2\n")
    put("three", b"3\n")
    os.symlink("three", "next")
    os.rename("next", "log")
    same(program.read(2), b"3\n")
    append("three", b"4\n")
    same(program.read(2), b"4\n")
    stop(program)


def gone():
    """Said only when it is gone for longer than a rotation takes."""
    put("log", b"a\n")
    program = following("log")
    os.unlink("log")
    program.read_until(b"'log' is gone; waiting for a new file\n", "stderr")
    put("log", b"b\n")
    program.read_until(b"'log' has appeared; following it\n", "stderr")
    same(program.read(4), b"a\nb\n")
    stop(program)


def unreadable():
    """Something unreadable in its place for a while."""
    put("log", b"a\n")
    program = following("log")
    os.rename("log", "log.1")
    os.symlink("log", "log")
    program.read_until(b"cannot read 'log': Too many levels of symbolic links; waiting\n", "stderr")
    append("log.1", b"b\n")
    same(program.read(4), b"a\nb\n")
    os.unlink("log")
    put("log", b"c\n")
    same(program.read(2), b"c\n")
    out, err = stop(program)
    same(err.count(b"cannot read"), 0)  # it was said once, above


def forbidden():
    """Without permission for a while. The log's writer has it open already."""
    put("log", b"a\n")
    program = following("log", before=("sh", os.path.join(os.path.dirname(__file__), "bound")))
    same(program.read(2), b"a\n")
    rotate()
    with open("new", "wb", buffering=0) as log:
        os.chmod("new", 0)
        os.rename("new", "log")
        program.read_until(b"cannot read 'log': Permission denied; waiting\n", "stderr")
        log.write(b"b\n")
    os.chmod("log", 0o644)
    same(program.read(2), b"b\n")
    stop(program)


def open_files(program):
    """What its descriptors lead to. One may be closed while they are listed."""
    for fd in os.listdir(f"/proc/{program.pid}/fd"):
        try:
            yield os.readlink(f"/proc/{program.pid}/fd/{fd}")
        except FileNotFoundError:
            continue


def deleted_is_closed():
    """A rotated file that is deleted does not keep its room on the disk."""
    put("log", b"a\n")
    program = following("-q", "log")
    rotate()
    put("log", b"b\n")
    same(program.read(4), b"a\nb\n")
    os.unlink("log.1")
    deadline = time.monotonic() + PATIENCE
    while any("(deleted)" in name for name in open_files(program)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stop(program)


def deleted_before_its_writer_knows():
    """Compressed and deleted while it is still written to: what comes before the first line of
    the new file is not lost."""
    put("log", b"a\n")
    program = following("-q", "log")
    same(program.read(2), b"a\n")
    with open("log", "ab", buffering=0) as old:
        rotate()
        put("log")
        os.unlink("log.1")
        program.is_waiting()
        old.write(b"b\n")
        same(program.read(2), b"b\n")
    append("log", b"c\n")
    same(program.read(2), b"c\n")
    stop(program)


def compressed():
    put("plain", b"x\n")
    put("log.gz", b"\x1f\x8b\x08\0")
    program = Program("-F", "plain", "log.gz", stdin=subprocess.DEVNULL)
    status, out, err = program.end()
    same((status, out), (2, b""))
    same(err, b"jgannotate: 'log.gz' is compressed: it cannot be followed; without -F it is read\n")


def compressed_later():
    """Given up while it is compressed; its half magic is not printed."""
    put("log", b"a\n")
    program = following("log")
    os.rename("log", "log.1")
    put("log", b"\x1f")
    program.is_waiting()
    append("log", b"\x8b\x08\0\n")
    program.read_until(b"'log' is compressed: it cannot be followed", "stderr")
    put("next", b"b\n")
    os.rename("next", "log")
    same(program.read(4), b"a\nb\n")
    same(stop(program)[0], b"")


def no_files():
    os.mkdir("folder")
    os.mkfifo("fifo")
    program = Program("-F", "folder", "fifo", stdin=subprocess.DEVNULL)
    status, out, err = program.end()
    same((status, out), (1, b""))
    assert b"'folder' is no regular file" in err and b"'fifo' is no regular file" in err, err


def standard_input():
    program = Program("-F", "-")
    program.write(LINE)
    same(program.read(len(NOTED)), NOTED)
    same(program.end()[0], 0)


def several():
    for name in ("a", "b", "c"):
        put(name, b"%s 1\n" % name.encode())
    program = following("-q", "a", "b", "c")
    same(program.read(12), b"a 1\nb 1\nc 1\n")
    for i in range(2, 8):
        for name in ("b", "c", "a"):
            append(name, b"%s %d\n" % (name.encode(), i))
            same(program.read(4), b"%s %d\n" % (name.encode(), i))
    same(stop(program), (b"", b""))


def on_terminal(*arguments):
    master, slave = pty.openpty()
    modes = termios.tcgetattr(slave)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    program = following("-q", "--color=never", *arguments, stdout=slave)
    os.close(slave)
    return program, master


def headings():
    put("a", b"a 1\n")
    put("b\x1b", b"b 1\n")
    program, master = on_terminal("a", "b\x1b")
    expected = b"==> a <==\na 1\n\n==> b\\x1b <==\nb 1\n"
    same(read_exactly(master, len(expected)), expected)
    append("b\x1b", b"b 2\n")
    same(read_exactly(master, 4), b"b 2\n")
    append("a", b"a 2\n")
    same(read_exactly(master, 15), b"\n==> a <==\na 2\n")
    program.send(signal.SIGTERM)
    same(program.wait(), -signal.SIGTERM)


def headings_only():
    """No heading for a file of which nothing is printed; none for one file alone."""
    put("a", b"code=9000\n")
    put("b", b"code=9018\n")
    program, master = on_terminal("--only", "error", "a", "b")
    expected = b"==> b <==\n" + NOTED
    same(read_exactly(master, len(expected)), expected)
    program.send(signal.SIGTERM)
    program.wait()
    program, master = on_terminal("b")
    same(read_exactly(master, len(NOTED)), NOTED)
    program.send(signal.SIGTERM)
    program.wait()


def json_objects():
    """Numbers of lines are those of the file, also from the middle on and after a rotation."""
    import json
    put("log", b"x\n" * 500 + LINE)
    program = following("-o", "json", "log")
    row = json.loads(program.read_until(b"\n"))
    same((row["file"], row["line"]), ("log", 501))
    append("log", b"\n" + LINE)
    same(json.loads(program.read_until(b"\n"))["line"], 503)
    rotate()
    put("log", b"\n" + LINE)
    same(json.loads(program.read_until(b"\n"))["line"], 2)
    stop(program)


def window():
    put("log", b"".join(b"2026-11-22 %02d:00:00 code=9018\n" % h for h in range(24)))
    program = following("log", "--since", "2026-11-22 20:00", "--until", "2026-11-23", "--tz", "UTC")
    same(len(program.read(4 * (20 + len(NOTED))).splitlines()), 4)
    append("log", b"2026-11-22 23:59:59 a\n2026-11-23 00:00:00 b\n")
    same(program.read(22), b"2026-11-22 23:59:59 a\n")
    out, err = stop(program)
    same(out, b"")
    assert b"4 errors of 4 responses" in err, err


def signals():
    """What the files hold when the signal comes is finished: whole lines."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        put("log", b"a\n")
        program = following("-n", "0", "log")
        program.send(signal.SIGSTOP)
        append("log", LINE * 1000)
        rotate()
        put("log", LINE * 10 + b"half")
        program.send(number)
        program.send(signal.SIGCONT)
        status, out, err = program.end()
        same(status, -number)
        same(out, NOTED * 1010)
        assert b"1,010 errors of 1,010 responses" in err, err


def usr1():
    put("log", LINE)
    program = following("log")
    same(program.read(len(NOTED)), NOTED)
    program.send(signal.SIGUSR1)
    program.read_until(b"1 error of 1 response", "stderr")
    append("log", LINE)
    same(program.read(len(NOTED)), NOTED)
    _, err = stop(program)
    assert b"2 errors of 2 responses" in err, err


def report():
    put("log", LINE * 3)
    program = following("-s", "-r", "r.json", "log")
    append("log", LINE)
    program.is_waiting()
    out, _ = stop(program)
    assert b"4 of 4 responses" in out, out
    import json
    with open("r.json") as f:
        same(json.load(f)["errors"], 4)


def only():
    put("log", b"code=9000\n" + LINE)
    program = following("-q", "--only", "error", "log")
    append("log", b"code=9000\n" + LINE)
    same(program.read(2 * len(NOTED)), NOTED * 2)
    same(stop(program), (b"", b""))


def every():
    put("log", LINE)
    program = following("--every", "1s", "-r", "x.prom", "log")
    program.read_until(b"  1 line, 1 error of 1 response, 100.00%: 9018 1\n", "stderr")
    append("log", LINE)
    program.read_until(b"  1 line, 1 error of 1 response, 100.00%: 9018 1\n", "stderr")
    with open("x.prom") as f:
        text = f.read()
    assert "errors" in text, text
    # every second there is a whole file
    append("log", LINE * 5)
    program.read_until(b"  5 lines", "stderr")
    stop(program)
    same([name for name in os.listdir(".") if "x.prom" in name], ["x.prom"])


def reader_gone():
    """It ends when nobody reads any more, though nothing comes in."""
    put("log", LINE)
    reader, writer = os.pipe()
    program = following("log", stdout=writer)
    os.close(writer)
    read_exactly(reader, len(NOTED))
    program.is_waiting()
    os.close(reader)
    same(program.wait(), -signal.SIGPIPE)
    same(program.process.stderr.read(), b"")


def reader_not_needed():
    """But where nothing goes to standard output it goes on."""
    put("log", LINE)
    reader, writer = os.pipe()
    program = following("-o", "none", "-r", "r.json", "log", stdout=writer)
    os.close(writer)
    os.close(reader)
    append("log", LINE)
    time.sleep(0.1)
    program.is_waiting()
    same(program.process.poll(), None)
    program.send(signal.SIGTERM)
    same(program.wait(), -signal.SIGTERM)


def cpu_of(program):
    with open(f"/proc/{program.pid}/stat") as f:
        fields = f.read().rpartition(") ")[2].split()
    with open(f"/proc/{program.pid}/status") as f:
        switches = sum(int(line.split()[1]) for line in f if "ctxt_switches" in line)
    return int(fields[11]) + int(fields[12]), switches


def idle():
    """Nothing is asked when nothing happens: it is not even woken."""
    put("log", LINE)
    program = following("log", "missing")
    os.mkdir("beside")
    put("unrelated")
    program.is_waiting()
    before = cpu_of(program)
    time.sleep(3)
    same(cpu_of(program), before)
    stop(program)


def idle_polled():
    put("log", LINE)
    program = following("log", "missing")
    before = cpu_of(program)
    time.sleep(3)
    used, switches = (b - a for a, b in zip(before, cpu_of(program)))
    assert used <= 1 and 2 <= switches <= 20, (used, switches)
    append("log", LINE)
    same(program.read(2 * len(NOTED)), NOTED * 2)
    stop(program)


def fast(rate, seconds, rotations):
    """A writer at full speed, rotated again and again: every line once and in order."""
    put("log")
    total = int(rate * seconds)
    program = following("-q", "log", stdout=open("out", "wb"))
    log = os.open("log", os.O_WRONLY | os.O_APPEND)
    done = rotated = 0
    start = time.monotonic()
    while done < total:
        due = min(total, int((time.monotonic() - start) * rate))
        lines = b"".join(b"%d code=9018 verify\n" % i for i in range(done, due))
        cut = len(lines) * 2 // 3  # in the middle of a line, mostly
        for part in (lines[:cut], lines[cut:]):
            while part:
                part = part[os.write(log, part):]
        if due * (rotations + 1) // total > rotated:
            rotated += 1
            rotate()
            if rotated % 2:
                put("log")
                time.sleep(0.01)
            os.close(log)
            log = os.open("log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        done = due
        time.sleep(0.001)
    os.close(log)
    stop(program)
    with open("out", "rb") as f:
        expected = 0
        for line in f:
            number, _, rest = line.partition(b" ")
            assert int(number) == expected and rest.startswith(b"code=9018 [account"), \
                (line, expected)
            expected += 1
    same(expected, total)
    return rotated


def stress():
    if is_sanitized():
        fast(20000, 3, 10)
    else:
        fast(200000, 4, 10)


def stress_polled():
    fast(20000 if is_sanitized() else 200000, 3, 5)


def many_files():
    """One of a hundred files, and two writers of one log."""
    names = [f"f{i}" for i in range(100)]
    for name in names:
        put(name)
    program = following("-q", *names)
    for i in range(0, 100, 7):
        append(names[i], b"%02d\n" % i)
        same(program.read(3), b"%02d\n" % i)
        rotate(names[i])
        put(names[i], b"%02d\n" % i)
        same(program.read(3), b"%02d\n" % i)
    stop(program)


# Within a name space of its own, so that nobody else's limit is touched.
WITHOUT_INOTIFY = ("unshare", "--user", "--map-root-user", "sh", "-c",
                   'echo 0 >/proc/sys/user/max_inotify_instances && exec "$@"', "sh")


def too_many_watches():
    """Where the system allows no inotify it looks by itself."""
    if subprocess.run([*WITHOUT_INOTIFY, "true"], stderr=subprocess.DEVNULL, check=False).returncode:
        return  # no such name spaces here
    put("log", b"a\n")
    program = following("log", before=WITHOUT_INOTIFY)
    program.read_until(b"inotify cannot be used for 'log'", "stderr")
    append("log", b"b\n")
    same(program.read(4), b"a\nb\n")
    rotate()
    put("log", b"c\n")
    same(program.read(2), b"c\n")
    stop(program)


main(globals())
