#!/bin/sh
# mandoc finds nothing to say about the man page, and it finds what is wrong. Whether the machine
# has the pages that ours refers to, or an index of them, does not matter. One thing is as it is meant:
# the examples stand right behind the options, before what mandoc would have in front of them.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

lint() {
	mandoc -Tlint -W style "$1" 2>&1 | grep -v -e 'referenced manual not found' -e 'mandoc\.db' \
		-e 'WARNING: sections out of conventional order: Sh ENVIRONMENT$'
}

{ cat "$SOURCE/src/jgannotate.1" && printf '.Xr nowhere 1\n.Bl\n'; } >"$scratch/wrong.1"
if ! lint "$scratch/wrong.1" >"$scratch/out" || grep -q 'not found' "$scratch/out"; then
	echo 'mandoc passes a list without an end, or asks for other pages:' >&2
	cat "$scratch/out" >&2
	exit 1
fi
if lint "$SOURCE/src/jgannotate.1"; then
	exit 1
fi
