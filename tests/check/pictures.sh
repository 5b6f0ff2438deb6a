#!/bin/sh
# The pictures in samples/pictures are what the program shows today.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

mkdir "$scratch/samples"
cp -R "$SOURCE/samples/api.log" "$SOURCE/samples/pictures" "$scratch/samples"
"$scratch/samples/pictures/make" --check

# It sees what is stale: another program would print another report.
sed 's/"code":9018/"code":9003/' "$SOURCE/samples/api.log" >"$scratch/samples/api.log"
if "$scratch/samples/pictures/make" --check 2>"$scratch/err"; then
	echo 'pictures of another log pass' >&2
	exit 1
fi
grep -q terminal.svg "$scratch/err" && grep -q report.png "$scratch/err"
