#!/bin/sh
# What samples/nightly gives to other programs is right by their own word: the alerts by
# promtool, the units by systemd, the rotation by logrotate, as far as these are installed.
set -eu
cd "$SOURCE/samples/nightly"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

complain() {
	echo "samples/nightly/$*" >&2
	status=1
}

# --- alerts: well formed, and silent and loud when they should be
if command -v promtool >"$scratch/out"; then
	promtool check rules alerts.yml >"$scratch/out" 2>&1 || {
		complain 'alerts.yml: promtool check rules:'
		cat "$scratch/out" >&2
	}
	promtool test rules "$TESTS/data/alerts-test.yml" >"$scratch/out" 2>&1 || {
		complain 'alerts.yml: promtool test rules:'
		cat "$scratch/out" >&2
	}
else
	echo 'promtool is not here: alerts.yml was not checked'
fi

# --- alerts: they ask for figures that the program prints
grep -o 'jgannotate_[a-z_]*' alerts.yml | sort -u >"$scratch/asked"
[ "$(wc -l <"$scratch/asked")" -ge 4 ] || complain 'alerts.yml: asks for too few figures'
if "$JGANNOTATE" -r "$scratch/night.prom" ../api.log 2>"$scratch/err" &&
	"$JGANNOTATE" -d "$scratch/a.db" -r "$scratch/totals.prom" ../api.log 2>"$scratch/err"; then
	sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' "$scratch/night.prom" "$scratch/totals.prom" |
		sort >"$scratch/printed"
	comm -23 "$scratch/asked" "$scratch/printed" >"$scratch/unknown"
	[ ! -s "$scratch/unknown" ] ||
		complain "alerts.yml: asks for what is not printed: $(tr '\n' ' ' <"$scratch/unknown")"
elif "$JGANNOTATE" --help | grep -q prometheus; then
	complain "alerts.yml: no figures: $(cat "$scratch/err")"
else
	echo 'the program prints no figures: their names were not compared'
fi

# --- units
if command -v systemd-analyze >"$scratch/out"; then
	sed "s|/usr/local/bin/jgannotate|$JGANNOTATE|" jgannotate.service >"$scratch/jgannotate.service"
	sed "s|/usr/local/bin/jgannotate|$JGANNOTATE|" jgannotate-follow.service \
		>"$scratch/jgannotate-follow.service"
	cp jgannotate.timer "$scratch"
	systemd-analyze verify --man=no "$scratch/jgannotate.service" "$scratch/jgannotate.timer" \
		"$scratch/jgannotate-follow.service" >"$scratch/out" 2>&1 ||
		complain 'the units: systemd-analyze verify fails'
	# what the machine's other units have to say is not ours
	if grep -E 'jgannotate(-follow)?\.' "$scratch/out" >&2; then
		complain 'the units: see above'
	fi
else
	echo 'systemd-analyze is not here: the units were not checked'
fi

# --- logrotate: it reads the configuration as it is meant
if command -v logrotate >"$scratch/out"; then
	sed "s|/var/log/login|$scratch|" logrotate >"$scratch/logrotate.conf"
	: >"$scratch/api.log"
	logrotate -d -s "$scratch/state" "$scratch/logrotate.conf" >"$scratch/out" 2>&1 ||
		complain "logrotate: logrotate -d fails: $(cat "$scratch/out")"
	if grep -i 'error' "$scratch/out" >&2; then
		complain 'logrotate: see above'
	fi
	grep -q "considering log $scratch/api.log" "$scratch/out" ||
		complain 'logrotate: it is about another log'
else
	echo 'logrotate is not here: its configuration was not checked'
fi

exit "$status"
