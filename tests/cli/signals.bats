load common

signals() {
	python3 "$HERE/signals.py" "$1"
}

@test "INT: totals, then it dies of INT (77)" { signals ends_by_int; }
@test "TERM: totals, then it dies of TERM (77)" { signals ends_by_term; }
@test "HUP: totals, then it dies of HUP (77)" { signals ends_by_hup; }
@test "what was in the pipe is finished, whole lines only (77)" { signals lines_received; }
@test "lines behind the end of an over-long one are finished too (77)" { signals behind_long_line; }
@test "a writer that never stops does not keep it (77)" { signals endless_writer; }
@test "with -s the report is printed" { signals report; }
@test "with -r the report is written" { signals report_file; }
@test "no further input is begun" { signals later_inputs; }
@test "a FIFO that nobody writes to does not keep it" { signals waiting_fifo; }
@test "in the middle of a large file: whole lines, and totals of just these (77)" { signals big_file; }
@test "-q has no totals after a signal either" { signals quiet; }
@test "a second INT ends it at once" { signals second_int; }
@test "TERM after INT ends it at once" { signals int_then_term; }
@test "TERM while nobody reads the lines: it dies of it all the same" { signals stuck_reader; }
@test "TERM while nobody reads a report: it dies of it all the same" { signals stuck_report; }
@test "TERM while a packed file is searched: it dies of it, the database stands" { signals long_search; }
@test "USR1 prints the totals so far and goes on" { signals usr1; }
@test "USR1 with -s prints totals, and the report only at the end" { signals usr1_report; }
@test "USR1 again and again loses and doubles nothing (49)" { signals usr1_storm; }
@test "HUP ignored by nohup stays ignored" { signals ignored; }
@test "a closed pipe: quiet, dies of PIPE (74)" { signals closed_pipe; }
@test "a closed pipe before a report: quiet, dies of PIPE (74)" { signals closed_pipe_report; }
@test "a closed pipe before --explain: quiet, dies of PIPE (74)" { signals closed_pipe_explain; }
@test "Ctrl-C that ended the reader as well: the totals come" { signals group; }
@test "Ctrl-C to the process group of a shell's pipe: the totals come" { signals group_real; }

@test "into head -n 1: quiet, status 141 (74)" {
	yes code=9018 | head -n 200000 >in
	run bash -c '{ "$JGANNOTATE" in 2>err; echo $? >status; } | head -n 1'
	[ "$output" = "code=9018 [account: appKey no money]" ]
	same "$(cat status)" 141
	empty err
}

@test "a shell sees status 130, 143 and 129" { signals shell; }
