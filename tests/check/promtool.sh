#!/bin/sh
# The Prometheus reports are clean by promtool's own check, and it finds what is not.
set -eu

for report in "$SOURCE"/tests/data/report/*.prom; do
	promtool check metrics <"$report"
done
"$JGANNOTATE" -r prometheus "$SOURCE/samples/api.log" | promtool check metrics
database=$(mktemp -d)
trap 'rm -rf "$database"' EXIT
for _ in 1 2; do
	"$JGANNOTATE" -d "$database/a.db" -r prometheus "$SOURCE/samples/api.log" 2>"$database/said" |
		promtool check metrics
done
if printf 'a{b="c"} 1\na{b="c" 2\n' | promtool check metrics 2>/dev/null; then
	echo 'promtool passes what is no metric' >&2
	exit 1
fi
