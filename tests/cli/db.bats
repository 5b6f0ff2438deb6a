#!/usr/bin/env bats
# --db: what is new since the last run, whatever happened to the log in between.

load common
load numbered

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

@test "a run counts what is new, once" {
	lines 1 10 >api.log
	news 10
	exits 0
	holds err "'api.log': seen for the first time, with 1 file"
	news 0
	lines 11 13 >>api.log
	news 3
	exits 0
	total 13
}

@test "half a line waits for its end (18)" {
	lines 1 2 >api.log
	printf '{"code":9018' >>api.log
	news 2
	news 0
	printf '}\n' >>api.log
	news 1
	total 3
}

@test "rotated by rename, several times, compressed in between (5, 6, 7)" {
	lines 1 4 >api.log
	news 4
	lines 5 6 >>api.log
	mv api.log api.log.1
	lines 7 9 >api.log
	news 5
	gzip api.log.1
	mv api.log.1.gz api.log.2.gz
	lines 10 11 >>api.log
	mv api.log api-20261122.log
	lines 12 12 >api.log
	mkdir archive
	mv api.log.2.gz archive/
	news 3
	exits 0
	zstd -q --rm api-20261122.log
	xz -k api.log
	news 0
	total 12
}

@test "late writes into the rotated file (8)" {
	lines 1 4 >api.log
	news 4
	mv api.log api.log.1
	lines 6 7 >api.log
	news 2
	line 5 >>api.log.1
	news 1
	total 7
}

@test "copytruncate: the tail is in the copy, the new from the front on (9)" {
	lines 1 4 >api.log
	news 4
	lines 5 6 >>api.log
	cp api.log api.log.1
	: >api.log
	lines 7 17 >>api.log
	news 13
	exits 0
	total 17
}

@test "truncated without a copy: read from the front, and named as a gap (11, 19)" {
	lines 1 4 >api.log
	news 4
	lines 7 8 >api.log
	news 2
	exits 3
	holds err "gap in 'api.log': truncated without a copy, or deleted"
	same "$(python3 -c 'import json; print(len(json.load(open("out"))["gaps"]))')" 1
	news 0
	exits 0
}

@test "a gap is UNKNOWN to a threshold, and --quiet-if-ok tells of it" {
	lines 1 4 9000 >api.log
	go -d api.db -w 100% --min-responses 0 --quiet-if-ok api.log
	exits 0
	empty out
	lines 7 8 9000 >api.log
	go -d api.db -w 100% --min-responses 0 --quiet-if-ok api.log
	exits 3
	holds out 'JGANNOTATE UNKNOWN - 1 gap of lost lines, '
}

@test "an inode used again is another file (12); a restored one is the same (13)" {
	lines 1 40 >api.log
	news 40
	cp api.log kept
	rm api.log
	mv kept api.log
	news 0
	exits 0
	total 40
}

@test "the same long banner in every file (14, 15)" {
	banner() { for i in $(seq 100); do echo "# $i ----------------------------------------------"; done; }
	banner >api.log
	news 0
	lines 1 3 >>api.log
	mv api.log api.log.1
	banner >api.log
	news 3
	lines 4 5 >>api.log
	mv api.log.1 api.log.2
	mv api.log api.log.1
	banner >api.log
	news 2
	exits 0
	total 5
}

@test "a compressed file beside its plain twin (16)" {
	lines 1 300 >api.log.1
	lines 301 310 >api.log
	gzip -k api.log.1
	head -c 500 api.log.1.gz >half && mv half api.log.1.gz
	news 310
	exits 0
	rm api.log.1.gz
	gzip api.log.1
	news 0
	total 310
}

@test "a compressed file beside a plain one of its name, with other lines: both count (16)" {
	lines 1 30 | gzip >api.log.1.gz
	lines 31 50 >api.log.1
	lines 51 60 >api.log
	news 60
	news 0
	# more than the plain file has: unpacked beside it, and not yet done
	lines 61 1000 >api.log.2
	gzip -k api.log.2
	head -c 9000 api.log.2 >half && mv half api.log.2
	news 940
	lines 61 1000 >api.log.2
	news 0
	rm api.log.2 api.log.1
	news 0
	exits 0
	total 1000
}

@test "a copy of lines without times is known while it is being written (9)" {
	printf 'code=9018\ncode=9003\n' >api.log
	sleep 0.05 # it is older than its copy, also where times are coarse
	printf 'code=9018\n' >api.log.1
	[ "$(stat -c %W api.log)" != 0 ] || skip 'the file system knows no birth times'
	news 2
	# else it is a file of its own, whatever the clock says
	for age in '1 minute ago' 'next hour'; do
		touch -d "$age" api.log.1
		rm a.db
		news 3
	done
}

@test "half a compressed file without its twin: whole lines, once, exit 3 (16)" {
	lines 1 300 | gzip >whole.gz
	head -c 1200 whole.gz >api.log.1.gz
	lines 301 303 >api.log
	go -d a.db -r json api.log
	exits 3
	holds err "ends early"
	cp whole.gz api.log.1.gz
	go -d a.db -r json api.log
	exits 0
	total 303
}

@test "a log's rotated files may be named, too: they count once" {
	lines 1 4 >api.log.2
	gzip api.log.2
	lines 5 6 >api.log.1
	lines 7 9 >api.log
	mkdir archive
	lines 20 21 >archive/api-20261122.log
	ln -s api.log current
	go -d a.db -r json -v api.log* ./api.log archive/api-20261122.log current
	exits 0
	same "$(responses)" 11
	holds err 'api.log.1: taken in with api.log'
	holds err 'current: taken in with api.log'
	news 0
	go -d a.db -s api.log.1
	exits 4
	holds err "is a rotated file of 'api.log', of which database 'a.db' counts all"
	# the other way round
	go -d b.db -s api.log.1
	exits 0
	go -d b.db -s api.log
	exits 4
	holds err "has counted '$(pwd -P)/api.log.1', a rotated file of 'api.log', as a log of its own"
	# two logs that are named by their day are two
	lines 31 32 >app-2026-11-21.log
	lines 33 34 >app-2026-11-22.log
	go -d c.db -s app-2026-11-21.log app-2026-11-22.log
	exits 0
	go -d c.db -r json
	same "$(responses)" 4
}

@test "another word is another log" {
	lines 1 2 >api.log
	lines 3 5 >api-error.log
	lines 6 9 >api.log.bak
	news 2
	news 3 --rotated '*-error.log'
	total 5
}

@test "a hand-made copy counts once" {
	lines 1 200 >api.log
	cp api.log api.log.1
	news 200
	lines 201 202 >>api.log
	news 2
	total 202
}

@test "what was not delivered comes again (2)" {
	lines 1 4 >api.log
	status=0
	"$JGANNOTATE" -d a.db -s api.log >/dev/full 2>err || status=$?
	same "$status" 1
	news 4
	holds out '"delivered": false'
	news 0
}

@test "what cannot be delivered is UNKNOWN to a threshold" {
	lines 1 4 >api.log
	go -d a.db -w 100% --min-responses 0 -r nowhere/x.json api.log
	exits 3
	holds out 'JGANNOTATE UNKNOWN'
	status=0
	"$JGANNOTATE" -d b.db -w 100% --min-responses 0 api.log >/dev/full 2>err || status=$?
	same "$status" 3
}

@test "a run that is killed changes nothing" {
	lines 1 4 >api.log
	news 4
	lines 5 9 >>api.log
	status=0
	strace -f -o /dev/null -e inject=fdatasync:signal=KILL:when=1 \
		"$JGANNOTATE" -d a.db -s api.log >out 2>err || status=$?
	same "$status" 137
	news 5
	total 9
}

@test "--dry-run leaves all as it was" {
	lines 1 4 >api.log
	news 4 --dry-run
	[ ! -e a.db ]
	news 4
	lines 5 6 >>api.log
	sum=$(sha256sum a.db)
	news 2 --dry-run
	same "$(sha256sum a.db)" "$sum"
	news 2
}

@test "--from-now begins at the ends" {
	lines 1 4 >api.log
	news 0 --from-now
	lines 5 6 >>api.log
	news 2 --from-now
	total 2
}

@test "windows are of the lines' own time, on quarters of an hour" {
	{
		echo '2026-11-21 23:59:59 code=9018'
		echo '2026-11-22 00:00:00 code=9011'
		echo '2026-11-22 23:59:59 code=9018'
		echo '2026-11-23 00:00:00 code=9003'
		echo 'no time code=9001' | cat - /dev/null
	} >api.log
	export TZ=Asia/Shanghai
	go -d a.db -r json --since 2026-11-22 --until 2026-11-23 api.log
	exits 0
	same "$(python3 -c 'import json; r=json.load(open("out")); print(r["hits"]["responses"], r["time"]["outside"], r["lines"])')" '2 0 None'
	go -d a.db -s --since 2026-11-22T00:10 api.log
	exits 2
	holds err 'the nearest is 2026-11-22T00:15:00+08:00'
	go -d a.db -r csv --bucket 1h
	exits 0
	holds out '2026-11-22T23:00:00+08:00'
}

@test "other options are refused, and named (20)" {
	lines 1 2 >api.log
	news 2
	go -d a.db -s -k status api.log
	exits 4
	holds err "--key was '', is now 'status'"
	# who only reads need not name them, but may not ask for others
	go -d a.db -s
	exits 0
	go -d a.db -s --where time
	exits 4
	holds err "counted with other options: --where was '', is now 'time'; leave them out"
	go -d a.db -s --new-epoch -k code api.log
	exits 0
	total 0
	go -d a.db -r json -k code
	exits 0
	lines 3 4 | sed 's/code/b/' >>api.log
	go -d a.db -s --new-epoch -k a,b api.log
	exits 0
	go -d a.db -s -k b -k a api.log
	exits 0
}

@test "stamps are read by one zone, whatever its name" {
	echo '2026-11-22 03:00:00 code=9018' >api.log
	TZ=Asia/Shanghai go -d a.db -s api.log
	exits 0
	TZ=UTC-8 go -d a.db -s api.log
	exits 0
	go -d a.db -s --tz +08:00 api.log
	exits 0
	TZ=Europe/Berlin go -d a.db -s api.log
	exits 4
	holds err "--tz was '+08:00', is now '+01:00, in July +02:00'"
	TZ=Europe/Berlin go -d a.db -s
	exits 0
	holds out '2026-11-21 20:00:00'
}

@test "two at once: the second is refused, or waits (21)" {
	lines 1 2 >api.log
	news 2
	python3 - "$JGANNOTATE" <<-'END'
		import sqlite3, subprocess, sys, threading, time
		db = sqlite3.connect("a.db", isolation_level=None, check_same_thread=False)
		db.execute("BEGIN IMMEDIATE")
		run = subprocess.run([sys.argv[1], "-d", "a.db", "-s", "api.log"], capture_output=True)
		assert run.returncode == 4 and b"--wait" in run.stderr, run
		waiting = subprocess.Popen([sys.argv[1], "-d", "a.db", "--wait", "-s", "api.log"],
			stdout=subprocess.PIPE, stderr=subprocess.PIPE)
		time.sleep(0.3)
		assert waiting.poll() is None
		db.execute("ROLLBACK")
		waiting.communicate(timeout=60)
		assert waiting.returncode == 0
	END
}

@test "groups are counted by one field" {
	{
		echo '2026-11-22 03:00:00 path=/a code=9018'
		echo '2026-11-22 03:00:01 path=/b code=9000'
		echo '2026-11-22 03:00:02 path=/a code=9000'
	} >api.log
	go -d a.db -s --by path api.log
	exits 0
	go -d a.db -r json --by path
	exits 0
	same "$(python3 -c 'import json; print([(g["group"], g["responses"], g["errors"]) for g in json.load(open("out"))["groups"]["values"]])')" \
		"[('/a', 2, 1), ('/b', 1, 0)]"
	go -d a.db -s --by user
	exits 4
	holds err "counts by path: it has no groups by 'user'"
}

@test "what cannot be known again or is no database is refused" {
	go -d a.db -s -
	exits 2
	holds err "standard input cannot be known again"
	go -d missing.db -s
	exits 4
	holds err "there is no database 'missing.db'"
	[ ! -e missing.db ]
	echo 'no database at all, but long enough to look like one' >text.db
	echo x >api.log
	go -d text.db -s api.log
	exits 4
	holds err "'text.db' is no database"
	sqlite3 foreign.db 'CREATE TABLE t (x); INSERT INTO t VALUES (1);'
	cp foreign.db before
	go -d foreign.db -s api.log
	exits 4
	holds err "'foreign.db' is a database of another program: name another file"
	cmp foreign.db before
	go -d new.db -s api.log
	sqlite3 new.db 'PRAGMA user_version = 9'
	go -d new.db -s api.log
	exits 4
	holds err 'made by a newer release (schema 9, this one knows 3): use that one'
	go -d . -s api.log
	exits 4
	holds err "database '.' is a directory: name a file of its own"
	go -d nowhere/a.db -s api.log
	exits 4
	holds err "cannot open database 'nowhere/a.db': No such file or directory"
	go -d api.log -s api.log
	exits 4
	holds err "'api.log' is no database"
	same "$(cat api.log)" x
	go -d a.db -s nothing.log
	exits 1
	holds err "nothing.log"
	go --wait -s api.log
	exits 2
	holds err "--wait goes with a database"
	for option in --wait --dry-run --from-now --new-epoch --rotated=5 --keep=5; do
		go -d a.db -s "$option"
		is_usage_error "${option%=5} is about taking logs in: name them"
	done
	go -d a.db -o lines api.log
	exits 2
}

@test "who may not write reads all the same" {
	lines 1 2 >api.log
	news 2
	mkdir kept && cp a.db api.log kept
	chmod 444 kept/a.db && chmod 555 kept
	bound -d kept/a.db -r json
	chmod 755 kept
	exits 0
	holds out '"responses": 2'
	# who would write, and may not, hears of it before anything is read
	for mode in 444: '644: its folder:'; do
		chmod "${mode%%:*}" kept/a.db && chmod 555 kept
		bound -d kept/a.db -s kept/api.log
		chmod 755 kept
		exits 4
		same "$(cat err)" "jgannotate: cannot write database 'kept/a.db':${mode#*:} Permission denied; without logs it is only read"
	done
}

@test "the database is for its group to read, with a journal that leaves nothing behind" {
	lines 1 2 >api.log
	(umask 022 && "$JGANNOTATE" -d a.db -s api.log >out 2>err)
	same "$(stat -c %a a.db)" 640
	(umask 077 && "$JGANNOTATE" -d b.db -s api.log >out 2>err)
	same "$(stat -c %a b.db)" 600
	same "$(ls a.db*)" a.db
	same "$(sqlite3 a.db 'PRAGMA journal_mode; PRAGMA application_id; PRAGMA user_version')" \
		"$(printf 'delete\n1246183758\n3')"
	# all is synced: the database, its journal, and the folder when that is gone
	lines 3 4 >>api.log
	ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=fsync,fdatasync,unlink -y \
		"$JGANNOTATE" -d a.db -s api.log >out 2>err
	sed -n '/unlink(.*a.db-journal/,$p' trace | grep -q 'sync(.*<'"$(pwd -P)"'>'
}

@test "old counts go, new ones stay" {
	{
		echo '2020-01-01 03:00:00 code=9018'
		echo '2026-11-22 03:00:00 code=9011'
	} >api.log
	go -d a.db -s --keep 400 api.log
	exits 0
	go -d a.db -r json
	same "$(responses)" 1
}

@test "a night with 30 compressed files of which one is new reads that one alone" {
	for i in $(seq 30); do lines $((i * 10)) $((i * 10 + 9)) | gzip >"api.log.$i.gz"; done
	lines 1 3 >api.log
	news 303
	# as logrotate does: the oldest goes, all others are renamed, which changes their ctime
	rm api.log.30.gz
	for i in $(seq 29 -1 1); do mv "api.log.$i.gz" "api.log.$((i + 1)).gz"; done
	lines 4 9 >>api.log
	gzip <api.log >api.log.1.gz
	lines 700 704 >api.log
	# a leak checker cannot work under strace
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=read,pread64,mmap -o trace -y \
		"$JGANNOTATE" -d a.db -r json api.log >out 2>err
	same "$(responses)" 11
	grep -qF 'api.log.1.gz>' trace
	run grep -E 'api\.log\.([2-9]|[1-3][0-9])\.gz>' trace
	same "$status" 1
}
