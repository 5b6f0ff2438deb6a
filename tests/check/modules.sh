#!/bin/sh
# src/README.md names every module of src, and none that is not there. A file whose name goes on
# behind an underscore is of the module before: report_json.c of report.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

# Of the modules in the file $2 prints those that the document $1 does not name, and those that it
# names, but that are not there.
compare() {
	awk '
		FNR == NR {
			if (/^```/) {
				inside = $0 == "```text"
				folder = ""
			} else if (inside && /^src\//)
				folder = $1
			else if (inside && folder != "" && NF)
				named[folder $1] = 1
			next
		}
		{
			for (name = $0; !(name in named) && sub(/_[^_\/]*$/, "", name);)
				;
			if (name in named)
				there[$0] = 1
			else
				print "does not name the module " $0
			there[$0] = 1
		}
		END {
			for (name in named)
				if (!(name in there))
					print "names a module that is not there: " name
		}' "$1" "$2"
}

# --- the checker itself
printf '%s\n' '```text' src/base/ '    error   what went wrong' '    lost    is not there' '```' >"$scratch/wrong.md"
printf 'src/base/%s\n' error error_of_disk errors new >"$scratch/there"
compare "$scratch/wrong.md" "$scratch/there" >"$scratch/found"
diff -u - "$scratch/found" >&2 <<'END' || status=1
does not name the module src/base/errors
does not name the module src/base/new
names a module that is not there: src/base/lost
END

(cd "$SOURCE" && ls src/*/*.[ch]) | sed 's/\.[ch]$//' | sort -u >"$scratch/there"
compare "$SOURCE/src/README.md" "$scratch/there" >"$scratch/found"
sed 's|^|src/README.md |' "$scratch/found" >&2
[ ! -s "$scratch/found" ] || status=1
exit "$status"
