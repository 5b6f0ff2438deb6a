load common

hostile() {
	python3 "$HERE/hostile.py" "$1"
}

@test "a stream of any length through a pipe: under 8 MiB of memory (37)" { hostile memory_stream; }
@test "a tally of a stream: under 8 MiB of memory (37)" { hostile memory_tally; }
@test "millions of different numbers under a key: under 8 MiB of memory (37)" { hostile memory_other_numbers; }
@test "a line of 64 MiB, with JGANNOTATE_LONG=1 of 2 GiB: under 8 MiB, exit 3 (37)" { hostile memory_long_line; }
@test "nothing but LFs: under 8 MiB of memory (38)" { hostile memory_newlines; }
@test "nothing but NULs: under 8 MiB of memory (38)" { hostile memory_nuls; }
@test "every byte value around a code passes, and hides none (39)" { hostile all_bytes; }
@test "a mebibyte of random bytes passes as it is (39)" { hostile random_bytes; }
@test "the same output for every read size (43)" { hostile read_sizes; }
@test "a hit on every offset of a block's end (43)" { hostile boundaries; }
@test "a file that grows while it is read (46)" { hostile growing; }
@test "a file that shrinks while it is read (46)" { hostile shrinking; }
@test "reads of one byte, signals between them (49)" { hostile short_reads; }
@test "any standard descriptors closed at start (76)" { hostile descriptors; }

@test "a long line passes unchanged, its first MiB is searched, it is counted (37)" {
	{ printf 'code=9018 '; head -c 5000000 /dev/zero | tr '\0' a; printf ' code=9011\ncode=9001\n'; } >in
	go in
	exits 3
	sed 's/9018/9018 [account: appKey no money]/; s/9001/9001 [negative: verify not consistent]/' in | cmp - out
	holds err "1 error of 2 responses"
	holds err "1 line longer than 1 MiB: only the first 1 MiB was searched"
}

@test "a long line comes out the same through a pipe and for other read sizes (37)" {
	{ printf 'x\ncode=9018 '; head -c 2500000 /dev/zero | tr '\0' a; printf ' code=9011\ncode=9001\n'; } >in
	go in
	cp out expected
	go < <(cat in)
	cmp out expected
	for size in 1000 4096 1000000; do
		JGANNOTATE_TEST_READ_SIZE=$size go in
		cmp out expected
		exits 3
	done
}

@test "a line of exactly 1 MiB is searched whole (37)" {
	{ head -c $((1048576 - 10)) /dev/zero | tr '\0' a; printf ' code=9018\n'; } >in
	go in
	exits 0
	holds err "1 error of 1 response"
	{ printf a; cat in; } >longer
	go longer
	exits 3
	lacks err "1 error"
	cmp out longer
}

@test "--only with a long line: all of it or nothing (37)" {
	{ printf 'code=9018 '; head -c 3000000 /dev/zero | tr '\0' a; printf '\ncode=9001\n'; } >in
	go -q --only error in
	exits 3
	same "$(wc -l <out)" 1
	same "$(wc -c <out)" $((3000000 + 11 + 27))
	go -q --only negative in
	same "$(cat out)" 'code=9001 [negative: verify not consistent]'
}

@test "a NUL run in front of text, as copytruncate leaves it (42)" {
	{ head -c 10000 /dev/zero; printf 'code=9018\n'; } >in
	go in
	exits 0
	{ head -c 10000 /dev/zero; printf 'code=9018 [account: appKey no money]\n'; } | cmp - out
}

@test "a hole of 1 TiB in front of text is passed at once with -s (42)" {
	truncate -s 1T in || skip "no sparse files here"
	printf '\ncode=9018\n' >>in
	status=0
	timeout 60 "$JGANNOTATE" -s in >out 2>err || status=$?
	holds out "1 of 1 response"
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
}

@test "a directory is named, the others are done, exit 1 (47)" {
	mkdir dir
	printf 'code=9018\n' >log
	go dir log
	exits 1
	holds err "'dir' is a directory"
	same "$(cat out)" 'code=9018 [account: appKey no money]'
	go <"$PWD"
	exits 1
	holds err "'standard input' is a directory"
}

@test "missing, below a file, a loop of links: named, the others are done, exit 1 (47)" {
	printf 'code=9018\n' >log
	ln -s loop loop
	go missing log/below loop log "$(head -c 300 /dev/zero | tr '\0' n)"
	exits 1
	holds err "cannot open 'missing': No such file or directory"
	holds err "cannot open 'log/below': Not a directory"
	holds err "cannot open 'loop': Too many levels of symbolic links"
	holds err "File name too long"
	holds err "1 error of 1 response"
	same "$(cat out)" 'code=9018 [account: appKey no money]'
}

@test "an unreadable file is named, exit 1 (47)" {
	printf 'code=9018\n' >log
	chmod 0 log
	bound log
	exits 1
	holds err "cannot open 'log': Permission denied"
}

@test "a file that opens but cannot be read is named, exit 1 (47)" {
	[ -r /proc/self/mem ] || skip "no such file here"
	printf 'code=9018\n' >log
	go /proc/self/mem log
	exits 1
	holds err "cannot read '/proc/self/mem': Input/output error"
	holds err "1 error of 1 response"
}

@test "files of /proc, which say they are empty (47)" {
	go -q /proc/self/status
	exits 0
	holds out "Name:"
}

@test "a FIFO by name (47)" {
	mkfifo fifo
	printf 'code=9018\n' >fifo &
	go fifo
	wait
	exits 0
	same "$(cat out)" 'code=9018 [account: appKey no money]'
}

@test "a FIFO by name, tallied (47)" {
	mkfifo fifo
	printf 'code=9018\n' >fifo &
	go -s fifo
	wait
	exits 0
	holds out "1 of 1 response"
}

@test "a character device (47)" {
	go /dev/null
	exits 0
	empty out
}

# shellcheck disable=SC2094 # that is the point
@test "input is also the output: exit 2, the file stays (48)" {
	printf 'code=9018\n' >log
	cp log before
	status=0
	"$JGANNOTATE" log >>log 2>err || status=$?
	exits 2
	cmp log before
	holds err "'log' is also the output"
	status=0
	"$JGANNOTATE" <log >>log 2>err || status=$?
	exits 2
	cmp log before
	ln log hard
	ln -s log soft
	for name in hard soft; do
		status=0
		"$JGANNOTATE" $name >>log 2>err || status=$?
		exits 2
		cmp log before
	done
}

@test "input is also a report: exit 2, the file stays (48)" {
	printf 'code=9018\n' >log.txt
	cp log.txt before
	ln -s log.txt soft.txt
	go -r log.txt log.txt
	exits 2
	go -r soft.txt log.txt
	exits 2
	go -r text:./log.txt - <log.txt
	exits 2
	cmp log.txt before
	holds err "output of a report"
}

@test "a device or a terminal may be both (48)" {
	go /dev/null >/dev/null
	exits 0
}

@test "hostile file names are shown escaped in messages and reports (84)" {
	name=$'\033[31m\n%n%s'
	go "$name"
	exits 1
	lacks err $'\033'
	holds err '\x1b[31m\x0a%n%s'
	printf 'code=9018\n' >"$name"
	go -s "$name"
	exits 0
	lacks out $'\033'
	holds out '%n%s'
}

@test "with little memory, few descriptors, no threads: the same output (86)" {
	if is_sanitized; then skip "a sanitizer needs address space"; fi
	yes 'code=9018 x' | head -n 500000 >in
	go in
	cp out expected
	status=0
	(ulimit -n 8 -s 256; ulimit -v 65536; "$JGANNOTATE" in) >out 2>err || status=$?
	exits 0
	cmp out expected
}

@test "no memory at all: a message, exit 1 (85)" {
	if is_sanitized; then skip "a sanitizer needs address space"; fi
	status=0
	(ulimit -v 9000; exec "$JGANNOTATE" /dev/null) >out 2>err || status=$?
	# 127: not even its libraries could be loaded
	[ "$status" -eq 1 ] || [ "$status" -eq 127 ] || [ "$status" -eq 0 ]
}
