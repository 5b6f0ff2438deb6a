#!/bin/sh
# cppcheck finds nothing.
set -eu
cd "$SOURCE"

uthash=$(sed -n 's/^UTHASH_INCLUDE_DIR:PATH=//p' "$BUILD/CMakeCache.txt")
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	--error-exitcode=1 --suppress=missingIncludeSystem \
	-D_GNU_SOURCE -DPCRE2_CODE_UNIT_WIDTH=8 -Isrc --include="$uthash/uthash.h" src
