load common

@test "no control character of a log, a name or an option gets to a terminal, whatever is asked for (63, 83, 84, 98)" { python3 "$HERE/controls.py" terminal; }
@test "the same reports are byte-exact in a pipe" { python3 "$HERE/controls.py" piped; }
