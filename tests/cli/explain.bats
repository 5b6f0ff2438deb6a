load common

@test "a code is explained" {
	go --explain 9018
	exits 0
	empty err
	holds out "appKey no money"
	holds out account
	holds out verification
}

@test "a word is searched in all columns, in any case" {
	go --explain TOKEN
	exits 0
	holds out 9003
	holds out "token expired or not exist"
}

@test "several words and codes at once" {
	go --explain 9018 balance 9001
	exits 0
	holds out 9018
	holds out 9001
}

@test "nothing lists all 49 codes" {
	go --explain
	exits 0
	same "$(grep -cE '^ *[0-9]+ ' out)" 49
}

@test "what is not found is named, the rest is shown, exit 1" {
	go --explain 9018 4711 qqqqq
	exits 1
	holds out "appKey no money"
	holds err "'4711'"
	holds err "'qqqqq'"
	lacks err "'9018'"
}

@test "no log is read" {
	mkfifo never
	exec 9<>never
	status=0
	timeout 20 "$JGANNOTATE" --explain 9018 <never >out 2>err 9>&- || status=$?
	exec 9>&-
	exits 0
}

@test "codes of user catalogs are explained, overrides too" {
	printf '4711\tqueue full\tqueue\tlimit\tno\twait a bit\t等一下\n9018\tno more money\n' >extra.tsv
	go -c extra.tsv --explain 4711 9018
	exits 0
	holds out "queue full"
	holds out "wait a bit"
	holds out "no more money"
	go -c extra.tsv --lang zh --explain 4711
	holds out 等一下
}

@test "a catalog fault: exit 2, nothing printed" {
	printf 'x\ty\n' >bad.tsv
	go -c bad.tsv --explain 9018
	exits 2
	empty out
	holds err "catalog 'bad.tsv', line 1, column 1: "
}

@test "a full disk: exit 1" {
	status=0
	"$JGANNOTATE" --explain >/dev/full 2>err || status=$?
	exits 1
	holds err "No space left on device"
}

@test "a hostile word is shown escaped (84)" {
	go --explain $'\033[31m%n\377'
	exits 1
	lacks err $'\033'
	holds err '\x1b[31m%n\xff'
}
