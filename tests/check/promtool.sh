#!/bin/sh
# The Prometheus reports are clean by promtool's own check, and it finds what is not.
set -eu

for report in "$SOURCE"/tests/data/report/*.prom; do
	promtool check metrics <"$report"
done
"$JGANNOTATE" -r prometheus "$SOURCE/samples/api.log" | promtool check metrics
if printf 'a{b="c"} 1\na{b="c" 2\n' | promtool check metrics 2>/dev/null; then
	echo 'promtool passes what is no metric' >&2
	exit 1
fi
