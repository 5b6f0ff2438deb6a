#!/bin/sh
# The documents, all *.md, keep their word:
# - in a block marked console, each "$ COMMAND" prints what stands below it;
# - each line of a block marked sh, and of one marked cron, works. What is not here or would not
#   end is played by the sample log; of what installs, builds or tests only the names are looked
#   at: scripts, presets, tests;
# - there is no other code, but blocks marked text;
# - what is linked to is there, and so is each `src/...`, `tests/...`, `samples/...`.
# It begins with a document in which nothing is right.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

unset JGANNOTATE_CATALOG NO_COLOR LANG LC_MESSAGES COLUMNS
LC_ALL=C.UTF-8
TERM=xterm
TZ=Asia/Shanghai
REAL=$PATH
PATH=$scratch/bin:$PATH
# the night after the sample log, for those who ask for yesterday
NIGHT=$(date -d '2026-03-06 00:30:05' +%s)
export LC_ALL TERM TZ PATH REAL NIGHT

mkdir "$scratch/bin" "$scratch/cast"
ln -s "$JGANNOTATE" "$scratch/bin/jgannotate"

# --- the players

cast() { # name: its script is read from standard input
	{
		printf '#!/bin/sh\n'
		cat
	} >"$scratch/cast/$1"
	chmod +x "$scratch/cast/$1"
}

for name in docker kubectl journalctl tail; do
	echo 'exec cat api.log' | cast $name
done
echo 'exec cat' | cast less
cast ssh <<'END'
for command; do :; done
case $command in
jgannotate*) eval "$command" ;; # what is sent there
*) exec cat api.log ;;
esac
END
# who follows a log is told to stop as soon as it waits
cast jgannotate <<'END'
case " $* " in
*' -F '*)
	# until it has read what is there and waits for more, however long that takes
	"$JGANNOTATE" "$@" &
	calm=0
	while [ "$calm" -lt 5 ]; do
		sleep 0.1
		case $(cut -d " " -f 3 "/proc/$!/stat" 2>&1) in
		S) calm=$((calm + 1)) ;;
		Z | *No*) break ;; # it has ended
		*) calm=0 ;;
		esac
	done
	kill $! 2>/dev/null
	status=0
	wait $! || status=$?
	[ "$status" -eq 143 ]
	;;
*) exec "$JGANNOTATE" "$@" ;;
esac
END
cast cmake <<'END'
echo "cmake $*"
while [ $# -gt 0 ]; do
	[ "$1" != --preset ] || grep -q "\"name\": \"$2\"" CMakePresets.json || {
		echo "cmake: no preset $2" >&2
		exit 1
	}
	shift
done
END
cast ctest <<'END'
# the names of tests by what ctest itself reads
[ "$1" = --preset ] && cmake --preset "$2" && { [ $# -eq 2 ] || [ "$3" = -R ]; } &&
	sed -n 's/^add_test([["=]*\([^]" ]*\).*/\1/p' "$BUILD/tests/CTestTestfile.cmake" | grep -E -e "${4:-.}"
END
cast bats <<'END'
[ "$(PATH=$REAL bats --count "$@")" -gt 0 ] && echo "bats $*"
END
cast python3 <<'END'
PATH=$REAL
case $1 in
tests/*) python3 -c 'import sys; compile(open(sys.argv[1]).read(), sys.argv[1], "exec")' "$1" && echo "$1" ;;
*) exec python3 "$@" ;;
esac
END
cast sh <<'END'
case $1 in
tests/* | samples/try | samples/packages) /bin/sh -n "$1" && echo "$1" ;;
*) exec /bin/sh "$@" ;;
esac
END

# --- one document

complain() {
	echo "$document: $*" >&2
	bad=1
}

# Takes the document $1 apart: into NUMBER.command and NUMBER.shown for each command of console, by
# line number; into `lines`, number and command; `links`, number and where to; `paths`;
# `faults`.
take_apart() {
	awk -v folder="$scratch/blocks" '
		function add(name, text) {
			print text >(folder "/" name)
		}
		/^```/ {
			language = language == "" ? substr($0, 4) : ""
			if (language == "" && $0 != "```" || $0 == "```" && opened != 1)
				add("faults", "line " NR ": code that nobody runs: mark it")
			opened = language != ""
			name = ""
			if (opened && language !~ /^(console|sh|cron|text)$/)
				add("faults", "line " NR ": code that nobody runs: " language)
			next
		}
		language == "console" && /^\$ / {
			if (name)
				close(name ".shown")
			name = sprintf("%s/%04d", folder, NR)
			print substr($0, 3) >(name ".command")
			close(name ".command")
			printf "" >(name ".shown")
			next
		}
		language == "console" && !name { add("faults", "line " NR ": output without a command"); next }
		language == "console" { print >(name ".shown") }
		language == "sh" && !/^#/ && NF { add("lines", NR "\t" $0) }
		language == "cron" && !/^#/ && NF {
			sub(/^[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+ +/, "")
			gsub(/\\%/, "%")
			add("lines", NR "\t" $0)
		}
		language != "" { next }
		/^(    |\t)/ { add("faults", "line " NR ": code that nobody runs: mark it") }
		{
			text = $0
			gsub(/ src="/, "](")
			while (match($0, /\]\([^)"]*/)) {
				add("links", NR "\t" substr($0, RSTART + 2, RLENGTH - 2))
				$0 = substr($0, RSTART + RLENGTH)
			}
			while (match(text, /`(src|tests|samples)\/[^` ]*`/)) {
				path = substr(text, RSTART + 1, RLENGTH - 2)
				if (path !~ /[A-Z*]/ || path ~ /README/)
					add("paths", NR "\t" path)
				text = substr(text, RSTART + RLENGTH)
			}
		}' "$1"
}

# anchors FILE: those of its headings
anchors() {
	sed -n 's/^##* //p' "$1" | tr -d '`,.:;()' | tr 'A-Z ' 'a-z-'
}

check_shown() {
	for command in "$scratch"/blocks/*.command; do
		[ -e "$command" ] || break
		line=$(basename "$command" .command | sed 's/^0*//')
		(cd "$scratch/run" && sh "$command") >"$scratch/out" 2>&1 </dev/null || :
		diff -u --label "$document, from line $line" --label "$(cat "$command")" \
			"${command%.command}.shown" "$scratch/out" >&2 ||
			complain "line $line: the program prints something else"
		shown=$((shown + 1))
	done
}

# What was not made by a command: all that was there before.
made() {
	find "$scratch/run" -type f ! -name 'api.log*' "$@"
}

check_lines() {
	while read -r line command; do
		made -exec rm {} +
		if ! (cd "$scratch/run" && PATH=$scratch/cast:$PATH JGANNOTATE_TEST_NOW=$NIGHT \
			/bin/sh -c "$command") >"$scratch/out" 2>"$scratch/err" </dev/null; then
			complain "line $line: failed: $command"
			cat "$scratch/err" >&2
		elif grep '^jgannotate: ' "$scratch/err" | grep -v 'seen for the first time' >&2; then
			complain "line $line: trouble: $command"
		elif [ ! -s "$scratch/out" ] && [ -z "$(made)" ]; then
			complain "line $line: no result: $command"
		fi
		run=$((run + 1))
	done <"$scratch/blocks/lines"
}

check_links() {
	while read -r line link; do
		case $link in
		http*) continue ;;
		\#*) file=$1 ;;
		*) file=$(dirname "$1")/${link%%#*} ;;
		esac
		if [ ! -e "$file" ]; then
			complain "line $line: leads nowhere: $link"
		elif [ "$link" != "${link#*#}" ] && ! anchors "$file" | grep -qxF -e "${link#*#}"; then
			complain "line $line: no such heading: $link"
		fi
	done <"$scratch/blocks/links"
	while read -r line path; do
		[ -e "$SOURCE/$path" ] || complain "line $line: is not there: $path"
	done <"$scratch/blocks/paths"
}

# Checks the document $1, to be named $2; leaves `bad`, and adds to `shown` and `run`.
check() {
	document=$2
	bad=0
	rm -rf "$scratch/blocks" "$scratch/run"
	mkdir "$scratch/blocks" "$scratch/run"
	: >"$scratch/blocks/lines"
	: >"$scratch/blocks/links"
	: >"$scratch/blocks/paths"
	: >"$scratch/blocks/faults"
	ln -s "$SOURCE"/* "$scratch/run"
	cp "$SOURCE/samples/api.log" "$scratch/run/api.log"
	cp "$SOURCE/samples/api.log" "$scratch/run/api.log.1"
	take_apart "$1"
	# what is at home elsewhere on a machine is here
	sed -i 's|/var/l[a-z/_-]*/||g' "$scratch/blocks/lines"
	while read -r fault; do
		complain "$fault"
	done <"$scratch/blocks/faults"
	check_links "$1"
	check_shown
	check_lines
}

shown=0 run=0

# --- the checker itself: every line is wrong

cat >"$scratch/wrong.md" <<'END'
# Wrong
[one](nowhere.md), `src/nowhere.c` and [two](#right), but not [three](#wrong)
<img src="nowhere.png" alt="a picture">

    jgannotate api.log
```console
9018
$ jgannotate -o none -q api.log
9018
```
```python
```
```sh
jgannotate --no-such-option api.log
jgannotate -s nowhere.log
jgannotate -q -o none api.log
cmake --preset nowhere
ctest --preset debug -R nowhere
bats -f nowhere tests/cli/lines.bats
sh tests/nowhere
python3 tests/nowhere.py
jgannotate -F nowhere.log --since never
```
```cron
5 0 * * *  jgannotate -w 1\% -o lines -r text api.log
```
END
(check "$scratch/wrong.md" wrong.md) 2>"$scratch/told"
grep -o '^wrong.md: line [0-9]*' "$scratch/told" >"$scratch/found"
for line in 5 7 11 2 2 3 2 8 14 15 16 17 18 19 20 21 22 25; do
	echo "wrong.md: line $line"
done | diff -u - "$scratch/found" >&2 || {
	echo 'the checker itself passes what is wrong, or complains of what is right:' >&2
	cat "$scratch/told" >&2
	exit 1
}

# --- all documents but reports, which are the program's

status=0
find "$SOURCE" -path "$SOURCE/.*" -prune -o -path "$SOURCE/build" -prune -o \
	-path "$SOURCE/tests/data/report" -prune -o -name '*.md' -print | sort >"$scratch/documents"
while read -r file <&3; do
	check "$file" "${file#"$SOURCE"/}"
	[ "$bad" -eq 0 ] || status=1
done 3<"$scratch/documents"
echo "$(wc -l <"$scratch/documents") documents, $shown shown outputs, $run other commands"
if [ "$shown" -lt 15 ] || [ "$run" -lt 40 ]; then
	echo 'too few: are they not found?' >&2
	status=1
fi
exit "$status"
