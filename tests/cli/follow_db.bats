load common

follow() {
	timeout 100 python3 "$HERE/follow_db.py" "$1"
}

@test "saved every few seconds and at the end" { follow saves; }
@test "it begins where it left off, across rotations (5, 7)" { follow starts_where_it_left_off; }
@test "--from-now" { follow from_now; }
@test "a report at the end" { follow report; }
@test "--every refreshes a .prom" { follow prometheus; }
@test "nightly runs beside it: every line once (21)" { follow nightly_between; }
@test "lines go on while others use the database (21)" { follow in_use; }
@test "killed at any time, and taken up again: every line once (1)" { follow killed; }
@test "a database in use is refused at the start (21)" { follow refused; }
@test "the reader goes away: what was printed is counted (74)" { follow reader_gone; }
@test "a log that comes later" { follow absent; }

@test "-n does not go with --db" {
	go -F -n 5 -d x.db log
	is_usage_error "-n does not go with --db, which begins where it left off"
}

@test "without -F, --db prints no lines and ends by itself" {
	go -d x.db -o lines log
	is_usage_error "with -F"
	go -d x.db --every 1s log
	is_usage_error "to go on: -F"
}
