# Loaded by every .bats file: each test runs the real program in a scratch folder.

: "${JGANNOTATE:?is not set: the path of the program}"

HERE=$BATS_TEST_DIRNAME

# What whoever runs the tests has set does not matter.
unset JGANNOTATE_CATALOG JGANNOTATE_TEST_READ_SIZE JGANNOTATE_TEST_NOW NO_COLOR COLUMNS TZDIR
unset LANG LANGUAGE LC_MESSAGES
export LC_ALL=C.UTF-8 TERM=xterm TZ=UTC
umask 022

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# Runs the program. Leaves $status, and what it wrote in ./out and ./err.
go() {
	status=0
	"$JGANNOTATE" "$@" >out 2>err || status=$?
}

# bound ...: as `go`, but bound by the permissions of files, even as root.
bound() {
	status=0
	sh "$HERE/bound" "$JGANNOTATE" "$@" >out 2>err || status=$?
}

# exits N: the last `go` ended with this status.
exits() {
	[ "$status" -eq "$1" ] && return
	echo "exit status $status, expected $1"
	cat err
	return 1
}

# same GOT EXPECTED
same() {
	[ "$1" = "$2" ] && return
	printf 'got:      %s\nexpected: %s\n' "$1" "$2"
	return 1
}

# holds FILE TEXT: somewhere in the file.
holds() {
	grep -qaF -e "$2" "$1" && return
	printf "%s does not hold '%s':\n" "$1" "$2"
	cat -v "$1"
	return 1
}

# of_before FILE: makes a JSON report one of version 0.1.0, which had no slices and no seal.
of_before() {
	sed -i '/"slices": \[/,/^  \],/d; /"damaged_files"/{n;s/,//}; /"seal"/d' "$1"
}

# lacks FILE TEXT
lacks() {
	grep -qaF -e "$2" "$1" || return 0
	printf "%s holds '%s':\n" "$1" "$2"
	cat -v "$1"
	return 1
}

# empty FILE
empty() {
	[ ! -s "$1" ] && return
	echo "$1 is not empty:"
	cat -v "$1"
	return 1
}

# is_usage_error TEXT [HINT]: status 2, two lines, nothing on standard output. The second line is
# HINT, where there is one.
is_usage_error() {
	exits 2
	empty out
	holds err "$1"
	same "$(wc -l <err)" 2
	same "$(tail -n 1 err)" "${2-try: jgannotate --help}"
}

is_sanitized() {
	grep -qaE '__asan_init|__tsan_init|__msan_init' "$JGANNOTATE"
}
