#!/bin/sh
# A file may include only what its row allows: nothing points back. The order is
#   base < catalog < input < match < time < stream < output, tally < report < store < cli
# The first row whose pattern fits a file counts. Besides what the row names a
# file may include its own header and the standard library's; files of base are
# open to all.
# Within a folder, too, nothing points back: a file and its header are one, and so is X_parts.h with
# X, whose files alone share it.
set -eu

table='
base/digest*      <xxhash.h>
base/*            base/*
catalog/*.c       catalog/*  <uthash.h>  <xxhash.h>
catalog/*.h       catalog/*
input/decoder_gzip.c  input/decoder  <isa-l/igzip_lib.h>
input/decoder_zstd.c  input/decoder  <zstd.h>  <zstd_errors.h>
input/decoder_xz.c    input/decoder  <lzma.h>
input/decoder*    input/decoder*
input/unpacker*   input/decoder
input/source*     input/source*  input/decoder  input/unpacker
input/block*      input/block*  input/source
input/cutter*     input/block
input/bisect*
input/rotated_name*
input/rotated_walk*  input/rotated_name
input/rotated*    input/rotated_*
input/follow_watch*
input/follow_start*
input/follow_file*  input/block  input/decoder  input/source
input/follow_options*  input/block  input/follow_file
input/follow_rotated*  input/follow_file  input/decoder  input/rotated
input/follow_name*  input/follow_*
input/follow*     input/follow_*
match/hit*        catalog/*
match/key*        match/hit  match/spelling
match/vector*     <immintrin.h>  <sys/platform/x86.h>
match/literal*    match/literal  match/literal_vector  match/vector
match/signs*      match/signs  match/vector
match/roles*      catalog/mark
match/blockwise*
match/annotation* match/hit  match/reader  match/spelling  match/signs  match/annotation  catalog/*
match/pattern*.c  match/pattern  match/pattern_parts  match/blockwise  match/key  match/literal  <pcre2.h>
match/pattern_parts.h  match/pattern  <pcre2.h>
match/pattern*.h  match/blockwise  match/key  match/literal
match/rule*       match/rule  match/hit  match/key  match/pattern  match/spelling
match/matcher*    match/matcher  match/matcher_parts  match/hit  match/annotation  match/blockwise  match/key  match/literal  match/pattern  match/rule  catalog/*
match/spelling*
match/structure*  match/spelling  match/vector  <arm_neon.h>
match/reader*     match/reader  match/reader_parts  match/hit  match/spelling  match/structure
match/evidence*   match/reader  match/roles  match/signs  match/spelling  match/hit  catalog/*
match/standing*   match/evidence  match/reader  match/signs  match/spelling  match/hit  catalog/*
time/timestamp_member*  time/timestamp_parts  time/timestamp_notes  time/timestamp  match/spelling  match/structure
time/timestamp*  time/timestamp_parts  time/timestamp_notes  time/timestamp
time/stamp_shape*  time/timestamp
time/clock*      time/stamp_shape  time/timestamp
time/window*     time/clock
match/field*      match/reader  match/spelling  match/hit
stream/sink*      match/hit  time/clock
stream/scan*      input/*  match/*  time/*  stream/sink
stream/feed*      input/*  stream/scan  stream/feed
stream/parallel*  input/*  match/*  time/*  stream/sink  stream/scan  stream/feed  stream/parallel  stream/parallel_parts
output/writer*
output/examples*  output/writer  stream/sink  match/hit  match/standing  catalog/*
output/*          output/*  stream/sink  match/hit  time/clock  match/field  time/window  match/annotation  match/annotation_cache  catalog/*
tally/summary*    catalog/*  match/hit  time/timestamp
tally/count*      tally/summary  match/hit
tally/breakdown*  tally/breakdown  tally/count  tally/summary  match/standing  stream/sink  time/clock  match/field  match/hit  time/window  catalog/*  <uthash.h>  <xxhash.h>
tally/tally_parts.h  tally/breakdown  tally/summary  tally/tally  time/clock  <uthash.h>
tally/*.c         tally/*  stream/sink  time/clock  match/field  match/hit  time/window  match/standing  catalog/*  <uthash.h>  <xxhash.h>
tally/*.h         tally/*  stream/sink  time/clock  match/field  match/hit  time/window  catalog/*
print_schema.c    report/member
report/json.c     report/json  <jansson.h>
report/expect.c   report/*  tally/summary  <uthash.h>
report/merge_*.c  report/*  tally/summary  catalog/*  <uthash.h>
report/*          report/*  tally/summary  catalog/*
store/store.c     store/store_parts  <sqlite3.h>
store/store_schema.c  store/store_parts  <sqlite3.h>
store/store_row.c store/store_parts  <sqlite3.h>  <xxhash.h>
store/store_generations*  store/store_parts  store/continuation
store/store_*     store/store  store/store_parts
store/store.h     tally/count
store/fingerprint.c  input/*  time/timestamp  time/clock  <xxhash.h>
store/fingerprint.h
store/continuation*  store/fingerprint
store/log_news*   store/continuation  store/fingerprint  store/store  input/*  time/timestamp
cli/signals*
cli/progress*
cli/option*       cli/option*  match/annotation  match/standing  report/report  report/verdict
cli/help*         cli/option*
cli/when*         time/clock  tally/count
cli/finding*      cli/option*  tally/summary
cli/setup*        catalog/*  match/*  time/*  tally/count  report/*  cli/option*  cli/when
cli/outputs*      stream/sink  output/*  tally/*  cli/options  cli/setup
cli/delivery*     output/writer  tally/summary  report/*  cli/options  cli/setup  cli/option_table  cli/signals
cli/reading*      input/*  stream/*  output/*  tally/*  cli/option*  cli/setup  cli/outputs  cli/delivery  cli/finding  cli/progress
cli/run*          input/*  stream/*  report/words  cli/option*  cli/delivery  cli/reading  cli/signals  cli/run
cli/session*      input/*  report/*  store/*  cli/*
cli/mode*         catalog/*  input/*  match/*  report/*  cli/*
cli/main*         cli/options  cli/delivery  cli/mode
'

standard='assert ctype dirent errno fcntl fnmatch inttypes langinfo libgen limits locale math poll pthread sched
signal stdarg stdatomic stdbool stddef stdint stdio stdlib string strings sys/* termios time
unistd wchar wctype'

# Prints the violations in the tree $1; returns 1 when there are any.
check() (
	cd "$1"
	export table standard
	# shellcheck disable=SC2016 # an awk program
	find . -name '*.[ch]' | sed 's|^\./||' | sort | xargs awk '
		function fits(name, pattern) {
			gsub(/\./, "[.]", pattern)
			gsub(/\*/, ".*", pattern)
			return name ~ ("^" pattern "$")
		}
		function fits_any(name, patterns,    list, n, i) {
			n = split(patterns, list)
			for (i = 1; i <= n; i++)
				if (fits(name, list[i]))
					return 1
			return 0
		}
		function complain(reason) {
			printf "%s:%d: %s\n", FILENAME, FNR, reason
			bad = 1
		}
		BEGIN {
			rows = split(ENVIRON["table"], row, "\n")
			standard = ENVIRON["standard"]
		}
		FNR == 1 {
			stem = FILENAME
			sub(/\.[ch]$/, "", stem)
			allowed = ""
			for (i = 1; i <= rows; i++) {
				split(row[i], word)
				if (row[i] != "" && fits(FILENAME, word[1]))
					break
			}
			if (i > rows)
				complain("no row of the table says what it may include")
			else {
				allowed = row[i]
				sub(/^[^ ]+/, "", allowed)
			}
		}
		/^[ \t]*#[ \t]*include/ {
			name = $0
			sub(/^[ \t]*#[ \t]*include[ \t]*/, "", name)
			if (name ~ /^</) {
				sub(/>.*/, ">", name)
				plain = substr(name, 2, length(name) - 4)
				if (!fits_any(plain, standard) && !fits_any(name, allowed))
					complain("may not include " name)
				next
			}
			sub(/^"/, "", name)
			sub(/\.h".*/, "", name)
			if (name != stem && !fits_any(name, "base/*") && !fits_any(name, allowed))
				complain("may not include \"" name ".h\"")
		}
		END { exit bad }'
)

# Prints what points back within a folder of the tree $1; returns 1 when anything does.
check_folders() (
	cd "$1"
	# shellcheck disable=SC2016 # an awk program
	find . -name '*.[ch]' | sed 's|^\./||' | sort | xargs awk '
		function folder(name) {
			sub("/.*", "", name)
			return name
		}
		function whole(name) {
			sub(/_parts$/, "", name)
			return name
		}
		# Follows what `name` includes; a file that stands on the way already closes a circle.
		function follow(name, way,    list, n, i, from) {
			state[name] = "open"
			n = split(includes[name], list)
			for (i = 1; i <= n; i++) {
				from = state[list[i]]
				if (from == "open") {
					print folder(name) ": a circle:" way " " name " " list[i]
					bad = 1
				} else if (from == "")
					follow(list[i], way " " name)
			}
			state[name] = "done"
		}
		FNR == 1 {
			stem = FILENAME
			sub(/\.[ch]$/, "", stem)
		}
		/^[ \t]*#[ \t]*include[ \t]*"/ {
			name = $0
			sub(/^[^"]*"/, "", name)
			sub(/\.h".*/, "", name)
			if (name ~ /_parts$/ && index(stem, whole(name)) != 1) {
				print FILENAME ": may not include \"" name ".h\", which is for " whole(name) "*"
				bad = 1
			}
			if (folder(name) == folder(stem) && whole(name) != whole(stem) && !((whole(stem) SUBSEP name) in seen)) {
				seen[whole(stem), name] = 1
				includes[whole(stem)] = includes[whole(stem)] " " whole(name)
				names[++count] = whole(stem)
			}
		}
		END {
			for (i = 1; i <= count; i++)
				if (state[names[i]] == "")
					follow(names[i], "")
			exit bad
		}'
)

# The checker itself: one fault per file, and a file without any.
self_test() {
	tree=$(mktemp -d)
	scratch=$tree
	trap 'rm -rf "$scratch"' EXIT
	mkdir "$tree/base" "$tree/match" "$tree/tally" "$tree/report" "$tree/extra"
	printf '#include <stdio.h>\n#include "catalog/catalog.h"\n' >"$tree/base/back.c"
	printf '#include <pcre2.h>\n' >"$tree/match/reader.c"
	printf '#include "match/pattern.h"\n# include <pcre2.h>\n' >"$tree/match/matcher_pcre.c"
	printf '#include <pcre2.h>\n' >"$tree/match/pattern.c"
	printf '#include <uthash.h>\n' >"$tree/tally/tally.h"
	printf '#include "report/report.h"\n#include "tally/summary.h"\n' >"$tree/report/report_csv.c"
	printf '\t#\tinclude "tally/tally.h"\n' >"$tree/report/report_xml.c"
	printf '#include "base/error.h"\n' >"$tree/extra/new.c"
	cat >"$tree/expected" <<-'END'
		base/back.c:2: may not include "catalog/catalog.h"
		extra/new.c:1: no row of the table says what it may include
		match/matcher_pcre.c:2: may not include <pcre2.h>
		match/reader.c:1: may not include <pcre2.h>
		report/report_xml.c:1: may not include "tally/tally.h"
		tally/tally.h:1: may not include <uthash.h>
	END
	if check "$tree" >"$tree/found"; then
		echo 'the checker passes a tree with violations' >&2
		exit 1
	fi
	diff -u "$tree/expected" "$tree/found"
	tree=$tree/folders
	mkdir "$tree" "$tree/base" "$tree/match"
	printf '#include "base/b.h"\n' >"$tree/base/a.c"
	printf '#include "base/c.h"\n' >"$tree/base/b.h"
	printf '#include "base/a.h"\n' >"$tree/base/c.c"
	printf '#include "base/a.h"\n' >"$tree/base/d.c"
	printf '#include "match/key.h"\n' >"$tree/match/key_parts.h"
	printf '#include "match/key.h"\n#include "match/key_parts.h"\n' >"$tree/match/key.c"
	printf '#include "match/key.h"\n#include "match/key_parts.h"\n' >"$tree/match/key_run.c"
	printf '#include "match/key_parts.h"\n' >"$tree/match/rule.c"
	cat >"$tree/expected" <<-'END'
		match/rule.c: may not include "match/key_parts.h", which is for match/key*
		base: a circle: base/a base/b base/c base/a
	END
	if check_folders "$tree" >"$tree/found"; then
		echo 'the checker passes a tree with circles' >&2
		exit 1
	fi
	diff -u "$tree/expected" "$tree/found"
}

self_test
check "$SOURCE/src"
check_folders "$SOURCE/src"
