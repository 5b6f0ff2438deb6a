#!/bin/sh
# Help, man page and documents say the same: every option of one is in the other,
# the version is the program's, the help fits a screen of 80 x 50, and README.md is short.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

complain() {
	echo "$*" >&2
	status=1
}

man=$SOURCE/src/jgannotate.1

"$JGANNOTATE" --help >"$scratch/help.txt"

# --- what the help offers, a long name or letter per line: "--quiet", "-q"
sed -n 's/^  \(-[a-zA-Z]\), \(-[a-zA-Z]\), \(--[a-z-]*\).*/\1\n\2\n\3/p
s/^  \(-[a-zA-Z]\), \(--[a-z-]*\).*/\1\n\2/p; s/^      \(--[a-z-]*\).*/\1/p' \
	"$scratch/help.txt" >"$scratch/help.rows"
# several on a line: "      --wait --keep DAYS"
sed -n 's/^      \(--[a-z-]* .*--.*\)/\1/p' "$scratch/help.txt" | grep -oE -e '--[a-z-]+' \
	>>"$scratch/help.rows" || :
sort -u "$scratch/help.rows" >"$scratch/help"
[ "$(wc -l <"$scratch/help")" -ge 20 ] || complain "--help lists too few options"

# --- what the man page explains: ".It Fl q , Fl Fl quiet" in its lists of options
sed -n '/^\.Ss Print/,/^\.Sh EXAMPLES/s/^\.It \(Fl .*\)/\1/p' "$man" |
	sed 's/Fl Fl /\n--/g; s/Fl /\n-/g' |
	sed -n 's/^\(--*[a-zA-Z][a-z-]*\).*/\1/p' | sort >"$scratch/man"
diff -u "$scratch/help" "$scratch/man" ||
	complain 'help (-) and man page (+) do not list the same options'

# --- options named anywhere in the man page exist
grep -v '^\.I[ct] Ic' "$man" | grep -o 'Fl Fl [a-z][a-z-]*' | sed 's/Fl Fl /--/' | sort -u |
	grep -vx -e --name | comm -23 - "$scratch/help" >"$scratch/unknown"
[ ! -s "$scratch/unknown" ] ||
	complain "the man page names what is no option: $(tr '\n' ' ' <"$scratch/unknown")"

# --- options that the documents give to jgannotate exist; other commands have their own
# name_unknown FILE: prints the options that it names and the program has not
name_unknown() {
	# from the command's name to the end of the command or of the code span
	tr '`' '\n' <"$1" | grep -oE '(^|[ /|])jgannotate( [^|;&>]*)?' |
		grep -oE '(^| )--?[a-zA-Z][a-z-]*' | tr -d ' ' >"$scratch/named" || :
	# a long option in a code span of its own: `--only`
	grep -oE '`--[a-z][a-z-]*' "$1" | tr -d '`' >>"$scratch/named" || :
	LC_ALL=C sort -u "$scratch/named" | while read -r option; do
		case $option in
		--*) name=$option ;;
		*) name=$(printf '%s' "$option" | cut -c1-2) ;;
		esac
		grep -qx -e "$name" "$scratch/help" || echo "$option"
	done
}
# shellcheck disable=SC2016 # code spans
printf '%s\n' '`--nowhere` and `-Z`, `--only`' 'jgannotate -Y --never api.log' >"$scratch/wrong.md"
[ "$(name_unknown "$scratch/wrong.md" | tr '\n' ' ')" = '--never --nowhere -Y ' ] ||
	complain "of wrong options is found: $(name_unknown "$scratch/wrong.md")"
# not CHANGELOG.md, which may name what was taken away
(cd "$SOURCE" && find README.md samples src tests -name README.md) >"$scratch/documents"
[ "$(wc -l <"$scratch/documents")" -ge 5 ] || complain 'too few documents'
while read -r document; do
	name_unknown "$SOURCE/$document" >"$scratch/unknown"
	[ ! -s "$scratch/unknown" ] ||
		complain "$document names what is no option: $(tr '\n' ' ' <"$scratch/unknown")"
done <"$scratch/documents"
lines=$(wc -l <"$SOURCE/README.md")
[ "$lines" -le 200 ] || complain "README.md takes $lines lines: what is not for everybody goes elsewhere"

# --- version
version=$("$JGANNOTATE" --version | sed -n '1s/^jgannotate \([0-9][0-9.]*\).*/\1/p')
[ -n "$version" ] || complain '--version does not begin with "jgannotate VERSION"'
grep -qxF ".Os \"jgannotate $version\"" "$man" ||
	complain "the man page is not of version $version: $(grep '^\.Os' "$man")"

# --- one screen
lines=$(wc -l <"$scratch/help.txt")
[ "$lines" -le 50 ] || complain "--help takes $lines lines"
wide=$(awk 'length($0) > 80' "$scratch/help.txt")
[ -z "$wide" ] || complain "--help is wider than 80 columns: $wide"

exit "$status"
