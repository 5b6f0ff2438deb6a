#!/usr/bin/env bats
# Reports from a database: windows, what they are compared with, totals for Prometheus.

load common

# hits DAY HOUR CODE COUNT: lines of a log
hits() {
	for ((i = 0; i < $4; i++)); do echo "$1 $2:00:$(printf %02d $((i % 60))) code=$3"; done
}

# value EXPRESSION: of the report `r` in ./out
value() {
	python3 -c "import json; r = json.load(open('out')); print($1)"
}

# Seven days before the 22nd: 1 to 7 errors of 100 responses, on one of them 90; then 20.
week() {
	for day in 15 16 17 18 19 20 21; do
		errors=$((day - 14))
		[ "$day" -eq 17 ] && errors=90
		hits "2026-11-$day" 10 9018 "$errors"
		hits "2026-11-$day" 10 9000 $((100 - errors))
	done
	hits 2026-11-22 10 9018 20
	hits 2026-11-22 10 9011 6
	hits 2026-11-22 10 9000 74
}

@test "the median of the same window on the days before" {
	week >api.log
	go -d a.db -r json --since 2026-11-22 --until 2026-11-23 --baseline 7d api.log
	exits 0
	same "$(value 'r["baseline"]["days"], r["baseline"]["days_with_responses"]')" '7 7'
	# 1 2 4 5 6 7 90
	same "$(value 'r["baseline"]["errors"], r["baseline"]["responses"], r["baseline"]["error_rate"]')" '5 100 0.05'
	same "$(value 'r["baseline"]["error_rate_change"]')" 0.21
	same "$(value '[(c["code"], c["count_before"], c["share_before"], c["new"]) for c in r["baseline"]["codes"]]')" \
		'[(9018, 5, 0.05, False), (9011, 0, 0.0, True), (9000, 95, 0.95, False)]'
	go -d a.db -s --since 2026-11-22 --until 2026-11-23 --baseline 7d
	holds out '26.00%   +21.00 points, 7-day median 5.00%'
	holds out 'against the median of the same window on 7 days before'
	go -d a.db -s --lang zh --since 2026-11-22 --until 2026-11-23 --baseline 7d
	holds out '+21.00 个百分点，7 天中位数 5.00%'
	go -d a.db -r markdown --since 2026-11-22 --until 2026-11-23 --baseline 7d
	holds out '7-day median 5.00%'
	go -d a.db -r html --since 2026-11-22 --until 2026-11-23 --baseline 7d
	holds out '7-day median 5.00%'
	go -d a.db -s --since 2026-11-22T10:00 --until 2026-11-22T10:15 --baseline 1w
	holds out '7-day median 5.00%'
}

@test "days without responses are no part of the median, and are told" {
	week | grep -v '2026-11-1[5-8]' >api.log
	go -d a.db -s --since 2026-11-22 --until 2026-11-23 --baseline 7d api.log
	exits 0
	holds out '3-day median 6.00%'
	holds out 'on 7 days before, of which 3 have'
	go -d a.db -s --since 2026-11-15 --until 2026-11-16 --baseline 7d
	exits 0
	holds out 'on 7 days before, of which 0 have'
}

@test "another window of the database" {
	week >api.log
	go -d a.db -s api.log
	go -d a.db -r json --since 2026-11-22 --until 2026-11-23 --baseline 2026-11-15..2026-11-17
	exits 0
	same "$(value 'r["baseline"]["errors"], r["baseline"]["responses"], r["baseline"]["days"]')" '3 200 None'
	go -d a.db -s --baseline 2026-11-15..2026-11-17
	exits 0
	holds out 'against 2026-11-15..2026-11-17'
	go -d a.db -r json:old.json --since 2026-11-21 --until 2026-11-22
	exits 0
	go -d a.db -s --since 2026-11-22 --until 2026-11-23 --baseline old.json
	exits 0
	holds out 'points, was 7.00%'
}

@test "the same window by the clock, where the clocks change" {
	{
		echo '2026-10-25T00:30:00+02:00 code=9018'
		echo '2026-10-25T23:30:00+01:00 code=9018'
		echo '2026-10-24T23:30:00+02:00 code=9000'
		echo '2026-10-26T00:30:00+01:00 code=9000'
	} >api.log
	export TZ=Europe/Berlin
	# 25 hours
	go -d a.db -r json --since 2026-10-26 --until 2026-10-27 --baseline 1d api.log
	exits 0
	same "$(value 'r["baseline"]["errors"], r["baseline"]["responses"], r["hits"]["responses"]')" '2 2 1'
}

@test "with thresholds, and quiet when nothing is new" {
	week | grep -v 9011 >api.log
	go -d a.db -s --since 2026-11-22 --until 2026-11-23 --baseline 7d --quiet-if-ok api.log
	exits 0
	empty out
	hits 2026-11-22 11 9011 6 >>api.log
	go -d a.db --since 2026-11-22 --until 2026-11-23 --baseline 7d --quiet-if-ok --critical 50%
	exits 0
	empty out
	go -d a.db --since 2026-11-22 --until 2026-11-23 --baseline 7d --quiet-if-ok --critical 50% api.log
	exits 0
	holds out 'JGANNOTATE OK'
	go -d a.db --since 2026-11-22 --until 2026-11-23 --baseline 7d --critical 20%
	exits 2
	holds out 'JGANNOTATE CRITICAL'
}

@test "what cannot be compared is refused" {
	hits 2026-11-22 10 9018 1 >api.log
	go -d a.db -s --baseline 7d api.log
	is_usage_error 'say which one with --since and --until'
	go -d a.db -s --since 2026-11-22 --until 2026-11-23 --baseline 2026-11-15T00:20..2026-11-16 api.log
	exits 2
	holds err '--baseline lies between quarters of an hour'
	holds err '2026-11-15T00:15:00'
	go -d a.db -s --baseline 2026-11-16..2026-11-15 api.log
	is_usage_error "does not end after it begins"
	go -s --baseline 7d api.log
	is_usage_error 'it goes with --db'
	go -d a.db -s --tz +05:53 --bucket 1d api.log
	is_usage_error 'no bucket begins at a quarter of an hour'
	[ ! -e a.db ]
}

@test "times off the grid: the nearest is told in the zone that was asked for" {
	echo x >api.log
	go -d a.db -s --tz America/New_York --since 2026-11-22T10:20 api.log
	exits 2
	holds err 'the nearest is 2026-11-22T10:15:00-05:00'
	go -d a.db -s --tz Asia/Kathmandu --until 2026-11-22T10:23 api.log
	exits 2
	holds err 'the nearest is 2026-11-22T10:30:00+05:45'
	go -d a.db -s --tz Asia/Kathmandu --until 2026-11-22 api.log
	exits 0
}

@test "a gap is told in the report of its time, not in all" {
	hits 2026-11-22 10 9018 3 >api.log
	go -d a.db -s api.log
	hits 2026-11-22 11 9018 1 >api.log
	go -d a.db -s api.log
	exits 3
	go -d a.db -r json
	same "$(value 'len(r["gaps"])')" 1
	# from a day on that is still to come
	go -d a.db -r json --since 2090-01-01 --until 2090-01-02
	same "$(value 'r["gaps"], r["runs"]')" '[] []'
}

@test "merged reports of windows tell what they do not know, and what was lost" {
	hits 2026-11-22 10 9018 3 >api.log
	go -d a.db -s api.log
	hits 2026-11-22 11 9018 1 >api.log
	go -d a.db -s api.log
	exits 3
	go -d a.db -r json:1.json --label a --since 2026-11-22T10:00
	hits 2026-11-22 12 9000 2 >other.log
	go -r json:2.json --label b other.log
	go --merge -r json 1.json 2.json
	exits 0
	same "$(value 'r["lines"], r["bytes"], r["lines_with_hits"], r["hits"]["responses"], len(r["gaps"]), r["runs"]')" 'None None None 6 1 None'
	cp out 3.json
	go --merge -s 1.json 2.json
	holds out '6 codes in 2 reports; 1 gap of lines lost before they were read'
	go --merge -s 3.json
	holds out '6 codes in 1 report; 1 gap of lines'
	go --merge -r prometheus 1.json 2.json
	lacks out 'jgannotate_run_lines{'
	holds out '# TYPE jgannotate_run_lines gauge'
	go --merge -r json 2.json
	same "$(value 'r["lines"], r["gaps"]')" '2 None'
	go -d a.db -s --since 2026-11-20 --until 2026-11-21
	head -n 1 out | grep -qE '^a\.db +2026-11-20 00:00:00 to 23:59:59 [^ ]+$'
	go -d a.db -s --until 2026-11-21
	same "$(head -n 1 out)" 'a.db'
	go -d a.db --critical 5% --since 2026-11-21 --until 2026-11-22
	holds out 'no responses'
	lacks out 'in 0 lines'
}

# total NAME: of the counters in ./out, the sum over all series of the name
total() {
	awk -v name="$1" 'index($0, name "{") == 1 { sum += $NF } END { print sum + 0 }' out
}

@test "totals for Prometheus only grow: over runs, windows, epochs and --keep" {
	hits 2020-01-01 10 9018 5 >api.log
	hits 2026-11-22 10 9000 2 >>api.log
	go -d a.db -r prometheus api.log
	exits 0
	# what is too old to be kept was counted all the same
	same "$(total jgannotate_hits_total)" 7
	holds out 'code="9018",category="verification",outcome="account",error="true"} 5'
	holds out '# TYPE jgannotate_hits_total counter'
	cp out first
	go -d a.db -r json
	same "$(value 'r["hits"]["responses"]')" 2
	hits 2026-11-22 11 9018 1 >>api.log
	echo 'code=9018' >>api.log
	go -d a.db -r prometheus --since 2026-11-21 --until 2026-11-22 api.log
	exits 0
	same "$(total jgannotate_hits_total)" 9
	same "$(total jgannotate_lines_total)" 9
	same "$(total jgannotate_runs_total)" 2
	# each series and each HELP is there again, none shrank
	python3 - <<-'END'
		def read(name):
		    series, helps = {}, []
		    for line in open(name):
		        if line.startswith("#"):
		            helps.append(line)
		        else:
		            key, value = line.rsplit(" ", 1)
		            series[key] = float(value)
		    return series, helps
		(before, helps), (now, helps_now) = read("first"), read("out")
		assert helps == helps_now
		assert len(before) > 60 and before.keys() == now.keys()
		assert all(before[key] <= now[key] for key in before)
	END
	go -d a.db -r prometheus --new-epoch -k errno api.log
	same "$(total jgannotate_hits_total)" 9
	hits 2026-11-22 12 9018 1 | sed 's/code/errno/' >>api.log
	go -d a.db -r prometheus -k errno api.log
	same "$(total jgannotate_hits_total)" 10
	go -d a.db -r prometheus
	same "$(total jgannotate_hits_total)" 10
	go -r prometheus api.log
	holds out '# TYPE jgannotate_run_hits gauge'
	lacks out 'jgannotate_hits_total'
}
