#!/usr/bin/env bats
# What a database tells to those who read it themselves, by sqlite3.

load common

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export TZ=Asia/Shanghai
}

# asked SQL
asked() {
	sqlite3 a.db "$1"
}

@test "the view counts what the reports count as responses, and no more" {
	cp "$BATS_TEST_DIRNAME/../../samples/api.log" api.log
	go -d a.db -r json api.log
	exits 0
	same "$(asked 'SELECT sum(count), sum(count * is_error) FROM responses')" '19|7'
	python3 - <<-'END'
		import json, sqlite3
		report = json.load(open("out"))
		db = sqlite3.connect("a.db")
		ask = lambda sql: db.execute(sql).fetchall()
		rows = ask("SELECT code, description, category, outcome, is_error, sum(count)"
		           " FROM responses GROUP BY code ORDER BY code")
		assert rows == sorted((c["code"], c["description"], c["category"], c["outcome"],
		                       int(c["error"]), c["count"]) for c in report["codes"]), rows
		# the tally itself holds what is in no rate
		assert ask("SELECT sum(count) FROM tally")[0][0] == report["hits"]["total"] > 19
		assert ask("SELECT DISTINCT typeof(time), typeof(local_time) FROM responses") == [("integer", "text")]
	END
	same "$(asked 'SELECT DISTINCT time, local_time FROM responses')" \
		'1772678700|2026-03-05 10:45:00'
}

@test "meanings are those of the last run over logs: its catalogs and its --errors" {
	printf '4711\tout of paper\tprinter\tlimit\n9018\tno money left\n' >more.tsv
	echo '2026-11-22 03:00:00 code=4711 code=9018 code=9001' >api.log
	go -d a.db -s -c more.tsv --errors=printer,9001 api.log
	exits 0
	same "$(asked 'SELECT code, description, category, outcome, is_error FROM responses ORDER BY code')" \
		"4711|out of paper|printer|limit|1
9001|verify not consistent|verification|negative|1
9018|no money left|more|failed|0"
	same "$(asked 'SELECT count(*) FROM meaning')" 50
	# without the catalog 4711 means nothing, and counts as unlisted
	go -d a.db -r json api.log
	exits 0
	same "$(asked 'SELECT code, description, is_error FROM responses ORDER BY code')" \
		"9001|verify not consistent|0
9018|appKey no money|1"
	go -d a.db -r json
	same "$(python3 -c 'import json; h = json.load(open("out"))["hits"]; print(h["responses"], h["unlisted"])')" '2 1'
	# who only reads changes nothing, nor does a dry run
	sum=$(sha256sum a.db)
	go -d a.db -s --errors=9001
	go -d a.db -s --errors=9001 --dry-run api.log
	same "$(sha256sum a.db)" "$sum"
}

@test "of several epochs the view has the last one" {
	echo '2026-11-22 03:00:00 code=9018' >api.log
	go -d a.db -s api.log
	go -d a.db -s -k errno --new-epoch api.log
	exits 0
	same "$(asked 'SELECT count(*) FROM responses')" 0
	same "$(asked 'SELECT count(*) FROM tally')" 1
	echo '2026-11-22 03:00:00 errno=9003' >>api.log
	go -d a.db -s -k errno api.log
	same "$(asked 'SELECT code FROM responses')" 9003
}

@test "times are in the zone that the database counts in, also where clocks change" {
	{
		echo '2026-03-29T00:59:59Z code=9018'
		echo '2026-03-29T01:00:00Z code=9018'
		echo '2026-10-25T00:59:59Z code=9018'
		echo '2026-10-25T01:00:00Z code=9018'
	} >later.log
	{ echo 'code=9018'; cat later.log; } >api.log
	go -d a.db -s --tz Europe/Berlin api.log
	exits 0
	same "$(TZ=UTC asked 'SELECT local_time, sum(count) FROM responses GROUP BY time')" \
		"|1
2026-03-29 01:45:00|1
2026-03-29 03:00:00|1
2026-10-25 02:45:00|1
2026-10-25 02:00:00|1"
}

@test "groups stand beside" {
	{
		echo '2026-11-22 03:00:00 path=/a code=9018'
		echo '2026-11-22 03:00:01 code=9018'
	} >api.log
	go -d a.db -s --by path api.log
	same "$(asked 'SELECT "group", count FROM responses ORDER BY "group" IS NULL')" "/a|1
|1"
}

@test "a run that changes no meaning leaves it as it is, a damaged one is put right" {
	echo '2026-11-22 03:00:00 code=9018' >api.log
	go -d a.db -s api.log
	asked 'UPDATE meaning SET description = "is fine", is_error = 0 WHERE code = 9018;
		DELETE FROM meaning WHERE code = 9001; UPDATE zone SET offset = 0'
	go -d a.db -s api.log
	exits 0
	same "$(asked 'SELECT description, is_error, local_time FROM responses')" \
		'appKey no money|1|2026-11-22 03:00:00'
	same "$(asked 'SELECT count(*) FROM meaning')" 49
}

@test "the report tells when each error was seen, to the quarter of an hour" {
	{
		echo '2026-11-22 03:07:00 code=9018'
		echo '2026-11-22 03:08:00 code=9003'
		echo '2026-11-22 09:14:59 code=9018'
		echo '2026-11-22 23:59:59 code=9018'
		echo '2026-11-22 23:59:59 code=9000'
	} >api.log
	go -d a.db -s api.log
	exits 0
	same "$(sed -n '/^SEEN/,/^CATEG/p' out | head -n 3)" \
		"SEEN    first                   last
  9018  2026-11-22 03:00-03:15  2026-11-22 23:45-00:00
  9003  2026-11-22 03:00-03:15  2026-11-22 03:00-03:15"
	# over runs, in no order
	echo '2026-11-21 05:00:00 code=9018' >>api.log
	echo '2026-11-22 04:00:00 code=9018' >>api.log
	go -d a.db -s api.log
	go -d a.db -s
	holds out '  9018  2026-11-21 05:00-05:15  2026-11-22 23:45-00:00'
	# of the window, not of all
	go -d a.db -s --since 2026-11-22T03:15 --until 2026-11-22T12:00
	holds out '  9018  2026-11-22 04:00-04:15  2026-11-22 09:00-09:15'
	go -d a.db -r markdown
	holds out '2026-11-21 05:00-05:15'
	go -d a.db -r html
	holds out '2026-11-21 05:00 to 2026-11-23 00:00'
	go -d a.db -r json
	same "$(python3 -c 'import json; print(*[(c["first"][8:19], c["last"][8:19]) for c in json.load(open("out"))["codes"] if c["code"] == 9018])')" \
		"('21T05:00:00', '22T23:59:59')"
	# without a time nothing is said
	echo code=9018 >other.log
	go -d b.db -s other.log
	lacks out SEEN
}
