load common

# Where the log must not be read, it is a FIFO nobody writes to: reading it would hang.
unread() {
	mkfifo never
	status=0
	timeout 20 "$JGANNOTATE" "$@" never >out 2>err || status=$?
}

@test "--help and --version go to standard output, exit 0" {
	go --help
	exits 0
	empty err
	holds out "usage: jgannotate"
	[ "$(wc -l <out)" -le 50 ]
	[ "$(awk '{ if (length > most) most = length } END { print most }' out)" -le 80 ]
	go -h
	exits 0
	go --version
	exits 0
	empty err
	grep -qxE 'jgannotate [0-9]+\.[0-9]+\.[0-9]+' out
}

@test "an unknown option: two lines, exit 2, no input read (94)" {
	unread --summry
	is_usage_error "did you mean '--summary'"
	rm never
	unread -Y
	is_usage_error "unknown option '-Y'"
}

@test "a missing argument: exit 2 before input is read (94)" {
	mkfifo never
	status=0
	timeout 20 "$JGANNOTATE" never -r >out 2>err || status=$?
	is_usage_error "'-r' needs an argument"
}

@test "contradicting options: exit 2 before input is read or a file is changed (94)" {
	printf 'old\n' >r.json
	while read -r words; do
		rm -f never
		# shellcheck disable=SC2086
		unread $words
		is_usage_error ""
		same "$(cat r.json)" old
	done <<'END'
-r text -r json
-s -r json
-o lines -s
-o json -r text
-r r.json -r json:r.json
-s --only error
-o none --only error
-r r.json --only error
--explain -s
--explain -o json
END
}

@test "a bad argument names what was meant: exit 2" {
	while IFS='|' read -r words text hint; do
		rm -f never
		# shellcheck disable=SC2086
		unread $words
		is_usage_error "$text" ${hint:+"$hint"}
	done <<'END'
-o jsn|did you mean 'json'
-o x|lines, json or none|to print only some lines: --only LIST
-r jsno|did you mean 'json'
-r json:|no file behind
--add outcom|did you mean 'outcome'
--add outcome,,notes|empty word
--color=alway|did you mean 'always'
--top 0|from 1 to|all rows: --top 1000000; all counts: -r csv
--top x|from 1 to|all rows: --top 1000000; all counts: -r csv
--top 99999999999999999999|from 1 to|all rows: --top 1000000; all counts: -r csv
--lang fr|en or zh|try: --lang en
--summary=x|takes no argument|try: --summary
--trust no|normal
--o lines|ambiguous
END
}

@test "an unknown word in --only and --errors: the nearest, exit 2, no input read" {
	unread --only sucess
	is_usage_error "'success'"
	rm never
	unread --errors servr
	is_usage_error "'server'"
	rm never
	unread --only 9018,foo
	is_usage_error "'foo'"
}

@test "an empty key: exit 2" {
	unread -k ''
	is_usage_error "empty name"
}

@test "-c of grep's counting and -v of grep's inverting: the error says what is wanted" {
	unread -c pattern
	exits 2
	holds err "catalog 'pattern'"
	same "$(tail -n 1 err)" '-c reads a catalog; to count: -s'
	printf 'code=9018\n' >log
	rm never
	unread -c log
	exits 2
	same "$(tail -n 1 err)" '-c reads a catalog; to count: -s'
	rm never
	unread -c missing.tsv
	lacks err 'to count'
	go -v pattern log
	exits 1
	same "$(sed -n 2p err)" '-v tells of lines held back; to leave lines out: --only=-LIST'
	go pattern log
	lacks err '-v tells'
}

@test "a number as a missing FILE gives the hint to look it up" {
	go 9018
	exits 1
	holds err "cannot open '9018'"
	holds err "to look it up: jgannotate --explain 9018"
	printf 'code=9018\n' >'9018'
	go 9018
	exits 0
	lacks err "look it up"
}

@test "options may stand behind files, -- ends them, long ones may be shortened" {
	printf 'code=9018\n' >log
	go log --summ
	exits 0
	holds out "1 of 1 response"
	go -- log --summ
	exits 1
	holds err "cannot open '--summ'"
	go -qrjson log
	exits 0
	python3 -m json.tool out >/dev/null
}

@test "10,000 file names (90)" {
	printf 'code=9018\n' >f
	python3 - "$JGANNOTATE" <<'END'
import subprocess, sys
done = subprocess.run([sys.argv[1], "-o", "none"] + ["f"] * 10000, stderr=subprocess.PIPE)
assert done.returncode == 0, done
assert b"10,000 errors of 10,000 responses" in done.stderr, done.stderr
END
}

@test "no argv[0] (90)" {
	python3 - "$JGANNOTATE" <<'END'
import ctypes, os, sys
child = os.fork()
if child == 0:
    null = os.open("/dev/null", os.O_RDWR)
    for fd in range(3):
        os.dup2(null, fd)
    ctypes.CDLL(None).execv(sys.argv[1].encode(), (ctypes.c_char_p * 1)(None))
    os._exit(99)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
assert status == 0, status
END
}

@test "hostile environment: HOME, LC_ALL, COLUMNS, TERM (90)" {
	printf 'code=9018\n' >in
	for value in '' "$(head -c 100000 /dev/zero | tr '\0' x)" $'\377%n%s\n'; do
		status=0
		env -i HOME="$value" LC_ALL="$value" LC_CTYPE="$value" TZ="$value" \
			COLUMNS="$value" TERM="$value" LANG="$value" \
			"$JGANNOTATE" -s in >out 2>err || status=$?
		exits 0
		holds out "appKey no money"
	done
}

@test "exit 0: done, whatever was found" {
	go <<<'code=9018'
	exits 0
	go <<<'code=9001'
	exits 0
	go <<<'nothing'
	exits 0
}

@test "exit 1 wins over 3, everything readable was done" {
	{ head -c 1100000 /dev/zero | tr '\0' a; printf '\ncode=9018\n'; } >long
	go -o none long
	exits 3
	go -o none missing long
	exits 1
	holds err "cannot open 'missing'"
	holds err "1 error of 1 response"
	holds err "longer than 1 MiB"
}
