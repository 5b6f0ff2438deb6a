#!/bin/sh
# What a log reader must survive is numbered. Each statement about --db has a test that bears its
# number in brackets: in the name of a test, or in the comment that begins one.
set -eu
cd "$SOURCE/tests"

found=$({
	grep -h '^@test ' cli/*.bats
	head -qn 9 property/test_store_*.py
	grep -hE '^( \*|/\*) ' unit/*.c
} | grep -oE '\([0-9]+(, [0-9]+)*\)' | grep -oE '[0-9]+' | sort -un)

missing=
for number in $(seq 1 36); do
	echo "$found" | grep -qx "$number" || missing="$missing $number"
done
if [ -n "$missing" ]; then
	echo "no test bears the number of these statements:$missing" >&2
	exit 1
fi
