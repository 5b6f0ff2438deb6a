#!/bin/sh
# Help, man page and README say the same: every option of one is in the other,
# the version is the program's, and the help fits a screen of 80 x 50.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0

complain() {
	echo "$*" >&2
	status=1
}

man=$SOURCE/src/jgannotate.1
readme=$SOURCE/README.md

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

# --- options that README.md gives to jgannotate exist; other commands have their own
[ -f "$readme" ] || complain 'there is no README.md'
if [ -f "$readme" ]; then
	# from the command's name to the end of the command or of the code span
	tr '`' '\n' <"$readme" | grep -oE '(^|[ /|])jgannotate( [^|;&>]*)?' |
		grep -oE '(^| )--?[a-zA-Z][a-z-]*' | tr -d ' ' | sort -u >"$scratch/readme.all"
	while read -r option; do
		case $option in
		--*)
			grep -qx -e "$option" "$scratch/help" ||
				complain "README.md names what is no option: $option"
			;;
		*)
			letter=$(printf '%s' "$option" | cut -c1-2)
			grep -qx -e "$letter" "$scratch/help" ||
				complain "README.md names what is no option: $option"
			;;
		esac
	done <"$scratch/readme.all"
	# a long option in a code span of its own: `--only`
	grep -oE '`--[a-z][a-z-]*' "$readme" | tr -d '`' | sort -u |
		comm -23 - "$scratch/help" >"$scratch/unknown"
	[ ! -s "$scratch/unknown" ] ||
		complain "README.md names what is no option: $(tr '\n' ' ' <"$scratch/unknown")"
fi

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
