load common

@test "every line passes, each counted hit annotated" {
	go < <(printf 'start\ncode=9018\nend\n')
	exits 0
	same "$(cat out)" $'start\ncode=9018 [account: appKey no money]\nend'
}

@test "a JSON member gets sibling members and the line stays valid" {
	go < <(printf '{"id":1234567890123456789,"errCode":9011,"x":[1.50]}\n')
	exits 0
	same "$(cat out)" '{"id":1234567890123456789,"errCode":9011,"errCode_outcome":"auth","errCode_description":"auth failed","x":[1.50]}'
	python3 -m json.tool out >/dev/null
}

@test "JSON inside a JSON string keeps its quote spelling" {
	go < <(printf '%s\n' '{"body":"{\"code\":9001,\"x\":1}"}')
	same "$(cat out)" '{"body":"{\"code\":9001,\"code_outcome\":\"negative\",\"code_description\":\"verify not consistent\",\"x\":1}"}'
	python3 -c 'import json; json.loads(json.loads(open("out").read())["body"])'
}

@test "several codes on one line are each annotated, in order (44)" {
	go < <(printf 'code=9018 then code=9011\n')
	same "$(cat out)" 'code=9018 [account: appKey no money] then code=9011 [auth: auth failed]'
}

@test "a code at the start, at the end and as the whole of a line (44)" {
	go < <(printf 'code:9018 x\nx code:9018\ncode:9018\n')
	same "$(grep -c 'appKey no money' out)" 3
	lacks out $'x [account'
}

@test "no code inside a longer number, word, address or date (44)" {
	printf '%s\n' code=90180 code=9018ms code=9018.5 code=9018-11-20 zipcode=9018 \
		'barcode: 9018' 'code=10.9018' 'statusCode=9018' 'exit code 9018' code=09018 >in
	go in
	exits 0
	cmp in out
	holds err "no responses in 10 lines"
	go -o json in
	same "$(grep -o '"code":[0-9]*' out)" '"code":90180'
}

@test "no final newline stays none, the annotation included (41)" {
	go < <(printf 'a\ncode=9018')
	exits 0
	printf 'a\ncode=9018 [account: appKey no money]' >expected
	cmp out expected
}

@test "no final newline stays none where the last line has no code (41)" {
	printf 'code=9018\nno newline' >in
	go in
	printf 'code=9018 [account: appKey no money]\nno newline' | cmp - out
}

@test "a value cut off by the end of the input gets no invented text (41)" {
	printf '{"code":"9018' >in
	go in
	exits 0
	cmp in out
	holds err "1 error of 1 response"
}

@test "empty input, empty output, exit 0 (41)" {
	go </dev/null
	exits 0
	empty out
	: >empty_file
	go empty_file
	exits 0
	empty out
}

@test "CR LF: the annotation stands before CR LF (40)" {
	go < <(printf 'code=9018\r\nplain\r\n')
	printf 'code=9018 [account: appKey no money]\r\nplain\r\n' | cmp - out
}

@test "lone CR, VT, FF and U+2028 end no line (40)" {
	go -o json < <(printf 'a\rb\vc\fd\342\200\250e code=9018\ncode=9011\n')
	holds out '"line":1,"column":18,'
	holds out '"line":2,"column":6,'
}

@test "a BOM in front passes and hides no code (40)" {
	go < <(printf '\357\273\277code=9018\n')
	printf '\357\273\277code=9018 [account: appKey no money]\n' | cmp - out
}

@test "annotating twice equals once, and so do the tallies" {
	printf '%s\n' 'code=9018 x' '{"code":9011,"a":1}' 'body={\"code\":9001}' \
		"{'code': 9000, 'b': 2}" '{"code":0,"content":"success"}' >in
	"$JGANNOTATE" -s <in >report_of_log
	go in
	mv out once
	go once
	cmp once out
	"$JGANNOTATE" -s <once | cmp - report_of_log
}

@test "the output without its annotations is the input (45)" {
	printf 'x code=9018, y\nerrcode: 9011;\n\377\376 code=9001 \200\n' >in
	go in
	exits 0
	LC_ALL=C sed -E 's/ \[[a-z]+: [^]]*\]//g' out | cmp - in
	[ "$(wc -c <out)" -gt "$(wc -c <in)" ]
}

@test "--add chooses what an annotation holds" {
	go --add category -q <<<'code=9018'
	same "$(cat out)" 'code=9018 [verification]'
	go --add description -q <<<'{"code":9018}'
	same "$(cat out)" '{"code":9018,"code_description":"appKey no money"}'
	go --add notes,outcome,category,description -q <<<'{"code":9018}'
	holds out '"code_outcome":"account","code_category":"verification","code_description":"appKey no money","code_notes":"'
	python3 -m json.tool out >/dev/null
}

@test "several inputs in order, - is standard input" {
	printf 'one\n' >a
	printf 'three\n' >c
	go -q a - c <<<'two'
	same "$(cat out)" $'one\ntwo\nthree'
}

@test "an input without final newline is followed by the next one untouched" {
	printf 'one' >a
	printf 'two\n' >b
	go -q a b
	same "$(cat out)" 'onetwo'
}

@test "a name that begins with - is a file behind --" {
	printf 'code=9018\n' >-q
	go -q -- -q
	exits 0
	holds out appKey
}

@test "a held-back code is passed on unannotated and counted" {
	go <<<'{"code":0,"msg":"ok"}'
	same "$(cat out)" '{"code":0,"msg":"ok"}'
	holds err "1 held back"
}

@test "an inner code is annotated, but not in the rate" {
	go <<<'{"code":9000,"content":"verify consistent","riskCheck":{"code":0,"content":"success"}}'
	holds err "0 errors of 1 response"
	holds err "1 inner"
	same "$(grep -o _outcome out | wc -l)" 2
}

@test "--trust all counts what normal holds back, strict only the confirmed" {
	printf '{"code":0,"msg":"ok"}\ncode=9018\n{"code":9011,"content":"auth failed"}\n' >in
	go --trust all in
	holds err "2 errors of 3 responses"
	go --trust strict in
	holds err "1 error of 1 response "
}
