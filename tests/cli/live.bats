load common

live() {
	python3 "$HERE/live.py" "$1"
}

@test "a line is read back annotated while the pipe stays open (77)" { live one_line; }
@test "a line that comes in two halves is one line (77)" { live two_halves; }
@test "a line that comes byte by byte is one line (49)" { live byte_by_byte; }
@test "-o json: an object is out while the pipe stays open (77)" { live json_objects; }
@test "--only: a chosen line is out while the pipe stays open (77)" { live only; }
@test "a program before it in the pipe changes nothing (77)" { live another_pipe; }
@test "a socket at both ends (47)" { live socket; }
@test "the line is there at once: no timer" { live latency; }
@test "tail -f: each line is out when it was written (77)" { live tail; }
@test "a slow reader loses nothing (75)" { live slow_reader; }
@test "a non-blocking standard input is waited for (49)" { live nonblocking_stdin; }
@test "a non-blocking standard output loses nothing (75)" { live nonblocking_stdout; }
@test "a report into a non-blocking pipe is whole (75)" { live nonblocking_report; }
@test "STOP and CONT are harmless (77)" { live stop_and_continue; }
@test "an over-long line flows while it grows (37)" { live long_line; }
