"""The parts of rotations.bats: what rotations call files, for -F and for --db."""
import gzip
import json
import resource
import shutil
import sqlite3
from program import *

# A log, and the names of what it held before, oldest first.
ROWS = [
    ("api.log", "api.log.2", "api.log.1"),
    ("api.log", "api.log.1", "api.log.0"),
    ("api.log", "api.2.log", "api.1.log"),
    ("app.json", "app.2.json", "app.1.json"),
    ("0.log", "0.log.20260518-120001", "0.log.20260518-120002"),  # kubelet
    ("api.log", "api-2026-05-18T12-05-00.000.log", "api-2026-05-18T12-05-00.001.log"),  # lumberjack
    ("api.log", "api.log-20260518", "api.log-20260519"),
    ("api.log", "api.log-2026051811", "api.log-2026051812"),
    ("api.log", "api.log-20260518120000", "api.log-20260518120001"),
    ("api.log", "api.log-20260518_120000", "api.log-20260518_120001"),
    ("api.log", "api.log-1779076800", "api.log-1779076801"),
    ("api.log", "api.log-20260518-1779076800", "api.log-20260518-1779076801"),
    ("api.log", "api.log.1779076800", "api.log.1779076801"),
    ("api.log", "api.log20260518", "api.log20260519"),
    ("api.log", "api20260518.log", "api20260519.log"),
    ("api.log", "api.log_2026-05-18", "api.log_2026-05-19"),
    ("api.log", "api.log_2026.05.18", "api.log_2026.05.19"),
    ("api.log", "api_2026.05.18.log", "api_2026.05.19.log"),
    ("api.log", "api.log.2026.05.18", "api.log.2026.05.19"),
    ("api.log", "api-05-18-2026.log", "api-05-19-2026.log"),
    ("api.log", "api-12-31-2025-1.log", "api-01-01-2026-1.log"),
    ("api.log", "api.log.31-05-2026", "api.log.01-06-2026"),
    ("api.log", "api.2026-05-18.9.log", "api.2026-05-18.10.log"),
    ("api.log", "api.2026-05-18_12-04.log", "api.2026-05-18_12-05.log"),
    ("api.log", "api-2026-05-18T12:05:00Z.1.log", "api-2026-05-18T12:05:00Z.2.log"),
    ("api.log", "api.log.2026-05-18_12-05-01", "api.log.2026-05-18_12-05-02"),
    ("api.log", "api.2026-05-18_12-05-01_000009.log", "api.2026-05-18_12-05-01_000010.log"),
    ("api.log", "api.log.2026-04", "api.log.2026-05"),
    ("api.log", "api__2026-05-18_00-00-00.log", "api__2026-05-19_00-00-00.log"),  # pm2
    ("api.log", "old/api.log.2", "old/api.log.1"),
    ("api.log", "backup/api.log-20260518", "backup/api.log-20260519"),
    ("api.log", "archive/api-2026-05-18.log", "archive/api-2026-05-19.log"),
    ("api.log", "2026/05/18/api.log-20260518", "2026/05/19/api.log-20260519"),
    ("api.log", "old/2026/05/18/api.log.1779076800", "old/2026/05/19/api.log.1779163200"),
    ("api.log", "2026-05/api-05-18-2026-1.log", "2026-05/api-05-18-2026-2.log"),  # log4j2
]

# Beside api.log: other logs, or files that are not finished.
FRIENDS = ["api-error.log", "api-error.log.1", "api-error-2026-05-18.log", "api-2.log", "api_1.log",
           "api2.log", "api1.log", "api.8080.log", "api.log.bak", "api.log.1.tmp", "api.log.tmp",
           "api.json", "api-2026-05-18T12-05-00.000.log.tmp", "xapi.log.1", "older/api.log.1",
           "sub/api.log.1", "2026/api.log.1", "2026/13/api.log.1"]

MISSING = b"lines between may be missing"


def put(path, data=b"", mode="wb"):
    if "/" in path:
        os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, mode, buffering=0) as f:
        f.write(data)


def move(path, to):
    if "/" in to:
        os.makedirs(os.path.dirname(to), exist_ok=True)
    os.rename(path, to)


def pack(path):
    with open(path, "rb") as f:
        put(path + ".gz", gzip.compress(f.read()))
    os.unlink(path)


def in_rooms(rows, part):
    """Each in a folder of its own."""
    for number, row in enumerate(rows):
        os.mkdir(f"{part.__name__}{number}")
        os.chdir(f"{part.__name__}{number}")
        try:
            part(*row)
        except BaseException:
            print(row, file=sys.stderr)
            raise
        os.chdir("..")


def following(*arguments):
    program = Program("-F", "-q", *arguments, stdin=subprocess.DEVNULL)
    program.is_waiting()
    return program


def stop(program):
    program.send(signal.SIGTERM)
    status, out, err = program.end()
    same(status, -signal.SIGTERM)
    same(out, b"")
    return err


def stopped(program):
    """Really, not only soon."""
    program.send(signal.SIGSTOP)
    os.waitpid(program.pid, os.WUNTRACED)


def rotate_twice(log, first, second):
    put(log, b"b\n", "ab")
    move(log, first)
    put(log, b"c\n")
    move(log, second)
    put(log, b"d\n")


# ---- -F ----

def follow_row(log, first, second, packed=()):
    put(log, b"a\n")
    program = following(log)
    same(program.read(2), b"a\n")
    stopped(program)
    rotate_twice(log, first, second)
    for path in packed:
        pack(path)
    program.send(signal.SIGCONT)
    same(program.read(6), b"b\nc\nd\n")
    put(log, b"e\n", "ab")
    same(program.read(2), b"e\n")
    same(stop(program), b"jgannotate: '%s' has been replaced; following the new file\n" %
         log.encode())


def followed():
    in_rooms(ROWS, follow_row)


def followed_packed():
    def first(log, older, newer):
        follow_row(log, older, newer, [older])

    def both(log, older, newer):
        follow_row(log, older, newer, [older, newer])
    in_rooms(ROWS[::3], first)
    in_rooms(ROWS, both)


def followed_slowly():
    """Nothing is read while nobody takes what was read."""
    for first, second in (("0.log.20260518-120001", "0.log.20260518-120002"),
                          ("0-2026-05-18T12-05-00.000.log", "0-2026-05-18T12-05-01.000.log")):
        line = b"x" * 999 + b"\n"
        put("0.log", line)
        reader, writer = small_pipe()
        program = Program("-F", "-q", "-n", "+1", "0.log", stdin=subprocess.DEVNULL, stdout=writer)
        os.close(writer)
        put("0.log", 50 * line, "ab")
        program.is_waiting()
        move("0.log", first)
        put("0.log", b"c" * 999 + b"\n")
        move("0.log", second)
        put("0.log", b"d" * 999 + b"\n")
        pack(first)
        same(read_exactly(reader, 53000), 51 * line + b"c" * 999 + b"\n" + b"d" * 999 + b"\n")
        program.send(signal.SIGTERM)
        _, _, err = program.end()
        os.close(reader)
        assert MISSING not in err, err
        for name in os.listdir("."):
            os.unlink(name)


def followed_upwards():
    """The youngest has the highest number, and those before are as old as they are."""
    put("api.1.log", b"long ago\n")
    put("api.log", b"a\n")
    program = following("api.log")
    same(program.read(2), b"a\n")
    stopped(program)
    put("api.log", b"b\n", "ab")
    for number in range(2, 5):
        time.sleep(0.02)  # of the clock that files are stamped by
        move("api.log", f"api.{number}.log")
        put("api.log", b"%d\n" % (number + 1))
    program.send(signal.SIGCONT)
    same(program.read(8), b"b\n3\n4\n5\n")
    assert MISSING not in stop(program)


def followed_lost():
    """Files under other names, gone, or only some of them there."""
    def lost(befall, expected):
        put("api.log", b"a\n")
        program = following("api.log")
        same(program.read(2), b"a\n")
        stopped(program)
        put("api.log", b"b\n", "ab")
        befall()
        program.send(signal.SIGCONT)
        same(program.read(len(expected)), expected)
        err = stop(program)
        same(err.count(MISSING), 1)
        assert b"'api.log' " in err, err

    def other_names():
        move("api.log", "api.log.bak")
        put("api.log", b"d\n")

    def gone():
        os.unlink("api.log")
        put("api.log", b"d\n")

    def between_gone():
        move("api.log", "api.log.3")
        put("api.log", b"c\n")
        move("api.log", "api.log.1")
        put("api.log", b"d\n")

    def truncated():
        os.truncate("api.log", 0)
        put("api.log", b"d\n", "ab")

    in_rooms([(other_names, b"b\nd\n"), (gone, b"b\nd\n"), (between_gone, b"b\nc\nd\n"),
              (truncated, b"d\n")], lost)


def followed_friends():
    """Not by their names; and not by their form, where it is that of a rotation."""
    put("api.log", b"a\n")
    program = following("api.log")
    same(program.read(2), b"a\n")
    stopped(program)
    for friend in FRIENDS:
        put(friend, b"a friend\n")
    rotate_twice("api.log", "api.log.2", "api.log.1")
    put("api.1.log", b"another instance\n")
    put("api-2026-05-18.log", b"another program\n")
    put("api.log.9", b"another's, older\n")
    os.utime("api.log.9", (1, 1))
    program.send(signal.SIGCONT)
    same(program.read(6), b"b\nc\nd\n")
    put("api.log", b"e\n", "ab")
    same(program.read(2), b"e\n")
    assert MISSING not in stop(program)


def followed_copied():
    for ending in ("", ".gz"):
        put("api.log", b"a\n" * 100 + b"half")
        program = following("-n", "0", "api.log")
        stopped(program)
        put("api.log", b" a line\nb\n", "ab")
        shutil.copy("api.log", "api.log.20260518-120001")
        if ending:
            pack("api.log.20260518-120001")
        os.truncate("api.log", 0)
        put("api.log", b"c\n", "ab")
        program.send(signal.SIGCONT)
        same(program.read(16), b"half a line\nb\nc\n")
        same(stop(program), b"jgannotate: 'api.log' has been truncated; following it from its new "
             b"start\n")
        for name in os.listdir("."):
            os.unlink(name)


def followed_damaged():
    put("api.log", b"a\n")
    program = following("api.log")
    same(program.read(2), b"a\n")
    stopped(program)
    move("api.log", "api.log.2")
    put("api.log.1.gz", gzip.compress(b"c\n")[:-8])
    put("api.log", b"d\n")
    program.send(signal.SIGCONT)
    same(program.read(4), b"c\nd\n")
    same(stop(program).count(MISSING), 1)


def followed_by_glob():
    """Whatever the names are: by their age."""
    for first, second in (("x/first", "x/second"), ("x/second", "x/first"),
                          ("@40000000680e1b5a2f0c1d2e.s", "@40000000680e1b5b2f0c1d2e.s")):
        put("current", b"a\n")
        program = following("--rotated", "x/*", "--rotated", "@*.s", "current")
        same(program.read(2), b"a\n")
        stopped(program)
        put("current", b"b\n", "ab")
        move("current", first)
        time.sleep(0.02)
        put("current", b"c\n")
        move("current", second)
        put("current", b"d\n")
        program.send(signal.SIGCONT)
        same(program.read(6), b"b\nc\nd\n")
        assert MISSING not in stop(program)
        for name in (first, second, "current"):
            os.unlink(name)


def followed_link():
    put("api-2026-05-18.log", b"a\n")
    os.symlink("api-2026-05-18.log", "api.log")
    program = following("api.log")
    same(program.read(2), b"a\n")
    put("api-2026-05-19.log", b"b\n")
    os.symlink("api-2026-05-19.log", "next")
    os.rename("next", "api.log")
    same(program.read(2), b"b\n")
    assert MISSING not in stop(program)


# ---- --db ----

def line(number):
    return b'2026-11-22 03:00:%02d req=%d {"code":9018}\n' % (number % 60, number)


def lines(first, end):
    return b"".join(line(number) for number in range(first, end))


def run(*arguments, status=0, **others):
    """Responses, and what was said."""
    done = subprocess.run([PATH, "-d", "a.db", "-r", "json", *arguments], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, timeout=120, **others)
    if done.returncode != status:
        raise AssertionError((done.returncode, done.stderr))
    return json.loads(done.stdout)["hits"]["responses"] if done.stdout else None, done.stderr


def counted():
    def row(log, first, second):
        put(log, lines(0, 10))
        same(run(log)[0], 10)
        put(log, lines(10, 12), "ab")
        move(log, first)
        put(log, lines(12, 15))
        move(log, second)
        put(log, lines(15, 20))
        same(run(log), (10, b""))
        pack(second)
        same(run(log), (0, b""))
        pack(first)
        same(run(log), (0, b""))
        same(run(), (20, b""))
    in_rooms(ROWS, row)

    def first_run(log, first, second):
        put(second, lines(0, 3))
        put(log, lines(3, 5))
        same(run(log), (5, b"jgannotate: '%s': seen for the first time, with 2 files\n" %
                        log.encode()))
    in_rooms(ROWS, first_run)


def counted_friends():
    put("api.log", lines(0, 10))
    for friend in FRIENDS:
        put(friend, lines(10, 20))
    same(run("api.log")[0], 10)
    same(run("api.log"), (0, b""))


def left_out():
    """A database of an older release, as it were: files that it did not look at."""
    put("api.log", lines(0, 10))
    same(run("api.log")[0], 10)
    for number, name in enumerate(("api.1.log", "api20260518.log", "old/api.log.7",
                                   "api.log.20260518-120001.gz", "api.log.6")):
        data = lines(10 + 5 * number, 15 + 5 * number)
        put(name, gzip.compress(data) if name.endswith(".gz") else data)
        os.utime(name, (1, 1))
    found, err = run("api.log", "--dry-run")
    same(found, 5)  # of api.log.6, a name that was always known
    assert b"'api.1.log', 'api20260518.log'" in err or b"'api.1.log'" in err, err
    found, again = run("api.log")
    same((found, again), (5, err))
    for name in ("api.1.log", "api20260518.log", "old/api.log.7", "api.log.20260518-120001.gz"):
        same(err.count(b"'%s'" % name.encode()), 1)
    assert b"--rotated GLOB" in err and b"api.log.6" not in err, err
    same(run("api.log"), (0, b""))  # it was said
    os.rename("api.1.log", "api.2.log")
    same(run("api.log"), (0, b""))
    put("api20260518.log", lines(40, 42), "ab")  # written since: all of it is of the log
    same(run("api.log"), (7, b""))
    same(run("--rotated", "old/*", "api.log"), (5, b""))  # asked for
    same(run("api.log"), (0, b""))
    same(run("--rotated", "*.gz", "api.log"), (5, b""))
    same(run("--rotated", "api.*.log", "api.log"), (5, b""))
    same(run("--rotated", "api.*.log", "api.log"), (0, b""))
    same(run("api.log"), (0, b""))
    # what goes on from what was counted is the log's, however old
    put("api.log", lines(60, 62), "ab")
    move("api.log", "api-2026-05-18T12-05-00.000.log")
    os.utime("api-2026-05-18T12-05-00.000.log", (1, 1))
    put("api.log", lines(62, 63))
    same(run("api.log"), (3, b""))


def own_logs():
    """Of an older release, too: it has counted api.1.log as a log."""
    put("api.1.log", lines(0, 10))
    same(run("api.1.log")[0], 10)
    put("api.log", lines(10, 15))
    same(run("api.log", "api.1.log"), (5, b"jgannotate: 'api.log': seen for the first time, with 1 "
                                       b"file\n"))
    put("api.1.log", lines(15, 17), "ab")
    same(run("api.log"), (0, b""))
    same(run("api.1.log"), (2, b""))
    put("api.1.log", lines(17, 18), "ab")
    put("api.log", lines(18, 20), "ab")
    same(run("api.log", "api.1.log"), (3, b""))
    same(run(), (20, b""))


def all_named():
    """By a glob of the shell: each file once, and no log of its own but the live one."""
    put("api.log", lines(0, 10))
    put("api.1.log", lines(10, 15))
    put("api-2026-05-18T12-05-00.000.log", lines(15, 20))
    put("11/api.log.1", lines(20, 25))  # where nothing is looked for: a log of its own
    found, _ = run("api.log", "api.1.log", "api-2026-05-18T12-05-00.000.log", "11/api.log.1")
    same(found, 25)
    same(run("api.1.log", "api.log", "11/api.log.1"), (0, b""))


def linked():
    if os.geteuid() != 0:
        return  # who can give files away
    put("api.log", lines(0, 3))
    put("secret", lines(3, 9))
    os.chown("secret", 65534, -1)
    os.link("secret", "api.log.1")
    found, err = run("api.log", status=1)
    same(found, 3)
    assert b"'api.log.1': it has another owner than the log, and other names: not read" in err, err


def limited(number):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (min(number, 256), number))


def many():
    """The soft limit is raised; beyond the hard one they are opened in turn."""
    put("api.log", lines(0, 3))
    for number in range(1, 1500):
        put(f"api.log.{number}", line(number + 5000))
    for hard in (4096, 256):
        same(run("api.log", preexec_fn=limited(hard))[0], 1502)
        put("api.log", line(1), "ab")
        same(run("api.log", preexec_fn=limited(hard)), (1, b""))
        os.rename("api.log", "api.log.0")
        put("api.log", lines(3, 5))
        same(run("api.log", preexec_fn=limited(hard)), (2, b""))
        os.unlink("a.db")
        os.unlink("api.log.0")
        put("api.log", lines(0, 3))


def many_followed():
    """As many that were not counted yet: each is printed and counted, in order."""
    put("api.log", lines(0, 3))
    same(run("api.log")[0], 3)
    os.rename("api.log", "api.log.600")
    for number in range(1, 600):
        put(f"api.log.{number}", line(600 - number + 5000))
        os.utime(f"api.log.{number}", (time.time() + 60 - number / 10,) * 2)
    put("api.log", line(6000))
    with open("a.db", "rb") as db:
        before = db.read()
    expected = [*range(5001, 5600), 6000]
    for hard in (4096, 1024, 256):
        put("a.db", before)
        program = Program("-F", "-q", "-d", "a.db", "api.log", stdin=subprocess.DEVNULL,
                          preexec_fn=limited(hard))
        out = program.read_until(b"req=6000 ")
        out += program.read_until(b"\n") if not out.endswith(b"\n") else b""
        same(stop(program), b"")
        same([int(word[4:]) for word in out.split() if word.startswith(b"req=")], expected)
        same(run()[0], 603)


main(globals())
