load common

# refused TEXT ARGS...: exit 2 before any input is read.
refused() {
	local text=$1

	shift
	[ -p never ] || mkfifo never
	status=0
	timeout 20 "$JGANNOTATE" "$@" never >out 2>err || status=$?
	exits 2
	empty out
	holds err "$text"
}

# within SECONDS ARGS...: as `go`, but ended by force after so long (a sanitizer: ten times).
within() {
	local limit=$1

	shift
	if is_sanitized; then limit=$((limit * 10)); fi
	status=0
	timeout "$limit" "$JGANNOTATE" "$@" >out 2>err || status=$?
	[ "$status" -ne 124 ] || { echo "not done within $limit s"; return 1; }
}

codes() {
	grep -o '"code":[0-9]*' out | cut -d: -f2 | paste -sd' '
}

@test "-e finds codes in place of the usual keys" {
	go -q -e 'ret=(?<code>[0-9]+)' < <(printf 'ret=9018 code=9011\n')
	exits 0
	same "$(cat out)" 'ret=9018 [account: appKey no money] code=9011'
}

@test "-e with -k: both" {
	go -q -k +jg -e 'ret=(?<code>[0-9]+)' < <(printf 'ret=9018 jg=9011 code=9001\n')
	same "$(cat out)" 'ret=9018 [account: appKey no money] jg=9011 [auth: auth failed] code=9001 [negative: verify not consistent]'
}

@test "-e: a code in the key of another" {
	go -q -e '(?<code>\d+)' <<<'1k0:5 a:1b9011=9018 {"9011k9003":"9001","content":"x"}'
	exits 0
	same "$(sed 's/ \[[^]]*\]//g' out)" '1k0:5 a:1b9011=9018 {"9011k9003":"9001","9011k9003_outcome":"negative","9011k9003_description":"verify not consistent","content":"x"}'
}

@test "several -e: hits in order of place, of two at one place the earlier pattern's" {
	go -o json -e 'b=(?<code>\d+)' -e 'a=(?<code>\d+)' <<<'a=9001 b=9002 a=9003'
	same "$(codes)" "9001 9002 9003"
	go -o json -e 'x(?<code>90)\d\d' -e 'x(?<code>\d+)' <<<'x9018'
	same "$(codes)" "90"
	go -o json -e 'x(?<code>\d+)' -e 'x(?<code>90)\d\d' <<<'x9018'
	same "$(codes)" "9018"
}

@test "-e: JSON members are annotated as members" {
	go -q -e '"result":(?<code>\d+)' <<<'{"result":9018,"x":1}'
	same "$(cat out)" '{"result":9018,"result_outcome":"account","result_description":"appKey no money","x":1}'
}

@test "-e: ^ and \$ mean the line, a pattern never sees two lines" {
	printf 'a\n9018\nb 9018\n9011\r\n' >in
	go -o json -e '^(?<code>\d+)$' in
	same "$(codes)" 9018
	go -o json -e 'a\s+(?<code>\d+)' in
	empty out
	go -o json -e '(?s)a.(?<code>\d+)' in
	empty out
	go -o json -e '[^x](?<code>90\d\d)' in
	same "$(codes)" 9018
}

@test "-e: NUL and other bytes are bytes" {
	go -o json -e '\x00(?<code>\d+)\xff' < <(printf '\0009018\377\n')
	same "$(codes)" 9018
}

@test "--where: codes only on lines that match, others are counted as elsewhere" {
	go --where jverify < <(printf 'jverify code=9018\nother code=9011\n')
	exits 0
	same "$(cat out)" $'jverify code=9018 [account: appKey no money]\nother code=9011'
	holds err "1 error of 1 response"
	holds err "1 elsewhere"
}

@test "-k replaces the usual keys, + adds to them" {
	printf 'jg=9018 code=9011\n' >in
	go -q -k jg in
	same "$(cat out)" 'jg=9018 [account: appKey no money] code=9011'
	go -q -k +jg in
	holds out 'auth failed'
	holds out 'appKey no money'
	go -q -k a,jg -k b in
	holds out 'jg=9018 [account'
}

@test "-k: a Chinese name, more than eight names, any case" {
	go -q -k +状态 <<<'状态=9018 状态9011'
	holds out 'appKey no money'
	go -o json -k a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2 <<<'a1=9001 B2=9018 a9=9011 A5=9003'
	same "$(codes)" "9001 9018 9011 9003"
}

@test "-k names are literal: no regex characters" {
	go -o json -k 'a.b(,[c]*,d|e,\E\d,f$' <<<'a.b(=9001 axb(=9002 [c]*=9003 d=9004 e=9005 d|e=9011 \E\d=9015 f$=9018'
	exits 0
	same "$(codes)" "9001 9003 9011 9015 9018"
}

@test "a fault in a pattern is shown with a caret below it" {
	refused "missing closing parenthesis, at offset 3" -e 'a(b'
	same "$(sed -n 2,3p err)" $'  a(b\n     ^'
	refused "--where: " --where 'x[a'
	same "$(sed -n 2,3p err)" $'  x[a\n     ^'
}

@test "the caret stands right behind wide, broken and escaped characters (84)" {
	refused "" -e $'码\tx(b'
	same "$(sed -n 2,3p err)" $'  码\\x09x(b\n           ^'
	refused "" -e $'\033[31m\377('
	lacks err $'\033'
}

@test "a long faulty pattern is cut around the caret" {
	refused "" -e "$(head -c 300 /dev/zero | tr '\0' a)(bbb"
	[ "$(awk '{ if (length > most) most = length } END { print most }' err)" -le 100 ]
	same "$(sed -n 3p err | tr -d ' ')" '^'
}

@test "a pattern without a group named code is refused, with what to write" {
	refused '(?<code>\d+)' -e 'ret=\d+'
	refused "no group named code" -e 'ret=(\d+)'
	refused "no group named code" -e 'ret=(?<Code>\d+)'
	refused "no group named code" -e ''
}

@test "what would change bytes or newlines is refused (56)" {
	for head in '(*UTF)' '(*UCP)' '(*CRLF)' '(*CR)' '(*ANY)' '(*ANYCRLF)' '(*NUL)'; do
		refused "--regexp: " -e "$head(?<code>\\d+)"
	done
	refused 'using \C is disabled' -e '(?<code>\C)'
	refused callouts -e '(?C1)(?<code>\d)'
	refused callouts -e "(?C'x')(?<code>\\d)"
	refused "--where: " --where '(*UTF)x'
}

@test "a pattern cannot raise its limits (56)" {
	within 10 -e '(*LIMIT_MATCH=4000000000)(*LIMIT_DEPTH=4000000000)^(a+)+$|r=(?<code>\d+)' \
		< <(head -c 4000 /dev/zero | tr '\0' a; echo '!')
	exits 3
	holds err "match limit"
}

@test "(*NO_JIT) and (*LF) are harmless (56)" {
	go -q -e '(*NO_JIT)(*LF)r=(?<code>\d+)' <<<'r=9018'
	exits 0
	holds out "appKey no money"
}

@test "a catastrophic pattern: bounded, counted, the line passes, the scan goes on, exit 3 (50)" {
	{ for _ in 1 2 3 4 5; do head -c 3000 /dev/zero | tr '\0' a; echo '!'; done; echo r=9018; } >in
	within 10 -e '^(a+)+$|r=(?<code>\d+)' in
	exits 3
	same "$(tail -n 1 out)" 'r=9018 [account: appKey no money]'
	head -n 5 in >lines
	head -n 5 out | cmp - lines
	holds err "match limit reached 5 times"
}

@test "a catastrophic --where: bounded, the line passes, exit 3 (50)" {
	{ head -c 3000 /dev/zero | tr '\0' a; echo '! code=9018'; echo 'aaa code=9018'; } >in
	within 10 --where '^(a+)+ ?(code=9018)?$' in
	exits 3
	same "$(tail -n 1 out)" 'aaa code=9018 [account: appKey no money]'
	same "$(wc -l <out)" 2
	holds err "match limit"
}

@test "cost that hides between start positions is bounded too (51)" {
	{ for _ in 1 2 3; do head -c 1000000 /dev/zero | tr '\0' ' '; echo; done; echo 'r=9018'; } >in
	for pattern in '(?<!z)[ ]+[xy](?<code>..)' '(*NO_JIT)[ ]+[xy](?<code>..)'; do
		within 10 -e "$pattern" -e 'r=(?<code>\d+)' in
		exits 3
		head -c 3000003 out | cmp - <(head -c 3000003 in)
		same "$(tail -n 1 out)" 'r=9018 [account: appKey no money]'
		holds err "time limit reached 3 times"
	done
}

@test "a long line among short ones is watched, and the others are found as ever" {
	{ echo 'r=9018'; head -c 500000 /dev/zero | tr '\0' ' '; echo; echo 'r=9001'; } >in
	within 10 -o json -e 'r(?<!z)[ ]*=(?<code>\d+)' in
	exits 0
	same "$(grep -c '"code":90' out)" 2
	{ printf '%0.s-' $(seq 5000); echo ' r=9018'; } >in
	within 10 -s -e 'r=(?<code>\d+)' in
	exits 0
	holds out 'appKey no money'
}

@test "a JIT out of stack gives the same as the interpreter (52)" {
	{ head -c 300000 /dev/zero | tr '\0' X; echo 'r=9018'; } >in
	within 20 -e '^([^A]|B)*?r=(?<code>\d+)' in
	mv out jit
	mv err jit_err
	jit_status=$status
	within 20 -e '(*NO_JIT)^([^A]|B)*?r=(?<code>\d+)' in
	same "$status" "$jit_status"
	cmp out jit
	cmp err jit_err
}

@test "endless recursion ends (53)" {
	within 10 -e '(?<x>(?&x)|a)*(?<code>\d+)|(?<y>a(?&y)*)+(?<z>9)' <<<'aaaa 9018' || true
	[ "$status" -ne 124 ]
	[ "$status" -lt 128 ]
}

@test "the same numbers with and without JIT (58)" {
	for pattern in '\b(?<code>\d{4})\b' '(?i)CODE\W*(?<code>\d+)' '(?<!\d)(?<code>9\d+)(?!\d)' \
		'^.*?(?<code>\d+)' '(?:a|ab)(?:c|bcd)?(?<code>\d+)'; do
		go -o json -e "$pattern" "$HERE/../../samples/api.log"
		mv out jit
		go -o json -e "(*NO_JIT)$pattern" "$HERE/../../samples/api.log"
		cmp jit out
	done
}

@test "\\K, also turned round, unset captures and empty matches end (55)" {
	go -o json -e 'r=\K(?<code>\d+)' <<<'r=9018 r=9011'
	same "$(codes)" "9018 9011"
	within 10 -e '(?<code>\d*)' <<<'a 9018 b'
	[ "$status" -le 3 ]
	same "$(cat out)" 'a 9018 [account: appKey no money] b'
	within 10 -e '(?:x|(?<code>\d+))' <<<'x9018x'
	exits 0
	holds out "x9018 [account"
	within 10 -e '(?=.*\K)(?<code>\d+)' <<<'9018 a' || true
	[ "$status" -lt 124 ]
}

@test "a capture that is no code is skipped and counted (55)" {
	go -r json -e 'r=(?<code>\w+)' < <(printf 'r=abc r=09 r=1234567890 r=9018\nr=%s\n' \
		"$(head -c 100000 /dev/zero | tr '\0' 9)")
	exits 0
	python3 - <<'END'
import json
r = json.load(open("out"))
assert (r["hits"]["total"], r["trouble"]["not_a_code"]) == (1, 4), r
END
}

@test "duplicate names: the group that took part (55)" {
	go -o json -e '(?J)a(?<code>\d+)|b(?<code>\d+)' <<<'b9018 a9011'
	same "$(codes)" "9018 9011"
}

@test "a pattern of 65,537 bytes is refused, one of 30,000 is not (57)" {
	refused "longer than 65536 bytes" -e "(?<code>\d+)$(head -c 65525 /dev/zero | tr '\0' a)"
	go -q -e "$(head -c 30000 /dev/zero | tr '\0' a)|(?<code>\d+)" <<<9018
	exits 0
	holds out "appKey no money"
}

@test "huge repeats and deep nesting are refused or bounded (57)" {
	refused "--regexp: " -e '((a{1,1000}){1,1000}){1,1000}(?<code>\d)'
	refused "--regexp: " -e "$(printf '(%.0s' {1..300})(?<code>\\d)$(printf ')%.0s' {1..300})"
}

@test "without executable memory the interpreter gives the same (54)" {
	printf 'code=9018 r=9011\n' >in
	go -o json -k +r in
	mv out jit
	python3 - "$JGANNOTATE" <<'END' || skip "PR_SET_MDWE is not there"
import ctypes, os, sys
PR_SET_MDWE = 65
if ctypes.CDLL(None).prctl(PR_SET_MDWE, 1, 0, 0, 0) != 0:
    sys.exit(1)
END
	if is_sanitized; then skip "the sanitizer needs memory of its own"; fi
	python3 - "$JGANNOTATE" >out 2>err <<'END'
import ctypes, os, sys
ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)
os.execv(sys.argv[1], [sys.argv[1], "-v", "-o", "json", "-k", "+r", "in"])
END
	cmp jit out
	holds err "without JIT"
}
