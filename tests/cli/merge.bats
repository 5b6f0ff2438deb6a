load common

# A part of the log of an hour: make PART MINUTE LABEL OPTION...
make() {
	local file=$1 minute=$2 label=$3
	shift 3
	awk -v from="$minute" 'BEGIN {
		for (i = from * 60; i < (from + 20) * 60; i++)
			printf "2026-11-22T02:%02d:%02dZ app=a%d code=%d\n", i / 60, i % 60, i % 7,
				i % 3 ? 9000 : i % 2 ? 9018 : 9003
	}' >"$file"
	"$JGANNOTATE" --tz UTC --label "$label" "$@" -r "$file.json" "$file"
}

responses() {
	python3 -c 'import json, sys; print(json.load(sys.stdin)["hits"]["responses"])'
}

@test "the same slices count once, and that is said" {
	make a 0 x
	make b 20 x
	"$JGANNOTATE" --label x --tz UTC -r again.jsonl a
	go --merge -r json a.json b.json again.jsonl
	exits 0
	same "$(responses <out)" 2400
	holds err "'again.jsonl' is of the same slices as 'a.json': they count once"
	go --merge -r json a.json a.json
	exits 0
	same "$(responses <out)" 1200
	# a sum is known again as well
	"$JGANNOTATE" --merge -r ab.json a.json b.json
	"$JGANNOTATE" --merge -r ba.json b.json a.json
	go --merge -r json ab.json ba.json
	exits 0
	same "$(responses <out)" 2400
}

@test "what is partly the same is refused, with both named" {
	for at in 0 20 40; do make part$at $at x; done
	"$JGANNOTATE" --merge -r two.json part0.json part20.json
	"$JGANNOTATE" --merge -r other.json part20.json part40.json
	for one in two part0 other; do
		for other in two part0 other; do
			[ $one = $other ] || [ $one$other = part0other ] || [ $one$other = otherpart0 ] && continue
			go --merge -s $one.json $other.json
			exits 4
			empty out
			holds err "'$one.json'"
			holds err "'$other.json'"
			holds err 'both count'
		done
	done
	# the log has grown: it is another range of the same file
	cat part20 >>part0
	"$JGANNOTATE" --label x --tz UTC -r grown.json part0
	go --merge -s part0.json grown.json
	exits 4
	empty out
	holds err 'overlap'
	# on another host a log of this name is another log
	"$JGANNOTATE" --label y --tz UTC -r host.json part0
	go --merge -r json part0.json host.json
	exits 0
	same "$(responses <out)" 3600
	# as long as the hosts are told apart
	"$JGANNOTATE" --tz UTC -r one.json part20
	cat part40 >>part20
	"$JGANNOTATE" --tz UTC -r two.json part20
	go --merge -s one.json two.json
	exits 4
	holds err "--label"
}

@test "reports of standard input are told apart by a label only" {
	make a 0 x
	for i in 1 2; do
		"$JGANNOTATE" --tz UTC -r none$i.json <a
		"$JGANNOTATE" --tz UTC --label x -r x$i.json <a
	done
	go --merge -r json none1.json none2.json
	exits 0
	empty err
	same "$(responses <out)" 2400
	go --merge -r json x1.json x2.json
	exits 0
	same "$(responses <out)" 1200
	holds err 'count once'
}

@test "reports come one a line, behind a key, laid out anew, from standard input" {
	for at in 0 20 40; do make part$at $at x; done
	go --merge -r json part0.json part20.json part40.json
	mv out expected
	for at in 0 20 40; do
		"$JGANNOTATE" --tz UTC --label x -r jsonl part$at
	done >all.jsonl
	same "$(wc -l <all.jsonl)" 3
	go --merge -r json all.jsonl
	exits 0
	cmp out expected
	sed 's/^/some key\t/' all.jsonl | go --merge -r json -
	cmp out expected
	sed 's/$/\t/' all.jsonl | go --merge -r json - # where it was all of the key
	cmp out expected
	cat part20.json part0.json | go --merge -r json - part40.json
	exits 0
	tr -d '\n' <part40.json | cat part0.json - part20.json >one.json
	go --merge -r json one.json
	exits 0
	same "$(responses <out)" 3600
	# what is torn is never a smaller sum
	head -c -9 all.jsonl >torn.jsonl
	go --merge -r json torn.jsonl
	exits 4
	empty out
	holds err "'torn.jsonl, report 3' is torn"
}

@test "what was altered is refused; a report of before is taken" {
	make a 0 x
	sed 's/"lines": 1200/"lines": 1201/' a.json >altered.json
	go --merge -s altered.json
	exits 4
	empty out
	holds err "'altered.json' was altered"
	sed '/"damaged_files"/{n;s/,//}; /"seal"/d' a.json >unsealed.json
	go --merge -s unsealed.json
	exits 4
	holds err "'unsealed.json' was altered: it does not end in its seal"
	go --merge -q -r json a.json
	exits 0
	empty err
	of_before a.json
	go --merge -r json a.json
	exits 0
	same "$(responses <out)" 1200
	holds err "'a.json' does not say what it is of"
}

@test "a report is of its log alone: no host, the same bytes each time and with any number of threads" {
	for i in 1 2 3 4 5 6 7 8; do make part$i 0 x; done
	for i in {1..60}; do cat part[1-8]; done >large
	for format in json jsonl; do
		"$JGANNOTATE" -j1 -r $format large part1 >one
		"$JGANNOTATE" -j2 -r $format large part1 >two
		"$JGANNOTATE" -j4 -r $format large part1 >four
		cmp one two
		cmp one four
		lacks one "$(hostname)"
	done
	python3 -c 'import json, os
report = json.loads(open("one").read())
assert report["label"] is None
slices = report["slices"]
assert [s["file"] for s in slices] == ["large", "part1"], slices
for s in slices:
    size = os.path.getsize(s["file"])
    assert (s["start"], s["end"], s["bytes"]) == (0, size, size), s
    assert s["lines"] == open(s["file"]).read().count("\n"), s'
	gzip -k part1
	"$JGANNOTATE" -r json part1.gz part1 | python3 -c 'import json, sys
a, b = json.load(sys.stdin)["slices"]
assert a.pop("file") == "part1.gz" and b.pop("file") == "part1" and a == b, (a, b)'
	# what could not be read to its end is known by nothing
	head -c 3000 part1.gz >torn.gz
	"$JGANNOTATE" -r json torn.gz missing 2>/dev/null >out || true
	python3 -c 'import json
a, b = json.load(open("out"))["slices"]
assert a["xxh3_128"] is None and b["xxh3_128"] is None and b["bytes"] == 0, (a, b)'
}

@test "the reports of a split log give the log's" {
	for at in 0 20 40; do make part$at $at x --bucket 15m --by app; done
	cat part0 part20 part40 >whole
	"$JGANNOTATE" --tz UTC --label x --bucket 15m --by app -r json whole >expected
	go --merge --label x -r json part0.json part20.json part40.json
	exits 0
	# that it is another file's is in the places, in the slices and so in the seal
	local but='s/"first_at": "[^"]*"/"first_at": ""/; /"slices"/,/^  \],/d; /"seal"/d'
	sed "$but" out >got
	sed -i "$but" expected
	cmp got expected
}

@test "a merge can be merged" {
	for at in 0 20 40; do make part$at $at x; done
	go --merge --label x -r json part0.json part20.json part40.json
	mv out once
	"$JGANNOTATE" --merge --label x -r two.json part0.json part20.json
	go --merge --label x -r json two.json part40.json
	cmp out once
}

@test "--by label keeps a row each" {
	make a 0 web1
	make b 0 web2
	go --merge --by label -r json b.json a.json
	exits 0
	same "$(python3 -c 'import json
r = json.load(open("out"))
print(r["groups"]["field"], sorted((g["group"], g["responses"]) for g in r["groups"]["values"]))')" \
		"label [('web1', 1200), ('web2', 1200)]"
	go --merge --by path a.json b.json
	exits 2
	empty out
}

@test "what would count twice or cannot be added is refused, with the files named" {
	# as reports of before, which do not say what they are of: their times overlap
	make a 0 x
	make b 10 x
	of_before a.json
	of_before b.json
	go --merge -s a.json b.json
	exits 2
	empty out
	holds err "'a.json'"
	holds err "'b.json'"
	go --merge -s a.json a.json
	exits 2
	make c 20 x --bucket 5m
	make d 40 x --bucket 15m
	go --merge -s c.json d.json
	exits 2
	holds err --bucket
	make e 20 y --errors negative
	go --merge -s a.json e.json
	exits 2
	holds err --errors
}

@test "a foreign, torn or missing file is refused" {
	make a 0 x
	head -c 400 a.json >torn.json
	echo '{"schema":"jgannotate.report/9"}' >foreign.json
	for file in torn.json foreign.json missing.json; do
		go --merge -s a.json $file
		exits 4
		empty out
		holds err "'$file'"
	done
	go --merge -s a # the log itself
	exits 4
	empty out
	go --merge -w 1% torn.json
	exits 3
	holds out 'JGANNOTATE UNKNOWN - '
}

@test "thresholds, baseline and totals of the whole" {
	make a 0 x
	make b 20 x
	go --merge -w 34% a.json b.json
	exits 0
	holds out 'errors 33.33% of 2,400 responses'
	go --merge --critical 9018:400 a.json b.json
	exits 2
	go --merge -w 1% --quiet-if-ok a.json b.json
	exits 1
	go --merge -w 99% --quiet-if-ok a.json b.json
	exits 0
	empty out
	go --merge a.json b.json
	exits 0
	holds err '800 errors of 2,400 responses (33.33%)'
	go --merge -s --baseline a.json a.json b.json
	holds out '+0.00 points'
}

@test "what was lost where a report was made is lost in the whole" {
	make a 0 x
	"$JGANNOTATE" --label y -r b.json a missing 2>err || true
	go --merge -w 99% a.json b.json
	exits 3
	holds out unreadable
	go --merge -s a.json b.json
	exits 1
}

@test "options that belong where the reports are made are refused" {
	make a 0 x
	for option in --since=1h --until=now --bucket=1h --every=1s -olines -ojson; do
		go --merge $option a.json
		exits 2
		holds err --merge
	done
	go --merge
	is_usage_error 'needs the reports'
}

@test "in whatever trees many reports are merged, and with however many rows, the sum is the same" {
	# 40 reports of 600 buckets: more rows than a sum keeps before it is made compact
	awk 'BEGIN { for (i = 0; i < 2400; i++)
		printf "2026-11-22T02:%02d:%02dZ app=a%d code=%d\n", i / 240, i / 4 % 60, i % 7,
			i % 3 ? 9000 : i % 2 ? 9018 : 9003 }' >log
	for i in {10..49}; do
		"$JGANNOTATE" --tz UTC --label "host$i" --bucket 1s --by app -r jsonl log
	done >all.jsonl
	go --merge -r json all.jsonl
	exits 0
	mv out at_once
	split -l 4 all.jsonl four.
	for file in four.*; do "$JGANNOTATE" --merge -r "$file.jsonl" "$file"; done
	go --merge -r json four.*.jsonl
	exits 0
	cmp out at_once
	tac all.jsonl | go --merge -r json -
	# all hosts have the same log, so that no order shows
	sed 's/"first_at": "[^"]*"//' out >reversed
	sed 's/"first_at": "[^"]*"//' at_once | diff - reversed | grep -v seal | grep '^[<>]' >differs || true
	empty differs
	same "$(responses <at_once)" 96000
}

@test "what was found with other options is not added" {
	make a 0 x
	make b 20 x
	make strict 40 x --trust strict -k ret,code
	"$JGANNOTATE" --label x --tz UTC --trust strict -k code -k ret -r same.json b
	go --merge -s a.json strict.json
	exits 4
	empty out
	holds err "'a.json' and 'strict.json' were found with different options: none and --key 'code,ret' --trust 'strict'"
	go --merge -r m.json strict.json same.json # the order of keys makes no difference
	exits 0
	go --merge -s m.json a.json
	exits 4
	holds err "--trust 'strict'"
	# a database does not tell
	"$JGANNOTATE" -d x.db -q --label db -r db.json a
	holds db.json '"finding": null'
	go --merge -s strict.json db.json
	exits 0
}

@test "what is expected and missing is named, and every format says that the sum is incomplete" {
	for host in web1 web2 web3; do make $host 0 $host; done
	printf '# all hosts\nweb1\n\nweb2\nweb3\n' >hosts
	go --merge --expect hosts -s web1.json web2.json web3.json
	exits 0
	empty err
	go --merge --expect 3 -s web1.json web2.json web3.json
	exits 0
	go --merge --expect hosts -r m.json web1.json web2.json
	exits 3
	same "$(cat err)" 'jgannotate: incomplete, missing: web3'
	holds m.json '{"name": "web3"}'
	for format in text markdown html csv prometheus; do
		go --merge --expect hosts -r $format web1.json web2.json
		exits 3
		case $format in
		prometheus) holds out '{log="",kind="missing_slices"} 1' ;;
		csv) holds out ',,missing,,web3,,,0' ;;
		*) holds out 'incomplete' && holds out web3 ;;
		esac
	done
	LANG=zh_CN.UTF-8 LC_ALL='' go --merge --expect hosts -s web1.json web2.json
	go --merge --expect hosts -w 99% web1.json web2.json
	exits 3
	holds out 'UNKNOWN - 1 slice missing'
	# it stays so until it is there
	go --merge -s m.json
	exits 3
	holds out 'incomplete'
	go --merge -s m.json web3.json
	exits 0
	lacks out 'incomplete'
	go --merge --expect 4 -r json m.json web3.json
	exits 3
	holds err 'missing: 1 of 4 slices'
	go --merge --expect 2 -s m.json web3.json
	exits 4
	empty out
	holds err '--expect 2: the reports are of 3 slices'
	# what nobody could know is not said
	of_before web1.json
	go --merge --expect hosts -s web1.json
	exits 4
	: >nothing
	go --merge --expect nothing -s web2.json
	exits 2
	go --merge --expect nowhere -s web2.json
	exits 2
	holds err "cannot open 'nowhere'"
	go --expect 3 -s web1
	is_usage_error '--expect'
}
