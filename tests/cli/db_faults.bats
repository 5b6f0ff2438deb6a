#!/usr/bin/env bats
# --db and what may go wrong around it. Numbers in brackets are those of the statements that a
# log reader must survive.

load common
load numbered

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export ASAN_OPTIONS=detect_leaks=0 # a leak checker cannot work under strace
}

@test "more files than are remembered when they are gone, each counted once (7)" {
	for i in $(seq 300); do line "$i" >"api.log.$i"; done
	line 301 >api.log
	news 301
	exits 0
	for i in $(seq 300 -1 1); do mv "api.log.$i" "api.log.$((i + 1))"; done
	mv api.log api.log.1
	news 0
	exits 0
	total 301
}

@test "a file that two logs would have is refused, since it would count twice" {
	lines 1 3 >api.log
	lines 4 5 >pay.log
	lines 6 6 >old-error.log
	go -d a.db -s --rotated '*-error.log' api.log pay.log
	exits 2
	holds err "'old-error.log' belongs to two logs, 'api.log' and 'pay.log'"
	ln pay.log other.log
	go -d a.db -s pay.log other.log
	exits 2
	rm other.log
	# in folders of their own they are two
	mkdir b && lines 6 6 >b/api.log
	go -d a.db -r json api.log pay.log b/api.log
	exits 0
	same "$(responses)" 6
}

@test "--from-now passes over what a first run found, not what came into an empty log since" {
	: >api.log
	news 0 --from-now
	lines 1 2 >>api.log
	news 2 --from-now
	exits 0
	lacks err 'first time'
}

@test "a file that cannot be opened is no gap, and counts when it can" {
	lines 1 4 >api.log
	bound -d a.db -r json api.log
	exits 0
	lines 5 6 >>api.log
	mv api.log api.log.1 && chmod 0 api.log.1
	lines 7 7 >api.log
	bound -d a.db -r json api.log
	exits 1
	holds err "cannot open 'api.log.1': Permission denied"
	lacks err gap
	chmod 644 api.log.1
	bound -d a.db -r json api.log
	exits 0
	lacks err gap
	same "$(responses)" 2
}

@test "a thousand runs add up to one (3)" {
	count=1000
	if is_sanitized; then count=100; fi # each starts slowly
	folder=$(mktemp -d -p /dev/shm || mktemp -d) # where a sync costs nothing
	cd "$folder"
	python3 - "$count" <<-'END'
		import json, os, subprocess, sys
		program = [os.environ["JGANNOTATE"], "-r", "json"]
		told = 0
		for number in range(int(sys.argv[1])):
		    with open("api.log", "ab") as log:
		        log.write(b'2026-11-22 03:00:00 {"code":9018,"req":%d}\n' % number * (number % 3))
		    done = subprocess.run([*program, "-d", "a.db", "api.log"], stdout=subprocess.PIPE)
		    assert done.returncode == 0, done
		    told += json.loads(done.stdout)["hits"]["responses"]
		total = json.loads(subprocess.check_output([*program, "-d", "a.db"]))
		once = json.loads(subprocess.check_output([*program, "api.log"]))
		assert told == total["hits"]["responses"] == once["hits"]["responses"] > 0, told
		assert total["lines"] == once["lines"] and total["bytes"] == once["bytes"]
	END
	rm -r "$folder"
}

@test "a run with nothing new changes no count (4)" {
	lines 1 5 >api.log
	news 5
	counts='SELECT * FROM tally; SELECT * FROM gap; SELECT * FROM epoch;
		SELECT id, offset, head_high, tail_low, inode, live FROM generation'
	before=$(sqlite3 a.db "$counts")
	news 0
	exits 0
	empty err
	same "$(sqlite3 a.db "$counts")" "$before"
}

@test "copytruncate while the log is read (10)" {
	for call in 1 2 3 4 5; do
		rm -f api.log* a.db
		lines 1 40 >api.log
		news 40
		lines 41 400 >>api.log
		# the run waits in the middle of its reading
		strace -f -o trace -P "$PWD/api.log" -e trace=pread64,read,fstat,statx,newfstatat \
			-e inject=pread64,read:delay_enter=400000:when=$call \
			"$JGANNOTATE" -d a.db -r json api.log >out 2>err &
		sleep 0.2
		cp api.log api.log.1
		: >api.log
		lines 401 404 >>api.log
		status=0
		wait $! || status=$?
		exits 0
		[ "$(responses)" -eq 364 ] || [ "$(responses)" -eq 360 ]
		go -d a.db -r json api.log
		exits 0
		total 404
	done
}

@test "an inode used again at once is another file, whatever its size (12)" {
	for size in 2 5 9; do
		rm -f api.log a.db
		lines 1 5 >api.log
		news 5
		before=$(stat -c %i api.log)
		rm api.log
		# the file system gives the number again sooner or later
		for ((try = 0; try < 50; try++)); do
			: >"other.$try"
			[ "$(stat -c %i "other.$try")" = "$before" ] && break
		done
		[ "$try" -lt 50 ] || skip 'no inode is used again here'
		lines 11 $((10 + size)) 9001 >"other.$try"
		mv "other.$try" api.log
		rm -f other.*
		news $size
		exits 3
		holds err 'gap'
		total $((5 + size))
	done
}

@test "empty files, and files of one byte (15)" {
	: >api.log
	printf '\n' >api.log.1
	printf 'x' >api.log.2
	: | gzip >api.log.3.gz
	news 0
	exits 0
	printf '\n' >>api.log.2
	printf '\n' >>api.log
	news 0
	exits 0
	line 1 >>api.log
	news 1
	mv api.log api.log.4
	printf '\n' >api.log
	news 0
	exits 0
	total 1
}

@test "a gap says how many bytes are known to be lost (19)" {
	lines 1 5 >api.log
	printf 'half a line' >>api.log
	news 5
	rm api.log
	lines 8 9 >api.log
	news 2
	exits 3
	same "$(python3 -c 'import json; print(json.load(open("out"))["gaps"][0]["bytes"])')" 11
	total 7
}
