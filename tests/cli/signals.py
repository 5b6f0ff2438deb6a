"""The parts of signals.bats: a running program is sent signals."""
from program import *

INT, TERM, HUP, USR1 = signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1


def started(*arguments, **ends):
    """A program that has dealt with one line and waits for the next."""
    program = Program(*arguments, **ends)
    program.write(b"start\n")
    program.read(6)
    program.is_waiting()
    return program


def ends_by(number):
    program = started()
    program.write(LINE)
    same(program.read(len(NOTED)), NOTED)
    program.send(number)
    same(program.wait(), -number)
    same(program.process.stdout.read(), b"")
    err = program.process.stderr.read()
    assert b"1 error of 1 response" in err, err


def ends_by_int():
    ends_by(INT)


def ends_by_term():
    ends_by(TERM)


def ends_by_hup():
    ends_by(HUP)


def lines_received():
    """What was in the pipe when the signal came is finished, and no more."""
    program = started()
    program.send(signal.SIGSTOP)
    program.write(LINE * 1000 + b"code=90")
    program.send(INT)
    program.send(signal.SIGCONT)
    out = program.read(1000 * len(NOTED))
    same(out, NOTED * 1000)
    same(program.wait(), -INT)
    same(program.process.stdout.read(), b"")
    err = program.process.stderr.read()
    assert b"1,000 errors of 1,000 responses" in err, err


def behind_long_line():
    """Lines that came together with the end of an over-long one are finished too."""
    program = Program()
    import threading
    front = b"a" * (2 << 20)
    writer = threading.Thread(target=program.write, args=(front,))
    writer.start()
    program.read(len(front))
    writer.join()
    program.is_waiting()
    program.send(signal.SIGSTOP)
    program.write(b"a\n" + LINE)
    program.send(INT)
    program.send(signal.SIGCONT)
    same(program.read(2 + len(NOTED)), b"a\n" + NOTED)
    same(program.wait(), -INT)


def endless_writer():
    """A writer that never stops does not keep it."""
    yes = subprocess.Popen(["yes", "code=9018"], stdout=subprocess.PIPE)
    program = Program(stdin=yes.stdout)
    yes.stdout.close()
    program.read(len(NOTED))
    program.send(INT)
    _, out, err = program.end()
    same(program.wait(), -INT)
    same(out[-len(NOTED):], NOTED)
    count = format(out.count(b"\n") + 1, ",").encode()
    assert count + b" errors of " + count + b" responses" in err, (count, err)
    yes.wait()


def report():
    program = Program("-s")
    program.write(LINE)
    program.is_waiting()
    program.send(TERM)
    same(program.wait(), -TERM)
    out = program.process.stdout.read()
    assert b"1 of 1 response" in out and b"appKey no money" in out, out


def report_file():
    program = Program("-r", "r.json")
    program.write(LINE)
    program.is_waiting()
    program.send(INT)
    same(program.wait(), -INT)
    import json
    with open("r.json") as f:
        same(json.load(f)["errors"], 1)


def later_inputs():
    """After a signal no further input is begun."""
    with open("log", "wb") as log:
        log.write(LINE)
    program = started("-", "log")
    program.send(INT)
    same(program.wait(), -INT)
    same(program.process.stdout.read(), b"")


def waiting_fifo():
    """A FIFO that nobody has opened for writing does not keep it."""
    os.mkfifo("fifo")
    program = Program("fifo", stdin=subprocess.DEVNULL)
    program.is_waiting()
    program.send(INT)
    same(program.wait(), -INT)


def second(first, then):
    """Stuck in front of a full pipe: the first signal waits, the second ends it."""
    reader, writer = small_pipe()
    with open("in", "wb") as f:
        f.write(LINE * 100000)
    program = Program("in", stdout=writer, stdin=subprocess.DEVNULL)
    os.close(writer)
    program.is_waiting()
    program.send(first)
    program.is_waiting()
    same(program.process.poll(), None)
    program.send(then)
    same(program.wait(), -then)
    os.close(reader)


def second_int():
    second(INT, INT)


def stuck_reader():
    """Nobody takes the lines: the signal does not wait for them."""
    reader, writer = small_pipe()
    program = Program(stdout=writer)
    os.close(writer)
    program.write(LINE * 5000)
    program.is_waiting()
    program.send(TERM)
    same(program.wait(), -TERM)
    os.close(reader)


def stuck_report():
    """Nobody takes a report that was asked for through a descriptor."""
    reader, writer = small_pipe()
    program = Program("-r", "json:/dev/fd/%d" % writer, pass_fds=[writer])
    os.close(writer)
    program.write(b"".join(b"code=9018 code=%d\n" % code for code in range(1000, 9000)) * 10)
    program.process.stdin.close()
    program.is_waiting()
    program.send(TERM)
    same(program.wait(), -TERM)
    os.close(reader)


def long_search():
    """A packed file of a database is searched for where it goes on; nothing is lost by the end."""
    import gzip
    with open("api.log", "wb") as log:
        log.write(LINE * 3)
    run = lambda *names: subprocess.run([PATH, "-d", "a.db", "-r", "json", *names],
                                        stdout=subprocess.PIPE, check=True).stdout
    assert b'"responses": 3' in run("api.log")
    with open("api.log.1.gz", "wb") as log:
        log.write(gzip.compress(b"\0" * (64 << 20), 1) * 2000)
    program = Program("-d", "a.db", "-s", "api.log")
    deadline = time.monotonic() + PATIENCE
    while int(open(f"/proc/{program.pid}/stat", "rb").read().split(b") ")[1].split()[11]) < 20:
        assert time.monotonic() < deadline, "it does not work"
        time.sleep(0.01)
    program.send(TERM)
    same(program.wait(), -TERM)
    os.remove("api.log.1.gz")
    with open("api.log", "ab") as log:
        log.write(LINE)
    run("api.log")
    assert b'"responses": 4' in run(), run()


def int_then_term():
    second(INT, TERM)


def usr1():
    program = started()
    program.send(USR1)
    err = program.read_until(b"no codes in 1 line", "stderr")
    program.write(LINE)
    same(program.read(len(NOTED)), NOTED)
    program.is_waiting()
    program.send(USR1)
    err = program.read_until(b"appKey no money 1\n", "stderr")
    assert b"1 error of 1 response" in err, err
    program.write(LINE)
    same(program.read(len(NOTED)), NOTED)
    status, out, err = program.end()
    same((status, out), (0, b""))
    assert b"2 errors of 2 responses" in err, err


def usr1_report():
    """With a report, USR1 tells the totals on standard error and writes no report yet."""
    program = Program("-s")
    program.write(LINE)
    program.is_waiting()
    program.send(USR1)
    program.read_until(b"1 error of 1 response", "stderr")
    program.write(LINE)
    status, out, _ = program.end()
    same(status, 0)
    same(out.count(b"ERRORS"), 1)
    assert b"2 of 2 responses" in out, out


def usr1_storm():
    """Signals in the middle of everything lose and double nothing."""
    count = 20000
    data = b"".join(b"%d %s" % (i, LINE) for i in range(count))
    import threading
    program = Program(stderr=subprocess.DEVNULL)
    got = []
    reader = threading.Thread(target=lambda: got.append(program.process.stdout.read()))
    reader.start()
    program.write(data[:5000])
    program.is_waiting()
    for i in range(5000, len(data), 5000):
        program.write(data[i:i + 5000])
        program.send(USR1)
    program.process.stdin.close()
    reader.join(PATIENCE)
    same(program.wait(), 0)
    same(got[0], b"".join(b"%d %s" % (i, NOTED) for i in range(count)))


def closed_pipe():
    reader, writer = os.pipe()
    os.close(reader)
    program = Program(stdout=writer)
    os.close(writer)
    program.write(LINE)
    status, _, err = program.end()
    same((status, err), (-signal.SIGPIPE, b""))


def closed_pipe_report():
    reader, writer = os.pipe()
    os.close(reader)
    program = Program("-s", stdout=writer)
    os.close(writer)
    program.write(LINE)
    status, _, err = program.end()
    same((status, err), (-signal.SIGPIPE, b""))


def closed_pipe_explain():
    reader, writer = os.pipe()
    os.close(reader)
    program = Program("--explain", stdout=writer)
    os.close(writer)
    status, _, err = program.end()
    same((status, err), (-signal.SIGPIPE, b""))


def group():
    """Ctrl-C: the same signal to the whole group, the reader of standard output dies of
    it first; the totals still come."""
    reader, writer = os.pipe()
    program = Program(stdout=writer)
    os.close(writer)
    program.write(LINE)
    same(read_exactly(reader, len(NOTED)), NOTED)
    program.send(signal.SIGSTOP)
    os.close(reader)
    program.write(LINE)
    program.send(INT)
    program.send(signal.SIGCONT)
    same(program.wait(), -INT)
    err = program.process.stderr.read()
    assert b"2 errors of 2 responses" in err, err


def group_real():
    """The same with a real group: sh runs a pipe into cat, and all get SIGINT."""
    feed, end = os.pipe()
    # a pipeline's members started in the background ignore INT, so the group is this sh
    shell = subprocess.Popen(["sh", "-c", '"$0" 2>err | cat', PATH], stdin=feed,
                             stdout=subprocess.PIPE, start_new_session=True)
    os.close(feed)
    os.write(end, LINE)
    same(read_exactly(shell.stdout.fileno(), len(NOTED)), NOTED)
    os.killpg(shell.pid, INT)
    shell.wait(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    text = b""
    while b"1 error of 1 response" not in text:
        assert time.monotonic() < deadline, text
        time.sleep(0.01)
        with open("err", "rb") as f:
            text = f.read()
    os.close(end)


def ignored():
    """What the caller ignores (nohup) stays ignored."""
    program = Program(preexec_fn=lambda: signal.signal(HUP, signal.SIG_IGN))
    program.write(LINE)
    program.read(len(NOTED))
    program.send(HUP)
    program.write(LINE)
    same(program.read(len(NOTED)), NOTED)
    status, _, err = program.end()
    same(status, 0)
    assert b"2 errors of 2" in err, err


def quiet():
    program = started("-q")
    program.send(INT)
    same(program.wait(), -INT)
    same(program.process.stderr.read(), b"")


def big_file():
    """In the middle of a large file, with threads: whole lines only, then the totals."""
    with open("in", "wb") as f:
        for i in range(40):
            f.write(LINE * 100000)
    reader, writer = os.pipe()
    program = Program("in", stdout=writer, stdin=subprocess.DEVNULL)
    os.close(writer)
    got = read_exactly(reader, 5 * len(NOTED))
    program.send(TERM)
    while True:
        piece = os.read(reader, 1 << 20)
        if not piece:
            break
        got += piece
    same(program.wait(), -TERM)
    same(len(got) % len(NOTED), 0)
    same(got, NOTED * (len(got) // len(NOTED)))
    err = program.process.stderr.read()
    count = b"%s" % format(len(got) // len(NOTED), ",").encode()
    assert count + b" errors of " + count in err, (count, err)


def shell():
    for number, status in ((INT, 130), (TERM, 143), (HUP, 129)):
        shell = subprocess.Popen(["sh", "-c", '"$0"; exit $?', PATH], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        shell.stdin.write(LINE)
        same(read_exactly(shell.stdout.fileno(), len(NOTED)), NOTED)
        with open(f"/proc/{shell.pid}/task/{shell.pid}/children") as f:
            os.kill(int(f.read().split()[0]), number)
        same(shell.wait(PATIENCE), status)


main(globals())
