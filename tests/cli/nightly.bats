#!/usr/bin/env bats
# What samples/nightly has for cron, systemd and many hosts, run as it stands: only the
# places of program and logs are others.

load common

# needs OPTION...: skips while the program has not got them all.
needs() {
	local option
	for option in "$@"; do
		"$JGANNOTATE" --help | grep -qE -e "(^|[ ,])$option([ ,=[]|\$)" ||
			skip "the program has no $option"
	done
}

# night TIME: when it runs, by its clock
night() {
	export TZ=Asia/Shanghai JGANNOTATE_TEST_NOW
	JGANNOTATE_TEST_NOW=$(date -d "$1" +%s)
}

# The sample log, to be read as api.log.1, one line of the day after as api.log, and the night
# between them.
make_logs() {
	mkdir -p logs bin
	night '2026-03-06 00:30:05'
	cp "$HERE/../../samples/api.log" logs/api.log.1
	echo '2026-03-06 00:00:01.000 ERROR code=9018 appKey no money' >logs/api.log
	ln -sf "$JGANNOTATE" bin/jgannotate
}

nightly() {
	cat "$HERE/../../samples/nightly/$1"
}

# The command of the crontab, as cron gives it to the shell.
cron_command() {
	nightly crontab | sed -n 's/^30 0 \* \* \*  //p' | sed 's/\\%/%/g'
}

run_cron() {
	status=0
	LOG=$PWD/logs/api.log DB=$PWD/api.db PATH=$PWD/bin:$PATH \
		sh -c "$(cron_command)" >out 2>err || status=$?
}

# rotate SED: the logs, by the sample's configuration changed by SED
rotate() {
	nightly logrotate | sed "s|/var/log/login|$PWD/logs|; s/create 0640 root adm/create 0640/
		s/systemctl .*/true/; s/\t*notifempty/	su $(id -un) $(id -gn)/; $1" >rotate.conf
	logrotate -f -s "$PWD/state" rotate.conf
}

# value EXPRESSION: of the report `r` in ./out
value() {
	python3 -c "import json; r = json.load(open('out')); print($1)"
}

@test "the crontab has one line of five fields and no bare per cent sign" {
	nightly crontab | grep '^[0-9*]' >entries
	same "$(wc -l <entries)" 1
	sed 's/\\%//g' entries >bare
	lacks bare %
}

@test "cron: the report of the day is mailed, once, and says when" {
	make_logs
	run_cron
	exits 2 # the sample log has account errors
	same "$(cat err)" "jgannotate: 'api.log': seen for the first time, with 2 files"
	holds out 'CRITICAL'
	holds out 'the first report: 2026-03-05 10:45 to 2026-03-06 00:00'
	holds out 'errors        7 of 19 responses'
	holds out '9018  account'
	holds out '  2026-03-05 10:00        19        7  ~36.84%'
	holds out '  9018  2026-03-05 10:45-11:00  2026-03-05 10:45-11:00'
	# by hand once more in the same night
	run_cron
	exits 0
	empty err
	empty out
}

@test "cron: a night on which nothing ran is in the mail of the next" {
	make_logs
	run_cron
	echo '2026-03-07 14:20:00.000 ERROR code=9011 auth failed' >>logs/api.log
	night '2026-03-08 00:30:05'
	run_cron
	exits 2
	empty err
	holds out 'since the last report: 2026-03-06 00:00 to 2026-03-08 00:00'
	holds out 'errors        2 of 2 responses'
	holds out '  9018  2026-03-06 00:00-00:15  2026-03-06 00:00-00:15'
	holds out '  9011  2026-03-07 14:15-14:30  2026-03-07 14:15-14:30'
}

@test "cron: a quiet night sends no mail, an unwritable folder does" {
	make_logs
	sed -i 's/9018/9000/; s/appKey no money/verify consistent/' logs/api.log.1
	grep -vE '9003|7110|9011|9005|9018|9023' logs/api.log.1 >quiet
	mv quiet logs/api.log.1
	run_cron
	run_cron
	exits 0
	empty out
	empty err
	rm logs/api.log
	rm logs/api.log.1
	run_cron
	exits 3
	holds out 'UNKNOWN'
	holds err "cannot open '$PWD/logs/api.log'"
}

# lines NIGHT: 150 lines of that night
lines() {
	local day
	day=$(date +%F)
	for ((i = 0; i < 150; i++)); do
		echo "$day 10:00:00 INFO night=$1 line=$i code=9018 appKey no money"
	done
}

@test "logrotate in its ways: every line once" {
	command -v logrotate >/dev/null || skip 'logrotate is not installed'
	local way total today
	today=$(date +%Y%m%d)
	for way in '' 's/delaycompress/nodelaycompress/' 's/create 0640/copytruncate/' \
		's/delaycompress/dateext/' 's/delaycompress/dateext\n\textension .log/' \
		's/\tcompress/\tcompress\n\tcompresscmd zstd\n\tcompressext .zst\n\tcompressoptions -q --rm/' \
		's/\tcompress/\tcompress\n\tcompresscmd xz\n\tcompressext .xz/' \
		"s|daily|daily\n\tolddir $PWD/logs/archive|"; do
		echo "way '$way'"
		rm -rf logs state a.db
		mkdir -p logs/archive
		total=0
		for night in 1 2 3 4 5 6 7; do
			lines "$night" >>logs/api.log
			total=$((total + 150))
			# some nights it runs before the rotation, some after it, some not at all
			case $night in 1 | 4) go -d a.db -s logs/api.log && exits 0 ;; esac
			rotate "$way"
			# the date of each night is another one
			for file in logs/api*"$today"*; do
				[ ! -e "$file" ] || mv "$file" "${file/$today/2026010$night}"
			done
			case $night in 3 | 5) go -d a.db -s logs/api.log && exits 0 ;; esac
		done
		go -d a.db -s logs/api.log
		exits 0
		go -d a.db -r json
		same "$(value 'r["hits"]["responses"], r["lines"]')" "$total $total"
	done
}

@test "systemd: the unit's command leaves its three reports" {
	make_logs
	mkdir state prom
	nightly jgannotate.service | sed -n '/^ExecStart=/,/[^\\]$/p' | tr -d '\\\n' |
		sed "s|^ExecStart=/usr/local/bin/||; s|%%|%|g
			s|/var/lib/jgannotate|state|g; s|/var/lib/prometheus/node-exporter|prom|
			s|/var/log/login|logs|" >start.sh
	status=0
	PATH=$PWD/bin:$PATH sh ./start.sh >out 2>err || status=$?
	exits 2
	holds out 'CRITICAL'
	holds prom/jgannotate.prom 'jgannotate_hits_total{'
	python3 -m json.tool state/night.json >/dev/null
}

# ssh HOST COMMAND, played by the shell here; the host "down" does not answer.
make_ssh() {
	cat >bin/ssh <<-'END'
		#!/bin/sh
		while [ "$1" != -- ]; do shift; done
		[ "$2" != down ] || exit 255
		exec sh -c "$3"
	END
	chmod +x bin/ssh
}

ask_hosts() {
	status=0
	LOGS="logs/api.log.1 logs/api.log" PATH=$PWD/bin:$PATH \
		sh "$HERE/../../samples/nightly/all-hosts" "$@" >out 2>err || status=$?
}

@test "all-hosts: the counts of the hosts are added, a row each" {
	needs --since --until --label --merge --by
	make_logs
	make_ssh
	ask_hosts web1 web2
	exits 0
	holds out '14 of 38 responses'
	holds out 'web1'
	holds out 'web2'
}

@test "all-hosts: a host that does not answer is named, the others are shown" {
	needs --since --until --label --merge --by
	make_logs
	make_ssh
	ask_hosts web1 down web3
	exits 3 # the sum is incomplete, where it was any trouble: 1
	holds err 'all-hosts: trouble on down'
	holds out 'incomplete, missing: down'
	holds out '14 of 38 responses'
}

@test "all-hosts: without any answer there is no report" {
	make_logs
	make_ssh
	ask_hosts down
	exits 1
	empty out
	holds err 'trouble on down'
}

@test "all-hosts: without a host it says how it is called" {
	ask_hosts
	exits 2
	holds err 'HOST...'
}
