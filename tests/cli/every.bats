load common

# Runs the program over a pipe that stays open: slowly COMMAND ARGUMENT...
slowly() {
	local writer=$1
	shift
	status=0
	"$writer" | timeout 60 "$JGANNOTATE" "$@" >out 2>err || status=$?
}

silent() {
	sleep 3.5
}

late() {
	sleep 1.5
	printf 'code=9018\ncode=9000\nx\n'
	sleep 2.2
}

@test "a line each interval, also when nothing came" {
	slowly silent --every 1s -o none
	exits 0
	[ "$(grep -cE '^[0-2][0-9]:[0-5][0-9]:[0-6][0-9]  0 lines, 0 errors of 0 responses$' err)" -ge 2 ]
	empty out
}

@test "a line counts what came in its interval alone" {
	slowly late --every 1s
	exits 0
	same "$(grep -cE '^..:..:..  3 lines, 1 error of 2 responses, 50\.00%: 9018 1$' err)" 1
	[ "$(grep -cE '^..:..:..  0 lines, 0 errors of 0 responses$' err)" -ge 1 ]
	holds err '1 error of 2 responses (50.00%)' # the totals at the end, as ever
	same "$(wc -l <out)" 3
}

@test "of one there is no plural" {
	one() { sleep 0.3 && echo code=9018 && sleep 1.5; }
	slowly one --every 1s -q
	grep -E '  1 line, 1 error of 1 response, 100\.00%: [0-9]+ 1$' err
}

@test "lines are printed as they come, not by the interval" {
	# shellcheck disable=SC2094 # what has come so far is looked at on purpose
	{
		echo code=9018
		sleep 2
		cp out seen
	} | timeout 60 "$JGANNOTATE" -q --every 30s >out
	holds seen 'code=9018 [account'
}

@test "report files are rewritten while the input goes on" {
	{
		echo code=9018
		sleep 2.5
		cp r.json first.json
		echo code=9003
		sleep 2.5
		cp r.json second.json
	} | timeout 60 "$JGANNOTATE" --every 1s -r r.json 2>err
	for pair in first:1 second:2; do
		same "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["errors"])' \
			"${pair%:*}.json")" "${pair#*:}"
	done
	[ "$(find . -name '*r.json*' | wc -l)" -eq 1 ] # and no temporary file
}

@test "a report for a pipe is written once, at the end" {
	slowly late --every 1s -s
	exits 0
	same "$(grep -c '1 of 2 responses' out)" 1
	lacks out $'\033'
}

@test "what is no length of time is refused" {
	go --every 0s /dev/null
	is_usage_error --every
	go --every 10 /dev/null
	exits 2
	holds err "did you mean '10s' or '10m'?"
}

# More kinds of errors than a screen of 25 rows has room for.
many() {
	local code
	for code in 9002 9003 9004 9005 9006 9007 9010 9011 9012 9013 9014 9018 9099 7110 8001; do
		echo "code=$code"
	done
	sleep 4
}

@test "on a terminal the report is drawn anew from the top, as far as there is room" {
	status=0
	many | timeout 60 python3 "$HERE/terminal.py" --stderr -s --every 1s >out || status=$?
	exits 0
	python3 - <<'PY'
import re
frames = open("out", encoding="utf-8").read().split("\x1b[H\x1b[2J")
assert frames[0] == "" and len(frames) >= 2, frames
for frame in frames[1:]:
    # the interval's line stands below; behind the last one comes the whole report
    drawn, _, rest = re.split(r"(^..:..:..  .* lines, .*\n)", frame, maxsplit=1, flags=re.M)
    assert drawn.startswith("standard input"), drawn
    assert "of 15 responses" in drawn and drawn.count("\n") == 23, drawn
assert rest.startswith("standard input") and "15 codes in 15 lines" in rest, rest
PY
}
