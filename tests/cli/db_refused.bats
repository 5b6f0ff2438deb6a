#!/usr/bin/env bats
# --db: what is refused, and how it is told. Numbers in brackets are those of the statements that a
# log reader must survive.

load common
load numbered

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export ASAN_OPTIONS=detect_leaks=0 # a leak checker cannot work under strace
}

# as_nobody ARGUMENT...: as `go`, but in the folder $1, as a user who may do nothing, with a copy
# of the program that he may read.
as_nobody() {
	status=0
	(cd "$1" && setpriv --reuid=65534 --clear-groups ./program "${@:2}") >out 2>err || status=$?
}

@test "times of files decide nothing (22)" {
	export TZ=UTC
	lines 1 5 >api.log
	lines 11 12 | gzip >api.log.1.gz
	touch -d 2099-01-01 api.log
	touch -d 1970-01-02 api.log.1.gz
	news 7
	touch -d 1980-01-01 api.log
	touch -d 2098-12-31T23:59:60 api.log.1.gz 2>/dev/null || touch -d 2098-12-31T23:59:59 api.log.1.gz
	lines 6 6 >>api.log
	touch -d 1975-01-01 api.log
	news 1
	exits 0
	# a run of the future: its number counts, not its time
	python3 - <<-'END'
		import os, sqlite3
		db = sqlite3.connect("a.db")
		assert db.execute("SELECT count(*) FROM run").fetchone() == (2,)
	END
	news 0
	exits 0
	total 8
}

@test "a folder that went is named, and the counts stay (24)" {
	mkdir log && lines 1 3 >log/api.log
	go -d a.db -r json log/api.log
	exits 0
	mv log away
	go -d a.db -r json log/api.log
	exits 1
	holds err "cannot open 'log/api.log': No such file or directory"
	total 3
	mv away log
	line 4 >>log/api.log
	go -d a.db -r json log/api.log
	exits 0
	same "$(responses)" 1
	total 4
}

@test "what has no identity is refused (25)" {
	mkfifo fifo
	for log in fifo /dev/zero - .; do
		go -d a.db -s "$log"
		exits 2
	done
	holds err 'name the log in it'
	lines 1 2 >api.log
	go -d a.db -s <api.log # it asks for a report of what is there
	exits 4
	holds err 'a run with logs'
}

@test "a newer or foreign database is refused, and not touched (31)" {
	lines 1 3 >api.log
	news 3
	sqlite3 a.db 'PRAGMA user_version = 99'
	sum=$(sha256sum a.db)
	go -d a.db -s api.log
	exits 4
	holds err "database 'a.db' was made by a newer release"
	go -d a.db -s
	exits 4
	same "$(sha256sum a.db)" "$sum"
	sqlite3 b.db 'CREATE TABLE t (a); PRAGMA application_id = 7'
	sum=$(sha256sum b.db)
	go -d b.db -s api.log
	exits 4
	holds err "'b.db' is a database of another program: name another file"
	same "$(sha256sum b.db)" "$sum"
}

@test "what is no file of its own is not followed, and not opened (32)" {
	lines 1 3 >api.log
	ln -s target link.db
	: >one.db && ln one.db two.db
	mkfifo fifo.db
	mkdir folder.db
	for name in link one two fifo folder; do
		go -d $name.db -s api.log
		exits 4
		holds err "database '$name.db' is"
		holds err 'name a file of its own'
	done
	[ ! -e target ]
	go -d /dev/null -s api.log
	exits 4
	# the same for what SQLite keeps beside it
	for make in 'ln -s target' mkfifo mkdir; do
		$make a.db-journal
		go -d a.db -s api.log
		exits 4
		holds err "a.db-journal' is"
		rm -r a.db-journal
	done
	[ ! -e target ]
	news 3
	exits 0
}

@test "0640 whatever the mask; who else may write to it is told (33, 34)" {
	lines 1 3 >api.log
	(umask 0 && go -d a.db -s api.log && exits 0)
	same "$(stat -c %a a.db)" 640
	(umask 077 && go -d b.db -s api.log && exits 0)
	same "$(stat -c %a b.db)" 600
	go -d a.db -s api.log
	empty err
	chmod o+w a.db
	go -d a.db -s api.log
	exits 0
	holds err "database 'a.db': anybody may write to it: chmod o-w"
	chmod o-w a.db
	chmod o+w .
	go -d a.db -s api.log
	exits 0
	holds err "database 'a.db': anybody may write to its folder"
	chmod o-w .
	if [ "$(id -u)" -eq 0 ]; then
		chown 65534 a.db
		go -d a.db -s api.log
		exits 0
		holds err "database 'a.db': it belongs to another user"
	fi
}

@test "where nothing can be written it is said before anything is read (35)" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to become somebody else'
	folder=$(mktemp -d -p /tmp) # which he can reach
	chmod 755 "$folder"
	cp "$JGANNOTATE" "$folder/program"
	lines 1 3 >"$folder/api.log"
	as_nobody "$folder" -d a.db -s api.log
	exits 4
	holds err "cannot make database 'a.db': Permission denied"
	(cd "$folder" && "$JGANNOTATE" -d a.db -s api.log >/dev/null 2>&1)
	chown 65534 "$folder/a.db"
	as_nobody "$folder" -d a.db -s api.log
	exits 4
	holds err "cannot write database 'a.db': its folder: Permission denied"
	as_nobody "$folder" -d a.db -r json
	exits 0
	same "$(responses)" 3
	chmod 777 "$folder"
	chmod 400 "$folder/a.db"
	as_nobody "$folder" -d a.db -s api.log
	exits 4
	holds err "database 'a.db'"
	lacks err 'first time'
	rm -r "$folder"
}

@test "odd names of the database (36)" {
	lines 1 3 >api.log
	long=$(printf 'x%.0s' $(seq 240))
	for name in 'a b' $'a\nb' ./-x 'a?mode=ro' file:a :memory: 'a%20b' 'a#b' "$long"; do
		go -d "$name" -r json api.log
		exits 0
		same "$(responses)" 3
		[ -s "$name" ]
		go -d "$name" -r json
		exits 0
		same "$(responses)" 3
		same "$(find . -name '*-journal')" ''
	done
	go -d -x -r json api.log
	exits 0
	for length in 255 256; do
		long=$(printf 'x%.0s' $(seq $length))
		go -d "$long" -s api.log
		exits 4
		holds err 'File name too long'
		[ ! -e "$long" ] || [ "$length" -eq 256 ]
	done
	go -d '' -s api.log
	exits 2
}
