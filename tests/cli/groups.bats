# shellcheck disable=SC2016 # hostile texts are not to be expanded
load common

# groups: of the JSON report in ./out, with responses and errors.
groups() {
	python3 -c 'import json
r = json.load(open("out"))
for g in r["groups"]["values"]: print(g["group"], g["responses"], g["errors"])
assert sum(g["responses"] for g in r["groups"]["values"]) == r["hits"]["responses"]
assert sum(g["errors"] for g in r["groups"]["values"]) == r["errors"]'
}

@test "by a JSON member, in any spelling of quotes, logfmt and key=value" {
	printf '%s\n' '{"app":"web","code":9018}' '{\"app\":\"web\",\"code\":9000}' \
		'level=info app=api code=9018' 'app: "api" code=9000' 'code=9003' >in
	go -r json --by app in
	exits 0
	same "$(groups | sort)" $'None 1 1\napi 2 1\nweb 2 1'
}

@test "by path, of a request or a URL, without query" {
	printf '%s\n' '1.2.3.4 - - [22/Nov/2026:03:14:15 +0800] "POST /v1/login?x=1 HTTP/1.1" 200 1 code=9018' \
		'uri=/v1/login code=9000' 'to https://host/v1/verify?a=b#c code=9003' 'code=9003' >in
	go -r json --by path in
	same "$(groups | sort)" $'/v1/login 2 1\n/v1/verify 1 1\nNone 1 1'
}

@test "by file and by a named group of -e" {
	printf 'app=web code=9018\n' >a
	printf 'app=api code=9000\napp=api code=9003\n' >b
	go -r json --by file a b
	same "$(groups | sort)" $'a 1 1\nb 2 1'
	go -r json -e 'app=(?<who>\w+) code=(?<code>\d+)' --by who a b
	same "$(groups | sort)" $'api 2 1\nweb 1 1'
	go -r csv --by file - <a
	exits 0
}

@test "a field that cannot be is refused once" {
	go --by 'a"b' /dev/null
	is_usage_error "jgannotate: --by: quote"
	go --by '' /dev/null
	is_usage_error "jgannotate: --by: empty"
	go --by label /dev/null
	is_usage_error "--merge"
}

hostile() {
	printf '%s\n' "{\"app\":\"=cmd|' /C calc'!A0\",\"code\":9018}" \
		'{"app":"<script>alert(1)</script>","code":9018}' \
		'{"app":"a|b `x` [l](http://e) *b* &amp;","code":9000}' '{"app":"@sum,\"q\"","code":9003}' \
		'{"app":"-1+1","code":9003}' '{"app":"+1","code":9003}' '{"app":"(other)","code":9003}'
	printf '{"app":"\033[31mred\377\302\233","code":9003}\n'
}

@test "hostile values: a CSV runs no formula and keeps its columns" {
	hostile >in
	go -r csv --by app in
	python3 - <<'PY'
import csv
rows = list(csv.DictReader(open("out", encoding="utf-8")))
groups = {row["group"] for row in rows}
assert len(rows) == 8 and all(None not in row and row["count"] == "1" for row in rows), rows
assert {"'=cmd|' /C calc'!A0", "'-1+1", "'+1", "<script>alert(1)</script>"} <= groups, groups
assert not [g for g in groups if g[:1] in "=+-@\t\r"], groups
PY
}

@test "hostile values: escaped in JSON, text, Markdown and HTML" {
	hostile >in
	go -r json --by app in
	python3 - <<'PY'
import json
values = {g["group"] for g in json.load(open("out", encoding="utf-8"))["groups"]["values"]}
assert "<script>alert(1)</script>" in values and any(v.startswith("\x1b[31mred�") for v in values), values
PY
	for format in text markdown html; do
		go -r $format --by app in
		exits 0
		lacks out $'\033'
		iconv -f UTF-8 -t UTF-8 out >/dev/null
	done
	lacks out '<script'
	holds out '&lt;script&gt;alert(1)'
	holds out '&amp;amp;'
	go -r markdown --by app in
	lacks out '<script'
	lacks out '[l]('
	holds out 'a\|b \`x\`'
}

@test "10,000 groups are kept, the rest is summed, the same with -j1 and -j2" {
	awk 'BEGIN {
		for (i = 0; i < 10050; i++) print "user=u" i " code=" (i % 2 ? 9000 : 9018)
		for (i = 0; i < 100; i++) print "user=u9 code=9000"
	}' >in
	"$JGANNOTATE" -j1 -r json --by user in >out
	"$JGANNOTATE" -j2 -r json --by user in | cmp - out
	groups >/dev/null
	same "$(python3 -c 'import json
v = json.load(open("out"))["groups"]["values"]
print(len(v), [(g["responses"], g["errors"]) for g in v if g["other"]],
      [g["responses"] for g in v if g["group"] == "u9"])')" '10001 [(50, 25)] [101]'
	go -s --by user in
	grep -E '^  \(other\) +50 +25 ' out
}

@test "groups and buckets at once add up" {
	printf '2026-11-22T%s:00:00Z app=%s code=%s\n' 01 a 9018 01 b 9000 02 a 9003 02 a 9018 >in
	go -r json --tz UTC --by app --bucket 1h in
	same "$(groups | sort)" $'a 3 3\nb 1 0'
	go -r csv --tz UTC --by app --bucket 1h in
	same "$(sed 1d out | awk -F, '{ n += $8 } END { print n }')" 4
}
