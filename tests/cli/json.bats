load common

# check EXPRESSION: a Python expression over `hits`, the objects of ./out.
check() {
	python3 - "$1" <<'END'
import json, sys
def refuse(word): raise ValueError(word)
hits = [json.loads(line.decode("utf-8", "strict"), parse_constant=refuse)
        for line in open("out", "rb")]
if not eval(f"({sys.argv[1]})"):
    sys.exit(f"{sys.argv[1]}\nis false for {hits}")
END
}

@test "one object per hit with its place and its meaning" {
	printf 'x\n  code=9018 and code=9001\n' >api.log
	go -o json api.log
	exits 0
	check 'len(hits) == 2'
	check 'hits[0] == {"file": "api.log", "line": 2, "column": 8, "time": None, "code": 9018,
		"description": "appKey no money", "category": "verification", "outcome": "account",
		"standing": "plain", "counts_as": "response"}'
	check '(hits[1]["line"], hits[1]["column"], hits[1]["code"]) == (2, 22, 9001)'
}

@test "the file is null for standard input, and each input has its own line numbers" {
	printf 'a\ncode=9018\n' >a
	go -o json a - < <(printf '\n\n\ncode=9018\n')
	check '[(h["file"], h["line"]) for h in hits] == [("a", 2), (None, 4)]'
}

@test "standing and class of every hit are told, held-back and other numbers too" {
	go -o json < <(printf '%s\n' '{"code":9018,"content":"appKey no money"}' \
		'{"code":0,"msg":"ok"}' 'code=4711')
	check '[(h["standing"], h["counts_as"]) for h in hits] ==
		[("confirmed", "response"), ("doubtful", "held_back"), (None, "other_number")]'
	check 'hits[2]["outcome"] is None and hits[2]["description"] is None'
}

@test "--only picks objects" {
	go -o json --only account < <(printf 'code=9018\ncode=9001\n')
	check '[h["code"] for h in hits] == [9018]'
}

@test "every byte value in a file name and a line gives valid UTF-8 JSON (79)" {
	python3 - <<'END'
import os
name = bytes(b for b in range(1, 256) if b != 47)
for i in range(0, len(name), 100):
    with open(b"n" + name[i:i + 100], "wb") as f:
        f.write(bytes(b for b in range(256) if b != 10) + b"code=9018\n")
END
	go -o json n*
	exits 0
	check 'len(hits) == 3'
	check 'all(h["column"] == 261 for h in hits)'
}

@test "numbers have a point whatever the locale says (79)" {
	# without that locale the shell warns, and the test is still true
	{ export LC_ALL=de_DE.UTF-8; } 2>/dev/null
	go -r json <<<'code=9018'
	holds out '"error_rate": 1.000000'
}

@test "no hits, no objects, exit 0" {
	go -o json <<<'nothing'
	exits 0
	empty out
}

@test "line numbers go on behind an over-long line" {
	{ head -c 1500000 /dev/zero | tr '\0' a; printf '\ncode=9018\n'; } >in
	go -o json in
	exits 3
	check '[h["line"] for h in hits] == [2]'
	JGANNOTATE_TEST_READ_SIZE=4096 go -o json in
	check '[h["line"] for h in hits] == [2]'
}
