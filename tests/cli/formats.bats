load common

log() {
	printf '%s\n' 'code=9018' 'code=9000' '{"code":9001,"a":1}' 'code=424242' \
		'{"id":1,"code":9023,"content":"sim, \u0022card\u0022 changed"}' 'code=0 x' 'nothing'
}

formats='text:txt json:json csv:csv markdown:md html:html prometheus:prom'

@test "each format: to standard output, to a named file, by a file's suffix" {
	log >in
	for pair in $formats; do
		format=${pair%:*} suffix=${pair#*:}
		go -r "$format" in
		exits 0
		empty err
		[ -s out ]
		cp out expected
		go -r "$format:into" in
		exits 0
		empty out
		cmp into expected
		go -r "r.$suffix" in
		exits 0
		cmp "r.$suffix" expected
	done
}

@test "all formats in one pass" {
	log >in
	go -s -r r.json -r r.csv -r r.md -r r.html -r r.prom in
	exits 0
	holds out '1 of 3 responses'
	for suffix in json csv md html prom; do
		"$JGANNOTATE" -r "one.$suffix" in
		cmp "one.$suffix" "r.$suffix"
	done
}

@test "a format in front goes before the suffix" {
	log >in
	go -r csv:r.json in
	exits 0
	same "$(head -c 7 r.json)" bucket,
}

@test "two for standard output, two for one file, an unknown suffix" {
	mkfifo never
	go -r text -r json never
	is_usage_error 'both go to standard output'
	go -o json -s never
	is_usage_error 'both go to standard output'
	go -r r.json -r json:r.json never
	is_usage_error "two reports into one file 'r.json'"
	go -r r.xyz never
	is_usage_error "'r.xyz'" "a report's format is in its file's ending: .txt .json .jsonl .csv .md .html .prom"
	[ ! -e r.json ]
}

@test "a file is whole or not there; what failed is named, the others are written" {
	log >in
	mkdir taken.json
	go -r none/r.json -r taken.json -r r.csv in
	exits 1
	holds err "cannot write 'none/r.json'"
	holds err "cannot write 'taken.json'"
	[ -s r.csv ]
	[ -z "$(ls -A taken.json)" ]
	same "$(find . -type f -not -name in -not -name out -not -name err)" ./r.csv
}

@test "on a full disk the report of before stays" {
	log >in
	echo before >r.html
	status=0
	(
		ulimit -f 1 # 1 KiB; the page is larger
		trap '' XFSZ
		exec "$JGANNOTATE" -r r.html in
	) >/dev/null 2>err || status=$?
	exits 1
	holds err "cannot write 'r.html'"
	same "$(cat r.html)" before
	[ "$(find . -name '*r.html*' | wc -l)" -eq 1 ]
}

@test "permissions are those of the umask" {
	log >in
	(umask 027 && "$JGANNOTATE" -r r.json in)
	same "$(stat -c %a r.json)" 640
}

@test "CSV read back by two parsers gives the JSON report's counts" {
	log >in
	printf '77123\tcomma, and more\n' >c.tsv
	printf '%s\n' code=77123 '{"app":"a, \"b\"","code":9018}' >>in
	go -c c.tsv --by app -r r.csv -r r.json in
	exits 0
	python3 - >python.rows <<'PY'
import csv, json
rows = list(csv.DictReader(open("r.csv", newline="", encoding="utf-8")))
assert list(rows[0]) == "bucket group counts_as code description category outcome count".split()
assert all(None not in row and None not in row.values() for row in rows)
r = json.load(open("r.json"))
responses = {}
for x in rows:
    if x["counts_as"] == "response":
        key = int(x["code"]), x["description"]
        responses[key] = responses.get(key, 0) + int(x["count"])
assert responses == {(c["code"], c["description"]): c["count"] for c in r["codes"]}, responses
assert sum(int(x["count"]) for x in rows) == r["hits"]["total"], rows
for x in rows: print(x["group"], x["counts_as"], x["code"], x["description"], x["count"], sep="|")
PY
	holds python.rows 'comma, and more'
	holds python.rows 'a, \"b\"|'
	command -v sqlite3 >/dev/null || skip "sqlite3 is not installed"
	sqlite3 :memory: '.mode csv' '.import r.csv t' '.mode list' \
		'select "group", counts_as, code, description, count from t' >other.rows
	cmp python.rows other.rows
}

@test "a Prometheus report goes with no --since, and passes promtool" {
	log >in
	for what in prometheus r.prom prometheus:r; do
		go -r $what --since 1h in
		is_usage_error 'does not go with --since'
	done
	[ ! -e r.prom ]
	go -r prometheus --label 'a"b\c' in
	exits 0
	promtool check metrics <out
	holds out 'log="a\"b\\c"'
}
