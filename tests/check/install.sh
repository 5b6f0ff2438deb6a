#!/bin/sh
# `cmake --install` puts everything where it belongs, and the program runs there.
set -eu

prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
cmake --install "$BUILD" --prefix "$prefix" >/dev/null

(cd "$prefix" && find . -type f | sort) >"$prefix.files"
diff -u - "$prefix.files" <<END
$(cd "$SOURCE" && {
	echo ./bin/jgannotate
	find samples -type f ! -name try ! -name packages ! -path '*/pictures/*' | sed 's|^|./share/doc/jgannotate/|'
	echo ./share/jgannotate/report.schema.json
	echo ./share/man/man1/jgannotate.1
} | sort)
END
rm "$prefix.files"
"$prefix/bin/jgannotate" --version
