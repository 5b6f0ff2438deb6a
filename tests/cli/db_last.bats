#!/usr/bin/env bats
# Which window a report over a database is of: since the last one, so long ago, and what no report was
# about. The clock is the test's.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export TZ=Asia/Shanghai
}

# at TIME ARGUMENT...: a run whose clock shows that
at() {
	export JGANNOTATE_TEST_NOW
	JGANNOTATE_TEST_NOW=$(date -d "$1" +%s)
	shift
	go -d a.db "$@"
}

# hit TIME [CODE]: a line, of November
hit() {
	echo "2026-11-$1 code=${2:-9018}"
}

# window: of the report in ./out, and how many responses it has
window() {
	python3 -c '
import json
report = json.load(open("out"))
times = [report["time"][end] for end in ("since", "until")]
print(*[time and time[8:16] for time in times], report["hits"]["responses"])'
}

# last TIME WINDOW [OPTION]...: a run over the log has a report of that window
last() {
	local time=$1 expected=$2
	shift 2
	at "$time" --since last -r json "$@" api.log
	same "$(window)" "$expected"
}

@test "since last: from the first quarter on, then from where the last report ended" {
	{ hit '20 10:07:01'; hit '20 23:59:59'; hit '21 00:29:59'; } >api.log
	last '2026-11-21 00:37' '20T10:00 21T00:30 3'
	exits 0
	hit '21 12:00:00' >>api.log
	# a night on which nothing ran
	hit '22 12:00:00' >>api.log
	last '2026-11-23 00:30' '21T00:30 23T00:30 2'
	at '2026-11-24 00:30' -s --since last --until today api.log
	exits 0
	same "$(sed -n 2p out)" 'since the last report: 2026-11-23 00:30 to 2026-11-24 00:00'
	hit '24 12:00:00' >>api.log
	at '2026-11-24 13:07' -r markdown --since last api.log
	holds out 'since the last report: 2026-11-24 00:00 to 2026-11-24 13:00'
	at '2026-11-24 14:07' -r html --since last api.log
	holds out 'since the last report: 2026-11-24 13:00 to 2026-11-24 14:00'
	at '2026-11-24 15:07' -s --lang zh --since last api.log
	holds out '自上次报告以来：2026-11-24 14:00 至 2026-11-24 15:00'
}

@test "since last: the first report tells that it is" {
	hit '20 10:07:01' >api.log
	at '2026-11-21 00:37' -s --since last api.log
	same "$(sed -n 2p out)" 'the first report: 2026-11-20 10:00 to 2026-11-21 00:30'
	# of lines without a time nobody knows when they came
	echo code=9018 >other.log
	JGANNOTATE_TEST_NOW=$(date -d '2026-11-21 00:37' +%s) go -d b.db -s --since last other.log
	exits 0
	same "$(sed -n 2p out)" 'the first report: up to 2026-11-21 00:30'
	holds out '1 code without a time'
	JGANNOTATE_TEST_NOW=$(date -d '2026-11-22 00:37' +%s) go -d b.db -s --since last other.log
	same "$(sed -n 2p out)" 'since the last report: 2026-11-21 00:30 to 2026-11-22 00:30'
	lacks out 'without a time'
}

@test "since last: only a report that was delivered moves it" {
	hit '20 10:00:00' >api.log
	last '2026-11-21 00:30' '20T10:00 21T00:30 1'
	hit '21 12:00:00' >>api.log
	# not written, not meant, not over the log, not a report, not of news
	status=0
	JGANNOTATE_TEST_NOW=$(date -d '2026-11-22 00:30' +%s) \
		"$JGANNOTATE" -d a.db -s --since last api.log >/dev/full 2>err || status=$?
	same "$status" 1
	at '2026-11-22 00:31' -s --since last -r json:nowhere/x.json api.log
	exits 1
	last '2026-11-22 00:32' '21T00:30 22T00:30 1' --dry-run
	at '2026-11-22 00:33' -r json --since last
	same "$(window)" '21T00:30 22T00:30 1'
	at '2026-11-22 00:34' --since last api.log
	exits 0
	at '2026-11-22 00:35' -r prometheus --since last api.log
	exits 0
	# nor do other windows, nor what is new
	at '2026-11-22 00:36' -s --since yesterday --until today api.log
	at '2026-11-22 00:37' -s api.log
	exits 0
	last '2026-11-22 00:38' '21T00:30 22T00:30 1'
	hit '22 12:00:00' 9000 >>api.log
	# a quiet one does, and one with a threshold alone, and one that could not read all
	at '2026-11-23 00:30' -s --since last -w 5% --min-responses 1 --quiet-if-ok api.log
	exits 0
	empty out
	last '2026-11-24 00:30' '23T00:30 24T00:30 0'
	at '2026-11-25 00:30' --since last -w 5% --min-responses 0 api.log
	exits 0
	last '2026-11-26 00:30' '25T00:30 26T00:30 0' nowhere.log
	exits 1
	last '2026-11-27 00:30' '26T00:30 27T00:30 0'
}

@test "since last: in the same quarter there is nothing to report, and that is no failure" {
	hit '20 10:00:00' >api.log
	at '2026-11-21 00:31' -s -r night.json -r night.prom --since last api.log
	cp night.json before
	hit '21 00:40:00' >>api.log
	at '2026-11-21 00:44' -s -r night.json -r night.prom --since last api.log
	exits 0
	holds err 'nothing to report: the last report went up to 2026-11-21T00:30:00+08:00'
	# what was reported is not lost for that; totals are of all
	cmp night.json before
	holds night.prom 'code="9018",category="verification",outcome="account",error="true"} 2'
	at '2026-11-21 00:44' --since last -w 1% api.log
	exits 0
	same "$(sed 's/ |.*//' out)" 'JGANNOTATE OK - nothing to report since the last time'
	at '2026-11-21 00:44' -s --since last -w 1% --baseline 7d --quiet-if-ok api.log
	exits 0
	empty out
	empty err
	# but trouble is
	at '2026-11-21 00:44' --since last -w 1% --quiet-if-ok api.log nowhere.log
	exits 3
	holds out 'UNKNOWN'
	# it is not the report of anything: the next one has it all
	last '2026-11-21 01:00' '21T00:30 21T01:00 1'
	# also where less was asked for
	at '2026-11-21 02:00' -r json --since last --until today api.log
	exits 0
	holds err 'nothing to report'
	last '2026-11-21 02:00' '21T01:00 21T02:00 0'
	# and before there is anything
	go -d b.db -s --since last --until 2026-11-20 api.log
	exits 0
	holds err 'nothing to report: the database begins after 2026-11-20T00:00:00+08:00'
}

@test "since last: what comes late is named with its number, once" {
	hit '20 10:00:00' >api.log
	last '2026-11-21 00:30' '20T10:00 21T00:30 1'
	# of the window, and of before it
	{ hit '20 11:10:00'; hit '20 12:01:00' 9003; hit '19 12:00:00'; hit '21 12:00:00'; } >>api.log
	at '2026-11-22 00:30' -s --since last -w 100% --min-responses 0 --quiet-if-ok --dry-run api.log
	holds out '3 codes came late'
	at '2026-11-22 00:30' -s --since last api.log
	exits 0
	holds err "3 codes came late, of a time that was reported before; to see it: jgannotate -d 'a.db' -s --since 2026-11-19T12:00:00+08:00 --until 2026-11-20T12:15:00+08:00"
	holds out '; 3 codes came late, of a time that was'
	holds out 'errors        1 of 1 response '
	hit '22 12:00:00' >>api.log
	at '2026-11-23 00:30' -s --since last api.log
	lacks err late
	lacks out late
	# it is something to say
	hit '20 11:10:00' >>api.log
	hit '23 12:00:00' 9000 >>api.log
	at '2026-11-24 00:30' -s --since last -w 1% --min-responses 1 --quiet-if-ok api.log
	exits 0
	holds out 'JGANNOTATE OK - 1 code came late, errors 0.00% of 1 response'
	# taken in by others, whatever they reported of it
	{ hit '20 11:10:00'; hit '24 12:00:00'; } >>api.log
	at '2026-11-25 00:20' -s api.log
	at '2026-11-25 00:30' -s --since last api.log
	holds out '1 code came late'
	holds out 'errors        1 of 1 response '
}

@test "since last: a clock that was set back" {
	hit '20 10:00:00' >api.log
	last '2026-11-21 00:30' '20T10:00 21T00:30 1'
	hit '21 10:00:00' >>api.log
	# a little: it comes up with it
	last '2026-11-22 01:00' '21T00:30 22T01:00 1'
	at '2026-11-22 00:50' -s --since last api.log
	exits 0
	holds err 'nothing to report: the last report went up to 2026-11-22T01:00:00+08:00'
	last '2026-11-22 01:15' '22T01:00 22T01:15 0'
	# for a night it was a year ahead: as if that report had not been
	hit '22 10:00:00' >>api.log
	last '2027-11-22 01:00' '22T01:15 22T01:00 1'
	hit '23 10:00:00' >>api.log
	last '2026-11-24 01:00' '22T01:15 24T01:00 2'
	holds err 'the clock was set back: there was a report up to 2027-11-22T01:00:00+08:00'
	last '2026-11-25 01:00' '24T01:00 25T01:00 0'
	lacks err 'set back'
	# nor does it count when its time comes
	last '2027-11-23 01:00' '25T01:00 23T01:00 0'
}

@test "since last: never up to what is still to come" {
	{ hit '20 10:00:00'; hit '21 10:00:00'; } >api.log
	last '2026-11-21 09:07' '20T10:00 21T09:00 1' --until 2026-11-22
	holds err "--until '2026-11-22' is still to come"
	last '2026-11-21 11:07' '21T09:00 21T10:45 1' --until 10m
}

@test "since last: nights that were missed are compared with as many before" {
	for day in 10 11 12 13 14 15 16 17 18 19 20 21 22; do
		hit "$day 10:00:00" 9018
		hit "$day 10:00:00" 9000
	done >api.log
	{ hit '21 10:00:00' 9018; hit '21 10:00:00' 9018; } >>api.log
	at '2026-11-20 00:30' -r none.prom -s --since last --until today api.log
	at '2026-11-23 00:30' -r json --since last --until today --baseline 3d api.log
	same "$(window)" '20T00:00 23T00:00 8'
	# 17th to 19th, 16th to 18th, 15th to 17th: never a part of itself
	same "$(python3 -c 'import json; b = json.load(open("out"))["baseline"]; print(b["responses"], b["errors"], b["days_with_responses"])')" '6 3 3'
}

@test "the days that no report has covered are named by the next one" {
	hit '20 10:00:00' 9000 >api.log
	at '2026-11-21 00:30' -s --since yesterday --until today api.log
	exits 0
	lacks err 'no report'
	{ hit '21 10:00:00' 9018; hit '22 10:00:00' 9018; hit '23 10:00:00' 9000; } >>api.log
	# not one that is not delivered
	at '2026-11-24 00:30' -s --since yesterday --until today --dry-run api.log
	holds err 'no report has covered 2026-11-21 to 2026-11-22'
	at '2026-11-24 00:30' -s --since yesterday --until today -w 1% --min-responses 1 --quiet-if-ok api.log
	exits 0
	holds out '; no report has covered 2026-11-21 to'
	holds err "no report has covered 2026-11-21 to 2026-11-22; to see it: jgannotate -d 'a.db' -s --since 2026-11-21T00:00:00+08:00 --until 2026-11-23T00:00:00+08:00"
	hit '24 10:00:00' 9000 >>api.log
	at '2026-11-25 00:30' -s --since yesterday --until today -w 1% --min-responses 1 --quiet-if-ok api.log
	exits 0
	empty out
	empty err
	# windows that follow on each other leave nothing, nor do reports of what is new
	at '2026-11-26 00:30' -s --since 1d api.log
	lacks err 'no report'
	at '2026-11-28 00:30' -s api.log
	at '2026-11-28 09:07' -s --since 2h api.log
	lacks err 'no report'
	# who reads the database asks for what it likes
	at '2026-11-30 00:30' -s --since yesterday --until today
	lacks err 'no report'
	# a day that was covered in part is named with the others
	at '2026-12-01 00:30' -s --lang zh --since yesterday --until today api.log
	holds out '2026-11-28 至 2026-11-29 没有任何报告'
	holds err ' --since 2026-11-28T09:00:00+08:00 --until 2026-11-30T00:00:00+08:00'
}

@test "reports in JSON tell what came late and what was missed, also when they are merged" {
	hit '20 10:00:00' 9000 >api.log
	at '2026-11-21 00:30' -r json --since last --until today api.log
	same "$(python3 -c 'import json; r = json.load(open("out")); print(r["late"], r["missed"])')" '0 []'
	{ hit '20 11:00:00'; hit '20 12:00:00'; hit '21 10:00:00'; } >>api.log
	at '2026-11-22 00:30' -r json:late.json --label a --since last --until today api.log
	go -d b.db -r json --since 2026-11-19 --until 2026-11-20 api.log
	JGANNOTATE_TEST_NOW=$(date -d '2026-11-26 00:30' +%s)
	for host in b c; do
		cp a.db b.db
		go -d b.db -r json:$host.json --label $host --since yesterday --until today api.log
		exits 0
	done
	go --merge -r json late.json b.json c.json
	exits 0
	same "$(python3 -c 'import json; r = json.load(open("out")); print(r["late"], *r["missed"])')" \
		"2 {'since': '2026-11-22T00:00:00+08:00', 'until': '2026-11-25T00:00:00+08:00'}"
	go --merge -s late.json b.json c.json
	holds out '2 codes came late'
	holds out '2026-11-22 to 2026-11-24'
	# one of before lacks them
	grep -vE '"(late|missed)":' late.json >old.json
	of_before old.json
	go --merge -r json old.json b.json
	exits 0
	same "$(python3 -c 'import json; print(json.load(open("out"))["late"])')" 0
	# nothing is made up of what is no such member
	sed 's/"late": 2/"late": -2/' late.json >wrong.json
	go --merge -s wrong.json
	exits 4
	holds err "member 'late'"
	sed 's/"missed": \[\]/"missed": [{"since": null, "until": null}]/' late.json >wrong.json
	go --merge -s wrong.json
	exits 4
	holds err "member 'missed[0]'"
	go -r json api.log
	same "$(python3 -c 'import json; r = json.load(open("out")); print(r["late"], r["missed"])')" 'None None'
}

@test "times so long ago are of the quarter that holds them, and the head says so" {
	{ hit '25 10:50:00'; hit '25 11:00:00'; hit '25 13:00:00'; } >api.log
	at '2026-11-25 13:07:10' -r json --since 2h api.log
	exits 0
	same "$(window)" '25T11:00 None 2'
	at '2026-11-25 13:07:10' -s --since 2h
	same "$(sed -n 2p out)" 'to the quarter of an hour: from 2026-11-25 11:00 on'
	for ago in 1w 30d 100m 7m -90m 1h30m now; do
		at '2026-11-25 13:07:10' -s --since "$ago"
		exits 0
		holds out 'to the quarter of an hour: from '
	done
	at '2026-11-25 13:07:10' -r json --since 20m --until now
	same "$(window)" '25T12:45 25T13:00 0'
	at '2026-11-25 13:07:10' -s --until now
	same "$(sed -n 2p out)" 'to the quarter of an hour: up to 2026-11-25 13:00'
	at '2026-11-25 13:07:10' -s --since 2h --baseline 3h..1h
	exits 0
	# on the quarter nothing is rounded
	at '2026-11-25 13:15:00' -s --since 2h --until now
	lacks out 'to the quarter'
	# nor where the typed time is one
	at '2026-11-25 13:07:10' -s --since 13:00
	exits 0
	lacks out 'to the quarter'
	at '2026-11-25 13:07:10' -s --since 13:05
	exits 2
	holds err 'the nearest is 2026-11-25T13:00:00+08:00'
	# without a database every second counts
	JGANNOTATE_TEST_NOW=$(date -d '2026-11-25 13:07:10' +%s) go -r json --since 7m api.log
	same "$(python3 -c 'import json; print(json.load(open("out"))["time"]["since"])')" \
		2026-11-25T13:00:10+08:00
}

@test "since last goes with a database, and with a run that ends" {
	hit '20 10:00:00' >api.log
	go -s --since last api.log
	is_usage_error 'it goes with --db'
	go -d a.db -F -s --since last api.log
	is_usage_error 'it does not go with -F'
	go -d a.db -s --until last api.log
	exits 2
	holds err "'last' is no time"
	[ ! -e a.db ]
	go -d a.db -s --since last --until 2026-11-20T10:07 api.log
	exits 2
	holds err '--until lies between quarters of an hour'
}

@test "since last: a database of the release before it begins at its first quarter" {
	hit '20 10:00:00' >api.log
	at '2026-11-21 00:30' -s --since yesterday --until today api.log
	sqlite3 a.db 'DROP VIEW responses; DROP VIEW series; DROP TABLE report; DROP TABLE meaning; DROP TABLE zone;
		PRAGMA user_version = 1'
	at '2026-11-22 00:30' -s --since last
	exits 4
	holds err 'made by an older release: a run with logs brings it up to date'
	hit '22 10:00:00' >>api.log
	# nothing is known of the reports before, so none is missed
	cp a.db old.db
	at '2026-11-23 00:30' -s --since yesterday --until today api.log
	exits 0
	holds err 'brought up to date'
	lacks err 'no report'
	cp old.db a.db
	last '2026-11-23 00:30' '20T10:00 23T00:30 2'
	last '2026-11-24 00:30' '23T00:30 24T00:30 0'
}
