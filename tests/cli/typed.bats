load common

@test "what hands used to other programs type is accepted, or answered by an exact second line" { python3 "$HERE/typed.py" typed; }

@test "a wide text is named: UTF-16 and UTF-32, with and without a mark, also among others and with --db" {
	printf 'code=9018\n' >log
	for encoding in UTF-16 UTF-16LE UTF-16BE UTF-32 UTF-32LE UTF-32BE; do
		for i in 1 2 3 4; do printf 'the line %d: code=9018\n' "$i"; done |
			iconv -f UTF-8 -t "$encoding" >wide
		go -s wide log
		exits 3
		holds err "'wide' is ${encoding%?E}, in which no code is found"
		same "$(sed -n 2p err)" "try: iconv -f ${encoding%?E} -t UTF-8 wide | jgannotate"
		holds out "1 of 1 response"
		holds out "1 file damaged"
		go -s <wide
		exits 3
		holds err "'standard input' is ${encoding%?E}"
	done
	printf 'code=9018\n' | iconv -f UTF-8 -t UTF-16 >wide.log
	go -d a.db -s wide.log
	exits 3
	holds err "'wide.log' is UTF-16"
	# NULs alone are a file that was cut under its writer
	{ head -c 100 /dev/zero; printf '\ncode=9018\n'; } >hole
	go -s hole
	exits 0
	printf 'c\0o\0d\0' >short
	go -s short
	exits 0
}

@test "nothing is said of keys where nothing could be opened" {
	go missing
	exits 1
	same "$(cat err)" "jgannotate: cannot open 'missing': No such file or directory"
	: >empty
	go empty missing
	exits 1
	same "$(wc -l <err)" 1
	printf 'x\n' >log
	go log missing
	exits 1
	holds err 'no codes in 1 line; keys looked for: code'
}

@test "one line is one line in the line of a threshold" {
	printf 'x\n' >log
	go -w 1% log
	exits 3
	holds out 'no responses in 1 line |'
	printf 'x\nx\n' >log
	go -w 1% log
	holds out 'no responses in 2 lines |'
	printf '2026-05-18 12:00:00 code=9018\n' >log
	go -w 1% --since 2026-05-19 log
	holds out ', 1 code outside the time asked for'
}

@test "a field that stood somewhere, and times that are known, are no matter of a message" {
	printf 'user=u x\ncode=9018\n2026-05-18 12:00:00 user=u code=9018\n' >log
	go -s --by user --bucket 1h log
	exits 0
	empty err
	: >empty
	go -s --by user --bucket 1h empty
	exits 0
	empty err
	printf 'code=9018\n' >log
	go -s --by user --baseline r.json --quiet-if-ok log
	lacks err 'no line with a code'
}

@test "on a terminal totals do not begin on the line of ^C" { python3 "$HERE/caret.py" totals; }
