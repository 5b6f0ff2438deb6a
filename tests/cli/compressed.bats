load common

with() {
	python3 "$HERE/compressed.py" "$@"
}

# A log, and the same compressed in every way.
make_log() {
	awk -v lines="${1:-3000}" 'BEGIN {
		split("9000 9001 9003 9018 4011", codes)
		for (i = 0; i < lines; i++)
			printf "12:%02d:%02d id=%08d code=%d\n", i / 60 % 60, i % 60, i * 7919, codes[i % 5 + 1]
	}' >log
	gzip -k log
	zstd -q log
	xz -k log
}

@test "the same lines and report, plain or compressed, by name or from a pipe" {
	make_log
	"$JGANNOTATE" -q log >lines
	"$JGANNOTATE" -s - <log >report
	for file in log.gz log.zst log.xz; do
		go -q "$file"
		exits 0
		cmp out lines
		go -q <"$file"
		exits 0
		cmp out lines
		head -c 100000000 "$file" | "$JGANNOTATE" -q | cmp - lines
		head -c 100000000 "$file" | "$JGANNOTATE" -s | cmp - report
		JGANNOTATE_TEST_READ_SIZE=1 "$JGANNOTATE" -q "$file" | cmp - lines
		"$JGANNOTATE" -q -j1 "$file" | cmp - lines
	done
	go -q log.gz log log.zst log.xz
	exits 0
	cat lines lines lines lines | cmp - out
	empty err
}

@test "what it is decides, not its name (72)" {
	make_log 10
	mkdir wrong
	cp log wrong/log.gz
	cp log.gz wrong/log.zst
	cp log.xz wrong/log
	"$JGANNOTATE" -q log >lines
	for file in wrong/*; do
		go -q "$file"
		exits 0
		cmp out lines
	done
}

@test "no other program is started (72)" {
	make_log 10
	PATH=/nowhere go -q log.gz log.zst log.xz
	exits 0
	[ "$(/usr/bin/wc -l <out)" -eq 30 ]
}

@test "a FIFO by name" {
	make_log
	"$JGANNOTATE" -q log >lines
	mkfifo fifo
	cat log.zst >fifo &
	go -q fifo
	exits 0
	cmp out lines
}

@test "standard input that somebody has read the front of" {
	make_log 100
	{ echo 'code=9018'; cat log.gz; } >both
	# shellcheck disable=SC2094 # it is only read
	{ python3 -c 'import os; os.read(0, 10)'; "$JGANNOTATE" -q; } <both >out
	"$JGANNOTATE" -q log | cmp - out
}

@test "members and frames one after another, empty ones among them (69)" {
	make_log 100
	: >empty
	for pack in gzip zstd xz; do
		{
			"$pack" -c empty
			"$pack" -c log
			"$pack" -c empty
			"$pack" -c log
			"$pack" -c empty
		} >many
		go -q many
		exits 0
		"$JGANNOTATE" -q log log | cmp - out
		"$pack" -c empty >none
		go -q none
		exits 0
		empty out
	done
	printf '\x53\x2a\x4d\x18\x04\0\0\0skip' | cat - log.zst >skip
	go -q skip
	exits 0
	"$JGANNOTATE" -q log | cmp - out
}

@test "zeros behind gzip are ignored, junk is damage (69)" {
	make_log 100
	"$JGANNOTATE" -q log >lines
	head -c 100000 /dev/zero | cat log.gz - >zeros
	go -q zeros
	exits 0
	empty err
	cmp out lines
	for file in log.gz log.zst log.xz; do
		{ cat "$file"; echo 'code=9018 junk'; } >junk
		go -q junk
		exits 3
		holds err "'junk' is damaged: "
		holds err "after $(wc -c <log) bytes"
		cmp out lines
	done
}

@test "gzip cut at every byte (67)" { with cut gzip; }
@test "zstd cut at every byte (67)" { with cut zstd; }
@test "xz cut at every byte (67)" { with cut xz; }
@test "gzip with each byte wrong (68)" { with bent gzip; }
@test "zstd with each byte wrong (68)" { with bent zstd; }
@test "xz with each byte wrong (68)" { with bent xz; }

@test "damage is named and counted, and the other files are done (67)" {
	make_log 1000
	head -c 3000 log.gz >cut.gz
	go -s log.zst cut.gz log
	exits 3
	holds err "'cut.gz' is damaged: unexpected end of gzip data after "
	holds out '1 file damaged'
	go -r json cut.gz
	exits 3
	[ "$(python3 -c 'import json; print(json.load(open("out"))["trouble"]["damaged_files"])')" -eq 1 ]
	lacks err 'longer than'
	# unreadable wins over damaged
	go -s cut.gz nothing-there
	exits 1
}

@test "a number at the cut does not count, but is passed on (67)" {
	printf 'code=9018\ncode=9001' >log
	gzip -k log
	head -c -8 log.gz >cut.gz # without checksum and length
	go -q cut.gz
	exits 3
	same "$(cat out)" "$(printf 'code=9018 [account: appKey no money]\ncode=9001')"
	# as it would where the line ends there
	go -q log.gz
	exits 0
	holds out 'code=9001 ['
}

@test "a window of 2 GiB and a dictionary are refused, not allocated (71)" {
	printf '\x28\xb5\x2f\xfd\x00\xa8\x01\0\0' >window
	go window
	exits 1
	holds err "cannot decompress 'window': its zstd data needs a window of more than 128 MiB"
	# dictionary 7
	printf '\x28\xb5\x2f\xfd\x01\x38\x07\x01\0\0' >dictionary
	go dictionary
	exits 1
	holds err "cannot decompress 'dictionary': its zstd data needs a dictionary"
}

@test "bombs: memory does not grow with what comes out, with and without LF (70)" {
	if grep -qa -e __asan_init -e __tsan_init "$JGANNOTATE"; then
		skip 'sanitizers need more address space'
	fi
	head -c 1000000000 /dev/zero | gzip -1 >zeros.gz
	head -c 1000000000 /dev/zero | tr '\0' '\n' | zstd -q -1 >lines.zst
	head -c 300000000 /dev/zero | xz -0 >zeros.xz
	gzip -1 <zeros.gz >nested.gz
	for file in zeros.gz lines.zst zeros.xz nested.gz; do
		status=0
		# 200 MB of addresses: program, libraries, two stacks and arenas, and the rest
		(ulimit -v 200000; "$JGANNOTATE" -s -j1 "$file") >out 2>err || status=$?
		case $file in
		lines.*) exits 0 ;;
		*) exits 3 ;; # one line that is too long
		esac
	done
}

@test "a reader that leaves early ends it (74)" {
	make_log 200000
	for file in log.gz log.zst log.xz; do
		same "$("$JGANNOTATE" -q "$file" | head -1)" "$("$JGANNOTATE" -q log | head -1)"
	done
}

@test "a live gzip pipe: each line is out at once (77)" { with live; }
@test "a live gzip pipe, byte by byte" { with live_in_bytes; }
@test "bytes that could begin a format are no more than waited behind" { with prefix; }
@test "INT while a compressed pipe is waited for" { with interrupted; }
