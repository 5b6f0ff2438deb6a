#!/bin/sh
# cppcheck finds nothing. Leaks are left to the sanitizers: cppcheck 2.10 takes a
# pointer stored through a compound literal for lost. Newer ones say where they looked at some
# of the branches only.
set -eu
cd "$SOURCE"

uthash=$(sed -n 's/^UTHASH_INCLUDE_DIR:PATH=//p' "$BUILD/CMakeCache.txt")
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	--error-exitcode=1 --suppress=missingIncludeSystem --suppress=memleak \
	--suppress=normalCheckLevelMaxBranches -D_GNU_SOURCE -DJGANNOTATE_VERSION='"0"' \
	-DPCRE2_CODE_UNIT_WIDTH=8 -Isrc --include="$uthash/uthash.h" src
