"""A running program whose ends can be held: what live.py, signals.py and others share."""
import fcntl
import os
import select
import signal
import subprocess
import sys
import time

PATH = os.environ["JGANNOTATE"]
PATIENCE = 30  # seconds; only a hang gets there
LINE = b"code=9018\n"
NOTED = b"code=9018 [account: appKey no money]\n"
F_SETPIPE_SZ = 1031
F_GETPIPE_SZ = 1032

# a shell's background job ignores INT, and what it starts inherits that
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGPIPE):
    signal.signal(number, signal.SIG_DFL)


def small_pipe():
    """A pipe of one page: it is full soon."""
    reader, writer = os.pipe()
    fcntl.fcntl(reader, F_SETPIPE_SZ, 4096)
    return reader, writer


class Program:
    """jgannotate with pipes at all three ends, or whatever is given in their place. `before` is a
    command that becomes it."""

    def __init__(self, *arguments, before=(), **ends):
        for name in ("stdin", "stdout", "stderr"):
            ends.setdefault(name, subprocess.PIPE)
        self.process = subprocess.Popen([*before, PATH, *arguments], bufsize=0, **ends)
        self.pid = self.process.pid

    def write(self, data):
        self.process.stdin.write(data)

    def read(self, size, end="stdout"):
        """Exactly `size` bytes, while the program runs on."""
        return read_exactly(getattr(self.process, end).fileno(), size)

    def read_until(self, text, end="stdout"):
        fd = getattr(self.process, end).fileno()
        got = b""
        deadline = time.monotonic() + PATIENCE
        while text not in got:
            got += read_some(fd, deadline, got)
        return got

    def send(self, number):
        self.process.send_signal(number)

    def is_waiting(self):
        """Waits until the program sleeps, so that what it has was dealt with."""
        deadline = time.monotonic() + PATIENCE
        asleep = 0
        while asleep < 3:
            with open(f"/proc/{self.pid}/stat", "rb") as f:
                state = f.read().rpartition(b") ")[2][:1]
            asleep = asleep + 1 if state == b"S" else 0
            assert time.monotonic() < deadline, "never came to rest"
            time.sleep(0.002)

    def wait(self):
        return self.process.wait(PATIENCE)

    def end(self):
        """Closes standard input; returns status and the rest of both outputs."""
        out, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, out, err


def read_some(fd, deadline, got=b""):
    ready, _, _ = select.select([fd], [], [], max(0, deadline - time.monotonic()))
    assert ready, f"nothing came within {PATIENCE} s, after {got[-200:]!r}"
    data = os.read(fd, 65536)
    assert data, f"closed after {got[-200:]!r}"
    return data


def read_exactly(fd, size):
    got = b""
    deadline = time.monotonic() + PATIENCE
    while len(got) < size:
        ready, _, _ = select.select([fd], [], [], max(0, deadline - time.monotonic()))
        assert ready, f"only {got[-200:]!r} within {PATIENCE} s"
        data = os.read(fd, size - len(got))
        assert data, f"closed after {got[-200:]!r}"
        got += data
    return got


def is_sanitized():
    with open(PATH, "rb") as f:
        program = f.read()
    return any(name in program for name in (b"__asan_init", b"__tsan_init", b"__msan_init"))


def main(tests):
    """Runs the function that the command line names."""
    tests[sys.argv[1]]()


def same(got, expected):
    assert got == expected, f"\ngot      {got[-600:]!r}\nexpected {expected[-600:]!r}" \
        if isinstance(got, bytes) else f"\ngot      {got!r}\nexpected {expected!r}"


__all__ = [name for name in dir() if not name.startswith("__")]
