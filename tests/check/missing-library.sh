#!/bin/sh
# Where a library is missing, CMake stops and names its Debian package.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# without PREFIX PACKAGE: configures with all libraries but this one to be found.
without() {
	set -- "$1" "$2" "$(grep -E '^[A-Z0-9]+_(INCLUDE_DIR|LIBRARY):' "$BUILD/CMakeCache.txt" |
		grep -v "^$1_" | sed 's/^/-D/')"
	rm -rf "$folder/build"
	# shellcheck disable=SC2086 # a list of options
	if cmake -S "$SOURCE" -B "$folder/build" -G Ninja -DJGANNOTATE_TESTS=OFF \
		-DCMAKE_FIND_ROOT_PATH="$folder" -DCMAKE_FIND_ROOT_PATH_MODE_INCLUDE=ONLY \
		-DCMAKE_FIND_ROOT_PATH_MODE_LIBRARY=ONLY $3 >"$folder/log" 2>&1; then
		echo "without $1 it is configured all the same"
		exit 1
	fi
	grep -q "^ *apt-get install $2\$" "$folder/log" && return
	echo "without $1 it does not name $2:"
	cat "$folder/log"
	exit 1
}

without PCRE2 libpcre2-dev
without UTHASH uthash-dev
without XXHASH libxxhash-dev
without ISAL libisal-dev
without ZSTD libzstd-dev
without LZMA liblzma-dev
without JANSSON libjansson-dev
without SQLITE libsqlite3-dev
