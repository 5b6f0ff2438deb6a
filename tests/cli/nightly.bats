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

# The sample log with yesterday's date in place of its own, to be read as api.log.1, and
# one line of today as api.log.
make_logs() {
	mkdir -p logs bin
	sed "s/2026-03-05/$(date -d yesterday +%F)/; s|05/Mar/2026|$(date -d yesterday +%d/%b/%Y)|" \
		"$HERE/../../samples/api.log" >logs/api.log.1
	echo "$(date +%F) 00:00:01.000 ERROR code=9018 appKey no money" >logs/api.log
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
	HOME=$PWD/home LOGS="$PWD/logs/api.log.1 $PWD/logs/api.log" PATH=$PWD/bin:$PATH \
		sh -c "$(cron_command)" >out 2>err || status=$?
}

@test "the crontab has one line of five fields and no bare per cent sign" {
	nightly crontab | grep '^[0-9*]' >entries
	same "$(wc -l <entries)" 1
	sed 's/\\%//g' entries >bare
	lacks bare %
}

@test "cron: the report of yesterday is mailed, and kept for the next night" {
	needs --since --until --warning --critical --baseline --quiet-if-ok
	make_logs
	mkdir home
	run_cron
	exits 2 # the sample log has account errors
	empty err
	holds out 'CRITICAL'
	holds out '9018  account'
	file=home/codes/$(date -d yesterday +%F).json
	same "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["errors"])' "$file")" 7
}

@test "cron: the night after is compared with it" {
	needs --since --until --warning --critical --baseline --quiet-if-ok
	make_logs
	mkdir home
	run_cron
	mv "home/codes/$(date -d yesterday +%F).json" "home/codes/$(date -d '2 days ago' +%F).json"
	run_cron
	exits 2
	empty err
}

@test "systemd: the unit's command leaves its three reports" {
	needs --warning --critical
	make_logs
	mkdir state prom
	nightly jgannotate.service | sed -n '/^ExecStart=/,/[^\\]$/p' | tr -d '\\\n' |
		sed "s|^ExecStart=/usr/local/bin/||; s|%%|%|g
			s|/var/lib/jgannotate|state|; s|/var/lib/prometheus/node-exporter|prom|
			s|/var/log/login|logs|" >start.sh
	status=0
	PATH=$PWD/bin:$PATH sh ./start.sh >out 2>err || status=$?
	exits 2
	holds out 'CRITICAL'
	holds prom/jgannotate.prom 'jgannotate_run_errors{'
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
	LOGS="$PWD/logs/api.log.1 $PWD/logs/api.log" PATH=$PWD/bin:$PATH \
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
	exits 1
	holds err 'all-hosts: trouble on down'
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
