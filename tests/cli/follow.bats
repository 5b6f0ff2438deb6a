load common

follow() {
	timeout 100 python3 "$HERE/follow.py" "$1"
}

# The same where the kernel does not tell.
polled() {
	JGANNOTATE_TEST_POLL=${2-100} follow "$1"
}

@test "what is appended is out with its LF (77)" { follow growth; }
@test "-n: the last lines first" { follow last_lines; }
@test "-n: the last lines of a large file" { follow large_start; }
@test "rename: late lines of the old file too, then the new one" { follow rename; }
@test "rename: old before new" { follow rename_order; }
@test "ten rotations between two looks (7)" { follow burst; }
@test "rotations to dated names between two looks" { follow dated_burst; }
@test "files rotated before it began stay out" { follow old_files_stay_out; }
@test "copytruncate: smaller than what was read (9)" { follow copytruncate; }
@test "copytruncate: grown beyond the old end (9, 10)" { follow copytruncate_larger; }
@test "copytruncate: what was not read comes from the copy (9)" { follow copytruncate_unread; }
@test "a line torn by a truncation (10)" { follow truncate_torn; }
@test "a hole left by a truncation (42)" { follow hole; }
@test "a file and its folder that come later" { follow created_later; }
@test "a folder that is replaced" { follow folder_replaced; }
@test "symbolic links that are turned" { follow link; }
@test "a file that is gone for a while" { follow gone; }
@test "something unreadable in its place for a while (47)" { follow unreadable; }
@test "no permission for a while (47)" { follow forbidden; }
@test "a deleted file is closed" { follow deleted_is_closed; }
@test "a file deleted before its writer knows" { follow deleted_before_its_writer_knows; }
@test "a compressed file is refused before anything is read" { follow compressed; }
@test "a file that turns out to be compressed" { follow compressed_later; }
@test "a folder and a FIFO cannot be followed (47)" { follow no_files; }
@test "standard input is read as it comes" { follow standard_input; }
@test "several files" { follow several; }
@test "headings on a terminal" { follow headings; }
@test "headings only over what is printed" { follow headings_only; }
@test "-o json: the numbers of lines" { follow json_objects; }
@test "--since and --until" { follow window; }
@test "a signal: what the files hold is finished (77)" { follow signals; }
@test "USR1: the totals so far" { follow usr1; }
@test "reports at the end" { follow report; }
@test "--only" { follow only; }
@test "--every rewrites a .prom" { follow every; }
@test "the reader goes away while nothing comes (74)" { follow reader_gone; }
@test "no reader is needed where nothing is printed" { follow reader_not_needed; }
@test "nothing is asked while nothing happens" { follow idle; }
@test "a hundred files" { follow many_files; }
@test "200,000 lines a second, rotated ten times" { follow stress; }

@test "polling: growth, rotation, truncation, absence" {
	polled growth
	polled burst
	polled copytruncate
	polled copytruncate_larger
	polled copytruncate_unread
}
@test "polling: once a second, and no more" { polled idle_polled 1000; }
@test "polling: 200,000 lines a second, rotated" { polled stress_polled 1000; }
@test "polling by itself where there is no inotify" { follow too_many_watches; }

@test "-F needs a name" {
	go -F
	is_usage_error "-F needs a file's name"
	go -F - log
	is_usage_error "standard input cannot be followed beside files"
}

@test "-n goes with -F alone" {
	go -n 5 log
	is_usage_error "-n goes with -F" "for the last N lines: tail -n N FILE | jgannotate"
	go -n log
	is_usage_error "needs a number of lines" "for line numbers: -o json"
	go -F -n x log
	is_usage_error "'-n x' needs a number of lines" "for line numbers: -o json"
}

@test "-F reads logs" {
	go -F --merge r.json
	is_usage_error "-F follows a log: it does not go with --merge"
	go -F --explain 9018
	is_usage_error "-F follows a log: it does not go with --explain"
}
