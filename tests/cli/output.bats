load common

# on_terminal ARGS...: as `go`, standard output a terminal.
on_terminal() {
	status=0
	python3 "$HERE/terminal.py" "$@" >out 2>err || status=$?
}

# out_is TEXT: printf's escapes.
out_is() {
	printf '%b' "$1" | cmp - out && return
	cat -v out
	return 1
}

no_temporaries() {
	same "$(find . -name '.jgannotate*' | wc -l)" 0
}

@test "a full disk: named, exit 1, the totals still come (73)" {
	[ -w /dev/full ] || skip "no /dev/full"
	status=0
	"$JGANNOTATE" <<<'code=9018' >/dev/full 2>err || status=$?
	exits 1
	holds err "cannot write to standard output: No space left on device"
	holds err "1 error of 1 response"
}

@test "a full disk for every kind of output (73)" {
	[ -w /dev/full ] || skip "no /dev/full"
	for words in "-o json" "-s" "-r json" "--only error" "--help" "--version" "--explain"; do
		status=0
		# shellcheck disable=SC2086
		"$JGANNOTATE" $words <<<'code=9018' >/dev/full 2>err || status=$?
		exits 1
		same "$(grep -c 'No space left on device' err)" 1
	done
}

@test "a disk that becomes full: what fits is there, exit 1 (73)" {
	yes 'x code=9018' | head -n 20000 >in
	status=0
	(ulimit -f 100; trap '' XFSZ; "$JGANNOTATE" in) >out 2>err || status=$?
	exits 1
	holds err "cannot write to standard output: File too large"
	same "$(wc -c <out)" 102400
	"$JGANNOTATE" -q in | head -c 102400 | cmp - out
}

@test "standard output closed, nothing to print: exit 0 (76)" {
	status=0
	"$JGANNOTATE" -o none <<<'code=9018' >&- 2>err || status=$?
	exits 0
	status=0
	"$JGANNOTATE" -r r.json <<<'code=9018' >&- 2>err || status=$?
	exits 0
	holds r.json '"code": 9018'
}

@test "-r replaces a file as a whole (78)" {
	printf 'old\n' >r.json
	ln r.json other_name
	go -r r.json <<<'code=9018'
	exits 0
	empty out
	python3 -m json.tool r.json >/dev/null
	# a new file: the old one, under its other name, is untouched
	same "$(cat other_name)" old
	no_temporaries
}

@test "-r: 0644 less umask, the mode of a file that was there stays (78)" {
	(umask 027; "$JGANNOTATE" -r new.json -r new.txt <<<'code=9018')
	same "$(stat -c %a new.json new.txt | paste -sd' ')" "640 640"
	touch kept.json
	chmod 600 kept.json
	go -r kept.json <<<'code=9018'
	same "$(stat -c %a kept.json)" 600
}

@test "-r: no room for a new report, the old one stands, exit 1 (78)" {
	printf 'old\n' >r.txt
	status=0
	(ulimit -f 0; trap '' XFSZ; exec "$JGANNOTATE" -r r.txt) < <(echo code=9018) >/dev/null 2>&1 || status=$?
	same "$status" 1
	same "$(cat r.txt)" old
	no_temporaries
}

@test "-r: no room and the signal XFSZ at its default, the old report stands (78)" {
	printf 'old\n' >r.txt
	status=0
	(ulimit -f 0; exec "$JGANNOTATE" -q -r r.txt) < <(echo code=9018) 2>&1 | cat >out
	holds out "cannot write 'r.txt': File too large"
	same "$(cat r.txt)" old
	no_temporaries
}

@test "-r: a folder that is missing, a directory, a path below a file: exit 1, the others are written (78)" {
	mkdir dir.txt
	printf 'x\n' >file
	go -r missing/r.txt -r text:dir.txt -r file/r.json -r good.json <<<'code=9018'
	exits 1
	holds err "cannot write 'missing/r.txt': No such file or directory"
	holds err "cannot write 'dir.txt': Is a directory"
	holds err "cannot write 'file/r.json': Not a directory"
	python3 -m json.tool good.json >/dev/null
	same "$(cat file)" x
	no_temporaries
}

@test "-r: a read-only folder, the old report stands (78)" {
	mkdir dir
	printf 'old\n' >dir/r.txt
	chmod 555 dir
	bound -r dir/r.txt <<<'code=9018'
	chmod 755 dir
	exits 1
	same "$(cat dir/r.txt)" old
}

@test "-r through a symbolic link replaces its target, the link stays (78)" {
	printf 'old\n' >target.txt
	ln -s target.txt link.txt
	go -r link.txt <<<'code=9018'
	exits 0
	[ -L link.txt ]
	holds target.txt appKey
}

@test "-r into a device or a descriptor writes there and replaces nothing (97)" {
	go -r text:/dev/null <<<'code=9018'
	exits 0
	[ -c /dev/null ]
	go -r json:/dev/fd/5 5> >(cat >got; touch ended) <<<'code=9018'
	exits 0
	until [ -e ended ]; do sleep 0.01; done
	python3 -m json.tool got >/dev/null
	for name in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
		printf 'first\n' >out
		"$JGANNOTATE" -r text:$name <<<'code=9018' >>out
		same "$(head -n 1 out)" first
		holds out 'appKey no money'
	done
	"$JGANNOTATE" -r json:/dev/stdout <<<'code=9018' | python3 -m json.tool >/dev/null
	[ -w /dev/full ] || return 0
	go -r text:/dev/full <<<'code=9018'
	exits 1
	holds err "No space left on device"
}

@test "-r: a FIFO, a socket and a block device are refused at once, the others are written (97)" {
	mkfifo fifo
	ln -s fifo link
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	words=()
	if mknod block b 7 200 2>/dev/null; then
		words=(-r text:block)
	fi
	status=0
	timeout 60 "$JGANNOTATE" -r text:fifo -r json:link -r csv:socket "${words[@]}" -r good.json \
		<<<'code=9018' >out 2>err || status=$?
	exits 1
	holds err "cannot write 'fifo': it is a FIFO; name a file, or a descriptor: /dev/fd/N"
	holds err "cannot write 'link': it is a FIFO"
	holds err "cannot write 'socket': it is a socket"
	[ "${#words[@]}" -eq 0 ] || holds err "cannot write 'block': it is a block device"
	[ -p fifo ]
	python3 -m json.tool good.json >/dev/null
	no_temporaries
}

@test "-r: another user's symbolic link is not followed (91, 97)" {
	[ "$(id -u)" -eq 0 ] || skip "only root can make another user's link"
	mkdir -m 1777 shared
	printf 'old\n' >target.txt
	ln -s ../target.txt shared/r.txt
	chown -h 12345 shared/r.txt
	go -r shared/r.txt -r good.txt <<<'code=9018'
	exits 1
	holds err "cannot write 'shared/r.txt': its part 'r.txt' is a symbolic link of another user, and is not followed"
	same "$(cat target.txt)" old
	holds good.txt appKey
	chown -h 0 shared/r.txt
	go -r shared/r.txt <<<'code=9018'
	exits 0
	holds target.txt appKey
}

@test "-r: odd file names" {
	long=$(head -c 250 /dev/zero | tr '\0' n).json
	go -r $'json:a\nb c' -r "$long" -r ./-x.json <<<'code=9018'
	exits 0
	[ -s "$long" ]
	[ -s $'a\nb c' ]
	[ -s ./-x.json ]
	no_temporaries
}

@test "a report stands when an input could not be read, exit 1" {
	printf 'code=9018\n' >log
	go -r r.json missing log
	exits 1
	holds r.json '"unreadable_files": 1'
	holds r.json '"responses": 1'
}

@test "--color=always colours the annotation only" {
	go -q --color=always < <(printf 'a code=9018 b\nplain\n{"code":9018,"x":1}\n')
	python3 - <<'END'
import re
text = open("out").read()
plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
assert plain == ('a code=9018 [account: appKey no money] b\nplain\n{"code":9018,'
                 '"code_outcome":"account","code_description":"appKey no money","x":1}\n'), plain
coloured = re.findall(r"\x1b\[[1-9][0-9;]*m(.*?)\x1b\[0?m", text)
assert coloured[0] == "[account: appKey no money]", coloured
assert set(coloured[1:]) <= {',"code_outcome":"account","code_description":"appKey no money"'}
assert text.count("\x1b[") == 2 * len(coloured), text
END
}

@test "--color=always: annotating twice is once, the tally is the same" {
	printf 'a code=9018 b\n\033[31mcode\033[0m=9011\n{"code":9001,"x":1}\n' >in
	go -q --color=always in
	mv out once
	go -q --color=always once
	cmp once out
	go -q once
	cmp once out
	go in
	mv err expected
	go once
	cmp err expected
}

@test "NO_COLOR and --color=never and TERM=dumb: no colour on a terminal" {
	printf 'code=9018\n' >in
	on_terminal -q in
	holds out $'\033['
	NO_COLOR=1 on_terminal -q in
	lacks out $'\033'
	on_terminal -q --color=never in
	lacks out $'\033'
	TERM=dumb on_terminal -q in
	lacks out $'\033'
	NO_COLOR=1 on_terminal -q --color=always in
	holds out $'\033['
	NO_COLOR='' on_terminal -q in
	holds out $'\033['
}

@test "the text report is coloured on a terminal, plain in a pipe and in a file" {
	printf 'code=9018\n' >in
	on_terminal -s in
	holds out $'\033['
	go -s -r r.txt in
	lacks out $'\033'
	lacks r.txt $'\033'
	on_terminal -s --color=never in
	lacks out $'\033'
}

@test "the text report fits the terminal" {
	printf 'code=%s\n' 9018 9011 9001 9000 >in
	for width in 60 80 120; do
		on_terminal --width $width -s --color=never in
		exits 0
		python3 - $width <<'END'
import sys
longest = max(len(line.rstrip("\n")) for line in open("out", encoding="utf-8"))
assert longest <= int(sys.argv[1]), longest
END
	done
}

@test "on a terminal control characters are shown, not sent (83)" {
	printf 'a\033]0;title\007b\033[2Jc\rd\bcode=9018\177\302\233x\tend\n' >in
	on_terminal -q --color=never in
	exits 0
	out_is 'a\\x1b]0;title\\x07b\\x1b[2Jc\\x0dd\\x08code=9018 [account: appKey no money]\\x7f\\xc2\\x9bx\tend\n'
}

@test "on a terminal bytes that are not UTF-8 are shown, UTF-8 passes (83)" {
	printf '\344\270\255\346\226\207 \326\320 code=9018\n' >in
	LC_ALL=C on_terminal -q --color=never in
	out_is '\344\270\255\346\226\207 \\xd6\\xd0 code=9018 [account: appKey no money]\n'
}

@test "on a terminal a CR before LF passes (83)" {
	printf 'x\r\ncode=9018\r\n' >in
	on_terminal -q --color=never in
	out_is 'x\r\ncode=9018 [account: appKey no money]\r\n'
}

@test "on a terminal the log's own colours pass and are reset (83)" {
	printf '\033[31mred\nplain\n\033[1;32mcode=9018\n' >in
	on_terminal -q --color=never in
	out_is '\033[31mred\033[0m\nplain\n\033[1;32mcode=9018 [account: appKey no money]\033[0m\n'
}

@test "on a terminal an over-long line is safe too (83)" {
	{ head -c 1048600 /dev/zero | tr '\0' a; printf '\033[2J\007\nend\n'; } >in
	on_terminal -q in
	exits 3
	lacks out $'\033[2J'
	holds out '\x1b[2J\x07'
	holds out end
}

@test "on a terminal file names and unlisted texts are safe in reports (83)" {
	name=$'n\033[2Jx'
	printf '{"id":1,"code":9023,"content":"a\033[2J\302\233b"}\n' >"$name"
	on_terminal -s "$name"
	exits 0
	lacks out $'\033[2J'
	lacks out $'\302\233'
	holds out 9023
}

@test "-v shows held-back lines safely (83)" {
	printf '{"code":0,"msg":"\033[2Jok\377"}\n' >in
	go -v in
	lacks err $'\033'
	holds err 'held back 0'
	holds err '\x1b[2Jok\xff'
}

@test "into a pipe every byte is as it was (83)" {
	printf 'a\033]0;title\007b\033[2Jc\rd\377\n' >in
	go -q in
	cmp in out
}

@test "totals on a terminal, the lines into a file: both are right" {
	printf 'code=9018\n' >in
	python3 "$HERE/terminal.py" --stderr in >got
	holds got "1 error of 1 response"
	holds got "[account: appKey no money]"
}

@test "reading from a terminal says what is awaited" {
	python3 - "$JGANNOTATE" <<'END'
import os, pty, sys
child, master = pty.fork()
if child == 0:
    os.execv(sys.argv[1], ["jgannotate", "-q"])
def until(text):
    got = b""
    while text not in got:
        got += os.read(master, 1024)
    return got
until(b"end with Ctrl-D\r\n")
os.write(master, b"code=9018\n")
until(b"appKey no money")
os.write(master, b"\x04")
try:
    while os.read(master, 1024):
        pass
except OSError:
    pass
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
END
}

@test "Ctrl-C at the terminal: totals, then it dies of INT" {
	python3 - "$JGANNOTATE" <<'END'
import os, pty, signal, sys, termios
child, master = pty.fork()
if child == 0:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execv(sys.argv[1], ["jgannotate"])
got = b""
def until(text):
    global got
    while text not in got:
        got += os.read(master, 1024)
until(b"end with Ctrl-D\r\n")
modes = termios.tcgetattr(master)
modes[3] |= termios.NOFLSH  # or Ctrl-C may flush what was printed because of it
termios.tcsetattr(master, termios.TCSANOW, modes)
os.write(master, b"code=9018\n")
until(b"appKey no money")
os.write(master, b"\x03")
until(b"1 error of 1 response")
try:
    while os.read(master, 1024):
        pass
except OSError:
    pass
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
assert status == -signal.SIGINT, status
END
}
