load common

# held N: N successes that a text of another hand holds back.
held() {
	local i
	for ((i = 0; i < $1; i++)); do echo '{"code":8000,"msg":"another text"}'; done
}

# errors N
errors() {
	local i
	for ((i = 0; i < $1; i++)); do echo '{"code":9011,"content":"auth failed"}'; done
}

SAYS='rate doubtful: 98 held back may be responses'

@test "a rate with many hits held back says so wherever it is printed" {
	{ held 98; errors 2; } >in
	go -s in
	exits 0
	holds out '100.00%'
	holds out "$SAYS; --trust, --where or -k decides"
	go -r markdown in
	holds out "**$SAYS"
	go -r html in
	holds out "$SAYS"
	go -r json in
	holds out '"rate_in_doubt": 98'
	go -o none in
	holds err "$SAYS"
	[ "$(wc -l <err)" -le 4 ]
	go -s --lang zh in
	holds out '比率存疑'
	go -w 100% --min-responses 0 in
	same "$(cut -d'|' -f1 out | grep -c "$SAYS (--trust, --where, -k)")" 1
}

@test "it is said where nothing at all was counted" {
	held 98 >in
	go -s in
	exits 0
	holds out "$SAYS"
	go -o none in
	holds err "$SAYS"
}

@test "a tenth of the responses leaves no doubt" {
	{ held 10; errors 100; } >in
	go -s in
	lacks out doubtful
	go -r json in
	holds out '"rate_in_doubt": 0'
	held 1 >>in
	go -s in
	holds out 'rate doubtful: 11 held back'
}

@test "everybody's codes and marks of other systems leave no doubt" {
	errors 2 >in
	for _ in {1..50}; do
		echo '{"code":0,"msg":"ok"}'
		echo '{"code":8000,"codeName":"AtlasError"}'
		echo '{"mobile":"13800000000","code":"9001","ttl":60}'
	done >>in
	go -s in
	holds out '      50  8000  held back'
	lacks out doubtful
	go -w 100% --min-responses 0 in
	lacks out doubtful
}

@test "doubt changes neither state nor status, and does not make --quiet-if-ok speak" {
	{ held 98; errors 2; } >in
	go -w 100% --min-responses 3 --quiet-if-ok in
	exits 0
	empty out
	go -w 100% --min-responses 3 in
	exits 0
	holds out 'JGANNOTATE OK'
}

@test "--trust strict says what it held back, --trust all holds nothing back" {
	for _ in {1..20}; do echo 'code=9001 x'; done >in
	go -s in
	lacks out doubtful
	go -s --trust strict in
	holds out 'rate doubtful: 20 held back'
	go -s --trust all in
	lacks out doubtful
}

@test "merged reports and a database say it alike" {
	{ held 98; errors 2; } >in
	go -r json --label a in
	cp out a.json
	errors 1 >in2
	go -r json --label b in2
	cp out b.json
	go --merge -s a.json b.json
	holds out "$SAYS"
	go -d x.db -s in
	holds out "$SAYS"
	go -d x.db -s
	holds out "$SAYS"
}

@test "a report made before doubt was told is still read" {
	errors 2 >in
	go -r json --label a in
	grep -v rate_in_doubt out >a.json
	of_before a.json
	go --merge -s a.json
	exits 0
	holds out '2 of 2 responses'
}
