# shellcheck disable=SC2002 # a pipe, not a file, is what is tried
load common

# value FILE EXPRESSION: of the JSON report r.
value() {
	python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"
}

night() {
	printf '%s\n' 'no stamp yet code=9003' '2026-11-22T01:59:59.999Z a code=9018' \
		'2026-11-22T02:00:00Z b code=9018' '  continued code=9003' 'nothing here' \
		'2026-11-22T02:59:59.999Z c code=9000' '2026-11-22T03:00:00Z d code=9018' 'after d'
}

# In the order of time, some 20 MB: a line a second from 2026-11-20 on.
make_big() {
	awk 'BEGIN {
		for (i = 0; i < 230000; i++)
			printf "2026-11-%02dT%02d:%02d:%02dZ INFO request id=%08d code=%d %40s\n", 20 + i / 86400,
				i / 3600 % 24, i / 60 % 60, i % 60, i, i % 4 ? 9000 : 9018, "padding"
	}' >big
}

window=(--tz UTC --since '2026-11-22 02:00' --until '2026-11-22 03:00')

@test "printed lines are those of the window: its start, not its end" {
	night >in
	go -q "${window[@]}" in
	exits 0
	same "$(cut -d[ -f1 out | sed 's/ *$//')" "$(night | sed -n 3,6p)"
	go -q --only error "${window[@]}" in
	same "$(grep -o 'code=[0-9]*' out | xargs)" 'code=9018 code=9003'
}

@test "one end may be open" {
	night >in
	go -q --tz UTC --since '2026-11-22 03:00' in
	same "$(cut -c1-22 out | xargs)" '2026-11-22T03:00:00Z d after d'
	go -q --tz UTC --until '2026-11-22 02:00' in
	same "$(wc -l <out)" 1
	holds out 'a code=9018'
}

@test "a long line is in the window or out of it, whole" {
	{
		printf '2026-11-22T01:00:00Z code=9018 '
		head -c 3000000 /dev/zero | tr '\0' X
		printf '\n2026-11-22T02:00:00Z code=9018 '
		head -c 3000000 /dev/zero | tr '\0' Q
		printf '\n2026-11-22T03:00:00Z code=9018\n'
	} >in
	go -q "${window[@]}" in
	exits 3 # of their ends nothing is known
	same "$(wc -l <out)" 1
	same "$(tr -cd X <out | wc -c)" 0
	same "$(tr -cd Q <out | wc -c)" 3000000
}

@test "what has no time or lies outside is counted, and shown" {
	night >in
	go -r json "${window[@]}" in
	same "$(value out '[r["time"][k] for k in ("since", "until", "tz", "unknown", "outside")]')" \
		"['2026-11-22T02:00:00+00:00', '2026-11-22T03:00:00+00:00', 'UTC', 1, 2]"
	same "$(value out 'r["hits"]["responses"], r["errors"], r["lines"]')" '(3, 2, 8)'
	go -s "${window[@]}" in
	holds out '2 codes outside the time asked for'
	holds out '1 code without'
}

@test "-o json: the time a line has itself, in the zone; the window; the group" {
	night >in
	go -q -o json --tz Asia/Shanghai --since '2026-11-22 10:00' --by file in
	same "$(python3 -c 'import json
for line in open("out"):
    r = json.loads(line); print(r["line"], r["time"], r["group"])')" \
		$'3 2026-11-22T10:00:00+08:00 in\n4 None in\n6 2026-11-22T10:59:59.999+08:00 in\n7 2026-11-22T11:00:00+08:00 in'
}

@test "all spellings of one time are one time" {
	night >in
	local spelling
	for spelling in 2026-11-22T02:00:00Z 2026-11-22T10:00:00+08:00 '2026-11-22 02:00' \
		'2026-11-22 02:00:00' 2026-11-22T02:00 2026/11/22T02:00 1795312800 1795312800000; do
		go -r json --tz UTC --since "$spelling" in
		exits 0
		same "$(value out 'r["time"]["since"], r["errors"]')" "('2026-11-22T02:00:00+00:00', 3)"
	done
	go -r json --tz UTC --since 2026-11-22 in
	same "$(value out 'r["time"]["since"], r["errors"]')" "('2026-11-22T00:00:00+00:00', 4)"
}

@test "times that are so long ago" {
	local ago
	# shellcheck disable=SC2034 # used by what is run
	for ago in 10m 2h 26h 3d; do
		printf '%sZ code=9018\n' "$(date -u -d '5 minutes ago' +%FT%T)" \
			"$(date -u -d '90 minutes ago' +%FT%T)" "$(date -u -d '25 hours ago' +%FT%T)" \
			"$(date -u -d '60 hours ago' +%FT%T)" "$(date -u -d '80 hours ago' +%FT%T)"
	done >in
	go -r json --since 10m in
	same "$(value out 'r["errors"]')" 4
	go -r json --since 2h in
	same "$(value out 'r["errors"]')" 8
	go -r json --since=-26h in
	same "$(value out 'r["errors"]')" 12
	go -r json --since 3d --until 1d in
	same "$(value out 'r["errors"]')" 8
	go -r json --since now in
	same "$(value out 'r["errors"]')" 0
}

@test "today, yesterday and times of the day" {
	{
		date -u -d yesterday +'%F 00:00:00 code=9018'
		date -u +'%F 00:00:00 code=9018'
	} >in
	go -r json --tz UTC --since today in
	same "$(value out 'r["errors"]')" 1
	go -r json --tz UTC --since yesterday --until today in
	same "$(value out 'r["errors"]')" 1
	go -r json --tz UTC --since 00:00 in
	same "$(value out 'r["errors"]')" 1
	go -r json --tz UTC --since 23:59:59 in # yesterday's, unless it is that late
	same "$(value out 'r["errors"]')" 1
}

@test "what is no time, duration or zone is refused, with what is one" {
	local option
	for option in --since=gestern --since=25:00 --until=2026-13-01 --until=2026-02-30 --bucket=7m \
		--bucket=36h --bucket=15 --bucket=0s --tz=Nowhere/X --time-format=%q --time-format=%H --time-key=a,b; do
		go "$option" /dev/null
		exits 2
		empty out
		same "$(wc -l <err)" 2
		holds err "${option%%=*}"
	done
	go --since 2026-11-23 --until 2026-11-22 /dev/null
	is_usage_error 'is after --until'
	go --bucket 36h /dev/null
	holds err "did you mean '2d'?"
}

@test "buckets add up to the totals, empty ones stand between" {
	night >in
	echo '2026-11-22T05:10:00Z code=9001' >>in
	go -r json --tz UTC --bucket 1h in
	same "$(value out '[(b["start"] and b["start"][11:16], b["responses"], b["errors"]) for b in r["buckets"]]')" \
		"[('01:00', 1, 1), ('02:00', 3, 2), ('03:00', 1, 1), ('04:00', 0, 0), ('05:00', 1, 0), (None, 1, 1)]"
	same "$(value out 'sum(b["responses"] for b in r["buckets"]) == r["hits"]["responses"] == 7')" True
	same "$(value out '[b["error_rate"] for b in r["buckets"]][3]')" None
}

@test "--tz decides what a stamp without a zone means, and where days begin" {
	echo '2026-11-22 03:00:00 code=9018' >in
	go -q -o json --tz Asia/Shanghai in
	holds out '"time":"2026-11-22T03:00:00+08:00"'
	go -q -o json --tz +05:30 in
	holds out '"time":"2026-11-22T03:00:00+05:30"'
	TZ=Asia/Tokyo go -q -o json in
	holds out '"time":"2026-11-22T03:00:00+09:00"'
	printf '2026-11-22T%s:00:00Z code=9018\n' 15 17 >in
	go -r csv --tz Asia/Shanghai --bucket 1d in
	same "$(cut -d, -f1 out | sed 1d | xargs)" '2026-11-22T00:00:00+08:00 2026-11-23T00:00:00+08:00'
}

@test "where clocks change no hour is lost or counted twice" {
	printf '2026-10-25T%s:30:00Z code=9018\n' 00 01 02 >in
	go -r csv --tz Europe/Berlin --bucket 1h in
	same "$(sed 1d out | cut -d, -f1,8 | xargs)" \
		'2026-10-25T02:00:00+02:00,1 2026-10-25T02:00:00+01:00,1 2026-10-25T03:00:00+01:00,1'
	printf '2026-03-29T%s:30:00Z code=9018\n' 00 01 >in
	go -r json --tz Europe/Berlin --bucket 1h in
	same "$(value out '[b["start"] for b in r["buckets"]]')" \
		"['2026-03-29T01:00:00+01:00', '2026-03-29T03:00:00+02:00']"
}

@test "--time-format reads a stamp of its own, and no other" {
	printf '%s\n' '2026-11-22 03:14:00 code=9018' '22.11.2026 04:00:00 code=9003' >in
	go -q -o json --tz UTC --time-format '%d.%m.%Y %H:%M:%S' in
	same "$(grep -o '"time":[^,]*' out | xargs)" 'time:null time:2026-11-22T04:00:00+00:00'
}

@test "a stamp without a year has that of the file" {
	echo 'Nov 22 03:14:15 host app: code=9018' >in
	touch -d 2019-12-01T00:00:00Z in
	go -q -o json --tz UTC in
	holds out '"time":"2019-11-22T03:14:15+00:00"'
	touch -d 2019-03-01T00:00:00Z in
	go -q -o json --tz UTC in
	holds out '"time":"2018-11-22T03:14:15+00:00"'
	# which its packed form keeps
	gzip in
	go -q -o json --tz UTC in.gz
	holds out '"time":"2018-11-22T03:14:15+00:00"'
}

@test "a large file in order is entered near the window, and says what it skipped" {
	make_big
	size=$(wc -c <big)
	late=(--tz UTC --since 2026-11-22T12:00:00Z --until 2026-11-22T12:30:00Z)
	go -r json "${late[@]}" big
	exits 0
	mv out some
	go -r json "${late[@]}" <big
	mv out redirected
	cat big | "$JGANNOTATE" -r json "${late[@]}" >all
	same "$(value some 'r["time"]["skipped_bytes"] > 10e6')" True
	same "$(value some "r['bytes'] + r['time']['skipped_bytes'] <= $size")" True
	same "$(value all 'r["time"]["skipped_bytes"], r["bytes"]')" "(0, $size)"
	same "$(value all 'r["errors"], r["hits"]["responses"]')" '(450, 1800)'
	for member in hits errors codes span; do
		same "$(value some "[{**c, 'first_at': 0} if isinstance(c, dict) else c for c in r['$member']] if '$member' == 'codes' else r['$member']")" \
			"$(value all "[{**c, 'first_at': 0} if isinstance(c, dict) else c for c in r['$member']] if '$member' == 'codes' else r['$member']")"
		same "$(value redirected "r['errors']")" 450
	done
	"$JGANNOTATE" -q "${late[@]}" big >some
	cat big | "$JGANNOTATE" -q "${late[@]}" | cmp - some
	same "$(wc -l <some)" 1800
	"$JGANNOTATE" -j1 -r json "${late[@]}" big >j1
	"$JGANNOTATE" -j2 -r json "${late[@]}" big | cmp - j1
}

@test "a file out of order is read from its start" {
	make_big
	{ tail -n 115000 big && head -n 115000 big; } >mixed
	go -r json --tz UTC --since 2026-11-22T12:00:00Z --until 2026-11-22T12:30:00Z mixed
	same "$(value out 'r["errors"], r["time"]["skipped_bytes"]')" '(450, 0)'
}

@test "-j1 and -j2 give the same buckets, also for lines without a stamp" {
	awk 'BEGIN { for (i = 0; i < 200000; i++) if (i % 5) print "  continued code=" (i % 3 ? 9000 : 9003)
		else printf "2026-11-22T%02d:%02d:%02dZ code=9018\n", i / 3600 % 24, i / 60 % 60, i % 60 }' >in
	"$JGANNOTATE" -j1 -r json --tz UTC --bucket 15m in >j1
	"$JGANNOTATE" -j2 -r json --tz UTC --bucket 15m in | cmp - j1
	same "$(value j1 'sum(b["responses"] for b in r["buckets"])')" 200000
}

@test "a code's last time is the last that is known; its first is that of its place" {
	printf '2026-11-22 10:00:00 code=9018\n' >a
	printf 'code=9018\n' >b
	for jobs in 1 2; do
		go -j "$jobs" -s --tz UTC a b
		holds out '9018  2026-11-22 10:00:00  2026-11-22 10:00:00  a:1'
		go -j "$jobs" -s --tz UTC b a
		grep -E '^  9018 +2026-11-22 10:00:00  b:1$' out
	done
	for name in a b; do "$JGANNOTATE" -r "$name.json" --label "$name" "$name"; done
	go --merge -s --tz UTC b.json a.json
	grep -E '^  9018 +2026-11-22 10:00:00  b:1$' out
}

@test "the totals tell the span, and what the window left out" {
	printf '%s code=9018\n' '2026-11-22 10:00:00' '2026-11-22 11:00:00' '2026-11-24 09:00:00' >in
	sed -i '1i code=9003' in
	go -o none --tz UTC in
	# with the zone the times of the day have no room
	holds err '4 errors of 4 responses (100.00%), 2026-11-22 to 2026-11-24 UTC'
	go --since '2026-11-22 11:00' --until '2026-11-24' --tz UTC in
	holds err '1 error of 1 response (100.00%), 2026-11-22 11:00:00'
	holds err 'not counted: 2 outside the time, 1 without a time'
	go --since 2026-11-25 --tz UTC in
	empty out
	holds err 'no responses in 4 lines'
	holds err '3 codes, all outside the time asked for'
	holds err 'not counted: 1 without a time'
	go -w 2% --since 2026-11-25 --tz UTC in
	exits 3
	holds out 'UNKNOWN - no responses in 4 lines, 3 codes outside the time asked for |'
}
