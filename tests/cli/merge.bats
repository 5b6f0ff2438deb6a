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

@test "the reports of a split log give the log's" {
	for at in 0 20 40; do make part$at $at x --bucket 15m --by app; done
	cat part0 part20 part40 >whole
	"$JGANNOTATE" --tz UTC --label x --bucket 15m --by app -r json whole >expected
	go --merge --label x -r json part0.json part20.json part40.json
	exits 0
	sed 's/"first_at": "[^"]*"/"first_at": ""/' out >got
	sed -i 's/"first_at": "[^"]*"/"first_at": ""/' expected
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
	make a 0 x
	make b 10 x
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
		exits 2
		empty out
		holds err "'$file'"
	done
	go --merge -s a # the log itself
	exits 2
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
