"""Runs jgannotate on a terminal of its own: terminal.py [--width N] [--stderr] ARGS...

What the terminal got goes to standard output as it is (the terminal adds no CR).
--stderr: standard error goes there too, otherwise it stays.
The exit status is the program's."""
import fcntl
import os
import pty
import struct
import sys
import termios

arguments = sys.argv[1:]
width = 100
with_stderr = False
while arguments and arguments[0] in ("--width", "--stderr"):
    if arguments.pop(0) == "--stderr":
        with_stderr = True
    else:
        width = int(arguments.pop(0))

master, slave = pty.openpty()
modes = termios.tcgetattr(slave)
modes[1] &= ~termios.OPOST
termios.tcsetattr(slave, termios.TCSANOW, modes)
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 25, width, 0, 0))
child = os.fork()
if child == 0:
    os.dup2(slave, 1)
    if with_stderr:
        os.dup2(slave, 2)
    os.execv(os.environ["JGANNOTATE"], ["jgannotate", *arguments])
os.close(slave)
while True:
    try:
        data = os.read(master, 65536)
    except OSError:  # the terminal's last user is gone
        break
    if not data:
        break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
