"""Ctrl-C on a terminal of its own, for typed.bats."""
import pty
import termios

from program import *


def interrupted(*arguments):
    """What the terminal shows of a run that waits for input and is stopped by Ctrl-C."""
    reader, writer = os.pipe()
    child, master = pty.fork()
    if child == 0:
        os.dup2(reader, 0)
        os.close(writer)
        os.execv(PATH, ["jgannotate", *arguments])
    os.close(reader)
    modes = termios.tcgetattr(master)
    modes[1] &= ~termios.OPOST
    modes[3] |= termios.ECHOCTL | termios.ECHO | termios.ISIG
    termios.tcsetattr(master, termios.TCSANOW, modes)
    os.write(writer, b"code=9018\n")
    got = b""
    while b"9018" not in got and "-s" not in arguments:
        got += os.read(master, 4096)
    Program.is_waiting(type("Child", (), {"pid": child}))
    os.write(master, b"\x03")
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:
            break
        if not data:
            break
        got += data
    _, status = os.waitpid(child, 0)
    same(os.WTERMSIG(status), signal.SIGINT)
    os.close(writer)
    return got


def totals():
    same(interrupted("--color=never"), NOTED + b"^C\n1 error of 1 response (100.00%)\n9018 appKey no money 1\n")
    same(interrupted("--color=never", "-q"), NOTED + b"^C")
    shown = interrupted("--color=never", "-s")
    assert shown.startswith(b"^C\nstandard input "), shown


main({"totals": totals})
