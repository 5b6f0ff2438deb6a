#!/usr/bin/env bats
# --db after somebody changed it by hand: what is refused, and what --accept takes.

load common
load numbered

# dump: all rows of all tables, with their checksums
dump() {
	sqlite3 a.db .dump
}

@test "a row that was changed by hand is named, and taken with --accept" {
	lines 1 3 >api.log
	news 3
	sqlite3 a.db 'UPDATE tally SET count = 7'
	go -d a.db -s
	exits 4
	holds err "database 'a.db' is damaged, or somebody changed it by hand: in table tally the row where run = 1 and number = 1 is not as it was written; if you changed it, run once with --accept; else put back a copy"
	go -d a.db -s api.log
	exits 4
	holds err 'run once with --accept'
	go -d a.db -r json --accept
	exits 0
	same "$(responses)" 7
	holds err "database 'a.db': rows that were changed by hand are accepted: 1 in table tally; as it was before: 'a.db.bak'"
	total 7
	empty err
	lines 4 5 >>api.log
	news 2
	exits 0
	go -d a.db.bak -s
	exits 4
	go -d a.db -s --accept api.log
	exits 0
	holds err "database 'a.db': no row was changed by hand"
	# text is a key, too
	sqlite3 a.db "UPDATE total SET count = 1 WHERE what = 'response'"
	go -d a.db -s
	exits 4
	holds err "in table total the row where what = 'response' and code = 9018 is not"
}

@test "--accept finds the right checksum of every row of every table" {
	lines 1 3 >api.log
	go -d a.db --by x -r json api.log
	lines 4 9 >api.log # without a copy: a gap
	printf '{"code":9018}\n{"x":"a\\u0000b","code":9011}\n' >>api.log
	go -d a.db --by x -r json --since last api.log
	exits 3
	for table in log generation epoch epoch_option run tally gap total report meaning zone; do
		[ "$(sqlite3 a.db "SELECT count(*) FROM $table")" -gt 0 ]
	done
	before=$(dump)
	for table in log generation epoch epoch_option run tally gap total report meaning zone; do
		sqlite3 a.db "UPDATE $table SET checksum = checksum / 2"
	done
	[ "$(dump)" != "$before" ]
	go -d a.db --accept -s
	exits 0
	same "$(dump)" "$before"
}

@test "--accept takes no row that cannot be, and makes no database" {
	lines 1 3 >api.log
	news 3
	sqlite3 a.db 'UPDATE tally SET code = -1'
	go -d a.db -s --accept
	exits 4
	holds err "database 'a.db' is damaged in table tally"
	lacks err 'run once with'
	mv a.db.bak a.db
	sqlite3 a.db 'DELETE FROM tally'
	go -d a.db -s --accept
	exits 4
	holds err 'is damaged'
	go -d none.db -s --accept
	exits 4
	holds err "there is no database 'none.db'"
	[ ! -e none.db ]
	go -s --accept api.log
	is_usage_error '--accept goes with a database'
	go -d a.db -s --accept --dry-run api.log
	is_usage_error '--accept changes the database'
}
