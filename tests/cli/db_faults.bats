#!/usr/bin/env bats
# --db and what may go wrong around it. Numbers in brackets are those of the statements that a
# log reader must survive.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export LC_ALL=C.UTF-8 ASAN_OPTIONS=detect_leaks=0 # a leak checker cannot work under strace
}

# line SERIAL [CODE]: a line of a log, at 03:00 and SERIAL seconds
line() {
	printf '2026-11-22 03:%02d:%02d req=%d {"code":%d,"x":"%040d"}\n' $(($1 / 60 % 60)) $(($1 % 60)) \
		"$1" "${2:-9018}" "$1"
}

# lines FROM TO [CODE]
lines() {
	for ((i = $1; i <= $2; i++)); do line "$i" "${3:-9018}"; done
}

# responses: as the report in ./out has them
responses() {
	python3 -c 'import json; print(json.load(open("out"))["hits"]["responses"])'
}

# news COUNT [OPTION]...: a run finds so many new responses
news() {
	local count=$1
	shift
	go -d a.db -r json "$@" api.log
	same "$(responses)" "$count"
}

# total COUNT: so many responses are in the database
total() {
	go -d a.db -r json
	exits 0
	same "$(responses)" "$1"
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
	lines 4 5 >api.log.1
	go -d a.db -s api.log*
	exits 2
	holds err "'api.log.1' belongs to two logs, 'api.log' and 'api.log.1'"
	holds err 'name each log once, by its live file alone'
	go -d a.db -s api.log ./api.log
	exits 2
	mkdir b && lines 6 6 >b/api.log
	go -d a.db -r json api.log b/api.log
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
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to become somebody else'
	folder=$(mktemp -d)
	chmod 777 "$folder"
	as_nobody() {
		status=0
		(cd "$folder" && setpriv --reuid=65534 --clear-groups \
			./program -d a.db -r json api.log) >out 2>err || status=$?
	}
	cp "$JGANNOTATE" "$folder/program"
	lines 1 4 >"$folder/api.log"
	as_nobody
	exits 0
	lines 5 6 >>"$folder/api.log"
	mv "$folder/api.log" "$folder/api.log.1" && chmod 600 "$folder/api.log.1"
	lines 7 7 >"$folder/api.log"
	as_nobody
	exits 1
	holds err "cannot open 'api.log.1': Permission denied"
	lacks err gap
	chmod 644 "$folder/api.log.1"
	as_nobody
	rm -r "$folder"
	exits 0
	lacks err gap
	same "$(responses)" 2
}
