# shellcheck disable=SC2002 # a pipe, not a file, is what is tried
load common

# value FILE EXPRESSION: of the JSON report r.
value() {
	python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"
}

# The times of the objects printed.
times() {
	grep -o '"time":[^,]*' out | sed 's/"time"://; s/"//g' | xargs
}

@test "a zone in the stamp counts; one that is not known makes the time unknown, and is named once" {
	printf '2021-11-19 09:15:05 %s code=9018\n' GMT+8 UTC JST Asia/Shanghai IST IST BRT INFO >in
	go -q -o json --tz UTC in
	same "$(times)" '2021-11-19T01:15:05+00:00 2021-11-19T09:15:05+00:00 2021-11-19T00:15:05+00:00 2021-11-19T01:15:05+00:00 null null null 2021-11-19T09:15:05+00:00'
	same "$(grep -c 'offset is not certain' err)" 1
	holds err "stamps in 'BRT', 'IST' have no time"
	# nor do lines behind them have one
	printf '2021-11-19 09:15:05 %s code=9018\n' PDT PST >in
	echo 'at code=9018' >>in
	go -r json --tz UTC --bucket 1h in
	same "$(value out '[(b["start"], b["responses"]) for b in r["buckets"]]')" \
		"[('2021-11-19T16:00:00+00:00', 1), (None, 2)]"
}

@test "an unknown zone ends what came before it however the file is cut" {
	awk 'BEGIN { for (i = 0; i < 120000; i++) if (i % 3) print "  continued code=9003 padding padding padding"
		else printf "2026-11-22 %02d:%02d:%02d %s code=9018\n", i / 3600 % 24, i / 60 % 60, i % 60,
			i % 30000 < 15000 ? "JST" : "IST" }' >in
	"$JGANNOTATE" -j1 -r json --tz UTC --bucket 15m in >j1 2>err1
	"$JGANNOTATE" -j2 -r json --tz UTC --bucket 15m in >j2 2>err2
	cmp j1 j2
	cmp err1 err2
	cat in | "$JGANNOTATE" -r json --tz UTC --bucket 15m >piped 2>err
	same "$(value piped 'r["buckets"]')" "$(value j1 'r["buckets"]')"
	same "$(value j1 'sum(b["responses"] for b in r["buckets"] if b["start"] is None)')" 60000
}

@test "CST is that of the zone's continent, and the head says which" {
	echo '2021-11-19 09:15:05 CST code=9018' >in
	go -q -o json --tz UTC in
	same "$(times)" 2021-11-19T01:15:05+00:00
	go -q -o json --tz America/Chicago in
	same "$(times)" 2021-11-19T09:15:05-06:00
	local report
	for report in text markdown html; do
		go -r "$report" --tz Asia/Tokyo in
		holds out 'CST in stamps is read as +08:00'
		go -r "$report" --tz America/New_York in
		holds out 'CST in stamps is read as -06:00'
	done
	go -s --tz UTC in
	holds out 'CST in stamps is read as +08:00'
	go --tz UTC in
	holds err 'CST in stamps is read as +08:00'
	echo '2021-11-19 09:15:05 JST code=9018' >in
	go -r text --tz UTC in
	same "$(cat out err | grep -c CST)" 0
}

@test "the order of day and month is the input's, wherever it is read from" {
	{
		for day in 05 06 13 07; do echo "$day/06/2026 12:00:00 code=9018"; done
	} >dayfirst
	{
		for day in 05 06 13 07; do echo "06/$day/2026 12:00:00 code=9018"; done
	} >monthfirst
	echo '05/06/2026 12:00:00 code=9018' >open
	local want='2026-06-05T12:00:00+00:00 2026-06-06T12:00:00+00:00 2026-06-13T12:00:00+00:00 2026-06-07T12:00:00+00:00'
	go -q -o json --tz UTC dayfirst monthfirst open
	same "$(times)" "$want $want null"
	same "$(grep -c 'which is the day' err)" 1
	holds err --time-format
	cat dayfirst | "$JGANNOTATE" -q -o json --tz UTC >out
	same "$(times)" "$want"
	gzip dayfirst
	go -q -o json --tz UTC dayfirst.gz
	same "$(times)" "$want"
	go -q -o json --tz UTC --time-format '%d/%m/%Y %H:%M:%S' open
	same "$(times)" 2026-06-05T12:00:00+00:00
	empty err
}

@test "a time without a day has the day of the file's name, else a hint is given once" {
	printf '12:02:03.5 code=9018\n12:02:04 code=9018\n' >api-2026-05-18.log
	cp api-2026-05-18.log api.log
	go -q -o json --tz UTC api-2026-05-18.log
	same "$(times)" '2026-05-18T12:02:03.500+00:00 2026-05-18T12:02:04+00:00'
	empty err
	go -q -o json --tz UTC api.log
	same "$(times)" 'null null'
	same "$(grep -c 'without a day' err)" 1
	# a pipe of old lines is not live
	cat api.log | "$JGANNOTATE" -q -o json --tz UTC >out 2>err
	same "$(times)" 'null null'
	# nor was anything written before the day in its name
	touch -d 2026-05-17T12:00:00Z api-2026-05-18.log
	go -q -o json --tz UTC api-2026-05-18.log
	same "$(times)" 'null null'
}

@test "a stream that is written just now has the day" {
	local now='' pid i
	# a machine that is busy reads it late: then it is old, and tried again
	for ((i = 0; i < 20; i++)); do
		now=$(date -u +'%F %T')
		echo "${now#* } code=9018" | "$JGANNOTATE" -q -o json --tz UTC >out
		[ "$(times)" = null ] || break
	done
	same "$(times)" "${now/ /T}+00:00"
	# and so for what is written while it is followed
	: >log
	: >written
	"$JGANNOTATE" -F -q -o json --tz UTC log >out 2>err 3>&- &
	pid=$!
	for ((i = 0; i < 600; i++)); do
		now=$(date -u +'%F %T')
		echo "${now/ /T}+00:00" >>written
		echo "${now#* } code=9018" >>log
		grep -q '"time":"' out && break
		sleep 0.1
	done
	kill "$pid"
	wait "$pid" || true
	grep -q '"time":"' out
	for now in $(times); do
		[ "$now" = null ] || grep -qxF "$now" written
	done
}

@test "--time-key names the member that tells the time; one that never does is named" {
	printf '%s\n' '{"ts":1771400000,"code":9018,"at":1771474957}' \
		'{"event":{"at":"2026-02-19 12:22:37"},"code":9018,"ts":1771400000}' \
		'{"code":9018,"time":1771400000}' >in
	go -q -o json --tz UTC --time-key at --time-key=event.at in
	same "$(times)" '2026-02-19T04:22:37+00:00 2026-02-19T12:22:37+00:00 2026-02-18T07:33:20+00:00'
	empty err
	go -r json --tz UTC --bucket 1h --time-key at in
	same "$(value out '[b["start"] for b in r["buckets"] if b["responses"]]')" \
		"['2026-02-18T07:00:00+00:00', '2026-02-19T04:00:00+00:00']"
	go -q -o json --tz UTC --time-key At.x in
	same "$(times)" '2026-02-18T07:33:20+00:00 2026-02-18T07:33:20+00:00 2026-02-18T07:33:20+00:00'
	same "$(grep -c -e '--time-key' err)" 1
	holds err "--time-key 'At.x': no line that was asked has its time there"
	for name in '' a,b 'a b' '"a"' a.b.c.d.e; do
		go --time-key "$name" in
		is_usage_error "--time-key: '$name' is no member's name"
	done
	go --time-key at --time-format %s in
	is_usage_error 'does not go with --time-key'
}

@test "a database goes on with the --time-key that it was begun with, in any order" {
	echo '{"ts":1771400000,"code":9018,"at":1771474957}' >api.log
	go -d a.db --tz UTC --time-key at --time-key b api.log
	exits 0
	go -d a.db --tz UTC --time-key b --time-key at api.log
	exits 0
	go -d a.db --tz UTC api.log
	exits 4
	holds err "--time-key was 'at,b', is now ''"
	go -d a.db --tz UTC -r json
	same "$(value out 'r["span"]["first"][:16]')" 2026-02-19T04:15
}

@test "a record's time is the same however the file is cut" {
	awk 'BEGIN { for (i = 0; i < 60000; i++)
		if (i % 3) printf "{\"level\":\"info\",\"ts\":\"2026-11-22T%02d:%02d:%02d+0800\",\"code\":9018,\"msg\":\"%s\"}\n",
			i / 3600 % 24, i / 60 % 60, i % 60,
			i % 1000 == 1 ? "2026-11-22 10:00:00Z late" : "until 2030-01-01 00:00:00"
		else print "{\"code\":9003,\"until\":\"2030-01-01 00:00:00\"}" }' >in
	"$JGANNOTATE" -j1 -r json --bucket 15m in >j1
	"$JGANNOTATE" -j2 -r json --bucket 15m in >j2
	cmp j1 j2
	same "$(value j1 'max(b["start"] for b in r["buckets"] if b["start"])[:10]')" 2026-11-22
	"$JGANNOTATE" -j1 -r json in >j1
	"$JGANNOTATE" -j2 -r json in >j2
	cmp j1 j2
	same "$(value j1 'r["offsets"]')" None
}

@test "--time-format may match within the line; one that never does is named" {
	printf 'INFO [18.05.2026 12:02:03] code=9018\n' >in
	go -q -o json --tz UTC --time-format '%d.%m.%Y %H:%M:%S' in
	same "$(times)" 2026-05-18T12:02:03+00:00
	empty err
	go -q -o json --tz UTC --time-format '%d/%m/%Y %H:%M:%S' in
	same "$(times)" null
	same "$(grep -c -e '--time-format' err)" 1
	holds err "'%d/%m/%Y %H:%M:%S' fits no line"
	printf 'id=12 1637284505 code=9018\n' >in
	go -q -o json --tz UTC --time-format %s in
	same "$(times)" 2021-11-19T01:15:05+00:00
	printf '2026-05-18 12:02:03 JST code=9018\n' >in
	go -q -o json --tz UTC --time-format '%F %T %Z' in
	same "$(times)" 2026-05-18T03:02:03+00:00
	printf '2026-05-18 12:02:03 IST code=9018\n' >in
	go -q -o json --tz UTC --time-format '%F %T %Z' in
	same "$(times)" null
	holds err "stamps in 'IST' have no time"
}
