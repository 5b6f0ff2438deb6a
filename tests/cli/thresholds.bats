load common

# 100 responses, 5 of them errors.
log() {
	local i
	for i in {1..100}; do echo "code=$((i <= 5 ? ${1:-9018} : 9000))"; done
}

# judged STATUS STATE ARGUMENT...: one plugin line in ASCII, nothing else.
judged() {
	local expected=$1 state=$2
	shift 2
	go "$@"
	exits "$expected"
	same "$(wc -l <out)" 1
	holds out "JGANNOTATE $state - "
	if LC_ALL=C grep -q '[^ -~]' out; then cat -v out && return 1; fi
}

@test "the status is the state, the line says what tripped" {
	log >in
	judged 0 OK -w 6% in
	same "$(cat out)" 'JGANNOTATE OK - errors 5.00% of 100 responses | errors=5;;;0 error_rate=5.00%;6;;0;100'
	judged 1 WARNING -w 5% --critical 6% in
	holds out '(>= 5%), 9018 appKey no money 5 |'
	judged 2 CRITICAL -w 1% --critical 5% in
	judged 1 WARNING -w account:5 in
	holds out 'account 5 (>= 5)'
	judged 0 OK -w account:6 in
	judged 2 CRITICAL --critical 9018:5 -w error:1 in
	judged 3 UNKNOWN -w 5% /dev/null
	empty err
}

@test "the line is ASCII whatever the catalog says" {
	printf '4711\t付费 über|x\n' >c.tsv
	printf 'code=4711\n%.0s' {1..40} >in
	judged 1 WARNING -c c.tsv -w 1% in
	same "$(tr -cd '|' <out | wc -c)" 1
	LC_ALL=zh_CN.UTF-8 judged 1 WARNING -c c.tsv --lang zh -w 4711:1 in
}

@test "a usage error with a threshold is UNKNOWN, also on standard output" {
	log >in
	local wrong
	for wrong in --bogus --since=gestern --only=qqq -w5 -wfoo:1 -w101% -w0% --critical=x% --by= \
		--baseline=none.json -cnone.tsv '-ecode=('; do
		judged 3 UNKNOWN -w 5% "$wrong" in
		[ -s err ]
	done
	judged 3 UNKNOWN -r json -w 5% in
	judged 3 UNKNOWN -o lines -w 5% in
	go -w 5 # with the threshold itself
	exits 3
	holds out 'JGANNOTATE UNKNOWN - '
}

@test "the state is UNKNOWN wherever on the command line the threshold stands" {
	for fault in --nosuch -i --bucket=x '-r nowhere.xyz' --since=x; do
		# shellcheck disable=SC2086 # one of them is two words
		for line in "$fault -w 2%" "$fault --critical=2%" "$fault x -qw2%" "$fault --warn 2%"; do
			go $line /dev/null
			exits 3
			holds out 'JGANNOTATE UNKNOWN - '
			same "$(wc -l <out)" 1
			[ -s err ]
		done
	done
	go --nosuch -- -w 2%
	is_usage_error "unknown option '--nosuch'"
}

@test "no label of the performance data stands twice" {
	log >in
	judged 1 WARNING -w error:5% --critical 6% -w 9018:5 -w error:7 in
	same "$(cat out)" 'JGANNOTATE WARNING - errors 5.00% of 100 responses (>= 5%), 9018 appKey no money 5 (>= 5) | errors=5;;;0 error_rate=5.00%;5;6;0;100 9018=5;5;;0 error=5;7;;0'
}

@test "--min-responses holds for shares, not for counts" {
	log >in
	judged 0 OK -w 5% --min-responses 101 in
	holds out 'too few'
	judged 1 WARNING -w 5% --min-responses 100 in
	judged 1 WARNING -w account:1 --min-responses 101 in
	judged 0 OK -w 5% --min-responses 0 /dev/null
	head -n 29 in >few
	judged 0 OK -w 5% few
	holds out 'judged from 30 on'
}

@test "an unreadable file is UNKNOWN, but critical goes first" {
	log >in
	judged 3 UNKNOWN -w 6% in none
	holds out '1 file unreadable'
	holds err "'none'"
	judged 3 UNKNOWN -w 5% in none
	judged 2 CRITICAL --critical 5% in none
	head -c 2000000 /dev/zero | tr '\0' x | cat in - >long
	judged 3 UNKNOWN -w 6% long
	awk "{ print \$0, NR * 7919 % 1009 }" in | gzip -c | head -c 200 >torn.gz
	judged 3 UNKNOWN -w 99% --min-responses 0 torn.gz
}

@test "a report that cannot be written is UNKNOWN" {
	log >in
	go -w 6% -r none/r.json in
	exits 3
	holds err "cannot write 'none/r.json'"
	holds out 'JGANNOTATE UNKNOWN - output or memory failed, errors 5.00%'
	go -w 5% --critical 5% -r none/r.json in
	exits 2
	holds out 'JGANNOTATE CRITICAL - output or memory failed, errors 5.00%'
}

@test "-s adds the report behind the line; files are written all the same" {
	log >in
	go -w 5% -r r.json in
	exits 1
	same "$(wc -l <out)" 1
	python3 -m json.tool r.json >/dev/null
	head -n 1 out >line
	go -s -w 5% in
	exits 1
	head -n 1 out | cmp - line
	"$JGANNOTATE" -s in >report
	sed 1d out | cmp - report
}

@test "--quiet-if-ok is silent when all is well, and writes its files" {
	log >in
	go --quiet-if-ok -s -w 6% -r r.json in
	exits 0
	empty out
	empty err
	python3 -m json.tool r.json >/dev/null
}

@test "--quiet-if-ok speaks when crossed, unlisted, unreadable or nothing was found" {
	log >in
	judged 1 WARNING --quiet-if-ok -w 5% in
	printf '{"id":1,"code":9023,"content":"sim"}\n' | cat in - >unlisted
	judged 0 OK --quiet-if-ok -w 6% unlisted
	judged 3 UNKNOWN --quiet-if-ok -w 6% in none
	judged 3 UNKNOWN --quiet-if-ok -w 6% /dev/null
	go --quiet-if-ok in
	is_usage_error 'needs a threshold'
	go --quiet-if-ok -o lines --baseline none in
	exits 2
}

@test "--baseline names what is new and what vanished" {
	log >before
	log 9003 >now
	"$JGANNOTATE" -r before.json before
	go -s --baseline before.json now
	exits 0
	grep -E '^ +9003 .*\+5\.00 +new$' out
	grep -E '^ +9018 .*-5\.00 +vanished$' out
	for format in html markdown; do
		go -r $format --baseline before.json now
		holds out new
		holds out vanished
	done
	judged 0 OK --quiet-if-ok -w 6% --baseline before.json now # new
	go --quiet-if-ok -w 6% --baseline before.json before
	exits 0
	empty out
}

@test "four hits are not yet new" {
	log >before
	"$JGANNOTATE" -r before.json before
	{ cat before && printf 'code=9003\n%.0s' 1 2 3 4; } >now
	go --quiet-if-ok -s --baseline before.json now
	exits 0
	empty out
	echo code=9003 >>now
	go --quiet-if-ok -s --baseline before.json now
	holds out new
}

@test "a baseline without threshold or report shows the text report, not the lines" {
	log >before
	log 9003 >now
	"$JGANNOTATE" -r before.json before
	"$JGANNOTATE" -s --baseline before.json now >report
	go --baseline before.json now
	exits 0
	cmp out report
	go --baseline before.json --quiet-if-ok now
	exits 0
	cmp out report
	go --baseline before.json --quiet-if-ok before
	exits 0
	empty out
	empty err
	go --baseline before.json -q -o lines -r r.html now
	same "$(wc -l <out)" 100
}

@test "a foreign, torn or missing baseline is refused, before any input is read" {
	mkfifo never
	log >in
	"$JGANNOTATE" -r b.json in
	head -c 500 b.json >torn.json
	echo '{"schema":"other"}' >foreign.json
	for file in torn foreign missing; do
		status=0
		timeout 20 "$JGANNOTATE" -s --baseline $file.json never >out 2>err || status=$?
		exits 4
		empty out
		holds err "'$file.json'"
		judged 3 UNKNOWN -w 5% --baseline $file.json in
	done
	go -s --errors negative --baseline b.json in
	exits 2
	holds err --errors
}
