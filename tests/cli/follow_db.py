"""The parts of follow_db.bats: following, and counting into a database besides."""
import random
import sqlite3
from program import *


def append(path, data):
    with open(path, "ab", buffering=0) as f:
        f.write(data)


def put(path, data=b""):
    with open(path, "wb", buffering=0) as f:
        f.write(data)


def rotate(path="log", keep=30):
    for i in range(keep, 0, -1):
        if os.path.exists(f"{path}.{i}"):
            os.rename(f"{path}.{i}", f"{path}.{i + 1}")
    os.rename(path, f"{path}.1")


def lines(first, end):
    return b"".join(b"%06d code=9018\n" % i for i in range(first, end))


def noted(first, end):
    return lines(first, end).replace(b"\n", b" [account: appKey no money]\n")


def following(*arguments, **ends):
    program = Program("-F", "-d", "x.db", *arguments, stdin=subprocess.DEVNULL, **ends)
    program.is_waiting()
    return program


def stop(program, number=signal.SIGTERM):
    program.send(number)
    status, out, err = program.end()
    same(status, -number)
    return out, err


def nightly(*arguments, status=0):
    ran = subprocess.run([PATH, "-d", "x.db", "-s", *arguments, "log"], capture_output=True)
    same(ran.returncode, status)
    return ran.stdout


def ask(query):
    with sqlite3.connect("file:x.db?mode=ro", uri=True, timeout=30) as db:
        return db.execute(query).fetchall()


def counted():
    return ask("SELECT coalesce(sum(count), 0) FROM tally")[0][0]


def lines_counted():
    return ask("SELECT coalesce(sum(lines), 0) FROM run")[0][0]


def waits_for(value, what=counted):
    deadline = time.monotonic() + PATIENCE
    while what() != value:
        assert time.monotonic() < deadline, (what(), value)
        time.sleep(0.05)


def saves():
    """Every few seconds, and at the end."""
    put("log", lines(0, 20))
    program = following("-q", "log")
    same(program.read(len(noted(0, 10))), noted(10, 20))
    same(counted(), 20)
    append("log", lines(20, 30) + b"half ")
    same(program.read(len(noted(20, 30))), noted(20, 30))
    start = time.monotonic()
    waits_for(30)
    assert time.monotonic() - start < 15
    append("log", lines(30, 40))
    program.read(5 + len(noted(30, 40)))
    stop(program)
    same((counted(), lines_counted()), (40, 40))
    same(len(ask("SELECT id FROM run")), 1)  # one run, however often it was saved


def starts_where_it_left_off():
    put("log", lines(0, 10))
    nightly()
    append("log", lines(10, 12))
    rotate()
    put("log", lines(12, 14))
    rotate()
    put("log", lines(14, 16))
    program = following("-q", "log")
    same(program.read(len(noted(10, 16))), noted(10, 16))
    append("log", lines(16, 17))
    same(program.read(len(noted(16, 17))), noted(16, 17))
    same(stop(program), (b"", b""))
    same(counted(), 17)
    program = following("-q", "log")
    same(stop(program), (b"", b""))
    same((counted(), lines_counted()), (17, 17))


def from_now():
    put("log", lines(0, 10))
    program = following("-q", "--from-now", "log")
    append("log", lines(10, 12))
    same(program.read(len(noted(10, 12))), noted(10, 12))
    stop(program)
    same(counted(), 2)


def report():
    put("log", lines(0, 10))
    program = following("-s", "log")
    append("log", lines(10, 15))
    out, _ = stop(program)
    assert b"15 of 15 responses" in out, out
    # it was delivered
    out = nightly()
    assert b"0 of 0 responses" in out or b"no response" in out.lower(), out


def prometheus():
    put("log", lines(0, 10))
    nightly()
    program = following("--every", "1s", "-r", "x.prom", "log")
    append("log", lines(10, 15))
    deadline = time.monotonic() + PATIENCE
    while True:
        time.sleep(0.1)
        assert time.monotonic() < deadline
        if os.path.exists("x.prom") and any(
                'code="9018"' in line and line.endswith(" 15\n") for line in open("x.prom")):
            break
    same((counted(), lines_counted()), (15, 15))
    append("log", lines(15, 16))
    time.sleep(2.5)
    same((counted(), lines_counted()), (16, 16))
    stop(program)
    same((counted(), lines_counted()), (16, 16))
    same([name for name in os.listdir(".") if "prom" in name], ["x.prom"])


def nightly_between():
    """A nightly run takes in what was not saved yet; nothing is counted twice."""
    put("log", lines(0, 10))
    program = following("-q", "log")
    program.read(len(noted(0, 10)))
    for i in range(10, 60, 10):
        append("log", lines(i, i + 10))
        program.read(len(noted(i, i + 10)))
        out = nightly()
        assert b"%d of %d responses" % ((i + 10, i + 10) if i == 10 else (10, 10)) in out, out
        same(counted(), i + 10)
    stop(program)
    same((counted(), lines_counted()), (60, 60))


def in_use():
    """While others hold the database, lines are printed all the same."""
    put("log", lines(0, 10))
    program = following("log")
    program.read(len(noted(0, 10)))
    db = sqlite3.connect("x.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    append("log", lines(10, 12))
    program.read(len(noted(10, 12)))
    time.sleep(5.5)
    append("log", lines(12, 14))
    program.read(len(noted(12, 14)))
    db.execute("ROLLBACK")
    waits_for(14)
    db.execute("BEGIN IMMEDIATE")
    append("log", lines(14, 15))
    program.read(len(noted(14, 15)))
    _, err = stop(program)
    assert b"database 'x.db' is in use: what came last is left for the next run" in err, err
    db.execute("ROLLBACK")
    nightly()
    same((counted(), lines_counted()), (15, 15))


def killed():
    """Killed at any time, followed or taken in anew, rotated meanwhile: every line once."""
    seed = int(os.environ.get("JGANNOTATE_SEED", random.randrange(1 << 30)))
    print("JGANNOTATE_SEED", seed)
    chance = random.Random(seed)
    end = time.monotonic() + 12
    put("log")
    total = rounds = 0
    while time.monotonic() < end:
        rounds += 1
        arguments = chance.choice((["-q"], ["-o", "none"], ["-q", "--every", "1s", "-r", "x.prom"]))
        program = Program("-F", "-d", "x.db", *arguments, "log", stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(chance.randrange(1, 6)):
            more = chance.randrange(1, 400)
            append("log", lines(total, total + more))
            total += more
            if chance.random() < 0.4:
                rotate()
                put("log")
            if chance.random() < 0.2:
                nightly("--wait")
            time.sleep(chance.choice((0, 0.01, 0.1, 0.4)))
        if chance.random() < 0.3:
            time.sleep(chance.random() * 1.5)
        program.send(chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM)))
        program.wait()
    nightly()
    same((counted(), lines_counted()), (total, total))
    assert rounds > 2
    with sqlite3.connect("x.db") as db:
        same(db.execute("PRAGMA integrity_check").fetchall(), [("ok",)])


def refused():
    put("log", lines(0, 1))
    nightly()
    db = sqlite3.connect("x.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    program = Program("-F", "-d", "x.db", "log", stdin=subprocess.DEVNULL)
    status, out, err = program.end()
    same((status, out), (4, b""))
    assert b"in use" in err, err


def reader_gone():
    put("log", lines(0, 10))
    reader, writer = os.pipe()
    program = following("log", stdout=writer)
    os.close(writer)
    read_exactly(reader, len(noted(0, 10)))
    append("log", lines(10, 20))
    read_exactly(reader, len(noted(10, 20)))
    program.is_waiting()
    os.close(reader)
    same(program.wait(), -signal.SIGPIPE)
    same(counted(), 20)


def absent():
    """A log that is not there yet is named once."""
    program = following("log")
    program.read_until(b"'log' is not there yet; waiting\n", "stderr")
    put("log", lines(0, 3))
    same(program.read(len(noted(0, 3))), noted(0, 3))
    _, err = stop(program)
    assert b"cannot open" not in err, err
    same(counted(), 3)


main(globals())
