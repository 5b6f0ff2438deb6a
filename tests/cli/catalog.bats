load common

# unread ARGS...: with an input nobody writes to; reading it would hang.
unread() {
	[ -p never ] || mkfifo never
	status=0
	timeout 20 "$JGANNOTATE" "$@" never >out 2>err || status=$?
}

# faulty TEXT PLACE REASON: the catalog of this text is refused.
faulty() {
	printf '%b' "$1" >bad.tsv
	unread -c bad.tsv
	exits 2
	empty out
	holds err "catalog 'bad.tsv', line ${2%:*}, column ${2#*:}: "
	holds err "$3"
}

@test "codes of a user catalog are found, with the defaults of its columns" {
	printf '# ours\n4711\tqueue full\n' >queue.tsv
	go -o json -c queue.tsv <<<'code=4711'
	exits 0
	holds out '"description":"queue full","category":"queue","outcome":"failed"'
}

@test "all columns are used" {
	printf '4711\tqueue full\tjobs\tlimit\tno\twait\t等\n' >c.tsv
	go -q --add outcome,category,description,notes -c c.tsv <<<'{"code":4711}'
	same "$(cat out)" '{"code":4711,"code_outcome":"limit","code_category":"jobs","code_description":"queue full","code_notes":"wait"}'
}

@test "collides: yes and always hold back what is not confirmed" {
	printf '4711\tqueue full\tjobs\tlimit\talways\n4712\tfull\tjobs\tlimit\tyes\n' >c.tsv
	go -o json -c c.tsv <<<'code=4711'
	holds out '"counts_as":"held_back"'
	go -o json -c c.tsv <<<'{"code":4711,"content":"queue full"}'
	holds out '"counts_as":"response"'
	go -o json -c c.tsv <<<'{"code":4712,"msg":"other"}'
	holds out '"counts_as":"held_back"'
	go -o json -c c.tsv <<<'code=4712'
	holds out '"counts_as":"response"'
}

@test "a later catalog overrides earlier ones and the built-in" {
	printf '9018\tfirst\n' >a.tsv
	printf '9018\tsecond\n' >b.tsv
	go -q -c a.tsv -c b.tsv <<<'code=9018'
	same "$(cat out)" 'code=9018 [failed: second]'
	go -q -c b.tsv -c a.tsv <<<'code=9018'
	same "$(cat out)" 'code=9018 [failed: first]'
}

@test "JGANNOTATE_CATALOG comes before -c, its files are separated by colons" {
	printf '9018\tfrom environment\n4711\tA\n' >a.tsv
	printf '4712\tB\n' >b.tsv
	printf '9018\tfrom option\n' >c.tsv
	export JGANNOTATE_CATALOG=a.tsv::b.tsv
	go -q -c c.tsv < <(printf 'code=9018\ncode=4711\ncode=4712\n')
	same "$(cat out)" $'code=9018 [failed: from option]\ncode=4711 [failed: A]\ncode=4712 [failed: B]'
	JGANNOTATE_CATALOG=a.tsv:missing.tsv unread
	exits 2
	holds err missing.tsv
}

@test "a category of a user catalog can be picked with --only" {
	printf '4711\tqueue full\tjobs\n' >c.tsv
	go -q -c c.tsv --only jobs < <(printf 'code=4711\ncode=9018\n')
	same "$(cat out)" 'code=4711 [failed: queue full]'
}

@test "rates are per catalog and never mixed" {
	printf '4711\tqueue full\tjobs\tlimit\n' >c.tsv
	go -r json -c c.tsv < <(printf 'code=4711\ncode=9018\ncode=9001\n')
	python3 - <<'END'
import json
r = json.load(open("out"))
rates = {row["catalog"]: (row["errors"], row["responses"]) for row in r["catalogs"]}
assert sorted(rates.values()) == [(1, 1), (1, 2)], rates
END
}

@test "a duplicate code names both lines (60)" {
	faulty '1\ta\n2\tb\n1\tc\n' 3:1 "first in line 1"
}

@test "odd spellings of a code are refused, none wraps (61)" {
	faulty '-1\tx\n' 1:1 sign
	faulty '+404\tx\n' 1:1 sign
	faulty '0404\tx\n' 1:1 "leading zero"
	faulty ' 404\tx\n' 1:1 blank
	faulty '404abc\tx\n' 1:4 "not a decimal number"
	faulty '4e2\tx\n' 1:2 "not a decimal number"
	faulty '0x194\tx\n' 1:2 "not a decimal number"
	faulty '2147483648\tx\n' 1:1 "too large"
	faulty '18446744073709552020\tx\n' 1:1 "too large"
	faulty '\tx\n' 1:1 "no code"
	faulty '10-20\tx\n' 1:3 range
}

@test "rows of the wrong shape are refused with their place (60)" {
	faulty '1\tok\n2 no tab\n' 2:1 "no tab"
	faulty '1\t\n' 1:3 "no description"
	faulty '1\ta\tb\tlimit\tno\tn\tz\tmore\n' 1:19 "more than 7 columns"
	faulty '1\ta\tb\tlimt\n' 1:7 "did you mean 'limit'"
	faulty '1\ta\tb\tlimit\tyess\n' 1:13 "did you mean 'yes'"
	faulty '1\ta\terror\n' 1:5 ""
	faulty '1\ta\t-x\n' 1:5 ""
	faulty '1\ta\t42\n' 1:5 ""
	faulty '1\ta\tb:c\n' 1:6 ""
}

@test "quotes, backslashes and control characters are refused (63)" {
	faulty '1\tsay "no"\n' 1:7 'not allowed'
	faulty "1\\tit's\\n" 1:5 'not allowed'
	faulty '1\ta\\\\b\n' 1:4 'not allowed'
	faulty '1\ta\033[31m\n' 1:4 U+001B
	faulty '1\ta\302\233b\n' 1:4 U+009B
	faulty '1\ta\342\200\256b\n' 1:4 U+202E
	lacks err $'\342\200\256'
}

@test "NUL and bytes that are not UTF-8 are refused (62)" {
	faulty '1\ta\000b\n' 1:4 ""
	faulty '1\ta\377b\n' 1:4 UTF-8
	faulty '# comment \377\n1\ta\n' 1:11 UTF-8
}

@test "CR LF, a BOM, empty lines and a missing last LF are read (62)" {
	printf '\357\273\2771\tone\r\n\r\n# x\r\n2\ttwo' >c.tsv
	go -q -c c.tsv < <(printf 'code=1\ncode=2\n')
	exits 0
	same "$(cat out)" $'code=1 [failed: one]\ncode=2 [failed: two]'
}

@test "a line longer than 1 MiB is refused (62)" {
	{ printf '1\t'; head -c 1100000 /dev/zero | tr '\0' a; } >bad.tsv
	unread -c bad.tsv
	exits 2
	holds err "line 1, column 1048577: "
	holds err "longer than 1 MiB"
}

@test "missing, directory, FIFO and device are refused at once (64)" {
	mkfifo fifo
	for name in missing.tsv . fifo /dev/zero /dev/null/x; do
		unread -c "$name"
		exits 2
		empty out
		holds err "'$name'"
	done
}

@test "a file over the size cap is refused at once (64)" {
	truncate -s 1T huge.tsv
	unread -c huge.tsv
	exits 2
	holds err "larger than 256 MiB"
}

@test "100,000 entries are loaded (64)" {
	seq 100000 199999 | sed 's/$/\tentry/' >many.tsv
	go -q -c many.tsv <<<'code=150000'
	exits 0
	same "$(cat out)" 'code=150000 [failed: entry]'
}

@test "1,000,000 entries take less than 256 MiB (64)" { python3 "$HERE/catalog.py" million; }
@test "a code that is seen takes less than 150 bytes (64)" { python3 "$HERE/catalog.py" every_code; }
@test "more codes than made annotations are kept for" { python3 "$HERE/catalog.py" more_codes_than_are_kept; }
@test "codes chosen to collide cost no more than others (65)" { python3 "$HERE/catalog.py" chosen_keys; }
@test "a catalog that is replaced while it is used changes nothing (66)" { python3 "$HERE/catalog.py" replaced; }

@test "the name of a catalog is shown escaped (84)" {
	name=$'x\033[31m%n.tsv'
	printf 'bad\n' >"$name"
	unread -c "$name"
	exits 2
	lacks err $'\033'
	holds err '%n'
}

@test "the sample catalog is right" {
	go -c "$HERE/../../samples/catalog-jpush.tsv" --explain
	exits 0
	[ "$(wc -l <out)" -gt 49 ]
}
