load common

# sums FILE: the JSON report parses strictly and adds up.
sums() {
	python3 - "$1" <<'END'
import json, sys
def refuse(word): raise ValueError(word)
with open(sys.argv[1], encoding="utf-8", errors="strict") as f:
    r = json.load(f, parse_constant=refuse)
hits = r["hits"]
assert hits["total"] == sum(n for name, n in hits.items() if name != "total"), hits
assert sum(row["count"] for row in r["outcomes"]) == hits["responses"], r["outcomes"]
assert sum(row["count"] for row in r["categories"]) == hits["responses"], r["categories"]
assert sum(row["count"] for row in r["codes"]) == hits["responses"], r["codes"]
assert sum(row["count"] for row in r["codes"] if row["error"]) == r["errors"]
assert sum(row["count"] for row in r["held_back"]) == hits["held_back"]
assert sum(row["count"] for row in r["inner"]) == hits["inner"]
assert r["other_numbers"]["count"] == hits["other_numbers"]
assert sum(row["responses"] for row in r["catalogs"]) == hits["responses"]
if hits["responses"]:
    assert abs(r["error_rate"] - r["errors"] / hits["responses"]) < 1e-6
else:
    assert r["error_rate"] is None
assert r["schema"] == "jgannotate.report/1"
for member in "buckets groups baseline runs gaps".split():
    assert member in r and r[member] is None
END
}

mixed() {
	printf '%s\n' 'code=9018' '{"code":9001,"a":1}' 'code=9018' '{"code":0,"msg":"ok"}' \
		'{"code":9000,"content":"verify consistent","riskCheck":{"code":0,"content":"success"}}' \
		'code=9011 body={"code":9011,"content":"auth failed"}' 'code=424242' 'nothing' \
		'code=9018 and again code=9018'
}

@test "-s prints the report in place of the lines" {
	mixed >in
	go -s in
	exits 0
	lacks out "and again"
	holds out "4 of 6 responses"
	holds out "appKey no money"
	holds out "in 9 lines of 1 file"
	empty err
}

@test "the text report fits 80 columns and is plain in a pipe" {
	mixed | "$JGANNOTATE" -s | cat >out
	lacks out $'\033'
	python3 - <<'END'
import unicodedata
for line in open("out", encoding="utf-8"):
    width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n"))
    assert width <= 80, line
END
}

@test "the JSON report parses and its sums hold (79)" {
	mixed >in
	go -r json in
	exits 0
	empty err
	sums out
	python3 -m json.tool out >/dev/null
	python3 - <<'END'
import json
r = json.load(open("out"))
assert (r["lines"], r["lines_with_hits"], r["errors"]) == (9, 8, 4), r
assert r["hits"] == {"total": 11, "responses": 6, "inner": 1, "repeated": 2, "held_back": 1,
                     "unlisted": 0, "elsewhere": 0, "other_numbers": 1}, r["hits"]
assert r["codes"][0]["code"] == 9018 and r["codes"][0]["first_at"] == "in:1", r["codes"]
assert r["bytes"] == len(open("in", "rb").read())
END
}

@test "a report over nothing has no rate and no NaN (79)" {
	go -r json </dev/null
	exits 0
	sums out
	lacks out NaN
	go -s </dev/null
	exits 0
	lacks out nan
}

@test "a code the vendor added is unlisted, named, and not in the rate" {
	mixed >in
	printf '{"id":117,"code":9023,"content":"sim card changed"}\n' >>in
	go -r json in
	sums out
	go -s in
	holds out 9023
	holds out "sim card changed"
	holds out "4 of 6 responses"
	go -q --only unlisted in
	same "$(wc -l <out)" 1
	holds out _outcome\":\"unlisted
}

@test "hostile bytes in lines and names leave the JSON report valid (79)" {
	python3 - <<'END'
junk = bytes(b for b in range(256) if b not in (10, 34))
with open(b"log\xff\x1b[31m\"", "wb") as f:
    f.write(b'{"id":1,"code":9023,"content":"' + junk.replace(b"\\", b"") + b'"}\n')
    f.write(b"code=9018 " + junk + b"\n")
END
	go -r json log*
	exits 0
	sums out
}

@test "--top cuts the lists of the text report, not the counts" {
	printf 'code=%s\n' 9002 9003 9004 9005 9011 9018 >in
	go -s --top 2 in
	exits 0
	holds out "6 of 6 responses"
	same "$(sed "/^SEEN/,\$d" out | grep -cE "^ +90[0-9]{2} ")" 2
}

@test "--errors changes what counts as an error" {
	printf 'code=9001\ncode=9003\n' >in
	go in
	holds err "1 error of 2 responses"
	go --errors negative in
	holds err "1 error of 2 responses"
	holds err "9001"
	go --errors error,negative in
	holds err "2 errors of 2 responses"
	go --errors=error,-9003 in
	holds err "0 errors of 2 responses"
}

@test "--only prints lines, the tally sees everything" {
	printf 'code=9001\ncode=9003\ncode=9018\nx\n' >in
	go --only error,-9003 in
	same "$(cat out)" 'code=9018 [account: appKey no money]'
	holds err "2 errors of 3 responses"
	go --only=-9003 in
	same "$(wc -l <out)" 2
	go --only negative,9018 in
	same "$(wc -l <out)" 2
	go --only verification in
	same "$(wc -l <out)" 3
}

@test "--only leaves final newlines alone (41)" {
	printf 'x\ncode=9018' >in
	go -q --only error in
	printf 'code=9018 [account: appKey no money]' | cmp - out
}

@test "--lang zh speaks Chinese, so does a Chinese locale, --lang en does not" {
	mixed >in
	go -s --lang zh in
	exits 0
	holds out 次响应
	LC_ALL='' LANG=zh_CN.UTF-8 go in
	holds err 次响应
	LC_ALL='' LANG=zh_CN.UTF-8 go --lang en in
	holds err responses
}

@test "codes and counts are the same in both languages" {
	mixed >in
	go -s --lang zh in
	for code in 9018 9011 9001 9000; do holds out "$code"; done
}

@test "-q drops the totals, a report has none" {
	go -q <<<'code=9018'
	empty err
	go -r json <<<'code=9018'
	empty err
}

@test "totals are at most four lines, whatever was in the log" {
	mixed >in
	go in
	[ "$(wc -l <err)" -le 4 ]
	go /dev/null
	[ "$(wc -l <err)" -le 4 ]
	holds err "keys looked for"
}

@test "totals are the same for lines, JSON objects and none" {
	mixed >in
	go in
	mv err expected
	go -o json in
	cmp err expected
	go -o none in
	cmp err expected
	empty out
}

@test "reports into files, the lines beside them" {
	mixed >in
	go -o lines -r r.txt -r r.json -r json:r.data in
	exits 0
	same "$(wc -l <out)" 9
	sums r.json
	cmp r.json r.data
	go -s in
	cmp out r.txt
}

@test "the order of the inputs changes no count" {
	mixed >a
	printf 'code=9004\n' >b
	go -r json a b
	python3 -c 'import json; r = json.load(open("out")); print(r["hits"], r["errors"])' >ab
	go -r json b a
	python3 -c 'import json; r = json.load(open("out")); print(r["hits"], r["errors"])' | cmp - ab
}

@test "where an error was first is told also without any stamp" {
	printf 'code=9000\ncode=9018\n' >in
	go -s in
	grep -A 1 '^SEEN' out | grep -E '^  9018 +in:2$'
}

@test "an unlisted code has the time of its first" {
	for n in 1 2; do
		printf '2026-11-22 10:00:0%d x\n{"id":1,"code":9023,"content":"sim"}\n' "$n"
	done >in
	for jobs in 1 2; do
		go -j "$jobs" -r json --tz UTC in
		holds out '"first": "2026-11-22T10:00:01+00:00", "first_at": "in:2"'
	done
}
