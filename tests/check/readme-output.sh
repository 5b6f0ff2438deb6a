#!/bin/sh
# README.md keeps its word:
# - in a block marked console, each "$ COMMAND" prints what stands below it;
# - each command of the section Recipes works (what is not here, or would not
#   end, is played by the sample log);
# - it names every module of src, and none that is not there.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
readme=$SOURCE/README.md
status=0

complain() {
	echo "README.md: $*" >&2
	status=1
}

mkdir "$scratch/bin" "$scratch/cast" "$scratch/run" "$scratch/blocks"
ln -s "$JGANNOTATE" "$scratch/bin/jgannotate"
ln -s "$SOURCE/samples" "$scratch/run/samples"
cp "$SOURCE/samples/api.log" "$scratch/run/api.log"
cp "$SOURCE/samples/api.log" "$scratch/run/api.log.1"

unset JGANNOTATE_CATALOG NO_COLOR LANG LC_MESSAGES COLUMNS
LC_ALL=C.UTF-8
TERM=xterm
TZ=Asia/Shanghai
PATH=$scratch/bin:$PATH
export LC_ALL TERM TZ PATH

# --- what is shown: NUMBER.command and NUMBER.shown for each, by line number
awk -v folder="$scratch/blocks" '
	/^```console$/ { inside = 1; next }
	/^```/ { inside = 0 }
	inside && /^\$ / {
		if (name)
			close(name ".shown")
		name = sprintf("%s/%04d", folder, NR)
		print substr($0, 3) >(name ".command")
		close(name ".command")
		printf "" >(name ".shown")
		next
	}
	inside && !name { print "README.md: output without a command: " $0 >"/dev/stderr"; exit 1 }
	inside { print >(name ".shown") }' "$readme" || status=1
count=0
for command in "$scratch"/blocks/*.command; do
	[ -e "$command" ] || break
	count=$((count + 1))
	line=$(basename "$command" .command)
	(cd "$scratch/run" && sh "$command") >"$scratch/out" 2>&1 </dev/null || :
	diff -u --label "README.md, from line $line" --label "$(cat "$command")" \
		"${command%.command}.shown" "$scratch/out" >&2 ||
		complain "line $line: the program prints something else"
done
[ "$count" -ge 4 ] || complain "only $count commands are shown"

# --- recipes: one command a line
for name in docker kubectl journalctl ssh tail; do
	printf '#!/bin/sh\nexec cat api.log\n' >"$scratch/cast/$name"
done
printf '#!/bin/sh\nexec cat\n' >"$scratch/cast/less"
# who follows a log is told to stop after a second
cat >"$scratch/cast/jgannotate" <<'END'
#!/bin/sh
case " $* " in
*' -F '*)
	# until it has read what is there and waits for more, however long that takes
	"$JGANNOTATE" "$@" &
	calm=0
	while [ "$calm" -lt 5 ]; do
		sleep 0.1
		case $(cut -d " " -f 3 "/proc/$!/stat") in
		S) calm=$((calm + 1)) ;;
		Z) break ;;
		*) calm=0 ;;
		esac
	done
	kill $!
	status=0
	wait $! || status=$?
	[ "$status" -eq 143 ]
	;;
*) exec "$JGANNOTATE" "$@" ;;
esac
END
chmod +x "$scratch"/cast/*
awk '
	/^## / { inside = $0 == "## Recipes" }
	/^```/ { code = $0 == "```sh"; next }
	inside && code && !/^#/ && NF { print NR "\t" $0 }' "$readme" >"$scratch/recipes"
count=0
while read -r line command; do
	count=$((count + 1))
	if ! (cd "$scratch/run" && PATH=$scratch/cast:$PATH sh -c "$command") \
		>"$scratch/out" 2>"$scratch/err" </dev/null; then
		complain "line $line: failed: $command"
		cat "$scratch/err" >&2
	elif grep '^jgannotate: ' "$scratch/err" >&2; then
		complain "line $line: trouble: $command"
	elif [ ! -s "$scratch/out" ] && [ -z "$(find "$scratch/run" -type f ! -name 'api.log*')" ]; then
		complain "line $line: no result: $command"
	fi
	find "$scratch/run" -type f ! -name 'api.log*' -exec rm {} +
done <"$scratch/recipes"
[ "$count" -ge 10 ] || complain "only $count recipes"

# --- modules: all are named (report_json by its report), and none that is not there
sed -n '/^## Internals/,/^## /p' "$readme" | awk '
	/^```/ { inside = $0 == "```text"; next }
	inside && /^src\// { folder = $1; next }
	inside { print folder $1 }' | sort >"$scratch/named"
(cd "$SOURCE" && ls src/*/*.[ch]) | sed 's/\.[ch]$//' | sort -u >"$scratch/there"
while read -r module; do
	grep -qx -e "$module" -e "${module%_*}" "$scratch/named" ||
		complain "does not name the module $module"
done <"$scratch/there"
comm -23 "$scratch/named" "$scratch/there" >"$scratch/out"
[ ! -s "$scratch/out" ] ||
	complain "names modules that are not there: $(tr '\n' ' ' <"$scratch/out")"

exit "$status"
